//! What stands below the findings: how many there are, over what, and what can be done next.

use crate::human::HumanOptions;
use crate::palette::Palette;
use crate::plain;
use crate::words::{count, list};
use std::collections::BTreeMap;
use std::fmt::Write;
use trueup_engine::{CheckReport, RuleCount, SetSummary, Summary};
use trueup_finding::{Finding, Level, Registry, Safety};

/// Folders of a set that are named before the rest is counted.
const FOLDERS_SHOWN: usize = 4;

/// Appends the summary.
pub(crate) fn push(
    out: &mut String,
    report: &CheckReport,
    registry: Option<&Registry>,
    options: &HumanOptions,
    palette: &Palette,
) {
    let summary = &report.summary;
    out.extend([&palette.bold, &found(report), palette.reset, "\n"]);
    out.extend(["Looked at ", &looked_at(summary), "\n"]);
    for line in left_out(summary) {
        plain::push_one_line(out, &line);
        out.push('\n');
    }
    for set in &summary.sets {
        out.push_str("  ");
        plain::push_one_line(out, &set_line(set, options.verbose_summary));
        out.push('\n');
    }
    for assumed in &summary.assumed {
        out.push_str("Assumed: ");
        plain::push_one_line(out, assumed);
        out.push('\n');
    }
    if options.verbose_summary && !summary.stages.is_empty() {
        out.extend(["Time: ", &times(&summary.stages), "\n"]);
    }
    push_table(out, &summary.rules, options.verbose_summary);
    push_next_steps(out, report, registry, options.min_level);
}

/// What was found and is not in the list, a line each.
pub(crate) fn left_out(summary: &Summary) -> Vec<String> {
    let findings = |number| count(number, "finding", "findings");
    let mut lines = Vec::new();
    if let Some(known) = &summary.known {
        let commit = known.commit.get(..10).unwrap_or(&known.commit);
        let (number, revision) = (findings(known.findings), &known.revision);
        lines.push(format!("Left out {number} that {commit} has already, where this began from {revision}"));
    }
    if summary.baselined > 0 {
        let number = findings(summary.baselined);
        lines.push(format!("Left out {number} of the baseline; `--no-baseline` shows all"));
    }
    lines
}

/// How much was found, in how many specs.
pub(crate) fn found(report: &CheckReport) -> String {
    let specs = count(report.summary.specs, "spec", "specs");
    if report.findings.is_empty() {
        return format!("Found nothing in {specs}");
    }
    let levels = [
        count(report.count(Level::Error), "error", "errors"),
        count(report.count(Level::Warning), "warning", "warnings"),
        count(report.count(Level::Info), "info", "infos"),
    ];
    format!("Found {} in {specs}", levels.join(", "))
}

/// The denominators.
pub(crate) fn looked_at(summary: &Summary) -> String {
    let mut specs = count(summary.specs, "spec", "specs");
    if summary.spec_documents > summary.specs {
        specs.push_str(&format!(" with {} in them", count(summary.spec_documents, "document", "documents")));
    }
    format!(
        "{}: {specs}, {}, {}, {} not readable; {} suppressed",
        count(summary.files_seen, "Markdown file", "Markdown files"),
        count(summary.companions, "companion", "companions"),
        count(summary.tombstones, "tombstone", "tombstones"),
        summary.not_readable,
        count(summary.suppressed, "finding", "findings"),
    )
}

fn set_line(set: &SetSummary, verbose: bool) -> String {
    let shown = if verbose { usize::MAX } else { FOLDERS_SHOWN };
    let template = match &set.template {
        Some(template) => format!("held to {template}"),
        None => "without a template".to_owned(),
    };
    format!(
        "{} in {}, {template} ({})",
        count(set.specs, "spec", "specs"),
        list(&set.folders, shown, "folder", "folders"),
        if set.discovered { "discovered" } else { "configured" }
    )
}

