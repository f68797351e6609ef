//! `trueup migrations`

mod chains;
mod lint;
mod plan;
mod prove;
mod status;
mod verdict;

pub(crate) use chains::{chain_of, chosen, configured, is_named, one_chain, shown_folder, stubs};

use crate::context::Context;
use crate::failure::{Exit, Failure};
use trueup_postgres::ServerError;

/// Lint migrations, prove them on a PostgreSQL, plan their phases, and compare them with a database
#[derive(Debug, clap::Args)]
pub(crate) struct Migrations {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Look at names, numbers and statements without running anything
    Lint(lint::Lint),
    /// Run each file on a PostgreSQL: once, again, at the head, after a kill at every statement
    Prove(prove::Prove),
    /// Propose how to split a file into Expand, Migrate and Contract
    Plan(plan::Plan),
    /// Compare what a database says it has had with the files
    Status(status::Status),
}

/// Runs the command.
pub(crate) fn run(args: &Migrations, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::Lint(args) => lint::run(args, context),
        Action::Prove(args) => prove::run(args, context),
        Action::Plan(args) => plan::run(args, context),
        Action::Status(args) => status::run(args, context),
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Failure {
        let failure = Failure::new(error.to_string());
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}
