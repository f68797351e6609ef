//! Other specs, files and issues that a spec names.

use super::reader::Reader;
use trueup_text::Span;

/// What a reference leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A spec by its ID.
    Spec(crate::SpecId),
    /// A Markdown file by its link's target or path, as written.
    File(String),
    /// An issue or a pull request of this repository.
    Issue(u32),
    /// An address.
    Url(String),
}

/// How a spec is related to what it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Relation {
    /// It needs the other first.
    DependsOn,
    /// It changes the other or is changed by it.
    Affects,
    /// It takes the other's place.
    Supersedes,
    /// The other takes its place.
    SupersededBy,
    /// It extends the other (parent, based on).
    Extends,
    /// It only names it.
    Related,
}

/// A reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Where it leads.
    pub target: Target,
    /// How it is meant.
    pub relation: Relation,
    /// Where it stands.
    pub span: Span,
    /// Whether the span is in the sidecar and not in the document.
    pub in_sidecar: bool,
}

/// Reads the references.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<Reference> {
    Vec::new()
}
