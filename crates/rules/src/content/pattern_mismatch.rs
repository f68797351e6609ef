use super::values::for_each_value;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Spec, find_dates};
use trueup_template::{Schema, ValueSpec};

declare_rule! {
    PATTERN_MISMATCH = "pattern-mismatch" in "content", page "pattern_mismatch.md",
    "a value does not have the form that the template shows",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for_each_value(cx, spec, schema, |value| {
            let wanted = match value.spec {
                ValueSpec::Pattern(patterns) if !patterns.iter().any(|p| p.matches(&value.value)) => {
                    patterns.iter().map(|p| format!("`{p}`")).collect::<Vec<_>>().join(" or ")
                }
                ValueSpec::Date if find_dates(&value.value).is_empty() => "a date, `YYYY-MM-DD`".to_owned(),
                ValueSpec::Pattern(_) | ValueSpec::Date => return out.looked_at(1),
                _ => return,
            };
            out.looked_at(1);
            let report = Report::new(
                value.span,
                format!("`{}` does not have the form of {}", value.value, value.name),
            )
            .hint(format!("the template shows {wanted}"));
            out.push(if value.in_sidecar { report.in_sidecar() } else { report });
        });
        titles(cx, spec, schema, out);
    }
}

/// Titles of repeated sections that carry a date (`### [YYYY-MM-DD]`).
fn titles(cx: &FileCx<'_>, spec: &Spec, schema: &Schema, out: &mut Sink) {
    for found in &spec.alignment.matches {
        let wanted = &schema.sections[found.spec];
        if !wanted.repeats || wanted.title_value != ValueSpec::Date {
            continue;
        }
        out.looked_at(1);
        let section = cx.document.section(found.section);
        // One heading among dated ones; where none carries a date, the dates stand elsewhere.
        let siblings = spec.alignment.sections_for(found.spec).filter(|s| *s != found.section);
        let dated = siblings.filter(|s| !find_dates(&cx.document.section(*s).title).is_empty()).count();
        if dated >= 2 && find_dates(&section.title).is_empty() {
            let report =
                Report::new(section.title_span, format!("the title `{}` carries no date", section.title))
                    .hint("the template shows `YYYY-MM-DD` there")
                    .at_most(Level::Info);
            out.push(report);
        }
    }
}
