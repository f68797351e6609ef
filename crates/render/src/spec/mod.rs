//! The facts of a spec as JSON, and the schema of that JSON. The shape is a promise to other programs: a
//! change that could break a reader raises the first number of [`SPEC_SCHEMA_VERSION`].

mod convert;
mod kinds;
mod list;
mod model;
mod text;

pub(crate) use list::one_line;

pub use kinds::{FACT_KINDS, FactKind, fact_text};
pub use list::{ListedFact, fact_csv, fact_json, fact_table};
pub use text::{SpecTextOptions, spec_text};

use schemars::generate::SchemaSettings;
use trueup_engine::ReadFile;

/// Version of the JSON format of a spec.
pub const SPEC_SCHEMA_VERSION: &str = "1.0";

/// The specs of a file as JSON values. `template` names what they are held to.
pub fn spec_values(file: &ReadFile, template: &str) -> Vec<serde_json::Value> {
    let lines = trueup_text::LineIndex::new(file.document.text());
    let convert = |spec| convert::spec(file, spec, template, &lines);
    // Fails only for maps whose keys are no strings; the format has none.
    file.specs.iter().map(|spec| serde_json::to_value(convert(spec)).unwrap_or_default()).collect()
}

/// The specs of a file as JSON text: one object, or an array where the file holds several.
pub fn spec_json(file: &ReadFile, template: &str) -> String {
    let lines = trueup_text::LineIndex::new(file.document.text());
    let specs: Vec<model::Spec<'_>> =
        file.specs.iter().map(|spec| convert::spec(file, spec, template, &lines)).collect();
    match specs.as_slice() {
        [one] => crate::json::to_text(one),
        several => crate::json::to_text(&several),
    }
}

/// The JSON Schema (draft 2020-12) of one spec in [`spec_json`].
pub fn spec_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<model::Spec<'_>>())
}
