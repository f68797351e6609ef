use super::{called, links, single, written_state};
use trueup_finding::{FileCx, Levels, Sink, declare_rule};
use trueup_model::{Relation, State};

declare_rule! {
    ACCEPTED_DEPENDS_ON_DRAFT = "accepted-depends-on-draft" in "relations", page "accepted_depends_on_draft.md",
    "an accepted spec depends on one that is still a draft",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let Some(state) = written_state(spec) else { continue };
        if !matches!(state, State::Accepted | State::Implemented) {
            continue;
        }
        let mut told: Vec<&str> = Vec::new();
        for link in links(spec, Relation::DependsOn) {
            let Some(other) = single(cx, cx.path, link.target) else { continue };
            out.looked_at(1);
            let open = other.state_written && matches!(other.state, State::Draft | State::InReview);
            if !open || told.contains(&other.path.as_str()) {
                continue;
            }
            told.push(&other.path);
            let message = format!(
                "this spec is {}, but it depends on {}, which is {}",
                state.name(),
                called(other),
                if other.state == State::Draft { "a Draft" } else { "still in review" }
            );
            let report = link
                .report(message)
                .hint("decide about the other spec first, correct its status, or take the dependency out")
                .related(other.path.as_str(), other.span, "this is what it depends on")
                .subject(format!("depends on {}", other.name));
            out.push(report);
        }
    }
}
