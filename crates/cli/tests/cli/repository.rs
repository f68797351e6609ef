//! A repository in a temporary folder, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The day of every test.
pub const TODAY: &str = "2026-03-01";

/// A template with a field, a choice and a few sections.
pub const TEMPLATE: &str = "\
# SPEC-XXX: [Title]

**Status:** Draft
**Created:** YYYY-MM-DD
**Risk:** Low / Medium / High

## Overview
[What it is, in a sentence or two]

## Problem
[What hurts today]

## Solution
[How that ends]

## Changelog
### [YYYY-MM-DD]
- First version
";

/// A spec that answers it.
pub fn spec(number: u32, title: &str) -> String {
    format!(
        "# SPEC-{number:03}: {title}\n\n**Status:** Accepted\n**Created:** 2026-01-0{number}\n**Risk:** Low\n\n\
         ## Overview\nAn order can be sent back.\n\n## Problem\nCustomers call us.\n\n## Solution\nA form.\n\n\
         ## Changelog\n### 2026-01-0{number}\n- First version\n"
    )
}

pub struct Repository(TempDir);

/// What a run of the program gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Repository {
    /// A git repository without files.
    pub fn empty() -> Repository {
        let repository = Repository(tempfile::tempdir().expect("a temporary folder"));
        let git =
            Command::new("git").args(["init", "-q", "-b", "main"]).current_dir(repository.path("")).status();
        assert!(git.expect("git runs").success());
        repository
    }

    /// Three specs beside the template that they were written from.
    pub fn with_specs() -> Repository {
        let repository = Repository::empty();
        repository.write("docs/spec-template.md", TEMPLATE);
        for (number, title) in [(1, "Returns"), (2, "Search"), (3, "Credit")] {
            let path = format!("docs/specs/SPEC-00{number}-2026-01-0{number}-{}.md", title.to_lowercase());
            repository.write(&path, &spec(number, title));
        }
        repository
    }

    /// A copy of an example, committed on 1 February.
    pub fn of_example(name: &str) -> Repository {
        let repository = Repository::empty();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
        copy(&example, &repository.path(""));
        repository.commit("The example", "2026-02-01");
        repository
    }

    /// Commits all that is there on a day.
    pub fn commit(&self, message: &str, day: &str) {
        let time = format!("{day}T12:00:00Z");
        for arguments in [&["add", "--all"][..], &["commit", "--quiet", "--message", message]] {
            let mut git = Command::new("git");
            git.current_dir(self.path("")).args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]);
            git.args(["-c", "commit.gpgsign=false"]).args(arguments);
            git.env("GIT_AUTHOR_DATE", &time).env("GIT_COMMITTER_DATE", &time);
            assert!(git.status().expect("git runs").success(), "git {arguments:?}");
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        fs::canonicalize(self.0.path()).expect("the folder is there").join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))).expect("UTF-8")
    }

    /// Every file with its content, but those of git.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![self.path("")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.ends_with(".git") => {}
                    path if path.is_dir() => folders.push(path),
                    path => files.push((path.clone(), fs::read(path).expect("a file"))),
                }
            }
        }
        files.sort();
        files
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments, None)
    }

    /// Runs the program in a folder, with a text on its standard input.
    pub fn run_in(&self, folder: &str, arguments: &[&str], input: Option<&str>) -> Ran {
        self.ran(folder, arguments, input, &[])
    }

    /// Runs the program with variables of its environment set.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        self.ran("", arguments, None, variables)
    }

    fn ran(&self, folder: &str, arguments: &[&str], input: Option<&str>, variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        command.envs(variables.iter().copied());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GIT_DIR", "GIT_WORK_TREE"] {
            command.env_remove(variable);
        }
        command.current_dir(self.path(folder)).args(arguments).env("TRUEUP_TODAY", TODAY);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("trueup starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // The program need not read it.
        let _ = stdin.write_all(input.unwrap_or_default().as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("trueup ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            code: output.status.code().expect("an exit code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).expect("a file")),
        }
    }
}

impl Ran {
    /// Ends with this code; shows all of it where not.
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, part: &str) -> Ran {
        assert!(self.out.contains(part), "{part:?} is not in\n{}", self.out);
        self
    }

    #[track_caller]
    pub fn tells(self, part: &str) -> Ran {
        assert!(self.err.contains(part), "{part:?} is not in\n{}", self.err);
        self
    }
}
