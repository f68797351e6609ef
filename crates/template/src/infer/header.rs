use super::Infer;
use crate::placeholder::{TokenKind, tokens_in};
use crate::schema::{LeafClass, Presence};
use crate::value::ValueSpec;
use trueup_markdown::{Kind, NodeId, SectionId};

impl Infer<'_> {
    /// The title, the front matter and what stands between them and the first section.
    pub(crate) fn header(&mut self) {
        self.front_matter();
        let document = self.document;
        let tops: Vec<SectionId> = (0..document.sections().len() as u32)
            .map(SectionId)
            .filter(|id| document.section(*id).level == 1)
            .collect();
        if let [title] = tops.as_slice()
            && title.0 == 0
        {
            self.title = Some(*title);
            self.read_title(*title);
        }
        let end = match self.title {
            Some(title) => document.section(title).own_end,
            None => document.sections().first().map_or(document.len() as u32, |s| s.heading.0),
        };
        let blocks: Vec<NodeId> = document
            .blocks()
            .filter(|b| b.0 < end && !matches!(document.kind(*b), Kind::Heading(_)))
            .collect();
        self.blocks(None, &blocks);
    }

    /// A nested template has no title: its first heading is a section.
    pub(crate) fn nested_header(&mut self) {
        let document = self.document;
        let end = document.sections().first().map_or(document.len() as u32, |s| s.heading.0);
        let blocks: Vec<NodeId> = document.blocks().filter(|b| b.0 < end).collect();
        self.blocks(None, &blocks);
    }

    fn read_title(&mut self, id: SectionId) {
        let section = self.document.section(id);
        let title = section.title.clone();
        let line = self.line(self.document.span(section.heading).start);
        let tokens = tokens_in(&title);
        let id_form = tokens.iter().find(|t| t.kind == TokenKind::Number).and_then(|t| {
            let start = title[..t.range.start]
                .char_indices()
                .rfind(|(_, c)| !(c.is_alphanumeric() || *c == '-'))
                .map_or(0, |(at, c)| at + c.len_utf8());
            let form = &title[start..t.range.end];
            (form.len() > t.range.len()).then(|| form.to_owned())
        });
        if let Some(form) = &id_form {
            self.note(line, format!("the title carries the ID `{form}`"), "digits stand for a number");
        }
        self.schema.title_id = id_form;
        self.schema.title = Some(title.clone());
        self.schema.title_line = line;
        if !tokens.is_empty() {
            self.leaf(&title, LeafClass::Placeholder, None, line, "the title holds a placeholder");
            self.tokens(&title, None, line);
        }
    }

    fn front_matter(&mut self) {
        let Some(span) = self.document.front_matter() else { return };
        let text = span.text(self.document.text()).to_owned();
        let (fields, leaves) = self.yaml_specs(&text, span.start as usize, "front matter");
        self.schema.front_matter = fields;
        for (text, line) in leaves {
            self.leaf(&text, LeafClass::Placeholder, None, line, "a placeholder in the front matter");
        }
    }

    /// What the template says about branches and about where accepted specs live.
    pub(crate) fn house_rules(&mut self) {
        let texts: Vec<(String, u32)> =
            self.schema.leaves.values().map(|l| (l.text.clone(), l.line)).collect();
        for (text, line) in texts {
            let lower = text.to_lowercase();
            if let Some(form) = branch_form(&text) {
                self.note(line, format!("a spec's branch is named `{form}`"), "the template says so");
                self.schema.branch_form = Some(form);
            }
            let exclusive = lower.contains("only") || lower.contains("nothing");
            if lower.contains("accepted")
                && exclusive
                && lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == "main")
            {
                self.note(line, "only accepted specs live on the main branch", "the template says so");
                self.schema.accepted_only_on_main = true;
            }
        }
        let forms = self
            .schema
            .fields
            .iter()
            .find(|f| f.normal == "spec id" || f.normal == "id")
            .map(|f| (f.line, f.value.clone()));
        if let Some((line, ValueSpec::Pattern(patterns))) = forms {
            let shown: Vec<String> = patterns.iter().map(|p| format!("`{p}`")).collect();
            self.note(line, format!("a file is named {}", shown.join(" or ")), "the form of the ID field");
            self.schema.file_name_forms = patterns;
        }
    }

    /// A field is required unless something says otherwise.
    pub(crate) fn default_presence(&self) -> Presence {
        Presence::Required
    }
}

/// The form of a branch that a text names: `… on a branch called spec/<short-slug>. …`.
fn branch_form(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("branch")?;
    // Lower case may change the length of a text; the word is ASCII, so this only fails for odd ones.
    let rest = text.get(at..)?;
    rest.split_whitespace()
        .skip(1)
        .take(4)
        .map(|word| word.trim_matches(['`', '.', ',', ';', '(', ')']))
        .find(|word| word.contains('/') && !tokens_in(word).is_empty())
        .map(str::to_owned)
}
