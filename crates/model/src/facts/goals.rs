//! Goals, non-goals and what is out of scope.

use super::item::{Item, ItemKind, is_none, is_unfilled, push_item, settle};
use super::reader::Reader;
use super::support::{Found, Grid, Piece, Text, Turn, is_left, pieces, turn};
use trueup_markdown::{Document, Kind, NodeId, SectionId};

/// What a spec wants and what not.
#[derive(Clone, Debug, Default)]
pub struct Goals {
    /// Goals.
    pub goals: Vec<Item>,
    /// Non-goals.
    pub non_goals: Vec<Text>,
    /// What is out of scope.
    pub out_of_scope: Vec<Text>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Goal,
    NonGoal,
    OutOfScope,
}

/// Reads goals, non-goals and scope.
pub(crate) fn read(reader: &Reader<'_>) -> Goals {
    let found = pieces(reader, |section| of_title(reader, section), of_label);
    let document = reader.document;
    let mut out = Goals::default();
    for run in found.chunk_by(|a, b| a.topic == b.topic && !b.piece.opens()) {
        let topic = run[0].topic;
        for (text, done) in statements(document, run) {
            if is_left(reader, text.span) {
                continue;
            }
            match topic {
                Topic::Goal => push_item(document, ItemKind::Goal, text, done, &mut out.goals),
                Topic::NonGoal => out.non_goals.push(text),
                Topic::OutOfScope => out.out_of_scope.push(text),
            }
        }
    }
    settle(&mut out.goals);
    out
}

/// What a phase, a test or a risk wants is not what the spec wants.
const ELSEWHERE: &[&str] = &["plan", "manifest", "tests", "risks", "compliance", "changelog", "api", "i18n"];

fn of_title(reader: &Reader<'_>, section: SectionId) -> Turn<Topic> {
    let title = &reader.document.section(section).normal.core;
    let outside = matches!(of_words(title), Some(Topic::NonGoal | Topic::OutOfScope));
    if is_elsewhere(reader, section, if outside { PARTS } else { ELSEWHERE }) {
        return Turn::Leaves;
    }
    turn(reader, section, |title, kind| match of_words(title) {
        None if kind == Some("goals") => Some(Topic::Goal),
        None if kind == Some("out-of-scope") => Some(Topic::OutOfScope),
        // Under the heading that a template gives to both, the labels decide.
        topic => topic.filter(|_| kind.is_none_or(|k| k == "goals" || k == "out-of-scope")),
    })
}

/// What a phase leaves out may be in the next phase.
const PARTS: &[&str] = &["plan", "changelog"];

fn is_elsewhere(reader: &Reader<'_>, section: SectionId, elsewhere: &[&str]) -> bool {
    let document = reader.document;
    let mut at = document.section(section).parent;
    // Nobody nests deeper than six levels.
    while let Some(id) = at {
        let above = document.section(id);
        if reader.kind_of(id).is_some_and(|kind| elsewhere.contains(&kind))
            || names_a_part(&above.normal.core)
        {
            return true;
        }
        at = above.parent;
    }
    false
}

/// Whether a title names a phase, a step or the like.
fn names_a_part(title: &str) -> bool {
    let first = title.split(' ').next().unwrap_or("");
    matches!(first, "phase" | "step" | "story" | "workstream" | "slice" | "milestone" | "task" | "part")
}

fn of_label(label: &str) -> Option<Topic> {
    // `**Goal:** …` opens a phase as often as a spec; there the heading has to say it.
    if label == "goal" { None } else { of_words(label) }
}

fn of_words(words: &str) -> Option<Topic> {
    // Hardly any label begins with one of these: the rest need not be compared with whole phrases.
    let first = words.split(' ').next().unwrap_or("");
    if !matches!(
        first,
        "non"
            | "nongoals"
            | "explicit"
            | "not"
            | "anti"
            | "out"
            | "explicitly"
            | "scope"
            | "what"
            | "whats"
            | "intentionally"
            | "goals"
            | "goal"
            | "objectives"
            | "objective"
            | "primary"
            | "key"
            | "project"
            | "mvp"
            | "design"
            | "main"
            | "core"
    ) {
        return None;
    }
    let begins =
        |start: &str| words.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    if ["non goals", "non goal", "nongoals", "explicit non goals", "not goals", "anti goals"]
        .iter()
        .any(|w| begins(w))
    {
        return Some(Topic::NonGoal);
    }
    let outside = [
        "out of scope",
        "explicitly out of scope",
        "not in scope",
        "scope exclusions",
        "what is out of scope",
        "whats out of scope",
        "intentionally out of scope",
        "not in this spec",
    ];
    if outside.contains(&words) || begins("out of scope") && words.split(' ').count() <= 7 {
        return Some(Topic::OutOfScope);
    }
    let wanted = [
        "goals",
        "goal",
        "objectives",
        "objective",
        "primary goals",
        "primary goal",
        "key goals",
        "project goals",
        "goals and non goals",
        "goals non goals",
        "mvp goals",
        "design goals",
        "main goals",
        "core goals",
    ];
    wanted.contains(&words).then_some(Topic::Goal)
}

