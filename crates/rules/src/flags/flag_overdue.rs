use super::{flags, name_of};
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::Flag;

declare_rule! {
    FLAG_OVERDUE = "flag-overdue" in "flags", page "flag_overdue.md",
    "a feature flag should have been removed by now",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(today) = cx.world.today else { return };
    for (_, flags) in flags(cx) {
        for flag in flags {
            let (Some(date), Some(text)) = (flag.removal_date, &flag.removal) else { continue };
            out.looked_at(1);
            if date >= today || is_removed(flag) {
                continue;
            }
            let report = Report::new(
                text.span,
                format!("{} was to be removed by {date}; today is {today}", name_of(flag)),
            )
            .hint("remove it from the code and say so here, or set a new date and say why")
            .subject(format!("{} {date}", name_of(flag)));
            out.push(report);
        }
    }
}

/// Whether the date says when it went.
fn is_removed(flag: &Flag) -> bool {
    let text = flag.removal.as_ref().map(|t| t.text.to_lowercase()).unwrap_or_default();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.any(|word| matches!(word, "removed" | "gone" | "done" | "deleted"))
        && !text.contains("to be removed")
        && !text.contains("not removed")
        || text.contains('✅')
}
