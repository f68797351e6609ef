//! Rules about what stands where the template has a placeholder.

mod constant_changed;
mod enum_value;
mod guidance_left;
mod pattern_mismatch;
mod placeholder_left;
mod values;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &constant_changed::CONSTANT_CHANGED,
    &enum_value::ENUM_VALUE,
    &guidance_left::GUIDANCE_LEFT,
    &pattern_mismatch::PATTERN_MISMATCH,
    &placeholder_left::PLACEHOLDER_LEFT,
];
