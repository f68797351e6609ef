//! What differs between two commits, or between a commit and the work tree.

use super::run::parts;
use super::{Git, GitError, revision};
use trueup_model::base_name;

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content, mode or type is another.
    Modified,
    /// It is gone.
    Deleted,
    /// It has another path, and perhaps another content.
    Renamed,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Its path afterwards; where it was, for a file that is gone.
    pub path: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Its path before, for a file that was renamed.
    pub old_path: Option<String>,
}

/// Options that make a difference the same for every user.
pub(super) const DIFF_OPTIONS: [&str; 8] = [
    "--name-status",
    "-z",
    "-M",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "-O/dev/null",
];

impl Git {
    /// What differs between a commit and another one, or the work tree where `to` is none. Files that
    /// git does not know count in the work tree unless they are ignored. Sorted by path; two processes
    /// for the work tree.
    pub fn changes(&self, from_rev: &str, to: Option<&str>) -> Result<Vec<Change>, GitError> {
        let mut arguments = vec!["diff"];
        arguments.extend(DIFF_OPTIONS);
        arguments.push(revision(from_rev)?);
        if let Some(to) = to {
            arguments.push(revision(to)?);
        }
        arguments.push("--");
        arguments.extend(self.limit());
        let mut out = self.parsed(&self.output(&arguments)?.output);
        if to.is_none() {
            out.extend(self.listed(&["--others", "--exclude-standard"])?);
            // A file whose removal is staged and that is there again is told by both.
            out.sort();
            out.dedup_by(|next, kept| {
                let twice = next.path == kept.path;
                if twice {
                    kept.kind = ChangeKind::Modified;
                }
                twice
            });
        }
        out.sort();
        Ok(out)
    }

    /// What the work tree and the index differ in from the commit that is checked out, files that git
    /// does not know included.
    pub fn status(&self) -> Result<Vec<Change>, GitError> {
        match self.head()? {
            Some(head) => self.changes(&head, None),
            None => {
                let mut all = self.listed(&["--cached", "--others", "--exclude-standard"])?;
                all.sort();
                all.dedup();
                Ok(all)
            }
        }
    }

    /// Files that `git ls-files` lists, as new ones.
    fn listed(&self, which: &[&str]) -> Result<Vec<Change>, GitError> {
        let mut arguments = vec!["ls-files", "-z", "--full-name"];
        arguments.extend(which);
        arguments.push("--");
        arguments.extend(self.limit());
        let output = self.output(&arguments)?.output;
        let paths = parts(&output).filter_map(|path| self.inside(path));
        // A folder is a repository of its own in there, which git lists with a slash.
        let files = paths.filter(|path| !base_name(path).is_empty());
        Ok(files.map(|path| Change { path, kind: ChangeKind::Added, old_path: None }).collect())
    }

    fn parsed(&self, output: &[u8]) -> Vec<Change> {
        let mut out = Vec::new();
        let mut rest = parts(output);
        while let Some(status) = rest.next() {
            let Some(first) = rest.next() else { break };
            let second = if takes_two(status) { rest.next() } else { None };
            out.extend(self.change(status, first, second));
        }
        out
    }

    /// One change of `--name-status`; a rename into or out of the folder that was opened is an addition
    /// or a removal. None outside of it.
    pub(super) fn change(&self, status: &[u8], first: &[u8], second: Option<&[u8]>) -> Option<Change> {
        let simple = |path: String, kind: ChangeKind| Change { path, kind, old_path: None };
        match (status.first()?, second) {
            (b'R', Some(second)) => match (self.inside(first), self.inside(second)) {
                (Some(old), Some(path)) => {
                    Some(Change { path, kind: ChangeKind::Renamed, old_path: Some(old) })
                }
                (Some(old), None) => Some(simple(old, ChangeKind::Deleted)),
                (None, Some(path)) => Some(simple(path, ChangeKind::Added)),
                (None, None) => None,
            },
            (b'C', Some(second)) => self.inside(second).map(|path| simple(path, ChangeKind::Added)),
            (b'A', _) => self.inside(first).map(|path| simple(path, ChangeKind::Added)),
            (b'D', _) => self.inside(first).map(|path| simple(path, ChangeKind::Deleted)),
            _ => self.inside(first).map(|path| simple(path, ChangeKind::Modified)),
        }
    }
}

/// Whether two paths follow a status: renames and copies have an old and a new one.
pub(super) fn takes_two(status: &[u8]) -> bool {
    matches!(status.first(), Some(b'R' | b'C'))
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let letter = match self.kind {
            ChangeKind::Added => 'A',
            ChangeKind::Modified => 'M',
            ChangeKind::Deleted => 'D',
            ChangeKind::Renamed => 'R',
        };
        match &self.old_path {
            Some(old) => write!(f, "{letter} {old} -> {}", self.path),
            None => write!(f, "{letter} {}", self.path),
        }
    }
}
