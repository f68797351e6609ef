//! The graph of specs, from their text to its edges.

use trueup_engine::{GraphEdge, NodeKind, SpecGraph};
use trueup_model::Relation;
use trueup_testkit::Repository;

const ALL: [Relation; 5] =
    [Relation::DependsOn, Relation::Extends, Relation::Supersedes, Relation::Affects, Relation::Related];

fn graph(files: &[(&str, &str)], relations: &[Relation]) -> SpecGraph {
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(path, head)| match path.ends_with(".md") {
            false => (*path, (*head).to_owned()),
            true => (*path, format!("{head}\n\n## Overview\nText.\n\n## Risks\nNone known.\n")),
        })
        .collect();
    let repository = Repository::standard(&files);
    repository.open().graph(relations)
}

/// Edges as a reader writes them, with a mark where an ID is not clear.
fn edges(graph: &SpecGraph) -> Vec<String> {
    let name = |node: usize| {
        let node = &graph.nodes[node];
        format!("{}{}", node.name, if node.kind == NodeKind::NotFound { "!" } else { "" })
    };
    let marked = |e: &GraphEdge| {
        let (unsure, cycle) = (if e.ambiguous { "?" } else { "" }, if e.in_cycle { "*" } else { "" });
        format!("{} {:?}{unsure}{cycle} {}", name(e.from), e.relation, name(e.to))
    };
    graph.edges.iter().map(marked).collect()
}

#[test]
fn superseded_by_is_supersedes_the_other_way_round() {
    let files = [
        ("specs/SPEC-001-a.md", "# SPEC-001: A\n\n**Superseded by:** SPEC-002"),
        (
            "specs/SPEC-002-b.md",
            "# SPEC-002: B\n\n**Supersedes:** SPEC-001\n**Depends on:** SPEC-003, SPEC-009",
        ),
        ("specs/SPEC-003-c.md", "# SPEC-003: C"),
        ("specs/SPEC-004-d.md", "# SPEC-004: D"),
    ];
    let whole = graph(&files, &ALL);
    let expected =
        ["SPEC-002 Supersedes SPEC-001", "SPEC-002 DependsOn SPEC-003", "SPEC-002 DependsOn SPEC-009!"];
    assert_eq!(edges(&whole), expected);
    let both: Vec<(&str, Option<u32>)> =
        whole.edges[0].stated.iter().map(|place| (place.path.as_str(), place.line)).collect();
    assert_eq!(both, [("specs/SPEC-001-a.md", Some(3)), ("specs/SPEC-002-b.md", Some(3))]);
    assert_eq!(whole.nodes[1].title, "B");
    let connected = whole.connected();
    assert_eq!((connected.nodes.len(), connected.unconnected), (4, 1));
    assert_eq!(edges(&graph(&files, &[Relation::Supersedes])), expected[..1]);
}

#[test]
fn cycles_are_marked_and_told() {
    let files = [
        ("specs/SPEC-001-a.md", "# SPEC-001: A\n\n**Depends on:** SPEC-002"),
        ("specs/SPEC-002-b.md", "# SPEC-002: B\n\n**Depends on:** SPEC-003"),
        ("specs/SPEC-003-c.md", "# SPEC-003: C\n\n**Depends on:** SPEC-001"),
        ("specs/SPEC-004-d.md", "# SPEC-004: D\n\n**Depends on:** SPEC-001"),
    ];
    let whole = graph(&files, &ALL);
    assert_eq!(whole.cycles(), [[0, 1, 2]]);
    assert_eq!(whole.edges.iter().filter(|edge| edge.in_cycle).count(), 3);
    let around = whole.around(&[3], 1);
    assert_eq!(edges(&around), ["SPEC-004 DependsOn SPEC-001"]);
}

#[test]
fn links_to_specs_that_were_moved_are_followed() {
    let files = [
        ("specs/SPEC-001-a.md", "# SPEC-001: A\n\n**Depends on:** [B](./SPEC-002-b.md)"),
        ("specs/done/SPEC-002-b.md", "# SPEC-002: B\n\n**Depends on:** [the guide](../../GUIDE.md)"),
        ("GUIDE.md", "# Guide"),
    ];
    assert_eq!(edges(&graph(&files, &ALL)), ["SPEC-001 DependsOn SPEC-002"]);
}

#[test]
fn a_prefix_may_be_left_out_or_added() {
    let files = [
        ("specs/rfc-0001-a.md", "---\ntitle: A\n---\n\n**Depends on:** RFC-2"),
        ("specs/rfc-0002-b.md", "# B\n\n**Depends on:** RFC-0009"),
    ];
    assert_eq!(graph(&files, &ALL).nodes[0].title, "A");
    let files = [
        ("specs/rfc-0001-a.md", "# A\n\n**Depends on:** RFC-2"),
        ("specs/rfc-0002-b.md", "# B\n\n**Depends on:** RFC-0009"),
    ];
    assert_eq!(edges(&graph(&files, &ALL)), ["rfc-0001 DependsOn rfc-0002", "rfc-0002 DependsOn RFC-0009!"]);
    let config = "[[specs]]\nfolders = [\"rfcs\"]\ntemplate = \"template.md\"\n";
    let files = [
        ("rfcs/0001-a.md", "# A\n\n**Depends on:** RFC-2, ADR-2"),
        ("rfcs/0002-b.md", "# B"),
        ("trueup.toml", config),
    ];
    assert_eq!(edges(&graph(&files, &ALL)), ["0001 DependsOn 0002", "0001 DependsOn ADR-2!"]);
}

#[test]
fn an_id_of_several_specs_is_not_clear_unless_a_link_tells() {
    let files = [
        ("specs/SPEC-001-a.md", "# SPEC-001: A\n\n**Depends on:** SPEC-002"),
        ("specs/SPEC-002-b.md", "# SPEC-002: B"),
        ("specs/SPEC-002-c.md", "# SPEC-002: C"),
        ("specs/SPEC-003-d.md", "# SPEC-003: D\n\n**Depends on:** SPEC-002 ([C](SPEC-002-c.md))"),
    ];
    let whole = graph(&files, &ALL);
    assert_eq!(
        edges(&whole),
        ["SPEC-001 DependsOn? SPEC-002", "SPEC-001 DependsOn? SPEC-002", "SPEC-003 DependsOn SPEC-002"]
    );
    assert_eq!(whole.nodes[whole.edges[2].to].title, "C");
}
