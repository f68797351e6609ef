//! Tests that a spec plans ↔ tests of the code.

use crate::manifest::Places;
use crate::migrations::at;
use crate::names::fold;
use crate::{Difference, Drifted, Row, Subject, unread};
use trueup_codebase::{CodeKind, TestCase, closest};
use trueup_model::PlannedTest;

/// Holds the tests of a spec against those of the code, by their IDs, files and titles.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let judging = Judging {
        subject,
        why: unread(subject, CodeKind::Tests),
        places: Places::new(subject),
        known: Known::of(subject),
    };
    subject.spec.facts.tests.iter().map(|test| judging.one(test)).collect()
}

/// The tests and files that carry IDs like those of the spec, looked up once.
struct Known<'a> {
    tests: Vec<&'a TestCase>,
    files: Vec<&'a str>,
}

impl<'a> Known<'a> {
    fn of(subject: &Subject<'a>) -> Known<'a> {
        let all = &subject.spec.facts.tests;
        let mut fronts: Vec<String> =
            all.iter().filter_map(|t| t.id.as_deref()).map(|id| plain(&front(id))).collect();
        fronts.sort_unstable();
        fronts.dedup();
        let mut known = Known { tests: Vec::new(), files: Vec::new() };
        if fronts.is_empty() {
            return known;
        }
        let carries = |text: &str| {
            let text = plain(text);
            fronts.iter().any(|front| text.contains(front.as_str()))
        };
        known.tests = subject.code.codebase().tests.iter().filter(|t| test_texts(t).any(carries)).collect();
        let code = subject.paths.files().filter(|path| !path.ends_with(".md"));
        known.files = code.filter(|path| carries(trueup_model::base_name(path))).collect();
        known.files.sort_unstable();
        known
    }
}

struct Judging<'a> {
    subject: &'a Subject<'a>,
    /// Why tests could not be read, if they could not.
    why: Option<String>,
    places: Places<'a>,
    known: Known<'a>,
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
        by_title(row, test, &self.subject.code.codebase().tests)
    }

    /// A test by the name of its function; none where the code names none of its tests so.
    fn by_function(&self, row: Row, name: &str) -> Option<Drifted> {
        let tests = &self.subject.code.codebase().tests;
        let mut found = tests.iter().filter(|t| test_texts(t).any(|text| text == name)).peekable();
        if let Some(first) = found.peek().copied() {
            let chosen = found.find(|t| !t.skipped).unwrap_or(first);
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
        let mut found =
            self.known.tests.iter().filter(|t| test_texts(t).any(|text| holds_id(text, id))).peekable();
        if let Some(first) = found.peek().copied() {
            let chosen = found.find(|t| !t.skipped).unwrap_or(first);
            return Some(there(row, chosen));
        }
        if let Some(path) = self.known.files.iter().find(|path| holds_id(trueup_model::base_name(path), id)) {
            return Some(row.proven(path, Some(&at(path)), "a file has its name"));
        }
        // Where no test at all carries an ID of this form, IDs are not what the code names its tests by.
        let front = plain(&front(id));
        let in_use = self.known.tests.iter().any(|t| test_texts(t).any(|text| plain(text).contains(&front)));
        if test.path.is_some() && !in_use {
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

fn by_title(row: Row, test: &PlannedTest, tests: &[TestCase]) -> Drifted {
    let wanted = fold(&test.text);
    let same = |t: &&TestCase| wanted.len() >= 8 && fold(&t.name) == wanted;
    match tests.iter().find(same) {
        Some(found) => there(row, found),
        None => row.not_checkable(Difference::Vague, "it has no ID and names no file"),
    }
}

fn test_texts(test: &TestCase) -> impl Iterator<Item = &str> {
    test.suites.iter().map(String::as_str).chain([test.name.as_str()])
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('_', "-")
}

/// Whether a text carries an ID: whole, in any case, `_` for `-`.
fn holds_id(text: &str, id: &str) -> bool {
    let (text, id) = (plain(text), plain(id.trim()));
    text.match_indices(&id).any(|(start, _)| {
        let before = text.get(..start).and_then(|t| t.chars().next_back());
        let behind = text.get(start + id.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    })
}

/// The letters in front of an ID (`TC-ORD-`), as tests write them.
fn front(id: &str) -> String {
    let end = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    id.get(..end).unwrap_or(id).to_owned()
}

fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.lines().next().unwrap_or("").trim();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("").trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::holds_id;

    #[test]
    fn ids_stand_alone() {
        for text in ["TC-ORD-001 creates", "[tc-ord-001]", "test_TC_ORD_001_creates", "a (TC-ORD-001)"] {
            assert!(holds_id(text, "TC-ORD-001"), "{text}");
        }
        for text in ["TC-ORD-0012", "XTC-ORD-001", "TC-ORD-002", ""] {
            assert!(!holds_id(text, "TC-ORD-001"), "{text}");
        }
    }
}
