//! Happy paths and user stories.

use super::item::Item;
use super::reader::Reader;
use trueup_text::Span;

/// A user story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// Who.
    pub actor: String,
    /// Wants what.
    pub action: String,
    /// So that.
    pub benefit: String,
    /// The whole sentence.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Happy paths and user stories.
#[derive(Clone, Debug, Default)]
pub struct Scenarios {
    /// Happy paths.
    pub scenarios: Vec<Item>,
    /// User stories.
    pub stories: Vec<Story>,
}

/// Reads happy paths and user stories.
pub(crate) fn read(_reader: &Reader<'_>) -> Scenarios {
    Scenarios::default()
}
