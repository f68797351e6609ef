//! Keys with values inside a paragraph: `**Severity:** High`, `Mitigation: …`, several on a line.

use trueup_markdown::{Document, NodeId};
use trueup_template::{infer_words, strip_inline};
use trueup_text::Span;

/// A key with its value, and what stands before it.
pub(super) struct KeyText {
    /// The key in comparable form; the canonical word where it is one of a risk's keys.
    pub key: String,
    /// The key as written, without marks.
    pub label: String,
    /// Whether it is one of a risk's keys.
    pub known: bool,
    /// From the mark in front of the key on.
    pub start: usize,
    /// The value without markup.
    pub value: String,
    /// Where the value stands.
    pub value_span: Span,
}

/// The canonical word of a key; none where it is none of a risk's.
pub(super) fn canonical(words: &str) -> Option<&'static str> {
    Some(match words {
        "risk" | "risk title" | "threat" => "risk",
        "risks" => "risks",
        "scenario"
        | "failure scenario"
        | "concrete failure scenario"
        | "concrete scenario"
        | "risk scenario"
        | "risk failure scenario"
        | "failure mode"
        | "what can go wrong"
        | "what goes wrong" => "scenario",
        "severity" | "risk level" | "severity level" | "risk severity" => "severity",
        "affected area"
        | "affected areas"
        | "affected"
        | "affects"
        | "area"
        | "areas"
        | "affected surface"
        | "affected surfaces"
        | "affected module"
        | "affected modules"
        | "affected component"
        | "affected components"
        | "affected area s"
        | "impacted area"
        | "impacted areas" => "affected area",
        "mitigation"
        | "mitigations"
        | "mitigation strategy"
        | "mitigation s"
        | "mitigated by"
        | "mitigation applied"
        | "mitigation plan" => "mitigation",
        "residual risk" | "residual risks" | "residual" | "remaining risk" | "remaining"
        | "risk residual" => "residual risk",
        "likelihood" | "probability" => "likelihood",
        "impact" => "impact",
        "detection" => "detection",
        _ => return None,
    })
}

/// A key in comparable form, and whether it is one of a risk's.
pub(super) fn comparable(key: &str) -> (String, bool) {
    let words = infer_words(key);
    match canonical(&words) {
        Some(known) => (known.to_owned(), true),
        None => {
            // `Mitigation (added later)`: what stands in parentheses says more about the same key.
            let bare = key.split('(').next().map(infer_words).unwrap_or_default();
            match canonical(&bare) {
                Some(known) => (known.to_owned(), true),
                None => (words, false),
            }
        }
    }
}

/// All keys of a paragraph in order. At the start of a line any bold key counts; further on, and without
/// marks, only those of a risk.
pub(super) fn keys_of(document: &Document, paragraph: NodeId) -> Vec<KeyText> {
    let span = document.span(paragraph);
    keys_in(span.text(document.text()), span.start as usize)
}

/// How far a key may reach.
const LONGEST_KEY: usize = 64;

struct Found {
    key: String,
    label: String,
    known: bool,
    start: usize,
    value_start: usize,
    /// The end of the value where the marks around it say so (`**Severity: High** — and why`).
    value_end: Option<usize>,
}

pub(super) fn keys_in(source: &str, base: usize) -> Vec<KeyText> {
    let mut found: Vec<Found> = Vec::new();
    let mut line_start = true;
    let mut at_boundary = true;
    let mut skip_to = 0;
    let mut in_code = false;
    let mut last = '.';
    for (at, c) in source.char_indices() {
        if c == '`' {
            in_code = !in_code;
        }
        if c == '\n' {
            (line_start, at_boundary, in_code) = (true, true, false);
            continue;
        }
        let lead = c == ' ' || c == '\t' || line_start && matches!(c, '>' | '-' | '+' | '•');
        if lead {
            at_boundary = true;
            continue;
        }
        if at >= skip_to
            && at_boundary
            && !in_code
            && let Some(key) = key_at(source, at, line_start, last)
        {
            skip_to = key.value_start;
            found.push(key);
        }
        line_start = line_start && matches!(c, '*' | '_');
        at_boundary = matches!(c, '(' | '[' | ';' | '|') || line_start;
        last = c;
    }
    values_of(source, base, found)
}

/// Values reach up to the next key.
fn values_of(source: &str, base: usize, found: Vec<Found>) -> Vec<KeyText> {
    let mut ends: Vec<usize> = found.iter().skip(1).map(|next| next.start).collect();
    ends.push(source.len());
    let mut out = Vec::with_capacity(found.len());
    for (key, next) in found.into_iter().zip(ends) {
        let end = key.value_end.unwrap_or(next).min(next).max(key.value_start);
        let (from, to) = trim_value(source, key.value_start, end);
        out.push(KeyText {
            key: key.key,
            label: key.label,
            known: key.known,
            start: base + key.start,
            value: one_line(&source[from..to]),
            value_span: Span::new(base + from, base + to),
        });
    }
    out
}

