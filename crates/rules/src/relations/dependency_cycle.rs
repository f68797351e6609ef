use super::{Link, called, links, single};
use rustc_hash::FxHashSet;
use std::collections::VecDeque;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::{Relation, SpecOutline, State};
use trueup_text::Span;

declare_rule! {
    DEPENDENCY_CYCLE = "dependency-cycle" in "relations", page "dependency_cycle.md",
    "specs depend on each other in a circle",
    Specs, Levels::WARNING, check
}

/// So many specs are looked into from each one: a circle that is longer is nobody's mistake of the day, and
/// the cost stays linear.
const MOST: usize = 256;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    // Which of several specs in a file another one means cannot be told.
    let [spec] = cx.specs else { return };
    if spec.state.state == State::Superseded {
        return;
    }
    let links = links(spec, Relation::DependsOn);
    out.looked_at(links.len());
    if let Some(circle) = circle(cx, &links) {
        out.push(report(spec.name().unwrap_or(""), cx, &circle));
    }
}

/// A step of a search: a spec, the place in the one before that leads to it, and the step before.
struct Step<'a> {
    outline: &'a SpecOutline,
    link: usize,
    /// Where the spec before names this one.
    place: Span,
    before: Option<usize>,
}

/// The shortest way back to the file, from the link that it begins with.
struct Circle<'s, 'a> {
    first: &'s Link<'s>,
    /// The other specs on it, with the place in each that leads on.
    others: Vec<(&'a SpecOutline, Span)>,
}

fn circle<'s, 'a>(cx: &FileCx<'a>, links: &'s [Link<'s>]) -> Option<Circle<'s, 'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut queue = VecDeque::new();
    for (index, link) in links.iter().enumerate() {
        let Some(outline) = single(cx, cx.path, link.target) else { continue };
        if seen.insert(&outline.path) {
            queue.push_back(steps.len());
            steps.push(Step { outline, link: index, place: link.span, before: None });
        }
    }
    while let Some(at) = queue.pop_front() {
        let (outline, link) = (steps[at].outline, steps[at].link);
        // A spec that was replaced holds nobody up.
        if outline.state == State::Superseded {
            continue;
        }
        for (_, target, place) in outline.relations.iter().filter(|(r, ..)| *r == Relation::DependsOn) {
            let Some(next) = single(cx, &outline.path, target) else { continue };
            if next.path == cx.path {
                let others = way(&steps, at, *place);
                return links.get(link).map(|first| Circle { first, others });
            }
            if seen.len() < MOST && seen.insert(&next.path) {
                queue.push_back(steps.len());
                steps.push(Step { outline: next, link, place: *place, before: Some(at) });
            }
        }
    }
    None
}

fn way<'a>(steps: &[Step<'a>], last: usize, back: Span) -> Vec<(&'a SpecOutline, Span)> {
    let mut out = Vec::new();
    let mut leads_on = back;
    let mut at = Some(last);
    while let Some(step) = at.and_then(|at| steps.get(at)) {
        out.push((step.outline, leads_on));
        leads_on = step.place;
        at = step.before;
    }
    out.reverse();
    out
}

fn report(own: &str, cx: &FileCx<'_>, circle: &Circle<'_, '_>) -> Report {
    let own = if own.is_empty() { cx.path } else { own };
    let names = circle.others.iter().map(|(outline, _)| called(outline));
    let whole: Vec<String> =
        std::iter::once(format!("`{own}`")).chain(names).chain([format!("`{own}`")]).collect();
    let mut report = circle
        .first
        .report(format!("the specs wait for each other: {}", whole.join(" → ")))
        .hint("take one of these out, or give what both need a spec of its own")
        .subject(format!("circle {}", whole.join(" ")));
    for (outline, place) in circle.others.iter().take(20) {
        report =
            report.related(outline.path.as_str(), *place, format!("{} goes on from here", called(outline)));
    }
    report
}
