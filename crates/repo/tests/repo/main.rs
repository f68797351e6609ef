//! The crate against real folders and repositories.

mod git;
mod list;
mod read;
mod root;
mod walk;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder that is removed at the end of the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A repository on the branch `main`, without a commit.
    fn repository() -> Folder {
        let folder = Folder::new();
        folder.git(&["init", "-q", "-b", "main"]);
        folder
    }

    /// A repository with one commit.
    fn with_commit() -> Folder {
        let folder = Folder::repository();
        folder.commit();
        folder
    }

    fn path(&self) -> PathBuf {
        fs::canonicalize(self.0.path()).expect("the folder is there")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes files, with the folders above them.
    fn files(&self, files: &[(&str, &str)]) -> &Folder {
        for (path, text) in files {
            self.bytes(path, text.as_bytes());
        }
        self
    }

    fn bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    #[cfg(unix)]
    fn link(&self, path: &str, target: impl AsRef<Path>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::os::unix::fs::symlink(target, path).expect("a link");
    }

    #[cfg(unix)]
    fn pipe(&self, path: &str) {
        assert!(Command::new("mkfifo").arg(self.at(path)).status().expect("mkfifo").success());
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments)
    }

    fn commit(&self) {
        self.git(&["commit", "-q", "--allow-empty", "-m", "one"]);
    }

    /// The names in the root, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("a folder").flatten();
        let mut names: Vec<_> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Runs git without the settings of whoever runs the tests.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(inherited);
    }
    let output = command
        .current_dir(folder)
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null())
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
