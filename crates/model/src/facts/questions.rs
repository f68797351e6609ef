//! Open questions.

use super::item::ItemId;
use super::reader::Reader;
use trueup_text::Span;

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Its ID.
    pub id: ItemId,
    /// What it asks.
    pub text: String,
    /// The answer, where one stands beside it: the question is then no longer open.
    pub answer: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the open questions.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<Question> {
    Vec::new()
}
