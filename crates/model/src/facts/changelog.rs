//! The changelog or version history of the spec itself.

use super::item::is_unfilled;
use super::reader::Reader;
use super::support::{Grid, GridRow, Text, list_items};
use crate::date::{Date, DateMatch, find_dates};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::Span;

/// An entry of the changelog or version history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeEntry {
    /// Its day.
    pub date: Option<Date>,
    /// The heading, cell or lead of the bullet as written (`Review — 2026-03-02`).
    pub label: String,
    /// What it says.
    pub text: String,
    /// Its heading, row or bullet.
    pub span: Span,
}

/// Reads the changelog.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<ChangeEntry> {
    let mut out = Vec::new();
    for section in reader.sections("changelog") {
        let before = out.len();
        let mut log = Log { reader, out: &mut out, open: None };
        log.blocks(section);
        let below = below(reader, section);
        let nested = !below.is_empty();
        for (part, top) in below {
            log.heading(part, top);
        }
        if !nested {
            log.siblings(section);
        }
        drop_asides(&mut out, before);
    }
    out
}

/// Among dated entries a bullet or heading without a date and a version is a remark, no entry.
fn drop_asides(out: &mut Vec<ChangeEntry>, from: usize) {
    if !out[from..].iter().any(|entry| entry.date.is_some()) {
        return;
    }
    let mut at = 0;
    out.retain(|entry| {
        let earlier = at < from;
        at += 1;
        let label = entry.label.to_lowercase();
        let versioned = label.contains(|c: char| c.is_ascii_digit())
            || label.contains("unreleased")
            || label.starts_with("review");
        earlier || entry.date.is_some() || versioned
    });
}

/// The sections below one with whether they stand on the highest level below it. An entry may have any
/// title, so what else a title could mean is not asked.
fn below(reader: &Reader<'_>, section: SectionId) -> Vec<(SectionId, bool)> {
    let document = reader.document;
    let span = document.section(section).span;
    let inside = (section.0 + 1..document.sections().len() as u32).map(SectionId).take_while(|id| {
        let start = document.section(*id).span.start;
        span.contains_offset(start) && reader.region.contains_offset(start)
    });
    inside.map(|id| (id, document.section(id).parent == Some(section))).collect()
}

struct Log<'r, 'a> {
    reader: &'r Reader<'a>,
    out: &'r mut Vec<ChangeEntry>,
    /// The entry whose heading or label the next blocks stand under.
    open: Option<usize>,
}

impl Log<'_, '_> {
    /// A heading below the changelog begins an entry; deeper ones belong to it unless they are dated.
    fn heading(&mut self, part: SectionId, top: bool) {
        let document = self.reader.document;
        let this = document.section(part);
        let date = first_date(&this.title);
        if !top && date.is_none() {
            if let Some(entry) = self.open_entry() {
                push_text(&mut entry.text, &this.title);
            }
            self.blocks_of_open(part);
            return;
        }
        self.open = None;
        let years = this.title.len() == 4 && this.title.bytes().all(|b| b.is_ascii_digit());
        if date.is_none() && (years || groups_entries(self.reader, part)) {
            self.blocks(part);
            return;
        }
        self.push(date, this.title.clone(), String::new(), this.title_span);
        self.blocks_of_open(part);
        self.open = None;
        self.open = self.out.len().checked_sub(1);
    }

    fn open_entry(&mut self) -> Option<&mut ChangeEntry> {
        let open = self.open?;
        self.out.get_mut(open)
    }

    /// All blocks under a heading are the text of its entry.
    fn blocks_of_open(&mut self, part: SectionId) {
        let document = self.reader.document;
        for block in self.reader.blocks(part) {
            let text = block_text(document, block);
            if let Some(entry) = self.open_entry() {
                push_text(&mut entry.text, &text);
            }
        }
    }

    /// Entries that stand directly below the title.
    fn blocks(&mut self, part: SectionId) {
        let document = self.reader.document;
        for block in self.reader.blocks(part) {
            match document.kind(block) {
                Kind::List { .. } => self.list(block),
                Kind::Table => self.table(block),
                Kind::Paragraph => self.paragraph(block),
                _ => {}
            }
        }
        self.open = None;
    }

    fn list(&mut self, list: NodeId) {
        let document = self.reader.document;
        let dated = list_items(document, list).any(|(_, p)| leading_date(&document.plain(p)).is_some());
        if self.open.is_some() && !dated {
            let text = block_text(document, list);
            if let Some(entry) = self.open_entry() {
                push_text(&mut entry.text, &text);
            }
            return;
        }
        for (item, paragraph) in list_items(document, list) {
            let text = Text::of(document, paragraph);
            if is_unfilled(&text.text) {
                continue;
            }
            let mut entry = entry_of(text);
            for more in document.children(item).skip_while(|n| *n != paragraph).skip(1) {
                push_text(&mut entry.text, &block_text(document, more));
            }
            self.out.push(entry);
        }
    }

