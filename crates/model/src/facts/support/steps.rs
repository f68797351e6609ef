//! The blocks of a spec in the order in which the readers of topics walk them: found once, walked by each.

use super::pieces::{Lead, leads};
use crate::facts::reader::Reader;
use trueup_markdown::{Document, Kind, NodeId, SectionId};

/// One thing that a walk comes by.
pub(crate) enum Place {
    /// A heading.
    Heading {
        /// Its section.
        section: SectionId,
        /// How many headings stand before the one above it, where there is one.
        above: Option<usize>,
        /// Whether labels are no topics here: a changelog tells of what was changed in other sections.
        quiet: bool,
    },
    /// A paragraph.
    Paragraph(NodeId),
    /// A paragraph in a quote.
    Quoted,
    /// A list, before its items.
    List,
    /// A list item with its first paragraph.
    Item(NodeId, NodeId),
    /// A table.
    Table(NodeId),
    /// A code block.
    Code(NodeId),
}

/// A place with the labels that it opens with.
pub(crate) struct Step {
    /// What stands there.
    pub place: Place,
    /// Where its labels lie among all.
    labels: std::ops::Range<usize>,
    /// The next step that is a heading or has a label: where no topic is open, nothing before it counts.
    pub next: usize,
}

/// All steps of a spec.
pub(crate) struct Steps {
    steps: Vec<Step>,
    leads: Vec<Lead>,
    /// Where each section begins, in document order.
    begins: Vec<(SectionId, usize)>,
}

impl Steps {
    /// Finds the steps of a spec: those before its first section, then those of each.
    pub(crate) fn of(reader: &Reader<'_>) -> Steps {
        let mut out = Steps { steps: Vec::new(), leads: Vec::new(), begins: Vec::new() };
        for block in reader.preamble() {
            out.block(reader.document, block);
        }
        let mut open: Vec<(u8, usize, bool)> = Vec::new();
        for (number, section) in reader.all_sections().enumerate() {
            let level = reader.document.section(section).level;
            while open.last().is_some_and(|(above, ..)| *above >= level) {
                open.pop();
            }
            let above = open.last().map(|(_, number, _)| *number);
            let quiet = open.last().is_some_and(|(.., quiet)| *quiet)
                || matches!(reader.kind_of(section), Some("changelog" | "compliance"));
            open.push((level, number, quiet));
            out.begins.push((section, out.steps.len()));
            out.push(Place::Heading { section, above, quiet });
            for block in reader.blocks(section) {
                out.block(reader.document, block);
            }
        }
        out.link();
        out
    }

    /// A step by its number.
    pub(crate) fn get(&self, number: usize) -> Option<&Step> {
        self.steps.get(number)
    }

    /// The labels of a step.
    pub(crate) fn labels(&self, step: &Step) -> &[Lead] {
        self.leads.get(step.labels.clone()).unwrap_or_default()
    }

    /// Number of headings.
    pub(crate) fn headings(&self) -> usize {
        self.begins.len()
    }

    /// The steps directly under a heading.
    pub(crate) fn under(&self, section: SectionId) -> &[Step] {
        let Ok(at) = self.begins.binary_search_by_key(&section, |(id, _)| *id) else { return &[] };
        let begin = |at: usize| self.begins.get(at).map_or(self.steps.len(), |(_, step)| *step);
        self.steps.get(begin(at) + 1..begin(at + 1)).unwrap_or_default()
    }

    fn push(&mut self, place: Place) {
        let labels = self.leads.len()..self.leads.len();
        self.steps.push(Step { place, labels, next: 0 });
    }

    fn push_labelled(&mut self, document: &Document, place: Place, paragraph: NodeId) {
        let from = self.leads.len();
        leads(document, paragraph, &mut self.leads);
        self.steps.push(Step { place, labels: from..self.leads.len(), next: 0 });
    }

    fn block(&mut self, document: &Document, block: NodeId) {
        match document.kind(block) {
            Kind::Paragraph => self.push_labelled(document, Place::Paragraph(block), block),
            Kind::Quote => {
                for inner in document.children(block) {
                    match document.kind(inner) {
                        Kind::Paragraph => self.push_labelled(document, Place::Quoted, inner),
                        Kind::List { .. } => self.list(document, inner),
                        _ => {}
                    }
                }
            }
            Kind::List { .. } => self.list(document, block),
            Kind::Table => self.push(Place::Table(block)),
            Kind::Code { .. } => self.push(Place::Code(block)),
            _ => {}
        }
    }

    fn list(&mut self, document: &Document, list: NodeId) {
        self.push(Place::List);
        for (item, paragraph) in super::list_items(document, list) {
            let place = Place::Item(item, paragraph);
            // What a check box stands before is done or not: it labels nothing.
            match document.kind(item) {
                Kind::Item(None) => self.push_labelled(document, place, paragraph),
                _ => self.push(place),
            }
        }
    }

    /// Tells each step which one comes next where no topic is open.
    fn link(&mut self) {
        let mut next = self.steps.len();
        for (number, step) in self.steps.iter_mut().enumerate().rev() {
            step.next = next;
            if matches!(step.place, Place::Heading { .. }) || !step.labels.is_empty() {
                next = number;
            }
        }
    }
}
