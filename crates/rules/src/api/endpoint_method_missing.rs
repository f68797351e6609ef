use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    ENDPOINT_METHOD_MISSING = "endpoint-method-missing" in "api", page "endpoint_method_missing.md",
    "the code serves the path of an endpoint, but not with its method",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Routes, |row| row.difference == Difference::Method, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let report = place_of(cx, row, format!("`{}`: {}", row.subject, row.reason));
    report.hint("add the method to the route, or take it out of the spec")
}
