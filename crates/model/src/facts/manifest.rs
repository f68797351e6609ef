//! The file manifest.

use super::reader::Reader;
use trueup_text::Span;

/// A file that the work touches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManifestEntry {
    /// The path as written, without marks.
    pub path: String,
    /// The action as written (`Create`, `MODIFY`).
    pub action: Option<String>,
    /// What changes.
    pub purpose: String,
    /// The row or bullet.
    pub span: Span,
}

/// Reads the file manifest.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<ManifestEntry> {
    Vec::new()
}
