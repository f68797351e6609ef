//! Rust and Go as tokens with matched brackets. What is looked for in them (calls in a row, attributes,
//! literals) needs no grammar; so a file of any depth is read in one pass without recursion.

use std::ops::Range;
use std::rc::Rc;

/// The kind of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    /// A name or a keyword.
    Word,
    /// A number.
    Number,
    /// A text literal, with its quotes.
    Text,
    /// A mark; `::`, `->`, `=>`, `:=`, `==`, `!=`, `<=`, `>=`, `&&` and `||` are one.
    Mark,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// Its kind.
    pub sort: Sort,
    /// Where it starts, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// For an opening bracket the place of its partner in the list, or the list's length where it stays
    /// open; for anything else its own place.
    pub pair: u32,
    /// Whether it is the first on its line.
    pub first_on_line: bool,
}

/// Whose literals and comments they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Notation {
    /// Rust: raw strings with `#`, lifetimes, comments in comments.
    Rust,
    /// Go: raw strings in backticks, runes.
    Go,
}

/// The tokens of a text, without comments.
#[derive(Debug)]
pub(crate) struct Tokens<'t> {
    text: &'t str,
    list: TokenList,
}

/// The tokens without their text, so that whoever keeps both is not bound to the text's life.
pub(crate) type TokenList = Rc<Vec<Token>>;

/// A range of tokens.
pub(crate) type Part = Range<usize>;

impl<'t> Tokens<'t> {
    /// Reads a text.
    pub(crate) fn read(text: &'t str, notation: Notation) -> Tokens<'t> {
        let mut lexer = Lexer { text, notation, at: 0, fresh: true, list: Vec::new(), open: Vec::new() };
        lexer.run();
        let Lexer { mut list, open, .. } = lexer;
        let end = list.len() as u32;
        for at in open {
            if let Some(token) = list.get_mut(at) {
                token.pair = end;
            }
        }
        Tokens { text, list: Rc::new(list) }
    }

    /// Tokens that were read from this text.
    pub(crate) fn of(text: &'t str, list: &TokenList) -> Tokens<'t> {
        Tokens { text, list: Rc::clone(list) }
    }

    /// What is kept of them.
    pub(crate) fn list(self) -> TokenList {
        self.list
    }

    /// All of them.
    pub(crate) fn all(&self) -> Part {
        0..self.list.len()
    }

    /// The token at a place.
    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// Its text; empty where there is none.
    pub(crate) fn text(&self, at: usize) -> &'t str {
        self.get(at).and_then(|t| self.text.get(t.start as usize..t.end as usize)).unwrap_or("")
    }

    /// The name at a place.
    pub(crate) fn word(&self, at: usize) -> Option<&'t str> {
        self.get(at).filter(|t| t.sort == Sort::Word).map(|_| self.text(at))
    }

    /// Whether this name, mark or bracket stands there.
    pub(crate) fn is(&self, at: usize, text: &str) -> bool {
        self.get(at).is_some_and(|t| t.sort != Sort::Text) && self.text(at) == text
    }

