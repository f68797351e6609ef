//! What a chain needs and does not create, read from the errors that it meets.

use crate::report::{Prerequisite, PrerequisiteKind};
use trueup_catalog::quote_ident;
use trueup_postgres::SqlError;
use trueup_sql::{Action, ChainFile, Script, Words, effects};

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    pub kind: PrerequisiteKind,
    pub name: String,
    /// Statements that make enough of it, to be tried in order.
    pub stubs: Vec<String>,
}

/// Functions and types of extensions that come with PostgreSQL or are widely used.
const OF_EXTENSIONS: [(&str, &[&str]); 12] = [
    (
        "uuid-ossp",
        &[
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v3",
            "uuid_generate_v4",
            "uuid_generate_v5",
        ],
    ),
    (
        "pgcrypto",
        &["crypt", "gen_salt", "digest", "hmac", "gen_random_bytes", "pgp_sym_encrypt", "pgp_sym_decrypt"],
    ),
    ("citext", &["citext"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    ("pg_trgm", &["similarity", "word_similarity", "show_trgm", "gin_trgm_ops", "gist_trgm_ops"]),
    ("unaccent", &["unaccent"]),
    ("cube", &["cube"]),
    ("intarray", &["gin__int_ops", "gist__int_ops"]),
    ("postgis", &["geometry", "geography", "st_makepoint", "st_distance", "st_setsrid"]),
    ("vector", &["vector", "vector_cosine_ops", "vector_l2_ops", "vector_ip_ops"]),
    ("tablefunc", &["crosstab"]),
];

/// What a function may return, the likeliest first. Which one is meant shows in what its use lets through.
const RETURNS: [&str; 7] = ["text", "uuid", "boolean", "bigint", "jsonb", "timestamptz", "SETOF record"];

/// What the types of a key may be, the likeliest first.
const KEYS: [&str; 4] = ["uuid", "bigint", "integer", "text"];

/// What an error says is missing.
pub(crate) fn missing(error: &SqlError, statement: &str) -> Option<Missing> {
    let first = Words::of(statement).next().unwrap_or("").to_ascii_uppercase();
    let message = error.message.as_str();
    match error.sqlstate.as_str() {
        "42704" => of_object(message),
        "3F000" if first != "DROP" => {
            let name = quoted(message, "schema ")?;
            let stub = format!("CREATE SCHEMA {};", quote_ident(&name));
            Some(Missing { kind: PrerequisiteKind::Schema, name, stubs: vec![stub] })
        }
        "3D000" => {
            let name = quoted(message, "database ")?;
            let stub = format!("CREATE DATABASE {};", quote_ident(&name));
            Some(Missing { kind: PrerequisiteKind::Database, name, stubs: vec![stub] })
        }
        "42883" if first != "DROP" => of_function(message, statement),
        "42P01" if first != "DROP" => {
            let name = quoted(message, "relation ")?;
            let stubs = keyed_tables(&name, statement);
            Some(Missing { kind: PrerequisiteKind::Table, name, stubs })
        }
        "0A000" | "58P01" => unavailable(message),
        _ => None,
    }
}

/// The name in quotes behind a word.
fn quoted(message: &str, word: &str) -> Option<String> {
    let (_, rest) = message.split_once(&format!("{word}\""))?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

fn of_object(message: &str) -> Option<Missing> {
    if let Some(name) = quoted(message, "role ") {
        let stub = format!("CREATE ROLE {} NOLOGIN;", quote_ident(&name));
        return Some(Missing { kind: PrerequisiteKind::Role, name, stubs: vec![stub] });
    }
    if message.contains("default operator class") && message.contains("\"gist\"") {
        return Some(extension("btree_gist"));
    }
    if message.contains("default operator class") && message.contains("\"gin\"") {
        return Some(extension("btree_gin"));
    }
    if let Some(name) = quoted(message, "operator class ") {
        return of_extension(&name).map(extension);
    }
    if let Some(name) = quoted(message, "extension ") {
        return Some(extension(&name));
    }
    let name = quoted(message, "type ")?;
    let stubs = of_extension(&name).map(|extension_name| extension(extension_name).stubs);
    Some(Missing { kind: PrerequisiteKind::Type, name, stubs: stubs.unwrap_or_default() })
}

fn of_extension(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next().unwrap_or(name);
    OF_EXTENSIONS.iter().find(|(_, names)| names.contains(&last)).map(|(extension, _)| *extension)
}

fn extension(name: &str) -> Missing {
    let stub = format!("CREATE EXTENSION IF NOT EXISTS {};", quote_ident(name));
    Missing { kind: PrerequisiteKind::Extension, name: name.to_owned(), stubs: vec![stub] }
}

fn unavailable(message: &str) -> Option<Missing> {
    let named = quoted(message, "extension ").filter(|_| message.contains("is not available"));
    let name = named.or_else(|| {
        let (before, _) = message.split_once(".control\"")?;
        before.rsplit('/').next().map(str::to_owned)
    })?;
    Some(Missing { kind: PrerequisiteKind::Extension, name, stubs: Vec::new() })
}

/// `function auth.uid() does not exist`.
fn of_function(message: &str, statement: &str) -> Option<Missing> {
    let signature = message.strip_prefix("function ")?.strip_suffix(" does not exist")?;
    let (name, arguments) = signature.strip_suffix(')')?.split_once('(')?;
    if let Some(found) = of_extension(name) {
        return Some(extension(found));
    }
    let quoted: Vec<String> = name.split('.').map(quote_ident).collect();
    let arguments = arguments.replace("unknown", "text");
    let head = format!("CREATE FUNCTION {}({arguments}) RETURNS", quoted.join("."));
    let words: Vec<String> = Words::of(statement).map(str::to_ascii_uppercase).collect();
    let of_trigger = words.iter().take(5).any(|word| word == "TRIGGER");
    let stubs = match of_trigger {
        true => vec![format!("{head} trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;")],
        false => {
            let one = |returned: &&str| match returned.starts_with("SETOF") {
                true => {
                    format!("{head} {returned} LANGUAGE sql STABLE AS $$SELECT NULL::text WHERE false$$;")
                }
                false => format!("{head} {returned} LANGUAGE sql STABLE AS $$SELECT NULL::{returned}$$;"),
            };
            RETURNS.iter().map(one).collect()
        }
    };
    Some(Missing { kind: PrerequisiteKind::Function, name: signature.to_owned(), stubs })
}

/// Tables with nothing but the key that a statement refers to. Of any other use of a table its columns are not known.
fn keyed_tables(name: &str, statement: &str) -> Vec<String> {
    let Some(key) = referred_key(name, statement) else { return Vec::new() };
    let quoted: Vec<String> = name.split('.').map(quote_ident).collect();
    let table = quoted.join(".");
    KEYS.iter()
        .map(|kind| format!("CREATE TABLE {table} ({} {kind} PRIMARY KEY);", quote_ident(&key)))
        .collect()
}

/// The column behind `REFERENCES name (column)`; `id` where none is named.
fn referred_key(name: &str, statement: &str) -> Option<String> {
    let mut from = 0;
    let capitals = statement.to_ascii_uppercase();
    while let Some(at) = capitals.get(from..)?.find("REFERENCES") {
        from += at + "REFERENCES".len();
        let rest = statement.get(from..)?.trim_start();
        let plain = rest.replace('"', "");
        let Some(behind) = plain.strip_prefix(name) else { continue };
        let behind = behind.trim_start();
        let Some(columns) = behind.strip_prefix('(') else {
            let ends = behind
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric() && next != '_' && next != '.');
            let spaced = plain.get(name.len()..).is_some_and(|rest| rest.len() != behind.len());
            if ends || spaced {
                return Some("id".to_owned());
            }
            continue;
        };
        let (column, _) = columns.split_once(')')?;
        return (!column.contains(',')).then(|| column.trim().to_owned());
    }
    None
}

/// The file that creates something too late: behind a line of the file at `place`, or in a later one.
pub(crate) fn created_later<'c>(
    files: &'c [ChainFile],
    place: usize,
    line: u32,
    missing: &Missing,
) -> Option<&'c str> {
    let kinds = kinds(missing.kind);
    let name = plain(&missing.name);
    let creates = |file: &ChainFile, from: u32| {
        let script = Script::read(&file.text);
        let later = script.statements.iter().filter(|statement| statement.line > from);
        let mut all = later.flat_map(|statement| effects(statement.text(&file.text)));
        all.any(|effect| {
            effect.action == Action::Create
                && kinds.contains(&effect.kind.as_str())
                && plain(&effect.name) == name
        })
    };
    let mut behind = files.iter().enumerate().skip(place);
    let found = behind.find(|(at, file)| creates(file, if *at == place { line } else { 0 }));
    found.map(|(_, file)| file.path.as_str())
}

