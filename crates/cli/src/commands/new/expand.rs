//! Nested templates: a fenced block that the template asks to copy becomes the structure itself.

use std::collections::BTreeSet;
use trueup_markdown::{Document, Kind, NodeId, Section, normalise_title};
use trueup_template::Schema;
use trueup_text::{Edit, LineIndex, Span, apply_edits};

/// How the inference notes a nested template.
const NOTED_AS: &str = "a nested template";

/// The template with every nested template in the place of its fence.
pub(super) fn expanded(text: &str, schema: &Schema) -> String {
    let nested: BTreeSet<u32> =
        schema.inferences.iter().filter(|i| i.what.starts_with(NOTED_AS)).map(|i| i.line).collect();
    if nested.is_empty() {
        return text.to_owned();
    }
    let document = Document::parse(text);
    let lines = LineIndex::new(text);
    let mut edits = Vec::new();
    for section in document.sections() {
        let blocks: Vec<NodeId> = section.blocks(&document).collect();
        for (i, block) in blocks.iter().enumerate() {
            let fenced = document.kind(*block) == Kind::Code { fenced: true };
            if fenced && nested.contains(&lines.line(document.span(*block).start)) {
                let before = i.checked_sub(1).map(|before| blocks[before]);
                edits.extend(expansion(&document, section, before, *block));
            }
        }
    }
    // Fences of one section do not touch, so this applies; a template is better left as it is than half done.
    apply_edits(text, &edits).unwrap_or_else(|_| text.to_owned())
}

/// The edits that put a fence's content in its place. The sentence above, which asks to copy it, goes;
/// where the content begins with the section's own heading, that one takes the heading's place.
fn expansion(document: &Document, section: &Section, before: Option<NodeId>, fence: NodeId) -> Vec<Edit> {
    let text = document.text();
    let inner = document.code_span(fence).text(text);
    let content = Document::parse(inner);
    let mut edits = Vec::new();
    let mut body = inner;
    if let Some(first) = content.sections().first()
        && normalise_title(&first.title).core == section.normal.core
        && content.blocks().next() == Some(first.heading)
    {
        let own = document.span(section.heading).trimmed(text);
        let heading = content.span(first.heading);
        edits.push(Edit::replace(own, heading.text(inner).trim_end()));
        body = inner[heading.end as usize..].trim_start_matches(['\r', '\n']);
    }
    let start = match before.filter(|b| document.kind(*b) == Kind::Paragraph) {
        Some(asking) => document.span(asking).start,
        None => document.span(fence).start,
    };
    let end = document.span(fence).trimmed(text).end;
    edits.push(Edit::replace(Span { start, end }, body.trim_end()));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_template::infer;

    #[test]
    fn the_structure_takes_the_place_of_its_fence() {
        let template = "# [Title]\n\n## Report\nUse this exact structure:\n\n```markdown\n## Report — {YYYY-MM-DD}\n\n### Verdict\n- [ ] Done\n```\n\n\
            ## Risks\nIntro stays.\n\nUse this format:\n\n```markdown\n#### [Risk]\n- **Severity**: High / Low\n```\n\n## End\n";
        let text = expanded(template, &infer("t.md", template, None));
        let wanted = "# [Title]\n\n## Report — {YYYY-MM-DD}\n### Verdict\n- [ ] Done\n\n\
            ## Risks\nIntro stays.\n\n#### [Risk]\n- **Severity**: High / Low\n\n## End\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn other_fences_stay() {
        let template = "# [Title]\n\n## API\n\n```markdown\n## x\n```\n";
        assert_eq!(expanded(template, &infer("t.md", template, None)), template);
    }
}
