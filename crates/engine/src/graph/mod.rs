//! The specs of a repository and how they are related.

mod build;
mod cycles;

use std::collections::VecDeque;
use trueup_model::{Relation, State};

pub use cycles::Cycle;

/// Specs and what leads from one to another. All lists are sorted, so equal repositories give equal graphs.
#[derive(Clone, Debug, Default)]
pub struct SpecGraph {
    /// Specs by their path, then targets that are not there.
    pub nodes: Vec<GraphNode>,
    /// By their ends, then by relation.
    pub edges: Vec<GraphEdge>,
    /// Specs that were left out because nothing leads to or from them.
    pub unconnected: usize,
}

/// What stands at an end of an edge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphNode {
    /// Tells it from all others and stays the same while the file does: the path, or what was written.
    pub key: String,
    /// What to call it: the ID, else the file's name, else what was written.
    pub name: String,
    /// The title without the ID; empty where nothing is known.
    pub title: String,
    /// Path from the root; none where there is no such file.
    pub path: Option<String>,
    /// Line of the title, from 1.
    pub line: Option<u32>,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// A spec; none where nothing says its state.
    Spec(Option<State>),
    /// Named, and not there.
    NotFound,
}

/// How two nodes are related. "Superseded by" is the same edge as "supersedes", the other way round.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GraphEdge {
    /// Index of the node that needs, replaces, extends, affects or names the other.
    pub from: usize,
    /// Index of the other.
    pub to: usize,
    /// How; never [`Relation::SupersededBy`].
    pub relation: Relation,
    /// Whether the ID that was written belongs to several specs, each of which has such an edge.
    pub ambiguous: bool,
    /// Whether it is a part of a cycle.
    pub in_cycle: bool,
    /// Where it is written.
    pub stated: Vec<Place>,
}

/// A line of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Path from the root.
    pub path: String,
    /// From 1; none where the file is no Markdown.
    pub line: Option<u32>,
}

impl SpecGraph {
    /// The specs.
    pub fn specs(&self) -> impl Iterator<Item = &GraphNode> {
        self.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Spec(_)))
    }

    /// The nodes that belong to the file of a path.
    pub fn of_path(&self, path: &str) -> Vec<usize> {
        (0..self.nodes.len()).filter(|at| self.nodes[*at].path.as_deref() == Some(path)).collect()
    }

    /// Only the nodes at the ends of edges; the other specs are counted.
    pub fn connected(&self) -> SpecGraph {
        let mut kept = vec![false; self.nodes.len()];
        for edge in &self.edges {
            kept[edge.from] = true;
            kept[edge.to] = true;
        }
        let left_out = self
            .nodes
            .iter()
            .zip(&kept)
            .filter(|(node, kept)| !**kept && matches!(node.kind, NodeKind::Spec(_)));
        let unconnected = self.unconnected + left_out.count();
        SpecGraph { unconnected, ..self.only(&kept) }
    }

    /// What leads to some nodes and where they lead, at most `depth` steps each way, with all edges between
    /// the nodes that are left.
    pub fn around(&self, starts: &[usize], depth: usize) -> SpecGraph {
        let mut kept = vec![false; self.nodes.len()];
        for forward in [true, false] {
            let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
            for edge in &self.edges {
                let (from, to) = if forward { (edge.from, edge.to) } else { (edge.to, edge.from) };
                next[from].push(to);
            }
            self.reach(starts, depth, &next, &mut kept);
        }
        self.only(&kept)
    }

    fn reach(&self, starts: &[usize], depth: usize, next: &[Vec<usize>], kept: &mut [bool]) {
        let mut seen = vec![false; self.nodes.len()];
        let mut queue: VecDeque<(usize, usize)> = starts.iter().map(|start| (*start, 0)).collect();
        for start in starts {
            seen[*start] = true;
        }
        while let Some((node, distance)) = queue.pop_front() {
            kept[node] = true;
            if distance == depth {
                continue;
            }
            for to in &next[node] {
                if !std::mem::replace(&mut seen[*to], true) {
                    queue.push_back((*to, distance + 1));
                }
            }
        }
    }

    /// The graph of some nodes and the edges between them.
    fn only(&self, kept: &[bool]) -> SpecGraph {
        let mut index = vec![usize::MAX; self.nodes.len()];
        let mut nodes = Vec::new();
        for (at, node) in self.nodes.iter().enumerate().filter(|(at, _)| kept[*at]) {
            index[at] = nodes.len();
            nodes.push(node.clone());
        }
        let edges = self.edges.iter().filter(|edge| kept[edge.from] && kept[edge.to]);
        let edges = edges.map(|e| GraphEdge { from: index[e.from], to: index[e.to], ..e.clone() }).collect();
        SpecGraph { nodes, edges, unconnected: self.unconnected }
    }

    /// Whether an edge holds its first spec up: that one is still to be built, and what it depends on is not
    /// built or not there. A spec whose state nobody wrote holds nothing up.
    pub fn holds_up(&self, edge: &GraphEdge) -> bool {
        let open = |state| matches!(state, State::Draft | State::InReview | State::Accepted);
        let waits = match self.nodes[edge.from].kind {
            NodeKind::Spec(state) => state.is_none_or(open),
            NodeKind::NotFound => false,
        };
        let missing = match self.nodes[edge.to].kind {
            NodeKind::Spec(state) => state.is_some_and(|state| state != State::Implemented),
            NodeKind::NotFound => true,
        };
        edge.relation == Relation::DependsOn && !edge.ambiguous && waits && missing
    }
}
