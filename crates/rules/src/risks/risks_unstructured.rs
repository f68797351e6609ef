use super::{register_form, wanted_keys};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::Kind;
use trueup_model::RiskForm;
use trueup_template::Schema;
use trueup_text::Span;

declare_rule! {
    RISKS_UNSTRUCTURED = "risks-unstructured" in "risks", page "risks_unstructured.md",
    "a risk section has text, but no risk in the form that the template prescribes",
    Specs, Levels::WARNING, check
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
        if keeps_template(cx, schema, title) {
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

/// Whether a section still holds texts of the template: it is not written yet, and they are reported as such.
fn keeps_template(cx: &FileCx<'_>, schema: &Schema, title: Span) -> bool {
    let document = cx.document;
    let Some(section) = document.sections().iter().find(|s| s.title_span == title) else { return false };
    let mut fold = String::new();
    let blocks = document.blocks().filter(|block| section.span.contains(document.span(*block)));
    blocks.filter(|block| document.span(*block).start > title.end).any(|block| {
        std::iter::once(block)
            .chain(document.descendants(block))
            .filter(|node| document.kind(*node) == Kind::Paragraph)
            .any(|node| schema.leaf(document.content_span(node).text(document.text()), &mut fold).is_some())
    })
}
