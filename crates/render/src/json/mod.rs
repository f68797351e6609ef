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
    /// What a finding takes, about, in bytes.
    const OF_A_FINDING: usize = 768;
    let mut places = Places::new(&report.texts);
    let output = model::Output {
        schema_version: SCHEMA_VERSION,
        summary: model::Summary::new(report),
        findings: report.findings.iter().map(|finding| convert::finding(finding, &mut places)).collect(),
    };
    sized_text(&output, report.findings.len() * OF_A_FINDING)
}

/// The JSON Schema (draft 2020-12) of what [`json`] gives.
pub fn json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    to_text(&generator.into_root_schema_for::<model::Output<'_>>())
}

/// JSON with a line for each value and a newline at its end.
pub(crate) fn to_text(value: &impl serde::Serialize) -> String {
    sized_text(value, 0)
}

/// The same where it is known how long the text will be, about: it is not moved while it grows.
fn sized_text(value: &impl serde::Serialize, bytes: usize) -> String {
    let mut text = Vec::with_capacity(bytes);
    // Fails only for maps whose keys are no strings; the formats of this crate have none.
    if serde_json::to_writer_pretty(&mut text, value).is_err() {
        text.clear();
    }
    text.push(b'\n');
    String::from_utf8(text).unwrap_or_default()
}
