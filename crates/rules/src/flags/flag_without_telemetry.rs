use super::{flags, name_of, place_of};
use crate::asked::{asks, is_left_open, says_nothing, sections_of};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Flag, Spec};

declare_rule! {
    FLAG_WITHOUT_TELEMETRY = "flag-without-telemetry" in "flags", page "flag_without_telemetry.md",
    "a feature flag is to reach more users, but no event or metric is named to watch",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    if !asks(cx, "observability") {
        return;
    }
    for (spec, flags) in flags(cx) {
        let widening: Vec<&Flag> = flags.iter().filter(|flag| widens(spec, flag)).collect();
        out.looked_at(widening.len());
        // A section that is not there is reported as missing.
        let absent = sections_of(cx, spec, "observability").next().is_none();
        if absent || is_watched(spec) || is_left_open(cx, spec, "observability") {
            continue;
        }
        for flag in widening {
            let span = flag.cohort.as_ref().map_or(place_of(flag), |cohort| cohort.span);
            let report = Report::new(
                span,
                format!("{} is widened without an event or a metric to watch", name_of(flag)),
            )
            .hint("name in the observability section what tells that the first cohort is well: an event, an error rate")
            .subject(name_of(flag));
            out.push(report);
        }
    }
}

fn widens(spec: &Spec, flag: &Flag) -> bool {
    let named = flag.name.is_some();
    let cohort = flag.cohort.as_ref().or(spec.facts.rollout.cohort.as_ref());
    named && cohort.is_some_and(|cohort| !says_nothing(&cohort.text))
}

fn is_watched(spec: &Spec) -> bool {
    spec.facts.observability.metrics.iter().any(|metric| metric.name.is_some() || !says_nothing(&metric.text))
}
