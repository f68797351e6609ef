//! What is found, a line of text each: the same for what a mutation expects and for what trueup says.

use crate::example::Place;
use crate::routes::plain;
use std::collections::BTreeSet;
use trueup_engine::{DriftOptions, Workspace};
use trueup_testkit::Repository;
use trueup_text::LineIndex;

/// A promise of a spec that the code does not keep.
pub(crate) fn drift((path, line): &Place, kind: &str, difference: &str, subject: &str) -> String {
    format!("drift {path}:{line} {kind} {difference}: {subject}")
}

/// A finding of a rule.
pub(crate) fn check(rule: &str, (path, line): &Place) -> String {
    format!("check {path}:{line} {rule}")
}

/// Something of the code that no spec promises.
pub(crate) fn code(kind: &str, name: &str, (path, line): &Place) -> String {
    format!("code {path}:{line} {kind}: {name}")
}

/// A test that names something which is not there.
pub(crate) fn orphan((path, line): &Place, cited: &str) -> String {
    format!("trace {path}:{line} {cited}")
}

/// Kinds of which the code is asked the other way round.
const BOTH_WAYS: [&str; 6] = ["endpoints", "entities", "events", "env", "flags", "migrations"];

/// Everything that is found in a repository, sorted.
pub(crate) fn found(repository: &Repository) -> Vec<String> {
    let workspace = repository.open();
    let mut out = Vec::new();
    drifted(&workspace, &mut out);
    let report = workspace.check(&trueup_rules::all(), &repository.options());
    for finding in &report.findings {
        let text = report.texts.get(&finding.path).map_or("", |text| text);
        let line = LineIndex::new(text).line_col(text, finding.span.start).line as usize;
        out.push(check(finding.rule, &(finding.path.to_string(), line)));
    }
    let traced = workspace.trace(None).expect("there are no ledgers that could be broken");
    for one in &traced.trace.orphans {
        out.push(orphan(&(one.path.to_string(), one.line as usize), &one.citation));
    }
    out.sort();
    out
}

fn drifted(workspace: &Workspace, out: &mut Vec<String>) {
    let report = workspace.drift(&DriftOptions::default()).expect("no review is asked for");
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let mut near: Vec<(String, String)> = Vec::new();
    for spec in &report.specs {
        let lines = LineIndex::new(&spec.text);
        for row in &spec.rows {
            let kind = row.kind.name();
            // Neither what is promised elsewhere nor what keeps a promise is new.
            kept.insert(format!("{kind} {}", plain(&row.subject)));
            kept.extend(row.found.iter().map(|name| format!("{kind} {}", plain(name))));
            if !row.differs() {
                continue;
            }
            let line = lines.line_col(&spec.text, row.span.start).line as usize;
            out.push(drift(&(spec.path.to_string(), line), kind, row.difference.name(), &row.subject));
            // What comes closest to a promise is named with it and not once more.
            let column = kind == "entities" && row.subject.contains('.');
            let both = BOTH_WAYS.contains(&kind) && !column;
            if let (Some(name), Some(place), true) = (&row.candidate, &row.place, both) {
                let place = (place.path.to_string(), place.line as usize);
                near.push((format!("{kind} {}", plain(name)), code(kind, &plain(name), &place)));
            }
        }
    }
    near.retain(|(name, _)| !kept.contains(name));
    near.sort();
    near.dedup();
    out.extend(near.into_iter().map(|(_, told)| told));
    for one in report.unpromised.iter().flatten() {
        let place = (one.place.path.to_string(), one.place.line as usize);
        out.push(code(one.kind.name(), &plain(&one.name), &place));
    }
}
