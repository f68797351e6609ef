//! Fields in bullets and tables.

use super::lex::{Token, TokenKind, lex};
use super::naming::{entity_name, is_pascal};
use crate::facts::support::Grid;
use trueup_markdown::{Document, NodeId};
use trueup_text::Span;

/// A field as it was found.
#[derive(Clone, Debug)]
pub(super) struct RawField {
    /// The entity in front of the point (`orders.status`).
    pub owner: Option<String>,
    /// Its name.
    pub name: String,
    /// Its type and what else is said.
    pub type_text: String,
    /// Where it stands.
    pub span: Span,
}

/// Words of a column's or a property's type.
const TYPE_WORDS: &[&str] = &[
    "uuid",
    "text",
    "string",
    "varchar",
    "char",
    "int",
    "integer",
    "bigint",
    "smallint",
    "serial",
    "bigserial",
    "numeric",
    "decimal",
    "float",
    "double",
    "real",
    "boolean",
    "bool",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "timestamp_tz",
    "datetime",
    "json",
    "jsonb",
    "bytea",
    "blob",
    "enum",
    "number",
    "array",
    "inet",
    "citext",
    "interval",
    "money",
    "vector",
    "tsvector",
    "object",
    "id",
    "fk",
    "pk",
    "nullable",
    "optional",
    "required",
    "list",
    "map",
    "record",
    "ulid",
    "objectid",
    "longtext",
    "mediumtext",
    "tinyint",
    "binary",
    "unsigned",
    "primary",
    "not",
];

/// Words that may stand in front of a field in a bullet (`Add nullable column`).
const LEADS: &[&str] = &[
    "add",
    "adds",
    "added",
    "new",
    "nullable",
    "optional",
    "additive",
    "required",
    "column",
    "columns",
    "field",
    "fields",
    "property",
    "properties",
    "a",
    "an",
    "the",
    "extra",
    "indexed",
    "additional",
    "boolean",
    "optionally",
    "introduce",
    "introduces",
    "json",
    "jsonb",
    "text",
    "two",
    "one",
    "three",
];

/// Words that make a sentence, so that no list of fields goes on behind them.
const PROSE: &[&str] = &[
    "when",
    "if",
    "for",
    "to",
    "from",
    "of",
    "is",
    "are",
    "must",
    "with",
    "by",
    "in",
    "on",
    "as",
    "the",
    "and",
    "or",
    "stays",
    "remains",
    "becomes",
    "has",
    "have",
    "holds",
    "via",
    "links",
    "uses",
    "references",
    "matches",
    "plus",
];

/// Whether a word is one of a type.
pub(super) fn is_type_word(word: &str) -> bool {
    TYPE_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a text can be a field's name.
pub(super) fn is_field_name(text: &str) -> bool {
    !text.is_empty()
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.bytes().any(|b| b.is_ascii_lowercase())
}

/// The fields that a piece of code names: `a`, `a: uuid`, `a text not null`, `orders.a`, `a, b`.
fn code_fields(token: &Token<'_>, loose: bool) -> Vec<RawField> {
    let code = token.text;
    let head_len = code.find([':', ' ', '(', '=']).unwrap_or(code.len());
    let (head, tail) = code.split_at(head_len);
    if tail.trim_start().starts_with('=') {
        return Vec::new();
    }
    let separator = if code.contains(',') { ',' } else { '/' };
    let listed: Vec<&str> = code.split(separator).map(str::trim).collect();
    if listed.len() > 1 && listed.iter().all(|n| is_field_name(n)) {
        return listed.iter().map(|n| raw(None, n, "", token.span)).collect();
    }
    let bare = head.trim_end_matches(['?', '!']).trim_end_matches("[]");
    let (owner, name) = match bare.rsplit_once('.') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, bare),
    };
    let owner = match owner {
        Some(owner) => match entity_name(owner) {
            Some(known) => Some(known.to_owned()),
            None => return Vec::new(),
        },
        None => None,
    };
    let upper = name.starts_with(|c: char| c.is_ascii_uppercase());
    if !is_field_name(name) || upper && !loose && is_pascal(name) {
        return Vec::new();
    }
    let typed = tail.trim_start_matches([':', ' ']).trim();
    let first_word = typed.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
    let known = match tail.as_bytes().first() {
        None | Some(b':') => true,
        Some(b'(') => tail[1..].split(|c: char| !c.is_alphanumeric()).next().is_some_and(is_type_word),
        _ => is_type_word(first_word),
    };
    if known { vec![raw(owner, name, typed, token.span)] } else { Vec::new() }
}

