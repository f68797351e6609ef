//! A Ruby file as a list of what stands in it: classes, methods, calls and their blocks.

use super::tree::all;
pub(super) use super::tree::{Field, Kind, Node};
use crate::{SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashMap;

/// No more than this is looked at around something; who nests deeper says nothing by it.
const MOST_AROUND: usize = 256;

/// What is around something.
pub(super) struct Container<'t> {
    pub node: Node<'t>,
    pub kind: ContainerKind,
    /// What is around it, by its place in the outline.
    pub parent: Option<usize>,
}

/// A kind of container.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ContainerKind {
    /// A class or a module.
    Class,
    /// A method.
    Method,
    /// The block of a call, by the call's place in the outline.
    Block(usize),
}

/// A call.
pub(super) struct Call<'t> {
    pub node: Node<'t>,
    /// What it is called on, as written; empty where it is called on nothing.
    pub receiver: &'t str,
    pub method: &'t str,
    pub block: Option<Node<'t>>,
    pub container: Option<usize>,
}

/// What stands in a file, in its order.
pub(super) struct Outline<'t> {
    pub containers: Vec<Container<'t>>,
    pub calls: Vec<Call<'t>>,
    /// `x[…]` that is not written to: what is looked up, and the key.
    pub lookups: Vec<(&'t str, Node<'t>)>,
    /// Assignments to `self.name` in a class: the class, the name and the value.
    pub settings: Vec<(usize, &'t str, Node<'t>)>,
}

impl<'t> Outline<'t> {
    pub(super) fn new(file: &'t SourceFile<'_>) -> Outline<'t> {
        let mut out =
            Outline { containers: Vec::new(), calls: Vec::new(), lookups: Vec::new(), settings: Vec::new() };
        out.walk(file.ruby());
        out
    }

    fn walk(&mut self, root: Node<'t>) {
        let mut around: Vec<(usize, usize)> = Vec::new();
        let mut blocks: FxHashMap<u32, usize> = FxHashMap::default();
        let mut written: Option<u32> = None;
        for node in all(root) {
            let range = node.range();
            while around.last().is_some_and(|(end, _)| range.start >= *end) {
                around.pop();
            }
            let parent = around.last().map(|(_, at)| *at);
            let kind = match node.kind() {
                Kind::Class => Some(ContainerKind::Class),
                Kind::Method => Some(ContainerKind::Method),
                Kind::Block => blocks.get(&node.id()).map(|call| ContainerKind::Block(*call)),
                Kind::Call => {
                    let call = call(node, parent);
                    blocks.extend(call.block.map(|block| (block.id(), self.calls.len())));
                    self.calls.push(call);
                    None
                }
                Kind::Assignment => {
                    written = node.child(Field::Left).map(Node::id);
                    self.setting(node, parent);
                    None
                }
                Kind::Index if written != Some(node.id()) => {
                    let of = node.child(Field::Receiver).map_or("", Node::text);
                    self.lookups.extend(node.child(Field::Argument).map(|key| (of, key)));
                    None
                }
                _ => None,
            };
            if let Some(kind) = kind {
                around.push((range.end, self.containers.len()));
                self.containers.push(Container { node, kind, parent });
            }
        }
    }

    fn setting(&mut self, node: Node<'t>, parent: Option<usize>) -> Option<()> {
        let name = node.child(Field::Left)?.text().strip_prefix("self.")?;
        self.settings.push((parent?, name, node.child(Field::Right)?));
        Some(())
    }

    /// What is around something, from the inside to the outside.
    pub(super) fn around(&self, from: Option<usize>) -> impl Iterator<Item = &Container<'t>> {
        let at = |at: usize| self.containers.get(at);
        std::iter::successors(from.and_then(at), move |container| container.parent.and_then(at))
            .take(MOST_AROUND)
    }
}

impl<'t> Container<'t> {
    /// The name of a class or a method, as written.
    pub(super) fn name(&self) -> &'t str {
        self.node.child(Field::Name).map_or("", Node::text)
    }
}

fn call(node: Node<'_>, container: Option<usize>) -> Call<'_> {
    let mut call = Call { node, receiver: "", method: "", block: None, container };
    for child in node.children() {
        match child.field() {
            Field::Receiver => call.receiver = child.text(),
            Field::Method => call.method = child.text(),
            Field::Block => call.block = Some(child),
            _ => {}
        }
    }
    call
}

/// The arguments of a call, without those that have a name.
pub(super) fn positional(call: Node<'_>) -> Vec<Node<'_>> {
    call.all(Field::Argument)
        .filter(|node| !matches!(node.kind(), Kind::Pair | Kind::BlockArgument))
        .collect()
}

/// The arguments of a call with a name or another key (`"orders" => "orders#index"`): key and value.
pub(super) fn pairs(call: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    let mut out = Vec::new();
    for node in call.all(Field::Argument) {
        match node.kind() {
            Kind::Hash => out.extend(node.children().filter_map(pair)),
            _ => out.extend(pair(node)),
        }
    }
    out
}

/// The key and the value of a pair.
pub(super) fn pair(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    (node.is(Kind::Pair)).then_some((node.child(Field::Key)?, node.child(Field::Value)?))
}

/// The argument of a name.
pub(super) fn option<'t>(call: Node<'t>, name: &str) -> Option<Node<'t>> {
    let is_it = |key: Node<'t>| {
        matches!(key.kind(), Kind::Label | Kind::Symbol) && key.text().trim_matches(':') == name
    };
    pairs(call).into_iter().find(|(key, _)| is_it(*key)).map(|(_, value)| value)
}

/// The text of a literal or a symbol; none where something unknown is put in.
pub(super) fn literal(node: Node<'_>) -> Option<String> {
    path_with(node, &|_| None).filter(|found| !found.starts_with(UNKNOWN_FRONT))
}

/// A path in which the values of some names are known; one whose front is not told begins with
/// [`UNKNOWN_FRONT`].
pub(super) fn path_with(node: Node<'_>, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match node.kind() {
        Kind::Identifier => value(node.text()),
        Kind::Symbol => Some(node.text().trim_start_matches(':').to_owned()),
        Kind::Bare | Kind::Label => Some(node.text().to_owned()),
        Kind::Text | Kind::TextSymbol => {
            let mut out = String::new();
            for child in node.children() {
                if !child.is(Kind::Interpolation) {
                    out.push_str(child.text());
                    continue;
                }
                let inner: Vec<Node<'_>> = child.children().collect();
                match inner.first().and_then(|name| value(name.text())) {
                    Some(known) if inner.len() == 1 => out.push_str(&known),
                    _ => UNKNOWN_FRONT.clone_into(&mut out),
                }
            }
            (out != UNKNOWN_FRONT).then_some(out)
        }
        _ => None,
    }
}

/// The texts of a list (`[:a, "b"]`, `%i[a b]`), or of one value; none where one is not known.
pub(super) fn literals(node: Node<'_>) -> Option<Vec<String>> {
    match node.kind() {
        Kind::Array | Kind::Words => node.children().map(literal).collect(),
        _ => literal(node).map(|one| vec![one]),
    }
}

/// The statements of a block, a method or the like.
pub(super) fn statements(of: Node<'_>) -> Vec<Node<'_>> {
    of.all(Field::Statement).collect()
}

/// The first parameter of a block.
pub(super) fn parameter(block: Node<'_>) -> Option<&str> {
    block.child(Field::Parameters)?.children().next().map(Node::text)
}

/// The last part of a name (`Shop::Order`, `Feature.enabled?`).
pub(super) fn last(name: &str) -> &str {
    name.rsplit([':', '.']).next().unwrap_or(name)
}
