//! What has to hold before a spec may go on. The commands and `check --gate` ask the same function.

use crate::action::Gate;
use crate::approvals::approval_reasons;
use crate::failure::Failure;
use crate::header::status_span;
use crate::history::open_entry;
use crate::place::path_in;
use crate::proof::proof_reasons;
use crate::proposal::{is_no_proposal, title_reason};
use crate::sections::section_reasons;
use trueup_engine::{CheckOptions, ReadFile, SpecLedger, Workspace};
use trueup_evidence::{Ledger, waivers};
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
    /// Where its file has to go.
    Place,
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
            ReasonKind::Place => "place",
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
    /// Fingerprints of findings that this step mends itself.
    pub mended: Vec<String>,
    /// Fingerprints of findings that somebody answers for with a waiver.
    pub waived: Vec<String>,
    /// What to know beside the answer, a sentence each.
    pub notes: Vec<String>,
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
    let mut reasons = Vec::new();
    let evidence = workspace.evidence_of(&file, spec).unwrap_or_else(|error| {
        reasons.push(Reason::new(ReasonKind::Ledger, path, format!("the evidence cannot be read: {error}")));
        let (name, path) = (workspace.ledger_name(path, spec), Some(file.path.clone()));
        SpecLedger { name, path, ledger: Ledger::default(), anchors: Vec::new() }
    });
    let (name, ledger) = (evidence.name.clone(), &evidence.ledger);
    let cx = GateCx { workspace, gate, again, file: &file, spec, name: &name, ledger, findings };
    reasons.extend(several_reason(&cx));
    reasons.extend(state_reason(&cx));
    reasons.extend(place_reason(&cx));
    let (mended, waived) = finding_reasons(&cx, &mut reasons);
    title_reason(&cx, &mut reasons);
    section_reasons(&cx, &mut reasons);
    if gate != Gate::Submit {
        ledger_reasons(&cx, &evidence, &mut reasons);
    }
    match gate {
        Gate::Submit => {}
        Gate::Accept => approval_reasons(&cx, &mut reasons),
        Gate::Implement => proof_reasons(&cx, &mut reasons),
    }
    reasons.sort_by_key(|r| (r.kind, r.span.map_or(0, |s| s.start), r.line));
    reasons.dedup();
    let notes = nothing_to_prove(&cx, &reasons).into_iter().collect();
    Some(GateReport { gate, path: path.to_owned(), name, reasons, mended, waived, notes })
}

/// A spec that counts as built though nothing was to be proven: people have to know.
fn nothing_to_prove(cx: &GateCx<'_>, reasons: &[Reason]) -> Option<String> {
    let asked = reasons.iter().any(|reason| reason.kind == ReasonKind::Acceptance);
    let nothing = cx.gate == Gate::Implement && cx.spec.facts.acceptance.is_empty() && !asked;
    nothing.then(|| "nothing was proven: the spec has no acceptance bullets".to_owned())
}

/// One step is for one spec.
fn several_reason(cx: &GateCx<'_>) -> Option<Reason> {
    let specs = cx.file.specs.len();
    let what = format!("this file holds {specs} specs, and one step is for one spec");
    (specs > 1)
        .then(|| Reason::new(ReasonKind::State, &cx.file.path, what).hint("give each spec a file of its own"))
}

/// Whether the file can go where it belongs in the next state.
fn place_reason(cx: &GateCx<'_>) -> Option<Reason> {
    let set = cx.file.set?;
    match path_in(cx.workspace, set, &cx.file.path, cx.gate.state()) {
        Err(Failure::Stopped { what, help }) => {
            Some(Reason::new(ReasonKind::Place, &cx.file.path, what).hint(help.join("; ")))
        }
        _ => None,
    }
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

/// Errors of the check, and what it found of what the gate asks for at any level. Gives the fingerprints of the
/// findings that this step mends, and of those that are waived.
fn finding_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) -> (Vec<String>, Vec<String>) {
    let (mut mended, mut waived) = (Vec::new(), Vec::new());
    let valid = cx.workspace.world.today.map(|day| waivers(&cx.ledger.entries, day).0).unwrap_or_default();
    for finding in cx.findings.iter().filter(|f| concerns(cx, f)) {
        if is_mended(cx, finding) {
            mended.push(finding.fingerprint.clone());
            continue;
        }
        // Somebody answers for it for a time.
        if valid.iter().any(|w| w.of == finding.rule || w.of == finding.fingerprint) {
            waived.push(finding.fingerprint.clone());
            continue;
        }
        let kind = match asked_kind(cx.gate, finding) {
            Some(kind) => kind,
            None if finding.level == Level::Error || is_no_proposal(cx, finding) => ReasonKind::Finding,
            None => continue,
        };
        let mut reason = Reason::new(kind, &finding.path, finding.message.clone()).at(finding.span);
        reason.hint = finding.hint.clone();
        reason.rule = Some(finding.rule);
        out.push(reason);
    }
    (mended, waived)
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
    // Only the date is replaced: the words behind it stay, and so does what is wrong with them.
    open.filter(|_| !in_sidecar)
        .is_some_and(|open| open.date.start < finding.span.end && finding.span.start < open.date.end)
}

/// What does not hold in the ledger itself: nothing that it says counts then.
fn ledger_reasons(cx: &GateCx<'_>, evidence: &SpecLedger, out: &mut Vec<Reason>) {
    let problems = match cx.workspace.verify_evidence(evidence) {
        Ok(problems) => problems,
        Err(error) => {
            let what = format!("the evidence cannot be verified: {error}");
            out.push(Reason::new(ReasonKind::Ledger, &cx.file.path, what));
            return;
        }
    };
    for problem in problems {
        let mut reason = Reason::new(ReasonKind::Ledger, &problem.path, problem.what);
        reason.line = Some(problem.line);
        out.push(reason.hint("`trueup evidence verify` shows all; bring the file back from git"));
    }
}
