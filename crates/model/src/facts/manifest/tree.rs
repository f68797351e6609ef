//! Files in a drawn or indented tree inside a code block.

use super::ManifestEntry;
use super::bullets::is_path;
use trueup_markdown::{Document, NodeId};
use trueup_text::Span;

/// No path is longer; and what is read stays in proportion to the text.
const LONGEST_PATH: usize = 400;

/// A line of a tree.
struct Line<'t> {
    indent: usize,
    name: &'t str,
    note: &'t str,
    span: Span,
}

/// Reads the files of a tree with the folders above them in front.
pub(super) fn read_tree(document: &Document, code: NodeId, out: &mut Vec<ManifestEntry>) {
    let language = document.code_language(code);
    if !matches!(language, "" | "text" | "txt" | "tree" | "plaintext" | "plain") {
        return;
    }
    let span = document.code_span(code);
    let lines = lines_of(span.text(document.text()), span.start as usize);
    let mut folders: Vec<(usize, &str)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        while folders.last().is_some_and(|(indent, _)| *indent >= line.indent) {
            folders.pop();
        }
        let deeper = lines.get(at + 1).is_some_and(|next| next.indent > line.indent);
        let folder = line.name.ends_with('/') || deeper && !line.name.contains('.');
        // Nobody nests folders this deep.
        if folder && folders.len() < 32 {
            folders.push((line.indent, line.name));
            if deeper {
                continue;
            }
        }
        let name = if folder { "" } else { line.name };
        let length = folders.iter().map(|(_, folder)| folder.len() + 1).sum::<usize>() + name.len();
        if length > LONGEST_PATH {
            continue;
        }
        let path = joined(&folders, name);
        if is_path(&path) && !path.ends_with("...") {
            out.push(ManifestEntry {
                path,
                action: action_in(line.note),
                purpose: line.note.to_owned(),
                span: line.span,
            });
        }
    }
}

fn joined(folders: &[(usize, &str)], name: &str) -> String {
    let mut out = String::new();
    for (_, folder) in folders {
        out.push_str(folder.trim_end_matches('/'));
        out.push('/');
    }
    out.push_str(name);
    out
}

fn lines_of(code: &str, base: usize) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = base;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let drawn = |c: char| {
            matches!(c, '│' | '├' | '└' | '─' | '┌' | '┬' | '|' | '`' | '+' | '-' | ' ' | '\t' | '\u{a0}')
        };
        let bare = line.trim_start_matches(drawn);
        let indent = line.chars().count() - bare.chars().count();
        let bare = bare.trim_end();
        let (name, note) = match bare.split_once(char::is_whitespace) {
            Some((name, note)) => (name, note),
            None => (bare, ""),
        };
        let note = note
            .trim_start_matches([' ', '#', '/', '←', '—', '–', '-', '<', '('])
            .trim_end_matches(')')
            .trim();
        let named =
            name.contains(|c: char| c.is_alphanumeric()) && !name.starts_with('#') && !name.starts_with("//");
        if named {
            let lead = line.len() - line.trim_start_matches(drawn).len();
            out.push(Line { indent, name, note, span: Span::new(start + lead, start + lead + bare.len()) });
        }
    }
    out
}

/// `NEW`, `MODIFIED: …` in the note behind a file.
fn action_in(note: &str) -> Option<String> {
    let bare = note.trim_start_matches(['[', '(', '*']);
    let end = bare.find(|c: char| !c.is_alphabetic()).unwrap_or(bare.len());
    let word = &bare[..end];
    let known = [
        "new",
        "create",
        "created",
        "modify",
        "modified",
        "update",
        "updated",
        "add",
        "added",
        "delete",
        "deleted",
        "remove",
        "removed",
        "edit",
        "extend",
        "extended",
        "existing",
        "unchanged",
    ];
    let set_off = word.chars().all(char::is_uppercase)
        || bare[end..].is_empty()
        || bare[end..].starts_with([':', ']', ')', ',', ';']);
    (set_off && known.contains(&word.to_lowercase().as_str())).then(|| word.to_owned())
}
