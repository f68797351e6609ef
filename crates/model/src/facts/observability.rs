//! Smoke checks, events and metrics to watch, the deploy marker.

use super::item::{Item, ItemKind, is_none, is_unfilled, push_item, settle};
use super::reader::Reader;
use super::support::{Grid, Piece, Text, Turn, code_spans, is_left, is_templates, pieces};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// An event or a metric to watch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    /// Its name, where it has one (`order_returned`).
    pub name: Option<String>,
    /// The attributes that it carries (`tenant_id`).
    pub attributes: Vec<String>,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// How the work is watched.
#[derive(Clone, Debug, Default)]
pub struct Observability {
    /// Smoke checks after deploy.
    pub smoke: Vec<Item>,
    /// Events and metrics.
    pub metrics: Vec<Metric>,
    /// The deploy marker.
    pub marker: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Any,
    Smoke,
    Metrics,
    Marker,
}

/// Reads the observability section.
pub(crate) fn read(reader: &Reader<'_>) -> Observability {
    let document = reader.document;
    let sections = reader.sections("observability");
    let mut out = Observability {
        sections: sections.iter().map(|id| document.section(*id).title_span).collect(),
        ..Observability::default()
    };
    let inside: Vec<_> = sections.iter().flat_map(|id| reader.territory(*id)).collect();
    let of_title = |id| match inside.binary_search(&id) {
        Ok(_) => Turn::Opens(topic_of(&document.section(id).normal.core).unwrap_or(Topic::Any)),
        Err(_) => Turn::Leaves,
    };
    for found in pieces(reader, of_title, topic_of) {
        piece(reader, found.topic, &found.piece, &mut out);
    }
    settle(&mut out.smoke);
    out
}

fn topic_of(label: &str) -> Option<Topic> {
    let begins = |w: &str| label.strip_prefix(w).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let any = |words: &[&str]| words.iter().any(|w| begins(w));
    match label.split(' ').next().unwrap_or("") {
        "smoke" => Some(Topic::Smoke),
        "post" if begins("post deploy smoke") => Some(Topic::Smoke),
        "deploy" | "deployment" | "release"
            if any(&["deploy marker", "deployment marker", "release marker"]) =>
        {
            Some(Topic::Marker)
        }
        "metrics" | "signals" => Some(Topic::Metrics),
        "events" if any(&["events metrics", "events and metrics", "events to watch"]) => Some(Topic::Metrics),
        "key" | "required" if any(&["key metrics", "required metrics"]) => Some(Topic::Metrics),
        _ => None,
    }
}

fn piece(reader: &Reader<'_>, topic: Topic, piece: &Piece, out: &mut Observability) {
    let document = reader.document;
    let place = match piece {
        Piece::Value(text) => text.span,
        Piece::Item(_, node) | Piece::Paragraph(node) | Piece::Table(node) => document.span(*node),
        _ => return,
    };
    // What stands under labels elsewhere (`**Metrics:**` in an overview) is for its own section to say.
    let elsewhere = matches!(topic, Topic::Smoke | Topic::Marker) && out.sections.is_empty();
    if !elsewhere && !reader.sections_contain("observability", place) {
        return;
    }
    let (text, node, item) = match piece {
        Piece::Value(text) => (text.clone(), None, None),
        Piece::Item(item, node) => (Text::of(document, *node), Some(*node), Some(*item)),
        Piece::Paragraph(node) => (Text::of(document, *node), Some(*node), None),
        Piece::Table(table) if topic != Topic::Marker => {
            rows(document, *table, topic, out);
            return;
        }
        _ => return,
    };
    let left =
        if topic == Topic::Smoke { is_left(reader, text.span) } else { is_templates(reader, text.span) };
    if left || is_unfilled(&text.text) || is_none(&text.text) {
        return;
    }
    let done = item.and_then(|item| match document.kind(item) {
        Kind::Item(done) => done,
        _ => None,
    });
    match topic {
        Topic::Smoke if item.is_some() => push_item(document, ItemKind::Smoke, text, done, &mut out.smoke),
        Topic::Marker => out.marker = out.marker.take().or(Some(text)),
        Topic::Any | Topic::Metrics if item.is_some() || topic == Topic::Metrics && node.is_none() => {
            if done.is_some() && topic == Topic::Any {
                push_item(document, ItemKind::Smoke, text, done, &mut out.smoke);
            } else {
                out.metrics.push(metric(document, node, text));
            }
        }
        _ => {}
    }
}

