//! Reads the code of a repository, in parallel.

use crate::git::{Git, GitError, TreeFile};
use crate::read::{ReadProblem, read};
use globset::GlobSet;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::Codebase;
use trueup_model::PathIndex;
use trueup_source::FileFacts;
pub use trueup_source::Options as CodeOptions;
pub use trueup_source::wanted as holds_code;

/// A longer file of code is generated or data, and is left out.
const MAX_CODE_SIZE: u64 = 2 * 1024 * 1024;

/// Reads the files of code among `paths` and puts together what they say. A file that cannot be read
/// is named in the result and hides no other.
pub fn read_code(root: &Path, paths: &[Arc<str>], options: &CodeOptions) -> Codebase {
    read_code_by(&|path, max_size| read(root, path, max_size), paths, options)
}

/// The same with another way to read a file: by its path and the largest size in bytes.
pub fn read_code_by(
    read: &(dyn Fn(&str, u64) -> Result<Arc<str>, ReadProblem> + Sync),
    paths: &[Arc<str>],
    options: &CodeOptions,
) -> Codebase {
    let mut wanted: Vec<&Arc<str>> = paths.iter().filter(|path| trueup_source::wanted(path)).collect();
    wanted.sort();
    let read: Vec<Result<FileFacts, (Arc<str>, String)>> = wanted
        .par_iter()
        .map(|path| match read(path, MAX_CODE_SIZE) {
            Ok(text) => Ok(trueup_source::read(path, &text, options)),
            Err(problem) => Err((Arc::clone(path), problem.to_string())),
        })
        .collect();
    let mut files = Vec::with_capacity(read.len());
    let mut unreadable = Vec::new();
    for outcome in read {
        match outcome {
            Ok(facts) => files.push(facts),
            Err(problem) => unreadable.push(problem),
        }
    }
    let mut codebase = trueup_source::assemble(files, options);
    codebase.unreadable.extend(unreadable);
    codebase
}

/// The code of a repository at a commit.
#[derive(Debug)]
pub struct CodeAt {
    /// What it said.
    pub codebase: Codebase,
    /// The paths that were there.
    pub paths: PathIndex,
}

/// Reads the code as it was at a commit, without touching the work tree. Files that are excluded are paths
/// and no code.
pub fn read_code_at(
    git: &Git,
    rev: &str,
    options: &CodeOptions,
    excluded: &GlobSet,
) -> Result<CodeAt, GitError> {
    let tree = git.tree(rev)?;
    let paths = PathIndex::new(tree.iter().map(|file| file.path.as_str()));
    let is_code = |file: &&TreeFile| {
        file.is_file() && trueup_source::wanted(&file.path) && !excluded.is_match(&file.path)
    };
    let mut wanted: Vec<&TreeFile> = tree.iter().filter(is_code).collect();
    wanted.sort_by(|a, b| a.path.cmp(&b.path));
    let names: Vec<String> = wanted.iter().map(|file| file.blob.clone()).collect();
    let blobs = git.blobs(&names)?;
    let read: Vec<FileFacts> = wanted
        .par_iter()
        .zip(&blobs)
        .filter_map(|(file, blob)| {
            let bytes = blob.as_ref().filter(|bytes| bytes.len() as u64 <= MAX_CODE_SIZE)?;
            let text = std::str::from_utf8(bytes).ok()?;
            Some(trueup_source::read(&Arc::from(file.path.as_str()), text, options))
        })
        .collect();
    Ok(CodeAt { codebase: trueup_source::assemble(read, options), paths })
}
