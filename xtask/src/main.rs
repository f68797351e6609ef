//! Development tasks, run as `cargo xtask TASK`.

mod bench;
mod coverage;
mod docs;
mod facts;
mod new_rule;
mod source;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask TASK

  docs [--check]              write docs/ from the rules' pages, the command line and the schemas
  tidy                        hold the workspace to its own rules
  new-rule GROUP NAME         write the two files of a rule and its line in the group's list
  bench [--short] [FOLDER]    time each stage over a folder, then double the size of hard inputs
        [--against rumdl]     compare CPU time and memory of the release binary with another linter's
        [--only WORD]         only the doubling tests whose name holds the word; `code`: reading code;
                              `large`: the release binary over 10,000 specs and 10,000 files of code
  facts EXPECTED FOLDER       compare the facts of a folder of specs with what a person read in them
  facts-coverage FOLDER       sections of a folder of specs of which no fact was read

Measure with `cargo run --release --package xtask -- bench`.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["tidy"] => tidy::run(),
        ["new-rule", group, name] => new_rule::run(group, name),
        ["bench", rest @ ..] => bench::run(rest),
        ["facts-coverage", specs] => coverage::run(specs),
        ["facts", expectations, specs] => facts::run(expectations, specs),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(HELP.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{}", problem.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Reads a file of the workspace.
fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Writes a file of the workspace and the folders above it.
fn write(path: &str, text: &str) -> Result<(), String> {
    let file = root().join(path);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{path}: {error}"))?;
    }
    std::fs::write(&file, text).map_err(|error| format!("{path}: {error}"))
}
