use crate::palette::Palette;
use crate::places::Places;
use crate::short;
use crate::snippet::Painter;
use crate::summary;
use trueup_engine::CheckReport;
use trueup_finding::{Level, Registry};

/// Width where none is known, and the largest and smallest that are made use of: a wider snippet
/// is hard to read, and in a narrower one nothing is left to see.
const DEFAULT_WIDTH: usize = 140;
const LARGEST_WIDTH: usize = 160;
const SMALLEST_WIDTH: usize = 40;

/// Bytes that a finding commonly takes, so that the text is not moved again and again as it grows.
const BYTES_OF_A_FINDING: usize = 512;

/// How a report is shown on a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HumanOptions {
    /// Whether to write escape sequences for colours.
    pub color: bool,
    /// Columns of the terminal; none where the output goes to a file.
    pub width: Option<usize>,
    /// Findings below this level are counted and not shown.
    pub min_level: Level,
    /// Whether the summary lists rules without findings, every folder, and the time of each stage.
    pub verbose_summary: bool,
}

impl Default for HumanOptions {
    fn default() -> HumanOptions {
        HumanOptions { color: false, width: None, min_level: Level::Warning, verbose_summary: false }
    }
}

/// A report for people: each finding with its line of source, then the summary.
///
/// With a registry, `trueup explain` is offered only for rules that have a page in it.
pub fn human(report: &CheckReport, registry: Option<&Registry>, options: &HumanOptions) -> String {
    let palette = Palette::new(options.color);
    let width = options.width.unwrap_or(DEFAULT_WIDTH).clamp(SMALLEST_WIDTH, LARGEST_WIDTH);
    let painter = Painter { palette: &palette, width };
    let mut places = Places::new(&report.texts);

    let shown = || report.findings.iter().filter(|finding| finding.level >= options.min_level);
    let mut out = String::with_capacity(shown().count() * BYTES_OF_A_FINDING);
    for finding in shown() {
        painter.finding(&mut out, finding, &mut places);
        out.push('\n');
    }
    if options.verbose_summary && !report.baselined.is_empty() {
        out.push_str("In the baseline:\n");
        for finding in &report.baselined {
            out.push_str("  ");
            short::push_finding(&mut out, finding, &mut places);
        }
        out.push('\n');
    }
    summary::push(&mut out, report, registry, options, &palette);
    out
}
