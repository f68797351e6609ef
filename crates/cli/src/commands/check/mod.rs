//! `trueup check`

mod discovery;
mod fixing;
mod gate;
mod input;
mod nothing;
mod output;

use crate::context::Context;
use crate::failure::{Exit, Failure};
use input::Input;
use std::path::PathBuf;
use trueup_engine::{CheckOptions, CheckReport, Workspace, nearest};
use trueup_finding::Level;

/// Check specs against their templates, and everything that they point to
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Files and folders, from the current folder; the whole repository where none is given. `-` is a
    /// document on standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where the document on standard input belongs
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    /// Only this rule; may be given several times
    #[arg(long = "rule", value_name = "NAME")]
    rules: Vec<String>,
    /// The level from which on findings fail the check (exit code 1)
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t)]
    fail_on: FailOn,
    /// The least level that is shown, in the formats human (warning where nothing is said) and short
    /// (info); json and sarif hold all findings
    #[arg(long, value_name = "LEVEL", value_enum)]
    level: Option<Least>,
    /// How to write the findings
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// Write the findings into a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A list of paths (as from `git ls-files`) that links are held against in place of the work tree
    #[arg(long, value_name = "FILE")]
    tree: Option<PathBuf>,
    /// Only what is new since this branch, tag or commit: what its common ancestor with the work tree
    /// has already is left out. Uncommitted changes count
    #[arg(long, value_name = "REF", conflicts_with = "explain_discovery")]
    since: Option<String>,
    /// Findings that .trueup/baseline.jsonl holds fail, too
    #[arg(long)]
    no_baseline: bool,
    /// Say why each file is a spec, a companion or neither, and check nothing
    #[arg(long, conflicts_with_all = ["fix", "output"])]
    explain_discovery: bool,
    /// Mend what can be mended safely, then report what is left
    #[arg(long)]
    fix: bool,
    /// With --fix: also apply fixes that something else may depend on, such as renaming a heading
    #[arg(long = "unsafe", requires = "fix")]
    risky: bool,
    /// With --fix: show the changes and write nothing
    #[arg(long, requires = "fix", conflicts_with = "output")]
    dry_run: bool,
    /// Ask the gate of a lifecycle command: every reason why it would refuse a spec, at the levels of the next state
    #[arg(long, value_name = "NAME", value_enum, conflicts_with_all = ["fix", "rules", "explain_discovery", "since", "fail_on", "no_baseline"])]
    gate: Option<gate::GateName>,
    /// Show every rule and folder in the summary, what the baseline holds, and where the time went
    #[arg(short, long)]
    verbose: bool,
}

/// What fails a check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum FailOn {
    /// Errors
    #[default]
    Error,
    /// Warnings and errors
    Warning,
    /// Any finding
    Info,
    /// No finding
    Never,
}

/// A level to show from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Least {
    /// Errors only
    Error,
    /// Warnings and errors
    Warning,
    /// All findings
    Info,
}

impl Least {
    fn level(self) -> Level {
        match self {
            Least::Error => Level::Error,
            Least::Warning => Level::Warning,
            Least::Info => Level::Info,
        }
    }
}

/// The formats of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people, with the line of each finding
    #[default]
    Human,
    /// One line for each finding
    Short,
    /// For programs; its shape is a promise
    Json,
    /// For code scanning (SARIF 2.1.0)
    Sarif,
}

/// Runs the command.
pub(crate) fn run(args: &Check, context: &Context) -> Result<Exit, Failure> {
    let rules = known_rules(&args.rules, context)?;
    let input = Input::read(args, context)?;
    let writes = args.fix && !args.dry_run;
    let _session = writes.then(|| super::step::begun("check --fix", context)).transpose()?;
    let (mut workspace, targets) = input.open(context)?;
    if args.explain_discovery {
        return discovery::explain(&workspace, &targets, context);
    }
    if let Some(name) = args.gate {
        return gate::run(args, name, &workspace, &targets, context);
    }
    let options = CheckOptions { paths: targets.paths.clone(), rules, as_state: None };
    let mut unwritten = false;
    if args.fix {
        let fixed = trueup_engine::fix(&mut workspace, &context.registry, &options, args.risky);
        if args.dry_run {
            let report = checked(args, &workspace, &options, context)?;
            fixing::preview(&fixed, &report, context)?;
            return exit(args, &report, &workspace, &targets, context);
        }
        unwritten = !fixing::write(&fixed, &workspace, context);
        // From the disk again: what is reported must be what is there.
        workspace = input.open(context)?.0;
    }
    let report = checked(args, &workspace, &options, context)?;
    output::write(args, &report, context)?;
    let exit = exit(args, &report, &workspace, &targets, context)?;
    // The program ends here: to take every text and finding apart would cost more than it gives back.
    std::mem::forget((workspace, report));
    Ok(if unwritten { Exit::Unusable } else { exit })
}

/// Checks, and leaves out what is old.
fn checked(
    args: &Check,
    workspace: &Workspace,
    options: &CheckOptions,
    context: &Context,
) -> Result<CheckReport, Failure> {
    let mut report = workspace.check(&context.registry, options);
    if !args.no_baseline {
        workspace.hold_to_baseline(&mut report, &context.registry, options)?;
    }
    if let Some(revision) = &args.since {
        report.leave_out(&workspace.known_since(revision, &context.registry, options)?);
    }
    Ok(report)
}

/// The rules that were asked for, if there are such.
fn known_rules(names: &[String], context: &Context) -> Result<Vec<String>, Failure> {
    for name in names {
        if context.registry.get(name).is_none() {
            return Err(unknown_rule(name, context));
        }
    }
    Ok(names.to_vec())
}

/// Says that there is no such rule, and which one was probably meant.
pub(crate) fn unknown_rule(name: &str, context: &Context) -> Failure {
    let failure = Failure::new(format!("there is no rule `{name}`"));
    match nearest(name, context.rule_names().into_iter()) {
        Some(near) => failure.help(format!("did you mean `{near}`? `trueup rules` lists all")),
        None => failure.help("`trueup rules` lists all"),
    }
}

/// The exit code of a report; a check of nothing is a failure.
fn exit(
    args: &Check,
    report: &CheckReport,
    workspace: &Workspace,
    targets: &input::Targets,
    context: &Context,
) -> Result<Exit, Failure> {
    nothing::refuse(report, workspace, targets, context)?;
    let from = match args.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Info => Level::Info,
        FailOn::Never => return Ok(Exit::Clean),
    };
    let fails = report.findings.iter().any(|finding| finding.level >= from);
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}
