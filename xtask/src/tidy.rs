//! The rules that this workspace sets for itself. They also run as a test.

use crate::source::code_only;
use crate::{read, root};
use std::path::Path;
use std::process::Command;

/// Crates that do no IO, start no threads and hold no state.
const PURE: [&str; 14] = [
    "text", "markdown", "template", "model", "claims", "codebase", "source", "guides", "drift", "index",
    "trace", "finding", "rules", "sql",
];
/// Crates that people and programs talk to; none knows another.
const FACES: [&str; 4] = ["cli", "lsp", "mcp", "portal"];
/// What pure code may not name.
const IMPURE: [&str; 10] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "std::thread",
    "println!",
    "eprintln!",
    "SystemTime::now",
    "Instant::now",
    "static mut",
];
/// What pure code may not depend on.
const IMPURE_CRATES: [&str; 8] =
    ["serde", "serde_json", "rayon", "ignore", "tempfile", "jiff", "tokio", "anstream"];
/// What panics.
const PANICS: [&str; 6] = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("];
/// A longer file is hard to read in one sitting.
const MOST_LINES: usize = 800;

/// Prints what is wrong; an error if anything is.
pub fn run() -> Result<(), String> {
    let problems = problems()?;
    match problems.is_empty() {
        true => {
            println!("tidy");
            Ok(())
        }
        false => Err(format!("{}\n{} in all", problems.join("\n"), problems.len())),
    }
}

/// Everything that breaks a rule, a line each.
pub fn problems() -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    dependencies(&mut out)?;
    pure_sources(&mut out)?;
    rule_pages(&mut out)?;
    every_file(&mut out)?;
    Ok(out)
}

/// The names under `[dependencies]`, without the prefix of this workspace's own.
fn dependencies_of(name: &str) -> Result<Vec<String>, String> {
    let path = format!("crates/{name}/Cargo.toml");
    let manifest: toml::Table = read(&path)?.parse().map_err(|error| format!("{path}: {error}"))?;
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    Ok(table
        .into_iter()
        .flat_map(toml::Table::keys)
        .map(|key| key.trim_start_matches("trueup-").to_owned())
        .collect())
}

fn dependencies(out: &mut Vec<String>) -> Result<(), String> {
    let crates = folders("crates")?;
    for name in &crates {
        let needs = dependencies_of(name)?;
        let own: Vec<&String> = needs.iter().filter(|n| crates.contains(n)).collect();
        let mut forbid =
            |wrong: &str, why: &str| out.push(format!("crates/{name}/Cargo.toml: depends on {wrong}: {why}"));
        if PURE.contains(&name.as_str()) {
            for wrong in needs.iter().filter(|n| IMPURE_CRATES.contains(&n.as_str())) {
                forbid(wrong, "this crate does no IO, starts no threads and knows no wire format");
            }
            for wrong in own.iter().filter(|n| !PURE.contains(&n.as_str())) {
                forbid(wrong, "data goes one way, from the pure crates to the others");
            }
        }
        if name == "engine" && own.iter().any(|n| *n == "rules") {
            forbid("rules", "the engine takes the registry as a value");
        }
        if FACES.contains(&name.as_str()) {
            for wrong in own.iter().filter(|n| FACES.contains(&n.as_str())) {
                forbid(wrong, "faces do not know each other");
            }
        }
        if own.iter().any(|n| *n == "testkit") {
            forbid("testkit", "it is for tests only");
        }
    }
    Ok(())
}

fn pure_sources(out: &mut Vec<String>) -> Result<(), String> {
    for name in PURE {
        // A file of tests may panic: that is how it fails.
        let own =
            sources(&format!("crates/{name}/src"))?.into_iter().filter(|path| !path.ends_with("/tests.rs"));
        for path in own {
            impurities(&path, &read(&path)?, out);
        }
    }
    Ok(())
}

/// What a source of a pure crate may not hold.
fn impurities(path: &str, source: &str, out: &mut Vec<String>) {
    for (index, line) in code_only(source).lines().enumerate() {
        let found = IMPURE.iter().find(|word| line.contains(*word) && !part_of_word(line, word));
        if let Some(word) = found {
            out.push(format!("{path}:{}: `{word}` in a crate that does no IO and holds no state", index + 1));
        }
        if let Some(word) = PANICS.iter().find(|word| line.contains(*word)) {
            out.push(format!("{path}:{}: `{word}` in a crate that does not panic on any input", index + 1));
        }
    }
}

