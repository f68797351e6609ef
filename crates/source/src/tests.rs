//! What the tests of all adapters share, and the tests of the core.

use crate::{FileFacts, Options, assemble, read};
use std::sync::Arc;
use trueup_codebase::{CodePlace, Codebase};

/// Reads files and puts them together, as the program does.
pub(crate) fn code(files: &[(&str, &str)]) -> Codebase {
    let mut facts: Vec<FileFacts> = files.iter().map(|(path, text)| facts(path, text)).collect();
    facts.sort_by(|a, b| a.path.cmp(&b.path));
    assemble(facts, &Options::default())
}

/// Reads one file, and holds every place in it to the text.
pub(crate) fn facts(path: &str, text: &str) -> FileFacts {
    let path: Arc<str> = path.into();
    let facts = read(&path, text, &Options::default());
    let ends = line_ends(text);
    places(&facts).into_iter().for_each(|place| inside(place, &path, text, &ends));
    facts
}

/// All routes of files, a line each: method, path, `~` where the front is not known.
pub(crate) fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let shown = code(files)
        .routes
        .into_iter()
        .map(|route| format!("{} {}{}", route.method, if route.whole { "" } else { "~" }, route.path));
    shown.collect()
}

/// Where lines end: a lone `\r` ends one, too, and `\r\n` ends one and not two.
fn line_ends(text: &str) -> Vec<usize> {
    let ends = text.bytes().zip(text.bytes().skip(1).chain([0])).enumerate();
    let ends = ends.filter(|(_, (byte, next))| *byte == b'\n' || *byte == b'\r' && *next != b'\n');
    ends.map(|(at, _)| at).collect()
}

#[test]
fn places_count_every_line_ending() {
    let source = "RSpec.describe 'a' do\r  it('x') { }\r\n  it('y') { }\n  it('z') { }\rend";
    let tests: Vec<(String, u32)> =
        facts("spec/a_spec.rb", source).tests.into_iter().map(|test| (test.name, test.place.line)).collect();
    assert_eq!(tests, [("x".to_owned(), 2), ("y".to_owned(), 3), ("z".to_owned(), 4)]);
}

/// Holds a place to its text.
fn inside(place: &CodePlace, path: &str, text: &str, ends: &[usize]) {
    assert_eq!(place.path.as_ref(), path);
    assert!(text.get(place.span.range()).is_some(), "{place:?} is no place in {text:?}");
    let before = ends.partition_point(|end| *end < place.span.range().start);
    assert_eq!(place.line as usize, before + 1, "{place:?}");
}

fn places(facts: &FileFacts) -> Vec<&CodePlace> {
    let routers = facts.routes.iter().flat_map(|facts| &facts.routers);
    let routes = routers.flat_map(|router| {
        router.routes.iter().map(|route| &route.place).chain(router.mounts.iter().map(|mount| &mount.place))
    });
    let tables = facts.tables.iter().flat_map(|table| {
        table.columns.iter().map(|column| &column.place).chain(std::iter::once(&table.place))
    });
    let names = facts.env_vars.iter().chain(&facts.flags).chain(&facts.events).map(|name| &name.place);
    routes
        .chain(tables)
        .chain(names)
        .chain(facts.table_steps.iter().map(|step| &step.place))
        .chain(facts.tests.iter().map(|test| &test.place))
        .chain(facts.words.iter().map(|(_, place)| place))
        .collect()
}

/// A name that many tests hold is still found in the code.
#[test]
fn places_in_tests_hide_none_in_the_code() {
    let text = "emit('orders.order.created')\n";
    let tests: Vec<String> = (0..12).map(|n| format!("a/{n}.test.ts")).collect();
    let mut files: Vec<(&str, &str)> = tests.iter().map(|path| (path.as_str(), text)).collect();
    files.push(("src/z.ts", text));
    let words = code(&files).words;
    let paths: Vec<&str> = words.get("orders.order.created").iter().map(|p| p.path.as_ref()).collect();
    assert_eq!(paths, ["src/z.ts"]);
    assert_eq!(words.get_beside("orders.order.created").len(), 8);
}

/// A text with pieces cut out, doubled or put in, for tests that no text breaks a reader.
pub(crate) fn mutated(text: &str, seeds: &[(usize, u8)]) -> String {
    let mut out = text.to_owned();
    for (seed, kind) in seeds {
        let bounds: Vec<usize> = out.char_indices().map(|(at, _)| at).chain([out.len()]).collect();
        let Some(at) = bounds.get(seed % bounds.len()).copied() else { continue };
        let end = bounds.get((seed % bounds.len()) + usize::from(kind % 7)).copied().unwrap_or(out.len());
        let odd = ["(", ")", "{", "'", "\"", "`", "${", "\n", "/", "é", "#", "\\", ",", ":", "<", "]"];
        match kind % 3 {
            0 => out.replace_range(at..end, ""),
            1 => out.insert_str(at, odd.get(usize::from(*kind) % odd.len()).unwrap_or(&"")),
            _ => {
                let piece = out.get(at..end).unwrap_or("").to_owned();
                out.insert_str(end, &piece);
            }
        }
    }
    out
}
