//! Specs that need each other in a circle.

use super::{GraphEdge, SpecGraph};
use std::collections::VecDeque;
use trueup_model::Relation;

/// Indices of the nodes of a cycle in the order of its edges, the smallest first.
pub type Cycle = Vec<usize>;

/// What may not lead back to where it came from: what is needed first, and what takes whose place.
const ORDERS: [&[Relation]; 2] = [&[Relation::DependsOn, Relation::Extends], &[Relation::Supersedes]];

impl SpecGraph {
    /// The shortest cycle through the first node of every group of specs that lead to each other.
    pub fn cycles(&self) -> Vec<Cycle> {
        let mut out = Vec::new();
        for order in ORDERS {
            let next = self.next(order);
            let groups = groups(&next);
            let mut seen = vec![false; groups.len()];
            for node in 0..self.nodes.len() {
                if !std::mem::replace(&mut seen[groups[node]], true) {
                    out.extend(shortest(node, &next, &groups));
                }
            }
        }
        out.sort();
        out
    }

    pub(super) fn mark_cycles(&mut self) {
        for order in ORDERS {
            let groups = groups(&self.next(order));
            for edge in self.edges.iter_mut().filter(|edge| counts(edge, order)) {
                edge.in_cycle |= groups[edge.from] == groups[edge.to];
            }
        }
    }

    fn next(&self, order: &[Relation]) -> Vec<Vec<usize>> {
        let mut next = vec![Vec::new(); self.nodes.len()];
        for edge in self.edges.iter().filter(|edge| counts(edge, order)) {
            next[edge.from].push(edge.to);
        }
        next
    }
}

fn counts(edge: &GraphEdge, order: &[Relation]) -> bool {
    !edge.ambiguous && order.contains(&edge.relation)
}

/// The strongly connected component of every node, named by its smallest node (Kosaraju, without recursion).
fn groups(next: &[Vec<usize>]) -> Vec<usize> {
    let mut before = vec![Vec::new(); next.len()];
    for (from, targets) in next.iter().enumerate() {
        targets.iter().for_each(|to| before[*to].push(from));
    }
    let mut group = vec![usize::MAX; next.len()];
    for start in finished(next).into_iter().rev() {
        if group[start] != usize::MAX {
            continue;
        }
        let mut members = vec![start];
        group[start] = start;
        let mut at = 0;
        while let Some(node) = members.get(at).copied() {
            at += 1;
            for from in &before[node] {
                if group[*from] == usize::MAX {
                    group[*from] = start;
                    members.push(*from);
                }
            }
        }
        let name = members.iter().copied().min().unwrap_or(start);
        members.iter().for_each(|member| group[*member] = name);
    }
    group
}

/// All nodes in the order in which a depth-first walk is done with them.
fn finished(next: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(next.len());
    let mut seen = vec![false; next.len()];
    for start in 0..next.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((node, tried)) = path.last_mut() {
            match next[*node].get(*tried) {
                Some(to) => {
                    *tried += 1;
                    if !std::mem::replace(&mut seen[*to], true) {
                        path.push((*to, 0));
                    }
                }
                None => {
                    order.push(*node);
                    path.pop();
                }
            }
        }
    }
    order
}

/// The shortest way from a node back to itself inside its group.
fn shortest(start: usize, next: &[Vec<usize>], groups: &[usize]) -> Option<Cycle> {
    let mut came_from = vec![usize::MAX; next.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for to in next[node].iter().filter(|to| groups[**to] == groups[start]) {
            if *to == start {
                let mut cycle = vec![node];
                while let Some(last) = cycle.last().copied().filter(|last| *last != start) {
                    cycle.push(came_from[last]);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if came_from[*to] == usize::MAX {
                came_from[*to] = node;
                queue.push_back(*to);
            }
        }
    }
    None
}