    /// `**2026-03-02** — text` is an entry, with the list below it; other paragraphs only where an entry
    /// is open.
    fn paragraph(&mut self, paragraph: NodeId) {
        let document = self.reader.document;
        for line in lines_of(document, paragraph) {
            if leading_date(&line.text).is_some() {
                self.out.push(entry_of(line));
                self.open = Some(self.out.len() - 1);
            } else if let Some(entry) = self.open_entry() {
                push_text(&mut entry.text, &line.text);
            }
        }
    }

    fn table(&mut self, table: NodeId) {
        let document = self.reader.document;
        let grid = Grid::of(document, table);
        let date = grid.column(&["date", "when", "day", "datum", "dated"]);
        let version = grid.column(&["version", "rev", "revision", "ver", "v", "release"]);
        for row in &grid.rows {
            let cells: Vec<Text> = row.cells.iter().map(|c| Text::of(document, *c)).collect();
            if cells.iter().all(|c| is_unfilled(&c.text)) {
                continue;
            }
            self.row(&cells, row, date, version);
        }
    }

    fn row(&mut self, cells: &[Text], row: &GridRow, date: Option<usize>, version: Option<usize>) {
        let document = self.reader.document;
        let dated = |at: usize| cells.get(at).is_some_and(|c| first_date(&c.text).is_some());
        let found = date
            .filter(|at| dated(*at))
            .or_else(|| (0..cells.len()).find(|at| dated(*at) && cells[*at].text.len() < 40));
        let label_at = found.or(date).or(version).unwrap_or(0);
        let label = cells.get(label_at).map(|c| c.text.clone()).unwrap_or_default();
        let day = found.and_then(|at| cells.get(at)).and_then(|c| first_date(&c.text)).and_then(|d| d.date);
        let text = cells.iter().enumerate().filter(|(i, _)| *i != label_at).fold(
            String::new(),
            |mut all, (_, c)| {
                push_text(&mut all, &c.text);
                all
            },
        );
        self.out.push(ChangeEntry { date: day, label, text, span: document.span(row.node) });
    }

    /// Dated headings of the same rank right behind an empty changelog belong to it.
    fn siblings(&mut self, section: SectionId) {
        let document = self.reader.document;
        if self.reader.blocks(section).next().is_some() {
            return;
        }
        let level = document.section(section).level;
        for id in (section.0 + 1..document.sections().len() as u32).map(SectionId) {
            let this = document.section(id);
            let inside = self.reader.region.contains_offset(this.span.start);
            if !inside || this.level < level || this.level == level && leading_date(&this.title).is_none() {
                break;
            }
            self.heading(id, this.level == level);
        }
    }

    fn push(&mut self, date: Option<DateMatch>, label: String, text: String, span: Span) {
        self.out.push(ChangeEntry { date: date.and_then(|d| d.date), label, text, span });
        self.open = Some(self.out.len() - 1);
    }
}

/// Whether a heading without a date only groups dated entries ("Unreleased" does not, "Revisions" may).
fn groups_entries(reader: &Reader<'_>, part: SectionId) -> bool {
    let document = reader.document;
    let mut blocks = reader.blocks(part).peekable();
    blocks.peek().is_some()
        && blocks.all(|block| match document.kind(block) {
            Kind::List { .. } => {
                list_items(document, block).all(|(_, p)| leading_date(&document.plain(p)).is_some())
            }
            Kind::Table => Grid::of(document, block).column(&["date"]).is_some(),
            _ => false,
        })
}

fn first_date(text: &str) -> Option<DateMatch> {
    find_dates(text.get(..120).unwrap_or(text)).into_iter().next()
}

/// A date at the front, or behind a few words or a version (`v1.2 — 2026-03-02: …`).
fn leading_date(text: &str) -> Option<DateMatch> {
    let found = first_date(text)?;
    let before = &text[..found.start];
    let short =
        before.split_whitespace().count() <= 5 && !before.contains(['.', ';', '/']) || before.len() <= 12;
    let spec_name = text[found.end..].starts_with('-');
    (short && !spec_name).then_some(found)
}

/// A bullet or line as an entry: label up to the first mark behind the date, then the text.
fn entry_of(text: Text) -> ChangeEntry {
    let Some(found) = leading_date(&text.text) else {
        return ChangeEntry { date: None, label: String::new(), text: text.text, span: text.span };
    };
    let (label, said) = split_label(&text.text, found.end);
    ChangeEntry { date: found.date, label: label.to_owned(), text: said.to_owned(), span: text.span }
}

