use crate::support::title_span;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Kind, SectionId};
use trueup_model::Spec;
use trueup_template::{Presence, Schema, SpecIndex};

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
