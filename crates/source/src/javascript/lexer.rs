//! JavaScript and TypeScript as tokens with matched brackets.
//!
//! What is looked for here stands in calls, declarations and object literals, and brackets, strings and
//! names tell those apart. That is read many times faster than a whole syntax tree, which counts, since
//! every file of the code is read; it has no depth that could run out; and a file with one odd line
//! still gives the rest.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Name,
    /// A text in quotes; its range is what stands between them.
    Text,
    /// A template without an expression in it; its range is what stands between the backticks.
    Template,
    /// The front of a template, up to the first expression.
    Head,
    /// What stands between two expressions of a template.
    Middle,
    /// The end of a template.
    Tail,
    /// A number.
    Number,
    /// A regular expression, with its slashes.
    Regex,
    /// `=>`
    Arrow,
    /// `...`
    Spread,
    /// Any other character by itself; `?.` is a `.`.
    Mark(u8),
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// The place of the bracket that belongs to this one; the number of tokens where none does.
    pub partner: u32,
}

impl Token {
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The tokens of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer =
        Lexer { bytes: text.as_bytes(), at: 0, out: Vec::with_capacity(text.len() / 6), open: Vec::new() };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    match_brackets(&mut lexer.out);
    lexer.out
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<Token>,
    /// For each `{` that is open, whether it began an expression in a template.
    open: Vec<bool>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind, range: Range<usize>) {
        self.out.push(Token { kind, start: range.start as u32, end: range.end as u32, partner: u32::MAX });
    }

    fn mark(&mut self, byte: u8, length: usize) {
        self.push(Kind::Mark(byte), self.at..self.at + length);
        self.at += length;
    }

    fn next(&mut self) {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'/' => self.slash(),
            b'"' | b'\'' => self.quoted(byte),
            b'`' => {
                self.at += 1;
                self.template(true);
            }
            b'{' => {
                self.open.push(false);
                self.mark(byte, 1);
            }
            b'}' => {
                if self.open.pop() == Some(true) {
                    self.at += 1;
                    self.template(false);
                } else {
                    self.mark(byte, 1);
                }
            }
            b'0'..=b'9' => self.run(Kind::Number),
            b'=' if self.peek(1) == b'>' => {
                self.push(Kind::Arrow, self.at..self.at + 2);
                self.at += 2;
            }
            b'.' if self.peek(1) == b'.' && self.peek(2) == b'.' => {
                self.push(Kind::Spread, self.at..self.at + 3);
                self.at += 3;
            }
            b'?' if self.peek(1) == b'.' && !self.peek(2).is_ascii_digit() => {
                self.push(Kind::Mark(b'.'), self.at..self.at + 2);
                self.at += 2;
            }
            _ if of_name(byte) => self.run(Kind::Name),
            _ => self.mark(byte, 1),
        }
    }

    fn run(&mut self, kind: Kind) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let length =
            rest.iter().take_while(|byte| of_name(**byte) || **byte >= b'0' && **byte <= b'9').count();
        self.push(kind, self.at..self.at + length);
        self.at += length.max(1);
    }

    fn slash(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        match self.peek(1) {
            // The address in the text of an element (`<p>https://…`) is no comment.
            b'/' if self.at == 0 || self.bytes.get(self.at - 1) != Some(&b':') => {
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'/' => self.mark(b'/', 2),
            b'*' => {
                let inside = rest.get(2..).unwrap_or(&[]);
                self.at += memchr::memmem::find(inside, b"*/").map_or(rest.len(), |end| end + 4);
            }
            _ if self.regex_may_stand() => match regex_end(rest) {
                Some(end) => {
                    self.push(Kind::Regex, self.at..self.at + end);
                    self.at += end;
                }
                None => self.mark(b'/', 1),
            },
            _ => self.mark(b'/', 1),
        }
    }

    /// Whether a `/` here begins a regular expression and does not divide.
    fn regex_may_stand(&self) -> bool {
        let Some(last) = self.out.last() else { return true };
        match last.kind {
            Kind::Mark(byte) => matches!(
                byte,
                b'(' | b','
                    | b'='
                    | b':'
                    | b'['
                    | b'!'
                    | b'&'
                    | b'|'
                    | b'?'
                    | b'{'
                    | b';'
                    | b'+'
                    | b'~'
                    | b'^'
            ),
            Kind::Arrow | Kind::Spread | Kind::Head | Kind::Middle => true,
            Kind::Name => {
                let word = self.bytes.get(last.range()).unwrap_or(&[]);
                matches!(
                    word,
                    b"return" | b"typeof" | b"case" | b"in" | b"of" | b"void" | b"delete" | b"await"
                )
            }
            _ => false,
        }
    }

    /// A text in quotes ends on its line; a quote without an end is an apostrophe in the text of an
    /// element.
    fn quoted(&mut self, quote: u8) {
        let start = self.at + 1;
        if quote == b'\'' && self.inside_word() {
            self.at += 1;
            return;
        }
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                Some(b'\\') => at += 2,
                Some(byte) if *byte == quote => break,
                None | Some(b'\n') => {
                    self.at += 1;
                    return;
                }
                Some(_) => at += 1,
            }
        }
        self.push(Kind::Text, start..at);
        self.at = at + 1;
    }

    /// Whether a quote stands right behind a word (`Don't`) that no text can follow.
    fn inside_word(&self) -> bool {
        let Some(last) =
            self.out.last().filter(|last| last.kind == Kind::Name && last.end as usize == self.at)
        else {
            return false;
        };
        let word = self.bytes.get(last.range()).unwrap_or(&[]);
        !matches!(
            word,
            b"return"
                | b"case"
                | b"from"
                | b"import"
                | b"typeof"
                | b"in"
                | b"of"
                | b"default"
                | b"await"
                | b"else"
                | b"as"
                | b"throw"
                | b"new"
                | b"extends"
                | b"yield"
        )
    }

    /// What follows a backtick, or the expression of a template.
    fn template(&mut self, first: bool) {
        let start = self.at;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let Some(step) = memchr::memchr3(b'\\', b'`', b'$', rest) else {
                self.at = self.bytes.len();
                self.push(if first { Kind::Template } else { Kind::Tail }, start..self.at);
                return;
            };
            self.at += step;
            match self.peek(0) {
                b'`' => {
                    self.push(if first { Kind::Template } else { Kind::Tail }, start..self.at);
                    self.at += 1;
                    return;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.push(if first { Kind::Head } else { Kind::Middle }, start..self.at);
                    self.open.push(true);
                    self.at += 2;
                    return;
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                _ => self.at += 1,
            }
        }
    }
}

