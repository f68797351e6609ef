//! Lists the files of a work tree.

use crate::git_dir::other_work_trees;
use crate::link::{LinkTarget, follow, slashed};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;
use trueup_model::PathIndex;

/// More threads wait for the same disk and for each other.
const MOST_THREADS: usize = 4;

/// What to pass over while listing.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Whether files named in `.gitignore`, `.ignore`, `.git/info/exclude` and the user's own
    /// `core.excludesFile` are left out. They are absent from other people's clones.
    pub ignore_files: bool,
    /// Names of folders that are left out wherever they stand. `.git` always is, and `target` where
    /// Cargo made it.
    pub skip_folders: Vec<String>,
}

impl Default for WalkOptions {
    fn default() -> WalkOptions {
        let skip_folders = [".hg", ".svn", "node_modules"].map(str::to_owned).to_vec();
        WalkOptions { ignore_files: true, skip_folders }
    }
}

/// The files of a work tree. All paths are from its root, with `/`.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Every file, folder and symbolic link that leads somewhere.
    pub paths: PathIndex,
    /// The Markdown files, sorted by path.
    pub markdown: Vec<MarkdownFile>,
    /// The YAML files, sorted. Only regular files.
    pub yaml: Vec<String>,
    /// What could not be listed, sorted by path.
    pub problems: Vec<TreeProblem>,
}

/// A file that ends in `.md` or `.markdown`, in any case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkdownFile {
    /// Path from the root.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Whether it is a symbolic link to a file outside the root. A file inside the root is listed
    /// once, under its real path, however many links lead to it.
    pub is_link: bool,
}

/// A part of the tree that could not be listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeProblem {
    /// Path from the root; empty for the root itself. Bytes that are not UTF-8 are shown as `�`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Lists the files below `root`, hidden ones included.
///
/// Ignore files count also without a git repository, but not those above `root`. Known gap: git
/// keeps tracking a file that is ignored after it was added, and such a file is left out here; to
/// know it, the index of git would have to be read. Symbolic links are recorded and not followed, so
/// a link that leads to a folder above it does no harm. Other work trees of a repository that stand
/// below `root` (`git worktree add .worktrees/x`) are left out: they hold the same specs again.
pub fn walk(root: &Path, options: &WalkOptions) -> Tree {
    // Canonical, since the targets of links are compared with it.
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let skip_folders = options.skip_folders.clone();
    let work_trees = other_work_trees(&root);
    let all = Mutex::new(Vec::new());
    // The parallel walker takes a quarter less CPU even on one thread (23 ms against 30 for 2,700
    // files in 850 folders): it looks for ignore files in the listing it has instead of on the disk.
    WalkBuilder::new(&root)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .ignore(options.ignore_files)
        .git_ignore(options.ignore_files)
        .git_exclude(options.ignore_files)
        .git_global(options.ignore_files)
        .filter_entry(move |entry| !is_skipped(entry, &skip_folders, &work_trees))
        .threads(available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS)))
        .build_parallel()
        .run(|| {
            let mut collector = Collector { items: Vec::new(), all: &all };
            let root = &root;
            Box::new(move |entry| {
                collector.items.extend(examine(root, entry));
                WalkState::Continue
            })
        });
    let mut items = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    // The threads come in any order; the index keeps files of one name in the order of insertion.
    items.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut tree = Tree::default();
    for item in items {
        tree.add(item);
    }
    tree
}

fn is_skipped(entry: &DirEntry, skip_folders: &[String], work_trees: &[PathBuf]) -> bool {
    if entry.depth() == 0 {
        return false;
    }
    let name = entry.file_name();
    // In a submodule or a linked work tree it is a file.
    if name == ".git" {
        return true;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let path = entry.path();
    skip_folders.iter().any(|skipped| name == skipped.as_str())
        || name == "target" && is_cargo_target(path)
        || work_trees.iter().any(|other| other == path)
}

/// Whether a folder named `target` holds what Cargo builds.
fn is_cargo_target(path: &Path) -> bool {
    path.join("CACHEDIR.TAG").is_file() || path.with_file_name("Cargo.toml").is_file()
}

/// What one thread has found; handed over when the thread ends.
struct Collector<'a> {
    items: Vec<Item>,
    all: &'a Mutex<Vec<Item>>,
}

impl Drop for Collector<'_> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.items);
    }
}

/// One entry of the tree, with all that the disk is asked for.
struct Item {
    path: String,
    kind: Kind,
}

enum Kind {
    Folder,
    File,
    Markdown { size: u64 },
    Yaml,
    Link(LinkTarget),
    Problem(String),
}

impl Item {
    fn new(path: String, kind: Kind) -> Item {
        Item { path, kind }
    }

    fn problem(path: String, message: &str) -> Item {
        Item::new(path, Kind::Problem(message.to_owned()))
    }
}

