//! Adds a line to a ledger.
//!
//! The line goes to the disk first and its digest second, so that a kill in between leaves a line
//! without a digest, which cannot be mistaken for a digest without its line. What a kill leaves is
//! mended by the next append, which says so.

use crate::ledger::{line, read_from};
use crate::storage::{Disk, Storage, lock};
use crate::{Digest, EVIDENCE_FOLDER, Entry, Ledger, LedgerError, NewEntry, Signer, file_stem, wire};
use std::io;
use std::path::{Path, PathBuf};

/// How git has to treat ledgers: by union, and without touching the ends of lines.
const ATTRIBUTES: &str = "*.jsonl -text merge=union\n*.sum -text merge=union\n*.torn -text merge=union\n";

/// What an append did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appended {
    /// The line as it was written.
    pub entry: Entry,
    /// What an interrupted run had left and was mended first, a sentence each; to be shown.
    pub mended: Vec<String>,
}

/// Adds a line to the ledger of a spec. When this returns, the line is on the disk; when it fails,
/// nothing was recorded. Processes that write at the same time wait for each other.
pub fn append(
    root: &Path,
    spec: &str,
    entry: &NewEntry,
    signer: Option<&Signer>,
) -> Result<Appended, LedgerError> {
    let _lock = EvidenceLock::take(root)?;
    append_to(&mut Disk, root, spec, entry, signer)
}

/// The right to write ledgers: one process has it at a time, and nobody reads a line that is half written. It ends
/// with the value, also when the process is killed.
#[derive(Debug)]
pub struct EvidenceLock {
    _file: std::fs::File,
}

impl EvidenceLock {
    /// Takes it, waiting for whoever has it. The folder of the ledgers is made where there is none.
    pub fn take(root: &Path) -> Result<EvidenceLock, LedgerError> {
        let folder = root.join(EVIDENCE_FOLDER);
        let refused = |step| {
            let path = folder.clone();
            move |source| LedgerError::Refused { path, step, source }
        };
        std::fs::create_dir_all(&folder).map_err(refused("make the folder"))?;
        match lock(&folder).map_err(refused("lock the folder"))? {
            Some(file) => Ok(EvidenceLock { _file: file }),
            None => Err(LedgerError::Busy { path: folder }),
        }
    }
}

/// The same on any storage, without the lock.
pub(crate) fn append_to(
    storage: &mut impl Storage,
    root: &Path,
    spec: &str,
    entry: &NewEntry,
    signer: Option<&Signer>,
) -> Result<Appended, LedgerError> {
    if entry.time.parse::<jiff::Timestamp>().is_err() {
        let told = format!("the time `{}` is not of the form 2026-01-31T12:00:00Z", entry.time);
        return Err(LedgerError::Invalid(told));
    }
    let mut files = Files::new(storage, root, spec);
    files.write_attributes()?;
    let mended = files.mend()?;
    let ledger = files.ledger()?;
    let body = wire::encode(entry, &ledger.heads(), signer.is_some())
        .map_err(|e| LedgerError::Invalid(e.to_string()))?;
    let text = match signer {
        Some(signer) => wire::with_signature(&body, &signer.sign(body.as_bytes())?),
        None => body,
    };
    let number = u32::try_from(ledger.lines.len()).unwrap_or(u32::MAX).saturating_add(1);
    let new = line(text.as_bytes(), number);
    let entry =
        new.entry.map_err(|why| LedgerError::Invalid(format!("the line would be no statement: {why}")))?;
    if ledger.lines.iter().any(|l| l.digest == new.digest) {
        return Err(LedgerError::Invalid("the ledger holds the same line already".to_owned()));
    }
    files.write(&text, &new.digest)?;
    Ok(Appended { entry, mended })
}

/// The files of one ledger.
struct Files<'a, S> {
    storage: &'a mut S,
    root: &'a Path,
    spec: &'a str,
    attributes: PathBuf,
    ledger: PathBuf,
    sum: PathBuf,
    torn: PathBuf,
}

