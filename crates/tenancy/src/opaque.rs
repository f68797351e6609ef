//! Functions of which the text does not tell what they read: a statement that is worked out when it runs, values of any
//! type, other languages.

use crate::actors::{PUBLIC, given, memberships};
use crate::model::World;
use crate::texts::{code_of, mentions, text_of};
use trueup_catalog::{Function, FunctionKind, Relation, quote_literal};

/// Most tables by the names of which a function is asked.
const MOST_TABLES: usize = 8;

/// Words by which a statement is run that is worked out.
const RUNNING: [&str; 8] = [
    "execute",
    "query_to_xml",
    "query_to_xml_and_xmlschema",
    "table_to_xml",
    "schema_to_xml",
    "database_to_xml",
    "dblink",
    "dblink_exec",
];

/// What cannot be read off a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opaque {
    /// It runs as the server does, whatever rights are asked for.
    Native,
    /// Its values may be of any type, so that none is guessed.
    AnyType,
    /// What it runs is worked out.
    WorkedOut,
}

impl Opaque {
    /// In words, where nothing was seen.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Opaque::Native => {
                "it is written in another language, in which rights and row security are not asked for"
            }
            Opaque::AnyType => {
                "it runs with the rights of its owner and takes values of any type, which are not guessed"
            }
            Opaque::WorkedOut => {
                "it runs with the rights of its owner, and what it runs is worked out only then"
            }
        }
    }
}

/// What cannot be read off a function that roles of the application may call. One that runs with the rights of its
/// caller can do no more than he, who is tried himself.
pub(crate) fn opaque(
    world: &World<'_>,
    roles: &[String],
    function: &Function,
    reads: bool,
) -> Option<Opaque> {
    if function.is_trigger || function.kind == FunctionKind::Aggregate || !is_open(world, roles, function) {
        return None;
    }
    let native = ["c", "internal"].contains(&function.language.as_str()) || function.language.ends_with('u');
    let types = &function.argument_types;
    let any = types.iter().any(|name| name.trim_start_matches("VARIADIC ").starts_with("any"))
        || function.kind == FunctionKind::Window;
    let known = ["sql", "plpgsql"].contains(&function.language.as_str());
    match () {
        () if native => Some(Opaque::Native),
        () if !function.security_definer => None,
        () if any => Some(Opaque::AnyType),
        () if !known => Some(Opaque::WorkedOut),
        () if works_out(world, function) && (!reads || types.iter().any(|name| is_text(name))) => {
            Some(Opaque::WorkedOut)
        }
        () => None,
    }
}

fn is_open(world: &World<'_>, roles: &[String], function: &Function) -> bool {
    let names: Vec<String> = roles.iter().flat_map(|role| memberships(world.catalog, role)).collect();
    given(&function.grants, &function.owner).any(|grant| {
        grant.privilege == "EXECUTE"
            && (grant.grantee.eq_ignore_ascii_case(PUBLIC) || names.contains(&grant.grantee))
    })
}

/// Whether it, or a function that it calls, runs a statement that is worked out.
fn works_out(world: &World<'_>, function: &Function) -> bool {
    let mut texts = vec![text_of(function)];
    let mut at = 0;
    while let Some(text) = texts.get(at).copied() {
        at += 1;
        let code = code_of(text);
        if RUNNING.iter().any(|word| mentions(&code, word)) {
            return true;
        }
        let called = world.catalog.functions.iter().filter(|other| mentions(&code, &other.name));
        for body in called.map(text_of) {
            if !texts.contains(&body) {
                texts.push(body);
            }
        }
    }
    false
}

fn is_text(type_name: &str) -> bool {
    ["text", "name", "regclass", "citext"].contains(&type_name) || type_name.starts_with("character")
}

/// Lists of arguments in which each text is the name of a table of tenants.
pub(crate) fn with_names(world: &World<'_>, function: &Function, arguments: &[String]) -> Vec<Vec<String>> {
    let scoped = |table: &&Relation| world.of(table).is_some_and(|placed| placed.model.is_scoped());
    let tables = world.catalog.tables().filter(scoped).take(MOST_TABLES);
    let names = tables.flat_map(|table| [table.name.clone(), table.sql_name()]);
    let list = |name: String| {
        let one = |(value, type_name): (&String, &String)| match is_text(type_name) {
            true => format!("{}::{type_name}", quote_literal(&name)),
            false => value.clone(),
        };
        arguments.iter().zip(&function.argument_types).map(one).collect()
    };
    match function.argument_types.iter().take(arguments.len()).any(|name| is_text(name)) {
        true => names.map(list).collect(),
        false => Vec::new(),
    }
}
