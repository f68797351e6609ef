//! A repository in a temporary folder.

use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use trueup_engine::{CONFIG_FILE, CheckOptions, CheckReport, OpenError, OpenOptions, Workspace};
use trueup_finding::Registry;
use trueup_model::{Date, State};

/// The configuration of a repository that brings none of its own.
pub const DEFAULT_CONFIG: &str = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";

/// The template of a repository that brings none of its own.
pub const DEFAULT_TEMPLATE: &str =
    "# [Title]\n\n## Overview\n[What it is]\n\n## Risks\n[What may go wrong]\n";

/// The day on which every test runs.
const TODAY: Date = Date { year: 2026, month: 6, day: 15 };

/// A repository in a temporary folder, removed when this value goes.
#[derive(Debug)]
pub struct Repository {
    folder: TempDir,
    as_state: Option<State>,
}

impl Repository {
    /// A repository of exactly these files (path from the root and text), without git.
    pub fn new<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Repository {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = Repository { folder, as_state: None };
        for (path, text) in files {
            repository.write(path.as_ref(), text.as_ref());
        }
        repository
    }

    /// The same with [`DEFAULT_CONFIG`] and [`DEFAULT_TEMPLATE`] where the files bring none. Specs that
    /// say no status are taken as accepted, so that every level above off shows.
    pub fn standard<P: AsRef<str>, T: AsRef<str>>(files: &[(P, T)]) -> Repository {
        Repository::new::<&str, &str>(&[]).completed(files)
    }

    /// Writes files as [`Repository::standard`] does.
    pub fn completed<P: AsRef<str>, T: AsRef<str>>(self, files: &[(P, T)]) -> Repository {
        for (path, text) in files {
            self.write(path.as_ref(), text.as_ref());
        }
        let mut repository = self;
        let text_of = |wanted: &str| {
            files.iter().find(|(path, _)| path.as_ref() == wanted).map(|(_, text)| text.as_ref())
        };
        let configured = text_of(CONFIG_FILE).is_some();
        let config = text_of(CONFIG_FILE).unwrap_or(DEFAULT_CONFIG);
        if !configured {
            repository.write(CONFIG_FILE, config);
        }
        if config.contains("\"template.md\"") && text_of("template.md").is_none() {
            repository.write("template.md", DEFAULT_TEMPLATE);
        }
        let specs = files.iter().filter(|(path, _)| path.as_ref().starts_with("specs/"));
        let stated = specs.clone().any(|(_, text)| says_status(text.as_ref()));
        repository.as_state = (!configured && !stated).then_some(State::Accepted);
        repository
    }

    /// Makes it a git repository with one commit of all files on `branch`.
    pub fn with_git(self, branch: &str) -> Repository {
        self.git(&["init", "--quiet", "--initial-branch", branch]);
        self.commit("Start");
        self
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Runs git in the repository and gives its output; the same on every machine and day.
    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_on(arguments, "2026-06-01T12:00:00Z")
    }

    /// The same at another time, as RFC 3339 has it.
    pub fn git_on(&self, arguments: &[&str], date: &str) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.path()).args(arguments);
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(inherited);
        }
        command
            .env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" })
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Test")
            .env("GIT_AUTHOR_EMAIL", "test@example.com")
            .env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_NAME", "Test")
            .env("GIT_COMMITTER_EMAIL", "test@example.com")
            .env("GIT_COMMITTER_DATE", date);
        let output = command.output().expect("the git program is there");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {} failed: {told}", arguments.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("a folder in a temporary folder can be made");
        }
        fs::write(&file, text).expect("a file in a temporary folder can be written");
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Opens it. The day of the check is 2026-06-15.
    pub fn open(&self) -> Workspace {
        self.try_open().unwrap_or_else(|error| panic!("the repository cannot be opened: {error}"))
    }

    /// Opens it, or says what is wrong with its configuration.
    pub fn try_open(&self) -> Result<Workspace, OpenError> {
        let mut workspace = Workspace::open(self.path(), &OpenOptions::default())?;
        workspace.world.today = Some(TODAY);
        Ok(workspace)
    }

    /// The options of its checks.
    pub fn options(&self) -> CheckOptions {
        CheckOptions { as_state: self.as_state, ..CheckOptions::default() }
    }

    /// Opens it and runs the rules of a registry.
    pub fn check(&self, registry: &Registry) -> CheckReport {
        self.open().check(registry, &self.options())
    }
}

/// Whether a spec or its sidecar says a status.
fn says_status(text: &str) -> bool {
    text.contains("Status") || text.lines().any(|line| line.starts_with("status:"))
}
