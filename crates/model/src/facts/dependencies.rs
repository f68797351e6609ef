//! What a spec depends on and what it affects.

use super::reader::Reader;
use super::references::{Reference, Relation, Target, label_of, relation_of_label};
use super::support::{Grid, Text, says_none};
use crate::spec::HeaderPlace;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{infer_words, strip_inline};
use trueup_text::Span;

/// Something that a spec depends on or affects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// What it says.
    pub text: String,
    /// What it leads to, where it can be told.
    pub targets: Vec<Target>,
    /// Where it stands.
    pub span: Span,
}

/// What a spec depends on and what it affects.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// What must be there first.
    pub depends_on: Vec<Dependency>,
    /// What is changed by it.
    pub affects: Vec<Dependency>,
}

/// Reads the dependencies: the section's, and the fields of the header.
pub(crate) fn read(reader: &Reader<'_>, found: &[Reference]) -> Dependencies {
    let mut out = Dependencies::default();
    for field in reader.header {
        let key = infer_words(&field.normal.replace(['-', '_'], " "));
        let Some(relation) = relation_of_label(&key) else { continue };
        let span = field.field.value_span;
        let in_sidecar = field.place == HeaderPlace::Sidecar;
        add(&mut out, relation, found, Text { text: field.field.value.trim().to_owned(), span }, in_sidecar);
    }
    for section in reader.sections("dependencies") {
        // `#### `dependencies``: a key of a package file, no section of the spec.
        let heading = reader.document.section(section).heading;
        if reader.document.children(heading).all(|n| reader.document.kind(n) == Kind::InlineCode) {
            continue;
        }
        read_section(reader, section, found, &mut out);
    }
    out
}

/// A section's bullets and rows; a label or a heading in front says which way they point.
fn read_section(reader: &Reader<'_>, section: SectionId, found: &[Reference], out: &mut Dependencies) {
    let document = reader.document;
    for part in reader.territory(section) {
        let of_title = relation_of_label(&document.section(part).normal.core).filter(|_| part != section);
        let mut relation = of_title.unwrap_or(Relation::DependsOn);
        for block in reader.blocks(part) {
            match document.kind(block) {
                Kind::Paragraph => relation = paragraph(document, block, relation, found, out),
                Kind::List { .. } => list(document, block, relation, found, out),
                Kind::Table => table(document, block, relation, found, out),
                _ => {}
            }
        }
    }
}

/// A label for what follows, or a labelled value. Prose without a label says nothing that can be told apart.
fn paragraph(
    document: &Document,
    node: NodeId,
    relation: Relation,
    found: &[Reference],
    out: &mut Dependencies,
) -> Relation {
    let span = document.content_span(node);
    let source = span.text(document.text());
    let mut last = relation;
    let mut at = span.start as usize;
    for line in source.split_inclusive('\n') {
        if let Some((relation, from)) = label_of(line) {
            let value = line[from..].trim();
            last = relation;
            if !value.is_empty() {
                let lead = line[from..].len() - line[from..].trim_start().len();
                let start = at + from + lead;
                add(
                    out,
                    relation,
                    found,
                    Text { text: strip_inline(value), span: Span::new(start, start + value.len()) },
                    false,
                );
            }
        }
        at += line.len();
    }
    last
}

fn list(document: &Document, list: NodeId, relation: Relation, found: &[Reference], out: &mut Dependencies) {
    let mut outer: Vec<(u32, Relation)> = Vec::new();
    for (item, first) in super::support::items_below(document, list) {
        while outer.last().is_some_and(|(end, _)| item.0 >= *end) {
            outer.pop();
        }
        let above = outer.last().map_or(relation, |(_, relation)| *relation);
        let span = document.content_span(first);
        let source = span.text(document.text());
        let Some((own, from)) = label_of(source) else {
            add(out, above, found, Text::of(document, first), false);
            continue;
        };
        let value = source.get(from..).unwrap_or("").trim();
        if value.is_empty() {
            outer.push((document.node(item).end, own));
            continue;
        }
        let start = span.end as usize - source[from..].trim_start().len();
        let text = Text { text: strip_inline(value), span: Span::new(start, start + value.len()) };
        add(out, if own == Relation::Related { above } else { own }, found, text, false);
    }
}

