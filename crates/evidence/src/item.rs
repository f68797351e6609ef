//! The text of an item, so that evidence for another text is told apart.

use crate::Digest;

/// The digest of a bullet's text: without its list mark, check box and the ID at its front, with every
/// run of white space as one space. `id` is the ID that is written in the document (`AC-3`).
///
/// Ticking a box, wrapping a line anew or indenting it changes nothing; another word does.
pub fn item_digest(id: &str, text: &str) -> Digest {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    let mut rest = joined.as_str();
    for mark in ["- ", "* ", "+ "] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    for mark in ["[ ] ", "[x] ", "[X] "] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    Digest::of(without_id(id, rest).as_bytes())
}

/// The text behind its ID, in whatever dress: `AC-3: …`, `**AC-3** — …`, `` `AC-3` … ``, `[AC-3] …`.
fn without_id<'a>(id: &str, text: &'a str) -> &'a str {
    let dress = |c: char| matches!(c, '*' | '_' | '`' | '[' | ']' | '(' | ')');
    let bare = text.trim_start_matches(dress);
    let Some(rest) = (!id.is_empty()).then(|| bare.strip_prefix(id)).flatten() else { return text };
    if rest.starts_with(char::is_alphanumeric) {
        return text;
    }
    rest.trim_start_matches(|c: char| {
        dress(c) || c.is_whitespace() || matches!(c, ':' | '.' | '-' | '–' | '—')
    })
}
