//! The document's sections by what they hold.

use super::reader::Reader;
use trueup_template::SpecIndex;
use trueup_text::Span;

/// A section of a spec, or one that its template asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionFact {
    /// What it holds.
    pub kind: Option<String>,
    /// The title as written; the template's where the section is missing.
    pub title: String,
    /// Whether the template requires it.
    pub required: bool,
    /// Whether it is there.
    pub present: bool,
    /// Whether nothing stands below its heading.
    pub empty: bool,
    /// Whether it says that it does not apply.
    pub none: bool,
    /// The heading's level.
    pub level: u8,
    /// The template's section that it answers.
    pub spec: Option<SpecIndex>,
    /// Its title; none where it is missing.
    pub span: Option<Span>,
}

/// Lists the sections.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<SectionFact> {
    Vec::new()
}
