use ignore::Match;
use ignore::gitignore::Gitignore;
use std::path::Path;

/// Whether the `.gitignore` files between the root and a path (from the root) tell git to leave it out. The one
/// nearest to the path decides, as for git; the path need not be there.
pub fn is_ignored(root: &Path, path: &str) -> bool {
    let path = path.trim_matches('/');
    let mut folder = path;
    while let Some(above) =
        folder.rsplit_once('/').map(|(above, _)| above).or((!folder.is_empty()).then_some(""))
    {
        let file = root.join(above).join(".gitignore");
        if file.is_file() {
            // A line that is no glob is left out; the others count.
            let (rules, _) = Gitignore::new(&file);
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
            assert_eq!(is_ignored(root, path), expected, "{path}");
        }
    }
}