fn raw(owner: Option<String>, name: &str, type_text: &str, span: Span) -> RawField {
    RawField { owner, name: name.to_owned(), type_text: type_text.to_owned(), span }
}

/// The fields at the front of a bullet and whether it says that they are added. `eager` takes bare names.
pub(super) fn bullet_fields(text: &str, tokens: &[Token<'_>], eager: bool) -> (Vec<RawField>, bool) {
    let (mut at, added) = skip_lead(tokens);
    let mut out: Vec<RawField> = Vec::new();
    let Some(first) = tokens.get(at) else { return (out, added) };
    if first.kind == TokenKind::Word {
        return (bare_fields(text, &tokens[at..], eager), added);
    }
    while let Some(token) = tokens.get(at) {
        if !token.is_code() {
            break;
        }
        let mut found = code_fields(token, false);
        if found.is_empty() {
            break;
        }
        out.append(&mut found);
        at += 1;
        let next = type_end(tokens, at);
        if let Some(last) = out.last_mut()
            && next > at
            && last.type_text.is_empty()
        {
            last.type_text = words_between(text, &tokens[at..next]);
        }
        match follower(tokens, next) {
            Some(follower) if is_short(&tokens[at..next]) => at = follower,
            _ => {
                owner_behind(&tokens[next.min(tokens.len())..], &tokens[at..next], &mut out);
                share_type(text, tokens, at, &mut out);
                break;
            }
        }
    }
    (out, added)
}

/// `Add `x` to `orders``: the entity behind the fields.
fn owner_behind(behind: &[Token<'_>], words: &[Token<'_>], out: &mut [RawField]) {
    let all: Vec<&Token<'_>> = words.iter().chain(behind).take(8).collect();
    let Some(to) = all.iter().take(4).position(|t| t.is_one_of(&["to", "on"])) else { return };
    let plain = |t: &&&Token<'_>| !t.is_one_of(&["the", "existing", "table", "entity", "model"]);
    let rest = all[to + 1..].iter().find(plain);
    let Some(name) = rest.filter(|t| t.is_code()).and_then(|t| entity_name(t.text)) else { return };
    for field in out {
        field.owner.get_or_insert_with(|| name.to_owned());
    }
}

/// Fields without a type of their own get what stands behind the last one.
fn share_type(text: &str, tokens: &[Token<'_>], at: usize, out: &mut [RawField]) {
    let Some(from) = tokens.get(at) else { return };
    let skip = usize::from(from.is(":") || from.is_dash());
    let rest = words_between(text, &tokens[(at + skip).min(tokens.len())..]);
    for field in out.iter_mut().rev().take_while(|f| f.type_text.is_empty() || f.type_text == ":") {
        field.type_text.clone_from(&rest);
    }
    if let Some(last) = out.last_mut()
        && last.type_text.len() < rest.len()
    {
        last.type_text = rest;
    }
}

fn words_between(text: &str, tokens: &[Token<'_>]) -> String {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return String::new() };
    trueup_template::strip_inline(first.span.cover(last.span).text(text))
}

/// Skips `(optional)`, `New nullable column`, check marks.
fn skip_lead(tokens: &[Token<'_>]) -> (usize, bool) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.is("(") {
            match tokens[at..].iter().take(4).position(|t| t.is(")")) {
                Some(len) if !tokens[at..at + len].iter().any(Token::is_code) => at += len + 1,
                _ => break,
            }
        } else if token.is("[") || token.is("]") || token.is("+") || token.is("✅") {
            at += 1;
        } else {
            break;
        }
    }
    let words = tokens[at..].iter().take_while(|t| t.is_one_of(LEADS) || t.is(":")).count();
    if words > 0 && tokens.get(at + words).is_some_and(Token::is_code) {
        let added =
            tokens[at..at + words].iter().any(|t| t.is_one_of(&["add", "adds", "added", "new", "additive"]));
        return (at + words, added);
    }
    (at, false)
}

/// Where the words of a type end: at a comma, a colon, a dash or the end of the sentence.
fn type_end(tokens: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            let joins = token.is(",") || token.is("/") || token.is("&") || token.is("+") || token.is(";");
            let ends = token.is(":") || token.is_dash() || token.is(".") || token.is("|");
            let and = token.is_word("and") && tokens.get(at + 1).is_some_and(Token::is_code);
            if joins || ends || and {
                return at;
            }
        }
    }
    tokens.len()
}

