use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Spec, State, StateSource};
use trueup_text::Span;

declare_rule! {
    PARKED_WITHOUT_REVISIT = "parked-without-revisit" in "relations", page "parked_without_revisit.md",
    "a spec is parked, and nothing says why or until when",
    Specs, LEVELS, check
}

const LEVELS: Levels =
    Levels::new([Level::Off, Level::Off, Level::Off, Level::Off, Level::Warning, Level::Off]);

/// Words that say what became of a spec and not that somebody put it aside.
const NOBODY_DECIDED: &[&str] = &["stagnant", "backlog", "future"];

/// How a sentence begins to tell why something waits.
const PUT_ASIDE: &[&str] = &[
    "parked",
    "parking",
    "deferred",
    "deferring",
    "on hold",
    "postponed",
    "paused",
    "blocked",
    "revisit",
    "resume",
    "look again",
    "pick up again",
    "waiting for",
    "waits for",
    "until ",
];

/// Header fields that say when or why.
const FIELDS: &[&str] = &[
    "parked until",
    "parked",
    "revisit",
    "revisit on",
    "revisit by",
    "revisit when",
    "revisit date",
    "deferred until",
    "deferred to",
    "on hold until",
    "postponed until",
    "paused until",
    "until",
    "reason",
    "resume",
    "resume when",
    "resume on",
    "next review",
    "review on",
    "review date",
    "blocked by",
    "blocked on",
    "status note",
    "status reason",
    "parked because",
    "why parked",
    "condition",
];

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let state = &spec.state;
        if state.state != State::Parked || state.source != StateSource::Header || state.unknown {
            continue;
        }
        let (Some(status), Some(span)) = (state.text.as_deref(), state.span) else { continue };
        let bare = status.trim().trim_matches(['*', '_', '`', '.']).to_lowercase();
        if NOBODY_DECIDED.iter().any(|word| bare.starts_with(word)) {
            continue;
        }
        out.looked_at(1);
        if says_more(status) || field(spec) || history(spec) || told(cx, spec, span) {
            continue;
        }
        let report = Report::new(
            span,
            format!("the status is “{}”, and nothing says why or until when", status.trim()),
        )
        .hint("add `Parked until:` with a date or a condition, or say behind the status what it waits for");
        out.push(if state.in_sidecar { report.in_sidecar() } else { report });
    }
}

/// Whether something follows the status word: "Parked until the tax rules are known", "Deferred (2026-09)".
fn says_more(status: &str) -> bool {
    let words = status.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.filter(|w| !matches!(w.to_lowercase().as_str(), "on" | "hold")).count() >= 2
}

fn field(spec: &Spec) -> bool {
    let fields = spec.header.iter().filter(|f| !f.field.value.trim().is_empty());
    let in_header = fields.into_iter().any(|f| FIELDS.contains(&f.normal.as_str()));
    in_header || spec.facts.meta.field(FIELDS).is_some_and(|field| !field.value.text.trim().is_empty())
}

/// Whether an entry of the history tells more than that it was parked.
fn history(spec: &Spec) -> bool {
    spec.facts.changelog.iter().any(|entry| tells_why(&entry.text) || tells_why(&entry.label))
}

/// Whether the words in front of the first section, or a heading, tell why.
fn told(cx: &FileCx<'_>, spec: &Spec, status: Span) -> bool {
    let sections = cx.document.sections().iter();
    let mut own = sections.filter(|s| spec.region.contains_offset(s.span.start) && s.level > 1).peekable();
    let end = own.peek().map_or(spec.region.end, |first| first.span.start);
    let front = Span::new(spec.region.start as usize, end.max(spec.region.start) as usize).text(cx.text());
    let line_of_status = |line: &str| {
        let at = line.as_ptr() as usize - cx.text().as_ptr() as usize;
        !spec.state.in_sidecar && (at..at + line.len() + 1).contains(&(status.start as usize))
    };
    front.lines().any(|line| !line_of_status(line) && tells_why(line))
        || gives_condition(&spec.region.text(cx.text()).to_lowercase())
        || own.any(|section| {
            let title = section.normal.core.as_str();
            PUT_ASIDE.iter().any(|word| title.contains(word.trim()))
        })
}

/// Whether a text says that something waits and then goes on.
fn tells_why(text: &str) -> bool {
    let text = text.to_lowercase();
    PUT_ASIDE.iter().any(|word| {
        text.find(word).is_some_and(|at| {
            let rest = &text[at + word.len()..];
            rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count() >= 2
        })
    })
}

/// Whether a text says anywhere that something was put off until or because of something.
fn gives_condition(text: &str) -> bool {
    const PUT_OFF: &[&str] =
        &["parked", "deferred", "postponed", "paused", "on hold", "blocked", "revisit", "revisited"];
    const GOES_ON: &[&str] = &[
        "until", "because", "pending", "since", "due", "when", "once", "if", "after", "in", "by", "as", "on",
    ];
    PUT_OFF.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let rest = text[at + word.len()..].trim_start();
            GOES_ON
                .iter()
                .any(|next| rest.strip_prefix(next).is_some_and(|r| r.starts_with([' ', ':', '\n'])))
        })
    })
}
