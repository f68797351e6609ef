//! Bullets that others refer to: goals, scenarios, smoke checks, acceptance bullets, risks, questions.

mod all;
mod id;
mod numbers;

pub use all::{ItemRef, id_in_front};
pub use numbers::{ItemNumbers, item_id_parts};

use super::reader::Reader;
use super::support::{Grid, Piece, Text, is_left, list_items, pieces, turn};
use crate::reading::begins_with;
use id::{without_id, written_id};
use rustc_hash::FxHashSet;
use trueup_markdown::{Document, Kind, NodeId};
use trueup_template::{Token, TokenKind, generic_token, tokens_in};
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
pub(crate) fn read_acceptance(reader: &Reader<'_>) -> Vec<Item> {
    let document = reader.document;
    let found = pieces(reader, |id| turn(reader, id, of_title), of_label);
    let mut out = Vec::new();
    for run in found.chunk_by(|_, b| !b.piece.opens()) {
        let listed = run.iter().any(|f| matches!(f.piece, Piece::Item(..) | Piece::Table(_)));
        for piece in run {
            match &piece.piece {
                Piece::Item(item, paragraph) => {
                    item_of(document, *item, *paragraph, ItemKind::Acceptance, &mut out);
                }
                Piece::Table(table) => rows_of(document, *table, ItemKind::Acceptance, &mut out),
                Piece::Title(section) => {
                    let this = document.section(*section);
                    let title = Text { text: this.title.clone(), span: this.title_span };
                    if take_id(document, &title).0.is_some() {
                        push_item(document, ItemKind::Acceptance, title, None, &mut out);
                    }
                }
                Piece::Value(text) if !listed && !is_unfilled(&text.text) && !is_none(&text.text) => {
                    push_item(document, ItemKind::Acceptance, text.clone(), None, &mut out);
                }
                _ => {}
            }
        }
    }
    out.retain(|item| !is_left(reader, item.span));
    settle(&mut out);
    out
}

fn of_title(title: &str, kind: Option<&str>) -> Option<()> {
    let criteria = || {
        title.contains("criteria")
            && ["acceptance criteria", "success criteria"].iter().any(|w| title.contains(w))
    };
    let named = || {
        criteria()
            || title.contains("definition of done")
            || title.starts_with("acceptance ") && title.contains("checklist")
    };
    let fits = !matches!(kind, Some("compliance" | "changelog" | "questions"));
    (kind == Some("acceptance") || fits && named()).then_some(())
}

fn of_label(label: &str) -> Option<()> {
    let words =
        ["acceptance criteria", "acceptance", "definition of done", "success criteria", "acceptance checks"];
    words.contains(&label).then_some(())
}

/// A row's criterion: the column of that name, else the first that is no number, with its target.
fn rows_of(document: &Document, table: NodeId, kind: ItemKind, out: &mut Vec<Item>) {
    let grid = Grid::of(document, table);
    let numbered = grid.columns.first().is_some_and(|c| matches!(c.as_str(), "" | "id" | "no" | "nr" | "ac"));
    let wanted = [
        "criterion",
        "acceptance criterion",
        "criteria",
        "acceptance criteria",
        "check",
        "metric",
        "requirement",
        "scenario",
    ];
    let what = grid.column(&wanted).unwrap_or(usize::from(numbered));
    let target = grid.column(&["target", "expected", "measure", "pass condition"]).filter(|c| *c != what);
    for row in &grid.rows {
        let Some(cell) = row.cells.get(what) else { continue };
        let mut text = Text::of(document, *cell);
        if is_unfilled(&text.text) || is_none(&text.text) {
            continue;
        }
        if let Some(target) = target.and_then(|c| row.cells.get(c)) {
            text.text = format!("{}: {}", text.text, document.plain(*target).trim());
        }
        push_item(document, kind, text, None, out);
        let id = row
            .cells
            .first()
            .filter(|_| what != 0)
            .and_then(|first| take_id(document, &Text::of(document, *first)).0);
        if let (Some(id), Some(last)) = (id, out.last_mut()) {
            last.id = id;
        }
    }
}

/// The items of a list as items of a kind, an ID for each; numbering goes on from what is there. Call
/// [`settle`] when all lists are read.
pub(crate) fn items_of(document: &Document, list: NodeId, kind: ItemKind, out: &mut Vec<Item>) {
    for (item, paragraph) in list_items(document, list) {
        if let Some(below) = list_under_label(document, item, paragraph) {
            items_of_one(document, below, kind, out);
        } else {
            item_of(document, item, paragraph, kind, out);
        }
    }
}

fn items_of_one(document: &Document, list: NodeId, kind: ItemKind, out: &mut Vec<Item>) {
    for (item, paragraph) in list_items(document, list) {
        item_of(document, item, paragraph, kind, out);
    }
}

