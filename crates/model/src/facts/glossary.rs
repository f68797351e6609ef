//! Terms that a spec defines.

use super::reader::Reader;
use trueup_text::Span;

/// A term with its definition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// The term.
    pub term: String,
    /// What it means.
    pub definition: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads the glossary.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<Term> {
    Vec::new()
}
