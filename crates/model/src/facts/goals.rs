//! Goals, non-goals and what is out of scope.

use super::item::Item;
use super::reader::Reader;
use super::support::Text;

/// What a spec wants and what not.
#[derive(Clone, Debug, Default)]
pub struct Goals {
    /// Goals.
    pub goals: Vec<Item>,
    /// Non-goals.
    pub non_goals: Vec<Text>,
    /// What is out of scope.
    pub out_of_scope: Vec<Text>,
}

/// Reads goals, non-goals and scope.
pub(crate) fn read(_reader: &Reader<'_>) -> Goals {
    Goals::default()
}
