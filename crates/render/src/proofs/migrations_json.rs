//! A proof of migrations as JSON, and the schema of that JSON. The shape is a promise to other programs: a change that
//! could break a reader raises the first number of [`MIGRATIONS_SCHEMA_VERSION`].

use super::ProvenChain;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_prove as prove;

/// Version of the JSON format of proofs of migrations.
pub const MIGRATIONS_SCHEMA_VERSION: &str = "1.0";

/// What `trueup migrations prove --format json` prints. Lines count from 1, times are milliseconds.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Proof of migrations", rename = "MigrationProof")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = MIGRATIONS_SCHEMA_VERSION))]
    schema_version: &'a str,
    /// Folders of migrations.
    chains: Vec<Chain<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Chain<'a> {
    /// The folder, from the repository's root.
    folder: &'a str,
    /// Version of the PostgreSQL server.
    server: &'a str,
    /// `proven`, `contradicted` or `not checkable`.
    verdict: &'a str,
    /// Statements that ran.
    statements: usize,
    /// Kill points that were tried; the number of statements where they were asked for.
    kill_points: usize,
    milliseconds: f64,
    /// Why the proof ended before its end; null where it did not.
    stopped: Option<Stopped<'a>>,
    /// What the chain needs and does not create.
    prerequisites: Vec<Prerequisite<'a>>,
    /// SQL that stands in for what is needed and was not declared.
    stand_ins: String,
    files: Vec<File<'a>>,
    /// Dumps of environments, compared with the chain and with each other.
    drifts: Vec<Drift<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Stopped<'a> {
    path: &'a str,
    line: Option<u32>,
    message: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Prerequisite<'a> {
    /// `role`, `schema`, `function`, `type`, `extension`, `table`, `database` or `object`.
    kind: &'a str,
    name: &'a str,
    /// The file that missed it first.
    path: &'a str,
    line: u32,
    sqlstate: &'a str,
    /// SQL that makes enough of it for the chain to go on.
    stand_in: Option<&'a str>,
    /// Whether it was declared.
    declared: bool,
    /// The later file that creates it: then the order is wrong.
    created_by: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct File<'a> {
    path: &'a str,
    version: &'a str,
    statements: usize,
    /// Milliseconds of the first run.
    milliseconds: f64,
    verdict: &'a str,
    /// Why it is not checkable.
    reason: Option<&'a str>,
    /// Whether it is claimed that it can be run again.
    claims_idempotent: bool,
    /// Whether Expand → Migrate → Contract is claimed.
    claims_phases: bool,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Check<'a> {
    /// `first run`, `rerun`, `at head`, `kill points`, `phases`, `old version`, `locks`, `with rows`, `prerequisites`.
    check: &'a str,
    /// `proven`, `contradicted`, `information`, `vacuous`, `not checkable` or `not applicable`.
    outcome: &'a str,
    /// One line for people.
    note: &'a str,
    problems: Vec<Problem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kill_points: Option<KillPoints<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phases: Option<Phases>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undone: Vec<Undone<'a>>,
    /// Things that are the same as before and yet were made anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recreated: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<Break<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locks: Vec<Lock<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stalls: Vec<Stall<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Problem<'a> {
    /// `contradiction` or `information`.
    level: &'a str,
    path: &'a str,
    line: u32,
    /// The server's error code (documentation of PostgreSQL, appendix A).
    sqlstate: Option<&'a str>,
    message: &'a str,
    statement: Option<&'a str>,
    /// SQL that shows the problem to anybody.
    witness: Option<&'a str>,
    /// What mends it.
    mend: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct KillPoints<'a> {
    /// How many there are: the number of statements.
    points: usize,
    tried: usize,
    /// How many of those that failed were tried once more on a copy of the database.
    confirmed: usize,
    /// Whether the runner can be killed there.
    applies: bool,
    failed: Vec<KillPoint<'a>>,
    /// Kills inside of statements that leave something behind.
    inside: Vec<InsideKill<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct KillPoint<'a> {
    /// After how many statements, from 1.
    after: usize,
    line: u32,
    /// The line at which the second run fails; null where it ends elsewhere.
    fails_at: Option<u32>,
    sqlstate: Option<&'a str>,
    message: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct InsideKill<'a> {
    line: u32,
    /// What is left behind.
    leaves: &'a str,
    outcome: &'a str,
    message: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Phases {
    expand: usize,
    migrate: usize,
    contract: usize,
    none: usize,
}

