//! What several rules need to read out of an aligned section.

use trueup_finding::FileCx;
use trueup_markdown::SectionId;
use trueup_model::Spec;
use trueup_template::SpecIndex;
use trueup_text::Span;

pub(crate) use trueup_model::reading::{
    MAX_LABEL, NotApplicable, close, columns, has_content, has_label, not_applicable, same_key,
    section_fields, shared_columns, tables,
};

/// Where something is missing from a spec as a whole: its title, else its first line.
pub(crate) fn title_span(cx: &FileCx<'_>, spec: &Spec) -> Span {
    match spec.title {
        Some(id) => cx.document.section(id).title_span,
        None => {
            let start = spec.region.start as usize;
            let text = spec.region.text(cx.text());
            let lead = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']).len();
            let line = text[lead..].lines().next().unwrap_or("");
            Span::new(start + lead, start + lead + line.len())
        }
    }
}

/// The answers to a section of the template that are worth looking into: there, and not "N/A".
pub(crate) fn answers<'a>(
    cx: &'a FileCx<'_>,
    spec: &'a Spec,
    index: SpecIndex,
) -> impl Iterator<Item = SectionId> + 'a {
    spec.alignment.sections_for(index).filter(|s| not_applicable(cx.document, *s).is_none())
}

/// The nearest of some words, for "did you mean".
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .map(|k| (strsim::jaro_winkler(&word, &k.to_lowercase()), k))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

/// A text for a message: at most so many characters, cut at a word.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text[..end].rfind(' ').filter(|at| *at * 2 > end).unwrap_or(end);
    format!("{}…", text[..cut].trim_end())
}
