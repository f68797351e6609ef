use std::fmt;

/// A SHA-256 digest as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Digest(pub String);

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        use sha2::Digest as _;
        let sum = sha2::Sha256::digest(bytes);
        Digest(sum.iter().map(|b| format!("{b:02x}")).collect())
    }

    /// Its first twelve digits, as they are shown and written into a spec's history.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person, as git has them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.email.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{} <{}>", self.name, self.email),
        }
    }
}

/// What a statement is about: the spec, an item of it, a commit, a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// `SPEC-012`, `SPEC-012#AC-3`, `git:commit`, or a path from the root.
    pub name: String,
    /// The digest of its content; for a commit its name in git.
    pub digest: String,
}

/// The outcome of a test.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TestOutcome {
    /// It passed.
    Passed,
    /// It failed, or could not be run.
    Failed,
    /// It was left out.
    Skipped,
}

impl TestOutcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            TestOutcome::Passed => "passed",
            TestOutcome::Failed => "failed",
            TestOutcome::Skipped => "skipped",
        }
    }

    /// The outcome that a word stands for.
    pub fn from_name(name: &str) -> Option<TestOutcome> {
        [TestOutcome::Passed, TestOutcome::Failed, TestOutcome::Skipped]
            .into_iter()
            .find(|o| o.name() == name)
    }
}

/// What a line of the ledger says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Statement {
    /// Somebody agrees to the spec as it stands.
    Approval,
    /// Somebody does not.
    Rejection {
        /// Why not.
        why: String,
    },
    /// Somebody looked at the drift of the spec at the commit among the subjects.
    Review {
        /// What they noted.
        note: String,
    },
    /// The spec went from one state to another.
    Transition {
        /// The command: `accept`, `implement` ….
        action: String,
        /// Key of the state before.
        from: String,
        /// Key of the state after.
        to: String,
    },
    /// Results of tests that prove items of the spec (the subjects).
    TestResult {
        /// Each test with what it proves (`AC-3`) and its outcome.
        tests: Vec<(String, String, TestOutcome)>,
        /// The report that it was read from.
        source: String,
    },
    /// The verdict of a prover or a policy on something.
    Verified {
        /// What was verified, by whom: `policy:tenant-columns`, `prove:migrations`.
        verifier: String,
        /// Whether it holds.
        holds: bool,
        /// What was seen.
        detail: String,
    },
    /// Something is accepted although it does not hold, for a time.
    Waiver {
        /// What is waived: `AC-3`, a rule's name, or a fingerprint.
        of: String,
        /// Who answers for it.
        owner: String,
        /// Why.
        reason: String,
        /// The last day on which it counts, as `YYYY-MM-DD`.
        expires: String,
    },
}

/// A line of a ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its line in the ledger, from 1.
    pub line: u32,
    /// The digest of the line itself: of its bytes without the newline and without the signature.
    pub digest: Digest,
    /// The lines that were the last ones when it was written; several after a merge.
    pub seen: Vec<Digest>,
    /// When, in UTC, as RFC 3339.
    pub time: String,
    /// Who.
    pub by: Person,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What it says.
    pub statement: Statement,
    /// Whether it carries a signature.
    pub signed: bool,
}

/// What is to be written into a ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEntry {
    /// Who.
    pub by: Person,
    /// When, in UTC, as RFC 3339; [`now`](crate::now) gives it.
    pub time: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What it says.
    pub statement: Statement,
}

impl Statement {
    /// One word for what kind of statement it is.
    pub fn name(&self) -> &'static str {
        match self {
            Statement::Approval => "approval",
            Statement::Rejection { .. } => "rejection",
            Statement::Review { .. } => "review",
            Statement::Transition { .. } => "transition",
            Statement::TestResult { .. } => "test-result",
            Statement::Verified { .. } => "verified",
            Statement::Waiver { .. } => "waiver",
        }
    }
}
