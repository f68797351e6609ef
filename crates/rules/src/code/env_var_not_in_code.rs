use crate::drifting::{IMPLEMENTED_INFO, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::Drifted;
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    ENV_VAR_NOT_IN_CODE = "env-var-not-in-code" in "code", page "env_var_not_in_code.md",
    "no code reads an environment variable",
    Specs, IMPLEMENTED_INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::EnvVars, Drifted::differs, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let report = place_of(cx, row, format!("nothing reads `{}`: {}", row.subject, row.reason));
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("did you mean `{near}`?")),
        None => report.hint("who sets it changes nothing: take it out, or read it"),
    }
}
