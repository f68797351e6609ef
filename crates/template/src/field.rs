use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// How a field was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldForm {
    /// `**Key:** value` or `**Key**: value`
    Bold,
    /// `Key: value`
    Plain,
    /// A row of a two-column table.
    Row,
    /// A heading with the value below it (`## Status`).
    Heading,
    /// YAML front matter.
    FrontMatter,
}

/// A key and its value as they stand in a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldText {
    /// The key without markup and colon.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value without markup; may be empty.
    pub value: String,
    /// Where the value stands; empty at the end of the key where there is none.
    pub value_span: Span,
    /// How it was written.
    pub form: FieldForm,
    /// The block that holds it.
    pub node: NodeId,
}

/// A key and its value in the source, before their marks are taken off.
#[derive(Clone, Copy, Debug)]
pub struct RawField<'t> {
    /// The key as written, without its colon.
    pub key: &'t str,
    /// Where the key stands.
    pub key_span: Span,
    /// The value as written; may be empty.
    pub value: &'t str,
    /// Where the value stands; empty at the end of the key where there is none.
    pub value_span: Span,
    /// How it was written.
    pub form: FieldForm,
    /// The block that holds it.
    pub node: NodeId,
}

impl RawField<'_> {
    /// The field without its marks.
    pub fn text(&self) -> FieldText {
        FieldText {
            key: strip_inline(self.key),
            key_span: self.key_span,
            value: strip_inline(self.value),
            value_span: self.value_span,
            form: self.form,
            node: self.node,
        }
    }
}

/// A text without emphasis, code marks, link targets and the entities that templates use.
pub fn strip_inline(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut never_closes = false;
    loop {
        // Most of a text holds no mark: it is taken over as it stands.
        let plain = rest.bytes().position(is_mark).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let Some(c) = rest.chars().next() else { break };
        if c == '&' {
            let entity = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&nbsp;", ' ')]
                .into_iter()
                .find(|(name, _)| rest.starts_with(name));
            if let Some((name, meaning)) = entity {
                out.push(meaning);
                rest = &rest[name.len()..];
                continue;
            }
        }
        // Up to the next bracket, and once at most to a parenthesis that never comes: no text is read twice.
        if c == '['
            && !never_closes
            && let Some(close) = rest[1..].find(['[', ']']).map(|at| at + 1)
            && rest[close..].starts_with("](")
        {
            match rest[close..].find(')') {
                Some(end) => {
                    out.push_str(&strip_inline(&rest[1..close]));
                    rest = &rest[close + end + 1..];
                    continue;
                }
                None => never_closes = true,
            }
        }
        if c == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
            out.push_str(&rest[1..2]);
            rest = &rest[2..];
            continue;
        }
        let inside_word = c == '_'
            && out.chars().next_back().is_some_and(char::is_alphanumeric)
            && rest[1..].starts_with(char::is_alphanumeric);
        // A lone star is a wildcard (`V***__*.sql` in code), a star at a word is emphasis.
        if !(c == '*' || c == '`' || c == '_' && !inside_word) {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    let lead = out.len() - out.trim_start().len();
    out.drain(..lead);
    out
}

/// Whether a byte may begin something that [`strip_inline`] takes off.
fn is_mark(byte: u8) -> bool {
    MARKS[usize::from(byte)]
}

const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        marks[byte] = matches!(byte as u8, b'&' | b'[' | b'\\' | b'*' | b'`' | b'_');
        byte += 1;
    }
    marks
};

/// All fields in the lines of a block (a paragraph, or the first paragraph of a list item).
pub fn fields_in(document: &Document, block: NodeId, allow_plain: bool) -> Vec<FieldText> {
    raw_fields_in(document, block, allow_plain).iter().map(RawField::text).collect()
}

/// The same before the marks are taken off, for those who need only the places or the keys.
pub fn raw_fields_in(document: &Document, block: NodeId, allow_plain: bool) -> Vec<RawField<'_>> {
    if document.kind(block) != Kind::Paragraph {
        return Vec::new();
    }
    let span = document.span(block);
    let source = span.text(document.text());
    // Most paragraphs hold no field: look for a mark before taking lines apart.
    let marked = source.contains("**") || source.contains("__");
    if !(marked || allow_plain && source.contains(':')) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut at = span.start as usize;
    for line in source.split_inclusive('\n') {
        let (lead, bare) = strip_line_marks(line);
        raw_line_fields(bare, at + lead, block, allow_plain, &mut out);
        at += line.len();
    }
    out
}

/// Takes quote and list marks off the front of a continued line, and the line ending.
fn strip_line_marks(line: &str) -> (usize, &str) {
    let bare = line.trim_end_matches(['\n', '\r', ' ', '\\']);
    let rest = bare.trim_start_matches([' ', '\t', '>']);
    (bare.len() - rest.len(), rest)
}

/// The fields of one line; several may follow each other, separated by `•`, `·` or `|`. `base` is where the
/// line stands in the file.
pub fn raw_line_fields<'t>(
    line: &'t str,
    base: usize,
    node: NodeId,
    allow_plain: bool,
    out: &mut Vec<RawField<'t>>,
) {
    let mut start = 0;
    // A line that does not begin with a field holds none.
    if !allow_plain && !opens_bold(line.trim_start()) {
        return;
    }
    while start < line.len() {
        let end = segment_end(line, start);
        let segment = &line[start..end];
        let lead = segment.len() - segment.trim_start().len();
        if let Some(field) =
            segment_field(&segment[lead..], base + start + lead, node, allow_plain && start == 0)
        {
            out.push(field);
        } else if start == 0 {
            return;
        }
        start = end;
        if let Some(c) = line[start..].trim_start().chars().next() {
            start += line[start..].len() - line[start..].trim_start().len() + c.len_utf8();
        }
    }
}

