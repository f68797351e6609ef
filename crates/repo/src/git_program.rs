//! The few questions that finding the root of a repository starts the `git` program for. History and
//! other branches are asked of [`crate::Git`].

use crate::git_dir::{Head, is_commit};
use crate::refs::{Reference, Refs};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The setting `init.defaultBranch`, from wherever git reads its settings.
pub(crate) fn default_branch(root: &Path) -> Option<String> {
    run(root, &["config", "--get", "init.defaultBranch"]).ok().filter(|name| !name.is_empty())
}

/// `HEAD` and the references of a repository whose references are not kept as files (`reftable`).
pub(crate) fn read_table(root: &Path) -> Result<(Head, Refs), String> {
    let head = match run(root, &["symbolic-ref", "-q", "HEAD"]) {
        Ok(name) => Head::Reference(name),
        Err(_) => Head::Commit(run(root, &["rev-parse", "-q", "--verify", "HEAD"])?),
    };
    let format = "--format=%(objectname) %(refname) %(symref)";
    let list = run(root, &["for-each-ref", format, "refs/heads", "refs/remotes/origin"])?;
    let refs = list.lines().filter_map(listed).collect::<HashMap<_, _>>();
    Ok((head, Refs::Listed(refs)))
}

/// One line `COMMIT NAME [SYMBOLIC TARGET]`; a reference name holds no space.
fn listed(line: &str) -> Option<(String, Reference)> {
    let mut parts = line.split(' ');
    let (commit, name) = (parts.next()?, parts.next()?);
    let reference = match parts.next().filter(|target| !target.is_empty()) {
        Some(target) => Reference::Symbolic(target.to_owned()),
        None => Reference::Commit(is_commit(commit).then(|| commit.to_owned())?),
    };
    Some((name.to_owned(), reference))
}

/// Runs `git` in a folder and gives its output, without the white space at its end.
fn run(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        // Set inside hooks; the folder decides here.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("the program `git` cannot be started ({e})"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(format!("`git {}` failed: {}", arguments.join(" "), told.trim()))
}
