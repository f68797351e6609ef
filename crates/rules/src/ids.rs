//! Rules of the group `ids`.

mod duplicate_id;
mod id_mismatch;
mod own;
mod reserved_prefix;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] =
    &[&duplicate_id::DUPLICATE_ID, &id_mismatch::ID_MISMATCH, &reserved_prefix::RESERVED_PREFIX];
