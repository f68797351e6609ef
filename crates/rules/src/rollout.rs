//! Rules of the group `rollout`.

mod high_risk_needs_flag_and_rollback;
mod rollback_without_criterion;
mod rollout_strategy_mismatch;
mod rollout_without_soak;

use crate::asked::says_nothing;
use trueup_finding::Rule;
use trueup_model::{Flag, Spec};

pub(crate) const RULES: &[&Rule] = &[
    &high_risk_needs_flag_and_rollback::HIGH_RISK_NEEDS_FLAG_AND_ROLLBACK,
    &rollback_without_criterion::ROLLBACK_WITHOUT_CRITERION,
    &rollout_strategy_mismatch::ROLLOUT_STRATEGY_MISMATCH,
    &rollout_without_soak::ROLLOUT_WITHOUT_SOAK,
];

/// The first flag that a spec names.
fn named_flag(spec: &Spec) -> Option<&Flag> {
    spec.facts.flags.iter().find(|flag| flag.name.as_ref().is_some_and(|name| !says_nothing(&name.text)))
}
