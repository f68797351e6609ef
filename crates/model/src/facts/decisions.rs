//! Market reference, design decisions, alternatives.

use super::item::{is_none, is_unfilled, take_id};
use super::reader::Reader;
use super::support::{Grid, Piece, Text, Turn, is_left, labels, pieces, said, turn};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::Span;

/// A design decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What was chosen.
    pub decision: String,
    /// Why.
    pub rationale: String,
    /// Where it stands.
    pub span: Span,
}

/// An alternative that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative {
    /// The alternative.
    pub alternative: String,
    /// Why not.
    pub reason: String,
    /// Where it stands.
    pub span: Span,
}

/// Why a spec is as it is.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The market leader that was studied, and what was taken from it.
    pub market: Option<Text>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Alternatives.
    pub alternatives: Vec<Alternative>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Decision,
    /// A heading that is itself a decision (`### Decision: …`).
    Single,
    Alternative,
    Market,
    /// Anything else: only a table says by its columns that it holds decisions.
    Any,
}

/// A row, a bullet or a block: what, why, where.
type Entry = (String, String, Span);

/// Reads decisions and alternatives.
pub(crate) fn read(reader: &Reader<'_>) -> Decisions {
    let document = reader.document;
    let mut out = Decisions::default();
    let found = pieces(reader, |id| of_title(reader, id), of_label);
    for run in found.chunk_by(|a, b| a.topic == b.topic && !b.piece.opens()) {
        let topic = run[0].topic;
        let all: Vec<&Piece> = run.iter().map(|f| &f.piece).collect();
        match topic {
            Topic::Decision | Topic::Single => {
                let entries = entries(reader, &all, topic == Topic::Single, &DECISION);
                out.decisions.extend(entries.into_iter().map(|(decision, rationale, span)| Decision {
                    decision,
                    rationale,
                    span,
                }));
            }
            Topic::Alternative => {
                let entries = entries(reader, &all, false, &ALTERNATIVE);
                out.alternatives.extend(entries.into_iter().map(|(alternative, reason, span)| Alternative {
                    alternative,
                    reason,
                    span,
                }));
            }
            Topic::Market => market(document, &all, &mut out),
            Topic::Any => tables_elsewhere(document, &all, &mut out),
        }
    }
    out.market = out.market.filter(|market| !is_left(reader, market.span));
    out
}

/// Sections in which a table of decisions is somebody else's.
const ELSEWHERE: &[&str] = &["compliance", "changelog", "questions", "risks", "tests", "manifest"];

fn of_title(reader: &Reader<'_>, section: SectionId) -> Turn<Topic> {
    let this = reader.document.section(section);
    let first = this.title.split(':').next().unwrap_or("");
    if this.title.contains(':')
        && ["decision", "design decision", "architecture decision"]
            .contains(&first.trim().to_lowercase().as_str())
    {
        return Turn::Opens(Topic::Single);
    }
    match turn(reader, section, of_words) {
        Turn::Leaves if reader.kind_of(section).is_some_and(|kind| !ELSEWHERE.contains(&kind)) => {
            Turn::Opens(Topic::Any)
        }
        Turn::Goes if this.level <= 2 => Turn::Opens(Topic::Any),
        turn => turn,
    }
}

fn of_words(title: &str, kind: Option<&str>) -> Option<Topic> {
    let ends =
        |word: &str| title.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '));
    let short = title.split(' ').count() <= 5;
    let begins =
        |word: &str| title.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    match kind {
        Some("decisions") => Some(Topic::Decision),
        Some("alternatives") => Some(Topic::Alternative),
        Some("questions" | "risks" | "compliance" | "changelog" | "plan" | "manifest" | "tests") => None,
        _ if title == "market reference" || title.starts_with("market reference ") => Some(Topic::Market),
        _ if (begins("alternatives") || begins("alternative considered") || ends("alternatives"))
            && short =>
        {
            Some(Topic::Alternative)
        }
        _ if (ends("decisions")
            || begins("decisions")
            || begins("decision ledger")
            || begins("decision records"))
            && short =>
        {
            Some(Topic::Decision)
        }
        _ => None,
    }
}

