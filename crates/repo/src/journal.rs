//! Several files changed together: before or after, never between.
//!
//! Everything that is to change is written into a journal first and brought to the disk. Then it is done in order,
//! each step so that it can be done again, and the journal is removed. Where a process is killed on the way, the
//! journal is still there: whoever comes next completes it, or takes it back. A journal that was not written to its
//! end has no effect yet and is removed. A file that was changed by somebody in between is left alone.

use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// The folder with the journal and the lock, from the root.
pub const JOURNAL_FOLDER: &str = ".trueup/journal";

const JOURNAL: &str = "transition.json";
const UNFINISHED: &str = "transition.tmp";
const STAGED: &str = "staged.tmp";
const LOCK: &str = "lock";
const IGNORE: &str = ".gitignore";

/// A file as it is and as it is to be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileChange {
    /// Path from the root.
    pub path: String,
    /// Its text now; none where there is no such file.
    pub before: Option<String>,
    /// Its text then; none where it is to be removed.
    pub after: Option<String>,
    /// A file whose permissions a new one takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
}

/// Changes that belong together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Journal {
    /// The command that makes them, as it was typed: `accept docs/specs/a.md`.
    pub command: String,
    /// The file that it is about, from the root.
    pub about: String,
    /// The changes in order.
    pub changes: Vec<FileChange>,
}

/// A change that was begun and not ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interrupted {
    /// The command that made it; none where the journal was not written to its end.
    pub command: Option<String>,
    /// The file that it is about.
    pub about: Option<String>,
    /// Why the journal cannot be read, where it was written to its end and nobody can read it.
    pub damaged: Option<String>,
}

