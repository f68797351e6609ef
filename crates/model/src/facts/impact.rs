//! What the changelog of the product will say.

use super::reader::Reader;
use super::support::{Piece, Text, Turn, is_left, pieces, said, sentences, turn};
use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// The impact on the product's changelog.
#[derive(Clone, Debug, Default)]
pub struct ChangelogImpact {
    /// Entries under Added, Changed, Fixed and the like.
    pub entries: Vec<ImpactEntry>,
    /// The sentence that says that users see nothing of it.
    pub none: Option<Text>,
    /// The section's title.
    pub span: Span,
}

/// An entry of the changelog to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImpactEntry {
    /// `Added`, `Changed`, `Deprecated`, `Removed`, `Fixed`, `Security`.
    pub category: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

const CATEGORIES: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/// Reads the changelog impact.
pub(crate) fn read(reader: &Reader<'_>) -> Option<ChangelogImpact> {
    let section = *reader.sections("changelog-impact").first()?;
    let document = reader.document;
    let span = document.section(section).title_span;
    let mut out = ChangelogImpact { entries: Vec::new(), none: None, span };
    let found = pieces(
        reader,
        |id| match turn(reader, id, |_, kind| (kind == Some("changelog-impact")).then_some(None)) {
            Turn::Goes => {
                category_of(&document.section(id).title).map_or(Turn::Goes, |c| Turn::Opens(Some(c)))
            }
            turn => turn,
        },
        |label| category_of(label).map(Some),
    );
    let inside = document.section(section).span;
    for piece in found {
        // The labels of other sections (`Security:`) are not meant.
        if !inside.contains_offset(place(document, &piece.piece).start) {
            continue;
        }
        match (&piece.piece, piece.topic) {
            (Piece::Item(_, node) | Piece::Paragraph(node), Some(category)) => {
                let text = Text::of(document, *node);
                out.entries.push(ImpactEntry {
                    category: category.to_owned(),
                    text: text.text,
                    span: text.span,
                });
            }
            (Piece::Value(text), Some(category)) => {
                out.entries.push(ImpactEntry {
                    category: category.to_owned(),
                    text: text.text.clone(),
                    span: text.span,
                });
            }
            (Piece::Item(_, node) | Piece::Paragraph(node), None) => prose(document, *node, &mut out),
            _ => {}
        }
    }
    out.entries.retain(|entry| !is_left(reader, entry.span));
    Some(out)
}

fn place(document: &Document, piece: &Piece) -> Span {
    match piece {
        Piece::Opening(id) | Piece::Title(id) => document.section(*id).title_span,
        Piece::Label(span) => *span,
        Piece::Value(text) => text.span,
        Piece::Paragraph(node) | Piece::Item(_, node) | Piece::Table(node) | Piece::Code(node) => {
            document.span(*node)
        }
    }
}

fn category_of(word: &str) -> Option<&'static str> {
    CATEGORIES.into_iter().find(|c| c.eq_ignore_ascii_case(word.trim()))
}

/// `Under **Added**: "…"`, `**Fixed:** …` inside a sentence; or that there is nothing to say.
fn prose(document: &Document, paragraph: NodeId, out: &mut ChangelogImpact) {
    let end = document.content_span(paragraph).end;
    let marks: Vec<(NodeId, &'static str)> = document
        .children(paragraph)
        .filter(|n| matches!(document.kind(*n), Kind::Strong | Kind::InlineCode | Kind::Emphasis))
        .filter_map(|n| Some((n, category_of(document.plain(n).trim_end_matches(':'))?)))
        .collect();
    for (at, (mark, category)) in marks.iter().enumerate() {
        let from = document.span(*mark).end;
        let to = marks.get(at + 1).map_or(end, |(next, _)| document.span(*next).start);
        if let Some(text) = entry_between(document, from, to) {
            out.entries.push(ImpactEntry {
                category: (*category).to_owned(),
                text: text.text,
                span: text.span,
            });
        }
    }
    if marks.is_empty() && out.none.is_none() && out.entries.is_empty() {
        let text = Text::of(document, paragraph);
        if says_no_change(&text.text) {
            out.none = Some(text);
        }
    }
}

/// What is quoted behind a category, else the sentence behind its colon.
fn entry_between(document: &Document, from: u32, to: u32) -> Option<Text> {
    let source = document.text().get(from as usize..to as usize)?;
    let skipped = source.len() - source.trim_start_matches([':', ' ', '*', '_', '\n', '—', '–']).len();
    let colon = source[..skipped].contains([':', '—', '–']);
    let rest = &source[skipped..];
    let quoted = rest.chars().next().filter(|c| matches!(c, '"' | '“' | '„' | '«'));
    let (start, end) = match quoted {
        Some(open) => {
            // A quotation inside the quotation: the last closing mark in front of the next sentence ends it.
            let inner = open.len_utf8();
            let close = closing_quote(&rest[inner..])?;
            (inner, inner + close)
        }
        None if colon => (0, sentences(rest).first().map_or(rest.len(), |s| s.end as usize)),
        None => return None,
    };
    let entry = rest.get(start..end)?;
    let span =
        Span::new(from as usize + skipped + start, from as usize + skipped + end).trimmed(document.text());
    let text = said(entry);
    (!text.is_empty()).then_some(Text { text, span })
}

/// Where a quotation ends: at the first closing mark behind a sentence's end, else at the last one.
fn closing_quote(text: &str) -> Option<usize> {
    let is_close = |c: char| matches!(c, '"' | '”' | '“' | '»');
    let mut last = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if is_close(c) {
            if matches!(before, '.' | '!' | '?') {
                return Some(at);
            }
            last = Some(at);
        }
        before = c;
    }
    last
}

/// Whether a text says that users see nothing of it.
pub(crate) fn says_no_change(text: &str) -> bool {
    let said = text.trim().trim_start_matches(['*', '_', '(', '"']).to_lowercase();
    let begins = |lead: &str| {
        said.strip_prefix(lead)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    ["none", "no", "n/a", "not applicable", "nothing", "no changes", "internal only"].into_iter().any(begins)
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let impact =
            facts_of(&format!("# T\n## 13) Changelog impact\n{text}\n## Other\n**Security:** x\n"), "")
                .impact
                .unwrap_or_default();
        let mut found: Vec<String> =
            impact.entries.iter().map(|e| format!("{}: {}", e.category, e.text)).collect();
        found.extend(impact.none.map(|none| format!("none {}", none.text)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn entries_and_none() {
        check(
            "Yes. Under **Added**: \"Staff can\nnote it.\" Under **Fixed**: \"A \"Place\" click.\" Both stand there.",
            &["Added: Staff can note it.", "Fixed: A \"Place\" click."],
        );
        check("### Added\n- a\n- b\n### Fixed\n- c", &["Added: a", "Added: b", "Fixed: c"]);
        check("**Added:** a\n**Changed:** b", &["Added: a", "Changed: b"]);
        check("- **Added**: a\n- **Removed** — b", &["Added: a", "Removed: b"]);
        check("**Added**\n- a", &["Added: a"]);
        check("Yes. Under **Added**: `a check` with b. It stands elsewhere.", &["Added: a check with b."]);
        check("None; users see nothing of it.", &["none None; users see nothing of it."]);
        check("No user-visible change.", &["none No user-visible change."]);
        check("N/A — internal", &["none N/A — internal"]);
        check("Yes, later lines under **Changed** in the file.", &[]);
        check("", &[]);
    }
}
