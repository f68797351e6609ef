//! The history of all files at once, read as git tells it.

use super::changes::{DIFF_OPTIONS, takes_two};
use super::run::text_of;
use super::{Change, ChangeKind, Git, GitError, Person, revision};
use rustc_hash::FxHashMap;
use std::io::BufRead;
use std::sync::{Arc, OnceLock};
use trueup_model::{Date, find_dates};

/// What part of the history to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryOptions {
    /// The commit to begin at; the one that is checked out where this is none.
    pub rev: Option<String>,
    /// Commits that this one's history holds are left out.
    pub without: Option<String>,
    /// Only these files and folders; everything where this is empty. Renames are seen only where both
    /// names are among them.
    pub paths: Vec<String>,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its full name.
    pub id: String,
    /// When it was made, in seconds since 1970.
    pub time: i64,
    /// The day on which it was made, where its committer was.
    pub day: Option<Date>,
    /// Who wrote the change.
    pub author: Person,
    /// The first line of its message.
    pub subject: String,
}

/// A change of one file in one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The commit, by its place in [`History::commits`].
    pub commit: usize,
    /// What happened.
    pub kind: ChangeKind,
    /// The path afterwards.
    pub path: Arc<str>,
    /// The path before, for a rename.
    pub old_path: Option<Arc<str>>,
}

/// What became of a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// What it was last called, if it was renamed.
    pub to: Option<Arc<str>>,
    /// Whether it was deleted in the end.
    pub deleted: bool,
    /// The commit that did the last of it, by its place in [`History::commits`].
    pub commit: usize,
}

/// The commits of a history with the files that they changed. What a merge itself changed, beyond what
/// the merged commits did, is not told.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The newest first; no commit stands before one that it is an ancestor of.
    pub commits: Vec<Commit>,
    /// Every change, the newest first.
    pub events: Vec<Event>,
    /// Whether older commits are missing, since the clone is shallow.
    pub cut: bool,
    /// The events that a path takes part in, the newest first.
    by_path: FxHashMap<Arc<str>, Vec<u32>>,
    /// All paths in order, made when a folder is first asked for.
    in_order: OnceLock<Vec<Arc<str>>>,
}

impl History {
    /// The events of a path, the newest first, under this name only.
    pub fn events_of(&self, path: &str) -> impl Iterator<Item = &Event> {
        self.numbers_of(path).filter_map(|number| self.events.get(number))
    }

    /// The last commit that changed a file, under this name.
    pub fn last_change(&self, path: &str) -> Option<&Commit> {
        self.events_of(path).next().and_then(|event| self.commits.get(event.commit))
    }

    /// The commit in which a file first appeared, by following its renames back. In a shallow clone it
    /// is the oldest commit at hand that has the file.
    pub fn first_commit(&self, path: &str) -> Option<&Commit> {
        let steps = self.steps_back(path);
        steps.last().and_then(|event| self.commits.get(event.commit))
    }

    /// The commits that changed a file, by following its renames back; the newest first.
    pub fn commits_of(&self, path: &str) -> Vec<&Commit> {
        self.steps_back(path).iter().filter_map(|event| self.commits.get(event.commit)).collect()
    }

    /// The path that a file of today had right after a commit (a full name); the same path where it was
    /// not renamed since. None where the commit is unknown.
    pub fn path_at(&self, path: &str, commit: &str) -> Option<Arc<str>> {
        let limit = self.commits.iter().position(|known| known.id == commit)?;
        let newer = self.steps_back(path).into_iter().take_while(|event| event.commit < limit);
        let name = newer.filter_map(|event| event.old_path.clone()).last();
        Some(name.unwrap_or_else(|| path.into()))
    }

