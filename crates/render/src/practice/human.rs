//! The report for a terminal.

use super::page::{Group, Page, Row};
use super::{PracticeReport, PracticeTextOptions};
use crate::palette::Palette;
use crate::plain::{self, cut, width};
use crate::schema_text::wrapped;
use trueup_model::practice::ProposalKind;

/// Width where none is known, and the smallest and largest that are made use of.
const DEFAULT_WIDTH: usize = 120;
const SMALLEST_WIDTH: usize = 80;
const LARGEST_WIDTH: usize = 160;
/// Columns between two cells, and before a line that belongs to the one above.
const GAP: usize = 2;
/// Columns between two cells where there is little room.
const NARROW_GAP: usize = 1;
/// The narrowest that the first column gets.
const FIRST: usize = 16;
/// The widest a column of words gets beside the first.
const WORDS: usize = 30;
/// Proposals of a kind that are shown.
const OF_A_KIND: usize = 6;

/// The report for people.
pub fn practice_text(report: &PracticeReport<'_>, options: &PracticeTextOptions) -> String {
    let page = Page::new(report);
    let columns = options.width.unwrap_or(DEFAULT_WIDTH).clamp(SMALLEST_WIDTH, LARGEST_WIDTH);
    let mut text = Text { out: String::new(), palette: Palette::new(options.color), columns };
    text.bold(&page.title);
    for line in &page.lead {
        text.lines(line, 0);
    }
    for group in &page.groups {
        text.group(group);
    }
    text.proposals(&page);
    text.out
}

struct Text {
    out: String,
    palette: Palette,
    columns: usize,
}

impl Text {
    fn bold(&mut self, line: &str) {
        self.out.push_str(&self.palette.bold);
        plain::push_one_line(&mut self.out, line);
        self.out.extend([self.palette.reset, "\n"]);
    }

    /// A text in as many lines as it takes, indented.
    fn lines(&mut self, text: &str, indent: usize) {
        for line in wrapped(text, self.columns.saturating_sub(indent), GAP).iter().enumerate() {
            let (at, line) = line;
            let lead = indent + if at > 0 { GAP } else { 0 };
            self.out.push_str(&" ".repeat(lead));
            plain::push_one_line(&mut self.out, line);
            self.out.push('\n');
        }
    }

    fn group(&mut self, group: &Group) {
        self.out.push('\n');
        self.bold(group.title);
        if !group.note.is_empty() {
            self.lines(&group.note, GAP);
        }
        let (widths, gap) = self.widths(group);
        let header = Row { cells: group.columns.iter().map(|c| (*c).to_owned()).collect(), ..Row::default() };
        let numbers: Vec<bool> = (0..group.columns.len()).map(|c| is_number(group, c)).collect();
        self.out.push_str(&self.palette.frame);
        self.row(&header, &widths, gap, &numbers);
        self.out.push_str(self.palette.reset);
        for row in &group.rows {
            self.row(row, &widths, gap, &numbers);
            for detail in &row.details {
                self.lines(detail, GAP * (row.depth + 3));
            }
        }
        if group.more > 0 {
            self.lines(&format!("and {} more; `--format json` has all", group.more), GAP);
        }
    }

    /// The widths of the columns, and what stands between two of them.
    fn widths(&self, group: &Group) -> (Vec<usize>, usize) {
        let widest = |c: usize| {
            let rows = group.rows.iter();
            let cells = rows.map(|r| {
                r.cells.get(c).map_or(0, |cell| width(cell)) + if c == 0 { r.depth * GAP } else { 0 }
            });
            cells.chain([width(group.columns[c])]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..group.columns.len()).map(widest).collect();
        widths.iter_mut().skip(1).for_each(|w| *w = (*w).min(WORDS));
        let beside = |gap: usize| widths.iter().skip(1).map(|w| w + gap).sum::<usize>() + GAP;
        let gap = if beside(GAP) + FIRST > self.columns { NARROW_GAP } else { GAP };
        let room = self.columns.saturating_sub(beside(gap)).max(FIRST);
        if let Some(first) = widths.first_mut() {
            *first = (*first).min(room);
        }
        (widths, gap)
    }

    fn row(&mut self, row: &Row, widths: &[usize], gap: usize, numbers: &[bool]) {
        let mut line = " ".repeat(GAP);
        for (c, columns) in widths.iter().enumerate() {
            let cell = row.cells.get(c).map_or("", String::as_str);
            let indent = if c == 0 { row.depth * GAP } else { 0 };
            let shown = cut(cell, columns - indent.min(*columns));
            let room = " ".repeat(columns.saturating_sub(width(&shown) + indent));
            line.push_str(&" ".repeat(indent));
            if numbers[c] {
                line.push_str(&room);
            }
            plain::push_one_line(&mut line, &shown);
            if !numbers[c] {
                line.push_str(&room);
            }
            line.push_str(&" ".repeat(gap));
        }
        self.out.extend([line.trim_end(), "\n"]);
    }

    fn proposals(&mut self, page: &Page) {
        self.out.push('\n');
        self.bold("What could change in the template instead of the specs");
        if page.proposals.is_empty() {
            self.lines("nothing: what the specs hold is what the template asks", GAP);
        }
        let mut shown = 0;
        let mut last: Option<ProposalKind> = None;
        for (at, (kind, action, reason)) in page.proposals.iter().enumerate() {
            shown = if last == Some(*kind) { shown + 1 } else { 1 };
            last = Some(*kind);
            if shown <= OF_A_KIND {
                self.lines(&format!("{action}: {reason}"), GAP);
            }
            let ends = page.proposals.get(at + 1).is_none_or(|(next, _, _)| next != kind);
            if ends && shown > OF_A_KIND {
                let more = shown - OF_A_KIND;
                self.lines(&format!("… and {more} more like this; `--format json` has all"), GAP);
            }
        }
    }
}

/// Whether a column holds numbers.
fn is_number(group: &Group, column: usize) -> bool {
    let cells = || group.rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty());
    column > 0
        && cells().next().is_some()
        && cells().all(|cell| cell.starts_with(|c: char| c.is_ascii_digit()) || cell == "few")
}
