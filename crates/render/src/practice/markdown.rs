//! The report as Markdown, for an issue or a pull request.

use super::PracticeReport;
use super::page::{Group, Page};
use crate::plain;
use std::fmt::Write as _;

/// The report as Markdown.
pub fn practice_markdown(report: &PracticeReport<'_>) -> String {
    let page = Page::new(report);
    let mut out = format!("# Template and practice: {}\n\n", text(&page.title));
    for line in &page.lead {
        let _ = writeln!(out, "- {}", text(line));
    }
    out.push_str("\n## What could change in the template instead of the specs\n\n");
    if page.proposals.is_empty() {
        out.push_str("Nothing: what the specs hold is what the template asks.\n");
    }
    for (_, action, reason) in &page.proposals {
        let _ = writeln!(out, "- [ ] {}: {}", text(action), text(reason));
    }
    for group in &page.groups {
        table(group, &mut out);
    }
    out
}

fn table(group: &Group, out: &mut String) {
    let _ = write!(out, "\n## {}\n\n", group.title);
    if !group.note.is_empty() {
        let _ = write!(out, "{}\n\n", group.note);
    }
    let details = group.rows.iter().any(|row| !row.details.is_empty());
    let mut names: Vec<&str> = group.columns.clone();
    if details {
        names.push("details");
    }
    let _ = writeln!(out, "| {} |", names.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(names.len()));
    for row in &group.rows {
        let mut cells: Vec<String> =
            (0..group.columns.len()).map(|c| cell(row.cells.get(c).map_or("", String::as_str))).collect();
        cells[0] = format!("{}{}", "&emsp;".repeat(row.depth), cells[0]);
        if details {
            cells.push(cell(&row.details.join("; ")));
        }
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if group.more > 0 {
        let _ = write!(out, "\nAnd {} more.\n", group.more);
    }
}

/// A text without control characters, on one line; what would be HTML is not.
fn text(text: &str) -> String {
    let mut out = String::new();
    plain::push_one_line(&mut out, text);
    // Inside code nothing is escaped.
    let parts: Vec<String> = out
        .split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { part.replace('<', "\\<") } else { part.to_owned() })
        .collect();
    parts.join("`")
}

fn cell(cell: &str) -> String {
    text(cell).replace('|', "\\|")
}
