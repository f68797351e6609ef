//! `trueup submit`, `accept`, `implement`, `park`, `supersede` and `reopen`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::spec_path;
use std::path::PathBuf;
use trueup_engine::{OpenOptions, Workspace, repository_root};
use trueup_evidence::{Person, Signer};
use trueup_lifecycle::{Action, Outcome, Request, Session, begin, person, transition};
use trueup_model::{Date, find_dates};
use trueup_render::{StepTextOptions, gate_text, outcome_text};

/// Options of every step.
#[derive(Debug, clap::Args)]
pub(crate) struct StepOptions {
    /// Show what would change and write nothing
    #[arg(long, conflicts_with = "commit")]
    pub(crate) dry_run: bool,
    /// Commit exactly what the step changes, with the message of `[lifecycle] commit-message`
    #[arg(long)]
    pub(crate) commit: bool,
    /// Also change files that have changes that are not committed
    #[arg(long)]
    pub(crate) allow_dirty: bool,
    /// Sign the line of the ledger with this SSH key
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) sign: Option<PathBuf>,
}

/// Offer a draft for review
#[derive(Debug, clap::Args)]
pub(crate) struct Submit {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Agree on a spec, if the gate lets it pass
#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Agree anew on an accepted spec whose facts changed
    #[arg(long)]
    again: bool,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Say that a spec is built, if every acceptance bullet is proven or waived
#[derive(Debug, clap::Args)]
pub(crate) struct Implement {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Put a spec aside
#[derive(Debug, clap::Args)]
pub(crate) struct Park {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Why; it is written into the version history
    #[arg(long)]
    why: String,
    /// The day on which to look at it again, as YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Say that another spec takes the place of one, in both of them
#[derive(Debug, clap::Args)]
pub(crate) struct Supersede {
    /// The spec that is replaced: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// The spec that takes its place
    #[arg(long = "by", value_name = "SPEC")]
    successor: String,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long = "as", value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// Take a spec up again: a parked one goes back to where it was, any other becomes a draft
#[derive(Debug, clap::Args)]
pub(crate) struct Reopen {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// Why; it is written into the version history
    #[arg(long)]
    why: Option<String>,
    /// Who does it, where git cannot say: 'NAME <EMAIL>'
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    #[command(flatten)]
    options: StepOptions,
}

/// One step, whatever its command.
struct Step<'a> {
    action: Action,
    spec: &'a str,
    options: &'a StepOptions,
    by: Option<&'a str>,
    why: Option<&'a str>,
    until: Option<Date>,
    successor: Option<&'a str>,
    again: bool,
}

impl<'a> Step<'a> {
    fn new(action: Action, spec: &'a str, options: &'a StepOptions, by: &'a Option<String>) -> Step<'a> {
        let by = by.as_deref();
        Step { action, spec, options, by, why: None, until: None, successor: None, again: false }
    }
}

pub(crate) fn submit(args: &Submit, context: &Context) -> Result<Exit, Failure> {
    run(&Step::new(Action::Submit, &args.spec, &args.options, &args.by), context)
}

pub(crate) fn accept(args: &Accept, context: &Context) -> Result<Exit, Failure> {
    run(
        &Step { again: args.again, ..Step::new(Action::Accept, &args.spec, &args.options, &args.by) },
        context,
    )
}

pub(crate) fn implement(args: &Implement, context: &Context) -> Result<Exit, Failure> {
    run(&Step::new(Action::Implement, &args.spec, &args.options, &args.by), context)
}

pub(crate) fn park(args: &Park, context: &Context) -> Result<Exit, Failure> {
    let until = args.until.as_deref().map(day).transpose()?;
    let step = Step::new(Action::Park, &args.spec, &args.options, &args.by);
    run(&Step { why: Some(&args.why), until, ..step }, context)
}

pub(crate) fn supersede(args: &Supersede, context: &Context) -> Result<Exit, Failure> {
    let step = Step::new(Action::Supersede, &args.spec, &args.options, &args.by);
    run(&Step { successor: Some(&args.successor), ..step }, context)
}

pub(crate) fn reopen(args: &Reopen, context: &Context) -> Result<Exit, Failure> {
    let step = Step::new(Action::Reopen, &args.spec, &args.options, &args.by);
    run(&Step { why: args.why.as_deref(), ..step }, context)
}

fn day(text: &str) -> Result<Date, Failure> {
    match find_dates(text.trim()).as_slice() {
        [only] if only.start == 0 && only.end == text.trim().len() => only.date,
        _ => None,
    }
    .ok_or_else(|| Failure::new(format!("`{text}` is no day")).help("write it as YYYY-MM-DD"))
}

/// Takes the lock of all commands that write, and completes what was open.
pub(crate) fn begun(command: &str, context: &Context) -> Result<Session, Failure> {
    let root = repository_root(&context.folder);
    let session = begin(&root, command).map_err(|failure| told(failure, context))?;
    for note in &session.notes {
        context.terminal.note(note);
    }
    Ok(session)
}

/// The repository for a command that writes only where it is asked to; with the lock where it does.
pub(crate) fn open_to(
    writes: bool,
    command: &str,
    context: &Context,
) -> Result<(Option<Session>, Workspace), Failure> {
    let session = writes.then(|| begun(command, context)).transpose()?;
    Ok((session, context.open(OpenOptions::default())?))
}

/// Takes the lock, completes what was open, and gives the repository as it is then. A dry run takes no lock.
pub(crate) fn open(
    command: &str,
    dry_run: bool,
    context: &Context,
) -> Result<(Option<Session>, Workspace), Failure> {
    let session = match dry_run {
        true => None,
        false => Some(begun(command, context)?),
    };
    let workspace = context.open(OpenOptions::default())?;
    if dry_run && let Some(open) = trueup_repo::interrupted(&workspace.root) {
        let command = open.command.map_or("a command".to_owned(), |command| format!("`trueup {command}`"));
        context.terminal.warn(&format!("{command} was interrupted; `trueup resume` completes it"));
    }
    Ok((session, workspace))
}

/// Who does it.
pub(crate) fn who(workspace: &Workspace, by: Option<&str>, context: &Context) -> Result<Person, Failure> {
    person(&workspace.root, by).map_err(|failure| told(failure, context))
}

/// The key to sign with: the one that is given, else git's where the team asks for signatures.
pub(crate) fn signer(workspace: &Workspace, key: Option<&PathBuf>) -> Result<Option<Signer>, Failure> {
    let signer = match key {
        Some(key) => Signer::from_file(key),
        None if workspace.config.evidence.require_signatures => Signer::from_git(&workspace.root),
        None => return Ok(None),
    };
    signer.map(Some).map_err(|error| {
        Failure::new(error.to_string())
            .help("`--sign KEYFILE` names an SSH key; git's `user.signingkey` is taken where none is given")
    })
}

/// A failure of the lifecycle as one of a command. What a gate refuses is not among them.
pub(crate) fn told(failure: trueup_lifecycle::Failure, _context: &Context) -> Failure {
    match failure {
        trueup_lifecycle::Failure::Refused(report) => {
            Failure::new(format!("the gate refuses {}", report.name))
        }
        trueup_lifecycle::Failure::Stopped { what, help } => {
            help.into_iter().fold(Failure::new(what), |failure, line| failure.help(line))
        }
    }
}

pub(crate) fn text_options(dry_run: bool, context: &Context) -> StepTextOptions {
    StepTextOptions { color: context.terminal.color, width: context.terminal.width(), dry_run }
}

fn run(step: &Step<'_>, context: &Context) -> Result<Exit, Failure> {
    let options = step.options;
    let command = format!("{} {}", step.action.key(), step.spec);
    let (session, workspace) = open(&command, options.dry_run, context)?;
    let path = spec_path(&workspace, context, step.spec)?;
    let successor = step.successor.map(|spec| spec_path(&workspace, context, spec)).transpose()?;
    let by = who(&workspace, step.by, context)?;
    let signer = signer(&workspace, options.sign.as_ref())?;
    let request = Request {
        action: step.action,
        path: &path,
        command: &command,
        by,
        why: step.why.map(str::to_owned),
        until: step.until,
        successor: successor.as_deref(),
        again: step.again,
        allow_dirty: options.allow_dirty,
        dry_run: options.dry_run,
        commit: options.commit,
        signer: signer.as_ref(),
    };
    match transition(session.as_ref(), &workspace, &context.registry, &request, &mut |_| {}) {
        Ok(outcome) => show(&outcome, options.dry_run, context),
        Err(trueup_lifecycle::Failure::Refused(report)) => {
            let text = gate_text(&report, &workspace, &text_options(options.dry_run, context));
            context.terminal.print(&text)?;
            Ok(Exit::Findings)
        }
        Err(failure) => Err(told(failure, context)),
    }
}

fn show(outcome: &Outcome, dry_run: bool, context: &Context) -> Result<Exit, Failure> {
    context.terminal.print(&outcome_text(outcome, &text_options(dry_run, context)))?;
    for note in &outcome.notes {
        context.terminal.note(&format!("note: {note}"));
    }
    Ok(Exit::Clean)
}