/// What such things are called by the effects of statements.
fn kinds(kind: PrerequisiteKind) -> &'static [&'static str] {
    match kind {
        PrerequisiteKind::Role => &["role", "user", "group"],
        PrerequisiteKind::Schema => &["schema"],
        PrerequisiteKind::Function => &["function", "procedure"],
        PrerequisiteKind::Type => &["type", "domain"],
        PrerequisiteKind::Table => &["table", "view", "materialized view", "sequence"],
        PrerequisiteKind::Extension => &["extension"],
        PrerequisiteKind::Database | PrerequisiteKind::Other => &[],
    }
}

/// A name without schema, arguments and quotes.
fn plain(name: &str) -> String {
    let last = name.split('(').next().unwrap_or(name).rsplit('.').next().unwrap_or(name);
    last.trim_matches('"').to_ascii_lowercase()
}

/// What a declared statement makes, at the first place in the chain that names it.
pub(crate) fn declared(
    chain: &[ChainFile],
    statement: &str,
    effect: &trueup_sql::Effect,
) -> Option<Prerequisite> {
    let kind = match effect.kind.as_str() {
        "role" | "user" | "group" => PrerequisiteKind::Role,
        "schema" => PrerequisiteKind::Schema,
        "function" | "procedure" => PrerequisiteKind::Function,
        "type" | "domain" => PrerequisiteKind::Type,
        "extension" => PrerequisiteKind::Extension,
        "table" | "view" => PrerequisiteKind::Table,
        _ => return None,
    };
    let name = effect.name.rsplit('.').next().unwrap_or(&effect.name);
    let file = chain.iter().find(|file| file.text.contains(name))?;
    let at = file.text.find(name)?;
    let line = file.text.get(..at)?.matches('\n').count() + 1;
    Some(Prerequisite {
        kind,
        name: effect.name.clone(),
        path: file.path.clone(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        sqlstate: String::new(),
        stub: Some(format!("{statement};")),
        declared: true,
        created_by: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        sqlstate: &str,
        message: &str,
        statement: &str,
        expected: Option<(PrerequisiteKind, &str, &str)>,
    ) {
        let error = SqlError { sqlstate: sqlstate.into(), message: message.into(), ..SqlError::default() };
        let found = missing(&error, statement);
        let said = found
            .as_ref()
            .map(|found| (found.kind, found.name.as_str(), found.stubs.first().map_or("", String::as_str)));
        assert_eq!(said, expected, "{message}");
    }

    #[test]
    fn what_is_missing_is_read_from_errors() {
        use PrerequisiteKind::{Extension, Function, Role, Schema, Table, Type};
        check(
            "42704",
            "role \"app\" does not exist",
            "GRANT",
            Some((Role, "app", "CREATE ROLE app NOLOGIN;")),
        );
        check("42704", "index \"a\" does not exist", "DROP INDEX a", None);
        check(
            "42704",
            "constraint \"a\" of relation \"b\" does not exist",
            "ALTER TABLE b DROP CONSTRAINT a",
            None,
        );
        check(
            "3F000",
            "schema \"Auth\" does not exist",
            "CREATE",
            Some((Schema, "Auth", "CREATE SCHEMA \"Auth\";")),
        );
        check(
            "42883",
            "function auth.uid() does not exist",
            "CREATE POLICY",
            Some((
                Function,
                "auth.uid()",
                "CREATE FUNCTION auth.uid() RETURNS text LANGUAGE sql STABLE AS $$SELECT NULL::text$$;",
            )),
        );
        check(
            "42883",
            "function touch() does not exist",
            "CREATE TRIGGER a BEFORE UPDATE ON b EXECUTE FUNCTION touch()",
            Some((
                Function,
                "touch()",
                "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;",
            )),
        );
        check(
            "42883",
            "function uuid_generate_v4() does not exist",
            "CREATE TABLE",
            Some((Extension, "uuid-ossp", "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\";")),
        );
        check("42883", "function f() does not exist", "DROP FUNCTION f()", None);
        check(
            "42704",
            "type \"citext\" does not exist",
            "CREATE",
            Some((Type, "citext", "CREATE EXTENSION IF NOT EXISTS citext;")),
        );
        check("42704", "type \"mood\" does not exist", "CREATE", Some((Type, "mood", "")));
        check(
            "42P01",
            "relation \"auth.users\" does not exist",
            "CREATE TABLE a (b uuid REFERENCES auth.users (id))",
            Some((Table, "auth.users", "CREATE TABLE auth.users (id uuid PRIMARY KEY);")),
        );
        check(
            "42P01",
            "relation \"users\" does not exist",
            "CREATE VIEW a AS SELECT * FROM users",
            Some((Table, "users", "")),
        );
        check(
            "42P01",
            "relation \"users\" does not exist",
            "CREATE TABLE a (c int REFERENCES users_old, b int REFERENCES users ON DELETE CASCADE)",
            Some((Table, "users", "CREATE TABLE users (id uuid PRIMARY KEY);")),
        );
        check("0A000", "extension \"postgis\" is not available", "CREATE", Some((Extension, "postgis", "")));
        check(
            "58P01",
            "could not open extension control file \"/usr/share/postgis.control\": No such file or directory",
            "CREATE",
            Some((Extension, "postgis", "")),
        );
    }
}
