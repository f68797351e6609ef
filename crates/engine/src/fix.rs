//! Applying fixes: as many as fit together, then parse and check again, until nothing changes.

use crate::check::CheckOptions;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_finding::{Finding, Registry, Safety};
use trueup_model::folder_of;
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
    let mut options = options.clone();
    for _ in 0..MAX_ROUNDS {
        let report = workspace.check(registry, &options);
        let mut by_file: BTreeMap<Arc<str>, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|f| usable(f, risky).is_some()) {
            by_file.entry(Arc::clone(&finding.path)).or_default().push(finding);
        }
        let mut changed = Vec::new();
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
            // A sidecar is checked with the document beside it.
            let is_sidecar = workspace.corpus.head(&path).is_none();
            changed.push(if is_sidecar { folder_of(&path).to_owned() } else { path.to_string() });
        }
        if changed.is_empty() {
            break;
        }
        options.paths = changed;
    }
    files.into_values().filter(|f| f.before != f.after).collect()
}

fn usable(finding: &Finding, risky: bool) -> Option<&[Edit]> {
    let fix = finding.fixes.iter().find(|f| risky || f.safety == Safety::Safe)?;
    Some(&fix.edits)
}

/// Applies the fixes of one file that do not touch each other; the others wait for the next round.
fn apply_all(text: &str, findings: &[&Finding], risky: bool) -> (String, usize) {
    let mut edits: Vec<Edit> = Vec::new();
    let mut applied = 0;
    for finding in findings {
        let Some(wanted) = usable(finding, risky) else { continue };
        let clash =
            wanted.iter().any(|e| edits.iter().any(|other| e != other && e.span.overlaps(other.span)));
        if clash {
            continue;
        }
        let mut tried = edits.clone();
        tried.extend(wanted.iter().cloned());
        tried.sort();
        tried.dedup();
        if apply_edits(text, &tried).is_ok() {
            edits = tried;
            applied += 1;
        }
    }
    match apply_edits(text, &edits) {
        Ok(after) => (after, applied),
        Err(_) => (text.to_owned(), 0),
    }
}
