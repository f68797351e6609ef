//! Small parts that several readers of facts use.

mod pieces;
mod steps;

pub(crate) use pieces::{
    Found, Label, Piece, Turn, is_left, is_templates, labels, pieces, pieces_inside, said, sentences, turn,
};

pub(crate) use steps::Steps;

use super::reader::Reader;
use crate::reading::begins_with;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::infer_words;
use trueup_text::Span;

/// A text without markup, with its place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Text {
    /// The text of a node.
    pub(crate) fn of(document: &Document, node: NodeId) -> Text {
        Text { text: document.plain(node).trim().to_owned(), span: document.content_span(node) }
    }
}

/// A table by its columns.
pub(crate) struct Grid {
    /// The header's words in comparable form (`affected area`).
    pub columns: Vec<String>,
    /// The cells of each row below the header; a row may be shorter than the header.
    pub rows: Vec<GridRow>,
}

/// A row of a table.
pub(crate) struct GridRow {
    /// Its node.
    pub node: NodeId,
    /// Its cells.
    pub cells: Vec<NodeId>,
}

impl Grid {
    /// Reads a table node.
    pub(crate) fn of(document: &Document, table: NodeId) -> Grid {
        let mut rows = document.children(table);
        let columns = rows
            .next()
            .map(|header| document.children(header).map(|c| infer_words(&document.plain(c))).collect())
            .unwrap_or_default();
        let rows = rows.map(|node| GridRow { node, cells: document.children(node).collect() }).collect();
        Grid { columns, rows }
    }

    /// The first column whose header is one of the words, else the first that begins with one.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        let is = |c: &String| names.contains(&c.as_str());
        let begins =
            |c: &String| names.iter().any(|n| c.strip_prefix(n).is_some_and(|rest| rest.starts_with(' ')));
        self.columns.iter().position(is).or_else(|| self.columns.iter().position(begins))
    }
}

/// The inline code directly or deeper inside a node, in order: what it says and where it stands.
pub(crate) fn code_spans(document: &Document, node: NodeId) -> Vec<Text> {
    document
        .descendants(node)
        .filter(|n| document.kind(*n) == Kind::InlineCode)
        .map(|n| Text { text: document.own_text(n).trim().to_owned(), span: document.span(n) })
        .collect()
}

/// The items of a list with their first paragraph; deeper lists are left to the caller.
pub(crate) fn list_items(document: &Document, list: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
    document.children(list).filter_map(|item| {
        let first = document.children(item).find(|n| document.kind(*n) == Kind::Paragraph)?;
        Some((item, first))
    })
}

/// All list items anywhere below a block with their first paragraph, in document order.
pub(crate) fn items_below(document: &Document, block: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
    document.descendants(block).filter(|n| matches!(document.kind(*n), Kind::Item(_))).filter_map(|item| {
        let first = document.children(item).find(|n| document.kind(*n) == Kind::Paragraph)?;
        Some((item, first))
    })
}

/// What a block states: its paragraph, or the items of its list, each as written.
pub(crate) fn statements(document: &Document, block: NodeId) -> Vec<Text> {
    match document.kind(block) {
        Kind::Paragraph => vec![Text::of(document, block)],
        Kind::List { .. } => {
            list_items(document, block).map(|(_, first)| Text::of(document, first)).collect()
        }
        Kind::Table => document
            .children(block)
            .skip(1)
            .filter_map(|row| document.children(row).next())
            .map(|cell| Text::of(document, cell))
            .collect(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|text| !text.text.is_empty())
    .collect()
}

/// What a section declares that is none of the facts that it is there for: its sub-headings, else its
/// sentences and bullets.
pub(crate) fn declared_otherwise(reader: &Reader<'_>, section: SectionId, none: Option<&Text>) -> Vec<Text> {
    let document = reader.document;
    let titled = |id: &SectionId| {
        let this = document.section(*id);
        Text { text: this.title.clone(), span: this.title_span }
    };
    let mut out: Vec<Text> =
        reader.territory(section).iter().filter(|id| **id != section).map(titled).collect();
    if out.is_empty() {
        out = reader.blocks(section).flat_map(|block| statements(document, block)).collect();
    }
    out.retain(|text| !text.text.is_empty() && none.is_none_or(|n| !text.span.overlaps(n.span)));
    out
}

/// Whether a text says that there is nothing ("None", "N/A — reason", "No changes", "Not applicable"); the
/// rest of the sentence may give the reason.
pub(crate) fn says_none(text: &str) -> bool {
    let said = text.trim().trim_start_matches(['-', '*', '_', ' ', '(', '`']);
    let leads = [
        "n/a",
        "n.a.",
        "not applicable",
        "none",
        "nothing",
        "no change",
        "no new ",
        "no database",
        "no schema",
        "no migration",
        "no additional",
        "not needed",
        "not required",
        "does not apply",
        "—",
        "tbd: none",
    ];
    let Some(lead) = leads.into_iter().find(|lead| begins_with(said, lead)) else { return false };
    let ended = !said[lead.len()..].starts_with(char::is_alphanumeric);
    ended || lead.ends_with(' ') || matches!(lead, "no change" | "no migration" | "no schema" | "no database")
}

/// Whether a section has nothing but a sentence that it does not apply.
pub(crate) fn section_says_none(reader: &Reader<'_>, section: SectionId) -> bool {
    let document = reader.document;
    // Hardly any section begins that way: the rest is looked at only where one does.
    let next = reader.document.section(section).span;
    let first = reader.blocks(section).next().or_else(|| {
        let below = reader.territory(section).into_iter().skip(1);
        below.filter_map(|part| reader.blocks(part).next()).next()
    });
    let begins = |block: NodeId| {
        let leaf = std::iter::once(block).chain(document.descendants(block));
        let leaf = leaf.into_iter().find(|n| document.kind(*n).is_leaf_block());
        leaf.is_some_and(|n| says_none(&document.plain(n)))
    };
    if !first.is_some_and(|block| next.contains(document.span(block)) && begins(block)) {
        return false;
    }
    let blocks = reader.blocks_below(section);
    let plain = |b: NodeId| matches!(document.kind(b), Kind::Paragraph | Kind::List { .. } | Kind::Quote);
    let first = blocks.first().map(|(_, b)| *b);
    first.is_some_and(|b| says_none(&document.plain(b))) && blocks.iter().all(|(_, b)| plain(*b))
}

/// What the tests of the readers share.
#[cfg(test)]
pub(crate) mod testing {
    use crate::facts::Facts;
    use crate::settings::Settings;
    use trueup_markdown::Document;

    /// The facts of a text's first spec, read along one of the built-in templates or along none.
    pub(crate) fn facts_of(markdown: &str, template: &str) -> Facts {
        let document = Document::parse(markdown);
        let schema = trueup_template::builtin(template).map(|(_, schema)| schema).unwrap_or_default();
        let mut specs =
            crate::read_specs("a.md", &document, &schema, &Settings::default(), None, None).into_iter();
        specs.next().map(|spec| spec.facts).unwrap_or_default()
    }
}
