use trueup_model::State;

/// A change of a spec's state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Offer a draft for review.
    Submit,
    /// Agree on it.
    Accept,
    /// Say that it is built.
    Implement,
    /// Put it aside.
    Park,
    /// Say that another spec takes its place.
    Supersede,
    /// Take it up again.
    Reopen,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 6] =
        [Action::Submit, Action::Accept, Action::Implement, Action::Park, Action::Supersede, Action::Reopen];

    /// The command.
    pub fn key(self) -> &'static str {
        match self {
            Action::Submit => "submit",
            Action::Accept => "accept",
            Action::Implement => "implement",
            Action::Park => "park",
            Action::Supersede => "supersede",
            Action::Reopen => "reopen",
        }
    }

    /// The states that it starts from.
    pub fn from(self) -> &'static [State] {
        match self {
            Action::Submit => &[State::Draft],
            Action::Accept => &[State::Draft, State::InReview],
            Action::Implement => &[State::Accepted],
            Action::Park => &[State::Draft, State::InReview, State::Accepted],
            Action::Supersede => {
                &[State::Draft, State::InReview, State::Accepted, State::Implemented, State::Parked]
            }
            Action::Reopen => &[State::Parked, State::Accepted, State::Implemented, State::Superseded],
        }
    }

    /// The state that it leads to; [`Action::Reopen`] may lead back to where a parked spec was.
    pub fn to(self) -> State {
        match self {
            Action::Submit => State::InReview,
            Action::Accept => State::Accepted,
            Action::Implement => State::Implemented,
            Action::Park => State::Parked,
            Action::Supersede => State::Superseded,
            Action::Reopen => State::Draft,
        }
    }

    /// What has to hold before it.
    pub fn gate(self) -> Option<Gate> {
        match self {
            Action::Submit => Some(Gate::Submit),
            Action::Accept => Some(Gate::Accept),
            Action::Implement => Some(Gate::Implement),
            Action::Park | Action::Supersede | Action::Reopen => None,
        }
    }
}

/// What has to hold before a spec may go on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Gate {
    /// Before it is offered for review.
    Submit,
    /// Before it is agreed on.
    Accept,
    /// Before it counts as built.
    Implement,
}

impl Gate {
    /// Its name, which is that of its command.
    pub fn name(self) -> &'static str {
        self.action().key()
    }

    /// The command that it guards.
    pub fn action(self) -> Action {
        match self {
            Gate::Submit => Action::Submit,
            Gate::Accept => Action::Accept,
            Gate::Implement => Action::Implement,
        }
    }

    /// The state that levels are taken from.
    pub fn state(self) -> State {
        self.action().to()
    }

    /// The gate that a spec of a state comes to next.
    pub fn next_of(state: State) -> Option<Gate> {
        match state {
            State::Draft => Some(Gate::Submit),
            State::InReview => Some(Gate::Accept),
            State::Accepted => Some(Gate::Implement),
            State::Implemented | State::Parked | State::Superseded => None,
        }
    }
}
