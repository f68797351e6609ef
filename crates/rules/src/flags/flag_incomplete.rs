use super::{flags, name_of, place_of};
use crate::asked::{fields_asked, holds_placeholder, says_nothing, sections_of};
use crate::support::section_fields;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Flag, Spec};
use trueup_template::infer_key;
use trueup_text::Span;

declare_rule! {
    FLAG_INCOMPLETE = "flag-incomplete" in "flags", page "flag_incomplete.md",
    "a feature flag lacks something that its template asks of every flag",
    Specs, Levels::RISING, check
}

/// What a flag has to have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Name,
    Owner,
    Default,
    KillSwitch,
    Removal,
    Cohort,
}

/// The keys that are looked for, with what to call them and what to write.
const WANTED: [(Key, &str, &str); 5] = [
    (Key::Owner, "owner", "name the person who decides about it"),
    (Key::Default, "default", "say whether it starts ON or OFF"),
    (Key::KillSwitch, "kill switch", "say what happens when somebody switches it off"),
    (Key::Removal, "removal date", "name the day on which it goes, as YYYY-MM-DD"),
    (Key::Cohort, "cohort", "say who gets it first: tenants, or a part of the traffic"),
];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let asked: Vec<Key> = fields_asked(cx, "flags").filter_map(|field| key_of(&field.normal)).collect();
    if asked.is_empty() {
        return;
    }
    for (spec, flags) in flags(cx) {
        let labels = labels(cx, spec);
        for (at, flag) in flags.iter().enumerate() {
            let end = flags.get(at + 1).map_or(spec.region.end, |next| next.span.start);
            let begins = flag.span.start.saturating_sub(8);
            let from = labels.partition_point(|label| label.span.start < begins);
            let to = labels.partition_point(|label| label.span.start < end);
            let own = labels.get(from..to).unwrap_or_default();
            judge(cx, flag, &asked, own, out);
        }
    }
}

/// A label of the section, and whether anything stands behind it.
struct Label {
    key: Key,
    span: Span,
    value: String,
}

fn labels(cx: &FileCx<'_>, spec: &Spec) -> Vec<Label> {
    let mut out: Vec<Label> = Vec::new();
    for section in sections_of(cx, spec, "flags") {
        let Some(id) = cx.section_at(section.span.start) else { continue };
        let inside = (id.0..).map(trueup_markdown::SectionId);
        let count = cx.document.sections().len() as u32;
        for part in inside.take_while(|part| part.0 < count) {
            if !section.span.contains(cx.document.section(part).span) {
                break;
            }
            let fields = section_fields(cx.document, part).into_iter();
            out.extend(fields.filter_map(|field| {
                let key = key_of(&infer_key(&field.key))?;
                Some(Label { key, span: field.key_span, value: field.value })
            }));
        }
    }
    out.sort_by_key(|label| label.span.start);
    out
}

fn judge(cx: &FileCx<'_>, flag: &Flag, asked: &[Key], labels: &[Label], out: &mut Sink) {
    let label = |key: Key| labels.iter().find(|l| l.key == key);
    // "Flag name: none" says that there is no flag, and a name that was not filled in is reported elsewhere.
    if flag.name.is_none() && label(Key::Name).is_some_and(|l| !l.value.trim().is_empty()) {
        return;
    }
    let row_left_open = labels.is_empty() && holds_placeholder(flag.span.text(cx.text()));
    for (key, name, hint) in WANTED.into_iter().filter(|(key, ..)| asked.contains(key)) {
        out.looked_at(1);
        let found = value_of(flag, key);
        if found.is_some_and(|text| !says_nothing(text) || key != Key::Owner) || row_left_open {
            continue;
        }
        let written = label(key);
        // What a template left to be filled in is reported as such.
        if found.is_none() && written.is_some_and(|l| !l.value.trim().is_empty()) {
            continue;
        }
        let span = written.map_or(place_of(flag), |l| l.span);
        let report = Report::new(span, format!("{} has no {name}", name_of(flag)))
            .hint(hint)
            .subject(format!("{} {name}", name_of(flag)));
        out.push(report);
    }
}

fn value_of(flag: &Flag, key: Key) -> Option<&str> {
    let text = match key {
        Key::Name => &flag.name,
        Key::Owner => &flag.owner,
        Key::Default => &flag.default_text,
        Key::KillSwitch => &flag.kill_switch,
        Key::Removal => &flag.removal,
        Key::Cohort => &flag.cohort,
    };
    text.as_ref().map(|t| t.text.as_str())
}

fn key_of(label: &str) -> Option<Key> {
    let begins =
        |word: &str| label.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if begins("owner") || label == "owned by" || label == "flag owner" {
        Some(Key::Owner)
    } else if begins("default") {
        Some(Key::Default)
    } else if begins("kill switch") || begins("killswitch") || label == "fallback" {
        Some(Key::KillSwitch)
    } else if begins("removal") || begins("remove") || matches!(label, "expiry" | "expires" | "sunset") {
        Some(Key::Removal)
    } else if begins("cohort")
        || begins("cohorts")
        || matches!(label, "rollout" | "audience" | "first cohort")
    {
        Some(Key::Cohort)
    } else if begins("flag") || begins("feature flag") || matches!(label, "name" | "key" | "toggle") {
        Some(Key::Name)
    } else {
        None
    }
}
