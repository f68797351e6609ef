//! Holds a ledger to everything that is known of it.

use crate::ledger::cut;
use crate::signing::verified;
use crate::wire::{is_digest, split};
use crate::{AllowedSigners, Digest, Entry, Ledger, Line};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// How far a signed line may be dated before one that it saw: clocks differ. More is a line that was
/// dated back, which would let a key sign that is no longer valid.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(24);

/// What a ledger is held to, beside itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checks<'a> {
    /// The fronts of digests that the spec's history names: twelve digits each, as
    /// [`Digest::short`] gives them.
    pub anchors: &'a [String],
    /// The ledger as it was committed last (`HEAD`), so that a line that has been committed is missed.
    pub committed: Option<&'a [u8]>,
    /// The ledger as another branch has it, with the name of that branch: its lines are missed, too.
    pub base: Option<(&'a str, &'a [u8])>,
    /// Who may sign. Without, signatures have to hold, but anybody may have made them.
    pub signers: Option<&'a AllowedSigners>,
    /// Whether each line has to be signed.
    pub require_signatures: bool,
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// The end of a file is the rest of an interrupted write. The next append mends it.
    Torn,
    /// A line was written and its digest was not. The next append mends it where it is the last one.
    NoDigest,
    /// A line is no statement.
    NotAStatement,
    /// A line was changed.
    Changed,
    /// A line is gone.
    Gone,
    /// A line stands there twice.
    Twice,
    /// A line stands elsewhere than it did.
    Moved,
    /// A line of the file of digests is none.
    NotADigest,
    /// A signature is missing, wrong, or nobody's who may sign.
    Signature,
    /// A line of the file of allowed signers cannot be used.
    Signers,
}

impl ProblemKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ProblemKind::Torn => "torn",
            ProblemKind::NoDigest => "no-digest",
            ProblemKind::NotAStatement => "not-a-statement",
            ProblemKind::Changed => "changed",
            ProblemKind::Gone => "gone",
            ProblemKind::Twice => "twice",
            ProblemKind::Moved => "moved",
            ProblemKind::NotADigest => "not-a-digest",
            ProblemKind::Signature => "signature",
            ProblemKind::Signers => "signers",
        }
    }
}

/// Something that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The file, from the repository's root.
    pub path: String,
    /// The line, from 1. For a line that is gone: where it stood.
    pub line: u32,
    /// What kind of thing is wrong.
    pub kind: ProblemKind,
    /// What is wrong, in a sentence.
    pub what: String,
}

/// Everything that does not hold, by file and line, the ledger's own lines first.
pub fn verify(ledger: &Ledger, checks: &Checks<'_>) -> Vec<Problem> {
    let mut check = Verifier { ledger, checks, out: Vec::new() };
    check.lines();
    check.sums();
    check.tails();
    check.anchors();
    if let Some(bytes) = checks.committed {
        check.copy(bytes, "the last commit");
    }
    if let Some((branch, bytes)) = checks.base {
        check.copy(bytes, &format!("the branch {branch}"));
    }
    check.signers();
    let mut out = check.out;
    let rank = |p: &Problem| (p.path != ledger.path, p.path.clone(), p.line, p.kind);
    out.sort_by_key(rank);
    out.dedup();
    out
}

struct Verifier<'a> {
    ledger: &'a Ledger,
    checks: &'a Checks<'a>,
    out: Vec<Problem>,
}

impl<'a> Verifier<'a> {
    fn say(&mut self, line: usize, kind: ProblemKind, what: impl Into<String>) {
        let path = self.ledger.path.clone();
        self.out.push(Problem { path, line: number(line), kind, what: what.into() });
    }

    fn say_of_sums(&mut self, line: usize, kind: ProblemKind, what: impl Into<String>) {
        let path = self.ledger.sum_path.clone();
        self.out.push(Problem { path, line: number(line), kind, what: what.into() });
    }

