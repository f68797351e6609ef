use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use trueup_text::{LineCol, LineIndex, Span};

/// The files of a report, each with its line index, which is built when the file is first asked for.
pub(crate) struct Places<'r> {
    texts: &'r BTreeMap<Arc<str>, Arc<str>>,
    files: HashMap<&'r str, FileText<'r>>,
}

impl<'r> Places<'r> {
    pub(crate) fn new(texts: &'r BTreeMap<Arc<str>, Arc<str>>) -> Places<'r> {
        Places { texts, files: HashMap::new() }
    }

    /// A file by its path; none where the report does not hold its text.
    pub(crate) fn file(&mut self, path: &str) -> Option<&FileText<'r>> {
        let (path, text) = self.texts.get_key_value(path)?;
        let file = self.files.entry(path).or_insert_with(|| FileText { text, index: LineIndex::new(text) });
        Some(file)
    }

    /// The place of a span in a file; none where the report does not hold the file's text.
    pub(crate) fn region(&mut self, path: &str, span: Span) -> Option<Region> {
        self.file(path).map(|file| file.region(span))
    }

    /// `path:line:column`, or the path alone where the report does not hold the file's text.
    pub(crate) fn origin(&mut self, path: &str, span: Span) -> String {
        match self.file(path) {
            Some(file) => {
                let LineCol { line, column } = file.place(span.start);
                format!("{path}:{line}:{column}")
            }
            None => path.to_owned(),
        }
    }
}

/// One file's text and where its lines start.
pub(crate) struct FileText<'r> {
    pub(crate) text: &'r str,
    pub(crate) index: LineIndex,
}

impl FileText<'_> {
    /// The offset itself, or the nearest place before it that lies in the text and between characters.
    pub(crate) fn fit(&self, offset: u32) -> u32 {
        self.text.floor_char_boundary(offset as usize) as u32
    }

    /// Line and column of an offset.
    pub(crate) fn place(&self, offset: u32) -> LineCol {
        self.index.line_col(self.text, self.fit(offset))
    }

    /// Where a span starts and ends.
    pub(crate) fn region(&self, span: Span) -> Region {
        Region { start: self.place(span.start), end: self.place(span.end) }
    }
}

/// A span as people count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Region {
    pub(crate) start: LineCol,
    /// One past the last character.
    pub(crate) end: LineCol,
}
