use super::items::{is_templates, of_template, plural};
use crate::support::shorten;
use trueup_finding::{FileCx, Fix, Levels, Report, Sink, declare_rule};
use trueup_markdown::Kind;
use trueup_model::{ItemKind, ItemNumbers, ItemRef, RiskForm, Spec};
use trueup_text::{Edit, Span};

declare_rule! {
    ITEM_WITHOUT_ID = "item-without-id" in "ids", page "item_without_id.md",
    "a bullet that others refer to has no written ID",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        for kind in ItemKind::ALL {
            of_kind(cx, spec, kind, out);
        }
    }
}

/// Why an ID is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Config,
    Template,
    Siblings,
}

fn of_kind(cx: &FileCx<'_>, spec: &Spec, kind: ItemKind, out: &mut Sink) {
    let items: Vec<ItemRef<'_>> = spec.facts.items().filter(|item| item.kind == kind).collect();
    let items: Vec<ItemRef<'_>> = items.into_iter().filter(|item| can_be_cited(spec, item)).collect();
    let (with, without): (Vec<&ItemRef<'_>>, Vec<&ItemRef<'_>>) =
        items.iter().partition(|item| item.id.written.is_some());
    let template = of_template(cx, kind);
    let asked = if cx.settings.item_ids.contains(&kind) {
        Asked::Config
    } else if template.is_some() {
        Asked::Template
    } else if with.len() >= 2 && with.len() >= without.len() {
        Asked::Siblings
    } else {
        return;
    };
    out.looked_at(items.len());
    let like = with.first().map(|item| item.id.text.as_str()).or(template);
    let mut numbers = ItemNumbers::new(&spec.facts, kind, like);
    for item in without {
        // Without being asked nobody gives IDs to what stands in every spec.
        if asked == Asked::Siblings && is_templates(cx, item) {
            continue;
        }
        let id = numbers.take();
        out.push(report(cx, spec, item, asked, &id));
    }
}

/// Risks are cited from the register: those with a heading or a row of their own.
fn can_be_cited(spec: &Spec, item: &ItemRef<'_>) -> bool {
    let formal = |form: RiskForm| matches!(form, RiskForm::Block | RiskForm::Row);
    item.kind != ItemKind::Risk
        || spec.facts.risks.risks.iter().any(|risk| risk.span == item.span && formal(risk.form))
}

fn report(cx: &FileCx<'_>, spec: &Spec, item: &ItemRef<'_>, asked: Asked, id: &str) -> Report {
    let text = shorten(item.text, 50);
    let kind = item.kind.name();
    let message = match asked {
        Asked::Siblings => {
            format!("the {kind} “{text}” has no ID, though the other {} have one", plural(item.kind))
        }
        Asked::Template => format!("the {kind} “{text}” has no ID, though the template's have one"),
        Asked::Config => format!("the {kind} “{text}” has no ID"),
    };
    let place = start_of(cx, item);
    let span = Span::new(place.unwrap_or(item.span.start) as usize, item.span.end as usize);
    let report = Report::new(crate::asked::first_line(cx, span), message)
        .hint(format!("write one in front that no other {kind} ever had, such as `{id}: `"))
        .subject(format!("{kind} {}", item.text));
    let Some(place) = place else { return report };
    let edits = vec![Edit::replace(Span::at(place as usize), format!("{id}: "))];
    let title = format!("write `{id}` in front of it");
    // A heading's anchor changes with it.
    let heading = cx
        .document
        .sections()
        .iter()
        .any(|s| spec.region.contains_offset(s.span.start) && s.title_span.start == item.span.start);
    report.fix(if heading { Fix::risky(title, edits) } else { Fix::safe(title, edits) })
}

/// Where an ID is to stand; none where that cannot be told.
fn start_of(cx: &FileCx<'_>, item: &ItemRef<'_>) -> Option<u32> {
    let document = cx.document;
    let source = item.span.text(cx.text());
    if !source.trim_start().starts_with('|') && item.kind != ItemKind::Risk {
        return Some(item.span.start);
    }
    let heading = document.sections().iter().find(|s| s.title_span == item.span);
    if heading.is_some() {
        return Some(item.span.start);
    }
    // A row: in front of the cell that names the risk.
    let block = document.block_at(item.span.start);
    let mut around = std::iter::once(block).chain(document.ancestors(block));
    let row = around.find(|node| matches!(document.kind(*node), Kind::Row { .. }))?;
    let cell = document.children(row).find(|cell| document.plain(*cell).trim().starts_with(item.text))?;
    Some(document.content_span(cell).start)
}
