use crate::support::{answers, close, columns, shared_columns, tables};
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_markdown::NodeId;
use trueup_template::TableSpec;
use trueup_text::Edit;

declare_rule! {
    TABLE_COLUMNS = "table-columns" in "structure", page "table_columns.md",
    "a table lacks a column of the template's, or misspells it",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for (index, section) in schema.sections.iter().enumerate().filter(|(_, s)| !s.tables.is_empty()) {
            for answer in answers(cx, spec, index) {
                for table in tables(cx.document, answer) {
                    let names = columns(cx.document, table);
                    let best = section.tables.iter().max_by_key(|t| shared_columns(t, &names));
                    // Fewer than half of the columns: another table altogether.
                    if let Some(wanted) = best.filter(|t| shared_columns(t, &names) * 2 > t.columns.len()) {
                        out.looked_at(wanted.columns.len());
                        judge(cx, wanted, &names, table, out);
                    }
                }
            }
        }
    }
}

fn judge(cx: &FileCx<'_>, wanted: &TableSpec, names: &[(String, NodeId)], table: NodeId, out: &mut Sink) {
    let all: Vec<&str> = wanted.columns.iter().map(|c| c.name.as_str()).collect();
    for column in &wanted.columns {
        let free = |name: &str| !wanted.columns.iter().any(|c| c.normal == name);
        // "MUST rule" is the column "Rule".
        let holds = |name: &str| free(name) && format!(" {name} ").contains(&format!(" {} ", column.normal));
        if names.iter().any(|(name, _)| *name == column.normal || holds(name)) {
            continue;
        }
        let slip = names.iter().find(|(name, _)| free(name) && close(name, &column.normal));
        let hint = format!("the template's columns are {}", all.join(", "));
        let report = match slip {
            Some((_, cell)) => {
                let span = cx.document.content_span(*cell);
                let shown = cx.document.plain(*cell);
                let fix = Fix::risky(
                    format!("call it `{}`", column.name),
                    vec![Edit::replace(span, column.name.clone())],
                );
                Report::new(
                    span,
                    format!("the column `{}` is `{}` in the template", shown.trim(), column.name),
                )
                .fix(fix)
            }
            None => {
                let header = cx.document.row(cx.document.children(table).next().unwrap_or(table)).line;
                Report::new(header, format!("the table has no column `{}`", column.name))
            }
        };
        out.push(report.hint(hint).subject(format!("column {}", column.name)));
    }
}
