//! Keys of translations.

use super::reader::Reader;
use trueup_text::Span;

/// A key of a translation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct I18nKey {
    /// The key as written; may hold a wildcard (`a.b.*`). Braces are spelt out.
    pub key: String,
    /// Its text, where one is given.
    pub text: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the keys of translations.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<I18nKey> {
    Vec::new()
}
