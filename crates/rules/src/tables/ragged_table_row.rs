use memchr::{memchr, memchr_iter, memchr2};
use rustc_hash::FxHashMap;
use trueup_finding::{FileCx, Fix, Level, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Document, Kind, NodeId, TableRow, split_row};
use trueup_text::{Edit, Span};

declare_rule! {
    RAGGED_TABLE_ROW = "ragged-table-row" in "tables", page "ragged_table_row.md",
    "a table row has more or fewer cells than its header",
    AllFiles, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let document = cx.document;
    let mut next = 1;
    while next < document.len() as u32 {
        let node = NodeId(next);
        next = match document.kind(node) {
            Kind::Table => {
                table(document, node, out);
                document.node(node).end
            }
            Kind::Paragraph => {
                lost_table(document, node, out);
                document.node(node).end
            }
            Kind::Heading(_) | Kind::Code { .. } => document.node(node).end,
            _ => next + 1,
        };
    }
}

fn table(document: &Document, node: NodeId, out: &mut Sink) {
    let text = document.text();
    let mut rows = document.children(node).map(|row| first_line(document.source(row)));
    let Some(width) = rows.next().map(cells_in) else { return };
    let mut ragged = false;
    for line in rows {
        out.looked_at(1);
        ragged |= cells_in(line) != width || memchr(b'|', line.as_bytes()).is_none();
    }
    // Nearly all tables are even, and need not be taken apart.
    if !ragged {
        return;
    }
    let rows = document.table_rows(node);
    let Some((header, body)) = rows.split_first() else { return };
    let begins_with_bar = |row: &TableRow| row.line.text(text).starts_with('|');
    let ends_with_bar = |row: &TableRow| row.line.text(text).trim_end().ends_with('|');
    let mut drawn_in = false;
    for (index, row) in body.iter().enumerate() {
        let is_prose =
            !row.has_bar || begins_with_bar(header) && !begins_with_bar(row) && !ends_with_bar(row);
        if is_prose && (!row.has_bar || row.cells.len() != header.cells.len()) {
            if !drawn_in {
                // A blank line would end the table, so none is put where rows still follow.
                let fixable = !body[index..].iter().any(begins_with_bar);
                paragraph_in_table(text, row, fixable, out);
            }
            drawn_in = true;
            continue;
        }
        if drawn_in && !begins_with_bar(row) {
            continue;
        }
        if row.cells.len() > header.cells.len() {
            too_many(text, header, row, out);
        } else if row.cells.len() < header.cells.len() {
            too_few(text, header, row, out);
        }
    }
}

fn first_line(source: &str) -> &str {
    memchr2(b'\n', b'\r', source.as_bytes()).and_then(|end| source.get(..end)).unwrap_or(source)
}

/// As many as [`split_row`] gives.
fn cells_in(line: &str) -> usize {
    let line = line.trim();
    if line.is_empty() {
        return 0;
    }
    let bytes = line.as_bytes();
    let escaped = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\\');
    let bars = memchr_iter(b'|', bytes).filter(|at| !escaped(*at)).count();
    let closed = line.ends_with('|') && !line.ends_with("\\|");
    bars + usize::from(!closed) - usize::from(line.starts_with('|'))
}

fn paragraph_in_table(text: &str, row: &TableRow, fixable: bool, out: &mut Sink) {
    let mut report = Report::new(row.line.trimmed(text), "this line has become a row of the table above")
        .hint("put a blank line between the table and this line");
    if fixable && let Some(edit) = blank_line_before(text, row.line.start as usize) {
        report = report.fix(Fix::safe("put a blank line before it", vec![edit]));
    }
    out.push(report);
}

/// A blank line before the line that `at` lies in; in a quote it carries the quote's mark.
fn blank_line_before(text: &str, at: usize) -> Option<Edit> {
    let before = text.get(..at)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let prefix = before.get(line_start..)?;
    if !prefix.bytes().all(|b| matches!(b, b' ' | b'\t' | b'>')) {
        return None;
    }
    let ending = if before.get(..line_start)?.ends_with("\r\n") { "\r\n" } else { "\n" };
    Some(Edit::replace(Span::at(line_start), format!("{}{ending}", prefix.trim_end())))
}

