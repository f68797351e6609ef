//! Environment variables and settings.

use super::reader::Reader;
use trueup_text::Span;

/// A setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its name (`OM_CACHE_TTL`).
    pub name: String,
    /// Whether it is an environment variable.
    pub env: bool,
    /// Its default, where one is given.
    pub default: Option<String>,
    /// What is said of it.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads environment variables and settings.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<Setting> {
    Vec::new()
}
