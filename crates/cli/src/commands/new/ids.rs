//! IDs in front of the bullets of a new spec, so that they can be cited from the first day.

use trueup_markdown::{Document, Kind};
use trueup_model::{ItemKind, ItemNumbers, ItemRef, Settings, Spec, id_in_front, read_specs};
use trueup_template::{Schema, tokens_in};
use trueup_text::{Edit, Span, apply_edits};

/// The text with an ID in front of every bullet of the kinds that are asked for, and of those that the
/// template gives IDs to.
pub(super) fn with_ids(text: &str, schema: &Schema, asked: &[ItemKind]) -> String {
    // Readers pass over what is not filled in, so they are shown a copy that is.
    let document = Document::parse(pretended(text));
    let specs = read_specs("new.md", &document, schema, &Settings::default(), None, None);
    let Some(spec) = specs.first() else { return text.to_owned() };
    let edits: Vec<Edit> =
        ItemKind::ALL.into_iter().flat_map(|kind| of_kind(text, spec, kind, asked)).collect();
    apply_edits(text, &edits).unwrap_or_else(|_| text.to_owned())
}

fn of_kind(text: &str, spec: &Spec, kind: ItemKind, asked: &[ItemKind]) -> Vec<Edit> {
    let items: Vec<ItemRef<'_>> = spec.facts.items().filter(|item| item.kind == kind).collect();
    let written = items.iter().find(|item| item.id.written.is_some()).map(|item| item.id.text.as_str());
    if written.is_none() && !asked.contains(&kind) {
        return Vec::new();
    }
    let mut numbers = ItemNumbers::new(&spec.facts, kind, written);
    let bare = items.iter().filter(|item| item.id.written.is_none() && can_carry(text, spec, item));
    bare.map(|item| Edit::replace(Span::at(item.span.start as usize), format!("{}: ", numbers.take())))
        .collect()
}

/// A row's ID stands in a cell that only its author can choose, and a risk in a sentence has no place for one.
fn can_carry(text: &str, spec: &Spec, item: &ItemRef<'_>) -> bool {
    let block = |span: Span| {
        spec.facts.risks.risks.iter().any(|r| r.span == span && r.form == trueup_model::RiskForm::Block)
    };
    !item.span.text(text).starts_with('|') && (item.kind != ItemKind::Risk || block(item.span))
}

/// The text with a word of the same length in the place of every bullet and of every heading that is to be
/// filled in. Labels and IDs in front stay.
fn pretended(text: &str) -> String {
    let document = Document::parse(text);
    let mut bytes = text.as_bytes().to_vec();
    let mut fill = |span: Span| {
        for byte in bytes.get_mut(span.range()).unwrap_or_default().iter_mut() {
            if !byte.is_ascii_whitespace() {
                *byte = b'a';
            }
        }
    };
    for node in document.descendants(document.root()).filter(|n| document.kind(*n) == Kind::Paragraph) {
        let in_item = document.parent(node).is_some_and(|p| matches!(document.kind(p), Kind::Item(_)));
        let span = document.content_span(node);
        let source = span.text(text);
        let behind_id = id_in_front(source).map_or(0, |(_, at)| at);
        let rest = &source[behind_id..];
        if in_item && !rest.starts_with("**") && !rest.is_empty() {
            fill(Span::new(span.start as usize + behind_id, span.end as usize));
        }
    }
    for section in document.sections().iter().filter(|s| s.level > 2) {
        let source = section.title_span.text(text);
        let behind_id = id_in_front(source).map_or(0, |(_, at)| at);
        let whole = |rest: &str| tokens_in(rest).first().is_some_and(|token| token.range == (0..rest.len()));
        if whole(&source[behind_id..]) {
            let start = section.title_span.start as usize + behind_id;
            fill(Span::new(start, section.title_span.end as usize));
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, asked: &[ItemKind], wanted: &str) {
        let schema = trueup_template::infer("t.md", template, None);
        assert_eq!(with_ids(template, &schema, asked), wanted);
    }

    #[test]
    fn bullets_that_are_to_be_filled_in_get_an_id() {
        let template = "# [Title]\n\n## Acceptance criteria\n- [ ] …\n- [ ] Users can … (testable)\n- [ ] Docs updated\n\n\
            ## Open questions\n- [Unresolved question 1]\n\n## Notes\n- …\n";
        let wanted = template
            .replace("[ ] …", "[ ] AC-1: …")
            .replace("Users can", "AC-2: Users can")
            .replace("Docs", "AC-3: Docs");
        check(template, &[ItemKind::Acceptance], &wanted);
        let both = wanted.replace("[Unresolved", "Q-1: [Unresolved");
        check(template, &[ItemKind::Acceptance, ItemKind::Question], &both);
        check(template, &[], template);
        assert_eq!(with_ids(&both, &trueup_template::infer("t.md", template, None), &ItemKind::ALL), both);
    }

    #[test]
    fn what_the_template_begins_goes_on() {
        let template = "# [Title]\n\n## Acceptance criteria\n- [ ] FR-001: …\n- [ ] …\n";
        check(template, &[], &template.replace("[ ] …", "[ ] FR-002: …"));
    }

    #[test]
    fn risks_with_a_heading_get_an_id() {
        let template = "# [Title]\n\n## Risks\n\n#### [Risk Title]\n- **Scenario**: What goes wrong\n- **Severity**: Low / High\n";
        check(template, &[ItemKind::Risk], &template.replace("[Risk", "R-1: [Risk"));
    }
}
