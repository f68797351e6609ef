//! Rules about what a spec says of itself: its compliance report against its own facts.

mod cache_claim_vacuous;
mod compliance_row_contradicted;
mod consistency_check_contradicted;
mod crud_command_missing;
mod verdict_contradicts_items;
mod verdict_contradicts_matrix;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &cache_claim_vacuous::CACHE_CLAIM_VACUOUS,
    &compliance_row_contradicted::COMPLIANCE_ROW_CONTRADICTED,
    &consistency_check_contradicted::CONSISTENCY_CHECK_CONTRADICTED,
    &crud_command_missing::CRUD_COMMAND_MISSING,
    &verdict_contradicts_items::VERDICT_CONTRADICTS_ITEMS,
    &verdict_contradicts_matrix::VERDICT_CONTRADICTS_MATRIX,
];
