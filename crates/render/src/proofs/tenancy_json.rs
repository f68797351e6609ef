//! Attempts on tenants, and logs of statements, as JSON, and the schemas of that JSON. The shapes are a promise to other
//! programs: a change that could break a reader raises the first number of their versions.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_tenancy as tenancy;

/// Version of the JSON format of attempts on tenants.
pub const TENANCY_SCHEMA_VERSION: &str = "1.0";
/// Version of the JSON format of logs of statements.
pub const QUERIES_SCHEMA_VERSION: &str = "1.0";

/// What `trueup tenancy prove --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Proof of tenant isolation", rename = "TenancyProof")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = TENANCY_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// Version of the PostgreSQL server.
    server: &'a str,
    /// `proven`, `contradicted`, `vacuous` or `not checkable`.
    verdict: &'a str,
    /// Columns that name a tenant.
    tenant_columns: &'a [String],
    /// How the database learns who speaks: the name of a setting, or `current_user`.
    carriers: Vec<&'a str>,
    principals: Vec<Principal<'a>>,
    subjects: Vec<Subject<'a>>,
    /// What is read rather than tried.
    findings: Vec<Finding<'a>>,
    notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Principal<'a> {
    role: &'a str,
    /// `tenant A`, `nobody` or `nobody (empty claims)`.
    tenant: &'a str,
}

/// A table, view or function.
#[derive(Serialize, JsonSchema)]
struct Subject<'a> {
    name: &'a str,
    kind: &'a str,
    /// `root`, `direct`, `via foreign key`, `user-scoped`, `global` or `part of a table`; null for views and functions.
    model: Option<&'a str>,
    /// Why it is taken for that.
    reason: &'a str,
    verdict: &'a str,
    why: Option<&'a str>,
    seeds: Vec<Seed<'a>>,
    controls: Vec<Control<'a>>,
    probes: Vec<Probe<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Seed<'a> {
    tenant: &'a str,
    table: &'a str,
    sql: &'a str,
    /// Why there is no row; null where there is one.
    failed: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Control<'a> {
    #[serde(flatten)]
    principal: Principal<'a>,
    what: &'a str,
    sql: &'a str,
    holds: bool,
    answer: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Probe<'a> {
    kind: &'a str,
    #[serde(flatten)]
    principal: Principal<'a>,
    sql: &'a str,
    /// `held`, `leak`, `vacuous` or `not checkable`.
    outcome: &'a str,
    /// By what it was held, what leaked, or why it says nothing.
    detail: &'a str,
    /// How to see a leak.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Witness<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Witness<'a> {
    /// A script for `psql`; it ends with `ROLLBACK`.
    sql: &'a str,
    /// The same as a test of pgTAP.
    pgtap: &'a str,
    /// It showed the leak a second time.
    confirmed: bool,
}

#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    kind: &'a str,
    about: &'a str,
    message: &'a str,
    mend: &'a str,
}

/// An attempt on tenants as JSON.
pub fn tenancy_json(report: &tenancy::Report, server: &str) -> String {
    let carriers = report.carriers.iter().map(|carrier| match carrier {
        tenancy::Carrier::Setting { name, .. } | tenancy::Carrier::Json { name, .. } => name.as_str(),
        tenancy::Carrier::CurrentUser { .. } => "current_user",
        tenancy::Carrier::SearchPath { .. } => "search_path",
    });
    crate::json::to_text(&Output {
        schema_version: TENANCY_SCHEMA_VERSION,
        server,
        verdict: report.verdict().name(),
        tenant_columns: &report.tenant_columns,
        carriers: carriers.collect(),
        principals: report.principals.iter().map(principal).collect(),
        subjects: report.subjects.iter().map(subject).collect(),
        findings: report.findings.iter().map(finding).collect(),
        notes: &report.notes,
    })
}

/// The JSON Schema of [`tenancy_json`].
pub fn tenancy_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

fn principal(principal: &tenancy::Principal) -> Principal<'_> {
    Principal { role: &principal.role, tenant: principal.tenant.name() }
}

