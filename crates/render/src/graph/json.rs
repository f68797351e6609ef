//! The graph as JSON, and the schema of that JSON. The shape is a promise to other programs: a change that could
//! break a reader raises the first number of [`GRAPH_SCHEMA_VERSION`].

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use trueup_engine::{NodeKind, SpecGraph};
use trueup_model::Relation;

/// Version of the JSON format of a graph.
pub const GRAPH_SCHEMA_VERSION: &str = "1.0";

/// Specs and how they are related.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The graph of trueup", rename = "Graph")]
struct Output<'a> {
    /// Version of this format.
    #[schemars(extend("const" = GRAPH_SCHEMA_VERSION))]
    schema_version: &'a str,
    summary: Summary,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
    /// A shortest cycle of every group of specs that lead to each other: keys in the order of the edges.
    cycles: Vec<Vec<&'a str>>,
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Specs among the nodes.
    specs: usize,
    /// Edges.
    relations: usize,
    /// Targets that are not there.
    not_found: usize,
    cycles: usize,
    /// Specs that were left out because nothing leads to or from them.
    unconnected: usize,
}

#[derive(Serialize, JsonSchema)]
struct Node<'a> {
    /// What edges and cycles call it: the path, with `#2` for the second spec of a file, or what was written.
    key: &'a str,
    kind: Kind,
    /// The ID, else the file's name, else what was written.
    name: &'a str,
    /// The title without the ID; null where none is known.
    title: Option<&'a str>,
    /// Path from the root; null where there is no such file.
    path: Option<&'a str>,
    /// Line of the title, from 1.
    line: Option<u32>,
    /// `draft`, `in-review`, `accepted`, `implemented`, `parked` or `superseded`; null where nothing says it.
    state: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// A spec.
    Spec,
    /// Named, and not there.
    NotFound,
}

#[derive(Serialize, JsonSchema)]
struct Edge<'a> {
    /// Key of the node that needs, extends, replaces, affects or names the other.
    from: &'a str,
    /// Key of the other.
    to: &'a str,
    relation: RelationName,
    /// Whether the ID that was written belongs to several specs, each of which has such an edge.
    ambiguous: bool,
    /// Whether it is a part of a cycle.
    in_cycle: bool,
    /// Whether the first spec waits for the other: it is still to be built, and the other is not built or not there.
    holds_up: bool,
    /// Where it is written.
    stated: Vec<Place<'a>>,
}

/// `superseded by` is `supersedes` with the ends exchanged.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RelationName {
    DependsOn,
    Extends,
    Supersedes,
    Affects,
    Related,
}

#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    /// Path from the root.
    path: &'a str,
    /// From 1; null where the file is no Markdown.
    line: Option<u32>,
}

/// The graph as JSON. [`graph_json_schema`] describes it.
pub fn graph_json(graph: &SpecGraph) -> String {
    let key_of = |node: usize| graph.nodes[node].key.as_str();
    let cycles: Vec<Vec<&str>> =
        graph.cycles().into_iter().map(|cycle| cycle.into_iter().map(key_of).collect()).collect();
    crate::json::to_text(&Output {
        schema_version: GRAPH_SCHEMA_VERSION,
        summary: Summary {
            specs: graph.specs().count(),
            relations: graph.edges.len(),
            not_found: graph.nodes.iter().filter(|node| node.kind == NodeKind::NotFound).count(),
            cycles: cycles.len(),
            unconnected: graph.unconnected,
        },
        nodes: graph.nodes.iter().map(node).collect(),
        edges: graph
            .edges
            .iter()
            .map(|e| Edge {
                from: key_of(e.from),
                to: key_of(e.to),
                relation: relation(e.relation),
                ambiguous: e.ambiguous,
                in_cycle: e.in_cycle,
                holds_up: graph.holds_up(e),
                stated: e.stated.iter().map(|p| Place { path: &p.path, line: p.line }).collect(),
            })
            .collect(),
        cycles,
    })
}

fn relation(relation: Relation) -> RelationName {
    match relation {
        Relation::DependsOn => RelationName::DependsOn,
        Relation::Extends => RelationName::Extends,
        Relation::Supersedes | Relation::SupersededBy => RelationName::Supersedes,
        Relation::Affects => RelationName::Affects,
        Relation::Related => RelationName::Related,
    }
}

fn node(node: &trueup_engine::GraphNode) -> Node<'_> {
    let (kind, state) = match node.kind {
        NodeKind::Spec(state) => (Kind::Spec, state.map(|state| state.key())),
        NodeKind::NotFound => (Kind::NotFound, None),
    };
    Node {
        key: &node.key,
        kind,
        name: &node.name,
        title: Some(node.title.as_str()).filter(|title| !title.is_empty()),
        path: node.path.as_deref(),
        line: node.line,
        state,
    }
}

/// The JSON Schema (draft 2020-12) of what [`graph_json`] gives.
pub fn graph_json_schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    crate::json::to_text(&generator.into_root_schema_for::<Output<'_>>())
}
