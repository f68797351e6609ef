//! What has to hold before a spec may go on. The commands and `check --gate` ask the same function.

use crate::action::Gate;
use crate::approvals::approval_reasons;
use crate::header::status_span;
use crate::history::open_entry;
use crate::proof::proof_reasons;
use crate::sections::section_reasons;
use trueup_engine::{CheckOptions, ReadFile, Workspace};
use trueup_evidence::{Checks, Ledger, anchors_in, verify, waivers};
use trueup_finding::{Finding, Level, Registry};
use trueup_model::{Spec, State};
use trueup_text::Span;

/// What a reason is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReasonKind {
    /// The spec is in a state from which this is no step.
    State,
    /// A rule found something that is an error in the next state.
    Finding,
    /// Acceptance bullets.
    Acceptance,
    /// Risks.
    Risk,
    /// Migrations.
    Migrations,
    /// Observability.
    Observability,
    /// Open questions.
    Questions,
    /// Approvals.
    Approvals,
    /// Proof of the acceptance bullets.
    Proof,
    /// The ledger itself.
    Ledger,
    /// Other branches.
    Branches,
}

impl ReasonKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ReasonKind::State => "state",
            ReasonKind::Finding => "finding",
            ReasonKind::Acceptance => "acceptance",
            ReasonKind::Risk => "risk",
            ReasonKind::Migrations => "migrations",
            ReasonKind::Observability => "observability",
            ReasonKind::Questions => "questions",
            ReasonKind::Approvals => "approvals",
            ReasonKind::Proof => "proof",
            ReasonKind::Ledger => "ledger",
            ReasonKind::Branches => "branches",
        }
    }
}

/// Why a spec may not go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// What it is about.
    pub kind: ReasonKind,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
    /// The file, from the root.
    pub path: String,
    /// Where in it; none where the file as a whole is meant.
    pub span: Option<Span>,
    /// The line in a file that is no document, from 1.
    pub line: Option<u32>,
    /// The rule that found it, where one did.
    pub rule: Option<&'static str>,
}

impl Reason {
    /// A reason about a file as a whole.
    pub fn new(kind: ReasonKind, path: &str, what: impl Into<String>) -> Reason {
        let what = what.into();
        Reason { kind, what, hint: None, path: path.to_owned(), span: None, line: None, rule: None }
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Reason {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the place.
    pub fn at(mut self, span: Span) -> Reason {
        self.span = Some(span);
        self
    }
}

/// The answer of a gate: the spec may go on where there is no reason why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateReport {
    /// The gate.
    pub gate: Gate,
    /// The spec, from the root.
    pub path: String,
    /// What the spec is called.
    pub name: String,
    /// Every reason why not, by kind and place.
    pub reasons: Vec<Reason>,
    /// Findings of the check that this step mends itself.
    pub mended: Vec<String>,
}

/// What a gate looks at.
pub struct GateCx<'a> {
    /// The repository.
    pub workspace: &'a Workspace,
    /// The gate.
    pub gate: Gate,
    /// Whether an accepted spec is to be agreed on anew.
    pub again: bool,
    /// The file.
    pub file: &'a ReadFile,
    /// The spec in it.
    pub spec: &'a Spec,
    /// What its ledger is called.
    pub name: &'a str,
    /// Its ledger.
    pub ledger: &'a Ledger,
    /// What a check found in it at the levels of the next state.
    pub findings: &'a [Finding],
}

/// What a check needs to know so that its findings can be given to [`judge`]: the levels of the next state.
pub fn gate_options(gate: Gate, paths: Vec<String>) -> CheckOptions {
    CheckOptions { paths, as_state: Some(gate.state()), ..CheckOptions::default() }
}

/// Asks a gate about a spec.
pub fn gate(
    workspace: &Workspace,
    registry: &Registry,
    path: &str,
    gate: Gate,
    again: bool,
) -> Option<GateReport> {
    let report = workspace.check(registry, &gate_options(gate, vec![path.to_owned()]));
    judge(workspace, path, gate, again, &report.findings)
}

