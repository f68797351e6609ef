use crate::support::title_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::reading::lacking;

declare_rule! {
    TEMPLATE_OUTDATED = "template-outdated" in "structure", page "template_outdated.md",
    "newer versions of the template ask for more",
    Specs, Levels::INFO, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        out.looked_at(schema.later.len());
        let lacking = lacking(cx.document, spec, schema);
        let Some((first, others)) = lacking.split_first() else { continue };
        let message = match others.len() {
            0 => format!("since this was written the template asks for {}, too", first.words()),
            1 => format!(
                "since this was written the template asks for {} and one thing more, too",
                first.words()
            ),
            more => format!(
                "since this was written the template asks for {} and {more} things more, too",
                first.words()
            ),
        };
        let report = Report::new(title_span(cx, spec), message)
            .hint(format!("`trueup upgrade {}` adds the sections; nothing has to be done", cx.path))
            .subject("template");
        out.push(report);
    }
}
