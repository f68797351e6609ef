use std::sync::Arc;

/// The outcome of a test.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It was left out.
    Skipped,
    /// It failed, or could not be run to its end.
    Failed,
}

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
        }
    }
}

/// A test in a report of a run: JUnit XML, Cucumber messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestResult {
    /// Its own name.
    pub name: String,
    /// The suites, classes or features around it, the outermost first.
    pub suites: Vec<String>,
    /// What it says that it proves: values of `spec` properties, and tags.
    pub cites: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// What a failure said, shortened.
    pub message: String,
    /// The report, as it was named.
    pub source: Arc<str>,
    /// The line in the report, from 1.
    pub line: u32,
}
