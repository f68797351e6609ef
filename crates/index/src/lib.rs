//! A README that lists specs, held against the specs that are there and brought up to date.
//!
//! Rows are table rows or list items that link to a spec. What a person wrote in a row is kept: only the
//! link's target, the status and the place of a row follow from the specs.

mod judge;
mod read;
mod specs;
mod write;

pub use judge::{Problem, ProblemKind, judge};
pub use read::{Column, Files, Form, Index, Part, Row, read_index};
pub use specs::{IndexCx, may_be_index};
pub use write::{Written, write};

#[cfg(test)]
mod tests;

use trueup_model::{Date, SpecId, State};

/// A spec as an index may list it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Path from the root.
    pub path: String,
    /// Its ID.
    pub id: Option<SpecId>,
    /// What to call it: its ID, else its file's name without the ending.
    pub name: String,
    /// Its title without the ID in front.
    pub title: String,
    /// Its state.
    pub state: State,
    /// The state that its folder says.
    pub folder: Option<State>,
    /// The word for its state, as its header has it.
    pub status: String,
    /// The day on which it was created.
    pub created: Option<Date>,
    /// Whether its file lies in the reach of the index: in its folder or below, and in no folder with an
    /// index of its own.
    pub in_reach: bool,
}
