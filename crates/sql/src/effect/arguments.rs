//! The arguments by which a function is told from others of its name.

use crate::tokens::{Cursor, Sort, Token};

/// An argument that a call passes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Argument {
    /// Its type under one name; nothing where it is none of those that are known here.
    known: Option<String>,
    /// Whether a call may leave it out.
    optional: bool,
}

/// The arguments that a call passes, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arguments(Vec<Argument>);

/// Types by their last words and the one name of each.
const TYPES: [(&str, &str); 26] = [
    ("int", "integer"),
    ("integer", "integer"),
    ("int4", "integer"),
    ("bigint", "bigint"),
    ("int8", "bigint"),
    ("smallint", "smallint"),
    ("int2", "smallint"),
    ("text", "text"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("uuid", "uuid"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("date", "date"),
    ("numeric", "numeric"),
    ("decimal", "numeric"),
    ("varchar", "varchar"),
    ("varying", "varchar"),
    ("bytea", "bytea"),
    ("real", "real"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("precision", "double precision"),
    ("timestamp", "timestamp"),
    ("timestamptz", "timestamptz"),
    ("interval", "interval"),
];

impl Arguments {
    /// Reads them behind the name of a function; nothing where there are none or they are not understood.
    pub(crate) fn read(mut cursor: Cursor<'_, '_>) -> Option<Arguments> {
        let (open, rest) = cursor.rest.split_first().filter(|(first, _)| first.is_sign("("))?;
        let end = rest.iter().position(|token| token.is_sign(")") && token.depth == open.depth)?;
        cursor.rest = rest.get(..end)?;
        if cursor.rest.is_empty() {
            return Some(Arguments(Vec::new()));
        }
        let unclear = |token: &Token<'_>| token.is("VARIADIC") || token.is("ORDER") || token.is_sign("*");
        if cursor.rest.iter().any(unclear) {
            return None;
        }
        let passed =
            cursor.at_commas().into_iter().filter(|one| !one.first().is_some_and(|one| one.is("OUT")));
        Some(Arguments(passed.map(argument).collect()))
    }

    /// Whether whoever calls a function with `others` may still call the one with these. Where that is not known, it is taken
    /// to be so.
    pub(crate) fn take(&self, others: &Arguments) -> bool {
        let (own, others) = (&self.0, &others.0);
        let differ = |(one, other): (&Argument, &Argument)| match (&one.known, &other.known) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        own.len() >= others.len()
            && own.iter().skip(others.len()).all(|argument| argument.optional)
            && !own.iter().zip(others).any(differ)
    }
}

fn argument(tokens: &[Token<'_>]) -> Argument {
    let level = tokens.first().map_or(0, |first| first.depth);
    let default = |token: &Token<'_>| token.depth == level && (token.is("DEFAULT") || token.is_sign("="));
    let end = tokens.iter().position(default).unwrap_or(tokens.len());
    let of_type = tokens.get(..end).unwrap_or(tokens);
    Argument { known: known(of_type, level), optional: end < tokens.len() }
}

fn known(tokens: &[Token<'_>], level: u32) -> Option<String> {
    let named = |token: &Token<'_>| token.depth == level && matches!(token.sort, Sort::Word | Sort::Quoted);
    let at = tokens.iter().rposition(named)?;
    // What has a schema or quotes may be somebody's own.
    let of_schema =
        at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|one| one.is_sign("."));
    let word = tokens.get(at).filter(|token| token.sort == Sort::Word && !of_schema)?;
    let (_, name) = TYPES.iter().find(|(type_name, _)| word.text.eq_ignore_ascii_case(type_name))?;
    let array = tokens.iter().any(|token| token.is_sign("["));
    Some(format!("{name}{}", if array { "[]" } else { "" }))
}