    /// Whether these stand one after the other.
    pub(crate) fn are(&self, at: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(n, text)| self.is(at + n, text))
    }

    /// What stands between the bracket at a place and its partner; empty where there is no bracket.
    pub(crate) fn inside(&self, at: usize) -> Part {
        match self.get(at) {
            Some(token) if token.sort == Sort::Open => at + 1..(token.pair as usize).max(at + 1),
            _ => at..at,
        }
    }

    /// The place behind the token, or behind the partner of the bracket there.
    pub(crate) fn after(&self, at: usize) -> usize {
        match self.get(at) {
            Some(token) if token.sort == Sort::Open => (token.pair as usize + 1).min(self.list.len()),
            _ => at + 1,
        }
    }

    /// The parts between commas, without those in brackets.
    pub(crate) fn arguments(&self, part: Part) -> Vec<Part> {
        let mut out = Vec::new();
        let (mut start, mut at) = (part.start, part.start);
        while at < part.end {
            if self.is(at, ",") {
                out.push(start..at);
                start = at + 1;
            }
            at = self.after(at);
        }
        if start < part.end {
            out.push(start..part.end);
        }
        out
    }

    /// The place of the first of some marks or words in a part, outside of brackets.
    pub(crate) fn find(&self, part: Part, texts: &[&str]) -> Option<usize> {
        let mut at = part.start;
        while at < part.end {
            if texts.iter().any(|text| self.is(at, text)) {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }

    /// The bytes of a part.
    pub(crate) fn bytes(&self, part: &Part) -> Range<usize> {
        let start = self.get(part.start).map_or(self.text.len(), |t| t.start as usize);
        let end = part.end.checked_sub(1).and_then(|last| self.get(last)).map_or(start, |t| t.end as usize);
        start..end.max(start)
    }

    /// The text of a part.
    pub(crate) fn source(&self, part: &Part) -> &'t str {
        self.text.get(self.bytes(part)).unwrap_or("")
    }

    /// The value of the text literal at a place, with its common escapes resolved.
    pub(crate) fn literal(&self, at: usize) -> Option<String> {
        self.get(at).filter(|t| t.sort == Sort::Text)?;
        let text = self.text(at);
        let front = text.find(['"', '`'])?;
        let (prefix, quoted) = text.split_at_checked(front)?;
        let quote = quoted.chars().next()?;
        let closed = quoted.trim_end_matches('#');
        // One that stays open ends with the file.
        let inner = closed.get(1..)?;
        let inner = inner.strip_suffix(quote).unwrap_or(inner);
        if quote == '`' || prefix.contains('r') || !inner.contains('\\') {
            return Some(inner.to_owned());
        }
        Some(unescaped(inner))
    }

    /// The bytes between the quotes of the literal at a place.
    pub(crate) fn literal_range(&self, at: usize) -> Range<usize> {
        let bytes = self.bytes(&(at..at + 1));
        let text = self.text(at);
        let front = text.find(['"', '`']).map_or(0, |quote| quote + 1);
        let back = text.rfind(['"', '`']).unwrap_or(text.len()).max(front);
        bytes.start + front..bytes.start + back
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

struct Lexer<'t> {
    text: &'t str,
    notation: Notation,
    at: usize,
    fresh: bool,
    list: Vec<Token>,
    open: Vec<usize>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let text = self.text;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(self.at).copied() {
            let next = bytes.get(self.at + 1).copied();
            match byte {
                b'\n' => {
                    self.fresh = true;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' if next == Some(b'/') => {
                    let rest = bytes.get(self.at..).unwrap_or(&[]);
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                b'/' if next == Some(b'*') => self.comment(bytes),
                b'"' => self.push(Sort::Text, quoted(bytes, self.at, b'"')),
                b'`' if self.notation == Notation::Go => {
                    let rest = bytes.get(self.at + 1..).unwrap_or(&[]);
                    let end = memchr::memchr(b'`', rest).map_or(bytes.len(), |end| self.at + end + 2);
                    self.push(Sort::Text, end);
                }
                b'\'' => self.apostrophe(bytes),
                b'r' | b'b' | b'c' if self.notation == Notation::Rust => match raw(bytes, self.at) {
                    Some(end) => self.push(Sort::Text, end),
                    None => self.word(),
                },
                b'0'..=b'9' => {
                    let length = bytes
                        .iter()
                        .skip(self.at)
                        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
                        .count();
                    self.push(Sort::Number, self.at + length);
                }
                b'(' | b'[' | b'{' => {
                    self.open.push(self.list.len());
                    self.push(Sort::Open, self.at + 1);
                }
                b')' | b']' | b'}' => self.close(byte),
                _ if byte == b'_' || byte.is_ascii_alphabetic() || byte >= 0x80 => self.word(),
                _ => {
                    let pair = [byte, next.unwrap_or(0)];
                    let marks: [&[u8; 2]; 10] =
                        [b"::", b"->", b"=>", b":=", b"==", b"!=", b"<=", b">=", b"&&", b"||"];
                    let double = marks.contains(&&pair);
                    self.push(Sort::Mark, self.at + 1 + usize::from(double));
                }
            }
        }
    }

    fn push(&mut self, sort: Sort, end: usize) {
        let (start, pair) = (self.at as u32, self.list.len() as u32);
        let first_on_line = std::mem::replace(&mut self.fresh, false);
        self.list.push(Token { sort, start, end: end as u32, pair, first_on_line });
        self.at = end;
    }

    /// A bracket that does not fit the last open one is left to nobody.
    fn close(&mut self, byte: u8) {
        let at = self.list.len();
        let partner = match byte {
            b')' => "(",
            b']' => "[",
            _ => "{",
        };
        let text = self.text;
        if let Some(open) = self.open.last().copied()
            && let Some(token) = self.list.get_mut(open)
            && text.get(token.start as usize..token.end as usize) == Some(partner)
        {
            token.pair = at as u32;
            self.open.pop();
        }
        self.push(Sort::Close, self.at + 1);
    }

    fn word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let rest = match self.notation {
            Notation::Rust => rest.strip_prefix("r#").unwrap_or(rest),
            Notation::Go => rest,
        };
        self.at = self.text.len() - rest.len();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        match end {
            0 => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                self.push(Sort::Mark, self.at + length);
            }
            _ => self.push(Sort::Word, self.at + end),
        }
    }

    /// A comment between `/*` and `*/`; Rust's hold others.
    fn comment(&mut self, bytes: &[u8]) {
        let mut depth = 1usize;
        self.at += 2;
        while let Some(found) = bytes.get(self.at..).and_then(|rest| memchr::memchr3(b'*', b'/', b'\n', rest))
        {
            let at = self.at + found;
            self.at = at + 1;
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'\n'), _) => self.fresh = true,
                (Some(b'*'), Some(b'/')) => {
                    self.at = at + 2;
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                (Some(b'/'), Some(b'*')) if self.notation == Notation::Rust => {
                    self.at = at + 2;
                    depth += 1;
                }
                _ => {}
            }
        }
        self.at = bytes.len();
    }

    /// A character, a rune, or the name of a lifetime.
    fn apostrophe(&mut self, bytes: &[u8]) {
        let rest = self.text.get(self.at + 1..).unwrap_or("");
        let mut chars = rest.chars();
        let end = match chars.next() {
            Some('\\') => quoted(bytes, self.at, b'\''),
            Some(c) if chars.next() == Some('\'') => self.at + c.len_utf8() + 2,
            _ => self.at + 1,
        };
        // A character is no text that anybody names.
        self.push(if end == self.at + 1 { Sort::Mark } else { Sort::Number }, end);
    }
}