#[derive(Serialize, JsonSchema)]
struct Undone<'a> {
    kind: &'a str,
    name: &'a str,
    /// What of it; empty where it is gone or new as a whole.
    field: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    /// The later file that made it as it was.
    made_by: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Break<'a> {
    /// The table, view or function.
    object: &'a str,
    /// The statement of the version before, in short.
    shape: &'a str,
    /// Empty where row security hides rows and refuses nothing.
    sqlstate: &'a str,
    message: &'a str,
    column: Option<&'a str>,
    /// The line of the statement after which it fails.
    line: Option<u32>,
    witness: &'a str,
    /// Why it contradicts nothing, as what a contracting file is for; null where it is a break.
    expected: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Lock<'a> {
    relation: &'a str,
    kind: &'a str,
    /// `ACCESS EXCLUSIVE`.
    mode: &'a str,
    line: u32,
    /// Milliseconds until it is released.
    held: f64,
    blocks_reads: bool,
    blocks_writes: bool,
}

#[derive(Serialize, JsonSchema)]
struct Stall<'a> {
    relation: &'a str,
    /// Milliseconds of the longest wait of a reader.
    reader: f64,
    /// Milliseconds of the longest wait of a writer.
    writer: f64,
    rows: u64,
}

#[derive(Serialize, JsonSchema)]
struct Drift<'a> {
    left: &'a str,
    right: &'a str,
    verdict: &'a str,
    /// Why they could not be compared.
    not_checkable: Option<&'a str>,
    changes: Vec<Change<'a>>,
    /// What had to be passed over for a dump to load.
    passed_over: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    kind: &'a str,
    name: &'a str,
    field: &'a str,
    left: Option<&'a str>,
    right: Option<&'a str>,
}

/// Proofs of migrations as JSON.
pub fn migrations_json(chains: &[ProvenChain]) -> String {
    let chains = chains.iter().map(chain).collect();
    crate::json::to_text(&Output { schema_version: MIGRATIONS_SCHEMA_VERSION, chains })
}

/// The JSON Schema of [`migrations_json`].
pub fn migrations_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}

fn chain(chain: &ProvenChain) -> Chain<'_> {
    let report = &chain.report;
    Chain {
        folder: &chain.folder,
        server: &report.server,
        verdict: report.verdict().name(),
        statements: report.statements,
        kill_points: report.kill_points,
        milliseconds: report.millis,
        stopped: report.stopped.as_ref().map(|stopped| Stopped {
            path: &stopped.path,
            line: stopped.line,
            message: &stopped.message,
        }),
        prerequisites: report.prerequisites.iter().map(prerequisite).collect(),
        stand_ins: report.stub_sql(),
        files: report.files.iter().map(file).collect(),
        drifts: chain.drifts.iter().map(drift).collect(),
    }
}

fn prerequisite(needed: &prove::Prerequisite) -> Prerequisite<'_> {
    Prerequisite {
        kind: needed.kind.name(),
        name: &needed.name,
        path: &needed.path,
        line: needed.line,
        sqlstate: &needed.sqlstate,
        stand_in: needed.stub.as_deref(),
        declared: needed.declared,
        created_by: needed.created_by.as_deref(),
    }
}

fn file(file: &prove::FileReport) -> File<'_> {
    File {
        path: &file.path,
        version: &file.version,
        statements: file.statements,
        milliseconds: file.millis,
        verdict: file.verdict.name(),
        reason: file.reason.as_deref(),
        claims_idempotent: file.claims_idempotent,
        claims_phases: file.claims_phases,
        checks: file.checks.iter().map(check).collect(),
    }
}

