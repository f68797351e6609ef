//! The history and the branches of a repository, asked of the `git` program.
//!
//! Every question starts one process (about 3 ms), or two where that is said; nothing is started by
//! [`Git::open`]. The user's settings for display (colour, pagers, renames, quoting, signatures) and
//! the variables that git sets for its hooks make no difference. Paths are from the folder that was
//! opened, with `/`; files outside of it are left out. A path that is not UTF-8 is given with `�` in
//! place of the bytes that are none.

mod changes;
mod commit;
mod elsewhere;
mod history;
mod objects;
mod people;
mod references;
mod revisions;
mod run;
mod snapshot;

pub use changes::{Change, ChangeKind};
pub use commit::Ignored;
pub use elsewhere::FileElsewhere;
pub use history::{Commit, Event, Fate, History, HistoryOptions};
pub use objects::TreeFile;
pub use people::{Author, Person};
pub use references::{Branch, Tag};
pub use revisions::FileRevision;
pub(crate) use run::text_of;
pub use snapshot::Snapshot;

use crate::git_dir::{Found, look_in};
use run::{Ended, Runner, one_line};
use std::fs;
use std::path::{Path, PathBuf};

/// Why git gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// The program is missing or may not be started.
    #[error("the program `git` cannot be started ({reason}); install git or add it to PATH")]
    NotStarted {
        /// What the system says.
        reason: String,
    },
    /// Git refused or failed.
    #[error("`git {command}` failed: {told}")]
    Failed {
        /// The subcommand with its main arguments.
        command: String,
        /// What git said.
        told: String,
    },
    /// Git answered in a form that is not its own.
    #[error("`git {command}` gave an answer that cannot be read: {what}")]
    Unreadable {
        /// The subcommand with its main arguments.
        command: String,
        /// What cannot be read.
        what: String,
    },
    /// Something that names no commit was given as one.
    #[error("`{revision}` names no commit of this repository")]
    NoCommit {
        /// As it was given.
        revision: String,
    },
    /// A file in the history is larger than what is read into memory.
    #[error("{name} is too large to read from git: {size} bytes of at most {limit}")]
    TooLarge {
        /// The name of the object, as it was given.
        name: String,
        /// Its size in bytes.
        size: u64,
        /// The largest size that is read, in bytes.
        limit: u64,
    },
}

/// A repository, to be asked with the `git` program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Git {
    /// The top of the work tree.
    top: PathBuf,
    /// The folder that was opened, from the top, with `/` at its end; empty for the top itself.
    prefix: String,
    /// Where the objects and references lie.
    common: PathBuf,
}

impl Git {
    /// The repository that a folder belongs to; none outside a repository. Starts no process.
    pub fn open(root: &Path) -> Option<Git> {
        let root = fs::canonicalize(root).ok()?;
        let (top, dir) = root.ancestors().find_map(|folder| match look_in(folder) {
            Found::Repository(dir) => Some((folder.to_path_buf(), dir)),
            Found::Nothing | Found::Broken(_) => None,
        })?;
        let below = root.strip_prefix(&top).ok()?;
        let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned() + "/");
        let prefix = parts.collect();
        Some(Git { top, prefix, common: dir.common })
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The commit that is checked out; none before the first commit.
    pub fn head(&self) -> Result<Option<String>, GitError> {
        self.resolve("HEAD")
    }

    /// The commit that a name (branch, tag, short or full hash, `HEAD~2`) stands for; none where it
    /// stands for nothing.
    pub fn resolve(&self, rev: &str) -> Result<Option<String>, GitError> {
        if !may_be_revision(rev) {
            return Ok(None);
        }
        let commit = format!("{rev}^{{commit}}");
        let ended = self.run().ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        match ended.code {
            Some(0) => Ok(Some(one_line(&ended.output)).filter(|name| !name.is_empty())),
            // Quiet where the name is unknown; anything said is another trouble (owner, corruption).
            _ if ended.told.is_empty() || ended.told.contains("Needed a single revision") => Ok(None),
            _ => Err(ended.failed("rev-parse")),
        }
    }

    /// The best common ancestor of two commits; none where their histories are unrelated.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<Option<String>, GitError> {
        let (a, b) = (revision(a)?, revision(b)?);
        let ended = self.run().ask(&["merge-base", "--", a, b])?;
        match ended.code {
            Some(0) => Ok(Some(one_line(&ended.output))),
            Some(1) => Ok(None),
            _ => Err(ended.failed("merge-base")),
        }
    }

    /// Whether the history of `b` holds `a`.
    pub fn is_ancestor(&self, a: &str, b: &str) -> Result<bool, GitError> {
        let (a, b) = (revision(a)?, revision(b)?);
        let ended = self.run().ask(&["merge-base", "--is-ancestor", "--", a, b])?;
        match ended.code {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(ended.failed("merge-base --is-ancestor")),
        }
    }

    /// Whether the history was cut when cloning. Starts no process.
    pub fn is_shallow(&self) -> bool {
        fs::metadata(self.common.join("shallow")).is_ok_and(|data| data.len() > 0)
    }

    fn run(&self) -> Runner<'_> {
        Runner::at(&self.top)
    }

    /// Runs git, which has to succeed.
    fn output(&self, arguments: &[&str]) -> Result<Ended, GitError> {
        let ended = self.run().ask(arguments)?;
        match ended.code {
            Some(0) => Ok(ended),
            _ => Err(ended.failed(&shown_command(arguments))),
        }
    }

    /// A path of git's, from the folder that was opened; none outside of it.
    fn inside(&self, path: &[u8]) -> Option<String> {
        text_of(path).strip_prefix(self.prefix.as_str()).map(str::to_owned)
    }

    /// A path from the folder that was opened, as git has it.
    fn outside(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The folder that was opened, as an argument after `--`; none for the whole work tree.
    fn limit(&self) -> Option<&str> {
        Some(self.prefix.as_str()).filter(|prefix| !prefix.is_empty())
    }
}

/// The subcommand with the arguments that tell it apart, for a message.
fn shown_command(arguments: &[&str]) -> String {
    arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ")
}

/// Whether a text could name a commit: options of git could not, nor could what no argument can hold.
fn may_be_revision(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('-') && !text.contains(['\0', '\n'])
}

/// The text as a revision that may be handed to git.
fn revision(text: &str) -> Result<&str, GitError> {
    match may_be_revision(text) {
        true => Ok(text),
        false => Err(GitError::NoCommit { revision: text.to_owned() }),
    }
}
