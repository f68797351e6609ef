//! Reads the code of a repository, in parallel.

use crate::git::{Git, GitError, TreeFile};
use crate::read::{ReadProblem, read};
use crate::threads::in_threads;
use globset::GlobSet;
use std::path::Path;
use std::sync::Arc;
use trueup_codebase::Codebase;
use trueup_model::PathIndex;
use trueup_source::FileFacts;
pub use trueup_source::Options as CodeOptions;
pub use trueup_source::migration_of;
pub use trueup_source::wanted as holds_code;

/// A longer file of code is generated or data, and is left out.
const MAX_CODE_SIZE: u64 = 2 * 1024 * 1024;

/// A way to read a file: by its path and the largest size in bytes.
type ReadCode<'a> = dyn Fn(&str, u64) -> Result<Arc<str>, ReadProblem> + Sync + 'a;

/// Reads the files of code among `paths` and puts together what they say. A file that cannot be read
/// is named in the result and hides no other.
pub fn read_code(root: &Path, paths: &[Arc<str>], options: &CodeOptions) -> Codebase {
    read_code_by(&|path, max_size| read(root, path, max_size), paths, options)
}

/// The same with another way to read a file: by its path and the largest size in bytes.
pub fn read_code_by(read: &ReadCode<'_>, paths: &[Arc<str>], options: &CodeOptions) -> Codebase {
    let mut wanted: Vec<&Arc<str>> = paths.iter().filter(|path| is_own_code(path, options)).collect();
    wanted.sort();
    let read: Vec<Outcome> = in_threads(&wanted, |path| read_one(read, path, options));
    assembled(read, options)
}

fn assembled(read: Vec<Outcome>, options: &CodeOptions) -> Codebase {
    let mut files = Vec::with_capacity(read.len());
    let mut unreadable = Vec::new();
    let mut by_name = 0;
    for outcome in read {
        match outcome {
            Outcome::Read(facts) => files.push(facts),
            Outcome::ByName(facts) => {
                by_name += 1;
                files.push(facts);
            }
            Outcome::LeftOut => {}
            Outcome::Unreadable(path, problem) => unreadable.push((path, problem)),
        }
    }
    let mut codebase = trueup_source::assemble(files, options);
    codebase.files = codebase.files.saturating_sub(by_name);
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
        file.is_file() && is_own_code(&file.path, options) && !excluded.is_match(&file.path)
    };
    let mut wanted: Vec<&TreeFile> = tree.iter().filter(is_code).collect();
    wanted.sort_by(|a, b| a.path.cmp(&b.path));
    let names: Vec<String> = wanted.iter().map(|file| file.blob.clone()).collect();
    let blobs = git.blobs(&names)?;
    let pairs: Vec<(&TreeFile, &Option<Vec<u8>>)> = wanted.into_iter().zip(&blobs).collect();
    let read = in_threads(&pairs, |(file, blob)| {
        let path: Arc<str> = Arc::from(file.path.as_str());
        let text = match blob {
            None => Err("git does not have it"),
            Some(bytes) if bytes.len() as u64 > MAX_CODE_SIZE => Err("it is too large"),
            Some(bytes) => std::str::from_utf8(bytes).map_err(|_| "it is no UTF-8"),
        };
        match text {
            Ok(text) => facts_of(&path, text, options),
            Err(why) => Outcome::Unreadable(path, why.to_owned()),
        }
    });
    Ok(CodeAt { codebase: assembled(read, options), paths })
}

/// What came of a file. Its text is gone by then.
enum Outcome {
    Read(FileFacts),
    /// A migration in a language that nobody reads here: its name is all that is known.
    ByName(FileFacts),
    /// Made by a tool, or no text.
    LeftOut,
    Unreadable(Arc<str>, String),
}

fn read_one(read: &ReadCode<'_>, path: &Arc<str>, options: &CodeOptions) -> Outcome {
    if !holds_code(path) {
        return facts_of(path, "", options);
    }
    match read(path, MAX_CODE_SIZE) {
        Ok(text) => facts_of(path, &text, options),
        Err(problem) => Outcome::Unreadable(Arc::clone(path), problem.to_string()),
    }
}

