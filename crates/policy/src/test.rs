use crate::PolicyError;
use crate::rego::{add, new_engine, one_line, read};
use regorus::Value;
use std::path::Path;

/// A test of a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegoTest {
    /// The file that holds it, from the root.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its name with its package: `house.tenancy_test.test_orders`.
    pub name: String,
    /// How it went.
    pub run: TestRun,
}

/// How a test went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TestRun {
    /// It is true.
    Passed,
    /// It is false or undefined.
    Failed,
    /// It is not to be run yet (`todo_test_…`).
    Skipped,
    /// It could not be evaluated, and why.
    Error(String),
}

/// Runs the tests in some Rego files: the rules whose names begin with `test_`, as Open Policy Agent has
/// it. All files see each other.
pub fn test_files(root: &Path, paths: &[String]) -> Result<Vec<RegoTest>, PolicyError> {
    let mut engine = new_engine();
    let mut found: Vec<(String, u32, String, String)> = Vec::new();
    for path in paths {
        let text = read(root, path)?;
        let package = add(&mut engine, path, &text)?;
        for (line, name) in tests_in(&text) {
            found.push((path.clone(), line, package.clone(), name));
        }
    }
    let mut out = Vec::new();
    for (path, line, package, name) in found {
        let run = match name.starts_with("todo_") {
            true => TestRun::Skipped,
            false => match engine.clone().eval_rule(format!("{package}.{name}")) {
                Ok(Value::Bool(true)) => TestRun::Passed,
                Ok(_) => TestRun::Failed,
                Err(error) => TestRun::Error(one_line(&error.to_string())),
            },
        };
        let shown = package.trim_start_matches("data.");
        out.push(RegoTest { path, line, name: format!("{shown}.{name}"), run });
    }
    Ok(out)
}

/// The names of the test rules of a file with their lines. A rule begins at the start of a line.
fn tests_in(text: &str) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if !line.starts_with("test_") && !line.starts_with("todo_test_") {
            continue;
        }
        let end = line.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(line.len());
        let name = line.get(..end).unwrap_or(line);
        if !out.iter().any(|(_, other)| other == name) {
            out.push((number, name.to_owned()));
        }
    }
    out
}
