//! Risks in every notation, assumptions, and which risk categories were answered.

use super::item::ItemId;
use super::reader::Reader;
use super::support::Text;
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
pub(crate) fn read(_reader: &Reader<'_>) -> Risks {
    Risks::default()
}
