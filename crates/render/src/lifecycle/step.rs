use super::{plain, wrapped};
use crate::palette::Palette;
use crate::words::count;
use trueup_engine::Workspace;
use trueup_lifecycle::{Gate, GateReport, Outcome, PlannedChange, Reason, Renamed};
use trueup_text::LineIndex;

/// How to write it.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepTextOptions {
    /// In colour.
    pub color: bool,
    /// Columns of the terminal; 100 where there is none.
    pub width: Option<usize>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// Every reason why a spec may not go on, numbered, each with its place and what to do.
pub fn gate_text(report: &GateReport, workspace: &Workspace, options: &StepTextOptions) -> String {
    let palette = Palette::new(options.color);
    let width = options.width.unwrap_or(100).clamp(40, 120);
    let step = match report.gate {
        Gate::Submit => "cannot be submitted for review",
        Gate::Accept => "cannot be accepted",
        Gate::Implement => "cannot be called implemented",
    };
    let mut out = String::new();
    let reasons = count(report.reasons.len(), "reason", "reasons");
    out.push_str(&format!(
        "{}{} {step} yet{}: {reasons}\n",
        palette.error,
        plain(&report.name),
        palette.reset
    ));
    let digits = report.reasons.len().to_string().len();
    for (number, reason) in report.reasons.iter().enumerate() {
        let lead = format!("{:>digits$}. ", number + 1);
        let indent = " ".repeat(lead.len() + 2);
        let rule = reason.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        let lines = wrapped(&format!("{}{rule}", reason.what), width - indent.len());
        out.push('\n');
        for (at, line) in lines.iter().enumerate() {
            let front = if at == 0 { format!("  {lead}") } else { indent.clone() };
            out.push_str(&format!("{front}{}{line}{}\n", palette.bold, palette.reset));
        }
        out.push_str(&format!(
            "{indent}{}--> {}{}\n",
            palette.frame,
            plain(&place(reason, workspace)),
            palette.reset
        ));
        for (at, line) in reason.hint.iter().flat_map(|h| wrapped(h, width - indent.len() - 6)).enumerate() {
            let front = if at == 0 { "help: " } else { "      " };
            out.push_str(&format!("{indent}{}{front}{}{line}\n", palette.hunk, palette.reset));
        }
    }
    out
}

fn place(reason: &Reason, workspace: &Workspace) -> String {
    let line = reason.line.or_else(|| {
        let span = reason.span?;
        let text = match workspace.corpus.head(&reason.path) {
            Some(head) => head.text.clone(),
            None => trueup_repo::read(&workspace.root, &reason.path, trueup_engine::MAX_FILE_SIZE).ok()?,
        };
        Some(LineIndex::new(&text).line(span.start))
    });
    match line {
        Some(line) => format!("{}:{line}", reason.path),
        None => reason.path.clone(),
    }
}

/// What a step did, or the changes that it would make.
pub fn outcome_text(outcome: &Outcome, options: &StepTextOptions) -> String {
    let palette = Palette::new(options.color);
    let mut out = String::new();
    if options.dry_run {
        out.push_str(&changes(&outcome.documents, options.color));
    }
    let would = if options.dry_run { " (nothing was written)" } else { "" };
    out.push_str(&format!(
        "{}{}{}: {} → {}{}{}{would}\n",
        palette.bold,
        plain(&outcome.name),
        palette.reset,
        outcome.from,
        palette.added,
        outcome.to,
        palette.reset
    ));
    out.push_str(&files(&outcome.documents));
    if !options.dry_run {
        out.push_str(&format!("  evidence {}\n", outcome.evidence.short()));
    }
    out.push_str(&committed(&outcome.commit));
    out
}

/// What a renaming did, or the changes that it would make.
pub fn renamed_text(renamed: &Renamed, options: &StepTextOptions) -> String {
    let palette = Palette::new(options.color);
    let mut out = String::new();
    if options.dry_run {
        out.push_str(&changes(&renamed.documents, options.color));
    }
    let would = if options.dry_run { " (nothing was written)" } else { "" };
    let what = match renamed.from == renamed.to {
        true => format!("{}{}{} has a new title", palette.bold, plain(&renamed.to), palette.reset),
        false => {
            format!("{} → {}{}{}", plain(&renamed.from), palette.bold, plain(&renamed.to), palette.reset)
        }
    };
    out.push_str(&format!("{what}{would}\n"));
    out.push_str(&files(&renamed.documents));
    out.push_str(&committed(&renamed.commit));
    out
}

fn changes(documents: &[PlannedChange], color: bool) -> String {
    let mut out = String::new();
    for document in documents {
        if let Some(old) = &document.old_path {
            out.push_str(&format!("rename from {}\nrename to {}\n", plain(old), plain(&document.path)));
        }
        out.push_str(&crate::diff(&document.path, &document.before, &document.after, color));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn files(documents: &[PlannedChange]) -> String {
    let mut out = String::new();
    for document in documents {
        match &document.old_path {
            Some(old) => out.push_str(&format!("  {} → {}\n", plain(old), plain(&document.path))),
            None => out.push_str(&format!("  {}\n", plain(&document.path))),
        }
    }
    out
}

fn committed(commit: &Option<String>) -> String {
    match commit {
        Some(commit) => format!("  committed as {}\n", commit.get(..10).unwrap_or(commit)),
        None => String::new(),
    }
}
