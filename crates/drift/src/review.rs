//! What a person has looked at already does not count again.

use crate::Drifted;
use rustc_hash::FxHashMap;
use trueup_codebase::CodeKind;
use trueup_model::Verdict;

/// The rows of a spec since somebody looked at them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reviewed {
    /// What counts: new since then, or changed since then.
    pub counting: Vec<Drifted>,
    /// What somebody looked at and what is as it was.
    pub seen: Vec<Drifted>,
}

/// Divides the rows of today by those of the commit at which somebody looked. What differed then and differs
/// in the same way now was seen; what differs in another way now is stale; all else counts as it is.
pub fn since_review(now: Vec<Drifted>, then: &[Drifted], commit: &str) -> Reviewed {
    let differed = then.iter().filter(|row| row.differs());
    let before: FxHashMap<(CodeKind, &str), &Drifted> =
        differed.map(|row| ((row.kind, row.subject.as_str()), row)).collect();
    let mut out = Reviewed::default();
    for row in now {
        let old = before.get(&(row.kind, row.subject.as_str())).filter(|_| row.differs());
        match old {
            None => out.counting.push(row),
            Some(old) if same(old, &row) => out.seen.push(row),
            Some(_) => out.counting.push(stale(row, commit)),
        }
    }
    out
}

fn same(old: &Drifted, new: &Drifted) -> bool {
    old.verdict == new.verdict
        && old.difference == new.difference
        && old.candidate == new.candidate
        && old.place.as_ref().map(|p| &p.path) == new.place.as_ref().map(|p| &p.path)
}

fn stale(row: Drifted, commit: &str) -> Drifted {
    let short = commit.get(..12).unwrap_or(commit);
    let reason = format!("reviewed at {short} and changed since: {}", row.reason);
    Drifted { verdict: Verdict::Stale, reason, ..row }
}
