use crate::support::answers;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, SectionId};
use trueup_template::infer_words;

declare_rule! {
    CHECKLIST_ITEM_MISSING = "checklist-item-missing" in "structure", page "checklist_item_missing.md",
    "a check-list item that every spec keeps is gone",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for (spec, schema) in cx.shaped() {
        for (index, section) in schema.sections.iter().enumerate().filter(|(_, s)| !s.checklist.is_empty()) {
            for answer in answers(cx, spec, index) {
                let items = items(cx.document, answer);
                for wanted in &section.checklist {
                    out.looked_at(1);
                    if items.iter().any(|item| keeps(item, &wanted.normal)) {
                        continue;
                    }
                    let report = Report::new(
                        cx.document.section(answer).title_span,
                        format!("the check-list item \"{}\" is not here", wanted.text),
                    )
                    .hint("put it back; where it does not apply, keep it and write \"N/A — \" and the reason behind it")
                    .subject(wanted.normal.clone());
                    out.push(report);
                }
            }
        }
    }
}

/// The texts of all list items in a section, sub-sections included.
fn items(document: &Document, section: SectionId) -> Vec<String> {
    let span = document.section(section).span;
    let mut out = Vec::new();
    for block in document.blocks().filter(|b| span.contains(document.span(*b))) {
        for node in std::iter::once(block).chain(document.descendants(block)) {
            let in_item = document.kind(node) == Kind::Paragraph
                && document.parent(node).is_some_and(|p| matches!(document.kind(p), Kind::Item(_)));
            if in_item || document.kind(node) == Kind::Paragraph && document.source(node).starts_with('[') {
                out.push(infer_words(&document.plain(node)));
            }
        }
    }
    out
}

/// Whether an item still says what the template's says: its words, with more around them or a few changed.
fn keeps(item: &str, wanted: &str) -> bool {
    if item.contains(wanted) {
        return true;
    }
    let has: Vec<&str> = item.split(' ').collect();
    let words: Vec<&str> = wanted.split(' ').filter(|w| w.len() > 2).collect();
    let kept = words.iter().filter(|w| has.contains(w)).count();
    words.len() >= 2 && kept * 10 >= words.len() * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_may_be_adapted() {
        let wanted = "flags configured owner default kill switch removal date";
        assert!(keeps("ac 3 flags configured owner default kill switch removal date", wanted));
        assert!(keeps("flags configured with owner default off kill switch and removal date", wanted));
        assert!(!keeps("users can return an order", wanted));
        assert!(!keeps("docs updated", wanted));
    }
}
