//! Links to files that move, and the links in them.

use crate::edits::Edits;
use rustc_hash::FxHashMap;
use trueup_engine::Workspace;
use trueup_markdown::{Document, Link};
use trueup_model::{PathIndex, base_name, folder_of, join, relative};
use trueup_text::Edit;

/// Files that move: where from and where to, both from the root.
pub type Moves = FxHashMap<String, String>;

/// Points every relative link of every Markdown file to where its target will be.
pub fn relink(workspace: &Workspace, moves: &Moves, edits: &mut Edits) {
    if moves.is_empty() {
        return;
    }
    let names: Vec<String> =
        moves.keys().flat_map(|path| [base_name(path).to_owned(), encoded(base_name(path))]).collect();
    for head in workspace.corpus.heads() {
        let moved = moves.contains_key(&*head.path);
        if !moved && !names.iter().any(|name| head.text.contains(name.as_str())) {
            continue;
        }
        let document = Document::parse(head.text.clone());
        for link in document.links() {
            let Some(span) = link.target_span else { continue };
            let written = span.text(document.text());
            if let Some(target) = repointed(&head.path, link, written, moves, &workspace.world.paths) {
                edits.push(&head.path, Edit::replace(span, target));
            }
        }
    }
}

/// The new target of a link; none where it stays as it is.
fn repointed(path: &str, link: &Link, written: &str, moves: &Moves, paths: &PathIndex) -> Option<String> {
    let cut = link.target.find(['#', '?']).unwrap_or(link.target.len());
    let (file, rest) = link.target.split_at(cut);
    if file.is_empty() || file.starts_with("//") || file.contains(':') || file.starts_with('~') {
        return None;
    }
    let decoded = decoded(file);
    let from_root = decoded.strip_prefix('/');
    let old = match from_root {
        Some(rest) => rest.to_owned(),
        None => join(folder_of(path), &decoded)?,
    };
    let old = old.trim_end_matches('/');
    let own = moves.get(path).map_or(path, String::as_str);
    let new = moves.get(old).map_or(old, String::as_str);
    if from_root.is_some() && new == old {
        return None;
    }
    // What leads nowhere now leads nowhere afterwards; nobody can tell what is meant.
    if new == old && !paths.contains(old) && !paths.is_folder(old) {
        return None;
    }
    let mut target = match from_root {
        Some(_) => format!("/{new}"),
        None if join(folder_of(own), &decoded).is_some_and(|p| p.trim_end_matches('/') == new) => {
            return None;
        }
        None => relative(folder_of(own), new),
    };
    if from_root.is_none() && decoded.starts_with("./") && !target.starts_with("../") {
        target.insert_str(0, "./");
    }
    if decoded.ends_with('/') && !target.ends_with('/') {
        target.push('/');
    }
    if written.contains('%') || target.contains(' ') && !written.contains(' ') {
        target = encoded(&target);
    }
    // The fragment as it is written, escapes and all.
    let rest = written
        .find(['#', '?'])
        .and_then(|at| written.get(at..))
        .filter(|_| !rest.is_empty())
        .unwrap_or(rest);
    Some(format!("{target}{rest}"))
}

fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The links of `specs/a.md` or another file when `specs/a.md` moves to `specs/done/a.md`.
    fn check(path: &str, text: &str, expected: &str) {
        let paths =
            PathIndex::new(["specs/a.md", "specs/b.md", "docs/x y.md", "README.md", "specs/img/p.png"]);
        let moves = Moves::from_iter([("specs/a.md".to_owned(), "specs/done/a.md".to_owned())]);
        let document = Document::parse(text);
        let edits: Vec<Edit> = document
            .links()
            .iter()
            .filter_map(|link| {
                let span = link.target_span?;
                Some(Edit::replace(span, repointed(path, link, span.text(text), &moves, &paths)?))
            })
            .collect();
        assert_eq!(trueup_text::apply_edits(text, &edits).unwrap(), expected, "{path}");
    }

    #[test]
    fn links_follow_a_move() {
        check(
            "specs/b.md",
            "[A](a.md#x) [A](./a.md) [B](b.md)",
            "[A](done/a.md#x) [A](./done/a.md) [B](b.md)",
        );
        check(
            "README.md",
            "[A](specs/a.md) [A](/specs/a.md?q) [Z](z/a.md)",
            "[A](specs/done/a.md) [A](/specs/done/a.md?q) [Z](z/a.md)",
        );
        check("README.md", "[A][1]\n\n[1]: specs/a.md \"t\"\n", "[A][1]\n\n[1]: specs/done/a.md \"t\"\n");
    }

    #[test]
    fn links_in_what_moves_lead_to_the_same_files() {
        check(
            "specs/a.md",
            "[B](b.md) ![p](img/p.png) [X](../docs/x%20y.md) [gone](gone.md) [h](#h) [w](https://a.md) [d](img/)",
            "[B](../b.md) ![p](../img/p.png) [X](../../docs/x%20y.md) [gone](gone.md) [h](#h) [w](https://a.md) [d](../img/)",
        );
        check("specs/a.md", "[self](a.md#x)", "[self](a.md#x)");
    }
}