/// Where a segment ends: before a separator that another bold key follows.
fn segment_end(line: &str, start: usize) -> usize {
    let bytes = line.as_bytes().get(start..).unwrap_or_default();
    // The first bytes of the three separators.
    for found in memchr::memchr3_iter(b'|', 0xE2, 0xC2, bytes) {
        let at = start + found;
        let behind = line[at..].strip_prefix(['•', '·', '|']);
        if behind.is_some_and(|behind| opens_bold(behind.trim_start())) {
            return at;
        }
    }
    line.len()
}

fn opens_bold(text: &str) -> bool {
    text.starts_with("**") || text.starts_with("__")
}

fn segment_field(segment: &str, base: usize, node: NodeId, allow_plain: bool) -> Option<RawField<'_>> {
    let mark = if segment.starts_with("**") { "**" } else { "__" };
    let Some(inner) = segment.strip_prefix(mark) else {
        return if allow_plain { plain_field(segment, base, node) } else { None };
    };
    let close = inner.find(mark)?;
    let bold = &inner[..close];
    let after = &inner[close + 2..];
    let after_at = 2 + close + 2;
    // `**Status: Draft**`: key and value inside the bold.
    if let Some(colon) = bold.find(':')
        && !bold[colon + 1..].trim().is_empty()
        && after.trim().is_empty()
        && bold[..colon].split_whitespace().count() <= 3
    {
        let value_at = base + 2 + colon + 1;
        return Some(make(&bold[..colon], base + 2, &bold[colon + 1..], value_at, FieldForm::Bold, node));
    }
    if bold.trim_end().ends_with(':') {
        return Some(make(bold, base + 2, after, base + after_at, FieldForm::Bold, node));
    }
    // `**Key**: value`, `**Non-goals** (explicitly not doing):`
    let spaced = after.trim_start();
    let mut skip = after.len() - spaced.len();
    if spaced.starts_with('(')
        && let Some(end) = spaced.find(')')
        && spaced[end + 1..].trim_start().starts_with(':')
    {
        skip += end + 1;
    }
    let colon = after[skip..].trim_start();
    if !colon.starts_with(':') {
        return None;
    }
    let value_at = after.len() - colon.len() + 1;
    Some(make(bold, base + 2, &after[value_at..], base + after_at + value_at, FieldForm::Bold, node))
}

/// `Key: value` without marks: a short capitalised key, a colon and a space.
fn plain_field(segment: &str, base: usize, node: NodeId) -> Option<RawField<'_>> {
    let colon = segment.find(':')?;
    let key = &segment[..colon];
    let rest = &segment[colon + 1..];
    let short = key.len() <= 30 && key.split_whitespace().count() <= 3;
    let worded = key.starts_with(char::is_uppercase)
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/'));
    let spaced = rest.starts_with(' ') && !rest.trim().is_empty();
    if short && worded && spaced {
        Some(make(key, base, rest, base + colon + 1, FieldForm::Plain, node))
    } else {
        None
    }
}

fn make<'t>(
    key: &'t str,
    key_at: usize,
    value: &'t str,
    value_at: usize,
    form: FieldForm,
    node: NodeId,
) -> RawField<'t> {
    let key_bare = key.trim().trim_end_matches(':').trim_end();
    let key_lead = key.len() - key.trim_start().len();
    let value_lead = value.len() - value.trim_start().len();
    let trimmed = value.trim();
    RawField {
        key: key_bare,
        key_span: Span::new(key_at + key_lead, key_at + key_lead + key_bare.len()),
        value: trimmed,
        value_span: Span::new(value_at + value_lead, value_at + value_lead + trimmed.len()),
        form,
        node,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let document = Document::parse(text);
        let mut found = Vec::new();
        for id in document.descendants(document.root()) {
            for field in fields_in(&document, id, true) {
                assert_eq!(strip_inline(field.value_span.text(text)), field.value);
                found.push((field.key, field.value));
            }
        }
        let expected: Vec<(String, String)> =
            expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_notation_of_a_header() {
        check(
            "**Status:** Draft • **Created:** 2025-09-19 18:59  \n**Owner:** &lt;name&gt;",
            &[("Status", "Draft"), ("Created", "2025-09-19 18:59"), ("Owner", "<name>")],
        );
        check("**Status**: Draft · **Date**: 2026-01-01", &[("Status", "Draft"), ("Date", "2026-01-01")]);
        check(
            "> **Status:** Implemented (2026-02-01)\n> **Owner:** A",
            &[("Status", "Implemented (2026-02-01)"), ("Owner", "A")],
        );
        check("- **Flag name:** `a.b`\n- **Owner:** x", &[("Flag name", "a.b"), ("Owner", "x")]);
        check("**Status: ✅ Complete**", &[("Status", "✅ Complete")]);
        check("Status: Draft\nOwner: me", &[("Status", "Draft"), ("Owner", "me")]);
        check("**Goals** (must happen):", &[("Goals", "")]);
        check("**Related**: [SPEC-1](./a.md), `x_y`", &[("Related", "SPEC-1, x_y")]);
        check("Some prose **bold** here: yes. And a URL: http://x", &[]);
    }
}
