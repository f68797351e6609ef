//! Trees and the contents of files at any commit.

use super::run::{one_line, parts, text_of};
use super::{Git, GitError, may_be_revision, revision, shown_command};
use std::io::{BufRead, Read};

/// A larger file of the history is not read into memory, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A file of a commit's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    /// Path from the folder that was opened.
    pub path: String,
    /// The name of its content, for [`Git::blobs`]; the commit of a submodule.
    pub blob: String,
    /// The mode in octal digits, as git has it: 100644 a file, 100755 a program, 120000 a link,
    /// 160000 a submodule.
    pub mode: u32,
}

impl TreeFile {
    /// Whether it is a file with content, and neither a link nor a submodule.
    pub fn is_file(&self) -> bool {
        matches!(self.mode, 100_644 | 100_755 | 100_664)
    }
}

impl Git {
    /// All files of a commit, by path.
    pub fn tree(&self, rev: &str) -> Result<Vec<TreeFile>, GitError> {
        self.tree_below(rev, &[])
    }

    /// The files of a commit below some folders, by path; all files where no folder is named.
    pub fn tree_below(&self, rev: &str, folders: &[&str]) -> Result<Vec<TreeFile>, GitError> {
        let rev = revision(rev)?;
        let whole = folders.is_empty() || folders.iter().any(|folder| folder.trim_matches('/').is_empty());
        let limits: Vec<String> = match whole {
            true => self.limit().map(str::to_owned).into_iter().collect(),
            false => folders.iter().map(|folder| self.outside(folder.trim_matches('/'))).collect(),
        };
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", rev, "--"];
        arguments.extend(limits.iter().map(String::as_str));
        let listed = self.output(&arguments)?;
        Ok(parts(&listed.output).filter_map(|entry| self.tree_file(entry)).collect())
    }

    /// One entry `MODE TYPE NAME<tab>PATH`.
    fn tree_file(&self, entry: &[u8]) -> Option<TreeFile> {
        let tab = entry.iter().position(|byte| *byte == b'\t')?;
        let (about, path) = entry.split_at(tab);
        let about = text_of(about);
        let mut about = about.split(' ');
        let (mode, _, blob) = (about.next()?, about.next()?, about.next()?);
        let path = self.inside(path.get(1..)?)?;
        Some(TreeFile { path, blob: blob.to_owned(), mode: mode.parse().ok()? })
    }

    /// The contents of files by their names ([`TreeFile::blob`], or `REVISION:PATH` from the top of the
    /// work tree), in the same order, in one process. None for a name that is unknown or no file.
    pub fn blobs(&self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let mut out: Vec<Option<Vec<u8>>> = vec![None; names.len()];
        let mut asked: Vec<(usize, String)> = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            // One name a line: a path with a line break in it is looked up on its own.
            let name = match name.contains('\n') {
                true => self.object(name)?,
                false => Some(name.clone()).filter(|name| !name.is_empty()),
            };
            asked.extend(name.map(|name| (index, name)));
        }
        if asked.is_empty() {
            return Ok(out);
        }
        let input: String = asked.iter().flat_map(|(_, name)| [name.as_str(), "\n"]).collect();
        let arguments = ["cat-file", "--batch"];
        let ended = self.run().stream(&arguments, input.as_bytes(), |reader| {
            for (index, name) in &asked {
                let read = next_object(reader, name)?;
                if let Some(slot) = out.get_mut(*index) {
                    *slot = read;
                }
            }
            Ok(())
        })?;
        match ended.code {
            Some(0) => Ok(out),
            _ => Err(ended.failed(&shown_command(&arguments))),
        }
    }

    /// A file as it was at a commit; none where it was not there or is no file.
    pub fn file_at(&self, rev: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let name = format!("{}:{}", revision(rev)?, self.outside(path));
        let read = self.blobs(&[name])?;
        Ok(read.into_iter().next().flatten())
    }

    /// Files as they were at commits, each by the commit and the path, in one process.
    pub fn files_at(&self, wanted: &[(&str, &str)]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let name =
            |(commit, path): &(&str, &str)| Ok(format!("{}:{}", revision(commit)?, self.outside(path)));
        self.blobs(&wanted.iter().map(name).collect::<Result<Vec<String>, GitError>>()?)
    }

    /// The full name of an object.
    fn object(&self, name: &str) -> Result<Option<String>, GitError> {
        if !may_be_revision(&name.replace('\n', " ")) {
            return Ok(None);
        }
        let ended = self.run().ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", name])?;
        Ok((ended.code == Some(0)).then(|| one_line(&ended.output)))
    }
}

/// Reads one answer of `cat-file --batch`: `NAME TYPE SIZE`, the content, a line break. One line alone
/// says that there is no such object.
fn next_object(reader: &mut dyn BufRead, name: &str) -> Result<Option<Vec<u8>>, GitError> {
    let broken = |what: &str| GitError::Unreadable {
        command: "cat-file --batch".to_owned(),
        what: format!("{what} at {name}"),
    };
    let mut header = Vec::new();
    let read = reader.read_until(b'\n', &mut header).map_err(|error| broken(&error.to_string()))?;
    if read == 0 {
        return Err(broken("the answer ends"));
    }
    let header = one_line(&header);
    let mut words = header.rsplitn(3, ' ');
    let (size, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    // `NAME missing`, `NAME ambiguous`, `NAME submodule`.
    let (Ok(size), "blob" | "tree" | "commit" | "tag") = (size.parse::<u64>(), kind) else {
        return Ok(None);
    };
    if size > LARGEST {
        return Err(GitError::TooLarge { name: name.to_owned(), size, limit: LARGEST });
    }
    let mut content = Vec::new();
    let got = reader.take(size + 1).read_to_end(&mut content).map_err(|error| broken(&error.to_string()))?;
    if got as u64 != size + 1 {
        return Err(broken("the answer ends"));
    }
    content.pop();
    Ok((kind == "blob").then_some(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let check = |answer: &str, content: Option<&str>| {
            let mut bytes = answer.as_bytes();
            let read = next_object(&mut bytes, "x").unwrap();
            assert_eq!(read.as_deref(), content.map(str::as_bytes), "{answer:?}");
            assert!(bytes.is_empty(), "{answer:?}");
        };
        check("4b82 blob 3\nabc\n", Some("abc"));
        check("4b82 blob 0\n\n", Some(""));
        check("4b82 tree 3\nabc\n", None);
        check("HEAD:a b missing\n", None);
        check("HEAD:a blob 7 missing\n", None);
        for cut in ["", "4b82 blob 3\nab", "4b82 blob 3\nabc"] {
            assert!(next_object(&mut cut.as_bytes(), "x").is_err(), "{cut:?}");
        }
        assert!(matches!(
            next_object(&mut "4b82 blob 99999999999\n".as_bytes(), "x"),
            Err(GitError::TooLarge { .. })
        ));
    }
}
