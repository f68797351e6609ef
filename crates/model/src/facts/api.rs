//! Endpoints: what the API section declares.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// What a spec says of its API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// Endpoints in document order, one for each method.
    pub endpoints: Vec<Endpoint>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// An endpoint that a spec declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// The method in capitals; `CRUD` is spelt out before.
    pub method: String,
    /// The path as written, query included.
    pub path: String,
    /// What it does, where that is said beside it.
    pub summary: String,
    /// The request as written (`{ name: string }`, a JSON block).
    pub request: Option<Text>,
    /// The response as written.
    pub response: Option<Text>,
    /// Where it is declared.
    pub span: Span,
}

/// Reads the API section.
pub(crate) fn read(_reader: &Reader<'_>) -> Api {
    Api::default()
}
