//! `trueup template learn`

use crate::config_text::{learned_text, with_learned};
use crate::context::{self, Context};
use crate::failure::{Exit, Failure};
use crate::words::count;
use trueup_engine::{CONFIG_FILE, Config, LearnedConfig, OpenOptions, SetConfig, Workspace, learned_config};

/// Measure the specs: which sentences, constants and values of the template they really use
#[derive(Debug, clap::Args)]
pub(crate) struct Learn {
    /// Write what was measured into trueup.toml and leave all else in it as it is
    #[arg(long)]
    write: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Learn, context: &Context) -> Result<Exit, Failure> {
    let workspace = unlearned(context)?;
    if workspace.sets.is_empty() {
        return Err(Failure::new(format!(
            "no specs were found below {}: there is nothing to measure",
            workspace.root.display()
        ))
        .help("`trueup check --explain-discovery` says for each folder why it holds none"));
    }
    let learned: Vec<LearnedConfig> =
        (0..workspace.sets.len()).map(|set| learned_config(&workspace.learn(set, usize::MAX))).collect();
    if args.write {
        return write(&workspace, &learned, context);
    }
    let mut out = String::new();
    for (set, learned) in workspace.sets.iter().zip(&learned) {
        out.push_str(&format!("# Specs written from {}\n{}\n", set.config.template, learned_text(learned)));
    }
    context.terminal.print(&trueup_render::plain_lines(out.trim_end_matches('\n')))?;
    context.terminal.print("\n")?;
    context.terminal.note(&format!("`trueup template learn --write` puts this into {CONFIG_FILE}"));
    Ok(Exit::Clean)
}

/// The repository with schemas as the templates give them: nothing learned yet may change the measure.
pub(super) fn unlearned(context: &Context) -> Result<Workspace, Failure> {
    let first = context.open(OpenOptions::default())?;
    if first.sets.is_empty() {
        return Ok(first);
    }
    let bare = |set: &SetConfig| SetConfig { learned: LearnedConfig::default(), ..set.clone() };
    let specs = first.sets.iter().map(|set| bare(&set.config)).collect();
    let config = Config { specs, ..first.config.clone() };
    context.open(OpenOptions { config: Some(config), ..OpenOptions::default() })
}

fn write(workspace: &Workspace, learned: &[LearnedConfig], context: &Context) -> Result<Exit, Failure> {
    let Some(text) = context::config_text(&workspace.root)? else {
        return Err(Failure::new(format!("there is no {CONFIG_FILE} at {}", workspace.root.display()))
            .help("`trueup init` writes it, with what it measures"));
    };
    let Some(after) = with_learned(&text, learned) else {
        return Err(Failure::new(format!("{CONFIG_FILE} has no [[specs]] entry for each set of specs"))
            .help("`trueup init --force` writes them; what else is in the file stays"));
    };
    trueup_repo::write_if_unchanged(&workspace.root.join(CONFIG_FILE), &text, &after)?;
    let measured: usize = learned.iter().map(|learned| learned.documents).sum();
    let verb = if *after == *text { "nothing has changed in" } else { "wrote" };
    context.terminal.note(&format!("measured {}; {verb} {CONFIG_FILE}", count(measured, "spec", "specs")));
    Ok(Exit::Clean)
}
