use crate::drifting::{SPELLING, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    ENDPOINT_SEGMENT_DIFFERS = "endpoint-segment-differs" in "api", page "endpoint_segment_differs.md",
    "an endpoint is spelt otherwise in the code",
    Specs, SPELLING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(cx, out, CodeKind::Routes, |row| row.difference == Difference::Spelling, report);
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let other = row.candidate.as_deref().unwrap_or_default();
    let report = place_of(cx, row, format!("`{}` is spelt `{other}` in the code", row.subject));
    report
        .hint("callers who read the spec get 404: write the path as the code serves it, or rename the route")
}