/// A value without marks and on one line.
pub(super) fn one_line(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.lines() {
        let line = line.trim().trim_start_matches('>').trim();
        if !out.is_empty() && !line.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    strip_inline(&out)
}

/// Takes separators off a value (`; `, ` — `, a parenthesis that opened before it).
fn trim_value(source: &str, start: usize, end: usize) -> (usize, usize) {
    let value = &source[start..end];
    let separator = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | '•' | '·' | '—' | '–' | ',' | '→');
    let lead = value.len() - value.trim_start_matches(separator).len();
    let mut bare = value[lead..].trim_end_matches(separator);
    // A dash or a parenthesis belongs to the value only if it has its other half or a word behind it.
    while let Some(last) = bare.chars().next_back() {
        let unmatched = match last {
            '(' | '[' => true,
            ')' => bare.matches('(').count() < bare.matches(')').count(),
            ']' => bare.matches('[').count() < bare.matches(']').count(),
            '-' => bare.ends_with(" -"),
            _ => false,
        };
        if !unmatched {
            break;
        }
        bare = bare[..bare.len() - last.len_utf8()].trim_end_matches(separator);
    }
    (start + lead, start + lead + bare.len())
}

fn key_at(source: &str, at: usize, line_start: bool, last: char) -> Option<Found> {
    let rest = &source[at..];
    let marks = rest.len() - rest.trim_start_matches(['*', '_']).len();
    if marks == 0 {
        // In the middle of a sentence ("a large impact: …") the word is no key.
        let opens = line_start || !last.is_alphanumeric() && !matches!(last, '\'' | '’' | '/' | '-' | '&');
        return if opens { plain_key(source, at) } else { None };
    }
    if marks > 3 {
        return None;
    }
    let inner_at = at + marks;
    let inner = window(&source[inner_at..]);
    let mark = &source[at..inner_at];
    let close = inner.find(mark);
    let colon = inner.find(':').filter(|colon| close.is_none_or(|close| *colon < close));
    if let Some(colon) = colon {
        let (key, known) = comparable(&inner[..colon]);
        let close = close.or_else(|| far_close(source, inner_at + colon, mark).map(|end| end - inner_at))?;
        let ends_bold = inner_at + close;
        let said = source[inner_at + colon + 1..ends_bold].trim();
        if said.is_empty() {
            let usable = known || line_start && !key.is_empty();
            let value_start = ends_bold + marks;
            let label = strip_inline(&inner[..colon]);
            return usable.then_some(Found { key, label, known, start: at, value_start, value_end: None });
        }
        // `**Severity: High**` with the value inside the marks.
        let value_start = inner_at + colon + 1;
        let goes_on = source[ends_bold + marks..].trim_start().starts_with(['—', '–', '-', '.', '(']);
        let value_end = (goes_on || key == "risk").then_some(ends_bold);
        let label = strip_inline(&inner[..colon]);
        return known.then_some(Found { key, label, known, start: at, value_start, value_end });
    }
    let close = close?;
    let (key, known) = comparable(&inner[..close]);
    let behind = inner_at + close + marks;
    // `**Mitigation.** text`: a full stop in place of the colon.
    if known && inner[..close].ends_with('.') {
        let label = strip_inline(inner[..close].trim_end_matches('.'));
        return Some(Found { key, label, known, start: at, value_start: behind, value_end: None });
    }
    let after = &source[behind..];
    let spaced = after.trim_start_matches(' ');
    let mut skip = after.len() - spaced.len();
    if spaced.starts_with('(')
        && let Some(end) = window(spaced).find(')')
    {
        skip += end + 1;
    }
    let tail = after[skip..].trim_start_matches(' ');
    let dashed = known && key != "risk" && tail.starts_with(['—', '–']);
    let sign = tail.chars().next().filter(|c| *c == ':' || dashed)?;
    let usable = known || line_start && !key.is_empty();
    let value_start = source.len() - tail.len() + sign.len_utf8();
    let label = strip_inline(&inner[..close]);
    usable.then_some(Found { key, label, known, start: at, value_start, value_end: None })
}

/// The closing mark behind a key's colon, in the same paragraph.
fn far_close(source: &str, from: usize, mark: &str) -> Option<usize> {
    let line_end = source[from..].find('\n').map_or(source.len(), |end| from + end);
    source[from..line_end].find(mark).map(|at| from + at)
}

/// `Severity: High` without marks.
fn plain_key(source: &str, at: usize) -> Option<Found> {
    let rest = &source[at..];
    if !rest.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let head = window(rest);
    let colon = head.find(':')?;
    let key = &head[..colon];
    if colon > 40 || key.contains(['.', ',', ';', '\n', '`', '*']) {
        return None;
    }
    let label = key.to_owned();
    let (key, known) = comparable(key);
    let spaced = rest[colon + 1..].starts_with(|c: char| c.is_whitespace());
    let value_start = at + colon + 1;
    (known && spaced).then_some(Found { key, label, known, start: at, value_start, value_end: None })
}

fn window(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_KEY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    text.find('\n').map_or(text, |line| &text[..line])
}
