//! Rules about sections, fields, tables and check lists that the template prescribes.

mod checklist_item_missing;
mod empty_section;
mod missing_field;
mod missing_section;
mod not_template_shaped;
mod renamed_section;
mod required_row;
mod section_order;
mod table_columns;
mod template_outdated;
mod unknown_section;

use trueup_finding::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &checklist_item_missing::CHECKLIST_ITEM_MISSING,
    &empty_section::EMPTY_SECTION,
    &missing_field::MISSING_FIELD,
    &missing_section::MISSING_SECTION,
    &not_template_shaped::NOT_TEMPLATE_SHAPED,
    &renamed_section::RENAMED_SECTION,
    &required_row::REQUIRED_ROW,
    &section_order::SECTION_ORDER,
    &table_columns::TABLE_COLUMNS,
    &template_outdated::TEMPLATE_OUTDATED,
    &unknown_section::UNKNOWN_SECTION,
];
