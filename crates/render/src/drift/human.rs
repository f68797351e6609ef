//! Drift for a terminal.

use super::{DriftTextOptions, line_of, modules, not_shown, place, totals, unread};
use crate::palette::Palette;
use crate::plain::push_one_line;
use crate::words::count;
use trueup_codebase::CodeKind;
use trueup_drift::{Drifted, KindCount};
use trueup_engine::{DriftReport, SpecDrift};
use trueup_model::Verdict;
use trueup_text::LineIndex;

/// Drift as text: a short table for each spec, then what all of them come to.
pub fn drift_text(report: &DriftReport, options: &DriftTextOptions) -> String {
    let mut text = Text { out: String::new(), palette: Palette::new(options.color) };
    if !options.only_unpromised {
        for spec in report.specs.iter().filter(|spec| options.shows_spec(spec)) {
            text.spec(spec, options);
        }
    }
    match &report.unpromised {
        Some(list) if options.unpromised => {
            for (module, found) in modules(list) {
                text.module(module, found);
            }
        }
        _ => {}
    }
    text.summary(report, options);
    text.out
}

struct Text {
    out: String,
    palette: Palette,
}

impl Text {
    fn line(&mut self, text: &str) {
        push_one_line(&mut self.out, text);
        self.out.push('\n');
    }

    fn bold(&mut self, text: &str) {
        self.out.push_str(&self.palette.bold);
        push_one_line(&mut self.out, text);
        self.out.push_str(self.palette.reset);
    }

    fn spec(&mut self, spec: &SpecDrift, options: &DriftTextOptions) {
        let rows: Vec<&Drifted> = spec.rows.iter().filter(|row| options.shows_row(row)).collect();
        if rows.is_empty() && !(options.named || options.all && !spec.seen.is_empty()) {
            return;
        }
        self.bold(&spec.path);
        self.line(&format!("  {} ({})", spec.title, spec.state));
        let lines = LineIndex::new(&spec.text);
        for row in &rows {
            self.row(row, &lines);
        }
        if rows.is_empty() {
            self.line("  nothing differs");
        }
        self.seen(spec, options, &lines);
        self.out.push('\n');
    }

    fn seen(&mut self, spec: &SpecDrift, options: &DriftTextOptions, lines: &LineIndex) {
        let Some(commit) = &spec.reviewed_at else { return };
        let short = commit.get(..12).unwrap_or(commit);
        self.line(&format!(
            "  reviewed at {short}: {} as they were then",
            count(spec.seen.len(), "difference is", "differences are")
        ));
        if options.all {
            for row in &spec.seen {
                self.row(row, lines);
            }
        }
    }

    fn row(&mut self, row: &Drifted, lines: &LineIndex) {
        let color = match row.verdict {
            Verdict::Contradicted => &self.palette.error,
            Verdict::Missing | Verdict::Stale => &self.palette.warning,
            Verdict::Proven => &self.palette.added,
            Verdict::NotCheckable | Verdict::Waived | Verdict::Vacuous => &self.palette.info,
        };
        let verdict = format!("{:<13}", row.verdict.name());
        self.out.push_str(&format!("  {:<10}  {color}{verdict}{}  ", row.kind.name(), self.palette.reset));
        self.line(&row.subject);
        let mut detail = format!("line {}: {}", line_of(lines, row), row.reason);
        match (&row.candidate, &row.place) {
            (Some(candidate), _) if !row.reason.contains(candidate.as_str()) => {
                detail.push_str(&format!("; the nearest is `{candidate}`"));
            }
            _ => {}
        }
        if let Some(found) = &row.place {
            detail.push_str(&format!(" ({})", place(found)));
        }
        self.line(&format!("              {detail}"));
    }

    fn module(&mut self, module: &str, found: &[trueup_drift::Unpromised]) {
        let shown = if module.is_empty() { "the root" } else { module };
        self.bold(&format!("{shown}: {} in no spec", count(found.len(), "thing is", "things are")));
        match found.iter().find_map(|one| one.spec.as_deref()) {
            Some(spec) => self.line(&format!("  (the closest is {spec})")),
            None => self.line(""),
        }
        for one in found {
            self.line(&format!("  {:<10}  {} ({})", one.kind.name(), one.name, place(&one.place)));
        }
        self.out.push('\n');
    }

    fn summary(&mut self, report: &DriftReport, options: &DriftTextOptions) {
        let totals = totals(report, options);
        if !options.only_unpromised {
            self.table(&totals);
            for (kind, why) in unread(report, &totals) {
                self.line(&format!("{kind} cannot be checked: {why}"));
            }
            if let Some(note) = not_shown(report, options) {
                self.line(&note);
            }
        }
        if let Some(list) = &report.unpromised {
            let of = |kind: CodeKind| list.iter().filter(|u| u.kind == kind).count();
            let parts: Vec<String> = CodeKind::ALL
                .iter()
                .filter(|kind| of(**kind) > 0)
                .map(|kind| format!("{} of {kind}", of(*kind)))
                .collect();
            match parts.is_empty() {
                true => self.line("everything that was read from the code stands in a spec"),
                false => {
                    let how = if options.unpromised { "" } else { "; `--unpromised` lists it" };
                    self.line(&format!("in the code and in no spec: {}{how}", parts.join(", ")));
                }
            }
        }
        let unreadable = report.unreadable.len();
        if unreadable > 0 {
            let files = count(unreadable, "file of code", "files of code");
            self.line(&format!("{files} could not be read; `--format json` names them"));
        }
    }

    fn table(&mut self, totals: &[KindCount]) {
        if totals.is_empty() {
            return;
        }
        let head = ["", "promised", "proven", "contradicted", "missing", "stale", "not checkable"];
        let stale = totals.iter().any(|count| count.stale > 0);
        let shown = |at: usize| at != 5 || stale;
        let mut line = format!("{:<10}", head.first().unwrap_or(&""));
        for (_, title) in head.iter().enumerate().skip(1).filter(|(at, _)| shown(*at)) {
            line.push_str(&format!("  {title}"));
        }
        self.out.push_str(&self.palette.frame);
        push_one_line(&mut self.out, &line);
        self.out.extend([self.palette.reset, "\n"]);
        for one in totals {
            let numbers =
                [0, one.promised, one.proven, one.contradicted, one.missing, one.stale, one.not_checkable];
            let mut line = format!("{:<10}", one.kind.name());
            let cells = numbers.iter().zip(head).enumerate().skip(1).filter(|(at, _)| shown(*at));
            for (_, (number, title)) in cells {
                line.push_str(&format!("  {number:>width$}", width = title.len()));
            }
            self.line(&line);
        }
    }
}
