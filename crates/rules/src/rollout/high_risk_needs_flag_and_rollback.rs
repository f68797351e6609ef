use super::named_flag;
use crate::asked::{asks, is_left_open, meta, says_nothing, sections_of};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{MetaField, Spec};

declare_rule! {
    HIGH_RISK_NEEDS_FLAG_AND_ROLLBACK = "high-risk-needs-flag-and-rollback" in "rollout",
    page "high_risk_needs_flag_and_rollback.md",
    "a change of high risk has no feature flag or no rollback plan",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let Some(risk) = meta(spec, &["risk level", "risk"]) else { continue };
        let said = risk.value.text.trim().to_lowercase();
        out.looked_at(1);
        if !["high", "critical", "very high"].iter().any(|word| said.starts_with(word)) {
            continue;
        }
        if asks(cx, "flags") && named_flag(spec).is_none() && !is_left_open(cx, spec, "flags") {
            out.push(without_flag(cx, spec, risk));
        }
        if asks(cx, "rollout") && !has_rollback(cx, spec) && !is_left_open(cx, spec, "rollout") {
            out.push(
                report(cx, risk, "rollback plan")
                    .hint("say in the rollout plan by what you would go back, and how; or lower the risk"),
            );
        }
    }
}

fn without_flag(cx: &FileCx<'_>, spec: &Spec, risk: &MetaField) -> Report {
    let report = report(cx, risk, "feature flag").hint(
        "put the change behind a flag with a kill switch, or say why none is possible; or lower the risk",
    );
    // Somebody thought about it and said why.
    let reasoned = spec.facts.sections.iter().any(|s| s.kind.as_deref() == Some("flags") && s.none)
        && sections_of(cx, spec, "flags").any(|section| {
            let said = section.span.text(cx.text()).lines().skip(1).collect::<String>();
            said.chars().filter(|c| c.is_alphanumeric()).count() >= 20
        });
    if reasoned { report.at_most(Level::Warning) } else { report }
}

fn report(_cx: &FileCx<'_>, risk: &MetaField, what: &str) -> Report {
    let report =
        Report::new(risk.value.span, format!("the risk is {}, but there is no {what}", risk.value.text))
            .subject(what.to_owned());
    if risk.in_sidecar { report.in_sidecar() } else { report }
}

/// Whether a way back is described: in the rollout plan, or under a heading of its own.
fn has_rollback(cx: &FileCx<'_>, spec: &Spec) -> bool {
    let written = spec.facts.rollout.rollback.as_ref().is_some_and(|text| !says_nothing(&text.text));
    let titled = || {
        let mut titles = cx.document.sections().iter().filter(|s| spec.region.contains(s.span));
        titles.any(|s| {
            s.normal.core.starts_with("rollback")
                && s.blocks(cx.document).next().is_some_and(|block| !says_nothing(&cx.document.plain(block)))
        })
    };
    written || titled()
}
