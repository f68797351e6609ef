//! A line in the version history or changelog of a spec, in the notation that stands there.

use crate::header::newline_of;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_model::{ChangeEntry, Date, Spec, State, StatusWords, find_dates};
use trueup_template::tokens_in;
use trueup_text::{Edit, Span};

/// What is to be written.
#[derive(Clone, Debug)]
pub struct HistoryEntry<'a> {
    /// The day.
    pub date: Date,
    /// What happened: `Accepted (evidence 3f9c0a12d3e4)`.
    pub text: String,
    /// The state that it leads to, for tables with a column for it.
    pub word: String,
    /// Who did it, for tables with a column for it.
    pub by: &'a str,
}

/// Adds an entry; none where the spec has no such section.
pub fn history_edit(
    document: &Document,
    spec: &Spec,
    words: &StatusWords,
    to: State,
    entry: &HistoryEntry<'_>,
) -> Option<Edit> {
    let section = section_of(document, spec)?;
    if let Some(open) = open_entry(document, spec, words, to) {
        return Some(filled(document, &open, entry));
    }
    let dated: Vec<&ChangeEntry> = spec.facts.changelog.iter().filter(|e| e.date.is_some()).collect();
    let newest_first = match (dated.first().and_then(|e| e.date), dated.last().and_then(|e| e.date)) {
        (Some(first), Some(last)) => first > last,
        _ => false,
    };
    let model = if newest_first { dated.first() } else { dated.last() };
    let Some(model) = model else { return Some(first_entry(document, section, entry)) };
    let at = document.block_at(model.span.start);
    let around: Vec<NodeId> = std::iter::once(at).chain(document.ancestors(at)).collect();
    let of = |wanted: fn(Kind) -> bool| around.iter().copied().find(|node| wanted(document.kind(*node)));
    if let Some(row) = of(|kind| matches!(kind, Kind::Row { .. })) {
        return row_edit(document, row, newest_first, entry);
    }
    if let Some(item) = of(|kind| matches!(kind, Kind::Item(_))) {
        return Some(item_edit(document, item, newest_first, entry));
    }
    let heading = (0..document.sections().len() as u32)
        .map(SectionId)
        .find(|id| document.section(*id).title_span.start == model.span.start);
    match heading {
        Some(heading) => Some(heading_edit(document, heading, model.date, newest_first, entry)),
        None => Some(paragraph_edit(document, at, model, newest_first, entry)),
    }
}

/// The section that holds the history.
fn section_of(document: &Document, spec: &Spec) -> Option<SectionId> {
    let told = spec.facts.sections.iter().filter(|s| s.kind.as_deref() == Some("changelog"));
    let start = told.filter_map(|s| s.span).map(|span| span.start).next()?;
    let after = document.sections().partition_point(|s| s.span.start <= start);
    after.checked_sub(1).map(|at| SectionId(at as u32))
}

/// An entry that the template foresees, without its date yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenEntry {
    /// The placeholder of the date.
    pub date: Span,
    /// The whole text.
    pub text: Span,
}

/// The entry for a state that waits for its date (`- <YYYY-MM-DD>: Accepted (MVP)`).
pub fn open_entry(document: &Document, spec: &Spec, words: &StatusWords, to: State) -> Option<OpenEntry> {
    open_entries(document, spec).into_iter().find(|open| {
        let behind = Span::new(open.date.end as usize, open.text.end as usize).text(document.text());
        words.state_of(behind.trim_start_matches(|c: char| !c.is_alphanumeric())) == Some(to)
    })
}

/// All entries that wait for their dates.
fn open_entries(document: &Document, spec: &Spec) -> Vec<OpenEntry> {
    let Some(section) = section_of(document, spec) else { return Vec::new() };
    let span = document.section(section).span;
    let inside = document.descendants(document.root()).filter(|n| span.contains(document.span(*n)));
    let paragraphs = inside.filter(|n| matches!(document.kind(*n), Kind::Paragraph));
    let of = |node: NodeId| {
        let text = document.content_span(node);
        let source = text.text(document.text());
        let token = tokens_in(source).into_iter().find(|t| t.range.start < 8).map(|t| t.range);
        let range = entity_token(source).or(token)?;
        let inner = source.get(range.clone())?.to_lowercase();
        let dated = inner.contains("yyyy") || inner.contains("date");
        dated.then(|| OpenEntry { date: Span::from(range).shifted(text.start as usize), text })
    };
    paragraphs.filter_map(of).collect()
}

/// `&lt;YYYY-MM-DD&gt;`
fn entity_token(source: &str) -> Option<std::ops::Range<usize>> {
    let start = source.find("&lt;").filter(|at| *at < 8)?;
    let end = source.get(start..)?.find("&gt;")?;
    Some(start..start + end + 4)
}

