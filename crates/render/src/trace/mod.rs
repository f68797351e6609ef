//! The matrix of what specs promise, the tests that name it, and what came of them: for people, as CSV,
//! as JSON, and as a page that needs nothing beside it.

mod html;
mod json;
mod text;

pub use html::trace_html;
pub use json::{TRACE_SCHEMA_VERSION, trace_json, trace_json_schema};
pub use text::{TraceTextOptions, trace_csv, trace_text};

use crate::words::count;
use std::sync::Arc;
use trueup_engine::TraceRun;
use trueup_model::Verdict;
use trueup_trace::Traced;

/// A trace with the part of it that is shown.
#[derive(Debug)]
pub struct TraceReport<'a> {
    /// The trace of the whole repository.
    pub run: &'a TraceRun,
    /// The items that are shown, by spec.
    pub items: Vec<&'a Traced>,
}

/// The verdicts in the order in which they are told.
const VERDICTS: [Verdict; 6] = [
    Verdict::Proven,
    Verdict::Contradicted,
    Verdict::Stale,
    Verdict::Missing,
    Verdict::Waived,
    Verdict::NotCheckable,
];

impl TraceReport<'_> {
    /// How many of the shown items have a verdict.
    pub fn with(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|i| i.verdict == verdict).count()
    }

    /// The shown items by spec.
    fn by_spec(&self) -> impl Iterator<Item = &[&Traced]> {
        self.items.chunk_by(|a, b| Arc::ptr_eq(&a.path, &b.path) || a.path == b.path && a.spec == b.spec)
    }

    /// What was looked at, in a sentence each.
    fn denominators(&self) -> Vec<String> {
        let run = self.run;
        let mut verdicts: Vec<String> = Vec::new();
        for verdict in VERDICTS {
            let number = self.with(verdict);
            if number > 0 {
                verdicts.push(format!("{number} {verdict}"));
            }
        }
        let items = count(self.items.len(), "item", "items");
        let mut out = vec![match verdicts.is_empty() {
            true => items,
            false => format!("{items}: {}", verdicts.join(", ")),
        }];
        out.push(match &run.tests_unreadable {
            Some(why) => format!("tests were not read: {why}"),
            None => format!(
                "{}, of which {} a spec",
                count(run.tests, "test", "tests"),
                count(run.trace.citing_tests, "cites", "cite")
            ),
        });
        out.push(match run.results {
            None => "no report of a run was given (`--junit`, `--cucumber`)".to_owned(),
            Some(results) => {
                format!(
                    "{}, of which {} for an item",
                    count(results, "result", "results"),
                    count(run.trace.citing_results, "speaks", "speak")
                )
            }
        });
        out
    }
}
