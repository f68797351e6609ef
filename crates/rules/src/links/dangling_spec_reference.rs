use memchr::memchr_iter;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use trueup_finding::{FileCx, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_model::{SpecId, ids_in};
use trueup_template::kind_of_title;
use trueup_text::Span;

declare_rule! {
    DANGLING_SPEC_REFERENCE = "dangling-spec-reference" in "links", page "dangling_spec_reference.md",
    "the text names a spec that does not exist",
    Specs, Levels::INFO, check
}

/// Places of one ID that are looked at for one that is live.
const LOOKS: u32 = 100;

/// Places of unknown IDs that are looked at in a file.
const ALL_LOOKS: usize = 1000;

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    // How often an ID may still be looked at; none left once it is judged.
    let mut left: FxHashMap<String, u32> = FxHashMap::default();
    let mut places = 0;
    let mut looks = 0;
    for (start, end) in candidates(cx.text(), |prefix| cx.corpus.has_prefix(prefix)) {
        let Some((range, id)) = cx.text().get(start..end).and_then(|t| ids_in(t).into_iter().next()) else {
            continue;
        };
        places += 1;
        let left = match left.entry(id.key.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let known = is_own(cx, &id) || cx.corpus.knows(&id);
                entry.insert(if known { 0 } else { LOOKS })
            }
        };
        if *left == 0 || looks == ALL_LOOKS {
            continue;
        }
        *left -= 1;
        looks += 1;
        let span = Span::from(range).shifted(start);
        // Another place of the same ID may be live where this one is not.
        // A footnote or a link directly behind it says where it is.
        let linked = cx.text()[span.end as usize..].starts_with(['<', '[', '(']);
        if !linked && is_live(cx, span) {
            out.push(report(cx, span, &id));
            *left = 0;
        }
    }
    out.looked_at(places);
}

/// Where a text may name a spec: a prefix that specs carry, a hyphen and a number. Most hyphens are
/// none, so nothing is allocated for them.
fn candidates(text: &str, has_prefix: impl Fn(&str) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    memchr_iter(b'-', bytes).filter_map(move |at| {
        let is_digit = |b: &u8| b.is_ascii_digit();
        if at == 0 || !bytes.get(at + 1).is_some_and(is_digit) {
            return None;
        }
        // Longer prefixes are not in use; this keeps a line of `A-1-A-1-…` from being read again and again.
        let is_prefix = |b: &&u8| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'-';
        let length = bytes[..at].iter().rev().take(24).take_while(is_prefix).count();
        let start = at - length;
        let joined = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/');
        let before = start.checked_sub(1).and_then(|i| bytes.get(i));
        let starts = bytes.get(start).is_some_and(u8::is_ascii_uppercase) && !before.is_some_and(joined);
        if !starts || !has_prefix(text.get(start..at)?) {
            return None;
        }
        let tail = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let end = at + 1 + tail;
        // `SPEC-2026-04-12-tags` carries a date, not the number 2026.
        let behind = bytes.get(end..end + 4);
        let is_date = tail == 4
            && matches!(behind, Some([b'-', a, b, b'-']) if a.is_ascii_digit() && b.is_ascii_digit());
        (!is_date).then_some((start, end))
    })
}

fn is_own(cx: &FileCx<'_>, id: &SpecId) -> bool {
    let own = cx.specs.iter().flat_map(|s| s.file_id.iter().chain(s.title_ids.iter().map(|(_, id)| id)));
    own.into_iter().any(|own| own.key == id.key)
}

fn report(cx: &FileCx<'_>, span: Span, id: &SpecId) -> Report {
    let report = Report::new(span, format!("no spec has the ID {}", id.text));
    match cx.corpus.nearest(id) {
        Some(near) => report.hint(format!("did you mean {}?", near.text)),
        None => report.hint("name the spec that is meant, or say that it is still to be written"),
    }
}

/// Whether a place is in text that speaks of the present: not code, a comment, a quotation, the history of
/// the document, or the words of a link, which the rules for links judge.
fn is_live(cx: &FileCx<'_>, span: Span) -> bool {
    let document = cx.document;
    let Some(node) = innermost(document, span.start) else { return false };
    let around = std::iter::once(node).chain(document.ancestors(node));
    for id in around {
        match document.kind(id) {
            Kind::Code { .. } | Kind::InlineCode | Kind::Html | Kind::InlineHtml | Kind::Quote => {
                return false;
            }
            Kind::Link(_) | Kind::Image(_) => return false,
            _ => {}
        }
    }
    document.kind(node) == Kind::Text && !in_history(cx, span.start)
}

/// The node at a byte that has no child there.
fn innermost(document: &Document, offset: u32) -> Option<NodeId> {
    let mut current = document.root();
    loop {
        let inner = document.children(current).find(|child| document.span(*child).contains_offset(offset));
        match inner {
            Some(child) => current = child,
            None => return (current != document.root()).then_some(current),
        }
    }
}

fn in_history(cx: &FileCx<'_>, offset: u32) -> bool {
    let mut at: Option<SectionId> = cx.section_at(offset);
    while let Some(id) = at {
        let section = cx.document.section(id);
        if kind_of_title(&section.normal.core) == Some("changelog") {
            return true;
        }
        at = section.parent;
    }
    false
}
