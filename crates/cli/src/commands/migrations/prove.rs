//! `trueup migrations prove`

use super::verdict::verdict_on;
use super::{chosen, is_named, shown_folder, stubs};
use crate::commands::proofs::{Destination, ProofFormat, ServerArgs, record_proofs};
use crate::commands::step::open_to;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::signing::Signing;
use std::path::PathBuf;
use trueup_engine::{ChainClaim, ChainFolder, Workspace};
use trueup_model::{ProofKind, base_name};
use trueup_postgres::Server;
use trueup_prove::{Claims, DriftOptions, Dump, Options, Progress, Verdict, drift, prove};
use trueup_render::{
    ProofTextOptions, ProvenChain, migrations_json, migrations_junit, migrations_sarif, migrations_text,
};

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup migrations prove                       every folder of migrations of this repository
  trueup migrations prove db/migrations --rows 300000
  trueup migrations prove --witness             with SQL that shows each problem
  trueup migrations prove --record              keep the verdicts as evidence of the specs that name the files

A PostgreSQL of its own is started in a temporary folder and removed again; it listens on no port. What is claimed of a
file (that it can be run again, that it is one phase) is what a spec that names it says, or `claims` in [[migrations]].
What nobody claims is shown and does not fail.

Exit codes: 0 nothing contradicts a claim, 1 something does, 2 nothing could be proven.";

/// Run each file on a PostgreSQL: once, again, at the head, after a kill at every statement
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Prove {
    /// The folder of migrations; those of trueup.toml, or all that are found, where none is given
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Claim this of every file
    #[arg(long = "claim", value_name = "CLAIM", value_enum, value_delimiter = ',')]
    claims: Vec<Claim>,
    /// Leave out the kills
    #[arg(long)]
    no_kill_points: bool,
    /// Put this many rows into each table first, and measure how long others wait
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// Compare the head of the chain with a dump of a schema: `production=db/production.sql`
    #[arg(long = "dump", value_name = "NAME=FILE")]
    dumps: Vec<String>,
    /// Show every file by itself, and what is only worth knowing
    #[arg(long)]
    all: bool,
    /// Show SQL that shows each problem
    #[arg(long)]
    witness: bool,
    /// Add the verdicts to the ledgers of the specs that claim something of the files
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    destination: Destination,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Claim {
    /// A file can be run again and changes nothing
    Idempotent,
    /// A file can be run again after it was stopped at any statement
    Resumable,
    /// A file is one phase of Expand → Migrate → Contract
    Phases,
}

/// Runs the command.
pub(crate) fn run(args: &Prove, context: &Context) -> Result<Exit, Failure> {
    let (_session, workspace) = open_to(args.record, "migrations prove --record", context)?;
    let folders = chosen(&workspace, args.folder.as_deref(), true, context)?;
    let server = args.server.start()?;
    let mut proven = Vec::new();
    for folder in &folders {
        proven.push(prove_one(args, &workspace, folder, &server, context)?);
    }
    show(args, &proven, context)?;
    if args.record {
        for (folder, chain) in folders.iter().zip(&proven) {
            record(args, &workspace, folder, chain, context)?;
        }
    }
    exit(&proven)
}

fn exit(proven: &[ProvenChain]) -> Result<Exit, Failure> {
    if proven.iter().any(ProvenChain::is_contradicted) {
        return Ok(Exit::Findings);
    }
    let stopped = proven.iter().find_map(|chain| chain.report.stopped.as_ref());
    if let Some(stopped) = stopped {
        return Err(Failure::new(format!("the proof ended in {}: {}", stopped.path, stopped.message))
            .help("mend that and run it again; nothing of it is left"));
    }
    let files = || proven.iter().flat_map(|chain| &chain.report.files);
    let untried = files().filter(|file| file.verdict == Verdict::NotCheckable).count();
    match (untried, files().count()) {
        (_, 0) => Err(Failure::new("nothing could be proven: the folder holds no migration")),
        (0, _) => Ok(Exit::Clean),
        (untried, all) if untried == all => {
            Err(Failure::new("nothing could be proven; the reasons stand beside the files"))
        }
        // What could not be tried is no pass.
        (untried, all) => Err(Failure::new(format!(
            "{untried} of {all} files could not be proven; the reasons stand beside them"
        ))),
    }
}

fn show(args: &Prove, proven: &[ProvenChain], context: &Context) -> Result<(), Failure> {
    let options = ProofTextOptions {
        color: context.terminal.color && args.destination.is_terminal(),
        width: context.terminal.width().filter(|_| args.destination.is_terminal()),
        all: args.all,
        witnesses: args.witness,
    };
    let text = match args.destination.format() {
        ProofFormat::Human => migrations_text(proven, options),
        ProofFormat::Json => migrations_json(proven),
        ProofFormat::Junit => migrations_junit(proven),
        ProofFormat::Sarif => migrations_sarif(proven, env!("CARGO_PKG_VERSION")),
    };
    args.destination.write(&text, context)
}

fn prove_one(
    args: &Prove,
    workspace: &Workspace,
    folder: &ChainFolder,
    server: &Server,
    context: &Context,
) -> Result<ProvenChain, Failure> {
    let options = options(args, workspace, folder)?;
    let mut watcher = |at: Progress<'_>| {
        let name = base_name(at.path);
        context.terminal.progress(&format!("{}/{}  {name}  {}", at.file + 1, at.files, at.step));
        true
    };
    let report = prove(server, &folder.chain.files, &options, &mut watcher)?;
    let dumps = dumps(args, workspace, folder)?;
    let dumps: Vec<Dump<'_>> = dumps.iter().map(|(name, text)| Dump { name, text }).collect();
    let drifts = match dumps.is_empty() {
        true => Vec::new(),
        false => {
            let compared = DriftOptions::default();
            drift(server, &folder.chain.files, &dumps, &options, &compared, &mut watcher)?
        }
    };
    context.terminal.progress("");
    Ok(ProvenChain { folder: shown_folder(folder).to_owned(), report, drifts })
}

