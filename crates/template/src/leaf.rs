use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::Span;

/// What a leaf is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A section's title.
    Heading,
    /// A paragraph of its own.
    Paragraph,
    /// The text of a list item.
    Item,
    /// The text of a task.
    Task,
    /// A paragraph in a block quote.
    Quote,
    /// A cell of a table; the header row is left out.
    Cell,
    /// A block of HTML that is no comment.
    Html,
    /// A fenced block of Markdown: a nested template.
    Fence,
}

/// A piece of text that stands alone: a line of a paragraph or of an item, a cell, a title.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// The block.
    pub node: NodeId,
    /// Where.
    pub span: Span,
    /// What it is.
    pub place: Place,
    /// The section it stands in.
    pub section: Option<SectionId>,
}

/// Visits every leaf of a file in order. Tables visit cell by cell; code is left out but for Markdown fences.
pub fn for_each_leaf(document: &Document, mut visit: impl FnMut(Leaf)) {
    let sections = document.sections();
    let mut next = 0usize;
    for block in document.blocks() {
        while next < sections.len() && sections[next].heading <= block {
            next += 1;
        }
        let section = next.checked_sub(1).map(|i| SectionId(i as u32));
        leaves_of_block(document, block, section, &mut visit);
    }
}

fn leaves_of_block(
    document: &Document,
    block: NodeId,
    section: Option<SectionId>,
    visit: &mut impl FnMut(Leaf),
) {
    let end = document.node(block).end;
    let mut at = block.0;
    // How the innermost container that matters is read, and where it ends.
    let mut quote_end = 0;
    let mut item = (0u32, Place::Item);
    while at < end {
        let node = NodeId(at);
        let kind = document.kind(node);
        let skip = document.node(node).end;
        let leaf = |place| Leaf { node, span: document.content_span(node), place, section };
        match kind {
            Kind::Quote => quote_end = quote_end.max(skip),
            Kind::Item(task) => item = (skip, if task.is_some() { Place::Task } else { Place::Item }),
            Kind::Row { header: true } => {
                at = skip;
                continue;
            }
            Kind::Heading(_) if at == block.0 => {
                visit(leaf(Place::Heading));
                at = skip;
                continue;
            }
            Kind::Paragraph | Kind::Heading(_) => {
                let place = match () {
                    () if at < quote_end => Place::Quote,
                    () if at < item.0 => item.1,
                    () => Place::Paragraph,
                };
                visit(leaf(place));
                at = skip;
                continue;
            }
            Kind::Cell => {
                visit(leaf(Place::Cell));
                at = skip;
                continue;
            }
            Kind::Html => {
                if !document.is_comment_only(node) {
                    visit(Leaf {
                        node,
                        span: document.span(node).trimmed(document.text()),
                        place: Place::Html,
                        section,
                    });
                }
                at = skip;
                continue;
            }
            Kind::Code { .. } => {
                if matches!(document.code_language(node), "markdown" | "md") {
                    visit(Leaf { node, span: document.code_span(node), place: Place::Fence, section });
                }
                at = skip;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}
