//! The verdict of a compliance report against its own rows, items and checks, and against trueup's.

use crate::words::count;
use crate::{Judged, JudgedCheck, Place, Subject};
use trueup_model::{Answer, Compliance, Verdict, VerdictClass};

pub(crate) fn judge(subject: Subject<'_>, rows: &[Judged], checks: &[JudgedCheck]) -> Judged {
    let Some(report) = &subject.spec.facts.compliance else {
        return Judged::new(Verdict::Missing, "the spec has no compliance report");
    };
    let Some(claim) = &report.verdict else {
        return Judged::new(Verdict::Missing, "the report gives no verdict");
    };
    match claim.class {
        VerdictClass::FullyCompliant | VerdictClass::Approved => positive(report, claim.class, rows, checks),
        VerdictClass::NonCompliant => negative(report, rows, checks),
        VerdictClass::Conditional | VerdictClass::Other => Judged::new(
            Verdict::NotCheckable,
            "the verdict is neither \"fully compliant\" nor \"non-compliant\"",
        ),
    }
}

/// Whether a verdict says under which conditions it holds: what it leaves open it then does not hide.
pub fn names_conditions(verdict: &str) -> bool {
    const WORDS: [&str; 15] = [
        "gated",
        "provided",
        "subject to",
        "condition",
        "until ",
        "except",
        "verified at",
        "verify at",
        "follow-up",
        "follow up",
        "tradeoff",
        "trade-off",
        "deferred",
        "remains",
        "after review",
    ];
    let verdict = verdict.to_lowercase();
    WORDS.iter().any(|word| verdict.contains(word))
}

/// Rows, checks and items that the author does not call passed.
pub(crate) fn open_places(report: &Compliance, class: VerdictClass) -> Vec<Place> {
    // What is approved may have work left; what is fully compliant has none.
    let open = |answer: Answer| match class {
        VerdictClass::FullyCompliant => matches!(answer, Answer::Fail | Answer::Partial | Answer::Pending),
        _ => answer == Answer::Fail,
    };
    let rows = report.rows.iter().filter(|row| open(row.answer)).map(|row| Place {
        span: row.status.span,
        what: format!("`{}` is {}", row.rule, row.status.text),
        elsewhere: None,
    });
    let checks = report.checks.iter().filter(|check| open(check.answer)).map(|check| Place {
        span: check.status.span,
        what: format!("`{}` is {}", check.check, check.status.text),
        elsewhere: None,
    });
    let items = report.non_compliant.iter().map(|item| Place {
        span: item.span,
        what: format!("`{}` is listed as not compliant", item.rule),
        elsewhere: None,
    });
    rows.chain(checks).chain(items).collect()
}

fn positive(report: &Compliance, class: VerdictClass, rows: &[Judged], checks: &[JudgedCheck]) -> Judged {
    let own = open_places(report, class);
    if let Some(first) = own.first() {
        let reason = match own.len() {
            1 => format!("the report itself says that {}", first.what),
            n => format!("the report itself leaves {n} things open, the first: {}", first.what),
        };
        let text = report.verdict.as_ref().map_or("", |verdict| &verdict.text);
        if names_conditions(text) {
            let reason = format!("{reason}; the verdict names conditions");
            return Judged::new(Verdict::NotCheckable, reason).places(own);
        }
        return Judged::new(Verdict::Contradicted, reason).places(own);
    }
    let mut found: Vec<Place> = Vec::new();
    for (row, judged) in report.rows.iter().zip(rows) {
        if row.answer == Answer::Pass && judged.verdict == Verdict::Contradicted {
            found.push(Place {
                span: row.status.span,
                what: format!("`{}`: {}", row.rule, judged.reason),
                elsewhere: None,
            });
        }
    }
    for check in checks.iter().filter(|check| check.contradicted()) {
        let span =
            check.row.and_then(|row| report.checks.get(row)).map_or(report.span, |row| row.status.span);
        found.push(Place {
            span,
            what: format!("`{}`: {}", check.label, check.judged.reason),
            elsewhere: None,
        });
    }
    if let Some(first) = found.first() {
        let reason = match found.len() {
            1 => format!("one claim does not hold: {}", first.what),
            n => format!("{n} claims do not hold, the first: {}", first.what),
        };
        return Judged::new(Verdict::Contradicted, reason).places(found);
    }
    let claims = report.rows.len() + report.checks.len();
    if claims == 0 {
        return Judged::new(
            Verdict::Vacuous,
            "the report has no row and no check that the verdict could rest on",
        );
    }
    let held = |verdict| {
        rows.iter().filter(|row| row.verdict == verdict).count()
            + checks.iter().filter(|c| c.row.is_some() && c.judged.verdict == verdict).count()
    };
    let (proven, vacuous) = (held(Verdict::Proven), held(Verdict::Vacuous));
    if proven == claims {
        return Judged::new(Verdict::Proven, format!("all {claims} claims are proven"));
    }
    let reason = format!(
        "of {claims} claims {proven} are proven, {vacuous} vacuous and none contradicted; the rest a spec alone cannot show"
    );
    Judged::new(Verdict::NotCheckable, reason)
}

fn negative(report: &Compliance, rows: &[Judged], checks: &[JudgedCheck]) -> Judged {
    let own = open_places(report, VerdictClass::FullyCompliant);
    if !own.is_empty() {
        let reason = format!("the report leaves {} open", count(own.len(), "thing", "things"));
        return Judged::new(Verdict::Proven, reason).places(own);
    }
    let contradicted = rows.iter().any(|row| row.verdict == Verdict::Contradicted)
        || checks.iter().any(|check| check.judged.verdict == Verdict::Contradicted);
    if contradicted {
        return Judged::new(Verdict::Proven, "a claim of the report does not hold");
    }
    if report.rows.is_empty() {
        return Judged::new(Verdict::NotCheckable, "the report has no rows");
    }
    Judged::new(Verdict::Contradicted, "every row and check passes, and no item is listed as not compliant")
}