    /// Each line for itself, and what it says of the others.
    fn lines(&mut self) {
        let ledger = self.ledger;
        let mut first: HashMap<&Digest, usize> = HashMap::new();
        for (index, line) in ledger.lines.iter().enumerate() {
            match first.get(&line.digest) {
                Some(earlier) => {
                    let what = format!("the line stands there twice: line {} is the same", earlier + 1);
                    self.say(index, ProblemKind::Twice, what);
                }
                None => {
                    first.insert(&line.digest, index);
                }
            }
        }
        let times: HashMap<&Digest, &str> =
            ledger.entries.iter().map(|e| (&e.digest, e.time.as_str())).collect();
        for (index, line) in ledger.lines.iter().enumerate() {
            match &line.entry {
                Err(why) => {
                    self.say(index, ProblemKind::NotAStatement, format!("the line is no statement: {why}"))
                }
                Ok(entry) => {
                    self.seen(index, entry, &first);
                    self.signature(index, line, entry);
                    if entry.signed {
                        self.dated(index, entry, &times);
                    }
                }
            }
        }
    }

    fn seen(&mut self, index: usize, entry: &Entry, first: &HashMap<&Digest, usize>) {
        for digest in &entry.seen {
            match first.get(digest) {
                Some(at) if *at < index => {}
                Some(at) => {
                    let what = format!("the line names line {} as seen, which stands behind it", at + 1);
                    self.say(index, ProblemKind::Moved, what);
                }
                None => {
                    let what = format!(
                        "the line saw the line {}, which is not in the ledger: it was removed or changed",
                        digest.short()
                    );
                    self.say(index, ProblemKind::Gone, what);
                }
            }
        }
    }

    fn signature(&mut self, index: usize, line: &Line, entry: &Entry) {
        match (&line.signature, entry.signed) {
            (None, false) if self.checks.require_signatures => {
                self.say(
                    index,
                    ProblemKind::Signature,
                    "the line is not signed, and `require-signatures` is set",
                );
            }
            (None, false) => {}
            (None, true) => {
                self.say(index, ProblemKind::Signature, "the line was signed, and the signature is gone")
            }
            (Some(_), false) => {
                self.say(index, ProblemKind::Signature, "the line was not signed, and a signature was added");
            }
            (Some(signature), true) => {
                if let Err(why) = self.signed(signature, line, entry) {
                    self.say(index, ProblemKind::Signature, format!("the signature does not count: {why}"));
                }
            }
        }
    }

    fn signed(&self, signature: &str, line: &Line, entry: &Entry) -> Result<(), String> {
        let (body, _) = split(&line.bytes);
        let key = verified(signature, &body)?;
        let time: Timestamp = entry.time.parse().map_err(|_| "its time cannot be read".to_owned())?;
        match self.checks.signers {
            Some(signers) => signers.allows(&entry.by.email, key.key_data(), time).map(|_| ()),
            None if self.checks.require_signatures => Err("there is no file of allowed signers".to_owned()),
            None => Ok(()),
        }
    }

    fn dated(&mut self, index: usize, entry: &Entry, times: &HashMap<&Digest, &str>) {
        let Ok(time) = entry.time.parse::<Timestamp>() else { return };
        for seen in entry.seen.iter().filter_map(|d| times.get(d)) {
            let Ok(earlier) = seen.parse::<Timestamp>() else { continue };
            if earlier.duration_since(time) > CLOCKS_DIFFER {
                let what = format!("the line is dated {}, before a line that it saw ({seen})", entry.time);
                self.say(index, ProblemKind::Signature, what);
            }
        }
    }

