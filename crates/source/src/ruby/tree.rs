//! What the parser makes of a text: nodes in one list, linked by their places in it.

use std::ops::Range;

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `f(a)`, `a.b`, `f a do … end`; a name by itself is no call.
    Call,
    /// `a[b]`
    Index,
    /// A name that begins with a small letter.
    Identifier,
    Constant,
    /// `A::B`, `::A`.
    Scope,
    Text,
    /// `:a`
    Symbol,
    /// `:"a"`
    TextSymbol,
    /// `%w[a b]`, `%i[a b]`.
    Words,
    /// A word of these.
    Bare,
    /// A piece of a text as written.
    Piece,
    /// `#{…}`
    Interpolation,
    Array,
    Hash,
    /// `a: 1`, `"a" => 1`.
    Pair,
    /// The `a` of `a: 1`.
    Label,
    /// `&a` among arguments.
    BlockArgument,
    /// `do … end` and `{ … }` behind a call.
    Block,
    Parameters,
    /// A class or a module.
    Class,
    Method,
    /// `if` and `unless`.
    Condition,
    /// `a if b` and `a unless b`.
    ConditionBehind,
    Begin,
    Parentheses,
    Assignment,
    True,
    False,
    SelfWord,
    /// `return`, `yield` and the like, which take arguments but are no call.
    Jump,
    /// A text behind its line.
    Body,
    /// Anything else, expressions of several parts among them.
    Other,
}

/// What a node is to the node around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    None,
    Receiver,
    Method,
    /// An argument, an entry of an array or a hash.
    Argument,
    Block,
    Parameters,
    Name,
    Superclass,
    Statement,
    /// What a condition behind it is for.
    Body,
    Key,
    Value,
    Left,
    Right,
}

#[derive(Debug)]
struct Data {
    kind: Kind,
    field: Field,
    start: u32,
    end: u32,
    first: u32,
    last: u32,
    next: u32,
}

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// The nodes of a text; the first is the whole text.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Data>,
}

impl Tree {
    pub(super) fn with_capacity(nodes: usize) -> Tree {
        Tree { nodes: Vec::with_capacity(nodes) }
    }

    /// A new node that belongs to none yet.
    pub(super) fn add(&mut self, kind: Kind, start: u32, end: u32) -> u32 {
        let at = self.nodes.len() as u32;
        self.nodes.push(Data { kind, field: Field::None, start, end, first: NONE, last: NONE, next: NONE });
        at
    }

    pub(super) fn kind(&self, at: u32) -> Kind {
        self.nodes.get(at as usize).map_or(Kind::Other, |node| node.kind)
    }

    pub(super) fn start(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(0, |node| node.start)
    }

    /// Where a node ends.
    pub(super) fn end(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(0, |node| node.end)
    }

    /// Lets a node reach at least to a place.
    pub(super) fn extend(&mut self, at: u32, end: u32) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.end = node.end.max(end);
        }
    }

    /// Puts a node behind the others of its parent, which then reaches to its end.
    pub(super) fn put(&mut self, parent: u32, child: u32, field: Field) {
        self.hang(parent, child, field);
        self.extend(parent, self.end(child));
    }

    /// Puts a node behind the others of its parent.
    pub(super) fn hang(&mut self, parent: u32, child: u32, field: Field) {
        if let Some(node) = self.nodes.get_mut(child as usize) {
            node.field = field;
        }
        let Some(node) = self.nodes.get_mut(parent as usize) else { return };
        let last = std::mem::replace(&mut node.last, child);
        if last == NONE {
            node.first = child;
        } else if let Some(last) = self.nodes.get_mut(last as usize) {
            last.next = child;
        }
    }

    /// The last of a node's children.
    pub(super) fn last(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(NONE, |node| node.last)
    }

    /// The whole text as a node.
    pub(crate) fn root<'t>(&'t self, text: &'t str) -> Node<'t> {
        Node { tree: self, text, at: 0 }
    }
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    tree: &'t Tree,
    text: &'t str,
    at: u32,
}

impl<'t> Node<'t> {
    fn data(self) -> Option<&'t Data> {
        self.tree.nodes.get(self.at as usize)
    }

    /// Its place among all nodes.
    pub(super) fn id(self) -> u32 {
        self.at
    }

    pub(super) fn kind(self) -> Kind {
        self.tree.kind(self.at)
    }

    pub(super) fn is(self, kind: Kind) -> bool {
        self.kind() == kind
    }

    pub(super) fn range(self) -> Range<usize> {
        self.data().map_or(0..0, |node| node.start as usize..node.end as usize)
    }

    /// What it is to the node around it.
    pub(super) fn field(self) -> Field {
        self.data().map_or(Field::None, |node| node.field)
    }

    /// Its text.
    pub(super) fn text(self) -> &'t str {
        self.text.get(self.range()).unwrap_or("")
    }

    fn at(self, at: u32) -> Option<Node<'t>> {
        (at != NONE).then_some(Node { at, ..self })
    }

    pub(super) fn first_child(self) -> Option<Node<'t>> {
        self.data().and_then(|node| self.at(node.first))
    }

    pub(super) fn next_sibling(self) -> Option<Node<'t>> {
        self.data().and_then(|node| self.at(node.next))
    }

    /// What stands directly in it, texts behind their lines aside.
    pub(super) fn children(self) -> impl Iterator<Item = Node<'t>> {
        let all = std::iter::successors(self.first_child(), |node| node.next_sibling());
        all.filter(|node| !node.is(Kind::Body))
    }

    /// The children that are something to it.
    pub(super) fn all(self, field: Field) -> impl Iterator<Item = Node<'t>> {
        self.children().filter(move |node| node.field() == field)
    }

    /// The first of these.
    pub(super) fn child(self, field: Field) -> Option<Node<'t>> {
        self.all(field).next()
    }
}

/// All nodes in the order of the text, each in front of what stands in it.
pub(super) fn all(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let mut open = vec![root];
    std::iter::from_fn(move || {
        let node = open.pop()?;
        open.extend(node.next_sibling());
        open.extend(node.first_child());
        Some(node)
    })
}
