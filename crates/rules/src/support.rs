//! What several rules need to read out of an aligned section.

use trueup_finding::FileCx;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_model::Spec;
use trueup_template::{FieldForm, FieldText, SpecIndex, fields_in, infer_key, infer_words};
use trueup_text::Span;

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

/// All fields in the blocks directly under a heading: lines, list items, rows of two-column tables.
pub(crate) fn section_fields(document: &Document, section: SectionId) -> Vec<FieldText> {
    let mut out = Vec::new();
    for block in document.section(section).blocks(document) {
        match document.kind(block) {
            Kind::Paragraph => out.extend(fields_in(document, block, false)),
            Kind::List { .. } | Kind::Quote => {
                for node in document.descendants(block) {
                    out.extend(fields_in(document, node, false));
                }
            }
            Kind::Table => out.extend(document.children(block).filter_map(|row| row_field(document, row))),
            _ => {}
        }
    }
    out
}

fn row_field(document: &Document, row: NodeId) -> Option<FieldText> {
    let mut cells = document.children(row);
    let (key, value) = (cells.next()?, cells.next()?);
    if cells.next().is_some() {
        return None;
    }
    Some(FieldText {
        key: document.plain(key).trim().trim_end_matches(':').to_owned(),
        key_span: document.content_span(key),
        value: document.plain(value).trim().to_owned(),
        value_span: document.content_span(value),
        form: FieldForm::Row,
        node: key,
    })
}

/// Whether a section says that it does not apply ("N/A — reason", "None", "No changes").
pub(crate) fn not_applicable(document: &Document, section: SectionId) -> Option<NotApplicable> {
    let text = document.section(section);
    let mut blocks =
        text.blocks(document).filter(|b| !document.is_comment_only(*b) && document.kind(*b) != Kind::Rule);
    let first = blocks.next()?;
    let plain = document.plain(first);
    let said = plain.trim().trim_start_matches(['-', '*', '_', ' ']).to_lowercase();
    let lead = ["n/a", "not applicable", "none", "no change", "not needed", "not required", "does not apply"]
        .into_iter()
        .find(|w| said.starts_with(w))?;
    let behind = said[lead.len()..].chars().next();
    if behind.is_some_and(char::is_alphanumeric) && lead != "no change" {
        return None;
    }
    let rest: usize = said[lead.len()..].chars().filter(|c| c.is_alphanumeric()).count();
    let more = blocks.next().is_some();
    let reason = rest >= 8 || more || lead.starts_with("no change") || lead == "none";
    Some(if reason { NotApplicable::WithReason } else { NotApplicable::Bare })
}

/// How a section says that it does not apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NotApplicable {
    /// With words why, or with words that need none.
    WithReason,
    /// "N/A" and nothing else.
    Bare,
}

/// Whether a section has anything below its heading: text, or sub-sections.
pub(crate) fn has_content(document: &Document, section: SectionId) -> bool {
    let this = document.section(section);
    let own = this.blocks(document).any(|b| {
        let kind = document.kind(b);
        kind != Kind::Rule
            && !(kind == Kind::Html && document.is_comment_only(b))
            && !document.source(b).trim().is_empty()
    });
    own || document.sections().iter().any(|s| s.parent == Some(section))
}

/// Keys that mean the same wherever they stand.
const SAME_KEYS: &[&[&str]] = &[
    &["created", "date", "created on", "creation date", "start date", "created at"],
    &["owner", "author", "authors", "owners", "maintainer", "lead"],
    &["spec id", "id", "spec"],
    &["links", "related", "references", "related links", "link", "issue", "pr", "tracking issue"],
    &["status", "state"],
];

/// Whether two keys in their comparable form mean the same.
pub(crate) fn same_key(a: &str, b: &str) -> bool {
    a == b || SAME_KEYS.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// Whether a section carries a label in any way: a field, a bold word, a sub-heading, a list item that begins with it.
pub(crate) fn has_label(document: &Document, section: SectionId, key: &str, fields: &[FieldText]) -> bool {
    if fields.iter().any(|f| same_key(&infer_key(&f.key), key)) {
        return true;
    }
    let range = document.section(section).span;
    let by_heading =
        document.sections().iter().any(|s| range.contains(s.span) && s.normal.core.starts_with(key));
    by_heading || labelled_text(document, section, key)
}

fn labelled_text(document: &Document, section: SectionId, key: &str) -> bool {
    let range = document.section(section).span;
    for block in document.blocks().filter(|b| range.contains(document.span(*b))) {
        for node in std::iter::once(block).chain(document.descendants(block)) {
            let begins = match document.kind(node) {
                // A label is short; nested emphasis would be read over and over.
                Kind::Strong => document.source(node).len() < MAX_LABEL,
                Kind::Paragraph | Kind::Cell => document.source(node).len() < 2000,
                _ => false,
            };
            if begins
                && infer_words(&document.plain(node))
                    .strip_prefix(key)
                    .is_some_and(|r| r.is_empty() || r.starts_with(' '))
            {
                return true;
            }
        }
    }
    false
}

/// The longest source of a label, in bytes.
pub(crate) const MAX_LABEL: usize = 400;

/// The tables directly under a heading.
pub(crate) fn tables(document: &Document, section: SectionId) -> Vec<NodeId> {
    document.section(section).blocks(document).filter(|b| document.kind(*b) == Kind::Table).collect()
}

/// The names of a table's columns in comparable form, with their cells.
pub(crate) fn columns(document: &Document, table: NodeId) -> Vec<(String, NodeId)> {
    let Some(header) = document.children(table).next() else { return Vec::new() };
    document.children(header).map(|c| (infer_words(&document.plain(c)), c)).collect()
}

/// Number of columns of the template's table that a document's table has, by name or nearly so.
pub(crate) fn shared_columns(spec: &trueup_template::TableSpec, columns: &[(String, NodeId)]) -> usize {
    spec.columns
        .iter()
        .filter(|c| columns.iter().any(|(name, _)| *name == c.normal || close(name, &c.normal)))
        .count()
}

/// Whether two words differ by a slip of the fingers.
pub(crate) fn close(a: &str, b: &str) -> bool {
    !a.is_empty() && strsim::normalized_damerau_levenshtein(a, b) >= 0.72
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
