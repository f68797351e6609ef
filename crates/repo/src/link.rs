//! Where symbolic links lead.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Where a symbolic link leads in the end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    /// To something in the tree: its path from the root with `/`, empty for the root itself.
    Inside { path: String, is_folder: bool },
    /// To something outside the tree; the size in bytes where it is a regular file.
    Outside { file_size: Option<u64> },
    /// To nothing.
    Dangling,
    /// Nowhere, for the reason given.
    Problem(String),
}

/// Follows a link to its end. `root` must be canonical, so that both can be compared.
pub(crate) fn follow(root: &Path, link: &Path) -> LinkTarget {
    let target = match fs::canonicalize(link) {
        Ok(target) => target,
        Err(error) => return unfollowed(link, &error),
    };
    let data = fs::metadata(&target);
    let Ok(inside) = target.strip_prefix(root) else {
        return LinkTarget::Outside { file_size: data.ok().filter(|d| d.is_file()).map(|d| d.len()) };
    };
    match inside.to_str() {
        Some(path) => LinkTarget::Inside { path: slashed(path), is_folder: data.is_ok_and(|d| d.is_dir()) },
        None => LinkTarget::Problem(format!(
            "the symbolic link leads to `{}`, whose name is not UTF-8; rename it",
            inside.display()
        )),
    }
}

fn unfollowed(link: &Path, error: &std::io::Error) -> LinkTarget {
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        return LinkTarget::Dangling;
    }
    let shown = fs::read_link(link).unwrap_or_default();
    LinkTarget::Problem(format!(
        "the symbolic link to `{}` leads nowhere ({error}); remove it or point it to a file",
        shown.display()
    ))
}

/// A relative path of the system, with `/`.
pub(crate) fn slashed(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}
