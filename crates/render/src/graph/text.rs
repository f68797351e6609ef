//! The graph as an outline for a terminal.

use super::{kind_name, labels, one_line, passive, shown_place, summary, verb};
use crate::palette::Palette;
use crate::plain::{cut, width as columns_of};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use trueup_engine::{GraphNode, NodeKind, SpecGraph};

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphTextOptions<'a> {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal; lines are cut to it.
    pub width: Option<usize>,
    /// Keys of the nodes that were asked for: what leads to them is shown, too.
    pub focus: &'a [String],
}

/// The widest that the tree itself gets before states and titles; deeper lines push theirs to the right.
const WIDEST_TREE: usize = 72;

/// The widest line where the terminal does not say.
const WIDEST_LINE: usize = 140;

/// The graph as an outline: who depends on others stands over what it depends on.
pub fn graph_text(graph: &SpecGraph, options: &GraphTextOptions<'_>) -> String {
    let palette = Palette::new(options.color);
    let rows = Outline::of(graph, options.focus).rows;
    let labels = labels(graph);
    let mut out = String::new();
    write_rows(&mut out, graph, &rows, &labels, options, &palette);
    held_up(&mut out, graph, &labels, &palette);
    cycles(&mut out, graph, &labels, &palette);
    missing(&mut out, graph, &palette);
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{}", summary(graph).join(", "));
    out
}

/// A line of the outline.
struct Row {
    /// The lines of the tree and the relation.
    lead: String,
    node: usize,
    /// What else to say, for example that what is below stands elsewhere.
    remark: String,
}

/// Which way a branch follows the edges.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Back,
}

struct Outline<'g> {
    graph: &'g SpecGraph,
    /// Edges by the node that they leave, and by the one that they reach.
    out: Vec<Vec<usize>>,
    into: Vec<Vec<usize>>,
    rows: Vec<Row>,
    /// Nodes whose branch stands in the outline, forward and back.
    shown: [Vec<bool>; 2],
}

/// A branch that is still to be written.
struct Branch {
    node: usize,
    /// The edge that leads here, and the way that it is followed.
    by: Option<(usize, Way)>,
    indent: String,
    last: bool,
}

impl<'g> Outline<'g> {
    fn of(graph: &'g SpecGraph, focus: &[String]) -> Outline<'g> {
        let nodes = graph.nodes.len();
        let (mut out, mut into) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
        for (number, edge) in graph.edges.iter().enumerate() {
            out[edge.from].push(number);
            into[edge.to].push(number);
        }
        let by_relation =
            |edges: &mut Vec<usize>| edges.sort_by_key(|edge| (graph.edges[*edge].relation, *edge));
        out.iter_mut().chain(&mut into).for_each(by_relation);
        let shown = [vec![false; nodes], vec![false; nodes]];
        let mut outline = Outline { graph, out, into, rows: Vec::new(), shown };
        let focused: Vec<usize> = (0..nodes).filter(|at| focus.contains(&graph.nodes[*at].key)).collect();
        match focused.is_empty() {
            true => outline.whole(),
            false => focused.into_iter().for_each(|node| outline.tree(node, &[Way::Forward, Way::Back])),
        }
        outline
    }

    /// A tree for every node that nothing leads to, then for the cycles that are left.
    fn whole(&mut self) {
        let roots = (0..self.graph.nodes.len()).filter(|node| self.into[*node].is_empty());
        for root in roots.collect::<Vec<_>>() {
            self.tree(root, &[Way::Forward]);
        }
        for node in 0..self.graph.nodes.len() {
            if !self.shown[0][node] && !self.out[node].is_empty() {
                self.tree(node, &[Way::Forward]);
            }
        }
    }

    fn tree(&mut self, root: usize, ways: &[Way]) {
        let mut open = vec![Branch { node: root, by: None, indent: String::new(), last: true }];
        while let Some(branch) = open.pop() {
            self.row(&branch);
            let ways = branch.by.as_ref().map_or(ways, |(_, way)| std::slice::from_ref(way));
            let mut below = self.below(branch.node, ways);
            // The edge that led here is no news in the other direction.
            if let Some((by, _)) = branch.by {
                below.retain(|(edge, _)| *edge != by);
            }
            let indent = match branch.by {
                None => String::new(),
                Some(_) => format!("{}{}", branch.indent, if branch.last { "   " } else { "│  " }),
            };
            let number = below.len();
            for (place, (edge, way)) in below.into_iter().enumerate().rev() {
                let edge_of = &self.graph.edges[edge];
                let node = if way == Way::Forward { edge_of.to } else { edge_of.from };
                let last = place + 1 == number;
                open.push(Branch { node, by: Some((edge, way)), indent: indent.clone(), last });
            }
        }
    }

    /// The edges below a node; none where they stand in the outline already.
    fn below(&mut self, node: usize, ways: &[Way]) -> Vec<(usize, Way)> {
        let mut out = Vec::new();
        for way in ways {
            if std::mem::replace(&mut self.shown[*way as usize][node], true) {
                continue;
            }
            let edges = if *way == Way::Forward { &self.out[node] } else { &self.into[node] };
            out.extend(edges.iter().map(|edge| (*edge, *way)));
        }
        out
    }

    fn row(&mut self, branch: &Branch) {
        let mut lead = String::new();
        let mut remark = String::new();
        if let Some((edge, way)) = branch.by {
            let edge = &self.graph.edges[edge];
            let words = if way == Way::Forward { verb(edge.relation) } else { passive(edge.relation) };
            let fork = if branch.last { "└─" } else { "├─" };
            let unsure = if edge.ambiguous { "?" } else { "" };
            lead = format!("{}{fork} {words}{unsure}  ", branch.indent);
            let edges = if way == Way::Forward { &self.out } else { &self.into };
            let again = self.shown[way as usize][branch.node] && !edges[branch.node].is_empty();
            let waits = self.graph.holds_up(edge).then_some(match way {
                Way::Forward => "← not built yet",
                Way::Back => "← waits for it",
            });
            let elsewhere = again.then_some(if edge.in_cycle { "(cycle, see above)" } else { "(see above)" });
            remark = waits.into_iter().chain(elsewhere).collect::<Vec<_>>().join(" ");
        }
        self.rows.push(Row { lead, node: branch.node, remark });
    }
}

fn write_rows(
    out: &mut String,
    graph: &SpecGraph,
    rows: &[Row],
    labels: &[String],
    options: &GraphTextOptions<'_>,
    palette: &Palette,
) {
    let name = |row: &Row| labels[row.node].as_str();
    let length = |row: &Row| columns_of(&row.lead) + columns_of(name(row));
    let tree = rows.iter().map(length).filter(|length| *length <= WIDEST_TREE).max().unwrap_or(0);
    let states = rows.iter().map(|row| kind_name(graph.nodes[row.node].kind).len()).max().unwrap_or(0);
    let total = options.width.unwrap_or(WIDEST_LINE);
    for (place, row) in rows.iter().enumerate() {
        let node = &graph.nodes[row.node];
        if row.lead.is_empty() && place > 0 {
            out.push('\n');
        }
        let kind = kind_name(node.kind);
        let pad = " ".repeat(tree.saturating_sub(length(row)));
        let mut line = format!("{}{}{}", row.lead, name(row), pad);
        let used = columns_of(&line) + 2 + states;
        let mut rest = one_line(&node.title);
        if !row.remark.is_empty() {
            rest = format!("{}  {rest}", row.remark).trim_end().to_owned();
        }
        let rest = cut(&rest, total.saturating_sub(used + 2).max(12));
        if row.lead.is_empty() {
            line = format!("{}{}{}{pad}", palette.bold, name(row), palette.reset);
        }
        let state = format!("{}{kind}{}", color_of(node, palette), palette.reset);
        let gap = " ".repeat(states - kind.len());
        let _ = writeln!(out, "{}", format!("{line}  {state}{gap}  {rest}").trim_end());
    }
}

fn color_of<'p>(node: &GraphNode, palette: &'p Palette) -> &'p str {
    use trueup_model::State;
    match node.kind {
        NodeKind::NotFound => &palette.error,
        NodeKind::Spec(Some(State::Implemented)) => &palette.added,
        NodeKind::Spec(Some(State::Superseded | State::Parked)) => &palette.removed,
        NodeKind::Spec(Some(State::Draft | State::InReview)) => &palette.warning,
        NodeKind::Spec(Some(State::Accepted)) => &palette.hunk,
        NodeKind::Spec(None) => "",
    }
}

