//! Risks in every notation, assumptions, and which risk categories were answered.

mod keys;
mod register;
mod title;

use super::item::{ItemId, ItemKind, settle_ids};
use super::reader::Reader;
use super::support::Text;
use trueup_markdown::SectionId;
use trueup_text::Span;

/// How bad a risk is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "Low",
            Severity::Medium => "Medium",
            Severity::High => "High",
            Severity::Critical => "Critical",
        }
    }
}

/// How a risk was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RiskForm {
    /// A heading with keys below it.
    Block,
    /// A row of a table.
    Row,
    /// A paragraph or a bullet with keys in it.
    Keyed,
    /// A sentence without keys.
    Prose,
}

/// A key of a risk with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RiskEntry {
    /// The key in comparable form: `scenario`, `severity`, `affected area`, `mitigation`, `residual risk`, or
    /// whatever else the author wrote (`likelihood`).
    pub key: String,
    /// The value without markup.
    pub value: String,
    /// Where the value stands.
    pub span: Span,
}

/// A risk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Risk {
    /// Its ID.
    pub id: ItemId,
    /// Its title without ID and severity.
    pub title: String,
    /// Its severity, where the word is one of the four.
    pub severity: Option<Severity>,
    /// The severity as written, where one is given.
    pub severity_text: Option<Text>,
    /// Its keys in document order.
    pub entries: Vec<RiskEntry>,
    /// How it was written.
    pub form: RiskForm,
    /// The title of the sub-section it stands in (the risk's category), where there is one.
    pub category: Option<String>,
    /// Its heading, row or paragraph.
    pub span: Span,
}

impl Risk {
    /// A value by its key.
    pub fn entry(&self, key: &str) -> Option<&RiskEntry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// What a spec says of its risks.
#[derive(Clone, Debug, Default)]
pub struct Risks {
    /// Risks in document order.
    pub risks: Vec<Risk>,
    /// What the authors bet on.
    pub assumptions: Vec<Text>,
    /// Sub-sections of the risk section that discuss a category without naming a risk of their own.
    pub categories: Vec<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// Reads the risks.
pub(crate) fn read(reader: &Reader<'_>) -> Risks {
    let mut out = Risks::default();
    for section in sections_of(reader) {
        register::read_section(reader, section, &mut out);
    }
    let document = reader.document;
    for section in reader.all_sections() {
        let this = document.section(section);
        let read = out.sections.iter().any(|title| document.section(section).span.contains(*title));
        if !read && matches!(this.normal.core.as_str(), "assumptions" | "key assumptions") {
            register::read_assumptions(reader, section, &mut out.assumptions);
        }
    }
    settle_ids(ItemKind::Risk, out.risks.iter_mut().map(|risk| &mut risk.id));
    out
}

/// The sections that hold risks: those of the kind, and others whose title says so.
fn sections_of(reader: &Reader<'_>) -> Vec<SectionId> {
    let document = reader.document;
    let mut out = reader.sections("risks");
    let by_title = reader.all_sections().filter(|id| reader.kind_of(*id).is_none());
    let by_title: Vec<SectionId> =
        by_title.filter(|id| names_risks(&document.section(*id).normal.core)).collect();
    out.extend(by_title);
    out.sort();
    let mut end = 0;
    out.retain(|id| {
        let span = document.section(*id).span;
        let outside = span.start >= end;
        end = end.max(span.end);
        outside
    });
    out
}

/// Whether a title names a list of risks ("Technical risks and challenges", "Risk analysis: what can go wrong").
fn names_risks(core: &str) -> bool {
    const SINGULAR: &[&str] = &["analysis", "assessment", "register", "matrix", "review", "log", "overview"];
    let words: Vec<&str> = core.split(' ').collect();
    let listed = |word: &str| word == "risks";
    match words.as_slice() {
        ["risk", second, ..] => SINGULAR.contains(second),
        ["risks", ..] => true,
        [.., last] if listed(last) => words.len() <= 5,
        _ => words.windows(2).any(|pair| pair == ["risks", "and"]),
    }
}