/// The first name in code, and the names behind it as what it carries.
fn metric(document: &Document, node: Option<NodeId>, text: Text) -> Metric {
    let codes: Vec<Text> = node.map(|n| code_spans(document, n)).unwrap_or_default();
    let leads = codes.first().is_some_and(|first| {
        let before = Span::new(text.span.start as usize, first.span.start as usize).text(document.text());
        before.chars().all(|c| !c.is_alphanumeric()) && is_name(&first.text)
    });
    let mut names = codes.into_iter().map(|code| code.text).filter(|code| is_name(code));
    let name = if leads { names.next() } else { None };
    let attributes = if leads { names.filter(|n| !n.contains('.')).collect() } else { Vec::new() };
    Metric { name, attributes, text: text.text, span: text.span }
}

fn is_name(code: &str) -> bool {
    !code.is_empty()
        && code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':'))
        && code.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn rows(document: &Document, table: NodeId, topic: Topic, out: &mut Observability) {
    let grid = Grid::of(document, table);
    let name =
        grid.column(&["metric", "event", "name", "signal", "check", "smoke check", "smoke"]).unwrap_or(0);
    let carried = grid.column(&["attributes", "labels", "fields", "tags", "dimensions", "with"]);
    for row in &grid.rows {
        let Some(cell) = row.cells.get(name) else { continue };
        let text = Text::of(document, *cell);
        if is_unfilled(&text.text) {
            continue;
        }
        if topic == Topic::Smoke {
            push_item(document, ItemKind::Smoke, text, None, &mut out.smoke);
            continue;
        }
        let attributes = carried.and_then(|c| row.cells.get(c)).map_or(Vec::new(), |cell| {
            code_spans(document, *cell).into_iter().map(|code| code.text).collect()
        });
        let mut found = metric(document, Some(*cell), text);
        if !attributes.is_empty() {
            found.attributes = attributes;
        }
        out.metrics.push(found);
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let o = facts_of(
            &format!("# T\n## 9) Observability\n{text}\n## Other\n**Metrics:**\n- z\n"),
            "governance",
        )
        .observability;
        let mut found: Vec<String> = o.smoke.iter().map(|s| format!("{} {}", s.id.text, s.text)).collect();
        found.extend(
            o.metrics.iter().map(|m| {
                format!("{}({}) {}", m.name.as_deref().unwrap_or("-"), m.attributes.join(","), m.text)
            }),
        );
        found.extend(o.marker.map(|m| format!("marker {}", m.text)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn smoke_metrics_and_marker() {
        check(
            "**Smoke after deploy** (automate):  \n- [ ] Golden Path loads the page\n- [x] SM-7: a\n\n```hurl\nGET x\n```\n\n**Events/metrics to watch:**  \n- `a.b` with `tenant_id`, `request_id`\n- Error rate under 1 % for `POST /a`\n\n**Deploy marker:** `mvp-0.1.0` with commit SHA.\n\nSee there.",
            &[
                "SM-1 Golden Path loads the page",
                "SM-7 a",
                "a.b(tenant_id,request_id) a.b with tenant_id, request_id",
                "-() Error rate under 1 % for POST /a",
                "marker mvp-0.1.0 with commit SHA.",
            ],
        );
        check(
            "### Smoke tests\n1. a\n### Metrics\n| Metric | Labels |\n|-|-|\n| `a_total` | `tenant_id`, `result` |\n",
            &["SM-1 a", "a_total(tenant_id,result) a_total"],
        );
        check("- `a_b` counts\n- [ ] Page loads", &["SM-1 Page loads", "a_b() a_b counts"]);
        check("N/A — no server.", &[]);
        check("**Smoke after deploy:**\n- N/A\n", &[]);
    }

    #[test]
    fn what_the_template_left_is_no_check() {
        let text = trueup_template::builtin_text("governance").unwrap_or_default();
        let found = facts_of(text, "governance").observability;
        assert_eq!((found.smoke.len(), found.marker), (0, None));
    }
}
