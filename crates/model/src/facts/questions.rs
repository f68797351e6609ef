//! Open questions.

use super::item::{ItemId, ItemKind, is_none, is_unfilled, settle_ids, take_id};
use super::reader::Reader;
use super::support::{Grid, Piece, Text, is_left, labels, pieces, said, turn};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Its ID.
    pub id: ItemId,
    /// What it asks.
    pub text: String,
    /// The answer, where one stands beside it: the question is then no longer open.
    pub answer: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the open questions.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<Question> {
    let document = reader.document;
    let found = pieces(reader, |id| turn(reader, id, of_title), of_label);
    let mixed =
        |piece: &Piece| matches!(piece, Piece::Opening(id) if is_mixed(&document.section(*id).normal.core));
    let mut out: Vec<Question> = Vec::new();
    for run in found.chunk_by(|_, b| !b.piece.opens()) {
        let from = out.len();
        let beside_risks = run.first().is_some_and(|f| mixed(&f.piece));
        let listed =
            run.iter().any(|f| matches!(f.piece, Piece::Item(..) | Piece::Table(_) | Piece::Title(_)));
        // Below a heading or a paragraph that is a question stand its reasons and its answer.
        let mut asked = false;
        for piece in run {
            match &piece.piece {
                Piece::Title(section) => {
                    let this = document.section(*section);
                    let title = Text { text: this.title.clone(), span: this.title_span };
                    asked = is_question_title(document, &title);
                    if asked {
                        push(document, title, &mut out);
                    }
                }
                Piece::Item(_, paragraph) if asked => detail(document, *paragraph, from, &mut out),
                Piece::Paragraph(paragraph) if asked => detail(document, *paragraph, from, &mut out),
                Piece::Item(item, paragraph) => bullet(document, *item, *paragraph, &mut out),
                Piece::Table(table) => rows(document, *table, &mut out),
                Piece::Paragraph(paragraph) => prose(document, *paragraph, listed, &mut out),
                Piece::Value(text) => values(document, text, &mut out),
                _ => {}
            }
        }
        if beside_risks {
            let kept = out.split_off(from).into_iter();
            out.extend(kept.filter(|q| q.text.contains('?') || q.id.text.starts_with('Q')));
        }
    }
    out.retain(|question| !is_left(reader, question.span));
    settle_ids(ItemKind::Question, out.iter_mut().map(|question| &mut question.id));
    out
}

fn of_title(title: &str, kind: Option<&str>) -> Option<()> {
    if kind == Some("questions") {
        return Some(());
    }
    if !title.contains("question") {
        return None;
    }
    let open = title.contains("open question")
        && !title.starts_with("decision")
        && !title.contains("decisions locked");
    let asks = title.ends_with(" questions") && title.split(' ').count() <= 4 || title == "questions";
    let gate = title.contains("gate") || title.starts_with("phase") || title.starts_with("step");
    let fits = kind.is_none_or(|k| matches!(k, "risks" | "decisions"));
    (fits && !gate && (open || asks)).then_some(())
}

/// "Risks & open questions": only what asks is a question there.
fn is_mixed(title: &str) -> bool {
    title.contains("risk")
}

fn of_label(label: &str) -> Option<()> {
    let words = [
        "open questions",
        "open question",
        "unresolved questions",
        "remaining questions",
        "questions",
        "remaining open questions",
    ];
    words.contains(&label).then_some(())
}

/// `Q1 — Who pays?`, `3. Who pays?`, `Question 2: …`.
fn is_question_title(document: &Document, title: &Text) -> bool {
    let (id, said) = take_id(document, title);
    id.is_some() || said.trim_end().ends_with('?') || said.to_lowercase().starts_with("question ")
}

fn push(document: &Document, text: Text, out: &mut Vec<Question>) {
    let (id, said) = take_id(document, &text);
    if is_unfilled(&said) || is_none(&said) || says_all_done(&said) {
        return;
    }
    let (said, answer) = split_answer(&said);
    let text_of = |said: &str| said.trim().to_owned();
    out.push(Question {
        id: id.unwrap_or_default(),
        text: text_of(said),
        answer: answer.map(text_of),
        span: text.span,
    });
}

/// "None blocking", "All resolved", "Resolved above".
fn says_all_done(text: &str) -> bool {
    let said = text.trim().trim_start_matches(['_', '*']).to_lowercase();
    [
        "all resolved",
        "all questions",
        "all open questions",
        "all decisions",
        "none ",
        "no open questions",
        "no blocking",
        "no unresolved",
        "no outstanding",
        "no remaining",
        "resolved in",
        "there are no",
    ]
    .iter()
    .any(|lead| said.starts_with(lead))
}

