//! What branches hold that are not merged into the one that is checked out.

use super::changes::{DIFF_OPTIONS, takes_two};
use super::history::Tokens;
use super::run::text_of;
use super::{Branch, ChangeKind, Git, GitError};
use std::fs;
use std::path::Path;

/// A file that commits of another branch have added or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileElsewhere {
    /// The branch, by its place in the list that was asked about.
    pub branch: usize,
    /// Path from the folder that was opened.
    pub path: String,
    /// Whether it was added, changed, or got this name.
    pub kind: ChangeKind,
}

impl Git {
    /// Branches with commits that the one checked out does not hold, changed after a time (seconds since
    /// 1970). Copies of the current branch at a remote are left out, and of a branch that is here and at a
    /// remote with the same commit only one is given. Starts nothing where there is one reference only.
    pub fn unmerged(&self, since: i64, current: Option<&str>) -> Result<Vec<Branch>, GitError> {
        if !self.has_several_references() || self.head()?.is_none() {
            return Ok(Vec::new());
        }
        let mut branches = self.branches_where(&["--no-merged=HEAD"])?;
        branches.retain(|branch| branch.time >= since && Some(branch.name.as_str()) != current);
        let mut seen: Vec<(String, String)> = Vec::new();
        branches.retain(|branch| {
            let key = (branch.name.clone(), branch.commit.clone());
            let new = !seen.contains(&key);
            seen.push(key);
            new
        });
        Ok(branches)
    }

    /// The files below some folders (all where none is named) that commits of the branches have added,
    /// changed or renamed and that the one checked out lacks the commit of; each file once for a branch, in
    /// one process for all branches. A commit that two of them hold counts for one.
    pub fn changed_on(&self, branches: &[Branch], folders: &[&str]) -> Result<Vec<FileElsewhere>, GitError> {
        let mut out: Vec<FileElsewhere> = Vec::new();
        if branches.is_empty() {
            return Ok(out);
        }
        let names: Vec<String> = branches.iter().map(Branch::reference).collect();
        let mut input: String = names.iter().flat_map(|name| [name.as_str(), "\n"]).collect();
        input.push_str("^HEAD\n--\n");
        let limits = folders.iter().filter(|folder| !folder.is_empty() && !folder.contains('\n'));
        let limits: Vec<String> = limits.map(|folder| self.outside(folder)).collect();
        let whole = folders.is_empty() || folders.iter().any(|folder| folder.is_empty());
        let paths = if whole { self.limit().map(str::to_owned).into_iter().collect() } else { limits };
        input.extend(paths.iter().flat_map(|path| [path.as_str(), "\n"]));
        let mut arguments = vec!["log", "--stdin", "--format=tformat:%x01%S", "--diff-filter=AMR"];
        arguments.extend(["--no-notes", "--no-decorate", "--no-follow"]);
        arguments.extend(DIFF_OPTIONS);
        let mut branch = 0;
        let mut seen = rustc_hash::FxHashSet::default();
        let ended = self.run().stream(&arguments, input.as_bytes(), |reader| {
            let mut tokens = Tokens::new(reader);
            while let Some(first) = tokens.next()? {
                match first.strip_prefix(b"\n").unwrap_or(&first) {
                    [] => {}
                    [1, source @ ..] => {
                        let source = text_of(source);
                        branch = names.iter().position(|name| *name == source).unwrap_or(usize::MAX);
                    }
                    status => {
                        let status = status.to_vec();
                        let path = tokens.needed()?;
                        let second = if takes_two(&status) { Some(tokens.needed()?) } else { None };
                        let change = self.change(&status, &path, second.as_deref());
                        // The newest commits come first; that a file is new is told by its oldest.
                        let Some(change) = change.filter(|_| branch < names.len()) else { continue };
                        if seen.insert((branch, change.path.clone(), change.kind)) {
                            out.push(FileElsewhere { branch, path: change.path, kind: change.kind });
                        }
                    }
                }
            }
            Ok(())
        })?;
        match ended.code {
            Some(0) => Ok(out),
            _ => Err(ended.failed("log --stdin")),
        }
    }

    /// Whether there may be more than one branch, here or at remotes; read from git's files.
    fn has_several_references(&self) -> bool {
        if self.common.join("reftable").is_dir() {
            return true;
        }
        let packed = fs::read_to_string(self.common.join("packed-refs")).unwrap_or_default();
        let packed = packed.lines().filter(|line| {
            let name = line.split(' ').nth(1).unwrap_or_default();
            name.starts_with("refs/heads/") || name.starts_with("refs/remotes/")
        });
        let mut found = packed.take(2).count();
        for folder in ["refs/heads", "refs/remotes"] {
            count_files(&self.common.join(folder), &mut found, 0);
        }
        found > 1
    }
}

/// Counts files up to two; deeper than names of branches go there are none.
fn count_files(folder: &Path, found: &mut usize, depth: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if *found > 1 || depth > 32 {
            return;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => count_files(&entry.path(), found, depth + 1),
            _ if entry.file_name() == "HEAD" => {}
            _ => *found += 1,
        }
    }
}
