//! The answer of a gate, what a step did, and the board.

mod board;
mod board_json;
mod step;

pub use board::{BoardTextOptions, board_text};
pub use board_json::{BOARD_SCHEMA_VERSION, board_json, board_json_schema};
pub use step::{StepTextOptions, gate_text, outcome_text, renamed_text};

/// Breaks a text into lines of at most so many columns, at blanks where there are any.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    use unicode_width::UnicodeWidthStr;
    let mut out: Vec<String> = Vec::new();
    for word in plain(text).split_whitespace() {
        match out.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns.max(20) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out
}

/// A text cut to a number of columns, with a mark where something was cut off.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    let line: String = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.width() <= columns {
        return line;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in line.chars() {
        let width = c.width().unwrap_or(0);
        if used + width + 1 > columns {
            break;
        }
        used += width;
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

/// A text as a terminal may show it, on one line.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::plain::push_one_line(&mut out, text);
    out
}

/// A text filled up to a number of columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    use unicode_width::UnicodeWidthStr;
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}
