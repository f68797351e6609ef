//! What the first lines of a spec and its history tell, read without the rest: a board of ten thousand specs
//! has no time for more.

use crate::date::{Date, find_dates};
use crate::settings::Settings;
use crate::spec::{HeaderField, Sidecar, created_on, header_fields, state_of};
use crate::state::{State, StateFact};
use crate::status::StatusWords;
use trueup_markdown::{Document, SectionId, normalise_title};
use trueup_template::{Schema, kind_of_title};
use trueup_text::Span;

/// Sections at the beginning of a file that may hold the status.
const HEAD_SECTIONS: usize = 5;
/// The longest beginning that is read, in bytes.
const HEAD_BYTES: usize = 16 * 1024;
/// Headings from the end of a file among which the history is looked for.
const LAST_HEADINGS: usize = 40;

/// A spec at a glance.
#[derive(Clone, Debug)]
pub struct Glance {
    /// Its state.
    pub state: StateFact,
    /// The day on which it was created: the header's, else the file name's.
    pub created: Option<Date>,
    /// The day of the latest entry of its history that names its state.
    pub since: Option<Date>,
    /// Its title as written; empty where there is none.
    pub title: String,
    /// The fields of its header.
    pub header: Vec<HeaderField>,
}

/// Reads the beginning of a file and its history. Of several specs in one file only the first is seen.
pub fn glance(
    path: &str,
    text: &str,
    schema: &Schema,
    settings: &Settings,
    sidecar: Option<&Sidecar>,
) -> Glance {
    let mut front = Front::read(front_of(text), sidecar);
    if !front.is_enough() {
        front = Front::read(head_of(text), sidecar);
    }
    let Front { title, header, .. } = front;
    let state = state_of(path, &header, schema, settings);
    let created = created_on(&header, path);
    let since = since(text, state.state, &settings.status_words);
    Glance { state, created, since, title, header }
}

/// What stands above the first section of a file.
struct Front {
    title: String,
    header: Vec<HeaderField>,
    /// Whether a section below the title was seen, so that nothing of the header can follow.
    ended: bool,
}

impl Front {
    fn read(text: &str, sidecar: Option<&Sidecar>) -> Front {
        let document = Document::parse(text);
        let title = document.sections().first().filter(|s| s.level == 1).map(|_| SectionId(0));
        let header = header_fields(&document, Span::new(0, text.len()), title, sidecar);
        let ended = document.sections().len() > usize::from(title.is_some());
        let title = title.map(|id| document.section(id).title.clone()).unwrap_or_default();
        Front { title, header, ended }
    }

    /// Whether no section has to be looked into for the status.
    fn is_enough(&self) -> bool {
        self.ended && self.header.iter().any(|field| field.normal == "status")
    }
}

/// The beginning of a text with its first two headings, where nearly all headers end.
fn front_of(text: &str) -> &str {
    let headings = text.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some((line, *end))
    });
    let second = headings.filter(|(line, _)| line.starts_with('#')).nth(1);
    match second {
        Some((_, end)) if end <= HEAD_BYTES => text.get(..end).unwrap_or(text),
        _ => head_of(text),
    }
}

/// The beginning of a text up to its sixth heading.
fn head_of(text: &str) -> &str {
    let mut headings = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('#') {
            headings += 1;
        }
        if headings > HEAD_SECTIONS || at > HEAD_BYTES {
            break;
        }
        at += line.len();
    }
    text.get(..at).unwrap_or(text)
}

/// The last day on which the history says that the spec came to a state.
fn since(text: &str, state: State, words: &StatusWords) -> Option<Date> {
    let mut current: Option<Date> = None;
    let mut found: Option<Date> = None;
    for line in history(text)?.lines() {
        let bare = line.trim_start_matches(['#', '-', '*', '+', '|', ' ', '\t', '[', '>']);
        let mut said = bare;
        if let Some(date) = find_dates(bare).into_iter().next().filter(|d| d.start < 40) {
            current = date.date;
            said = bare.get(date.end..).unwrap_or("");
        }
        // A time of day and marks stand between the date and the words.
        let said = said.trim_start_matches(|c: char| !c.is_alphabetic());
        if current.is_some() && current > found && words.state_of(said) == Some(state) {
            found = current;
        }
    }
    found
}

/// The section with the history, without a parse: it is looked for from the end.
fn history(text: &str) -> Option<&str> {
    let mut ends: [usize; 7] = [text.len(); 7];
    for (newline, _) in text.rmatch_indices("\n#").take(LAST_HEADINGS) {
        let start = newline + 1;
        let line = text.get(start..)?.lines().next().unwrap_or("");
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let title = line.get(level..).unwrap_or("");
        if level > 6 || !title.starts_with([' ', '\t']) {
            continue;
        }
        if kind_of_title(&normalise_title(title.trim()).core) == Some("changelog") {
            // It ends where a heading of its own level or above begins.
            let end = ends.iter().take(level + 1).copied().min().unwrap_or(text.len());
            return text.get(start..end);
        }
        if let Some(end) = ends.get_mut(level) {
            *end = start;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let glance = glance("specs/2026-01-02-a.md", text, &Schema::default(), &Settings::default(), None);
        let day = |date: Option<Date>| date.map_or("-".to_owned(), |d| d.to_string());
        let told = format!(
            "{} | {} | created {} | since {}",
            glance.title,
            glance.state.state,
            day(glance.created),
            day(glance.since)
        );
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn state_and_age_are_seen_without_the_rest() {
        check(
            "# A\n\n**Status:** Accepted\n\n## Overview\nx\n\n## 14) Version history\n\n- 2026-01-02 10:00: Draft created  \n- 2026-02-03: Accepted (MVP)\n\n---\n",
            "A | Accepted | created 2026-01-02 | since 2026-02-03",
        );
        check(
            "# A\n\n## Status\n\nDraft\n\n## Changelog\n### 2026-03-04\n- Implemented\n### 2026-01-05\n- Draft\n\n## Notes\n- 2026-09-09: Draft\n",
            "A | Draft | created 2026-01-02 | since 2026-01-05",
        );
        check(
            "---\nstatus: Final\n---\n# A\n\n## History\n\n| Date | What |\n|---|---|\n| 2026-03-01 | Final |\n",
            "A | Implemented | created 2026-01-02 | since 2026-03-01",
        );
        check("no heading", " | In review | created 2026-01-02 | since -");
        check("", " | In review | created 2026-01-02 | since -");
    }
}
