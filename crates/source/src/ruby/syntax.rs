//! A Ruby file as a list of what stands in it: classes, methods, calls and their blocks.

use crate::language::text_of;
use crate::{SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree};

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
    pub text: &'t str,
    pub containers: Vec<Container<'t>>,
    pub calls: Vec<Call<'t>>,
    /// `x[…]` that is not written to: what is looked up, and the key.
    pub lookups: Vec<(&'t str, Node<'t>)>,
    /// Assignments to `self.name` in a class: the class, the name and the value.
    pub settings: Vec<(usize, &'t str, Node<'t>)>,
}

impl<'t> Outline<'t> {
    pub(super) fn new(file: &SourceFile<'t>, tree: &'t Tree) -> Outline<'t> {
        let mut out = Outline {
            text: file.text,
            containers: Vec::new(),
            calls: Vec::new(),
            lookups: Vec::new(),
            settings: Vec::new(),
        };
        out.walk(tree);
        out
    }

    /// Visits every node, without recursion: a text can nest as deep as it likes.
    fn walk(&mut self, tree: &'t Tree) {
        let mut around: Vec<(usize, usize)> = Vec::new();
        let mut blocks: FxHashMap<usize, usize> = FxHashMap::default();
        let mut written: Option<usize> = None;
        let mut cursor = tree.root_node().walk();
        loop {
            let node = cursor.node();
            while around.last().is_some_and(|(end, _)| node.start_byte() >= *end) {
                around.pop();
            }
            let parent = around.last().map(|(_, at)| *at);
            let kind = match node.kind() {
                "class" | "module" if node.is_named() => Some(ContainerKind::Class),
                "method" | "singleton_method" => Some(ContainerKind::Method),
                "do_block" | "block" => blocks.get(&node.id()).map(|call| ContainerKind::Block(*call)),
                "call" => {
                    let call = call(node, self.text, parent);
                    blocks.extend(call.block.map(|block| (block.id(), self.calls.len())));
                    self.calls.push(call);
                    None
                }
                "assignment" => {
                    written = node.child_by_field_name("left").map(|left| left.id());
                    self.setting(node, parent);
                    None
                }
                "element_reference" if written != Some(node.id()) => {
                    let of = node.child_by_field_name("object").map_or("", |of| text_of(of, self.text));
                    self.lookups.extend(node.named_child(1).map(|key| (of, key)));
                    None
                }
                _ => None,
            };
            if let Some(kind) = kind {
                around.push((node.end_byte(), self.containers.len()));
                self.containers.push(Container { node, kind, parent });
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn setting(&mut self, node: Node<'t>, parent: Option<usize>) -> Option<()> {
        let left = text_of(node.child_by_field_name("left")?, self.text);
        let name = left.strip_prefix("self.")?;
        self.settings.push((parent?, name, node.child_by_field_name("right")?));
        Some(())
    }

    /// The text of a node.
    pub(super) fn text_of(&self, node: Node<'t>) -> &'t str {
        text_of(node, self.text)
    }

    /// The text of a class's name.
    pub(super) fn name(&self, container: &Container<'t>) -> &'t str {
        container.node.child_by_field_name("name").map_or("", |name| text_of(name, self.text))
    }

    /// What is around something, from the inside to the outside.
    pub(super) fn around(&self, from: Option<usize>) -> impl Iterator<Item = &Container<'t>> {
        let at = |at: usize| self.containers.get(at);
        std::iter::successors(from.and_then(at), move |container| container.parent.and_then(at))
    }
}

fn call<'t>(node: Node<'t>, text: &'t str, container: Option<usize>) -> Call<'t> {
    let part = |name: &str| node.child_by_field_name(name).map_or("", |part| text_of(part, text));
    Call {
        node,
        receiver: part("receiver"),
        method: part("method"),
        block: node.child_by_field_name("block"),
        container,
    }
}

/// The arguments of a call, without those that have a name.
pub(super) fn positional<'t>(call: Node<'t>) -> Vec<Node<'t>> {
    arguments(call).into_iter().filter(|node| !matches!(node.kind(), "pair" | "block_argument")).collect()
}

/// The arguments of a call with a name or another key (`"orders" => "orders#index"`): key and value.
pub(super) fn pairs<'t>(call: Node<'t>) -> Vec<(Node<'t>, Node<'t>)> {
    let list = arguments(call).into_iter().flat_map(|node| match node.kind() {
        "hash" => children(node),
        _ => vec![node],
    });
    let pair = |node: Node<'t>| Some((node.child_by_field_name("key")?, node.child_by_field_name("value")?));
    list.filter(|node| node.kind() == "pair").filter_map(pair).collect()
}

/// The argument of a name.
pub(super) fn option<'t>(call: Node<'t>, name: &str, text: &str) -> Option<Node<'t>> {
    let is_it = |key: Node<'t>| {
        matches!(key.kind(), "hash_key_symbol" | "simple_symbol")
            && text_of(key, text).trim_matches(':') == name
    };
    pairs(call).into_iter().find(|(key, _)| is_it(*key)).map(|(_, value)| value)
}

fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    call.child_by_field_name("arguments").map_or_else(Vec::new, children)
}

/// The named children of a node, without comments.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The text of a literal or a symbol; none where something unknown is put in.
pub(super) fn literal(node: Node<'_>, text: &str) -> Option<String> {
    path(node, text).filter(|found| !found.starts_with(UNKNOWN_FRONT))
}

/// A path; one whose front is not told begins with [`UNKNOWN_FRONT`].
pub(super) fn path(node: Node<'_>, text: &str) -> Option<String> {
    path_with(node, text, &|_| None)
}

/// A path in which the values of some names are known.
pub(super) fn path_with(
    node: Node<'_>,
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    match node.kind() {
        "identifier" => value(text_of(node, text)),
        "simple_symbol" => Some(text_of(node, text).trim_start_matches(':').to_owned()),
        "bare_symbol" | "bare_string" | "hash_key_symbol" => Some(text_of(node, text).to_owned()),
        "string" | "delimited_symbol" => {
            let mut out = String::new();
            for child in children(node) {
                match child.kind() {
                    "interpolation" => {
                        let inner = children(child);
                        match inner.first().and_then(|name| value(text_of(*name, text))) {
                            Some(known) if inner.len() == 1 => out.push_str(&known),
                            _ => UNKNOWN_FRONT.clone_into(&mut out),
                        }
                    }
                    _ => out.push_str(text_of(child, text)),
                }
            }
            (out != UNKNOWN_FRONT).then_some(out)
        }
        _ => None,
    }
}

/// The texts of a list (`[:a, "b"]`, `%i[a b]`), or of one value; none where one is not known.
pub(super) fn literals(node: Node<'_>, text: &str) -> Option<Vec<String>> {
    match node.kind() {
        "array" | "symbol_array" | "string_array" => {
            children(node).into_iter().map(|child| literal(child, text)).collect()
        }
        _ => literal(node, text).map(|one| vec![one]),
    }
}

/// The statements of a block.
pub(super) fn statements(block: Node<'_>) -> Vec<Node<'_>> {
    block.child_by_field_name("body").map_or_else(Vec::new, children)
}

/// The first parameter of a block.
pub(super) fn parameter<'t>(block: Node<'_>, text: &'t str) -> Option<&'t str> {
    let list = block.child_by_field_name("parameters")?;
    children(list).first().map(|name| text.get(name.byte_range()).unwrap_or(""))
}

/// The last part of a name (`Shop::Order`, `Feature.enabled?`).
pub(super) fn last(name: &str) -> &str {
    name.rsplit([':', '.']).next().unwrap_or(name)
}
