//! Reports of test runs: JUnit XML and Cucumber messages.
//!
//! A report that cannot be read whole is an error. Nobody may take "no results" for "all is well".

mod cucumber;
mod find;
mod junit;

pub use cucumber::read_cucumber;
pub use find::find_reports;
pub use junit::read_junit;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// A larger report is not read, in bytes.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// More of what a failure said is left out, in characters.
const MOST_SAID: usize = 200;

/// Why a report gave no results.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReportError {
    /// It cannot be read.
    #[error("the report {path} cannot be read: {why}")]
    Unreadable {
        /// The report.
        path: String,
        /// Why.
        why: String,
    },
    /// It is not what it should be.
    #[error("the report {path}:{line} is no {what}: {why}")]
    Malformed {
        /// The report.
        path: String,
        /// The line, from 1.
        line: u32,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        why: String,
    },
    /// No file has the name.
    #[error("no report fits {pattern}")]
    NotFound {
        /// The path or glob that was given.
        pattern: String,
    },
}

fn open(path: &Path, shown: &str) -> Result<BufReader<std::io::Take<File>>, ReportError> {
    let unreadable = |why: String| ReportError::Unreadable { path: shown.to_owned(), why };
    // Asked before opening: to open a pipe waits until somebody writes to it.
    let data = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?;
    if !data.is_file() {
        return Err(unreadable("it is a folder, pipe, socket or device and not a file".to_owned()));
    }
    if data.len() > MOST_BYTES {
        return Err(unreadable("it is larger than 512 MiB; give the reports of parts of the run".to_owned()));
    }
    let file = File::open(path).map_err(|e| unreadable(e.to_string()))?;
    Ok(BufReader::new(file.take(MOST_BYTES)))
}

/// The first line of what a failure said, shortened.
fn said(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    match first.char_indices().nth(MOST_SAID) {
        Some((at, _)) => format!("{}…", first.get(..at).unwrap_or_default()),
        None => first.to_owned(),
    }
}

#[cfg(test)]
mod tests;
