use std::fmt;
use trueup_markdown::{Document, Kind, NodeId, SectionId, normalise_title};
use trueup_model::{PathIndex, SpecId, State, StatusWords, folder_of, ids_in, join, percent_decoded};
use trueup_text::Span;

/// An index: the parts of a file that list specs.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its parts, in the order of the file.
    pub parts: Vec<Part>,
}

/// A table or a list of specs.
#[derive(Clone, Debug)]
pub struct Part {
    /// The title of the heading that it stands under; empty without one.
    pub title: String,
    /// Where that heading stands, else the first row.
    pub span: Span,
    /// The states whose specs it lists; any where this is empty.
    pub states: Vec<State>,
    /// How it is written.
    pub form: Form,
    /// Its rows.
    pub rows: Vec<Row>,
    /// One byte past the line of its header or of its last row: where a row may follow.
    pub end: usize,
}

/// How a part is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// A table with these columns.
    Table(Vec<(Column, String)>),
    /// A list with this in front of each item.
    List(String),
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// The link to the spec, or its ID.
    Link,
    /// Its title.
    Title,
    /// The day on which it was created.
    Created,
    /// Its status.
    Status,
    /// Something that people write.
    ByHand,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The whole line or lines, with the line ending.
    pub line: Span,
    /// Its first line without white space around it.
    pub span: Span,
    /// The link's text.
    pub text: String,
    /// Where the link leads, from the root; none where it leads out of the repository or is no path.
    pub target: Option<String>,
    /// The link's target as written, without its fragment.
    pub target_span: Option<Span>,
    /// The ID in its text or its target.
    pub id: Option<SpecId>,
    /// Its cells; the whole item for a list.
    pub cells: Vec<Span>,
}

/// What a reader of an index knows of the files that rows lead to.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// Whether a path is that of a spec.
    pub is_spec: &'a dyn Fn(&str) -> bool,
    /// Whether a path lies where specs lie.
    pub among_specs: &'a dyn Fn(&str) -> bool,
    /// Every path of the repository.
    pub paths: &'a PathIndex,
}

impl fmt::Debug for Files<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Files").field("paths", self.paths).finish_non_exhaustive()
    }
}

/// What a row says of the part that it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It leads to a spec, or to a file that is gone and was called like one.
    Spec,
    /// It leads to a file that is gone from among the specs: a spec once, or a slip of the pen.
    Gone,
    /// It leads to a file that is gone from elsewhere, which tells nothing.
    Nothing,
    /// It leads to something that is no spec, or nowhere.
    Other,
}

/// Reads an index; none where the file lists no specs. `set_parts` gives the states of a part by its
/// heading, before its own words are asked.
pub fn read_index(
    path: &str,
    document: &Document,
    words: &StatusWords,
    set_parts: &dyn Fn(&str) -> Option<Vec<State>>,
    files: Files<'_>,
) -> Option<Index> {
    let mut parts: Vec<Part> = Vec::new();
    let mut certain = false;
    for block in document.blocks() {
        let part = match document.kind(block) {
            Kind::Table => table(path, document, block),
            Kind::List { .. } => list(path, document, block),
            _ => None,
        };
        let Some(mut part) = part else { continue };
        let signs: Vec<Sign> = part.rows.iter().map(|row| sign(row, files)).collect();
        if !lists_specs(&signs) {
            continue;
        }
        certain |= signs.contains(&Sign::Spec);
        if let Some((title, span)) = heading_over(document, block) {
            part.states = set_parts(&title).unwrap_or_else(|| states_of(&title, words));
            part.title = title;
            part.span = span;
        }
        parts.push(part);
    }
    // Rows that lead to nothing make an index only where others lead to a spec.
    certain.then_some(Index { parts })
}

fn sign(row: &Row, files: Files<'_>) -> Sign {
    match row.target.as_deref() {
        Some(target) if (files.is_spec)(target) => Sign::Spec,
        Some(target) if files.paths.contains(target) => Sign::Other,
        Some(_) if row.id.is_some() => Sign::Spec,
        Some(target) if !is_markdown(target) => Sign::Other,
        Some(target) if (files.among_specs)(target) && !is_about_a_folder(target) => Sign::Gone,
        Some(_) => Sign::Nothing,
        None if row.id.is_some() => Sign::Spec,
        None => Sign::Other,
    }
}

/// Whether more rows lead to specs than to anything else. How many they are does not count, or a part of two
/// rows would be none as soon as one of them broke.
fn lists_specs(signs: &[Sign]) -> bool {
    let count = |wanted: &[Sign]| signs.iter().filter(|sign| wanted.contains(sign)).count();
    count(&[Sign::Spec, Sign::Gone]) > count(&[Sign::Other])
}