/// Rows: the first cell names the thing, a header such as `Affects` says which way.
fn table(
    document: &Document,
    table: NodeId,
    relation: Relation,
    found: &[Reference],
    out: &mut Dependencies,
) {
    let grid = Grid::of(document, table);
    let of_header = grid.columns.first().and_then(|c| relation_of_label(c));
    for row in &grid.rows {
        let Some(first) = row.cells.first().copied() else { continue };
        // `| Depends on | SPEC-012 |`: a row with its own label.
        let own = relation_of_label(&infer_words(&document.plain(first)));
        let (relation, cell) = match (own, row.cells.get(1)) {
            (Some(own), Some(second)) => (own, *second),
            _ => (of_header.unwrap_or(relation), first),
        };
        let text = Text::of(document, cell);
        let whole = document.span(row.node);
        let list = match relation {
            Relation::Affects => &mut out.affects,
            _ => &mut out.depends_on,
        };
        if !text.text.is_empty() && !says_none(&text.text) {
            list.push(Dependency {
                text: text.text,
                targets: targets_in(found, whole, false),
                span: text.span,
            });
        }
    }
}

fn add(out: &mut Dependencies, relation: Relation, found: &[Reference], text: Text, in_sidecar: bool) {
    let list = match relation {
        Relation::DependsOn => &mut out.depends_on,
        Relation::Affects => &mut out.affects,
        _ => return,
    };
    if text.text.is_empty() || says_none(&text.text) || text.text == "…" {
        return;
    }
    let targets = targets_in(found, text.span, in_sidecar);
    list.push(Dependency { text: text.text, targets, span: text.span });
}

/// What a span of the document or the sidecar leads to.
fn targets_in(found: &[Reference], span: Span, in_sidecar: bool) -> Vec<Target> {
    let fits = |r: &&Reference| r.in_sidecar == in_sidecar && span.contains(r.span);
    // The fields of YAML come first, all else stands in the order of the document.
    let from = found.iter().take_while(|r| r.in_sidecar).count();
    let list = if in_sidecar { &found[..from] } else { &found[from..] };
    let start = list.partition_point(|r| !in_sidecar && r.span.start < span.start);
    list[start..]
        .iter()
        .take_while(|r| in_sidecar || r.span.start < span.end)
        .filter(fits)
        .map(|r| r.target.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::facts::Dependency;
    use crate::facts::support::testing::facts_of;

    fn check(markdown: &str, depends: &[&str], affects: &[&str]) {
        let found = facts_of(markdown, "").dependencies;
        let show = |list: &[Dependency]| -> Vec<String> {
            list.iter()
                .map(|d| {
                    assert!(markdown.get(d.span.range()).is_some(), "{d:?}");
                    format!("{} ({})", d.text, d.targets.len())
                })
                .collect()
        };
        assert_eq!(show(&found.depends_on), depends, "{markdown}");
        assert_eq!(show(&found.affects), affects, "{markdown}");
    }

    #[test]
    fn the_section() {
        for (body, depends, affects) in [
            (
                "- Depends on: `SPEC-1` and SPEC-2\n- Affects: the portal",
                &["SPEC-1 and SPEC-2 (2)"][..],
                &["the portal (0)"][..],
            ),
            (
                "- Depends on:\n  - SPEC-1\n  - a library\n- Affects:\n  - [b](b.md)",
                &["SPEC-1 (1)", "a library (0)"],
                &["b (1)"],
            ),
            ("**Depends on:** SPEC-1\n**Affects:** b", &["SPEC-1 (1)"], &["b (0)"]),
            ("- a library\n- `x` — a tool", &["a library (0)", "x — a tool (0)"], &[]),
            ("Upstream:\n\n- a\n\nDownstream:\n\n- b", &["a (0)"], &["b (0)"]),
            ("### Depends on\n\n- a\n\n### Affects\n\n- b", &["a (0)"], &["b (0)"]),
            ("| Depends on | What |\n|-|-|\n| [a](a.md) | all |", &["a (1)"], &[]),
            ("| Package | Why |\n|-|-|\n| `zod` | schemas |", &["zod (0)"], &[]),
            ("- Depends on: none\n- Affects: N/A", &[], &[]),
            ("None.", &[], &[]),
        ] {
            check(&format!("# T\n\n## 12) Dependencies\n\n{body}\n"), depends, affects);
        }
    }

    #[test]
    fn fields_of_the_header() {
        check(
            "# T\n\n**Depends on:** SPEC-1, SPEC-2\n**Affects**: the app\n**Parent**: SPEC-3\n\n## A\n",
            &["SPEC-1, SPEC-2 (2)"],
            &["the app (0)"],
        );
        check("---\nrequires: SPEC-1\n---\n# T\n\n## A\n\nSPEC-2\n", &["SPEC-1 (1)"], &[]);
    }
}
