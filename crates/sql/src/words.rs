//! The words of a statement.

use squawk_lexer::{Token, TokenKind, tokenize};

/// The words and quoted names of a statement in order, without what stands in strings, comments and between them.
pub struct Words<'t> {
    text: &'t str,
    tokens: Box<dyn Iterator<Item = Token> + 't>,
    at: usize,
}

impl<'t> Words<'t> {
    /// The words of a statement.
    pub fn of(text: &'t str) -> Words<'t> {
        Words { text, tokens: Box::new(tokenize(text)), at: 0 }
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            let token = self.tokens.next()?;
            let start = self.at;
            self.at += token.len as usize;
            if matches!(token.kind, TokenKind::Ident | TokenKind::QuotedIdent { .. }) {
                return self.text.get(start..self.at);
            }
        }
    }
}
