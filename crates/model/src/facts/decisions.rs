//! Market reference, design decisions, alternatives.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// A design decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What was chosen.
    pub decision: String,
    /// Why.
    pub rationale: String,
    /// Where it stands.
    pub span: Span,
}

/// An alternative that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative {
    /// The alternative.
    pub alternative: String,
    /// Why not.
    pub reason: String,
    /// Where it stands.
    pub span: Span,
}

/// Why a spec is as it is.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The market leader that was studied, and what was taken from it.
    pub market: Option<Text>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Alternatives.
    pub alternatives: Vec<Alternative>,
}

/// Reads decisions and alternatives.
pub(crate) fn read(_reader: &Reader<'_>) -> Decisions {
    Decisions::default()
}
