use crate::support::shorten;
use trueup_claims::judge_rows;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Answer, Verdict};

declare_rule! {
    COMPLIANCE_ROW_CONTRADICTED = "compliance-row-contradicted" in "compliance", page "compliance_row_contradicted.md",
    "a row of the compliance matrix claims what the spec's own facts contradict",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = spec.facts.compliance.as_ref().filter(|report| !report.rows.is_empty()) else {
            continue;
        };
        let rows = judge_rows(cx.document, spec, cx.bound_rows(spec));
        for (row, judged) in report.rows.iter().zip(&rows) {
            if row.answer != Answer::Pass {
                continue;
            }
            out.looked_at(1);
            if judged.verdict != Verdict::Contradicted {
                continue;
            }
            let message = format!(
                "\"{}\" is called {}, but {}",
                shorten(&row.rule, 60),
                shorten(&row.status.text, 20),
                judged.reason
            );
            let mut found = Report::new(row.status.span, message)
                .hint("mend what contradicts it, or change the status")
                .subject(format!("{} {}", row.source, row.rule));
            for place in judged.places.iter().take(10) {
                let what = shorten(&place.what, 80);
                found = match &place.elsewhere {
                    None => found.related(cx.path, place.span, what),
                    Some(other) => found.related(std::sync::Arc::clone(&other.path), other.span, what),
                };
            }
            out.push(found);
        }
    }
}
