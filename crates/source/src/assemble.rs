//! Puts what the files say together.

use crate::python::models;
use crate::steps::Steps;
use crate::{FileFacts, Options, compose, inherit, steps};
use rustc_hash::FxHashMap;
use trueup_codebase::names::is_test_path;
use trueup_codebase::{CodeKind, Codebase, NameUse, Readable, Table, Use};

/// Puts what the files say together. Files come in the order of their paths.
pub fn assemble(mut files: Vec<FileFacts>, options: &Options) -> Codebase {
    inherit::columns(&mut files);
    models::labels(&mut files);
    let (routes, unread_routes) = compose::routes(&files, options);
    let mut sources = Sources::default();
    sources.look(&files);
    let mut code = Codebase { files: files.len(), routes, unread_routes, ..Codebase::default() };
    let mut declared: Vec<Table> = Vec::new();
    let mut changed = Vec::new();
    for mut file in files {
        let beside = file.locale.is_some() || is_test_path(&file.path);
        for (word, place) in file.words {
            match beside {
                true => code.words.add_beside(&word, place),
                false => code.words.add(&word, place),
            }
        }
        if !file.table_steps.is_empty() || file.revision.is_some() {
            let (path, revision) = (file.path.clone(), file.revision);
            changed.push(Steps { path, revision, steps: file.table_steps });
        }
        if let Some(problem) = file.problem {
            code.unreadable.push((file.path, problem));
        }
        declared.append(&mut file.tables);
        code.tests.append(&mut file.tests);
        code.env_vars.append(&mut file.env_vars);
        code.flags.append(&mut file.flags);
        code.events.append(&mut file.events);
        code.locales.extend(file.locale);
        code.migrations.extend(file.migration);
    }
    declared.extend(steps::play(changed));
    code.tables = join_tables(declared);
    code.tests.sort_by(|a, b| a.place.cmp(&b.place));
    code.locales.sort_by(|a, b| a.path.cmp(&b.path));
    code.migrations.sort_by(|a, b| a.path.cmp(&b.path));
    for names in [&mut code.env_vars, &mut code.flags, &mut code.events] {
        sort_names(names);
    }
    code.readable = CodeKind::ALL.iter().map(|kind| (*kind, sources.readable(*kind, &code))).collect();
    code
}

/// Sorts uses by name and place, each once.
fn sort_names(names: &mut Vec<NameUse>) {
    names.sort_by(|a, b| (&a.name, &a.place, a.how).cmp(&(&b.name, &b.place, b.how)));
    names.dedup();
}

/// Tables of one name made one: a class and the migrations that made its table say the same.
fn join_tables(tables: Vec<Table>) -> Vec<Table> {
    let mut joined: Vec<Table> = Vec::new();
    let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
    for table in tables {
        let known = by_name.get(&table.name).and_then(|at| joined.get_mut(*at));
        let Some(known) = known else {
            by_name.insert(table.name.clone(), joined.len());
            joined.push(table);
            continue;
        };
        // Where either is known whole, the columns of both are all there are.
        known.complete |= table.complete;
        if known.class.is_none() && table.class.is_some() {
            (known.class, known.source, known.place) = (table.class, table.source, table.place);
        }
        for column in table.columns {
            if !known.columns.iter().any(|other| other.name == column.name) {
                known.columns.push(column);
            }
        }
    }
    joined.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
    joined
}

/// What was found to read from.
#[derive(Default)]
struct Sources {
    frameworks: Vec<&'static str>,
    tables: Vec<&'static str>,
    tests: Vec<&'static str>,
}

impl Sources {
    fn look(&mut self, files: &[FileFacts]) {
        for file in files {
            let routed = file.routes.iter().filter(|facts| {
                facts.routers.iter().any(|r| r.is_application || !r.routes.is_empty() || !r.mounts.is_empty())
            });
            self.frameworks.extend(routed.map(|facts| facts.framework).filter(|name| !name.is_empty()));
            self.tables.extend(file.tables.iter().map(|table| table.source));
            self.tables.extend(file.table_steps.iter().map(|step| step.source));
            if !file.tests.is_empty() {
                self.tests.push(crate::Language::of(&file.path).name());
            }
        }
    }

    fn readable(&self, kind: CodeKind, code: &Codebase) -> Readable {
        let (found, missing) = match kind {
            CodeKind::Routes => {
                let routes = code.routes.iter().map(|route| route.framework);
                let mut names: Vec<&'static str> = routes.filter(|name| !name.is_empty()).collect();
                if names.is_empty() {
                    names.clone_from(&self.frameworks);
                }
                (names, "no web framework or OpenAPI document was recognised")
            }
            CodeKind::Tables => (
                self.tables.clone(),
                "no table in SQL, a schema file or a class of an object mapper was recognised",
            ),
            CodeKind::Events => (
                uses(&code.events, &[(Use::Sent, "calls that send"), (Use::Declared, "lists of events")]),
                "no event that is sent or declared was recognised",
            ),
            CodeKind::Locales => {
                (some(!code.locales.is_empty(), "locale files"), "no file of translations was recognised")
            }
            CodeKind::Paths => (some(code.files > 0, "files"), "no file of code was read"),
            CodeKind::Tests => (self.tests.clone(), "no file of tests was recognised"),
            CodeKind::EnvVars => (
                uses(&code.env_vars, &[(Use::Read, "code"), (Use::Declared, "lists of variables")]),
                "no use of an environment variable was recognised",
            ),
            CodeKind::Flags => (
                uses(
                    &code.flags,
                    &[(Use::Read, "calls of a flag library"), (Use::Declared, "flag definitions")],
                ),
                "no call of a flag library was recognised; name your own in flag_functions",
            ),
            CodeKind::Migrations => {
                (some(!code.migrations.is_empty(), "file names"), "no migration file was recognised")
            }
        };
        let mut found = found;
        found.sort_unstable();
        found.dedup();
        match found.is_empty() {
            true => Readable::No(missing.to_owned()),
            false => Readable::Yes(found),
        }
    }
}

fn some(found: bool, name: &'static str) -> Vec<&'static str> {
    if found { vec![name] } else { Vec::new() }
}

fn uses(names: &[NameUse], kinds: &[(Use, &'static str)]) -> Vec<&'static str> {
    kinds.iter().filter(|(how, _)| names.iter().any(|name| name.how == *how)).map(|(_, name)| *name).collect()
}
