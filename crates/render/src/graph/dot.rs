//! The graph for Graphviz.

use super::wrap::wrap;
use super::{colours, key, kind_name, one_line, sentence, short_name, verb};
use std::fmt::Write as _;
use trueup_engine::{GraphNode, NodeKind, SpecGraph};
use trueup_model::Relation;

/// The graph in the DOT language. Addresses are relative to `folder`, a path from the root.
pub fn graph_dot(graph: &SpecGraph, folder: &str) -> String {
    let mut out = String::from(
        "digraph specs {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];\n  \
         edge [fontname=\"Helvetica\", fontsize=9];\n",
    );
    for (at, node) in graph.nodes.iter().enumerate() {
        let mut lines = vec![format!("{} ({})", one_line(short_name(node)), kind_name(node.kind))];
        lines.extend(wrap(&one_line(&node.title), 11.0, 200.0, 3));
        let label: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let _ = write!(
            out,
            "  n{at} [label=\"{}\", tooltip={}",
            label.join("\\n"),
            quoted(&one_line(&node.name))
        );
        if let Some(path) = &node.path {
            let _ = write!(out, ", URL={}", quoted(&super::link(folder, path)));
        }
        let _ = writeln!(out, ", {}]; // {}", look(node), one_line(&node.key));
    }
    for edge in &graph.edges {
        let mut look = line(edge.relation).to_owned();
        if edge.in_cycle {
            look.push_str(", color=\"#d1006b\", penwidth=2");
        }
        if edge.ambiguous {
            look.push_str(", arrowhead=empty");
        }
        let _ = writeln!(
            out,
            "  n{} -> n{} [{look}, class={}, tooltip={}];",
            edge.from,
            edge.to,
            quoted(key(edge.relation)),
            quoted(&one_line(&sentence(graph, edge)))
        );
    }
    out.push_str("}\n");
    out
}

fn look(node: &GraphNode) -> String {
    let (area, line) = colours(node.kind);
    let dashed = if node.kind == NodeKind::NotFound { ", style=\"rounded,dashed\"" } else { "" };
    format!("color=\"{line}\", fillcolor=\"{area}\"{dashed}")
}

fn line(relation: Relation) -> String {
    let style = match relation {
        Relation::DependsOn => "solid",
        Relation::Extends => "dashed",
        Relation::Supersedes | Relation::SupersededBy => "bold",
        Relation::Affects => "dotted",
        Relation::Related => return "style=solid, color=\"#9aa4b0\"".to_owned(),
    };
    format!("style={style}, label={}", quoted(verb(relation)))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Text between quotes. In labels a backslash starts an escape and `&` an entity of HTML.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}
