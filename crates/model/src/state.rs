use std::fmt;
use trueup_text::Span;

/// Where a spec stands in its life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Being written.
    Draft,
    /// Offered for review; also where the state is not known.
    InReview,
    /// Agreed on.
    Accepted,
    /// Built.
    Implemented,
    /// Put aside.
    Parked,
    /// Replaced, withdrawn or rejected.
    Superseded,
}

impl State {
    /// All states in the order of a spec's life.
    pub const ALL: [State; 6] = [
        State::Draft,
        State::InReview,
        State::Accepted,
        State::Implemented,
        State::Parked,
        State::Superseded,
    ];

    /// The state's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            State::Draft => "Draft",
            State::InReview => "In review",
            State::Accepted => "Accepted",
            State::Implemented => "Implemented",
            State::Parked => "Parked",
            State::Superseded => "Superseded",
        }
    }

    /// The state's key in `trueup.toml`.
    pub fn key(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::InReview => "in-review",
            State::Accepted => "accepted",
            State::Implemented => "implemented",
            State::Parked => "parked",
            State::Superseded => "superseded",
        }
    }

    /// The state of a key or a name, in any case.
    pub fn from_key(key: &str) -> Option<State> {
        let key = key.trim().to_lowercase().replace([' ', '_'], "-");
        State::ALL.into_iter().find(|state| state.key() == key)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StateSource {
    /// A field of the header, of the front matter or of the sidecar.
    Header,
    /// The folder that the spec lies in.
    Folder,
    /// Nothing: In review is assumed.
    Assumed,
}

/// A spec's state and where it was read.
#[derive(Clone, Debug)]
pub struct StateFact {
    /// The state that decides levels.
    pub state: State,
    /// What said so.
    pub source: StateSource,
    /// The words of the header, if it has a status.
    pub text: Option<String>,
    /// Where they stand.
    pub span: Option<Span>,
    /// Whether the status stands in the sidecar and not in the document.
    pub in_sidecar: bool,
    /// Whether the header has a status whose word is not known.
    pub unknown: bool,
    /// What the folder says, if it says anything.
    pub folder: Option<State>,
    /// Whether the status says that the document went elsewhere ("Moved").
    pub moved: bool,
}
