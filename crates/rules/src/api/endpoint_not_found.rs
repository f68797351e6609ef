use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};
use trueup_model::Verdict;

declare_rule! {
    ENDPOINT_NOT_FOUND = "endpoint-not-found" in "api", page "endpoint_not_found.md",
    "no route of the code answers an endpoint",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(
        cx,
        out,
        CodeKind::Routes,
        |row| row.verdict == Verdict::Missing || row.difference == Difference::Base,
        report,
    );
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let message = match row.difference {
        Difference::Base => format!("`{}`: {}", row.subject, row.reason),
        _ => format!("no route of the code answers `{}`", row.subject),
    };
    let report = place_of(cx, row, message);
    match row.candidate.as_deref() {
        Some(near) => report.hint(format!("did you mean `{near}`?")),
        None => report.hint(
            "build it, take it out of the spec, or name it in `external` under `[code]` of trueup.toml where another system serves it",
        ),
    }
}
