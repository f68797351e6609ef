use std::fmt;
use trueup_model::State;

/// How much a finding matters in the state that its spec is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing; never fails a check by default.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended: `check` exits with 1.
    Error,
}

impl Level {
    /// The level's name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of a name.
    pub fn from_name(name: &str) -> Option<Level> {
        [Level::Off, Level::Info, Level::Warning, Level::Error].into_iter().find(|level| level.name() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A level for each state of a spec.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Levels {
    /// In the order of [`State::ALL`].
    pub by_state: [Level; 6],
}

impl Levels {
    /// Levels for Draft, In review, Accepted, Implemented, Parked and Superseded.
    pub const fn new(by_state: [Level; 6]) -> Levels {
        Levels { by_state }
    }

    /// The same level in every state.
    pub const fn always(level: Level) -> Levels {
        Levels { by_state: [level; 6] }
    }

    /// Grows with the state: hint in a Draft, warning in review, error once accepted; silent after its life.
    pub const RISING: Levels =
        Levels::new([Level::Info, Level::Warning, Level::Error, Level::Error, Level::Off, Level::Off]);

    /// A rule of at least 80 % precision: hint in a Draft, warning from review on.
    pub const WARNING: Levels =
        Levels::new([Level::Info, Level::Warning, Level::Warning, Level::Warning, Level::Off, Level::Off]);

    /// Wrong in any state of a living document.
    pub const ERROR: Levels =
        Levels::new([Level::Error, Level::Error, Level::Error, Level::Error, Level::Warning, Level::Info]);

    /// Worth knowing while the document lives.
    pub const INFO: Levels =
        Levels::new([Level::Info, Level::Info, Level::Info, Level::Info, Level::Off, Level::Off]);

    /// The level in a state.
    pub fn of(&self, state: State) -> Level {
        self.by_state[state as usize]
    }

    /// Sets the level of one state.
    pub fn set(&mut self, state: State, level: Level) {
        self.by_state[state as usize] = level;
    }
}
