//! What shows that the acceptance bullets of a spec hold.

use crate::gate::{GateCx, Reason, ReasonKind};
use crate::sections::{is_templates, shortened};
use trueup_engine::TraceRun;
use trueup_evidence::WaiverProblem;
use trueup_model::{Item, Verdict};
use trueup_trace::{ItemRole, Traced};

/// Adds every bullet that is neither proven for this text and this code nor waived: the same verdicts as
/// `trueup trace` gives.
pub fn proof_reasons(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    if cx.spec.facts.acceptance.is_empty() {
        return;
    }
    let run = match cx.workspace.trace_of(cx.file) {
        Ok(run) => run,
        Err(error) => {
            let what = format!("nobody can tell what is proven: {error}");
            out.push(Reason::new(ReasonKind::Proof, &cx.file.path, what));
            return;
        }
    };
    out.extend(cx.spec.facts.acceptance.iter().filter_map(|item| reason_of(cx, &run, item)));
}

fn reason_of(cx: &GateCx<'_>, run: &TraceRun, item: &Item) -> Option<Reason> {
    let text = shortened(&item.text, 60);
    let (what, hint) = if item.id.written.is_some() {
        let is_item = |t: &&Traced| t.item.role == ItemRole::Acceptance && t.item.span == item.span;
        match run.trace.items.iter().find(is_item) {
            Some(traced) => not_proven(cx, run, traced, &text)?,
            // Only what a superseded spec promises is not traced, and that is no state to go on from.
            None => (format!("{} was not traced: “{text}”", item.id.text), String::new()),
        }
    } else if is_templates(cx, item) {
        // Evidence cites IDs only; of the template's own items a tick is all there can be.
        if item.done == Some(true) || says_not_applicable(&item.text) {
            return None;
        }
        let hint = "tick it when it is done; where it does not apply, “N/A — ” and the reason behind it";
        (format!("“{text}” is not ticked"), hint.to_owned())
    } else {
        let what = format!("“{text}” has no ID, so nothing can prove it");
        (what, "write one in front (`AC-3: …`), and cite it in a test".to_owned())
    };
    let reason = Reason::new(ReasonKind::Proof, &cx.file.path, what).at(item.span);
    Some(if hint.is_empty() { reason } else { reason.hint(hint) })
}

/// What is wrong with a bullet that has an ID, and what to do; none where it is proven or waived.
fn not_proven(cx: &GateCx<'_>, run: &TraceRun, traced: &Traced, text: &str) -> Option<(String, String)> {
    let id = &traced.item.id;
    let cite = format!("[{}#{id}]", cx.name);
    let why = &traced.reason;
    let record = "`trueup trace --junit FILE --record`";
    let (what, hint) = match traced.verdict {
        Verdict::Proven | Verdict::Waived => return None,
        Verdict::Contradicted => (
            format!("{id} is contradicted: {why}"),
            format!("mend it, run the tests and record them: {record}"),
        ),
        Verdict::Stale => (
            format!("the proof of {id} is stale: {why}"),
            format!("look whether the tests with {cite} still prove it, run them, then {record}"),
        ),
        _ => (
            format!("{id} is not proven: “{text}” ({why})"),
            format!("a test with {cite} in its name, then {record}; or `trueup waive {} {id}`", cx.name),
        ),
    };
    let is_own = |problem: &&(String, WaiverProblem)| same_item(&problem.1.of, cx.name, id);
    let what = match run.waiver_problems.iter().find(is_own) {
        Some((_, problem)) => format!("{what}; its waiver does not count: {}", problem.why),
        None => what,
    };
    Some((what, hint))
}

/// Whether a statement names an item: `AC-3` or `SPEC-012#AC-3`.
fn same_item(named: &str, spec: &str, id: &str) -> bool {
    named.eq_ignore_ascii_case(id)
        || named
            .rsplit_once('#')
            .is_some_and(|(of, item)| of.eq_ignore_ascii_case(spec) && item.eq_ignore_ascii_case(id))
}

fn says_not_applicable(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("n/a —") || lower.contains("n/a –") || lower.contains("n/a - ") || lower.contains("n/a: ")
}
