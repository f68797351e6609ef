//! The matrix as JSON, and the schema of that JSON. The shape is a promise to other programs: a change that could
//! break a reader raises the first number of [`TRACE_SCHEMA_VERSION`].

use super::TraceReport;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_model::Verdict;
use trueup_trace::{Orphan, Proof, Traced};

/// Version of the JSON format of a trace.
pub const TRACE_SCHEMA_VERSION: &str = "1.0";

/// What specs promise, traced to tests and their results.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The trace of trueup", rename = "Trace")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = TRACE_SCHEMA_VERSION))]
    schema_version: &'a str,
    summary: Summary<'a>,
    items: Vec<Item<'a>>,
    /// Tests that cite what they cannot prove.
    orphans: Vec<OrphanOut<'a>>,
    /// Waivers that count for nothing.
    void_waivers: Vec<VoidWaiver<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Summary<'a> {
    items: usize,
    proven: usize,
    contradicted: usize,
    stale: usize,
    missing: usize,
    waived: usize,
    not_checkable: usize,
    orphans: usize,
    /// Tests of the code that were read.
    tests: usize,
    /// Those of them that cite something.
    citing_tests: usize,
    /// Why tests were not read; null where they were.
    tests_unreadable: Option<&'a str>,
    /// Results that were given; null where no report was.
    results: Option<usize>,
    /// Those of them that speak for an item.
    citing_results: usize,
}

#[derive(Serialize, JsonSchema)]
struct Item<'a> {
    /// The spec's ID, else the name of its file.
    spec: &'a str,
    /// The spec's file, from the root.
    path: &'a str,
    /// The item's line, from 1.
    line: u32,
    /// `acceptance`, `scenario`, `story`, `smoke` or `planned test`.
    kind: &'a str,
    /// Its ID; null where it has none.
    id: Option<&'a str>,
    /// Whether the ID is written in the document, so that it can be cited.
    written: bool,
    text: &'a str,
    /// The digest of the text, as evidence names it.
    digest: &'a str,
    /// `proven`, `contradicted`, `stale`, `missing`, `waived` or `not checkable`.
    verdict: &'a str,
    /// Why, in a sentence.
    reason: &'a str,
    /// The tests that name it, their results, and what the ledger holds.
    tests: Vec<Test<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Test<'a> {
    /// Its name with its suites.
    name: &'a str,
    /// `passed`, `failed` or `skipped`; null for a test of the code without a result.
    outcome: Option<&'a str>,
    /// The file of the test, the report or the ledger.
    path: &'a str,
    line: u32,
    /// Whether it was recorded for another text or another state of the code.
    outdated: bool,
}

#[derive(Serialize, JsonSchema)]
struct OrphanOut<'a> {
    /// As written: `SPEC-099#AC-3`.
    citation: &'a str,
    /// `no-spec`, `no-item`, `provisional`, `superseded` or `ambiguous`.
    kind: &'a str,
    message: String,
    test: &'a str,
    path: &'a str,
    line: u32,
}

#[derive(Serialize, JsonSchema)]
struct VoidWaiver<'a> {
    ledger: &'a str,
    line: u32,
    /// What it was to waive.
    of: &'a str,
    reason: &'a str,
}

/// The matrix for programs.
pub fn trace_json(report: &TraceReport<'_>) -> String {
    let run = report.run;
    let void = run.waiver_problems.iter().map(|(ledger, problem)| VoidWaiver {
        ledger,
        line: problem.line,
        of: &problem.of,
        reason: &problem.why,
    });
    crate::json::to_text(&Output {
        schema_version: TRACE_SCHEMA_VERSION,
        summary: Summary {
            items: report.items.len(),
            proven: report.with(Verdict::Proven),
            contradicted: report.with(Verdict::Contradicted),
            stale: report.with(Verdict::Stale),
            missing: report.with(Verdict::Missing),
            waived: report.with(Verdict::Waived),
            not_checkable: report.with(Verdict::NotCheckable),
            orphans: run.trace.orphans.len(),
            tests: run.tests,
            citing_tests: run.trace.citing_tests,
            tests_unreadable: run.tests_unreadable.as_deref(),
            results: run.results,
            citing_results: run.trace.citing_results,
        },
        items: report.items.iter().map(|t| item(t)).collect(),
        orphans: run.trace.orphans.iter().map(orphan).collect(),
        void_waivers: void.collect(),
    })
}

/// The JSON Schema of [`trace_json`].
pub fn trace_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

fn item(traced: &Traced) -> Item<'_> {
    Item {
        spec: &traced.spec,
        path: &traced.path,
        line: traced.item.line,
        kind: traced.item.role.name(),
        id: Some(traced.item.id.as_str()).filter(|id| !id.is_empty()),
        written: traced.item.written,
        text: &traced.item.text,
        digest: &traced.item.digest,
        verdict: traced.verdict.name(),
        reason: &traced.reason,
        tests: traced.proofs.iter().map(test).collect(),
    }
}

fn test(proof: &Proof) -> Test<'_> {
    Test {
        name: &proof.test,
        outcome: proof.outcome.map(trueup_codebase::Outcome::name),
        path: &proof.path,
        line: proof.line,
        outdated: proof.outdated,
    }
}

/// The outcome in one word for people.
pub(super) fn outcome_of(proof: &Proof) -> &'static str {
    proof.outcome.map_or("no result", trueup_codebase::Outcome::name)
}

fn orphan(orphan: &Orphan) -> OrphanOut<'_> {
    OrphanOut {
        citation: &orphan.citation,
        kind: orphan.kind.name(),
        message: orphan.why.clone(),
        test: &orphan.test,
        path: &orphan.path,
        line: orphan.line,
    }
}
