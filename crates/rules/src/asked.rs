//! What a template asks for, by the kind of its sections, and what of it a spec left to be filled in.

use trueup_finding::FileCx;
use trueup_markdown::Section;
use trueup_model::{MetaField, Spec, State};
use trueup_template::{FieldSpec, TokenKind, generic_token, strip_inline, tokens_in};
use trueup_text::Span;

/// Whether the template has a section of a kind.
pub(crate) fn asks(cx: &FileCx<'_>, kind: &str) -> bool {
    cx.schema.is_some_and(|schema| schema.sections.iter().any(|s| s.kind.as_deref() == Some(kind)))
}

/// The fields that the template asks for in its sections of a kind.
pub(crate) fn fields_asked<'a>(cx: &FileCx<'a>, kind: &'a str) -> impl Iterator<Item = &'a FieldSpec> {
    let sections = cx.schema.map(|schema| schema.sections.as_slice()).unwrap_or_default();
    sections.iter().filter(move |s| s.kind.as_deref() == Some(kind)).flat_map(|s| &s.fields)
}

/// Whether the template speaks of something in its sections of a kind, in whatever form.
pub(crate) fn speaks_of(cx: &FileCx<'_>, kind: &str, word: &str) -> bool {
    let Some(schema) = cx.schema else { return false };
    let holds = |text: &str| text.to_lowercase().contains(word);
    let of_kind = |section: Option<usize>| {
        section.and_then(|at| schema.sections.get(at)).is_some_and(|s| s.kind.as_deref() == Some(kind))
    };
    fields_asked(cx, kind).any(|field| holds(&field.normal) || holds(&field.template_value))
        || schema.leaves.values().any(|leaf| of_kind(leaf.section) && holds(&leaf.text))
}

/// A spec's sections of a kind, outermost ones and those inside them.
pub(crate) fn sections_of<'a>(
    cx: &FileCx<'a>,
    spec: &'a Spec,
    kind: &'a str,
) -> impl Iterator<Item = &'a Section> {
    let document = cx.document;
    let cx = *cx;
    let titles = spec.facts.sections.iter().filter(move |s| s.kind.as_deref() == Some(kind));
    titles.filter_map(|s| s.span).filter_map(move |span| Some(document.section(cx.section_at(span.start)?)))
}

/// Whether a placeholder is left in a section of a kind; another rule reports it.
pub(crate) fn is_left_open(cx: &FileCx<'_>, spec: &Spec, kind: &str) -> bool {
    sections_of(cx, spec, kind).any(|section| holds_placeholder(section.span.text(cx.text())))
}

/// Whether a text holds something that is still to be filled in.
pub(crate) fn holds_placeholder(source: &str) -> bool {
    source.lines().any(|line| {
        let plain = strip_inline(line.trim_start_matches(['-', '*', '>', ' ']));
        let value = plain.split_once(": ").map_or(plain.as_str(), |(_, value)| value);
        let open = |kind: TokenKind| matches!(kind, TokenKind::Angle | TokenKind::Dots);
        generic_token(value) || tokens_in(&plain).iter().any(|token| open(token.kind))
    })
}

/// A filled-in value of the header or a meta table.
pub(crate) fn meta<'a>(spec: &'a Spec, keys: &[&str]) -> Option<&'a MetaField> {
    spec.facts.meta.field(keys).filter(|field| !holds_placeholder(&field.value.text))
}

/// Whether a text says that there is nothing, with or without a reason.
pub(crate) fn says_nothing(text: &str) -> bool {
    let said = text.trim().trim_start_matches(['*', '_', '(', '`', '-', '—', ' ']).to_lowercase();
    if said.is_empty() {
        return true;
    }
    let words =
        ["n/a", "n.a.", "not applicable", "none", "nothing", "nil", "no", "not needed", "not required"];
    let found = words.iter().find_map(|word| said.strip_prefix(word));
    found.is_some_and(|rest| {
        let next = rest.trim_start();
        let stops = next.is_empty() || !next.starts_with(char::is_alphanumeric);
        let goes_on = ["needed", "required", "at all", "to ", "for ", "in ", "here", "of the past"];
        !rest.starts_with(char::is_alphanumeric)
            && (stops || goes_on.iter().any(|word| next.starts_with(word)))
    })
}

/// The first line of a place.
pub(crate) fn first_line(cx: &FileCx<'_>, span: Span) -> Span {
    let text = span.text(cx.text());
    let end = text.find('\n').unwrap_or(text.len());
    let start = span.start as usize;
    Span::new(start, start + text[..end].trim_end().len())
}

/// Whether a spec is out of use.
pub(crate) fn is_gone(state: State) -> bool {
    matches!(state, State::Superseded | State::Parked)
}