/// Where a text literal ends that starts at a place.
fn quoted(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while let Some(rest) = bytes.get(at..) {
        match memchr::memchr3(quote, b'\\', b'\n', rest) {
            Some(found) if rest.get(found) == Some(&quote) => return at + found + 1,
            Some(found) if rest.get(found) == Some(&b'\\') => {
                // The escaped character may be of several bytes; only ASCII ones matter here.
                at += found + 2;
            }
            // Rust's texts may go over lines; an open character ends with its line.
            Some(found) if quote == b'"' => at += found + 1,
            Some(found) => return at + found,
            None => break,
        }
    }
    bytes.len()
}

/// Where a text with a prefix ends (`r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `c"…"`).
fn raw(bytes: &[u8], start: usize) -> Option<usize> {
    let letters = bytes.iter().skip(start).take_while(|b| matches!(b, b'r' | b'b' | b'c')).take(2).count();
    let is_raw = bytes.get(start..start + letters)?.contains(&b'r');
    let hashes = bytes.iter().skip(start + letters).take_while(|b| **b == b'#').count();
    let quote = start + letters + hashes;
    if bytes.get(quote) != Some(&b'"') || hashes > 0 && !is_raw {
        return None;
    }
    if !is_raw {
        return Some(quoted(bytes, quote, b'"'));
    }
    let mut at = quote + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        at += found + 1;
        if bytes.iter().skip(at).take(hashes).filter(|b| **b == b'#').count() == hashes {
            return Some(at + hashes);
        }
    }
    Some(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, notation: Notation) -> Vec<&str> {
        let tokens = Tokens::read(text, notation);
        tokens.all().map(|at| tokens.text(at)).collect()
    }

    #[test]
    fn tokens_of_rust() {
        for (text, expected) in [
            ("a::b(\"x\\\"y\")", &["a", "::", "b", "(", "\"x\\\"y\"", ")"][..]),
            ("r#\"a\"b\"# r\"\\\" b\"c\"", &["r#\"a\"b\"#", "r\"\\\"", "b\"c\""]),
            ("'a' '\\'' 'static x", &["'a'", "'\\''", "'", "static", "x"]),
            ("/* a /* b */ c */ d // e\nf", &["d", "f"]),
            ("/**/ a /*", &["a"]),
            ("r#type + rbx", &["type", "+", "rbx"]),
            ("ü = 1_000u8", &["ü", "=", "1_000u8"]),
        ] {
            assert_eq!(words(text, Notation::Rust), expected, "{text}");
        }
    }

    #[test]
    fn tokens_of_go() {
        for (text, expected) in [
            ("a := `x\"y`", &["a", ":=", "`x\"y`"][..]),
            ("'\\n' 'ü' \"a\"", &["'\\n'", "'ü'", "\"a\""]),
            ("/* a /* b */ c", &["c"]),
        ] {
            assert_eq!(words(text, Notation::Go), expected, "{text}");
        }
    }

    #[test]
    fn literals_have_values() {
        for (text, expected) in [
            ("\"a\\nb\\\"c\"", "a\nb\"c"),
            ("r#\"a\\n\"b\"#", "a\\n\"b"),
            ("b\"r\"", "r"),
            ("\"\"", ""),
            ("r\"\"", ""),
        ] {
            let tokens = Tokens::read(text, Notation::Rust);
            assert_eq!(tokens.literal(0).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(Tokens::read("`a\\n`", Notation::Go).literal(0).as_deref(), Some("a\\n"));
    }

    #[test]
    fn a_hundred_thousand_brackets() {
        for text in ["(".repeat(100_000), "(".repeat(100_000) + &")".repeat(100_000), ")]".repeat(50_000)] {
            let tokens = Tokens::read(&text, Notation::Rust);
            assert_eq!(tokens.all().len(), text.len());
            assert!(tokens.after(0) <= text.len());
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "[ -~éü\\n\"'`#/*]{0,60}", rust in any::<bool>()) {
            let tokens = Tokens::read(&text, if rust { Notation::Rust } else { Notation::Go });
            let mut last = 0;
            for at in tokens.all() {
                let token = tokens.get(at).expect("in the list");
                prop_assert!(token.start >= last && token.end > token.start);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some(), "{token:?}");
                prop_assert!(tokens.after(at) > at && tokens.inside(at).end <= tokens.all().end);
                if token.sort == Sort::Text {
                    prop_assert!(tokens.literal(at).is_some());
                    prop_assert!(text.get(tokens.literal_range(at)).is_some());
                }
                last = token.end;
            }
        }
    }
}
