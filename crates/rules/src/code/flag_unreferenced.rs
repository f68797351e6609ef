use crate::drifting::{IMPLEMENTED_INFO, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::Drifted;
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    FLAG_UNREFERENCED = "flag-unreferenced" in "code", page "flag_unreferenced.md",
    "no code asks for a feature flag",
    Specs, IMPLEMENTED_INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Flags, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let report = place_of(cx, row, format!("no code asks for the flag `{}`: {}", row.subject, row.reason));
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("did you mean `{near}`?")),
        None => report.hint(
            "a flag that nothing asks for switches nothing off: ask for it, or say that it was removed",
        ),
    }
}
