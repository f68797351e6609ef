//! Drift as JSON, and the schema of that JSON. The shape is a promise to other programs: a change that could
//! break a reader raises the first number of [`DRIFT_SCHEMA_VERSION`].

use super::line_of;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_codebase::{CodePlace, Readable};
use trueup_drift::{Drifted, KindCount, counts};
use trueup_engine::{DriftReport, SpecDrift};
use trueup_text::LineIndex;

/// Version of the JSON format of drift.
pub const DRIFT_SCHEMA_VERSION: &str = "1.0";

/// What `trueup drift --format json` prints: each promise of the specs with what became of it in the code, and
/// what the code has beside. Lines count from 1.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Drift between specs and code", rename = "Drift")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = DRIFT_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// What all promises come to.
    summary: Summary<'a>,
    /// Specs that promise something, by their paths.
    specs: Vec<Spec<'a>>,
    /// What the code has and no spec promises; null where only some specs or kinds were asked for.
    unpromised: Option<Vec<Beside<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct Summary<'a> {
    /// Specs that promise something.
    specs: usize,
    /// Specs that promise nothing that could be looked for.
    without_promises: usize,
    /// Specs that are implemented and differ from the code.
    failing: usize,
    /// Files of code that were read.
    files_of_code: usize,
    /// By kind of promise.
    kinds: Vec<Kind<'a>>,
    /// Files of code that could not be read.
    unreadable: Vec<Unreadable<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Unreadable<'a> {
    path: &'a str,
    reason: &'a str,
}

/// What the promises of a kind come to, over all specs.
#[derive(Serialize, JsonSchema)]
struct Kind<'a> {
    kind: &'a str,
    /// Whether the code could be read for this kind.
    readable: bool,
    /// What it was read from.
    sources: Vec<&'a str>,
    /// Why it could not be read.
    why_not: Option<&'a str>,
    promised: usize,
    proven: usize,
    contradicted: usize,
    missing: usize,
    stale: usize,
    not_checkable: usize,
}

#[derive(Serialize, JsonSchema)]
struct Spec<'a> {
    /// Path from the repository's root.
    path: &'a str,
    /// Its ID, else its file's name.
    name: &'a str,
    title: &'a str,
    /// `draft`, `in-review`, `accepted`, `implemented`, `parked` or `superseded`.
    state: &'a str,
    /// Whether it is implemented and differs from the code.
    fails: bool,
    /// The commit at which somebody last looked, where drift is counted from there.
    reviewed_at: Option<&'a str>,
    /// Its promises in the order of the document.
    promises: Vec<Promise<'a>>,
    /// Promises that differed when somebody last looked and differ in the same way now.
    seen: Vec<Promise<'a>>,
}

/// A promise of a spec.
#[derive(Serialize, JsonSchema)]
struct Promise<'a> {
    /// `endpoints`, `entities`, `events`, `i18n`, `paths`, `tests`, `env`, `flags` or `migrations`.
    kind: &'a str,
    /// What is promised.
    subject: &'a str,
    /// `proven`, `contradicted`, `missing`, `stale` or `not checkable`.
    verdict: &'a str,
    /// In which way the spec and the code differ, or why nobody can tell.
    difference: &'a str,
    /// Whether it is worth telling and no reason to fail.
    soft: bool,
    /// Why.
    reason: &'a str,
    /// Line in the spec.
    line: u32,
    /// Where the code has it, or what comes closest.
    place: Option<Place<'a>>,
    /// What the code calls it.
    found: Option<&'a str>,
    /// What comes closest, where the code does not have it.
    candidate: Option<&'a str>,
}

/// Something of the code that no spec promises.
#[derive(Serialize, JsonSchema)]
struct Beside<'a> {
    kind: &'a str,
    /// The code's name for it.
    name: &'a str,
    /// The folder of its module.
    module: &'a str,
    place: Place<'a>,
    /// The spec that has most to do with the module.
    closest_spec: Option<&'a str>,
}

/// A place in the code.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    /// Path from the repository's root.
    path: &'a str,
    line: u32,
}

/// Drift as JSON. [`drift_json_schema`] describes it.
pub fn drift_json(report: &DriftReport) -> String {
    let all = counts(report.specs.iter().flat_map(|spec| &spec.rows));
    let summary = Summary {
        specs: report.specs.len(),
        without_promises: report.without_promises,
        failing: report.specs.iter().filter(|spec| spec.fails()).count(),
        files_of_code: report.files,
        kinds: report
            .readable
            .iter()
            .map(|(kind, readable)| {
                kind_of(kind.name(), readable, all.iter().find(|count| count.kind == *kind))
            })
            .collect(),
        unreadable: report.unreadable.iter().map(|(path, reason)| Unreadable { path, reason }).collect(),
    };
    let unpromised = report.unpromised.as_ref().map(|list| {
        list.iter()
            .map(|one| Beside {
                kind: one.kind.name(),
                name: &one.name,
                module: &one.module,
                place: place(&one.place),
                closest_spec: one.spec.as_deref(),
            })
            .collect()
    });
    let output = Output {
        schema_version: DRIFT_SCHEMA_VERSION,
        summary,
        specs: report.specs.iter().map(spec).collect(),
        unpromised,
    };
    // Fails only for maps whose keys are no strings; the format has none.
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema (draft 2020-12) of [`drift_json`].
pub fn drift_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

fn kind_of<'a>(kind: &'a str, readable: &'a Readable, count: Option<&KindCount>) -> Kind<'a> {
    let (sources, why_not) = match readable {
        Readable::Yes(sources) => (sources.clone(), None),
        Readable::No(why) => (Vec::new(), Some(why.as_str())),
    };
    let number = |of: fn(&KindCount) -> usize| count.map_or(0, of);
    Kind {
        kind,
        readable: why_not.is_none(),
        sources,
        why_not,
        promised: number(|c| c.promised),
        proven: number(|c| c.proven),
        contradicted: number(|c| c.contradicted),
        missing: number(|c| c.missing),
        stale: number(|c| c.stale),
        not_checkable: number(|c| c.not_checkable),
    }
}

fn spec(spec: &SpecDrift) -> Spec<'_> {
    let lines = LineIndex::new(&spec.text);
    Spec {
        path: &spec.path,
        name: &spec.name,
        title: &spec.title,
        state: spec.state.key(),
        fails: spec.fails(),
        reviewed_at: spec.reviewed_at.as_deref(),
        promises: spec.rows.iter().map(|row| promise(row, &lines)).collect(),
        seen: spec.seen.iter().map(|row| promise(row, &lines)).collect(),
    }
}

fn promise<'a>(row: &'a Drifted, lines: &LineIndex) -> Promise<'a> {
    Promise {
        kind: row.kind.name(),
        subject: &row.subject,
        verdict: row.verdict.name(),
        difference: row.difference.name(),
        soft: row.difference.is_soft(),
        reason: &row.reason,
        line: line_of(lines, row),
        place: row.place.as_ref().map(place),
        found: row.found.as_deref(),
        candidate: row.candidate.as_deref(),
    }
}

fn place(place: &CodePlace) -> Place<'_> {
    Place { path: &place.path, line: place.line.max(1) }
}
