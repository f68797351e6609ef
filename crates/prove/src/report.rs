//! What a proof of migrations found, as plain data.

use trueup_sql::Phase;

/// A proof of a chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The version of the server: `15.4`.
    pub server: String,
    /// The files, in the order in which they ran.
    pub files: Vec<FileReport>,
    /// What the chain needs and does not create, in the order in which it was missed.
    pub prerequisites: Vec<Prerequisite>,
    /// Statements of all files that ran.
    pub statements: usize,
    /// Kill points that were tried, all files; the number of statements, where kill points were asked for and every
    /// file ran.
    pub kill_points: usize,
    /// Why the proof ended before its end.
    pub stopped: Option<Stopped>,
    /// Milliseconds, all in all.
    pub millis: f64,
}

impl Report {
    /// The verdict on the chain: the worst of its files, and none for a chain without files.
    pub fn verdict(&self) -> Verdict {
        let is = |verdict| self.files.iter().any(|file| file.verdict == verdict);
        match () {
            () if is(Verdict::Contradicted) => Verdict::Contradicted,
            () if is(Verdict::NotCheckable) || self.stopped.is_some() || self.files.is_empty() => {
                Verdict::NotCheckable
            }
            () => Verdict::Proven,
        }
    }

    /// SQL that makes what the chain needs and does not create, one statement a line, to be declared once.
    pub fn stub_sql(&self) -> String {
        let stubs = self.prerequisites.iter().filter(|needed| !needed.declared);
        stubs.filter_map(|needed| needed.stub.as_deref()).map(|stub| format!("{stub}\n")).collect()
    }
}

/// A verdict on a file or a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Everything that was asked was tried, and nothing contradicts what is claimed.
    Proven,
    /// Something that was run contradicts a claim, or the file does not run.
    Contradicted,
    /// Something could not be tried; the reason is given.
    NotCheckable,
}

impl Verdict {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::Contradicted => "contradicted",
            Verdict::NotCheckable => "not checkable",
        }
    }
}

/// Why a proof ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The file that was being tried.
    pub path: String,
    /// The line of the statement that ran last, where one ran.
    pub line: Option<u32>,
    /// Why.
    pub why: StoppedWhy,
    /// What the server or the system said.
    pub message: String,
}

/// Why a proof ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedWhy {
    /// The server is gone.
    ServerLost,
    /// There is no room left on the server's disk, or no memory.
    Exhausted,
    /// The caller asked for it.
    Asked,
    /// The server refused what the prover itself needs.
    Refused,
}

/// What was found on one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileReport {
    /// Its path, as given.
    pub path: String,
    /// Its version, as written.
    pub version: String,
    /// Its slug.
    pub slug: String,
    /// Its statements.
    pub statements: usize,
    /// Milliseconds of its first run.
    pub millis: f64,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is not checkable.
    pub reason: Option<String>,
    /// Whether it is claimed that it can be run again.
    pub claims_idempotent: bool,
    /// Whether Expand → Migrate → Contract is claimed.
    pub claims_phases: bool,
    /// What was tried, in the order of [`CheckKind`].
    pub checks: Vec<Check>,
}

impl FileReport {
    /// The check of a kind.
    pub fn check(&self, kind: CheckKind) -> Option<&Check> {
        self.checks.iter().find(|check| check.kind == kind)
    }

    /// The problems of all checks.
    pub fn problems(&self) -> impl Iterator<Item = (&Check, &Problem)> {
        self.checks.iter().flat_map(|check| check.problems.iter().map(move |problem| (check, problem)))
    }
}

/// Sorts of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckKind {
    /// What the file needs and the chain does not create.
    Prerequisites,
    /// It runs on its predecessors.
    FirstRun,
    /// It runs on tables that hold rows.
    WithRows,
    /// It runs again at once and changes nothing.
    Rerun,
    /// It runs again at the head of the chain and changes nothing.
    AtHead,
    /// Killed after each statement, it runs again and ends as if it had not been killed.
    KillPoints,
    /// Its phases: expand, migrate, contract.
    Phases,
    /// What the version before it does still works.
    OldVersion,
    /// Locks that it takes.
    Locks,
}

impl CheckKind {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            CheckKind::Prerequisites => "prerequisites",
            CheckKind::FirstRun => "first run",
            CheckKind::WithRows => "with rows",
            CheckKind::Rerun => "rerun",
            CheckKind::AtHead => "at head",
            CheckKind::KillPoints => "kill points",
            CheckKind::Phases => "phases",
            CheckKind::OldVersion => "old version",
            CheckKind::Locks => "locks",
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was tried, and holds.
    Proven,
    /// It was tried, and does not hold; and it is claimed.
    Contradicted,
    /// It was tried, and does not hold or is only worth knowing; nobody claims it.
    Information,
    /// There was nothing to try it on.
    Vacuous,
    /// It could not be tried; see the note.
    NotCheckable,
    /// It has no meaning for this file; see the note.
    NotApplicable,
}