/// The next field behind a comma.
fn follower(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let separator = tokens.get(at)?;
    let joins = separator.is(",")
        || separator.is("/")
        || separator.is("&")
        || separator.is("+")
        || separator.is(";")
        || separator.is_word("and");
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|t| t.is_one_of(&["and", "optional", "nullable", "plus"])) {
        next += 1;
    }
    (joins && tokens.get(next).is_some_and(Token::is_code)).then_some(next)
}

fn is_short(words: &[Token<'_>]) -> bool {
    let mut depth = 0usize;
    let mut count = 0;
    for token in words {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            count += 1;
            if token.is_code() && !token.text.contains(['\'', '"']) || token.is_one_of(PROSE) {
                return false;
            }
        }
    }
    count <= 6
}

/// `id: uuid`, `created_at (timestamptz)`, `tenant_id, organization_id` without ticks.
fn bare_fields(text: &str, tokens: &[Token<'_>], eager: bool) -> Vec<RawField> {
    let Some(first) = tokens.first() else { return Vec::new() };
    if !is_field_name(first.text) || !first.text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
        return Vec::new();
    }
    let snake = first.text.contains('_');
    let next = tokens.get(1);
    let typed = |t: &Token<'_>| {
        t.kind == TokenKind::Word
            && is_type_word(t.text)
            && !t.is_one_of(&["required", "optional", "not", "list"])
    };
    let marked = next.is_some_and(|t| t.is(":") || t.is("?"));
    let bracketed = next.is_some_and(|t| t.is("(")) && tokens.get(2).is_some_and(typed);
    let ends = next.is_none_or(|t| t.is(",") || t.is_dash() || t.is("/"));
    if !(marked || bracketed || next.is_some_and(typed) || ends && (snake || eager)) {
        return Vec::new();
    }
    let list: Vec<&Token<'_>> = tokens.iter().step_by(2).collect();
    let commas = tokens.iter().skip(1).step_by(2).all(|t| t.is(","));
    if tokens.len() > 1 && commas && list.iter().all(|t| is_field_name(t.text)) {
        return list.iter().map(|t| raw(None, t.text, "", t.span)).collect();
    }
    // A label in front of code is no field: `tenancy: `tenant_id`, `organization_id``.
    if marked && labelled_fields(tokens).len() > 1 {
        return Vec::new();
    }
    let skip = if marked { 2 } else { 1 };
    vec![raw(None, first.text, &words_between(text, &tokens[skip.min(tokens.len())..]), first.span)]
}

/// `Lifecycle: `created_at`, `updated_at``: fields behind a label.
pub(super) fn labelled_fields(tokens: &[Token<'_>]) -> Vec<RawField> {
    let Some(colon) = tokens.iter().take(6).position(|t| t.is(":")) else { return Vec::new() };
    let mut out = Vec::new();
    let mut depth = 0usize;
    for token in &tokens[colon + 1..] {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        } else if depth > 0 {
            continue;
        } else if token.is_code() {
            let found = code_fields(token, false);
            if found.is_empty() {
                return Vec::new();
            }
            out.extend(found);
        } else if !(token.is(",")
            || token.is("/")
            || token.is(".")
            || token.is_one_of(&["and", "optional", "nullable", "plus"]))
        {
            return Vec::new();
        }
    }
    out
}

/// Columns whose cells are fields.
const FIELD_COLUMNS: &[&str] = &[
    "column",
    "field",
    "column name",
    "field name",
    "columns",
    "fields",
    "attribute",
    "property",
    "key",
    "name",
    "new column",
    "new field",
    "db column",
    "added column",
    "column field",
];

