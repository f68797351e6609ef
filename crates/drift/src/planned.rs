//! Tests that a spec plans ↔ tests of the code.

use crate::manifest::Places;
use crate::migrations::at;
use crate::names::fold;
use crate::{Difference, Drifted, Row, Subject, unread};
use trueup_codebase::{CodeKind, Codebase, TestCase, closest};
use trueup_model::PlannedTest;

/// Holds the tests of a spec against those of the code, by their IDs, files and titles.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let judging = Judging { subject, why: unread(subject, CodeKind::Tests), places: Places::new(subject) };
    subject.spec.facts.tests.iter().map(|test| judging.one(test)).collect()
}

struct Judging<'a> {
    subject: &'a Subject<'a>,
    /// Why tests could not be read, if they could not.
    why: Option<String>,
    places: Places<'a>,
}

impl Judging<'_> {
    fn one(&self, test: &PlannedTest) -> Drifted {
        let name = test.id.as_deref().or(test.path.as_deref()).unwrap_or(&test.text);
        let row = Row::new(CodeKind::Tests, shortened(name), test.span);
        let id = test.id.as_deref().filter(|id| !id.trim().is_empty());
        if let Some(decided) = id.and_then(|id| self.by_id(row.clone(), test, id)) {
            return decided;
        }
        if let Some(decided) = function(&test.text).and_then(|name| self.by_function(row.clone(), name)) {
            return decided;
        }
        if let Some(path) = &test.path {
            return self.places.exists(row, path);
        }
        by_title(row, test, self.subject.code.codebase())
    }

    /// A test by the name of its function; none where the code names none of its tests so.
    fn by_function(&self, row: Row, name: &str) -> Option<Drifted> {
        let tests = &self.subject.code.codebase().tests;
        let found = self.subject.code.codebase().test_index.named(tests, name);
        if let Some(first) = found.first() {
            let chosen = found.iter().find(|t| !t.skipped).unwrap_or(first);
            return Some(there(row, chosen));
        }
        let front = if name.starts_with("test_") { "test_" } else { "Test" };
        // One helper of that name is no way of naming tests.
        const LEAST: usize = 3;
        let used = tests.iter().filter(|t| t.name.starts_with(front)).take(LEAST).count() == LEAST;
        // What all names have in front makes none of them more alike.
        let bare = |name: &'_ str| name.strip_prefix(front).map(str::to_owned);
        let own = bare(name)?;
        let others: Vec<(String, &TestCase)> =
            tests.iter().filter_map(|t| Some((bare(&t.name)?, t))).collect();
        let near = closest(&own, others.iter().map(|(name, _)| name.as_str())).map(|near| near.name);
        let near = near.and_then(|near| others.iter().find(|(name, _)| name == near)).map(|(_, test)| test);
        let near = near.map(|test| (test.name.as_str(), Some(&test.place)));
        used.then(|| row.missing(near, "no test of the code has this name"))
    }

    /// None where the test's file has to tell.
    fn by_id(&self, row: Row, test: &PlannedTest, id: &str) -> Option<Drifted> {
        let code = self.subject.code.codebase();
        let found = code.test_index.with_id(&code.tests, id);
        if let Some(first) = found.first() {
            let chosen = found.iter().find(|t| !t.skipped).unwrap_or(first);
            return Some(there(row, chosen));
        }
        if let Some(path) = code.file_index.with_id(self.subject.paths, id) {
            return Some(row.proven(path, Some(&at(path)), "a file has its name"));
        }
        // Where no test at all carries an ID of this form, IDs are not what the code names its tests by.
        if test.path.is_some() && !code.test_index.uses_form(&code.tests, id) {
            return None;
        }
        Some(match &self.why {
            Some(why) => row.not_checkable(Difference::Unread, why.clone()),
            None => row.missing(None, "no test of the code names it"),
        })
    }
}

fn there(row: Row, test: &TestCase) -> Drifted {
    match test.skipped {
        false => row.proven(&test.name, Some(&test.place), "a test names it"),
        true => {
            let reason = "the test is there and switched off";
            row.contradicted(Difference::SwitchedOff, &test.name, Some(&test.place), reason)
        }
    }
}

/// The function of a test that a plan begins with: `` `test_an_order_is_cancelled_once` ``, `TestCancel`.
fn function(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let text = text.strip_prefix('`').unwrap_or(text);
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    let words =
        name.strip_prefix("test_").map(|rest| rest.split('_').filter(|word| !word.is_empty()).count());
    let capital = name.strip_prefix("Test").is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()));
    // `test_helper`, `test_orders.py`, `TestClient(app)` are something else.
    let alone = !behind.starts_with(['.', '/', '(', ':', '-']);
    (alone && (words.is_some_and(|words| words > 1) || capital && name.len() > 8)).then_some(name)
}

fn by_title(row: Row, test: &PlannedTest, code: &Codebase) -> Drifted {
    /// A shorter title says too little.
    const LEAST: usize = 8;
    let telling = fold(&test.text).len() >= LEAST;
    match code.test_index.titled(&code.tests, &test.text).filter(|_| telling) {
        Some(found) => there(row, found),
        None => row.not_checkable(Difference::Vague, "it has no ID and names no file"),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.lines().next().unwrap_or("").trim();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("").trim_end()),
        None => line.to_owned(),
    }
}