/// The same with the findings of a check that ran already with [`gate_options`]; those of other files do no harm.
pub fn judge(
    workspace: &Workspace,
    path: &str,
    gate: Gate,
    again: bool,
    findings: &[Finding],
) -> Option<GateReport> {
    let file = workspace.read_file(path)?;
    let spec = file.specs.first()?;
    let name = workspace.ledger_name(path, spec);
    let read = Ledger::read(&workspace.root, &name);
    let ledger = match &read {
        Ok(ledger) => ledger.clone(),
        Err(_) => Ledger::default(),
    };
    let cx = GateCx { workspace, gate, again, file: &file, spec, name: &name, ledger: &ledger, findings };
    let mut reasons = Vec::new();
    if let Err(error) = read {
        reasons.push(Reason::new(ReasonKind::Ledger, path, format!("the evidence cannot be read: {error}")));
    }
    reasons.extend(state_reason(&cx));
    let mended = finding_reasons(&cx, &mut reasons);
    section_reasons(&cx, &mut reasons);
    if gate != Gate::Submit {
        ledger_reasons(&cx, &mut reasons);
    }
    match gate {
        Gate::Submit => {}
        Gate::Accept => approval_reasons(&cx, &mut reasons),
        Gate::Implement => proof_reasons(&cx, &mut reasons),
    }
    reasons.sort_by_key(|r| (r.kind, r.span.map_or(0, |s| s.start), r.line));
    reasons.dedup();
    Some(GateReport { gate, path: path.to_owned(), name, reasons, mended })
}

fn state_reason(cx: &GateCx<'_>) -> Option<Reason> {
    let state = cx.spec.state.state;
    let action = cx.gate.action();
    if action.from().contains(&state) || cx.again && state == State::Accepted && cx.gate == Gate::Accept {
        return None;
    }
    if cx.file.tombstone {
        let what = "this file only says where the spec went";
        return Some(
            Reason::new(ReasonKind::State, &cx.file.path, what).hint("name the spec that it points to"),
        );
    }
    let what = match state == action.to() {
        true => format!("it is {} already", in_words(cx.spec)),
        false => format!("it is {}", in_words(cx.spec)),
    };
    let reason = Reason::new(ReasonKind::State, &cx.file.path, what).hint(way_out(state, cx.gate));
    Some(match cx.spec.state.span.filter(|_| !cx.spec.state.in_sidecar) {
        Some(span) => reason.at(span),
        None => reason,
    })
}

/// A spec's state in its own word, with ours where that differs.
pub fn in_words(spec: &Spec) -> String {
    let state = spec.state.state.name();
    match spec.state.text.as_deref().map(str::trim) {
        Some(text) if !text.eq_ignore_ascii_case(state) => format!("“{text}” ({state})"),
        _ => state.to_owned(),
    }
}

fn way_out(state: State, gate: Gate) -> String {
    match (state, gate) {
        (State::Accepted, Gate::Accept) => {
            "where its facts changed since: `trueup accept SPEC --again`".to_owned()
        }
        (State::Draft | State::InReview, Gate::Implement) => "`trueup accept SPEC` comes first".to_owned(),
        (State::Parked | State::Superseded, _) => "`trueup reopen SPEC` takes it up again".to_owned(),
        _ => "`trueup status` shows where each spec stands; `trueup reopen SPEC` leads back".to_owned(),
    }
}

/// Errors of the check, and what it found of what the gate asks for at any level. Gives the rules whose findings this
/// step mends.
fn finding_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) -> Vec<String> {
    let mut mended = Vec::new();
    let valid = cx.workspace.world.today.map(|day| waivers(&cx.ledger.entries, day).0).unwrap_or_default();
    for finding in cx.findings.iter().filter(|f| concerns(cx, f)) {
        if is_mended(cx, finding) {
            mended.push(finding.fingerprint.clone());
            continue;
        }
        // Somebody answers for it for a time.
        if valid.iter().any(|w| w.of == finding.rule || w.of == finding.fingerprint) {
            continue;
        }
        let kind = match asked_kind(cx.gate, finding) {
            Some(kind) => kind,
            None if finding.level == Level::Error => ReasonKind::Finding,
            None => continue,
        };
        let mut reason = Reason::new(kind, &finding.path, finding.message.clone()).at(finding.span);
        reason.hint = finding.hint.clone();
        reason.rule = Some(finding.rule);
        out.push(reason);
    }
    mended
}

