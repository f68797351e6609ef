//! Migrations, proven or contradicted by running them on a PostgreSQL.
//!
//! Each file of a chain is run on its predecessors: once, again at once, again at the head of the chain, and again after
//! a kill at every statement. Beside that: which statements expand, migrate and contract, what breaks for the version
//! that still runs, which locks are taken and for how long, what the chain needs and does not create, and how its head
//! differs from dumps of environments. Nothing is printed here; the report is plain data.

mod again;
mod build;
mod checks;
mod drift;
mod fixed;
mod halt;
mod kill;
mod locks;
mod needs;
mod old;
mod options;
mod others;
mod place;
mod prover;
mod report;
mod rights;
mod roles;
mod run;
mod session;
mod state;
mod steps;
mod trials;

pub use build::{BuildError, Built, build, build_dump};
pub use drift::{DriftOptions, Dump, drift};
pub use options::{Claims, Options, Progress};
pub use prover::{Watcher, prove};
pub use report::{
    Break, Check, CheckKind, Detail, Drift, DriftChange, FileReport, InsideKill, KillPoint, KillPoints,
    Level, Lock, OldVersion, Outcome, PhaseCount, Prerequisite, PrerequisiteKind, Problem, Recreated, Report,
    Stall, Stopped, StoppedWhy, Undone, Verdict,
};
