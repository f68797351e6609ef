//! Which columns of a statement are held to a value.

use std::collections::{BTreeMap, BTreeSet};

/// A column of one use of a table.
pub(crate) type Node = (usize, String);

/// Where something comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum From {
    /// A value that the statement is given: a parameter, a literal, a setting.
    Value(String),
    /// Values that may be more than one: a list that is given, or parameters of several rows.
    Several(String),
    /// Values that are more than one.
    Differing(String),
    /// A column.
    Column(Node),
}

/// What follows from what: wherever the first has one value, so has the second, and it is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    edges: BTreeSet<(From, Node)>,
}

impl Graph {
    pub(crate) fn add(&mut self, edges: impl IntoIterator<Item = (From, Node)>) {
        self.edges.extend(edges);
    }

    /// What holds a column: the value, or the column before the last step.
    pub(crate) fn holder(&self, node: &Node) -> Option<String> {
        let sources = self.sources(node);
        sources.iter().find_map(|from| match from {
            From::Value(text) => Some(text.clone()),
            From::Several(_) | From::Differing(_) | From::Column(_) => None,
        })
    }

    /// A list that holds a column, which may name several values.
    pub(crate) fn list(&self, node: &Node) -> Option<String> {
        let sources = self.sources(node);
        sources.iter().find_map(|from| match from {
            From::Several(text) => Some(text.clone()),
            From::Value(_) | From::Differing(_) | From::Column(_) => None,
        })
    }

    /// Whether a column always has the value of another.
    pub(crate) fn follows(&self, node: &Node, other: &Node) -> bool {
        self.sources(node).contains(&From::Column(other.clone()))
    }

    /// Everything that a thing is the same as, itself included.
    pub(crate) fn same_as(&self, from: &From) -> BTreeSet<From> {
        let mut out = match from {
            From::Column(node) => self.sources(node),
            _ => BTreeSet::new(),
        };
        out.insert(from.clone());
        out
    }

    fn sources(&self, node: &Node) -> BTreeSet<From> {
        let mut before: BTreeMap<&Node, Vec<&From>> = BTreeMap::new();
        for (from, to) in &self.edges {
            before.entry(to).or_default().push(from);
        }
        let mut out = BTreeSet::new();
        let mut waiting = vec![node.clone()];
        while let Some(next) = waiting.pop() {
            for from in before.get(&next).into_iter().flatten() {
                if out.insert((*from).clone())
                    && let From::Column(column) = from
                {
                    waiting.push(column.clone());
                }
            }
        }
        out
    }
}
