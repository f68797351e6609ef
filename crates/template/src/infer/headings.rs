use super::Infer;
use super::guidance::{instruction, says_optional};
use crate::placeholder::{TokenKind, tokens_in};
use crate::schema::{LeafClass, Presence, SectionSpec, SpecIndex};
use crate::value::{ValueSpec, value_spec};
use trueup_markdown::{Kind, SectionId, strip_numbering};

/// Why a section is required where nothing says so.
const NO_MARK: &str = "a heading without a mark";

impl Infer<'_> {
    /// Reads every section below the title.
    pub(crate) fn sections(&mut self) {
        let document = self.document;
        for number in 0..document.sections().len() {
            let id = SectionId(number as u32);
            if Some(id) == self.title {
                continue;
            }
            let index = self.heading(id);
            self.spec_of.insert(id, index);
            let section = document.section(id);
            let blocks: Vec<_> = section.blocks(document).collect();
            if self.schema.sections[index].presence == Presence::Never {
                self.about_the_template(index, &blocks);
            } else {
                self.blocks(Some(index), &blocks);
            }
        }
    }

    fn heading(&mut self, id: SectionId) -> SpecIndex {
        let section = self.document.section(id);
        let line = self.line(self.document.span(section.heading).start);
        let raw = section.title.clone();
        let (numbering, unnumbered) = strip_numbering(&raw);
        let (title, mark) = strip_marks(unnumbered);
        let mut spec = self.section_spec(&title, section.level, line);
        spec.numbering = numbering.to_owned();
        spec.parent = self.parent_of(id);
        spec.kind = crate::kinds::kind_of_title(&spec.normal.core).map(str::to_owned);
        (spec.presence, spec.reason) = match mark {
            Some(Mark::Optional(words)) => (Presence::Optional, format!("marked \"{words}\"")),
            Some(Mark::Required(words)) => (Presence::Required, format!("marked \"{words}\"")),
            None => (Presence::Required, NO_MARK.to_owned()),
        };
        spec.temporary = spec.reason.contains("remove before");
        if std::mem::take(&mut self.next_is_optional) && spec.reason == NO_MARK {
            spec.presence = Presence::Optional;
            spec.reason = "the comment above it says so".to_owned();
        }
        let required_list = is_required_list(&raw);
        if required_list {
            spec.presence = Presence::Never;
            spec.reason = "speaks about the template: its list says which sections are required".to_owned();
        }
        // Dots in a title are punctuation.
        let tokens: Vec<_> =
            tokens_in(unnumbered).into_iter().filter(|t| t.kind != TokenKind::Dots).collect();
        if let Some(first) = tokens.first() {
            return self.heading_with_placeholder(spec, unnumbered, first.range.start, line);
        }
        if instruction(&raw).is_some() && required_list {
            self.leaf(&raw, LeafClass::Guidance, None, line, "speaks about the template");
        }
        let index = self.schema.sections.len();
        self.schema.sections.push(spec);
        if required_list {
            self.read_required_list(id);
            self.leaf(&raw, LeafClass::Guidance, Some(index), line, "speaks about the template");
        }
        index
    }

    /// `### [Entity Name]` comes as often as the author likes; `## Report — {date}` keeps its title.
    fn heading_with_placeholder(
        &mut self,
        mut spec: SectionSpec,
        title: &str,
        at: usize,
        line: u32,
    ) -> SpecIndex {
        let fixed = title[..at].trim();
        let dash = fixed.ends_with(['—', '–', '-', ':']);
        let words = trueup_markdown::normalise_title(fixed).core;
        let counted = words.split(' ').any(|w| w.bytes().all(|b| b.is_ascii_digit()) && !w.is_empty());
        // A title of its own before the dash: the placeholder is a suffix.
        let has_own_title = dash && !fixed.ends_with(':') && words.split(' ').count() >= 2 && !counted;
        spec.repeats = !has_own_title;
        spec.title_value = value_spec(title[at..].trim());
        spec.normal = trueup_markdown::normalise_title(
            fixed.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | ' ' | '-' | '—' | '–')),
        );
        if spec.repeats {
            spec.presence = Presence::Optional;
            spec.reason = "its title holds a placeholder: comes any number of times".to_owned();
            if let ValueSpec::Example(_) | ValueSpec::Enum(_) = spec.title_value {
                spec.title_value = ValueSpec::Free;
            }
        } else {
            spec.kind = crate::kinds::kind_of_title(&spec.normal.core).map(str::to_owned);
            spec.title = fixed.trim_end_matches(['—', '–', '-', ' ']).to_owned();
        }
        let parent = spec.parent;
        self.leaf(title, LeafClass::Placeholder, parent, line, "a heading with a placeholder");
        self.tokens(title, parent, line);
        let twin = self.schema.sections.iter().position(|s| {
            spec.repeats && s.repeats && s.parent == spec.parent && s.normal.core == spec.normal.core
        });
        if let Some(twin) = twin {
            return twin;
        }
        self.schema.sections.push(spec);
        self.schema.sections.len() - 1
    }

    fn parent_of(&self, id: SectionId) -> Option<SpecIndex> {
        let mut at = self.document.section(id).parent;
        while let Some(parent) = at {
            if Some(parent) == self.title {
                return None;
            }
            if let Some(index) = self.spec_of.get(&parent) {
                return Some(*index);
            }
            at = self.document.section(parent).parent;
        }
        None
    }

    /// The titles on a "Required sections" list.
    fn read_required_list(&mut self, id: SectionId) {
        let document = self.document;
        for block in document.section(id).blocks(document) {
            if !matches!(document.kind(block), Kind::List { .. }) {
                continue;
            }
            for item in document.children(block) {
                let text = document
                    .children(item)
                    .next()
                    .map(|p| document.plain(p).into_owned())
                    .unwrap_or_default();
                let title = trueup_markdown::normalise_title(&text).core;
                if !title.is_empty() {
                    self.required_titles.push(title);
                }
            }
        }
    }

    /// A section of a comment that says so is optional.
    pub(crate) fn comment_about_section(&mut self, index: SpecIndex, text: &str) {
        let spec = &mut self.schema.sections[index];
        if !self.decided.contains(&index) && spec.presence == Presence::Required && says_optional(text) {
            spec.presence = Presence::Optional;
            spec.reason = "the comment under it says so".to_owned();
        }
    }
}

