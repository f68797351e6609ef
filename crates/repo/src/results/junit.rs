//! JUnit XML, as the test runners of most languages write it.
//!
//! Read as it comes, so that a huge report costs no memory. Entities of its own are refused and nesting
//! is bounded: a report is written by a program, and what looks else is an attack or an accident.

use super::{ReportError, open, said};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::{Outcome, TestResult};

/// More of a failure's text is not kept, in bytes: its first line is what is shown.
const MOST_KEPT: usize = 16 * 1024;
/// Deeper elements are refused.
const MOST_DEEP: usize = 100;

/// The tests of a report with what came of them. `shown` is what the report is called in messages.
///
/// A test that is named in a property `spec` proves that item; a suite's property counts for its tests.
/// One that failed first and passed when it was run again has passed where the report says so
/// (`flakyFailure`). Two `testcase`s of one name are two tests, since tests with parameters are reported so:
/// one that failed is not made good by the other.
pub fn read_junit(path: &Path, shown: &str) -> Result<Vec<TestResult>, ReportError> {
    parse(open(path, shown)?, shown)
}

pub(super) fn parse(source: impl BufRead, shown: &str) -> Result<Vec<TestResult>, ReportError> {
    let mut counted = Lines { inner: source, newlines: 0 };
    let mut state = State { shown: Arc::from(shown), ..State::default() };
    let mut buffer = Vec::new();
    let mut reader = Reader::from_reader(&mut counted);
    reader.config_mut().check_end_names = true;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let line = u32::try_from(reader.get_ref().newlines).unwrap_or(u32::MAX).saturating_add(1);
        let malformed =
            |why: String| ReportError::Malformed { path: shown.to_owned(), line, what: "JUnit XML", why };
        match event.map_err(|e| malformed(e.to_string()))? {
            Event::Start(element) => state.open(&element, line).map_err(malformed)?,
            Event::Empty(element) => {
                state.open(&element, line).map_err(malformed)?;
                state.close();
            }
            Event::End(_) => state.close(),
            Event::Text(text) => state.text(&text.xml10_content()),
            Event::GeneralRef(name) => state.text(&meant_by(&name.xml10_content())),
            Event::CData(text) => state.text(&text.xml10_content()),
            Event::DocType(_) => {
                return Err(malformed("it declares a document type, which no report does".to_owned()));
            }
            Event::Eof => break,
            _ => {}
        }
        if state.open.len() > MOST_DEEP {
            return Err(malformed(format!("its elements are nested more than {MOST_DEEP} deep")));
        }
    }
    state.finish(counted.newlines)
}

/// Counts the lines that were read.
struct Lines<R> {
    inner: R,
    newlines: usize,
}

impl<R: BufRead> std::io::Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.newlines += memchr::memchr_iter(b'\n', buffer.get(..count).unwrap_or_default()).count();
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed stands in the buffer.
        if let Ok(bytes) = self.inner.fill_buf() {
            self.newlines += memchr::memchr_iter(b'\n', bytes.get(..amount).unwrap_or_default()).count();
        }
        self.inner.consume(amount);
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Element {
    Suites,
    Suite,
    Case,
    Failure,
    Property,
    Other,
}

#[derive(Default)]
struct State {
    shown: Arc<str>,
    open: Vec<Element>,
    /// The names of the suites around.
    suites: Vec<String>,
    /// What the suites around say that they prove: the depth of the suite, and the value.
    suite_cites: Vec<(usize, String)>,
    /// The test that is being read.
    case: Option<TestResult>,
    /// The property `spec` that is being read, whose value is its text.
    property: Option<String>,
    /// What the failure that is being read says, as far as it is kept.
    failure: String,
    seen_root: bool,
    out: Vec<TestResult>,
}

impl State {
    fn open(&mut self, element: &BytesStart<'_>, line: u32) -> Result<(), String> {
        let name = element.local_name();
        let kind = match name.as_ref() {
            "testsuites" => Element::Suites,
            "testsuite" => Element::Suite,
            "testcase" => Element::Case,
            "failure" | "error" | "rerunFailure" | "rerunError" => Element::Failure,
            "property" => Element::Property,
            _ => Element::Other,
        };
        if !self.seen_root && !matches!(kind, Element::Suites | Element::Suite) {
            return Err(format!(
                "it begins with `{}` and not with `testsuites` or `testsuite`",
                name.as_ref()
            ));
        }
        self.seen_root = true;
        match kind {
            Element::Suite => self.suites.push(attribute(element, "name")?.unwrap_or_default()),
            Element::Case => self.begin_case(element, line)?,
            Element::Failure => self.fail(element)?,
            Element::Property => self.begin_property(element)?,
            Element::Other if name.as_ref() == "skipped" => self.outcome(Outcome::Skipped),
            _ => {}
        }
        self.open.push(kind);
        Ok(())
    }

