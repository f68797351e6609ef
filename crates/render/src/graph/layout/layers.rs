//! Which column a node stands in, and the bends of the edges that pass other columns.

/// A graph whose edges all lead from a column to the next.
pub(super) struct Layered {
    /// The items of every column from top to bottom: nodes, and after them bends.
    pub(super) columns: Vec<Vec<usize>>,
    /// The column of every item.
    pub(super) column_of: Vec<usize>,
    /// Numbers from here on are bends.
    pub(super) nodes: usize,
    /// The items of every edge from left to right.
    pub(super) chains: Vec<Vec<usize>>,
    /// Whether an edge is drawn from right to left, because it closes a cycle.
    pub(super) turned: Vec<bool>,
}

impl Layered {
    /// Whether an item is a bend of an edge.
    pub(super) fn is_bend(&self, item: usize) -> bool {
        item >= self.nodes
    }

    /// What every item is joined to in the column before and in the one after.
    pub(super) fn neighbours(&self) -> [Vec<Vec<usize>>; 2] {
        let mut before = vec![Vec::new(); self.column_of.len()];
        let mut after = before.clone();
        for chain in &self.chains {
            for pair in chain.windows(2) {
                after[pair[0]].push(pair[1]);
                before[pair[1]].push(pair[0]);
            }
        }
        [before, after]
    }
}

/// Finds a column for every node.
pub(super) fn layered(nodes: usize, edges: &[(usize, usize)]) -> Layered {
    let turned = closing(nodes, edges);
    let forward: Vec<(usize, usize)> = edges
        .iter()
        .zip(&turned)
        .map(|((from, to), turned)| if *turned { (*to, *from) } else { (*from, *to) })
        .collect();
    let mut column_of = longest_paths(nodes, &forward);
    let mut chains = Vec::with_capacity(edges.len());
    for (from, to) in &forward {
        let mut chain = vec![*from];
        for column in column_of[*from] + 1..column_of[*to] {
            chain.push(column_of.len());
            column_of.push(column);
        }
        chain.push(*to);
        chains.push(chain);
    }
    let mut columns = vec![Vec::new(); column_of.iter().max().map_or(0, |last| last + 1)];
    for (item, column) in column_of.iter().enumerate() {
        columns[*column].push(item);
    }
    Layered { columns, column_of, nodes, chains, turned }
}

fn successors(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<(usize, usize)>> {
    let mut out = vec![Vec::new(); nodes];
    for (number, (from, to)) in edges.iter().enumerate() {
        out[*from].push((*to, number));
    }
    out
}

/// The edges that lead back to where a depth-first walk came from. Without them nothing goes in circles.
fn closing(nodes: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        Done,
    }
    let next = successors(nodes, edges);
    let mut turned = vec![false; edges.len()];
    let mut seen = vec![Seen::No; nodes];
    // Whatever nothing leads to comes first, so that a cycle is entered where the rest of the graph enters it.
    let mut led_to = vec![false; nodes];
    edges.iter().for_each(|(_, to)| led_to[*to] = true);
    let starts = (0..nodes).filter(|n| !led_to[*n]).chain((0..nodes).filter(|n| led_to[*n]));
    for start in starts {
        if seen[start] != Seen::No {
            continue;
        }
        seen[start] = Seen::OnPath;
        let mut path = vec![(start, 0)];
        while let Some((node, tried)) = path.last_mut() {
            let Some((to, number)) = next[*node].get(*tried) else {
                seen[*node] = Seen::Done;
                path.pop();
                continue;
            };
            *tried += 1;
            match seen[*to] {
                Seen::OnPath => turned[*number] = true,
                Seen::Done => {}
                Seen::No => {
                    seen[*to] = Seen::OnPath;
                    path.push((*to, 0));
                }
            }
        }
    }
    turned
}

/// Columns by the longest path from the left. What has more edges to the right moves there as far as it may.
fn longest_paths(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let next = successors(nodes, edges);
    let mut open = vec![0; nodes];
    edges.iter().for_each(|(_, to)| open[*to] += 1);
    let edges_in = open.clone();
    let mut order: Vec<usize> = (0..nodes).filter(|node| open[*node] == 0).collect();
    let mut column = vec![0; nodes];
    let mut at = 0;
    while let Some(node) = order.get(at).copied() {
        at += 1;
        for (to, _) in &next[node] {
            column[*to] = column[*to].max(column[node] + 1);
            open[*to] -= 1;
            if open[*to] == 0 {
                order.push(*to);
            }
        }
    }
    for node in order.into_iter().rev().filter(|node| next[*node].len() > edges_in[*node]) {
        if let Some(nearest) = next[node].iter().map(|(to, _)| column[*to]).min() {
            column[node] = nearest - 1;
        }
    }
    column
}
