//! The file manifest.

mod bullets;
mod tree;

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Grid, Text, code_spans};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_text::Span;

/// A file that the work touches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManifestEntry {
    /// The path as written, without marks.
    pub path: String,
    /// The action as written (`Create`, `MODIFY`).
    pub action: Option<String>,
    /// What changes.
    pub purpose: String,
    /// The row or bullet.
    pub span: Span,
}

/// Reads the file manifest.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<ManifestEntry> {
    let mut out = Vec::new();
    for section in sections_of(reader) {
        for (_, block) in reader.blocks_below(section) {
            read_block(reader.document, block, &mut out);
        }
    }
    out
}

/// The sections that list files: those of the kind, and others whose title says so.
fn sections_of(reader: &Reader<'_>) -> Vec<SectionId> {
    let document = reader.document;
    let mut out = reader.sections("manifest");
    let by_title = reader.all_sections().filter(|id| reader.kind_of(*id).is_none());
    let by_title: Vec<SectionId> =
        by_title.filter(|id| names_files(&document.section(*id).normal.core)).collect();
    out.extend(by_title);
    out.sort();
    let mut end = 0;
    out.retain(|id| {
        let span = document.section(*id).span;
        let outside = span.start >= end;
        end = end.max(span.end);
        outside
    });
    out
}

/// Whether a title names a list of files to touch ("Files to modify", "New files", "Expected file manifest").
fn names_files(core: &str) -> bool {
    const BEHIND_FILES: &[&str] =
        &["to", "touched", "changed", "modified", "added", "created", "affected", "removed", "deleted"];
    const BEFORE_FILES: &[&str] =
        &["new", "modified", "affected", "changed", "created", "touched", "deleted", "removed"];
    const BEHIND_FILE: &[&str] =
        &["manifest", "list", "changes", "inventory", "touch", "touchlist", "summary", "plan", "changed"];
    let words: Vec<&str> = core.split(' ').collect();
    if words.iter().any(|word| matches!(*word, "not" | "agents" | "reviewed" | "reference")) {
        return false;
    }
    let pair = |first: &str, second: &[&str]| {
        words.windows(2).any(|pair| pair[0] == first && second.contains(&pair[1]))
    };
    let before = words.windows(2).any(|pair| BEFORE_FILES.contains(&pair[0]) && pair[1] == "files");
    words.len() <= 6 && (pair("files", BEHIND_FILES) || before || pair("file", BEHIND_FILE))
}

fn read_block(document: &Document, block: NodeId, out: &mut Vec<ManifestEntry>) {
    match document.kind(block) {
        Kind::Table => read_table(document, block, out),
        Kind::List { .. } => bullets::read_list(document, block, out),
        Kind::Code { .. } => tree::read_tree(document, block, out),
        _ => {}
    }
}

fn read_table(document: &Document, table: NodeId, out: &mut Vec<ManifestEntry>) {
    let grid = Grid::of(document, table);
    let file = grid.column(&["file", "path", "files", "file path", "file s", "paths", "location", "module"]);
    let action = grid.column(&[
        "action",
        "operation",
        "change type",
        "type of change",
        "op",
        "status",
        "type",
        "kind",
    ]);
    let Some(file) = file else { return };
    const PURPOSES: &[&str] = &[
        "purpose",
        "change",
        "changes",
        "what changes",
        "what it does",
        "description",
        "notes",
        "reason",
        "why",
        "summary",
        "details",
        "role",
        "responsibility",
        "content",
        "fix",
    ];
    let purpose = grid.column(PURPOSES).filter(|at| *at != file);
    for row in &grid.rows {
        let Some(cell) = row.cells.get(file) else { continue };
        let Some(path) = path_of(document, *cell) else { continue };
        let text_at = |at: Option<usize>| {
            at.and_then(|at| row.cells.get(at)).map(|cell| document.plain(*cell).trim().to_owned())
        };
        out.push(ManifestEntry {
            path: path.text,
            action: text_at(action).filter(|text| !text.is_empty()),
            purpose: text_at(purpose).unwrap_or_default(),
            span: document.span(row.node),
        });
    }
}

/// The first code of a cell, else what the cell says.
fn path_of(document: &Document, cell: NodeId) -> Option<Text> {
    let code = code_spans(document, cell).into_iter().find(|code| !code.text.is_empty());
    let text = code.unwrap_or_else(|| Text::of(document, cell));
    let nothing = is_unfilled(&text.text) || is_none(&text.text);
    (!nothing).then_some(text)
}
