//! Any bytes as a ledger of evidence and the file of digests beside it.

use trueup_evidence::{AllowedSigners, Checks, Digest, Ledger, anchors_in, verify, waivers};
use trueup_model::Date;

/// What parts the ledger, its file of digests, the ledger as it was committed, and the file of those who may sign.
const CUT: &[u8] = b"\n====\n";

/// Reads and verifies `bytes` as a ledger with what belongs to it: each problem has a place in one of its files,
/// every line is kept byte for byte, and what was committed and is gone is missed.
pub fn ledger_holds(bytes: &[u8]) {
    let mut parts = Parts { rest: Some(bytes) };
    let ledger_bytes = parts.next().unwrap_or_default();
    let (sums, committed, signers) = (parts.next(), parts.next(), parts.next());
    let ledger = Ledger::parse("SPEC-1", ledger_bytes, sums);
    kept(&ledger, ledger_bytes);
    assert_eq!(ledger, Ledger::parse("SPEC-1", ledger_bytes, sums), "read twice, read alike");
    let signers = signers.map(|text| AllowedSigners::parse("signers", &String::from_utf8_lossy(text)));
    let anchors = anchors_in(&String::from_utf8_lossy(ledger_bytes));
    for require_signatures in [false, true] {
        let checks = Checks {
            anchors: &anchors,
            committed,
            base: None,
            signers: signers.as_ref(),
            require_signatures,
        };
        let problems = verify(&ledger, &checks);
        for problem in &problems {
            assert!(problem.line > 0 && !problem.what.is_empty(), "{problem:?}");
        }
        let lines = ledger.lines.iter().any(|line| line.entry.is_err() || require_signatures);
        assert!(!lines || !problems.is_empty(), "a line that says nothing, or is not signed, holds");
    }
    let heads: Vec<Digest> = ledger.heads();
    assert!(heads.iter().all(|head| ledger.entries.iter().any(|entry| entry.digest == *head)));
    for day in [Date::new(2026, 6, 15), Date::new(9999, 12, 31)].into_iter().flatten() {
        let _ = waivers(&ledger.entries, day);
    }
}

/// No byte of a ledger is lost by reading it.
fn kept(ledger: &Ledger, bytes: &[u8]) {
    let mut again: Vec<u8> = Vec::new();
    for line in &ledger.lines {
        again.extend_from_slice(&line.bytes);
        again.push(b'\n');
    }
    again.extend(ledger.torn.iter().flat_map(|torn| &torn.bytes));
    assert_eq!(again, bytes, "every byte is in a line or torn");
}

struct Parts<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let at = rest.windows(CUT.len()).position(|part| part == CUT);
        let Some(at) = at else {
            self.rest = None;
            return Some(rest);
        };
        self.rest = rest.get(at + CUT.len()..);
        rest.get(..at)
    }
}
