//! Waivers: what is accepted although it does not hold, by whom, why, and until when.
//!
//! They fail closed: one that has expired, lies in the future, or lacks an owner, a reason or a day
//! counts for nothing.

use crate::{Digest, Entry, Statement};
use trueup_model::{Date, find_dates};

/// A waiver that counts today.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiver {
    /// What is waived: an item (`AC-3`), a rule's name, or a fingerprint.
    pub of: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub expires: Date,
    /// Its line in the ledger.
    pub line: u32,
    /// The digest of that line.
    pub digest: Digest,
    /// The digest of the item's text when it was waived, where it is an item: the waiver does not count
    /// for another text.
    pub item_digest: Option<String>,
}

/// A waiver that counts for nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaiverProblem {
    /// What it was to waive.
    pub of: String,
    /// Its line in the ledger.
    pub line: u32,
    /// Why it does not count.
    pub why: String,
}

/// The waivers among the entries of a ledger that count on a day, and those that do not, each in the
/// order of the ledger. A later waiver of the same thing takes the place of an earlier one.
pub fn waivers(entries: &[Entry], today: Date) -> (Vec<Waiver>, Vec<WaiverProblem>) {
    let (mut good, mut bad): (Vec<Waiver>, Vec<WaiverProblem>) = (Vec::new(), Vec::new());
    for entry in entries {
        let Statement::Waiver { of, .. } = &entry.statement else { continue };
        good.retain(|w| w.of != *of);
        match judged(entry, today) {
            Ok(waiver) => good.push(waiver),
            Err(why) => bad.push(WaiverProblem { of: of.clone(), line: entry.line, why }),
        }
    }
    (good, bad)
}

fn judged(entry: &Entry, today: Date) -> Result<Waiver, String> {
    let Statement::Waiver { of, owner, reason, expires } = &entry.statement else {
        return Err("it is no waiver".to_owned());
    };
    for (value, what) in [(of, "subject"), (owner, "owner"), (reason, "reason")] {
        if value.trim().is_empty() {
            return Err(format!("it has no {what}"));
        }
    }
    let last = day(expires).ok_or_else(|| format!("`{expires}` is no day of the form 2026-01-31"))?;
    let from = entry.time.get(..10).and_then(day).ok_or("its time cannot be read")?;
    // Entries are dated in UTC and today is local: at most a day lies between them.
    if next_day(today) < from {
        return Err(format!("it is dated {from}, which is in the future"));
    }
    if last < today {
        return Err(format!("it expired on {last}"));
    }
    let item_digest =
        entry.subjects.iter().find(|s| s.name.rsplit_once('#').is_some_and(|(_, item)| item == of));
    Ok(Waiver {
        of: of.clone(),
        owner: owner.clone(),
        reason: reason.clone(),
        expires: last,
        line: entry.line,
        digest: entry.digest.clone(),
        item_digest: item_digest.map(|s| s.digest.clone()),
    })
}

/// The day that a text is, and nothing else.
fn day(text: &str) -> Option<Date> {
    match find_dates(text).as_slice() {
        [only] if only.start == 0 && only.end == text.len() => only.date,
        _ => None,
    }
}

fn next_day(day: Date) -> Date {
    Date::new(day.year, day.month, day.day.saturating_add(1))
        .or_else(|| Date::new(day.year, day.month.saturating_add(1), 1))
        .or_else(|| Date::new(day.year.saturating_add(1), 1, 1))
        .unwrap_or(day)
}
