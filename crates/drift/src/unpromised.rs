//! The other direction: what the code has and no spec speaks of.

use crate::Drifted;
use crate::names::{rough, same_words};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_codebase::{CodeKind, CodePlace, Codebase, NameUse, Use};
use trueup_model::{base_name, folder_of};

/// What a spec promises that the code has, by kind and by the code's own name.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    /// The spec's path from the root.
    pub spec: String,
    names: FxHashSet<(CodeKind, String)>,
    /// The modules that its promises were found in, with how many.
    modules: FxHashMap<String, usize>,
}

/// Something that the code has and no spec speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unpromised {
    /// What it is.
    pub kind: CodeKind,
    /// The code's name for it.
    pub name: String,
    /// The folder of the module that it belongs to.
    pub module: String,
    /// Where.
    pub place: CodePlace,
    /// The spec that has most to do with the module.
    pub spec: Option<String>,
}

/// What the rows of a spec say about the other direction.
pub fn promises(spec: &str, rows: &[Drifted]) -> Promise {
    let mut out = Promise { spec: spec.to_owned(), ..Promise::default() };
    for row in rows {
        for name in row.found.iter().chain(&row.candidate) {
            out.names.insert((row.kind, normal(row.kind, name)));
        }
        if let Some(place) = row.place.as_ref().filter(|_| row.found.is_some()) {
            *out.modules.entry(module_of(&place.path)).or_default() += 1;
        }
    }
    out
}

/// Everything in the code that none of these specs promises, by module, kind and name. Tests and paths are
/// left out: nobody promises each of them.
pub fn unpromised(specs: &[Promise], code: &Codebase) -> Vec<Unpromised> {
    let promised: FxHashSet<&(CodeKind, String)> = specs.iter().flat_map(|s| &s.names).collect();
    let nearest = Nearest::new(specs);
    let mut seen: FxHashSet<(CodeKind, String)> = FxHashSet::default();
    let mut out = Vec::new();
    for (kind, name, place) in there(code) {
        let key = (kind, normal(kind, &name));
        if promised.contains(&key) || !seen.insert(key) {
            continue;
        }
        let module = module_of(&place.path);
        let spec = nearest.to(&module);
        out.push(Unpromised { kind, name, module, place, spec });
    }
    out.sort_by(|a, b| (&a.module, a.kind, &a.name).cmp(&(&b.module, b.kind, &b.name)));
    out
}

/// What the code has, by its own names.
fn there(code: &Codebase) -> impl Iterator<Item = (CodeKind, String, CodePlace)> + '_ {
    let routes = code.routes.iter().filter(|r| !r.path.is_catch_all());
    let routes = routes.map(|r| (CodeKind::Routes, crate::endpoints::shown(r), r.place.clone()));
    let tables = code.tables.iter().map(|t| (CodeKind::Tables, t.name.clone(), t.place.clone()));
    let migrations = code
        .migrations
        .iter()
        .map(|m| (CodeKind::Migrations, m.path.to_string(), crate::migrations::at(&m.path)));
    let names = |kind, uses: &'_ [NameUse], how: fn(Use) -> bool| {
        let own = uses.iter().filter(move |u| how(u.how) && !crate::names::is_test_path(&u.place.path));
        own.map(move |u| (kind, u.name.clone(), u.place.clone())).collect::<Vec<_>>()
    };
    routes
        .chain(tables)
        .chain(names(CodeKind::Events, &code.events, |how| how != Use::Read))
        .chain(names(CodeKind::EnvVars, &code.env_vars, |how| how == Use::Read))
        .chain(names(CodeKind::Flags, &code.flags, |how| how == Use::Read))
        .chain(migrations)
}

/// A name as it is compared: the parameters of a route have none, a flag is the same in any spelling.
fn normal(kind: CodeKind, name: &str) -> String {
    match kind {
        CodeKind::Routes => {
            let mut out = String::with_capacity(name.len());
            let mut depth = 0_usize;
            for c in name.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ if depth > 0 => continue,
                    _ => {}
                }
                out.push(c);
            }
            out
        }
        CodeKind::Flags => crate::fold(name),
        // `orders.total` promises the column; the table has a row of its own.
        CodeKind::Tables => name.split('.').next().unwrap_or(name).to_owned(),
        _ => name.to_owned(),
    }
}

/// Folders that hold modules and are none.
const CONTAINERS: &[&str] = &[
    "packages",
    "apps",
    "services",
    "crates",
    "modules",
    "libs",
    "lib",
    "src",
    "app",
    "internal",
    "cmd",
    "pkg",
    "server",
    "backend",
    "api",
    "components",
    "plugins",
    "domains",
    "features",
    "routes",
    "routers",
];

/// The folder of a file's module: the first that does not only hold others.
fn module_of(path: &str) -> String {
    let folder = folder_of(path);
    let mut end = 0;
    for part in folder.split('/') {
        end += part.len() + usize::from(end > 0);
        if !CONTAINERS.contains(&part) {
            return folder.get(..end).unwrap_or(folder).to_owned();
        }
    }
    folder.to_owned()
}

/// Which spec has most to do with a module. Known beforehand, since there may be thousands of either.
struct Nearest<'a> {
    /// By module: the spec of which most promises were found there, with how many.
    by_place: FxHashMap<&'a str, (&'a str, usize)>,
    /// By what all readings of a word have in common: the words of specs' file names, with the specs in order.
    by_word: FxHashMap<String, Vec<(&'a str, &'a str)>>,
}

impl<'a> Nearest<'a> {
    fn new(specs: &'a [Promise]) -> Nearest<'a> {
        let mut nearest = Nearest { by_place: FxHashMap::default(), by_word: FxHashMap::default() };
        for spec in specs {
            for (module, count) in spec.modules.iter().filter(|(_, count)| **count > 0) {
                let best = nearest.by_place.entry(module).or_insert((&spec.spec, *count));
                if *count > best.1 {
                    *best = (&spec.spec, *count);
                }
            }
            let stem = base_name(&spec.spec).trim_end_matches(".md");
            for word in stem.split(['-', '_', '.']) {
                let alike = nearest.by_word.entry(rough(word)).or_default();
                // One spec of each word is enough: the first.
                if !alike.iter().any(|(known, _)| *known == word) {
                    alike.push((word, &spec.spec));
                }
            }
        }
        nearest
    }

    /// The spec whose promises were mostly found in a module, else one that has the module's name in its file's.
    fn to(&self, module: &str) -> Option<String> {
        let by_name = || {
            let name = base_name(module);
            let alike = self.by_word.get(&rough(name)).filter(|_| name.len() > 2)?;
            alike.iter().find(|(word, _)| same_words(word, name)).map(|(_, spec)| *spec)
        };
        let placed = self.by_place.get(module).map(|(spec, _)| *spec);
        placed.or_else(by_name).map(str::to_owned)
    }
}
