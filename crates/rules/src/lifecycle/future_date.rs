use super::dates::{DateAt, Place, dates_of};
use super::file_span;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};

declare_rule! {
    FUTURE_DATE = "future-date" in "lifecycle", page "future_date.md",
    "something is said to have happened on a day that has not come yet",
    Specs, Levels::WARNING, check
}

/// The day of the check may be the next one already where the author lives.
const TIME_ZONES: i64 = 1;

/// Words that speak of what is to come. "Released" and "removed" are not among them: they say that it was done.
const TO_COME: &[&str] = &[
    "after",
    "before",
    "deadline",
    "deliver",
    "delivery",
    "deprecation",
    "due",
    "effective",
    "estimate",
    "estimated",
    "eta",
    "expect",
    "expected",
    "expiration",
    "expire",
    "expires",
    "expiry",
    "forecast",
    "go-live",
    "goal",
    "launch",
    "milestone",
    "next",
    "plan",
    "planned",
    "planning",
    "release",
    "removal",
    "remove",
    "revisit",
    "rollout",
    "schedule",
    "scheduled",
    "ship",
    "ships",
    "start",
    "starts",
    "sunset",
    "support",
    "supported",
    "target",
    "targeted",
    "until",
    "upcoming",
    "valid",
    "will",
];

/// Words that do right before a date or at the end of a key ("Review by").
const TO_COME_LAST: &[&str] = &["by", "end", "ends", "from", "ga"];

/// Sections whose titles name a day that is planned.
const PLANS: &[&str] = &["flags", "migration", "plan", "rollout"];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(today) = cx.world.today else { return };
    for (index, spec) in cx.specs.iter().enumerate() {
        let mut places = 0;
        dates_of(cx, spec, index == 0, &mut |at| {
            let Some(date) = at.date else { return };
            places += 1;
            if date.days_since(today) <= TIME_ZONES || speaks_of_the_future(cx, &at) {
                return;
            }
            let (span, message) = match at.place {
                Place::Field(field) => {
                    (at.span, format!("`{}` of `{}` has not come yet", at.written, field.field.key))
                }
                Place::Title(_) => {
                    (at.span, format!("the title speaks of `{}`, which has not come yet", at.written))
                }
                Place::Entry => {
                    (at.span, format!("this entry is dated `{}`, which has not come yet", at.written))
                }
                Place::FileName => (
                    file_span(cx),
                    format!("the file's name carries `{}`, which has not come yet", at.written),
                ),
            };
            let report = Report::new(span, message).subject(at.written).hint(format!(
                "today is {today}: correct the date, or say in words before it what is planned for that day"
            ));
            out.push(if at.in_sidecar() { report.in_sidecar() } else { report });
        });
        out.looked_at(places);
    }
}

fn speaks_of_the_future(cx: &FileCx<'_>, at: &DateAt<'_>) -> bool {
    if has_word_to_come(at.before) {
        return true;
    }
    match at.place {
        Place::Field(field) => has_word_to_come(&field.field.key),
        Place::Title(section) => {
            let mut above = Some(section);
            while let Some(section) = above {
                if trueup_template::kind_of_title(&section.normal.core)
                    .is_some_and(|kind| PLANS.contains(&kind))
                    || has_word_to_come(&section.title)
                {
                    return true;
                }
                above = section.parent.map(|id| cx.document.section(id)).filter(|s| s.level > 1);
            }
            false
        }
        Place::Entry | Place::FileName => false,
    }
}

fn has_word_to_come(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let last = words.clone().next_back();
    last.is_some_and(|word| TO_COME_LAST.contains(&word)) || words.any(|word| TO_COME.contains(&word))
}
