//! Rules of the group `structure`.

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[];
