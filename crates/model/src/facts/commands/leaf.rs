//! IDs in a line of text: which of them are declared there.

use super::ids::{expand, is_camel, is_dotted};
use std::ops::Range;
use trueup_template::infer_words;

/// A label in front of a text and where the rest begins.
pub(super) struct Head {
    /// The label in comparable form, a note in brackets included.
    pub label: String,
    /// The label without its note.
    pub bare: String,
    /// The byte at which its value begins.
    pub value: usize,
    /// The label was only a sentence that ends with a colon.
    pub sentence: bool,
}

/// An ID with the words around it.
pub(super) struct Named {
    /// The ID.
    pub id: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it stands where something is declared.
    pub declared: bool,
    /// The words before it in its clause, in comparable form.
    pub before: String,
    /// The text behind it up to the next ID.
    pub after: Range<usize>,
}

/// `**Command**: …`, `**New commands** (note): …`, `Events emitted in phase 1:`, `- Reused commands:`.
pub(super) fn head(source: &str) -> Option<Head> {
    let lead = source.len() - source.trim_start().len();
    let bare = &source[lead..];
    if let Some(inner) = bare.strip_prefix("**").or_else(|| bare.strip_prefix("__")) {
        let close = inner.find(&bare[..2])?;
        let label = &inner[..close];
        let mut at = lead + 2 + close + 2;
        let mut said = label.to_owned();
        let spaced = source[at..].trim_start();
        if spaced.starts_with('(')
            && let Some(end) = closing(spaced)
        {
            let rest = spaced[end + 1..].trim_start();
            if rest.is_empty() || rest.starts_with(':') {
                said.push(' ');
                said.push_str(&spaced[1..end]);
                at = source.len() - spaced.len() + end + 1;
            }
        }
        let rest = &source[at..];
        let trimmed = rest.trim_start();
        let colon = trimmed.starts_with(':');
        if label.trim_end().ends_with([':', '.'])
            || colon
            || trimmed.is_empty()
            || trimmed.starts_with(['—', '–'])
        {
            let skip = rest.len() - trimmed.len() + usize::from(colon);
            return Some(Head { label: words(&said), bare: words(label), value: at + skip, sentence: false });
        }
        return None;
    }
    let end = bare.trim_end();
    if let Some(sentence) = end.strip_suffix(':')
        && (!sentence.contains('`') || sentence.trim_start().starts_with(|c: char| c.is_alphabetic()))
    {
        let first_colon = sentence.find(':');
        if first_colon.is_none() || !is_short(&sentence[..first_colon.unwrap_or(0)]) {
            let label = words(sentence);
            return Some(Head { bare: label.clone(), label, value: source.len(), sentence: true });
        }
    }
    let colon = bare.find(':')?;
    let label = &bare[..colon];
    let spaced = bare[colon + 1..].starts_with([' ', '\n']);
    (is_short(label) && spaced).then(|| {
        let label = words(label);
        Head { bare: label.clone(), label, value: lead + colon + 1, sentence: false }
    })
}

fn is_short(label: &str) -> bool {
    !label.contains('`') && label.len() <= 80 && label.split_whitespace().count() <= 7
}

