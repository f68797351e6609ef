//! The places of a spec where a date says when something happened.

use trueup_finding::FileCx;
use trueup_markdown::{Document, Kind, NodeId, Section};
use trueup_model::{Date, DateMatch, HeaderField, HeaderPlace, Spec, base_name, find_dates};
use trueup_template::kind_of_title;
use trueup_text::Span;

/// Where a date stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// In a field of the header, of the front matter or of the sidecar.
    Field(&'a HeaderField),
    /// In a section's title.
    Title(&'a Section),
    /// At the beginning of an entry of the changelog.
    Entry,
    /// In the name of the file; the span is empty.
    FileName,
}

/// A date of the form `YYYY-MM-DD` and what stands before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateAt<'a> {
    pub(super) place: Place<'a>,
    pub(super) span: Span,
    pub(super) written: &'a str,
    pub(super) date: Option<Date>,
    /// The text before it in its field, title or entry.
    pub(super) before: &'a str,
}

impl DateAt<'_> {
    /// Whether the span lies in the sidecar.
    pub(super) fn in_sidecar(&self) -> bool {
        matches!(self.place, Place::Field(field) if field.place == HeaderPlace::Sidecar)
    }
}

/// All such dates of a spec; `first` says whether it is the first of its file.
pub(super) fn dates_of<'a>(cx: &FileCx<'a>, spec: &'a Spec, first: bool, each: &mut dyn FnMut(DateAt<'a>)) {
    let text = cx.text();
    for field in &spec.header {
        let source = match (field.place, cx.sidecar) {
            (HeaderPlace::Sidecar, Some(sidecar)) => &*sidecar.text,
            (HeaderPlace::Sidecar, None) => continue,
            _ => text,
        };
        in_text(source, field.field.value_span, Place::Field(field), each);
    }
    let document = cx.document;
    let own = |section: &&Section| spec.region.contains_offset(section.span.start);
    let mut changelog_end = 0;
    for section in document.sections().iter().filter(own) {
        in_text(text, section.title_span, Place::Title(section), each);
        if section.span.start >= changelog_end && kind_of_title(&section.normal.core) == Some("changelog") {
            changelog_end = section.span.end;
            entries(document, section, each);
        }
    }
    if first {
        let name = base_name(cx.path);
        for found in find_dates(name) {
            report(name, Span::at(0), Place::FileName, found, each);
        }
    }
}

/// The first date of each paragraph, list item and cell of a changelog, if hardly a word stands before it.
fn entries<'a>(document: &'a Document, section: &Section, each: &mut dyn FnMut(DateAt<'a>)) {
    let text = document.text();
    for id in (section.heading.0 + 1..document.len() as u32).map(NodeId) {
        let span = document.span(id);
        if span.start >= section.span.end {
            return;
        }
        if !matches!(document.kind(id), Kind::Paragraph | Kind::Cell) {
            continue;
        }
        let source = span.text(text);
        let Some(found) = find_dates(source).into_iter().next() else { continue };
        let Some(before) = source.get(..found.start) else { continue };
        // A date inside back-ticks is an example.
        if before.split_whitespace().count() <= 4 && !before.contains('`') {
            report(source, span, Place::Entry, found, each);
        }
    }
}

fn in_text<'a>(source: &'a str, span: Span, place: Place<'a>, each: &mut dyn FnMut(DateAt<'a>)) {
    let text = span.text(source);
    for found in find_dates(text) {
        // `2026-01-02-order-returns` is a name.
        let goes_on = text.get(found.end..).is_some_and(|after| after.starts_with(['-', '_', '/']));
        let leads_up = text.get(..found.start).is_some_and(|before| before.ends_with(['-', '_', '/']));
        if !goes_on && !leads_up {
            report(text, span, place, found, each);
        }
    }
}

fn report<'a>(
    text: &'a str,
    base: Span,
    place: Place<'a>,
    found: DateMatch,
    each: &mut dyn FnMut(DateAt<'a>),
) {
    let (Some(written), Some(before)) = (text.get(found.start..found.end), text.get(..found.start)) else {
        return;
    };
    let span = match place {
        Place::FileName => base,
        _ => Span::new(found.start, found.end).shifted(base.start as usize),
    };
    each(DateAt { place, span, written, date: found.date, before });
}
