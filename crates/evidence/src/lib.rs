//! What verdicts rest on: an append-only ledger for each spec, whose lines are statements bound to a
//! commit and to content digests.

mod entry;

pub use entry::{Digest, Entry, Person, Statement, Subject, TestOutcome};