impl<'a, S: Storage> Files<'a, S> {
    fn new(storage: &'a mut S, root: &'a Path, spec: &'a str) -> Files<'a, S> {
        let folder = root.join(EVIDENCE_FOLDER);
        let stem = file_stem(spec);
        let file = |ending: &str| folder.join(format!("{stem}.{ending}"));
        let (ledger, sum, torn) = (file("jsonl"), file("sum"), file("torn"));
        Files { storage, root, spec, attributes: folder.join(".gitattributes"), ledger, sum, torn }
    }

    fn ledger(&mut self) -> Result<Ledger, LedgerError> {
        read_from(self.storage, self.root, self.spec)
    }

    fn length(&mut self, path: &Path) -> Result<u64, LedgerError> {
        let bytes = self.storage.read(path).map_err(refused(path, "read it"))?;
        Ok(bytes.map_or(0, |b| b.len() as u64))
    }

    /// Says to git how ledgers are merged. Whatever else stands in the file is kept.
    fn write_attributes(&mut self) -> Result<(), LedgerError> {
        let path = self.attributes.clone();
        let old = self.storage.read(&path).map_err(refused(&path, "read it"))?.unwrap_or_default();
        let text = String::from_utf8_lossy(&old);
        let mut missing: String = ATTRIBUTES
            .lines()
            .filter(|wanted| !text.lines().any(|l| l == *wanted))
            .map(|l| format!("{l}\n"))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        if !old.is_empty() && !old.ends_with(b"\n") {
            missing.insert(0, '\n');
        }
        self.storage.append(&path, missing.as_bytes()).map_err(refused(&path, "write it"))
    }

    /// Mends what an interrupted run has left, and says what.
    fn mend(&mut self) -> Result<Vec<String>, LedgerError> {
        let mut told = Vec::new();
        self.mend_ledger(&mut told)?;
        self.mend_sum(&mut told)?;
        self.add_missing_sums(&mut told)?;
        Ok(told)
    }

    fn mend_ledger(&mut self, told: &mut Vec<String>) -> Result<(), LedgerError> {
        let ledger = self.ledger()?;
        let Some(torn) = ledger.torn else { return Ok(()) };
        let digest = line(&torn.bytes, torn.line).digest;
        let path = self.ledger.clone();
        let last_sum = ledger.torn_sum.as_ref().map(|t| t.bytes.as_slice());
        if ledger.sums.iter().flatten().any(|sum| *sum == digest.0) || last_sum == Some(digest.0.as_bytes()) {
            told.push(format!("{}:{}: the line had lost its newline; it was added", ledger.path, torn.line));
            return self.storage.append(&path, b"\n").map_err(refused(&path, "end its last line"));
        }
        self.put_aside(&torn.bytes)?;
        let length = self.length(&path)?.saturating_sub(torn.bytes.len() as u64);
        self.storage.truncate(&path, length).map_err(refused(&path, "cut the torn line"))?;
        told.push(format!(
            "{}:{}: an interrupted run had left half a line; it was put into {}",
            ledger.path,
            torn.line,
            self.torn.display()
        ));
        Ok(())
    }

    fn mend_sum(&mut self, told: &mut Vec<String>) -> Result<(), LedgerError> {
        let ledger = self.ledger()?;
        let Some(torn) = ledger.torn_sum else { return Ok(()) };
        let path = self.sum.clone();
        let text = String::from_utf8_lossy(&torn.bytes);
        if ledger.lines.iter().any(|l| l.digest.0 == text) {
            told.push(format!(
                "{}:{}: the digest had lost its newline; it was added",
                ledger.sum_path, torn.line
            ));
            return self.storage.append(&path, b"\n").map_err(refused(&path, "end its last line"));
        }
        // The front of a digest that can be made again is no loss; anything else is kept.
        if !ledger.lines.iter().any(|l| l.digest.0.as_bytes().starts_with(&torn.bytes)) {
            self.put_aside(&torn.bytes)?;
        }
        let length = self.length(&path)?.saturating_sub(torn.bytes.len() as u64);
        self.storage.truncate(&path, length).map_err(refused(&path, "cut the torn line"))?;
        told.push(format!("{}:{}: an interrupted run had left half a digest", ledger.sum_path, torn.line));
        Ok(())
    }

    /// Adds the digests of whole lines at the end, where all before them have theirs.
    fn add_missing_sums(&mut self, told: &mut Vec<String>) -> Result<(), LedgerError> {
        let ledger = self.ledger()?;
        let sums = ledger.sums.unwrap_or_default();
        let known = ledger.lines.iter().zip(&sums).all(|(line, sum)| line.digest.0 == *sum);
        let rest = ledger.lines.get(sums.len()..).unwrap_or_default();
        // A crash leaves one line without its digest; more have been put there by somebody else.
        let [only] = rest else { return Ok(()) };
        if !known || only.entry.is_err() {
            return Ok(());
        }
        let path = self.sum.clone();
        self.storage
            .append(&path, format!("{}\n", only.digest).as_bytes())
            .map_err(refused(&path, "add a digest"))?;
        told.push(format!(
            "{}:{}: an interrupted run had not written the digest of the line; it was added",
            ledger.path,
            sums.len() + 1
        ));
        Ok(())
    }

    /// Keeps what is cut off, once.
    fn put_aside(&mut self, bytes: &[u8]) -> Result<(), LedgerError> {
        let path = self.torn.clone();
        let kept = self.storage.read(&path).map_err(refused(&path, "read it"))?.unwrap_or_default();
        let mut piece = bytes.to_vec();
        piece.push(b'\n');
        match kept.ends_with(&piece) {
            true => Ok(()),
            false => self.storage.append(&path, &piece).map_err(refused(&path, "keep the torn line")),
        }
    }

    /// Writes the line and its digest; whatever fails is taken back.
    fn write(&mut self, text: &str, digest: &Digest) -> Result<(), LedgerError> {
        let (ledger, sum) = (self.ledger.clone(), self.sum.clone());
        let lengths = [(ledger.clone(), self.length(&ledger)?), (sum.clone(), self.length(&sum)?)];
        let (line_at, sum_at) = lengths.split_at(1);
        if let Err(source) = self.storage.append(&ledger, format!("{text}\n").as_bytes()) {
            return Err(self.take_back(line_at, "add a line", source));
        }
        if let Err(source) = self.storage.append(&sum, format!("{digest}\n").as_bytes()) {
            let both: Vec<_> = sum_at.iter().chain(line_at).cloned().collect();
            return Err(self.take_back(&both, "add a digest", source));
        }
        Ok(())
    }

    /// Cuts files back to what they were; the error to give.
    fn take_back(
        &mut self,
        lengths: &[(PathBuf, u64)],
        step: &'static str,
        source: io::Error,
    ) -> LedgerError {
        let path = lengths.first().map(|(p, _)| p.clone()).unwrap_or_default();
        for (path, length) in lengths {
            let there = matches!(self.storage.read(path), Ok(Some(bytes)) if bytes.len() as u64 == *length)
                || matches!(self.storage.read(path), Ok(None));
            if !there && let Err(undo) = self.storage.truncate(path, *length) {
                return LedgerError::HalfWritten { path: path.clone(), step, source, undo };
            }
        }
        LedgerError::Refused { path, step, source }
    }
}

fn refused(path: &Path, step: &'static str) -> impl FnOnce(io::Error) -> LedgerError {
    let path = path.to_path_buf();
    move |source| LedgerError::Refused { path, step, source }
}
