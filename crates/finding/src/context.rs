use trueup_claims::BoundRow;
use trueup_codebase::Code;
use trueup_drift::FileRows;
use trueup_guides::House;
use trueup_markdown::{Document, SectionId};
use trueup_model::{Corpus, Others, Settings, Sidecar, Spec, World};
use trueup_template::Schema;

/// What a file is to the check.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A spec: every rule looks at it.
    Spec,
    /// A document beside the specs: only rules for all files look at it.
    Companion,
}

/// What a rule sees: one file, what it was aligned to, and the repository as data. Nothing else, so a
/// rule gives the same answer under every face.
#[derive(Clone, Copy, Debug)]
pub struct FileCx<'a> {
    /// Path from the repository's root.
    pub path: &'a str,
    /// What the file is.
    pub role: Role,
    /// The parsed file.
    pub document: &'a Document,
    /// The specs in it; none for a companion.
    pub specs: &'a [Spec],
    /// The template that they are held to.
    pub schema: Option<&'a Schema>,
    /// The YAML file beside it.
    pub sidecar: Option<&'a Sidecar>,
    /// The repository.
    pub world: &'a World,
    /// All Markdown files by their heads.
    pub corpus: &'a Corpus,
    /// What the configuration and the template ask.
    pub settings: &'a Settings,
    /// Other specs, read when a rule asks.
    pub others: &'a dyn Others,
    /// The code of the repository, read when a rule asks.
    pub code: &'a dyn Code,
    /// The guides of the repository, read when a rule asks.
    pub house: &'a dyn House,
    /// What policies say of the rows of each spec's matrix, in the order of `specs`; empty where none is bound.
    pub bound: &'a [Vec<BoundRow>],
    /// What became of the promises of the specs, worked out when a rule asks.
    pub rows: &'a FileRows,
}

impl<'a> FileCx<'a> {
    /// The file's text.
    pub fn text(&self) -> &'a str {
        self.document.text()
    }

    /// The specs that follow the template, with the template.
    pub fn shaped(&self) -> impl Iterator<Item = (&'a Spec, &'a Schema)> + use<'a> {
        let schema = self.schema;
        self.specs.iter().filter(|s| s.alignment.titles_found > 0).filter_map(move |s| Some((s, schema?)))
    }

    /// What policies say of the rows of a spec's matrix.
    pub fn bound_rows(&self, spec: &Spec) -> &'a [BoundRow] {
        let at = self.specs.iter().position(|s| s.region == spec.region);
        at.and_then(|at| self.bound.get(at)).map_or(&[], Vec::as_slice)
    }

    /// The section that a byte lies in.
    pub fn section_at(&self, offset: u32) -> Option<SectionId> {
        let sections = self.document.sections();
        let after = sections.partition_point(|s| s.span.start <= offset);
        after.checked_sub(1).map(|i| SectionId(i as u32))
    }
}
