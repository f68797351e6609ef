//! Filling in what is known of a new spec: title, ID, dates, status. The rest waits for a person.

use super::dates::{first_date, is_placeholder};
use super::title::titled;
use trueup_markdown::{Document, Kind, NodeId, Section, SectionId};
use trueup_model::{Date, HeaderField, HeaderPlace, State, StatusWords, header_fields};
use trueup_template::{Presence, Schema, ValueSpec, tokens_in, value_spec, yaml_fields};
use trueup_text::{Edit, Span, apply_edits};

/// What is known of a new spec.
#[derive(Clone, Debug)]
pub(super) struct Known<'k> {
    /// The title, on one line.
    pub(super) title: &'k str,
    /// The ID: `SPEC-007`, or the file's name where that is the ID.
    pub(super) id: &'k str,
    /// The number in the ID, as written there.
    pub(super) number: Option<&'k str>,
    /// Whether the title begins with the ID, as other specs of the set do, though the template does not say so.
    pub(super) id_in_title: bool,
    pub(super) today: Date,
    /// The team's words for states.
    pub(super) words: &'k StatusWords,
}

/// Header keys for the day on which a document was made or touched last.
const DATES: &[&str] = &[
    "created",
    "date",
    "creation date",
    "created on",
    "created at",
    "date created",
    "start date",
    "updated",
    "last updated",
    "last modified",
    "last update",
];

/// Fills a template's text. `schema` is the text's own, nested templates expanded.
pub(super) fn filled(text: &str, schema: &Schema, known: &Known<'_>) -> String {
    let document = Document::parse(text);
    let mut edits = Vec::new();
    let title = schema.title.is_some().then_some(SectionId(0));
    if let Some(section) = document.sections().first().filter(|_| title.is_some()) {
        edits.push(Edit::replace(
            section.title_span,
            titled(&section.title, schema.title_id.as_deref(), known),
        ));
    }
    let fields = header_fields(&document, Span::new(0, text.len()), title, None);
    edits.extend(fields.iter().filter_map(|field| header_edit(text, field, schema, known)));
    // Without a title anywhere nobody would know what the document is about.
    let titled = fields.iter().any(|field| field.normal == "title");
    if !titled && !document.sections().iter().any(|section| section.level == 1) {
        let at = document.blocks().next().map_or(text.len(), |block| document.span(block).start as usize);
        edits.push(Edit::replace(Span::at(at), format!("# {}\n\n", known.title)));
    }
    for section in document.sections() {
        edits.extend(history_edit(&document, section, known));
    }
    edits.extend(about_the_template(&document, schema));
    edits.extend(directives(&document));
    let edits = without_overlaps(edits);
    apply_edits(text, &edits).unwrap_or_else(|_| text.to_owned())
}

/// Fills the YAML file beside a spec.
pub(super) fn filled_sidecar(text: &str, known: &Known<'_>) -> String {
    let Ok(fields) = yaml_fields(text, 0) else { return text.to_owned() };
    let top = fields.iter().filter(|field| !field.item && !field.nested && !field.path.contains('.'));
    let edits: Vec<Edit> = top
        .filter_map(|field| {
            let key = trueup_template::infer_key(&field.path);
            let value = yaml_value(&key, &field.value, known)?;
            Some(Edit::replace(field.value_span, value))
        })
        .collect();
    apply_edits(text, &edits).unwrap_or_else(|_| text.to_owned())
}

fn header_edit(text: &str, field: &HeaderField, schema: &Schema, known: &Known<'_>) -> Option<Edit> {
    let span = field.field.value_span;
    if field.place == HeaderPlace::FrontMatter {
        return Some(Edit::replace(span, yaml_value(&field.normal, &field.field.value, known)?));
    }
    let value = &field.field.value;
    let wanted = schema.fields.iter().find(|f| f.normal == field.normal).map(|f| &f.value);
    if is_id(&field.normal, known) && !tokens_in(value).is_empty() {
        return Some(Edit::replace(span, known.id));
    }
    if DATES.contains(&field.normal.as_str()) {
        if let Some(date) = first_date(span.text(text)) {
            return Some(Edit::replace(
                Span::from(date).shifted(span.start as usize),
                known.today.to_string(),
            ));
        }
        return (wanted == Some(&ValueSpec::Date)).then(|| Edit::replace(span, known.today.to_string()));
    }
    (field.normal == "status")
        .then(|| first_status(value, known))
        .flatten()
        .map(|status| Edit::replace(span, status))
}

/// The value of a YAML key, where it is known.
fn yaml_value(key: &str, value: &str, known: &Known<'_>) -> Option<String> {
    match key {
        "title" => Some(yaml_string(known.title)),
        "status" => first_status(value, known),
        key if DATES.contains(&key) => Some(known.today.to_string()),
        key if is_id(key, known) && (value.is_empty() || !tokens_in(value).is_empty()) => {
            match known.number {
                // A number with zeros in front would be read as octal.
                Some(number) if !value.contains('-') => Some(number.trim_start_matches('0').to_owned()),
                _ => Some(yaml_string(known.id)),
            }
        }
        _ => None,
    }
}

