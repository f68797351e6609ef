use crate::support::{NotApplicable, has_content, not_applicable};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_template::{Presence, Schema, SpecIndex};

declare_rule! {
    EMPTY_SECTION = "empty-section" in "structure", page "empty_section.md",
    "a section of the template has nothing below its heading",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for found in &spec.alignment.matches {
            let wanted = &schema.sections[found.spec];
            // A repeated block's heading may introduce others on its own level.
            if wanted.presence == Presence::Never || wanted.repeats {
                continue;
            }
            out.looked_at(1);
            let section = cx.document.section(found.section);
            if !has_content(cx.document, found.section) {
                let report = Report::new(section.title_span, format!("the section `{}` is empty", section.title))
                    .hint("write it; where it does not apply, write \"N/A — \" and the reason, or remove it if it is optional")
                    .subject(section.normal.full.clone());
                // Nothing has to be answered there, or not yet.
                out.push(if is_optional(schema, found.spec) { report.at_most(Level::Info) } else { report });
            } else if not_applicable(cx.document, found.section) == Some(NotApplicable::Bare)
                && wanted.presence == Presence::Required
            {
                let report = Report::new(
                    section.title_span,
                    format!("`{}` says that it does not apply, but not why", section.title),
                )
                .hint("add the reason: \"N/A — …\"")
                .subject(section.normal.full.clone())
                .at_most(Level::Info);
                out.push(report);
            }
        }
    }
}

/// Whether a section or one above it may be left out.
fn is_optional(schema: &Schema, index: SpecIndex) -> bool {
    std::iter::successors(Some(index), |i| schema.sections[*i].parent)
        .any(|i| schema.sections[i].presence == Presence::Optional)
}
