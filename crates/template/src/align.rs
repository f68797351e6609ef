//! Alignment: which section of a document answers which section of its template.

use crate::alike::may_be_alike;
use crate::field::{raw_fields_in, strip_inline};
use crate::kinds::{kind_of_title, kind_titles};
use crate::schema::{Presence, Schema, SpecIndex};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::{Document, Section, SectionId};
use trueup_text::Span;

/// How sure it is that a section answers the template's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MatchQuality {
    /// The same title.
    Exact,
    /// A title that the team's configuration names as the same.
    Configured,
    /// A title under which teams commonly write this kind of section.
    Alias,
    /// The template's title with something behind it ("Test plan for imports").
    Qualified,
    /// A title that holds the template's words, or nearly does.
    Close,
}

/// A section of a document that answers one of the template's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    /// The template's section.
    pub spec: SpecIndex,
    /// The document's section.
    pub section: SectionId,
    /// How sure it is.
    pub quality: MatchQuality,
}

/// What a team's configuration adds to the titles.
#[derive(Clone, Debug, Default)]
pub struct AlignOptions {
    /// Other titles (comparable form) for the template's titles (comparable form).
    pub aliases: FxHashMap<String, Vec<String>>,
}

/// A document laid along a schema.
#[derive(Clone, Debug, Default)]
pub struct Alignment {
    /// All matches in document order.
    pub matches: Vec<Match>,
    /// The template's section for each section of the document.
    pub spec_of: FxHashMap<SectionId, SpecIndex>,
    /// Sections of the document without an answer in the template.
    pub unknown: Vec<SectionId>,
    /// Required sections that nothing answers, whose parent is there.
    pub missing: Vec<SpecIndex>,
    /// Number of distinct top-level titles that were found under the template's own words or an alias.
    pub titles_found: usize,
}

impl Alignment {
    /// The document's sections that answer one of the template's.
    pub fn sections_for(&self, spec: SpecIndex) -> impl Iterator<Item = SectionId> + '_ {
        self.matches.iter().filter(move |m| m.spec == spec).map(|m| m.section)
    }

    /// The first section that answers one of the template's.
    pub fn section_for(&self, spec: SpecIndex) -> Option<SectionId> {
        self.sections_for(spec).next()
    }
}

/// The parts of a file that are a document of their own. A file with several first-level headings, of
/// which at least two carry sections of the template, holds several documents.
pub fn spec_regions(document: &Document, schema: &Schema) -> Vec<Span> {
    let whole = Span::new(0, document.text().len());
    // A template whose own sections are first-level headings cannot be told apart by them.
    if schema.sections.iter().any(|s| s.level == 1) {
        return vec![whole];
    }
    let sections = document.sections();
    let tops: Vec<usize> = (0..sections.len()).filter(|i| sections[*i].level == 1).collect();
    if tops.len() < 2 {
        return vec![whole];
    }
    let titles: FxHashSet<&str> = schema
        .sections
        .iter()
        .filter(|s| !s.repeats && s.parent.is_none())
        .map(|s| s.normal.core.as_str())
        .collect();
    let carries = |from: usize, to: usize| {
        let found: FxHashSet<&str> = sections[from + 1..to]
            .iter()
            .map(|s| s.normal.core.as_str())
            .filter(|t| titles.contains(t))
            .collect();
        found.len() >= 2
    };
    let bounds = tops.iter().copied().zip(tops.iter().skip(1).copied().chain([sections.len()]));
    let starts: Vec<usize> = bounds.filter(|(from, to)| carries(*from, *to)).map(|(from, _)| from).collect();
    if starts.len() < 2 {
        return vec![whole];
    }
    let mut regions = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let from = if i == 0 { 0 } else { sections[*start].span.start as usize };
        let to = starts.get(i + 1).map_or(document.text().len(), |next| sections[*next].span.start as usize);
        regions.push(Span::new(from, to));
    }
    regions
}

/// Lays the part of a document under `region` along a schema.
pub fn align(document: &Document, region: Span, schema: &Schema, options: &AlignOptions) -> Alignment {
    let title = title_of(document, region, schema);
    let sections: Vec<SectionId> = (0..document.sections().len() as u32)
        .map(SectionId)
        .filter(|id| Some(*id) != title && region.contains_offset(document.section(*id).span.start))
        .collect();
    let taken = vec![None; document.sections().len()];
    let common = document.sections().iter().map(has_common_title).collect();
    let mut state = Aligner { document, schema, options, sections, taken, common, found: Vec::new() };
    let top: Vec<SpecIndex> = schema.children(None).filter(|i| !schema.sections[*i].repeats).collect();
    state.exact(&top, None);
    state.aliases(&top, None);
    let titles_found = state.found.len();
    // What stands at the top of a template may stand deeper in a document, and its children with it.
    state.close(&top, None);
    state.below(None);
    state.repeated_elsewhere();
    state.finish(titles_found)
}

