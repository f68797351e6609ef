//! What the readers of facts share: which section holds what, and what stands in it.

use super::support::Steps;
use crate::spec::HeaderField;
use std::cell::OnceCell;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{Alignment, Schema, kind_of_title};
use trueup_text::Span;

/// One spec of a file, laid along its template, for the readers of facts.
pub(crate) struct Reader<'a> {
    /// The file.
    pub document: &'a Document,
    /// The part of the file that the spec takes.
    pub region: Span,
    /// The template.
    pub schema: &'a Schema,
    /// Which section answers which of the template's.
    pub alignment: &'a Alignment,
    /// The fields of the header.
    pub header: &'a [HeaderField],
    /// The first-level heading.
    pub title: Option<SectionId>,
    /// What each section of the spec holds; in document order.
    kinds: Vec<(SectionId, Option<&'a str>)>,
    /// The blocks in order: several readers look for their topics in all of them.
    steps: OnceCell<Steps>,
}

impl<'a> Reader<'a> {
    /// Finds out what each section of a spec holds.
    pub(crate) fn new(
        document: &'a Document,
        region: Span,
        schema: &'a Schema,
        alignment: &'a Alignment,
        header: &'a [HeaderField],
        title: Option<SectionId>,
    ) -> Reader<'a> {
        let kinds = (0..document.sections().len() as u32)
            .map(SectionId)
            .filter(|id| region.contains_offset(document.section(*id).span.start) && Some(*id) != title)
            .map(|id| {
                let of_schema =
                    alignment.spec_of.get(&id).and_then(|spec| schema.sections[*spec].kind.as_deref());
                let normal = &document.section(id).normal;
                let known = || kind_of_title(&normal.core).or_else(|| kind_of_title(&normal.full));
                (id, of_schema.or_else(known))
            })
            .collect();
        Reader { document, region, schema, alignment, header, title, kinds, steps: OnceCell::new() }
    }

    /// The blocks of the spec in the order in which the readers of topics walk them.
    pub(crate) fn steps(&self) -> &Steps {
        self.steps.get_or_init(|| Steps::of(self))
    }

    /// All sections of the spec below its title, in document order.
    pub(crate) fn all_sections(&self) -> impl Iterator<Item = SectionId> + '_ {
        self.kinds.iter().map(|(id, _)| *id)
    }

    /// What a section holds by its own title.
    pub(crate) fn kind_of(&self, section: SectionId) -> Option<&'a str> {
        let at = self.kinds.binary_search_by_key(&section, |(id, _)| *id).ok()?;
        self.kinds[at].1
    }

    /// Sections of a kind that do not stand inside another of the same kind.
    pub(crate) fn sections(&self, kind: &str) -> Vec<SectionId> {
        let mut out: Vec<SectionId> = Vec::new();
        for (id, of) in &self.kinds {
            let inside = out.last().is_some_and(|last| {
                self.document.section(*last).span.contains(self.document.section(*id).span)
            });
            if *of == Some(kind) && !inside {
                out.push(*id);
            }
        }
        out
    }

    /// Whether a place lies in a section of a kind.
    pub(crate) fn sections_contain(&self, kind: &str, place: Span) -> bool {
        let from = self.kinds.partition_point(|(id, _)| self.document.section(*id).span.start <= place.start);
        let last = self.kinds[..from].last().map(|(id, _)| *id);
        std::iter::successors(last, |id| self.document.section(*id).parent)
            .any(|id| self.kind_of(id) == Some(kind))
    }

    /// Sections of a kind, and those without a kind of their own whose title says that they hold the same;
    /// none stands inside another.
    pub(crate) fn sections_or_titled(
        &self,
        kind: &str,
        titled: impl Fn(SectionId) -> bool,
    ) -> Vec<SectionId> {
        let mut out = self.sections(kind);
        out.extend(self.all_sections().filter(|id| self.kind_of(*id).is_none() && titled(*id)));
        out.sort_unstable();
        let mut end = 0;
        out.retain(|id| {
            let span = self.document.section(*id).span;
            let outside = span.start >= end;
            end = end.max(span.end);
            outside
        });
        out
    }

    /// Sections whose title says that they hold what a kind holds, outside the sections of that kind; none
    /// stands inside another.
    pub(crate) fn titled_outside(&self, kind: &str, titled: impl Fn(SectionId) -> bool) -> Vec<SectionId> {
        let mut out = Vec::new();
        let mut skip = 0u32;
        for id in self.all_sections() {
            let span = self.document.section(id).span;
            let of_kind = self.kind_of(id) == Some(kind);
            if span.start >= skip && (of_kind || titled(id)) {
                skip = span.end;
                out.extend((!of_kind).then_some(id));
            }
        }
        out
    }

    /// A section and everything below it, in document order, without the sections below it that hold
    /// something else. Each of them owns only the blocks up to the next heading ([`Reader::blocks`]).
    pub(crate) fn territory(&self, section: SectionId) -> Vec<SectionId> {
        let own = self.kind_of(section);
        let span = self.document.section(section).span;
        let from = self.kinds.partition_point(|(id, _)| *id < section);
        let mut out = Vec::new();
        let mut foreign: Option<Span> = None;
        for (id, kind) in &self.kinds[from..] {
            let at = self.document.section(*id).span;
            if !span.contains_offset(at.start) {
                break;
            }
            if foreign.is_some_and(|f| f.contains(at)) {
                continue;
            }
            if *id != section && kind.is_some() && *kind != own {
                foreign = Some(at);
                continue;
            }
            out.push(*id);
        }
        out
    }

    /// The blocks directly under a heading, comments and rules left out.
    pub(crate) fn blocks(&self, section: SectionId) -> impl Iterator<Item = NodeId> + use<'a> {
        let document = self.document;
        document.section(section).blocks(document).filter(move |block| match document.kind(*block) {
            Kind::Rule => false,
            Kind::Html => !document.is_comment_only(*block),
            _ => true,
        })
    }

    /// All blocks of [`Reader::territory`] with the section that owns each.
    pub(crate) fn blocks_below(&self, section: SectionId) -> Vec<(SectionId, NodeId)> {
        let mut out = Vec::new();
        for part in self.territory(section) {
            out.extend(self.blocks(part).map(|block| (part, block)));
        }
        out
    }

    /// The blocks between the title and the first section.
    pub(crate) fn preamble(&self) -> Vec<NodeId> {
        let end = match self.title {
            Some(id) => self.document.section(id).own_end,
            None => self.all_sections().next().map_or(u32::MAX, |id| self.document.section(id).heading.0),
        };
        self.document
            .blocks()
            .filter(|b| b.0 < end && self.region.contains_offset(self.document.span(*b).start))
            .filter(|b| !matches!(self.document.kind(*b), Kind::Heading(_) | Kind::Rule))
            .collect()
    }

    /// The document's text.
    pub(crate) fn text(&self) -> &'a str {
        self.document.text()
    }
}