/// The words of the entry stay; its date is set, and what is behind the state's word is added.
fn filled(document: &Document, open: &OpenEntry, entry: &HistoryEntry<'_>) -> Edit {
    let text = document.text();
    let rest = Span::new(open.date.end as usize, open.text.end as usize).text(text).trim_end();
    // The evidence, without the word that stands there already.
    let remark = entry.text.strip_prefix(entry.word.as_str()).unwrap_or(entry.text.as_str());
    let end = open.date.end as usize + rest.len();
    Edit::replace(Span::new(open.date.start as usize, end), format!("{}{rest}{remark}", entry.date))
}

/// The first entry of a history that is empty.
fn first_entry(document: &Document, section: SectionId, entry: &HistoryEntry<'_>) -> Edit {
    let heading = document.section(section).heading;
    let text = document.text();
    let span = document.span(heading);
    let at = span.start as usize + span.text(text).trim_end().len();
    let newline = newline_of(text);
    Edit::replace(Span::at(at), format!("{newline}{newline}- {}: {}", entry.date, entry.text))
}

/// The line that holds a place: its start and its end without the newline.
fn line_at(text: &str, at: usize) -> (usize, usize) {
    let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
    let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |n| at + n);
    let end = if end > start && text.as_bytes().get(end - 1) == Some(&b'\r') { end - 1 } else { end };
    (start, end.max(at))
}

/// A line or block put behind another one or in front of it.
fn beside(text: &str, span: Span, in_front: bool, new: &str, between: &str) -> Edit {
    let start = line_at(text, span.start as usize).0;
    let inner = span.text(text).trim_end();
    let end = line_at(text, span.start as usize + inner.len()).1;
    match in_front {
        true => Edit::replace(Span::at(start), format!("{new}{between}")),
        false => Edit::replace(Span::at(end), format!("{between}{new}")),
    }
}

/// What stands around the date of a line: marks in front of it, and marks up to the words.
struct Dress {
    before: String,
    between: String,
}

fn dress_of(source: &str) -> Dress {
    let Some(date) = find_dates(source).into_iter().next() else {
        return Dress { before: String::new(), between: ": ".to_owned() };
    };
    let before = source.get(..date.start).unwrap_or("");
    let before = if before.contains(char::is_alphanumeric) { "" } else { before };
    let behind = source.get(date.end..).unwrap_or("");
    let line = behind.lines().next().unwrap_or("");
    let line = without_time(line);
    let marks =
        line.len() - line.trim_start_matches(|c: char| !c.is_alphanumeric() && !"`\"“<&".contains(c)).len();
    let between = line.get(..marks).unwrap_or("");
    let unbalanced = before.is_empty() && between.contains(['*', '_', ']', ')']);
    let between = match between.trim().is_empty() || unbalanced {
        true => ": ",
        false => between,
    };
    Dress { before: before.to_owned(), between: between.to_owned() }
}

/// What follows a time of day (`18:59`, `T18:59:03Z`): that belongs to one entry alone.
fn without_time(line: &str) -> &str {
    let bare = line.trim_start().trim_start_matches('T');
    let mut rest = bare;
    let mut parts = 0;
    while parts < 3 {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits != 2 {
            break;
        }
        parts += 1;
        rest = rest.get(digits..).unwrap_or("");
        match rest.strip_prefix(':').filter(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) => rest = next,
            None => break,
        }
    }
    if parts >= 2 { rest.trim_start_matches('Z') } else { line }
}

fn item_edit(document: &Document, item: NodeId, newest_first: bool, entry: &HistoryEntry<'_>) -> Edit {
    let text = document.text();
    let span = document.span(item);
    let start = span.start as usize;
    let (line_start, line_end) = line_at(text, start);
    let source = text.get(start..line_end).unwrap_or("");
    let marker = source.len() - source.trim_start_matches(|c: char| !c.is_whitespace()).len();
    let lead = source.get(..marker).unwrap_or("-");
    let space = source.get(marker..).unwrap_or("");
    let space = &space[..space.len() - space.trim_start().len()];
    let space = if space.is_empty() { " " } else { space };
    let dress = dress_of(source.get(marker + space.len()..).unwrap_or(""));
    let indent = text.get(line_start..start).unwrap_or("");
    let tail = if source.ends_with("  ") { "  " } else { "" };
    let Dress { before, between } = dress;
    let new = format!(
        "{indent}{}{space}{before}{}{between}{}{tail}",
        next_marker(lead, newest_first),
        entry.date,
        entry.text
    );
    beside(text, span, newest_first, &new, newline_of(text))
}

/// The marker behind another one: numbers are counted on.
fn next_marker(marker: &str, newest_first: bool) -> String {
    let digits = marker.trim_end_matches(['.', ')']);
    match digits.parse::<u64>() {
        Ok(number) if !newest_first => {
            format!("{}{}", number.saturating_add(1), marker.get(digits.len()..).unwrap_or("."))
        }
        _ => marker.to_owned(),
    }
}

