//! Branches and tags.

use super::run::text_of;
use super::{Git, GitError};

/// A branch, of this clone or as it was last seen at a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its name, without `refs/heads/` and without the remote.
    pub name: String,
    /// The remote that has it; none for a branch of this clone.
    pub remote: Option<String>,
    /// The commit that it points to.
    pub commit: String,
    /// When that commit was made, in seconds since 1970.
    pub time: i64,
}

impl Branch {
    /// The name as people write it: `main`, `origin/main`.
    pub fn shown(&self) -> String {
        match &self.remote {
            Some(remote) => format!("{remote}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Branch {
    /// The full name of its reference.
    pub fn reference(&self) -> String {
        match &self.remote {
            Some(remote) => format!("refs/remotes/{remote}/{}", self.name),
            None => format!("refs/heads/{}", self.name),
        }
    }
}

/// A tag that leads to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The commit that it leads to.
    pub commit: String,
    /// When it was made (the commit, where it is a bare name), in seconds since 1970.
    pub time: i64,
}

impl Git {
    /// All branches of this clone, then those of its remotes as they were last fetched, by name.
    /// Two processes where there are remotes.
    pub fn branches(&self) -> Result<Vec<Branch>, GitError> {
        self.branches_where(&[])
    }

    /// The branches that meet conditions of `git for-each-ref`.
    pub(super) fn branches_where(&self, conditions: &[&str]) -> Result<Vec<Branch>, GitError> {
        let format = "--format=%(objectname)%00%(refname)%00%(committerdate:unix)%00%(symref)";
        let mut arguments = vec!["for-each-ref", format];
        arguments.extend(conditions);
        arguments.extend(["refs/heads", "refs/remotes"]);
        let listed = self.output(&arguments)?;
        let text = text_of(&listed.output);
        let remotes = match text.contains("refs/remotes/") {
            true => text_of(&self.output(&["remote"])?.output).lines().map(str::to_owned).collect(),
            false => Vec::new(),
        };
        Ok(text.lines().filter_map(|line| branch(line, &remotes)).collect())
    }

    /// All tags that lead to commits, by name.
    pub fn tags(&self) -> Result<Vec<Tag>, GitError> {
        let format = "--format=%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(refname)%00%(creatordate:unix)";
        let listed = self.output(&["for-each-ref", format, "refs/tags"])?;
        Ok(text_of(&listed.output).lines().filter_map(tag).collect())
    }
}

/// One line of `for-each-ref`; none for a reference to another one, such as `origin/HEAD`.
fn branch(line: &str, remotes: &[String]) -> Option<Branch> {
    let mut parts = line.split('\0');
    let (commit, name, time) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some_and(|target| !target.is_empty()) {
        return None;
    }
    let time = time.parse().unwrap_or(0);
    if let Some(name) = name.strip_prefix("refs/heads/") {
        return Some(Branch { name: name.to_owned(), remote: None, commit: commit.to_owned(), time });
    }
    let name = name.strip_prefix("refs/remotes/")?;
    // The name of a remote may hold slashes, too.
    let known = remotes.iter().filter_map(|remote| {
        let rest = name.strip_prefix(remote.as_str())?.strip_prefix('/')?;
        Some((remote.as_str(), rest))
    });
    let (remote, name) = known.max_by_key(|(remote, _)| remote.len()).or_else(|| name.split_once('/'))?;
    Some(Branch { name: name.to_owned(), remote: Some(remote.to_owned()), commit: commit.to_owned(), time })
}

fn tag(line: &str) -> Option<Tag> {
    let parts: Vec<&str> = line.split('\0').collect();
    let [kind, object, peeled_kind, peeled, name, time] = parts.as_slice() else { return None };
    let commit = match (*kind, *peeled_kind) {
        ("commit", _) => object,
        (_, "commit") => peeled,
        _ => return None,
    };
    let name = name.strip_prefix("refs/tags/")?;
    Some(Tag { name: name.to_owned(), commit: (*commit).to_owned(), time: time.parse().unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_may_have_slashes_in_their_names() {
        let remotes = ["team".to_owned(), "team/fork".to_owned()];
        let check = |line: &str, shown: Option<(&str, Option<&str>)>| {
            let read = branch(line, &remotes);
            let read = read.as_ref().map(|b| (b.name.as_str(), b.remote.as_deref()));
            assert_eq!(read, shown, "{line:?}");
        };
        check("c\0refs/heads/a/b\x005\0", Some(("a/b", None)));
        check("c\0refs/remotes/team/x/y\x005\0", Some(("x/y", Some("team"))));
        check("c\0refs/remotes/team/fork/y\x005\0", Some(("y", Some("team/fork"))));
        check("c\0refs/remotes/gone/y\x005\0", Some(("y", Some("gone"))));
        check("c\0refs/remotes/team/HEAD\x005\0refs/remotes/team/main", None);
        check("", None);
    }
}
