//! Every value of a spec that the template types: header fields, fields of sections, cells of columns.

use crate::risks::is_register_block;
use crate::support::{answers, columns, same_key, section_fields, shared_columns};
use trueup_finding::FileCx;
use trueup_model::reading::is_filled;
use trueup_model::{HeaderPlace, Spec};
use trueup_template::{FieldSpec, Schema, TableSpec, ValueSpec, fold, infer_key};
use trueup_text::Span;

/// A value and what the template says of it.
pub(crate) struct TypedValue<'a> {
    /// The field's or column's name as the template writes it.
    pub name: &'a str,
    /// What may stand there.
    pub spec: &'a ValueSpec,
    /// What stands there, without markup.
    pub value: String,
    /// Where.
    pub span: Span,
    /// Whether the span is in the sidecar.
    pub in_sidecar: bool,
    /// Whether it is the spec's status.
    pub is_status: bool,
    /// Whether it stands in a column: what a template shows there is softer than a field's placeholder.
    pub in_column: bool,
}

/// Visits every typed value that is filled in. Placeholders are `placeholder-left`'s.
pub(crate) fn for_each_value<'a>(
    cx: &FileCx<'a>,
    spec: &'a Spec,
    schema: &'a Schema,
    mut visit: impl FnMut(TypedValue<'a>),
) {
    header(spec, schema, &mut visit);
    for (index, section) in schema.sections.iter().enumerate() {
        // A risk's severity is judged in every notation, by `risk-severity`.
        let typed = !is_register_block(schema, section)
            && (section.fields.iter().any(|f| is_typed(&f.value))
                || section.tables.iter().any(has_typed_column));
        if !typed {
            continue;
        }
        for answer in answers(cx, spec, index) {
            for field in section_fields(cx.document, answer) {
                let key = infer_key(&field.key);
                let Some(wanted) = section.fields.iter().find(|f| f.normal == key) else { continue };
                offer(wanted, field.value, field.value_span, false, false, &mut visit);
            }
            for table in crate::support::tables(cx.document, answer) {
                for wanted in section.tables.iter().filter(|t| has_typed_column(t)) {
                    cells(cx, wanted, table, &mut visit);
                }
            }
        }
    }
}

fn has_typed_column(table: &TableSpec) -> bool {
    table.columns.iter().any(|c| is_typed(&c.value))
}

fn is_typed(value: &ValueSpec) -> bool {
    !matches!(value, ValueSpec::Free | ValueSpec::Example(_))
}

fn header<'a>(spec: &'a Spec, schema: &'a Schema, visit: &mut impl FnMut(TypedValue<'a>)) {
    for field in &spec.header {
        let specs = match field.place {
            HeaderPlace::Header => schema.fields.as_slice(),
            HeaderPlace::FrontMatter => schema.front_matter.as_slice(),
            HeaderPlace::Sidecar => schema.sidecar.as_ref().map_or(&[][..], |(_, fields)| fields),
        };
        let Some(wanted) = specs.iter().find(|f| same_key(&f.normal, &field.normal)) else { continue };
        let in_sidecar = field.place == HeaderPlace::Sidecar;
        let is_status = field.normal == "status" || field.normal == "state";
        offer(wanted, field.field.value.clone(), field.field.value_span, in_sidecar, is_status, visit);
    }
}

fn offer<'a>(
    wanted: &'a FieldSpec,
    value: String,
    span: Span,
    in_sidecar: bool,
    is_status: bool,
    visit: &mut impl FnMut(TypedValue<'a>),
) {
    let untouched =
        fold(&value) == fold(&wanted.template_value) && !matches!(wanted.value, ValueSpec::Constant(_));
    if is_typed(&wanted.value) && !untouched && is_filled(&value) {
        visit(TypedValue {
            name: &wanted.key,
            spec: &wanted.value,
            value,
            span,
            in_sidecar,
            is_status,
            in_column: false,
        });
    }
}

fn cells<'a>(
    cx: &FileCx<'a>,
    wanted: &'a TableSpec,
    table: trueup_markdown::NodeId,
    visit: &mut impl FnMut(TypedValue<'a>),
) {
    let document = cx.document;
    let names = columns(document, table);
    if shared_columns(wanted, &names) * 2 <= wanted.columns.len() {
        return;
    }
    for row in document.children(table).skip(1) {
        let row: Vec<_> = document.children(row).collect();
        for column in wanted.columns.iter().filter(|c| is_typed(&c.value)) {
            let Some(at) = names.iter().position(|(name, _)| *name == column.normal) else { continue };
            let Some(cell) = row.get(at) else { continue };
            let value = document.plain(*cell).trim().to_owned();
            let untouched = trueup_template::value_spec(&value) == column.value;
            if is_filled(&value) && !untouched {
                visit(TypedValue {
                    name: &column.name,
                    spec: &column.value,
                    value,
                    span: document.content_span(*cell),
                    in_sidecar: false,
                    is_status: false,
                    in_column: true,
                });
            }
        }
    }
}
