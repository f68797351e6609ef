//! Files in bullets: `` - `a/b.ts` — purpose ``, `` - Create `a/b.ts` ``, `- NEW: a/b.ts`.

use super::ManifestEntry;
use crate::facts::support::{Text, code_spans, list_items};
use trueup_markdown::{Document, Kind, NodeId};

/// Words that say what happens to a file.
const ACTIONS: &[&str] = &[
    "create",
    "created",
    "modify",
    "modified",
    "new",
    "update",
    "updated",
    "add",
    "added",
    "delete",
    "deleted",
    "remove",
    "removed",
    "generate",
    "generated",
    "rename",
    "renamed",
    "move",
    "moved",
    "edit",
    "edited",
    "change",
    "changed",
    "extend",
    "extended",
    "reuse",
    "reused",
    "replace",
    "replaced",
    "refactor",
    "touch",
    "regenerate",
    "regenerated",
    "rewrite",
    "unchanged",
    "migrate",
    "adjust",
];

/// Reads a list with the lists below its items.
pub(super) fn read_list(document: &Document, list: NodeId, out: &mut Vec<ManifestEntry>) {
    read_level(document, list, None, 0, out);
}

/// A paragraph that begins with a path (`` **`a/b.ts`** — what changes ``).
pub(super) fn read_paragraph(document: &Document, paragraph: NodeId, out: &mut Vec<ManifestEntry>) {
    let Some(first) = document.children(paragraph).next() else { return };
    let code = match document.kind(first) {
        Kind::Strong => document.children(first).next(),
        _ => Some(first),
    };
    if code.is_some_and(|n| document.kind(n) == Kind::InlineCode) {
        read_item(document, paragraph, None, out);
    }
}

fn read_level(
    document: &Document,
    list: NodeId,
    above: Option<&str>,
    depth: usize,
    out: &mut Vec<ManifestEntry>,
) {
    // Nobody lists files deeper than this, and a file of marks only must not exhaust the stack.
    if depth > 8 {
        return;
    }
    for (item, paragraph) in list_items(document, list) {
        let found = read_item(document, paragraph, above, out);
        let label = if found { None } else { action_of(&document.plain(paragraph)) };
        for below in document.children(item).filter(|n| matches!(document.kind(*n), Kind::List { .. })) {
            let inner = label.as_deref().or(above);
            // Below a file its details are listed, not other files.
            if !found {
                read_level(document, below, inner, depth + 1, out);
            }
        }
    }
}

fn read_item(
    document: &Document,
    paragraph: NodeId,
    above: Option<&str>,
    out: &mut Vec<ManifestEntry>,
) -> bool {
    let plain = document.plain(paragraph).into_owned();
    let lower: String = plain.chars().take(12).collect::<String>().to_lowercase();
    if lower.starts_with("no change") || lower.starts_with("unchanged") || lower.starts_with("not touched") {
        return false;
    }
    let paths = paths_of(document, paragraph, &plain);
    let Some(first) = paths.first() else { return false };
    let before = plain.find(first.text.as_str()).map_or("", |at| &plain[..at]);
    let last = paths.last().unwrap_or(first);
    let behind = plain.rfind(last.text.as_str()).map_or("", |at| &plain[at + last.text.len()..]);
    let action = action_of(before).or_else(|| action_behind(behind)).or_else(|| above.map(str::to_owned));
    let purpose = behind.trim_start_matches([' ', '—', '–', '-', ':', '→', ')']).trim().to_owned();
    for path in &paths {
        out.push(ManifestEntry {
            path: path.text.clone(),
            action: action.clone(),
            purpose: purpose.clone(),
            span: document.span(paragraph),
        });
    }
    true
}

