//! Names with their schemas, as far as one script tells them.

use crate::effect::{Action, Effect, Place, UNKNOWN};
use crate::script::Script;
use crate::tokens::{Cursor, Sort, Token, tokens};

/// The schema of temporary things.
const TEMPORARY: &str = "pg_temp";

/// What names without a schema mean in a script, statement by statement.
struct Names {
    /// The schema in which things without one are made; none where nothing says it.
    default: Option<String>,
    /// Temporary tables, which hide others of their name.
    temporary: Vec<String>,
}

/// Gives the effects of each statement their names with schemas.
pub(crate) fn resolve(text: &str, script: &Script, all: &mut [Vec<Effect>]) {
    let mut names = Names { default: Some("public".to_owned()), temporary: Vec::new() };
    for (statement, effects) in script.statements.iter().zip(all) {
        names.set(statement.text(text));
        for effect in effects.iter_mut() {
            effect.place = names.place(effect);
            names.learn(effect);
        }
    }
}

impl Names {
    /// Follows `SET search_path` and its like.
    fn set(&mut self, statement: &str) {
        let tokens = tokens(statement);
        let mut cursor = Cursor { rest: &tokens };
        let sets = cursor.take("SET");
        cursor.take_any(&["SESSION", "LOCAL"]);
        if sets && (cursor.take("SEARCH_PATH") || cursor.take("SCHEMA")) {
            let to = cursor.rest.iter().position(|token| !token.is("TO") && !token.is_sign("="));
            self.default = first_schema(cursor.rest.get(to.unwrap_or(0)..).unwrap_or(&[]));
        } else if cursor.take("RESET SEARCH_PATH") || cursor.take("RESET ALL") {
            self.default = Some("public".to_owned());
        } else if let Some(path) = configured(&tokens) {
            self.default = first_schema(&crate::tokens::tokens(&path));
        }
    }

    fn place(&self, effect: &Effect) -> Place {
        let table = effect.table.as_deref().map(|table| self.full(table, effect.of.is_none()));
        // An index lies where its table lies.
        let beside = matches!(effect.kind.as_str(), "index" | "statistics") || effect.what == "RENAME TABLE";
        let name = match &table {
            Some(table) if beside && !effect.name.contains('.') => sibling(table, &effect.name),
            _ if has_no_schema(&effect.kind) => effect.name.clone(),
            _ if effect.temporary => format!("{TEMPORARY}.{}", last(&effect.name)),
            _ => self.full(&effect.name, is_relation(&effect.kind)),
        };
        // What privileges are on may be a schema, or something else without one.
        let table = match effect.of {
            Some(kind) if has_no_schema(kind) => effect.table.clone(),
            _ => table,
        };
        Place { name, table }
    }

    fn full(&self, name: &str, relation: bool) -> String {
        match (&self.default, name.contains('.')) {
            _ if name.is_empty() => String::new(),
            (_, true) => {
                // The name of the database may stand before that of the schema.
                let mut parts = name.rsplitn(3, '.');
                let (name, schema) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                format!("{schema}.{name}")
            }
            _ if relation && self.temporary.iter().any(|one| one == name) => format!("{TEMPORARY}.{name}"),
            (Some(schema), false) => format!("{schema}.{name}"),
            (None, false) => name.to_owned(),
        }
    }

    fn learn(&mut self, effect: &Effect) {
        let own = last(&effect.name);
        let is_temporary = effect.place.name.starts_with("pg_temp.");
        match effect.action {
            Action::Create if is_temporary && is_relation(&effect.kind) => {
                self.temporary.push(own.to_owned());
            }
            Action::Drop if is_temporary => self.temporary.retain(|one| one != own),
            _ if effect.what == "RENAME TABLE" && is_temporary => self.temporary.push(own.to_owned()),
            _ => {}
        }
    }
}

/// Kinds that share the names of tables.
pub(crate) fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "index" | "sequence")
}

/// Kinds that lie in no schema, or whose names belong to a table.
fn has_no_schema(kind: &str) -> bool {
    let kinds = [
        "column",
        "constraint",
        "policy",
        "trigger",
        "rule",
        "partition",
        "schema",
        "extension",
        "role",
        "user",
        "group",
        "database",
        "language",
        "server",
        "foreign data wrapper",
        "publication",
        "subscription",
        "event trigger",
        "tablespace",
        "call",
    ];
    kinds.contains(&kind)
}

/// Whether a name is put in at run time, so that nobody knows what it means.
pub(crate) fn is_unknown(name: &str) -> bool {
    name.split('.').any(|part| part == UNKNOWN)
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A name in the schema of another one.
pub(crate) fn sibling(of: &str, name: &str) -> String {
    match of.rsplit_once('.') {
        Some((schema, _)) if !name.is_empty() => format!("{schema}.{name}"),
        _ => name.to_owned(),
    }
}

/// The first schema of a search path in which things are made.
fn first_schema(path: &[Token<'_>]) -> Option<String> {
    let name = |part: &[Token<'_>]| match part.first() {
        Some(token) if token.sort == Sort::Text => Some(token.text.trim_matches('\'').to_owned()),
        _ => Cursor { rest: part }.name(),
    };
    let parts = Cursor { rest: path }.at_commas();
    let mut names = parts.into_iter().filter_map(name);
    match names.find(|name| name != "$user" && name != "\"$user\"" && name != "pg_catalog") {
        Some(name) if name.is_empty() => None,
        Some(name) if name == "default" => Some("public".to_owned()),
        other => other,
    }
}

/// The path of `SELECT set_config('search_path', '…', …)`.
fn configured(tokens: &[Token<'_>]) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("set_config"))?;
    match tokens.get(at + 1..)? {
        [_, name, _, value, ..] if name.text == "'search_path'" && value.sort == Sort::Text => {
            Some(value.text.trim_matches('\'').to_owned())
        }
        _ => None,
    }
}
