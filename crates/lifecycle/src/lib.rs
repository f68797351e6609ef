//! States, transitions and gates: a spec's state means something because only gates change it.
//!
//! [`gate`] says whether a spec may go on and why not; the commands and `check --gate` ask the same function.
//! [`transition`] works out everything that a step changes, then writes all of it or nothing.

mod action;
mod approvals;
mod board;
mod edits;
mod failure;
mod field_list;
mod gate;
mod gate_check;
mod header;
mod history;
mod index;
mod links;
mod place;
mod plan;
mod proof;
mod proposal;
mod rename;
mod sections;
mod session;
mod supersede;
mod transition;
mod tree;
mod voice;
mod words;

pub use action::{Action, Gate};
pub use approvals::{Authors, authors, is_listed, same_person};
pub use board::{Board, Card, SinceFrom, board, look_for_blockers};
pub use failure::Failure;
pub use gate::{GateReport, Reason, ReasonKind, gate, gate_options, in_words, judge};
pub use gate_check::{GateCheck, gate_check};
pub use plan::PlannedChange;
pub use rename::{Renamed, Renaming, rename};
pub use session::{Session, Settle, begin, person, settle};
pub use transition::{Outcome, Request, transition};
pub use tree::evidence_kept;
pub use voice::{Voice, speak};
pub use words::status_word;
