//! The compliance report: the author's claims about the spec itself.

mod answer;
mod bullet;
mod report;

use super::reader::Reader;
use super::support::Text;
use crate::date::Date;
use trueup_text::Span;

/// What an author answers in a status cell, whatever the words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Answer {
    /// Compliant, Pass, ✅, Done, Yes.
    Pass,
    /// N/A.
    NotApplicable,
    /// Partial, with conditions.
    Partial,
    /// Pending, deferred, will comply, to do, verify later.
    Pending,
    /// Non-compliant, Fail, ❌, No.
    Fail,
    /// Something else.
    Other,
}

/// A guide that the author read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuideRef {
    /// The path as written.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

/// A row of the compliance matrix.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatrixRow {
    /// The guide that holds the rule, as written.
    pub source: String,
    /// The rule, as written.
    pub rule: String,
    /// The status as written.
    pub status: Text,
    /// What the status means.
    pub answer: Answer,
    /// The notes.
    pub notes: String,
    /// The row or bullet.
    pub span: Span,
}

/// A row of the internal consistency check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckRow {
    /// What was checked, as written.
    pub check: String,
    /// The status as written.
    pub status: Text,
    /// What the status means.
    pub answer: Answer,
    /// The notes.
    pub notes: String,
    /// The row or bullet.
    pub span: Span,
}

/// An item that the author names as not compliant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NonCompliantItem {
    /// The rule, or the whole bullet.
    pub rule: String,
    /// The guide.
    pub source: String,
    /// What is missing.
    pub gap: String,
    /// What to do.
    pub recommendation: String,
    /// Where it stands.
    pub span: Span,
}

/// What kind of verdict an author gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerdictClass {
    /// "Fully compliant".
    FullyCompliant,
    /// "Approved", "Ready for implementation", "Compliant" without "fully".
    Approved,
    /// Approved or compliant under conditions, partly compliant.
    Conditional,
    /// "Non-compliant", "Blocked".
    NonCompliant,
    /// Anything else.
    Other,
}

impl VerdictClass {
    /// The word in the JSON of a spec.
    pub fn key(self) -> &'static str {
        match self {
            VerdictClass::FullyCompliant => "fully_compliant",
            VerdictClass::Approved => "approved",
            VerdictClass::Conditional => "conditional",
            VerdictClass::NonCompliant => "non_compliant",
            VerdictClass::Other => "other",
        }
    }
}

/// The verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerdictClaim {
    /// What kind of verdict it is.
    pub class: VerdictClass,
    /// Its text without markup.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The compliance report of a spec.
#[derive(Clone, Debug, Default)]
pub struct Compliance {
    /// The date behind its title.
    pub date: Option<Date>,
    /// Its title.
    pub span: Span,
    /// Guides that were read.
    pub guides: Vec<GuideRef>,
    /// Rows of the matrix.
    pub rows: Vec<MatrixRow>,
    /// Rows of the consistency check.
    pub checks: Vec<CheckRow>,
    /// Items named as not compliant.
    pub non_compliant: Vec<NonCompliantItem>,
    /// The sentence that says that no item is non-compliant.
    pub none: Option<Text>,
    /// The verdict.
    pub verdict: Option<VerdictClaim>,
}

/// Reads the compliance report.
pub(crate) fn read(reader: &Reader<'_>) -> Option<Compliance> {
    report::read(reader)
}
