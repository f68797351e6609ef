//! A rule's page taken apart.

use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::LineIndex;

/// Ends a line that the rule must find; it is no part of the file.
pub const MARKER: &str = " «here»";

/// A rule's page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its first heading.
    pub title: String,
    /// Its first paragraph.
    pub summary: String,
    /// The titles of its second-level sections.
    pub sections: Vec<String>,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// A small repository.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// Its files, as they are and as they are after the fixes.
    pub blocks: Vec<Block>,
    /// Files as they were committed before.
    pub earlier: Vec<Block>,
    /// Files on other branches.
    pub elsewhere: Vec<Block>,
}

/// A file of an example.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Path from the root.
    pub path: String,
    /// Its text, markers left out.
    pub text: String,
    /// The lines, counted from 1, that carry a marker.
    pub marked: Vec<u32>,
    /// Whether this is the file after the fixes.
    pub fixed: bool,
    /// The branch that the repository is on, where one is given.
    pub branch: Option<String>,
    /// The day on which the file was committed with this text, before it got the one it has.
    pub earlier: Option<String>,
    /// The other branch that the file stands on.
    pub elsewhere: Option<String>,
    /// Words of the info string that mean nothing.
    pub unknown_words: Vec<String>,
    /// The line in the page on which the file's first line stands.
    pub page_line: u32,
}

impl Example {
    /// Number of lines with a marker.
    pub fn marked_lines(&self) -> usize {
        self.blocks.iter().map(|b| b.marked.len()).sum()
    }

    /// The files as they are before any fix: path and text.
    pub fn files(&self) -> Vec<(&str, &str)> {
        self.blocks.iter().filter(|b| !b.fixed).map(|b| (b.path.as_str(), b.text.as_str())).collect()
    }
}

impl Page {
    /// Takes a page apart. What a page must have is judged by [`super::run`].
    pub fn parse(text: &str) -> Page {
        let document = Document::parse(text);
        let lines = LineIndex::new(text);
        let mut page = Page::default();
        for (index, section) in document.sections().iter().enumerate() {
            if index == 0 {
                page.title = section.title.clone();
                let first = section.blocks(&document).find(|b| document.kind(*b) == Kind::Paragraph);
                page.summary = first.map_or(String::new(), |b| document.plain(b).into_owned());
            }
            if section.level == 2 {
                page.sections.push(section.title.clone());
            }
            let below_example = |id: SectionId| document.section(id).title == "Example";
            let is_example = section.level == 2 && section.title == "Example"
                || section.level == 3 && section.parent.is_some_and(below_example);
            if !is_example {
                continue;
            }
            let all = section.blocks(&document).filter_map(|node| block(&document, &lines, node));
            let (earlier, blocks): (Vec<Block>, Vec<Block>) = all.partition(|b| b.earlier.is_some());
            let (elsewhere, blocks): (Vec<Block>, Vec<Block>) =
                blocks.into_iter().partition(|b| b.elsewhere.is_some());
            if section.level == 3 || !blocks.is_empty() {
                page.examples.push(Example { title: section.title.clone(), blocks, earlier, elsewhere });
            }
        }
        page
    }
}

/// A fenced block with a path; none for any other block.
fn block(document: &Document, lines: &LineIndex, node: NodeId) -> Option<Block> {
    if document.kind(node) != (Kind::Code { fenced: true }) {
        return None;
    }
    let info = document.source(node).lines().next().unwrap_or("").trim_start_matches(['`', '~']);
    let mut block = Block { page_line: lines.line(document.span(node).start) + 1, ..Block::default() };
    for word in info.split_whitespace().skip(1) {
        match word.split_once('=') {
            Some(("path", path)) => block.path = path.to_owned(),
            Some(("elsewhere", branch)) => block.elsewhere = Some(branch.to_owned()),
            Some(("earlier", day)) => block.earlier = Some(day.to_owned()),
            Some(("branch", branch)) => block.branch = Some(branch.to_owned()),
            _ if word == "fixed" => block.fixed = true,
            _ => block.unknown_words.push(word.to_owned()),
        }
    }
    // The language may be left out.
    if let Some(path) = info.split_whitespace().next().and_then(|w| w.strip_prefix("path=")) {
        block.path = path.to_owned();
    }
    if block.path.is_empty() {
        return None;
    }
    let code = document.code_text(node);
    for (index, line) in code.split_inclusive('\n').enumerate() {
        let ending = if line.ends_with('\n') { "\n" } else { "" };
        let bare = line.trim_end_matches('\n');
        match bare.strip_suffix(MARKER).or_else(|| bare.strip_suffix(MARKER.trim_start())) {
            Some(rest) => {
                block.marked.push(index as u32 + 1);
                block.text.push_str(rest);
            }
            None => block.text.push_str(bare),
        }
        block.text.push_str(ending);
    }
    Some(block)
}