/// The section that is the document's own title.
fn title_of(document: &Document, region: Span, schema: &Schema) -> Option<SectionId> {
    if schema.sections.iter().any(|s| s.level == 1) {
        return None;
    }
    (0..document.sections().len() as u32)
        .map(SectionId)
        .find(|id| region.contains_offset(document.section(*id).span.start))
        .filter(|id| document.section(*id).level == 1)
}

struct Aligner<'a> {
    document: &'a Document,
    schema: &'a Schema,
    options: &'a AlignOptions,
    sections: Vec<SectionId>,
    /// The template's section that each section of the document answers.
    taken: Vec<Option<SpecIndex>>,
    /// Whether teams commonly write a section under the title of each.
    common: Vec<bool>,
    found: Vec<Match>,
}

fn has_common_title(section: &Section) -> bool {
    kind_of_title(&section.normal.core).is_some() || kind_of_title(&section.normal.full).is_some()
}

impl Aligner<'_> {
    fn is_found(&self, spec: SpecIndex) -> bool {
        self.found.iter().any(|m| m.spec == spec)
    }

    fn take(&mut self, spec: SpecIndex, section: SectionId, quality: MatchQuality) {
        self.set_taken(spec, section);
        self.found.push(Match { spec, section, quality });
    }

    fn set_taken(&mut self, spec: SpecIndex, section: SectionId) {
        if let Some(slot) = self.taken.get_mut(section.0 as usize) {
            slot.get_or_insert(spec);
        }
    }

    fn spec_of(&self, section: SectionId) -> Option<SpecIndex> {
        self.taken.get(section.0 as usize).copied().flatten()
    }

    /// Whether nothing has claimed a section, and it stands inside another one where one is given.
    fn is_free(&self, section: SectionId, inside: Option<SectionId>) -> bool {
        self.spec_of(section).is_none() && Some(section) != inside && self.is_inside(section, inside)
    }

    fn is_inside(&self, section: SectionId, outer: Option<SectionId>) -> bool {
        outer.is_none_or(|o| self.document.section(o).span.contains(self.document.section(section).span))
    }

    /// Free sections inside another one, or anywhere.
    fn free(&self, inside: Option<SectionId>) -> Vec<SectionId> {
        self.sections.iter().copied().filter(|s| self.is_free(*s, inside)).collect()
    }

    /// The same title; the nearest level first, then the first in the document.
    fn exact(&mut self, specs: &[SpecIndex], inside: Option<SectionId>) {
        for spec in specs {
            if self.is_found(*spec) {
                continue;
            }
            let wanted = &self.schema.sections[*spec];
            let titled = self.sections.iter().copied().filter(|s| {
                let title = &self.document.section(*s).normal;
                title.same_as(&wanted.normal) || wanted.former.iter().any(|f| title.same_as(f))
            });
            let best = titled.filter(|s| self.is_free(*s, inside)).min_by_key(|s| {
                (self.document.section(*s).level.abs_diff(wanted.level), self.is_empty(*s), s.0)
            });
            if let Some(section) = best {
                self.take(*spec, section, MatchQuality::Exact);
                self.claim_twin(*spec, section);
            }
        }
    }

    /// Whether nothing stands between a heading and the next one of its rank.
    fn is_empty(&self, section: SectionId) -> bool {
        let this = self.document.section(section);
        let children =
            self.document.sections().get(section.0 as usize + 1).is_some_and(|s| s.parent == Some(section));
        !children && this.blocks(self.document).next().is_none()
    }

    /// The same heading twice running: the empty one is no section of its own.
    fn claim_twin(&mut self, spec: SpecIndex, section: SectionId) {
        let Some(before) = section.0.checked_sub(1).map(SectionId) else { return };
        let same = self.document.section(before).normal.core == self.document.section(section).normal.core;
        if same && self.is_empty(before) && self.sections.contains(&before) {
            self.set_taken(spec, before);
        }
    }

    /// Titles that the configuration names, then those that teams use for the same kind.
    fn aliases(&mut self, specs: &[SpecIndex], inside: Option<SectionId>) {
        for spec in specs {
            if self.is_found(*spec) {
                continue;
            }
            let wanted = &self.schema.sections[*spec];
            let configured = self.options.aliases.get(&wanted.normal.core);
            let kind = wanted.kind.as_deref();
            let known: &[&str] = kind.map_or(&[], kind_titles);
            // A title that the template uses for another section is no alias of this one.
            let own = |title: &str| self.schema.sections.iter().any(|s| s.normal.core == title);
            let may_answer =
                |s: &SectionId| configured.is_some() || self.common.get(s.0 as usize) == Some(&true);
            let best = self
                .sections
                .iter()
                .copied()
                .filter(|s| may_answer(s) && self.is_free(*s, inside))
                .filter_map(|s| {
                    let section = self.document.section(s);
                    let title = section.normal.core.as_str();
                    let named = configured.is_some_and(|c| c.iter().any(|a| a == title));
                    let rank = known.iter().position(|k| *k == title || *k == section.normal.full);
                    // A single word on a deeper level may be about anything.
                    let single = !title.contains(' ');
                    let deep = section.level > wanted.level + u8::from(!single);
                    match (named, rank) {
                        (true, _) => Some((0, s, MatchQuality::Configured)),
                        (false, Some(rank)) if !deep && !own(title) => {
                            Some((rank + 1, s, MatchQuality::Alias))
                        }
                        _ => None,
                    }
                })
                .min_by_key(|(rank, s, _)| (self.document.section(*s).level, *rank, s.0));
            if let Some((_, section, quality)) = best {
                self.take(*spec, section, quality);
            }
        }
    }

    /// Titles that hold the template's words, or differ by a slip.
    fn close(&mut self, specs: &[SpecIndex], inside: Option<SectionId>) {
        for spec in specs {
            if self.is_found(*spec) || self.schema.sections[*spec].presence != Presence::Required {
                continue;
            }
            let wanted = &self.schema.sections[*spec];
            let best = self
                .sections
                .iter()
                .copied()
                .filter(|s| self.is_inside(*s, inside))
                .filter(|s| self.document.section(*s).level <= wanted.level.max(2))
                .filter_map(|s| {
                    let section = self.document.section(s);
                    let free = self.spec_of(s).is_none();
                    let score = closeness(section, &wanted.normal.core, wanted.kind.as_deref(), free);
                    (score >= 0.8).then_some((score, s))
                })
                .max_by(|(a, x), (b, y)| a.total_cmp(b).then(y.0.cmp(&x.0)));
            if let Some((_, section)) = best {
                let title = &self.document.section(section).normal.core;
                let behind =
                    title.strip_prefix(wanted.normal.core.as_str()).is_some_and(|rest| rest.starts_with(' '));
                let qualified = behind && wanted.normal.core.contains(' ');
                self.take(
                    *spec,
                    section,
                    if qualified { MatchQuality::Qualified } else { MatchQuality::Close },
                );
            }
        }
    }

    /// The children of every section that was found, level by level.
    fn below(&mut self, parent: Option<SpecIndex>) {
        let owners: Vec<SpecIndex> = match parent {
            None => self.schema.children(None).collect(),
            Some(parent) => self.schema.children(Some(parent)).collect(),
        };
        for owner in owners {
            let answers: Vec<SectionId> =
                self.found.iter().filter(|m| m.spec == owner).map(|m| m.section).collect();
            let children: Vec<SpecIndex> = self.schema.children(Some(owner)).collect();
            if children.is_empty() {
                continue;
            }
            let fixed: Vec<SpecIndex> =
                children.iter().copied().filter(|c| !self.schema.sections[*c].repeats).collect();
            if let Some(answer) = answers.first().copied() {
                self.exact(&fixed, Some(answer));
                self.aliases(&fixed, Some(answer));
                self.close(&fixed, Some(answer));
            }
            // Under another parent, or on a level of its own: still the same section.
            self.exact(&fixed, None);
            for answer in answers {
                self.repeated(&children, answer);
            }
            self.below(Some(owner));
        }
    }

    /// Sections directly below an answer that no fixed title claims belong to its repeated block.
    fn repeated(&mut self, children: &[SpecIndex], answer: SectionId) {
        let blocks: Vec<SpecIndex> =
            children.iter().copied().filter(|c| self.schema.sections[*c].repeats).collect();
        if blocks.is_empty() {
            return;
        }
        for section in self.free(Some(answer)) {
            if self.document.section(section).parent != Some(answer) {
                continue;
            }
            let title = &self.document.section(section).normal;
            let led = |c: &SpecIndex| {
                let lead = &self.schema.sections[*c].normal.core;
                lead.is_empty() || title.full.starts_with(lead.as_str())
            };
            // A block whose fixed words fit ("Phase 1: …") before one that takes any title.
            let best =
                blocks.iter().copied().filter(led).max_by_key(|c| self.schema.sections[*c].normal.core.len());
            if let Some(block) = best {
                self.take(block, section, MatchQuality::Exact);
            }
        }
    }

    /// A repeated block that stands under another heading than in the template (a risk under its category)
    /// is told by its fields.
    fn repeated_elsewhere(&mut self) {
        for block in 0..self.schema.sections.len() {
            let spec = &self.schema.sections[block];
            if !spec.repeats || spec.fields.len() < 2 {
                continue;
            }
            let ancestors = std::iter::successors(spec.parent, |p| self.schema.sections[*p].parent);
            let above = ancestors.filter_map(|a| self.found.iter().find(|m| m.spec == a)).last();
            let Some(above) = above.map(|m| m.section) else { continue };
            for section in self.free(Some(above)) {
                if self.shared_fields(block, section) >= 2 {
                    self.take(block, section, MatchQuality::Exact);
                }
            }
        }
    }

    /// How many of a block's fields stand directly under a heading.
    fn shared_fields(&self, block: SpecIndex, section: SectionId) -> usize {
        let document = self.document;
        let mut keys: FxHashSet<String> = FxHashSet::default();
        for top in document.section(section).blocks(document) {
            for node in std::iter::once(top).chain(document.descendants(top)) {
                let fields = raw_fields_in(document, node, false);
                keys.extend(fields.iter().map(|f| crate::infer_key(&strip_inline(f.key))));
            }
        }
        self.schema.sections[block].fields.iter().filter(|f| keys.contains(&f.normal)).count()
    }

    fn finish(mut self, titles_found: usize) -> Alignment {
        self.found.sort_by_key(|m| (m.section, m.spec));
        let ids = (0..self.taken.len() as u32).map(SectionId);
        let spec_of: FxHashMap<SectionId, SpecIndex> =
            ids.zip(&self.taken).filter_map(|(id, spec)| Some((id, (*spec)?))).collect();
        let unknown = self.sections.iter().copied().filter(|s| !spec_of.contains_key(s)).collect();
        let missing = (0..self.schema.sections.len())
            .filter(|i| {
                let spec = &self.schema.sections[*i];
                let parent_there = spec.parent.is_none_or(|p| self.is_found(p));
                spec.presence == Presence::Required && !spec.repeats && parent_there && !self.is_found(*i)
            })
            .collect();
        Alignment { matches: self.found, spec_of, unknown, missing, titles_found }
    }
}

