//! Rules of the group `data`.

mod backfill_not_idempotent;
mod entity_without_tenant;
mod migration_without_rollback;
mod same_entity_in_two_specs;
mod twin_ids;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &backfill_not_idempotent::BACKFILL_NOT_IDEMPOTENT,
    &entity_without_tenant::ENTITY_WITHOUT_TENANT,
    &migration_without_rollback::MIGRATION_WITHOUT_ROLLBACK,
    &same_entity_in_two_specs::SAME_ENTITY_IN_TWO_SPECS,
    &twin_ids::TWIN_IDS,
];
