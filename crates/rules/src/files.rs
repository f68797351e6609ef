//! Rules of the group `files`.

mod engine;
mod malformed_front_matter;
mod merge_conflict;
mod unclosed_comment;
mod unclosed_fence;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &engine::BASELINE_STALE,
    &engine::BASELINE_WIDENED,
    &engine::SUPPRESSION_WITHOUT_REASON,
    &engine::UNKNOWN_SUPPRESSION,
    &engine::UNREADABLE_FILE,
    &engine::UNUSED_SUPPRESSION,
    &malformed_front_matter::MALFORMED_FRONT_MATTER,
    &merge_conflict::MERGE_CONFLICT,
    &unclosed_comment::UNCLOSED_COMMENT,
    &unclosed_fence::UNCLOSED_FENCE,
];
