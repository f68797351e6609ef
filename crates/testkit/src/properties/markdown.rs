//! The Markdown tree of any text.

use trueup_markdown::{AnchorSet, Document, Kind, LinkForm, NodeId, html_ids, normalise_title, slug};
use trueup_model::Head;
use trueup_text::{LineIndex, Span};

/// Parses a text and walks everything that can be asked of its tree.
pub fn markdown_holds(text: &str) {
    let document = Document::parse(text);
    assert_eq!(document.text(), text, "the text is kept");
    nodes_hold(&document);
    links_hold(&document);
    sections_hold(&document);
    tables_hold(&document);
    html_holds(&document);
    lines_hold(text);
    let head = Head::scan("specs/SPEC-1-a.md".into(), text.into());
    assert!(head.titles().iter().all(|t| (1..=6).contains(&t.level)));
    for line in text.lines().take(50) {
        normalise_title(line);
        slug(line);
    }
}

/// The text under a span; panics where the span does not fit.
#[track_caller]
pub(super) fn slice(text: &str, span: Span, what: impl std::fmt::Display) -> &str {
    assert!(span.start <= span.end, "{what}: {span:?} ends before it starts");
    text.get(span.range())
        .unwrap_or_else(|| panic!("{what}: {span:?} does not fit a text of {} bytes", text.len()))
}

fn nodes_hold(document: &Document) {
    let text = document.text();
    let root = document.root();
    assert_eq!(document.kind(root), Kind::Root);
    assert_eq!(document.span(root), Span::new(0, text.len()), "the root covers the file");
    assert_eq!(document.node(root).end as usize, document.len(), "the root's subtree is the file");
    // The last sibling that was seen below each node.
    let mut previous: Vec<Option<NodeId>> = vec![None; document.len()];
    for id in document.descendants(root) {
        let node = document.node(id);
        let name = format!("node {} ({:?})", id.0, node.kind);
        slice(text, node.span, &name);
        let parent = node.parent;
        assert!(parent < id, "{name}: its parent comes before it");
        let above = document.node(parent);
        assert!(id.0 < node.end && node.end <= above.end, "{name}: its subtree lies in its parent's");
        let inside = above.span.contains(node.span);
        assert!(inside, "{name} at {:?} leaves its parent {:?} at {:?}", node.span, above.kind, above.span);
        assert!(!above.kind.is_inline() || node.kind.is_inline(), "{name}: a block inside a line");
        if let Some(before) = previous[parent.0 as usize].replace(id) {
            let before = document.node(before);
            let ordered = before.end == id.0 && before.span.end <= node.span.start;
            let (kind, span) = (before.kind, before.span);
            assert!(ordered, "{name} at {:?} begins before its sibling {kind:?} at {span:?} ends", node.span);
        } else {
            assert_eq!(parent.0 + 1, id.0, "{name}: the first child follows its parent");
        }
        texts_hold(document, id);
    }
    let blocks: Vec<NodeId> = document.blocks().collect();
    for block in blocks.iter().take(64) {
        let span = document.span(*block);
        if !span.is_empty() {
            let at = document.block_at(span.start);
            assert!(document.span(at).contains_offset(span.start), "the block at {} holds it", span.start);
        }
    }
}

fn texts_hold(document: &Document, id: NodeId) {
    let kind = document.kind(id);
    document.own_text(id);
    let content = document.content_span(id);
    slice(document.text(), content, "content");
    let own = document.span(id);
    assert!(own.contains(content), "node {} ({kind:?}) at {own:?}: its content at {content:?}", id.0);
    if kind.is_leaf_block() {
        document.plain(id);
    }
    if let Kind::Code { .. } = kind {
        document.code_text(id);
        document.code_language(id);
        slice(document.text(), document.code_span(id), "code");
    }
}