fn examine(root: &Path, entry: Result<DirEntry, ignore::Error>) -> Option<Item> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(walk_problem(root, &error)),
    };
    let kind = entry.file_type();
    if entry.depth() == 0 {
        let message = "the root of the check is not a folder; name a folder";
        return (!kind.is_some_and(|kind| kind.is_dir())).then(|| Item::problem(String::new(), message));
    }
    let Some(path) = path_in(root, entry.path()) else {
        // Told once for a folder, not again for all that is below it.
        let message = "the name is not UTF-8, so nothing can refer to it; rename it";
        let is_culprit = entry.file_name().to_str().is_none();
        return is_culprit.then(|| Item::problem(lossy_path(root, entry.path()), message));
    };
    Some(match kind {
        Some(kind) if kind.is_dir() => Item::new(path, Kind::Folder),
        Some(kind) if kind.is_symlink() => Item::new(path, Kind::Link(follow(root, entry.path()))),
        kind => file(path, kind.is_some_and(|kind| kind.is_file()), &entry),
    })
}

fn file(path: String, is_regular: bool, entry: &DirEntry) -> Item {
    if is_markdown(&path) {
        if !is_regular {
            return Item::problem(path, "this is a pipe, socket or device and not a file; it is not checked");
        }
        return match entry.metadata() {
            Ok(data) => Item::new(path, Kind::Markdown { size: data.len() }),
            Err(error) => Item::problem(path, &format!("the file cannot be read: {error}")),
        };
    }
    let kind = if is_regular && is_yaml(&path) { Kind::Yaml } else { Kind::File };
    Item::new(path, kind)
}

impl Tree {
    fn add(&mut self, Item { path, kind }: Item) {
        match kind {
            Kind::Folder => self.paths.insert_folder(&path),
            Kind::File => self.paths.insert(path.into()),
            Kind::Markdown { size } => {
                self.paths.insert(path.as_str().into());
                self.markdown.push(MarkdownFile { path, size, is_link: false });
            }
            Kind::Yaml => {
                self.paths.insert(path.as_str().into());
                self.yaml.push(path);
            }
            Kind::Link(target) => self.add_link(path, target),
            Kind::Problem(message) => self.problems.push(TreeProblem { path, message }),
        }
    }

    fn add_link(&mut self, path: String, target: LinkTarget) {
        match target {
            LinkTarget::Inside { path: target, is_folder } => {
                self.paths.insert_link(&path, &target);
                if is_folder {
                    self.paths.insert_folder(&path);
                }
            }
            LinkTarget::Outside { file_size } => {
                self.paths.insert(path.as_str().into());
                if let Some(size) = file_size.filter(|_| is_markdown(&path)) {
                    self.markdown.push(MarkdownFile { path, size, is_link: true });
                }
            }
            LinkTarget::Dangling => {}
            LinkTarget::Problem(message) => self.problems.push(TreeProblem { path, message }),
        }
    }
}

/// The path from the root; none where it is not UTF-8. Compared as bytes, since `Path::strip_prefix`
/// takes both paths apart for every file.
fn path_in(root: &Path, path: &Path) -> Option<String> {
    let below = path.as_os_str().as_encoded_bytes().strip_prefix(root.as_os_str().as_encoded_bytes())?;
    let text = std::str::from_utf8(below).ok()?;
    Some(slashed(text.strip_prefix(std::path::is_separator).unwrap_or(text)))
}

fn lossy_path(root: &Path, path: &Path) -> String {
    slashed(&path.strip_prefix(root).unwrap_or(path).to_string_lossy())
}

pub(crate) fn is_markdown(path: &str) -> bool {
    has_extension(path, &["md", "markdown"])
}

pub(crate) fn is_yaml(path: &str) -> bool {
    has_extension(path, &["yaml", "yml"])
}

fn has_extension(path: &str, wanted: &[&str]) -> bool {
    let name = trueup_model::base_name(path);
    // A name such as `.md` has no extension.
    name.rfind('.')
        .filter(|dot| *dot > 0)
        .is_some_and(|dot| wanted.iter().any(|extension| name[dot + 1..].eq_ignore_ascii_case(extension)))
}

fn walk_problem(root: &Path, error: &ignore::Error) -> Item {
    let path = error_path(error).map(|path| lossy_path(root, path)).unwrap_or_default();
    let message = match error.io_error() {
        Some(cause) => folder_message(cause),
        None => format!("this cannot be listed: {error}"),
    };
    Item::new(path, Kind::Problem(message))
}

fn folder_message(cause: &std::io::Error) -> String {
    format!("the folder cannot be listed, so its files are not checked: {cause}")
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_count_in_any_case() {
        assert!(is_markdown("a/B.MD") && is_markdown("x.tar.markdown"));
        assert!(
            !is_markdown("a.md/x") && !is_markdown(".md") && !is_markdown("a/.md") && !is_markdown("x.mdx")
        );
        assert!(is_yaml("a/.github/x.YML") && !is_yaml("yaml"));
    }

    #[test]
    fn an_unreadable_folder_is_told_with_its_path() {
        let denied = ignore::Error::Io(std::io::ErrorKind::PermissionDenied.into());
        let path = Path::new("/r/specs/secret").to_path_buf();
        let error = ignore::Error::WithDepth {
            depth: 2,
            err: Box::new(ignore::Error::WithPath { path, err: Box::new(denied) }),
        };
        let problem = walk_problem(Path::new("/r"), &error);
        assert_eq!(problem.path, "specs/secret");
        let Kind::Problem(message) = problem.kind else { panic!("not a problem") };
        assert_eq!(message, "the folder cannot be listed, so its files are not checked: permission denied");
    }
}
