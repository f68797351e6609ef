//! Drift in the forms that people and programs read.

mod human;
mod json;
mod markdown;

pub use human::drift_text;
pub use json::{DRIFT_SCHEMA_VERSION, drift_json, drift_json_schema};
pub use markdown::drift_markdown;

use trueup_codebase::{CodeKind, CodePlace, Readable};
use trueup_drift::{Drifted, KindCount, Unpromised, counts};
use trueup_engine::{DriftReport, SpecDrift};
use trueup_model::State;
use trueup_text::LineIndex;

/// What to show of drift.
#[derive(Clone, Copy, Debug, Default)]
pub struct DriftTextOptions {
    /// Whether to colour.
    pub color: bool,
    /// Also what is proven, what cannot be checked, what somebody has seen, and specs that are not
    /// implemented yet.
    pub all: bool,
    /// Whether the specs were named one by one: they are shown whatever their state is.
    pub named: bool,
    /// Whether to list what no spec promises.
    pub unpromised: bool,
    /// Whether to list nothing else.
    pub only_unpromised: bool,
}

impl DriftTextOptions {
    fn shows_spec(&self, spec: &SpecDrift) -> bool {
        self.all || self.named || spec.state == State::Implemented
    }

    fn shows_row(&self, row: &Drifted) -> bool {
        self.all || row.differs()
    }
}

/// A place as `path:line`.
fn place(place: &CodePlace) -> String {
    match place.line {
        0 | 1 if place.span.start == 0 => place.path.to_string(),
        line => format!("{}:{line}", place.path),
    }
}

/// Line of a row in its spec.
fn line_of(lines: &LineIndex, row: &Drifted) -> u32 {
    lines.line(row.span.start)
}

/// What the rows of the specs that are shown come to.
fn totals(report: &DriftReport, options: &DriftTextOptions) -> Vec<KindCount> {
    counts(report.specs.iter().filter(|spec| options.shows_spec(spec)).flat_map(|spec| &spec.rows))
}

/// Kinds that something was promised of and that could not be read, with the reason.
fn unread<'a>(report: &'a DriftReport, totals: &[KindCount]) -> Vec<(CodeKind, &'a str)> {
    let asked = |kind: CodeKind| totals.iter().any(|count| count.kind == kind && count.not_checkable > 0);
    let unread = report.readable.iter().filter_map(|(kind, readable)| match readable {
        Readable::No(why) => Some((*kind, why.as_str())),
        Readable::Yes(_) => None,
    });
    unread.filter(|(kind, _)| asked(*kind)).collect()
}

/// Runs of what is unpromised in one module.
fn modules(list: &[Unpromised]) -> impl Iterator<Item = (&str, &[Unpromised])> {
    list.chunk_by(|a, b| a.module == b.module).filter_map(|run| Some((run.first()?.module.as_str(), run)))
}

/// What to say of specs that are not implemented and not shown.
fn not_shown(report: &DriftReport, options: &DriftTextOptions) -> Option<String> {
    let hidden: Vec<&SpecDrift> = report.specs.iter().filter(|spec| !options.shows_spec(spec)).collect();
    let promised: usize = counts(hidden.iter().flat_map(|s| &s.rows)).iter().map(|c| c.promised).sum();
    let proven: usize = counts(hidden.iter().flat_map(|s| &s.rows)).iter().map(|c| c.proven).sum();
    (!hidden.is_empty()).then(|| {
        format!(
            "{} not implemented: {proven} of {} there already; `--all` shows them",
            crate::words::count(hidden.len(), "spec is", "specs are"),
            crate::words::count(promised, "promise is", "promises are"),
        )
    })
}
