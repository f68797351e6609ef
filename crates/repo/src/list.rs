//! A list of paths that stands in for a work tree.

use trueup_model::{PathIndex, join};

/// Reads a list of paths, as `git ls-files`, `git ls-files -z`, `git ls-tree -r --name-only` and
/// `find . -type f` write it.
///
/// One path a line, or separated by NUL where the text holds a NUL. A leading `./`, a `\r` at the end
/// and blank lines are passed over; a slash at the end makes a folder; paths that git has put in
/// quotes are decoded. A path that leads out of the root is left out.
pub fn tree_from_list(text: &str) -> PathIndex {
    let mut index = PathIndex::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') {
        text.split('\0').for_each(|path| add(&mut index, path.trim_start_matches(['\r', '\n'])));
        return index;
    }
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match unquoted(line) {
            Some(path) => add(&mut index, &path),
            None => add(&mut index, line),
        }
    }
    index
}

fn add(index: &mut PathIndex, path: &str) {
    if path.trim().is_empty() {
        return;
    }
    let Some(clean) = join("", path).filter(|clean| !clean.is_empty()) else { return };
    if path.ends_with('/') {
        index.insert_folder(&clean);
    } else {
        index.insert(clean.into());
    }
}

/// A path in git's quotes, decoded; none where the line is not of that form and to be taken as it is.
/// Git quotes as C does: the byte of a character that is not printable ASCII as three octal digits.
fn unquoted(line: &str) -> Option<String> {
    let inner = line.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'\\' => {
                let (byte, after) = escape(rest)?;
                bytes.push(byte);
                rest = after;
            }
            b'"' => return None,
            byte => bytes.push(*byte),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The byte that an escape stands for, and what comes after it.
fn escape(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (first, after) = rest.split_first()?;
    let byte = match first {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        b'"' | b'\\' => *first,
        b'0'..=b'3' => {
            let digits = std::str::from_utf8(rest.get(..3)?).ok()?;
            return Some((u8::from_str_radix(digits, 8).ok()?, &rest[3..]));
        }
        _ => return None,
    };
    Some((byte, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_git_quotes_and_nothing_else() {
        assert_eq!(unquoted(r#""\303\205.md""#).as_deref(), Some("Å.md"));
        assert_eq!(unquoted(r#""a\tb\"c\\d""#).as_deref(), Some("a\tb\"c\\d"));
        for plain in ["plain.md", r#""open"#, r#"""#, r#""bad\q""#, r#""\30""#, r#""\""#, r#""\3+1""#] {
            assert_eq!(unquoted(plain), None, "{plain}");
        }
    }
}
