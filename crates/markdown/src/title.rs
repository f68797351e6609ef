/// A title in the form in which titles are compared, and what was taken off it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct NormalTitle {
    /// Words in lower case, one space apart; numbering, emoji, punctuation and suffixes are gone.
    pub core: String,
    /// The same with the suffix (`— 2026-03-02`, `(rev 5)`) still there.
    pub full: String,
    /// The numbering in front (`7)`, `4.1`, `§1`, `A.`), as written.
    pub numbering: String,
}

impl NormalTitle {
    /// Whether two titles are the same, hyphens and points inside words aside ("TL;DR", "re-enable").
    pub fn same_as(&self, other: &NormalTitle) -> bool {
        let squashed = |a: &str, b: &str| {
            a.len().abs_diff(b.len()) <= 4
                && a.bytes().next() == b.bytes().next()
                && a.bytes().filter(|c| *c != b' ').eq(b.bytes().filter(|c| *c != b' '))
        };
        !self.core.is_empty() && (squashed(&self.core, &other.core) || squashed(&self.full, &other.full))
    }
}

/// Brings a title into the form in which titles are compared.
pub fn normalise_title(title: &str) -> NormalTitle {
    let title = strip_symbols(title.trim());
    let (numbering, rest) = strip_numbering(title);
    let rest = strip_symbols(rest);
    let bare = strip_suffix(rest);
    let core = words(bare);
    let full = if bare.len() == rest.len() { core.clone() } else { words(rest) };
    if core.is_empty() {
        // `## (optional)` or `## — 2026`: nothing else is left to compare.
        return NormalTitle { core: full.clone(), full, numbering: numbering.to_owned() };
    }
    NormalTitle { core, full, numbering: numbering.to_owned() }
}

/// Emoji and other symbols in front of a title.
fn strip_symbols(title: &str) -> &str {
    title.trim_start_matches(|c: char| {
        c.is_whitespace()
            || !c.is_ascii() && !c.is_alphanumeric() && c != '§' && !matches!(c, '“' | '‘' | '…')
            || matches!(c, '\u{fe0f}' | '\u{200d}')
    })
}

/// Splits the numbering off a title: `7)`, `7.`, `4.1`, `§1`, `A.`, `IV.`; not `2FA` or `3 ways`.
pub fn strip_numbering(title: &str) -> (&str, &str) {
    let bytes = title.as_bytes();
    let sign = if title.starts_with('§') { '§'.len_utf8() } else { 0 };
    let mut at = sign;
    while at < bytes.len() && bytes[at].is_ascii_digit() {
        at += 1;
    }
    let digits = at - sign;
    if digits > 0 {
        let mut dotted = false;
        while at + 1 < bytes.len() && bytes[at] == b'.' && bytes[at + 1].is_ascii_digit() {
            dotted = true;
            at += 2;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
        }
        if at < bytes.len() && bytes[at].is_ascii_lowercase() && bytes.get(at + 1) == Some(&b'.') {
            at += 1;
        }
        let closed = at < bytes.len() && matches!(bytes[at], b')' | b'.' | b':');
        let end = if closed { at + 1 } else { at };
        let spaced = bytes.get(end).is_none_or(|b| *b == b' ');
        // A bare number in front is numbering only with a sign, a dot inside, or a closing mark.
        let numbered = closed || dotted || sign > 0;
        if numbered && spaced && digits <= 3 && end < bytes.len() {
            return (&title[..end], title[end..].trim_start());
        }
        return ("", title);
    }
    let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let roman = bytes[..letters].iter().all(|b| matches!(b, b'I' | b'V' | b'X'));
    let marked = matches!(bytes.get(letters), Some(b'.' | b')')) && bytes.get(letters + 1) == Some(&b' ');
    if letters > 0 && (letters == 1 || roman) && letters <= 4 && marked {
        return (&title[..letters + 1], title[letters + 1..].trim_start());
    }
    ("", title)
}

