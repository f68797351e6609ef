//! Properties of drift: nothing panics, code that is as promised is proven throughout, and each change of the
//! code is found in one place and nowhere else.

use proptest::prelude::*;
use std::sync::Arc;
use trueup_codebase::*;
use trueup_drift::{Drifted, Subject, drift, promises, unpromised};
use trueup_markdown::Document;
use trueup_model::{PathIndex, Settings, Spec, Verdict, read_specs};
use trueup_text::Span;

const NOUNS: [&str; 8] =
    ["invoice", "parcel", "voucher", "warehouse", "courier", "customer", "discount", "basket"];

#[derive(Debug)]
struct Repository {
    code: Codebase,
    paths: Vec<String>,
}

impl Code for Repository {
    fn codebase(&self) -> &Codebase {
        &self.code
    }
}

fn place(path: &str, line: usize) -> CodePlace {
    CodePlace { path: Arc::from(path), span: Span::at(0), line: line as u32 }
}

fn used(name: &str, how: Use) -> NameUse {
    NameUse { name: name.to_owned(), how, place: place("src/names.ts", 1) }
}

/// What a spec promises, before it is written down and built.
#[derive(Clone, Debug, Default)]
struct Plan {
    endpoints: Vec<(Method, String)>,
    tables: Vec<(String, Vec<String>)>,
    events: Vec<String>,
    keys: Vec<String>,
    files: Vec<String>,
    tests: Vec<String>,
    env: Vec<String>,
    migrations: Vec<String>,
}

impl Plan {
    fn of(nouns: &[&str]) -> Plan {
        let mut plan = Plan::default();
        for (at, noun) in nouns.iter().enumerate() {
            for (method, path) in [
                (Method::Get, format!("/api/{noun}s")),
                (Method::Post, format!("/api/{noun}s")),
                (Method::Get, format!("/api/{noun}s/{{id}}")),
                (Method::Delete, format!("/api/{noun}s/{{id}}")),
                (Method::Post, format!("/api/{noun}s/{{id}}/re-open")),
            ] {
                plan.endpoints.push((method, path));
            }
            let columns = ["id", "tenant_id", &format!("{noun}_number"), "amount"];
            plan.tables.push((format!("{noun}s"), columns.map(str::to_owned).to_vec()));
            plan.events.push(format!("{noun}s.{noun}.created"));
            plan.events.push(format!("{noun}s.{noun}.closed"));
            plan.keys.push(format!("{noun}s.form.title"));
            plan.keys.push(format!("{noun}s.list.empty"));
            plan.files.push(format!("src/{noun}s/{noun}-form.ts"));
            plan.files.push(format!("src/{noun}s/{noun}-list.ts"));
            plan.tests.push(format!("TC-{}-001", noun.to_uppercase()));
            plan.env.push(format!("{}_LIMIT", noun.to_uppercase()));
            plan.migrations.push(format!("V{:03}__create_{noun}s.sql", at + 1));
        }
        plan
    }

    fn spec(&self) -> String {
        let bullets = |items: Vec<String>| items.iter().map(|i| format!("- {i}\n")).collect::<String>();
        let tables: String = self
            .tables
            .iter()
            .map(|(name, columns)| {
                format!(
                    "### `{name}`\n{}\n",
                    bullets(columns.iter().map(|c| format!("`{c}`: text")).collect())
                )
            })
            .collect();
        let ticked = |items: &[String]| bullets(items.iter().map(|i| format!("`{i}`")).collect());
        let endpoints = self.endpoints.iter().map(|(m, p)| format!("`{m} {p}`")).collect();
        let events: String = self.events.iter().map(|e| format!("| `{e}` | it happened |\n")).collect();
        let files: String = self.files.iter().map(|f| format!("| `{f}` | Create | it |\n")).collect();
        let tests: String = self.tests.iter().map(|t| format!("| {t} | it works |\n")).collect();
        let env: String = self.env.iter().map(|e| format!("| `{e}` | how many |\n")).collect();
        format!(
            "# SPEC-001: Shop\n\n**Status:** Implemented\n\n\
             ## Architecture\n\n### Events\n\n| Event | When |\n|-|-|\n{events}\n\
             ## Data Models\n\n{tables}\n## API Contracts\n\n{}\n\
             ## Internationalization (i18n)\n\n{}\n\
             ## Configuration\n\n### Environment variables\n\n| Variable | Meaning |\n|-|-|\n{env}\n\
             ## Migration & Compatibility\n\n{}\n\
             ## File Manifest\n\n| File | Action | Purpose |\n|-|-|-|\n{files}\n\
             ## Testing Strategy\n\n| ID | Test |\n|-|-|\n{tests}\n",
            bullets(endpoints),
            ticked(&self.keys),
            ticked(&self.migrations),
        )
    }