impl Outcome {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Proven => "proven",
            Outcome::Contradicted => "contradicted",
            Outcome::Information => "information",
            Outcome::Vacuous => "vacuous",
            Outcome::NotCheckable => "not checkable",
            Outcome::NotApplicable => "not applicable",
        }
    }
}

/// A check of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Which.
    pub kind: CheckKind,
    /// What came of it.
    pub outcome: Outcome,
    /// One line for people: `no-op`, `31 of 36 not recoverable when the runner commits each statement`.
    pub note: String,
    /// What is wrong, each at its line.
    pub problems: Vec<Problem>,
    /// The numbers.
    pub detail: Detail,
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It contradicts a claim.
    Contradiction,
    /// It is worth knowing.
    Information,
}

/// A problem at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it weighs.
    pub level: Level,
    /// The file, as given.
    pub path: String,
    /// The line of the statement, from 1; 1 where it is about the file as a whole.
    pub line: u32,
    /// The server's error code.
    pub sqlstate: Option<String>,
    /// What is wrong; where the server said it, in its words.
    pub message: String,
    /// The statement.
    pub statement: Option<String>,
    /// SQL that shows the problem to anybody, run where the witness says.
    pub witness: Option<String>,
    /// What mends it.
    pub mend: Option<String>,
}

/// The numbers of a check.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// There are none.
    None,
    /// Of a second run at once.
    Rerun {
        /// Statements that fail, had each of them been run in spite of those before.
        places: usize,
        /// Things that are the same as before and yet were made anew.
        recreated: Vec<Recreated>,
    },
    /// Of a run at the head.
    AtHead {
        /// Statements that fail.
        places: usize,
        /// What is no longer as later files made it.
        undone: Vec<Undone>,
    },
    /// Of kills.
    KillPoints(KillPoints),
    /// Of phases.
    Phases(PhaseCount),
    /// Of the version before.
    OldVersion(OldVersion),
    /// Of locks.
    Locks {
        /// What was taken, the strongest of each relation that was there before.
        locks: Vec<Lock>,
        /// Rows put into each table before; `None` where only modes were asked for.
        rows: Option<u64>,
        /// What others had to wait for, the longest first.
        stalls: Vec<Stall>,
        /// Milliseconds that they may have to wait.
        budget: u64,
    },
}

/// Something that was dropped and made again just as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recreated {
    /// What it is: `policy`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// Something that a run undoes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// What it is: `view`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What of it: `options`; empty where it is gone or new as a whole.
    pub field: String,
    /// As it was before the run.
    pub before: Option<String>,
    /// As it is after the run.
    pub after: Option<String>,
    /// The path of the later file that made it as it was; `None` where that cannot be told.
    pub made_by: Option<String>,
}

/// Kills of a file.
///
/// Kill point *k* of *n* is a runner that dies when statement *k* is committed and before anything else is, not even
/// its own note that the file was applied. So there are as many as there are statements; at the last one, everything is
/// done and nothing is noted. Inside a transaction of the file's own nothing is committed before its `COMMIT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KillPoints {
    /// How many there are: the number of statements.
    pub points: usize,
    /// How many were tried.
    pub tried: usize,
    /// Those after which the file does not run through, or ends elsewhere.
    pub failed: Vec<KillPoint>,
    /// How many of those were tried once more on a copy of the database.
    pub confirmed: usize,
    /// Whether the runner can be killed there: it cannot where it wraps the file in a transaction.
    pub applies: bool,
    /// Whether copies of the database had to be used, because the file does not run in one transaction.
    pub on_copies: bool,
    /// Kills inside of statements that leave something behind when they are killed.
    pub inside: Vec<InsideKill>,
}

/// A kill after which a file cannot simply be run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillPoint {
    /// After how many statements, from 1.
    pub after: usize,
    /// The line of the last statement that was committed.
    pub line: u32,
    /// The line of the statement at which the second run fails; `None` where it runs through and ends elsewhere.
    pub fails_at: Option<u32>,
    /// The server's error code.
    pub sqlstate: Option<String>,
    /// What the server says, or what is different.
    pub message: String,
}

/// A kill inside of a statement that cannot be rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsideKill {
    /// The line of the statement.
    pub line: u32,
    /// What is left behind: `index items_name_idx, invalid`.
    pub leaves: String,
    /// What came of running the file again.
    pub outcome: Outcome,
    /// What is wrong after that, or why it could not be tried.
    pub message: String,
}