fn of_label(label: &str) -> Option<Topic> {
    match label {
        "market reference" | "market references" => Some(Topic::Market),
        "design decisions" | "key decisions" | "key design decisions" | "decisions" | "locked decisions" => {
            Some(Topic::Decision)
        }
        "alternatives considered" | "alternatives" | "rejected alternatives" | "alternatives rejected" => {
            Some(Topic::Alternative)
        }
        _ => None,
    }
}

fn market(document: &Document, all: &[&Piece], out: &mut Decisions) {
    for piece in all {
        let text = match piece {
            Piece::Value(text) => text.clone(),
            Piece::Paragraph(node) | Piece::Item(_, node) => Text::of(document, *node),
            _ => continue,
        };
        if !is_unfilled(&text.text) && out.market.is_none() {
            out.market = Some(text);
            return;
        }
    }
}

/// The columns of a kind of table.
struct Columns {
    what: &'static [&'static str],
    more: &'static [&'static str],
    why: &'static [&'static str],
}

const DECISION: Columns = Columns {
    what: &[
        "decision",
        "design decision",
        "decisions",
        "topic",
        "question",
        "area",
        "aspect",
        "choice",
        "concern",
        "option",
    ],
    more: &["choice", "chosen", "resolution", "answer", "selected", "decision", "outcome"],
    why: &[
        "rationale",
        "why",
        "reason",
        "reasoning",
        "justification",
        "notes",
        "because",
        "reasons",
        "detail",
        "details",
    ],
};

const ALTERNATIVE: Columns = Columns {
    what: &["alternative", "option", "approach", "alternatives", "considered", "idea", "name", "candidate"],
    more: &[],
    why: &[
        "why rejected",
        "rejected because",
        "why not",
        "reason",
        "reason rejected",
        "rationale",
        "why",
        "rejection reason",
        "verdict",
        "reason for rejection",
        "cons",
        "decision",
        "trade off",
        "tradeoff",
        "why not chosen",
        "notes",
    ],
};

/// A table anywhere whose columns say "Decision" and "Rationale", or "Alternative" and "Why rejected".
fn tables_elsewhere(document: &Document, all: &[&Piece], out: &mut Decisions) {
    for piece in all {
        let Piece::Table(table) = piece else { continue };
        let grid = Grid::of(document, *table);
        let has = |words: &[&str]| grid.columns.iter().any(|c| words.contains(&c.as_str()));
        if has(&["decision", "design decision"]) && has(&["rationale", "why", "reason", "reasoning"]) {
            let rows = rows(document, *table, &DECISION);
            out.decisions.extend(rows.into_iter().map(|(decision, rationale, span)| Decision {
                decision,
                rationale,
                span,
            }));
        } else if has(&["alternative", "option"])
            && grid.columns.iter().any(|c| c.starts_with("why rejected") || c.starts_with("rejected"))
        {
            let rows = rows(document, *table, &ALTERNATIVE);
            out.alternatives.extend(rows.into_iter().map(|(alternative, reason, span)| Alternative {
                alternative,
                reason,
                span,
            }));
        }
    }
}

fn rows(document: &Document, table: NodeId, columns: &Columns) -> Vec<Entry> {
    let grid = Grid::of(document, table);
    let numbered =
        grid.columns.first().is_some_and(|c| matches!(c.as_str(), "" | "id" | "no" | "nr" | "d" | "ref"));
    let what = grid.column(columns.what).unwrap_or(usize::from(numbered));
    let other = |column: Option<usize>| column.filter(|c| *c != what);
    let named = |name: &&str| grid.columns.iter().position(|c| c == name);
    let why = other(columns.why.iter().find_map(named).or_else(|| grid.column(columns.why)));
    let more = other(columns.more.iter().find_map(|name| {
        grid.columns.iter().position(|c| c == name && Some(what) != grid.columns.iter().position(|w| w == c))
    }));
    let last = (why.is_none() && more.is_none()).then(|| other(Some(what + 1))).flatten();
    let mut out = Vec::new();
    for row in &grid.rows {
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|c| row.cells.get(c));
            cell.map(|c| document.plain(*c).trim().to_owned()).unwrap_or_default()
        };
        let mut decided = cell(Some(what));
        if is_unfilled(&decided) || is_none(&decided) {
            continue;
        }
        let chosen = cell(more);
        let reason = if why.is_some() { cell(why) } else { cell(last) };
        if !chosen.is_empty() {
            decided = format!("{decided}: {chosen}");
        }
        out.push((decided, reason, document.span(row.node).trimmed(document.text())));
    }
    out
}

