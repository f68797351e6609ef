//! The command line: global options and the list of commands.

use crate::commands;
use crate::terminal::When;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// What stands below every help text.
const EXIT_CODES: &str = "\
Exit codes: 0 nothing at or above the failing level, 1 findings, 2 usage, configuration or nothing to check, 3 a bug";

/// Holds each spec to the template it was written from, and the repository to what the specs claim.
#[derive(Debug, Parser)]
#[command(name = "trueup", version, after_help = EXIT_CODES)]
#[command(arg_required_else_help = true, propagate_version = false, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Run as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    pub(crate) directory: Option<PathBuf>,
    /// When to colour the output
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        global = true,
        hide_possible_values = true
    )]
    #[arg(help = "When to colour the output: auto, always or never", help_heading = "Global options")]
    pub(crate) color: When,
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check specs against their templates, and everything that they point to
    Check(commands::check::Check),
    /// Find the specs and templates of this repository and write trueup.toml
    Init(commands::init::Init),
    /// Make a new spec from a template
    New(commands::new::New),
    /// Show where each spec stands, for how long, and what keeps it from going on
    Status(commands::status::Status),
    /// Offer a draft for review
    Submit(commands::step::Submit),
    /// Say that you agree to a spec as it stands
    Approve(commands::voice::Approve),
    /// Say that you do not agree to a spec as it stands
    Reject(commands::voice::Reject),
    /// Agree on a spec, if the gate lets it pass
    Accept(commands::step::Accept),
    /// Say that a spec is built, if every acceptance bullet is proven or waived
    Implement(commands::step::Implement),
    /// Put a spec aside
    Park(commands::step::Park),
    /// Say that another spec takes the place of one, in both of them
    Supersede(commands::step::Supersede),
    /// Take a spec up again
    Reopen(commands::step::Reopen),
    /// Give a spec another ID, file name or title, with every link and mention that leads to it
    Rename(commands::rename::Rename),
    /// Record that you looked at what drifted from a spec
    Review(commands::voice::Review),
    /// Complete a lifecycle command that was interrupted, or take it back
    Resume(commands::resume::Resume),
    /// Show everything that a spec says, as typed facts with their lines
    Show(commands::show::Show),
    /// List the facts of one kind over all specs: the risk register, all flags, all endpoints, …
    List(commands::list::List),
    /// Show how the specs are related: what depends on, extends, supersedes and affects what
    Graph(commands::graph::Graph),
    /// Recompute what a spec says of itself: its compliance rows, its consistency checks and its verdict
    Report(commands::report::Report),
    /// Hold the README that lists the specs against the specs, or bring it up to date
    Index(commands::index::Index),
    /// Trace what specs promise to the tests that name it, and to their results
    Trace(commands::trace::Trace),
    /// Show what was recorded of specs, and whether it still holds together
    Evidence(commands::evidence::Evidence),
    /// Accept for a time that an item of a spec is not proven, or that a rule is broken
    Waive(commands::waive::Waive),
    /// Hold what the specs promise against the code, and the code against the specs
    Drift(commands::drift::Drift),
    /// Lint migrations, prove them on a PostgreSQL, plan their phases, and compare them with a database
    Migrations(commands::migrations::Migrations),
    /// Attack a schema as one tenant, and show what another one's data leaks by
    Tenancy(commands::tenancy::Tenancy),
    /// Write what the specs declare in the formats of other tools: OpenAPI, AsyncAPI
    Export(commands::export::Export),
    /// Keep old findings from failing a check, so that new ones can
    Baseline(commands::baseline::BaselineArgs),
    /// Test and list a team's own policies, and show what they get to see
    Policy(commands::policy::Policy),
    /// Say what a rule finds, why it matters and how to mend it
    Explain(commands::explain::Explain),
    /// List all rules with their levels
    Rules(commands::rules::Rules),
    /// List templates, show what is inferred from one, measure the specs written from it
    Template(commands::template::Template),
    /// Insert the sections that newer versions of the template ask, and change nothing else
    Upgrade(commands::upgrade::Upgrade),
    /// Print a completion script for a shell
    Completions(commands::completions::Completions),
}
