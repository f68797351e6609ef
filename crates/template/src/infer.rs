//! Inference: reading a template once, top to bottom, block by block.

mod blocks;
mod guidance;
mod header;
mod headings;
mod sidecar;

pub use blocks::{CALLED_PLACEHOLDER, STAND_IN_SAMPLE, UNMADE_CHOICE, normal_key, words_of};

use crate::fold::fold;
use crate::schema::{LeafClass, LeafSpec, Presence, Schema, SectionSpec, SpecIndex, TokenSpec};
use crate::value::ValueSpec;
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::{Document, SectionId};
use trueup_text::LineIndex;

/// Reads a template into its schema. `sidecar` is the YAML file that stands beside the template.
/// Never fails: a template without structure gives a schema that asks for nothing.
pub fn infer(name: &str, text: &str, sidecar: Option<(&str, &str)>) -> Schema {
    let document = Document::parse(text);
    let mut inference = Infer::new(name, &document, LineIndex::new(text), 0);
    inference.header();
    inference.sections();
    inference.explicit_requirements();
    if let Some((file, yaml)) = sidecar {
        inference.sidecar(file, yaml);
    }
    inference.house_rules();
    inference.finish()
}

/// What is known while a template is read.
pub(crate) struct Infer<'d> {
    pub(crate) document: &'d Document,
    pub(crate) lines: LineIndex,
    /// Lines before this text in the template's file: a nested template begins inside its fence.
    pub(crate) line_offset: u32,
    pub(crate) schema: Schema,
    /// The schema's section for each section of the template.
    pub(crate) spec_of: FxHashMap<SectionId, SpecIndex>,
    /// The section that is the document's title.
    pub(crate) title: Option<SectionId>,
    /// Titles on a "Required sections" list.
    pub(crate) required_titles: Vec<String>,
    /// Sections for which a directive said whether they must be there.
    pub(crate) decided: FxHashSet<SpecIndex>,
    /// Options from a `values="…"` directive, for the next field.
    pub(crate) pending_values: Option<Vec<String>>,
    /// Whether this text is a nested template.
    pub(crate) nested: bool,
    /// Whether a comment above the next heading says that its section is optional.
    pub(crate) next_is_optional: bool,
}

impl<'d> Infer<'d> {
    fn new(name: &str, document: &'d Document, lines: LineIndex, line_offset: u32) -> Infer<'d> {
        Infer {
            document,
            lines,
            line_offset,
            schema: Schema { name: name.to_owned(), ..Schema::default() },
            spec_of: FxHashMap::default(),
            title: None,
            required_titles: Vec::new(),
            decided: FxHashSet::default(),
            pending_values: None,
            nested: false,
            next_is_optional: false,
        }
    }

    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.lines.line(offset) + self.line_offset
    }

    pub(crate) fn note(&mut self, line: u32, what: impl Into<String>, reason: impl Into<String>) {
        self.schema.inferences.push(crate::Inference { line, what: what.into(), reason: reason.into() });
    }

