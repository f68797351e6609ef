//! Tables in SQL, and columns in plain text blocks.

use super::fields::{RawField, is_field_name, is_type_word};
use super::naming::{entity_name, is_snake};
use trueup_text::Span;

/// A table that a statement creates or changes.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Its name without schema and quotes.
    pub name: String,
    /// Created, not altered.
    pub created: bool,
    /// Its columns, or those that are added.
    pub fields: Vec<RawField>,
    /// Its name's place.
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Word,
    Text,
    Mark,
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    sort: Sort,
    text: &'t str,
    at: usize,
    end: usize,
}

impl Token<'_> {
    fn is(&self, mark: &str) -> bool {
        self.sort == Sort::Mark && self.text == mark
    }

    fn word(&self, word: &str) -> bool {
        self.sort == Sort::Word && self.text.eq_ignore_ascii_case(word)
    }

    fn one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|w| self.word(w))
    }
}

/// Words that begin a constraint, not a column.
const CONSTRAINTS: &[&str] = &[
    "primary",
    "unique",
    "constraint",
    "foreign",
    "check",
    "index",
    "exclude",
    "like",
    "partition",
    "fulltext",
    "partial",
];

/// The tables of SQL statements.
pub(super) fn read(source: &str, base: usize) -> Vec<Table> {
    let tokens = lex(source);
    let mut out: Vec<Table> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = if tokens[at].word("create") {
            create(source, base, &tokens, at, &mut out)
        } else if tokens[at].word("alter") && tokens.get(at + 1).is_some_and(|t| t.word("table")) {
            alter(source, base, &tokens, at + 2, &mut out)
        } else {
            at + 1
        };
    }
    out
}

fn lex(source: &str) -> Vec<Token<'_>> {
    let bytes = source.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        let c = rest.chars().next().unwrap_or(' ');
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else {
            let (sort, len) = if c == '\'' {
                (Sort::Text, rest[1..].find('\'').map_or(1, |end| end + 2))
            } else if c == '"' || c == '`' {
                (Sort::Word, rest[1..].find([c, '\n']).map_or(1, |end| end + 2))
            } else if c.is_alphanumeric() || c == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                (Sort::Word, end.unwrap_or(rest.len()))
            } else {
                (Sort::Mark, c.len_utf8())
            };
            out.push(Token { sort, text: &rest[..len], at, end: at + len });
            at += len;
        }
    }
    out
}

/// The name at a place (`schema.table`, quoted) and where it ends.
fn name_at<'t>(tokens: &[Token<'t>], mut at: usize) -> Option<(Token<'t>, usize)> {
    loop {
        let token = tokens.get(at).filter(|t| t.sort == Sort::Word)?;
        if tokens.get(at + 1).is_some_and(|t| t.is(".")) {
            at += 2;
        } else {
            return Some((*token, at + 1));
        }
    }
}

fn bare(name: &str) -> &str {
    name.trim_matches(['"', '`', '\n'])
}