    fn begin_case(&mut self, element: &BytesStart<'_>, line: u32) -> Result<(), String> {
        if self.case.is_some() {
            return Err("a `testcase` stands in another".to_owned());
        }
        let name = attribute(element, "name")?.ok_or("a `testcase` has no name")?;
        let mut suites: Vec<String> = self.suites.iter().filter(|s| !s.is_empty()).cloned().collect();
        if let Some(class) = attribute(element, "classname")?
            && !class.is_empty()
            && suites.last() != Some(&class)
        {
            suites.push(class);
        }
        // GoogleTest has no element for tests that were not run.
        let not_run = attribute(element, "status")?
            .is_some_and(|s| matches!(s.as_str(), "notrun" | "skipped" | "disabled"));
        self.case = Some(TestResult {
            name,
            suites,
            cites: self.suite_cites.iter().map(|(_, cite)| cite.clone()).collect(),
            outcome: if not_run { Outcome::Skipped } else { Outcome::Passed },
            message: String::new(),
            source: Arc::clone(&self.shown),
            line,
        });
        Ok(())
    }

    fn fail(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        // Surefire's `flakyFailure` is that of a test that passed in the end; `rerunFailure` that of one that
        // failed each time.
        let message = attribute(element, "message")?.unwrap_or_default();
        self.outcome(Outcome::Failed);
        self.failure.clear();
        if let Some(case) = &mut self.case
            && case.message.is_empty()
        {
            case.message = said(&message);
        }
        Ok(())
    }

    fn outcome(&mut self, outcome: Outcome) {
        if let Some(case) = &mut self.case {
            case.outcome = case.outcome.max(outcome);
        }
    }

    fn begin_property(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = attribute(element, "name")?.unwrap_or_default();
        if !name.eq_ignore_ascii_case("spec") {
            return Ok(());
        }
        match attribute(element, "value")? {
            Some(value) => self.cite(value),
            None => self.property = Some(String::new()),
        }
        Ok(())
    }

    fn cite(&mut self, value: String) {
        match &mut self.case {
            Some(case) => case.cites.push(value),
            None => self.suite_cites.push((self.suites.len(), value)),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(value) = &mut self.property {
            value.push_str(text);
        }
        let in_failure = self.open.last() == Some(&Element::Failure);
        if in_failure && self.failure.len() < MOST_KEPT {
            self.failure.push_str(text);
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Element::Suite) => {
                self.suites.pop();
                let depth = self.suites.len();
                self.suite_cites.retain(|(at, _)| *at <= depth);
            }
            Some(Element::Failure) => {
                let failure = std::mem::take(&mut self.failure);
                if let Some(case) = self.case.as_mut().filter(|c| c.message.is_empty()) {
                    case.message = said(&failure);
                }
            }
            Some(Element::Case) => self.out.extend(self.case.take()),
            Some(Element::Property) => {
                if let Some(value) = self.property.take() {
                    self.cite(value.trim().to_owned());
                }
            }
            _ => {}
        }
    }

    fn finish(self, newlines: usize) -> Result<Vec<TestResult>, ReportError> {
        let line = u32::try_from(newlines).unwrap_or(u32::MAX).saturating_add(1);
        let malformed = |why: &str| {
            let path = self.shown.to_string();
            Err(ReportError::Malformed { path, line, what: "JUnit XML", why: why.to_owned() })
        };
        if !self.seen_root {
            return malformed("it is empty");
        }
        if !self.open.is_empty() {
            return malformed("it ends in the middle: the run was interrupted, or the file was cut");
        }
        Ok(self.out)
    }
}

/// What a reference to a character stands for; the reference itself where nobody can tell.
fn meant_by(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    let known = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => number.and_then(char::from_u32),
    };
    known.map_or_else(|| format!("&{name};"), String::from)
}

/// The value of an attribute.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
