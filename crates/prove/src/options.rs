//! What is asked of a proof.

/// What is asked of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether each file is killed after each of its statements.
    pub kill_points: bool,
    /// Rows to put into each table before a file runs, to measure how long others wait; `None` for lock modes only.
    pub rows: Option<u64>,
    /// Milliseconds that others may have to wait for a lock.
    pub lock_budget: u64,
    /// Milliseconds after which a statement is broken off.
    pub statement_timeout: u64,
    /// SQL that makes what the chain needs and does not create; it runs on the empty database.
    pub stubs: String,
    /// Rows for tables of which none can be guessed, as SQL.
    pub sample_rows: Vec<(String, String)>,
    /// What is claimed of each file, in the order of the chain; the last one holds for those that follow.
    pub claims: Vec<Claims>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            kill_points: true,
            rows: None,
            lock_budget: 2_000,
            statement_timeout: 60_000,
            stubs: String::new(),
            sample_rows: Vec::new(),
            claims: Vec::new(),
        }
    }
}

impl Options {
    /// What is claimed of a file, by its place in the chain.
    pub fn claims_of(&self, place: usize) -> Claims {
        self.claims.get(place).or(self.claims.last()).copied().unwrap_or_default()
    }
}

/// What a spec or the configuration claims of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// It can be run again: at once, at the head of the chain, and after a kill.
    pub idempotent: bool,
    /// Expand → Migrate → Contract: a file is of one phase, and the version before it goes on working.
    pub phases: bool,
}

/// Where a proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The place of the file in the chain, from 0.
    pub file: usize,
    /// How many files there are.
    pub files: usize,
    /// The path of the file.
    pub path: &'a str,
    /// What is being done: `first run`, `kill points`.
    pub step: &'static str,
}
