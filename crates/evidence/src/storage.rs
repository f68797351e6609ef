//! The few ways in which a ledger touches the disk, so that tests can let any of them fail.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// A larger ledger is not read: it is no ledger.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// How often and how long to wait for another process that writes evidence: 20 s in all, so that
/// somebody can type a passphrase meanwhile.
const LOCK_TRIES: u32 = 2000;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Reads and changes files.
pub(crate) trait Storage {
    /// The content of a file; none where there is no such file.
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Adds to the end of a file, makes it where there is none, and brings it to the disk.
    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Cuts a file.
    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()>;
}

/// The real disk.
pub(crate) struct Disk;

impl Storage for Disk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let data = match fs::metadata(path) {
            Ok(data) => data,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // Asked before opening: to open a pipe waits until somebody writes to it.
        if !data.is_file() {
            return Err(io::Error::other("it is a folder, pipe, socket or device and not a file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(io::Error::other("it is larger than 256 MiB"));
        }
        Ok(Some(bytes))
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let is_new = !path.exists();
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // The name of a new file is on the disk, too, where folders can be opened (not on Windows).
        if is_new && let Some(folder) = path.parent().and_then(|p| File::open(p).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(length)?;
        file.sync_all()
    }
}

/// Locks the folder of ledgers until the value is dropped, also by a kill; none where another process
/// holds it for too long. Where folders cannot be opened (Windows) a file in it is locked.
pub(crate) fn lock(folder: &Path) -> io::Result<Option<File>> {
    let file = match File::open(folder) {
        Ok(file) => file,
        Err(_) => OpenOptions::new().append(true).create(true).open(folder.join(".gitattributes"))?,
    };
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// The same for a reader, so that no half-written line is seen. Where nobody can lock, and where a
/// writer is slow, there is none and the reader reads as it is.
pub(crate) fn lock_to_read(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    for _ in 0..LOCK_TRIES / 10 {
        match file.try_lock_shared() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}