/// Phases of the statements of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhaseCount {
    /// Statements that expand.
    pub expand: usize,
    /// Statements that migrate.
    pub migrate: usize,
    /// Statements that contract.
    pub contract: usize,
    /// Statements of no phase.
    pub none: usize,
    /// Line and phase of each statement; one that is of several phases by itself stands in it once for each.
    pub statements: Vec<(u32, Phase)>,
}

impl PhaseCount {
    /// Whether more than one phase is in it.
    pub fn mixed(&self) -> bool {
        [self.expand, self.migrate, self.contract].iter().filter(|count| **count > 0).count() > 1
    }
}

/// What the version before a file does, tried before and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldVersion {
    /// Statements that worked before and were tried after.
    pub tried: usize,
    /// Statements that did not work before, with the reason: nothing can be said of them.
    pub vacuous: Vec<(String, String)>,
    /// What no longer works.
    pub breaks: Vec<Break>,
}

/// A statement of the version before that no longer works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The table, view or function.
    pub object: String,
    /// In short, for people: `INSERT INTO sales (sold_on, quantity)`.
    pub shape: String,
    /// The server's error code; empty where row security only hides rows.
    pub sqlstate: String,
    /// What the server says.
    pub message: String,
    /// The column that it is about, where the server names one.
    pub column: Option<String>,
    /// The line of the statement of the file after which it fails, where that can be told.
    pub line: Option<u32>,
    /// SQL that shows it: it runs before the file and fails after it.
    pub witness: String,
    /// Why it contradicts nothing: a contracting file takes away what no version may use by then.
    pub expected: Option<String>,
}

/// A lock that a file takes on something that was there before.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    /// The relation.
    pub relation: String,
    /// What it is: `table`, `index`.
    pub kind: String,
    /// The mode as the documentation writes it ("Explicit Locking"): `ACCESS EXCLUSIVE`.
    pub mode: String,
    /// The line of the statement that takes it.
    pub line: u32,
    /// Milliseconds from the start of that statement to the commit that releases it.
    pub held: f64,
    /// Whether those who read have to wait.
    pub blocks_reads: bool,
    /// Whether those who write have to wait.
    pub blocks_writes: bool,
}

/// How long somebody else had to wait for a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Stall {
    /// The table.
    pub relation: String,
    /// Milliseconds of the longest wait of a reader.
    pub reader: f64,
    /// Milliseconds of the longest wait of a writer.
    pub writer: f64,
    /// Rows that the table held.
    pub rows: u64,
}

/// Something that the chain needs and does not create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// What it is.
    pub kind: PrerequisiteKind,
    /// Its name, as the server gives it.
    pub name: String,
    /// The file that missed it first.
    pub path: String,
    /// The line of the statement that missed it.
    pub line: u32,
    /// The server's error code.
    pub sqlstate: String,
    /// SQL that makes enough of it for the chain to go on; `None` where that cannot be told.
    pub stub: Option<String>,
    /// Whether the caller declared it.
    pub declared: bool,
    /// The later file that creates it: then the order is wrong.
    pub created_by: Option<String>,
}

/// Sorts of prerequisites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrerequisiteKind {
    /// A role.
    Role,
    /// A schema.
    Schema,
    /// A function.
    Function,
    /// A type.
    Type,
    /// An extension.
    Extension,
    /// A table or a view.
    Table,
    /// A database.
    Database,
    /// Something else.
    Other,
}

impl PrerequisiteKind {
    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            PrerequisiteKind::Role => "role",
            PrerequisiteKind::Schema => "schema",
            PrerequisiteKind::Function => "function",
            PrerequisiteKind::Type => "type",
            PrerequisiteKind::Extension => "extension",
            PrerequisiteKind::Table => "table",
            PrerequisiteKind::Database => "database",
            PrerequisiteKind::Other => "object",
        }
    }
}

/// How two schemas differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// What one of them is: `the chain`, `staging`.
    pub left: String,
    /// What the other one is.
    pub right: String,
    /// The differences; none where they are equal.
    pub changes: Vec<DriftChange>,
    /// Why they could not be compared.
    pub not_checkable: Option<String>,
    /// What had to be passed over for a dump to load, with the reason.
    pub passed_over: Vec<String>,
}

impl Drift {
    /// The verdict on the claim that they are equal.
    pub fn verdict(&self) -> Verdict {
        match (&self.not_checkable, self.changes.is_empty()) {
            (Some(_), _) => Verdict::NotCheckable,
            (None, true) => Verdict::Proven,
            (None, false) => Verdict::Contradicted,
        }
    }
}

/// A difference between two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftChange {
    /// What differs: `index`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What of it; empty where one side has it and the other has not.
    pub field: String,
    /// On the left.
    pub left: Option<String>,
    /// On the right.
    pub right: Option<String>,
}
