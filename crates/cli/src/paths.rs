//! From the paths that people give to paths from the repository's root, and back.

use crate::failure::Failure;
use std::path::{Component, Path, PathBuf};
use trueup_engine::{Workspace, nearest};
use trueup_model::{base_name, folder_of, relative};

/// A path without symbolic links, where the system can resolve them; absolute in any case.
pub(crate) fn real(path: &Path) -> PathBuf {
    // On Windows the canonical form is a `\\?\` path, which the engine's root is not.
    let resolved = if cfg!(windows) { std::path::absolute(path) } else { std::fs::canonicalize(path) };
    resolved.or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}

/// The text of a list of paths that `--tree` names.
pub(crate) fn read_tree_list(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::new(format!("the list of paths {} cannot be read: {error}", path.display()))
            .help("`--tree` takes a file as `git ls-files` writes it")
    })?;
    // A name that is not UTF-8 cannot be linked to; the others still can.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A path from the root with `/`; empty for the root itself, none outside of it.
fn below(root: &Path, absolute: &Path) -> Option<String> {
    let rest = absolute.strip_prefix(root).ok()?;
    let mut parts: Vec<String> = Vec::new();
    for part in rest.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

/// A path as given, from the root. The file itself may be a link or need not be there; its folders are
/// resolved as far as they exist.
pub(crate) fn from_root(root: &Path, folder: &Path, given: &Path) -> Result<String, Failure> {
    let absolute = folder.join(given);
    let mut existing = absolute.as_path();
    let mut missing: Vec<&std::ffi::OsStr> = Vec::new();
    let resolved = loop {
        match (existing.file_name(), existing.parent()) {
            // The last part stays as it is: a link inside the root may be listed under its own name.
            (Some(name), Some(parent)) => {
                missing.push(name);
                existing = parent;
                if existing.exists() {
                    break real(existing);
                }
            }
            _ => break real(existing),
        }
    };
    let resolved = missing.iter().rev().fold(resolved, |path, name| path.join(name));
    if let Some(path) = below(root, &resolved) {
        return Ok(path);
    }
    below(root, &real(&absolute)).ok_or_else(|| outside(root, given))
}

fn outside(root: &Path, given: &Path) -> Failure {
    let name = if given.is_dir() { given.display().to_string() } else { "DIR".to_owned() };
    Failure::new(format!("{} lies outside the repository at {}", given.display(), root.display()))
        .help(format!("`trueup -C {name} …` runs in another repository"))
}

/// Whether one path from the root is the other or a folder above it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A path from the root as it is written in the current folder.
pub(crate) fn shown(root: &Path, folder: &Path, path: &str) -> String {
    match below(root, folder) {
        Some(here) => relative(&here, path),
        None => root.join(path).display().to_string(),
    }
}

/// A path that is not there, with the one that was probably meant.
pub(crate) fn not_there(workspace: &Workspace, folder: &Path, given: &Path, path: &str) -> Failure {
    let failure = Failure::new(format!("there is no file or folder {}", given.display()));
    let heads = || workspace.corpus.heads().iter().map(|head| head.path.as_ref());
    let same_name = heads().find(|other| base_name(other) == base_name(path));
    // A slip in the name is likelier than one in the folders.
    let beside: Vec<&str> = heads().filter(|other| folder_of(other) == folder_of(path)).collect();
    let alike = || nearest(path, beside.iter().copied()).or_else(|| nearest(path, heads()));
    let folders = || nearest(path, heads().map(folder_of).filter(|folder| !folder.is_empty()));
    match same_name.or_else(alike).or_else(folders) {
        Some(other) => failure.help(format!("did you mean {}?", shown(&workspace.root, folder, other))),
        None => failure
            .help("paths are given from the current folder; without any, the whole repository is checked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root() {
        let root = Path::new("/repo");
        assert_eq!(below(root, Path::new("/repo/a/b.md")).as_deref(), Some("a/b.md"));
        assert_eq!(below(root, Path::new("/repo")).as_deref(), Some(""));
        assert_eq!(below(root, Path::new("/repo/a/../b")).as_deref(), Some("b"));
        assert_eq!(below(root, Path::new("/repo/../b")), None);
        assert_eq!(below(root, Path::new("/repository/b")), None);
        assert_eq!(shown(root, Path::new("/repo/docs"), "docs/a.md"), "a.md");
        assert_eq!(shown(root, Path::new("/repo/docs"), "src/a.md"), "../src/a.md");
    }

    #[test]
    fn a_folder_holds_itself_and_what_is_below() {
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("x", ""));
        assert!(!is_within("ab", "a"));
    }
}
