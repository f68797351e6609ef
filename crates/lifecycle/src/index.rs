//! The rows of an index that speak of a spec.

use crate::plan::Plan;
use trueup_engine::Workspace;
use trueup_model::State;

/// Brings the rows of a spec up to date in every index that lists it.
pub fn update(_workspace: &Workspace, _plan: &mut Plan, _path: &str, _to: State, _word: &str) {}
