//! The file manifest.

mod bullets;
mod tree;

use super::item::{is_none, is_unfilled};
use super::reader::Reader;
use super::support::{Grid, Text, code_spans};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::infer_words;
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

/// Reads the file manifest. Without a section for it, lists under a label ("Files touched:") and tables of
/// files with actions stand for one.
pub(crate) fn read(reader: &Reader<'_>) -> Vec<ManifestEntry> {
    let mut out = Vec::new();
    for section in sections_of(reader) {
        for (_, block) in reader.blocks_below(section) {
            read_block(reader.document, block, &mut out);
        }
    }
    if out.is_empty() {
        for section in reader.all_sections() {
            let blocks: Vec<NodeId> = reader.blocks(section).collect();
            read_labelled(reader.document, &blocks, &mut out);
        }
    }
    out
}

fn read_labelled(document: &Document, blocks: &[NodeId], out: &mut Vec<ManifestEntry>) {
    let mut labelled = false;
    for block in blocks {
        match document.kind(*block) {
            Kind::Paragraph => {
                let said = document.plain(*block);
                let said = said.trim();
                labelled = said.len() <= 60 && said.ends_with(':') && {
                    let words = infer_words(said);
                    words == "files" || names_files(&words)
                };
                continue;
            }
            Kind::Table if labelled || lists_actions(document, *block) => read_table(document, *block, out),
            Kind::List { .. } if labelled => bullets::read_list(document, *block, out),
            _ => {}
        }
        labelled = false;
    }
}

/// Whether a table names files and what happens to each.
fn lists_actions(document: &Document, table: NodeId) -> bool {
    let grid = Grid::of(document, table);
    let at = |name: &str| grid.columns.iter().position(|column| column == name);
    let (Some(_), Some(action)) = (at("file").or_else(|| at("path")), at("action")) else { return false };
    let cell = grid.rows.first().and_then(|row| row.cells.get(action));
    cell.is_some_and(|cell| bullets::action_of(&document.plain(*cell)).is_some())
}

/// The sections that list files: those of the kind, and others whose title says so.
fn sections_of(reader: &Reader<'_>) -> Vec<SectionId> {
    reader.sections_or_titled("manifest", |id| names_files(&reader.document.section(id).normal.core))
}

/// Whether a title names a list of files to touch ("Files to modify", "New files", "Expected file manifest").
fn names_files(core: &str) -> bool {
    const BEHIND_FILES: &[&str] =
        &["to", "touched", "changed", "modified", "added", "created", "affected", "removed", "deleted"];
    const BEFORE_FILES: &[&str] =
        &["new", "modified", "affected", "changed", "created", "touched", "deleted", "removed"];
    const BEHIND_FILE: &[&str] =
        &["manifest", "list", "changes", "inventory", "touch", "touchlist", "summary", "plan", "changed"];
    if !core.contains("file") {
        return false;
    }
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
        Kind::Paragraph => bullets::read_paragraph(document, block, out),
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

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(body: &str, expected: &[&str]) {
        let text = format!("# T\n\n## File Manifest\n\n{body}");
        check_whole(&text, expected);
    }

    fn check_whole(text: &str, expected: &[&str]) {
        let found: Vec<String> = facts_of(text, "")
            .manifest
            .iter()
            .map(|e| format!("{} {} | {}", e.action.as_deref().unwrap_or("-"), e.path, e.purpose))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn tables() {
        check(
            "| File | Action | Purpose |\n|-|-|-|\n| `a/b.ts` | Create | c |\n| New migration | Generate | |\n",
            &["Create a/b.ts | c", "Generate New migration | "],
        );
        check("| Action | File |\n|-|-|\n| **MODIFY** | `a/b.ts:12` and `c` |\n", &["MODIFY a/b.ts:12 | "]);
        check("| # | File | Change |\n|-|-|-|\n| 1 | `lib/{a,b}.ts` | c |\n", &["- lib/{a,b}.ts | c"]);
        check("| Path | Action | Purpose |\n|-|-|-|\n| … | … | … |\n", &[]);
    }

    #[test]
    fn bullets() {
        check(
            "- `a/b.ts` — c\n- NEW: `d.ts`, `e.ts`\n- **Modify** `f/*.ts`: g\n- `h.ts` *(new)* — i\n",
            &["- a/b.ts | c", "NEW d.ts | ", "NEW e.ts | ", "Modify f/*.ts | g", "new h.ts | (new) — i"],
        );
        check(
            "- Create:\n  - `a/b.ts`\n- Modify\n  - `c.ts`\n    - `d.e` changes\n",
            &["Create a/b.ts | ", "Modify c.ts | "],
        );
        check(
            "- a/b.ts\n- no change to `a/c.ts`\n- see `a.b()` for more\n- `module.entity.action`\n",
            &["- a/b.ts | "],
        );
        check("**`a/b.ts`**\n- does `c/d`\n", &["- a/b.ts | ", "- c/d | "]);
    }

    #[test]
    fn trees() {
        check(
            "```\nsrc/\n├── a.ts        # NEW: x\n├── lib/\n│   └── b.ts\n└── c/\n```\n",
            &["NEW src/a.ts | NEW: x", "- src/lib/b.ts | ", "- src/c/ | "],
        );
        check("```ts\nimport a from './b.ts'\n```\n", &[]);
    }

    #[test]
    fn lists_elsewhere() {
        let table = "| File | Action |\n|-|-|\n| `a.ts` | Create |\n";
        check_whole(&format!("# T\n\n## Design\n\n{table}"), &["Create a.ts | "]);
        check_whole(
            "# T\n\n## Design\n\n**Files to modify:**\n\n- `a.ts` — b\n\nText:\n- `c.ts`\n",
            &["- a.ts | b"],
        );
        check_whole("# T\n\n## Design\n\n| File | Line |\n|-|-|\n| `a.ts` | 1 |\n", &[]);
        check_whole("# T\n\n## Files not modified\n\n- `a.ts`\n", &[]);
        check_whole("# T\n\n### New files\n\n- `a.ts`\n", &["- a.ts | "]);
    }
}
