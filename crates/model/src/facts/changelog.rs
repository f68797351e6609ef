//! The changelog or version history of the spec itself.

use super::reader::Reader;
use crate::date::Date;
use trueup_text::Span;

/// An entry of the changelog or version history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeEntry {
    /// Its day.
    pub date: Option<Date>,
    /// The heading, cell or lead of the bullet as written (`Review — 2026-03-02`).
    pub label: String,
    /// What it says.
    pub text: String,
    /// Its heading, row or bullet.
    pub span: Span,
}

/// Reads the changelog.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<ChangeEntry> {
    Vec::new()
}
