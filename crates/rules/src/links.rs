//! Rules of the group `links`.

mod bad_anchor;
mod broken_link;
mod dangling_spec_reference;
mod index_out_of_date;
mod repair;
mod target;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &bad_anchor::BAD_ANCHOR,
    &broken_link::BROKEN_LINK,
    &dangling_spec_reference::DANGLING_SPEC_REFERENCE,
    &index_out_of_date::INDEX_OUT_OF_DATE,
];
