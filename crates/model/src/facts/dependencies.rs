//! What a spec depends on and what it affects.

use super::reader::Reader;
use super::references::Target;
use trueup_text::Span;

/// Something that a spec depends on or affects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// What it says.
    pub text: String,
    /// What it leads to, where it can be told.
    pub targets: Vec<Target>,
    /// Where it stands.
    pub span: Span,
}

/// What a spec depends on and what it affects.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// What must be there first.
    pub depends_on: Vec<Dependency>,
    /// What is changed by it.
    pub affects: Vec<Dependency>,
}

/// Reads the dependencies.
pub(crate) fn read(_reader: &Reader<'_>) -> Dependencies {
    Dependencies::default()
}