fn item_of(document: &Document, item: NodeId, paragraph: NodeId, kind: ItemKind, out: &mut Vec<Item>) {
    let done = match document.kind(item) {
        Kind::Item(done) => done,
        _ => None,
    };
    let text = Text::of(document, paragraph);
    if !is_unfilled(&text.text) && !is_none(&text.text) {
        push_item(document, kind, text, done, out);
    }
}

/// The list below an item that only names what the list holds (`- **Backend:**`).
pub(crate) fn list_under_label(document: &Document, item: NodeId, paragraph: NodeId) -> Option<NodeId> {
    let list = document.children(item).find(|n| matches!(document.kind(*n), Kind::List { .. }))?;
    if matches!(document.kind(item), Kind::Item(Some(_))) {
        return None;
    }
    let said = document.plain(paragraph);
    let said = said.trim();
    let words = said.split_whitespace().count();
    if said.ends_with('?') {
        return None;
    }
    let mut inside = document.children(paragraph);
    let bold = inside.next().is_some_and(|n| document.kind(n) == Kind::Strong) && inside.next().is_none();
    (said.ends_with(':') && words <= 8 || bold && words <= 4).then_some(list)
}

/// Whether a text is nothing but what a template leaves to be filled in.
pub(crate) fn is_unfilled(text: &str) -> bool {
    let bare = text.trim();
    let whole = |token: &Token| token.range == (0..bare.len()) && token.kind != TokenKind::Number;
    // What every placeholder that is the whole of a text begins with.
    let opens = bare.starts_with(['<', '[', '{', '.', '…', '$', '(', 'Y', 'y', 'X', 'N', '0', '#', 'T']);
    bare.is_empty()
        || generic_token(bare)
        || opens && bare.len() <= 400 && tokens_in(bare).first().is_some_and(whole)
}

/// Whether a bullet, a cell or a paragraph only says that there is nothing ("None.", "N/A — no server",
/// "None that block"); "None of the old URLs breaks" says something.
pub(crate) fn is_none(text: &str) -> bool {
    const WORDS: &[&str] = &["none", "n/a", "n.a.", "na", "nothing", "not applicable", "no", "nil"];
    const GOES_ON: &[&str] = &[
        "at",
        "beyond",
        "blocking",
        "currently",
        "for",
        "found",
        "identified",
        "known",
        "left",
        "needed",
        "open",
        "outstanding",
        "planned",
        "remain",
        "remaining",
        "required",
        "so",
        "that",
        "to",
        "yet",
    ];
    let said = text.trim().trim_start_matches(['*', '_', '(', '`', '-', ' ']);
    if said.is_empty() {
        return !text.trim().is_empty();
    }
    if said.starts_with(['—', '–']) {
        return said.chars().all(|c| matches!(c, '—' | '–'));
    }
    let Some(word) = WORDS.iter().find(|w| {
        begins_with(said, w) && !said[w.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-')
    }) else {
        return false;
    };
    let rest = said[word.len()..].trim_start_matches(['*', '_', '`', ')']);
    let next = rest.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let ended = rest.trim_start().starts_with(|c: char| !c.is_alphanumeric()) || rest.trim().is_empty();
    ended || *word != "no" && GOES_ON.iter().any(|word| next.eq_ignore_ascii_case(word))
}

/// Adds an item, taking its ID off the front of its text.
pub(crate) fn push_item(
    document: &Document,
    kind: ItemKind,
    text: Text,
    done: Option<bool>,
    out: &mut Vec<Item>,
) {
    let (id, said) = take_id(document, &text);
    if id.is_some() && is_unfilled(&said) {
        return;
    }
    let id =
        id.unwrap_or_else(|| ItemId { text: format!("{}-{}", kind.prefix(), out.len() + 1), written: None });
    out.push(Item { kind, id, text: said, done, span: text.span });
}

/// The ID in front of a text, and what it says behind it.
pub(crate) fn take_id(document: &Document, text: &Text) -> (Option<ItemId>, String) {
    match written_id(text.span.text(document.text()), text.span.start) {
        None => (None, text.text.clone()),
        Some(id) => {
            let said = without_id(&text.text, &id.text).to_owned();
            (Some(ItemId { text: id.text, written: Some(id.span) }), said)
        }
    }
}

/// Gives each item without a written ID the number of its position, or the next that nobody wrote.
pub(crate) fn settle(items: &mut [Item]) {
    let Some(kind) = items.first().map(|item| item.kind) else { return };
    settle_ids(kind, items.iter_mut().map(|item| &mut item.id));
}

/// The same for IDs that stand elsewhere than in an [`Item`].
pub(crate) fn settle_ids<'i>(kind: ItemKind, ids: impl Iterator<Item = &'i mut ItemId>) {
    let mut ids: Vec<&mut ItemId> = ids.collect();
    let mut taken: FxHashSet<u32> =
        ids.iter().filter(|id| id.written.is_some()).filter_map(|id| number_of(&id.text, kind)).collect();
    let mut next = ids.len() as u32;
    for (at, id) in ids.iter_mut().enumerate().filter(|(_, id)| id.written.is_none()) {
        let mut number = at as u32 + 1;
        while !taken.insert(number) {
            next += 1;
            number = next;
        }
        id.text = format!("{}-{number}", kind.prefix());
    }
}