/// `println!` inside `eprintln!` is reported once.
fn part_of_word(line: &str, word: &str) -> bool {
    line.find(word).is_some_and(|at| line[..at].ends_with(|c: char| c.is_alphanumeric()))
}

fn rule_pages(out: &mut Vec<String>) -> Result<(), String> {
    for path in sources("crates/rules/src")? {
        let source = read(&path)?;
        for declared in source.split("declare_rule! {").skip(1) {
            let Some(page) = declared.split("page \"").nth(1).and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !root().join(folder).join(page).exists() {
                out.push(format!("{path}: its page {folder}/{page} is missing"));
            }
        }
    }
    Ok(())
}

fn every_file(out: &mut Vec<String>) -> Result<(), String> {
    for path in tracked()? {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        let lines = text.lines().count();
        if path.ends_with(".rs") && lines > MOST_LINES {
            out.push(format!("{path}: {lines} lines; split what is longer than {MOST_LINES}"));
        }
        // Cargo writes its lock file.
        if !path.ends_with("Cargo.lock") {
            mentions(&path, &text, out);
        }
    }
    Ok(())
}

/// What no file of the repository may speak of.
fn mentions(path: &str, text: &str, out: &mut Vec<String>) {
    // Built from parts, so that this file does not find itself.
    let hosts = [
        ["crates", "io"],
        ["npmjs", "org"],
        ["npmjs", "com"],
        ["pypi", "org"],
        ["pythonhosted", "org"],
        ["rubygems", "org"],
        ["golang", "org"],
        ["maven", "org"],
        ["nuget", "org"],
    ]
    .map(|parts| parts.join("."));
    let machine = [format!("/{}/", "work"), format!("..{}", "/shared")];
    let thread = format!("{} #", "issue");
    for (index, line) in text.lines().enumerate() {
        let mut tell = |what: &str, why: &str| out.push(format!("{path}:{}: `{what}`: {why}", index + 1));
        for word in machine.iter().filter(|word| line.contains(word.as_str())) {
            tell(word, "a path of somebody's machine");
        }
        for host in hosts.iter().filter(|host| names_host(line, host)) {
            tell(host, "the host of a registry; say what is meant in words");
        }
        if line.to_lowercase().contains(&thread) {
            tell(&thread, "say here what the reader needs to know");
        }
    }
}

/// Whether a host stands in a line as a name of its own (`pypi.organic` is another word).
fn names_host(line: &str, host: &str) -> bool {
    line.match_indices(host).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + host.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '-')
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '-')
    })
}

/// Files that are or will be in the repository.
fn tracked() -> Result<Vec<String>, String> {
    let listed = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .map_err(|error| format!("git: {error}"))?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    Ok(text.lines().map(str::to_owned).collect())
}

fn folders(path: &str) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    let with_manifest = entries.flatten().filter(|e| e.path().join("Cargo.toml").exists());
    let mut names: Vec<String> =
        with_manifest.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// All Rust files below a folder, from the root.
fn sources(folder: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(from_root(&path));
            }
        }
    }
    out.sort();
    Ok(out)
}

fn from_root(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_keeps_its_own_rules() {
        let problems = super::problems().unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    #[test]
    fn what_is_forbidden_is_found() {
        let mut out = Vec::new();
        super::impurities("a.rs", "fn f() {\n    std::fs::read(\"x\").unwrap();\n}\n// std::env\n", &mut out);
        assert_eq!(out.len(), 2, "{out:?}");
        assert!(
            out[0].starts_with("a.rs:2: `std::fs`") && out[1].starts_with("a.rs:2: `.unwrap()`"),
            "{out:?}"
        );
        let mut out = Vec::new();
        let text = ["see /", "work/x\n", "from crates", ".io\n", "as in Issue", " #12\n", "fine\n"].concat();
        super::mentions("a.md", &text, &mut out);
        assert_eq!(out.len(), 3, "{out:?}");
    }

    #[test]
    fn hosts_are_whole_names() {
        assert!(super::names_host("see https://a.example/x", "a.example"));
        assert!(!super::names_host("see a.examples", "a.example"));
    }
}
