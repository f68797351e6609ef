//! The title of a risk without what is written around it: ID, the word "Risk", severity.

use super::Severity;
use crate::facts::item::{ItemId, take_id};
use crate::facts::support::Text;
use trueup_markdown::Document;
use trueup_text::Span;

/// A title taken apart.
pub(super) struct Cleaned {
    pub id: Option<ItemId>,
    pub title: String,
    pub severity: Option<Text>,
}

/// The level that a text begins with ("High.", "🔴 High — data is lost"); none for a range of two.
pub(super) fn level_in(text: &str) -> Option<Severity> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let level = level_of(&text[..end])?;
    let rest = text[end..].trim_start();
    let rest = rest.strip_prefix("to ").or_else(|| rest.strip_prefix(['/', '-', '–', '→']));
    let second = rest.map(str::trim_start).unwrap_or("");
    let second_end = second.find(|c: char| !c.is_alphabetic()).unwrap_or(second.len());
    level_of(&second[..second_end]).is_none().then_some(level)
}

fn level_of(word: &str) -> Option<Severity> {
    if word.eq_ignore_ascii_case("med") {
        return Some(Severity::Medium);
    }
    Severity::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(word))
}

/// Takes ID, "Risk 3:" and severity off a title.
pub(super) fn clean_title(document: &Document, title: &Text) -> Cleaned {
    let (id, said) = take_id(document, title);
    let said = without_label(&said);
    let (said, level) = without_level(said);
    let severity =
        level.map(|word| Text { span: find_word(document, title.span, word), text: word.to_owned() });
    let title = said.trim().trim_end_matches(['—', '–', ':', '-']).trim().to_owned();
    Cleaned { id, title, severity }
}

/// `Risk 3 — title`, `Risk: title`.
fn without_label(title: &str) -> &str {
    let Some(rest) = title.strip_prefix("Risk").or_else(|| title.strip_prefix("RISK")) else { return title };
    let rest = rest.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let behind = rest[digits..].trim_start();
    match behind.strip_prefix([':', '—', '–', '.', ')']).or_else(|| behind.strip_prefix("- ")) {
        Some(named) if !named.trim().is_empty() => named.trim_start(),
        _ => title,
    }
}

/// `title (High)`, `[High] title`, `title — Severity: High`, `title — HIGH RISK`, `High: title`.
fn without_level(title: &str) -> (&str, Option<&str>) {
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(inner) = title.strip_prefix(open)
            && let Some(end) = inner.find(close)
            && let Some(word) = level_word(&inner[..end])
        {
            return (inner[end + 1..].trim_start(), Some(word));
        }
        if title.ends_with(close)
            && let Some(start) = title.rfind(open)
            && start > 0
            && let Some(word) = level_word(&title[start + 1..title.len() - 1])
        {
            return (title[..start].trim_end(), Some(word));
        }
    }
    for dash in [" — ", " – ", " - ", ": "] {
        if let Some(at) = title.rfind(dash)
            && at > 0
            && let Some(word) = level_word(&title[at + dash.len()..])
        {
            return (&title[..at], Some(word));
        }
    }
    if let Some((first, rest)) = title.split_once(": ")
        && let Some(word) = level_word(first)
    {
        return (rest, Some(word));
    }
    (title, None)
}

/// The level in `High`, `Severity: High`, `HIGH RISK`, `LOW, for a time`; none where other words stand.
fn level_word(text: &str) -> Option<&str> {
    let text = text.trim().trim_matches(['*', '_', '`', '.', '!']);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let bare = strip_word(text, "severity").map(|rest| rest.trim_start_matches([':', ' '])).unwrap_or(text);
    let bare = bare.split([',', ';']).next().unwrap_or(bare);
    let mut words = bare.split_whitespace();
    let level = words.next()?;
    let rest = words.next();
    let closes = match rest {
        None => true,
        Some(word) => {
            (word.eq_ignore_ascii_case("risk") || word.eq_ignore_ascii_case("severity"))
                && words.next().is_none()
        }
    };
    (closes && level_of(level).is_some()).then_some(level)
}

fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

/// Where a word of a title stands.
fn find_word(document: &Document, span: Span, word: &str) -> Span {
    let source = span.text(document.text());
    match source.rfind(word) {
        Some(at) => {
            let start = span.start as usize + at;
            Span::new(start, start + word.len())
        }
        None => span,
    }
}
