//! The command line of trueup: one file for each command, below `commands`.
//!
//! Findings and what was asked for go to standard output, all else to standard error. The exit code
//! is 0 where nothing at or above the failing level was found, 1 for findings, 2 for usage,
//! configuration or nothing to check, and 3 for a bug.

mod args;
mod commands;
mod config_text;
mod context;
mod failure;
mod paths;
mod signing;
mod specs;
mod terminal;
mod words;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::terminal::{Terminal, When};
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// The command line as clap knows it, for the reference and the completions.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let help_color = match terminal::when_of(&arguments) {
        When::Auto => clap::ColorChoice::Auto,
        When::Always => clap::ColorChoice::Always,
        When::Never => clap::ColorChoice::Never,
    };
    let matches = command().color(help_color).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            // Standard output may be closed; there is then nobody to tell.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Unusable } else { Exit::Clean } as u8);
        }
    };
    let terminal = Terminal::new(cli.global.color, cli.global.quiet);
    let exit = guarded(&terminal, || run(&cli, terminal));
    ExitCode::from(exit as u8)
}

/// Runs a command. What goes wrong in trueup itself must not look like a finding.
fn guarded(terminal: &Terminal, command: impl FnOnce() -> Result<Exit, Failure>) -> Exit {
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            terminal.failure(&failure);
            Exit::Unusable
        }
        Err(_) => {
            let failure = Failure::new("this is a bug in trueup, not in your specs").help(format!(
                "report it with the command that you ran, the lines above and the version ({})",
                env!("CARGO_PKG_VERSION")
            ));
            terminal.failure(&failure);
            Exit::Bug
        }
    }
}

fn run(cli: &Cli, terminal: Terminal) -> Result<Exit, Failure> {
    let context = Context::new(terminal, cli.global.directory.as_deref())?;
    match &cli.command {
        Command::Check(args) => commands::check::run(args, &context),
        Command::Init(args) => commands::init::run(args, &context),
        Command::New(args) => commands::new::run(args, &context),
        Command::Status(args) => commands::status::run(args, &context),
        Command::Submit(args) => commands::step::submit(args, &context),
        Command::Approve(args) => commands::voice::approve(args, &context),
        Command::Reject(args) => commands::voice::reject(args, &context),
        Command::Accept(args) => commands::step::accept(args, &context),
        Command::Implement(args) => commands::step::implement(args, &context),
        Command::Park(args) => commands::step::park(args, &context),
        Command::Supersede(args) => commands::step::supersede(args, &context),
        Command::Reopen(args) => commands::step::reopen(args, &context),
        Command::Rename(args) => commands::rename::run(args, &context),
        Command::Review(args) => commands::voice::review(args, &context),
        Command::Resume(args) => commands::resume::run(args, &context),
        Command::Show(args) => commands::show::run(args, &context),
        Command::List(args) => commands::list::run(args, &context),
        Command::Graph(args) => commands::graph::run(args, &context),
        Command::Report(args) => commands::report::run(args, &context),
        Command::Index(args) => commands::index::run(args, &context),
        Command::Trace(args) => commands::trace::run(args, &context),
        Command::Evidence(args) => commands::evidence::run(args, &context),
        Command::Waive(args) => commands::waive::run(args, &context),
        Command::Drift(args) => commands::drift::run(args, &context),
        Command::Migrations(args) => commands::migrations::run(args, &context),
        Command::Tenancy(args) => commands::tenancy::run(args, &context),
        Command::Export(args) => commands::export::run(args, &context),
        Command::Baseline(args) => commands::baseline::run(args, &context),
        Command::Policy(args) => commands::policy::run(args, &context),
        Command::Explain(args) => commands::explain::run(args, &context),
        Command::Rules(args) => commands::rules::run(args, &context),
        Command::Template(args) => commands::template::run(args, &context),
        Command::Upgrade(args) => commands::upgrade::run(args, &context),
        Command::Completions(args) => commands::completions::run(args, &context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn a_panic_is_a_bug_and_a_failure_is_not() {
        let terminal = Terminal::new(When::Never, true);
        assert_eq!(guarded(&terminal, || panic!("on purpose")), Exit::Bug);
        assert_eq!(guarded(&terminal, || Err(Failure::new("wrong"))), Exit::Unusable);
        assert_eq!(guarded(&terminal, || Ok(Exit::Findings)), Exit::Findings);
    }
}
