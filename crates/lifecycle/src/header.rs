//! Edits of a header: the status, and lines that say what takes whose place.

use trueup_markdown::{Document, Kind};
use trueup_model::{HeaderField, HeaderPlace, Spec};
use trueup_template::{FieldForm, yaml_fields};
use trueup_text::{Edit, Span};

/// Where the words of a status stand that another status replaces: without the marks around them, and without
/// another field on the same line.
pub fn status_span(source: &str, spec: &Spec) -> Option<Span> {
    let span = spec.state.span?;
    let value = span.text(source);
    let end = value.find(['·', '•']).unwrap_or(value.len());
    let value = value.get(..end)?;
    let value = value.split_once("<!--").map_or(value, |(before, _)| before);
    let lead = value.len() - value.trim_start_matches(is_mark).len();
    let inner = value.get(lead..)?.trim_end();
    // Marks at the end only where the same stand in front: a full stop or a bracket belongs to the words.
    let opening = value.get(..lead)?.trim_start();
    let inner = match opening.chars().any(|c| matches!(c, '*' | '_' | '`' | '"' | '\'')) {
        true => inner.trim_end_matches(['*', '_', '`', '"', '\'']),
        false => inner,
    };
    let start = span.start as usize + lead;
    Some(Span::new(start, start + inner.len()))
}

/// Marks around a word and signs in front of it ("✅ Done").
fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '<' | '[' | '(')
}

/// Writes another status; none where the header has none. The edit is for the sidecar where the status stands there.
pub fn status_edit(document: &Document, sidecar: Option<&str>, spec: &Spec, word: &str) -> Option<Edit> {
    let source = match spec.state.in_sidecar {
        true => sidecar?,
        false => document.text(),
    };
    Some(Edit::replace(status_span(source, spec)?, word))
}

/// Adds a field to a header, in the notation of the fields that are there.
pub fn field_edit(document: &Document, spec: &Spec, key: &str, value: &str) -> Edit {
    let text = document.text();
    let last = spec
        .header
        .iter()
        .rfind(|f| f.place != HeaderPlace::Sidecar && spec.region.contains(f.field.key_span));
    let Some(last) = last else { return below_title(document, spec, key, value) };
    let at = last.field.value_span.end.max(last.field.key_span.end) as usize;
    // The items of a list stand below their key.
    let at = if last.field.form == FieldForm::FrontMatter { at.max(yaml_end(document)) } else { at };
    let line_start =
        text.get(..last.field.key_span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
    let line_end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n);
    let line = text.get(line_start..line_end).unwrap_or("").trim_end_matches('\r');
    let break_at =
        if text.get(..line_end).is_some_and(|t| t.ends_with('\r')) { line_end - 1 } else { line_end };
    let newline = newline_of(text);
    let lead = &line[..line.len() - line.trim_start_matches([' ', '-', '*', '+', '>', '\t']).len()];
    // `**` is no bullet.
    let lead = lead.strip_suffix("**").unwrap_or(lead);
    let new = match last.field.form {
        FieldForm::FrontMatter => format!("{}: {}", yaml_key(key, &spec.header), yaml_value(value)),
        FieldForm::Row => format!("| {key} | {} |", value.replace('|', "\\|")),
        FieldForm::Heading => return below_title(document, spec, key, value),
        FieldForm::Bold if line.contains(":**") => format!("{lead}**{key}:** {value}"),
        FieldForm::Bold => format!("{lead}**{key}**: {value}"),
        FieldForm::Plain => format!("{lead}{key}: {value}"),
    };
    // Two blanks at the end of a line keep it from running into the next one.
    let in_paragraph =
        matches!(last.field.form, FieldForm::Bold | FieldForm::Plain) && lead.trim().is_empty();
    let (before, after) = match (in_paragraph, line.ends_with("  "), line.ends_with('\\')) {
        (true, true, _) => (String::new(), "  "),
        (true, _, true) => ("\\".to_owned(), ""),
        (true, false, false) if other_fields(spec, last) == 0 || shares_lines(text, spec) => {
            (String::new(), "")
        }
        (true, false, false) => ("  ".to_owned(), ""),
        _ => (String::new(), ""),
    };
    let before = if before == "\\" { String::new() } else { before };
    Edit::replace(Span::at(break_at), format!("{before}{newline}{new}{after}"))
}

/// Where the last value of the front matter ends.
fn yaml_end(document: &Document) -> usize {
    let Some(span) = document.front_matter() else { return 0 };
    let fields = yaml_fields(span.text(document.text()), span.start as usize).unwrap_or_default();
    fields.iter().map(|f| f.value_span.end.max(f.key_span.end) as usize).max().unwrap_or(0)
}

fn other_fields(spec: &Spec, last: &HeaderField) -> usize {
    let beside = |f: &&HeaderField| f.place == HeaderPlace::Header && f.field.key_span != last.field.key_span;
    spec.header.iter().filter(beside).count()
}

/// Whether fields stand on lines below each other without a hard break: readers of this header do so already.
fn shares_lines(text: &str, spec: &Spec) -> bool {
    spec.header.windows(2).any(|pair| {
        let [a, b] = pair else { return false };
        let between =
            text.get(a.field.value_span.end as usize..b.field.key_span.start as usize).unwrap_or("");
        between.contains('\n')
            && !between.contains("  \n")
            && !between.contains("\\\n")
            && !between.contains("\n\n")
    })
}

/// A header of its own below the title.
fn below_title(document: &Document, spec: &Spec, key: &str, value: &str) -> Edit {
    let newline = newline_of(document.text());
    let line = format!("**{key}:** {value}");
    match spec.title {
        Some(title) => {
            let heading = document.section(title).heading;
            let end = document.span(heading).text(document.text()).trim_end().len();
            let at = document.span(heading).start as usize + end;
            Edit::replace(Span::at(at), format!("{newline}{newline}{line}"))
        }
        None => {
            let first = document.blocks().find(|b| document.kind(*b) != Kind::Html);
            let at = first.map_or(spec.region.start as usize, |b| document.span(b).start as usize);
            let at = at.max(document.front_matter().map_or(0, |f| f.end as usize));
            Edit::replace(Span::at(at), format!("{line}{newline}{newline}"))
        }
    }
}

fn yaml_key(key: &str, header: &[HeaderField]) -> String {
    let underscored = header.iter().any(|f| f.field.key.contains('_'));
    key.to_lowercase().replace(' ', if underscored { "_" } else { "-" })
}

fn yaml_value(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' '));
    match plain && !value.starts_with(['-', ' ', '.']) {
        true => value.to_owned(),
        false => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The ends of a text's lines.
pub fn newline_of(text: &str) -> &'static str {
    let first = text.find('\n').unwrap_or(0);
    if first > 0 && text.as_bytes().get(first - 1) == Some(&b'\r') { "\r\n" } else { "\n" }
}
