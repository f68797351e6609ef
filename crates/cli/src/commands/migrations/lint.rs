//! `trueup migrations lint`

use super::{chosen, is_named};
use crate::commands::proofs::{Destination, ProofFormat};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use std::path::PathBuf;
use trueup_engine::{ChainFolder, OpenOptions, Workspace};
use trueup_lint::{Settings, Squawk};
use trueup_render::{ProofTextOptions, lint_json, lint_sarif, lint_text};
use trueup_sql::{Layout, Level, LintOptions, Pattern, Problem, changed_since, lint, taken_elsewhere};

/// The form of names that the governance template asks for.
const GOVERNANCE_NAMES: &str = "V###__slug.sql";

/// Rules of squawk that are applied only where `include` asks for them: two that find something in nearly every file, and
/// one that guesses what `trueup migrations prove` shows.
const NOT_USUAL: [&str; 3] = ["require-lock-timeout", "require-statement-timeout", "prefer-robust-stmts"];

/// What stands below the help.
const EXAMPLES: &str = "\
Examples:
  trueup migrations lint
  trueup migrations lint db/migrations --format sarif --output lint.sarif

Names and numbers, files that changed after they were tagged, numbers that other branches have taken, notes on the way
back, specs that name files and files that no spec names, and squawk's rules. `-- squawk-ignore RULE` above a statement
and `ignore` in [[migrations]] take a problem away.

Exit codes: 0 no errors, 1 errors, 2 there is nothing to lint.";

/// Look at names, numbers and statements without running anything
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lint {
    /// The folder of migrations; those of trueup.toml, or all that are found, where none is given
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// What fails
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t)]
    fail_on: FailOn,
    #[command(flatten)]
    destination: Destination,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
enum FailOn {
    /// What is wrong
    #[default]
    Error,
    /// That, and what is likely to be wrong
    Warning,
    /// Nothing
    Never,
}

/// Runs the command.
pub(crate) fn run(args: &Lint, context: &Context) -> Result<Exit, Failure> {
    let workspace = context.open(OpenOptions::default())?;
    let folders = chosen(&workspace, args.folder.as_deref(), false, context)?;
    let mut problems = Vec::new();
    for folder in &folders {
        problems.extend(of_folder(&workspace, folder)?);
    }
    problems.sort();
    let files = folders.iter().map(|folder| folder.chain.files.len()).sum();
    let options = ProofTextOptions {
        color: context.terminal.color && args.destination.is_terminal(),
        width: context.terminal.width().filter(|_| args.destination.is_terminal()),
        ..ProofTextOptions::default()
    };
    let text = match args.destination.format() {
        ProofFormat::Human => lint_text(&problems, files, options),
        ProofFormat::Json => lint_json(&problems, files),
        ProofFormat::Sarif => lint_sarif(&problems, env!("CARGO_PKG_VERSION")),
        ProofFormat::Junit => {
            return Err(
                Failure::new("problems with files are no tests").help("take `--format sarif` or `json`")
            );
        }
    };
    args.destination.write(&text, context)?;
    let fails = |problem: &Problem| match args.fail_on {
        FailOn::Error => problem.level == Level::Error,
        FailOn::Warning => problem.level != Level::Info,
        FailOn::Never => false,
    };
    Ok(if problems.iter().any(fails) { Exit::Findings } else { Exit::Clean })
}

fn of_folder(workspace: &Workspace, folder: &ChainFolder) -> Result<Vec<Problem>, Failure> {
    let config = &folder.config;
    let governance = folder.chain.layout == Layout::Governance;
    let pattern = config.name_pattern.as_deref().or(governance.then_some(GOVERNANCE_NAMES));
    let pattern = pattern.map(Pattern::read).transpose();
    let pattern = pattern.map_err(|error| {
        Failure::new(error.to_string()).help("mend `name-pattern` in [[migrations]] of trueup.toml")
    })?;
    let options =
        LintOptions { pattern, rollback: config.rollback.unwrap_or(governance), gaps_allowed: config.gaps };
    let mut problems = lint(&folder.chain, &options);
    problems.extend(taken_elsewhere(&folder.chain, &workspace.migrations_of_branches(folder)?));
    let now: Vec<(String, String)> =
        folder.digests.iter().map(|(path, digest)| (path.clone(), digest.clone())).collect();
    problems.extend(changed_since(&now, &workspace.sealed(folder)?));
    problems.extend(unnamed(workspace, folder));
    problems.extend(of_squawk(folder)?);
    problems.retain(|problem| !config.ignore.contains(&problem.code));
    Ok(problems)
}

fn of_squawk(folder: &ChainFolder) -> Result<Vec<Problem>, Failure> {
    let usual = Settings::default();
    let known = trueup_lint::rules();
    let include = &folder.config.include;
    let asked = folder.config.ignore.iter().filter(|code| known.contains(code)).cloned();
    let usually = NOT_USUAL
        .iter()
        .filter(|name| !include.iter().any(|rule| rule == *name))
        .map(|name| (*name).to_owned());
    let exclude = asked.chain(usually).collect();
    let settings = Settings {
        postgres: folder.config.postgres.unwrap_or(usual.postgres),
        include: include.clone(),
        exclude,
    };
    let squawk = Squawk::new(&settings).map_err(|error| {
        Failure::new(error.to_string())
            .help(format!("`include` in [[migrations]] takes {}", known.join(", ")))
    })?;
    Ok(folder.chain.files.iter().flat_map(|file| squawk.check(file)).collect())
}

/// Files that no spec names, where there are specs that name others of the folder; and names without a file.
fn unnamed(workspace: &Workspace, folder: &ChainFolder) -> Vec<Problem> {
    let names = workspace.map_specs(|file| {
        let of_spec = |spec: &trueup_model::Spec| {
            spec.facts.migrations.migrations.iter().map(|m| m.name.clone()).collect::<Vec<String>>()
        };
        file.specs.iter().flat_map(of_spec).collect::<Vec<String>>()
    });
    let names: Vec<String> = names.into_iter().flatten().collect();
    if !folder.paths().any(|path| is_named(&names, path)) {
        return Vec::new();
    }
    let unnamed = folder.paths().filter(|path| !is_named(&names, path));
    unnamed
        .map(|path| {
            Problem::new(path, "not-in-a-spec", Level::Info, "no spec names this migration")
                .mended("name it in the section on data and migrations of the spec that needs it")
        })
        .collect()
}
