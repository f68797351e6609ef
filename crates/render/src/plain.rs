//! Text from documents as a terminal may show it.
//!
//! A document can hold escape sequences and characters that turn the direction of writing. Printed
//! as they are, they could hide a finding or move the cursor. The replacements are those of rustc.

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// What a tab is shown as.
const TAB: &str = "    ";

/// What is printed for a character that may not go to a terminal as it is; none where it may.
fn replacement(c: char) -> Option<Cow<'static, str>> {
    match c {
        '\t' => Some(Cow::Borrowed(TAB)),
        // Unicode has a visible picture for each of these control characters.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).map(|picture| Cow::Owned(picture.into())),
        '\u{7f}' => Some(Cow::Borrowed("␡")),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Cow::Borrowed("\u{fffd}"))
        }
        // Without the joiner an emoji family is shown as its members, whose width every terminal agrees on.
        '\u{200d}' => Some(Cow::Borrowed("")),
        _ => None,
    }
}

/// Columns that a character takes once it is made plain.
pub(crate) fn char_width(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\t' => TAB.len(),
        '\u{200d}' => 0,
        _ => c.width().unwrap_or(1),
    }
}

/// Columns that a text takes once it is made plain.
pub(crate) fn width(text: &str) -> usize {
    if is_printable_ascii(text) { text.len() } else { text.chars().map(char_width).sum() }
}

/// Appends one line of text, made plain.
pub(crate) fn push(out: &mut String, text: &str) {
    if is_printable_ascii(text) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match replacement(c) {
            Some(shown) => out.push_str(&shown),
            None => out.push(c),
        }
    }
}

/// Appends text, made plain, with its further lines indented by `indent` columns.
pub(crate) fn push_lines(out: &mut String, text: &str, indent: usize) {
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
        push(out, line);
    }
}

/// Appends text, made plain, on one line: line endings become spaces.
pub(crate) fn push_one_line(out: &mut String, text: &str) {
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        push(out, line);
    }
}

/// A text for people, whose lines stay: what a terminal would obey becomes visible. For text without colours.
pub fn plain_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_lines(&mut out, text, 0);
    if text.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Most text is; it needs no look at each character.
fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A text cut to a number of columns, with a mark where something was cut off.
pub(crate) fn cut(text: &str, columns: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return text.into();
    }
    let mut used = 0;
    let fits = |c: char| {
        used += char_width(c);
        used < columns.max(1)
    };
    let end: usize = text
        .chars()
        .take_while({
            let mut fits = fits;
            move |c| fits(*c)
        })
        .map(char::len_utf8)
        .sum();
    format!("{}…", text[..end].trim_end()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text);
        out
    }

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(plain("a\u{1b}[31mb"), "a␛[31mb");
        assert_eq!(plain("\ta\u{7f}"), "    a␡");
        assert_eq!(plain("\u{9b}1m \u{202e}x"), "\u{fffd}1m \u{fffd}x");
        assert_eq!(plain("zażółć 漢字"), "zażółć 漢字");
    }

    #[test]
    fn lines_stay() {
        assert_eq!(plain_lines("a\u{1b}b\nc\n"), "a␛b\nc\n");
        assert_eq!(plain_lines("a\n\nb"), "a\n\nb");
        assert_eq!(plain_lines(""), "");
    }

    #[test]
    fn width_is_that_of_the_plain_text() {
        for text in ["plain", "a\tb", "漢字", "e\u{301}", "\u{1b}x", "👩\u{200d}👧", "\u{9b}x"] {
            assert_eq!(width(text), plain(text).chars().map(char_width).sum::<usize>(), "{text:?}");
        }
        assert_eq!(width("漢字"), 4);
        assert_eq!(width("\t"), 4);
    }

    #[test]
    fn lines_are_indented_or_joined() {
        let mut out = String::new();
        push_lines(&mut out, "one\r\ntwo", 2);
        assert_eq!(out, "one\n  two");
        out.clear();
        push_one_line(&mut out, "one\ntwo\n");
        assert_eq!(out, "one two");
    }
}
