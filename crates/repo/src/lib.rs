//! The repository as plain data: the only crate through which the checker touches the disk and git.
//!
//! Nothing here knows a rule. A file that cannot be read, a broken `.git` or a link that leads in a
//! circle is reported as data and never stops the rest. The `git` program is started for history and
//! other branches (see [`Git`]), and where git's files cannot be read directly (see `git_program`): a
//! process costs 2 to 4 ms, and the check of one file has to end within 25 ms.

mod code;
mod git;
mod git_dir;
mod git_program;
mod ignored;
mod journal;
mod link;
mod list;
mod read;
mod refs;
mod results;
mod root;
mod threads;
mod today;
mod walk;
mod write;

pub use code::{CodeAt, CodeOptions, holds_code, migration_of, read_code, read_code_at, read_code_by};
pub use git::{
    Author, Branch, Change, ChangeKind, Commit, Event, Fate, FileElsewhere, FileRevision, Git, GitError,
    History, HistoryOptions, Ignored, Person, Snapshot, Tag, TreeFile,
};
pub use ignored::IgnoreFiles;
pub use journal::{
    BeforeWrite, ChangeLock, FileChange, Interrupted, JOURNAL_FOLDER, Journal, JournalError, interrupted,
};
pub use list::tree_from_list;
pub use read::{ReadProblem, read, read_bytes};
pub use results::{ReportError, find_reports, read_cucumber, read_junit};
pub use root::{GitInfo, Root, find_root};
pub use today::{BadToday, TODAY_VARIABLE, today};
pub use walk::{MarkdownFile, Tree, TreeProblem, WalkOptions, walk};
pub use write::{WriteError, write_atomically, write_if_unchanged};
