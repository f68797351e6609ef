use ignore::Match;
use ignore::gitignore::Gitignore;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The `.gitignore` files of a work tree, each read when a path below its folder is first asked for.
#[derive(Debug)]
pub struct IgnoreFiles {
    root: PathBuf,
    /// By the folder from the root; none where a folder has no such file.
    by_folder: Mutex<FxHashMap<String, Option<Arc<Gitignore>>>>,
}

impl IgnoreFiles {
    /// The files below a root.
    pub fn new(root: impl Into<PathBuf>) -> IgnoreFiles {
        IgnoreFiles { root: root.into(), by_folder: Mutex::default() }
    }

    /// Whether the `.gitignore` files between the root and a path (from the root) tell git to leave it out.
    /// The one nearest to the path decides, as for git; the path need not be there.
    pub fn contains(&self, path: &str) -> bool {
        let path = path.trim_matches('/');
        let mut folder = path;
        while let Some(above) =
            folder.rsplit_once('/').map(|(above, _)| above).or((!folder.is_empty()).then_some(""))
        {
            if let Some(rules) = self.rules_in(above) {
                let below = path.get(above.len()..).unwrap_or("").trim_start_matches('/');
                match rules.matched_path_or_any_parents(Path::new(below), false) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
            folder = above;
        }
        false
    }

    fn rules_in(&self, folder: &str) -> Option<Arc<Gitignore>> {
        // Another thread's panic leaves whole entries behind.
        let mut known = self.by_folder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(folder) {
            return rules.clone();
        }
        let file = self.root.join(folder).join(".gitignore");
        // A line that is no glob is left out; the others count.
        let rules = file.is_file().then(|| Arc::new(Gitignore::new(&file).0));
        known.insert(folder.to_owned(), rules.clone());
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignore_files_count_for_paths_that_are_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("packages/a")).unwrap();
        std::fs::write(root.join(".gitignore"), "build/\n*.log\n").unwrap();
        std::fs::write(root.join("packages/a/.gitignore"), "/out\n!kept.log\n").unwrap();
        let ignored = IgnoreFiles::new(root);
        for (path, expected) in [
            ("build/app.js", true),
            ("packages/a/build/app.js", true),
            ("packages/a/x.log", true),
            ("packages/a/kept.log", false),
            ("packages/a/out/x.ts", true),
            ("packages/a/src/out/x.ts", false),
            ("src/app.ts", false),
            ("/", false),
            ("", false),
        ] {
            assert_eq!(ignored.contains(path), expected, "{path}");
        }
    }
}
