//! Text literals that look like names, found by a fast look at the bytes, in all languages alike.

use crate::SourceFile;
use trueup_codebase::CodePlace;

/// A shorter literal is no name, a longer one is prose or data.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=100;

/// Endings of file names. A literal that ends so is a file, not a name.
const ENDINGS: [&str; 40] = [
    "bash", "cjs", "conf", "css", "csv", "env", "gif", "go", "gz", "htm", "html", "ico", "jpeg", "jpg", "js",
    "json", "jsx", "less", "lock", "log", "map", "md", "mjs", "mp4", "pdf", "png", "py", "rb", "rs", "scss",
    "sh", "sql", "svg", "toml", "ts", "tsx", "txt", "xml", "yaml", "yml",
];

/// Adds the names of a file. A literal is taken from one quote to the next of its kind with nothing
/// but the characters of a name between, so that an apostrophe in prose hides nothing.
pub(crate) fn read(file: &SourceFile<'_>, out: &mut Vec<(Box<str>, CodePlace)>) {
    let bytes = file.text.as_bytes();
    let mut from = 0;
    while let Some(open) = bytes.get(from..).and_then(|rest| memchr::memchr3(b'"', b'\'', b'`', rest)) {
        let start = from + open + 1;
        let quote = bytes.get(start - 1).copied();
        let length = bytes
            .get(start..)
            .map_or(0, |rest| rest.iter().take(LENGTHS.end() + 1).take_while(|byte| of_name(**byte)).count());
        let end = start + length;
        from = start;
        if bytes.get(end).copied() != quote {
            continue;
        }
        from = end + 1;
        let Some(word) = file.text.get(start..end) else { continue };
        if is_name(word) && !is_import(file.text.get(..start - 1).unwrap_or("")) {
            out.push((word.into(), file.place(start..end)));
        }
    }
}

/// Characters of names: those of events, keys, flags, paths and variables.
fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/' | b'*' | b'{' | b'}' | b'@' | b'$' | b'#')
}

/// Whether a literal looks like a name.
fn is_name(word: &str) -> bool {
    let all_capitals = || {
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        letters > 1 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    LENGTHS.contains(&word.len())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && (word.contains(['.', '-', '_', ':', '/']) || all_capitals())
        && !word.contains("://")
        && !word.starts_with(['.', '@'])
        && !is_file(word)
}

fn is_file(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.binary_search(&ending).is_ok())
}

/// Whether what stands before a literal makes it the name of a module.
fn is_import(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '(', '\t']);
    ["from", "require", "import", "require_relative"].iter().any(|word| {
        before
            .strip_suffix(word)
            .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let file = SourceFile::new("a.ts".into(), text);
        let mut out = Vec::new();
        read(&file, &mut out);
        let found: Vec<&str> = out.iter().map(|(word, _)| word.as_ref()).collect();
        assert_eq!(found, expected, "{text}");
        for (word, place) in &out {
            assert_eq!(place.span.text(text), word.as_ref());
        }
    }

    #[test]
    fn endings_are_sorted() {
        assert!(ENDINGS.is_sorted());
    }

    #[test]
    fn what_looks_like_a_name() {
        check("emit('orders.order.created')", &["orders.order.created"]);
        check(
            "x(\"new-checkout\", `ORDER_LIMIT`, 'HTTP', 'word', 'two words')",
            &["new-checkout", "ORDER_LIMIT", "HTTP"],
        );
        check("// don't miss it\nf('a.b')", &["a.b"]);
        check("'it' + 'isn't \"a.b\" x", &["a.b"]);
        check("import x from './a.b'; require('lib/x'); import('x/y'); y.from('a.b')", &["a.b"]);
        check("['https://a.b/c', 'img/a.png', 'x.ts', '../up', '@scope/x', '/api/orders']", &["/api/orders"]);
        check("'1.2.3' '12' ''", &[]);
        check("'żółw.x' 'a.b", &[]);
    }
}
