//! Where a reference may stand in a text, so that most of it need not be looked at.

use memchr::{memchr_iter, memchr2_iter, memmem};
use std::cell::Cell;
use trueup_text::Span;

/// Places at which a reference may stand: a link, an address, a file, or a sign beside a digit.
pub(super) struct Signs {
    /// In the order of the text; each is one or two bytes long.
    places: Vec<Span>,
    /// Number of places before the part of the text that was asked for last.
    passed: Cell<usize>,
}

impl Signs {
    /// The places in a part of a text.
    pub(super) fn of(text: &str, region: Span) -> Signs {
        let base = region.start as usize;
        let bytes = region.text(text).as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let pair = |at: usize| Span::new(base + at, base + at + 2);
        let mut places: Vec<Span> = Vec::new();
        for sign in [&b"]("[..], b"][", b":/", b".m"] {
            places.extend(memmem::find_iter(bytes, sign).map(pair));
        }
        places.extend(memchr_iter(b'<', bytes).map(|at| Span::new(base + at, base + at + 1)));
        places.extend(memchr2_iter(b'-', b'#', bytes).filter(|at| digit(at + 1)).map(pair));
        let behind = memchr_iter(b'_', bytes).filter_map(|at| at.checked_sub(1)).filter(|at| digit(*at));
        places.extend(behind.map(pair));
        places.sort_unstable();
        Signs { places, passed: Cell::new(0) }
    }

    /// Whether any of them lies wholly in a part of the text.
    pub(super) fn any_in(&self, span: Span) -> bool {
        let behind = self.places.get(self.before(span.start)..).unwrap_or_default().iter();
        behind.take_while(|place| place.start < span.end).any(|place| place.end <= span.end)
    }

    /// Number of places before an offset. The text is read from its front, so the search goes on where the
    /// last one ended.
    fn before(&self, offset: u32) -> usize {
        let is_before = |place: &Span| place.start < offset;
        let (passed, ahead) = self.places.split_at(self.passed.get().min(self.places.len()));
        let number = match passed.last().is_none_or(is_before) {
            true => passed.len() + ahead.iter().take_while(|place| is_before(place)).count(),
            false => passed.partition_point(is_before),
        };
        self.passed.set(number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let padded = format!("9{text}9");
        let signs = Signs::of(&padded, Span::new(0, padded.len()));
        assert_eq!(signs.any_in(Span::new(1, 1 + text.len())), expected, "{text}");
    }

    #[test]
    fn signs_in_any_order() {
        let text = "#1 plain #2 text <";
        let signs = Signs::of(text, Span::new(0, text.len()));
        let second = 9;
        for (from, to, expected) in [
            (second, second + 2, true),
            (0, 2, true),
            (2, second, false),
            (text.len() - 1, text.len(), true),
            (second + 2, text.len() - 1, false),
            (0, 1, false),
            (0, text.len(), true),
        ] {
            assert_eq!(signs.any_in(Span::new(from, to)), expected, "{from}..{to}");
        }
    }

    #[test]
    fn what_may_be_a_reference() {
        for text in ["[a](b)", "[a][b]", "http://x", "x.md", "<x>", "SPEC-1", "#7", "01_a", "x<"] {
            check(text, true);
        }
        // A sign at the very end, or one whose digit stands outside.
        for text in ["", "plain", "a-b", "x-", "#", "_a", "a_b", "so.", "a: b", "[a]"] {
            check(text, false);
        }
    }
}
