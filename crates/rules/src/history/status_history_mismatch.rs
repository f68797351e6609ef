use super::date_span;
use crate::asked::{is_left_open, speaks_of};
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{ChangeEntry, Date, Spec, State, StateSource, StatusWords};

declare_rule! {
    STATUS_HISTORY_MISMATCH = "status-history-mismatch" in "history", page "status_history_mismatch.md",
    "the status and the version history say different things",
    Specs, LEVELS, check
}

/// A draft by its status may be a built feature by its history; that is what is found.
const LEVELS: Levels =
    Levels::new([Level::Warning, Level::Warning, Level::Warning, Level::Warning, Level::Info, Level::Info]);

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    // Only where the template's own history tells of states.
    if !["accepted", "approved", "implemented"].iter().any(|word| speaks_of(cx, "changelog", word)) {
        return;
    }
    for spec in cx.specs {
        let state = &spec.state;
        if state.source != StateSource::Header || state.unknown || is_left_open(cx, spec, "changelog") {
            continue;
        }
        let (Some(status), Some(span)) = (state.text.as_deref(), state.span) else { continue };
        if !spec.facts.changelog.iter().any(|entry| entry.date.is_some()) {
            continue;
        }
        out.looked_at(1);
        let Some(told) = contradiction(spec, &cx.settings.status_words) else { continue };
        let status = status.trim();
        let message = match told {
            Told::Never => format!("the status is “{status}”, but no entry of the version history says so"),
            Told::Other { entry, state, .. } => {
                let date = entry.date.map_or_else(String::new, |date| format!(", of {date},"));
                format!(
                    "the status is “{status}”, but the latest entry of the version history{date} says {state}"
                )
            }
        };
        let mut report = Report::new(span, message)
            .hint("add an entry for the step to this status, or correct the status")
            .subject(format!("status {}", state.state.key()));
        if let Told::Other { entry, .. } = told {
            report = report.related(cx.path, date_span(cx, entry), "this is the latest entry with a state");
        }
        out.push(if state.in_sidecar { report.in_sidecar() } else { report });
    }
}

/// What a history says that the status does not.
enum Told<'s> {
    /// No entry names a state.
    Never,
    /// The latest entry that names one names another.
    Other { entry: &'s ChangeEntry, state: State },
}

fn contradiction<'s>(spec: &'s Spec, words: &StatusWords) -> Option<Told<'s>> {
    let current = spec.state.state;
    let dated = spec.facts.changelog.iter().filter_map(|entry| Some((entry, entry.date?)));
    let named: Vec<(&ChangeEntry, Date, State)> =
        dated.filter_map(|(entry, date)| Some((entry, date, state_of(entry, words)?))).collect();
    let early = |state: State| matches!(state, State::Draft | State::InReview);
    let Some(last) = named.iter().map(|(_, date, _)| *date).max() else {
        return (!early(current)).then_some(Told::Never);
    };
    let mut of_last_day = named.iter().filter(|(_, date, _)| *date == last);
    if of_last_day.any(|(.., state)| *state == current || early(*state) && early(current)) {
        return None;
    }
    let (entry, _, state) =
        named.iter().filter(|(_, date, _)| *date == last).max_by_key(|(.., state)| *state)?;
    Some(Told::Other { entry, state: *state })
}

/// The state that an entry tells of: "Accepted (MVP)", "Draft created", "Status: Draft → Accepted".
fn state_of(entry: &ChangeEntry, words: &StatusWords) -> Option<State> {
    let said = entry.text.lines().next()?.trim().trim_matches(['*', '_', '`']);
    let lower = said.to_lowercase();
    // A part of the work is not the whole.
    if ["phase", "partial", "partly", "part "].iter().any(|word| lower.contains(word)) {
        return None;
    }
    if let Some(rest) = lower.strip_prefix("status") {
        let last = rest.rsplit(['→', '>']).next().unwrap_or(rest);
        let last = last.rsplit(" to ").next().unwrap_or(last);
        return words.state_of(last.trim_start_matches([':', ' ', '*', '“', '"', '=']));
    }
    if let Some((before, after)) = lower.split_once(['→']) {
        return words.state_of(before).and(words.state_of(after.trim()));
    }
    let first = lower.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let rest = lower.get(first.len()..).unwrap_or("").trim_start();
    (NAMES.contains(&first) && goes_on(rest)).then(|| words.state_of(first)).flatten()
}

/// Words that name a state where an entry begins with them.
const NAMES: &[&str] = &[
    "draft",
    "proposed",
    "accepted",
    "approved",
    "implemented",
    "shipped",
    "released",
    "superseded",
    "replaced",
    "withdrawn",
    "rejected",
    "parked",
    "deferred",
];

/// Whether what follows a state's name leaves it one ("Accepted by Ann", not "Accepted wording of Ann").
fn goes_on(rest: &str) -> bool {
    const WORDS: &[&str] = &[
        "by", "as", "on", "in", "at", "for", "with", "after", "behind", "from", "and", "to", "when", "once",
        "until", "because", "created", "written", "opened", "started", "begun", "mvp",
    ];
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    word.is_empty() || WORDS.contains(&word)
}
