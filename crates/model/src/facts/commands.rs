//! Commands and events by their IDs.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// How surely a spec brings something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Declaration {
    /// New, or nothing is said.
    #[default]
    New,
    /// There before and changed.
    Modified,
    /// There before and used.
    Existing,
    /// Named in passing only.
    Mentioned,
}

/// A command or an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedId {
    /// The ID as written (`sales.order.create`, `createOrder`).
    pub id: String,
    /// How surely the spec brings it.
    pub declaration: Declaration,
    /// What is said beside it.
    pub text: String,
    /// Payload or input, where it is said.
    pub payload: Option<Text>,
    /// Where it stands.
    pub span: Span,
}

/// Commands and events of a spec.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Commands.
    pub commands: Vec<NamedId>,
    /// Events that are emitted.
    pub events: Vec<NamedId>,
    /// Events of others that are listened to.
    pub consumed: Vec<NamedId>,
}

/// Reads commands and events.
pub(crate) fn read(_reader: &Reader<'_>) -> Vocabulary {
    Vocabulary::default()
}
