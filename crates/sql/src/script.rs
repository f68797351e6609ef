//! A script as its statements, split as `psql` does (its `psqlscan.l`): at semicolons outside of quotes, comments,
//! brackets and the bodies between `BEGIN ATOMIC` and `END`.

use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use trueup_text::Span;

/// A script, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Commands of the client, which no server understands.
    pub commands: Vec<ClientCommand>,
    /// What is opened and never closed.
    pub unclosed: Option<Unclosed>,
}

/// A statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// From its first word to its last, without the semicolon.
    pub span: Span,
    /// The line of its first word, from 1.
    pub line: u32,
    /// The lines of data that follow `COPY … FROM STDIN`, without the last one (`\.`).
    pub data: Option<Span>,
}

/// A command of `psql`: `\copy`, `\i`, `\set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientCommand {
    /// From the backslash to the end of the line.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
}

impl ClientCommand {
    /// Its name with the backslash.
    pub fn name<'t>(&self, text: &'t str) -> &'t str {
        self.span.text(text).split(char::is_whitespace).next().unwrap_or("")
    }
}

/// Something that the end of the script leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// What it is: "a quoted string", "a comment".
    pub what: &'static str,
    /// The line where it begins, from 1.
    pub line: u32,
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str) -> Script {
        let mut reader =
            Reader { text, lines: Lines::default(), open: Open::default(), script: Script::default() };
        let mut from = 0;
        while let Some(next) = reader.part(from) {
            from = next;
        }
        reader.script
    }
}

impl Statement {
    /// Its text.
    pub fn text<'t>(&self, script: &'t str) -> &'t str {
        self.span.text(script)
    }
}

/// Lines counted forward, so that a script is gone through once.
#[derive(Default)]
struct Lines {
    at: usize,
    line: u32,
}

impl Lines {
    /// The line of a place that is not before the last one asked for, from 1.
    fn of(&mut self, text: &str, place: usize) -> u32 {
        let passed = text.as_bytes().get(self.at..place).unwrap_or(&[]);
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at = self.at.max(place);
        self.line + 1
    }
}

/// The statement that is being read.
#[derive(Default)]
struct Open {
    /// Its first and its last place.
    span: Option<(usize, usize)>,
    line: u32,
    /// Round brackets that are open.
    brackets: u32,
    /// Its first words, in capitals; what follows says nothing about where it ends.
    words: Vec<String>,
    /// Bodies between `BEGIN ATOMIC` and `END`, and `CASE` inside of them.
    bodies: u32,
}

/// `CREATE OR REPLACE FUNCTION` is told by its first words.
const FIRST_WORDS: usize = 4;

impl Open {
    fn word(&mut self, word: &str) {
        let word = word.to_ascii_uppercase();
        let makes_function = matches!(self.words.as_slice(), [create, kind, ..] if create == "CREATE" && is_routine(kind))
            || matches!(self.words.as_slice(), [create, or, replace, kind, ..]
                if create == "CREATE" && or == "OR" && replace == "REPLACE" && is_routine(kind));
        if makes_function && self.brackets == 0 {
            match word.as_str() {
                "BEGIN" => self.bodies += 1,
                "CASE" if self.bodies > 0 => self.bodies += 1,
                "END" => self.bodies = self.bodies.saturating_sub(1),
                _ => {}
            }
        }
        if self.words.len() < FIRST_WORDS {
            self.words.push(word);
        }
    }
}

fn is_routine(word: &str) -> bool {
    matches!(word, "FUNCTION" | "PROCEDURE")
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
    open: Open,
    script: Script,
}

impl Reader<'_> {
    /// Reads on from a place, up to something that is no SQL: data or a command of the client. Where to go on.
    fn part(&mut self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        let mut start = from;
        for token in tokenize(rest) {
            let end = start + token.len as usize;
            let text = self.text.get(start..end).unwrap_or("");
            if text.starts_with('\\') {
                return self.command(start);
            }
            if let Some(what) = unclosed(token.kind) {
                let line = self.lines.of(self.text, start);
                self.script.unclosed = Some(Unclosed { what, line });
            }
            match token.kind {
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => {}
                TokenKind::Semi if self.open.brackets == 0 && self.open.bodies == 0 => {
                    if self.close() && self.takes_data() {
                        return self.data(end);
                    }
                }
                kind => self.token(kind, text, start, end),
            }
            start = end;
        }
        self.close();
        None
    }

    fn token(&mut self, kind: TokenKind, text: &str, start: usize, end: usize) {
        match &mut self.open.span {
            Some((_, last)) => *last = end,
            None => {
                self.open.line = self.lines.of(self.text, start);
                self.open.span = Some((start, end));
            }
        }
        match kind {
            TokenKind::OpenParen => self.open.brackets += 1,
            TokenKind::CloseParen => self.open.brackets = self.open.brackets.saturating_sub(1),
            TokenKind::Ident => self.open.word(text),
            _ => {}
        }
    }

    /// Ends the statement at hand; whether there was one.
    fn close(&mut self) -> bool {
        let open = std::mem::take(&mut self.open);
        let Some((start, end)) = open.span else { return false };
        self.script.statements.push(Statement { span: Span::new(start, end), line: open.line, data: None });
        true
    }

    /// Whether data follows the last statement.
    fn takes_data(&self) -> bool {
        let last = self.script.statements.last().map_or("", |statement| statement.text(self.text));
        let mut words = crate::Words::of(last);
        if !words.next().is_some_and(|word| word.eq_ignore_ascii_case("COPY")) {
            return false;
        }
        let words: Vec<&str> = words.collect();
        words.windows(2).any(|pair| {
            matches!(pair, [from, stdin]
            if from.eq_ignore_ascii_case("FROM") && stdin.eq_ignore_ascii_case("STDIN"))
        })
    }

    /// Takes the lines of data after a semicolon, up to `\.` or the end.
    fn data(&mut self, from: usize) -> Option<usize> {
        let rest = self.text.get(from..)?;
        let begin = from + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let mut end = begin;
        let mut next = begin;
        for line in self.text.get(begin..)?.split_inclusive('\n') {
            next += line.len();
            if line.trim_end() == "\\." {
                break;
            }
            end = next;
        }
        if let Some(statement) = self.script.statements.last_mut() {
            statement.data = Some(Span::new(begin, end));
        }
        Some(next)
    }

    /// Takes a command of the client. Those that send what stands before them (`\g`, `\gexec`) end the statement.
    fn command(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let end = start + rest.find('\n').unwrap_or(rest.len());
        let shown = self.text.get(start..end)?.trim_end();
        if shown.starts_with("\\g") {
            self.close();
        }
        let line = self.lines.of(self.text, start);
        let span = Span::new(start, start + shown.len());
        self.script.commands.push(ClientCommand { span, line });
        Some(end)
    }
}

/// What a token leaves open.
fn unclosed(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::BlockComment { terminated: false } => Some("a comment"),
        TokenKind::QuotedIdent { terminated: false, .. } => Some("a quoted name"),
        TokenKind::Literal { kind: LiteralKind::DollarQuotedString { terminated: false } } => {
            Some("a body in dollars")
        }
        TokenKind::Literal {
            kind:
                LiteralKind::Str { terminated: false }
                | LiteralKind::NationalStr { terminated: false }
                | LiteralKind::ByteStr { terminated: false }
                | LiteralKind::BitStr { terminated: false }
                | LiteralKind::UnicodeEscStr { terminated: false }
                | LiteralKind::EscStr { terminated: false },
        } => Some("a quoted string"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
