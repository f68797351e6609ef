//! `trueup drift`

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::paths::read_tree_list;
use crate::specs::spec_path;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trueup_codebase::CodeKind;
use trueup_engine::{DriftOptions, DriftReport, OpenOptions, Workspace};
use trueup_evidence::{Ledger, Statement};
use trueup_model::Verdict;
use trueup_render::{DriftTextOptions, drift_json, drift_markdown, drift_text};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup drift                          all specs that are implemented, and what no spec speaks of
  trueup drift SPEC-012                 one spec, whatever its state is
  trueup drift --kind endpoints,paths   only these kinds of promises
  trueup drift --since-review           only what changed since `trueup review --done`

Exit codes: 0 no implemented spec differs, 1 one does, 2 nothing could be checked. What no spec speaks of
never fails; nor does a key that only some languages have, or a name that files list and no code reads.";

/// Hold what the specs promise against the code, and the code against the specs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Drift {
    /// Only these specs: IDs, paths, or parts of their files' names
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// Only these kinds of promises
    #[arg(long = "kind", value_name = "KIND", value_enum, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,
    /// List what the code has and no spec speaks of, and nothing else
    #[arg(long, visible_alias = "reverse", conflicts_with_all = ["specs", "kinds", "since_review", "tree"])]
    unpromised: bool,
    /// Count from the commit at which somebody last looked (`trueup review SPEC --done`)
    #[arg(long)]
    since_review: bool,
    /// Show also what is proven, what cannot be checked, what was reviewed, and specs not yet implemented
    #[arg(long)]
    all: bool,
    /// A list of paths (as from `git ls-files`) in place of the work tree: only manifest paths are held
    /// against it, all else is not checkable
    #[arg(long, value_name = "FILE")]
    tree: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// Tables for a page or a comment
    Markdown,
    /// For programs
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Kind {
    /// Endpoints and routes
    Endpoints,
    /// Entities with their fields, and tables with their columns
    Entities,
    /// Events
    Events,
    /// Keys of translations
    I18n,
    /// Files of the manifest
    Paths,
    /// Planned tests
    Tests,
    /// Environment variables
    Env,
    /// Feature flags
    Flags,
    /// Migration files
    Migrations,
}

impl Kind {
    fn kind(self) -> CodeKind {
        match self {
            Kind::Endpoints => CodeKind::Routes,
            Kind::Entities => CodeKind::Tables,
            Kind::Events => CodeKind::Events,
            Kind::I18n => CodeKind::Locales,
            Kind::Paths => CodeKind::Paths,
            Kind::Tests => CodeKind::Tests,
            Kind::Env => CodeKind::EnvVars,
            Kind::Flags => CodeKind::Flags,
            Kind::Migrations => CodeKind::Migrations,
        }
    }
}

/// A spec by its file and the name of its ledger, and the commit at which it was reviewed.
type Reviewed = ((Arc<str>, String), String);

/// Runs the command.
pub(crate) fn run(args: &Drift, context: &Context) -> Result<Exit, Failure> {
    let tree_list = args.tree.as_deref().map(read_tree_list).transpose()?;
    let workspace = context.open(OpenOptions { tree_list, ..OpenOptions::default() })?;
    if workspace.sets.is_empty() {
        return Err(Failure::new("there are no specs here")
            .help("`trueup check --explain-discovery` says what was looked for"));
    }
    let mut paths: Vec<Arc<str>> = Vec::new();
    for given in &args.specs {
        let path = spec_path(&workspace, context, given)?;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let reviews = match args.since_review {
        true => last_reviews(&workspace, &paths)?,
        false => Vec::new(),
    };
    let options = DriftOptions {
        paths,
        kinds: args.kinds.iter().map(|kind| kind.kind()).collect(),
        reviews: reviews.into_iter().collect(),
    };
    let report = workspace.drift(&options).map_err(|error| {
        Failure::new(error.to_string())
            .help("leave `--since-review` out, or fetch the history (`git fetch --unshallow`)")
    })?;
    let shown = DriftTextOptions {
        color: context.terminal.color,
        all: args.all,
        named: !args.specs.is_empty(),
        unpromised: args.unpromised,
        only_unpromised: args.unpromised,
    };
    context.terminal.print(&match args.format {
        Format::Human => drift_text(&report, &shown),
        Format::Markdown => drift_markdown(&report, &shown),
        Format::Json => drift_json(&report),
    })?;
    notes(&workspace, &report, context);
    exit(args, &report)
}

fn notes(workspace: &Workspace, report: &DriftReport, context: &Context) {
    for note in &workspace.notes {
        context.terminal.note(note);
    }
    for note in &report.notes {
        context.terminal.note(note);
    }
    let without = report.without_promises;
    if without > 0 {
        let specs = crate::words::count(without, "spec promises", "specs promise");
        context.terminal.note(&format!("{specs} nothing that could be looked for"));
    }
}

fn exit(args: &Drift, report: &DriftReport) -> Result<Exit, Failure> {
    if args.unpromised {
        return match report.files {
            0 => Err(Failure::new("nothing could be checked: no code was found here")),
            _ => Ok(Exit::Clean),
        };
    }
    if report.specs.iter().any(|spec| spec.fails()) {
        return Ok(Exit::Findings);
    }
    let mut rows = report.specs.iter().flat_map(|spec| spec.rows.iter().chain(&spec.seen));
    if rows.any(|row| row.verdict != Verdict::NotCheckable) {
        return Ok(Exit::Clean);
    }
    let failure = match report.specs.is_empty() {
        true => Failure::new("nothing could be checked: the specs promise nothing of these kinds"),
        false => Failure::new("nothing could be checked: no promise can be told from the code"),
    };
    Err(failure.help(
        "`--all` shows each promise with the reason; `[code]` in trueup.toml says how the code is read",
    ))
}

/// The commit of the last review of each spec, by its file and the name of its ledger.
fn last_reviews(workspace: &Workspace, paths: &[Arc<str>]) -> Result<Vec<Reviewed>, Failure> {
    let names = workspace.map_specs(|file| {
        let asked = paths.is_empty() || paths.contains(&file.path);
        let specs = file.specs.iter().filter(|_| asked);
        let own = specs.map(|spec| (Arc::clone(&file.path), workspace.ledger_name(&file.path, spec)));
        own.collect::<Vec<(Arc<str>, String)>>()
    });
    let mut out = Vec::new();
    for (path, name) in names.into_iter().flatten() {
        if let Some(commit) = last_review(&workspace.root, &name)? {
            out.push(((path, name), commit));
        }
    }
    Ok(out)
}

fn last_review(root: &Path, name: &str) -> Result<Option<String>, Failure> {
    let ledger = Ledger::read(root, name)
        .map_err(|error| Failure::new(format!("the ledger of {name} cannot be read: {error}")))?;
    let reviews = ledger.entries.iter().filter(|e| matches!(e.statement, Statement::Review { .. }));
    // Branches merge by union: the last line need not be the latest.
    let last = reviews.max_by(|a, b| a.time.cmp(&b.time));
    let commit = last.and_then(|entry| entry.subjects.iter().find(|s| s.name == "git:commit"));
    Ok(commit.map(|subject| subject.digest.clone()))
}
