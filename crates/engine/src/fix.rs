//! Applying fixes: as many as fit together, then parse and check again, until nothing changes.

use crate::check::CheckOptions;
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trueup_finding::{Finding, Registry, Safety};
use trueup_text::{Edit, apply_edits};

/// Rounds after which fixing stops: two fixes that undo each other must not run for ever.
const MAX_ROUNDS: usize = 8;

/// A file before and after its fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedFile {
    /// Path from the root.
    pub path: Arc<str>,
    /// The text that was read.
    pub before: Arc<str>,
    /// The text with the fixes.
    pub after: Arc<str>,
    /// Number of findings that were mended.
    pub applied: usize,
}

/// Computes the fixes of all findings that a check would report. Nothing is written.
pub fn fix(
    workspace: &mut Workspace,
    registry: &Registry,
    options: &CheckOptions,
    risky: bool,
) -> Vec<FixedFile> {
    let mut files: BTreeMap<Arc<str>, FixedFile> = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let report = workspace.check(registry, options);
        let mut by_file: BTreeMap<Arc<str>, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|f| usable(f, risky).is_some()) {
            by_file.entry(Arc::clone(&finding.path)).or_default().push(finding);
        }
        // A fix may bear on other files (a heading's anchor), so the next round looks at all of them again.
        let mut changed = false;
        for (path, findings) in by_file {
            let Some(before) = report.texts.get(&path) else { continue };
            let (after, applied) = apply_all(before, &findings, risky);
            if applied == 0 || *after == **before {
                continue;
            }
            let after: Arc<str> = after.into();
            workspace.set_text(&path, Arc::clone(&after));
            let entry = files.entry(Arc::clone(&path)).or_insert_with(|| FixedFile {
                path: Arc::clone(&path),
                before: Arc::clone(before),
                after: Arc::clone(&after),
                applied: 0,
            });
            entry.after = after;
            entry.applied += applied;
            changed = true;
        }
        if !changed {
            break;
        }
    }
    files.into_values().filter(|f| f.before != f.after).collect()
}

fn usable(finding: &Finding, risky: bool) -> Option<&[Edit]> {
    let fix = finding.fixes.iter().find(|f| risky || f.safety == Safety::Safe)?;
    Some(&fix.edits)
}

/// Applies the fixes of one file that do not touch each other; the others wait for the next round.
fn apply_all(text: &str, findings: &[&Finding], risky: bool) -> (String, usize) {
    let mut edits: BTreeSet<Edit> = BTreeSet::new();
    let mut applied = 0;
    for finding in findings {
        let Some(wanted) = usable(finding, risky) else { continue };
        if wanted.iter().all(|edit| edits.contains(edit) || fits(text, &edits, edit)) {
            edits.extend(wanted.iter().cloned());
            applied += 1;
        }
    }
    let edits: Vec<Edit> = edits.into_iter().collect();
    match apply_edits(text, &edits) {
        Ok(after) => (after, applied),
        Err(_) => (text.to_owned(), 0),
    }
}

/// Whether an edit lies in the text and touches none of the others. They lie apart and in order, so only
/// its neighbours can be in its way.
fn fits(text: &str, edits: &BTreeSet<Edit>, edit: &Edit) -> bool {
    let apart = |other: &Edit| !edit.span.overlaps(other.span);
    text.get(edit.span.range()).is_some()
        && edits.range(..edit).next_back().is_none_or(apart)
        && edits.range(edit..).next().is_none_or(apart)
}
