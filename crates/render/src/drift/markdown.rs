//! Drift as Markdown, for a comment on a change or a page.

use super::{DriftTextOptions, line_of, modules, not_shown, place, totals, unread};
use trueup_drift::Drifted;
use trueup_engine::DriftReport;
use trueup_text::LineIndex;

/// Drift as Markdown tables.
pub fn drift_markdown(report: &DriftReport, options: &DriftTextOptions) -> String {
    let mut out = String::from("# Drift\n");
    if !options.only_unpromised {
        summary(report, options, &mut out);
        for spec in report.specs.iter().filter(|spec| options.shows_spec(spec)) {
            let mut rows: Vec<&Drifted> = spec.rows.iter().filter(|row| options.shows_row(row)).collect();
            if options.all {
                rows.extend(&spec.seen);
            }
            if rows.is_empty() {
                continue;
            }
            let title = escaped(&spec.title);
            out.push_str(&format!("\n## {title}\n\n`{}`, {}\n\n", spec.path, spec.state));
            out.push_str("| Line | Kind | Promise | Verdict | Why | In the code |\n");
            out.push_str("|-----:|------|---------|---------|-----|-------------|\n");
            let lines = LineIndex::new(&spec.text);
            rows.iter().for_each(|one| row(one, &lines, &mut out));
        }
    }
    if let Some(list) = report.unpromised.as_ref().filter(|_| options.unpromised) {
        out.push_str("\n## In the code and in no spec\n");
        for (module, found) in modules(list) {
            let shown = if module.is_empty() { "The root" } else { module };
            out.push_str(&format!("\n### {}\n\n| Kind | Name | Where | Closest spec |\n|------|------|-------|--------------|\n", escaped(shown)));
            for one in found {
                let spec = one.spec.as_deref().unwrap_or("–");
                out.push_str(&format!(
                    "| {} | {} | {} | {} |\n",
                    one.kind,
                    code(&one.name),
                    code(&place(&one.place)),
                    escaped(spec)
                ));
            }
        }
    }
    out
}

fn summary(report: &DriftReport, options: &DriftTextOptions, out: &mut String) {
    let totals = totals(report, options);
    out.push_str("\n| Kind | Promised | Proven | Contradicted | Missing | Stale | Not checkable |\n");
    out.push_str("|------|---------:|-------:|-------------:|--------:|------:|--------------:|\n");
    for one in &totals {
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            one.kind, one.promised, one.proven, one.contradicted, one.missing, one.stale, one.not_checkable
        ));
    }
    for (kind, why) in unread(report, &totals) {
        out.push_str(&format!("\n{kind} cannot be checked: {}.\n", escaped(why)));
    }
    if let Some(note) = not_shown(report, options) {
        out.push_str(&format!("\n{}.\n", escaped(&note)));
    }
}

fn row(row: &Drifted, lines: &LineIndex, out: &mut String) {
    let code_place = match (&row.candidate, &row.place) {
        (Some(candidate), Some(found)) if *candidate != place(found) => {
            format!("{} in {}", code(candidate), code(&place(found)))
        }
        (_, Some(found)) => code(&place(found)),
        (Some(candidate), None) => code(candidate),
        (None, None) => "–".to_owned(),
    };
    out.push_str(&format!(
        "| {} | {} | {} | {} | {} | {code_place} |\n",
        line_of(lines, row),
        row.kind,
        code(&row.subject),
        row.verdict,
        escaped(&row.reason),
    ));
}

/// A text inside a cell: nothing in it ends the cell or begins a tag.
fn escaped(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
}

/// A text as code inside a cell.
fn code(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    // A tick inside code needs longer ticks around it.
    match one_line.contains('`') {
        true => format!("`` {one_line} ``"),
        false => format!("`{one_line}`"),
    }
}
