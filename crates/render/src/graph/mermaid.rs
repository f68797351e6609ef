//! The graph for Mermaid, which many forges draw inside Markdown.

use super::{class, kind_name, link, one_line, present, short_name, verb};
use std::fmt::Write as _;
use trueup_engine::{NodeKind, SpecGraph};
use trueup_model::Relation;

/// The graph as a Mermaid flow chart. Addresses are relative to `folder`, a path from the root.
pub fn graph_mermaid(graph: &SpecGraph, folder: &str) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, node) in graph.nodes.iter().enumerate() {
        let name = escaped(&one_line(short_name(node)));
        let title = if node.title.is_empty() {
            String::new()
        } else {
            format!("<br>{}", escaped(&one_line(&node.title)))
        };
        let state = kind_name(node.kind);
        let _ = writeln!(out, "  n{at}[\"<b>{name}</b> · {state}{title}\"]:::{}", class(node.kind));
    }
    for edge in &graph.edges {
        let arrow = match edge.relation {
            Relation::DependsOn | Relation::Related => "-->",
            Relation::Supersedes | Relation::SupersededBy => "==>",
            Relation::Extends | Relation::Affects => "-.->",
        };
        let cycle = if edge.in_cycle { " (cycle)" } else { "" };
        let unsure = if edge.ambiguous { "?" } else { "" };
        let words = verb(edge.relation);
        let _ = writeln!(out, "  n{} {arrow}|\"{words}{unsure}{cycle}\"| n{}", edge.from, edge.to);
    }
    for (at, node) in graph.nodes.iter().enumerate() {
        if let Some(path) = &node.path {
            let _ = writeln!(out, "  click n{at} href \"{}\"", link(folder, path));
        }
    }
    for kind in present(graph).0 {
        let _ = writeln!(out, "  classDef {} {}", class(kind), look(kind));
    }
    let in_cycle: Vec<String> =
        (0..graph.edges.len()).filter(|at| graph.edges[*at].in_cycle).map(|at| at.to_string()).collect();
    if !in_cycle.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#d1006b,stroke-width:3px", in_cycle.join(","));
    }
    out
}

/// Colours that can be read on a light and on a dark page: each box brings its own ink.
fn look(kind: NodeKind) -> String {
    let (area, line) = super::colours(kind);
    let dashed = if kind == NodeKind::NotFound { ",stroke-dasharray:6 4" } else { "" };
    format!("fill:{area},stroke:{line},color:#1f2328{dashed}")
}

/// Text inside quotes: what Mermaid or the HTML that it makes would read as markup becomes an entity of its
/// own kind (`#35;`).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | '~' | '$' | '[' | ']' | '{' | '}'
            | '|' | ';' | '%' => {
                let _ = write!(out, "#{};", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
