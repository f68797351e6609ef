//! `trueup template`

mod learn;
mod list;
mod practice;
mod show;
mod versions;

pub(crate) use show::{text_of, unknown_built_in};
pub(crate) use versions::{find_version, versions_of};

use crate::context::Context;
use crate::failure::{Exit, Failure};
use clap::Subcommand;

/// List templates, show what is inferred from one, measure the specs written from it
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Template {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the built-in templates and those of this repository
    List(list::List),
    /// Show what is inferred from a template, with the line and the reason
    Show(show::Show),
    /// Measure the specs: which sentences, constants and values of the template they really use
    Learn(learn::Learn),
    /// Hold a template against the specs written from it: what they fill, rename, leave out and add
    Practice(practice::Practice),
    /// List the versions of a template that git knows, with what each asks that the one before did not
    Versions(versions::Versions),
    /// Say what two versions of a template ask that the other does not
    Diff(versions::Diff),
}

/// Runs the command.
pub(crate) fn run(args: &Template, context: &Context) -> Result<Exit, Failure> {
    match &args.command {
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Learn(args) => learn::run(args, context),
        Command::Versions(args) => versions::list(args, context),
        Command::Diff(args) => versions::diff(args, context),
        Command::Practice(args) => practice::run(args, context),
    }
}
