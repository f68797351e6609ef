//! Tests that a spec promises.

use super::reader::Reader;
use trueup_text::Span;

/// A test that a spec promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedTest {
    /// Its ID (`TC-AUTH-012`), where it has one.
    pub id: Option<String>,
    /// Its file, where one is named.
    pub path: Option<String>,
    /// What it tests.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads the testing strategy.
pub(crate) fn read(_reader: &Reader<'_>) -> Vec<PlannedTest> {
    Vec::new()
}
