//! Reads a ledger.

use crate::storage::{Disk, Storage, lock_to_read};
use crate::{Digest, Entry, file_stem, wire};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of all ledgers, from the repository's root.
pub const EVIDENCE_FOLDER: &str = ".trueup/evidence";

/// Why a ledger was not read or written. It is then as it was, unless the message says else.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The system refused a step.
    #[error("{}: cannot {step}: {source}; nothing was recorded", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// The step, to be read after "cannot".
        step: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// A write failed half-way, and what had been written could not be taken back.
    #[error(
        "{}: cannot {step}: {source}; what had been written of the line could not be taken back \
         ({undo}); free some space and run the command again: it puts the rest aside and says so",
        path.display()
    )]
    HalfWritten {
        /// The file.
        path: PathBuf,
        /// The step, to be read after "cannot".
        step: &'static str,
        /// What the system says.
        source: io::Error,
        /// What it says about the attempt to take it back.
        undo: io::Error,
    },
    /// Another process has been writing evidence for too long.
    #[error("{}: another trueup process is writing evidence; try again when it is done", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The entry cannot be signed.
    #[error("nothing was recorded: {0}")]
    Sign(#[from] crate::SignError),
    /// What is to be written makes no sense.
    #[error("nothing was recorded: {0}")]
    Invalid(String),
}

/// A line of a ledger, whether it can be understood or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its bytes without the newline.
    pub bytes: Vec<u8>,
    /// The digest of its body.
    pub digest: Digest,
    /// What it says, or why it says nothing.
    pub entry: Result<Entry, String>,
    /// The signature as base64.
    pub signature: Option<String>,
}

/// What follows the last newline of a file: the rest of a write that was interrupted, or a line that
/// has lost its newline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Torn {
    /// Its line, from 1.
    pub line: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A ledger as it stands on the disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ledger {
    /// The spec, as it was asked for.
    pub spec: String,
    /// The file, from the repository's root; it need not exist.
    pub path: String,
    /// The file of digests beside it.
    pub sum_path: String,
    /// All whole lines.
    pub lines: Vec<Line>,
    /// What the lines that could be understood say, in their order.
    pub entries: Vec<Entry>,
    /// What follows the last whole line. It counts for nothing.
    pub torn: Option<Torn>,
    /// The lines of the file of digests; none where there is no such file.
    pub sums: Option<Vec<String>>,
    /// What follows the last whole line of the file of digests.
    pub torn_sum: Option<Torn>,
}

impl Ledger {
    /// Reads the ledger of a spec (its ID, or the stem of its file where it has none). A spec without
    /// one has an empty ledger.
    pub fn read(root: &Path, spec: &str) -> Result<Ledger, LedgerError> {
        let _lock = lock_to_read(&root.join(EVIDENCE_FOLDER));
        read_from(&mut Disk, root, spec)
    }

    /// A ledger from the bytes of its two files.
    pub fn parse(spec: &str, ledger: &[u8], sums: Option<&[u8]>) -> Ledger {
        let stem = file_stem(spec);
        let (whole, torn) = cut(ledger);
        let lines: Vec<Line> = whole.iter().zip(1..).map(|(bytes, number)| line(bytes, number)).collect();
        let entries = lines.iter().filter_map(|l| l.entry.as_ref().ok().cloned()).collect();
        let text = |bytes: &&[u8]| String::from_utf8_lossy(bytes).into_owned();
        let sum_parts = sums.map(cut);
        Ledger {
            spec: spec.to_owned(),
            path: format!("{EVIDENCE_FOLDER}/{stem}.jsonl"),
            sum_path: format!("{EVIDENCE_FOLDER}/{stem}.sum"),
            lines,
            entries,
            torn,
            sums: sum_parts.as_ref().map(|(whole, _)| whole.iter().map(text).collect()),
            torn_sum: sum_parts.and_then(|(_, torn)| torn),
        }
    }

    /// The digests of the lines that no later line has seen: what a new line sees.
    pub fn heads(&self) -> Vec<Digest> {
        let seen: HashSet<&Digest> = self.entries.iter().flat_map(|e| &e.seen).collect();
        let mut out: Vec<Digest> = Vec::new();
        for entry in self.entries.iter().filter(|e| !seen.contains(&e.digest)) {
            if !out.contains(&entry.digest) {
                out.push(entry.digest.clone());
            }
        }
        out
    }

    /// Whether nothing was ever recorded.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.torn.is_none()
    }
}

/// The specs that have a ledger, by the stems of the files, in the order of the alphabet.
pub fn ledgers(root: &Path) -> Result<Vec<String>, LedgerError> {
    let folder = root.join(EVIDENCE_FOLDER);
    let refused = |source| LedgerError::Refused { path: folder.clone(), step: "list it", source };
    let found = match std::fs::read_dir(&folder) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refused(error)),
    };
    let mut out = Vec::new();
    for entry in found {
        let name = entry.map_err(refused)?.file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".jsonl").or_else(|| name.strip_suffix(".sum"));
        out.extend(stem.filter(|s| !s.is_empty()).map(str::to_owned));
    }
    out.sort();
    out.dedup();
    Ok(out)
}

/// The present time as entries have it: RFC 3339 in UTC, to the second. The environment variable
/// `TRUEUP_TODAY` does not change it: evidence is never dated otherwise than by the clock.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

pub(crate) fn read_from(storage: &mut impl Storage, root: &Path, spec: &str) -> Result<Ledger, LedgerError> {
    let empty = Ledger::parse(spec, b"", None);
    let mut get = |path: &str| {
        let path = root.join(path);
        storage.read(&path).map_err(|source| LedgerError::Refused { path, step: "read it", source })
    };
    let ledger = get(&empty.path)?;
    let sums = get(&empty.sum_path)?;
    Ok(Ledger::parse(spec, &ledger.unwrap_or_default(), sums.as_deref()))
}

/// The whole lines of a file, and what follows the last of them.
pub(crate) fn cut(bytes: &[u8]) -> (Vec<&[u8]>, Option<Torn>) {
    let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    // Splitting gives one more piece than there are newlines.
    let rest = lines.pop().unwrap_or_default();
    let torn = (!rest.is_empty()).then(|| Torn { line: number(lines.len()), bytes: rest.to_vec() });
    (lines, torn)
}

/// The line behind so many lines, from 1.
fn number(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

pub(crate) fn line(bytes: &[u8], number: u32) -> Line {
    let (body, signature) = wire::split(bytes);
    let digest = Digest::of(&body);
    let entry = wire::decode(&body).map(|body| Entry {
        line: number,
        digest: digest.clone(),
        seen: body.seen,
        time: body.time,
        by: body.by,
        subjects: body.subjects,
        statement: body.statement,
        signed: body.signed,
    });
    Line { bytes: bytes.to_vec(), digest, entry, signature }
}
