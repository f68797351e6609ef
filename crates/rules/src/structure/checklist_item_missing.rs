use crate::support::answers;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_model::reading::{items, keeps};

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
