//! `trueup evidence`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::find_spec;
use trueup_engine::{OpenOptions, SpecLedger, Workspace};
use trueup_evidence::file_stem;
use trueup_render::{
    EvidenceTextOptions, VerifiedLedger, evidence_json, evidence_problems_json, evidence_problems_text,
    evidence_text,
};

/// What stands below the help.
const ABOUT: &str = "\
Evidence is kept in .trueup/evidence, a file for each spec, to which only lines are added. Each line names the
digests of the lines that it saw, and a second file holds the digest of every line, so that a changed, removed
or reordered line is noticed, and so is a cut end. Commit both files; git merges them by union.";

/// Show what was recorded of specs, and whether it still holds together
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Evidence {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show the entries: approvals, transitions, results of tests, waivers
    List(Which),
    /// Check that no line was changed, removed or reordered, and that signatures count
    Verify(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name; all specs where none is given
    #[arg(value_name = "SPEC")]
    spec: Option<String>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(args: &Evidence, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(which) => list(which, context),
        Action::Verify(which) => verify(which, context),
    }
}

fn list(args: &Which, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let specs = ledgers(args, &workspace, context)?;
    let text = match args.format {
        Format::Json => evidence_json(&specs),
        Format::Text => {
            let options =
                EvidenceTextOptions { color: context.terminal.color, width: context.terminal.width() };
            evidence_text(&specs, options)
        }
    };
    context.terminal.print(&text)?;
    if specs.iter().all(|s| s.ledger.is_empty()) {
        context.terminal.note(
            "nothing was recorded; `trueup trace --junit FILE --record` records results of tests, `trueup waive` a waiver",
        );
    }
    Ok(Exit::Clean)
}

fn verify(args: &Which, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let specs = ledgers(args, &workspace, context)?;
    let mut all = Vec::new();
    for spec in &specs {
        all.push(VerifiedLedger { spec, problems: workspace.verify_evidence(spec)? });
    }
    let text = match args.format {
        Format::Json => evidence_problems_json(&all),
        Format::Text => evidence_problems_text(&all, context.terminal.color),
    };
    context.terminal.print(&text)?;
    let signed = specs.iter().flat_map(|s| &s.ledger.entries).any(|e| e.signed);
    if signed && workspace.allowed_signers().is_none() {
        context.terminal.note(
            "signatures hold, but nothing says whose keys they are: put people and keys into .trueup/allowed_signers",
        );
    }
    if specs.iter().all(|s| s.ledger.is_empty() && s.anchors.is_empty()) {
        context.terminal.note("nothing was recorded, so there is nothing to verify");
    }
    Ok(if all.iter().all(|one| one.problems.is_empty()) { Exit::Clean } else { Exit::Findings })
}

/// The ledgers that are asked for. A ledger whose spec is gone is found by its own name.
fn ledgers(args: &Which, workspace: &Workspace, context: &Context) -> Result<Vec<SpecLedger>, Failure> {
    let Some(given) = &args.spec else { return Ok(workspace.evidence()?) };
    match find_spec(workspace, context, given) {
        Ok(file) => {
            file.specs.iter().map(|spec| workspace.evidence_of(&file, spec).map_err(Failure::from)).collect()
        }
        Err(failure) => {
            let stem = file_stem(given);
            let all = workspace.evidence()?;
            let left: Vec<SpecLedger> =
                all.into_iter().filter(|l| l.path.is_none() && file_stem(&l.name) == stem).collect();
            if left.is_empty() { Err(failure) } else { Ok(left) }
        }
    }
}
