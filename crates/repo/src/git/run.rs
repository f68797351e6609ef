//! Starts the `git` program: the same answer whatever the user has configured.

use super::GitError;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// Variables that point git to another repository, or that change what it prints. Hooks have some set.
const REMOVED: [&str; 18] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_QUARANTINE_PATH",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// Settings that would change what git prints and that no option of the command overrules.
const SETTINGS: [&str; 6] = [
    "core.quotePath=false",
    "color.ui=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "diff.renameLimit=2000",
    "diff.ignoreSubmodules=dirty",
];

/// How a process ended.
pub(super) struct Ended {
    /// Its exit code; none where a signal ended it.
    pub(super) code: Option<i32>,
    /// What it wrote to standard output.
    pub(super) output: Vec<u8>,
    /// What it wrote to standard error, trimmed.
    pub(super) told: String,
}

impl Ended {
    /// That it failed.
    pub(super) fn failed(&self, command: &str) -> GitError {
        let told = match self.told.is_empty() {
            true => match self.code {
                Some(code) => format!("it ended with exit code {code}"),
                None => "it was killed".to_owned(),
            },
            false => self.told.clone(),
        };
        GitError::Failed { command: command.to_owned(), told }
    }
}

/// Runs git in a folder.
pub(super) struct Runner<'a> {
    folder: &'a Path,
    plain_language: bool,
    literal_paths: bool,
}

impl<'a> Runner<'a> {
    pub(super) fn at(folder: &'a Path) -> Runner<'a> {
        Runner { folder, plain_language: true, literal_paths: true }
    }

    /// Leaves the language of messages to the user, for commands whose hooks speak to them.
    pub(super) fn in_own_language(mut self) -> Runner<'a> {
        self.plain_language = false;
        self
    }

    /// For the few commands that refuse to be told that paths are no patterns.
    pub(super) fn with_plain_paths(mut self) -> Runner<'a> {
        self.literal_paths = false;
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager");
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(arguments).current_dir(self.folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in REMOVED {
            command.env_remove(name);
        }
        // A question must neither write an index nor wait for a password; paths are no patterns.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        match self.literal_paths {
            true => command.env("GIT_LITERAL_PATHSPECS", "1"),
            false => command.env_remove("GIT_LITERAL_PATHSPECS"),
        };
        if self.plain_language {
            command.env("LC_ALL", "C");
        }
        command
    }

    fn start(&self, arguments: &[&str], input: Stdio) -> Result<Child, GitError> {
        let started = self.command(arguments).stdin(input).spawn();
        started.map_err(|error| GitError::NotStarted { reason: error.to_string() })
    }

    /// Runs git and waits for its end.
    pub(super) fn ask(&self, arguments: &[&str]) -> Result<Ended, GitError> {
        self.ask_with(arguments, &[])
    }

    /// Runs git with something on standard input and waits for its end.
    pub(super) fn ask_with(&self, arguments: &[&str], input: &[u8]) -> Result<Ended, GitError> {
        let mut output = Vec::new();
        let ended = self.stream(arguments, input, |reader| {
            // What cannot be read ends the output; the exit code then says that git was cut off.
            let _ = reader.read_to_end(&mut output);
            Ok(())
        })?;
        Ok(Ended { output, ..ended })
    }

    /// Runs git and hands its output to a function as it comes. Where the function fails, git is
    /// ended and its error returned.
    pub(super) fn stream<R>(&self, arguments: &[&str], input: &[u8], read: R) -> Result<Ended, GitError>
    where
        R: FnOnce(&mut dyn BufRead) -> Result<(), GitError>,
    {
        let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = self.start(arguments, stdin)?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        // All three at once: a pipe that nobody empties would stop git.
        let (outcome, told) = thread::scope(|scope| {
            scope.spawn(move || {
                // Git may end before it has read everything; its exit code tells why.
                let _ = stdin.map(|mut pipe| pipe.write_all(input));
            });
            let told = scope.spawn(move || {
                let mut bytes = Vec::new();
                let _ = stderr.map(|mut pipe| pipe.read_to_end(&mut bytes));
                text_of(&bytes).trim().to_owned()
            });
            let outcome = match stdout {
                Some(pipe) => read(&mut BufReader::with_capacity(64 * 1024, pipe)),
                None => Ok(()),
            };
            if outcome.is_err() {
                let _ = child.kill();
            }
            (outcome, told.join().unwrap_or_default())
        });
        let status = child.wait().map_err(|error| GitError::NotStarted { reason: error.to_string() })?;
        outcome?;
        Ok(Ended { code: status.code(), output: Vec::new(), told })
    }
}

/// Bytes as text; what is not UTF-8 is shown as `�`.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An answer of one line.
pub(super) fn one_line(output: &[u8]) -> String {
    text_of(output).trim_end_matches(['\r', '\n']).to_owned()
}

/// The parts of an answer that ends each with NUL.
pub(super) fn parts(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|byte| *byte == 0).filter(|part| !part.is_empty())
}