/// Whether a key names the document's own ID.
fn is_id(key: &str, known: &Known<'_>) -> bool {
    let prefix = known.number.and_then(|number| known.id.strip_suffix(number)).unwrap_or("");
    let prefix = prefix.trim_end_matches('-').to_lowercase();
    let own = !prefix.is_empty()
        && (key == prefix || key.strip_prefix(&prefix).is_some_and(|k| matches!(k, " number" | " id")));
    own || matches!(key, "id" | "spec id" | "number" | "kep number" | "document id")
}

/// Of a choice of states the one that means a draft.
fn first_status(value: &str, known: &Known<'_>) -> Option<String> {
    let ValueSpec::Enum(options) = value_spec(value) else { return None };
    options.into_iter().find(|option| known.words.state_of(option) == Some(State::Draft))
}

/// A text as a YAML scalar.
fn yaml_string(text: &str) -> String {
    let safe =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',' | '(' | ')' | '/' | '\'');
    let word = text.starts_with(char::is_alphabetic)
        && !matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "null" | "on" | "off");
    if word && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The first entry of a changelog or a version history is about today. Later entries are to come.
fn history_edit(document: &Document, section: &Section, known: &Known<'_>) -> Option<Edit> {
    let kind = |section: &Section| trueup_template::kind_of_title(&section.normal.core);
    let today = |span: Span, date: std::ops::Range<usize>| {
        Edit::replace(Span::from(date).shifted(span.start as usize), known.today.to_string())
    };
    let in_changelog = section.parent.is_some_and(|id| kind(document.section(id)) == Some("changelog"));
    if in_changelog {
        let mut siblings = document.sections().iter().filter(|other| other.parent == section.parent);
        let first = siblings.next().is_some_and(|other| other.heading == section.heading);
        let span = section.title_span;
        return first_date(span.text(document.text())).filter(|_| first).map(|date| today(span, date));
    }
    if kind(section) != Some("changelog") {
        return None;
    }
    let entries = section.blocks(document).flat_map(|block| entries(document, block));
    let mut dated =
        entries.filter_map(|entry| first_date(entry.text(document.text())).map(|date| (entry, date)));
    let (span, date) = dated.next()?;
    // A placeholder behind an example is for a day to come; alone it is for today.
    let examples = dated.any(|(entry, _)| !is_placeholder(entry.text(document.text())));
    (!(is_placeholder(span.text(document.text())) && examples)).then(|| today(span, date))
}

/// Items of a list, rows of a table, paragraphs.
fn entries(document: &Document, block: NodeId) -> Vec<Span> {
    match document.kind(block) {
        Kind::List { .. } => document.children(block).map(|item| document.span(item)).collect(),
        Kind::Table => document.children(block).skip(1).map(|row| document.span(row)).collect(),
        Kind::Paragraph => vec![document.span(block)],
        _ => Vec::new(),
    }
}

/// Sections that speak about the template itself.
fn about_the_template(document: &Document, schema: &Schema) -> Vec<Edit> {
    let never = schema.sections.iter().filter(|section| section.presence == Presence::Never);
    let titles: Vec<&str> = never.map(|section| section.normal.core.as_str()).collect();
    let sections = document.sections().iter().filter(|s| titles.contains(&s.normal.core.as_str()));
    sections.map(|section| Edit::replace(section.span, "")).collect()
}

/// `<!-- trueup: … -->`, with its line where nothing else stands on it.
fn directives(document: &Document) -> Vec<Edit> {
    let text = document.text();
    let comments = document.comments().into_iter();
    let own = comments.filter(|comment| comment.inner.text(text).trim_start().starts_with("trueup:"));
    own.map(|comment| {
        let (mut start, mut end) = (comment.span.start as usize, comment.span.end as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        if text[line_start..start].trim().is_empty() && text[end..line_end].trim().is_empty() {
            (start, end) = (line_start, line_end);
        }
        Edit::replace(Span::new(start, end), "")
    })
    .collect()
}

/// What is removed as a whole need not be changed first.
fn without_overlaps(edits: Vec<Edit>) -> Vec<Edit> {
    let removed: Vec<Span> =
        edits.iter().filter(|edit| edit.insert.is_empty()).map(|edit| edit.span).collect();
    let mut out: Vec<Edit> = Vec::new();
    for edit in edits {
        let inside = removed.iter().any(|span| *span != edit.span && span.contains(edit.span));
        let twice = out.iter().any(|other| other.span.overlaps(edit.span));
        if !inside && !twice {
            out.push(edit);
        }
    }
    out
}
