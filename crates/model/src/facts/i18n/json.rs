//! The texts of JSON objects with their paths; comments and missing ends are put up with.

use std::ops::Range;

/// A path, its text and the place of the last key.
pub(super) type Entry = (String, String, Range<usize>);

/// Deeper objects are read as if they stood at this depth.
const DEEPEST: usize = 16;

/// All strings below an object, with their paths joined by points.
pub(super) fn entries(source: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    let mut key: Option<(&str, Range<usize>)> = None;
    let mut value = false;
    let mut at = 0;
    let bytes = source.as_bytes();
    while at < bytes.len() {
        let rest = &source[at..];
        match bytes[at] {
            b'/' if rest.starts_with("//") => at += rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => at += rest.find("*/").map_or(rest.len(), |e| e + 2),
            b'"' => {
                let len = string_len(rest);
                let inner = rest.get(1..len.saturating_sub(1)).unwrap_or("");
                match key.clone().filter(|_| value) {
                    Some((name, place)) => {
                        let mut full: Vec<&str> = path.clone();
                        full.push(name);
                        out.push((full.join("."), inner.to_owned(), place));
                        key = None;
                        value = false;
                    }
                    None => key = Some((inner, at + 1..at + 1 + inner.len())),
                }
                at += len;
            }
            b':' => {
                value = key.is_some();
                at += 1;
            }
            b'{' => {
                if let Some((name, _)) = key.take().filter(|_| value && path.len() < DEEPEST) {
                    path.push(name);
                }
                value = false;
                at += 1;
            }
            b'}' => {
                path.pop();
                (key, value) = (None, false);
                at += 1;
            }
            b',' | b'\n' => {
                if bytes[at] == b',' {
                    (key, value) = (None, false);
                }
                at += 1;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    out
}

fn string_len(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            '\n' => return at,
            _ => {}
        }
    }
    rest.len()
}