/// Whether a finding is about this spec: its file, or the YAML file beside it.
fn concerns(cx: &GateCx<'_>, finding: &Finding) -> bool {
    *finding.path == *cx.file.path || cx.file.sidecar.as_ref().is_some_and(|s| *s.path == *finding.path)
}

/// Rules whose findings block a gate below the level of an error as well.
fn asked_kind(gate: Gate, finding: &Finding) -> Option<ReasonKind> {
    if gate == Gate::Submit {
        return None;
    }
    match finding.rule {
        "acceptance-untestable" => Some(ReasonKind::Acceptance),
        "risk-missing-key" | "high-risk-needs-flag-and-rollback" => Some(ReasonKind::Risk),
        "migration-without-rollback" | "backfill-not-idempotent" => Some(ReasonKind::Migrations),
        // An info says that the other branch has to give way, or that both may speak of one thing.
        "id-taken-elsewhere" | "name-taken-elsewhere" if finding.level >= Level::Warning => {
            Some(ReasonKind::Branches)
        }
        _ => None,
    }
}

/// Whether the step itself changes what was found: the status, the folder, the entry of the history that waits for
/// its date.
fn is_mended(cx: &GateCx<'_>, finding: &Finding) -> bool {
    let accepted = matches!(cx.gate, Gate::Accept | Gate::Implement);
    match finding.rule {
        "draft-on-main" => return accepted,
        "status-history-mismatch" | "status-folder-mismatch" | "transition-interrupted" => return true,
        "changed-since-accepted" => return cx.gate == Gate::Accept && cx.again,
        // What tests show is asked of the ledger below.
        "acceptance-unproven" => return cx.gate == Gate::Implement,
        _ => {}
    }
    let in_sidecar = *finding.path != *cx.file.path;
    let document = &cx.file.document;
    let source = match (&cx.file.sidecar, in_sidecar) {
        (Some(sidecar), true) => sidecar.text.as_ref(),
        _ => document.text(),
    };
    let status = status_span(source, cx.spec).filter(|_| cx.spec.state.in_sidecar == in_sidecar);
    if status.is_some_and(|span| span.contains(finding.span) && !finding.span.is_empty()) {
        return true;
    }
    let Some(set) = cx.file.set.and_then(|set| cx.workspace.sets.get(set)) else { return false };
    let open = open_entry(document, cx.spec, &set.settings.status_words, cx.gate.state());
    open.filter(|_| !in_sidecar).is_some_and(|open| {
        open.text.contains(finding.span)
            || open.date.start < finding.span.end && finding.span.start < open.date.end
    })
}

/// What does not hold in the ledger itself: nothing that it says counts then.
fn ledger_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    if cx.ledger.is_empty() {
        return;
    }
    let anchors: Vec<String> = history_text(cx).map(|text| anchors_in(&text)).unwrap_or_default();
    let evidence = &cx.workspace.config.evidence;
    let signers = cx.workspace.allowed_signers();
    let checks = Checks {
        anchors: &anchors,
        committed: None,
        signers: signers.as_ref(),
        require_signatures: evidence.require_signatures,
    };
    for problem in verify(cx.ledger, &checks) {
        let mut reason = Reason::new(ReasonKind::Ledger, &problem.path, problem.what);
        reason.line = Some(problem.line);
        out.push(reason.hint("`trueup evidence verify` shows all; bring the file back from git"));
    }
}

/// What the histories of the spec say.
fn history_text(cx: &GateCx<'_>) -> Option<String> {
    let sections = cx.spec.facts.sections.iter().filter(|s| s.kind.as_deref() == Some("changelog"));
    let document = &cx.file.document;
    let texts: Vec<&str> = sections
        .filter_map(|s| s.span)
        .filter_map(|span| {
            let at = document.sections().partition_point(|s| s.span.start <= span.start).checked_sub(1)?;
            Some(document.sections().get(at)?.span.text(document.text()))
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}
