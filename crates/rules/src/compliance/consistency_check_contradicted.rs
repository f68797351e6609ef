use crate::support::shorten;
use trueup_claims::{CheckKind, judge_checks};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};

declare_rule! {
    CONSISTENCY_CHECK_CONTRADICTED = "consistency-check-contradicted" in "compliance",
    page "consistency_check_contradicted.md",
    "a consistency check is called passed though the spec's own facts contradict it",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let Some(report) = spec.facts.compliance.as_ref().filter(|report| !report.checks.is_empty()) else {
            continue;
        };
        let checks = judge_checks(cx.document, spec, schema);
        for check in checks.iter().filter(|check| check.kind.is_some()) {
            let Some(row) = check.row.and_then(|row| report.checks.get(row)) else { continue };
            out.looked_at(1);
            // A missing command has a finding of its own at the endpoint.
            if !check.contradicted() || check.kind == Some(CheckKind::CommandsForMutations) {
                continue;
            }
            let message = format!(
                "\"{}\" is called {}, but {}",
                shorten(&row.check, 60),
                shorten(&row.status.text, 20),
                check.judged.reason
            );
            let mut found = Report::new(row.status.span, message)
                .hint("mend what contradicts it, or change the status")
                .subject(row.check.clone());
            for place in check.judged.places.iter().take(10) {
                found = found.related(cx.path, place.span, shorten(&place.what, 80));
            }
            out.push(found);
        }
    }
}
