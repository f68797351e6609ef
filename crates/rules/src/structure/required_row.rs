use crate::support::{answers, columns, shared_columns, tables};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::NodeId;
use trueup_model::reading::answers_row;
use trueup_template::{TableSpec, infer_words};

declare_rule! {
    REQUIRED_ROW = "required-row" in "structure", page "required_row.md",
    "a row that every spec's table has is gone",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for (index, section) in schema.sections.iter().enumerate() {
            for wanted in section.tables.iter().filter(|t| !t.rows.is_empty()) {
                for answer in answers(cx, spec, index) {
                    let found = tables(cx.document, answer).into_iter().find(|t| is_same(cx, wanted, *t));
                    if let Some(table) = found {
                        judge(cx, wanted, table, out);
                    }
                }
            }
        }
    }
}

fn is_same(cx: &FileCx<'_>, wanted: &TableSpec, table: NodeId) -> bool {
    shared_columns(wanted, &columns(cx.document, table)) * 2 > wanted.columns.len()
}

fn judge(cx: &FileCx<'_>, wanted: &TableSpec, table: NodeId, out: &mut Sink) {
    let document = cx.document;
    let keys: Vec<String> = document
        .children(table)
        .skip(1)
        .filter_map(|row| document.children(row).next())
        .map(|cell| infer_words(&document.plain(cell)))
        .collect();
    for row in &wanted.rows {
        out.looked_at(1);
        if keys.iter().any(|key| answers_row(key, &row.normal)) {
            continue;
        }
        let header = document.row(document.children(table).next().unwrap_or(table)).line;
        let report = Report::new(header, format!("the table has no row \"{}\"", row.key))
            .hint("put it back; where it does not apply, say so in the row")
            .subject(format!("row {}", row.normal));
        out.push(report);
    }
}
