//! Bullets that answer a rule: `✅ rule — notes`, `rule: PASS`, `**rule** — Compliant (notes)`, `[x] rule`.

use super::Answer;
use super::answer::leading_answer;
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// A bullet taken apart.
pub(super) struct Answered {
    pub source: String,
    pub rule: String,
    pub status: String,
    pub status_span: Span,
    pub answer: Answer,
    pub notes: String,
}

/// Reads a bullet; none where it gives no status.
pub(super) fn answered(document: &Document, item: NodeId, paragraph: NodeId) -> Option<Answered> {
    let plain = document.plain(paragraph).trim().to_owned();
    let span = document.content_span(paragraph);
    if plain.is_empty() {
        return None;
    }
    let mut found = sign_first(&plain)
        .or_else(|| status_behind(&plain))
        .or_else(|| status_at_end(&plain))
        .or_else(|| status_in_parentheses(&plain));
    if found.is_none()
        && let Kind::Item(Some(done)) = document.kind(item)
    {
        let (status, answer) = if done { ("[x]", Answer::Pass) } else { ("[ ]", Answer::Pending) };
        found = Some(parts(&plain, status, answer, ""));
    }
    let mut found = found?;
    found.status_span = place(document, span, &found.status);
    let bold = document.children(paragraph).next().filter(|n| document.kind(*n) == Kind::Strong);
    if let Some(bold) = bold {
        take_source(&mut found, document.plain(bold).trim().trim_end_matches(':'));
    }
    Some(found)
}

fn parts(rule: &str, status: &str, answer: Answer, notes: &str) -> Answered {
    let bare = |text: &str| text.trim().trim_matches(['—', '–', ':', ' ']).to_owned();
    Answered {
        source: String::new(),
        rule: bare(rule),
        status: status.trim().to_owned(),
        status_span: Span::default(),
        answer,
        notes: bare(notes),
    }
}

/// `✅ rule — notes`
fn sign_first(plain: &str) -> Option<Answered> {
    let sign = plain.chars().next().filter(|c| !c.is_ascii() && !c.is_alphanumeric())?;
    let (answer, _) = leading_answer(plain)?;
    let length = sign.len_utf8()
        + plain[sign.len_utf8()..].chars().next().filter(|c| *c == '\u{fe0f}').map_or(0, char::len_utf8);
    let rest = plain[length..].trim_start();
    // `✅ Pass — rule` puts the word behind the sign.
    let (status_end, rest) =
        match leading_answer(rest).filter(|(word, end)| *word == answer && ends_label(&rest[*end..])) {
            Some((_, end)) => {
                (plain.len() - rest.len() + end, rest[end..].trim_start_matches([' ', ':', '—', '–', '-']))
            }
            None => (length, rest),
        };
    if rest.is_empty() {
        return None;
    }
    let (rule, notes) = split_notes(rest);
    Some(parts(rule, &plain[..status_end], answer, notes))
}

fn ends_label(rest: &str) -> bool {
    rest.trim_start().starts_with([':', '—', '–', '-'])
}

/// `rule: PASS`, `rule — Compliant (notes)`, `rule → ✅`
fn status_behind(plain: &str) -> Option<Answered> {
    for (at, c) in plain.char_indices() {
        if !matches!(c, ':' | '—' | '–' | '→' | '-' | '=') || at == 0 {
            continue;
        }
        let behind = &plain[at + c.len_utf8()..];
        let spaced =
            behind.starts_with(' ') && (matches!(c, ':' | '→' | '—' | '–') || plain[..at].ends_with(' '));
        if !spaced {
            continue;
        }
        let rest = behind.trim_start();
        if let Some((answer, end)) = leading_answer(rest).filter(|(_, end)| is_status(rest, *end)) {
            return Some(parts(&plain[..at], &rest[..end], answer, &rest[end..]));
        }
    }
    None
}

/// Whether the words stand for themselves and do not begin a sentence ("No changes", "Open the dialog").
fn is_status(rest: &str, end: usize) -> bool {
    let word = &rest[..end];
    let behind = rest[end..].trim_start_matches(['*', '_', '`']);
    let sign = word.chars().next().is_some_and(|c| !c.is_ascii());
    let shouted = word.chars().any(char::is_alphabetic) && !word.chars().any(char::is_lowercase);
    let capital = word.starts_with(char::is_uppercase);
    let plain = ["compliant", "non-compliant", "pass", "n/a", "not applicable"].contains(&word);
    let marks = ['.', '(', '—', '–', ',', ';', ')', ':'];
    let ended = behind.is_empty() || behind.trim_start().starts_with(marks) || behind.starts_with(" - ");
    sign || matches!(word, "PASS" | "PASSED" | "FAIL") || ended && (shouted || capital || plain)
}

/// `No tenant data is touched. PASS`, `Additive only. ✔`
fn status_at_end(plain: &str) -> Option<Answered> {
    let bare = plain.trim_end_matches(['.', ' ', '\u{fe0f}']);
    let at = bare.rfind(' ')?;
    let word = &bare[at + 1..];
    let sign = word.chars().next().is_some_and(|c| !c.is_ascii() && !c.is_alphanumeric());
    let shouted = matches!(word, "PASS" | "PASSED" | "FAIL" | "N/A" | "OK");
    let (answer, _) = leading_answer(word)?;
    (sign || shouted).then(|| parts(&bare[..at], word, answer, ""))
}

/// `rule (compliant)` at the end.
fn status_in_parentheses(plain: &str) -> Option<Answered> {
    let bare = plain.trim_end_matches(['.', ' ']);
    let open = bare.strip_suffix(')')?.rfind('(')?;
    let inner = &bare[open + 1..bare.len() - 1];
    let (answer, end) = leading_answer(inner)?;
    (end == inner.len() && open > 0).then(|| parts(&bare[..open], inner, answer, ""))
}

fn split_notes(text: &str) -> (&str, &str) {
    for dash in [" — ", " – ", " - "] {
        if let Some((rule, notes)) = text.split_once(dash) {
            return (rule, notes);
        }
    }
    (text, "")
}

/// Bold words in front that name a guide are the rule's source.
fn take_source(found: &mut Answered, bold: &str) {
    let names_guide = bold.ends_with("AGENTS") || bold.ends_with(".md");
    if !names_guide {
        return;
    }
    if let Some(rest) = found.rule.strip_prefix(bold) {
        let rest = rest.trim_start_matches([':', ' ', '—', '–', '-']).to_owned();
        found.source = bold.to_owned();
        found.rule = rest;
    }
}

/// Where a status stands in the source of its bullet.
fn place(document: &Document, span: Span, status: &str) -> Span {
    let source = span.text(document.text());
    match source.find(status).filter(|_| !status.starts_with('[')) {
        Some(at) => Span::new(span.start as usize + at, span.start as usize + at + status.len()),
        None => span,
    }
}
