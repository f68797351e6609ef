use super::values::for_each_value;
use crate::support::nearest;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_template::{ValueSpec, matches_option, names_option};

declare_rule! {
    ENUM_VALUE = "enum-value" in "content", page "enum_value.md",
    "a value is none of the template's choices",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for_each_value(cx, spec, schema, |value| {
            let ValueSpec::Enum(options) = value.spec else { return };
            out.looked_at(1);
            // A status that nobody knows is `unknown-status`.
            if matches_option(&value.value, options)
                || names_option(&value.value, options)
                || value.is_status && spec.state.unknown
            {
                return;
            }
            let hint = match nearest(&value.value, options.iter().map(String::as_str)) {
                Some(near) => {
                    format!("did you mean `{near}`? The template's choices are {}", options.join(", "))
                }
                None => format!("the template's choices are {}", options.join(", ")),
            };
            let report =
                Report::new(value.span, format!("`{}` is no choice for {}", value.value, value.name))
                    .hint(hint);
            let report = if value.in_column { report.at_most(Level::Warning) } else { report };
            out.push(if value.in_sidecar { report.in_sidecar() } else { report });
        });
    }
}
