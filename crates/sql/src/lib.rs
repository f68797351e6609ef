//! Scripts of PostgreSQL: their statements, what each does, and in which phase of a change it belongs; and folders of
//! such scripts, as the tools read them that run migrations.
//!
//! A script is split as PostgreSQL's own client `psql` splits it, so that what is run statement by statement is what
//! a team's tool would have run. Nothing here knows a server, and nothing fails: what cannot be understood is told as
//! data.

mod alone;
mod applied;
mod chain;
mod compared;
mod dialect;
mod effect;
mod fresh;
mod lint;
mod mends;
mod phases;
mod places;
mod plan;
mod problem;
mod script;
mod tokens;
mod words;

pub use alone::runs_alone;
pub use applied::{
    AppliedRow, History, Standing, State, checksum_matches, checksums, standings, versions_of_dump,
};
pub use chain::{Chain, ChainFile, Guess, Layout, Number, Order, Source, Transaction, shown_name};
pub use compared::{Compared, compared};
pub use dialect::{Dialect, dialect};
pub use effect::{Action, Effect, Phase, effects};
pub use fresh::{Ground, grounds, made_again};
pub use lint::{
    Elsewhere, LintOptions, Pattern, PatternError, Sealed, changed_since, lint, lint_text, next_version,
    taken_elsewhere,
};
pub use mends::mends;
pub use phases::{Earlier, Phased, phases, phases_after};
pub use plan::{Plan, Planned, Proposed, plan};
pub use problem::{Level, Problem};
pub use script::{ClientCommand, Script, Statement, Unclosed};
pub use words::Words;
