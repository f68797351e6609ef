use super::values::for_each_value;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_template::ValueSpec;

declare_rule! {
    CONSTANT_CHANGED = "constant-changed" in "content", page "constant_changed.md",
    "a value that every spec keeps was changed",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for_each_value(cx, spec, schema, |value| {
            let ValueSpec::Constant(constant) = value.spec else { return };
            out.looked_at(1);
            if value.value.trim_matches('`').eq_ignore_ascii_case(constant) {
                return;
            }
            let message = format!("{} is `{}` in every spec, not `{}`", value.name, constant, value.value);
            out.push(Report::new(value.span, message).hint(format!("write `{constant}`")));
        });
    }
}
