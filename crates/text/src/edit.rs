use crate::Span;
use std::fmt;

/// One replacement: the bytes under `span` give way to `insert`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What comes in its place; empty deletes.
    pub insert: String,
}

impl Edit {
    /// A replacement of the text under a span.
    pub fn replace(span: Span, insert: impl Into<String>) -> Edit {
        Edit { span, insert: insert.into() }
    }
}

/// Why a list of edits was not applied. The text is then unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// Two edits touch the same bytes.
    Overlap(Span, Span),
    /// A span lies outside the text or inside a character.
    OutOfBounds(Span),
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::Overlap(a, b) => write!(f, "the edits at bytes {a:?} and {b:?} overlap"),
            EditError::OutOfBounds(span) => write!(f, "the edit at bytes {span:?} does not fit the text"),
        }
    }
}

impl std::error::Error for EditError {}

/// Applies all edits or none. Every byte outside the spans is kept as it is.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut previous: Option<Span> = None;
    for edit in sorted {
        let range = edit.span.range();
        if text.get(range.clone()).is_none() {
            return Err(EditError::OutOfBounds(edit.span));
        }
        if let Some(before) = previous
            && (range.start < done || before == edit.span)
        {
            return Err(EditError::Overlap(before, edit.span));
        }
        out.push_str(&text[done..range.start]);
        out.push_str(&edit.insert);
        done = range.end;
        previous = Some(edit.span);
    }
    out.push_str(&text[done..]);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applies_in_order_of_place() {
        let edits = [Edit::replace(Span::new(4, 5), "E"), Edit::replace(Span::new(0, 1), "AA")];
        assert_eq!(apply_edits("abcde", &edits).unwrap(), "AAbcdE");
    }

    #[test]
    fn refuses_overlaps_and_broken_characters() {
        let overlap = [Edit::replace(Span::new(0, 2), ""), Edit::replace(Span::new(1, 3), "")];
        assert!(matches!(apply_edits("abc", &overlap), Err(EditError::Overlap(..))));
        let inside = [Edit::replace(Span::new(1, 2), "")];
        assert!(matches!(apply_edits("ż", &inside), Err(EditError::OutOfBounds(_))));
        let past = [Edit::replace(Span::new(1, 9), "")];
        assert!(matches!(apply_edits("abc", &past), Err(EditError::OutOfBounds(_))));
    }
}
