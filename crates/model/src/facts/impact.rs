//! What the changelog of the product will say.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// The impact on the product's changelog.
#[derive(Clone, Debug, Default)]
pub struct ChangelogImpact {
    /// Entries under Added, Changed, Fixed and the like.
    pub entries: Vec<ImpactEntry>,
    /// The sentence that says that users see nothing of it.
    pub none: Option<Text>,
    /// The section's title.
    pub span: Span,
}

/// An entry of the changelog to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImpactEntry {
    /// `Added`, `Changed`, `Deprecated`, `Removed`, `Fixed`, `Security`.
    pub category: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads the changelog impact.
pub(crate) fn read(_reader: &Reader<'_>) -> Option<ChangelogImpact> {
    None
}
