//! The document's sections by what they hold.

use super::reader::Reader;
use super::support::section_says_none;
use rustc_hash::FxHashSet;
use trueup_template::{Presence, SpecIndex};
use trueup_text::Span;

/// A section of a spec, or one that its template asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionFact {
    /// What it holds.
    pub kind: Option<String>,
    /// The title as written; the template's where the section is missing.
    pub title: String,
    /// Whether the template requires it.
    pub required: bool,
    /// Whether it is there.
    pub present: bool,
    /// Whether nothing stands below its heading.
    pub empty: bool,
    /// Whether it says that it does not apply.
    pub none: bool,
    /// The heading's level.
    pub level: u8,
    /// The template's section that it answers.
    pub spec: Option<SpecIndex>,
    /// Its title; none where it is missing.
    pub span: Option<Span>,
}

/// Lists the sections: those that are there in document order, then those that the template asks for.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<SectionFact> {
    let document = reader.document;
    let sections: Vec<_> = reader.all_sections().collect();
    let mut out: Vec<SectionFact> = Vec::with_capacity(sections.len());
    for (at, id) in sections.iter().enumerate() {
        let section = document.section(*id);
        let spec = reader.alignment.spec_of.get(id).copied();
        let deeper = sections.get(at + 1).is_some_and(|next| document.section(*next).level > section.level);
        let empty = !deeper && reader.blocks(*id).next().is_none();
        out.push(SectionFact {
            kind: reader.kind_of(*id).map(str::to_owned),
            title: section.title.clone(),
            required: spec.is_some_and(|s| reader.schema.sections[s].presence == Presence::Required),
            present: true,
            empty,
            // Most of a section's text stands below deeper headings: only its own first block says so.
            none: !empty && !deeper && section_says_none(reader, *id),
            level: section.level,
            spec,
            span: Some(section.title_span),
        });
    }
    let answered: FxHashSet<SpecIndex> = out.iter().filter_map(|s| s.spec).collect();
    for (index, wanted) in reader.schema.sections.iter().enumerate() {
        let asked = wanted.presence != Presence::Never && !wanted.repeats && !answered.contains(&index);
        let parent_there =
            wanted.parent.is_none_or(|p| answered.contains(&p) || wanted.presence == Presence::Required);
        if asked && parent_there {
            out.push(SectionFact {
                kind: wanted.kind.clone(),
                title: wanted.title.clone(),
                required: wanted.presence == Presence::Required,
                present: false,
                empty: false,
                none: false,
                level: wanted.level,
                spec: Some(index),
                span: None,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    #[test]
    fn there_missing_empty_and_none() {
        let text = "# T\n## TLDR\n## Overview\nx\n## API Contracts\nN/A — no endpoint.\n## Odd\n### Below\n";
        let shown: Vec<String> = facts_of(text, "architecture")
            .sections
            .iter()
            .filter(|s| s.present)
            .map(|s| {
                let kind = s.kind.as_deref().unwrap_or("-");
                format!(
                    "{} {kind} {}{}{}",
                    s.title,
                    u8::from(s.required),
                    u8::from(s.empty),
                    u8::from(s.none)
                )
            })
            .collect();
        assert_eq!(
            shown,
            ["TLDR tldr 110", "Overview overview 100", "API Contracts api 101", "Odd - 000", "Below - 010"]
        );
        let missing = facts_of(text, "architecture").sections;
        let required: Vec<&str> =
            missing.iter().filter(|s| !s.present && s.required).map(|s| s.title.as_str()).collect();
        assert!(required.contains(&"Data Models") && !required.contains(&"TLDR"), "{required:?}");
    }
}
