//! Ledgers for a terminal.

use super::VerifiedLedger;
use crate::palette::Palette;
use crate::plain::{cut, push_one_line, width};
use crate::words::count;
use trueup_engine::SpecLedger;
use trueup_evidence::{Entry, Statement, TestOutcome};

const DEFAULT_WIDTH: usize = 120;

/// How ledgers are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct EvidenceTextOptions {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal.
    pub width: Option<usize>,
}

/// Ledgers for people.
pub fn evidence_text(specs: &[SpecLedger], options: EvidenceTextOptions) -> String {
    let palette = Palette::new(options.color);
    let columns = options.width.unwrap_or(DEFAULT_WIDTH).max(60);
    let mut out = String::new();
    for (at, spec) in specs.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let path = spec.path.as_deref().unwrap_or("no spec has this ledger");
        out.push_str(&palette.bold);
        push_one_line(&mut out, &format!("{}  {path}", spec.name));
        out.extend([palette.reset, "\n"]);
        let rows: Vec<[String; 5]> = spec.ledger.entries.iter().map(row).collect();
        let widest =
            |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|cell| width(cell)).max().unwrap_or(0);
        let widths = [widest(0), widest(1), widest(2), widest(3).min(36)];
        for row in &rows {
            let mut line = String::from(" ");
            for (cell, width_of) in row.iter().zip(widths) {
                let cell = cut(cell, width_of);
                line.push(' ');
                line.push_str(&cell);
                line.push_str(&" ".repeat(width_of.saturating_sub(width(&cell)) + 1));
            }
            line.push(' ');
            line.push_str(row.last().map_or("", String::as_str));
            push_one_line(&mut out, &cut(&line, columns));
            out.push('\n');
        }
        let unreadable = spec.ledger.lines.len() - spec.ledger.entries.len();
        if unreadable > 0 || spec.ledger.torn.is_some() {
            let lines = unreadable + usize::from(spec.ledger.torn.is_some());
            let what = count(lines, "line cannot be read", "lines cannot be read");
            out.push_str(&format!("  {what}: `trueup evidence verify` says why\n"));
        }
    }
    out
}

fn row(entry: &Entry) -> [String; 5] {
    let time = entry.time.get(..16).unwrap_or(&entry.time).replace('T', " ");
    let signed = if entry.signed { " (signed)" } else { "" };
    [
        format!("{}", entry.line),
        time,
        entry.statement.name().to_owned(),
        format!("{}{signed}", entry.by.name),
        said(&entry.statement),
    ]
}

/// What a statement says, in one line.
pub(super) fn said(statement: &Statement) -> String {
    match statement {
        Statement::Approval => String::new(),
        Statement::Rejection { why } => why.clone(),
        Statement::Review { note } => note.clone(),
        Statement::Transition { action, from, to } => format!("{action}: {from} → {to}"),
        Statement::TestResult { tests, source } => {
            let number = |wanted: TestOutcome| tests.iter().filter(|(.., o)| *o == wanted).count();
            let mut parts = Vec::new();
            for outcome in [TestOutcome::Passed, TestOutcome::Failed, TestOutcome::Skipped] {
                if number(outcome) > 0 {
                    parts.push(format!("{} {}", number(outcome), outcome.name()));
                }
            }
            format!("{} ({source})", parts.join(", "))
        }
        Statement::Verified { verifier, holds, detail } => {
            format!("{verifier}: {}; {detail}", if *holds { "holds" } else { "does not hold" })
        }
        Statement::Waiver { of, owner, reason, expires } => {
            format!("{of} until {expires} by {owner}: {reason}")
        }
    }
}

/// What does not hold, for people: a line for each, as `file:line: what`.
pub fn evidence_problems_text(all: &[VerifiedLedger<'_>], color: bool) -> String {
    let palette = Palette::new(color);
    let mut out = String::new();
    let (mut lines, mut problems, mut signed) = (0, 0, 0);
    for one in all {
        lines += one.spec.ledger.lines.len();
        signed += one.spec.ledger.entries.iter().filter(|e| e.signed).count();
        problems += one.problems.len();
        for problem in &one.problems {
            out.push_str(&palette.bold);
            push_one_line(&mut out, &format!("{}:{}", problem.path, problem.line));
            out.push_str(palette.reset);
            out.push_str(": ");
            push_one_line(&mut out, &problem.what);
            out.push('\n');
        }
    }
    let found = match problems {
        0 => "all hold".to_owned(),
        _ => count(problems, "thing does not hold", "things do not hold"),
    };
    let ledgers = count(all.len(), "ledger", "ledgers");
    let lines = count(lines, "line", "lines");
    out.push_str(&format!("{ledgers} with {lines}, {signed} signed: {found}\n"));
    out
}
