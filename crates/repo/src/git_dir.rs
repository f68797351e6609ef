//! Where git keeps its data for a work tree, and what its `HEAD` says.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folders in which git keeps the data of one work tree.
#[derive(Debug)]
pub(crate) struct GitDir {
    /// Shared by all work trees: objects, references, the list of shallow commits.
    pub(crate) common: PathBuf,
    /// What this work tree has checked out.
    pub(crate) head: Head,
}

/// What `HEAD` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// The full name of a reference, as `refs/heads/main`. It need not exist yet.
    Reference(String),
    /// A commit, without a branch.
    Commit(String),
    /// The references are kept in a binary table that only the `git` program reads.
    InTable,
}

/// What stands at `.git` in a folder.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// Something that git would not accept; the text says what.
    Broken(String),
    /// The data of a work tree.
    Repository(GitDir),
}

/// Looks for `.git` in one folder, without looking above it.
pub(crate) fn look_in(folder: &Path) -> Found {
    let dot_git = folder.join(".git");
    let own = match fs::metadata(&dot_git) {
        Ok(data) if data.is_dir() => dot_git,
        Ok(data) if data.is_file() => match pointed_to(folder, &dot_git) {
            Ok(own) => own,
            Err(why) => return Found::Broken(why),
        },
        Ok(_) => return Found::Broken(format!("{} is neither a folder nor a file", dot_git.display())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Found::Nothing;
        }
        Err(error) => return Found::Broken(format!("{} cannot be read ({error})", dot_git.display())),
    };
    match open(&own) {
        Ok(dir) => Found::Repository(dir),
        Err(why) => Found::Broken(why),
    }
}

/// Follows a `.git` file, as linked work trees and submodules have it: one line `gitdir: PATH`.
fn pointed_to(folder: &Path, dot_git: &Path) -> Result<PathBuf, String> {
    let text =
        fs::read_to_string(dot_git).map_err(|e| format!("{} cannot be read ({e})", dot_git.display()))?;
    let Some(target) = text.strip_prefix("gitdir:").map(str::trim).filter(|target| !target.is_empty()) else {
        return Err(format!("the file {} is not of the form `gitdir: PATH`", dot_git.display()));
    };
    let own = folder.join(target);
    if own.is_dir() {
        Ok(own)
    } else {
        Err(format!("the file {} points to {}, which is not there", dot_git.display(), own.display()))
    }
}

/// Accepts a folder as git does: a valid `HEAD`, `objects/` and `refs/`.
fn open(own: &Path) -> Result<GitDir, String> {
    let head_file = own.join("HEAD");
    let text = fs::read(&head_file).map_err(|e| format!("{} cannot be read ({e})", head_file.display()))?;
    let common = common_dir(own);
    for needed in ["objects", "refs"] {
        if !common.join(needed).is_dir() {
            return Err(format!("{} has no folder `{needed}`", common.display()));
        }
    }
    let head = parse_head(&String::from_utf8_lossy(&text))
        .ok_or_else(|| format!("{} names neither a branch nor a commit", head_file.display()))?;
    Ok(GitDir { common, head })
}

/// The folder shared by all work trees; a linked work tree names it in its file `commondir`.
fn common_dir(own: &Path) -> PathBuf {
    match fs::read_to_string(own.join("commondir")) {
        Ok(text) => own.join(text.trim()),
        Err(_) => own.to_path_buf(),
    }
}

/// The work trees of the repository whose top `root` is, as far as they stand below it: git keeps
/// the path of each `.git` file in `worktrees/NAME/gitdir`.
pub(crate) fn other_work_trees(root: &Path) -> Vec<PathBuf> {
    let Found::Repository(dir) = look_in(root) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(dir.common.join("worktrees")) else { return Vec::new() };
    let tops = entries.flatten().filter_map(|entry| {
        let listed = fs::read_to_string(entry.path().join("gitdir")).ok()?;
        // Relative where git was told so; canonical, to be compared. One that was removed by hand
        // stays listed but is not found.
        let dot_git = fs::canonicalize(entry.path().join(listed.trim_end())).ok()?;
        dot_git.parent().map(Path::to_path_buf)
    });
    tops.filter(|top| top != root && top.starts_with(root)).collect()
}

fn parse_head(text: &str) -> Option<Head> {
    let text = text.trim();
    match text.strip_prefix("ref:").map(str::trim) {
        // What git writes into `HEAD` of a repository with the `reftable` format.
        Some("refs/heads/.invalid") => Some(Head::InTable),
        Some(name) => is_reference(name).then(|| Head::Reference(name.to_owned())),
        None => is_commit(text).then(|| Head::Commit(text.to_owned())),
    }
}

/// Whether a name may be looked up as a path below the git folder.
pub(crate) fn is_reference(name: &str) -> bool {
    name.starts_with("refs/") && !name.split('/').any(|part| part.is_empty() || part.starts_with('.'))
}

/// Whether a text is a full commit name: SHA-1 or SHA-256 in hexadecimal.
pub(crate) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_kind_of_head() {
        let commit = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        assert_eq!(parse_head("ref: refs/heads/a/b\n"), Some(Head::Reference("refs/heads/a/b".into())));
        assert_eq!(parse_head(&format!("{commit}\n")), Some(Head::Commit(commit.into())));
        assert_eq!(parse_head("ref: refs/heads/.invalid\n"), Some(Head::InTable));
        for broken in ["", "ref: ", "ref: ../../etc/passwd", "ref: refs/../../x", "4b825d", "\0\0\0"] {
            assert_eq!(parse_head(broken), None, "{broken:?}");
        }
    }
}