/// Dumps of environments by name, of the configuration and of the command line.
fn dumps(
    args: &Prove,
    workspace: &Workspace,
    folder: &ChainFolder,
) -> Result<Vec<(String, String)>, Failure> {
    let mut paths: Vec<(String, PathBuf)> = Vec::new();
    for (name, path) in &folder.config.dumps {
        paths.push((name.clone(), workspace.root.join(path)));
    }
    for given in &args.dumps {
        let Some((name, path)) = given.split_once('=') else {
            return Err(Failure::new(format!("`--dump {given}` names no environment"))
                .help("it reads like `--dump production=db/production.sql`"));
        };
        paths.push((name.to_owned(), PathBuf::from(path)));
    }
    let read = |(name, path): (String, PathBuf)| {
        let text = trueup_repo::read(&workspace.root, &path.to_string_lossy(), trueup_engine::MAX_FILE_SIZE);
        let text = text.map_err(|problem| {
            Failure::new(format!("the dump {} cannot be read: {problem}", path.display()))
                .help("`pg_dump --schema-only` writes one")
        })?;
        Ok((name, text.to_string()))
    };
    paths.into_iter().map(read).collect()
}

fn options(args: &Prove, workspace: &Workspace, folder: &ChainFolder) -> Result<Options, Failure> {
    let config = &folder.config;
    let usual = Options::default();
    let stubs = stubs(workspace, folder)?;
    Ok(Options {
        kill_points: !args.no_kill_points,
        rows: args.rows,
        lock_budget: config.lock_budget.unwrap_or(usual.lock_budget),
        statement_timeout: config.statement_timeout.unwrap_or(usual.statement_timeout),
        stubs,
        claims: claims(args, workspace, folder),
        ..usual
    })
}

/// What is claimed of each file: on the command line, in the configuration, and by the specs that name it.
fn claims(args: &Prove, workspace: &Workspace, folder: &ChainFolder) -> Vec<Claims> {
    let asked = |claim: Claim, configured: ChainClaim| {
        args.claims.contains(&claim) || folder.config.claims.contains(&configured)
    };
    let again =
        asked(Claim::Idempotent, ChainClaim::Idempotent) || asked(Claim::Resumable, ChainClaim::Resumable);
    let of_all = Claims { idempotent: again, phases: asked(Claim::Phases, ChainClaim::Phases) };
    let of_specs = specs_that_claim(workspace, folder);
    let of_file = |path: &str| {
        let mut claims = of_all;
        for (kinds, _) in of_specs.iter().filter(|(_, paths)| paths.iter().any(|named| named == path)) {
            claims.idempotent |=
                kinds.iter().any(|k| matches!(k, ProofKind::Idempotent | ProofKind::Resumable));
            claims.phases |= kinds.contains(&ProofKind::Phases);
        }
        claims
    };
    folder.paths().map(of_file).collect()
}

/// What each spec claims, with the files of the chain that it names.
fn specs_that_claim(workspace: &Workspace, folder: &ChainFolder) -> Vec<(Vec<ProofKind>, Vec<String>)> {
    let per_file = workspace.map_specs(|file| {
        let one = |spec: &trueup_model::Spec| {
            let kinds = spec.facts.proofs.iter().map(|claim| claim.kind).collect();
            (kinds, named_files(spec, folder))
        };
        file.specs.iter().filter(|spec| !spec.facts.proofs.is_empty()).map(one).collect::<Vec<_>>()
    });
    per_file.into_iter().flatten().collect()
}

/// The files of the chain that a spec names.
fn named_files(spec: &trueup_model::Spec, folder: &ChainFolder) -> Vec<String> {
    let names: Vec<&str> =
        spec.facts.migrations.migrations.iter().map(|migration| migration.name.as_str()).collect();
    folder.paths().filter(|path| is_named(&names, path)).map(str::to_owned).collect()
}

/// Adds the verdicts to the ledgers of the specs that claim something of the files.
fn record(
    args: &Prove,
    workspace: &Workspace,
    folder: &ChainFolder,
    chain: &ProvenChain,
    context: &Context,
) -> Result<(), Failure> {
    let verdict = |spec: &trueup_model::Spec, kind: ProofKind| {
        let named = named_files(spec, folder);
        match (kind, named.is_empty()) {
            (ProofKind::Isolation, _) | (_, true) => None,
            _ => verdict_on(kind, &named, &chain.report),
        }
    };
    record_proofs(workspace, &folder.subjects(), &verdict, &args.signing, context)
}
