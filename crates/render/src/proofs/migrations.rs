//! A proof of migrations as text.

use super::columns::{Page, duration};
use super::{ProofTextOptions, ProvenChain};
use crate::words::count;
use trueup_prove::{
    Check, CheckKind, Detail, Drift, FileReport, Level, Outcome, Prerequisite, Problem, Verdict,
};
use trueup_sql::shown_name;

/// Problems of a check that are shown before the rest is only counted.
const SHOWN: usize = 3;
/// Differences between two schemas that are shown before the rest is only counted.
const SHOWN_DIFFERENCES: usize = 12;

/// Proofs of migrations for people.
pub fn migrations_text(chains: &[ProvenChain], options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    for (at, chain) in chains.iter().enumerate() {
        if at > 0 {
            page.line("");
        }
        chain_text(&mut page, chain, options);
    }
    page.out
}

fn chain_text(page: &mut Page, chain: &ProvenChain, options: ProofTextOptions) {
    let report = &chain.report;
    let mut head = format!("{}, PostgreSQL {}", chain.folder, report.server);
    head.push_str(&format!(
        ": {}, {}",
        count(report.files.len(), "file", "files"),
        count(report.statements, "statement", "statements")
    ));
    if report.kill_points > 0 {
        head.push_str(&format!(", {}", count(report.kill_points, "kill point", "kill points")));
    }
    page.heading(&head);
    prerequisites(page, &report.prerequisites);
    let quiet =
        |file: &FileReport| !options.all && file.verdict == Verdict::Proven && told(file, options).is_empty();
    for files in report.files.chunk_by(|one, other| quiet(one) && quiet(other)) {
        match files {
            [first, .., last] => run_of_proven(page, first, last, files),
            [one] => file(page, one, options),
            [] => {}
        }
    }
    for drift in &chain.drifts {
        drift_text(page, drift, options);
    }
    if let Some(stopped) = &report.stopped {
        let line = stopped.line.map(|line| format!(":{line}")).unwrap_or_default();
        page.line(&format!("stopped at {}{line}: {}", stopped.path, stopped.message));
    }
    page.line(&summary(chain));
}

fn summary(chain: &ProvenChain) -> String {
    let report = &chain.report;
    let with = |verdict| report.files.iter().filter(|file| file.verdict == verdict).count();
    let parts = [Verdict::Proven, Verdict::Contradicted, Verdict::NotCheckable]
        .map(|verdict| (with(verdict), verdict));
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, verdict)| format!("{number} {}", verdict.name()))
        .collect();
    format!(
        "{}: {}, in {}",
        count(report.files.len(), "file", "files"),
        told.join(", "),
        duration(report.millis)
    )
}

/// Several files in a row of which there is nothing to tell.
fn run_of_proven(page: &mut Page, first: &FileReport, last: &FileReport, files: &[FileReport]) {
    let name = |file: &FileReport| match file.version.is_empty() {
        true => file.slug.clone(),
        false => version(file),
    };
    let left = format!("{} … {}  {}", name(first), name(last), in_short(files));
    page.verdict_line(&left, Verdict::Proven.name());
}

/// The version as file names write it.
fn version(file: &FileReport) -> String {
    let base = shown_name(&file.path);
    let at = base.find(file.version.as_str()).map_or(0, |at| at + file.version.len());
    base.get(..at).filter(|front| !front.is_empty()).unwrap_or(&file.version).to_owned()
}

/// `rerun no-op · kill points 16/16 · at head no-op`.
fn in_short(files: &[FileReport]) -> String {
    let all = |kind| {
        files.iter().all(|file| file.check(kind).is_some_and(|check| check.outcome == Outcome::Proven))
    };
    let mut parts = Vec::new();
    for (kind, word) in [(CheckKind::Rerun, "rerun no-op"), (CheckKind::AtHead, "at head no-op")] {
        if all(kind) {
            parts.push(word.to_owned());
        }
    }
    let points: Vec<&trueup_prove::KillPoints> = files.iter().filter_map(kill_points).collect();
    if points.len() == files.len() && points.iter().all(|points| points.applies) {
        let (tried, failed) = points
            .iter()
            .fold((0, 0), |(tried, failed), points| (tried + points.tried, failed + points.failed.len()));
        parts.insert(parts.len().min(1), format!("kill points {}/{tried}", tried - failed));
    }
    if parts.is_empty() {
        parts.push(count(files.iter().map(|file| file.statements).sum(), "statement", "statements"));
    }
    parts.join(" · ")
}

fn kill_points(file: &FileReport) -> Option<&trueup_prove::KillPoints> {
    match &file.check(CheckKind::KillPoints)?.detail {
        Detail::KillPoints(points) => Some(points),
        _ => None,
    }
}

fn file(page: &mut Page, file: &FileReport, options: ProofTextOptions) {
    let checks = told(file, options);
    let left = match checks.is_empty() {
        true => format!("{}  {}", shown_name(&file.path), in_short(std::slice::from_ref(file))),
        false => {
            let statements = count(file.statements, "statement", "statements");
            format!("{}  {statements}  {}", shown_name(&file.path), duration(file.millis))
        }
    };
    page.verdict_line(&left, file.verdict.name());
    if let Some(reason) = file.reason.as_ref().filter(|_| file.verdict == Verdict::NotCheckable) {
        page.labelled("", reason);
    }
    for check in checks {
        check_text(page, check, options);
    }
}

