//! Writes a file whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How the name of a half-written file begins.
const TEMPORARY_PREFIX: &str = ".trueup-";
/// A chain of symbolic links longer than this is a circle, as for Linux.
const MOST_LINKS: usize = 40;
/// How often and how long to wait for another process that writes in the same folder: 2 s in all.
const LOCK_TRIES: u32 = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Why a file was not written. It is then as it was, and nothing is left beside it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A folder, pipe, socket or device stands there.
    #[error("{} was not written: it is no regular file; name a file", path.display())]
    NotAFile {
        /// What was to be written.
        path: PathBuf,
    },
    /// The content is no longer what it was when it was read.
    #[error(
        "{} was not written: it was changed or removed since it was read, by an editor or another run; \
         run the command again",
        path.display()
    )]
    Changed {
        /// What was to be written.
        path: PathBuf,
    },
    /// Another process has been writing in this folder for too long.
    #[error("{} was not written: another trueup process is writing in this folder; try again", path.display())]
    Busy {
        /// What was to be written.
        path: PathBuf,
    },
    /// The system refused a step.
    #[error("{} was not written: cannot {step}: {source}", path.display())]
    Refused {
        /// What was to be written.
        path: PathBuf,
        /// The step, to be read after "cannot".
        step: &'static str,
        /// What the system says.
        source: io::Error,
    },
}

/// Replaces the content of a file, or makes the file. Whoever reads it at the same time, and whoever
/// looks after a power cut, sees the old content or the new, never a part.
///
/// The permissions are kept; a symbolic link stays one, and the file it leads to is written. A file
/// with several hard links is parted from the others, and a file that belongs to somebody else
/// becomes the caller's: both follow from replacing it.
pub fn write_atomically(path: &Path, text: &[u8]) -> Result<(), WriteError> {
    replace(&real_target(path)?, text)
}

/// Replaces the content of a file if it still is `expected_old`, else gives [`WriteError::Changed`].
///
/// Two trueup processes that write in one folder wait for each other (on Unix), so of two changes
/// to the same old text exactly one is made. An editor that saves in the same instant is seen only
/// up to the last comparison. Where old and new are equal nothing is written.
pub fn write_if_unchanged(path: &Path, expected_old: &str, new: &str) -> Result<(), WriteError> {
    let target = real_target(path)?;
    let _lock = lock_folder(&target)?;
    if !holds(&target, expected_old)? {
        return Err(WriteError::Changed { path: target });
    }
    if expected_old == new { Ok(()) } else { replace(&target, new.as_bytes()) }
}

fn replace(target: &Path, text: &[u8]) -> Result<(), WriteError> {
    let refused = |step| move |source| WriteError::Refused { path: target.to_path_buf(), step, source };
    let permissions = match fs::metadata(target) {
        Ok(data) if data.is_file() => Some(data.permissions()),
        Ok(_) => return Err(WriteError::NotAFile { path: target.to_path_buf() }),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(refused("look at it")(error)),
    };
    let (mut file, temporary) = Temporary::beside(target).map_err(refused("make a file beside it"))?;
    file.write_all(text).map_err(refused("write its new content"))?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions).map_err(refused("keep its permissions"))?;
    }
    file.sync_all().map_err(refused("bring its new content to the disk"))?;
    // Windows does not rename an open file.
    drop(file);
    temporary.rename(target).map_err(refused("put the new content in its place"))?;
    // The content is safe by now; that the name is on the disk, too, is best effort.
    if let Ok(folder) = File::open(folder_of(target)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A file that is removed unless it was renamed.
struct Temporary(Option<PathBuf>);

impl Temporary {
    fn beside(target: &Path) -> io::Result<(File, Temporary)> {
        let folder = folder_of(target);
        let mut attempt = 0;
        loop {
            let path = folder.join(format!("{TEMPORARY_PREFIX}{}-{attempt}.tmp", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((file, Temporary(Some(path)))),
                // Another thread, or the rest of a process that was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn rename(mut self, target: &Path) -> io::Result<()> {
        if let Some(path) = &self.0 {
            fs::rename(path, target)?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nothing more can be done about it.
            let _ = fs::remove_file(path);
        }
    }
}

/// The file at the end of a chain of symbolic links, which need not exist yet.
fn real_target(path: &Path) -> Result<PathBuf, WriteError> {
    let mut target = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            // Not a link, or nothing there.
            Err(_) => return Ok(target),
        }
    }
    let source = io::Error::other("the symbolic links lead in a circle");
    Err(WriteError::Refused { path: path.to_path_buf(), step: "follow its links", source })
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn holds(target: &Path, expected: &str) -> Result<bool, WriteError> {
    let refused = |source| WriteError::Refused { path: target.to_path_buf(), step: "read it", source };
    match fs::metadata(target) {
        // Asked first: to open a pipe would wait.
        Ok(data) if !data.is_file() => return Err(WriteError::NotAFile { path: target.to_path_buf() }),
        Ok(data) if data.len() != expected.len() as u64 => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(refused(error)),
    }
    match fs::read(target) {
        Ok(bytes) => Ok(bytes == expected.as_bytes()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(refused(error)),
    }
}

/// Locks the folder and not the file, which is another one after each write. The lock ends with the
/// value, also when the process is killed. None where folders cannot be locked (Windows, some
/// network disks): there the comparison alone has to do.
fn lock_folder(target: &Path) -> Result<Option<File>, WriteError> {
    let Ok(folder) = File::open(folder_of(target)) else { return Ok(None) };
    for _ in 0..LOCK_TRIES {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Err(WriteError::Busy { path: target.to_path_buf() })
}