/// How close a section's title is to the template's, from 0 to 1. Below 0.8 they are not the same section.
fn closeness(section: &Section, wanted: &str, kind: Option<&str>, free: bool) -> f64 {
    let title = section.normal.core.as_str();
    if title.is_empty() {
        return 0.0;
    }
    let words = word_count(title);
    let wanted_words = word_count(wanted);
    // "Context and problem statement", "Data models and API contracts": the whole title stands in it.
    let holds = holds_words(title, wanted);
    let joined = holds && [" & ", " and ", "/", " + ", ", "].iter().any(|j| section.title.contains(j));
    let beside = words - wanted_words.min(words);
    let enough = wanted_words >= 2 || joined;
    // The template's title in front and a qualifier behind it, however long.
    let qualified = wanted_words >= 2 && title.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(' '));
    if holds && enough && (beside <= 3 || qualified) && (free || joined) {
        return 0.95 - 0.03 * beside.min(4) as f64;
    }
    if !free {
        return 0.0;
    }
    // "Backend architecture" for "Architecture".
    if wanted_words == 1 && words <= 3 && title.rsplit(' ').next() == Some(wanted) {
        return 0.85;
    }
    let near = title.len().abs_diff(wanted.len()) * 5 <= title.len().max(wanted.len())
        && may_be_alike(title, wanted, 0.85);
    let slip = if near { strsim::normalized_damerau_levenshtein(title, wanted) } else { 0.0 };
    if slip >= 0.85 {
        return slip;
    }
    // Another title of the same kind with a word or two around it ("Detailed risk assessment").
    let same_kind = kind.is_some_and(|k| {
        kind_titles(k).iter().any(|alias| {
            let alias_words = word_count(alias);
            alias_words >= 2 && words <= alias_words + 2 && holds_words(title, alias)
        })
    });
    if same_kind && kind_of_title(title).is_none_or(|k| Some(k) == kind) { 0.82 } else { 0.0 }
}

/// The number of words of a title in its comparable form.
fn word_count(title: &str) -> usize {
    title.bytes().filter(|b| *b == b' ').count() + 1
}

/// Whether the words of a phrase stand side by side in a title.
fn holds_words(title: &str, phrase: &str) -> bool {
    let mut rest = title;
    while rest.len() >= phrase.len() {
        if rest.strip_prefix(phrase).is_some_and(|after| after.is_empty() || after.starts_with(' ')) {
            return true;
        }
        match rest.split_once(' ') {
            Some((_, next)) => rest = next,
            None => return false,
        }
    }
    false
}