fn times(stages: &[(&'static str, u128)]) -> String {
    let parts = stages.iter().map(|(stage, microseconds)| {
        format!("{stage} {}.{} ms", microseconds / 1000, microseconds % 1000 / 100)
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// A line for each rule that found something, the worst first; verbose, for each rule that ran.
fn push_table(out: &mut String, rules: &[RuleCount], verbose: bool) {
    let mut rows: Vec<&RuleCount> =
        rules.iter().filter(|rule| verbose || rule.errors + rule.warnings + rule.infos > 0).collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_by(|a, b| {
        let key = |rule: &RuleCount| (rule.errors, rule.warnings, rule.infos);
        key(b).cmp(&key(a)).then(a.rule.cmp(b.rule))
    });
    let name = rows.iter().map(|rule| rule.rule.len()).max().unwrap_or_default().max("rule".len());
    // Writing into a string cannot fail.
    let _ = writeln!(out, "\n{:name$}  errors  warnings  infos  places looked at", "rule");
    for rule in rows {
        let RuleCount { rule, places, errors, warnings, infos } = rule;
        let _ = writeln!(out, "{rule:name$}  {errors:>6}  {warnings:>8}  {infos:>5}  {places:>16}");
    }
}

/// What is hidden, what can be fixed, and where to read on.
fn push_next_steps(out: &mut String, report: &CheckReport, registry: Option<&Registry>, min_level: Level) {
    let mut lines = Vec::new();
    lines.extend(hidden_line(report, min_level));
    lines.extend(fixable_line(&Fixable::of(&report.findings)));
    if let Some((rule, findings)) = most_frequent(&report.findings, registry, min_level) {
        let findings = count(findings, "finding", "findings");
        lines.push(format!("`trueup explain {rule}` says more about the rule found most ({findings})"));
    }
    if !lines.is_empty() {
        out.push('\n');
    }
    for line in lines {
        out.extend([&line, "\n"]);
    }
}

/// How many findings are below the level that is shown, and the flag that shows them.
fn hidden_line(report: &CheckReport, min_level: Level) -> Option<String> {
    let levels = [
        (Level::Error, "error", "errors"),
        (Level::Warning, "warning", "warnings"),
        (Level::Info, "info", "infos"),
    ];
    let hidden: Vec<(Level, String, usize)> = levels
        .into_iter()
        .filter(|(level, ..)| *level < min_level)
        .map(|(level, one, many)| (level, count(report.count(level), one, many), report.count(level)))
        .filter(|(.., findings)| *findings > 0)
        .collect();
    // The levels run downwards: the flag for the last of them shows all.
    let (lowest, ..) = hidden.last()?;
    let names: Vec<&str> = hidden.iter().map(|(_, name, _)| name.as_str()).collect();
    let total: usize = hidden.iter().map(|(.., findings)| findings).sum();
    let (verb, them) = if total == 1 { ("is", "it") } else { ("are", "them") };
    Some(format!("{} {verb} not shown: `--level {lowest}` shows {them}", names.join(" and ")))
}

/// How many findings have a fix.
pub(crate) struct Fixable {
    /// With a fix that `--fix` applies.
    pub(crate) safe: usize,
    /// Only with a fix that needs `--fix --unsafe`.
    pub(crate) risky: usize,
}

impl Fixable {
    pub(crate) fn of(findings: &[Finding]) -> Fixable {
        let is_safe = |finding: &&Finding| finding.fixes.iter().any(|fix| fix.safety == Safety::Safe);
        let safe = findings.iter().filter(is_safe).count();
        let any = findings.iter().filter(|finding| !finding.fixes.is_empty()).count();
        Fixable { safe, risky: any - safe }
    }
}

fn fixable_line(fixable: &Fixable) -> Option<String> {
    let findings = |number| count(number, "finding", "findings");
    match *fixable {
        Fixable { safe: 0, risky: 0 } => None,
        Fixable { safe, risky: 0 } => Some(format!("`trueup check --fix` mends {}", findings(safe))),
        Fixable { safe: 0, risky } => {
            Some(format!("`trueup check --fix --unsafe` mends {}", findings(risky)))
        }
        Fixable { safe, risky } => {
            Some(format!("`trueup check --fix` mends {}, `--fix --unsafe` {risky} more", findings(safe)))
        }
    }
}

/// The rule with the most shown findings, among those that have a page; the first by name of equals.
fn most_frequent(
    findings: &[Finding],
    registry: Option<&Registry>,
    min_level: Level,
) -> Option<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.level >= min_level) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(rule, _)| registry.is_none_or(|registry| registry.get(rule).is_some()))
        // Of equals `max_by_key` takes the last, so the names run backwards.
        .rev()
        .max_by_key(|(_, findings)| *findings)
}