fn split_label(text: &str, date_end: usize) -> (&str, &str) {
    let behind = &text[date_end..];
    let mark = behind.char_indices().find(|(at, c)| {
        let spaced = behind[at + c.len_utf8()..].starts_with(char::is_whitespace)
            || behind[at + c.len_utf8()..].is_empty();
        matches!(c, '—' | '–') || matches!(c, ':' | '-' | '.') && spaced
    });
    let near = |at: usize| behind[..at].split_whitespace().count() <= 6;
    match mark.filter(|(at, _)| near(*at)) {
        Some((at, c)) => {
            let said = behind[at + c.len_utf8()..].trim_start_matches([' ', ':', '—', '–']);
            (text[..date_end + at].trim(), said.trim())
        }
        None => (
            text[..date_end].trim_start_matches(['(', '[']).trim(),
            behind.trim_start_matches([')', ']', ' ', ':']).trim(),
        ),
    }
}

fn lines_of(document: &Document, paragraph: NodeId) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    let mut fresh = true;
    for child in document.children(paragraph) {
        if document.kind(child) == Kind::Break {
            fresh = true;
            continue;
        }
        let said = document.plain(child);
        match out.last_mut().filter(|_| !fresh) {
            Some(line) => {
                line.text.push_str(&said);
                line.span = line.span.cover(document.span(child));
            }
            None => out.push(Text { text: said.into_owned(), span: document.span(child) }),
        }
        fresh = false;
    }
    for line in &mut out {
        line.text = line.text.trim().to_owned();
    }
    out
}

/// What a block says: paragraphs, bullets and cells, one after the other.
fn block_text(document: &Document, block: NodeId) -> String {
    if document.kind(block).is_leaf_block() {
        return document.plain(block).trim().to_owned();
    }
    let mut out = String::new();
    for node in document.descendants(block).filter(|n| document.kind(*n).is_leaf_block()) {
        push_text(&mut out, &document.plain(node));
    }
    out
}

fn push_text(out: &mut String, more: &str) {
    let more = more.trim();
    if !out.is_empty() && !more.is_empty() {
        out.push('\n');
    }
    out.push_str(more);
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(body: &str, expected: &[&str]) {
        let found = facts_of(&format!("# T\n\n{body}"), "").changelog;
        let found: Vec<String> = found
            .iter()
            .map(|e| {
                let date = e.date.map_or("-".to_owned(), |d| d.to_string());
                format!("{date} | {} | {}", e.label, e.text.replace('\n', "; "))
            })
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn headings() {
        check(
            "## Changelog\n### 2026-03-02\n- a\n- b\n### 2026-03-01 (rev 2)\n#### Added\n- c\n",
            &["2026-03-02 | 2026-03-02 | a; b", "2026-03-01 | 2026-03-01 (rev 2) | Added; c"],
        );
        check(
            "## Changelog\n### Review — 2026-03-02\n- **Verdict**: Approved\n### Unreleased\nx\n",
            &["2026-03-02 | Review — 2026-03-02 | Verdict: Approved", "- | Unreleased | x"],
        );
        check("## Changelog\n### Summary — 2026-03-02\n- a\n", &["2026-03-02 | Summary — 2026-03-02 | a"]);
        check("## Changelog\n\n## 2026-03-02\n- a\n\n## API\n- b\n", &["2026-03-02 | 2026-03-02 | a"]);
        check("## Changelog\n### 2026\n- 2026-03-02: a\n", &["2026-03-02 | 2026-03-02 | a"]);
    }

    #[test]
    fn bullets_and_paragraphs() {
        check(
            "## 14) Version history\n\n- 2025-09-19 18:59: Draft created\n- 2025-09-20: Accepted (MVP)\n",
            &["2025-09-19 | 2025-09-19 18:59 | Draft created", "2025-09-20 | 2025-09-20 | Accepted (MVP)"],
        );
        check(
            "## Changelog\n- **2026-03-02** — a\n  - b\n- v1.1 (2026-03-01): c\n- a remark\n",
            &["2026-03-02 | 2026-03-02 | a; b", "2026-03-01 | v1.1 (2026-03-01) | c"],
        );
        check("## Changelog\n- Initial specification\n", &["- |  | Initial specification"]);
        check(
            "## Changelog\n\n**2026-03-02**\n- a\n\n**2026-03-01**: b\n",
            &["2026-03-02 | 2026-03-02 | a", "2026-03-01 | 2026-03-01 | b"],
        );
        check("## Changelog\n- <YYYY-MM-DD>\n- …\n", &[]);
    }

    #[test]
    fn tables() {
        check(
            "## Changelog\n| Date | Author | Change |\n|-|-|-|\n| 2026-03-02 | A | b |\n| | A | c |\n",
            &["2026-03-02 | 2026-03-02 | A; b"],
        );
        check(
            "## Revision history\n| Version | Date | Summary |\n|-|-|-|\n| 1.0 | 2026-03-02 | b |\n",
            &["2026-03-02 | 2026-03-02 | 1.0; b"],
        );
    }

    #[test]
    fn other_sections_have_none() {
        check("## Overview\n- 2026-03-02: a\n", &[]);
    }
}
