//! Happy paths and user stories.

use super::item::{Item, ItemKind, is_none, is_unfilled, items_of, push_item, settle, take_id};
use super::reader::Reader;
use super::support::{Grid, Piece, Text, Turn, is_left, pieces, turn};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::Span;

/// A user story.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Story {
    /// Who.
    pub actor: String,
    /// Wants what.
    pub action: String,
    /// So that.
    pub benefit: String,
    /// The whole sentence.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Happy paths and user stories.
#[derive(Clone, Debug, Default)]
pub struct Scenarios {
    /// Happy paths.
    pub scenarios: Vec<Item>,
    /// User stories.
    pub stories: Vec<Story>,
}

/// Reads happy paths and user stories.
pub(crate) fn read(reader: &Reader<'_>) -> Scenarios {
    let mut out = Scenarios { scenarios: scenarios(reader), stories: Vec::new() };
    // Below a heading that is a story stand its steps.
    let mut steps = false;
    for found in pieces(reader, |id| turn_of(reader, id), of_label) {
        let before = out.stories.len();
        match found.piece {
            Piece::Item(..) | Piece::Paragraph(_) | Piece::Table(_) if steps => continue,
            _ => stories_of(reader.document, &found.piece, &mut out.stories),
        }
        steps = matches!(found.piece, Piece::Title(_)) && out.stories.len() > before
            || steps && !is_heading(&found.piece);
    }
    out.scenarios.retain(|scenario| !is_left(reader, scenario.span));
    out.stories.retain(|story| !is_left(reader, story.span));
    settle(&mut out.scenarios);
    out
}

fn is_heading(piece: &Piece) -> bool {
    piece.opens() || matches!(piece, Piece::Title(_))
}

fn scenarios(reader: &Reader<'_>) -> Vec<Item> {
    let document = reader.document;
    let mut out = Vec::new();
    for section in reader.sections("scenarios") {
        for part in reader.territory(section) {
            let this = document.section(part);
            let before = out.len();
            for block in reader.blocks(part) {
                if matches!(document.kind(block), Kind::List { .. })
                    && (part == section || out.len() == before)
                {
                    items_of(document, block, ItemKind::Scenario, &mut out);
                }
            }
            // `### Scenario 1: A buyer …` is the scenario, and its list the steps.
            if part != section {
                out.truncate(before);
                let text = Text { text: this.title.clone(), span: this.title_span };
                push_item(document, ItemKind::Scenario, text, None, &mut out);
            }
        }
    }
    out
}

/// What a story is accepted by is no story.
fn turn_of(reader: &Reader<'_>, section: SectionId) -> Turn<()> {
    let title = &reader.document.section(section).normal.core;
    let accepts = title.contains("definition of done") || title.contains("acceptance criteria");
    if accepts { Turn::Leaves } else { turn(reader, section, of_title) }
}

fn of_title(title: &str, kind: Option<&str>) -> Option<()> {
    let worded = title.starts_with("user stor")
        || title.starts_with("use case")
        || title.starts_with("key user stor")
        || title.ends_with(" user stories")
        || title.ends_with(" use cases");
    // `### Use case 1: …` is itself one.
    let one = title.split(' ').any(|word| word.bytes().all(|b| b.is_ascii_digit()));
    (kind == Some("stories") || kind.is_none() && worded && !one).then_some(())
}

fn of_label(label: &str) -> Option<()> {
    matches!(label, "user stories" | "use cases" | "user stories use cases" | "user story").then_some(())
}

fn stories_of(document: &Document, piece: &Piece, out: &mut Vec<Story>) {
    match piece {
        Piece::Item(_, paragraph) => push(document, Text::of(document, *paragraph), out),
        Piece::Paragraph(paragraph) => {
            let text = Text::of(document, *paragraph);
            if story_of(&text).is_some_and(|story| !story.actor.is_empty()) {
                push(document, text, out);
            }
        }
        Piece::Value(text) => push(document, text.clone(), out),
        Piece::Title(section) => {
            let this = document.section(*section);
            let named = ["uc", "us", "story", "use case", "user story"].iter().any(|w| {
                this.normal
                    .core
                    .strip_prefix(w)
                    .is_some_and(|rest| rest.starts_with([' ', '1', '2', '3', '4', '5']))
            });
            if named || story_of(&Text { text: this.title.clone(), span: this.title_span }).is_some() {
                push(document, Text { text: this.title.clone(), span: this.title_span }, out);
            }
        }
        Piece::Table(table) => rows(document, *table, out),
        _ => {}
    }
}

fn push(document: &Document, text: Text, out: &mut Vec<Story>) {
    if is_unfilled(&text.text) || is_none(&text.text) {
        return;
    }
    let (_, said) = take_id(document, &text);
    let said = Text { text: said, span: text.span };
    let plain = || Story {
        actor: String::new(),
        action: String::new(),
        benefit: String::new(),
        text: said.text.clone(),
        span: said.span,
    };
    out.push(story_of(&said).unwrap_or_else(plain));
}

/// `As a | I want | So that`, or whatever columns come nearest.
fn rows(document: &Document, table: NodeId, out: &mut Vec<Story>) {
    let grid = Grid::of(document, table);
    let actor = grid.column(&["as a", "as", "user", "role", "actor", "persona", "who"]);
    let action = grid.column(&[
        "i want",
        "i want to",
        "wants to",
        "want",
        "action",
        "story",
        "use case",
        "wants",
        "goal",
    ]);
    let benefit = grid.column(&["so that", "benefit", "value", "why", "outcome"]);
    if action.is_none() && actor.is_none() {
        return;
    }
    for row in &grid.rows {
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|c| row.cells.get(c));
            cell.map(|c| document.plain(*c).trim().to_owned()).unwrap_or_default()
        };
        let span = document.span(row.node);
        let cells: Vec<String> = row.cells.iter().map(|c| document.plain(*c).trim().to_owned()).collect();
        let text = cells.join(" | ");
        let parts = Story { actor: cell(actor), action: cell(action), benefit: cell(benefit), text, span };
        if !parts.action.is_empty() || !parts.actor.is_empty() {
            out.push(parts);
        }
    }
}