/// Which column holds the fields; `None` for other tables.
fn field_column(grid: &Grid) -> Option<usize> {
    let typed = grid.columns.iter().any(|c| {
        ["type", "kind", "data type", "db type", "ts type", "sql type", "datatype"].contains(&c.as_str())
    });
    let said = |names: &[&str]| grid.columns.iter().any(|c| names.contains(&c.as_str()));
    let described =
        said(&["notes", "note", "description", "purpose", "constraints", "constraint", "meaning", "details"]);
    grid.columns.iter().take(2).position(|c| {
        let c = c.as_str();
        let sure = matches!(
            c,
            "column"
                | "field"
                | "column name"
                | "field name"
                | "db column"
                | "new column"
                | "new field"
                | "added column"
        );
        FIELD_COLUMNS.contains(&c) && (typed || sure && described && grid.columns.len() > 1)
    })
}

/// The fields of a table; `None` where it is no table of fields.
pub(super) fn table_fields(document: &Document, grid: &Grid) -> Option<Vec<RawField>> {
    if let Some(fields) = change_table(document, grid) {
        return Some(fields);
    }
    let column = field_column(grid)?;
    let types = grid.column(&["type", "data type", "kind", "db type", "ts type", "sql type", "datatype"]);
    let mut out = Vec::new();
    for row in &grid.rows {
        let Some(cell) = row.cells.get(column) else { continue };
        let type_text = types.filter(|t| *t != column).and_then(|at| row.cells.get(at));
        let type_text = type_text.map(|c| document.plain(*c).trim().to_owned()).unwrap_or_default();
        for mut field in cell_fields(document, *cell) {
            if !type_text.is_empty() {
                field.type_text.clone_from(&type_text);
            }
            out.push(field);
        }
    }
    Some(out)
}

/// `| **Add column** | `project_id` (uuid) |`
fn change_table(document: &Document, grid: &Grid) -> Option<Vec<RawField>> {
    let first = grid.columns.first()?.as_str();
    if !matches!(first, "change" | "action" | "operation" | "delta") || grid.columns.len() < 2 {
        return None;
    }
    let mut out = Vec::new();
    for row in &grid.rows {
        let [what, detail, ..] = row.cells.as_slice() else { continue };
        let said = document.plain(*what).to_lowercase();
        let adds = ["add", "new"].iter().any(|w| said.contains(w));
        if adds && ["column", "field", "propert"].iter().any(|w| said.contains(w)) {
            let span = document.content_span(*detail);
            let tokens = lex(span.text(document.text()), span.start as usize);
            out.extend(bullet_fields(document.text(), &tokens, true).0);
        }
    }
    Some(out)
}

/// The fields of a cell; a row that only parts groups has none.
pub(super) fn cell_fields(document: &Document, cell: NodeId) -> Vec<RawField> {
    let span = document.content_span(cell);
    let tokens = lex(span.text(document.text()), span.start as usize);
    let has_code = tokens.iter().any(Token::is_code);
    let mut out = Vec::new();
    if has_code {
        for token in &tokens {
            if token.is_code() {
                out.extend(code_fields(token, true));
            } else if !(token.is(",")
                || token.is("/")
                || token.is("+")
                || token.is("&")
                || token.is_word("and")
                || token.is("?"))
            {
                break;
            }
        }
        return out;
    }
    // A qualifier may follow: `name (PK)`.
    let named = tokens.iter().position(|t| t.is("(") || t.is("?") || t.is("*")).unwrap_or(tokens.len());
    let names: Vec<&Token<'_>> = tokens[..named].iter().filter(|t| !t.is(",") && !t.is("/")).collect();
    let parted = tokens[..named].iter().filter(|t| t.is(",") || t.is("/")).count();
    let words_only = names.iter().all(|t| {
        let low = t.text.starts_with(|c: char| c.is_ascii_lowercase());
        t.kind == TokenKind::Word && is_field_name(t.text) && (low || !t.bold)
    });
    if words_only && names.len() == parted + 1 {
        out.extend(names.iter().map(|t| raw(None, t.text, "", t.span)));
    }
    out
}
