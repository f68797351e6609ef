//! Rules of the group `acceptance`.

mod acceptance_unproven;
mod acceptance_untestable;
mod goal_also_non_goal;
mod non_goal_empty;
mod scenario_without_smoke;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &acceptance_unproven::ACCEPTANCE_UNPROVEN,
    &acceptance_untestable::ACCEPTANCE_UNTESTABLE,
    &goal_also_non_goal::GOAL_ALSO_NON_GOAL,
    &non_goal_empty::NON_GOAL_EMPTY,
    &scenario_without_smoke::SCENARIO_WITHOUT_SMOKE,
];
