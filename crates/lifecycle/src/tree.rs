//! Whether the work tree is fit for a change.

use crate::failure::Failure;
use globset::{Glob, GlobSetBuilder};
use std::path::{Path, PathBuf};
use trueup_engine::Workspace;
use trueup_evidence::{EVIDENCE_FOLDER, file_stem};
use trueup_repo::{FileChange, Git, Journal};

/// What a change of files has to respect.
#[derive(Clone, Copy, Debug)]
pub struct TreeOptions {
    /// Also change files with changes that are not committed.
    pub allow_dirty: bool,
    /// Whether a commit is to be made.
    pub commit: bool,
}

/// Whether files may be changed: no merge under way, nothing protected, nothing that is not committed.
pub fn fit(workspace: &Workspace, journal: &Journal, options: TreeOptions) -> Result<(), Failure> {
    protected(workspace, journal)?;
    let Some(git) = Git::open(&workspace.root) else {
        return match options.commit {
            true => Err(Failure::stopped(
                "this is no git repository, so nothing can be committed",
                "leave out `--commit`",
            )),
            false => Ok(()),
        };
    };
    if let Some(what) = under_way(&git) {
        return Err(Failure::stopped(
            format!("a {what} is under way in this repository"),
            format!("end it first: `git {what} --continue` or `git {what} --abort`"),
        ));
    }
    if options.commit && workspace.world.branch.is_none() {
        return Err(Failure::stopped(
            "no branch is checked out (HEAD is detached), so the commit would belong to none",
            "`git switch BRANCH` first, or leave out `--commit`",
        ));
    }
    let kept = |change: &&FileChange| change.after.is_some() && change.path.starts_with(EVIDENCE_FOLDER);
    let evidence: Vec<&str> = journal.changes.iter().filter(kept).map(|c| c.path.as_str()).collect();
    not_ignored(&git, &evidence)?;
    if options.allow_dirty {
        return Ok(());
    }
    let changed = git.status()?;
    let dirty: Vec<&str> = journal
        .changes
        .iter()
        .filter(|c| c.before.is_some() && !c.path.starts_with(".trueup/"))
        .map(|c| c.path.as_str())
        .filter(|path| changed.iter().any(|c| c.path == *path))
        .collect();
    match dirty.as_slice() {
        [] => Ok(()),
        [one] => Err(dirty_failure(&format!("{one} has changes that are not committed"))),
        several => Err(dirty_failure(&format!(
            "these files have changes that are not committed: {}",
            several.join(", ")
        ))),
    }
}

/// Whether git will take up what is recorded of a spec: evidence that stays on one machine proves nothing to others.
pub fn evidence_kept(root: &Path, name: &str) -> Result<(), Failure> {
    let Some(git) = Git::open(root) else { return Ok(()) };
    let stem = file_stem(name);
    let files = ["jsonl", "sum"].map(|ending| format!("{EVIDENCE_FOLDER}/{stem}.{ending}"));
    not_ignored(&git, &[files[0].as_str(), files[1].as_str()])
}

fn not_ignored(git: &Git, paths: &[&str]) -> Result<(), Failure> {
    let Some(ignored) = git.ignored(paths)? else { return Ok(()) };
    Err(Failure::stopped(
        format!(
            "git ignores {} (`{}` in {}), so nobody else would ever see the evidence",
            ignored.path, ignored.pattern, ignored.by
        ),
        format!(
            "take that pattern out, or let git see the ledgers: `.trueup/*` and `!{EVIDENCE_FOLDER}/` in its place"
        ),
    ))
}

fn dirty_failure(what: &str) -> Failure {
    Failure::Stopped {
        what: what.to_owned(),
        help: vec![
            "commit or stash them, so that the step can be seen alone".to_owned(),
            "`--allow-dirty` changes the files as they are".to_owned(),
        ],
    }
}

fn protected(workspace: &Workspace, journal: &Journal) -> Result<(), Failure> {
    let mut set = GlobSetBuilder::new();
    for glob in &workspace.config.lifecycle.protected {
        let parsed = Glob::new(glob).map_err(|error| {
            Failure::stopped(
                format!("trueup.toml: `{glob}` under `[lifecycle] protected` is no glob: {error}"),
                "mend it",
            )
        })?;
        set.add(parsed);
    }
    let set =
        set.build().map_err(|error| Failure::stopped(format!("trueup.toml: {error}"), "mend the globs"))?;
    match journal.changes.iter().find(|change| set.is_match(&change.path)) {
        Some(change) => Err(Failure::stopped(
            format!("{} is protected: `[lifecycle] protected` in trueup.toml names it", change.path),
            "make this change by hand and with whom it concerns, or take the file off the list",
        )),
        None => Ok(()),
    }
}

/// The merge, rebase or the like that waits for somebody to end it.
fn under_way(git: &Git) -> Option<&'static str> {
    let dot_git = git.top().join(".git");
    let own: PathBuf = match std::fs::read_to_string(&dot_git) {
        Ok(text) => git.top().join(text.strip_prefix("gitdir:").map_or("", str::trim)),
        Err(_) => dot_git,
    };
    let there = |name: &str| Path::new(&own).join(name).exists();
    [
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("MERGE_HEAD", "merge"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
        ("REVERT_HEAD", "revert"),
    ]
    .into_iter()
    .find(|(name, _)| there(name))
    .map(|(_, what)| what)
}
