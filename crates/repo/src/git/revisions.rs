//! Every revision of one file.

use super::history::{COMMIT_FORMAT, MARK, Tokens, commit};
use super::run::text_of;
use super::{ChangeKind, Commit, Git, GitError, revision};

/// More renames than this are not followed.
const MOST_RENAMES: usize = 16;

/// A file as a commit left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRevision {
    /// The commit.
    pub commit: Commit,
    /// The path that it had then.
    pub path: String,
    /// The name of its content, for [`Git::blobs`]; none where the commit removed it.
    pub blob: Option<String>,
}

impl Git {
    /// The commits that changed a file, the newest first, by following its renames; of a commit, or of what
    /// is checked out where that is none. One process, and one or two for each beginning that may be a
    /// rename.
    pub fn revisions(&self, rev: Option<&str>, path: &str) -> Result<Vec<FileRevision>, GitError> {
        let mut out: Vec<FileRevision> = Vec::new();
        let mut from = revision(rev.unwrap_or("HEAD"))?.to_owned();
        let mut path = path.to_owned();
        for _ in 0..MOST_RENAMES {
            let (found, root) = match self.revisions_of_name(&from, &path) {
                // Asked only where git refuses: most repositories have a commit.
                Err(_) if rev.is_none() && out.is_empty() && self.head()?.is_none() => return Ok(out),
                read => read?,
            };
            let Some(first) = found.last().map(|revision| revision.commit.id.clone()) else { break };
            out.extend(found);
            if root {
                break;
            }
            let parent = format!("{first}^");
            let changes = self.changes(&parent, Some(&first)).unwrap_or_default();
            let here = changes.into_iter().find(|c| c.kind == ChangeKind::Renamed && c.path == path);
            let Some(old) = here.and_then(|change| change.old_path) else { break };
            path = old;
            from = parent;
        }
        Ok(out)
    }

    /// The revisions under one name, and whether the oldest commit has no parent at hand.
    fn revisions_of_name(&self, rev: &str, path: &str) -> Result<(Vec<FileRevision>, bool), GitError> {
        let own = self.outside(path);
        let format = format!("{COMMIT_FORMAT}%x00%P");
        let arguments = [
            "log",
            &format,
            "--date-order",
            "--no-notes",
            "--no-decorate",
            "--encoding=UTF-8",
            "--no-follow",
            "--no-mailmap",
            "--raw",
            "--no-abbrev",
            "-z",
            "--no-renames",
            "--no-color",
            "--no-ext-diff",
            rev,
            "--",
            &own,
        ];
        let mut out: Vec<FileRevision> = Vec::new();
        let mut root = true;
        let ended = self.run().stream(&arguments, &[], |reader| {
            let mut tokens = Tokens::new(reader);
            while let Some(first) = tokens.next()? {
                match first.strip_prefix(b"\n").unwrap_or(&first) {
                    [MARK, id @ ..] => {
                        let commit = commit(text_of(id), &mut tokens)?;
                        root = tokens.needed()?.is_empty();
                        out.push(FileRevision { commit, path: path.to_owned(), blob: None });
                    }
                    [b':', about @ ..] => {
                        // `MODE MODE BLOB BLOB STATUS`, then the path.
                        let about = text_of(about);
                        let blob = about.split(' ').nth(3).filter(|name| name.bytes().any(|b| b != b'0'));
                        tokens.needed()?;
                        if let Some(last) = out.last_mut() {
                            last.blob = blob.map(str::to_owned);
                        }
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        match ended.code {
            Some(0) => Ok((out, root)),
            _ => Err(ended.failed("log")),
        }
    }
}