fn links_hold(document: &Document) {
    let text = document.text();
    for (number, link) in document.links().iter().enumerate() {
        let number = number as u32;
        let expected = if link.image { Kind::Image(number) } else { Kind::Link(number) };
        assert_eq!(document.kind(link.node), expected, "a link knows its node");
        let Some(span) = link.target_span else { continue };
        let written = slice(text, span, "a link's target");
        if link.form == LinkForm::Inline {
            let own = document.span(link.node);
            assert!(own.contains(span), "the target at {span:?} leaves its link at {own:?}");
        }
        // Escapes, entities and line breaks are resolved in the target.
        let plain = !written.contains(['\\', '&', '\n', '\r', '\0']) && !link.target.starts_with("mailto:");
        if plain && link.form != LinkForm::Reference {
            assert_eq!(written, link.target, "the target stands where its span says");
        }
    }
}

fn sections_hold(document: &Document) {
    let text = document.text();
    let sections = document.sections();
    let headings: Vec<NodeId> =
        document.blocks().filter(|b| matches!(document.kind(*b), Kind::Heading(_))).collect();
    let found: Vec<NodeId> = sections.iter().map(|s| s.heading).collect();
    assert_eq!(headings, found, "every heading at the top level begins a section");
    let first = headings.first().map_or(document.len() as u32, |h| h.0);
    let mut covered: Vec<NodeId> = document.blocks().take_while(|b| b.0 < first).collect();
    for (index, section) in sections.iter().enumerate() {
        assert_eq!(document.kind(section.heading), Kind::Heading(section.level));
        slice(text, section.span, "a section");
        slice(text, section.title_span, "a title");
        assert!(document.span(section.heading).contains(section.title_span), "a title lies in its heading");
        assert_eq!(
            section.span.start,
            document.span(section.heading).start,
            "a section begins at its heading"
        );
        covered.push(section.heading);
        covered.extend(section.blocks(document));
        if let Some(parent) = section.parent {
            let above = document.section(parent);
            assert!((parent.0 as usize) < index && above.level < section.level, "a parent is above");
            assert!(above.span.contains(section.span), "a section lies in its parent");
        }
    }
    let blocks: Vec<NodeId> = document.blocks().collect();
    assert_eq!(covered, blocks, "the sections cover every block once");
}

fn tables_hold(document: &Document) {
    let text = document.text();
    let tables = document.descendants(document.root()).filter(|id| document.kind(*id) == Kind::Table);
    for table in tables {
        for row in document.table_rows(table) {
            let line = slice(text, row.line, "a row");
            assert!(!line.contains('\n'), "a row is one line");
            let mut at = row.line.start;
            for cell in &row.cells {
                slice(text, *cell, "a cell");
                assert!(at <= cell.start && cell.end <= row.line.end, "cells stand in order in their row");
                at = cell.end;
            }
        }
    }
}

fn html_holds(document: &Document) {
    let text = document.text();
    let mut at = 0;
    for comment in document.comments() {
        assert!(slice(text, comment.span, "a comment").starts_with("<!--"));
        slice(text, comment.inner, "a comment's text");
        assert!(comment.span.contains(comment.inner));
        assert!(at <= comment.span.start, "comments stand in order");
        at = comment.span.end;
    }
    html_ids(document);
    AnchorSet::of(document);
    if let Some(span) = document.front_matter() {
        slice(text, span, "the front matter");
    }
}

fn lines_hold(text: &str) {
    let lines = LineIndex::new(text);
    let mut before = lines.line_col(text, 0);
    assert_eq!((before.line, before.column), (1, 1));
    for (offset, _) in text.char_indices().take(2000) {
        let place = lines.line_col(text, offset as u32);
        assert!(place >= before, "places grow with their offset");
        assert!(lines.line_start(place.line) as usize <= offset);
        assert!(place.line as usize <= lines.line_count());
        lines.utf16_column(text, offset as u32);
        before = place;
    }
    for line in 1..=lines.line_count().min(200) as u32 {
        assert!(!lines.line_text(text, line).contains('\n'));
    }
}
