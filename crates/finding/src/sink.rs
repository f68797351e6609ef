use crate::finding::{Fix, Related};
use crate::level::Level;
use std::sync::Arc;
use trueup_text::Span;

/// What a rule reports, before the engine adds level, path and fingerprint.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Other places.
    pub related: Vec<Related>,
    /// Ways to mend it.
    pub fixes: Vec<Fix>,
    /// What the finding is about in words that outlive edits; the text under the span where none is given.
    pub subject: Option<String>,
    /// Whether the span is in the sidecar and not in the document.
    pub in_sidecar: bool,
    /// The highest level that this finding may have, whatever its rule's is.
    pub at_most: Option<Level>,
}

impl Report {
    /// A finding at a place.
    pub fn new(span: Span, message: impl Into<String>) -> Report {
        Report {
            span,
            message: message.into(),
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
            subject: None,
            in_sidecar: false,
            at_most: None,
        }
    }

    /// Says what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Report {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a fix.
    pub fn fix(mut self, fix: Fix) -> Report {
        self.fixes.push(fix);
        self
    }

    /// Adds another place.
    pub fn related(mut self, path: impl Into<Arc<str>>, span: Span, message: impl Into<String>) -> Report {
        self.related.push(Related { path: path.into(), span, message: message.into() });
        self
    }

    /// Names what the finding is about, for its fingerprint.
    pub fn subject(mut self, subject: impl Into<String>) -> Report {
        self.subject = Some(subject.into());
        self
    }

    /// Matters less than the rule's other findings.
    pub fn at_most(mut self, level: Level) -> Report {
        self.at_most = Some(level);
        self
    }

    /// The span is in the sidecar.
    pub fn in_sidecar(mut self) -> Report {
        self.in_sidecar = true;
        self
    }
}

/// Where a rule puts what it finds, and how many places it looked at.
#[derive(Debug, Default)]
pub struct Sink {
    reports: Vec<Report>,
    places: usize,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Reports a finding.
    pub fn push(&mut self, report: Report) {
        self.reports.push(report);
    }

    /// Counts places that were looked at, whether or not something was found there.
    pub fn looked_at(&mut self, places: usize) {
        self.places += places;
    }

    /// Number of places looked at.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Everything reported.
    pub fn into_reports(self) -> Vec<Report> {
        self.reports
    }
}
