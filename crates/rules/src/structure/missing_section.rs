use crate::support::{MAX_LABEL, title_span};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_model::Spec;
use trueup_template::{Presence, Schema, SpecIndex, infer_words};

declare_rule! {
    MISSING_SECTION = "missing-section" in "structure", page "missing_section.md",
    "a section that the template requires is not there",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        out.looked_at(
            schema.sections.iter().filter(|s| s.presence == Presence::Required && !s.repeats).count(),
        );
        for index in &spec.alignment.missing {
            // Prescribed by a fence that still stands there: guidance and placeholders tell of it.
            let above = schema.sections[*index].parent.and_then(|p| spec.alignment.section_for(p));
            if schema.sections[*index].nested && above.is_some_and(|s| holds_markdown_fence(cx, s)) {
                continue;
            }
            if above.is_some_and(|s| stands_as_label(cx.document, s, &schema.sections[*index].normal.core)) {
                continue;
            }
            out.push(report(cx, spec, schema, *index));
        }
    }
}

fn holds_markdown_fence(cx: &FileCx<'_>, section: SectionId) -> bool {
    let document = cx.document;
    document.section(section).blocks(document).any(|b| {
        matches!(document.kind(b), Kind::Code { .. })
            && matches!(document.code_language(b), "markdown" | "md")
    })
}

fn report(cx: &FileCx<'_>, spec: &Spec, schema: &Schema, index: SpecIndex) -> Report {
    let wanted = &schema.sections[index];
    let above = wanted.parent.and_then(|p| spec.alignment.section_for(p));
    let span = above.map_or_else(|| title_span(cx, spec), |s| cx.document.section(s).title_span);
    let message = match wanted.parent {
        Some(parent) => format!("`{}` has no section `{}`", schema.sections[parent].title, wanted.title),
        None => format!("the section `{}` is missing", wanted.title),
    };
    let marks = "#".repeat(usize::from(wanted.level));
    let hint = format!(
        "add `{marks} {}`; where it does not apply, write \"N/A — \" and the reason below it",
        wanted.title
    );
    let report = Report::new(span, message).hint(hint).subject(schema.section_path(index));
    if wanted.parent.is_some() { report.at_most(Level::Warning) } else { report }
}

/// Whether a sub-section's title stands as a bold label or at the head of a list item ("* **Does it …?** No.").
fn stands_as_label(document: &Document, section: SectionId, title: &str) -> bool {
    let range = document.section(section).span;
    let words: Vec<&str> = title.split(' ').collect();
    let says = |node: NodeId| {
        let text = infer_words(&document.plain(node));
        let has: Vec<&str> = text.split(' ').take(words.len() + 4).collect();
        let kept = words.iter().filter(|w| has.contains(w)).count();
        kept * 10 >= words.len() * 8
    };
    document.blocks().filter(|b| range.contains(document.span(*b))).any(|block| {
        document.descendants(block).any(|node| match document.kind(node) {
            Kind::Strong => document.source(node).len() < MAX_LABEL && says(node),
            Kind::Paragraph if words.len() >= 4 => {
                document.parent(node).is_some_and(|p| matches!(document.kind(p), Kind::Item(_))) && says(node)
            }
            _ => false,
        })
    })
}