    /// What became of a file or folder that is not there any more: the last thing that happened to it, over
    /// all renames. None where it is there, or never was.
    pub fn fate(&self, path: &str) -> Option<Fate> {
        if self.by_path.contains_key(path) {
            return self.file_fate(path);
        }
        let front = format!("{}/", path.trim_end_matches('/'));
        let inside = self.paths_below(&front);
        let mut last: Option<Fate> = None;
        let mut targets: Vec<Option<String>> = Vec::new();
        for file in inside {
            let fate = self.file_fate(file)?;
            let tail = file.get(front.len()..).unwrap_or_default();
            if let Some(to) = fate.to.as_deref().filter(|_| !fate.deleted) {
                targets.push(to.strip_suffix(tail).and_then(|t| t.strip_suffix('/')).map(str::to_owned));
            }
            // A lower number is a newer commit.
            if last.as_ref().is_none_or(|known| fate.commit < known.commit) {
                last = Some(fate);
            }
        }
        targets.sort();
        targets.dedup();
        let deleted = targets.is_empty();
        let to = match targets.as_slice() {
            [Some(one)] => Some(one.as_str().into()),
            _ => None,
        };
        // Its files went to several places: no one name is the folder's now.
        last.filter(|_| deleted || to.is_some()).map(|last| Fate { to, deleted, commit: last.commit })
    }

    fn file_fate(&self, path: &str) -> Option<Fate> {
        let mut at: Arc<str> = path.into();
        let mut before = usize::MAX;
        let mut fate: Option<Fate> = None;
        while let Some(number) = self.numbers_of(&at).next() {
            let event = self.events.get(number)?;
            // An event older than the last step tells of another file that once had this name.
            if number >= before {
                break;
            }
            match (event.kind, &event.old_path) {
                (ChangeKind::Renamed, Some(old)) if *old == at && event.path != at => {
                    at = Arc::clone(&event.path);
                    before = number;
                    fate = Some(Fate { to: Some(Arc::clone(&at)), deleted: false, commit: event.commit });
                }
                (ChangeKind::Deleted, _) => {
                    let to = fate.and_then(|fate| fate.to);
                    return Some(Fate { to, deleted: true, commit: event.commit });
                }
                _ => break,
            }
        }
        fate
    }

    /// The paths that any commit knows, in no order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(AsRef::as_ref)
    }

    /// The paths that begin so, in order.
    fn paths_below(&self, front: &str) -> impl Iterator<Item = &Arc<str>> {
        let all = self.in_order.get_or_init(|| {
            let mut all: Vec<Arc<str>> = self.by_path.keys().cloned().collect();
            all.sort_unstable();
            all
        });
        let from = all.partition_point(|path| path.as_ref() < front);
        all.iter().skip(from).take_while(move |path| path.starts_with(front))
    }

    fn numbers_of(&self, path: &str) -> impl Iterator<Item = usize> + use<'_> {
        self.by_path.get(path).into_iter().flatten().map(|number| *number as usize)
    }

    /// What happened to a file, from today back to its beginning, under all of its names.
    fn steps_back(&self, path: &str) -> Vec<&Event> {
        let mut out: Vec<&Event> = Vec::new();
        let mut at: Arc<str> = path.into();
        let mut from = 0;
        // The end of one name's events is the beginning of the older name's: each step looks further back.
        'names: loop {
            for number in self.numbers_of(&at).filter(|number| *number >= from).collect::<Vec<_>>() {
                let Some(event) = self.events.get(number) else { continue };
                if event.path != at {
                    // A file of this name was renamed away: what is older is that file's.
                    match out.is_empty() {
                        true => continue,
                        false => break 'names,
                    }
                }
                out.push(event);
                match (event.kind, &event.old_path) {
                    (ChangeKind::Renamed, Some(old)) => {
                        at = Arc::clone(old);
                        from = number + 1;
                        continue 'names;
                    }
                    (ChangeKind::Added, _) => break 'names,
                    _ => {}
                }
            }
            break;
        }
        out
    }

    fn push(&mut self, change: Change) {
        let Some(commit) = self.commits.len().checked_sub(1) else { return };
        let Ok(number) = u32::try_from(self.events.len()) else { return };
        let path = self.note(&change.path, number);
        let old_path = change.old_path.map(|old| self.note(&old, number));
        self.events.push(Event { commit, kind: change.kind, path, old_path });
    }

    /// Notes that a path takes part in an event; each path is kept once.
    fn note(&mut self, path: &str, number: u32) -> Arc<str> {
        if let Some((known, _)) = self.by_path.get_key_value(path) {
            let known = Arc::clone(known);
            self.by_path.entry(Arc::clone(&known)).or_default().push(number);
            return known;
        }
        let path: Arc<str> = path.into();
        self.by_path.insert(Arc::clone(&path), vec![number]);
        path
    }
}

