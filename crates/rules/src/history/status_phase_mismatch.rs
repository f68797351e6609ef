use crate::support::shorten;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Phase, Spec, State, StateSource, Step};

declare_rule! {
    STATUS_PHASE_MISMATCH = "status-phase-mismatch" in "history", page "status_phase_mismatch.md",
    "the status and the steps of the plan say different things",
    Specs, LEVELS, check
}

const LEVELS: Levels =
    Levels::new([Level::Warning, Level::Warning, Level::Warning, Level::Warning, Level::Off, Level::Off]);

/// With fewer boxes nobody can tell a plan that is done from one that was begun.
const FEWEST: usize = 3;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let state = &spec.state;
        if state.source != StateSource::Header || state.unknown {
            continue;
        }
        let steps: Vec<&Step> =
            spec.facts.phases.iter().filter(|p| !put_off(&p.title)).flat_map(counted).collect();
        let done = steps.iter().filter(|step| step.done == Some(true)).count();
        let report = match state.state {
            State::Implemented => {
                out.looked_at(1);
                open_steps(cx, spec, &steps, done).or_else(|| pending(cx, spec))
            }
            State::Draft | State::InReview if steps.len() >= FEWEST => {
                out.looked_at(1);
                (done == steps.len()).then(|| all_done(spec, steps.len())).flatten()
            }
            _ => None,
        };
        if let Some(report) = report {
            out.push(if state.in_sidecar { report.in_sidecar() } else { report });
        }
    }
}

/// The steps of a phase with a box that count: what was put off or struck out does not.
fn counted(phase: &Phase) -> impl Iterator<Item = &Step> {
    phase.steps.iter().filter(|step| step.done.is_some() && !put_off(&step.text))
}

/// Whether a step or a phase is not meant to be done with the rest.
fn put_off(text: &str) -> bool {
    let text = text.to_lowercase();
    let words = [
        "optional",
        "deferred",
        "follow-up",
        "follow up",
        "later",
        "future",
        "n/a",
        "out of scope",
        "moved to",
        "stretch",
        "nice to have",
        "skipped",
        "dropped",
        "superseded",
        "won't",
        "not needed",
        "descoped",
        "cancelled",
    ];
    words.iter().any(|word| text.contains(word)) || text.starts_with("~~")
}

fn status(spec: &Spec) -> &str {
    spec.state.text.as_deref().unwrap_or_default().trim()
}

fn open_steps(cx: &FileCx<'_>, spec: &Spec, steps: &[&Step], done: usize) -> Option<Report> {
    let first = steps.iter().find(|step| step.done == Some(false))?;
    let open = steps.len() - done;
    let message = match open {
        1 => format!("the status is “{}”, but a step of the plan is not ticked", status(spec)),
        _ => format!(
            "the status is “{}”, but {open} of {} steps of the plan are not ticked",
            status(spec),
            steps.len()
        ),
    };
    let what = format!("not ticked: {}", shorten(&first.text, 60));
    let report = Report::new(spec.state.span?, message)
        .hint("tick what is built; say of the rest that it was put off, or correct the status")
        .related(cx.path, first.span, what)
        .subject("open steps");
    Some(report)
}

/// A phase that the latest entry of the changelog calls pending.
fn pending(cx: &FileCx<'_>, spec: &Spec) -> Option<Report> {
    let last = spec.facts.changelog.iter().filter_map(|entry| entry.date).max()?;
    let of_last_day = spec.facts.changelog.iter().filter(|entry| entry.date == Some(last));
    let (entry, line) = of_last_day.into_iter().find_map(|entry| {
        let line = entry.label.lines().chain(entry.text.lines()).find(|line| says_pending(line))?;
        Some((entry, line))
    })?;
    let message = format!(
        "the status is “{}”, but the latest entry of the changelog leaves a phase open",
        status(spec)
    );
    let report = Report::new(spec.state.span?, message)
        .hint("correct the status, or add an entry that says that the phase is done")
        .related(cx.path, super::date_span(cx, entry), format!("it says: {}", shorten(line, 60)))
        .subject("pending phase");
    Some(report)
}

/// "Phase 2 pending", "Phases 3–4 not started": both words close together.
fn says_pending(line: &str) -> bool {
    const OPEN: &[&str] = &[
        "pending",
        "not started",
        "not yet",
        "still to",
        "remaining",
        "outstanding",
        "to do",
        "in progress",
    ];
    let line = line.to_lowercase();
    line.split([';', '.']).any(|part| {
        let Some(phase) = part.find("phase") else { return false };
        let numbered = part[phase..]
            .split(|c: char| !c.is_alphanumeric())
            .nth(1)
            .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()) || word.len() == 1);
        let open = OPEN.iter().filter_map(|word| part.find(word)).any(|at| at.abs_diff(phase) <= 40);
        numbered && open && !put_off(part)
    })
}

fn all_done(spec: &Spec, steps: usize) -> Option<Report> {
    let message = format!("all {steps} steps of the plan are ticked, but the status is “{}”", status(spec));
    let report = Report::new(spec.state.span?, message)
        .hint("set the status to Implemented, or untick what is not built")
        .subject("all steps done");
    Some(report)
}
