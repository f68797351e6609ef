//! Rules of the group `tables`.

mod ragged_table_row;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[&ragged_table_row::RAGGED_TABLE_ROW];