fn facts_of(path: &Arc<str>, text: &str, options: &CodeOptions) -> Outcome {
    if !holds_code(path) {
        let migration = trueup_source::migration_of(path, options);
        return Outcome::ByName(FileFacts { path: Arc::clone(path), migration, ..FileFacts::default() });
    }
    match is_binary(text) || is_minified(path, text) {
        true => Outcome::LeftOut,
        false => Outcome::Read(trueup_source::read(path, text, options)),
    }
}

/// Whether a file is code of the repository itself and not of a package that was copied into it.
fn is_own_code(path: &str, options: &CodeOptions) -> bool {
    const COPIED: [&str; 7] = [
        "node_modules/",
        "bower_components/",
        "site-packages/",
        "vendor/bundle/",
        "vendor/github.com/",
        "vendor/golang.",
        "vendor/gopkg.in/",
    ];
    let copied = COPIED.iter().any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")));
    !copied && (holds_code(path) || trueup_source::migration_of(&path.into(), options).is_some())
}

/// Whether a script is handed out to browsers as somebody else made it: `static/vendor/x.js`. A folder of
/// that name elsewhere may well hold the sellers of a shop.
fn is_third_party(path: &str) -> bool {
    let folders: Vec<&str> = path.split('/').collect();
    let at = folders.iter().position(|f| matches!(*f, "vendor" | "vendors" | "third_party" | "third-party"));
    let handed_out = |folder: &&str| matches!(*folder, "static" | "public" | "assets" | "www" | "js");
    at.and_then(|at| folders.get(..at)).is_some_and(|front| front.iter().any(handed_out))
}

/// Text has no NUL near its start.
fn is_binary(text: &str) -> bool {
    text.bytes().take(1024).any(|byte| byte == 0)
}

/// A script that a tool has written: few lines, and very long ones. Data may stand on one line.
fn is_minified(path: &str, text: &str) -> bool {
    const LONG: usize = 20_000;
    const LINE: usize = 1_000;
    // Nobody writes such a file by hand; a bundle that was not made small is.
    const LONGEST: usize = 400_000;
    let is_script =
        [".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx"].iter().any(|ending| path.ends_with(ending));
    let named = path.contains(".min.") || path.contains(".bundle.") || is_third_party(path);
    is_script
        && (named
            || text.len() > LONGEST
            || text.len() > LONG && text.bytes().filter(|b| *b == b'\n').count() < text.len() / LINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_what_is_left_out() {
        let root = tempfile::tempdir().expect("a folder");
        let minified = "x();".repeat(10_000);
        let bundle = "process.env.NOT_OURS();\n".repeat(20_000);
        let files: [(&str, &[u8]); 10] = [
            ("src/main.rs", b"fn main() { let app = Router::new().route(\"/a\", get(h)); }"),
            ("src/bad.go", b"package a \xff"),
            ("src/binary.ts", b"a\0b"),
            ("dist/app.js", minified.as_bytes()),
            ("public/app.js", bundle.as_bytes()),
            ("web/static/vendor/x.js", b"process.env.NOT_OURS"),
            ("node_modules/x/index.js", b"process.env.NOT_OURS"),
            ("vendor/github.com/x/x.go", b"package x; func f() { os.Getenv(\"NOT_OURS\") }"),
            ("database/migrations/2026_01_01_120000_orders.php", b"<?php"),
            ("src/note.md", b"# Note"),
        ];
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let mut paths: Vec<Arc<str>> = files.iter().map(|(path, _)| Arc::from(*path)).collect();
        paths.push("src/gone.rs".into());
        let code = read_code(root.path(), &paths, &CodeOptions::default());
        assert_eq!(code.files, 1);
        assert_eq!(code.routes.len(), 1);
        assert_eq!(code.migrations.len(), 1);
        assert!(code.env_vars.is_empty());
        let unreadable: Vec<&str> = code.unreadable.iter().map(|(path, _)| path.as_ref()).collect();
        assert_eq!(unreadable, ["src/bad.go", "src/gone.rs"]);
    }
}
