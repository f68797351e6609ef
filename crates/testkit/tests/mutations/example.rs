//! The files of the example, read and searched by plain text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every file of the example: path from its root and text.
pub(crate) type Files = BTreeMap<String, String>;

/// A place in a file: path and line from 1.
pub(crate) type Place = (String, usize);

/// Reads the example.
pub(crate) fn read() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/marketplace");
    let mut out = Files::new();
    collect(&root, "", &mut out);
    assert!(out.len() > 60, "the example has {} files", out.len());
    out
}

fn collect(folder: &Path, prefix: &str, out: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        match entry.file_type().unwrap().is_dir() {
            true => collect(&entry.path(), &format!("{path}/"), out),
            false => {
                out.insert(path, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
}

/// The text of a file.
pub(crate) fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    files.get(path).unwrap_or_else(|| panic!("the example has no {path}"))
}

/// The line of the only place at which a text stands in a file.
pub(crate) fn line_of(files: &Files, path: &str, needle: &str) -> usize {
    let text = text(files, path);
    let mut found = text.match_indices(needle).map(|(at, _)| at);
    let first = found.next().unwrap_or_else(|| panic!("{path} has no `{needle}`"));
    assert!(found.next().is_none(), "{path} has `{needle}` more than once");
    1 + text[..first].matches('\n').count()
}

/// The specs that are implemented.
pub(crate) fn implemented(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let specs = files.iter().filter(|(path, _)| path.starts_with("docs/") && path.ends_with(".md"));
    specs.filter(|(_, text)| text.contains("**Status:** Implemented")).map(|(p, t)| (p.as_str(), t.as_str()))
}

/// The lines of implemented specs that some words of a line tell.
pub(crate) fn lines_with(files: &Files, is_it: impl Fn(&str) -> bool) -> Vec<Place> {
    let mut out = Vec::new();
    for (path, text) in implemented(files) {
        let found = text.lines().enumerate().filter(|(_, line)| is_it(line));
        out.extend(found.map(|(at, _)| (path.to_owned(), at + 1)));
    }
    out
}

/// Lines of one section of the implemented specs, by the first words of its heading.
pub(crate) fn lines_in(files: &Files, heading: &str, is_it: impl Fn(&str) -> bool) -> Vec<Place> {
    let mut out = Vec::new();
    for (path, text) in implemented(files) {
        let mut inside = false;
        for (at, line) in text.lines().enumerate() {
            let depth = line.chars().take_while(|c| *c == '#').count();
            if depth > 0 && line.contains(heading) {
                inside = true;
            } else if depth == 2 {
                inside = false;
            }
            if inside && is_it(line) {
                out.push((path.to_owned(), at + 1));
            }
        }
    }
    out
}