fn check(check: &prove::Check) -> Check<'_> {
    let mut out = Check {
        check: check.kind.name(),
        outcome: check.outcome.name(),
        note: &check.note,
        problems: check.problems.iter().map(problem).collect(),
        kill_points: None,
        phases: None,
        undone: Vec::new(),
        recreated: Vec::new(),
        breaks: Vec::new(),
        locks: Vec::new(),
        stalls: Vec::new(),
    };
    match &check.detail {
        prove::Detail::None => {}
        prove::Detail::Rerun { recreated, .. } => {
            out.recreated = recreated.iter().map(|thing| format!("{} {}", thing.kind, thing.name)).collect();
        }
        prove::Detail::AtHead { undone, .. } => out.undone = undone.iter().map(undo).collect(),
        prove::Detail::KillPoints(points) => out.kill_points = Some(kill_points(points)),
        prove::Detail::Phases(phases) => {
            out.phases = Some(Phases {
                expand: phases.expand,
                migrate: phases.migrate,
                contract: phases.contract,
                none: phases.none,
            });
        }
        prove::Detail::OldVersion(old) => out.breaks = old.breaks.iter().map(broken).collect(),
        prove::Detail::Locks { locks, stalls, .. } => {
            out.locks = locks.iter().map(lock).collect();
            out.stalls = stalls.iter().map(stall).collect();
        }
    }
    out
}

fn problem(problem: &prove::Problem) -> Problem<'_> {
    Problem {
        level: match problem.level {
            prove::Level::Contradiction => "contradiction",
            prove::Level::Information => "information",
        },
        path: &problem.path,
        line: problem.line,
        sqlstate: problem.sqlstate.as_deref(),
        message: &problem.message,
        statement: problem.statement.as_deref(),
        witness: problem.witness.as_deref(),
        mend: problem.mend.as_deref(),
    }
}

fn undo(undone: &prove::Undone) -> Undone<'_> {
    Undone {
        kind: &undone.kind,
        name: &undone.name,
        field: &undone.field,
        before: undone.before.as_deref(),
        after: undone.after.as_deref(),
        made_by: undone.made_by.as_deref(),
    }
}

fn kill_points(points: &prove::KillPoints) -> KillPoints<'_> {
    let failed = points.failed.iter().map(|point| KillPoint {
        after: point.after,
        line: point.line,
        fails_at: point.fails_at,
        sqlstate: point.sqlstate.as_deref(),
        message: &point.message,
    });
    let inside = points.inside.iter().map(|kill| InsideKill {
        line: kill.line,
        leaves: &kill.leaves,
        outcome: kill.outcome.name(),
        message: &kill.message,
    });
    KillPoints {
        points: points.points,
        tried: points.tried,
        confirmed: points.confirmed,
        applies: points.applies,
        failed: failed.collect(),
        inside: inside.collect(),
    }
}

fn broken(broken: &prove::Break) -> Break<'_> {
    Break {
        object: &broken.object,
        shape: &broken.shape,
        sqlstate: &broken.sqlstate,
        message: &broken.message,
        column: broken.column.as_deref(),
        line: broken.line,
        witness: &broken.witness,
        expected: broken.expected.as_deref(),
    }
}

fn lock(lock: &prove::Lock) -> Lock<'_> {
    Lock {
        relation: &lock.relation,
        kind: &lock.kind,
        mode: &lock.mode,
        line: lock.line,
        held: lock.held,
        blocks_reads: lock.blocks_reads,
        blocks_writes: lock.blocks_writes,
    }
}

fn stall(stall: &prove::Stall) -> Stall<'_> {
    Stall { relation: &stall.relation, reader: stall.reader, writer: stall.writer, rows: stall.rows }
}

fn drift(drift: &prove::Drift) -> Drift<'_> {
    Drift {
        left: &drift.left,
        right: &drift.right,
        verdict: drift.verdict().name(),
        not_checkable: drift.not_checkable.as_deref(),
        changes: drift.changes.iter().map(change).collect(),
        passed_over: &drift.passed_over,
    }
}

fn change(change: &prove::DriftChange) -> Change<'_> {
    Change {
        kind: &change.kind,
        name: &change.name,
        field: &change.field,
        left: change.left.as_deref(),
        right: change.right.as_deref(),
    }
}