/// What the pieces of one topic say: its bullets and rows, else its paragraphs.
fn statements(document: &Document, run: &[Found<Topic>]) -> Vec<(Text, Option<bool>)> {
    let listed = run.iter().any(|f| matches!(f.piece, Piece::Item(..) | Piece::Table(_)));
    let mut out: Vec<(Text, Option<bool>)> = Vec::new();
    for found in run {
        match &found.piece {
            Piece::Item(item, paragraph) => {
                let done = match document.kind(*item) {
                    Kind::Item(done) => done,
                    _ => None,
                };
                out.push((Text::of(document, *paragraph), done));
            }
            Piece::Table(table) => out.extend(rows(document, *table).into_iter().map(|text| (text, None))),
            Piece::Paragraph(paragraph) if !listed => out.push((Text::of(document, *paragraph), None)),
            Piece::Value(text) if !listed => out.push((text.clone(), None)),
            _ => {}
        }
    }
    out.retain(|(text, _)| !is_unfilled(&text.text) && !is_none(&text.text));
    out
}

/// The first telling cell of each row.
fn rows(document: &Document, table: NodeId) -> Vec<Text> {
    let grid = Grid::of(document, table);
    let numbered = grid.columns.first().is_some_and(|c| matches!(c.as_str(), "" | "id" | "no" | "nr"));
    let column =
        grid.column(&["goal", "non goal", "item", "objective", "feature"]).unwrap_or(usize::from(numbered));
    grid.rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| Text::of(document, *cell)).collect()
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found = facts_of(text, "").goals;
        let mut all: Vec<String> = Vec::new();
        all.extend(found.goals.iter().map(|g| format!("{} {}", g.id.text, g.text)));
        all.extend(found.non_goals.iter().map(|t| format!("not {}", t.text)));
        all.extend(found.out_of_scope.iter().map(|t| format!("out {}", t.text)));
        assert_eq!(all, expected, "{text}");
    }

    #[test]
    fn goals_by_label_and_by_heading() {
        check(
            "# T\n## 2) Goals and non\u{2011}goals\n**Goals** (must happen):\n- [ ] a\n- [x] G-7: b\n\n**Non\u{2011}goals** (explicitly *not* doing):\n- c\n\n> Note: d\n",
            &["G-1 a", "G-7 b", "not c"],
        );
        check(
            "# T\n## Goals\n1. a\n2. b\n### Non-Goals\n- c\n## Out of Scope\n- d\n",
            &["G-1 a", "G-2 b", "not c", "out d"],
        );
        check("# T\n## TLDR\n**Scope:**\n- a\n\n**Out of scope (v1):**\n- b\n\nText.\n", &["out b"]);
        check("# T\n## Goals\n| Goal | How |\n|--|--|\n| a | x |\n", &["G-1 a"]);
        check("# T\n## Goal\nMake it so.\n", &["G-1 Make it so."]);
        check("# T\n## TLDR\n**Out of scope:** a and b.\n\n- **Non-goals:** c\n", &["not c", "out a and b."]);
        check("# T\n## Goals & Non-Goals\n- **Goal:** a\n- b\n", &["G-1 Goal: a", "G-2 b"]);
        check("# T\n## Scope\n### In scope\n- a\n### Out of scope\n- b\n", &["out b"]);
    }

    #[test]
    fn what_is_no_goal() {
        check("# T\n## Implementation Plan\n### Phase 1: A\n#### Goal\nShip it.\n**Goal**: x\n", &[]);
        check("# T\n## API Contracts\n### Out of Scope (Phase 1)\n- No x.\n", &["out No x."]);
        check("# T\n## Goals\n- …\n- [ ] ...\n## Out of scope\nNone.\n", &[]);
        check("", &[]);
    }
}