/// Why changes were not made.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Somebody else changes files right now.
    #[error("another trueup is changing files of this repository right now{}", holder.as_ref().map(|h| format!(": {h}")).unwrap_or_default())]
    Locked {
        /// The process and its command.
        holder: Option<String>,
    },
    /// A file is neither as it was nor as it is to be.
    #[error("{path} was changed by somebody else since `{command}` began")]
    Changed {
        /// The file from the root.
        path: String,
        /// The command.
        command: String,
    },
    /// A change would be made outside of the repository, or in git's own folder.
    #[error("`{path}` is no file of this repository, so nothing was changed")]
    Outside {
        /// The path.
        path: String,
    },
    /// The journal is damaged.
    #[error("the journal {JOURNAL_FOLDER}/{JOURNAL} cannot be read: {reason}")]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The system refused a step.
    #[error("cannot {step} {}: {source}", path.display())]
    Refused {
        /// The step.
        step: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn refused(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    let path = path.to_path_buf();
    move |source| JournalError::Refused { step, path, source }
}

/// How often and how long to wait for another process that changes files: 5 s in all.
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// The right to change files together: one process has it at a time. It ends with the value, also when the process
/// is killed. The folder of the journal is there only as long as somebody has it or something is open.
#[derive(Debug)]
pub struct ChangeLock {
    root: PathBuf,
    file: File,
}

/// Called before each thing that is done to the disk, with what it is. Tests stop the process there.
pub type BeforeWrite<'a> = &'a mut dyn FnMut(&str);

impl ChangeLock {
    /// Takes the lock, waiting a while for whoever has it, or says who that is.
    pub fn take(root: &Path, command: &str) -> Result<ChangeLock, JournalError> {
        let path = root.join(JOURNAL_FOLDER).join(LOCK);
        let mut holder = None;
        for _ in 0..LOCK_TRIES {
            let Some(mut file) = open_lock(root)? else { continue };
            match file.try_lock() {
                // Whoever had it may have removed the file meanwhile; then it locks nothing.
                Ok(()) if !is_there(&file, &path) => continue,
                Ok(()) => {
                    let told = format!("`trueup {command}`, process {}\n", std::process::id());
                    let _ = file
                        .set_len(0)
                        .and_then(|()| file.seek(SeekFrom::Start(0)))
                        .and_then(|_| file.write_all(told.as_bytes()));
                    return Ok(ChangeLock { root: root.to_path_buf(), file });
                }
                Err(fs::TryLockError::WouldBlock) => {
                    let mut told = String::new();
                    // What it says helps and is not needed.
                    let _ = file.read_to_string(&mut told);
                    holder = Some(told.trim().to_owned()).filter(|told| !told.is_empty()).or(holder);
                    sleep(LOCK_PAUSE);
                }
                Err(fs::TryLockError::Error(source)) => return Err(refused("lock", &path)(source)),
            }
        }
        Err(JournalError::Locked { holder })
    }

    /// What was begun and not ended, if anything.
    pub fn interrupted(&self) -> Result<Option<Journal>, JournalError> {
        let folder = self.root.join(JOURNAL_FOLDER);
        for rest in [UNFINISHED, STAGED] {
            remove(&folder.join(rest))?;
        }
        read_journal(&self.root)
    }

    /// Makes all changes, or none where a file is not as it was.
    pub fn make(&self, journal: &Journal, before: BeforeWrite<'_>) -> Result<(), JournalError> {
        if let Some(change) = journal.changes.iter().find(|change| !is_inside(&change.path)) {
            return Err(JournalError::Outside { path: change.path.clone() });
        }
        for change in &journal.changes {
            if self.current(&change.path)? != change.before {
                return Err(changed(journal, change));
            }
        }
        self.write_journal(journal, before)?;
        self.complete(journal, before)
    }

    /// Does what is left of changes that were begun.
    pub fn complete(&self, journal: &Journal, before: BeforeWrite<'_>) -> Result<(), JournalError> {
        let mut open = Vec::new();
        for change in &journal.changes {
            let current = self.current(&change.path)?;
            match current == change.after {
                true => {}
                false if current == change.before => open.push(change),
                false => return Err(changed(journal, change)),
            }
        }
        for change in open {
            self.install(&change.path, change.after.as_deref(), change.like.as_deref(), before)?;
        }
        self.end(before)
    }

    /// Takes back what was done of changes that were begun.
    pub fn undo(&self, journal: &Journal, before: BeforeWrite<'_>) -> Result<(), JournalError> {
        let mut done = Vec::new();
        for change in journal.changes.iter().rev() {
            let current = self.current(&change.path)?;
            match current == change.before {
                true => {}
                false if current == change.after => done.push(change),
                false => return Err(changed(journal, change)),
            }
        }
        for change in done {
            // A moved file comes back with the permissions that it took along.
            let moved = journal.changes.iter().find(|c| c.like.as_ref() == Some(&change.path));
            self.install(&change.path, change.before.as_deref(), moved.map(|c| c.path.as_str()), before)?;
        }
        self.end(before)
    }

    /// Removes the journal and leaves all files as they are.
    pub fn forget(&self) -> Result<(), JournalError> {
        self.end(&mut |_| {})
    }

    fn end(&self, before: BeforeWrite<'_>) -> Result<(), JournalError> {
        before("remove the journal");
        let folder = self.root.join(JOURNAL_FOLDER);
        remove(&folder.join(JOURNAL))?;
        sync_folder(&folder);
        before("done");
        Ok(())
    }

    fn write_journal(&self, journal: &Journal, before: BeforeWrite<'_>) -> Result<(), JournalError> {
        let folder = self.root.join(JOURNAL_FOLDER);
        let (unfinished, whole) = (folder.join(UNFINISHED), folder.join(JOURNAL));
        let text = serde_json::to_string_pretty(journal)
            .map_err(|error| refused("write", &whole)(io::Error::other(error)))?;
        before("begin the journal");
        let mut file = File::create(&unfinished).map_err(refused("make", &unfinished))?;
        // In two parts, so that a test can stop between them.
        let (head, tail) = text.as_bytes().split_at(text.len() / 2);
        file.write_all(head).map_err(refused("write", &unfinished))?;
        before("write the rest of the journal");
        file.write_all(tail).map_err(refused("write", &unfinished))?;
        file.sync_all().map_err(refused("bring to the disk", &unfinished))?;
        drop(file);
        before("put the journal in place");
        fs::rename(&unfinished, &whole).map_err(refused("put in place", &whole))?;
        sync_folder(&folder);
        Ok(())
    }

    fn current(&self, path: &str) -> Result<Option<String>, JournalError> {
        let full = self.root.join(path);
        match fs::read(&full) {
            // Bytes that are no text are like no text that was planned.
            Ok(bytes) => Ok(Some(String::from_utf8(bytes).unwrap_or_else(|_| "\u{0}".to_owned()))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(source) => Err(refused("read", &full)(source)),
        }
    }

    /// Brings a file to a text, or removes it.
    fn install(
        &self,
        path: &str,
        text: Option<&str>,
        like: Option<&str>,
        before: BeforeWrite<'_>,
    ) -> Result<(), JournalError> {
        let link = self.root.join(path);
        let Some(text) = text else {
            before(&format!("remove {path}"));
            remove(&link)?;
            sync_folder(link.parent().unwrap_or(&self.root));
            return Ok(());
        };
        // A symbolic link stays one: the file that it leads to is written.
        let full = fs::canonicalize(&link).unwrap_or(link);
        let folder = full.parent().unwrap_or(&self.root).to_path_buf();
        fs::create_dir_all(&folder).map_err(refused("make the folder", &folder))?;
        let staged = self.root.join(JOURNAL_FOLDER).join(STAGED);
        before(&format!("stage {path}"));
        let mut file = File::create(&staged).map_err(refused("make", &staged))?;
        let (head, tail) = text.as_bytes().split_at(text.len() / 2);
        file.write_all(head).map_err(refused("write", &staged))?;
        before(&format!("stage the rest of {path}"));
        file.write_all(tail).map_err(refused("write", &staged))?;
        let model = like.map(|like| self.root.join(like)).filter(|_| !full.exists());
        if let Ok(data) = fs::metadata(model.as_deref().unwrap_or(&full)) {
            file.set_permissions(data.permissions()).map_err(refused("keep the permissions of", &full))?;
        }
        file.sync_all().map_err(refused("bring to the disk", &staged))?;
        drop(file);
        before(&format!("put {path} in place"));
        match fs::rename(&staged, &full) {
            // The file lies on another disk than the journal.
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                crate::write_atomically(&full, text.as_bytes())
                    .map_err(|error| refused("write", &full)(io::Error::other(error.to_string())))?;
                remove(&staged)?;
            }
            other => other.map_err(refused("put in place", &full))?,
        }
        sync_folder(&folder);
        Ok(())
    }
}

impl Drop for ChangeLock {
    /// Removes the folder where nothing is open, so that commands that changed nothing leave nothing.
    fn drop(&mut self) {
        let folder = self.root.join(JOURNAL_FOLDER);
        let open = [JOURNAL, UNFINISHED, STAGED].iter().any(|name| folder.join(name).exists());
        // Elsewhere nobody could tell whether the file that he locked is still the one that others lock.
        if !cfg!(unix) || open || !is_there(&self.file, &folder.join(LOCK)) {
            return;
        }
        // Whatever cannot be removed does no harm.
        let _ = fs::remove_file(folder.join(IGNORE));
        let _ = fs::remove_file(folder.join(LOCK));
        let _ = fs::remove_dir(&folder);
        let _ = folder.parent().map(fs::remove_dir);
    }
}

/// Opens the file that is locked; none where somebody removes its folder right now.
fn open_lock(root: &Path) -> Result<Option<File>, JournalError> {
    let folder = root.join(JOURNAL_FOLDER);
    let gone = |error: &io::Error| error.kind() == ErrorKind::NotFound && cfg!(unix);
    match fs::create_dir_all(&folder) {
        Err(error) if gone(&error) => return Ok(None),
        // It was there, and was removed before it could be looked at. A file in its place stays one.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !folder.is_file() => return Ok(None),
        other => other.map_err(refused("make the folder", &folder))?,
    }
    // The folder is nobody's to commit.
    let ignore = folder.join(IGNORE);
    if !ignore.exists() {
        match fs::write(&ignore, "*\n") {
            Err(error) if gone(&error) => return Ok(None),
            other => other.map_err(refused("write", &ignore))?,
        }
    }
    let path = folder.join(LOCK);
    match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path) {
        Err(error) if gone(&error) => Ok(None),
        other => other.map(Some).map_err(refused("open", &path)),
    }
}

