//! Bullets that others refer to: goals, scenarios, smoke checks, acceptance bullets, risks, questions.

use super::reader::Reader;
use super::support::{Text, list_items, says_none};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// What an item is; decides the letters of its ID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ItemKind {
    /// A goal: `G-1`.
    Goal,
    /// A happy path: `SC-1`.
    Scenario,
    /// A smoke check: `SM-1`.
    Smoke,
    /// An acceptance bullet: `AC-1`.
    Acceptance,
    /// A risk: `R-1`.
    Risk,
    /// An open question: `Q-1`.
    Question,
}

impl ItemKind {
    /// All kinds.
    pub const ALL: [ItemKind; 6] = [
        ItemKind::Goal,
        ItemKind::Scenario,
        ItemKind::Smoke,
        ItemKind::Acceptance,
        ItemKind::Risk,
        ItemKind::Question,
    ];

    /// The letters in front of the number.
    pub fn prefix(self) -> &'static str {
        match self {
            ItemKind::Goal => "G",
            ItemKind::Scenario => "SC",
            ItemKind::Smoke => "SM",
            ItemKind::Acceptance => "AC",
            ItemKind::Risk => "R",
            ItemKind::Question => "Q",
        }
    }

    /// What to call one of them.
    pub fn name(self) -> &'static str {
        match self {
            ItemKind::Goal => "goal",
            ItemKind::Scenario => "scenario",
            ItemKind::Smoke => "smoke check",
            ItemKind::Acceptance => "acceptance bullet",
            ItemKind::Risk => "risk",
            ItemKind::Question => "open question",
        }
    }
}

/// The name under which an item is cited (`SPEC-012#AC-3`).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ItemId {
    /// `AC-3`
    pub text: String,
    /// Where it is written; none for a provisional ID, which is the item's position and may not be cited
    /// by evidence.
    pub written: Option<Span>,
}

/// A bullet with an ID.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its ID.
    pub id: ItemId,
    /// What it says, without the ID.
    pub text: String,
    /// The check box, where it has one: whether it is ticked.
    pub done: Option<bool>,
    /// Its first paragraph, the ID included.
    pub span: Span,
}

/// Acceptance bullets.
pub(crate) fn read_acceptance(_reader: &Reader<'_>) -> Vec<Item> {
    Vec::new()
}

/// The items of a list as items of a kind, an ID for each; numbering goes on from what is there.
pub(crate) fn items_of(document: &Document, list: NodeId, kind: ItemKind, out: &mut Vec<Item>) {
    for (item, paragraph) in list_items(document, list) {
        let done = match document.kind(item) {
            Kind::Item(done) => done,
            _ => None,
        };
        let text = Text::of(document, paragraph);
        if text.text.is_empty() || out.is_empty() && says_none(&text.text) {
            continue;
        }
        push_item(document, kind, text, done, out);
    }
}

/// Adds an item, taking its ID off the front of its text.
pub(crate) fn push_item(
    _document: &Document,
    kind: ItemKind,
    text: Text,
    done: Option<bool>,
    out: &mut Vec<Item>,
) {
    let id = ItemId { text: format!("{}-{}", kind.prefix(), out.len() + 1), written: None };
    out.push(Item { kind, id, text: text.text, done, span: text.span });
}
