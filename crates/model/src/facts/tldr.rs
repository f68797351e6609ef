//! The summary in front.

use super::reader::Reader;
use super::support::Text;

/// The summary in front.
#[derive(Clone, Debug, Default)]
pub struct Tldr {
    /// Paragraphs without a label; governance's purpose and outcome with their labels stand in
    /// [`Tldr::purpose`] and [`Tldr::outcome`].
    pub summary: Vec<Text>,
    /// Why.
    pub purpose: Option<Text>,
    /// What must be true when the work is done.
    pub outcome: Option<Text>,
    /// What is being built.
    pub key_points: Vec<Text>,
    /// Features.
    pub scope: Vec<Text>,
    /// Risks and constraints.
    pub concerns: Vec<Text>,
}

/// Reads the summary.
pub(crate) fn read(_reader: &Reader<'_>) -> Tldr {
    Tldr::default()
}
