//! Tests of RSpec and minitest.

use super::syntax::{
    Call, Container, ContainerKind, Field, Kind, Node, Outline, literal, option, positional, statements,
};
use crate::{FileFacts, SourceFile};
use trueup_codebase::TestCase;

/// Reads the tests of a file.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>, out: &mut FileFacts) {
    if !is_test_file(&file.path, file.name()) {
        return;
    }
    let reader = Reader { outline };
    for call in &outline.calls {
        if let Some((name, skipped, node)) = reader.example(call) {
            let (suites, all_skipped) = reader.suites(call.container);
            let place = file.place(node.range());
            out.tests.push(TestCase { name, suites, skipped: skipped || all_skipped, place });
        }
    }
    for container in outline.containers.iter().filter(|c| c.kind == ContainerKind::Method) {
        let name = container.name();
        let is_class = container.parent.and_then(|at| outline.containers.get(at));
        if !name.starts_with("test_") || !is_class.is_some_and(|c| c.kind == ContainerKind::Class) {
            continue;
        }
        let (suites, all_skipped) = reader.suites(container.parent);
        let node = container.node.child(Field::Name).unwrap_or(container.node);
        let skipped = all_skipped || reader.begins_with_skip(&statements(container.node));
        let place = file.place(node.range());
        out.tests.push(TestCase { name: name.to_owned(), suites, skipped, place });
    }
    out.tests.sort_by_key(|test| test.place.span);
}

fn is_test_file(path: &str, name: &str) -> bool {
    name.ends_with("_spec.rb")
        || name.ends_with("_test.rb")
        || name.starts_with("test_")
        || path.split('/').any(|folder| matches!(folder, "spec" | "test" | "specs" | "tests"))
}

struct Reader<'r, 't> {
    outline: &'r Outline<'t>,
}

impl<'t> Reader<'_, 't> {
    /// The name of an example, whether it is switched off, and the name's node.
    fn example(&self, call: &Call<'t>) -> Option<(String, bool, Node<'t>)> {
        let off = match call.method {
            "it" | "specify" | "example" | "scenario" | "test" | "fit" | "fspecify" => false,
            "xit" | "xspecify" | "xexample" | "xscenario" => true,
            "pending" | "skip" if call.block.is_some() => true,
            _ => return None,
        };
        if !call.receiver.is_empty() {
            return None;
        }
        let node = positional(call.node).first().copied()?;
        let name = self.title(node)?;
        // An example without a block is one that is still to be written.
        let Some(block) = call.block else {
            let is_open = call.method == "it" && self.is_in_group(call.container);
            return is_open.then_some((name, true, node));
        };
        let skipped = off || self.is_off(call) || self.begins_with_skip(&statements(block));
        Some((name, skipped, node))
    }

    fn is_in_group(&self, container: Option<usize>) -> bool {
        self.outline.around(container).next().is_some_and(|around| self.group(around).is_some())
    }

    /// A title as written; what is put in stays as it is.
    fn title(&self, node: Node<'t>) -> Option<String> {
        match node.kind() {
            Kind::Text => {
                Some(literal(node).unwrap_or_else(|| node.text().trim_matches(['"', '\'']).to_owned()))
            }
            Kind::Symbol => literal(node),
            Kind::Constant | Kind::Scope => Some(node.text().to_owned()),
            _ => None,
        }
    }

    /// The call of a group of examples that a block belongs to, and whether it is switched off.
    fn group(&self, container: &Container<'t>) -> Option<(&Call<'t>, bool)> {
        let ContainerKind::Block(at) = container.kind else { return None };
        let call = self.outline.calls.get(at)?;
        match call.method {
            "describe"
            | "context"
            | "feature"
            | "example_group"
            | "fdescribe"
            | "fcontext"
            | "shared_examples"
            | "shared_examples_for"
            | "shared_context" => Some((call, self.is_off(call))),
            "xdescribe" | "xcontext" | "xfeature" => Some((call, true)),
            _ => None,
        }
    }

    /// The titles of the groups and classes around, the outermost first, and whether one is switched off.
    fn suites(&self, container: Option<usize>) -> (Vec<String>, bool) {
        let mut out = Vec::new();
        let mut skipped = false;
        for around in self.outline.around(container) {
            if around.kind == ContainerKind::Class {
                out.push(around.name().to_owned());
            } else if let Some((call, off)) = self.group(around) {
                let titles = positional(call.node).into_iter().take(2).filter_map(|node| match node.kind() {
                    // `:aggregate_failures` is no title.
                    Kind::Symbol => None,
                    _ => self.title(node),
                });
                let title = titles.collect::<Vec<_>>().join(" ");
                if !title.is_empty() {
                    out.push(title);
                }
                skipped |= off;
            }
        }
        out.reverse();
        (out, skipped)
    }

    /// `it "x", skip: true`, `it "x", :skip`, `it "x", pending: "reason"`.
    fn is_off(&self, call: &Call<'t>) -> bool {
        let named = ["skip", "pending"]
            .iter()
            .any(|name| option(call.node, name).is_some_and(|value| !value.is(Kind::False)));
        let marked = |node: &Node<'t>| matches!(node.text(), ":skip" | ":pending");
        named || positional(call.node).iter().skip(1).any(marked)
    }

    fn begins_with_skip(&self, statements: &[Node<'t>]) -> bool {
        let Some(first) = statements.first() else { return false };
        let method = match first.kind() {
            Kind::Identifier => Some(*first),
            Kind::Call if first.child(Field::Receiver).is_none() => first.child(Field::Method),
            _ => None,
        };
        method.is_some_and(|method| matches!(method.text(), "skip" | "pending"))
    }
}
