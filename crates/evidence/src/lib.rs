//! What verdicts rest on: an append-only ledger for each spec, whose lines are statements bound to a
//! commit and to content digests.
//!
//! A ledger is `.trueup/evidence/<spec>.jsonl`; [`file_stem`] says how a spec's name becomes that of a
//! file. Each line is an in-toto Statement v1. Beside it stands `<spec>.sum` with the digest of each
//! line, so that a line that is cut off is missed. Both are only ever appended to, and git merges them
//! by union.
//!
//! # The digest of a line
//!
//! A line that ends in `,"signature":"…"}` (base64 between the quotes) carries a signature. Its body is
//! the line without that field, closed with `}` again; the body of any other line is the line. The
//! digest is the SHA-256 of the body's bytes, without the newline; the same bytes are signed. A body
//! says itself whether it was signed, so that a signature cannot be taken away unseen.
//!
//! # Checking a signature by hand
//!
//! A signature is the base64 of an `SSHSIG` blob with the namespace `trueup`, as `ssh-keygen -Y sign`
//! makes it. Put the body into a file (no newline at its end), the base64 between the lines
//! `-----BEGIN SSH SIGNATURE-----` and `-----END SSH SIGNATURE-----` into another, and run
//! `ssh-keygen -Y verify -n trueup -f allowed_signers -I person@example.org -s SIGNATURE < BODY`.

mod allowed;
mod append;
mod entry;
mod item;
mod ledger;
mod material;
mod name;
mod person;
mod plan;
mod signing;
mod storage;
mod verify;
mod waiver;
mod wire;

pub use allowed::{AllowedSigner, AllowedSigners, SignerProblem};
pub use append::{Appended, EvidenceLock, append};
pub use entry::{Digest, Entry, NewEntry, Person, Statement, Subject, TestOutcome};
pub use item::item_digest;
pub use ledger::{EVIDENCE_FOLDER, Ledger, LedgerError, Line, Torn, ledgers, now};
pub use material::{
    anchors_in, changes_since, digest_in, fact_subjects, last_acceptance, material_digest, names_evidence,
    spec_subjects,
};
pub use name::file_stem;
pub use plan::{PlannedAppend, PlannedFile, plan_append};
pub use signing::{NAMESPACE, SignError, Signer};
pub use verify::{Checks, Problem, ProblemKind, verify};
pub use waiver::{Waiver, WaiverProblem, waivers};

#[cfg(test)]
mod tests;
