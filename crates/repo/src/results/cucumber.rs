//! Cucumber messages: one JSON value a line, as Cucumber's formatter `message` writes them.

use super::{ReportError, open, said};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::{Outcome, TestResult};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    pickle: Option<Pickle>,
    test_case: Option<TestCase>,
    test_case_started: Option<Started>,
    test_step_finished: Option<StepFinished>,
    test_case_finished: Option<Finished>,
    gherkin_document: Option<GherkinDocument>,
    test_run_finished: Option<RunFinished>,
}

#[derive(Deserialize)]
struct GherkinDocument {
    uri: Option<String>,
    feature: Option<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Pickle {
    id: String,
    #[serde(default)]
    uri: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TestCase {
    id: String,
    pickle_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    id: String,
    test_case_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StepFinished {
    test_case_started_id: String,
    test_step_result: StepResult,
}

#[derive(Deserialize)]
struct StepResult {
    status: String,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finished {
    test_case_started_id: String,
    #[serde(default)]
    will_be_retried: bool,
}

#[derive(Deserialize)]
struct RunFinished {
    success: Option<bool>,
}

/// One attempt at a scenario.
struct Attempt {
    case: String,
    outcome: Option<Outcome>,
    message: String,
    finished: bool,
    retried: bool,
    line: u32,
}

#[derive(Default)]
struct Run {
    features: HashMap<String, String>,
    pickles: HashMap<String, Pickle>,
    cases: HashMap<String, String>,
    attempts: Vec<Attempt>,
    by_id: HashMap<String, usize>,
    /// The line of the end of the run, and whether it says that the run failed.
    end: Option<(u32, bool)>,
}

/// The scenarios of a report with what came of them. `shown` is what the report is called in messages.
///
/// A scenario's tags say what it proves. An attempt that was repeated does not count; one that was not
/// brought to its end has failed, as has a step that is undefined, pending or ambiguous.
pub fn read_cucumber(path: &Path, shown: &str) -> Result<Vec<TestResult>, ReportError> {
    parse(open(path, shown)?, shown)
}

pub(super) fn parse(mut source: impl BufRead, shown: &str) -> Result<Vec<TestResult>, ReportError> {
    let mut run = Run::default();
    let mut text = String::new();
    let mut line = 0_u32;
    let malformed = |line: u32, why: String| {
        Err(ReportError::Malformed { path: shown.to_owned(), line, what: "stream of Cucumber messages", why })
    };
    loop {
        text.clear();
        line = line.saturating_add(1);
        match source.read_line(&mut text) {
            Ok(0) => break,
            Ok(_) if text.trim().is_empty() => continue,
            Ok(_) => {}
            Err(error) => return malformed(line, error.to_string()),
        }
        if text.trim_start().starts_with('[') {
            let why = "it is the old JSON format; run Cucumber with the formatter `message`";
            return malformed(line, why.to_owned());
        }
        match serde_json::from_str::<Envelope>(&text) {
            Ok(envelope) => {
                if let Err(why) = run.take(envelope, line) {
                    return malformed(line, why);
                }
            }
            Err(error) => return malformed(line, error.to_string()),
        }
    }
    let Some((end, failed)) = run.end else {
        return malformed(
            line,
            "it ends before the run does: it was interrupted, or the file was cut".to_owned(),
        );
    };
    let results = match run.results(&Arc::from(shown)) {
        Ok(results) => results,
        Err((line, why)) => return malformed(line, why),
    };
    // A hook around the run failed, or the scenarios were written elsewhere.
    if failed && !results.iter().any(|result| result.outcome == Outcome::Failed) {
        let why =
            "it says that the run failed, and no scenario in it did: something around the scenarios failed";
        return malformed(end, why.to_owned());
    }
    Ok(results)
}

impl Run {
    fn take(&mut self, envelope: Envelope, line: u32) -> Result<(), String> {
        if let Some(GherkinDocument { uri: Some(uri), feature: Some(feature) }) = envelope.gherkin_document {
            self.features.insert(uri, feature.name);
        }
        if let Some(pickle) = envelope.pickle {
            self.pickles.insert(pickle.id.clone(), pickle);
        }
        if let Some(case) = envelope.test_case {
            self.cases.insert(case.id, case.pickle_id);
        }
        if let Some(started) = envelope.test_case_started {
            self.by_id.insert(started.id, self.attempts.len());
            let attempt = Attempt {
                case: started.test_case_id,
                outcome: None,
                message: String::new(),
                finished: false,
                retried: false,
                line,
            };
            self.attempts.push(attempt);
        }
        if let Some(step) = envelope.test_step_finished {
            self.attempt(&step.test_case_started_id)?.step(&step.test_step_result);
        }
        if let Some(finished) = envelope.test_case_finished {
            let attempt = self.attempt(&finished.test_case_started_id)?;
            attempt.finished = true;
            attempt.retried = finished.will_be_retried;
        }
        if let Some(run) = envelope.test_run_finished {
            self.end = Some((line, run.success == Some(false)));
        }
        Ok(())
    }

    fn attempt(&mut self, id: &str) -> Result<&mut Attempt, String> {
        let found = self.by_id.get(id).and_then(|at| self.attempts.get_mut(*at));
        found.ok_or_else(|| format!("the attempt `{id}` was never begun: lines are missing"))
    }

    /// The results; where one cannot be told, its line and why.
    fn results(&self, shown: &Arc<str>) -> Result<Vec<TestResult>, (u32, String)> {
        let counted = self.attempts.iter().filter(|attempt| !attempt.retried);
        counted.map(|attempt| self.result(attempt, shown).map_err(|why| (attempt.line, why))).collect()
    }

    fn result(&self, attempt: &Attempt, shown: &Arc<str>) -> Result<TestResult, String> {
        let case = &attempt.case;
        let unknown = |what: &str, id: &str| format!("there is no {what} `{id}`: lines are missing");
        let id = self.cases.get(case).ok_or_else(|| unknown("test case", case))?;
        let pickle = self.pickles.get(id).ok_or_else(|| unknown("scenario", id))?;
        let feature = self.features.get(&pickle.uri).unwrap_or(&pickle.uri);
        // A scenario without steps has shown nothing.
        let outcome = match attempt.finished {
            true => attempt.outcome.unwrap_or(Outcome::Skipped),
            false => Outcome::Failed,
        };
        Ok(TestResult {
            name: pickle.name.clone(),
            suites: [feature.clone()].into_iter().filter(|f| !f.is_empty()).collect(),
            cites: pickle.tags.iter().map(|tag| tag.name.clone()).collect(),
            outcome,
            message: attempt.message.clone(),
            source: Arc::clone(shown),
            line: attempt.line,
        })
    }
}

impl Attempt {
    fn step(&mut self, result: &StepResult) {
        let outcome = match result.status.as_str() {
            "PASSED" => Outcome::Passed,
            "SKIPPED" => Outcome::Skipped,
            _ => Outcome::Failed,
        };
        if outcome == Outcome::Failed && self.message.is_empty() {
            let what = result.message.as_deref().map(said).filter(|m| !m.is_empty());
            self.message = what.unwrap_or_else(|| format!("a step is {}", result.status.to_lowercase()));
        }
        self.outcome = Some(self.outcome.map_or(outcome, |known| known.max(outcome)));
    }
}
