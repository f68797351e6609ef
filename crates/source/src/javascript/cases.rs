//! Tests: Jest, Vitest, Mocha, Playwright, Cypress, AVA, node:test, Bun, Deno.

use super::{Kind, Script};
use crate::SourceFile;
use std::ops::Range;
use trueup_codebase::TestCase;

/// Folders whose files are tests.
const FOLDERS: [&str; 8] =
    ["__tests__", "__integration__", "test", "tests", "spec", "e2e", "cypress", "playwright"];
/// Modules that a file of tests imports.
const LIBRARIES: [&str; 9] = [
    "vitest",
    "@jest/globals",
    "@playwright/test",
    "node:test",
    "bun:test",
    "mocha",
    "ava",
    "cypress",
    "jsr:@std/testing",
];

/// Whether a file holds tests, by its name, its folder or what it imports.
pub(crate) fn is_test_file(file: &SourceFile<'_>) -> bool {
    let name = file.name();
    let named = [".test.", ".spec.", ".cy.", ".e2e.", ".e2e-", "_test.", ".steps."]
        .iter()
        .any(|part| name.contains(part));
    named
        || file.path.split('/').rev().skip(1).any(|folder| FOLDERS.contains(&folder))
        || imports_library(file)
}

fn imports_library(file: &SourceFile<'_>) -> bool {
    LIBRARIES.iter().any(|library| {
        memchr::memmem::find_iter(file.text.as_bytes(), library.as_bytes()).any(|at| {
            let quote = |at: usize| file.text.as_bytes().get(at).is_some_and(|b| matches!(b, b'"' | b'\''));
            at > 0 && quote(at - 1) && quote(at + library.len())
        })
    }) || file.text.contains("Deno.test(")
}

/// Groups in groups deeper than this are a mistake.
const MOST_SUITES: usize = 32;

/// A group that is open while its body is read.
struct Suite {
    title: String,
    skipped: bool,
    end: usize,
}

/// Adds the tests of a file.
pub(crate) fn read(file: &SourceFile<'_>, out: &mut Vec<TestCase>) {
    let script = &file.script();
    let mut suites: Vec<Suite> = Vec::new();
    for at in 0..script.len() {
        let Some(call) = Call::at(script, at) else { continue };
        while suites.last().is_some_and(|suite| suite.end < at) {
            suites.pop();
        }
        let args = script.items(call.open);
        let Some(first) = args.first() else { continue };
        let Some((title, place)) = title(script, first, call.is_suite, &args, file) else { continue };
        let skipped = call.skipped || has_option(script, args.get(1), &["skip", "todo"]);
        if call.is_suite && suites.len() >= MOST_SUITES {
            continue;
        }
        if call.is_suite {
            suites.push(Suite { title, skipped, end: script.close(call.open) });
            continue;
        }
        let pending = args.len() == 1 && !script.is(first.start, b'{');
        // A title with nothing to run is pending; a condition alone (`test.skip(isMobile)`) is no test.
        out.push(TestCase {
            name: title,
            suites: suites.iter().map(|suite| suite.title.clone()).collect(),
            skipped: skipped || pending || suites.iter().any(|suite| suite.skipped),
            place: file.place(place),
        });
    }
}

/// A call that declares a test or a group of them.
struct Call {
    is_suite: bool,
    skipped: bool,
    open: usize,
}

impl Call {
    fn at(script: &Script<'_>, at: usize) -> Option<Call> {
        let name = script.name(at);
        let (mut is_suite, mut skipped) = match name {
            "describe" | "context" | "suite" | "fdescribe" | "feature" | "scenarios" => (true, false),
            "xdescribe" | "xcontext" => (true, true),
            "it" | "test" | "specify" | "fit" | "scenario" => (false, false),
            "xit" | "xtest" | "xspecify" => (false, true),
            _ => return None,
        };
        // `t.test(…)` of node:test and `Deno.test(…)`; any other method of this name is not ours.
        if script.is_before(at, b'.') && !matches!(script.name(at.saturating_sub(2)), "t" | "Deno" | "QUnit")
        {
            return None;
        }
        if matches!(script.name_before(at), "function" | "new" | "const" | "let" | "var") {
            return None;
        }
        let mut next = at + 1;
        loop {
            while script.is(next, b'.') && script.kind(next + 1) == Some(Kind::Name) {
                match script.name(next + 1) {
                    "describe" => is_suite = true,
                    "skip" | "todo" | "fixme" => skipped = true,
                    "only" | "concurrent" | "sequential" | "serial" | "parallel" | "each" | "for"
                    | "failing" | "fails" | "if" | "skipIf" | "runIf" | "shuffle" | "extend" | "slow"
                    | "ignore" => {}
                    // `test.step`, `test.beforeEach`, `test.use` declare none.
                    _ => return None,
                }
                next += 2;
            }
            let before = script.name(next.saturating_sub(1));
            let table = matches!(before, "each" | "for" | "if" | "skipIf" | "runIf");
            match script.kind(next)? {
                // What `each` is given: a list, or a table in a template.
                Kind::Mark(b'(' | b'<') if table => next = script.after(script.call(next)?),
                Kind::Head if table => next = script.after(next),
                Kind::Template if table => next += 1,
                _ => return script.call(next).map(|open| Call { is_suite, skipped, open }),
            }
        }
    }
}

/// The title of a test or group, with its place.
fn title(
    script: &Script<'_>,
    first: &Range<usize>,
    is_suite: bool,
    args: &[Range<usize>],
    file: &SourceFile<'_>,
) -> Option<(String, Range<usize>)> {
    let range = script.trimmed(first.clone());
    let place = script.ranges(range.clone());
    match script.kind(range.start)? {
        Kind::Text | Kind::Template if range.len() == 1 => {
            Some((script.literal(range.start)?.into_owned(), place))
        }
        // A template keeps its expressions as written: `adds ${a}`.
        Kind::Head if script.close(range.start) + 1 == range.end => {
            Some((script.text.get(place.clone())?.to_owned(), place))
        }
        // `Deno.test({ name: 'x', fn })`
        Kind::Mark(b'{') => {
            let value = script.value_of(range.start, "name")?;
            Some((script.literal_of(&value)?.into_owned(), script.ranges(value)))
        }
        // A group may be named after what it tests: `describe(OrderService, …)`, `describe(Order.name, …)`.
        Kind::Name => match script.evaluate(&range, file.constants()) {
            Some(text) if !text.starts_with(crate::UNKNOWN_FRONT) => Some((text, place)),
            _ if is_suite && args.len() > 1 => {
                let (name, end) = script.dotted(range.start);
                (end == range.end).then(|| (name.trim_end_matches(".name").to_owned(), place))
            }
            _ => None,
        },
        Kind::Text => {
            let text = script.evaluate(&range, file.constants())?;
            Some((text, place))
        }
        _ => None,
    }
}

/// Whether the options that stand between title and body switch a test off.
fn has_option(script: &Script<'_>, arg: Option<&Range<usize>>, keys: &[&str]) -> bool {
    let Some(open) = arg.map(|arg| arg.start).filter(|at| script.is(*at, b'{')) else { return false };
    let entries = script.entries(open);
    entries.iter().any(|entry| keys.contains(&entry.key) && script.name(entry.value.start) != "false")
}