/// What stands before each commit; no status begins so.
pub(super) const MARK: u8 = 1;
/// Mark and name, time, day, author, address, subject: each ends with NUL.
pub(super) const COMMIT_FORMAT: &str = "--format=tformat:%x01%H%x00%ct%x00%cs%x00%an%x00%ae%x00%s";

impl Git {
    /// Reads the history in one `git log`, as it comes. A repository without a commit has none.
    pub fn history(&self, options: &HistoryOptions) -> Result<History, GitError> {
        let mut history = History { cut: self.is_shallow(), ..History::default() };
        let without = options.without.as_deref().map(revision).transpose()?.map(|rev| format!("^{rev}"));
        let paths: Vec<String> = match options.paths.is_empty() {
            true => self.limit().map(str::to_owned).into_iter().collect(),
            false => options.paths.iter().map(|path| self.outside(path)).collect(),
        };
        let mut arguments = vec!["log", COMMIT_FORMAT, "--date-order", "--no-notes", "--no-decorate"];
        arguments.extend(["--encoding=UTF-8", "--no-follow", "--no-mailmap"]);
        arguments.extend(DIFF_OPTIONS);
        arguments.push(options.rev.as_deref().map_or(Ok("HEAD"), revision)?);
        arguments.extend(without.as_deref());
        arguments.push("--");
        arguments.extend(paths.iter().map(String::as_str));
        let ended = self.run().stream(&arguments, &[], |reader| {
            let mut tokens = Tokens::new(reader);
            while let Some(first) = tokens.next()? {
                self.entry(&first, &mut tokens, &mut history)?;
            }
            Ok(())
        })?;
        match ended.code {
            Some(0) => Ok(history),
            // Asked only where git refuses: most repositories have a commit.
            _ if options.rev.is_none() && self.head()?.is_none() => Ok(history),
            _ => Err(ended.failed("log")),
        }
    }

    /// One commit's head, or one change of the last commit.
    fn entry(&self, first: &[u8], tokens: &mut Tokens<'_>, history: &mut History) -> Result<(), GitError> {
        let first = first.strip_prefix(b"\n").unwrap_or(first);
        match first {
            [] => Ok(()),
            [MARK, id @ ..] => {
                history.commits.push(commit(text_of(id), tokens)?);
                Ok(())
            }
            status => {
                let status = status.to_vec();
                let path = tokens.needed()?;
                let second = if takes_two(&status) { Some(tokens.needed()?) } else { None };
                if let Some(change) = self.change(&status, &path, second.as_deref()) {
                    history.push(change);
                }
                Ok(())
            }
        }
    }
}

/// Reads what follows the name of a commit in [`COMMIT_FORMAT`].
pub(super) fn commit(id: String, tokens: &mut Tokens<'_>) -> Result<Commit, GitError> {
    let time = text_of(&tokens.needed()?).parse().unwrap_or(0);
    let day = find_dates(&text_of(&tokens.needed()?)).first().and_then(|found| found.date);
    let author = Person { name: text_of(&tokens.needed()?), email: text_of(&tokens.needed()?) };
    let subject = text_of(&tokens.needed()?);
    Ok(Commit { id, time, day, author, subject })
}

/// Git's answer in pieces that end with NUL.
pub(super) struct Tokens<'a> {
    reader: &'a mut dyn BufRead,
    buffer: Vec<u8>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(reader: &'a mut dyn BufRead) -> Tokens<'a> {
        Tokens { reader, buffer: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, GitError> {
        self.buffer.clear();
        let read = self.reader.read_until(0, &mut self.buffer);
        let read = read.map_err(|error| unreadable(&error.to_string()))?;
        if read == 0 {
            return Ok(None);
        }
        if self.buffer.last() == Some(&0) {
            self.buffer.pop();
        }
        Ok(Some(self.buffer.clone()))
    }

    pub(super) fn needed(&mut self) -> Result<Vec<u8>, GitError> {
        self.next()?.ok_or_else(|| unreadable("it ends in the middle of a commit"))
    }
}

fn unreadable(what: &str) -> GitError {
    GitError::Unreadable { command: "log".to_owned(), what: what.to_owned() }
}
