//! One Markdown file as a lossless block tree.
//!
//! [`Document::parse`] reads CommonMark with the GitHub extensions (tables, task lists, strike-through,
//! footnotes, alerts) and YAML front matter. It never fails: every text has a tree. Each node knows the
//! bytes it came from, and the source is kept, so nothing is lost.
//!
//! The tree is one vector in document order. A node's subtree is the run of nodes that follows it up to
//! its `end`, so walking needs no recursion and dropping ten thousand nested quotes needs no stack.

mod anchor;
mod builder;
mod front_matter;
mod html;
mod section;
mod table;
mod title;
mod tree;

pub use anchor::{AnchorSet, slug};
pub use front_matter::front_matter_span;
pub use html::{Comment, html_ids};
pub use section::{Section, SectionId};
pub use table::{TableRow, split_row};
pub use title::{NormalTitle, ascii_words, normalise_title, strip_numbering};
pub use tree::{Document, Kind, Link, LinkForm, Node, NodeId};

#[cfg(test)]
mod tests {
    use super::*;

    /// Paragraphs of a text by their source.
    fn paragraphs(text: &str) -> Vec<String> {
        let document = Document::parse(text);
        let all = document.descendants(document.root());
        all.filter(|n| document.kind(*n) == Kind::Paragraph)
            .map(|n| document.source(n).trim().to_owned())
            .collect()
    }

    #[test]
    fn the_text_of_a_tight_item_ends_where_its_last_mark_does() {
        assert_eq!(
            paragraphs("- see [a](b)\n- **Key:** *v*\n- `c`\n"),
            ["see [a](b)", "**Key:** *v*", "`c`"]
        );
    }

    #[test]
    fn tabs_behind_a_fence_close_it() {
        let document = Document::parse("```\ncode\n```\t\n\n## After\n");
        assert_eq!(document.sections().len(), 1);
    }

    #[test]
    fn sections_know_their_own_blocks() {
        let document = Document::parse("# T\n\nintro\n\n## A\n\n- x\n\n### B\n\ny\n\n## C\n");
        let own: Vec<usize> = document.sections().iter().map(|s| s.blocks(&document).count()).collect();
        assert_eq!(own, [1, 1, 1, 0]);
        assert_eq!(document.sections()[2].parent, Some(SectionId(1)));
    }

    #[test]
    fn front_matter_and_byte_order_marks_are_no_markdown() {
        let document = Document::parse("\u{feff}---\na: 1\n---\n# T\n");
        assert_eq!(document.front_matter().map(|s| s.text(document.text())), Some("a: 1\n"));
        assert_eq!(document.sections()[0].title, "T");
        assert_eq!(Document::parse("---\n\n# T\n").front_matter(), None);
    }
}