fn too_many(text: &str, header: &TableRow, row: &TableRow, out: &mut Sink) {
    let (has, wants) = (row.cells.len(), header.cells.len());
    let Some(surplus) = row.cells.get(wants).copied() else { return };
    let counts = format!("this row has {} and its header {wants}", count(has));
    let dropped: Vec<&str> =
        row.cells[wants..].iter().map(|c| c.text(text)).filter(|c| !c.is_empty()).collect();
    let lost = match dropped.as_slice() {
        [] => None,
        [only] => Some(format!("“{}” is", clip(only))),
        [first, ..] => Some(format!("“{}” and what follows it are", clip(first))),
    };
    let Some(lost) = lost else {
        let report = Report::new(row.line.trimmed(text), format!("{counts}; the surplus is empty"))
            .hint("delete the last bar")
            .at_most(Level::Info);
        return out.push(report);
    };
    let line = row.line.text(text);
    let place = |at: usize| Span::new(row.line.start as usize + at, row.line.start as usize + at + 1);
    let in_code = bars_in_code(line);
    let fits = |bars: &[usize]| !bars.is_empty() && has.checked_sub(bars.len()) == Some(wants);
    if let Some(first) = in_code.first() {
        let message = format!("the bar inside back-ticks ends its cell: {counts}, so {lost} not shown");
        let mut report = Report::new(place(*first), message)
            .subject(row_name(text, row))
            .hint("write `\\|` for a bar inside a table, also in back-ticks");
        if fits(&in_code) {
            let edits =
                in_code.iter().map(|at| Edit::replace(Span::at(place(*at).start as usize), "\\")).collect();
            let bars = if in_code.len() == 1 { "the bar" } else { "the bars" };
            report = report.fix(Fix::safe(format!("escape {bars} inside back-ticks"), edits));
        }
        return out.push(report);
    }
    let tight = tight_bars(line);
    if let Some(first) = tight.first().filter(|_| fits(&tight)) {
        let message = format!("the bar inside the text ends its cell: {counts}, so {lost} not shown");
        return out.push(
            Report::new(place(*first), message)
                .subject(row_name(text, row))
                .hint("write `\\|` for a bar that belongs to a cell's text"),
        );
    }
    out.push(
        Report::new(surplus, format!("{counts}, so {lost} not shown"))
            .hint("give the table a column for it, put it into another cell, or write `\\|` where a bar belongs to a cell's text"),
    );
}

fn too_few(text: &str, header: &TableRow, row: &TableRow, out: &mut Sink) {
    let (has, wants) = (row.cells.len(), header.cells.len());
    let written: Vec<&str> = row.cells.iter().map(|c| c.text(text)).filter(|c| !c.is_empty()).collect();
    let only = match written.as_slice() {
        [] => return,
        [only] => has == 1 && wants > 2 || emphasised(only),
        _ => false,
    };
    // A single cell in bold groups the rows below it.
    if only && written.first().is_some_and(|cell| emphasised(cell)) {
        return;
    }
    let empty: Vec<String> = header.cells[has..]
        .iter()
        .map(|c| c.text(text))
        .filter(|name| !name.is_empty())
        .map(|name| format!("“{}”", clip(name)))
        .collect();
    let shown_empty = match empty.len() {
        0 => String::new(),
        1 => format!(": {} is shown empty", empty[0]),
        _ => format!(": {} are shown empty", empty.join(", ")),
    };
    let place = row.cells.iter().copied().find(|c| !c.is_empty()).unwrap_or(row.line);
    let level = if only { Level::Info } else { Level::Warning };
    let mut report =
        Report::new(place, format!("this row has {} and its header {wants}{shown_empty}", count(has)))
            .hint("add the missing cells; write an empty one as `| |`")
            .at_most(level);
    let line = row.line.text(text);
    let written_part = line.trim_end();
    // A bar behind a backslash is text and does not close the last cell.
    let closed = written_part.ends_with('|') && !written_part.ends_with("\\|");
    if line.starts_with('|') && !written_part.ends_with('\\') {
        let end = row.line.start as usize + written_part.len();
        let cells = " |".repeat(wants - has);
        let insert = if closed { cells } else { format!(" |{cells}") };
        let title = if wants - has == 1 { "add an empty cell" } else { "add empty cells" };
        report = report.fix(Fix::safe(title, vec![Edit::replace(Span::at(end), insert)]));
    }
    out.push(report);
}

