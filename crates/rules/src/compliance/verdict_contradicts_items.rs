use crate::support::shorten;
use trueup_claims::names_conditions;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::VerdictClass;

declare_rule! {
    VERDICT_CONTRADICTS_ITEMS = "verdict-contradicts-items" in "compliance", page "verdict_contradicts_items.md",
    "the verdict calls compliant what the same report lists as not compliant",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, _) in cx.shaped() {
        let Some(report) = &spec.facts.compliance else { continue };
        let Some(verdict) = &report.verdict else { continue };
        if !matches!(verdict.class, VerdictClass::FullyCompliant | VerdictClass::Approved) {
            continue;
        }
        out.looked_at(1);
        let Some(first) = report.non_compliant.first() else { continue };
        let message = match report.non_compliant.len() {
            1 => format!(
                "the verdict contradicts an item that the report lists as not compliant: \"{}\"",
                shorten(&first.rule, 60)
            ),
            n => format!(
                "the verdict contradicts {n} items that the report lists as not compliant, the first: \"{}\"",
                shorten(&first.rule, 60)
            ),
        };
        let mut found = Report::new(verdict.span, message)
            .hint("resolve the items and take them off the list, or change the verdict")
            .subject("verdict items");
        if names_conditions(&verdict.text) {
            found = found.at_most(Level::Info);
        }
        for item in &report.non_compliant {
            found = found.related(cx.path, item.span, shorten(&item.rule, 60));
        }
        out.push(found);
    }
}