/// Takes off what people hang behind a title: `— 2026-03-02`, `(delta from parent)`, `: notes` stay words.
fn strip_suffix(title: &str) -> &str {
    let mut title = title.trim_end();
    let dashes = dashes_behind_spaces(title);
    // Nobody hangs more than this behind a title.
    for _ in 0..6 {
        let before = title;
        title = title.trim_end_matches([':', '.', ' ', '*', '_']);
        if title.ends_with(')')
            && let Some(open) = title.rfind('(')
            && open > 0
        {
            title = title[..open].trim_end();
        }
        for dash in dashes {
            if let Some(at) = title.find(dash)
                && at > 0
            {
                title = title[..at].trim_end();
            }
        }
        if title == before {
            break;
        }
    }
    title
}

/// The dashes that may part a suffix from a title: only those that a space stands before somewhere are
/// worth a search, and most titles have none.
fn dashes_behind_spaces(title: &str) -> &'static [&'static str] {
    let bytes = title.as_bytes();
    let after_space = |dash: u8| {
        memchr::memchr_iter(dash, bytes)
            .any(|at| at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b' '))
    };
    match (after_space(0xE2), after_space(b'-')) {
        (false, false) => &[],
        (true, false) => &[" — ", " – "],
        (false, true) => &[" - ", " -- "],
        (true, true) => &[" — ", " – ", " - ", " -- "],
    }
}

/// The words of a text of ASCII in lower case, one space apart: what is no letter and no digit parts them.
pub fn ascii_words(text: &str) -> String {
    let letter = |byte: u8| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b' ' };
    let mut words: Vec<u8> = text.bytes().map(letter).collect();
    words.dedup_by(|byte, before| *byte == b' ' && *before == b' ');
    if words.last() == Some(&b' ') {
        words.pop();
    }
    if words.first() == Some(&b' ') {
        words.remove(0);
    }
    String::from_utf8(words).unwrap_or_default()
}

/// Lower-case words, one space apart. `&` and `+` read as "and", apostrophes vanish.
fn words(title: &str) -> String {
    // Nearly all titles are plain.
    if title.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b'&' | b'\'')) {
        return ascii_words(title);
    }
    let mut out = String::with_capacity(title.len());
    let mut gap = false;
    let push_word = |out: &mut String, gap: &mut bool| {
        if *gap && !out.is_empty() {
            out.push(' ');
        }
        *gap = false;
    };
    let mut rest = title;
    while let Some(c) = rest.chars().next() {
        // Most of a title are words of plain letters: they are taken over whole.
        let plain = rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if plain > 0 {
            push_word(&mut out, &mut gap);
            out.push_str(&rest[..plain]);
            rest = &rest[plain..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '&' => {
                gap = true;
                push_word(&mut out, &mut gap);
                out.push_str("and");
                gap = true;
            }
            '\'' | '’' | '\u{2011}' | '-' if !gap && c != '-' && c != '\u{2011}' => {}
            c if !c.is_ascii() && c.is_alphanumeric() => {
                push_word(&mut out, &mut gap);
                out.extend(c.to_lowercase());
            }
            _ => gap = true,
        }
    }
    out.make_ascii_lowercase();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_one_space_apart() {
        for (text, words) in [
            ("", ""),
            ("--", ""),
            (" ", ""),
            ("x", "x"),
            ("  A-b\t\nC2. ", "a b c2"),
            ("(Order) `returns`", "order returns"),
        ] {
            assert_eq!(ascii_words(text), words, "{text}");
        }
    }

    #[test]
    fn titles_are_compared_without_dress() {
        for (title, core) in [
            ("7) Data & migrations (if any)", "data and migrations"),
            ("7. Risks & Impact Review", "risks and impact review"),
            ("4.1 Entities", "entities"),
            ("§1 Überblick", "überblick"),
            ("A. Goals", "goals"),
            ("🚀 Rollout plan", "rollout plan"),
            ("✅ 3. Done", "done"),
            ("Final Compliance Report — 2026-03-02", "final compliance report"),
            ("Changelog (rev 5)", "changelog"),
            ("2FA setup", "2fa setup"),
            ("Goals and non\u{2011}goals", "goals and non goals"),
            ("Non-Goals", "non goals"),
            ("Author's notes", "authors notes"),
            ("(Optional)", "optional"),
            ("UI/UX", "ui ux"),
            ("**API Contracts**:", "api contracts"),
        ] {
            assert_eq!(normalise_title(title).core, core, "{title}");
        }
    }
}
