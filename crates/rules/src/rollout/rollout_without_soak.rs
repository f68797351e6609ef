use crate::asked::{first_line, holds_placeholder, says_nothing, speaks_of};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};

declare_rule! {
    ROLLOUT_WITHOUT_SOAK = "rollout-without-soak" in "rollout", page "rollout_without_soak.md",
    "the change goes through staging, but nothing says how long it is watched there",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let rollout = &spec.facts.rollout;
        let Some(staging) = rollout.staging.as_ref().filter(|text| !says_nothing(&text.text)) else {
            continue;
        };
        out.looked_at(1);
        if rollout.soak.is_some() || holds_placeholder(staging.span.text(cx.text())) {
            continue;
        }
        let message = if staging.text.to_lowercase().contains("soak") {
            "staging soaks, but for how long is not said"
        } else {
            "staging has no soak window"
        };
        let report = Report::new(first_line(cx, staging.span), message)
            .hint("say for how many minutes the build is watched before production: \"soaks for 60 minutes\"")
            .subject("soak");
        out.push(if speaks_of(cx, "rollout", "soak") { report } else { report.at_most(Level::Info) });
    }
}
