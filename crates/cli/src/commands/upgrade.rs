//! `trueup upgrade`

use super::step::open_to;
use crate::commands::template::{find_version, versions_of};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::specs::find_spec;
use crate::words::listed;
use trueup_text::apply_edits;

/// Insert the sections that newer versions of the template ask, and change nothing else
#[derive(Debug, clap::Args)]
pub(crate) struct Upgrade {
    /// The spec: its ID (SPEC-012), its path, or a part of its file's name
    #[arg(value_name = "SPEC")]
    spec: String,
    /// The version: a commit, a tag, a branch or a day; the newest where none is given
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// Show the change and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Upgrade, context: &Context) -> Result<Exit, Failure> {
    let (_session, workspace) = open_to(!args.dry_run, &format!("upgrade {}", args.spec), context)?;
    let file = find_spec(&workspace, context, &args.spec)?;
    let Some(set) = file.set else { return Err(Failure::new(format!("{} is no spec", file.path))) };
    let versions = versions_of(&workspace, set)?;
    let target = match &args.to {
        Some(wanted) => Some(find_version(wanted, &versions, &workspace, set)?),
        None => versions.last(),
    };
    let upgrade = target.and_then(|target| workspace.upgrade(&file.path, target)).unwrap_or_default();
    if !upgrade.by_hand.is_empty() {
        let asks: Vec<String> = upgrade.by_hand.iter().map(trueup_template::Ask::words).collect();
        context.terminal.note(&format!("to be added by hand: {}", listed(&asks, "and")));
    }
    let before = file.document.text();
    let after = apply_edits(before, &upgrade.edits)
        .map_err(|error| Failure::new(format!("{} was left as it is: {error}", file.path)))?;
    if after == before {
        context.terminal.note(&format!("{}: no section is missing", file.path));
        return Ok(Exit::Clean);
    }
    if !args.dry_run {
        trueup_repo::write_if_unchanged(&workspace.root.join(&*file.path), before, &after)
            .map_err(|error| Failure::new(format!("{} was not written: {error}", file.path)))?;
    }
    context.terminal.print(&trueup_render::diff(&file.path, before, &after, context.terminal.color))?;
    Ok(Exit::Clean)
}
