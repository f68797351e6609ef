//! Phases of the implementation with their steps.

mod plan;
mod word;

use super::reader::Reader;
use trueup_text::Span;

/// A phase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Its title as written (`Phase 1: Data model`).
    pub title: String,
    /// Its steps in order.
    pub steps: Vec<Step>,
    /// Its heading.
    pub span: Span,
}

/// A step of a phase.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// The check box, where it has one.
    pub done: Option<bool>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the phases.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Phase> {
    plan::read(reader)
}
