//! Looks up branches and other references.

use crate::git_dir::{is_commit, is_reference};
use memchr::memmem;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

/// A symbolic reference that leads on more often than this is a circle (git's own limit).
const MOST_STEPS: usize = 5;

/// The references of a repository.
#[derive(Debug)]
pub(crate) enum Refs {
    /// One file per reference, or a line in `packed-refs`.
    Files {
        /// The folder shared by all work trees.
        common: PathBuf,
        /// The content of `packed-refs`, read when it is first asked for.
        packed: OnceCell<Vec<u8>>,
    },
    /// Read by the `git` program in one go.
    Listed(HashMap<String, Reference>),
}

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// To a commit.
    Commit(String),
    /// To another reference.
    Symbolic(String),
}

impl Refs {
    /// The references that are kept as files.
    pub(crate) fn files(common: PathBuf) -> Refs {
        Refs::Files { common, packed: OnceCell::new() }
    }

    /// Where a reference leads; none where it does not exist. The error says what is broken.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Reference>, String> {
        if !is_reference(name) {
            return Ok(None);
        }
        match self {
            Refs::Listed(all) => Ok(all.get(name).cloned()),
            Refs::Files { common, packed } => {
                let file = common.join(name);
                match fs::read(&file) {
                    Ok(bytes) => parse(&String::from_utf8_lossy(&bytes))
                        .map(Some)
                        .ok_or_else(|| format!("{} names neither a commit nor a reference", file.display())),
                    Err(error) if not_a_file(error.kind()) => {
                        let packed = packed.get_or_init(|| read_or_empty(common.join("packed-refs")));
                        Ok(find_packed(packed, name).map(Reference::Commit))
                    }
                    Err(error) => Err(format!("{} cannot be read ({error})", file.display())),
                }
            }
        }
    }

    /// Whether a reference exists; a broken one does not.
    pub(crate) fn exists(&self, name: &str) -> bool {
        matches!(self.get(name), Ok(Some(_)))
    }

    /// The commit that a reference leads to, also by way of others.
    pub(crate) fn commit(&self, name: &str) -> Result<Option<String>, String> {
        let mut name = name.to_owned();
        for _ in 0..MOST_STEPS {
            match self.get(&name)? {
                None => return Ok(None),
                Some(Reference::Commit(commit)) => return Ok(Some(commit)),
                Some(Reference::Symbolic(next)) => name = next,
            }
        }
        Err(format!("the reference {name} leads in a circle"))
    }
}

/// The reference is no file of its own: absent, or a folder of others stands there.
fn not_a_file(kind: ErrorKind) -> bool {
    // Windows says "permission denied" when a folder is read as a file.
    let folder = kind == ErrorKind::IsADirectory || cfg!(windows) && kind == ErrorKind::PermissionDenied;
    folder || matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn read_or_empty(file: PathBuf) -> Vec<u8> {
    fs::read(file).unwrap_or_default()
}

fn parse(text: &str) -> Option<Reference> {
    let text = text.trim();
    match text.strip_prefix("ref:").map(str::trim) {
        Some(name) => is_reference(name).then(|| Reference::Symbolic(name.to_owned())),
        None => is_commit(text).then(|| Reference::Commit(text.to_owned())),
    }
}

/// Finds a line `COMMIT NAME`. Searched as bytes, since the file may hold a hundred thousand lines.
fn find_packed(packed: &[u8], name: &str) -> Option<String> {
    let wanted = format!(" {name}");
    memmem::find_iter(packed, wanted.as_bytes()).find_map(|at| {
        let after = packed.get(at + wanted.len());
        if !matches!(after, None | Some(b'\n' | b'\r')) {
            return None;
        }
        let start = memchr::memrchr(b'\n', &packed[..at]).map_or(0, |newline| newline + 1);
        let commit = std::str::from_utf8(&packed[start..at]).ok()?;
        is_commit(commit).then(|| commit.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    #[test]
    fn packed_names_are_found_whole() {
        let text = format!(
            "# pack-refs with: peeled fully-peeled sorted \n{A} refs/heads/main-2\n{B} refs/heads/main\n^{A}\n"
        );
        assert_eq!(find_packed(text.as_bytes(), "refs/heads/main").as_deref(), Some(B));
        assert_eq!(find_packed(text.as_bytes(), "refs/heads/main-2").as_deref(), Some(A));
        assert_eq!(find_packed(text.as_bytes(), "refs/heads/mai"), None);
        assert_eq!(find_packed(b"", "refs/heads/main"), None);
    }

    #[test]
    fn circles_and_strange_names_end() {
        let to = |name: &str| Reference::Symbolic(name.to_owned());
        let refs = Refs::Listed(HashMap::from([
            ("refs/heads/a".to_owned(), to("refs/heads/b")),
            ("refs/heads/b".to_owned(), to("refs/heads/a")),
        ]));
        assert!(refs.commit("refs/heads/a").is_err());
        assert_eq!(refs.commit("refs/heads/none"), Ok(None));
        assert_eq!(refs.commit("refs/../../secret"), Ok(None));
    }
}
