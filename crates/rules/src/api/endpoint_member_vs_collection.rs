use crate::drifting::{IMPLEMENTED, held_against_code, place_of};
use trueup_codebase::CodeKind;
use trueup_drift::{Difference, Drifted};
use trueup_finding::{FileCx, Report, Sink, declare_rule};

declare_rule! {
    ENDPOINT_MEMBER_VS_COLLECTION = "endpoint-member-vs-collection" in "api", page "endpoint_member_vs_collection.md",
    "an endpoint is promised for one member and served for the collection, or the other way round",
    Specs, IMPLEMENTED, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    held_against_code(
        cx,
        out,
        CodeKind::Routes,
        |row| row.difference == Difference::MemberOrCollection,
        report,
    );
}

fn report(cx: &FileCx<'_>, row: &Drifted) -> Report {
    let other = row.candidate.as_deref().unwrap_or_default();
    let report = place_of(cx, row, format!("`{}` is served as `{other}`", row.subject));
    report.hint("say in the spec where the ID stands: in the path, in the query or in the body")
}
