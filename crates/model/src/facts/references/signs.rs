//! Where a reference may stand in a text, so that most of it need not be looked at.

use std::ops::Range;
use trueup_text::Span;

/// Places at which a reference may stand: a link, an address, a file, or a sign beside a digit.
pub(super) struct Signs {
    /// In the order of the text; each is one or two bytes long.
    places: Vec<Span>,
}

impl Signs {
    /// The places in a part of a text.
    pub(super) fn of(text: &str, region: Span) -> Signs {
        let bytes = region.text(text).as_bytes();
        let signs = bytes.iter().enumerate().filter(|(_, byte)| IS_SIGN[**byte as usize]);
        let places = signs.filter_map(|(at, _)| place_at(bytes, at));
        Signs { places: places.map(|range| Span::from(range).shifted(region.start as usize)).collect() }
    }

    /// Whether any of them lies wholly in a part of the text.
    pub(super) fn any_in(&self, span: Span) -> bool {
        let from = self.places.partition_point(|place| place.start < span.start);
        let behind = self.places.get(from..).unwrap_or_default().iter();
        behind.take_while(|place| place.start < span.end).any(|place| place.end <= span.end)
    }
}

/// The bytes that make a reference possible where a sign stands.
fn place_at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let next = bytes.get(at + 1).copied().unwrap_or(0);
    let holds = match bytes.get(at)? {
        b'<' => return Some(at..at + 1),
        b'_' => {
            let before = at.checked_sub(1)?;
            return bytes.get(before)?.is_ascii_digit().then_some(before..at + 1);
        }
        b'-' | b'#' => next.is_ascii_digit(),
        b']' => matches!(next, b'(' | b'['),
        b':' => next == b'/',
        b'.' => next == b'm',
        _ => false,
    };
    holds.then_some(at..at + 2)
}

/// Which bytes [`place_at`] has to look at; every byte of every text is asked.
const IS_SIGN: [bool; 256] = {
    let mut table = [false; 256];
    let signs = b"-#]:._<";
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let padded = format!("9{text}9");
        let signs = Signs::of(&padded, Span::new(0, padded.len()));
        assert_eq!(signs.any_in(Span::new(1, 1 + text.len())), expected, "{text}");
    }

    #[test]
    fn what_may_be_a_reference() {
        for text in ["[a](b)", "[a][b]", "http://x", "x.md", "<x>", "SPEC-1", "#7", "01_a"] {
            check(text, true);
        }
        // A sign at the very end, or one whose digit stands outside.
        for text in ["", "plain", "a-b", "x-", "#", "_a", "a_b", "so.", "a: b", "[a]"] {
            check(text, false);
        }
    }
}
