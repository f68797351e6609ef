//! The compliance report of a spec, recomputed: in the structure of its template for people, as JSON for
//! programs, and as edits that bring the section up to date.

mod json;
mod layout;
mod markdown;
mod proofs;
mod write;

use schemars::generate::SchemaSettings;
use trueup_claims::JudgedProof;
use trueup_engine::ReadFile;
use trueup_model::Spec;
use trueup_template::Schema;
use trueup_text::{Edit, LineIndex};

/// A spec with what is needed to tell its places.
pub(crate) struct Subject<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub document: &'a trueup_markdown::Document,
    pub spec: &'a Spec,
    pub lines: &'a LineIndex,
}

impl<'a> Subject<'a> {
    fn of(file: &'a ReadFile, spec: &'a Spec, lines: &'a LineIndex) -> Subject<'a> {
        Subject { path: &file.path, text: file.document.text(), document: &file.document, spec, lines }
    }
}

/// The report of a spec as Markdown; none where its template has no compliance report.
pub fn compliance_report(file: &ReadFile, spec: &Spec, schema: &Schema) -> Option<String> {
    let layout = layout::Layout::of(schema)?;
    let lines = LineIndex::new(file.document.text());
    let recomputed = trueup_claims::recompute(&file.document, spec, schema, file.bound_rows(spec));
    Some(markdown::report(&Subject::of(file, spec, &lines), &layout, &recomputed))
}

/// The claims of a spec that only a run can prove, each with its verdict, as Markdown; none where it claims nothing of
/// the kind.
pub fn proofs_report(file: &ReadFile, proofs: &[JudgedProof]) -> Option<String> {
    let lines = LineIndex::new(file.document.text());
    (!proofs.is_empty()).then(|| proofs::report(proofs, &lines))
}

/// The recomputed claims of a spec as JSON, and beside them those that only a run can prove.
/// [`compliance_json_schema`] describes it.
pub fn compliance_json(
    file: &ReadFile,
    spec: &Spec,
    schema: &Schema,
    proofs: &[JudgedProof],
) -> serde_json::Value {
    let lines = LineIndex::new(file.document.text());
    let recomputed = trueup_claims::recompute(&file.document, spec, schema, file.bound_rows(spec));
    // Fails only for maps whose keys are no strings; the format has none.
    serde_json::to_value(json::report(&Subject::of(file, spec, &lines), &recomputed, proofs))
        .unwrap_or_default()
}

/// The JSON Schema (draft 2020-12) of [`compliance_json`].
pub fn compliance_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<json::Output<'_>>())
}

/// The edits that bring the report in a spec up to date, with everything that the author wrote kept;
/// `today` dates a report that is not there yet. None where the template has no compliance report.
pub fn compliance_edits(file: &ReadFile, spec: &Spec, schema: &Schema, today: &str) -> Option<Vec<Edit>> {
    let layout = layout::Layout::of(schema)?;
    let lines = LineIndex::new(file.document.text());
    let recomputed = trueup_claims::recompute(&file.document, spec, schema, file.bound_rows(spec));
    Some(write::edits(&Subject::of(file, spec, &lines), &layout, &recomputed, today))
}
