//! Writing a report in the format that was asked for.

use super::{Check, Format};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::When;
use trueup_engine::CheckReport;
use trueup_finding::Level;
use trueup_render::HumanOptions;

/// Writes a report to standard output or into a file.
pub(super) fn write(args: &Check, report: &CheckReport, context: &Context) -> Result<(), Failure> {
    let text = rendered(args, report, context);
    match &args.output {
        None => context.terminal.print(&text),
        Some(path) => {
            trueup_repo::write_atomically(path, text.as_bytes())?;
            context.terminal.note(&format!("wrote the findings to {}", path.display()));
            Ok(())
        }
    }
}

fn rendered(args: &Check, report: &CheckReport, context: &Context) -> String {
    let to_file = args.output.is_some();
    match args.format {
        Format::Human => {
            let options = HumanOptions {
                color: if to_file { context.terminal.when == When::Always } else { context.terminal.color },
                width: context.terminal.width().filter(|_| !to_file),
                min_level: args.level.map_or(Level::Warning, super::Least::level),
                verbose_summary: args.verbose,
            };
            trueup_render::human(report, Some(&context.registry), &options)
        }
        Format::Short => short(report, args.level.map_or(Level::Info, super::Least::level)),
        Format::Json => trueup_render::json(report),
        Format::Sarif => trueup_render::sarif(report, &context.registry, env!("CARGO_PKG_VERSION")),
    }
}

/// The short form of the findings from a level on. Its last line is the summary, which counts all.
fn short(report: &CheckReport, least: Level) -> String {
    let all = trueup_render::short(report);
    if report.findings.iter().all(|finding| finding.level >= least) {
        return all;
    }
    let mut shown = report.clone();
    shown.findings.retain(|finding| finding.level >= least);
    let lines = trueup_render::short(&shown);
    let without_summary = lines.lines().take(shown.findings.len());
    let summary = all.lines().last();
    without_summary.chain(summary).flat_map(|line| [line, "\n"]).collect()
}
