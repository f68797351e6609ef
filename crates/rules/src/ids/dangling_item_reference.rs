use crate::support::shorten;
use memchr::memchr;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Kind, NodeId};
use trueup_model::{Head, ItemId, ItemKind, Spec, SpecId, id_in_front, ids_in};
use trueup_text::Span;

declare_rule! {
    DANGLING_ITEM_REFERENCE = "dangling-item-reference" in "ids", page "dangling_item_reference.md",
    "a bullet is cited by an ID that it does not have",
    Specs, Levels::WARNING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    for spec in cx.specs {
        let logs = logs(cx, spec);
        for block in cx.document.blocks() {
            let span = cx.document.span(block);
            if spec.region.contains_offset(span.start) && !logs.iter().any(|log| log.contains(span)) {
                block_text(cx, spec, block, out);
            }
        }
    }
}

/// What a changelog tells of the past stays as it is.
fn logs(cx: &FileCx<'_>, spec: &Spec) -> Vec<Span> {
    let logs = spec.facts.sections.iter().filter(|s| s.kind.as_deref() == Some("changelog"));
    let sections = logs.filter_map(|section| cx.section_at(section.span?.start));
    sections.map(|id| cx.document.section(id).span).collect()
}

/// The plain text of a block. What stands in code marks is an example.
fn block_text(cx: &FileCx<'_>, spec: &Spec, block: NodeId, out: &mut Sink) {
    let document = cx.document;
    if matches!(document.kind(block), Kind::Code { .. } | Kind::Html) {
        return;
    }
    // Nearly no block cites anything: one look at its bytes spares a look at each piece of its text.
    if memchr(b'#', document.source(block).as_bytes()).is_none() {
        return;
    }
    for node in document.descendants(block).filter(|node| document.kind(*node) == Kind::Text) {
        let span = document.span(node);
        for cited in citations(span.text(cx.text())) {
            judge(cx, spec, &cited, span.start as usize, out);
        }
    }
}

/// `SPEC-012#AC-3`, or `#AC-3` for a bullet of the same spec.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Citation<'t> {
    spec: &'t str,
    id: &'t str,
    start: usize,
    end: usize,
}

fn citations(text: &str) -> Vec<Citation<'_>> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices('#') {
        let rest = &text[at + 1..];
        let Some(length) = id_length(rest) else { continue };
        let word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        let start =
            text[..at].char_indices().rev().take_while(|(_, c)| word(*c)).last().map_or(at, |(i, _)| i);
        let out_of_word = !text[..start].ends_with(['#', '&', ':', '@']);
        if out_of_word {
            out.push(Citation { spec: &text[start..at], id: &rest[..length], start, end: at + 1 + length });
        }
    }
    out
}

/// The length of `AC-3` at the front of a text.
fn id_length(text: &str) -> Option<usize> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = text.get(letters..)?.strip_prefix('-')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ended = !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    ((1..=6).contains(&letters) && (1..=4).contains(&digits) && ended).then_some(letters + 1 + digits)
}

fn judge(cx: &FileCx<'_>, spec: &Spec, cited: &Citation<'_>, base: usize, out: &mut Sink) {
    let own: Vec<ItemId>;
    let (items, head, called): (&[ItemId], Option<&Head>, String) = if cited.spec.is_empty() {
        own = spec.facts.items().map(|item| item.id.clone()).collect();
        (&own, cx.corpus.head(cx.path), "this spec".to_owned())
    } else {
        let Some(head) = spec_called(cx, cited.spec) else { return };
        let [outline] = cx.others.outlines(&head.path) else { return };
        (&outline.items, Some(head), cited.spec.to_owned())
    };
    out.looked_at(1);
    let found = items.iter().find(|item| item.text == cited.id);
    // Bullets that no reader knows as such are there all the same.
    if found.is_some_and(|item| item.written.is_some())
        || head.is_some_and(|head| defines(&head.text, cited.id))
    {
        return;
    }
    let known = ItemKind::ALL.iter().any(|kind| is_of(cited.id, kind.prefix()))
        || items.iter().any(|item| item.written.is_some() && is_of(cited.id, letters(&item.text)));
    if !known {
        return;
    }
    let span = Span::new(base + cited.start, base + cited.end);
    let report = match found {
        Some(_) => Report::new(
            span,
            format!("{} is only the position of a bullet in {called}: it changes when bullets move", cited.id),
        )
        .hint(format!("write the ID in front of the bullet, `{}: …`; `trueup check --fix --rule item-without-id` does it where `items` under `[ids]` in trueup.toml asks for it", cited.id)),
        None => {
            let near = nearest(cited.id, items);
            let hint = match near {
                Some(near) => format!("did you mean {near}?"),
                None => "correct the ID, or take the reference out".to_owned(),
            };
            Report::new(span, format!("{called} has nothing called {}", shorten(cited.id, 20))).hint(hint)
        }
    };
    out.push(report);
}

/// The one spec of a name: its ID, its file's name or its path.
fn spec_called<'a>(cx: &FileCx<'a>, name: &str) -> Option<&'a Head> {
    if name.ends_with(".md") {
        let target = trueup_model::Target::File(name.to_owned());
        return cx.corpus.resolve(cx.path, &target).first().copied();
    }
    let id = ids_in(name).into_iter().map(|(_, id)| id).next().or_else(|| SpecId::of_file_name(name))?;
    let heads: Vec<&Head> = cx.corpus.specs_with_id(&id).collect();
    match heads.as_slice() {
        [head] => Some(head),
        _ => None,
    }
}

/// Whether a line begins with an ID, whatever marks stand in front.
fn defines(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = &text[line..at];
        let marks = before.chars().all(|c| !c.is_alphanumeric() || matches!(c, 'x' | 'X'));
        let cell = before.trim_end_matches(['*', '`', ' ']).ends_with('|');
        (marks || cell)
            && id_in_front(&text[at..]).is_some_and(|(found, _)| found == id)
            && !before.ends_with('#')
            || cell && text[at + id.len()..].trim_start_matches(['*', '`', ' ']).starts_with('|')
    })
}

fn letters(id: &str) -> &str {
    id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-')
}

fn is_of(id: &str, prefix: &str) -> bool {
    letters(id) == prefix
}

/// The written ID that looks most like one that nobody has.
fn nearest<'i>(id: &str, items: &'i [ItemId]) -> Option<&'i str> {
    let written = items.iter().filter(|item| item.written.is_some() && is_of(id, letters(&item.text)));
    let number = |id: &str| id.rsplit('-').next().and_then(|n| n.parse::<i64>().ok()).unwrap_or_default();
    written.min_by_key(|item| (number(&item.text) - number(id)).abs()).map(|item| item.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_told_from_anchors_and_numbers() {
        let found =
            |text: &'static str| citations(text).into_iter().map(|c| (c.spec, c.id)).collect::<Vec<_>>();
        assert_eq!(found("see SPEC-012#AC-3."), [("SPEC-012", "AC-3")]);
        assert_eq!(found("(#AC-3, #SM-1)"), [("", "AC-3"), ("", "SM-1")]);
        assert_eq!(found("2026-01-02-refunds#AC-12 holds"), [("2026-01-02-refunds", "AC-12")]);
        for text in ["#123", "C#-1", "page#section-2", "#AC-3-x", "## AC", "AC-3"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
