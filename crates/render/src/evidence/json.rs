//! Ledgers as JSON, and the schema of that JSON. The shape is a promise to other programs: a change that could
//! break a reader raises the first number of [`EVIDENCE_SCHEMA_VERSION`].

use super::VerifiedLedger;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_engine::SpecLedger;
use trueup_evidence::{Entry, Statement};

/// Version of the JSON format of evidence.
pub const EVIDENCE_SCHEMA_VERSION: &str = "1.0";

/// Ledgers of evidence, or what does not hold in them.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The evidence of trueup", rename = "Evidence")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = EVIDENCE_SCHEMA_VERSION))]
    schema_version: &'a str,
    summary: Summary,
    ledgers: Vec<LedgerOut<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    ledgers: usize,
    /// Whole lines in all of them.
    lines: usize,
    /// Lines that carry a signature.
    signed: usize,
    /// Things that do not hold; null for `evidence list`, which does not look.
    problems: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct LedgerOut<'a> {
    /// The spec's ID, else the name of its file.
    spec: &'a str,
    /// The spec's file, from the root; null where no spec has this ledger.
    spec_path: Option<&'a str>,
    /// The ledger's file, from the root.
    path: &'a str,
    /// What it says; absent for `evidence verify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<EntryOut<'a>>>,
    /// What does not hold; absent for `evidence list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<ProblemOut<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct EntryOut<'a> {
    /// Its line, from 1.
    line: u32,
    /// The SHA-256 of the line without its signature.
    digest: &'a str,
    /// The digests of the lines that it saw.
    seen: Vec<&'a str>,
    /// RFC 3339, in UTC.
    time: &'a str,
    by: PersonOut<'a>,
    /// Whether it carries a signature; whether that counts, `evidence verify` says.
    signed: bool,
    subjects: Vec<SubjectOut<'a>>,
    statement: StatementOut<'a>,
}

#[derive(Serialize, JsonSchema)]
struct PersonOut<'a> {
    name: &'a str,
    email: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct SubjectOut<'a> {
    /// `SPEC-012`, `SPEC-012#AC-3`, `git:commit`, or a path.
    name: &'a str,
    digest: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum StatementOut<'a> {
    Approval,
    Rejection { why: &'a str },
    Review { note: &'a str },
    Transition { action: &'a str, from: &'a str, to: &'a str },
    TestResult { source: &'a str, tests: Vec<TestOut<'a>> },
    Verified { verifier: &'a str, holds: bool, detail: &'a str },
    Waiver { of: &'a str, owner: &'a str, reason: &'a str, expires: &'a str },
}

#[derive(Serialize, JsonSchema)]
struct TestOut<'a> {
    name: &'a str,
    /// The item.
    proves: &'a str,
    /// `passed`, `failed` or `skipped`.
    outcome: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct ProblemOut<'a> {
    path: &'a str,
    /// From 1; for a line that is gone, where it stood.
    line: u32,
    /// `torn`, `no-digest`, `not-a-statement`, `changed`, `gone`, `twice`, `moved`, `not-a-digest`, `signature` or
    /// `signers`.
    kind: &'a str,
    message: &'a str,
}

/// Ledgers for programs.
pub fn evidence_json(specs: &[SpecLedger]) -> String {
    let ledgers = specs.iter().map(|spec| ledger(spec, Some(entries(spec)), None)).collect();
    output(specs.iter(), ledgers, None)
}

/// What does not hold in ledgers, for programs.
pub fn evidence_problems_json(all: &[VerifiedLedger<'_>]) -> String {
    let problems = |one: &VerifiedLedger<'_>| one.problems.len();
    let ledgers = all.iter().map(|one| {
        let told = one.problems.iter().map(|p| ProblemOut {
            path: &p.path,
            line: p.line,
            kind: p.kind.name(),
            message: &p.what,
        });
        ledger(one.spec, None, Some(told.collect()))
    });
    output(all.iter().map(|one| one.spec), ledgers.collect(), Some(all.iter().map(problems).sum()))
}

/// The JSON Schema of [`evidence_json`] and [`evidence_problems_json`].
pub fn evidence_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

fn output<'a>(
    specs: impl Iterator<Item = &'a SpecLedger> + Clone,
    ledgers: Vec<LedgerOut<'a>>,
    problems: Option<usize>,
) -> String {
    crate::json::to_text(&Output {
        schema_version: EVIDENCE_SCHEMA_VERSION,
        summary: Summary {
            ledgers: ledgers.len(),
            lines: specs.clone().map(|s| s.ledger.lines.len()).sum(),
            signed: specs.flat_map(|s| &s.ledger.entries).filter(|e| e.signed).count(),
            problems,
        },
        ledgers,
    })
}

fn ledger<'a>(
    spec: &'a SpecLedger,
    entries: Option<Vec<EntryOut<'a>>>,
    problems: Option<Vec<ProblemOut<'a>>>,
) -> LedgerOut<'a> {
    LedgerOut {
        spec: &spec.name,
        spec_path: spec.path.as_deref(),
        path: &spec.ledger.path,
        entries,
        problems,
    }
}

fn entries(spec: &SpecLedger) -> Vec<EntryOut<'_>> {
    spec.ledger.entries.iter().map(entry).collect()
}

fn entry(entry: &Entry) -> EntryOut<'_> {
    EntryOut {
        line: entry.line,
        digest: &entry.digest.0,
        seen: entry.seen.iter().map(|d| d.0.as_str()).collect(),
        time: &entry.time,
        by: PersonOut { name: &entry.by.name, email: &entry.by.email },
        signed: entry.signed,
        subjects: entry.subjects.iter().map(|s| SubjectOut { name: &s.name, digest: &s.digest }).collect(),
        statement: statement(&entry.statement),
    }
}

fn statement(statement: &Statement) -> StatementOut<'_> {
    match statement {
        Statement::Approval => StatementOut::Approval,
        Statement::Rejection { why } => StatementOut::Rejection { why },
        Statement::Review { note } => StatementOut::Review { note },
        Statement::Transition { action, from, to } => StatementOut::Transition { action, from, to },
        Statement::TestResult { tests, source } => {
            let tests = tests
                .iter()
                .map(|(name, proves, outcome)| TestOut { name, proves, outcome: outcome.name() })
                .collect();
            StatementOut::TestResult { source, tests }
        }
        Statement::Verified { verifier, holds, detail } => {
            StatementOut::Verified { verifier, holds: *holds, detail }
        }
        Statement::Waiver { of, owner, reason, expires } => {
            StatementOut::Waiver { of, owner, reason, expires }
        }
    }
}
