use super::{flags, name_of};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::FlagDefault;

declare_rule! {
    FLAG_DEFAULT_ON = "flag-default-on" in "flags", page "flag_default_on.md",
    "a new feature flag is ON from the start",
    Specs,
    // Once everybody has it, ON is what a flag ends as.
    Levels::new([Level::Info, Level::Warning, Level::Warning, Level::Info, Level::Off, Level::Off]),
    check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (_, flags) in flags(cx) {
        for flag in flags {
            let Some(text) = &flag.default_text else { continue };
            out.looked_at(1);
            if flag.default != Some(FlagDefault::On) || is_for_some(&text.text) {
                continue;
            }
            let report = Report::new(text.span, format!("{} is ON by default", name_of(flag)))
                .hint("start with OFF and switch it on for the first cohort; that is what the flag is for")
                .subject(name_of(flag));
            out.push(report);
        }
    }
}

/// ON for staff or in a test environment is OFF for everybody else.
fn is_for_some(text: &str) -> bool {
    let lower = text.to_lowercase();
    let limits = [" for ", " in ", " only", "staging", "staff", "internal", "off"];
    let everybody = ["for all", "for every", "in production", "in all", "in every"];
    limits.iter().any(|w| lower.contains(w)) && !everybody.iter().any(|w| lower.contains(w))
}
