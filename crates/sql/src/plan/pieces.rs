//! The statements of a file with their comments.

use squawk_lexer::{TokenKind, tokenize};

use crate::effect::{Action, Effect, Phase};
use crate::lint::transaction_word;
use crate::phases::Phased;
use crate::script::{Script, Statement};
use crate::words::Words;

/// A part of a file that is proposed: a statement, or one of those that take its place.
pub(super) struct Piece {
    /// The statement of the old file, from 0.
    pub from: usize,
    /// Its line in the old file.
    pub line: u32,
    pub phase: Phase,
    pub text: String,
    /// Whether it can run in no transaction.
    pub alone: bool,
    pub effects: Vec<Effect>,
    /// Its words in small letters, without quotes.
    pub words: Vec<String>,
    pub note: Option<String>,
    /// Whether it stands as it stood.
    pub verbatim: bool,
    /// Whether somebody has to write something in it.
    pub unfinished: bool,
}

/// A statement of the old file.
pub(super) struct Part<'t> {
    pub at: usize,
    pub line: u32,
    /// The comments before it.
    pub comments: &'t str,
    /// The statement itself, without its semicolon.
    pub statement: &'t str,
    /// The statement, its semicolon, the comment behind that, and its data.
    pub whole: &'t str,
    pub phased: Phased,
    /// Whether the table that it is on was there before the file.
    pub of_old: bool,
}

/// A file, taken apart.
pub(super) struct Source<'t> {
    /// The comment at its top, with a blank line behind it.
    pub header: &'t str,
    /// Statements that only set something for those behind them.
    pub settings: Vec<(usize, &'t str)>,
    pub parts: Vec<Part<'t>>,
    /// Whether it stands between `BEGIN` and `COMMIT`.
    pub wrapped: bool,
}

impl<'t> Source<'t> {
    /// Takes a file apart, or tells the line that stands in the way and why.
    pub(super) fn read(
        text: &'t str,
        script: &Script,
        phased: Vec<Phased>,
    ) -> Result<Source<'t>, (u32, String)> {
        let mut source = Source { header: "", settings: Vec::new(), parts: Vec::new(), wrapped: false };
        let mut done = 0;
        let mut ended = false;
        let mut made: Vec<String> = Vec::new();
        for (at, (statement, phased)) in script.statements.iter().zip(phased).enumerate() {
            let range = statement.span.range();
            let mut comments = text.get(done..range.start).unwrap_or("");
            if at == 0 {
                (source.header, comments) = split_header(comments);
            }
            done = end_of(text, statement);
            let whole = text.get(range.start..done).unwrap_or("").trim_end();
            let inner = statement.text(text);
            if ended {
                return Err((
                    statement.line,
                    "there are statements behind the end of the transaction".to_owned(),
                ));
            }
            match transaction_word(inner) {
                Some(true) if source.parts.is_empty() && !source.wrapped => source.wrapped = true,
                Some(false) if source.wrapped => ended = true,
                Some(_) => {
                    let why = "transactions begin or end in the middle of the file";
                    return Err((statement.line, why.to_owned()));
                }
                None if is_savepoint(inner) => {
                    return Err((statement.line, "it uses savepoints".to_owned()));
                }
                // What does more than set something is done once.
                None if is_setting(inner) && phased.effects.is_empty() => source.settings.push((at, whole)),
                None => {
                    let comments = comments.trim();
                    let tables = phased.effects.iter().filter_map(|effect| effect.place.table.as_deref());
                    let of_old = !tables.into_iter().any(|table| made.iter().any(|one| one == table));
                    made.extend(tables_made(&phased));
                    let line = statement.line;
                    source.parts.push(Part { at, line, comments, statement: inner, whole, phased, of_old });
                }
            }
        }
        if source.wrapped && !ended {
            let line = script.statements.first().map_or(1, |first| first.line);
            return Err((line, "the transaction that begins here is not ended".to_owned()));
        }
        Ok(source)
    }
}

/// Names of what an index can be on.
fn tables_made(phased: &Phased) -> impl Iterator<Item = String> + '_ {
    let made = phased.effects.iter().filter(|effect| {
        effect.action == Action::Create && matches!(effect.kind.as_str(), "table" | "materialized view")
    });
    made.map(|effect| effect.place.name.clone())
}

/// The first words of a statement, in capitals.
fn first_words(statement: &str) -> Vec<String> {
    Words::of(statement).take(4).map(str::to_ascii_uppercase).collect()
}

fn is_savepoint(statement: &str) -> bool {
    let words = first_words(statement);
    words.first().is_some_and(|word| ["SAVEPOINT", "RELEASE", "ROLLBACK"].contains(&word.as_str()))
}

fn is_setting(statement: &str) -> bool {
    let words = first_words(statement);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["SET" | "RESET", ..] | ["SELECT", "SET_CONFIG", ..] | ["SELECT", "PG_CATALOG", "SET_CONFIG", ..]
    )
}

/// The comment that is about the file, and what stands before its first statement.
fn split_header(comments: &str) -> (&str, &str) {
    // A blank line inside of a comment ends nothing.
    let (mut cut, mut start) = (0, 0);
    for token in tokenize(comments) {
        let end = start + token.len as usize;
        let blank = comments.get(start..end).is_some_and(|text| text.matches('\n').count() > 1);
        if token.kind == TokenKind::Whitespace && blank {
            cut = end;
        }
        start = end;
    }
    comments.split_at_checked(cut).unwrap_or(("", comments))
}

/// Where a statement ends with its semicolon, a comment behind that on the same line, or its data.
fn end_of(text: &str, statement: &Statement) -> usize {
    if let Some(data) = statement.data {
        let end = data.range().end;
        let mark = text.get(end..).filter(|rest| rest.starts_with("\\."));
        return end + mark.map_or(0, |rest| rest.find('\n').map_or(rest.len(), |at| at + 1));
    }
    let mut end = statement.span.range().end;
    let mut closed = None;
    for token in tokenize(text.get(end..).unwrap_or("")) {
        let next = end + token.len as usize;
        match token.kind {
            TokenKind::Semi if closed.is_none() => closed = Some(next),
            TokenKind::LineComment | TokenKind::BlockComment { .. } if closed.is_some() => {
                closed = Some(next)
            }
            TokenKind::LineComment | TokenKind::BlockComment { .. } | TokenKind::Whitespace => {
                if closed.is_some() && text.get(end..next).is_some_and(|blank| blank.contains('\n')) {
                    break;
                }
            }
            _ => break,
        }
        end = next;
    }
    closed.unwrap_or(statement.span.range().end)
}

/// The words of a statement, for what it speaks of.
pub(super) fn words_of(statement: &str) -> Vec<String> {
    let mut words: Vec<String> =
        Words::of(statement).map(|word| word.trim_matches('"').to_lowercase()).collect();
    // What stands in bodies and strings is spoken of as well.
    if let Some(body) = statement.split_once('$') {
        let inner = body.1.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.extend(inner.filter(|word| !word.is_empty()).map(str::to_lowercase));
    }
    words.sort_unstable();
    words.dedup();
    words
}