fn heading(out: &mut String, text: &str, palette: &Palette) {
    let _ = writeln!(out, "\n{}{text}{}", palette.bold, palette.reset);
}

/// Which specs wait for others.
fn held_up(out: &mut String, graph: &SpecGraph, labels: &[String], palette: &Palette) {
    let mut waits: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| graph.holds_up(edge)) {
        let state = kind_name(graph.nodes[edge.to].kind).to_lowercase();
        let what = format!("{} ({state})", labels[edge.to]);
        waits.entry(edge.from).or_default().push(what);
    }
    if waits.is_empty() {
        return;
    }
    heading(out, "Held up: what they depend on is not built yet", palette);
    for (node, others) in waits {
        let others = crate::words::list(&others, usize::MAX, "", "");
        let _ = writeln!(out, "  {} waits for {others}", labels[node]);
    }
}

fn cycles(out: &mut String, graph: &SpecGraph, labels: &[String], palette: &Palette) {
    let cycles = graph.cycles();
    if cycles.is_empty() {
        return;
    }
    heading(out, "Cycles: none of these can come first", palette);
    for cycle in cycles {
        let round = cycle.iter().chain(cycle.first());
        let names: Vec<String> = round.map(|node| labels[*node].clone()).collect();
        let _ = writeln!(out, "  {}", names.join(" → "));
    }
}

fn missing(out: &mut String, graph: &SpecGraph, palette: &Palette) {
    let missing: Vec<usize> =
        (0..graph.nodes.len()).filter(|at| graph.nodes[*at].kind == NodeKind::NotFound).collect();
    if missing.is_empty() {
        return;
    }
    heading(out, "Not found", palette);
    let width = missing.iter().map(|at| columns_of(&one_line(&graph.nodes[*at].name))).max().unwrap_or(0);
    for at in missing {
        let name = one_line(&graph.nodes[at].name);
        let edges = graph.edges.iter().filter(|edge| edge.from == at || edge.to == at);
        let places: Vec<String> =
            edges.flat_map(|edge| &edge.stated).map(|p| one_line(&shown_place(p))).collect();
        let pad = " ".repeat(width - columns_of(&name));
        let _ = writeln!(out, "  {name}{pad}  {}", crate::words::list(&places, 3, "place", "places"));
    }
}