/// Decisions or alternatives under their heading: tables, bullets, headings with text below, paragraphs
/// with a bold lead.
fn entries(reader: &Reader<'_>, all: &[&Piece], single: bool, columns: &Columns) -> Vec<Entry> {
    let document = reader.document;
    let mut out: Vec<Entry> = Vec::new();
    // The entry of the heading above, whose reason is still to come.
    let mut open: Option<Entry> = None;
    for piece in all {
        match piece {
            Piece::Opening(id) | Piece::Title(id) if single || matches!(piece, Piece::Title(_)) => {
                out.extend(open.take());
                let this = document.section(*id);
                let title = Text { text: bare_title(&this.title).to_owned(), span: this.title_span };
                open = Some((without_id(document, &title), String::new(), this.title_span));
            }
            Piece::Item(..) | Piece::Paragraph(_) | Piece::Table(_) if open.is_some() => {
                if let Some((_, why, _)) = open.as_mut()
                    && why.is_empty()
                    && let Piece::Item(_, node) | Piece::Paragraph(node) = piece
                {
                    *why = document.plain(*node).trim().to_owned();
                }
            }
            Piece::Table(table) => out.extend(rows(document, *table, columns)),
            Piece::Item(_, node) => out.extend(statement(document, *node, true)),
            Piece::Paragraph(node) => out.extend(statement(document, *node, false)),
            Piece::Value(text) => out.push((text.text.clone(), String::new(), text.span)),
            _ => {}
        }
    }
    out.extend(open);
    if out.is_empty() {
        // One alternative, or one decision, told in a paragraph.
        let told = all.iter().find_map(|piece| match piece {
            Piece::Paragraph(node) => statement(document, *node, true),
            _ => None,
        });
        out.extend(told.filter(|(what, ..)| !what.ends_with(':')));
    }
    out.retain(|(what, _, span)| !is_unfilled(what) && !is_none(what) && !is_left(reader, *span));
    out
}

/// `D1: Use a table`, `Decision: Use a table`, `A. Use a table`.
fn bare_title(title: &str) -> &str {
    let (_, rest) = trueup_markdown::strip_numbering(title.trim());
    let leads = ["Decision:", "Design decision:", "Architecture decision:", "Alternative:", "Option:"];
    leads.iter().find_map(|lead| rest.strip_prefix(lead)).unwrap_or(rest).trim()
}

fn without_id(document: &Document, text: &Text) -> String {
    take_id(document, text).1
}

/// A bullet, or a paragraph with a bold lead: what stands in front of the dash and what behind.
fn statement(document: &Document, node: NodeId, bullet: bool) -> Option<Entry> {
    let text = Text::of(document, node);
    let span = text.span;
    let whole = without_id(document, &text);
    let lead = labels(document, node).into_iter().next().filter(|label| label.bold);
    if let Some(label) = lead
        && let Some(value) = label.value
    {
        let written = label.span.text(document.text());
        let key = Text { text: said(written), span: label.span };
        let key_said = without_id(document, &key);
        // `**D1** — Use a table`: the label is only the number.
        let numbered = key_said.len() <= 4 && key_said.chars().all(|c| c.is_ascii_alphanumeric());
        if !numbered && !key_said.is_empty() {
            return Some((key_said.trim_end_matches('.').to_owned(), value.text, span));
        }
    }
    let leads_bold = document.children(node).next().is_some_and(|n| document.kind(n) == Kind::Strong);
    if !bullet && !leads_bold {
        return None;
    }
    let (what, why) = match split_reason(&whole) {
        Some((what, why)) => (what.to_owned(), why.to_owned()),
        None => (whole, String::new()),
    };
    Some((what, why, span))
}

