use crate::support::title_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};

declare_rule! {
    NOT_TEMPLATE_SHAPED = "not-template-shaped" in "structure", page "not_template_shaped.md",
    "a file in a spec folder has none of the template's sections",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(schema) = cx.schema else { return };
    for spec in cx.specs {
        out.looked_at(1);
        if spec.alignment.titles_found > 0 || schema.sections.is_empty() {
            continue;
        }
        let report = Report::new(title_span(cx, spec), format!("none of the sections of {} is here", schema.name))
            .hint("write it to the template, move it out of the spec folder, or list it under `exclude` in trueup.toml")
            .subject("none of the titles");
        out.push(report);
    }
}
