use super::{register_form, wanted_keys};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::RiskForm;

declare_rule! {
    RISKS_UNSTRUCTURED = "risks-unstructured" in "risks", page "risks_unstructured.md",
    "a risk section has text, but no risk in the form that the template prescribes",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let risks = &spec.facts.risks;
        if register_form(schema).is_none() || risks.none.is_some() {
            continue;
        }
        let sections = spec.facts.sections.iter();
        let written =
            sections.filter(|s| s.kind.as_deref() == Some("risks") && s.present && !s.empty && !s.none);
        let Some(title) = written.filter_map(|s| s.span).find(|span| risks.sections.contains(span)) else {
            continue;
        };
        out.looked_at(1);
        if risks.risks.iter().any(|risk| risk.form != RiskForm::Prose) {
            continue;
        }
        let keys: Vec<&str> = wanted_keys(schema).map(|field| field.key.as_str()).collect();
        let message = match risks.risks.len() {
            0 => "the section names no risk in the form of the register".to_owned(),
            1 => "the one risk here is a sentence without keys".to_owned(),
            n => format!("the {n} risks here are sentences without keys"),
        };
        out.push(
            Report::new(title, message)
                .hint(format!("give each risk a heading and its keys: {}", keys.join(", ")))
                .subject("unstructured"),
        );
    }
}
