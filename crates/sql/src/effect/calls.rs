//! Calls of functions that are none of PostgreSQL's own.

use crate::tokens::{Sort, Token};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Names of functions and types that PostgreSQL has itself, up to version 18, but for those that write; all whose names
/// begin with `pg_` belong to it as well.
static SYSTEM: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("system_functions.txt").split_whitespace().collect());

/// Words that may stand in front of a bracket, or of a call, and are no names.
const KEYWORDS: [&str; 69] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "by",
    "case",
    "conflict",
    "cross",
    "cube",
    "distinct",
    "do",
    "else",
    "end",
    "escape",
    "except",
    "execute",
    "exists",
    "fetch",
    "filter",
    "first",
    "for",
    "from",
    "full",
    "group",
    "groups",
    "having",
    "ilike",
    "in",
    "inner",
    "intersect",
    "into",
    "is",
    "join",
    "lateral",
    "left",
    "like",
    "limit",
    "materialized",
    "natural",
    "next",
    "not",
    "offset",
    "on",
    "operator",
    "or",
    "order",
    "ordinality",
    "outer",
    "over",
    "partition",
    "perform",
    "recursive",
    "returning",
    "right",
    "rollup",
    "row",
    "rows",
    "select",
    "sets",
    "similar",
    "some",
    "then",
    "union",
    "using",
    "values",
    "when",
    "where",
];

/// Words behind which a name with a bracket is no call: `AS t (a, b)`, `WITH t (a) AS`.
const NAMING: [&str; 5] = ["as", "with", "recursive", "tablesample", "window"];

/// The first call of a function that is none of PostgreSQL's own.
pub(super) fn own_call(tokens: &[Token<'_>]) -> Option<String> {
    (0..tokens.len()).find_map(|at| call_at(tokens, at))
}

fn call_at(tokens: &[Token<'_>], at: usize) -> Option<String> {
    let last = tokens.get(at).filter(|token| is_name(token))?;
    tokens.get(at + 1).filter(|next| next.is_sign("("))?;
    let mut start = at;
    while let Some(dot) = start.checked_sub(1).and_then(|dot| tokens.get(dot)).filter(|dot| dot.is_sign("."))
        && let Some(before) = start.checked_sub(2).and_then(|at| tokens.get(at)).filter(|one| is_name(one))
        && dot.depth == before.depth
    {
        start -= 2;
    }
    let name = crate::tokens::Cursor { rest: tokens.get(start..=at)? }.name()?;
    let alone = start == at;
    if (alone && is_keyword(last)) || is_system(&name) || !may_begin(tokens, start) {
        return None;
    }
    Some(name)
}

fn is_name(token: &Token<'_>) -> bool {
    matches!(token.sort, Sort::Word | Sort::Quoted)
}

fn is_keyword(token: &Token<'_>) -> bool {
    token.sort == Sort::Word && KEYWORDS.iter().chain(&NAMING).any(|word| token.is(word))
}

fn is_system(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((schema, _)) => matches!(schema, "pg_catalog" | "information_schema"),
        None => name.starts_with("pg_") || SYSTEM.contains(name),
    }
}

/// Whether a call may begin here: behind a name, a bracket or a cast stands an alias or a type.
fn may_begin(tokens: &[Token<'_>], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).and_then(|at| tokens.get(at)) else { return true };
    match before.sort {
        Sort::Word => is_keyword(before) && !NAMING.iter().any(|word| before.is(word)),
        Sort::Quoted | Sort::Text => false,
        Sort::Sign => !matches!(before.text, ")" | "]" | ":" | "::"),
    }
}
