//! What a `DO` block does, as far as the statements in its body tell.

use super::composed::composed;
use super::{Action, Effect, Phase, called, effects, one};
use crate::script::Script;
use crate::tokens::{Cursor, Sort, Token, tokens};

/// Words that begin a statement which changes something.
const STARTS: [&str; 14] = [
    "CREATE", "ALTER", "DROP", "TRUNCATE", "INSERT", "UPDATE", "DELETE", "MERGE", "GRANT", "REVOKE", "WITH",
    "CALL", "REFRESH", "COPY",
];

/// Words behind which a statement may begin in PL/pgSQL.
const BEFORE: [&str; 5] = ["BEGIN", "THEN", "ELSE", "LOOP", "DECLARE"];

/// Words by which a block does something in some cases only.
const BRANCHES: [&str; 4] = ["IF", "CASE", "EXCEPTION", "LOOP"];

/// What the body of a block does; `cursor` stands behind `DO`. Statements that are put together at run time (`EXECUTE`)
/// are read as far as their text stands there.
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
        let rest = statement(tokens.get(at..).unwrap_or(&[]));
        if STARTS.iter().any(|word| token.is(word)) {
            out.extend(effects(text(&body, rest)));
        } else if token.is("EXECUTE") {
            out.extend(executed(rest.get(1..).unwrap_or(&[])));
        } else if token.is("PERFORM") || token.is("SELECT") {
            out.extend(called(Cursor { rest }));
        }
    }
    if tokens.iter().any(|token| BRANCHES.iter().any(|word| token.is(word))) {
        out.iter_mut().for_each(|effect| effect.unless_there = true);
    }
    out
}

/// What a string literal holds.
pub(super) fn unquoted(literal: &str) -> Option<String> {
    if let Some(rest) = literal.strip_prefix('$') {
        let tag = rest.find('$')? + 2;
        return literal.get(tag..literal.len().checked_sub(tag)?).map(str::to_owned);
    }
    let start = literal.find('\'')?;
    let inner = literal.get(start + 1..)?;
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    Some(inner.replace("''", "'"))
}

/// The tokens up to the end of the statement.
fn statement<'a, 't>(rest: &'a [Token<'t>]) -> &'a [Token<'t>] {
    let end = rest.iter().position(|token| token.is_sign(";")).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

fn text<'t>(body: &'t str, statement: &[Token<'_>]) -> &'t str {
    let (Some(first), Some(last)) = (statement.first(), statement.last()) else { return "" };
    body.get(first.start..last.start + last.text.len()).unwrap_or("")
}

/// Words that begin a statement which takes something away, or may.
const TAKES_AWAY: [&str; 4] = ["DROP", "ALTER", "TRUNCATE", "REVOKE"];

/// `EXECUTE 'text'`, `EXECUTE format('text', …)`, `EXECUTE 'text' || …`. A text that is not known may change rows, and one
/// that begins with `DROP` takes something away, whatever follows.
fn executed(rest: &[Token<'_>]) -> Vec<Effect> {
    let known = composed(rest);
    let script = Script::read(&known.text);
    let mut out = Vec::new();
    for statement in &script.statements {
        let statement = statement.text(&known.text);
        let words = tokens(statement);
        // A block in a block may hold another one, and so on.
        let block = words.first().is_some_and(|first| first.is("DO"));
        let mut found = if block { Vec::new() } else { effects(statement) };
        let takes_away = TAKES_AWAY.iter().any(|word| words.first().is_some_and(|first| first.is(word)));
        let unknown = block || !known.sure || words.first().is_none_or(|first| first.sort != Sort::Word);
        if found.is_empty() && (unknown || takes_away) {
            let phase = if takes_away { Phase::Contract } else { Phase::Migrate };
            found = one(phase, "block", None, Action::Change, "EXECUTE");
        }
        if !known.sure {
            found.iter_mut().for_each(|effect| effect.phase = effect.phase.max(Phase::Migrate));
        }
        out.append(&mut found);
    }
    out
}
