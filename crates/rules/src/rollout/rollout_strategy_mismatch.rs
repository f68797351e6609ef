use super::named_flag;
use crate::asked::{asks, is_left_open, meta, says_nothing};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{MetaField, Spec, Text};
use trueup_text::Span;

declare_rule! {
    ROLLOUT_STRATEGY_MISMATCH = "rollout-strategy-mismatch" in "rollout", page "rollout_strategy_mismatch.md",
    "the rollout strategy and what the spec says of flags and rollout are different things",
    Specs, Levels::RISING, check
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strategy {
    Flag,
    Staged,
    BigBang,
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let Some(field) = meta(spec, &["rollout strategy", "rollout"]) else { continue };
        let Some(strategy) = strategy_of(&field.value.text) else { continue };
        out.looked_at(1);
        if is_left_open(cx, spec, "flags") || is_left_open(cx, spec, "rollout") {
            continue;
        }
        match strategy {
            Strategy::Flag if asks(cx, "flags") && named_flag(spec).is_none() => {
                out.push(report(field, "the strategy is Flag, but no flag is named").hint(
                    "describe the flag under feature flags, or choose the strategy that the rollout plan follows",
                ));
            }
            Strategy::Staged if asks(cx, "rollout") && !is_staged(spec) => {
                out.push(report(field, "the strategy is Staged, but neither a cohort nor a soak window is named").hint(
                    "say in the rollout plan who gets it first and how long it soaks, or choose another strategy",
                ));
            }
            Strategy::BigBang => {
                if let Some((place, what)) = contradiction(spec) {
                    let report = report(field, &format!("the strategy is Big-bang, but {what}"))
                        .hint("choose Flag or Staged, or ship it to everybody at once")
                        .related(cx.path, place, "here");
                    out.push(report);
                }
            }
            _ => {}
        }
    }
}

fn report(field: &MetaField, message: &str) -> Report {
    let report = Report::new(field.value.span, message).subject(message.to_owned());
    if field.in_sidecar { report.in_sidecar() } else { report }
}

/// The one strategy that is named; `Flag + Staged` is none of them alone.
fn strategy_of(text: &str) -> Option<Strategy> {
    let lower = text.to_lowercase().replace(['-', '‑', '_'], " ");
    let named = [("flag", Strategy::Flag), ("staged", Strategy::Staged), ("big bang", Strategy::BigBang)];
    let mut found = named.iter().filter(|(word, _)| lower.contains(word));
    match (found.next(), found.next()) {
        (Some((_, strategy)), None) => Some(*strategy),
        _ => None,
    }
}

fn is_staged(spec: &Spec) -> bool {
    let rollout = &spec.facts.rollout;
    let of_flag = spec.facts.flags.iter().filter_map(|flag| flag.cohort.as_ref());
    let texts = rollout.cohort.iter().chain(&rollout.soak).chain(of_flag);
    texts.into_iter().any(|text| !says_nothing(&text.text))
}

/// What would not be there if everybody got it at once.
fn contradiction(spec: &Spec) -> Option<(Span, String)> {
    if let Some(name) = named_flag(spec).and_then(|flag| flag.name.as_ref()) {
        return Some((name.span, format!("there is the flag `{}`", name.text.trim_matches('`'))));
    }
    let cohort = spec.facts.rollout.cohort.as_ref().filter(|text| is_cohort(text))?;
    Some((cohort.span, "a cohort gets it first".to_owned()))
}

/// "No cohort", "without a canary" and "all tenants at once" are none.
fn is_cohort(text: &Text) -> bool {
    let lower = format!(" {} ", text.text.to_lowercase());
    let denied = [" no ", " not ", " without ", " at once", " n/a", " none", " same time", " 100 %", " 100%"];
    !says_nothing(&text.text) && !denied.iter().any(|word| lower.contains(word))
}
