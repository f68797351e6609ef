//! IDs that an author wrote in front of a bullet.

use trueup_text::Span;

/// An ID in front of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WrittenId {
    /// `AC-3`
    pub text: String,
    /// Its bytes in the source, without marks around it.
    pub span: Span,
}

/// Names of standards, formats and levels that look like IDs.
const NO_PREFIXES: &[&str] = &["UTF", "SHA", "ISO", "RFC", "HTTP", "SPEC", "CVE", "UTC", "AES", "CWE", "PR"];

/// The same without a hyphen: `P0` is a priority, `V2` a version, `H1` a heading or a half of a year.
const NO_NUMBERED: &[&str] = &["P", "V", "H", "SHA", "UTF", "MD", "ES", "HS", "RS", "OAUTH", "SPEC", "HTTP"];

/// Names of products that look like IDs.
const NO_WORDS: &[&str] = &["S3", "EC2"];

/// The ID at the front of a source text, if there is one: `AC-3:`, `**AC-3**`, `[AC-3]`, `R1 —`. An ID
/// needs a mark behind it or marks around it; else it is a word of the sentence.
pub(crate) fn written_id(source: &str, base: u32) -> Option<WrittenId> {
    let lead = source.len() - source.trim_start_matches([' ', '*', '_', '`', '[', '(']).len();
    let opening = &source[..lead];
    let length = id_length(&source[lead..])?;
    let id = &source[lead..lead + length];
    let rest = &source[lead + length..];
    let hyphened = id.contains('-');
    let prefix = id.split(|c: char| !c.is_ascii_uppercase()).next().unwrap_or(id);
    let known = if hyphened { NO_PREFIXES } else { NO_NUMBERED };
    if known.contains(&prefix) || NO_WORDS.contains(&id) || !is_set_off(opening, rest, hyphened) {
        return None;
    }
    let start = base as usize + lead;
    Some(WrittenId { text: id.to_owned(), span: Span::new(start, start + length) })
}

/// Length of `LETTERS-12`, `TC-AUTH-012`, `FR-001a`, `US-2.1` or `R12`; none for anything else.
fn id_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if letters == 0 || letters > 12 {
        return None;
    }
    let mut at = letters;
    while bytes.get(at) == Some(&b'-') {
        let part =
            bytes[at + 1..].iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
        if part == 0 {
            break;
        }
        at += 1 + part;
        if bytes[at - part..at].iter().all(u8::is_ascii_digit) {
            return numbered(text, at, part);
        }
    }
    if at > letters {
        return None;
    }
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    if letters > 6 || digits == 0 || digits > 3 {
        return None;
    }
    numbered(text, at + digits, digits)
}

/// The end of an ID behind its digits: a letter (`FR-001a`) and points (`US-2.1`) may follow, a word not.
fn numbered(text: &str, end: usize, digits: usize) -> Option<usize> {
    if digits > 5 {
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = end;
    while bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1 + bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    }
    let lettered = bytes.get(at).is_some_and(u8::is_ascii_lowercase)
        && !bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphanumeric());
    if lettered {
        at += 1;
    }
    let ends =
        text[at..].chars().next().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '/' | '-'));
    ends.then_some(at)
}

/// Whether marks around an ID or a mark behind it set it off from the sentence.
fn is_set_off(opening: &str, rest: &str, hyphened: bool) -> bool {
    let after = rest.trim_start_matches(['*', '_', '`']);
    let closed = after.len() < rest.len();
    let bracket = |open: char, close: char| {
        opening.contains(open) && after.starts_with(close) && !after[1..].starts_with(['(', '['])
    };
    if bracket('[', ']') || bracket('(', ')') {
        return true;
    }
    if opening.contains(['[', '(']) {
        return false;
    }
    if after.starts_with(':') || after.starts_with(')') {
        return true;
    }
    if let Some(rest) = after.strip_prefix('.') {
        return rest.is_empty() || rest.starts_with([' ', '*', '_']);
    }
    let spaced = after.trim_start();
    let dashed = ["— ", "– ", "- ", "-- ", "→ "].into_iter().any(|dash| spaced.starts_with(dash));
    if dashed && spaced.len() < after.len() {
        return true;
    }
    // `**AC-3** The user …`, `**AC-3 (web):** …`; `R1` alone in a cell.
    let bold = opening.contains("**") || opening.contains("__");
    let qualified = spaced.starts_with('(')
        && spaced.find(')').is_some_and(|at| {
            spaced[at + 1..].trim_start_matches(['*', '_', ' ']).starts_with([':', '—', '–'])
        });
    bold && closed || qualified || after.trim().is_empty() && (hyphened || closed || !opening.contains('`'))
}

/// A text without the ID in front of it and the marks around and behind it.
pub(crate) fn without_id<'t>(plain: &'t str, id: &str) -> &'t str {
    let bare = plain.trim_start_matches(['[', '(', ' ']);
    let Some(rest) = bare.strip_prefix(id) else { return plain };
    let rest = rest.trim_start_matches([']', ')', ' ']);
    let rest = rest.strip_prefix([':', '.', '—', '–', '→']).unwrap_or_else(|| rest.trim_start_matches('-'));
    rest.trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: Option<&str>) {
        let found = written_id(source, 0);
        assert_eq!(found.as_ref().map(|id| id.text.as_str()), expected, "{source}");
        if let Some(id) = found {
            assert_eq!(id.span.text(source), id.text);
        }
    }

    #[test]
    fn ids_are_set_off_from_the_sentence() {
        for (source, id) in [
            ("AC-3: x", "AC-3"),
            ("**AC-3**: x", "AC-3"),
            ("**AC-3:** x", "AC-3"),
            ("**AC-3** x", "AC-3"),
            ("**AC-3 — Title.** x", "AC-3"),
            ("[AC-3] x", "AC-3"),
            ("(AC-3) x", "AC-3"),
            ("`AC-3`: x", "AC-3"),
            ("`AC-3` — x", "AC-3"),
            ("FR-001 – x", "FR-001"),
            ("FR-001a. x", "FR-001a"),
            ("US-2.1) x", "US-2.1"),
            ("TC-AUTH-012: x", "TC-AUTH-012"),
            ("R1: x", "R1"),
            ("**Q1**: x", "Q1"),
            ("**G1 — Title.** x", "G1"),
            ("**AC-2 (web):** x", "AC-2"),
            ("CR1.2 — x", "CR1.2"),
            ("AC-3", "AC-3"),
        ] {
            check(source, Some(id));
        }
    }

    #[test]
    fn words_are_no_ids() {
        for source in [
            "AC-3 is done",
            "SHA-256: the sum",
            "UTF-8 — text",
            "SPEC-012: the other",
            "[SPEC-012](a.md)",
            "[AC-3](a.md) x",
            "S3: the bucket",
            "P1: soon",
            "**P0** — must",
            "V003__add.sql",
            "V1: later",
            "H1: half a year",
            "GET /a",
            "API: x",
            "A-B: x",
            "2FA: x",
            "",
            "É-1: x",
            "**",
            "AC-123456: x",
            "T1-alpha: x",
        ] {
            check(source, None);
        }
    }

    #[test]
    fn the_text_goes_on_behind_the_id() {
        for (plain, id, text) in [
            ("AC-3: x: y", "AC-3", "x: y"),
            ("[AC-3] x", "AC-3", "x"),
            ("AC-3 — Title. x", "AC-3", "Title. x"),
            ("R1 - x", "R1", "x"),
            ("AC-3 x", "AC-3", "x"),
            ("x", "AC-3", "x"),
        ] {
            assert_eq!(without_id(plain, id), text);
        }
    }
}
