use super::own::own_id;
use crate::support::title_span;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_model::{Head, SpecId};
use trueup_text::Span;

declare_rule! {
    DUPLICATE_ID = "duplicate-id" in "ids", page "duplicate_id.md",
    "another spec has the same ID",
    Specs, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    // The file's name is the ID's place, so a file with several specs is judged once.
    let (Some(spec), Some(id)) = (cx.specs.first(), own_id(cx)) else { return };
    out.looked_at(1);
    let others: Vec<&Head> = cx.corpus.specs_with_id(id).filter(|head| *head.path != *cx.path).collect();
    if others.is_empty() {
        return;
    }
    let span = match spec.title_ids.iter().find(|(_, title_id)| title_id.key == id.key) {
        Some((span, _)) => *span,
        None => title_span(cx, spec),
    };
    let is_pointer = cx.corpus.head(cx.path).is_some_and(is_stub);
    let only_stubs = others.iter().all(|head| is_stub(head));
    let message = match others.as_slice() {
        [other] => format!("{} is also the ID of `{}`", name_of(id), other.path),
        others => format!("{} is the ID of {} files", name_of(id), others.len() + 1),
    };
    let mut report = Report::new(span, message).hint(match (is_pointer, only_stubs) {
        (true, _) => "this file only says that its spec moved; remove it when nothing leads to it any more",
        (_, true) => {
            "the other file only says that its spec moved; remove it when nothing leads to it any more"
        }
        _ => "keep the ID on one of them, give the others a free one, and mend what refers to them",
    });
    // More would tell nobody more.
    for other in others.iter().take(20) {
        let what = if is_stub(other) { "says that its spec moved" } else { "has this ID, too" };
        report = report.related(other.path.clone(), Span::at(0), what);
    }
    // An ID that lives on in a pointer leads readers to the new place; that does no harm.
    out.push(if is_pointer || only_stubs { report.at_most(Level::Info) } else { report });
}

fn name_of(id: &SpecId) -> String {
    if id.numbered { id.text.clone() } else { format!("`{}`", id.text) }
}

/// A file that says where its spec went and nothing else.
fn is_stub(head: &Head) -> bool {
    if head.text.len() > 2000 {
        return false;
    }
    let text = head.text.to_lowercase();
    let said = [
        "moved to",
        "was moved",
        "(moved)",
        "renumbered",
        "superseded by",
        "replaced by",
        "permanent pointer",
        "now lives",
    ];
    said.iter().any(|words| text.contains(words))
}