    /// The code that keeps every promise, and has a little more.
    fn built(&self) -> Repository {
        let mut code = Codebase {
            readable: CodeKind::ALL.map(|kind| (kind, Readable::Yes(vec!["by hand"]))).to_vec(),
            ..Codebase::default()
        };
        let health = (Method::Get, "/api/health".to_owned());
        for (at, (method, path)) in self.endpoints.iter().chain([&health]).enumerate() {
            code.routes.push(Route {
                method: *method,
                path: RoutePath::parse(path),
                whole: true,
                framework: "Express",
                place: place("src/routes.ts", at + 1),
            });
        }
        let audit = ("audit_logs".to_owned(), vec!["id".to_owned()]);
        for (name, columns) in self.tables.iter().chain([&audit]) {
            code.tables.push(Table {
                name: name.clone(),
                class: None,
                columns: columns
                    .iter()
                    .map(|c| Column { name: c.clone(), kind: String::new(), place: place("db.sql", 1) })
                    .collect(),
                complete: true,
                source: "SQL",
                place: place("db.sql", 1),
            });
        }
        code.events = self.events.iter().map(|e| used(e, Use::Sent)).collect();
        code.events.push(used("audit.log.written", Use::Sent));
        code.env_vars = self.env.iter().map(|e| used(e, Use::Read)).collect();
        code.env_vars.push(used("PORT", Use::Read));
        let (own_key, own_test) = ("app.name".to_owned(), "boots".to_owned());
        for locale in ["en", "de"] {
            let keys = self.keys.iter().chain([&own_key]).map(|key| LocaleKey {
                key: key.clone(),
                span: Span::at(0),
                line: 1,
            });
            code.locales.push(LocaleFile {
                path: Arc::from(format!("locales/{locale}.json")),
                locale: locale.to_owned(),
                namespace: String::new(),
                keys: keys.collect(),
            });
        }
        for name in self.tests.iter().chain([&own_test]) {
            let name = format!("{name} works");
            code.tests.push(TestCase { name, suites: vec![], skipped: false, place: place("a.test.ts", 1) });
        }
        let init = "V000__init.sql".to_owned();
        let mut paths: Vec<String> = self.files.clone();
        paths.push("src/main.ts".to_owned());
        for name in self.migrations.iter().chain([&init]) {
            code.migrations.push(migration(name));
            paths.push(format!("migrations/{name}"));
        }
        Repository { code, paths }
    }
}

fn migration(name: &str) -> MigrationFile {
    let (number, slug) = name.split_once("__").expect("a migration has both");
    MigrationFile {
        path: Arc::from(format!("migrations/{name}")),
        number: number.trim_start_matches('V').to_owned(),
        slug: slug.trim_end_matches(".sql").to_owned(),
    }
}

fn read(text: &str) -> Spec {
    let document = Document::parse(text);
    let (_, schema) = trueup_template::builtin("architecture").expect("the template is built in");
    read_specs("specs/a.md", &document, &schema, &Settings::default(), None, None).remove(0)
}

fn rows(spec: &Spec, repository: &Repository) -> Vec<Drifted> {
    let paths = PathIndex::new(repository.paths.iter().map(String::as_str));
    let subject = Subject { path: "specs/a.md", spec, code: repository, paths: &paths };
    drift(&subject, &CodeKind::ALL)
}

