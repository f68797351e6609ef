use insta::assert_snapshot;
use serde_json::Value;
use trueup_engine::{GraphEdge, GraphNode, NodeKind, Place, SpecGraph};
use trueup_model::{Relation, State};
use trueup_render::{
    GraphSvgOptions, GraphTextOptions, graph_dot, graph_json, graph_json_schema, graph_mermaid, graph_svg,
    graph_text,
};

fn spec(name: &str, title: &str, state: Option<State>) -> GraphNode {
    let path = format!("docs/specs/{}-a b.md", name.to_lowercase());
    GraphNode {
        key: path.clone(),
        name: name.to_owned(),
        title: title.to_owned(),
        path: Some(path),
        line: Some(1),
        kind: NodeKind::Spec(state),
    }
}

fn missing(name: &str) -> GraphNode {
    let (key, name) = (name.to_owned(), name.to_owned());
    GraphNode { key, name, title: String::new(), path: None, line: None, kind: NodeKind::NotFound }
}

fn edge(from: usize, to: usize, relation: Relation) -> GraphEdge {
    let stated = vec![Place { path: format!("docs/specs/{from}.md"), line: Some(7) }];
    GraphEdge { from, to, relation, ambiguous: false, in_cycle: false, stated }
}

/// Every state and relation, a cycle, a target that is not there and an ID that belongs to two specs.
fn everything() -> SpecGraph {
    let nodes = vec![
        spec("SPEC-001", "Orders", Some(State::Implemented)),
        spec("SPEC-002", "Card payments for orders, refunds and vouchers", Some(State::Accepted)),
        spec("SPEC-003", "Returns", Some(State::Draft)),
        spec("SPEC-004", "Refunds by hand", Some(State::Superseded)),
        spec("SPEC-005", "Credit", Some(State::InReview)),
        spec("SPEC-006", "Gift cards", Some(State::Parked)),
        spec("2026-01-01-search", "Search", None),
        missing("SPEC-099"),
    ];
    let mut edges = vec![
        edge(1, 0, Relation::DependsOn),
        edge(2, 1, Relation::DependsOn),
        edge(2, 4, Relation::Supersedes),
        edge(2, 7, Relation::DependsOn),
        edge(4, 5, Relation::DependsOn),
        edge(5, 4, Relation::DependsOn),
        edge(5, 6, Relation::Affects),
        edge(6, 0, Relation::Extends),
        edge(6, 3, Relation::Related),
    ];
    edges[4].in_cycle = true;
    edges[5].in_cycle = true;
    edges[7].ambiguous = true;
    SpecGraph { nodes, edges, unconnected: 12 }
}

/// What a document may hold to break out of a format.
const NASTY: &str =
    "a \"b\" \\ 'c' </title></svg><script>x</script> &amp; \u{1b}[31m`d` #35; |e| [f]\n--> \u{202e}g %% *h*";

fn nasty() -> SpecGraph {
    let nodes = vec![spec("SPEC-1", NASTY, None), spec("SPEC-2", "漢字 żółć", None), missing(NASTY)];
    SpecGraph {
        nodes,
        edges: vec![edge(0, 1, Relation::Extends), edge(0, 2, Relation::DependsOn)],
        unconnected: 0,
    }
}

fn text(graph: &SpecGraph) -> String {
    graph_text(graph, &GraphTextOptions { width: Some(100), ..GraphTextOptions::default() })
}

#[test]
fn an_outline_for_people() {
    assert_snapshot!(text(&everything()));
}

#[test]
fn around_a_spec_both_directions_are_shown() {
    let graph = everything();
    let focus = ["docs/specs/spec-002-a b.md".to_owned()];
    let part = graph.around(&[1], 1);
    assert_eq!((part.nodes.len(), part.edges.len()), (3, 2));
    assert_snapshot!(graph_text(&part, &GraphTextOptions { focus: &focus, ..GraphTextOptions::default() }));
}

#[test]
fn a_picture() {
    assert_snapshot!(graph_svg(&everything(), &GraphSvgOptions { focus: &[], folder: "docs" }));
}

#[test]
fn for_graphviz() {
    assert_snapshot!(graph_dot(&everything(), "docs"));
}

#[test]
fn for_mermaid() {
    assert_snapshot!(graph_mermaid(&everything(), "docs"));
}

#[test]
fn for_programs() {
    for graph in [everything(), nasty(), SpecGraph::default()] {
        let schema: Value = serde_json::from_str(&graph_json_schema()).expect("the schema is JSON");
        let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
        let output: Value = serde_json::from_str(&graph_json(&graph)).expect("the output is JSON");
        let errors: Vec<String> = validator.iter_errors(&output).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert_snapshot!(graph_json(&everything()));
}

#[test]
fn the_schema_of_a_graph() {
    assert_snapshot!(graph_json_schema());
}

/// Reads XML as strictly as these pictures need it: tags are closed in order, and nothing else uses their signs.
#[track_caller]
fn assert_xml(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "{before}");
        for entity in before.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|name| entity.starts_with(name));
            assert!(known, "{entity}");
        }
        let (tag, next) = after.split_once('>').expect("a tag ends");
        assert!(tag.matches('"').count() % 2 == 0, "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (false, false) => open.push(name),
            (false, true) => {}
        }
        rest = next;
    }
    assert!(open.is_empty() && rest == "\n", "{open:?} {rest}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn documents_do_not_break_out_of_a_picture() {
    for graph in [everything(), nasty(), SpecGraph::default()] {
        let svg = graph_svg(&graph, &GraphSvgOptions::default());
        assert_xml(&svg);
        assert!(!svg.contains("<script"), "{svg}");
    }
}

#[test]
fn documents_do_not_break_out_of_graphviz() {
    let dot = graph_dot(&nasty(), "");
    for line in dot.lines().filter(|line| line.contains('[')) {
        // Every quote is doubled or one of a pair around plain text.
        let bare = line.replace("\\\\", "").replace("\\\"", "");
        assert!(bare.split("// ").next().is_some_and(|code| code.matches('"').count() % 2 == 0), "{line}");
    }
    assert!(!dot.contains('\u{1b}') && !dot.contains('\u{202e}'), "{dot}");
    assert_eq!(dot.lines().count(), 4 + 3 + 2 + 1, "{dot}");
}

#[test]
fn documents_do_not_break_out_of_mermaid() {
    let mermaid = graph_mermaid(&nasty(), "");
    for line in mermaid.lines().filter(|line| line.contains('[')) {
        let label = line.split_once("[\"").and_then(|(_, rest)| rest.split_once("\"]")).expect(line).0;
        let plain = label.replace("<b>", "").replace("</b>", "").replace("<br>", "");
        assert!(!plain.contains(['"', '<', '>', '`', '[', ']', '|', '\\']), "{plain}");
    }
    assert!(!mermaid.contains('\u{1b}') && !mermaid.contains('\u{202e}'), "{mermaid}");
}

#[test]
fn documents_do_not_break_out_of_the_outline() {
    let shown = text(&nasty());
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 140), "{shown}");
}
