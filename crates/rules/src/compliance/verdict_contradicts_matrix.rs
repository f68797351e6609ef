use crate::support::shorten;
use trueup_claims::names_conditions;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Answer, VerdictClass};

declare_rule! {
    VERDICT_CONTRADICTS_MATRIX = "verdict-contradicts-matrix" in "compliance", page "verdict_contradicts_matrix.md",
    "the verdict calls compliant what a row or a check of the same report leaves open",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = &spec.facts.compliance else { continue };
        let Some(verdict) = &report.verdict else { continue };
        let open = |answer: Answer| match verdict.class {
            VerdictClass::FullyCompliant => {
                matches!(answer, Answer::Fail | Answer::Partial | Answer::Pending)
            }
            VerdictClass::Approved => answer == Answer::Fail,
            _ => false,
        };
        if !matches!(verdict.class, VerdictClass::FullyCompliant | VerdictClass::Approved) {
            continue;
        }
        let rows = report.rows.iter().map(|row| (&row.rule, &row.status, row.answer));
        let checks = report.checks.iter().map(|check| (&check.check, &check.status, check.answer));
        let all: Vec<_> = rows.chain(checks).collect();
        out.looked_at(1);
        let left: Vec<_> = all.iter().filter(|(_, _, answer)| open(*answer)).collect();
        let Some((rule, status, _)) = left.first() else { continue };
        let message = match left.len() {
            1 => format!(
                "the verdict contradicts a row of the same report: \"{}\" is {}",
                shorten(rule, 60),
                shorten(&status.text, 30)
            ),
            n => format!(
                "the verdict contradicts {n} of the {} rows of the same report, the first: \"{}\" is {}",
                all.len(),
                shorten(rule, 60),
                shorten(&status.text, 30)
            ),
        };
        let mut found = Report::new(verdict.span, message)
            .hint("resolve the rows, or say in the verdict under which conditions it holds")
            .subject("verdict");
        // What the verdict itself names, or what a spec can only promise, is no plain contradiction.
        let promised = |status: &str| status.to_lowercase().starts_with("will ");
        if names_conditions(&verdict.text) || left.iter().all(|(_, status, _)| promised(&status.text)) {
            found = found.at_most(Level::Info);
        }
        for (rule, status, _) in left {
            found = found.related(
                cx.path,
                status.span,
                format!("\"{}\" is {}", shorten(rule, 60), shorten(&status.text, 30)),
            );
        }
        out.push(found);
    }
}