/// Letters, digits apart: all that is not ASCII counts as one.
fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Where a regular expression ends, flags included; none where it does not on its line.
fn regex_end(rest: &[u8]) -> Option<usize> {
    let mut in_class = false;
    let mut at = 1;
    loop {
        match rest.get(at)? {
            b'\n' => return None,
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let flags =
        rest.get(at + 1..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    Some(at + 1 + flags)
}

/// How far a closing bracket looks for an opening one of its kind over others that were never closed.
const MOST_UNCLOSED: usize = 32;

fn match_brackets(tokens: &mut [Token]) {
    let none = tokens.len() as u32;
    let mut open: Vec<(u8, u32)> = Vec::new();
    for at in 0..tokens.len() {
        let Some(token) = tokens.get_mut(at) else { return };
        token.partner = none;
        let closes = match token.kind {
            Kind::Mark(b'(' | b'[' | b'{') | Kind::Head => {
                let kind = if let Kind::Mark(byte) = token.kind { byte } else { b'`' };
                open.push((kind, at as u32));
                continue;
            }
            Kind::Mark(b')') => b'(',
            Kind::Mark(b']') => b'[',
            Kind::Mark(b'}') => b'{',
            Kind::Tail => b'`',
            _ => continue,
        };
        let Some(up) = open.iter().rev().take(MOST_UNCLOSED).position(|(kind, _)| *kind == closes) else {
            continue;
        };
        // What is open above it ends here, too.
        for _ in 0..=up {
            let Some((_, start)) = open.pop() else { break };
            if let Some(opening) = tokens.get_mut(start as usize) {
                opening.partner = at as u32;
            }
            if let Some(closing) = tokens.get_mut(at) {
                closing.partner = start;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tokens as text: `(` with the text of its partner's place.
    fn shown(text: &str) -> String {
        let list = tokens(text);
        let one = |token: &Token| {
            let body = text.get(token.range()).unwrap_or("?").to_owned();
            match token.kind {
                Kind::Text => format!("'{body}'"),
                Kind::Template => format!("`{body}`"),
                Kind::Head => format!("`{body}${{"),
                Kind::Middle => format!("}}{body}${{"),
                Kind::Tail => format!("}}{body}`"),
                Kind::Regex => format!("re{body}"),
                _ => body,
            }
        };
        list.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_tokens_are() {
        for (text, expected) in [
            ("app.get('/x', h) // c", "app . get ( '/x' , h )"),
            ("a /* b */ / c; x = /a[/]'/g.test(y)", "a / c ; x = re/a[/]'/g . test ( y )"),
            ("`a${b}c` + `d` + `${{a:`${x}`}}y${z}`", "`a${ b }c` + `d` + `${ { a : `${ x }` } }y${ z }`"),
            (
                "<p>Don't {t('a.b')} https://x.y {z}</p>",
                "< p > Don t { t ( 'a.b' ) } https : // x . y { z } < / p >",
            ),
            (r#"'it\'s' + "a\\""#, r#"'it\'s' + 'a\\'"#),
            ("a?.b?.(1) ? .5 : ...c => d", "a ?. b ?. ( 1 ) ? . 5 : ... c => d"),
            ("`unclosed ${a", "`unclosed ${ a"),
            ("żółw_1 = 'x", "żółw_1 = x"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn brackets_find_each_other() {
        let list = tokens("f({ a: [1, `x${y}z`] ), g()");
        let partner = |at: usize| list[at].partner as usize;
        // The brace was never closed and ends with the parenthesis around it.
        assert_eq!(list[1].kind, Kind::Mark(b'('));
        let end = list.iter().position(|token| token.kind == Kind::Mark(b')')).unwrap();
        assert_eq!((partner(1), partner(2)), (end, end));
        assert_eq!(partner(list.len() - 1), list.len() - 2);
    }

    #[test]
    fn nothing_is_too_deep() {
        for text in ["(".repeat(100_000), "`${".repeat(100_000), ")".repeat(100_000), "{[".repeat(100_000)] {
            assert!(tokens(&text).len() >= 100_000);
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "[a(){}\\[\\]`$'\"/\\\\\n é.=>?*;]{0,80}|\\PC{0,60}") {
            let mut last = 0;
            for token in tokens(&text) {
                prop_assert!(text.get(token.range()).is_some());
                prop_assert!(token.start >= last);
                last = token.end;
            }
        }
    }
}
