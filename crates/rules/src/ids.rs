//! Rules of the group `ids`.

mod dangling_item_reference;
mod duplicate_id;
mod duplicate_item_id;
mod id_mismatch;
mod id_taken_elsewhere;
mod item_without_id;
mod items;
mod name_taken_elsewhere;
mod own;
mod reserved_prefix;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &dangling_item_reference::DANGLING_ITEM_REFERENCE,
    &duplicate_id::DUPLICATE_ID,
    &duplicate_item_id::DUPLICATE_ITEM_ID,
    &id_mismatch::ID_MISMATCH,
    &id_taken_elsewhere::ID_TAKEN_ELSEWHERE,
    &item_without_id::ITEM_WITHOUT_ID,
    &name_taken_elsewhere::NAME_TAKEN_ELSEWHERE,
    &reserved_prefix::RESERVED_PREFIX,
];
