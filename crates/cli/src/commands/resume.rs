//! `trueup resume`

use super::step::told;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use trueup_engine::repository_root;
use trueup_lifecycle::{Settle, settle};

/// Complete a lifecycle command that was interrupted, or take it back
#[derive(Debug, clap::Args)]
pub(crate) struct Resume {
    /// Take back what was done
    #[arg(long)]
    undo: bool,
    /// Leave all files as they are now, and remove the journal
    #[arg(long, conflicts_with = "undo")]
    forget: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Resume, context: &Context) -> Result<Exit, Failure> {
    let how = match (args.undo, args.forget) {
        (true, _) => Settle::Undo,
        (_, true) => Settle::Forget,
        _ => Settle::Complete,
    };
    let settled = settle(&repository_root(&context.folder), how).map_err(|failure| told(failure, context))?;
    let text = match (settled, how) {
        (None, _) => "nothing was interrupted\n".to_owned(),
        (Some(command), Settle::Complete) => format!("`trueup {command}` is completed\n"),
        (Some(command), Settle::Undo) => format!("`trueup {command}` is taken back\n"),
        (Some(_), Settle::Forget) => "the journal is removed; all files are as they were found\n".to_owned(),
    };
    context.terminal.print(&text)?;
    Ok(Exit::Clean)
}