enum Mark {
    Optional(String),
    Required(String),
}

/// Takes `(if any)`, `(Optional)`, `*(mandatory)*` off a title. Other brackets stay.
fn strip_marks(title: &str) -> (String, Option<Mark>) {
    let mut rest = title.trim().trim_end_matches(['*', '_']).trim_end().to_owned();
    let mut mark = None;
    for _ in 0..4 {
        let Some(open) = rest.rfind('(').filter(|_| rest.ends_with(')')) else { break };
        let words = rest[open + 1..rest.len() - 1].trim().to_owned();
        let lower = words.to_lowercase();
        let optional = [
            "if any",
            "if applicable",
            "optional",
            "omit if",
            "include if",
            "if needed",
            "if relevant",
            "when applicable",
            "remove before",
            "where applicable",
        ]
        .iter()
        .any(|m| lower.starts_with(m));
        let required =
            lower == "mandatory" || lower.starts_with("required") || lower.starts_with("must include");
        if optional {
            mark = Some(Mark::Optional(words));
        } else if required {
            mark = Some(Mark::Required(words));
        } else {
            break;
        }
        rest = rest[..open].trim_end().trim_end_matches(['*', '_']).trim_end().to_owned();
    }
    if rest.is_empty() {
        return (title.trim().to_owned(), None);
    }
    (rest, mark)
}

fn is_required_list(title: &str) -> bool {
    let normal = trueup_markdown::normalise_title(title).core;
    matches!(
        normal.as_str(),
        "required sections" | "mandatory sections" | "sections required" | "must have sections"
    )
}