/// Where the reason begins: behind a dash, or at "because".
fn split_reason(said: &str) -> Option<(&str, &str)> {
    let joints = [" — ", " – ", " - ", " because ", ": "];
    joints
        .iter()
        .find_map(|joint| said.split_once(joint))
        .filter(|(what, why)| !what.is_empty() && !why.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let found = facts_of(text, "architecture").decisions;
        let mut all: Vec<String> =
            found.decisions.iter().map(|d| format!("{} / {}", d.decision, d.rationale)).collect();
        all.extend(found.alternatives.iter().map(|a| format!("not {} / {}", a.alternative, a.reason)));
        all.extend(found.market.map(|m| format!("market {}", m.text)));
        assert_eq!(all, expected, "{text}");
    }

    #[test]
    fn decisions() {
        let head = "# T\n## Proposed Solution\nx\n### Design Decisions\n";
        for (text, expected) in [
            ("| Decision | Rationale |\n|-|-|\n| a | b |\n", vec!["a / b"]),
            ("| # | Decision | Choice |\n|-|-|-|\n| D1 | a | b |\n", vec!["a: b / "]),
            ("| Topic | Decision | Rationale |\n|-|-|-|\n| a | b | c |\n", vec!["a: b / c"]),
            ("- **A**: why\n- **B** — why\n- c because d\n", vec!["A / why", "B / why", "c / d"]),
            ("1. **D1: A** — why\n2. **D2** — B\n", vec!["A / why", "B / "]),
            ("#### 1. A\nwhy\n\nmore\n#### D2: B\n- why\n", vec!["A / why", "B / why"]),
            ("Intro.\n\n**A**: why\n\n**B.** why\n", vec!["A / why", "B / why"]),
            ("| Decision | Rationale |\n|-|-|\n| [Choice] | [Why this over alternatives] |\n", vec![]),
            ("None.\n", vec![]),
        ] {
            check(&format!("{head}{text}"), &expected);
        }
        check("# T\n## Architecture\n### Decision: No logout\nIt is safe.\n", &["No logout / It is safe."]);
        check("# T\n## Architecture\n| Decision | Rationale |\n|-|-|\n| a | b |\n", &["a / b"]);
        check("# T\n## Decisions (locked)\n- a\n", &["a / "]);
        check(
            "# T\n## 0. Decision Ledger (locked)\n| # | Area | Decision |\n|-|-|-|\n| 1 | a | b |\n",
            &["a: b / "],
        );
    }

    #[test]
    fn alternatives() {
        let head = "# T\n## Alternatives Considered\n";
        for (text, expected) in [
            ("| Alternative | Why Rejected |\n|-|-|\n| a | b |\n", vec!["not a / b"]),
            ("| Option | Pros | Cons | Verdict |\n|-|-|-|-|\n| a | p | c | d |\n", vec!["not a / d"]),
            ("1) a — rejected: b\n2) c\n", vec!["not a / rejected: b", "not c / "]),
            ("Strip it in the form. Narrower.\n", vec!["not Strip it in the form. Narrower. / "]),
            ("### A. Keep it\n**Rejected** — slow\n", vec!["not Keep it / Rejected — slow"]),
        ] {
            check(&format!("{head}{text}"), &expected);
        }
    }

    #[test]
    fn market_reference() {
        check("# T\n## Overview\nx\n\n> **Market Reference**: We saw\n> Odoo.\n", &["market We saw Odoo."]);
        check("# T\n## Overview\n### Market Reference: Zapier\nIt does.\n", &["market It does."]);
        check("# T\n## Overview\n**Market reference:** Odoo.\n", &["market Odoo."]);
        let text = trueup_template::builtin_text("architecture").unwrap_or_default();
        check(text, &[]);
    }
}
