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
pub use title::{NormalTitle, normalise_title, strip_numbering};
pub use tree::{Document, Kind, Link, LinkForm, Node, NodeId};
