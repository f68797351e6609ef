//! The files of a commit, to be read in place of a work tree.

use super::{Git, GitError, TreeFile};
use crate::read::{ReadProblem, text_of};
use crate::walk::{MarkdownFile, Tree, WalkOptions, is_markdown, is_yaml};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};
use trueup_model::{folder_of, join};

/// Mode of a symbolic link in a tree of git's.
const LINK: u32 = 120_000;

/// The files of a commit. Contents are read in bulk by [`Snapshot::load`], else one by one.
#[derive(Debug)]
pub struct Snapshot {
    git: Git,
    commit: String,
    /// The name of each file's content.
    blobs: FxHashMap<String, String>,
    texts: Mutex<FxHashMap<String, Result<Arc<str>, ReadProblem>>>,
}

impl Snapshot {
    /// The files of a commit, and the same list of them that [`crate::walk`] makes of a work tree. Two
    /// processes; Markdown, YAML and TOML files are read with them.
    pub fn of(git: &Git, commit: &str, options: &WalkOptions) -> Result<(Snapshot, Tree), GitError> {
        let mut files = git.tree(commit)?;
        files.retain(|file| !skipped(&file.path, options));
        let blobs = files.iter().filter(|file| file.is_file());
        let blobs = blobs.map(|file| (file.path.clone(), file.blob.clone())).collect();
        let texts = Mutex::default();
        let snapshot = Snapshot { git: git.clone(), commit: commit.to_owned(), blobs, texts };
        let links = snapshot.links(&files)?;
        let mut tree = Tree::default();
        for file in &files {
            match links.get(&file.path) {
                Some(target) => tree.paths.insert_link(&file.path, target),
                None => tree.paths.insert(file.path.as_str().into()),
            }
            if file.is_file() && is_markdown(&file.path) {
                tree.markdown.push(MarkdownFile { path: file.path.clone(), size: 0, is_link: false });
            } else if file.is_file() && is_yaml(&file.path) {
                tree.yaml.push(file.path.clone());
            }
        }
        tree.markdown.sort();
        tree.yaml.sort();
        let first = files.iter().map(|file| file.path.as_str());
        snapshot.load(first.filter(|p| is_markdown(p) || is_yaml(p) || p.ends_with(".toml")))?;
        Ok((snapshot, tree))
    }

    /// The commit, as it was given.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// Reads the contents of files, all in one process. Those that are not there are passed over.
    pub fn load<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Result<(), GitError> {
        let (paths, names): (Vec<&str>, Vec<String>) =
            paths.filter_map(|path| Some((path, self.blobs.get(path)?.clone()))).unzip();
        let contents = self.git.blobs(&names)?;
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, content) in paths.into_iter().zip(contents) {
            texts.insert(path.to_owned(), content.map_or_else(|| Err(missing()), |bytes| text_of(&bytes)));
        }
        Ok(())
    }

    /// The text of a file as it was; what [`crate::read`] says where there is none.
    pub fn read(&self, path: &str, max_size: u64) -> Result<Arc<str>, ReadProblem> {
        let known = self.texts.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        let read = match known {
            Some(read) => read,
            None => {
                let unreadable = |error: GitError| ReadProblem::Unreadable { reason: error.to_string() };
                self.load(std::iter::once(path)).map_err(unreadable)?;
                let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
                texts.get(path).cloned().unwrap_or_else(|| Err(missing()))
            }
        };
        read.and_then(|text| match text.len() as u64 > max_size {
            true => Err(ReadProblem::TooLarge { size: text.len() as u64, limit: max_size }),
            false => Ok(text),
        })
    }

    /// Whether there is a file of this path.
    pub fn holds(&self, path: &str) -> bool {
        self.blobs.contains_key(path)
    }

    /// Where the symbolic links lead, as far as they stay inside.
    fn links(&self, files: &[TreeFile]) -> Result<FxHashMap<String, String>, GitError> {
        let links: Vec<&TreeFile> = files.iter().filter(|file| file.mode == LINK).collect();
        let names: Vec<String> = links.iter().map(|file| file.blob.clone()).collect();
        let targets = self.git.blobs(&names)?;
        let found = links.into_iter().zip(targets).filter_map(|(file, target)| {
            let target = String::from_utf8(target?).ok()?;
            Some((file.path.clone(), join(folder_of(&file.path), &target)?))
        });
        Ok(found.collect())
    }
}

fn missing() -> ReadProblem {
    ReadProblem::Unreadable { reason: "there is no such file".to_owned() }
}

/// Whether a folder above a file is one that is passed over in a work tree, too.
fn skipped(path: &str, options: &WalkOptions) -> bool {
    folder_of(path).split('/').any(|part| options.skip_folders.iter().any(|skipped| part == skipped))
}
