//! An append that is not made yet: what its files will hold, for a change that touches more files than the ledger.

use crate::append::append_to;
use crate::storage::{Disk, Storage};
use crate::{EVIDENCE_FOLDER, Entry, LedgerError, NewEntry, Signer, file_stem};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// A file before and after; none where it is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedFile {
    /// Its path from the root.
    pub path: String,
    /// Its content now.
    pub before: Option<Vec<u8>>,
    /// Its content then.
    pub after: Option<Vec<u8>>,
}

/// An append that is not made yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedAppend {
    /// The line as it will be written.
    pub entry: Entry,
    /// Everything that changes, in the order in which it is to be written.
    pub files: Vec<PlannedFile>,
    /// What an interrupted run had left and will be mended, a sentence each.
    pub mended: Vec<String>,
}

/// Works out what an append would write, and writes nothing. With `moved_from` the ledger of a spec that had another
/// name is taken along.
pub fn plan_append(
    root: &Path,
    spec: &str,
    moved_from: Option<&str>,
    entry: &NewEntry,
    signer: Option<&Signer>,
) -> Result<PlannedAppend, LedgerError> {
    let mut memory = Memory::default();
    let folder = root.join(EVIDENCE_FOLDER);
    let (old, new) = (moved_from.map(file_stem), file_stem(spec));
    if let Some(old) = old.filter(|old| *old != new) {
        for ending in ["jsonl", "sum", "torn"] {
            let from = folder.join(format!("{old}.{ending}"));
            let refused = |source| LedgerError::Refused { path: from.clone(), step: "read it", source };
            if let Some(bytes) = Disk.read(&from).map_err(refused)? {
                memory.files.insert(folder.join(format!("{new}.{ending}")), Some(bytes));
                memory.files.insert(from, None);
            }
        }
    }
    let appended = append_to(&mut memory, root, spec, entry, signer)?;
    let mut files = Vec::new();
    for (path, after) in memory.files {
        let refused = |source| LedgerError::Refused { path: path.clone(), step: "read it", source };
        let before = Disk.read(&path).map_err(refused)?;
        if before != after {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push(PlannedFile { path: name, before, after });
        }
    }
    // What is new comes before what goes, and a line before its digest.
    files.sort_by_key(|file| (file.after.is_none(), file.path.ends_with(".sum")));
    Ok(PlannedAppend { entry: appended.entry, files, mended: appended.mended })
}

/// The disk, with changes that stay in memory.
#[derive(Default)]
struct Memory {
    files: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Storage for Memory {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match self.files.get(path) {
            Some(content) => Ok(content.clone()),
            None => Disk.read(path),
        }
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut content = self.read(path)?.unwrap_or_default();
        content.extend_from_slice(bytes);
        self.files.insert(path.to_path_buf(), Some(content));
        Ok(())
    }

    fn truncate(&mut self, path: &Path, length: u64) -> io::Result<()> {
        let mut content = self.read(path)?.unwrap_or_default();
        content.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        self.files.insert(path.to_path_buf(), Some(content));
        Ok(())
    }
}