/// The checks of a file that something is to be told of.
fn told(file: &FileReport, options: ProofTextOptions) -> Vec<&Check> {
    let wanted = |check: &&Check| match check.outcome {
        Outcome::Contradicted | Outcome::NotCheckable => true,
        // What nobody claims is worth a line only where something was found.
        Outcome::Information => options.all || !check.problems.is_empty(),
        // A statement that reached nothing.
        Outcome::Vacuous => options.all || (file.statements > 0 && check.kind == CheckKind::Rerun),
        Outcome::Proven | Outcome::NotApplicable => options.all,
    };
    file.checks.iter().filter(wanted).collect()
}

fn check_text(page: &mut Page, check: &Check, options: ProofTextOptions) {
    let label = check.kind.name();
    let shown = if options.all { usize::MAX } else { SHOWN };
    // One problem says all that its check says.
    if let [problem] = check.problems.as_slice() {
        page.labelled(label, &with_note(problem, check));
        witness(page, problem, options);
        return;
    }
    page.labelled(label, &check.note);
    for problem in check.problems.iter().take(shown) {
        page.labelled("", &problem_text(problem));
        witness(page, problem, options);
    }
    if check.problems.len() > shown {
        page.labelled("", &format!("and {} more (`--all`)", check.problems.len() - shown));
    }
}

fn with_note(problem: &Problem, check: &Check) -> String {
    let text = problem_text(problem);
    let places = match &check.detail {
        Detail::Rerun { places, .. } | Detail::AtHead { places, .. } if *places > 1 => {
            format!(" ({places} places)")
        }
        _ => String::new(),
    };
    match check.kind {
        // Their notes hold the statement, the error and how often it occurs.
        CheckKind::OldVersion | CheckKind::Locks => format!("{}{}", check.note, mend(problem)),
        CheckKind::KillPoints => format!("{}: {text}", check.note),
        _ => format!("{text}{places}"),
    }
}

fn mend(problem: &Problem) -> String {
    problem.mend.as_ref().map(|mend| format!("   mend: {mend}")).unwrap_or_default()
}

fn problem_text(problem: &Problem) -> String {
    let code = problem.sqlstate.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
    format!("line {}  {code}{}{}", problem.line, problem.message, mend(problem))
}

fn witness(page: &mut Page, problem: &Problem, options: ProofTextOptions) {
    let wanted = options.witnesses && (options.all || problem.level == Level::Contradiction);
    if let Some(witness) = problem.witness.as_ref().filter(|_| wanted) {
        page.block(witness);
    }
}

fn prerequisites(page: &mut Page, all: &[Prerequisite]) {
    let undeclared: Vec<&Prerequisite> = all.iter().filter(|needed| !needed.declared).collect();
    if undeclared.is_empty() {
        return;
    }
    page.line("needs what it does not create (declare it once: `prerequisites` in [[migrations]]):");
    for needed in undeclared {
        let stub = match (&needed.created_by, &needed.stub) {
            (Some(later), _) => format!("created only by {}", shown_name(later)),
            (None, Some(stub)) => stub.clone(),
            (None, None) => "no stand-in can be guessed".to_owned(),
        };
        let place = format!("{}:{}", shown_name(&needed.path), needed.line);
        page.line(&format!("  {} {}  {place}  {}  {stub}", needed.kind.name(), needed.name, needed.sqlstate));
    }
}

/// How schemas differ, for people.
pub fn drift_of_schemas_text(drifts: &[Drift], options: ProofTextOptions) -> String {
    let mut page = Page::new(options);
    for drift in drifts {
        drift_text(&mut page, drift, options);
    }
    page.out
}

fn drift_text(page: &mut Page, drift: &Drift, options: ProofTextOptions) {
    let verdict = drift.verdict();
    let said = match drift.changes.len() {
        0 => "the same".to_owned(),
        differences => count(differences, "difference", "differences"),
    };
    let said = drift.not_checkable.clone().unwrap_or(said);
    page.verdict_line(&format!("{} ↔ {}  {said}", drift.left, drift.right), verdict.name());
    let shown = if options.all { usize::MAX } else { SHOWN_DIFFERENCES };
    for change in drift.changes.iter().take(shown) {
        let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "not there".to_owned());
        let what = if change.field.is_empty() { String::new() } else { format!(", {}", change.field) };
        let only = match (&change.left, &change.right) {
            (Some(_), None) if change.field.is_empty() => format!("only in {}", drift.left),
            (None, Some(_)) if change.field.is_empty() => format!("only in {}", drift.right),
            (None, None) => "differs".to_owned(),
            _ => format!("{} ↔ {}", value(&change.left), value(&change.right)),
        };
        page.labelled("", &format!("{} {}{what}: {only}", change.kind, change.name));
    }
    if drift.changes.len() > shown {
        page.labelled("", &format!("and {} more (`--all`)", drift.changes.len() - shown));
    }
    for passed in &drift.passed_over {
        page.labelled("", &format!("passed over: {passed}"));
    }
}