/// Takes a sentence apart: `X wants to Y so that Z`, `As an X, I want to Y so that Z`, `X can Y`.
fn story_of(text: &Text) -> Option<Story> {
    let said = text.text.trim().trim_end_matches('.');
    let (actor, rest) = as_a(said).or_else(|| wants(said))?;
    let (action, benefit) = so_that(rest);
    Some(Story {
        actor: actor.trim().trim_end_matches(',').to_owned(),
        action: action.trim().trim_end_matches([',', ';']).to_owned(),
        benefit: benefit.trim().to_owned(),
        text: text.text.clone(),
        span: text.span,
    })
}

fn as_a(said: &str) -> Option<(&str, &str)> {
    let leads = ["As a ", "As an ", "As the ", "as a ", "as an ", "As "];
    let rest = leads.iter().find_map(|lead| said.strip_prefix(lead))?;
    let verbs = [
        " I want to ",
        " I want ",
        " I need to ",
        " I need ",
        " I can ",
        " I would like to ",
        " I'd like to ",
        " we want to ",
        " we want ",
        " I should ",
        " I ",
    ];
    let (at, verb) = first_of(rest, &verbs)?;
    Some((&rest[..at], &rest[at + verb.len()..]))
}

fn wants(said: &str) -> Option<(&str, &str)> {
    let verbs = [
        " wants to ",
        " wants ",
        " want to ",
        " want ",
        " needs to ",
        " needs ",
        " need to ",
        " can ",
        " must be able to ",
        " should be able to ",
        " expects ",
    ];
    let (at, verb) = first_of(said, &verbs)?;
    let actor = &said[..at];
    (actor.split_whitespace().count() <= 10 && !actor.contains(['.', ':', ';']))
        .then(|| (actor, &said[at + verb.len()..]))
}

/// The words that come first in a text.
fn first_of<'w>(text: &str, words: &[&'w str]) -> Option<(usize, &'w str)> {
    let found = words.iter().filter_map(|w| text.find(w).map(|at| (at, *w)));
    // Of two that begin at one place the longer says more.
    found.min_by_key(|(at, w)| (*at, usize::MAX - w.len()))
}

fn so_that(rest: &str) -> (&str, &str) {
    let joints = [" so that ", ", so that ", " so ", " in order to ", " because "];
    match first_of(rest, &joints[..2]).or_else(|| first_of(rest, &joints[2..])) {
        Some((at, joint)) => (&rest[..at], &rest[at + joint.len()..]),
        None => (rest, ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found = facts_of(text, "").scenarios;
        let mut all: Vec<String> =
            found.scenarios.iter().map(|s| format!("{} {}", s.id.text, s.text)).collect();
        all.extend(found.stories.iter().map(|s| {
            if s.actor.is_empty() {
                s.text.clone()
            } else {
                format!("{} | {} | {}", s.actor, s.action, s.benefit)
            }
        }));
        assert_eq!(all, expected, "{text}");
    }

    #[test]
    fn stories_are_taken_apart() {
        let head = "# T\n## User Stories / Use Cases\n";
        for (text, expected) in [
            (
                "- **A buyer** wants to **send it back** so that **they pay less**\n",
                "A buyer | send it back | they pay less",
            ),
            ("- As an admin, I want to see all, so that none is lost.\n", "admin | see all | none is lost"),
            ("- As a rep, I want two boards so my team sees one.\n", "rep | two boards | my team sees one"),
            ("1. **US-3**: Staff want a list\n", "Staff | a list | "),
            ("- A subscriber can rely on it.\n", "A subscriber | rely on it | "),
            ("- Repeated requests are refused.\n", "Repeated requests are refused."),
            ("As a user, I can log in so that I work.\n", "user | log in | I work"),
            ("| As a | I want | So that |\n|-|-|-|\n| buyer | a list | I see |\n", "buyer | a list | I see"),
            ("### UC-1: Book a slot\n- a step\n", "Book a slot"),
            ("- As an admin, I keep the page.\n", "admin | keep the page | "),
        ] {
            check(&format!("{head}{text}"), &[expected]);
        }
        check(
            "# T\n## User Stories\n### 1. Staff\n- A wants b\n### 2. Rest\n- C wants d\n",
            &["A | b | ", "C | d | "],
        );
        check("# T\n## User Stories\n- A wants b\n### MVP definition of done\n- c\n", &["A | b | "]);
        check("# T\n## Use Case Examples\n### Use Case 1: Close it\n- a step\n", &["Use Case 1: Close it"]);
        check("# T\n## User Stories\nN/A\n", &[]);
    }

    #[test]
    fn happy_paths() {
        check(
            "# T\n## 4) Happy\u{2011}path scenarios\nText.\n1. As a buyer, I buy and see it.\n2. SC-9: b\n",
            &["SC-1 As a buyer, I buy and see it.", "SC-9 b"],
        );
        check(
            "# T\n## Scenarios\n### Scenario 1: Buy\n1. a\n2. b\n### Scenario 2: Sell\n",
            &["SC-1 Scenario 1: Buy", "SC-2 Scenario 2: Sell"],
        );
    }
}
