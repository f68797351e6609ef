use crate::Listed;
use crate::judge::{Problem, ProblemKind, judge, link_to};
use crate::read::{Column, Form, Index, Part, Row, marker_of};
use rustc_hash::FxHashMap;
use trueup_markdown::Document;
use trueup_model::{PathIndex, StatusWords, base_name};
use trueup_text::{Edit, EditError, Span, apply_edits};

/// A row that goes into a part.
struct Coming {
    key: String,
    date: String,
    line: String,
}

/// More rounds than this mend nothing more.
const MOST_ROUNDS: usize = 8;

/// An index as it is after it was brought up to date.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub document: Document,
    /// What it lists.
    pub index: Index,
    /// What a person has to do: rows that lead nowhere or stand twice, rows whose own words would not fit the
    /// part that they belong in, specs that no part is for.
    pub left: Vec<Problem>,
}

/// Brings an index up to date. What is mended may show more: a row that leads to its spec again may say a wrong
/// status or stand in a wrong part. So it is read and judged again until nothing changes. Only what is `wanted` is
/// mended. None where the file is no index.
pub fn write(
    path: &str,
    text: &str,
    read: &dyn Fn(&Document) -> Option<Index>,
    specs: &[Listed],
    paths: &PathIndex,
    words: &StatusWords,
    wanted: &dyn Fn(&Problem) -> bool,
) -> Result<Option<Written>, EditError> {
    let mut text = text.to_owned();
    let judged = |document: &Document, index: &Index| {
        let mut problems = judge(path, document, index, specs, paths, words);
        problems.retain(wanted);
        problems
    };
    for _ in 0..MOST_ROUNDS {
        let document = Document::parse(text.clone());
        let Some(index) = read(&document) else { return Ok(None) };
        let problems = judged(&document, &index);
        let (edits, left) = edits_of(path, &document, &index, specs, &problems);
        let after = apply_edits(&text, &edits)?;
        if after == text {
            return Ok(Some(Written { document, index, left }));
        }
        text = after;
    }
    let document = Document::parse(text);
    let Some(index) = read(&document) else { return Ok(None) };
    let left = judged(&document, &index);
    Ok(Some(Written { document, index, left }))
}

/// The edits of one round, and what a person has to do.
fn edits_of(
    path: &str,
    document: &Document,
    index: &Index,
    specs: &[Listed],
    problems: &[Problem],
) -> (Vec<Edit>, Vec<Problem>) {
    let text = document.text();
    let mut edits = Vec::new();
    let mut left = Vec::new();
    let mut coming: FxHashMap<usize, Vec<Coming>> = FxHashMap::default();
    let mut leaving: Vec<(usize, usize)> = Vec::new();
    for problem in problems {
        match (&problem.kind, problem.row) {
            (ProblemKind::Broken(Some(_)) | ProblemKind::Status(_), _) => edits.extend(problem.edits.clone()),
            // Which of its rows is the right one, a person has to say.
            (ProblemKind::WrongPart(_), _) if is_twice(problem, problems) => left.push(problem.clone()),
            (ProblemKind::WrongPart(Some(to)), Some((part, row))) => {
                let (Some(from), Some(target)) = (index.parts.get(part), index.parts.get(*to)) else {
                    continue;
                };
                let Some(moved) = from.rows.get(row) else { continue };
                match moved_line(text, from, target, moved) {
                    Some(line) => {
                        leaving.push((part, row));
                        let (key, date) = row_keys(moved);
                        coming.entry(*to).or_default().push(Coming { key, date, line });
                    }
                    None => left.push(problem.clone()),
                }
            }
            (ProblemKind::Unlisted(at, Some(to)), _) => {
                let (Some(spec), Some(target)) = (specs.get(*at), index.parts.get(*to)) else { continue };
                let line = new_line(path, text, target, index, spec);
                let key = base_name(&spec.path).to_lowercase();
                let date = spec.created.map(|d| d.to_string()).unwrap_or_default();
                coming.entry(*to).or_default().push(Coming { key, date, line });
            }
            _ => left.push(problem.clone()),
        }
    }
    for (part, row) in &leaving {
        let Some(row) = index.parts.get(*part).and_then(|p| p.rows.get(*row)) else { continue };
        // An edit inside a line that goes waits until the line stands in its new place.
        edits.retain(|edit| !row.line.contains(edit.span));
        edits.push(Edit::replace(row.line, ""));
    }
    for (part, rows) in coming {
        if let Some(target) = index.parts.get(part) {
            let gone: Vec<usize> = leaving.iter().filter(|(p, _)| *p == part).map(|(_, row)| *row).collect();
            edits.extend(insertions(text, target, &gone, rows));
        }
    }
    (merged(edits), left)
}

