use super::{Link, called, links, single};
use trueup_finding::{FileCx, Level, Levels, Sink, declare_rule};
use trueup_model::{Relation, SpecOutline, State};

declare_rule! {
    SUPERSEDED_ONE_WAY = "superseded-one-way" in "relations", page "superseded_one_way.md",
    "one spec says that it takes another's place, and the other does not know",
    Specs, LEVELS, check
}

/// Whoever was replaced is Superseded, so its side of the story is worth an info there, too.
const LEVELS: Levels =
    Levels::new([Level::Info, Level::Warning, Level::Warning, Level::Warning, Level::Off, Level::Info]);

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let mut told: Vec<&str> = Vec::new();
        for link in links(spec, Relation::Supersedes) {
            let Some(old) = single(cx, cx.path, link.target) else { continue };
            if told.contains(&old.path.as_str()) || !is_statement(cx, &link) {
                continue;
            }
            told.push(&old.path);
            out.looked_at(1);
            if old.state == State::Superseded || says(cx, old, Relation::SupersededBy) {
                continue;
            }
            let state = if old.state_written {
                format!(": its status is {}", old.state.name())
            } else {
                String::new()
            };
            let report = link
                .report(format!("this spec takes the place of {}, which does not say so{state}", called(old)))
                .hint("set the other spec's status to Superseded and name this one there")
                .related(old.path.as_str(), old.span, "this spec does not say that it was replaced")
                .subject(format!("supersedes {}", old.name));
            out.push(report);
        }
        // What the history tells of a spec that was taken up again is past.
        let past = |link: &Link<'_>| {
            let told = spec.facts.changelog.iter().any(|entry| entry.span.contains(link.span));
            told && !link.in_sidecar && spec.state.state != State::Superseded
        };
        for link in links(spec, Relation::SupersededBy).into_iter().filter(|link| !past(link)) {
            let Some(new) = single(cx, cx.path, link.target) else { continue };
            if told.contains(&new.path.as_str()) {
                continue;
            }
            told.push(&new.path);
            out.looked_at(1);
            if says(cx, new, Relation::Supersedes) {
                continue;
            }
            let report = link
                .report(format!("{} takes this spec's place, but does not name it as replaced", called(new)))
                .hint("say in the other spec that it supersedes this one")
                .related(new.path.as_str(), new.span, "this spec does not say what it replaces")
                .subject(format!("superseded by {}", new.name))
                .at_most(Level::Info);
            out.push(report);
        }
    }
}

/// Whether another spec says of this file what it is to it.
fn says(cx: &FileCx<'_>, other: &SpecOutline, relation: Relation) -> bool {
    let targets = other.relations.iter().filter(|(r, ..)| *r == relation).map(|(_, target, _)| target);
    targets
        .into_iter()
        .any(|target| cx.corpus.resolve(&other.path, target).iter().any(|h| *h.path == *cx.path))
}

/// Whether the words in front of a link speak of specs. "One rule replaces EIP-7" speaks of what is in them.
fn is_statement(cx: &FileCx<'_>, link: &Link<'_>) -> bool {
    if link.in_sidecar {
        return true;
    }
    let before = cx.text().get(..link.span.start as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("").to_lowercase();
    let bare = line.trim_start_matches(|c: char| !c.is_alphabetic());
    // A label on a line of its own, and a list below it.
    bare.is_empty() || line.contains("supersed") || line.contains("obsolet") || bare.starts_with("replace")
}
