//! Positions in text and changes to it: byte spans, the line index and edits.
//!
//! Everything in trueup that points into a document does so with a [`Span`] of bytes. Lines and
//! columns are made at the edge, by [`LineIndex`], and never stored.

mod edit;
mod line_index;
mod span;

pub use edit::{Edit, EditError, apply_edits};
pub use line_index::{LineCol, LineIndex};
pub use span::Span;