/// The files that a bullet names: code in front that reads like a path, with those joined to it by commas;
/// without code, the first word where it reads like a path.
fn paths_of(document: &Document, paragraph: NodeId, plain: &str) -> Vec<Text> {
    let codes = code_spans(document, paragraph);
    let text = document.text();
    let mut out: Vec<Text> = Vec::new();
    for code in codes {
        match out.last() {
            None if is_path(&code.text) => {
                let lead = &text[document.span(paragraph).start as usize..code.span.start as usize];
                // Far into the sentence a path is only mentioned.
                if lead.split_whitespace().count() > 8 {
                    return out;
                }
                out.push(code);
            }
            None => {}
            Some(last) => {
                let between = &text[last.span.end as usize..code.span.start as usize];
                let joined = between.trim_matches([' ', '*', '\n', '\t']);
                if !is_path(&code.text) || !matches!(joined, "," | "/" | "and" | "+" | "&" | ", and") {
                    return out;
                }
                out.push(code);
            }
        }
    }
    if out.is_empty() {
        let bare = plain.trim_start_matches(['*', ' ']);
        let bare = action_of(bare).map_or(bare, |action| {
            bare.get(action.len()..).unwrap_or("").trim_start_matches([':', ' ', '—', '–', '-', ')', ']'])
        });
        let word = bare.split_whitespace().next().unwrap_or("").trim_end_matches([',', ':', ';']);
        if is_path(word) && word.contains(['/', '.']) {
            out.push(Text { text: word.to_owned(), span: document.content_span(paragraph) });
        }
    }
    out
}

/// Whether a token reads like a path: a slash or a suffix, no call and no sentence.
pub(super) fn is_path(token: &str) -> bool {
    let bare = token.trim_end_matches('/');
    let suffixed = bare.rsplit(['/', '.']).next().is_some_and(|last| {
        bare.contains('.')
            && !last.is_empty()
            && last.len() <= 8
            && last.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*')
    });
    let sloped = bare.contains('/') || token.ends_with('/');
    let calls = token.contains(['(', ';', '=', '"', '\'']) && !sloped;
    let worded = token.contains(' ') || token.starts_with(['@', '<', '-', '#']) && !sloped;
    let address = token.starts_with("/api/") || token.starts_with("http");
    let dotted_id = !sloped && bare.matches('.').count() >= 2 && !has_known_suffix(bare);
    (sloped || suffixed && has_known_suffix(bare)) && !calls && !worded && !address && !dotted_id
}

fn has_known_suffix(token: &str) -> bool {
    const SUFFIXES: &[&str] = &[
        "ts",
        "tsx",
        "js",
        "jsx",
        "mjs",
        "cjs",
        "json",
        "md",
        "mdx",
        "sql",
        "rs",
        "py",
        "go",
        "java",
        "kt",
        "rb",
        "php",
        "cs",
        "css",
        "scss",
        "html",
        "yml",
        "yaml",
        "toml",
        "sh",
        "env",
        "txt",
        "svg",
        "png",
        "lock",
        "template",
        "snap",
        "vue",
        "svelte",
        "prisma",
        "graphql",
        "proto",
        "xml",
        "csv",
        "conf",
        "ini",
        "dockerfile",
    ];
    token
        .rsplit('.')
        .next()
        .is_some_and(|last| token.contains('.') && SUFFIXES.contains(&last.to_lowercase().as_str()))
}

/// The word in front that says what happens (`**NEW**`, `Create`, `[MODIFY]`), as written.
pub(super) fn action_of(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = bare.find(|c: char| !c.is_alphabetic()).unwrap_or(bare.len());
    let word = &bare[..end];
    ACTIONS.contains(&word.to_lowercase().as_str()).then(|| word.to_owned())
}

/// `(new)`, `— NEW: purpose` behind the path.
fn action_behind(text: &str) -> Option<String> {
    let bare = text.trim_start_matches([' ', '*', '_']);
    let opened = bare.starts_with(['(', '[', '—', '–', '-', ':']);
    let inner = bare.trim_start_matches(['(', '[', '—', '–', '-', ':', ' ', '*', '_']);
    let end = inner.find(|c: char| !c.is_alphabetic()).unwrap_or(inner.len());
    let word = &inner[..end];
    let closed = inner[end..].starts_with([':', ')', ']', ',', ';']);
    let marked = closed || !word.is_empty() && word.chars().all(char::is_uppercase);
    (opened && marked && ACTIONS.contains(&word.to_lowercase().as_str())).then(|| word.to_owned())
}
