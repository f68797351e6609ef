//! The matrix for a terminal and as CSV.

use super::TraceReport;
use crate::palette::Palette;
use crate::plain::{cut, push_one_line, width};
use crate::schema_text::wrapped;
use crate::words::count;
use trueup_model::Verdict;
use trueup_trace::{ItemRole, Traced};

/// Width where none is known, and the smallest that is made use of.
const DEFAULT_WIDTH: usize = 120;
const SMALLEST_WIDTH: usize = 60;
/// Columns between two cells.
const GAP: usize = 2;

/// How the matrix is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceTextOptions {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal.
    pub width: Option<usize>,
}

/// The matrix for people.
pub fn trace_text(report: &TraceReport<'_>, options: TraceTextOptions) -> String {
    let columns = options.width.unwrap_or(DEFAULT_WIDTH).max(SMALLEST_WIDTH);
    let mut text = Text { out: String::new(), palette: Palette::new(options.color), columns };
    for items in report.by_spec() {
        text.spec(items);
    }
    text.orphans(report);
    for (ledger, problem) in &report.run.waiver_problems {
        let line = format!(
            "the waiver of {} in line {} of the ledger {ledger} does not count: {}",
            problem.of, problem.line, problem.why
        );
        text.line(0, &line);
    }
    for line in report.denominators() {
        text.line(0, &line);
    }
    text.out
}

struct Text {
    out: String,
    palette: Palette,
    columns: usize,
}

impl Text {
    fn line(&mut self, indent: usize, line: &str) {
        self.out.push_str(&" ".repeat(indent));
        push_one_line(&mut self.out, line);
        self.out.push('\n');
    }

    fn spec(&mut self, items: &[&Traced]) {
        let Some(first) = items.first() else { return };
        let proven = items.iter().filter(|i| i.verdict == Verdict::Proven).count();
        self.out.push_str(&self.palette.bold);
        push_one_line(&mut self.out, &format!("{}  {}", first.spec, first.path));
        self.out.push_str(self.palette.reset);
        self.line(0, &format!("  {proven} of {} proven", items.len()));
        let (cited, bare): (Vec<&Traced>, Vec<&Traced>) = items.iter().copied().partition(|i| i.item.written);
        let id_width = cited.iter().map(|i| width(&i.item.id)).max().unwrap_or(0);
        for traced in &cited {
            self.item(traced, id_width);
        }
        if !bare.is_empty() {
            let what = count(bare.len(), "item has", "items have");
            let them = if bare.len() == 1 { "it" } else { "them" };
            self.line(GAP, &format!("{what} no written ID, so no test can cite {them}: {}", roles(&bare)));
        }
        self.out.push('\n');
    }

    fn item(&mut self, traced: &Traced, id_width: usize) {
        let verdict = traced.verdict.name();
        let color = match traced.verdict {
            Verdict::Proven | Verdict::Waived => self.palette.added.clone(),
            Verdict::Contradicted => self.palette.error.clone(),
            Verdict::NotCheckable | Verdict::Vacuous => self.palette.info.clone(),
            Verdict::Stale | Verdict::Missing => self.palette.warning.clone(),
        };
        let lead = GAP + id_width + GAP + LONGEST_VERDICT + GAP;
        self.out.push_str(&" ".repeat(GAP));
        push_one_line(&mut self.out, &traced.item.id);
        self.out.push_str(&" ".repeat((id_width + GAP).saturating_sub(width(&traced.item.id))));
        self.out.extend([color.as_str(), verdict, self.palette.reset]);
        self.out.push_str(&" ".repeat((LONGEST_VERDICT + GAP).saturating_sub(verdict.len())));
        let rest = self.columns.saturating_sub(lead).max(20);
        self.line(0, &cut(&plain_line(&traced.item.text), rest));
        for line in wrapped(&plain_line(&traced.reason), rest, 0) {
            self.line(lead, &line);
        }
    }

    fn orphans(&mut self, report: &TraceReport<'_>) {
        let orphans = &report.run.trace.orphans;
        if orphans.is_empty() {
            return;
        }
        self.out.push_str(&self.palette.bold);
        self.out.push_str("Tests that cite what they cannot prove");
        self.out.extend([self.palette.reset, "\n"]);
        for orphan in orphans {
            self.line(GAP, &format!("{}:{}  {}: {}", orphan.path, orphan.line, orphan.citation, orphan.why));
        }
        self.out.push('\n');
    }
}

/// The columns that "not checkable" takes.
const LONGEST_VERDICT: usize = 13;

fn plain_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `3 acceptance bullets, 1 story`.
fn roles(items: &[&Traced]) -> String {
    let of = |role: ItemRole| {
        let number = items.iter().filter(|i| i.item.role == role).count();
        let (one, many) = match role {
            ItemRole::Acceptance => ("acceptance bullet", "acceptance bullets"),
            ItemRole::Scenario => ("scenario", "scenarios"),
            ItemRole::Story => ("story", "stories"),
            ItemRole::Smoke => ("smoke check", "smoke checks"),
            ItemRole::PlannedTest => ("planned test", "planned tests"),
        };
        (number > 0).then(|| count(number, one, many))
    };
    ItemRole::ALL.into_iter().filter_map(of).collect::<Vec<_>>().join(", ")
}

/// The matrix as CSV (RFC 4180): a line for each test of an item, and one for an item without any.
pub fn trace_csv(report: &TraceReport<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header =
        ["spec", "path", "line", "kind", "item", "text", "verdict", "reason", "test", "outcome", "place"];
    // Writing into memory does not fail.
    let _ = writer.write_record(header);
    for traced in &report.items {
        let line = traced.item.line.to_string();
        let own = [
            traced.spec.as_str(),
            &traced.path,
            &line,
            traced.item.role.name(),
            &traced.item.id,
            &traced.item.text,
            traced.verdict.name(),
            &traced.reason,
        ];
        if traced.proofs.is_empty() {
            let _ = writer.write_record(own.into_iter().chain(["", "", ""]));
        }
        for proof in &traced.proofs {
            let outcome = super::json::outcome_of(proof);
            let place = format!("{}:{}", proof.path, proof.line);
            let _ = writer.write_record(own.into_iter().chain([proof.test.as_str(), outcome, &place]));
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
