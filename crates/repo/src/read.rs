//! Reads one file as text.

use std::cell::RefCell;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use trueup_text::LineIndex;

/// Why a file gave no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadProblem {
    /// The bytes are not UTF-8.
    NotUtf8 {
        /// Number of bytes before the first wrong one.
        valid_up_to: usize,
        /// The line of the first wrong byte, from 1.
        line: u32,
    },
    /// The file begins with the byte-order mark of UTF-16.
    Utf16,
    /// The file is larger than the caller allows.
    TooLarge {
        /// Size in bytes; for a file that grows while it is read, at least this.
        size: u64,
        /// The largest size allowed, in bytes.
        limit: u64,
    },
    /// The system refuses to give it.
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// A folder, pipe, socket or device.
    NotAFile,
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadProblem::NotUtf8 { valid_up_to, line } => write!(
                f,
                "the file is not UTF-8: line {line} holds a byte that is none (after {valid_up_to} bytes); \
                 save it as UTF-8"
            ),
            ReadProblem::Utf16 => write!(f, "the file is UTF-16 and has to be UTF-8; save it as UTF-8"),
            ReadProblem::TooLarge { size, limit } => write!(
                f,
                "the file is too large to check: {} of at most {}; split it or raise the limit",
                size_text(*size),
                size_text(*limit)
            ),
            ReadProblem::Unreadable { reason } => write!(f, "the file cannot be read: {reason}"),
            ReadProblem::NotAFile => {
                write!(f, "this is a folder, pipe, socket or device and not a file; name a file")
            }
        }
    }
}

impl std::error::Error for ReadProblem {}

/// Reads the file at `path` (from `root`, or absolute) as UTF-8.
///
/// At most `max_size` bytes are held in memory, also where the file grows meanwhile. Symbolic links
/// are followed. A byte-order mark is kept, and NUL bytes are text like any other.
pub fn read(root: &Path, path: &str, max_size: u64) -> Result<Arc<str>, ReadProblem> {
    let (file, size) = opened(root, path, max_size)?;
    BUFFER.with_borrow_mut(|bytes| {
        bytes.clear();
        let text = capped(file, size, max_size, bytes).and_then(|()| text_of(bytes));
        bytes.shrink_to(LARGEST_KEPT);
        text
    })
}

/// Reads the file at `path` (from `root`, or absolute) as it is, under the same limits as [`read`].
pub fn read_bytes(root: &Path, path: &str, max_size: u64) -> Result<Vec<u8>, ReadProblem> {
    let (file, size) = opened(root, path, max_size)?;
    let mut bytes = Vec::new();
    capped(file, size, max_size, &mut bytes)?;
    Ok(bytes)
}

/// A file that may be read, and its size.
fn opened(root: &Path, path: &str, max_size: u64) -> Result<(File, u64), ReadProblem> {
    let path = root.join(path);
    // Asked before opening: to open a pipe waits until somebody writes to it.
    let data = fs::metadata(&path).map_err(|error| unreadable(&error))?;
    if !data.is_file() {
        return Err(ReadProblem::NotAFile);
    }
    if data.len() > max_size {
        return Err(ReadProblem::TooLarge { size: data.len(), limit: max_size });
    }
    let file = File::open(&path).map_err(|error| unreadable(&error))?;
    Ok((file, data.len()))
}

thread_local! {
    /// What a thread reads files into: memory that was used before is at hand at once, new memory is not.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// As much of the buffer is kept for the next file, in bytes.
const LARGEST_KEPT: usize = 1 << 18;

/// Reads to the end, or until the limit is passed. `expected` is only a hint: files such as those in
/// `/proc` have no size, and others grow.
fn capped(mut file: impl Read, expected: u64, max_size: u64, bytes: &mut Vec<u8>) -> Result<(), ReadProblem> {
    bytes.reserve_exact(expected.min(max_size) as usize);
    file.by_ref().take(max_size).read_to_end(bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 == max_size && !at_end(&mut file)? {
        return Err(ReadProblem::TooLarge { size: max_size.saturating_add(1), limit: max_size });
    }
    Ok(())
}

fn at_end(file: &mut impl Read) -> Result<bool, ReadProblem> {
    loop {
        match file.read(&mut [0]) {
            Ok(count) => return Ok(count == 0),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&error)),
        }
    }
}

/// Bytes as text, where they are.
pub(crate) fn text_of(bytes: &[u8]) -> Result<Arc<str>, ReadProblem> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Err(ReadProblem::Utf16),
        Err(error) => {
            let valid_up_to = error.valid_up_to();
            let valid = bytes.get(..valid_up_to).unwrap_or_default();
            let line = LineIndex::new(std::str::from_utf8(valid).unwrap_or("")).line(valid_up_to as u32);
            Err(ReadProblem::NotUtf8 { valid_up_to, line })
        }
    }
}

fn unreadable(error: &io::Error) -> ReadProblem {
    let reason = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "you have no permission to read it".to_owned(),
        _ => error.to_string(),
    };
    ReadProblem::Unreadable { reason }
}

fn size_text(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes {
        0..MIB => format!("{bytes} bytes"),
        _ => format!("{:.1} MiB", bytes as f64 / MIB as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_system_are_told_in_words() {
        let told = |kind: ErrorKind| unreadable(&kind.into()).to_string();
        assert_eq!(
            told(ErrorKind::PermissionDenied),
            "the file cannot be read: you have no permission to read it"
        );
        assert_eq!(told(ErrorKind::NotFound), "the file cannot be read: there is no such file");
        assert_eq!(told(ErrorKind::TimedOut), "the file cannot be read: timed out");
    }

    #[test]
    fn a_file_that_grows_is_cut_off() {
        let read = |file: &mut dyn Read, expected: u64, max_size: u64| {
            let mut bytes = Vec::new();
            capped(file, expected, max_size, &mut bytes).map(|()| bytes)
        };
        assert_eq!(read(&mut &b"12345"[..], 2, 5), Ok(b"12345".to_vec()));
        assert_eq!(read(&mut &b"123456"[..], 2, 5), Err(ReadProblem::TooLarge { size: 6, limit: 5 }));
        let endless = &mut std::io::repeat(b'x');
        assert_eq!(read(endless, 0, 9), Err(ReadProblem::TooLarge { size: 10, limit: 9 }));
    }
}
