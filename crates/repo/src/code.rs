//! Reads the code of a repository, in parallel.

use crate::read::{ReadProblem, read};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::Codebase;
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
