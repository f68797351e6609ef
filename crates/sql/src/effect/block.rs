//! What a `DO` block does, as far as the statements in its body tell.

use super::{Effect, effects};
use crate::tokens::{Cursor, Sort, Token, tokens};

/// Words that begin a statement which changes something.
const STARTS: [&str; 10] =
    ["CREATE", "ALTER", "DROP", "TRUNCATE", "INSERT", "UPDATE", "DELETE", "MERGE", "GRANT", "REVOKE"];

/// Words behind which a statement may begin in PL/pgSQL.
const BEFORE: [&str; 5] = ["BEGIN", "THEN", "ELSE", "LOOP", "DECLARE"];

/// What the body of a block does; `cursor` stands behind `DO`. Statements that are put together at run time (`EXECUTE`)
/// are read as far as their text is in one string.
pub(super) fn effects_of_body(cursor: Cursor<'_, '_>) -> Vec<Effect> {
    let Some(literal) = cursor.rest.iter().find(|token| token.sort == Sort::Text) else { return Vec::new() };
    let Some(body) = unquoted(literal.text) else { return Vec::new() };
    let tokens = tokens(&body);
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let begins = at == 0
            || tokens.get(at - 1).is_some_and(|last| {
                last.is_sign(";") || BEFORE.iter().any(|word| last.is(word)) || last.is_sign(">>")
            });
        if !begins {
            continue;
        }
        let rest = tokens.get(at..).unwrap_or(&[]);
        if STARTS.iter().any(|word| token.is(word)) {
            out.extend(effects(until_semicolon(&body, rest)));
        } else if token.is("EXECUTE") {
            out.extend(executed(rest));
        }
    }
    out
}

/// What a string literal holds.
fn unquoted(literal: &str) -> Option<String> {
    if let Some(rest) = literal.strip_prefix('$') {
        let tag = rest.find('$')? + 2;
        return literal.get(tag..literal.len().checked_sub(tag)?).map(str::to_owned);
    }
    let start = literal.find('\'')?;
    let inner = literal.get(start + 1..)?;
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    Some(inner.replace("''", "'"))
}

fn until_semicolon<'t>(body: &'t str, rest: &[Token<'_>]) -> &'t str {
    let start = rest.first().map_or(body.len(), |token| token.start);
    let end = rest.iter().find(|token| token.is_sign(";")).map_or(body.len(), |token| token.start);
    body.get(start..end).unwrap_or("")
}

/// `EXECUTE 'text'` and `EXECUTE format('text', …)`. A name that is put in at run time stays empty.
fn executed(rest: &[Token<'_>]) -> Vec<Effect> {
    let text = rest
        .iter()
        .take_while(|token| !token.is_sign(";"))
        .find(|token| token.sort == Sort::Text)
        .and_then(|token| unquoted(token.text));
    text.map_or_else(Vec::new, |text| effects(&text))
}
