//! A check with the eyes of a gate: what `trueup check --gate NAME` shows.

use crate::action::Gate;
use crate::gate::{GateReport, Reason, gate_options, judge};
use trueup_engine::{CheckReport, FileRole, Workspace};
use trueup_evidence::Digest;
use trueup_finding::{Finding, Level, Registry};
use trueup_model::{State, folder_of, glance};
use trueup_text::Span;

/// The rule by which a gate reports what no rule finds.
const GATE_RULE: &str = "gate";

/// What a gate says of several specs.
#[derive(Debug)]
pub struct GateCheck {
    /// What the check found, with the gate's reasons among the findings.
    pub report: CheckReport,
    /// The gate's answer for each spec that was asked about.
    pub answers: Vec<GateReport>,
}

/// Asks a gate about all specs below some paths that could take its step, and about those that are named themselves.
pub fn gate_check(workspace: &Workspace, registry: &Registry, gate: Gate, paths: &[String]) -> GateCheck {
    let specs = asked(workspace, gate, paths);
    if specs.is_empty() {
        return GateCheck { report: CheckReport::default(), answers: Vec::new() };
    }
    let mut report = workspace.check(registry, &gate_options(gate, specs.clone()));
    let answers: Vec<GateReport> =
        specs.iter().filter_map(|path| judge(workspace, path, gate, false, &report.findings)).collect();
    for answer in &answers {
        let settled =
            |f: &Finding| answer.mended.contains(&f.fingerprint) || answer.waived.contains(&f.fingerprint);
        report.findings.retain(|f| !settled(f) || !beside(&f.path, &answer.path));
        for reason in &answer.reasons {
            take_up(reason, answer, &mut report);
        }
        for note in &answer.notes {
            report.findings.push(own_finding(answer, Level::Info, &answer.path, Span::default(), note));
        }
    }
    report.findings.sort_by(|a, b| (&a.path, a.span, a.rule).cmp(&(&b.path, b.span, b.rule)));
    recount(&mut report);
    for path in report.findings.iter().map(|f| f.path.clone()).collect::<Vec<_>>() {
        if let Some(head) = workspace.corpus.head(&path) {
            report.texts.entry(path).or_insert_with(|| head.text.clone());
        }
    }
    GateCheck { report, answers }
}

/// Whether a finding's file is a spec's own, or lies in its folder as the YAML file beside it does.
fn beside(path: &str, spec: &str) -> bool {
    path == spec || !path.ends_with(".md") && folder_of(path) == folder_of(spec)
}

/// The specs that are asked about, from the root.
fn asked(workspace: &Workspace, gate: Gate, paths: &[String]) -> Vec<String> {
    let below = |path: &str, folder: &str| {
        let folder = folder.trim_end_matches('/');
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let mut out = Vec::new();
    for head in workspace.corpus.heads() {
        let FileRole::Spec(set) = workspace.role(&head.path) else { continue };
        let named = paths.iter().any(|p| **p == *head.path);
        if !(named || paths.is_empty() || paths.iter().any(|p| below(&head.path, p))) {
            continue;
        }
        if named || workspace.sets.get(set).is_some_and(|_| may_start(workspace, set, &head.path, gate)) {
            out.push(head.path.to_string());
        }
    }
    out
}

fn may_start(workspace: &Workspace, set: usize, path: &str, gate: Gate) -> bool {
    let (Some(of), Some(head)) = (workspace.sets.get(set), workspace.corpus.head(path)) else { return false };
    let sidecar = workspace.sidecar(set, path);
    let state: State = glance(path, &head.text, &of.schema, &of.settings, sidecar.as_ref()).state.state;
    gate.action().from().contains(&state)
}

/// A reason that a rule found is an error here; any other is a finding of the gate.
fn take_up(reason: &Reason, answer: &GateReport, report: &mut CheckReport) {
    let span = reason.span.unwrap_or_default();
    if let Some(rule) = reason.rule {
        let same = |f: &&mut Finding| f.rule == rule && *f.path == *reason.path && f.span == span;
        report.findings.iter_mut().filter(same).for_each(|f| f.level = Level::Error);
        return;
    }
    let line = reason.line.map(|line| format!("{}:{line}: ", reason.path)).unwrap_or_default();
    // A ledger is no document: its reasons stand at the spec.
    let (path, span) = match reason.line {
        Some(_) => (answer.path.as_str(), Span::default()),
        None => (reason.path.as_str(), span),
    };
    let finding = own_finding(answer, Level::Error, path, span, &reason.what);
    let message = format!("{line}{}", reason.what);
    report.findings.push(Finding { message, hint: reason.hint.clone(), ..finding });
}

/// A finding of the gate itself.
fn own_finding(answer: &GateReport, level: Level, path: &str, span: Span, what: &str) -> Finding {
    let key = format!("{GATE_RULE}\0{}\0{}\0{what}", answer.gate.name(), answer.name);
    Finding {
        rule: GATE_RULE,
        level,
        path: path.into(),
        span,
        message: what.to_owned(),
        hint: None,
        related: Vec::new(),
        fixes: Vec::new(),
        fingerprint: Digest::of(key.as_bytes()).0.chars().take(16).collect(),
    }
}

fn recount(report: &mut CheckReport) {
    let findings = &report.findings;
    for count in &mut report.summary.rules {
        let of = |level: Level| findings.iter().filter(|f| f.rule == count.rule && f.level == level).count();
        (count.errors, count.warnings, count.infos) = (of(Level::Error), of(Level::Warning), of(Level::Info));
    }
}
