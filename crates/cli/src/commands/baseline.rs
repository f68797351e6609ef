//! `trueup baseline`

use super::step::open_to;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::words::count;
use clap::Subcommand;
use std::collections::BTreeMap;
use trueup_engine::{
    BASELINE_FILE, Baseline, BaselineEntry, CheckOptions, CheckReport, Workspace, baseline_text,
};
use trueup_finding::{Finding, Level};
use trueup_model::find_dates;

/// Keep old findings from failing a check, so that new ones can
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Note everything that a check finds now; what is no longer found is dropped
    Update(Update),
    /// Drop what is no longer found
    Prune,
    /// List what is noted, with its age and owner
    List,
}

/// Note everything that a check finds now; what is no longer found is dropped
#[derive(Debug, clap::Args)]
struct Update {
    /// Who is to mend what is new in it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The least level that is noted
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t)]
    level: Least,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Least {
    /// Errors only
    Error,
    /// Warnings and errors
    #[default]
    Warning,
    /// All findings
    Info,
}

/// Runs the command.
pub(crate) fn run(args: &BaselineArgs, context: &Context) -> Result<Exit, Failure> {
    let (writes, command) = match &args.command {
        Command::Update(_) => (true, "baseline update"),
        Command::Prune => (true, "baseline prune"),
        Command::List => (false, "baseline list"),
    };
    let (_session, workspace) = open_to(writes, command, context)?;
    match &args.command {
        Command::Update(args) => update(args, &workspace, context),
        Command::Prune => prune(&workspace, context),
        Command::List => list(&workspace, context),
    }
}

/// Everything that a check of the whole repository finds.
fn whole_check(workspace: &Workspace, context: &Context) -> Result<CheckReport, Failure> {
    let report = workspace.check(&context.registry, &CheckOptions::default());
    match report.summary.specs + report.summary.tombstones {
        0 => Err(Failure::new(
            "there is nothing to check: no spec was found, so the baseline was left as it is",
        )
        .help("`trueup check` says where it looked")),
        _ => Ok(report),
    }
}

fn update(args: &Update, workspace: &Workspace, context: &Context) -> Result<Exit, Failure> {
    let before = workspace.baseline()?.unwrap_or_default();
    let report = whole_check(workspace, context)?;
    let findings: Vec<&Finding> = report.findings.iter().collect();
    let today = workspace.world.today.map(|day| day.to_string()).unwrap_or_default();
    let least = match args.level {
        Least::Error => Level::Error,
        Least::Warning => Level::Warning,
        Least::Info => Level::Info,
    };
    let mut after = before.updated(&findings, least, &today, args.owner.as_deref());
    // What could not be read cannot be said to be mended.
    after.extend(before.entries.iter().filter(|entry| is_unread(workspace, entry)).cloned());
    write(workspace, &before, &after, context)
}

fn prune(workspace: &Workspace, context: &Context) -> Result<Exit, Failure> {
    let Some(before) = workspace.baseline()? else { return Err(no_baseline()) };
    let report = whole_check(workspace, context)?;
    let found = |entry: &&BaselineEntry| {
        report.findings.iter().any(|f| f.fingerprint == entry.fingerprint) || is_unread(workspace, entry)
    };
    let after: Vec<BaselineEntry> = before.entries.iter().filter(found).cloned().collect();
    write(workspace, &before, &after, context)
}

/// Whether the file of an entry is there and could not be read.
fn is_unread(workspace: &Workspace, entry: &BaselineEntry) -> bool {
    workspace.unreadable.iter().any(|(path, _)| *path == entry.path)
}

fn no_baseline() -> Failure {
    Failure::new(format!("there is no {BASELINE_FILE}"))
        .help("`trueup baseline update` notes what is found now")
}

fn write(
    workspace: &Workspace,
    before: &Baseline,
    after: &[BaselineEntry],
    context: &Context,
) -> Result<Exit, Failure> {
    let text = baseline_text(after);
    let file = workspace.root.join(BASELINE_FILE);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(format!("the folder {} cannot be made: {error}", folder.display()))
                .help("look at the permissions of the folder above it")
        })?;
    }
    trueup_repo::write_atomically(&file, text.as_bytes())?;
    let has = |entries: &[BaselineEntry], entry: &BaselineEntry| {
        entries.iter().any(|other| other.fingerprint == entry.fingerprint)
    };
    let raised = |entry: &&BaselineEntry| {
        before.entries.iter().any(|old| old.fingerprint == entry.fingerprint && old.level != entry.level)
    };
    let changed = match after.iter().filter(raised).count() {
        0 => String::new(),
        changed => format!(", {changed} with another level"),
    };
    let added = after.iter().filter(|entry| !has(&before.entries, entry)).count();
    let dropped = before.entries.iter().filter(|entry| !has(after, entry)).count();
    let total = text.lines().count();
    context.terminal.note(&format!(
        "{BASELINE_FILE} holds {}: {added} added, {dropped} dropped{changed}",
        count(total, "finding", "findings")
    ));
    Ok(Exit::Clean)
}

fn list(workspace: &Workspace, context: &Context) -> Result<Exit, Failure> {
    let Some(baseline) = workspace.baseline()? else { return Err(no_baseline()) };
    let mut out = String::new();
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &baseline.entries {
        *by_rule.entry(&entry.rule).or_default() += 1;
        let age = age(entry, workspace).map(|days| format!(", {}", count(days, "day", "days")));
        let owner = entry.owner.as_deref().map(|owner| format!(", {owner}"));
        let (age, owner) = (age.unwrap_or_default(), owner.unwrap_or_default());
        let line = format!("{}: {}: {} ({}{age}{owner})", entry.path, entry.rule, entry.message, entry.date);
        // A message may hold anything that a spec does.
        out.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
        out.push('\n');
    }
    out.push_str(&format!("{} in the baseline\n", count(baseline.entries.len(), "finding", "findings")));
    for (rule, findings) in by_rule {
        out.push_str(&format!("  {findings:>6}  {rule}\n"));
    }
    context.terminal.print(&trueup_render::plain_lines(&out))?;
    Ok(Exit::Clean)
}

/// Days since an entry was noted.
fn age(entry: &BaselineEntry, workspace: &Workspace) -> Option<usize> {
    let noted = find_dates(&entry.date).first()?.date?;
    let days = workspace.world.today?.days_since(noted);
    usize::try_from(days).ok()
}
