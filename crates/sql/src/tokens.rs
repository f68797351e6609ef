//! The tokens of one statement, as far as what it does is told by them.

use squawk_lexer::{TokenKind, tokenize};

/// A word, a quoted name or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub text: &'t str,
    /// Byte at which it begins.
    pub start: usize,
    /// Round brackets around it.
    pub depth: u32,
    pub sort: Sort,
}

/// What sort of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A word: a keyword or a name.
    Word,
    /// A name in double quotes.
    Quoted,
    /// A string, whatever its quotes.
    Text,
    /// Anything else.
    Sign,
}

impl Token<'_> {
    /// Whether it is this keyword.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.sort == Sort::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this sign.
    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.sort == Sort::Sign && self.text == sign
    }
}

/// The tokens of a statement, without comments.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0u32);
    for token in tokenize(text) {
        let end = start + token.len as usize;
        let sort = match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => None,
            TokenKind::Ident => Some(Sort::Word),
            TokenKind::QuotedIdent { .. } => Some(Sort::Quoted),
            TokenKind::Literal { .. } => Some(Sort::Text),
            _ => Some(Sort::Sign),
        };
        if token.kind == TokenKind::CloseParen {
            depth = depth.saturating_sub(1);
        }
        if let (Some(sort), Some(text)) = (sort, text.get(start..end)) {
            out.push(Token { text, start, depth, sort });
        }
        if token.kind == TokenKind::OpenParen {
            depth += 1;
        }
        start = end;
    }
    out
}

/// Tokens that are read from the front.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a, 't> {
    pub rest: &'a [Token<'t>],
}

impl<'a, 't> Cursor<'a, 't> {
    /// Takes these keywords, all or none of them.
    pub(crate) fn take(&mut self, words: &str) -> bool {
        let mut rest = self.rest;
        for word in words.split(' ') {
            match rest.split_first() {
                Some((first, after)) if first.is(word) => rest = after,
                _ => return false,
            }
        }
        self.rest = rest;
        true
    }

    /// Takes one of these keywords.
    pub(crate) fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    /// Whether these keywords follow one another somewhere in what is left, outside of brackets.
    pub(crate) fn has(&self, words: &str) -> bool {
        (0..self.rest.len()).any(|at| {
            let mut cursor = Cursor { rest: self.rest.get(at..).unwrap_or(&[]) };
            let level = self.rest.first().map_or(0, |first| first.depth);
            cursor.rest.first().is_some_and(|token| token.depth == level) && cursor.take(words)
        })
    }

    /// Takes a name with its schema: as the server would write it, without quotes that it does not need.
    pub(crate) fn name(&mut self) -> Option<String> {
        let mut out = self.part()?;
        while let [dot, ..] = self.rest
            && dot.is_sign(".")
        {
            self.rest = self.rest.get(1..).unwrap_or(&[]);
            out.push('.');
            out.push_str(&self.part()?);
        }
        Some(out)
    }

    fn part(&mut self) -> Option<String> {
        let (first, after) = self.rest.split_first()?;
        let part = match first.sort {
            Sort::Word => first.text.to_lowercase(),
            Sort::Quoted => first.text.trim_matches('"').replace("\"\"", "\""),
            _ => return None,
        };
        self.rest = after;
        Some(part)
    }

    /// What is left, cut at the commas outside of brackets.
    pub(crate) fn at_commas(&self) -> Vec<&'a [Token<'t>]> {
        let level = self.rest.first().map_or(0, |first| first.depth);
        self.rest.split(|token| token.is_sign(",") && token.depth == level).collect()
    }
}
