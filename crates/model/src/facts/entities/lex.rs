//! The words, code and marks of a line of Markdown, each with its place.

use trueup_text::Span;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    /// Inline code, without its ticks.
    Code,
    /// Letters, digits and underscores.
    Word,
    /// Anything else but white space and emphasis.
    Mark,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'t str,
    /// Its place in the file.
    pub span: Span,
    /// Whether it stands inside strong emphasis.
    pub bold: bool,
    /// Whether white space stands before it.
    pub spaced: bool,
}

impl Token<'_> {
    /// Whether it is inline code.
    pub(crate) fn is_code(&self) -> bool {
        self.kind == TokenKind::Code
    }

    /// Whether it is this mark.
    pub(crate) fn is(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// Whether it is this word, in any case.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    /// Whether it is a dash that parts a title from what is said of it.
    pub(crate) fn is_dash(&self) -> bool {
        self.is("—") || self.is("–") || self.is("-") && self.spaced || self.is("→")
    }
}

/// Takes a line of Markdown apart. What is struck through, comments and the targets of links are left out.
pub(crate) fn lex(source: &str, base: usize) -> Vec<Token<'_>> {
    let mut lexer =
        Lexer { source, base, at: 0, out: Vec::new(), bold: false, struck: false, never: [false; 4] };
    lexer.run();
    lexer.out
}

struct Lexer<'t> {
    source: &'t str,
    base: usize,
    at: usize,
    out: Vec<Token<'t>>,
    bold: bool,
    struck: bool,
    /// Runs of ticks of these lengths that never close, so that no text is read twice.
    never: [bool; 4],
}

impl<'t> Lexer<'t> {
    fn run(&mut self) {
        let mut spaced = true;
        while let Some(c) = self.source[self.at..].chars().next() {
            let rest = &self.source[self.at..];
            if c.is_whitespace() {
                spaced = true;
                self.at += c.len_utf8();
            } else if c == '`' {
                self.code(spaced);
                spaced = false;
            } else if rest.starts_with("**") || rest.starts_with("__") && !rest[2..].starts_with('_') {
                self.bold = !self.bold;
                self.at += 2;
            } else if rest.starts_with("~~") {
                self.struck = !self.struck;
                self.at += 2;
            } else if rest.starts_with("](") {
                let end = rest.find([')', '\n']).map_or(rest.len(), |at| at + 1);
                self.at += end;
            } else if rest.starts_with("<!--") {
                let end = rest.find("-->").map_or(rest.len(), |at| at + 3);
                self.at += end;
            } else if c == '*' || c == '\\' {
                self.at += 1;
            } else if c.is_alphanumeric() || c == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                // `_(all of them)_`: the line beside a word is emphasis.
                let word = rest[..end].trim_matches('_');
                if !word.is_empty() {
                    let lead = rest[..end].len() - rest[..end].trim_start_matches('_').len();
                    self.push(TokenKind::Word, self.at + lead, self.at + lead + word.len(), spaced);
                }
                self.at += end;
                spaced = false;
            } else {
                self.push(TokenKind::Mark, self.at, self.at + c.len_utf8(), spaced);
                self.at += c.len_utf8();
                spaced = false;
            }
        }
    }

    fn code(&mut self, spaced: bool) {
        let rest = &self.source[self.at..];
        let run = rest.len() - rest.trim_start_matches('`').len();
        let from = self.at + run;
        let slot = run.min(4) - 1;
        let close = if self.never[slot] { None } else { close_of(&self.source[from..], run) };
        match close {
            Some(len) => {
                let inner = self.source[from..from + len].trim();
                let lead = self.source[from..].len() - self.source[from..].trim_start().len();
                let start = from + lead.min(len);
                self.push(TokenKind::Code, start, start + inner.len(), spaced);
                self.at = from + len + run;
            }
            None => {
                self.never[slot] = true;
                self.at = from;
            }
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize, spaced: bool) {
        if self.struck {
            return;
        }
        let text = &self.source[start..end];
        let span = Span::new(self.base + start, self.base + end);
        self.out.push(Token { kind, text, span, bold: self.bold, spaced });
    }
}

/// How far a text goes before a run of exactly so many ticks.
fn close_of(text: &str, run: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let ticks = text[start..].len() - text[start..].trim_start_matches('`').len();
        if ticks == run {
            return Some(start);
        }
        at = start + ticks;
    }
    None
}
