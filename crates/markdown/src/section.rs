use crate::title::{NormalTitle, normalise_title};
use crate::tree::{Document, Kind, NodeId};
use trueup_text::Span;

/// A section's place in [`Document::sections`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SectionId(pub u32);

/// A heading at the top level of the file, with what stands under it.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub heading: NodeId,
    /// Its level, 1 to 6.
    pub level: u8,
    /// Its title without markup.
    pub title: String,
    /// The title in the form in which titles are compared.
    pub normal: NormalTitle,
    /// Where the title stands.
    pub title_span: Span,
    /// From the heading up to the next one of the same or a higher rank.
    pub span: Span,
    /// One past the last node before the next heading of any level.
    pub own_end: u32,
    /// The nearest section above of a higher rank.
    pub parent: Option<SectionId>,
}

impl Section {
    /// The blocks directly under the heading, sub-sections left out.
    pub fn blocks<'d>(&self, document: &'d Document) -> impl Iterator<Item = NodeId> + use<'d> {
        let end = self.own_end;
        let mut next = document.node(self.heading).end;
        std::iter::from_fn(move || {
            let current = (next < end).then_some(NodeId(next))?;
            next = document.node(current).end;
            Some(current)
        })
    }
}

pub(crate) fn find_sections(document: &Document) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    // Open sections by rank, outermost first.
    let mut open: Vec<usize> = Vec::new();
    for block in document.blocks() {
        let Kind::Heading(level) = document.kind(block) else { continue };
        let start = document.span(block).start;
        if let Some(last) = sections.last_mut() {
            last.own_end = block.0;
        }
        while let Some(index) = open.last().copied()
            && sections[index].level >= level
        {
            sections[index].span.end = start;
            open.pop();
        }
        let title = document.plain(block).trim().to_owned();
        let normal = normalise_title(&title);
        let title_span = document.content_span(block);
        let parent = open.last().map(|index| SectionId(*index as u32));
        open.push(sections.len());
        let span = Span::new(start as usize, document.text().len());
        let own_end = document.len() as u32;
        sections.push(Section { heading: block, level, title, normal, title_span, span, own_end, parent });
    }
    sections
}