/// The number of `AC-3` or `AC3`, where its letters are the kind's.
fn number_of(id: &str, kind: ItemKind) -> Option<u32> {
    id.strip_prefix(kind.prefix())?.trim_start_matches('-').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Item> {
        let document = Document::parse(text);
        let mut out = Vec::new();
        for block in document.blocks().filter(|b| matches!(document.kind(*b), Kind::List { .. })) {
            items_of(&document, block, ItemKind::Acceptance, &mut out);
        }
        settle(&mut out);
        out
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = read(text)
            .iter()
            .map(|item| {
                let mark = if item.id.written.is_some() { "" } else { "?" };
                let done = match item.done {
                    Some(true) => " x",
                    Some(false) => " o",
                    None => "",
                };
                format!("{}{mark}{done} {}", item.id.text, item.text)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn items_have_ids() {
        check("- [x] AC-1: a\n- [ ] **AC-2** b\n- c\n", &["AC-1 x a", "AC-2 o b", "AC-3? c"]);
        check("- c\n- AC-1: a\n- d\n", &["AC-4? c", "AC-1 a", "AC-3? d"]);
        check("1. US-7: a\n2. b\n", &["US-7 a", "AC-2? b"]);
        check("- [AC-01] a\n- b\n", &["AC-01 a", "AC-2? b"]);
        check("- b\n- [AC-01] a\n", &["AC-3? b", "AC-01 a"]);
    }

    #[test]
    fn only_the_items_at_the_top_are_items() {
        check("- a\n  - b\n- c\n", &["AC-1? a", "AC-2? c"]);
        check("- **Backend:**\n  - a\n    - b\n  - c\n- d\n", &["AC-1? a", "AC-2? c", "AC-3? d"]);
        check("- **Backend**\n  - a\n", &["AC-1? a"]);
        check("- [ ] Users can:\n  - a\n", &["AC-1? o Users can:"]);
    }

    #[test]
    fn what_is_not_filled_in_is_no_item() {
        check("- …\n- [ ] ...\n- &lt;what&gt;\n- [Feature 1]\n- TBD\n", &[]);
        check("- None\n", &[]);
        check("- None of the old URLs breaks\n", &["AC-1? None of the old URLs breaks"]);
        check("- [ ] \n- Users can …\n", &["AC-1? Users can …"]);
    }

    #[test]
    fn nothing_is_told_from_something() {
        for text in
            ["None", "none.", "N/A — no server", "None that block; see there", "—", "No.", "**None**", "-"]
        {
            assert!(is_none(text), "{text}");
        }
        for text in
            ["None of them breaks", "No user is logged out", "Nonetheless", "", "Nothing changes for users"]
        {
            assert!(!is_none(text), "{text}");
        }
    }

    fn check_acceptance(text: &str, expected: &[&str]) {
        let facts = crate::facts::support::testing::facts_of(text, "governance");
        let found: Vec<String> =
            facts.acceptance.iter().map(|a| format!("{} {}", a.id.text, a.text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn acceptance_by_heading_label_and_table() {
        check_acceptance(
            "# T\n## 10) Acceptance bullets (merge-ready checklist)\n- [x] AC-1: a\n- [ ] b\n",
            &["AC-1 a", "AC-2 b"],
        );
        check_acceptance(
            "# T\n## Plan\n### Phase 1\n**Acceptance:** it works.\n\n**Acceptance criteria:**\n- a\n",
            &["AC-1 it works.", "AC-2 a"],
        );
        check_acceptance(
            "# T\n## Success Criteria\n| # | Criterion | Target |\n|-|-|-|\n| AC-7 | Speed | < 5 s |\n",
            &["AC-7 Speed: < 5 s"],
        );
        check_acceptance(
            "# T\n## Acceptance criteria\n### Phase 2\n- a\n### AC-9: b\n",
            &["AC-1 a", "AC-9 b"],
        );
        check_acceptance("# T\n## Acceptance\nNone.\n", &[]);
        let template = trueup_template::builtin_text("governance").unwrap_or_default();
        let left: Vec<String> = crate::facts::support::testing::facts_of(template, "governance")
            .acceptance
            .into_iter()
            .map(|a| a.text)
            .collect();
        assert!(left.iter().all(|text| !text.contains('…')), "{left:?}");
    }

    #[test]
    fn spans_hold_the_id() {
        let text = "- [ ] **AC-2**: Ä b\n";
        let item = &read(text)[0];
        assert_eq!(item.span.text(text), "**AC-2**: Ä b");
        assert_eq!(item.id.written.map(|s| s.text(text)), Some("AC-2"));
    }
}