/// Whether an open file is the one that has this name.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_there(_: &File, _: &Path) -> bool {
    true
}

/// Whether a path leads to a file of the repository that is not git's own.
fn is_inside(path: &str) -> bool {
    let mut first = path.bytes();
    let drive = first.next().is_some_and(|b| b.is_ascii_alphabetic()) && first.next() == Some(b':');
    let absolute = path.starts_with('/') || cfg!(windows) && path.starts_with('\\');
    let leaves = |part: &str| part == ".." || part.eq_ignore_ascii_case(".git");
    !path.is_empty() && !absolute && !drive && !path.split(['/', '\\']).any(leaves)
}

fn changed(journal: &Journal, change: &FileChange) -> JournalError {
    JournalError::Changed { path: change.path.clone(), command: journal.command.clone() }
}

/// What was begun and not ended, as a check sees it. Nothing where a process is at it right now.
pub fn interrupted(root: &Path) -> Option<Interrupted> {
    let folder = root.join(JOURNAL_FOLDER);
    if !folder.join(JOURNAL).exists() && !folder.join(UNFINISHED).exists() {
        return None;
    }
    if let Ok(file) = File::open(folder.join(LOCK))
        && matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock))
    {
        return None;
    }
    let (journal, damaged) = match read_journal(root) {
        Ok(journal) => (journal, None),
        Err(JournalError::Damaged { reason }) => (None, Some(reason)),
        Err(error) => (None, Some(error.to_string())),
    };
    Some(Interrupted {
        command: journal.as_ref().map(|j| j.command.clone()),
        about: journal.map(|j| j.about),
        damaged,
    })
}

fn read_journal(root: &Path) -> Result<Option<Journal>, JournalError> {
    let path = root.join(JOURNAL_FOLDER).join(JOURNAL);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(refused("read", &path)(source)),
    };
    let journal: Journal = serde_json::from_slice(&bytes)
        .map_err(|error| JournalError::Damaged { reason: error.to_string() })?;
    // A journal comes from this machine, but it is a file like any other: nothing outside is touched.
    match journal.changes.iter().find(|change| !is_inside(&change.path)) {
        Some(change) => {
            Err(JournalError::Damaged { reason: format!("`{}` is no file of this repository", change.path) })
        }
        None => Ok(Some(journal)),
    }
}

fn remove(path: &Path) -> Result<(), JournalError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(refused("remove", path)(error)),
        _ => Ok(()),
    }
}

/// That a name is on the disk, too, is best effort.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests;
