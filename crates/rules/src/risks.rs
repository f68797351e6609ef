//! Rules about the risk register.

mod risk_category_unanswered;
mod risk_missing_key;
mod risk_severity;
mod risks_unstructured;

use trueup_finding::Rule;
use trueup_template::{FieldSpec, Schema, SectionSpec};

pub(crate) const RULES: &[&Rule] = &[
    &risk_category_unanswered::RISK_CATEGORY_UNANSWERED,
    &risk_missing_key::RISK_MISSING_KEY,
    &risk_severity::RISK_SEVERITY,
    &risks_unstructured::RISKS_UNSTRUCTURED,
];

/// The form that the template prescribes for a risk: its repeated block with keys below a risk section.
pub(crate) fn register_form(schema: &Schema) -> Option<&SectionSpec> {
    schema.sections.iter().find(|section| is_register_block(schema, section))
}

/// Whether a section of the template is the block of one risk.
pub(crate) fn is_register_block(schema: &Schema, section: &SectionSpec) -> bool {
    if !section.repeats || section.fields.len() < 2 {
        return false;
    }
    let mut at = section.parent;
    while let Some(parent) = at {
        if schema.sections[parent].kind.as_deref() == Some("risks") {
            return true;
        }
        at = schema.sections[parent].parent;
    }
    section.kind.as_deref() == Some("risks")
}

/// The keys that the template asks of every risk.
fn wanted_keys(schema: &Schema) -> impl Iterator<Item = &FieldSpec> {
    let required = |field: &&FieldSpec| field.presence == trueup_template::Presence::Required;
    register_form(schema).into_iter().flat_map(|section| &section.fields).filter(required)
}