/// Changes one thing of the code; gives the promise that it breaks.
fn mutate(plan: &Plan, repository: &mut Repository, kind: usize, pick: prop::sample::Index) -> String {
    let code = &mut repository.code;
    let endpoint = pick.index(plan.endpoints.len());
    let (method, path) = &plan.endpoints[endpoint];
    let broken = format!("{method} {path}");
    let table = pick.index(plan.tables.len());
    let column = pick.index(3) + 1;
    let broken_column = format!("{}.{}", plan.tables[table].0, plan.tables[table].1[column]);
    let key = pick.index(plan.keys.len());
    let file = pick.index(plan.files.len());
    let test = pick.index(plan.tests.len());
    let event = pick.index(plan.events.len());
    let env = pick.index(plan.env.len());
    let migrations = plan.migrations.len();
    let migrated = pick.index(migrations);
    match kind {
        0 => {
            code.routes.remove(endpoint);
            broken
        }
        1 => {
            code.routes[endpoint].path = RoutePath::parse(&path.replace("s", "z"));
            broken
        }
        2 => {
            code.routes[endpoint].method = Method::Put;
            broken
        }
        3 => {
            code.routes[endpoint].path = RoutePath::parse(&path.to_uppercase().replace("/API", "/api"));
            broken
        }
        4 => {
            code.tables[table].name.push_str("_old");
            plan.tables[table].0.clone()
        }
        5 => {
            code.tables[table].columns[column].name.push_str("_old");
            broken_column
        }
        6 => {
            code.tables[table].columns.remove(column);
            broken_column
        }
        7 => {
            code.events[event].name.push('x');
            plan.events[event].clone()
        }
        8 => {
            code.events.remove(event);
            plan.events[event].clone()
        }
        9 => {
            for file in &mut code.locales {
                file.keys.remove(key);
            }
            plan.keys[key].clone()
        }
        10 => {
            code.locales[0].keys[key].key.push_str("_new");
            plan.keys[key].clone()
        }
        11 => {
            code.locales[1].keys.remove(key);
            plan.keys[key].clone()
        }
        12 => {
            repository.paths[file] = repository.paths[file].replace("src/", "source/");
            plan.files[file].clone()
        }
        13 => {
            repository.paths.remove(file);
            plan.files[file].clone()
        }
        14 => {
            code.tests.remove(test);
            plan.tests[test].clone()
        }
        15 => {
            code.tests[test].skipped = true;
            plan.tests[test].clone()
        }
        16 => {
            code.env_vars[env].name.push_str("_2");
            plan.env[env].clone()
        }
        17 => {
            code.events[event].how = Use::Read;
            plan.events[event].clone()
        }
        _ => {
            code.migrations.remove(migrated);
            repository.paths.remove(plan.files.len() + 1 + migrated);
            plan.migrations[migrated].clone()
        }
    }
}

const MUTATIONS: usize = 19;

fn plans() -> impl Strategy<Value = Plan> {
    prop::sample::subsequence(NOUNS.to_vec(), 1..=NOUNS.len()).prop_map(|nouns| Plan::of(&nouns))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn code_as_promised_is_proven(plan in plans()) {
        let spec = read(&plan.spec());
        let repository = plan.built();
        let rows = rows(&spec, &repository);
        let promised = plan.endpoints.len() + plan.tables.len() * 5 + plan.events.len() + plan.keys.len()
            + plan.files.len() + plan.tests.len() + plan.env.len() + plan.migrations.len();
        prop_assert_eq!(rows.len(), promised, "{:#?}", rows.iter().map(|r| &r.subject).collect::<Vec<_>>());
        let other: Vec<&Drifted> = rows.iter().filter(|row| row.verdict != Verdict::Proven).collect();
        prop_assert!(other.is_empty(), "{other:#?}");
        // What the code has beside is all that is unpromised.
        let beside = unpromised(&[promises("specs/a.md", &rows)], &repository.code);
        let names: Vec<&str> = beside.iter().map(|one| one.name.as_str()).collect();
        prop_assert_eq!(names.len(), 5, "{:?}", names);
    }

    #[test]
    fn each_change_is_found_once(plan in plans(), kind in 0..MUTATIONS, pick: prop::sample::Index) {
        let text = plan.spec();
        let spec = read(&text);
        let mut repository = plan.built();
        let broken = mutate(&plan, &mut repository, kind, pick);
        let rows = rows(&spec, &repository);
        let found: Vec<&Drifted> = rows.iter().filter(|row| row.verdict != Verdict::Proven).collect();
        prop_assert_eq!(found.len(), 1, "mutation {}: {:#?}", kind, found);
        prop_assert!(found[0].differs(), "mutation {kind}: {found:#?}");
        prop_assert_eq!(&found[0].subject, &broken, "mutation {}", kind);
        let name = broken.rsplit_once(['.', ' ']).map_or(broken.as_str(), |(_, name)| name);
        prop_assert!(found[0].span.text(&text).contains(name), "mutation {kind}: the place is another");
    }

    #[test]
    fn nothing_panics(text in "(\\PC|[#|`{}<>*/.:\n-]){0,400}", names in prop::collection::vec("\\PC{0,24}", 0..12)) {
        let plan = Plan {
            endpoints: names.iter().map(|n| (Method::Any, n.clone())).collect(),
            tables: names.iter().map(|n| (n.clone(), names.clone())).collect(),
            events: names.clone(),
            keys: names.clone(),
            files: names.clone(),
            tests: names.clone(),
            env: names.clone(),
            migrations: Vec::new(),
        };
        let repository = plan.built();
        for spec in [read(&plan.spec()), read(&format!("# A\n\n## API Contracts\n\n{text}\n\n## File Manifest\n\n{text}"))] {
            let rows = rows(&spec, &repository);
            prop_assert!(rows.iter().all(|row| !row.reason.is_empty()));
            unpromised(&[promises("a.md", &rows)], &repository.code);
        }
    }
}
