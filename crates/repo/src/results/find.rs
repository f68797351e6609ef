//! From paths and globs to reports.

use super::ReportError;
use globset::GlobBuilder;
use std::path::{Path, PathBuf};

/// Deeper folders are not looked into.
const MOST_DEEP: usize = 64;

/// The files that a path or a glob names, in the order of the alphabet. `**` is any number of folders.
/// Ignored files count: reports are hardly ever in git. Links to folders are not followed.
pub fn find_reports(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, ReportError> {
    let literal = folder.join(pattern);
    let is_glob = pattern.contains(['*', '?', '[', '{']);
    if literal.exists() || !is_glob {
        return match literal.exists() {
            true => Ok(vec![literal]),
            false => Err(ReportError::NotFound { pattern: pattern.to_owned() }),
        };
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob =
        glob.map_err(|e| ReportError::Unreadable { path: pattern.to_owned(), why: e.kind().to_string() })?;
    let matcher = glob.compile_matcher();
    // Everything in front of the first part with a mark of a glob is a folder.
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|c| !c.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let mut out = Vec::new();
    let mut open = vec![(fixed, 0)];
    while let Some((below, depth)) = open.pop() {
        let whole = folder.join(&below);
        let entries = match std::fs::read_dir(&whole) {
            Ok(entries) => entries,
            Err(error) => {
                let path = below.display().to_string();
                return Err(ReportError::Unreadable { path, why: error.to_string() });
            }
        };
        for entry in entries.flatten() {
            let path = below.join(entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && depth < MOST_DEEP {
                open.push((path, depth + 1));
            } else if !kind.is_dir() && matcher.is_match(&path) {
                out.push(folder.join(path));
            }
        }
    }
    out.sort();
    match out.is_empty() {
        true => Err(ReportError::NotFound { pattern: pattern.to_owned() }),
        false => Ok(out),
    }
}