fn row_edit(document: &Document, row: NodeId, newest_first: bool, entry: &HistoryEntry<'_>) -> Option<Edit> {
    let text = document.text();
    let table = document.parent(row)?;
    let header = document.children(table).next()?;
    let names: Vec<String> =
        document.children(header).map(|c| document.plain(c).trim().to_lowercase()).collect();
    let cells: Vec<String> = document
        .children(row)
        .map(|c| document.source(c).trim().trim_matches('|').trim().to_owned())
        .collect();
    let has = |name: &str, words: &[&str]| {
        words.iter().any(|word| name.split(|c: char| !c.is_alphanumeric()).any(|n| n == *word))
    };
    let date_at = names
        .iter()
        .position(|n| has(n, &["date", "when", "day", "dated"]))
        .or_else(|| cells.iter().position(|c| !find_dates(c).is_empty()))?;
    let mut told = false;
    let mut new = Vec::new();
    for (at, name) in names.iter().enumerate() {
        new.push(if at == date_at {
            entry.date.to_string()
        } else if has(name, &["author", "by", "who", "owner", "name", "editor"]) {
            entry.by.to_owned()
        } else if has(name, &["version", "rev", "revision", "ver"]) {
            cells.get(at).cloned().unwrap_or_default()
        } else if has(name, &["status", "state"]) && names.len() > 2 {
            entry.word.clone()
        } else if !told {
            told = true;
            entry.text.clone()
        } else {
            String::new()
        });
    }
    let escaped: Vec<String> = new.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let line = format!("| {} |", escaped.join(" | "));
    Some(beside(text, document.span(row), newest_first, &line, newline_of(text)))
}

fn heading_edit(
    document: &Document,
    id: SectionId,
    date: Option<Date>,
    newest_first: bool,
    entry: &HistoryEntry<'_>,
) -> Edit {
    let text = document.text();
    let newline = newline_of(text);
    let section = document.section(id);
    let lists: Vec<NodeId> =
        section.blocks(document).filter(|b| matches!(document.kind(*b), Kind::List { .. })).collect();
    let bullet = lists.first().map_or("-", |list| match document.source(*list).trim_start().chars().next() {
        Some('*') => "*",
        Some('+') => "+",
        _ => "-",
    });
    let body = Span::new(section.span.start as usize, section.span.end as usize);
    let body = without_rule(text, body);
    if date == Some(entry.date) {
        let last = lists.last().and_then(|list| document.children(*list).last());
        let line = format!("{bullet} {}", entry.text);
        return match last {
            Some(item) => beside(text, document.span(item), false, &line, newline),
            None => beside(text, body, false, &line, &format!("{newline}{newline}")),
        };
    }
    let title = section.title_span.text(text);
    let heading = document.span(section.heading).text(text);
    let hashes = heading.len() - heading.trim_start_matches('#').len();
    let hashes = if hashes == 0 { usize::from(section.level) } else { hashes };
    let bracketed = title.trim_start().starts_with('[') && !title.contains("](");
    let day = if bracketed { format!("[{}]", entry.date) } else { entry.date.to_string() };
    let heading_end = section.title_span.end as usize;
    let behind = text.get(line_at(text, heading_end).1..body.end as usize).unwrap_or("");
    let blank = behind
        .trim_start_matches([' ', '\r'])
        .strip_prefix('\n')
        .is_some_and(|rest| rest.trim_start_matches([' ', '\r']).starts_with('\n'));
    let gap = if blank { newline } else { "" };
    let new = format!("{} {day}{newline}{gap}{bullet} {}", "#".repeat(hashes), entry.text);
    beside(text, body, newest_first, &new, &format!("{newline}{newline}"))
}

/// A rule at the end of a section parts it from the next one.
fn without_rule(text: &str, span: Span) -> Span {
    let source = span.text(text).trim_end();
    let kept = source.trim_end_matches(['-', '*', '_']);
    let cut = source.len() - kept.len() >= 3 && kept.ends_with('\n');
    let length = if cut { kept.trim_end().len() } else { source.len() };
    Span::new(span.start as usize, span.start as usize + length)
}

fn paragraph_edit(
    document: &Document,
    block: NodeId,
    model: &ChangeEntry,
    newest_first: bool,
    entry: &HistoryEntry<'_>,
) -> Edit {
    let text = document.text();
    let newline = newline_of(text);
    let (line_start, line_end) = line_at(text, model.span.start as usize);
    let dress = dress_of(text.get(line_start..line_end).unwrap_or(""));
    let new = format!("{}{}{}{}", dress.before, entry.date, dress.between, entry.text);
    // Below the paragraph may stand a list that belongs to it.
    let parent = document.parent(block);
    let next = parent.and_then(|parent| document.children(parent).skip_while(|n| *n != block).nth(1));
    let end = next.filter(|n| matches!(document.kind(*n), Kind::List { .. })).unwrap_or(block);
    let span = match newest_first {
        true => document.span(block),
        false => document.span(end),
    };
    beside(text, span, newest_first, &new, &format!("{newline}{newline}"))
}

#[cfg(test)]
mod tests;
