//! What a spec says of itself, recomputed: the rows of its compliance matrix, its consistency checks and
//! its verdict.
//!
//! A claim is *proven* where the spec's own facts show that it holds, *contradicted* where they show that
//! it does not, *vacuous* where there is nothing that it could be true of, and *not checkable* where a
//! spec alone cannot tell. Every verdict carries its reason and the places that it rests on.

mod bound;
mod checks;
mod crud;
mod proofs;
mod rows;
mod verdict;
mod words;

pub use bound::{BoundRow, row_binds};
pub use checks::{CheckKind, check_label};
pub use crud::{CrudGap, crud_gaps};
pub use proofs::{JudgedProof, judge_proofs};
pub use verdict::names_conditions;
pub use words::{Resource, is_write, resource_of, words_of_name};

use trueup_codebase::CodePlace;
use trueup_markdown::Document;
use trueup_model::{Answer, Spec, Verdict};
use trueup_template::Schema;
use trueup_text::Span;

/// The reason of a claim that needs the repository to be decided.
pub const BEYOND_THE_SPEC: &str = "a spec alone cannot show it";

/// A place that a verdict rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Where; of no meaning where the place lies elsewhere.
    pub span: Span,
    /// What stands there.
    pub what: String,
    /// The place where it lies in another file than the spec.
    pub elsewhere: Option<CodePlace>,
}

/// A claim with trueup's verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in one sentence without a full stop.
    pub reason: String,
    /// What it rests on.
    pub places: Vec<Place>,
}

impl Judged {
    /// A verdict without places.
    pub fn new(verdict: Verdict, reason: impl Into<String>) -> Judged {
        Judged { verdict, reason: reason.into(), places: Vec::new() }
    }

    /// Adds a place of the spec.
    pub fn at(mut self, span: Span, what: impl Into<String>) -> Judged {
        self.places.push(Place { span, what: what.into(), elsewhere: None });
        self
    }

    /// Adds a place of another file.
    pub fn elsewhere(mut self, place: CodePlace, what: impl Into<String>) -> Judged {
        self.places.push(Place { span: Span::default(), what: what.into(), elsewhere: Some(place) });
        self
    }

    pub(crate) fn places(mut self, places: Vec<Place>) -> Judged {
        self.places.extend(places);
        self
    }
}

/// A consistency check with trueup's verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JudgedCheck {
    /// Which of the checks it is; none for a check of the author's own.
    pub kind: Option<CheckKind>,
    /// Its words: the author's, else the template's.
    pub label: String,
    /// Its row in the report; none where the author left it out.
    pub row: Option<usize>,
    /// What the author answers.
    pub claimed: Option<Answer>,
    /// The verdict on what the check asks, whatever the author answers.
    pub judged: Judged,
}

impl JudgedCheck {
    /// Whether the author's answer is contradicted: a Pass of what does not hold.
    pub fn contradicted(&self) -> bool {
        self.claimed == Some(Answer::Pass) && self.judged.verdict == Verdict::Contradicted
    }
}

/// Everything that a spec says of itself, recomputed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recomputed {
    /// One for each row of the matrix, in its order.
    pub rows: Vec<Judged>,
    /// The rows of the consistency check in their order, then the template's that are not there.
    pub checks: Vec<JudgedCheck>,
    /// The verdict of the report; `Missing` where the author gives none.
    pub verdict: Judged,
}

/// What a recomputation looks at.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub document: &'a Document,
    pub spec: &'a Spec,
}

/// Judges the rows of a spec's compliance matrix, in their order; `bound` is what policies say of them.
pub fn judge_rows(document: &Document, spec: &Spec, bound: &[BoundRow]) -> Vec<Judged> {
    bound::with_policies(rows::judge(Subject { document, spec }), spec, bound)
}

/// Judges a spec's consistency checks: the author's, then those of the template that are not there.
pub fn judge_checks(document: &Document, spec: &Spec, schema: &Schema) -> Vec<JudgedCheck> {
    checks::judge(Subject { document, spec }, schema)
}

/// Recomputes the claims of a spec. Also a spec without a compliance report gets the checks of its template.
pub fn recompute(document: &Document, spec: &Spec, schema: &Schema, bound: &[BoundRow]) -> Recomputed {
    let subject = Subject { document, spec };
    let rows = judge_rows(document, spec, bound);
    let checks = checks::judge(subject, schema);
    let verdict = verdict::judge(subject, &rows, &checks);
    Recomputed { rows, checks, verdict }
}
