//! Rules of the group `relations`: what specs say about each other.

mod accepted_depends_on_draft;
mod dependency_cycle;
mod parked_without_revisit;
mod superseded_one_way;

use trueup_finding::{FileCx, Report, Rule};
use trueup_model::{Head, HeaderPlace, Relation, Spec, SpecOutline, State, StateSource, Target};
use trueup_text::Span;

pub(crate) const RULES: &[&Rule] = &[
    &accepted_depends_on_draft::ACCEPTED_DEPENDS_ON_DRAFT,
    &dependency_cycle::DEPENDENCY_CYCLE,
    &parked_without_revisit::PARKED_WITHOUT_REVISIT,
    &superseded_one_way::SUPERSEDED_ONE_WAY,
];

/// A place where a spec says how it is related to something.
struct Link<'s> {
    target: &'s Target,
    span: Span,
    in_sidecar: bool,
}

impl Link<'_> {
    fn report(&self, message: String) -> Report {
        let report = Report::new(self.span, message);
        if self.in_sidecar { report.in_sidecar() } else { report }
    }
}

/// What a spec is related to in one way, each target once.
fn links(spec: &Spec, relation: Relation) -> Vec<Link<'_>> {
    let facts = &spec.facts;
    let named = facts.references.iter().filter(|r| r.relation == relation);
    let mut out: Vec<Link<'_>> =
        named.map(|r| Link { target: &r.target, span: r.span, in_sidecar: r.in_sidecar }).collect();
    if relation == Relation::DependsOn {
        for dependency in &facts.dependencies.depends_on {
            let in_sidecar = spec
                .header
                .iter()
                .any(|f| f.place == HeaderPlace::Sidecar && f.field.value_span.contains(dependency.span));
            for target in &dependency.targets {
                if !out.iter().any(|link| link.target == target) {
                    out.push(Link { target, span: dependency.span, in_sidecar });
                }
            }
        }
    }
    out
}

/// The one spec that a target leads to from a file; none where it leads nowhere, to several, to a file with
/// several specs, or back to the same file.
fn single<'a>(cx: &FileCx<'a>, from: &str, target: &Target) -> Option<&'a SpecOutline> {
    let heads: Vec<&Head> = cx.corpus.resolve(from, target);
    let [head] = heads.as_slice() else { return None };
    if *head.path == *from {
        return None;
    }
    match cx.others.outlines(&head.path) {
        [outline] => Some(outline),
        _ => None,
    }
}

/// What to call another spec in a message: its ID and, where that is only a number, its title.
fn called(outline: &SpecOutline) -> String {
    format!("`{}`", outline.name)
}

/// The state that a spec's header says; none where it says nothing that can be told.
fn written_state(spec: &Spec) -> Option<State> {
    (spec.state.source == StateSource::Header && !spec.state.unknown).then_some(spec.state.state)
}
