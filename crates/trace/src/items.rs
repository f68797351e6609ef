//! What can be traced in a spec.

use std::sync::Arc;
use trueup_model::{Facts, Item, id_in_front};
use trueup_text::{LineIndex, Span};

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ItemRole {
    /// An acceptance bullet.
    Acceptance,
    /// A happy path.
    Scenario,
    /// A user story.
    Story,
    /// A smoke check.
    Smoke,
    /// A test that the spec promises.
    PlannedTest,
}

impl ItemRole {
    /// All of them.
    pub const ALL: [ItemRole; 5] =
        [ItemRole::Acceptance, ItemRole::Scenario, ItemRole::Story, ItemRole::Smoke, ItemRole::PlannedTest];

    /// What to call one of them.
    pub fn name(self) -> &'static str {
        match self {
            ItemRole::Acceptance => "acceptance",
            ItemRole::Scenario => "scenario",
            ItemRole::Story => "story",
            ItemRole::Smoke => "smoke",
            ItemRole::PlannedTest => "planned test",
        }
    }
}

/// Something that a test can prove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceItem {
    /// What it is.
    pub role: ItemRole,
    /// Its ID within the spec: `AC-3`, `TC-AUTH-012`; empty for a story or a planned test without one.
    pub id: String,
    /// Whether the ID is written in the document. One that is not may not be cited.
    pub written: bool,
    /// What it says, without the ID.
    pub text: String,
    /// The digest of what it says, as evidence names it; empty where it is not compared.
    pub digest: String,
    /// Where it stands in the spec's file.
    pub span: Span,
    /// Its line, from 1.
    pub line: u32,
}

/// A spec with what can be traced in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TracedSpec {
    /// Its name, as items are cited: `SPEC-012`, else the stem of its file.
    pub name: String,
    /// Its file, from the repository's root.
    pub path: Arc<str>,
    /// Whether another spec has taken its place.
    pub superseded: bool,
    /// Its items, in the order of the document by role.
    pub items: Vec<TraceItem>,
}

/// Everything in a spec that can be traced. `digest` gives the digest of an item's text from its ID and
/// its text.
pub fn items_of(
    facts: &Facts,
    text: &str,
    lines: &LineIndex,
    digest: &dyn Fn(&str, &str) -> String,
) -> Vec<TraceItem> {
    let item = |role: ItemRole, id: &str, written: bool, said: &str, span: Span| TraceItem {
        role,
        id: id.to_owned(),
        written,
        text: said.to_owned(),
        digest: digest(id, said),
        span,
        line: lines.line(span.start),
    };
    let listed = |role: ItemRole, items: &[Item]| -> Vec<TraceItem> {
        items.iter().map(|i| item(role, &i.id.text, i.id.written.is_some(), &i.text, i.span)).collect()
    };
    let mut out = listed(ItemRole::Acceptance, &facts.acceptance);
    out.extend(listed(ItemRole::Scenario, &facts.scenarios.scenarios));
    out.extend(facts.scenarios.stories.iter().map(|story| {
        let id = id_in_front(story.span.text(text)).map_or("", |(id, _)| id);
        item(ItemRole::Story, id, !id.is_empty(), &story.text, story.span)
    }));
    out.extend(listed(ItemRole::Smoke, &facts.observability.smoke));
    out.extend(facts.tests.iter().map(|test| {
        let id = test.id.as_deref().unwrap_or_default();
        item(ItemRole::PlannedTest, id, !id.is_empty(), &test.text, test.span)
    }));
    out
}
