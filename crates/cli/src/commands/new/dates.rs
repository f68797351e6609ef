//! Dates and placeholders for dates in a template's text.

use std::ops::Range;
use trueup_model::find_dates;

/// What a placeholder for a date looks like; any hyphen may stand between.
const FORM: &str = "yyyy-mm-dd";

/// Brackets around a placeholder, as they stand in a Markdown source.
const BRACKETS: [(&str, &str); 4] = [("&lt;", "&gt;"), ("<", ">"), ("[", "]"), ("{", "}")];

/// The first date or placeholder for one, with its brackets and with the time behind it.
pub(super) fn first_date(text: &str) -> Option<Range<usize>> {
    let literal = find_dates(text).first().map(|found| found.start..found.end);
    let found = match (placeholder(text), literal) {
        (Some(a), Some(b)) => {
            if a.start < b.start {
                a
            } else {
                b
            }
        }
        (a, b) => a.or(b)?,
    };
    let found = with_brackets(text, found);
    Some(found.start..found.end + time_behind(&text[found.end..]))
}

/// Whether the first date is a placeholder and no example.
pub(super) fn is_placeholder(text: &str) -> bool {
    placeholder(text).is_some()
}

fn placeholder(text: &str) -> Option<Range<usize>> {
    let starts = text.char_indices().map(|(at, _)| at);
    starts.into_iter().find_map(|start| {
        let mut wanted = FORM.chars();
        let mut end = start;
        for c in text[start..].chars() {
            let Some(expected) = wanted.next() else { break };
            let same = if expected == '-' {
                matches!(c, '-' | '\u{2010}' | '\u{2011}')
            } else {
                c.eq_ignore_ascii_case(&expected)
            };
            if !same {
                return None;
            }
            end += c.len_utf8();
        }
        wanted.next().is_none().then_some(start..end)
    })
}

fn with_brackets(text: &str, found: Range<usize>) -> Range<usize> {
    for (open, close) in BRACKETS {
        if text[..found.start].ends_with(open) && text[found.end..].starts_with(close) {
            return found.start - open.len()..found.end + close.len();
        }
    }
    found
}

/// The length of ` 09:00` behind a date.
fn time_behind(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let shaped = matches!(bytes.first(), Some(b' ' | b'T'))
        && digit(1)
        && digit(2)
        && bytes.get(3) == Some(&b':')
        && digit(4)
        && digit(5);
    if shaped { 6 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_every_dress() {
        for (text, found) in [
            ("2025-09-01 09:00: Draft created", "2025-09-01 09:00"),
            ("### [YYYY-MM-DD]", "[YYYY-MM-DD]"),
            ("&lt;YYYY‑MM‑DD&gt;: Accepted", "&lt;YYYY‑MM‑DD&gt;"),
            ("yyyy-mm-dd", "yyyy-mm-dd"),
            ("| {YYYY-MM-DD} | 2025-01-01 |", "{YYYY-MM-DD}"),
        ] {
            assert_eq!(first_date(text).map(|range| &text[range]), Some(found));
        }
        assert_eq!(first_date("soon"), None);
        assert!(is_placeholder("<YYYY-MM-DD>") && !is_placeholder("2025-01-01"));
    }
}
