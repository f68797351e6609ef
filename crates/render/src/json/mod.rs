//! Findings as JSON, and the schema of that JSON. The shape is a promise to other programs: a change
//! that could break a reader raises the first number of [`SCHEMA_VERSION`].

mod convert;
mod model;

use crate::places::Places;
use schemars::generate::SchemaSettings;
use trueup_engine::CheckReport;

pub(crate) use model::Summary;

/// Version of the JSON format: the first number changes when a reader could break, the second when
/// something is added.
pub const SCHEMA_VERSION: &str = "1.1";

/// A report as JSON. [`json_schema`] describes it.
///
/// A place in a file whose text the report does not hold has no line, so its `span` is `null`, and
/// a fix of such a file is left out.
pub fn json(report: &CheckReport) -> String {
    let mut places = Places::new(&report.texts);
    to_text(&model::Output {
        schema_version: SCHEMA_VERSION,
        summary: model::Summary::new(report),
        findings: report.findings.iter().map(|finding| convert::finding(finding, &mut places)).collect(),
    })
}

/// The JSON Schema (draft 2020-12) of what [`json`] gives.
pub fn json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    to_text(&generator.into_root_schema_for::<model::Output<'_>>())
}

/// JSON with a line for each value and a newline at its end.
pub(crate) fn to_text(value: &impl serde::Serialize) -> String {
    // Fails only for maps whose keys are no strings; the formats of this crate have none.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
