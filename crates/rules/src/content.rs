//! Rules of the group `content`.

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[];
