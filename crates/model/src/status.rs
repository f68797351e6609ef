use crate::state::State;

/// A status as people write it, and the state that it means.
#[derive(Clone, Debug)]
pub struct StatusWords {
    /// Words in lower case with their state; longer ones are tried first.
    words: Vec<(String, State)>,
}

/// Common words for each state. A team's own come before them.
const BUILT_IN: &[(State, &[&str])] = &[
    (
        State::Draft,
        &[
            "draft",
            "wip",
            "work in progress",
            "provisional",
            "idea",
            "planned",
            "not started",
            "outline",
            "stub",
            "initial draft",
        ],
    ),
    (
        State::InReview,
        &[
            "in review",
            "review",
            "under review",
            "ready for review",
            "proposed",
            "proposal",
            "last call",
            "open",
            "request for comments",
            "pending approval",
            "pending",
            "for review",
            "awaiting review",
            "in discussion",
        ],
    ),
    (
        State::Accepted,
        &[
            "accepted",
            "approved",
            "active",
            "living",
            "implementable",
            "ready for implementation",
            "ready to implement",
            "ready",
            "agreed",
            "decided",
            "ratified",
            "adopted",
            "in progress",
            "in implementation",
            "implementing",
            "in development",
            "under development",
            "partially implemented",
            "partial",
            "partially complete",
            "ongoing",
        ],
    ),
    (
        State::Implemented,
        &[
            "implemented",
            "done",
            "complete",
            "completed",
            "final",
            "shipped",
            "released",
            "deployed",
            "delivered",
            "live",
            "fully implemented",
            "merged",
        ],
    ),
    (
        State::Parked,
        &["parked", "deferred", "on hold", "stagnant", "postponed", "paused", "blocked", "backlog", "future"],
    ),
    (
        State::Superseded,
        &[
            "superseded",
            "withdrawn",
            "rejected",
            "deprecated",
            "obsolete",
            "replaced",
            "retired",
            "archived",
            "abandoned",
            "cancelled",
            "canceled",
            "declined",
            "moved",
            "removed",
            "closed",
        ],
    ),
];

impl Default for StatusWords {
    fn default() -> StatusWords {
        StatusWords::new(Vec::new())
    }
}

impl StatusWords {
    /// The built-in words and a team's own.
    pub fn new(own: Vec<(String, State)>) -> StatusWords {
        let mut words: Vec<(String, State)> = own.into_iter().map(|(w, s)| (simplify(&w), s)).collect();
        for (state, list) in BUILT_IN {
            words.extend(list.iter().map(|w| ((*w).to_owned(), *state)));
        }
        // Stable: of equal words the team's own comes first.
        words.sort_by_key(|(w, _)| std::cmp::Reverse(w.len()));
        StatusWords { words }
    }

    /// The state of a status. What follows the word ("Implemented (2026-07-08)") does not count.
    pub fn state_of(&self, status: &str) -> Option<State> {
        // Whatever follows the longest word changes nothing.
        let longest = self.words.first().map_or(0, |(word, _)| word.len());
        let status = simplify_front(status, longest + 1);
        self.words
            .iter()
            .find(|(word, _)| {
                status
                    .strip_prefix(word.as_str())
                    .is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
            })
            .map(|(_, state)| *state)
    }

    /// How common a word is for its state, the commonest 0; none where it is not known. A team's own words come
    /// before all others.
    pub fn rank(&self, status: &str) -> Option<usize> {
        let state = self.state_of(status)?;
        let simple = simplify(status);
        let built_in = BUILT_IN.iter().find(|(of, _)| *of == state).map(|(_, words)| *words)?;
        let place = built_in.iter().position(|word| *word == simple);
        Some(place.map_or(built_in.len() + 1, |at| at + 1)).map(|at| {
            let own = self.words.iter().filter(|(word, of)| *word == simple && *of == state).count();
            let known = usize::from(place.is_some());
            if own > known { 0 } else { at }
        })
    }

    /// All words, for suggestions.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(w, _)| w.as_str())
    }
}

/// Lower case, marks in front gone, hyphens and underscores as spaces.
fn simplify(status: &str) -> String {
    simplify_front(status, usize::MAX)
}

/// [`simplify`] as far as so many bytes, if there are as many.
fn simplify_front(status: &str, least: usize) -> String {
    let bare = status.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut out = String::new();
    let mut space = false;
    for c in bare.chars().flat_map(char::to_lowercase) {
        if out.len() >= least {
            break;
        }
        if matches!(c, ' ' | '-' | '_') {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// What a folder's name says of the specs in it.
pub fn folder_state(folder: &str) -> Option<State> {
    match folder.to_lowercase().as_str() {
        "implemented" | "done" | "completed" | "shipped" | "released" => Some(State::Implemented),
        "accepted" | "approved" => Some(State::Accepted),
        "draft" | "drafts" | "proposed" | "proposals" => Some(State::Draft),
        "in-review" | "review" => Some(State::InReview),
        "parked" | "deferred" | "on-hold" => Some(State::Parked),
        "archived" | "archive" | "superseded" | "deprecated" | "rejected" | "withdrawn" | "obsolete" => {
            Some(State::Superseded)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_with_what_hangs_on_them() {
        let words = StatusWords::default();
        for (status, state) in [
            ("Implemented (2026-07-08, all 3 phases)", Some(State::Implemented)),
            ("✅ Complete", Some(State::Implemented)),
            ("Accepted (MVP) — 2025-09-20", Some(State::Accepted)),
            ("in-implementation (customers module)", Some(State::Accepted)),
            ("In Progress — Phases 1-2", Some(State::Accepted)),
            ("Partially Implemented", Some(State::Accepted)),
            ("Draft (rev 5)", Some(State::Draft)),
            ("Last Call", Some(State::InReview)),
            ("Aproved", None),
            ("Drafty", None),
            ("", None),
        ] {
            assert_eq!(words.state_of(status), state, "{status}");
        }
        let own =
            StatusWords::new(vec![("Frozen".into(), State::Accepted), ("Final".into(), State::Accepted)]);
        assert_eq!(own.state_of("frozen"), Some(State::Accepted));
        assert_eq!(own.state_of("Final"), Some(State::Accepted));
    }
}
