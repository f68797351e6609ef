use crate::tree::{Document, Kind, NodeId};
use trueup_text::Span;

/// A row as it was written: its cells by bytes, one for each pair of bars, however many the header has.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The row's node.
    pub node: NodeId,
    /// The line, without its line ending.
    pub line: Span,
    /// The written cells, white space left out.
    pub cells: Vec<Span>,
    /// Whether the line holds an unescaped bar at all.
    pub has_bar: bool,
}

/// Splits a table line at its unescaped bars. A bar inside inline code splits, too: so GitHub reads it.
pub fn split_row(line: &str) -> Vec<std::ops::Range<usize>> {
    let trimmed_start = line.len() - line.trim_start().len();
    let trimmed_end = line.trim_end().len();
    let bytes = line.as_bytes();
    let mut bars = Vec::new();
    for i in trimmed_start..trimmed_end {
        if bytes[i] == b'|' && (i == 0 || bytes[i - 1] != b'\\') {
            bars.push(i);
        }
    }
    let mut cells = Vec::new();
    let mut start = trimmed_start;
    for bar in bars {
        if bar != trimmed_start {
            cells.push(start..bar);
        }
        start = bar + 1;
    }
    if start < trimmed_end {
        cells.push(start..trimmed_end);
    }
    cells
}

impl Document {
    /// The rows of a table as they were written, header first.
    pub fn table_rows(&self, table: NodeId) -> Vec<TableRow> {
        self.children(table)
            .filter(|row| matches!(self.kind(*row), Kind::Row { .. }))
            .map(|row| self.row(row))
            .collect()
    }

    /// One row as it was written.
    pub fn row(&self, node: NodeId) -> TableRow {
        let span = self.span(node);
        let first_line = span.text(self.text()).lines().next().unwrap_or("");
        let line = Span::new(span.start as usize, span.start as usize + first_line.len());
        let cells = split_row(first_line)
            .into_iter()
            .map(|cell| Span::from(cell).shifted(span.start as usize).trimmed(self.text()))
            .collect();
        let bytes = first_line.as_bytes();
        let has_bar = (0..bytes.len()).any(|i| bytes[i] == b'|' && (i == 0 || bytes[i - 1] != b'\\'));
        TableRow { node, line, cells, has_bar }
    }
}
