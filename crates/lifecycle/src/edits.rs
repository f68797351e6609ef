//! Edits of several files, collected before any of them is made.

use std::collections::BTreeMap;
use trueup_text::{Edit, EditError, apply_edits};

/// Edits by path. Of two that touch the same bytes the first counts.
#[derive(Clone, Debug, Default)]
pub struct Edits(BTreeMap<String, Vec<Edit>>);

impl Edits {
    /// Adds an edit of a file.
    pub fn push(&mut self, path: &str, edit: Edit) {
        let list = self.0.entry(path.to_owned()).or_default();
        if !list.iter().any(|other| touches(other, &edit)) {
            list.push(edit);
        }
    }

    /// The files that are edited.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text of a file afterwards.
    pub fn applied(&self, path: &str, text: &str) -> Result<String, EditError> {
        match self.0.get(path) {
            Some(edits) => apply_edits(text, edits),
            None => Ok(text.to_owned()),
        }
    }
}

fn touches(a: &Edit, b: &Edit) -> bool {
    let overlap = a.span.start < b.span.end && b.span.start < a.span.end;
    let inside = |outer: &Edit, at: u32| outer.span.start < at && at < outer.span.end;
    overlap || a.span == b.span || inside(a, b.span.start) || inside(b, a.span.start)
}