fn bullet(document: &Document, item: NodeId, paragraph: NodeId, out: &mut Vec<Question>) {
    let before = out.len();
    push(document, Text::of(document, paragraph), out);
    let Some(question) = out.get_mut(before) else { return };
    if matches!(document.kind(item), Kind::Item(Some(true))) && question.answer.is_none() {
        question.answer = Some(String::new());
    }
    // `~~Who pays?~~ **The buyer.** …`
    let mut inside = document.children(paragraph).filter(|n| !document.plain(*n).trim().is_empty());
    if let Some(struck) = inside.find(|n| document.kind(*n) == Kind::Strike) {
        let end = document.span(struck).end;
        let rest =
            document.text().get(end as usize..document.content_span(paragraph).end as usize).unwrap_or("");
        let rest = said(rest);
        let struck =
            Text { text: document.plain(struck).trim().to_owned(), span: document.content_span(struck) };
        question.text = take_id(document, &struck).1;
        question.answer = Some(rest.trim_start_matches(['—', '–', '-', '→', ':', ' ', '.']).to_owned());
    }
    if question.answer.is_none() {
        question.answer = document
            .children(item)
            .filter(|n| *n != paragraph)
            .flat_map(|n| std::iter::once(n).chain(document.descendants(n)))
            .filter(|n| document.kind(*n) == Kind::Paragraph)
            .find_map(|n| answer_label(document, n));
    }
}

/// A paragraph or a bullet below a question that was given a heading.
fn detail(document: &Document, paragraph: NodeId, from: usize, out: &mut [Question]) {
    if let Some(question) = out.get_mut(from..).and_then(<[Question]>::last_mut)
        && question.answer.is_none()
    {
        question.answer = answer_label(document, paragraph);
    }
}

/// `**Answer:** …`, `Resolution — …`.
fn answer_label(document: &Document, paragraph: NodeId) -> Option<String> {
    let found = labels(document, paragraph).into_iter().find(|label| is_answer(&label.key))?;
    Some(found.value.map(|value| value.text).unwrap_or_default())
}

fn is_answer(label: &str) -> bool {
    let first = label.split(' ').next().unwrap_or("");
    matches!(first, "answer" | "answered" | "resolved" | "resolution" | "decided" | "decision")
}

