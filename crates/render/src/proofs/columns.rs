//! Lines with a verdict at their end.

use crate::palette::Palette;
use crate::plain;

/// Width where none is known, and the smallest and largest that are made use of.
const DEFAULT_WIDTH: usize = 104;
const SMALLEST_WIDTH: usize = 72;
const LARGEST_WIDTH: usize = 160;

/// A page that is written line by line.
pub(super) struct Page {
    pub out: String,
    pub palette: Palette,
    pub width: usize,
}

impl Page {
    pub fn new(options: super::ProofTextOptions) -> Page {
        let width = options.width.unwrap_or(DEFAULT_WIDTH).clamp(SMALLEST_WIDTH, LARGEST_WIDTH);
        Page { out: String::new(), palette: Palette::new(options.color), width }
    }

    /// A line whose verdict stands at the right.
    pub fn verdict_line(&mut self, left: &str, verdict: &str) {
        let shown = plain::cut(left, self.width.saturating_sub(verdict.len() + 2)).into_owned();
        let gap = self.width.saturating_sub(plain::width(&shown) + verdict.len());
        let color = self.color_of(verdict).to_owned();
        self.out.push_str(&self.palette.bold);
        plain::push(&mut self.out, &shown);
        self.out.push_str(self.palette.reset);
        self.out.push_str(&" ".repeat(gap.max(2)));
        self.out.push_str(&color);
        self.out.push_str(verdict);
        self.out.push_str(self.palette.reset);
        self.out.push('\n');
    }

    /// A line with a label in front, broken into several where it is too long.
    pub fn labelled(&mut self, label: &str, text: &str) {
        const LABEL: usize = 15;
        // A label that is too long for its column takes a bit of the first line.
        let room = LABEL.max(plain::width(label) + 3);
        let lines = wrapped(text, self.width.saturating_sub(room).max(20));
        for (at, line) in lines.iter().enumerate() {
            let front = if at == 0 { format!("  {label:<12} ") } else { " ".repeat(LABEL) };
            self.out.push_str(&front);
            plain::push(&mut self.out, line);
            self.out.push('\n');
        }
    }

    /// A text as it is, indented and less bright.
    pub fn block(&mut self, text: &str) {
        for line in text.trim_end().lines() {
            self.out.push_str("                 ");
            plain::push(&mut self.out, line);
            self.out.push('\n');
        }
    }

    pub fn line(&mut self, text: &str) {
        plain::push(&mut self.out, text);
        self.out.push('\n');
    }

    pub fn heading(&mut self, text: &str) {
        self.out.push_str(&self.palette.bold);
        plain::push(&mut self.out, text);
        self.out.push_str(self.palette.reset);
        self.out.push('\n');
    }

    fn color_of(&self, verdict: &str) -> &str {
        match verdict {
            "proven" => &self.palette.added,
            "contradicted" => &self.palette.error,
            _ => &self.palette.warning,
        }
    }
}

/// Words in lines of at most so many columns; a longer word has a line of its own.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // Two blanks in a row part the columns of a line, and stay.
    for word in text.split(' ') {
        let longer = plain::width(&line) + 1 + plain::width(word);
        if !line.trim().is_empty() && longer > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        } else if !line.is_empty() {
            line.push(' ');
        }
        if !(line.is_empty() && word.is_empty()) {
            line.push_str(word);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Milliseconds for people: `4 ms`, `31.5 s`.
pub(super) fn duration(millis: f64) -> String {
    match millis {
        ms if ms < 1.0 => "<1 ms".to_owned(),
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("line 1  42710 said", 40), ["line 1  42710 said"]);
        assert_eq!(wrapped("longerthanthat a", 5), ["longerthanthat", "a"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn durations() {
        assert_eq!([duration(0.4), duration(11.2), duration(31_490.0)], ["<1 ms", "11 ms", "31.5 s"]);
    }
}
