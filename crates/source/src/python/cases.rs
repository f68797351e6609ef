//! Tests of pytest, unittest and Django.

use super::parse::{Field, Kind, Node};
use super::syntax::{Definition, Outline, last};
use crate::{FileFacts, SourceFile};
use rustc_hash::FxHashSet;
use trueup_codebase::TestCase;

/// Reads the tests of a file.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, out: &mut FileFacts) {
    let is_test_file = is_test_file(&file.path, file.name());
    let cases = outline.descendants(|base| base.ends_with("TestCase") || base.ends_with("TestBase"));
    let marked = marked_skipped(outline);
    for definition in outline.definitions.iter().filter(|d| !d.is_class && d.name.starts_with("test")) {
        let Some(suites) = suites(outline, definition) else { continue };
        let is_case = match definition.parent {
            Some(class) if cases.contains(&class) => true,
            // What pytest collects.
            Some(class) => is_test_file && is_collected(outline, class) && is_named(definition),
            None => is_test_file && is_named(definition),
        };
        if !is_case {
            continue;
        }
        let Some(name) = outline.child(definition.node, Field::Name) else { continue };
        out.tests.push(TestCase {
            name: definition.name.to_owned(),
            skipped: is_skipped(outline, definition, &marked),
            suites,
            place: file.place(name.byte_range()),
        });
    }
}

fn is_test_file(path: &str, name: &str) -> bool {
    let stem = name.strip_suffix(".py").unwrap_or(name);
    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "tests"
        || stem == "test"
        || path.split('/').any(|folder| matches!(folder, "tests" | "test")) && stem != "conftest"
}

fn is_named(definition: &Definition<'_>) -> bool {
    definition.name.starts_with("test_") || definition.name == "test"
}

/// Whether pytest looks into a class: `Test…`.
fn is_collected(outline: &Outline<'_>, class: usize) -> bool {
    outline.definitions.get(class).is_some_and(|class| class.name.starts_with("Test"))
}

/// The classes around a test, the outermost first; none where a function is around it.
fn suites(outline: &Outline<'_>, definition: &Definition<'_>) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut around = definition.parent;
    while let Some(at) = around {
        let class = outline.definitions.get(at).filter(|definition| definition.is_class)?;
        out.push(class.name.to_owned());
        around = class.parent;
    }
    out.reverse();
    Some(out)
}

fn is_skipped(outline: &Outline<'_>, definition: &Definition<'_>, marked: &FxHashSet<Option<usize>>) -> bool {
    let marks = |definition: &Definition<'_>| {
        definition.decorators.iter().any(|decorator| is_skip(outline, *decorator))
    };
    if marked.contains(&None) || marks(definition) || begins_with_skip(outline, definition) {
        return true;
    }
    let mut around = definition.parent;
    while let Some((at, class)) = around.and_then(|at| Some((at, outline.definitions.get(at)?))) {
        if marks(class) || marked.contains(&Some(at)) {
            return true;
        }
        around = class.parent;
    }
    false
}

/// `@pytest.mark.skip(reason=…)`, `@unittest.skip("…")`. A condition skips only now and then.
fn is_skip(outline: &Outline<'_>, node: Node) -> bool {
    let node = match node.kind() {
        Kind::Call => outline.child(node, Field::Function),
        _ => Some(node),
    };
    let text = node.map_or("", |node| outline.text.get(node.byte_range()).unwrap_or(""));
    matches!(last(text), "skip")
}

/// The classes, or none for the file, with `pytestmark = pytest.mark.skip` or a list with it.
fn marked_skipped(outline: &Outline<'_>) -> FxHashSet<Option<usize>> {
    let marks = outline.assignments.iter().filter(|assignment| assignment.target == "pytestmark");
    let skips = marks.filter(|assignment| {
        assignment.value.is_some_and(|value| match value.kind() {
            Kind::List | Kind::Tuple => outline.children(value).any(|node| is_skip(outline, node)),
            _ => is_skip(outline, value),
        })
    });
    skips.map(|assignment| assignment.scope).collect()
}

/// Whether the first statement, behind a text that describes it, is `pytest.skip(…)` or
/// `self.skipTest(…)`.
fn begins_with_skip(outline: &Outline<'_>, definition: &Definition<'_>) -> bool {
    let body = outline.children(definition.node).filter(|child| child.field() == Field::Body);
    let expression = |node: Node| match node.kind() {
        Kind::Statement | Kind::Return => outline.first(node).unwrap_or(node),
        _ => node,
    };
    let first = body.take(2).map(expression).find(|node| !matches!(node.kind(), Kind::Text | Kind::Template));
    first
        .filter(|node| node.kind() == Kind::Call)
        .and_then(|call| outline.child(call, Field::Function))
        .is_some_and(|function| {
            let name = outline.text_of(function);
            matches!(name, "pytest.skip" | "skip" | "self.skipTest")
        })
}