    /// Remembers a text of the template. Where the same text stands twice, a placeholder wins.
    pub(crate) fn leaf(
        &mut self,
        text: &str,
        class: LeafClass,
        section: Option<SpecIndex>,
        line: u32,
        reason: &'static str,
    ) {
        let key = fold(text);
        if !key.chars().any(char::is_alphanumeric) {
            return;
        }
        self.schema.expect_leaf(&key);
        let spec = LeafSpec { class, text: text.trim().to_owned(), section, line, reason };
        match self.schema.leaves.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(spec);
            }
            std::collections::hash_map::Entry::Occupied(mut entry) => {
                if class == LeafClass::Placeholder && entry.get().class != LeafClass::Placeholder {
                    entry.insert(spec);
                }
            }
        }
    }

    /// Remembers the placeholders of a text, to find them in longer ones.
    pub(crate) fn tokens(&mut self, text: &str, section: Option<SpecIndex>, line: u32) {
        for token in crate::placeholder::tokens_in(text) {
            let inner = token.inner(text);
            let distinctive = inner.split_whitespace().count() >= 2
                && inner.chars().filter(|c| c.is_alphabetic()).count() >= 6;
            let before = fold(&text[..token.range.start]);
            if before.is_empty() && !distinctive {
                continue;
            }
            let key = fold(&text[token.range.clone()]);
            if !key.chars().any(char::is_alphanumeric) {
                continue;
            }
            let spec = TokenSpec { before, distinctive, section, line };
            self.schema.expect_token(&key);
            self.schema.tokens.entry(key).or_default().push(spec);
        }
    }

    /// The list under "Required sections" decides, where there is one.
    fn explicit_requirements(&mut self) {
        if self.required_titles.is_empty() {
            return;
        }
        self.schema.explicit_required = true;
        let titles = std::mem::take(&mut self.required_titles);
        for index in 0..self.schema.sections.len() {
            if self.decided.contains(&index) || self.schema.sections[index].presence == Presence::Never {
                continue;
            }
            let section = &self.schema.sections[index];
            let listed = titles.contains(&section.normal.core) || titles.contains(&section.normal.full);
            // What a nested template prescribes stays prescribed inside its section.
            if section.nested && section.parent.is_some() && !listed {
                continue;
            }
            let section = &mut self.schema.sections[index];
            section.presence = if listed { Presence::Required } else { Presence::Optional };
            section.reason = if listed {
                "on the template's list of required sections".to_owned()
            } else {
                "not on the template's list of required sections".to_owned()
            };
            if !listed {
                for field in &mut section.fields {
                    field.presence = Presence::Optional;
                }
            }
        }
        // With such a list, labels inside a section are a suggestion.
        for section in self.schema.sections.iter_mut().filter(|s| !s.nested) {
            for field in &mut section.fields {
                field.presence = Presence::Optional;
            }
        }
    }

    fn finish(mut self) -> Schema {
        self.schema.inferences.sort_by_key(|i| i.line);
        self.schema
    }

    /// Takes a nested template's schema over: its first section may be the one it stands in.
    pub(crate) fn absorb(&mut self, inner: Schema, owner: Option<SpecIndex>) {
        let mut place: Vec<SpecIndex> = Vec::with_capacity(inner.sections.len());
        for (index, mut section) in inner.sections.into_iter().enumerate() {
            let same = index == 0
                && owner.is_some_and(|o| self.schema.sections[o].normal.core == section.normal.core);
            if let (true, Some(owner)) = (same, owner) {
                let target = &mut self.schema.sections[owner];
                target.title_value = section.title_value;
                target.fields.append(&mut section.fields);
                target.tables.append(&mut section.tables);
                place.push(owner);
                continue;
            }
            section.parent = match section.parent {
                Some(parent) => Some(place[parent]),
                None => owner,
            };
            section.nested = true;
            place.push(self.schema.sections.len());
            self.schema.sections.push(section);
        }
        for (key, mut leaf) in inner.leaves {
            leaf.section = leaf.section.map(|s| place[s]).or(owner);
            self.schema.expect_leaf(&key);
            self.schema.leaves.entry(key).or_insert(leaf);
        }
        for (key, tokens) in inner.tokens {
            let moved = tokens.into_iter().map(|mut t| {
                t.section = t.section.map(|s| place[s]).or(owner);
                t
            });
            self.schema.expect_token(&key);
            self.schema.tokens.entry(key).or_default().extend(moved);
        }
        self.schema.inferences.extend(inner.inferences);
    }

    pub(crate) fn section_spec(&self, title: &str, level: u8, line: u32) -> SectionSpec {
        SectionSpec {
            title: title.to_owned(),
            normal: trueup_markdown::normalise_title(title),
            level,
            parent: None,
            kind: None,
            presence: Presence::Required,
            repeats: false,
            title_value: ValueSpec::Free,
            numbering: String::new(),
            fields: Vec::new(),
            tables: Vec::new(),
            checklist: Vec::new(),
            nested: self.nested,
            temporary: false,
            former: Vec::new(),
            has_content: true,
            line,
            reason: String::new(),
        }
    }
}

/// Reads a fenced template that stands inside another one.
pub(crate) fn infer_nested(name: &str, text: &str, line_offset: u32) -> Schema {
    let document = Document::parse(text);
    let mut inference = Infer::new(name, &document, LineIndex::new(text), line_offset);
    inference.nested = true;
    inference.nested_header();
    inference.sections();
    inference.finish()
}
