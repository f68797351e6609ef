//! What reads Python.

mod cases;
mod django;
pub(crate) mod models;
mod names;
mod parse;
mod routers;
mod sqlalchemy;
mod syntax;
#[cfg(test)]
mod tests;
mod views;

pub(crate) use django::Django;
pub(crate) use names::is_dotted;
pub(crate) use routers::{FastApi, Flask};

use crate::languages::LanguageReader;
use crate::routes::Resolved;
use crate::{FileFacts, Import, Options, RouteFacts, Router, SourceFile};
use parse::{Field, Node};
use std::sync::Arc;
pub(crate) use syntax::Outline;
use trueup_codebase::Method;

/// Tests, names and tables of Python.
pub(crate) struct Python;

/// One of these stands in every file that says something; the tree then tells what.
const WORDS: [&str; 24] = [
    "def test",
    "TestCase",
    "environ",
    "getenv",
    "Settings",
    "decouple",
    "Config",
    "Env(",
    "envvar",
    "is_enabled",
    "variation",
    "get_boolean",
    "get_string",
    "flag",
    "switch_is_active",
    "feature",
    "emit",
    "publish",
    "dispatch",
    "send",
    "models.",
    "__tablename__",
    "Table",
    "alembic",
];

impl LanguageReader for Python {
    fn may_hold(&self, file: &SourceFile<'_>, options: &Options) -> bool {
        file.has_any(&WORDS)
            || file.path.contains("/models/")
            || file.has_any(&["SQLModel", "db.Model", "declarative_base", "DeclarativeBase", "Mapped["])
            || options.flag_functions.iter().any(|name| file.has_any(&[syntax::last(name)]))
    }

    fn read(&self, file: &SourceFile<'_>, options: &Options, out: &mut FileFacts) {
        let Some(outline) = file.python() else { return };
        cases::read(file, outline, out);
        names::read(file, outline, options, out);
        models::read(file, outline, out);
        sqlalchemy::read(file, outline, out);
    }
}

/// The file of a module, as adapters give it.
fn resolve(from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
    syntax::resolve(from, module, paths).map(|(at, name)| Resolved { files: vec![at], name })
}

/// What a file says in a framework, with the names that it takes from others.
fn facts(
    file: &SourceFile<'_>,
    framework: &'static str,
    routers: Vec<Router>,
    outline: &Outline<'_>,
) -> RouteFacts {
    let all = |module: &String| Import { local: "*".into(), name: String::new(), module: module.clone() };
    RouteFacts {
        path: Arc::clone(&file.path),
        framework,
        routers,
        imports: outline.imports.clone(),
        exports: outline.wildcards.iter().map(all).collect(),
        adapter: 0,
    }
}

/// The methods of a list such as `["GET", "POST"]`; any where the list is not known.
fn http_methods(outline: &Outline<'_>, list: Option<Node>, otherwise: Method) -> Vec<Method> {
    let Some(list) = list else { return vec![otherwise] };
    let names = outline.literals_of(list);
    let methods: Option<Vec<Method>> =
        names.map(|names| names.iter().filter_map(|name| Method::from_name(name)).collect());
    methods.filter(|methods| !methods.is_empty()).unwrap_or_else(|| vec![Method::Any])
}

/// The methods of HTTP that a class answers by functions of their names, with those names' nodes.
fn own_handlers<'t>(outline: &Outline<'t>, class: usize) -> Vec<(Method, Node)> {
    let own = outline.members(class);
    let handler = |definition: &&syntax::Definition<'t>| {
        let is_lower = definition.name.bytes().all(|byte| byte.is_ascii_lowercase());
        let method = Method::from_name(definition.name).filter(|_| is_lower)?;
        Some((method, outline.child(definition.node, Field::Name)?))
    };
    own.iter().filter_map(handler).collect()
}