    /// The lines against their digests: both files hold the same, in the same order.
    fn sums(&mut self) {
        let ledger = self.ledger;
        let Some(sums) = &ledger.sums else {
            if !ledger.lines.is_empty() {
                let what = "the file is gone, and with it the digests of all lines; take it back from git";
                self.say_of_sums(0, ProblemKind::Gone, what);
            }
            return;
        };
        let places: HashMap<&str, usize> =
            sums.iter().enumerate().rev().map(|(i, s)| (s.as_str(), i)).collect();
        let known: HashSet<&str> = ledger.lines.iter().map(|l| l.digest.0.as_str()).collect();
        let orphan = |i: usize| sums.get(i).is_some_and(|s| !known.contains(s.as_str()));
        let mut changed = HashSet::new();
        let mut reached = 0;
        for (index, line) in ledger.lines.iter().enumerate() {
            match places.get(line.digest.0.as_str()) {
                Some(place) if *place < reached => {
                    let what = format!(
                        "the line stands behind another than when it was written: it was line {}",
                        place + 1
                    );
                    self.say(index, ProblemKind::Moved, what);
                }
                Some(place) => reached = *place,
                None if orphan(index) => {
                    changed.insert(index);
                    self.say(index, ProblemKind::Changed, "the line was changed since it was written, or its digest in the file beside the ledger was");
                }
                None => {
                    let what = "the line has no digest in the file beside the ledger: it was changed, added by hand, \
                                or a run was interrupted";
                    self.say(index, ProblemKind::NoDigest, what);
                }
            }
        }
        self.orphans(sums, &known, &changed);
    }

    fn orphans(&mut self, sums: &[String], known: &HashSet<&str>, changed: &HashSet<usize>) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (index, sum) in sums.iter().enumerate() {
            if let Some(earlier) = first.insert(sum, index) {
                let what = format!("the digest stands there twice: line {} is the same", earlier + 1);
                self.say_of_sums(index, ProblemKind::Twice, what);
            } else if !is_digest(sum) {
                self.say_of_sums(
                    index,
                    ProblemKind::NotADigest,
                    "the line is no digest of 64 hexadecimal digits",
                );
            } else if !known.contains(sum.as_str()) && !changed.contains(&index) {
                let what = format!(
                    "the line of this digest ({}…) is gone from {}: it was cut off, removed or changed",
                    sum.get(..12).unwrap_or(sum),
                    self.ledger.path
                );
                self.say_of_sums(index, ProblemKind::Gone, what);
            }
        }
    }

    fn tails(&mut self) {
        let ledger = self.ledger;
        if ledger.torn.is_some() {
            let what = "the file ends within a line: a run was interrupted, or the end was cut off; it counts for nothing, \
                        and the next entry puts it aside";
            self.say(ledger.lines.len(), ProblemKind::Torn, what);
        }
        if ledger.torn_sum.is_some() {
            let what = "the file ends within a digest: a run was interrupted, or the end was cut off";
            self.say_of_sums(ledger.sums.as_ref().map_or(0, Vec::len), ProblemKind::Torn, what);
        }
    }

    fn anchors(&mut self) {
        let ledger = self.ledger;
        for anchor in self.checks.anchors {
            let wanted = anchor.to_ascii_lowercase();
            let found = !wanted.is_empty() && ledger.lines.iter().any(|l| l.digest.0.starts_with(&wanted));
            if !found {
                let what = format!(
                    "the spec's history names the line {anchor}, and it is gone: cut off, removed or changed"
                );
                self.say(ledger.lines.len(), ProblemKind::Gone, what);
            }
        }
    }

    /// Every line of a copy is still there, byte for byte and in the same order.
    fn copy(&mut self, copy: &[u8], whose: &str) {
        let ledger = self.ledger;
        let places: HashMap<&[u8], usize> =
            ledger.lines.iter().enumerate().rev().map(|(i, l)| (l.bytes.as_slice(), i)).collect();
        let mut reached = 0;
        for (index, bytes) in cut(copy).0.into_iter().enumerate() {
            match places.get(bytes) {
                Some(place) if *place < reached => {
                    let what = format!(
                        "the line stands behind another than in {whose}: there it is line {}",
                        index + 1
                    );
                    self.say(*place, ProblemKind::Moved, what);
                }
                Some(place) => reached = *place,
                None => {
                    let what = format!("line {} of {whose} is gone or was changed", index + 1);
                    self.say(index.min(ledger.lines.len()), ProblemKind::Gone, what);
                }
            }
        }
    }

    fn signers(&mut self) {
        let Some(signers) = self.checks.signers else { return };
        for problem in &signers.problems {
            let what = format!("the line allows nobody: {}", problem.what);
            let path = signers.path.clone();
            self.out.push(Problem { path, line: problem.line, kind: ProblemKind::Signers, what });
        }
    }
}

/// The number of a line from its index.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}
