//! `trueup trace`

use super::step::{open_to, told};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::signing::{Signing, whoever};
use crate::specs::spec_path;
use std::path::{Path, PathBuf};
use trueup_codebase::{Outcome, TestResult};
use trueup_engine::Workspace;
use trueup_evidence::{Ledger, NewEntry, Statement, Subject, TestOutcome, append, now};
use trueup_model::Verdict;
use trueup_render::{TraceReport, TraceTextOptions, trace_csv, trace_html, trace_json, trace_text};
use trueup_repo::{Git, ReportError, find_reports, read_cucumber, read_junit};
use trueup_trace::{ItemRole, Traced};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup trace                                        what is promised, and which tests name it
  trueup trace SPEC-012 --junit 'target/**/TEST-*.xml'
  trueup trace --junit report.xml --record            keep the results as evidence for this commit
  trueup trace --output trace.html                    a page for a browser

A test names what it proves: `[SPEC-012#AC-3]` or `spec_012_ac_3` in its name or in that of a suite around it, a
property `spec` in JUnit XML, a tag `@SPEC-012-AC-3` in Cucumber, or the ID of a planned test (`TC-AUTH-012`).";

/// Trace what specs promise to the tests that name it, and to their results
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Trace {
    /// Only these specs: IDs, paths, or parts of their files' names
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// Reports in JUnit XML of a run on the code as it stands: paths or globs
    #[arg(long, value_name = "FILE", num_args = 1..)]
    junit: Vec<String>,
    /// Reports as Cucumber messages (NDJSON) of such a run: paths or globs
    #[arg(long, value_name = "FILE", num_args = 1..)]
    cucumber: Vec<String>,
    /// Only these kinds of items
    #[arg(long = "kind", value_name = "KIND", value_enum, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// Add the results to the ledgers of the specs, as evidence for the commit that is checked out
    #[arg(long)]
    record: bool,
    /// What fails: a contradicted item or a wrong citation, anything unproven as well, or nothing
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    fail_on: FailOn,
    /// How to show it; by default as the name of the output ends, else as text
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Write into a file; its name's end says the format (.html, .csv, .json, .txt)
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Kind {
    Acceptance,
    Scenario,
    Story,
    Smoke,
    PlannedTest,
}

impl Kind {
    fn role(self) -> ItemRole {
        match self {
            Kind::Acceptance => ItemRole::Acceptance,
            Kind::Scenario => ItemRole::Scenario,
            Kind::Story => ItemRole::Story,
            Kind::Smoke => ItemRole::Smoke,
            Kind::PlannedTest => ItemRole::PlannedTest,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum FailOn {
    /// An item that a test contradicts, or a test that cites what is not there
    #[default]
    Contradicted,
    /// Those, and every item that is neither proven nor waived
    Unproven,
    /// Nothing
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
    /// A page for a browser
    Html,
}

/// Runs the command.
pub(crate) fn run(args: &Trace, context: &Context) -> Result<Exit, Failure> {
    let format = format_of(args)?;
    let results = results(args, context)?;
    let (_session, workspace) = open_to(args.record, "trace --record", context)?;
    if workspace.sets.is_empty() {
        return Err(Failure::new("there are no specs here")
            .help("`trueup check --explain-discovery` says what was looked for"));
    }
    let mut paths = Vec::new();
    for given in &args.specs {
        paths.push(spec_path(&workspace, context, given)?);
    }
    let run = workspace.trace(results.as_deref())?;
    let shown = |item: &&Traced| {
        (paths.is_empty() || paths.contains(&item.path))
            && (args.kinds.is_empty() || args.kinds.iter().any(|kind| kind.role() == item.item.role))
    };
    let report = TraceReport { items: run.trace.items.iter().filter(shown).collect(), run: &run };
    if args.record {
        record(args, &workspace, &report, results.as_deref(), context)?;
    }
    show(args, format, &report, context)?;
    exit(args, &report)
}

fn exit(args: &Trace, report: &TraceReport<'_>) -> Result<Exit, Failure> {
    let wrong = report.with(Verdict::Contradicted) > 0 || !report.run.trace.orphans.is_empty();
    let settled = report.with(Verdict::Proven) + report.with(Verdict::Waived);
    let fails = match args.fail_on {
        FailOn::Contradicted => wrong,
        FailOn::Unproven => wrong || settled < report.items.len(),
        FailOn::Never => false,
    };
    if fails {
        return Ok(Exit::Findings);
    }
    if report.items.is_empty() {
        let narrowed = !args.specs.is_empty() || !args.kinds.is_empty();
        let what = if narrowed { "what was asked for holds" } else { "the specs hold" };
        return Err(Failure::new(format!("nothing was traced: {what} no item that a test could prove"))
            .help("items are acceptance bullets, scenarios, stories, smoke checks and planned tests"));
    }
    Ok(Exit::Clean)
}

fn show(args: &Trace, format: Format, report: &TraceReport<'_>, context: &Context) -> Result<(), Failure> {
    let to_file = args.output.is_some();
    let text = match format {
        Format::Csv => trace_csv(report),
        Format::Json => trace_json(report),
        Format::Html => trace_html(report),
        Format::Text => {
            let color = context.terminal.color && !to_file;
            let width = context.terminal.width().filter(|_| !to_file);
            trace_text(report, TraceTextOptions { color, width })
        }
    };
    match &args.output {
        None => context.terminal.print(&text),
        Some(path) => {
            trueup_repo::write_atomically(path, text.as_bytes())?;
            context.terminal.note(&format!("wrote the trace to {}", path.display()));
            Ok(())
        }
    }
}

/// The format that was asked for, or the one that the output's name ends with.
fn format_of(args: &Trace) -> Result<Format, Failure> {
    let Some(path) = args.output.as_deref().filter(|_| args.format.is_none()) else {
        return Ok(args.format.unwrap_or(Format::Text));
    };
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or("").to_lowercase();
    match end.as_str() {
        "html" | "htm" => Ok(Format::Html),
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        "txt" => Ok(Format::Text),
        _ => Err(Failure::new(format!("the name {} does not say the format", path.display()))
            .help("give `--format`, or a name that ends in .html, .csv, .json or .txt")),
    }
}

type ReadReport = fn(&Path, &str) -> Result<Vec<TestResult>, ReportError>;

/// All results of all reports; none where no report was given.
fn results(args: &Trace, context: &Context) -> Result<Option<Vec<TestResult>>, Failure> {
    if args.junit.is_empty() && args.cucumber.is_empty() {
        return Ok(None);
    }
    let mut out = Vec::new();
    let kinds: [(&[String], ReadReport); 2] = [(&args.junit, read_junit), (&args.cucumber, read_cucumber)];
    for (patterns, read) in kinds {
        for pattern in patterns {
            for path in find_reports(&context.folder, pattern)? {
                let shown = path.strip_prefix(&context.folder).unwrap_or(&path).display().to_string();
                out.extend(read(&path, &shown)?);
            }
        }
    }
    if out.is_empty() {
        return Err(Failure::new("nothing was traced: the reports hold no tests")
            .help("an empty run proves nothing: look why no test ran"));
    }
    Ok(Some(out))
}

/// Adds the results to the ledger of each spec that they speak for.
fn record(
    args: &Trace,
    workspace: &Workspace,
    report: &TraceReport<'_>,
    results: Option<&[TestResult]>,
    context: &Context,
) -> Result<(), Failure> {
    let Some(results) = results else {
        return Err(
            Failure::new("there are no results to record").help("give them with `--junit` or `--cucumber`")
        );
    };
    let commit = clean_commit(workspace)?;
    let by = whoever(workspace)?;
    let signer = args.signing.signer(workspace)?;
    let mut sources: Vec<&str> = results.iter().map(|r| &*r.source).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut recorded = 0;
    for items in report.items.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = items.first() else { continue };
        let Some(name) = report.run.ledger_names.get(&first.path) else { continue };
        let (subjects, statement) = statement(name, items, &sources, &commit);
        let Statement::TestResult { tests, .. } = &statement else { continue };
        if tests.is_empty() || is_recorded(workspace, name, &subjects, &statement)? {
            continue;
        }
        recorded += tests.len();
        let entry = NewEntry { by: by.clone(), time: now(), subjects, statement };
        trueup_lifecycle::evidence_kept(&workspace.root, name).map_err(|failure| told(failure, context))?;
        for mended in append(&workspace.root, name, &entry, signer.as_ref())?.mended {
            context.terminal.warn(&mended);
        }
    }
    let short = commit.get(..10).unwrap_or(&commit);
    context.terminal.note(&match recorded {
        0 => format!("nothing new was recorded for commit {short}"),
        _ => format!(
            "recorded {} for commit {short}; commit .trueup/evidence",
            crate::words::count(recorded, "result", "results")
        ),
    });
    Ok(())
}

/// The commit that is checked out, if the code is as it was committed.
pub(crate) fn clean_commit(workspace: &Workspace) -> Result<String, Failure> {
    let git = Git::open(&workspace.root).ok_or_else(|| {
        Failure::new(
            "nothing was recorded: this is no git repository, so there is no commit to bind results to",
        )
    })?;
    let head = git.head().map_err(|error| Failure::new(format!("nothing was recorded: {error}")))?;
    let head =
        head.ok_or_else(|| Failure::new("nothing was recorded: there is no commit yet to bind results to"))?;
    let changed = workspace.uncommitted_code()?;
    match changed.as_slice() {
        [] => Ok(head),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            Err(Failure::new(format!("nothing was recorded: {first}{more} differ from the last commit, so the results are not about it"))
                .help("commit, run the tests again, and record their results"))
        }
    }
}

fn statement(name: &str, items: &[&Traced], sources: &[&str], commit: &str) -> (Vec<Subject>, Statement) {
    let mut subjects = Vec::new();
    let mut tests = Vec::new();
    for traced in items.iter().filter(|t| t.item.written) {
        let is_result = |p: &&trueup_trace::Proof| sources.contains(&&*p.path);
        let before = tests.len();
        tests.extend(
            traced.proofs.iter().filter(is_result).filter_map(|proof| {
                Some((proof.test.clone(), traced.item.id.clone(), outcome(proof.outcome?)))
            }),
        );
        if tests.len() > before {
            let name = format!("{name}#{}", traced.item.id);
            subjects.push(Subject { name, digest: traced.item.digest.clone() });
        }
    }
    subjects.push(Subject { name: "git:commit".to_owned(), digest: commit.to_owned() });
    (subjects, Statement::TestResult { tests, source: sources.join(", ") })
}

fn outcome(outcome: Outcome) -> TestOutcome {
    match outcome {
        Outcome::Passed => TestOutcome::Passed,
        Outcome::Failed => TestOutcome::Failed,
        Outcome::Skipped => TestOutcome::Skipped,
    }
}

/// Whether the last results in the ledger are the same, so that a second run adds nothing.
fn is_recorded(
    workspace: &Workspace,
    name: &str,
    subjects: &[Subject],
    statement: &Statement,
) -> Result<bool, Failure> {
    let ledger = Ledger::read(&workspace.root, name)?;
    let last = ledger.entries.iter().rfind(|e| matches!(e.statement, Statement::TestResult { .. }));
    Ok(last.is_some_and(|e| e.subjects == subjects && e.statement == *statement))
}