/// A header and a delimiter row that differ are no table: GitHub shows all of it as one paragraph.
fn lost_table(document: &Document, node: NodeId, out: &mut Sink) {
    let span = document.span(node);
    let source = span.text(document.text());
    if memchr(b'|', source.as_bytes()).is_none() || !source.contains("--") {
        return;
    }
    let mut previous: Option<(usize, &str)> = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let lead = bare.len() - bare.trim_start_matches([' ', '\t', '>']).len();
        let content = &bare[lead..];
        if let Some((header_at, header)) = previous.filter(|(_, header)| header.contains('|'))
            && let Some(columns) = delimiter_columns(content)
        {
            let cells = split_row(header).len();
            out.looked_at(1);
            if cells != columns {
                let start = span.start as usize + header_at;
                let message = format!(
                    "this header has {} and the line below it {columns}, so the table is shown as plain text",
                    count(cells)
                );
                let mut report = Report::new(Span::new(start, start + header.len()).trimmed(document.text()), message)
                    .hint("give both lines the same number of cells; write `\\|` for a bar that belongs to a cell's text");
                let in_code = bars_in_code(header);
                if !in_code.is_empty() && cells.checked_sub(in_code.len()) == Some(columns) {
                    let edits =
                        in_code.iter().map(|bar| Edit::replace(Span::at(start + bar), "\\")).collect();
                    report = report.fix(Fix::safe("escape the bars inside back-ticks", edits));
                }
                out.push(report);
            }
        }
        previous = Some((at + lead, content));
        at += line.len();
    }
}

/// The number of columns of a line such as `|---|:-:|`; none for any other line.
fn delimiter_columns(line: &str) -> Option<usize> {
    if !line.contains("--")
        || !line.contains('|')
        || !line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t'))
    {
        return None;
    }
    let cells = split_row(line);
    let well_formed = cells.iter().all(|cell| {
        let dashes = line[cell.clone()].trim();
        let dashes = dashes.strip_prefix(':').unwrap_or(dashes);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|b| b == b'-')
    });
    well_formed.then_some(cells.len())
}

/// Unescaped bars between back-ticks that pair up when the line is read as a whole.
fn bars_in_code(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| **b == b'`').count();
        if length > 0 {
            runs.push((at, length));
        }
        at += length.max(1);
    }
    let mut by_length: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (start, length) in &runs {
        by_length.entry(*length).or_default().push(*start);
    }
    let mut bars = Vec::new();
    let mut code_end = 0;
    for (start, length) in runs {
        if start < code_end {
            continue;
        }
        let escaped = bytes[..start].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1;
        let wanted = length - usize::from(escaped);
        let Some(closers) = by_length.get(&wanted) else { continue };
        let next = closers.partition_point(|closer| *closer <= start);
        let Some(close) = closers.get(next).copied() else { continue };
        let code = start + length..close;
        bars.extend(code.filter(|i| bytes[*i] == b'|' && bytes[*i - 1] != b'\\'));
        code_end = close + wanted;
    }
    bars
}

/// Bars with no white space at either side, between others that have some.
fn tight_bars(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let spaced = |i: usize| bytes.get(i).is_none_or(u8::is_ascii_whitespace);
    (1..bytes.len())
        .filter(|i| bytes[*i] == b'|' && bytes[*i - 1] != b'\\' && !spaced(*i - 1) && !spaced(*i + 1))
        .collect()
}

/// Whether a cell is nothing but bold or italic text.
fn emphasised(cell: &str) -> bool {
    ["**", "__", "*", "_"]
        .iter()
        .any(|mark| cell.len() > 2 * mark.len() && cell.starts_with(mark) && cell.ends_with(mark))
}

/// What tells a row from the others, whatever else is edited in it.
fn row_name<'t>(text: &'t str, row: &TableRow) -> &'t str {
    row.cells.iter().map(|c| c.text(text)).find(|c| !c.is_empty()).unwrap_or("")
}

fn count(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

/// A cell's text, short enough for a message.
fn clip(cell: &str) -> String {
    let cell = cell.replace("**", "");
    match cell.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", cell[..at].trim_end()),
        None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_as_they_are_split() {
        for line in [
            "| a | b |",
            "a | b",
            "|a|b",
            "a|",
            "||",
            "|",
            "",
            "a \\| b",
            "| a \\|",
            "|\\||",
            "  | a | ",
            "| |",
            "\\|",
        ] {
            assert_eq!(cells_in(line), split_row(line).len(), "{line:?}");
        }
    }

    #[test]
    fn bars_between_paired_back_ticks_are_found() {
        for (line, bars) in [
            ("| `a|b` | c |", vec![4]),
            ("| ``a`|b`` |", vec![6]),
            ("| \\`a|b` |", vec![]),
            ("| `a | b |", vec![]),
            ("| `a\\|b` |", vec![]),
            ("| `||` |", vec![3, 4]),
        ] {
            assert_eq!(bars_in_code(line), bars, "{line}");
        }
    }
}