/// Whether the spec of a row that stands in the wrong part is listed again.
fn is_twice(problem: &Problem, all: &[Problem]) -> bool {
    let name = |problem: &Problem| problem.subject.split_once(' ').map(|(_, name)| name.to_owned());
    all.iter().any(|other| other.kind == ProblemKind::Twice && name(other) == name(problem))
}

/// A deletion and an insertion that meet become one edit; two insertions at one place, too.
fn merged(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut out: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match out.last_mut() {
            Some(last) if last.span.end >= edit.span.start && last.span.start == edit.span.start => {
                last.span.end = last.span.end.max(edit.span.end);
                last.insert.push_str(&edit.insert);
            }
            _ => out.push(edit),
        }
    }
    out
}

/// How the rows of a part are sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    ByName,
    ByNameDown,
    ByDate,
    ByDateDown,
    None,
}

/// The name and the day that a row is sorted by.
type Keys = (String, String);

fn order_of(part: &Part) -> Order {
    let keys: Vec<Keys> = part.rows.iter().map(row_keys).collect();
    // Sorted but for a slip now and then.
    let mostly = |pairs: usize| keys.len() > 2 && pairs * 10 >= (keys.len() - 1) * 9;
    let count = |fits: &dyn Fn(&Keys, &Keys) -> bool| {
        keys.windows(2).filter(|w| matches!(w, [a, b] if fits(a, b))).count()
    };
    let dated = keys.iter().filter(|(_, date)| !date.is_empty()).count() * 2 > keys.len();
    if mostly(count(&|a, b| a.0 <= b.0)) {
        Order::ByName
    } else if mostly(count(&|a, b| a.0 >= b.0)) {
        Order::ByNameDown
    } else if dated && mostly(count(&|a, b| a.1 <= b.1)) {
        Order::ByDate
    } else if dated && mostly(count(&|a, b| a.1 >= b.1)) {
        Order::ByDateDown
    } else {
        Order::None
    }
}

fn row_keys(row: &Row) -> (String, String) {
    let name = row.target.as_deref().map_or(row.text.as_str(), base_name).to_lowercase();
    let date = trueup_model::find_dates(&name).into_iter().find_map(|m| m.date);
    (name, date.map(|d| d.to_string()).unwrap_or_default())
}

fn insertions(text: &str, part: &Part, gone: &[usize], mut rows: Vec<Coming>) -> Vec<Edit> {
    let order = order_of(part);
    let is_list = matches!(part.form, Form::List(_));
    rows.sort_by(|a, b| match order {
        Order::ByNameDown => b.key.cmp(&a.key),
        Order::ByDate => (&a.date, &a.key).cmp(&(&b.date, &b.key)),
        Order::ByDateDown => (&b.date, &b.key).cmp(&(&a.date, &a.key)),
        _ => a.key.cmp(&b.key),
    });
    let staying: Vec<&Row> =
        part.rows.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, row)| row).collect();
    let mut by_place: Vec<(usize, String)> = Vec::new();
    for row in rows {
        let before = |other: &&&Row| {
            let (key, date) = row_keys(other);
            match order {
                Order::ByName => key > row.key,
                Order::ByNameDown => key < row.key,
                Order::ByDate => (&date, &key) > (&row.date, &row.key),
                Order::ByDateDown => (&date, &key) < (&row.date, &row.key),
                Order::None => false,
            }
        };
        let next = staying.iter().find(before);
        // Nothing goes in front of the mark of the byte order.
        let first = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let at = next.map_or(part.end, |other| other.line.range().start).max(first);
        // Beside its neighbour, however far that is set in: else one of the two would lie below the other.
        let neighbour = next.or(staying.last()).copied().or(part.rows.first());
        let indent = neighbour.filter(|_| is_list).map_or("", |row| indent_of(text, row));
        let line = indented(&row.line, indent);
        match by_place.iter_mut().find(|(place, _)| *place == at) {
            Some((_, lines)) => lines.push_str(&line),
            None => by_place.push((at, line)),
        }
    }
    let begun = |at: usize| text.get(..at).is_some_and(|t| t.trim_start_matches(BYTE_ORDER_MARK).is_empty());
    let ended = |at: usize| begun(at) || text.get(..at).is_some_and(|t| t.ends_with('\n'));
    by_place
        .into_iter()
        .map(|(at, lines)| match ended(at) {
            true => Edit::replace(Span::at(at), lines),
            // The file's last line has no ending: it gets one, and the last new line has none.
            false => {
                let lines = lines.trim_end_matches(['\r', '\n']);
                Edit::replace(Span::at(at), format!("{}{lines}", ending(text)))
            }
        })
        .collect()
}