fn is_markdown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "md" | "markdown" | "mdx"))
}

/// Whether a file speaks of its folder and is hardly a spec of its own.
fn is_about_a_folder(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    matches!(stem, "readme" | "index" | "license" | "agents" | "claude" | "contributing" | "changelog")
}

fn heading_over(document: &Document, block: NodeId) -> Option<(String, Span)> {
    let offset = document.span(block).start;
    let sections = document.sections();
    let after = sections.partition_point(|s| s.span.start <= offset);
    let section = document.section(SectionId(after.checked_sub(1)? as u32));
    Some((section.title.clone(), section.title_span))
}

/// The states that a heading's words name.
fn states_of(title: &str, words: &StatusWords) -> Vec<State> {
    let core = normalise_title(title).core;
    let has = |list: &[&str]| core.split(' ').any(|word| list.contains(&word));
    // "Not implemented yet" and "pending implementation" name what is still to be built.
    let negated = has(&["not", "pending", "awaiting", "unimplemented", "before", "until", "ready"]);
    if !negated && has(&["implemented", "done", "completed", "shipped", "delivered", "released", "built"]) {
        return vec![State::Implemented];
    }
    if has(&[
        "superseded",
        "archived",
        "archive",
        "deprecated",
        "withdrawn",
        "rejected",
        "obsolete",
        "retired",
        "replaced",
    ]) {
        return vec![State::Superseded];
    }
    if has(&["parked", "deferred", "hold", "postponed"]) {
        return vec![State::Parked];
    }
    if negated || has(&["planned", "proposed", "upcoming", "backlog", "unimplemented", "future"]) {
        return vec![State::Draft, State::InReview, State::Accepted];
    }
    if has(&["draft", "drafts"]) {
        return vec![State::Draft];
    }
    if has(&["accepted", "approved"]) {
        return vec![State::Accepted];
    }
    if has(&["progress", "active", "ongoing", "open"]) {
        return vec![State::Draft, State::InReview, State::Accepted];
    }
    // A team's own words, where the heading is nothing but one.
    let bare = core.trim_end_matches(" specs").trim_end_matches(" specifications");
    words.state_of(bare).filter(|_| bare.split(' ').count() <= 3).into_iter().collect()
}

fn table(path: &str, document: &Document, table: NodeId) -> Option<Part> {
    let rows = document.table_rows(table);
    let (header, body) = rows.split_first()?;
    let text = document.text();
    let columns: Vec<(Column, String)> =
        header.cells.iter().map(|cell| (column_of(cell.text(text)), cell.text(text).to_owned())).collect();
    let nodes: Vec<NodeId> =
        document.children(table).filter(|row| matches!(document.kind(*row), Kind::Row { .. })).collect();
    let mut out = Vec::new();
    for (row, node) in body.iter().zip(nodes.into_iter().skip(1)) {
        let line = whole_lines(text, row.line);
        let mut found = linked_row(path, document, node, &columns);
        if found.id.is_none() {
            let linked =
                columns.iter().position(|(c, _)| *c == Column::Link).and_then(|at| row.cells.get(at));
            found.id = linked.and_then(|cell| only_id(cell.text(text)));
        }
        out.push(Row { line, span: row.line.trimmed(text), cells: row.cells.clone(), ..found });
    }
    // A table's span ends with its last row; without rows, with the line under the header.
    let end = whole_lines(text, document.span(table).trimmed(text)).range().end;
    let span = document.span(table);
    Some(Part { title: String::new(), span, states: Vec::new(), form: Form::Table(columns), rows: out, end })
}

/// The row of a table by its link, if that stands where a row says what it is about: in the
/// first column or in the one for it. A spec that another column names is not what the row lists.
fn linked_row(path: &str, document: &Document, row: NodeId, columns: &[(Column, String)]) -> Row {
    let cells: Vec<NodeId> = document.children(row).collect();
    let about = columns.iter().position(|(column, _)| *column == Column::Link);
    let title = columns.iter().position(|(column, _)| *column == Column::Title);
    let places = [Some(0), about, title].into_iter().flatten().filter_map(|at| cells.get(at));
    let found = places.map(|cell| first_link(path, document, *cell));
    found.into_iter().find(|row| row.target.is_some()).unwrap_or_else(no_link)
}

fn no_link() -> Row {
    Row {
        line: Span::default(),
        span: Span::default(),
        text: String::new(),
        target: None,
        target_span: None,
        id: None,
        cells: Vec::new(),
    }
}

