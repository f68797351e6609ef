use super::{is_register_block, register_form};
use crate::support::{answers, title_span};
use memchr::memmem::find;
use std::cell::OnceCell;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_template::{Schema, SpecIndex, infer_words};

declare_rule! {
    RISK_CATEGORY_UNANSWERED = "risk-category-unanswered" in "risks", page "risk_category_unanswered.md",
    "a risk section says nothing of a category that the template asks about",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let categories: Vec<SpecIndex> = categories(schema).collect();
        let risks = &spec.facts.risks;
        if categories.is_empty() || risks.none.is_some() {
            continue;
        }
        let sections = (0..schema.sections.len()).filter(|i| is_risk_section(schema, *i));
        let Some(answer) = sections.flat_map(|i| answers(cx, spec, i).next()).next() else { continue };
        let section = cx.document.section(answer);
        // Where every category has a section of its own, the words need not be known.
        let said = OnceCell::new();
        let said = || said.get_or_init(|| format!(" {} ", infer_words(section.span.text(cx.text()))));
        let missing: Vec<&str> = categories
            .iter()
            .filter(|index| {
                out.looked_at(1);
                let there = spec.alignment.section_for(**index).is_some();
                !there && !speaks_of(said(), &schema.sections[**index].normal.core)
            })
            .map(|index| schema.sections[*index].title.as_str())
            .collect();
        if missing.is_empty() {
            continue;
        }
        let span = if section.title_span.is_empty() { title_span(cx, spec) } else { section.title_span };
        let message = format!("nothing is said of {}", missing.join(", "));
        out.push(
            Report::new(span, message)
                .hint("name a risk of each, or say in a sentence why there is none")
                .subject(format!("categories {}", missing.join(", "))),
        );
    }
}

fn is_risk_section(schema: &Schema, index: SpecIndex) -> bool {
    let section = &schema.sections[index];
    let inside = section.parent.is_some_and(|p| schema.sections[p].kind.as_deref() == Some("risks"));
    section.kind.as_deref() == Some("risks") && !inside && !section.repeats
}

/// The fixed headings below the template's risk section that only ask questions: the register itself and
/// what stands in it is none.
fn categories(schema: &Schema) -> impl Iterator<Item = SpecIndex> + '_ {
    let register = register_form(schema).and_then(|block| block.parent);
    (0..schema.sections.len()).filter(move |index| {
        let section = &schema.sections[*index];
        let below = section.parent.is_some_and(|parent| is_risk_section(schema, parent));
        let holds_register = register == Some(*index) || section.normal.core.contains("register");
        below && !section.repeats && !holds_register && !is_register_block(schema, section)
    })
}

/// Whether any of the category's own words is said; words that every risk section has do not count. `said` has
/// a space on both sides of each word.
fn speaks_of(said: &str, category: &str) -> bool {
    const COMMON: [&str; 9] =
        ["and", "risks", "risk", "failures", "failure", "effects", "side", "data", "of"];
    category.split(' ').filter(|word| !COMMON.contains(word)).any(|word| {
        let is_said = |word: &str| find(said.as_bytes(), format!(" {word} ").as_bytes()).is_some();
        let stem = word.trim_end_matches('s');
        is_said(word) || stem != word && is_said(stem)
    })
}
