use crate::support::shorten;
use trueup_claims::{CheckKind, judge_checks};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Answer, Verdict};

declare_rule! {
    CACHE_CLAIM_VACUOUS = "cache-claim-vacuous" in "compliance", page "cache_claim_vacuous.md",
    "the cache check is called passed in a spec that says nothing of caching",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let Some(report) = spec.facts.compliance.as_ref().filter(|report| !report.checks.is_empty()) else {
            continue;
        };
        // Only a plain Pass is a claim; notes that give a reason are an answer.
        let claims = |row: &trueup_model::CheckRow| row.answer == Answer::Pass && row.notes.trim().len() < 3;
        let cache =
            report.checks.iter().find(|row| CheckKind::of(&row.check) == Some(CheckKind::CacheCoversReads));
        let Some(row) = cache else { continue };
        out.looked_at(1);
        if !claims(row) {
            continue;
        }
        let checks = judge_checks(cx.document, spec, schema);
        let judged = checks.iter().find(|check| check.kind == Some(CheckKind::CacheCoversReads));
        let Some(judged) = judged.filter(|check| check.judged.verdict == Verdict::Vacuous) else { continue };
        out.push(
            Report::new(
                row.status.span,
                format!("\"{}\" is vacuous: {}", shorten(&row.check, 60), judged.judged.reason),
            )
            .hint("write N/A with the reason, or say what is cached")
            .subject("cache check"),
        );
    }
}