fn subject(subject: &tenancy::Subject) -> Subject<'_> {
    Subject {
        name: &subject.name,
        kind: subject.kind.name(),
        model: subject.model.as_ref().map(tenancy::Model::name),
        reason: &subject.reason,
        verdict: subject.verdict.name(),
        why: subject.why.as_deref(),
        seeds: subject.seeds.iter().map(seed).collect(),
        controls: subject.controls.iter().map(control).collect(),
        probes: subject.probes.iter().map(probe).collect(),
    }
}

fn seed(seed: &tenancy::Seed) -> Seed<'_> {
    Seed { tenant: seed.tenant.name(), table: &seed.table, sql: &seed.sql, failed: seed.failed.as_deref() }
}

fn control(control: &tenancy::Control) -> Control<'_> {
    Control {
        principal: principal(&control.principal),
        what: &control.what,
        sql: &control.sql,
        holds: control.holds,
        answer: control.answer.as_deref(),
    }
}

fn probe(probe: &tenancy::Probe) -> Probe<'_> {
    let (outcome, detail) = match &probe.outcome {
        tenancy::Outcome::Held { by } => ("held", by),
        tenancy::Outcome::Leak { what } => ("leak", what),
        tenancy::Outcome::Vacuous { why } => ("vacuous", why),
        tenancy::Outcome::NotCheckable { why } => ("not checkable", why),
    };
    Probe {
        kind: probe.kind.name(),
        principal: principal(&probe.principal),
        sql: &probe.sql,
        outcome,
        detail,
        witness: probe.witness.as_ref().map(|witness| Witness {
            sql: &witness.sql,
            pgtap: &witness.pgtap,
            confirmed: witness.confirmed,
        }),
    }
}

fn finding(finding: &tenancy::Finding) -> Finding<'_> {
    Finding {
        kind: finding.kind.name(),
        about: &finding.about,
        message: &finding.message,
        mend: &finding.mend,
    }
}

/// What `trueup tenancy prove --log --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Statements of an application", rename = "Statements")]
struct Statements<'a> {
    /// Version of this format.
    #[schemars(extend("const" = QUERIES_SCHEMA_VERSION))]
    schema_version: &'a str,
    verdict: &'a str,
    /// Statements that were read, each run counted.
    statements: u64,
    /// Of them, those that use no table of tenants.
    unscoped: u64,
    /// Of them, those that cannot be read.
    unreadable: u64,
    /// Statements on tables of tenants, those that differ only in their values as one.
    shapes: Vec<Shape<'a>>,
    /// Places where a claim is set for the session.
    session_claims: Vec<SessionClaim<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Shape<'a> {
    /// The statement without its values.
    shape: &'a str,
    /// How often it was run.
    count: u64,
    verdict: &'a str,
    why: Option<&'a str>,
    /// The first one, as it was written.
    witness: &'a str,
    /// The file of that one.
    file: &'a str,
    /// Its line.
    line: u32,
    /// Each use of a table of tenants.
    uses: Vec<Use<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Use<'a> {
    table: &'a str,
    alias: &'a str,
    verdict: &'a str,
    why: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct SessionClaim<'a> {
    file: &'a str,
    line: u32,
    statement: &'a str,
}

/// A log of statements as JSON.
pub fn queries_json(report: &tenancy::QueryReport) -> String {
    crate::json::to_text(&Statements {
        schema_version: QUERIES_SCHEMA_VERSION,
        verdict: report.verdict().name(),
        statements: report.statements,
        unscoped: report.unscoped,
        unreadable: report.unreadable,
        shapes: report.shapes.iter().map(shape).collect(),
        session_claims: report
            .session_claims
            .iter()
            .map(|(place, statement)| SessionClaim { file: &place.file, line: place.line, statement })
            .collect(),
    })
}

/// The JSON Schema of [`queries_json`].
pub fn queries_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Statements<'_>>())
}

fn shape(shape: &tenancy::QueryShape) -> Shape<'_> {
    Shape {
        shape: &shape.shape,
        count: shape.count,
        verdict: shape.verdict.name(),
        why: shape.why.as_deref(),
        witness: &shape.witness,
        file: &shape.place.file,
        line: shape.place.line,
        uses: shape.uses.iter().map(a_use).collect(),
    }
}

fn a_use(one: &tenancy::Proof) -> Use<'_> {
    Use { table: &one.table, alias: &one.alias, verdict: one.verdict.name(), why: &one.why }
}
