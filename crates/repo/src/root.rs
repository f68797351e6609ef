//! Finds the repository and reads what the rules may know of its branches.

use crate::git_dir::{Found, GitDir, Head, look_in};
use crate::git_program;
use crate::refs::{Reference, Refs};
use std::fs;
use std::path::{Path, PathBuf};

/// Names that the main branch commonly has, the likeliest first.
const COMMON_MAIN_BRANCHES: [&str; 6] = ["main", "master", "trunk", "mainline", "develop", "development"];

/// The folder from which all paths are told, and what git says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The top of the git work tree, else the folder that was asked about. Absolute, without symbolic
    /// links where the system could resolve them.
    pub path: PathBuf,
    /// What git knows; none outside a repository or where its data cannot be read.
    pub git: Option<GitInfo>,
    /// What is wrong with the repository, for people; the check goes on without that knowledge.
    pub note: Option<String>,
}

/// What the checker knows of a repository without its history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitInfo {
    /// The branch that is checked out, without `refs/heads/`; none on a detached head.
    pub branch: Option<String>,
    /// The branch that accepted specs live on, as far as the repository tells. It may exist only at
    /// the remote `origin`.
    pub main_branch: Option<String>,
    /// Whether the history was cut when cloning, so that old commits are absent.
    pub shallow: bool,
    /// Whether a commit is checked out in place of a branch, as in most pipelines and during a rebase.
    pub detached: bool,
    /// The commit that is checked out, in hexadecimal; none before the first commit.
    pub head: Option<String>,
}

/// Finds the top of the git work tree at or above `start` (a folder or a file), else `start` itself.
///
/// Reads git's own files and does not fail: what is broken is told in [`Root::note`]. Where a broken
/// `.git` is all there is, its folder is the root, since that is where the paths of links begin.
/// The variables `GIT_DIR` and `GIT_WORK_TREE` are not looked at.
pub fn find_root(start: &Path) -> Root {
    let start = absolute_folder(start);
    let mut broken: Option<(PathBuf, String)> = None;
    for folder in start.ancestors() {
        match look_in(folder) {
            Found::Nothing => {}
            Found::Broken(why) => {
                broken.get_or_insert((folder.to_path_buf(), why));
            }
            Found::Repository(dir) => {
                let (git, trouble) = describe(folder, dir);
                let why = broken.map(|(_, why)| why).or(trouble);
                return Root { path: folder.to_path_buf(), git, note: why.map(|why| note(&why)) };
            }
        }
    }
    match broken {
        Some((path, why)) => Root { path, git: None, note: Some(note(&why)) },
        None => Root { path: start, git: None, note: None },
    }
}

fn note(why: &str) -> String {
    format!(
        "the git repository is incomplete: {why}; the check goes on without what it would tell. \
         `git status` and `git fsck` tell more"
    )
}

fn absolute_folder(start: &Path) -> PathBuf {
    // On Windows the canonical form is a `\\?\` path, which people do not recognise.
    let resolved = if cfg!(windows) { std::path::absolute(start) } else { fs::canonicalize(start) };
    let absolute = resolved.or_else(|_| std::path::absolute(start)).unwrap_or_else(|_| start.to_path_buf());
    match absolute.parent() {
        Some(parent) if absolute.is_file() => parent.to_path_buf(),
        _ => absolute,
    }
}

/// What git knows, and what it should know but cannot tell.
fn describe(root: &Path, dir: GitDir) -> (Option<GitInfo>, Option<String>) {
    let shallow = fs::metadata(dir.common.join("shallow")).is_ok_and(|data| data.len() > 0);
    let (head, refs) = match dir.head {
        Head::InTable => match git_program::read_table(root) {
            Ok(read) => read,
            Err(why) => return (None, Some(why)),
        },
        head => (head, Refs::files(dir.common)),
    };
    let mut trouble = None;
    let mut info = GitInfo { shallow, ..GitInfo::default() };
    match head {
        Head::Reference(name) => {
            info.branch = name.strip_prefix("refs/heads/").map(str::to_owned);
            info.head = refs.commit(&name).unwrap_or_else(|why| {
                trouble = Some(why);
                None
            });
        }
        Head::Commit(commit) => {
            info.detached = true;
            info.head = Some(commit);
        }
        Head::InTable => {}
    }
    info.main_branch = main_branch(root, &refs, info.branch.as_deref());
    (Some(info), trouble)
}

/// The main branch: what `origin` calls its head, else a common name that exists (also as the branch
/// that is checked out but has no commit yet), else the setting `init.defaultBranch` where that is
/// the current branch: of any other branch the setting says nothing about this repository.
fn main_branch(root: &Path, refs: &Refs, current: Option<&str>) -> Option<String> {
    if let Ok(Some(Reference::Symbolic(target))) = refs.get("refs/remotes/origin/HEAD")
        && let Some(name) = target.strip_prefix("refs/remotes/origin/")
    {
        return Some(name.to_owned());
    }
    let exists = |name: &str| {
        current == Some(name)
            || refs.exists(&format!("refs/heads/{name}"))
            || refs.exists(&format!("refs/remotes/origin/{name}"))
    };
    if let Some(name) = COMMON_MAIN_BRANCHES.into_iter().find(|name| exists(name)) {
        return Some(name.to_owned());
    }
    let current = current?;
    git_program::default_branch(root).filter(|name| name == current)
}
