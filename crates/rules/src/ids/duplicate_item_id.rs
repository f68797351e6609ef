use super::items::plural;
use crate::support::shorten;
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_model::{ItemKind, ItemNumbers};
use trueup_text::Edit;

declare_rule! {
    DUPLICATE_ITEM_ID = "duplicate-item-id" in "ids", page "duplicate_item_id.md",
    "two bullets of a spec carry the same ID",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        for kind in ItemKind::ALL {
            let mut first: Vec<(&str, trueup_text::Span)> = Vec::new();
            for item in spec.facts.items().filter(|item| item.kind == kind) {
                let Some(span) = item.id.written else { continue };
                out.looked_at(1);
                let id = item.id.text.as_str();
                let Some((_, other)) = first.iter().find(|(known, _)| *known == id) else {
                    first.push((id, span));
                    continue;
                };
                if *other == span {
                    continue;
                }
                let free = ItemNumbers::new(&spec.facts, kind, Some(id)).take();
                let report = Report::new(
                    span,
                    format!(
                        "{id} is already the ID of another {}, so “{}” cannot be cited",
                        kind.name(),
                        shorten(item.text, 40)
                    ),
                )
                .hint(format!("give one of the {} a number that is free, such as `{free}`", plural(kind)))
                .related(cx.path, *other, format!("{id} stands here first"))
                .fix(Fix::risky(format!("call it `{free}`"), vec![Edit::replace(span, free)]));
                out.push(report);
            }
        }
    }
}
