//! Rules of the group `api`.

mod endpoint_member_vs_collection;
mod endpoint_method_missing;
mod endpoint_not_found;
mod endpoint_segment_differs;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &endpoint_member_vs_collection::ENDPOINT_MEMBER_VS_COLLECTION,
    &endpoint_method_missing::ENDPOINT_METHOD_MISSING,
    &endpoint_not_found::ENDPOINT_NOT_FOUND,
    &endpoint_segment_differs::ENDPOINT_SEGMENT_DIFFERS,
];
