//! Everything that a step changes, worked out before anything is written.

use crate::edits::Edits;
use crate::failure::Failure;
use crate::links::Moves;
use std::collections::BTreeMap;
use trueup_engine::Workspace;
use trueup_evidence::PlannedAppend;
use trueup_repo::{FileChange, Journal};

/// Everything that a step changes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Edits of files that are there.
    pub edits: Edits,
    /// Files that move.
    pub moves: Moves,
    /// Texts that take the place of what the edits would make of a file that stays where it is.
    pub texts: BTreeMap<String, String>,
    /// The line of the ledger.
    pub evidence: Option<PlannedAppend>,
}

/// A file of a plan, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedChange {
    /// Its path from the root, afterwards.
    pub path: String,
    /// Its path before, where it moves.
    pub old_path: Option<String>,
    /// Its text before; empty where it is new.
    pub before: String,
    /// Its text afterwards; empty where it goes.
    pub after: String,
}

impl Plan {
    /// The documents that change, by path.
    pub fn documents(&self, workspace: &Workspace) -> Result<Vec<PlannedChange>, Failure> {
        let moved = self.moves.keys().chain(self.texts.keys()).map(String::as_str);
        let mut paths: Vec<&str> = self.edits.paths().chain(moved).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut out = Vec::new();
        for path in paths {
            let before = text_of(workspace, path)?;
            let after = match self.texts.get(path) {
                Some(text) => text.clone(),
                None => self.edits.applied(path, &before).map_err(|error| {
                    Failure::stopped(
                        format!("{path} cannot be changed: {error}"),
                        "this is a bug in trueup; report it",
                    )
                })?,
            };
            let new = self.moves.get(path);
            if new.is_none() && after == before {
                continue;
            }
            let old_path = new.map(|_| path.to_owned());
            out.push(PlannedChange {
                path: new.map_or(path, String::as_str).to_owned(),
                old_path,
                before,
                after,
            });
        }
        Ok(out)
    }

    /// Everything that changes, in the order in which it is written: evidence, documents, then what goes.
    pub fn journal(&self, workspace: &Workspace, command: &str, about: &str) -> Result<Journal, Failure> {
        let mut changes = Vec::new();
        let mut gone = Vec::new();
        for file in self.evidence.iter().flat_map(|planned| &planned.files) {
            let text = |bytes: &Option<Vec<u8>>| match bytes {
                Some(bytes) => String::from_utf8(bytes.clone()).map(Some).map_err(|_| {
                    Failure::stopped(
                        format!("{} is not UTF-8", file.path),
                        "`trueup evidence verify` says which line is damaged; bring the file back from git",
                    )
                }),
                None => Ok(None),
            };
            let change = FileChange {
                path: file.path.clone(),
                before: text(&file.before)?,
                after: text(&file.after)?,
                like: None,
            };
            if change.after.is_some() { changes.push(change) } else { gone.push(change) }
        }
        for document in self.documents(workspace)? {
            let Some(old) = document.old_path else {
                let (before, after) = (Some(document.before), Some(document.after));
                changes.push(FileChange { path: document.path, before, after, like: None });
                continue;
            };
            let (path, like) = (document.path, Some(old.clone()));
            changes.push(FileChange { path, before: None, after: Some(document.after), like });
            gone.push(FileChange { path: old, before: Some(document.before), after: None, like: None });
        }
        changes.extend(gone);
        Ok(Journal { command: command.to_owned(), about: about.to_owned(), changes })
    }
}

/// The text of a document or of the YAML file beside one.
fn text_of(workspace: &Workspace, path: &str) -> Result<String, Failure> {
    if let Some(head) = workspace.corpus.head(path) {
        return Ok(head.text.to_string());
    }
    let limit = workspace.config.files.max_size.unwrap_or(trueup_engine::MAX_FILE_SIZE);
    match trueup_repo::read(&workspace.root, path, limit) {
        Ok(text) => Ok(text.to_string()),
        Err(problem) => Err(Failure::stopped(
            format!("{path} cannot be read: {problem}"),
            "look at its permissions, then run the command again",
        )),
    }
}