fn skip_words(tokens: &[Token<'_>], mut at: usize, words: &[&str]) -> usize {
    while tokens.get(at).is_some_and(|t| t.one_of(words)) {
        at += 1;
    }
    at
}

fn create(source: &str, base: usize, tokens: &[Token<'_>], at: usize, out: &mut Vec<Table>) -> usize {
    let table =
        skip_words(tokens, at + 1, &["or", "replace", "temp", "temporary", "unlogged", "global", "foreign"]);
    if !tokens.get(table).is_some_and(|t| t.word("table")) {
        return at + 1;
    }
    let name = skip_words(tokens, table + 1, &["if", "not", "exists"]);
    let Some((name, open)) = name_at(tokens, name) else { return at + 1 };
    if tokens.get(open).is_some_and(|t| t.word("partition")) {
        return open;
    }
    let mut fields = Vec::new();
    let mut next = open;
    if tokens.get(open).is_some_and(|t| t.is("(")) {
        next = columns(source, base, tokens, open, &mut fields);
    }
    let span = Span::new(base + name.at, base + name.end);
    out.push(Table { name: bare(name.text).to_owned(), created: true, fields, span });
    next
}

/// The columns between the brackets of a `CREATE TABLE`.
fn columns(source: &str, base: usize, tokens: &[Token<'_>], open: usize, out: &mut Vec<RawField>) -> usize {
    let mut depth = 1usize;
    let mut at = open + 1;
    let mut start = at;
    while let Some(token) = tokens.get(at) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth -= 1;
        } else if token.word("create") && depth == 1 && at > start {
            // A bracket that never closes.
            break;
        }
        if depth == 0 || depth == 1 && token.is(",") {
            column(source, base, &tokens[start..at], out);
            start = at + 1;
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

fn column(source: &str, base: usize, tokens: &[Token<'_>], out: &mut Vec<RawField>) {
    let Some(name) = tokens.first().filter(|t| t.sort == Sort::Word) else { return };
    let column = bare(name.text);
    // `key text` is a column, `key (a, b)` is none.
    let key = name.one_of(&["key"]) && tokens.get(1).is_none_or(|t| t.is("("));
    if name.one_of(CONSTRAINTS) || key || !is_column(column) {
        return;
    }
    let type_text = match (tokens.get(1), tokens.last()) {
        (Some(first), Some(last)) => source.get(first.at..last.end).unwrap_or(""),
        _ => "",
    };
    let type_text =
        type_text.split("--").next().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    let span = Span::new(base + name.at, base + name.end);
    out.push(RawField { owner: None, name: column.to_owned(), type_text, span });
}

fn is_column(name: &str) -> bool {
    is_field_name(name)
        || !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit())
}

fn alter(source: &str, base: usize, tokens: &[Token<'_>], at: usize, out: &mut Vec<Table>) -> usize {
    let from = skip_words(tokens, at, &["if", "exists", "only"]);
    let Some((name, mut at)) = name_at(tokens, from) else { return from.max(at) };
    let mut fields = Vec::new();
    let mut depth = 0usize;
    let mut start: Option<usize> = None;
    while let Some(token) = tokens.get(at) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        }
        let over = token.is(";") || depth == 0 && token.word("create") || depth == 0 && is_alter(tokens, at);
        if (over || depth == 0 && token.is(","))
            && let Some(start) = start.take()
        {
            column(source, base, tokens.get(start..at).unwrap_or(&[]), &mut fields);
        }
        if over {
            break;
        }
        if depth == 0 && token.word("add") {
            let next = skip_words(tokens, at + 1, &["column", "if", "not", "exists"]);
            start = Some(next);
        }
        at += 1;
    }
    if let Some(start) = start {
        column(source, base, tokens.get(start..at).unwrap_or(&[]), &mut fields);
    }
    let span = Span::new(base + name.at, base + name.end);
    let name = bare(name.text).to_owned();
    out.push(Table { name, created: false, fields, span });
    at
}

fn is_alter(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].word("alter") && tokens.get(at + 1).is_some_and(|t| t.word("table"))
}

/// What a block of plain text says: a tree or a list of columns, with the table where one is named.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// The table.
    pub table: Option<(String, Span)>,
    /// The columns.
    pub fields: Vec<RawField>,
}

/// Reads columns from lines (`├── parent_id  UUID NULL`, `- id uuid`, `orders.status text`).
pub(super) fn read_lines(source: &str, base: usize) -> Listing {
    let mut out = Listing::default();
    let mut at = base;
    for line in source.split_inclusive('\n') {
        let glyph = |c: char| {
            c.is_whitespace() || matches!(c, '├' | '└' | '│' | '─' | '|' | '-' | '*' | '+' | '•' | '`')
        };
        let text = line.trim_start_matches(glyph);
        let lead = line.len() - text.len();
        let text = text.trim_end();
        read_line(text, at + lead, &mut out);
        at += line.len();
    }
    out
}

fn read_line(line: &str, at: usize, out: &mut Listing) {
    let word_len =
        line.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(line.len());
    let (word, rest) = line.split_at(word_len);
    let rest = rest.trim_start_matches([':', '?']).trim();
    if word.eq_ignore_ascii_case("table") && out.table.is_none() {
        let name = rest.split_whitespace().next().unwrap_or("").trim_matches(['`', '"']);
        if let Some(name) = entity_name(name) {
            let start = at + line.find(name).unwrap_or(0);
            out.table = Some((name.to_owned(), Span::new(start, start + name.len())));
        }
        return;
    }
    if rest.is_empty() {
        let alone = is_snake(word) && word.contains('_') && out.table.is_none() && out.fields.is_empty();
        if alone {
            out.table = Some((word.to_owned(), Span::new(at, at + word.len())));
        }
        return;
    }
    let typed = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().is_some_and(is_type_word);
    let (owner, name) = match word.rsplit_once('.') {
        Some((owner, name)) => (entity_name(owner).map(str::to_owned), name),
        None => (None, word),
    };
    if !typed || !is_field_name(name) || word.contains('.') && owner.is_none() {
        return;
    }
    let start = at + word.len() - name.len();
    let type_text = rest.split("--").next().unwrap_or("").trim().to_owned();
    out.fields.push(RawField {
        owner,
        name: name.to_owned(),
        type_text,
        span: Span::new(start, start + name.len()),
    });
}
