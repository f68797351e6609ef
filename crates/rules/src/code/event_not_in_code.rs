use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::Drifted;
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    EVENT_NOT_IN_CODE = "event-not-in-code" in "code", page "event_not_in_code.md",
    "the code does not send an event",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Events, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let report = place_of(cx, row, format!("the event `{}` is not sent: {}", row.subject, row.reason));
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("did you mean `{near}`?")),
        None => report.hint("send it, or take it out of the spec: whoever listens waits for nothing"),
    }
}
