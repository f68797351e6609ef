//! One command at a time: the lock, what was left open, and the people.

use crate::failure::Failure;
use std::path::Path;
use trueup_evidence::{EVIDENCE_FOLDER, EvidenceLock, Person};
use trueup_repo::{BeforeWrite, ChangeLock, Git, Journal};

/// A command that may change files: it has the lock, and nothing is half done.
#[derive(Debug)]
pub struct Session {
    pub(crate) lock: ChangeLock,
    /// What was completed first, a sentence each; to be shown.
    pub notes: Vec<String>,
}

/// How to settle what was interrupted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settle {
    /// Do the rest.
    Complete,
    /// Take back what was done.
    Undo,
    /// Leave all files as they are.
    Forget,
}

impl Session {
    /// Makes all changes, or none. No line of evidence is added meanwhile.
    pub(crate) fn make(
        &self,
        root: &Path,
        journal: &Journal,
        before: BeforeWrite<'_>,
    ) -> Result<(), Failure> {
        let _held = evidence_held(root, journal)?;
        Ok(self.lock.make(journal, before)?)
    }
}

/// The lock of the ledgers where a journal changes any: it puts whole files in place, and a line that somebody adds
/// in between would be gone.
fn evidence_held(root: &Path, journal: &Journal) -> Result<Option<EvidenceLock>, Failure> {
    let touches = journal.changes.iter().any(|change| change.path.starts_with(EVIDENCE_FOLDER));
    Ok(touches.then(|| EvidenceLock::take(root)).transpose()?)
}

/// Takes the lock and completes what an earlier command had begun. Read the repository only afterwards.
pub fn begin(root: &Path, command: &str) -> Result<Session, Failure> {
    let lock = ChangeLock::take(root, command)?;
    let mut notes = Vec::new();
    if let Some(journal) = lock.interrupted()? {
        let _held = evidence_held(root, &journal)?;
        lock.complete(&journal, &mut |_| {})?;
        notes.push(format!("`trueup {}` had been interrupted and was completed first", journal.command));
    }
    Ok(Session { lock, notes })
}

/// Settles what was interrupted; gives the command, or none where nothing was.
pub fn settle(root: &Path, how: Settle) -> Result<Option<String>, Failure> {
    let lock = ChangeLock::take(root, "resume")?;
    if how == Settle::Forget {
        let had = trueup_journal_exists(root);
        lock.forget()?;
        return Ok(had.then(|| "a command".to_owned()));
    }
    let Some(journal): Option<Journal> = lock.interrupted()? else { return Ok(None) };
    let _held = evidence_held(root, &journal)?;
    match how {
        Settle::Complete => lock.complete(&journal, &mut |_| {})?,
        Settle::Undo | Settle::Forget => lock.undo(&journal, &mut |_| {})?,
    }
    Ok(Some(journal.command))
}

fn trueup_journal_exists(root: &Path) -> bool {
    root.join(trueup_repo::JOURNAL_FOLDER).join("transition.json").exists()
}

/// Who does it: git's author, or who was named where git cannot say.
pub fn person(root: &Path, given: Option<&str>) -> Result<Person, Failure> {
    let known = Git::open(root).map(|git| git.user());
    let given = given.map(|text| {
        trueup_repo::Person::parse(text)
            .map(|p| Person { name: p.name, email: p.email })
            .filter(|p| !p.name.is_empty())
    });
    match (known, given) {
        (_, Some(None)) => Err(Failure::stopped(
            "`--by` takes a name and an address",
            "write `--by 'Ann Example <ann@example.com>'`",
        )),
        (Some(Ok(person)), None) => Ok(Person { name: person.name, email: person.email }),
        (Some(Ok(own)), Some(Some(given))) => {
            let own = Person { name: own.name, email: own.email };
            if own == given {
                return Ok(own);
            }
            Err(Failure::stopped(
                format!("git says that you are {own}, and `--by` says {given}"),
                "`--by` is for where git cannot say who; leave it out, or set git's `user.name` and `user.email`",
            ))
        }
        (_, Some(Some(given))) => Ok(given),
        (Some(Err(_)) | None, None) => Err(Failure::stopped(
            "git does not say who you are",
            "set git's `user.name` and `user.email`, or give `--by 'NAME <EMAIL>'`",
        )),
    }
}