/// Words of a label without code marks, brackets and punctuation.
fn words(label: &str) -> String {
    infer_words(label)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The IDs of a text in their order. `camel` lets `createOrder` be one.
pub(super) fn named(source: &str, camel: bool) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    let mut place = Place::default();
    let mut outer: Vec<Place> = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let width = c.len_utf8();
        match c {
            '`' => {
                let ticks = source[at..].len() - source[at..].trim_start_matches('`').len();
                let from = at + ticks;
                let Some(length) = source[from..].find('`') else { break };
                let inner = source[from..from + length].trim();
                place.code(inner, from..from + length, camel, &mut out);
                // The closing run may be shorter than the opening one.
                let rest = &source[from + length..];
                at = source.len() - rest.trim_start_matches('`').len();
                continue;
            }
            '(' => {
                outer.push(std::mem::replace(&mut place, Place { bracket: true, ..Place::default() }));
            }
            ')' => place = outer.pop().unwrap_or(place),
            ',' => place.slashed = false,
            '/' | '|' => place.slashed = place.chained,
            '&' | '+' | '·' | '•' | '*' | '_' | '~' => {}
            ';' => place.clause(false),
            '—' | '–' | '→' => place.clause(true),
            '-' if source[at + 1..].starts_with([' ', '>']) => place.clause(true),
            '.' if place.before.ends_with("e g ") || place.before.ends_with("i e ") => {}
            '.' if source[at + 1..].starts_with([' ', '\n']) || source[at + 1..].starts_with("**") => {
                place.clause(false)
            }
            ':' => place.colon(),
            _ if c.is_alphanumeric() => {
                let length = source[at..].find(|n: char| !n.is_alphanumeric()).unwrap_or(source.len() - at);
                place.word(&source[at..at + length]);
                at += length;
                continue;
            }
            _ => {}
        }
        at += width;
    }
    for index in 0..out.len() {
        let next = out.get(index + 1).map_or(source.len(), |n| n.range.start.saturating_sub(1));
        let from = (out[index].range.end + 1).min(source.len());
        out[index].after =
            if source.is_char_boundary(from) && from <= next { from..next } else { next..next };
    }
    out
}

#[derive(Default)]
struct Place {
    before: String,
    words: usize,
    /// Behind a dash: what was declared is explained there.
    explains: bool,
    /// Nothing but separators since the last ID.
    chained: bool,
    /// The last separator was a slash or a bar: a bare word goes on from the ID before.
    slashed: bool,
    bracket: bool,
    last: Option<String>,
}

impl Place {
    fn clause(&mut self, explains: bool) {
        self.explains = explains && self.last.is_some();
        self.before.clear();
        self.words = 0;
        self.chained = false;
    }

    fn colon(&mut self) {
        self.before.clear();
        self.words = 0;
        self.chained = false;
    }

    fn word(&mut self, word: &str) {
        if matches!(word, "and" | "or" | "plus") {
            return;
        }
        self.chained = false;
        self.words += 1;
        if self.before.len() < 80 {
            self.before.push_str(&word.to_lowercase());
            self.before.push(' ');
        }
    }

    fn code(&mut self, code: &str, range: Range<usize>, camel: bool, out: &mut Vec<Named>) {
        let mut ids = expand(code, self.last.as_deref(), self.chained && self.slashed);
        if ids.is_empty() && camel && is_camel(code) && self.words == 0 {
            ids.push(code.to_owned());
        }
        if ids.is_empty() {
            self.word("");
            return;
        }
        let near = self.words <= 4 && leads(&self.before);
        let declared = !self.bracket && (self.chained || near && !self.explains);
        for id in ids {
            if is_dotted(&id) {
                self.last = Some(id.clone());
            }
            let before = self.before.trim().to_owned();
            out.push(Named { id, range: range.clone(), declared, before, after: 0..0 });
        }
        self.chained = true;
        self.slashed = false;
        self.words = 0;
        self.before.clear();
    }
}

/// Whether words before an ID still declare it (`Leverages existing …`, `The new …`).
fn leads(before: &str) -> bool {
    const LEADS: &[&str] = &[
        "the",
        "new",
        "existing",
        "reuse",
        "reuses",
        "reused",
        "leverages",
        "modified",
        "extend",
        "extends",
        "extended",
        "add",
        "adds",
        "added",
        "emit",
        "emits",
        "event",
        "events",
        "command",
        "commands",
        "all",
        "via",
        "additive",
        "also",
        "optional",
        "a",
        "an",
        "use",
        "uses",
        "modify",
        "modifies",
        "each",
        "id",
        "ids",
    ];
    before
        .split(' ')
        .filter(|w| !w.is_empty())
        .all(|w| LEADS.contains(&w) || w.bytes().all(|b| b.is_ascii_digit()))
}
