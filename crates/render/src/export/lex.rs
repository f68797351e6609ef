//! Words and signs of shapes that people write: JSON, TypeScript, SQL, and sentences between them.

/// A part of a text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    /// Whether a line ends before it.
    pub new_line: bool,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// What a part of a text is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Kind<'a> {
    Word(&'a str),
    Number(&'a str),
    /// A text in quotation marks, without them and with its escapes.
    Quoted(&'a str),
    Sign(char),
    /// `...` or `…`
    Dots,
}

/// Reads all parts of a text, comments and back ticks left out; each byte is looked at once.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut new_line = false;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '\n' | '\r' => {
                new_line = true;
                1
            }
            _ if c.is_whitespace() || c == '`' => c.len_utf8(),
            '/' if rest.starts_with("//") => line_end(rest),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => {
                let (kind, length) = token(rest, c, at > 0 && ends_in_word(&text[..at]));
                out.push(Token { kind, new_line, start: at, end: at + length });
                new_line = false;
                length
            }
        };
        at += length;
    }
    out
}

fn token(rest: &str, first: char, in_word: bool) -> (Kind<'_>, usize) {
    if rest.starts_with("...") {
        return (Kind::Dots, 3);
    }
    if first == '…' {
        return (Kind::Dots, first.len_utf8());
    }
    // `the spec's`: an apostrophe.
    if first == '"' || (first == '\'' && !in_word) {
        return quoted(rest, first);
    }
    let negative = first == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || negative {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
        let length = 1 + rest[1..].find(|c| !is_part(c)).unwrap_or(rest.len() - 1);
        let number = rest[..length].trim_end_matches('.');
        return (Kind::Number(number), number.len());
    }
    if is_word(first) {
        let length = rest.find(|c| !is_word(c) && c != '-').unwrap_or(rest.len());
        let word = rest[..length].trim_end_matches('-');
        return (Kind::Word(word), word.len());
    }
    (Kind::Sign(first), first.len_utf8())
}

/// A text in quotation marks. One that is not closed on its line is no such text.
fn quoted(rest: &str, mark: char) -> (Kind<'_>, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' | '\r' => return (Kind::Quoted(&rest[1..at]), at),
            _ if c == mark => return (Kind::Quoted(&rest[1..at]), at + 1),
            _ => {}
        }
    }
    (Kind::Quoted(&rest[1..]), rest.len())
}

fn line_end(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

fn ends_in_word(before: &str) -> bool {
    before.ends_with(is_word)
}

/// Whether a character may stand in a name.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@')
}

/// What the text in quotation marks says: common escapes are undone.
pub(super) fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    if let Ok(value) = serde_json::from_str::<String>(&format!("\"{text}\"")) {
        return value;
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.extend(characters.next().map(|next| if next == 'n' { '\n' } else { next })),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Kind<'_>]) {
        let found: Vec<Kind<'_>> = tokens(text).into_iter().map(|token| token.kind).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn parts_are_told_apart() {
        use Kind::{Dots, Number, Quoted, Sign, Word};
        check("a-b?: 'x\\'y'", &[Word("a-b"), Sign('?'), Sign(':'), Quoted("x\\'y")]);
        check("1.50, -2 \"open\nz", &[Number("1.50"), Sign(','), Number("-2"), Quoted("open"), Word("z")]);
        check("...x … // gone\n/* gone */ y", &[Dots, Word("x"), Dots, Word("y")]);
        check(
            "spec's `z.string()`",
            &[
                Word("spec"),
                Sign('\''),
                Word("s"),
                Word("z"),
                Sign('.'),
                Word("string"),
                Sign('('),
                Sign(')'),
            ],
        );
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescaped(r"it\'s\n"), "it's\n");
        assert_eq!(unescaped(r#"a\u00e9\"b"#), "aé\"b");
        assert_eq!(unescaped("\\"), "");
    }
}
