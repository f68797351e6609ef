//! The tree: one list of nodes that point to each other by their places in it.

use std::ops::Range;

/// No node.
const NONE: u32 = u32::MAX;

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::python) enum Kind {
    /// The whole file.
    Module,
    /// A statement that none of the kinds below is for, with its expressions, and the statements of its
    /// block where it has one.
    Statement,
    Return,
    Import,
    /// `from … import`, with the module and the names.
    ImportFrom,
    /// The `*` of an import.
    Wildcard,
    /// A name with `as`.
    AliasedImport,
    /// A module's name, or a name that is imported.
    DottedName,
    For,
    /// A definition with decorators.
    Decorated,
    Decorator,
    Function,
    Class,
    /// A parameter with a type or a value.
    Parameter,
    Assignment,
    AugmentedAssignment,
    Call,
    ArgumentList,
    KeywordArgument,
    /// `*x`.
    ListSplat,
    /// `**x`.
    DictionarySplat,
    Subscript,
    /// `a.b`; what it is an attribute of has a node only where that is no name.
    Attribute,
    Identifier,
    /// A text literal without anything put in.
    Text,
    /// A text literal with an `f` in front.
    Template,
    /// A piece of a template between what is put in.
    TemplateText,
    /// What is put into a template; a second child where it is converted or formatted.
    Interpolation,
    /// Text literals one after the other.
    Concatenated,
    Parenthesized,
    Tuple,
    List,
    Set,
    Dictionary,
    /// A key and its value.
    Pair,
    /// `a + b`.
    Sum,
    /// Any other operator with two sides for numbers and bits.
    Binary,
    /// A comparison that begins with `in` or `not in`.
    Membership,
    /// Any other expression.
    Other,
}

/// What a node is to the one above.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::python) enum Field {
    /// Nothing that has a name.
    None,
    Function,
    Arguments,
    Left,
    Right,
    Type,
    Value,
    Subscript,
    Name,
    Alias,
    Module,
    Key,
    Parameter,
    /// A statement right in a function or a class, or below any other statement.
    Body,
}

/// A node.
#[derive(Clone, Copy, Debug)]
pub(in crate::python) struct Node {
    start: u32,
    end: u32,
    first: u32,
    next: u32,
    kind: Kind,
    field: Field,
}

impl Node {
    pub(in crate::python) fn kind(&self) -> Kind {
        self.kind
    }

    pub(in crate::python) fn field(&self) -> Field {
        self.field
    }

    pub(in crate::python) fn start_byte(&self) -> usize {
        self.start as usize
    }

    pub(in crate::python) fn end_byte(&self) -> usize {
        self.end as usize
    }

    pub(in crate::python) fn byte_range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file.
#[derive(Debug, Default)]
pub(in crate::python) struct Tree {
    nodes: Vec<Node>,
    root: u32,
}

impl Tree {
    fn get(&self, at: u32) -> Option<Node> {
        self.nodes.get(at as usize).copied()
    }

    /// The whole file.
    #[cfg(test)]
    pub(super) fn root(&self) -> Option<Node> {
        self.get(self.root)
    }

    /// What stands in a node, without comments.
    pub(in crate::python) fn children(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        std::iter::successors(self.get(node.first), |node| self.get(node.next))
    }

    /// The first child.
    pub(in crate::python) fn first(&self, node: Node) -> Option<Node> {
        self.get(node.first)
    }

    /// The first child that is this to a node.
    pub(in crate::python) fn child(&self, node: Node, field: Field) -> Option<Node> {
        self.children(node).find(|child| child.field == field)
    }

    /// Hands over every node but the root, each before those in it. Without recursion: a text can nest as
    /// deep as it likes.
    pub(in crate::python) fn visit(&self, mut visit: impl FnMut(Node)) {
        let mut above: Vec<u32> = Vec::new();
        let mut at = self.get(self.root).map_or(NONE, |root| root.first);
        loop {
            let Some(node) = self.get(at) else {
                match above.pop() {
                    Some(next) => at = next,
                    None => return,
                }
                continue;
            };
            visit(node);
            at = node.next;
            if node.first != NONE {
                above.push(node.next);
                at = node.first;
            }
        }
    }
}

/// The place of a node while the tree is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Id(u32);

/// The children of a node that is not there yet, or that more are added to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Children {
    first: u32,
    last: u32,
}

impl Children {
    pub(super) const fn none() -> Children {
        Children { first: NONE, last: NONE }
    }
}

/// Makes a tree.
pub(super) struct Builder {
    nodes: Vec<Node>,
}

impl Builder {
    /// `capacity` is a guess at the number of nodes.
    pub(super) fn new(capacity: usize) -> Builder {
        Builder { nodes: Vec::with_capacity(capacity) }
    }

    pub(super) fn leaf(&mut self, kind: Kind, start: u32, end: u32) -> Id {
        self.node(kind, start, end, Children::none())
    }

    pub(super) fn node(&mut self, kind: Kind, start: u32, end: u32, children: Children) -> Id {
        let id = Id(self.nodes.len() as u32);
        self.nodes.push(Node { start, end, first: children.first, next: NONE, kind, field: Field::None });
        id
    }

    /// Adds a child behind the others.
    pub(super) fn add(&mut self, children: &mut Children, child: Id, field: Field) {
        if let Some(node) = self.nodes.get_mut(child.0 as usize) {
            node.field = field;
        }
        match self.nodes.get_mut(children.last as usize) {
            Some(last) => last.next = child.0,
            None => children.first = child.0,
        }
        children.last = child.0;
    }

    pub(super) fn kind(&self, id: Id) -> Kind {
        self.nodes.get(id.0 as usize).map_or(Kind::Other, |node| node.kind)
    }

    pub(super) fn start(&self, id: Id) -> u32 {
        self.nodes.get(id.0 as usize).map_or(0, |node| node.start)
    }

    pub(super) fn has_children(&self, id: Id) -> bool {
        self.nodes.get(id.0 as usize).is_some_and(|node| node.first != NONE)
    }

    /// Gives a node its end.
    pub(super) fn end_at(&mut self, id: Id, end: u32) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.end = node.end.max(end);
        }
    }

    /// Makes something else of a node, with a later end.
    pub(super) fn become_kind(&mut self, id: Id, kind: Kind, end: u32) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            (node.kind, node.end) = (kind, end);
        }
    }

    /// Gives a node the children that it got since it was made, and its end.
    pub(super) fn close(&mut self, id: Id, children: Children, end: u32) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.first = children.first;
            node.end = node.end.max(end);
        }
    }

    pub(super) fn finish(self, root: Id) -> Tree {
        Tree { nodes: self.nodes, root: root.0 }
    }
}
