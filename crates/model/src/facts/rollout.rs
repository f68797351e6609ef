//! Staging, soak, production and rollback.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// How the work reaches its users.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    /// What happens in staging.
    pub staging: Option<Text>,
    /// What happens in production.
    pub production: Option<Text>,
    /// When and how to go back.
    pub rollback: Option<Text>,
    /// The soak window as written.
    pub soak: Option<Text>,
    /// The soak window in minutes.
    pub soak_minutes: Option<u32>,
    /// The first cohort as written.
    pub cohort: Option<Text>,
    /// Rollback criteria that can be told: a number with a sign, a named metric, a failing smoke check.
    pub criteria: Vec<Text>,
    /// The section's title, where there is such a section.
    pub section: Option<Span>,
}

/// Reads the rollout plan.
pub(crate) fn read(_reader: &Reader<'_>) -> Rollout {
    Rollout::default()
}