/// Where the answer begins inside a question: behind `→`, or at a word that says so.
fn split_answer(said: &str) -> (&str, Option<&str>) {
    const WORDS: &[&str] = &[
        "Answer:",
        "Answered:",
        "Resolved:",
        "Resolution:",
        "Decision:",
        "Decided:",
        "RESOLVED",
        "✅",
        "Resolved (",
        "Resolved —",
        "Answer —",
        "Resolved in ",
        "Resolved as ",
        "Resolved for ",
        "Decided (",
    ];
    let word = WORDS.iter().filter_map(|w| said.find(w).map(|at| (at, *w))).min_by_key(|(at, _)| *at);
    let mark = said.find("? → ").or_else(|| said.find("? -> ")).map(|at| (at + 1, ""));
    let Some((at, word)) = word.into_iter().chain(mark).min_by_key(|(at, _)| *at) else {
        return (said, None);
    };
    let word = if word.ends_with(':') { word } else { "" };
    let answer = said[at + word.len()..].trim_start_matches(['→', ' ', '-', '>', ':', '—']);
    let asked = said[..at]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-' | '(' | '[' | '*'));
    if asked.is_empty() { (answer, Some("")) } else { (asked, Some(answer)) }
}

fn rows(document: &Document, table: NodeId, out: &mut Vec<Question>) {
    let grid = Grid::of(document, table);
    let Some(asked) =
        grid.column(&["question", "open question", "topic", "questions", "item", "issue"]).or(Some(0))
    else {
        return;
    };
    let answered = grid.column(&["answer", "resolution", "decision", "resolved", "outcome"]);
    let status = grid.column(&["status", "state"]);
    for row in &grid.rows {
        let Some(cell) = row.cells.get(asked) else { continue };
        let text = Text::of(document, *cell);
        let before = out.len();
        push(document, Text { text: text.text, span: text.span }, out);
        let Some(question) = out.get_mut(before) else { continue };
        let id = row
            .cells
            .first()
            .filter(|_| asked != 0)
            .and_then(|first| take_id(document, &Text::of(document, *first)).0);
        question.id = id.unwrap_or_else(|| std::mem::take(&mut question.id));
        let said = |column: Option<usize>| {
            let cell = column.and_then(|c| row.cells.get(c)).map(|c| document.plain(*c).trim().to_owned());
            cell.filter(|c| !c.is_empty() && !is_unfilled(c) && !is_none(c))
        };
        let closed = |s: &String| {
            let lower = s.to_lowercase();
            ["resolved", "answered", "closed", "decided", "done", "✅"].iter().any(|w| lower.starts_with(w))
        };
        let answer =
            said(answered).filter(|a| !matches!(a.to_lowercase().as_str(), "open" | "pending" | "tbd"));
        question.answer = question.answer.take().or(answer).or_else(|| said(status).filter(closed));
    }
}

/// `Q1. Who?` on a line of its own; a paragraph is a question only where nothing is listed.
fn prose(document: &Document, paragraph: NodeId, listed: bool, out: &mut Vec<Question>) {
    let content = document.content_span(paragraph);
    let source = content.text(document.text());
    let mut at = content.start as usize;
    let mut lines: Vec<Text> = Vec::new();
    for line in source.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trimmed(document.text());
        at += line.len();
        let text = Text { text: said(line), span };
        match lines.last_mut() {
            Some(last) if take_id(document, &text).0.is_none() => {
                last.text.push(' ');
                last.text.push_str(&text.text);
                last.span = last.span.cover(span);
            }
            _ => lines.push(text),
        }
    }
    for text in lines {
        let asks = text.text.trim_end().ends_with('?') && !listed;
        if take_id(document, &text).0.is_some() || asks {
            push(document, text, out);
        }
    }
}

/// `Open questions: who pays? who ships?`
fn values(document: &Document, text: &Text, out: &mut Vec<Question>) {
    push(document, text.clone(), out);
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(text, "")
            .questions
            .iter()
            .map(|q| {
                format!(
                    "{} {}{}",
                    q.id.text,
                    q.text,
                    q.answer.as_ref().map_or(String::new(), |a| format!(" => {a}"))
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_notation() {
        let head = "# T\n## Open Questions\n";
        for (text, expected) in [
            ("1. Who pays?\n2. **Q7**: Who ships?\n", vec!["Q-1 Who pays?", "Q7 Who ships?"]),
            ("1. **Who pays?**\n   - a reason\n", vec!["Q-1 Who pays?"]),
            ("- **Name**: who?\n  - **Answer:** Ann\n- b\n", vec!["Q-1 Name: who? => Ann", "Q-2 b"]),
            ("- ~~Who pays?~~ **The buyer.** As before\n", vec!["Q-1 Who pays? => The buyer. As before"]),
            ("- [x] Who pays?\n- [ ] Who ships?\n", vec!["Q-1 Who pays? => ", "Q-2 Who ships?"]),
            ("- Who pays? → the buyer\n", vec!["Q-1 Who pays? => the buyer"]),
            ("- Who pays? **Resolved:** the buyer\n", vec!["Q-1 Who pays? => the buyer"]),
            ("- Who pays? **Proposed:** the buyer\n", vec!["Q-1 Who pays? Proposed: the buyer"]),
            (
                "| # | Question | Decision |\n|-|-|-|\n| Q1 | Who? | Ann |\n| Q2 | Why? | TBD |\n",
                vec!["Q1 Who? => Ann", "Q2 Why?"],
            ),
            (
                "| Question | Status |\n|-|-|\n| Who? | Open |\n| Why? | Resolved |\n",
                vec!["Q-1 Who?", "Q-2 Why? => Resolved"],
            ),
            ("Q1. Who pays\nfor it?\nQ2. Who ships?\n", vec!["Q1 Who pays for it?", "Q2 Who ships?"]),
            (
                "### Q1 — Who pays?\n- a reason\n- **Decision:** Ann\n### Q2: Why\n",
                vec!["Q1 Who pays? => Ann", "Q2 Why"],
            ),
            ("None at this time.\n", vec![]),
            ("_None blocking._ Q1 resolved as A1.\n", vec![]),
            ("All resolved:\n- ~~a?~~ Yes\n", vec!["Q-1 a? => Yes"]),
            ("N/A\n", vec![]),
            ("- None\n", vec![]),
            ("Whether it pays is unclear?\n", vec!["Q-1 Whether it pays is unclear?"]),
        ] {
            check(&format!("{head}{text}"), &expected);
        }
        check(
            "# T\n## 6) Risks & assumptions\n- **Risks:** x\n- **Open questions:** who pays\n",
            &["Q-1 who pays"],
        );
        check("# T\n## 6) Risks & assumptions\n- **Open questions:** None.\n", &[]);
        check("# T\n## Risks & assumptions\n- **Open questions:**\n  - a\n  - b\n", &["Q-1 a", "Q-2 b"]);
        check("# T\n## Solution\n**Open questions:**\n- a\n\nMore.\n", &["Q-1 a"]);
        check("# T\n## Risks & Open Questions\n### R1 — It breaks\nx\n### Q1 — Who?\n- y\n", &["Q1 Who?"]);
        check("# T\n## Risks & Open Questions\n- It breaks.\n- Who pays?\n", &["Q-1 Who pays?"]);
        check("# T\n## Changelog\n- **Open questions:** two were added\n", &[]);
        check("# T\n## Decisions (locked via open-questions gate)\n- a\n", &[]);
    }
}
