//! What provers found on a spec's claims, as its ledger has it.

/// A prover's verdict on a claim, with the files that it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofRecord {
    /// What was tried: `idempotent`, `resumable`, `phases`, `isolation`.
    pub what: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was seen, in a sentence.
    pub detail: String,
    /// When, in UTC, as RFC 3339.
    pub time: String,
    /// The files that it was tried on.
    pub files: Vec<ProvenFile>,
}

/// A file that a prover saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenFile {
    /// Its path from the repository's root.
    pub path: String,
    /// What became of it since.
    pub now: FileNow,
}

/// What became of a file since a prover saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileNow {
    /// It is as it was, byte for byte.
    Same,
    /// It holds something else.
    Changed,
    /// It is not there, or cannot be read.
    Gone,
}

impl ProofRecord {
    /// The first file that is not as it was, with what became of it.
    pub fn first_change(&self) -> Option<&ProvenFile> {
        self.files.iter().find(|file| file.now != FileNow::Same)
    }
}
