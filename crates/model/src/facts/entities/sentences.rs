//! Sentences about all entities: that there are none, or which columns they share.

use super::Field;
use super::lex::{Token, TokenKind};
use super::naming::entity_name;
use crate::facts::support::says_none;

/// Whether a sentence says that no entity is brought.
pub(super) fn says_no_entities(plain: &str, tokens: &[Token<'_>]) -> bool {
    let words: Vec<&Token<'_>> = tokens.iter().filter(|t| t.kind == TokenKind::Word).collect();
    let things = [
        "change",
        "changes",
        "entity",
        "entities",
        "table",
        "tables",
        "schema",
        "migration",
        "migrations",
        "model",
        "models",
        "database",
        "persisted",
        "persistence",
        "db",
    ];
    if words.iter().take(3).any(|t| t.is_one_of(&["zero"])) {
        return false;
    }
    if says_none(plain) && !words.get(1).is_some_and(|t| t.is_one_of(&["other", "existing"])) {
        return words.len() < 3
            || words.iter().take(14).any(|t| t.is_one_of(&things))
            || !leads_with_no(&words);
    }
    // `This spec introduces no new entities`, `does not add database entities`.
    let brings = [
        "introduce",
        "introduces",
        "introduced",
        "add",
        "adds",
        "added",
        "bring",
        "brings",
        "require",
        "requires",
        "required",
        "needed",
        "change",
        "changes",
        "proposed",
        "planned",
        "creates",
        "part",
    ];
    let narrow =
        ["entity", "entities", "table", "tables", "schema", "migration", "model", "models", "database"];
    words.iter().enumerate().any(|(at, word)| {
        let before = &words[at.saturating_sub(4)..at];
        let after = words.get(at + 1..(at + 7).min(words.len())).unwrap_or(&[]);
        let negates = word.is_one_of(&["no", "not"]);
        let other = after.first().is_some_and(|t| t.is_one_of(&["other", "only", "changes", "existing"]));
        negates
            && !other
            && after.iter().any(|t| t.is_one_of(&narrow))
            && (at == 0 && word.is_word("no") || before.iter().chain(after).any(|t| t.is_one_of(&brings)))
    }) || not_entities(&words)
}

fn leads_with_no(words: &[&Token<'_>]) -> bool {
    words.first().is_some_and(|t| t.is_one_of(&["no", "nothing"]))
}

/// `contracts, not business entities`
fn not_entities(words: &[&Token<'_>]) -> bool {
    words.windows(3).any(|w| {
        w[0].is_word("not")
            && (w[1].is_one_of(&["entities", "tables"]) || w[2].is_one_of(&["entities", "tables"]))
    })
}

/// The columns that a sentence gives to all entities.
pub(super) fn shared_columns(tokens: &[Token<'_>]) -> Vec<Field> {
    let mut start = 0;
    while start < tokens.len() {
        let end = sentence_end(tokens, start);
        let fields = shared_in(&tokens[start..end]);
        if !fields.is_empty() {
            return fields;
        }
        start = end.max(start + 1);
    }
    Vec::new()
}

fn sentence_end(tokens: &[Token<'_>], from: usize) -> usize {
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let next_spaced = tokens.get(at).is_none_or(|t| t.spaced);
        if token.is(".") && next_spaced {
            break;
        }
    }
    at
}

fn shared_in(sentence: &[Token<'_>]) -> Vec<Field> {
    let things = ["entities", "entity", "tables", "table", "models", "model", "rows", "records"];
    let verbs = [
        "include", "includes", "have", "has", "carry", "carries", "contain", "contains", "share", "shares",
        "inherit", "inherits", "use", "uses", "get", "gets", "follow", "follows", "require", "requires",
        "ship", "are", "add", "declare", "with", "extend",
    ];
    let Some(all) = sentence.iter().position(|t| t.is_one_of(&["all", "every", "each", "both"])) else {
        return Vec::new();
    };
    let rest = &sentence[all + 1..];
    let Some(thing) = rest.iter().take(7).position(|t| t.is_one_of(&things)) else { return Vec::new() };
    let rest = &rest[thing + 1..];
    let verb = rest.iter().take(5).position(|t| t.is_one_of(&verbs));
    let named = rest.iter().take(5).any(|t| t.is(":"));
    if verb.is_none() && !named {
        return Vec::new();
    }
    column_names(rest)
}

/// The columns named in code; what a comparison or a call holds is none.
pub(super) fn column_names(tokens: &[Token<'_>]) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for token in tokens {
        if token.is_one_of(&["except", "unless"]) {
            break;
        }
        if !token.is_code() {
            continue;
        }
        for part in token.text.split(',') {
            let part = part.trim();
            let end = part.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(part.len());
            let (name, said) = part.split_at(end);
            let camel = name.bytes().any(|b| b.is_ascii_uppercase())
                && name.starts_with(|c: char| c.is_ascii_lowercase());
            let column = name.contains('_') && entity_name(name).is_some()
                || camel
                || name == "id"
                || name == "metadata";
            if column && !said.contains(['=', '.', '/']) {
                let type_text = said.trim_matches(['(', ')', ':', ' ', '?']).to_owned();
                out.push(Field { name: name.to_owned(), type_text, span: token.span });
            }
        }
    }
    out
}