/// The ID in a cell that names one spec.
fn only_id(text: &str) -> Option<SpecId> {
    let mut ids = ids_in(text).into_iter();
    match (ids.next(), ids.next()) {
        (Some((_, id)), None) => Some(id),
        _ => None,
    }
}

fn column_of(header: &str) -> Column {
    let core = normalise_title(header).core;
    match core.as_str() {
        "spec" | "specs" | "id" | "spec id" | "file" | "link" | "document" | "specification" | "number"
        | "no" => Column::Link,
        "title" | "name" => Column::Title,
        "date" | "created" | "created on" => Column::Created,
        "status" | "state" => Column::Status,
        _ => Column::ByHand,
    }
}

fn list(path: &str, document: &Document, list: NodeId) -> Option<Part> {
    let text = document.text();
    let mut rows = Vec::new();
    let mut form = None;
    for item in document.children(list) {
        let span = document.span(item).trimmed(text);
        let line = whole_lines(text, span);
        form.get_or_insert_with(|| Form::List(list_marker(span.text(text))));
        // The item's own words, not those of a list below it.
        let own = document.children(item).find(|n| document.kind(*n).is_leaf_block()).unwrap_or(item);
        let found = first_link(path, document, own);
        let found = if leads(text, span, &found) { found } else { no_link() };
        rows.push(Row { line, span, cells: vec![span], ..found });
    }
    let end = whole_lines(text, document.span(list).trimmed(text)).range().end;
    let form = form.unwrap_or_else(|| Form::List("- ".to_owned()));
    Some(Part { title: String::new(), span: document.span(list), states: Vec::new(), form, rows, end })
}

/// What stands in front of the items of a list.
fn list_marker(item: &str) -> String {
    let own = marker_of(item);
    if own.is_empty() { "- ".to_owned() } else { own.to_owned() }
}

/// What an item of a list begins with, the space behind it included: `- `, `12. `. Emphasis behind it is the
/// item's own.
pub(crate) fn marker_of(item: &str) -> &str {
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    let sign = item.get(digits..).and_then(|rest| rest.chars().next());
    if !sign.is_some_and(|c| if digits > 0 { matches!(c, '.' | ')') } else { matches!(c, '-' | '*' | '+') }) {
        return "";
    }
    let blanks = item.bytes().skip(digits + 1).take_while(|b| matches!(b, b' ' | b'\t')).count();
    item.get(..digits + 1 + blanks).filter(|_| blanks > 0).unwrap_or("")
}

/// Whether an item begins with its link, marks, a check box and emphasis aside. A sentence that names a spec
/// on its way lists nothing.
fn leads(text: &str, item: Span, row: &Row) -> bool {
    let Some(target) = row.target_span else { return false };
    let front = text.get(item.start as usize..target.start as usize).unwrap_or("");
    let front = front.rsplit_once('[').map_or(front, |(front, _)| front);
    front.chars().filter(|c| c.is_alphanumeric()).count() <= 3
}

/// The first link below a node; a row without one has none of its fields.
fn first_link(path: &str, document: &Document, node: NodeId) -> Row {
    let mut row = no_link();
    let link = document.descendants(node).find_map(|n| match document.kind(n) {
        Kind::Link(number) => Some((n, document.link(number))),
        _ => None,
    });
    let Some((node, link)) = link else { return row };
    row.text = document.plain(node).trim().to_owned();
    let bare = link.target.split(['#', '?']).next().unwrap_or("");
    if !bare.is_empty() && !bare.contains("://") && !bare.starts_with("mailto:") {
        let decoded = percent_decoded(bare);
        row.target = match decoded.strip_prefix('/') {
            Some(from_root) => Some(from_root.to_owned()),
            None => join(folder_of(path), &decoded),
        };
        row.target_span = link.target_span.map(|span| {
            let written = span.text(document.text());
            let end = written.find(['#', '?']).unwrap_or(written.len());
            Span::new(span.start as usize, span.start as usize + end)
        });
    }
    let file = row.target.as_deref().and_then(|t| SpecId::of_file_name(trueup_model::base_name(t)));
    row.id = file.or_else(|| only_id(&row.text));
    row
}

/// A span grown to whole lines, the last line ending included.
fn whole_lines(text: &str, span: Span) -> Span {
    let start = text.get(..span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let end = span.end as usize;
    let end = text.get(end..).and_then(|t| t.find('\n')).map_or(text.len(), |at| end + at + 1);
    Span::new(start, end)
}
