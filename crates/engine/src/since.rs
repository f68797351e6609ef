//! Only what is new since a commit: the difference of fingerprints between the state at the common
//! ancestor and the work tree.

use crate::check::{CheckOptions, count_findings};
use crate::report::{CheckReport, KnownBefore};
use crate::workspace::{OpenOptions, Workspace};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use trueup_finding::{Level, Registry};
use trueup_repo::{ChangeKind, Git, GitError, Snapshot, WalkOptions};

/// Why nothing could be compared with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SinceError {
    /// There is no repository of git's.
    #[error("{0} is in no git repository, so there is nothing to compare with")]
    NoRepository(String),
    /// The name stands for nothing here.
    #[error("`{revision}` names no commit of this repository{}", shallow_note(*shallow))]
    NoCommit {
        /// As it was asked for.
        revision: String,
        /// Whether the history was cut when cloning.
        shallow: bool,
    },
    /// There is no common ancestor.
    #[error("`{revision}` and what is checked out have no common ancestor{}", shallow_note(*shallow))]
    NoBase {
        /// As it was asked for.
        revision: String,
        /// Whether the history was cut when cloning.
        shallow: bool,
    },
    /// Git gave no answer.
    #[error("{0}")]
    Git(#[from] GitError),
}

fn shallow_note(shallow: bool) -> &'static str {
    if shallow { ": the clone is shallow, and older commits are missing in it" } else { "" }
}

impl SinceError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            SinceError::NoRepository(_) => "leave `--since` out, or run it in a clone",
            SinceError::NoCommit { shallow: true, .. } | SinceError::NoBase { shallow: true, .. } => {
                "`git fetch --unshallow` gets the whole history; in a pipeline, check out with full depth (`fetch-depth: 0`)"
            }
            SinceError::NoCommit { .. } => {
                "`git fetch origin BRANCH` gets a branch that is not here; then name it `origin/BRANCH`"
            }
            SinceError::NoBase { .. } => "name a branch that this one was begun from",
            SinceError::Git(_) => "mend that and run the command again",
        }
    }
}

/// What was found at an earlier commit.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// As it was asked for.
    pub revision: String,
    /// The full name of the common ancestor.
    pub commit: String,
    /// What could not be taken as it was then, a sentence each.
    pub notes: Vec<String>,
    levels: FxHashMap<String, Level>,
}

impl Workspace {
    /// Checks the state at the common ancestor of `revision` and what is checked out, with the rules and
    /// for the files that `options` name, whatever they were called then.
    pub fn known_since(
        &self,
        revision: &str,
        registry: &Registry,
        options: &CheckOptions,
    ) -> Result<Known, SinceError> {
        let no_repository = || SinceError::NoRepository(self.root.display().to_string());
        let git = Git::open(&self.root).ok_or_else(no_repository)?;
        let commit = base_of(&git, revision)?;
        let earlier_name: FxHashMap<String, String> = git
            .changes(&commit, None)?
            .into_iter()
            .filter(|change| change.kind == ChangeKind::Renamed)
            .filter_map(|change| Some((change.path, change.old_path?)))
            .collect();
        let mut known = Known { revision: revision.to_owned(), commit, ..Known::default() };
        let Some(mut old) = self.opened_at(&git, &mut known)? else { return Ok(known) };
        let paths = options.paths.iter().flat_map(|path| [Some(path), earlier_name.get(path)]).flatten();
        let options = CheckOptions { paths: paths.cloned().collect(), ..options.clone() };
        old.later_names = earlier_name.into_iter().map(|(path, old)| (old, path)).collect();
        for finding in old.check(registry, &options).findings {
            let level = known.levels.entry(finding.fingerprint).or_insert(finding.level);
            *level = finding.level.max(*level);
        }
        Ok(known)
    }

    /// The repository as it was at a commit, with its configuration, templates and paths of then; none
    /// where it could not be opened even with today's configuration.
    fn opened_at(&self, git: &Git, known: &mut Known) -> Result<Option<Workspace>, SinceError> {
        let files = Arc::new(Snapshot::of(git, &known.commit, &WalkOptions::default())?);
        let options = OpenOptions { commit: Some(files), ..OpenOptions::default() };
        let short = known.commit.get(..10).unwrap_or(&known.commit);
        let mut notes = Vec::new();
        let opened = Workspace::open(&self.root, &options).or_else(|error| {
            notes.push(format!("the configuration at {short} is wrong, and today's was taken: {error}"));
            let config = Some(self.config.clone());
            Workspace::open(&self.root, &OpenOptions { config, ..options.clone() })
        });
        let opened = opened.map_err(|error| {
            notes.push(format!("nothing could be checked at {short}, so every finding is new: {error}"));
        });
        known.notes = notes;
        Ok(opened.ok().map(|mut old| {
            old.world.today = self.world.today;
            old.policies = self.policies.as_ref().map(|policies| policies.for_commit());
            old
        }))
    }
}

/// The common ancestor of a commit and of what is checked out.
fn base_of(git: &Git, revision: &str) -> Result<String, SinceError> {
    let shallow = git.is_shallow();
    let missing = || SinceError::NoCommit { revision: revision.to_owned(), shallow };
    let commit = git.resolve(revision)?.ok_or_else(missing)?;
    let head = git.head()?.ok_or_else(|| SinceError::NoCommit { revision: "HEAD".to_owned(), shallow })?;
    git.merge_base(&commit, &head)?
        .ok_or_else(|| SinceError::NoBase { revision: revision.to_owned(), shallow })
}

impl CheckReport {
    /// Leaves out what was there before. What matters more now than it did then stays: a hint of a draft
    /// that its acceptance has made an error is new.
    pub fn leave_out(&mut self, known: &Known) {
        let before = self.findings.len();
        self.findings.retain(|finding| {
            known.levels.get(&finding.fingerprint).is_none_or(|then| *then < finding.level)
        });
        self.summary.assumed.extend(known.notes.iter().cloned());
        self.summary.known = Some(KnownBefore {
            revision: known.revision.clone(),
            commit: known.commit.clone(),
            findings: before - self.findings.len(),
        });
        count_findings(self);
    }
}
