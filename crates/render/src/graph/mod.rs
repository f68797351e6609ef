//! The graph of specs as text for people, as a picture, for Graphviz and Mermaid, and as JSON.

mod dot;
mod json;
mod layout;
mod mermaid;
mod svg;
mod text;
mod wrap;

pub use dot::graph_dot;
pub use json::{GRAPH_SCHEMA_VERSION, graph_json, graph_json_schema};
pub use mermaid::graph_mermaid;
pub use svg::{GraphSvgOptions, graph_svg};
pub use text::{GraphTextOptions, graph_text};

use crate::plain;
use crate::words::count;
use std::collections::BTreeMap;
use trueup_engine::{GraphEdge, GraphNode, NodeKind, SpecGraph};
use trueup_model::{Relation, State};

/// The relations that are drawn, in the order in which they are listed.
const DRAWN: [Relation; 5] =
    [Relation::DependsOn, Relation::Extends, Relation::Supersedes, Relation::Affects, Relation::Related];

/// How the first spec is related to the second.
fn verb(relation: Relation) -> &'static str {
    match relation {
        Relation::DependsOn => "depends on",
        Relation::Extends => "extends",
        Relation::Supersedes => "supersedes",
        Relation::SupersededBy => "superseded by",
        Relation::Affects => "affects",
        Relation::Related => "mentions",
    }
}

/// How the second spec is related to the first.
fn passive(relation: Relation) -> &'static str {
    match relation {
        Relation::DependsOn => "needed by",
        Relation::Extends => "extended by",
        Relation::Supersedes => "superseded by",
        Relation::SupersededBy => "supersedes",
        Relation::Affects => "affected by",
        Relation::Related => "mentioned by",
    }
}

/// A word of one part for a relation or a kind of node, for classes and JSON.
fn key(relation: Relation) -> &'static str {
    match relation {
        Relation::DependsOn => "depends-on",
        Relation::Extends => "extends",
        Relation::Supersedes => "supersedes",
        Relation::SupersededBy => "superseded-by",
        Relation::Affects => "affects",
        Relation::Related => "related",
    }
}

/// The class of a node: its state, or what else it is.
fn class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Spec(Some(state)) => state.key(),
        NodeKind::Spec(None) => "unknown",
        NodeKind::NotFound => "missing",
    }
}

/// What to say of a node: its state, or what else it is.
fn kind_name(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Spec(Some(state)) => state.name(),
        NodeKind::Spec(None) => "No state",
        NodeKind::NotFound => "Not found",
    }
}

/// All kinds of nodes in the order of a legend.
fn kinds() -> impl Iterator<Item = NodeKind> {
    let states = State::ALL.into_iter().map(|state| NodeKind::Spec(Some(state)));
    states.chain([NodeKind::Spec(None), NodeKind::NotFound])
}

/// The kinds of nodes and the relations of edges that a graph has.
fn present(graph: &SpecGraph) -> (Vec<NodeKind>, Vec<Relation>) {
    let has_kind = |kind: &NodeKind| graph.nodes.iter().any(|node| node.kind == *kind);
    let has_relation = |relation: &Relation| graph.edges.iter().any(|edge| edge.relation == *relation);
    (kinds().filter(has_kind).collect(), DRAWN.into_iter().filter(has_relation).collect())
}

/// A spec's name where there is little room: of a dated slug the date, because the title says the rest.
fn short_name(node: &GraphNode) -> &str {
    let bytes = node.name.as_bytes();
    let is_date = bytes.len() > 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_date && !node.title.is_empty() { &node.name[..10] } else { &node.name }
}

/// What to call each node where it stands alone: its name, or its file's where several have the name. Either
/// can be given to a command.
fn labels(graph: &SpecGraph) -> Vec<String> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    graph.nodes.iter().for_each(|node| *times.entry(&node.name).or_default() += 1);
    let label = |node: &GraphNode| match (&node.path, times[node.name.as_str()]) {
        (Some(path), 2..) => one_line(trueup_model::base_name(path).trim_end_matches(".md")),
        _ => one_line(&node.name),
    };
    graph.nodes.iter().map(label).collect()
}

/// An edge in words, with the place where it is written.
fn sentence(graph: &SpecGraph, edge: &GraphEdge) -> String {
    let (from, to) = (&graph.nodes[edge.from], &graph.nodes[edge.to]);
    let mut out = format!("{} {} {}", from.name, verb(edge.relation), to.name);
    if edge.ambiguous {
        out.push_str(" (the ID belongs to several specs)");
    }
    if let Some(place) = edge.stated.first() {
        out.push_str(&format!(" — {}", shown_place(place)));
    }
    out
}

fn shown_place(place: &trueup_engine::Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.clone(),
    }
}

/// What the graph holds, in words.
fn summary(graph: &SpecGraph) -> Vec<String> {
    let specs = graph.specs().count();
    let relations = graph.edges.len();
    let missing = graph.nodes.iter().filter(|node| node.kind == NodeKind::NotFound).count();
    let cycles = graph.cycles().len();
    let mut out = vec![count(specs, "spec", "specs"), count(relations, "relation", "relations")];
    if cycles > 0 {
        out.push(count(cycles, "cycle", "cycles"));
    }
    if missing > 0 {
        out.push(format!("{missing} not found"));
    }
    if graph.unconnected > 0 {
        out.push(format!("{} without a relation", count(graph.unconnected, "more spec", "more specs")));
    }
    out
}

/// A text from a document on one line, as it may be shown anywhere.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        plain::push(&mut out, word);
    }
    out
}

/// A path from the folder of the output, as an address.
fn link(folder: &str, path: &str) -> String {
    let mut out = String::new();
    for byte in trueup_model::relative(folder, path).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The area and the line of a box on a light page.
fn colours(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Spec(Some(State::Draft)) => ("#fff8e1", "#9a6700"),
        NodeKind::Spec(Some(State::InReview)) => ("#e7f2ff", "#0969da"),
        NodeKind::Spec(Some(State::Accepted)) => ("#f5edff", "#7a3ec2"),
        NodeKind::Spec(Some(State::Implemented)) => ("#e6f7ea", "#1a7f37"),
        NodeKind::Spec(Some(State::Parked)) => ("#f0f1f3", "#6b7280"),
        NodeKind::Spec(Some(State::Superseded)) => ("#fbeeee", "#b0464d"),
        NodeKind::Spec(None) => ("#ffffff", "#8b949e"),
        NodeKind::NotFound => ("#ffffff", "#cf222e"),
    }
}

/// The area and the line of a box on a dark page.
fn dark_colours(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Spec(Some(State::Draft)) => ("#2f2610", "#d4a72c"),
        NodeKind::Spec(Some(State::InReview)) => ("#12263f", "#58a6ff"),
        NodeKind::Spec(Some(State::Accepted)) => ("#281c3d", "#b58cf5"),
        NodeKind::Spec(Some(State::Implemented)) => ("#11301b", "#3fb950"),
        NodeKind::Spec(Some(State::Parked)) => ("#24292f", "#9aa4b0"),
        NodeKind::Spec(Some(State::Superseded)) => ("#331a1c", "#d98187"),
        NodeKind::Spec(None) => ("#161b22", "#6e7681"),
        NodeKind::NotFound => ("#0d1117", "#ff7b72"),
    }
}
