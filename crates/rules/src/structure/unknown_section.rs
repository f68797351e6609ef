use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_template::kind_of_title;

declare_rule! {
    UNKNOWN_SECTION = "unknown-section" in "structure", page "unknown_section.md",
    "a section is not in the template",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        let top = schema.sections.iter().filter(|s| s.parent.is_none()).map(|s| s.level).min().unwrap_or(2);
        for id in &spec.alignment.unknown {
            let section = cx.document.section(*id);
            out.looked_at(1);
            // The status may have a heading of its own; it belongs to the header.
            if section.level > top || section.normal.core == "status" || section.normal.core.is_empty() {
                continue;
            }
            // The template had it when the spec was written.
            if schema.past.contains(&section.normal.core) {
                continue;
            }
            // It holds what a section of the template holds, in other words.
            let kind = kind_of_title(&section.normal.core);
            if kind.is_some() && schema.sections.iter().any(|s| s.kind.as_deref() == kind) {
                continue;
            }
            let report =
                Report::new(section.title_span, format!("the template has no section `{}`", section.title))
                    .hint("fine if it is meant; `trueup template show` lists the template's sections")
                    .subject(section.normal.full.clone());
            out.push(report);
        }
    }
}
