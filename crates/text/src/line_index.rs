/// A place as people count: both numbers from 1, the column in characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineCol {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where each line of a text starts. `\n`, `\r\n` and a lone `\r` end a line, as in CommonMark.
#[derive(Clone, Debug, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the line starts of a text, in one pass.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        // Counted first: the list of a long text is made once and not moved while it grows.
        let mut starts = Vec::with_capacity(memchr::memchr_iter(b'\n', bytes).count() + 2);
        starts.push(0);
        if memchr::memchr(b'\r', bytes).is_none() {
            starts.extend(memchr::memchr_iter(b'\n', bytes).map(|end| end as u32 + 1));
            return LineIndex { starts };
        }
        for i in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let ends_line = bytes[i] == b'\n' || bytes.get(i + 1) != Some(&b'\n');
            if ends_line {
                starts.push(i as u32 + 1);
            }
        }
        LineIndex { starts }
    }

    /// Number of lines; a text that ends with a newline has an empty last line.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset).max(1) as u32
    }

    /// Line and column of a byte offset. A byte-order mark before it on the first line does not count.
    pub fn line_col(&self, text: &str, offset: u32) -> LineCol {
        let line = self.line(offset);
        let before = text.get(self.line_start(line) as usize..offset as usize).unwrap_or("");
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        LineCol { line, column: before.chars().count() as u32 + 1 }
    }

    /// Column in UTF-16 code units from 0, as the language server protocol counts.
    pub fn utf16_column(&self, text: &str, offset: u32) -> u32 {
        let line = self.line(offset);
        let before = text.get(self.line_start(line) as usize..offset as usize).unwrap_or("");
        before.chars().map(|c| c.len_utf16() as u32).sum()
    }

    /// First byte of a line that is counted from 1; the end of the text for a line past the last.
    pub fn line_start(&self, line: u32) -> u32 {
        let index = (line.max(1) - 1) as usize;
        self.starts.get(index).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// The text of a line counted from 1, without its line ending.
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let start = self.line_start(line) as usize;
        let end = self.starts.get(line.max(1) as usize).map_or(text.len(), |next| *next as usize);
        text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_and_every_line_ending() {
        let text = "a\r\nżó|x\rlast";
        let index = LineIndex::new(text);
        let bar = text.find('|').unwrap() as u32;
        assert_eq!(index.line_col(text, bar), LineCol { line: 2, column: 3 });
        assert_eq!(index.line_text(text, 2), "żó|x");
        assert_eq!(index.line_text(text, 3), "last");
        assert_eq!(index.line_count(), 3);
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let text = "\u{feff}# T";
        let index = LineIndex::new(text);
        assert_eq!(index.line_col(text, 3), LineCol { line: 1, column: 1 });
    }

    #[test]
    fn utf16_columns_count_code_units() {
        let text = "😀x";
        let index = LineIndex::new(text);
        assert_eq!(index.utf16_column(text, 4), 2);
        assert_eq!(index.line_col(text, 4).column, 2);
    }
}
