//! What a spec has to say before anybody can review it: what it is called, who answers for it, what it is about.
//! All else may still be open; that is what a review is for.

use crate::action::Gate;
use crate::gate::{GateCx, Reason, ReasonKind};
use crate::sections::sections_of;
use trueup_finding::Finding;
use trueup_model::{HeaderField, HeaderPlace};
use trueup_template::{Presence, tokens_in};
use trueup_text::Span;

/// The kinds of section that say what a spec is about; of these the first that a spec has is its summary.
const SUMMARIES: [&str; 4] = ["tldr", "overview", "problem", "solution"];

/// Rules that find what nobody has filled in.
const UNFILLED: [&str; 3] = ["placeholder-left", "guidance-left", "empty-section"];

/// Whether a finding shows that the spec is no proposal yet.
pub(crate) fn is_no_proposal(cx: &GateCx<'_>, finding: &Finding) -> bool {
    if cx.gate != Gate::Submit || !UNFILLED.contains(&finding.rule) {
        return false;
    }
    let beside = *finding.path != *cx.file.path;
    if beside {
        return in_header(cx, finding.span, true);
    }
    in_title(cx, finding.span) || in_header(cx, finding.span, false) || in_summary(cx, finding.span)
}

/// Adds that the title is still the template's placeholder, where no rule has said so.
pub(crate) fn title_reason(cx: &GateCx<'_>, out: &mut Vec<Reason>) {
    let Some(id) = cx.spec.title.filter(|_| cx.gate == Gate::Submit) else { return };
    let section = cx.file.document.section(id);
    let text = section.title.as_str();
    let after_id = cx.spec.title_ids.first().and_then(|(span, _)| {
        let whole = section.title_span.text(cx.file.document.text());
        whole.get(span.end.checked_sub(section.title_span.start)? as usize..)
    });
    let words = after_id
        .unwrap_or(text)
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—'));
    let tokens = tokens_in(words);
    let left = matches!(tokens.as_slice(), [only] if only.range == (0..words.len()));
    if left && !out.iter().any(|reason| reason.span.is_some_and(|span| overlap(span, section.title_span))) {
        let what = format!("the title is still `{words}`");
        let reason = Reason::new(ReasonKind::Finding, &cx.file.path, what).at(section.title_span);
        out.push(reason.hint("say in a few words what is proposed"));
    }
}

fn in_title(cx: &GateCx<'_>, span: Span) -> bool {
    cx.spec.title.is_some_and(|id| overlap(cx.file.document.section(id).title_span, span))
}

/// Whether a place is one of the header's fields that have to be there, in the document or in the file beside it.
fn in_header(cx: &GateCx<'_>, span: Span, beside: bool) -> bool {
    let fields = cx.spec.header.iter().filter(|field| (field.place == HeaderPlace::Sidecar) == beside);
    fields.filter(|field| !is_optional(cx, field)).any(|field| {
        let text = &field.field;
        overlap(Span { start: text.key_span.start, end: text.value_span.end }, span)
    })
}

fn is_optional(cx: &GateCx<'_>, field: &HeaderField) -> bool {
    let Some(set) = cx.file.set.and_then(|set| cx.workspace.sets.get(set)) else { return false };
    let asked = match (field.place, &set.schema.sidecar) {
        (HeaderPlace::Header, _) => set.schema.fields.as_slice(),
        (HeaderPlace::FrontMatter, _) => set.schema.front_matter.as_slice(),
        (HeaderPlace::Sidecar, sidecar) => sidecar.as_ref().map_or(&[][..], |(_, fields)| fields.as_slice()),
    };
    asked.iter().any(|asked| asked.normal == field.normal && asked.presence == Presence::Optional)
}

fn in_summary(cx: &GateCx<'_>, span: Span) -> bool {
    let mut found =
        SUMMARIES.iter().map(|kind| sections_of(cx, kind)).filter(|sections| !sections.is_empty());
    let Some(sections) = found.next() else { return false };
    sections.iter().any(|id| overlap(cx.file.document.section(*id).span, span))
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}