/// A row for another part: as it is where the forms are alike, else its cells by the names of the columns.
/// None where words of the row would be lost.
fn moved_line(text: &str, from: &Part, to: &Part, row: &Row) -> Option<String> {
    let line = row.line.text(text);
    match (&from.form, &to.form) {
        (Form::List(_), Form::List(marker)) => Some(moved_item(text, row, marker)),
        (Form::Table(a), Form::Table(b)) => {
            if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.1.eq_ignore_ascii_case(&b.1)) {
                return Some(with_ending(line, text));
            }
            let place = |name: &str| b.iter().position(|(_, other)| other.eq_ignore_ascii_case(name));
            let mut cells = vec![String::new(); b.len()];
            for ((_, name), cell) in a.iter().zip(&row.cells) {
                let words = cell.text(text);
                match place(name) {
                    Some(at) => cells[at] = words.to_owned(),
                    None if words.is_empty() => {}
                    None => return None,
                }
            }
            Some(table_line(&cells, text))
        }
        _ => None,
    }
}

/// An item as it stands in another list, without the white space in front of it: behind other marks it would lie
/// below the item above it.
fn moved_item(text: &str, row: &Row, marker: &str) -> String {
    let indent = indent_of(text, row);
    let item = text.get(row.span.start as usize..row.line.end as usize).unwrap_or("");
    let words = item.get(marker_of(item).len()..).unwrap_or("");
    let mut out = marker.to_owned();
    for (at, line) in words.split_inclusive('\n').enumerate() {
        out.push_str(if at == 0 { line } else { line.strip_prefix(indent).unwrap_or(line) });
    }
    with_ending(&out, text)
}

/// What stands in a row's line before it; the mark of the byte order at the beginning of a file is none of it.
fn indent_of<'t>(text: &'t str, row: &Row) -> &'t str {
    let indent = text.get(row.line.start as usize..row.span.start as usize).unwrap_or("");
    indent.strip_prefix(BYTE_ORDER_MARK).unwrap_or(indent)
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Lines behind an indent each.
fn indented(lines: &str, indent: &str) -> String {
    let mut out = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        out.extend([if line.trim().is_empty() { "" } else { indent }, line]);
    }
    out
}

fn with_ending(line: &str, text: &str) -> String {
    if line.ends_with('\n') { line.to_owned() } else { format!("{line}{}", ending(text)) }
}

fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn table_line(cells: &[String], text: &str) -> String {
    format!("| {} |{}", cells.join(" | "), ending(text))
}

/// What the links of an index show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Id,
    Title,
    File,
    Stem,
}

/// A row for a spec that is not listed, written as the rows around it are.
fn new_line(path: &str, text: &str, part: &Part, index: &Index, spec: &Listed) -> String {
    let target = link_to(path, &spec.path);
    let shown = match shows(part).or_else(|| index.parts.iter().find_map(shows)).unwrap_or(Shows::Id) {
        Shows::Id => spec.name.clone(),
        Shows::Title => spec.title.clone(),
        Shows::File => base_name(&spec.path).to_owned(),
        Shows::Stem => base_name(&spec.path).trim_end_matches(".md").to_owned(),
    };
    let link = format!("[{}]({target})", one_line(&shown).replace(['[', ']'], ""));
    match &part.form {
        Form::List(marker) => {
            let title =
                if shown == spec.title { String::new() } else { format!(": {}", one_line(&spec.title)) };
            format!("{marker}{link}{title}{}", ending(text))
        }
        Form::Table(columns) => {
            let linked = columns.iter().position(|(c, _)| *c == Column::Link);
            let linked =
                linked.or_else(|| columns.iter().position(|(c, _)| *c == Column::Title)).unwrap_or(0);
            let cells: Vec<String> = columns
                .iter()
                .enumerate()
                .map(|(at, (column, _))| match column {
                    _ if at == linked => in_cell(&link),
                    Column::Title => in_cell(&spec.title),
                    Column::Created => spec.created.map(|d| d.to_string()).unwrap_or_default(),
                    Column::Status if spec.status.is_empty() => spec.state.name().to_owned(),
                    Column::Status => in_cell(&spec.status),
                    Column::Link | Column::ByHand => String::new(),
                })
                .collect();
            table_line(&cells, text)
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A text as it stands in a cell: a bar would end it.
pub(crate) fn in_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for c in one_line(text).chars() {
        if c == '|' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}

/// What most links of a part show.
fn shows(part: &Part) -> Option<Shows> {
    let of = |row: &Row| {
        let name = row.target.as_deref().map(base_name)?;
        Some(match row.text.as_str() {
            text if text == name => Shows::File,
            text if name.strip_suffix(".md") == Some(text) => Shows::Stem,
            text if row.id.as_ref().is_some_and(|id| id.text.eq_ignore_ascii_case(text)) => Shows::Id,
            _ => Shows::Title,
        })
    };
    let all: Vec<Shows> = part.rows.iter().filter_map(of).collect();
    let count = |s: Shows| all.iter().filter(|o| **o == s).count();
    [Shows::Id, Shows::Title, Shows::File, Shows::Stem]
        .into_iter()
        .filter(|s| count(*s) > 0)
        .max_by_key(|s| count(*s))
}
