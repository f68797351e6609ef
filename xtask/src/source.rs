//! Rust sources, as far as the house rules need them.

/// A source with the insides of comments, texts and characters blanked, and cut off where its tests begin.
/// Lines keep their numbers.
pub fn code_only(source: &str) -> String {
    let blanked = blank(source);
    match blanked.find("#[cfg(test)]") {
        Some(tests) => blanked[..tests].to_owned(),
        None => blanked,
    }
}

fn blank(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = at
            + match rest {
                [b'/', b'/', ..] => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => find(&rest[2..], b"*/").map_or(rest.len(), |i| i + 4),
                [b'r', b'"' | b'#', ..] if !in_word(bytes, at) => match raw_text(rest) {
                    Some(length) => length,
                    None => {
                        at += 1;
                        continue;
                    }
                },
                [b'"', ..] => text(rest),
                [b'\'', b'\\', ..] => {
                    rest[3..].iter().position(|b| *b == b'\'').map_or(rest.len(), |i| i + 4)
                }
                [b'\'', ..] => match char_literal(&source[at..]) {
                    Some(length) => length,
                    None => {
                        at += 1;
                        continue;
                    }
                },
                _ => {
                    at += 1;
                    continue;
                }
            };
        let end = end.min(bytes.len());
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    // Whole texts and comments were blanked, so no character was cut.
    String::from_utf8(out).unwrap_or_default()
}

fn in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|w| w == wanted)
}

/// The length of `r"…"` or `r#"…"#`.
fn raw_text(rest: &[u8]) -> Option<usize> {
    let marks = rest[1..].iter().take_while(|b| **b == b'#').count();
    if rest.get(1 + marks) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(1 + marks, b'#');
    let start = 2 + marks;
    Some(find(&rest[start..], &close).map_or(rest.len(), |i| start + i + close.len()))
}

/// The length of `"…"`.
fn text(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of `'x'`; none for a lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    chars.next()?;
    match chars.next() {
        Some((at, '\'')) => Some(at + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn only_code_is_left() {
        let source = "let a = \"x // y \\\" z\"; // note\nlet b = r#\"q\"q\"#; let c = '\"'; let d: &'static str = 'é'.x;\n#[cfg(test)]\nmod t";
        let code = code_only(source);
        assert!(
            !code.contains('y')
                && !code.contains("note")
                && !code.contains('q')
                && !code.contains('é')
                && !code.contains("mod t")
        );
        assert!(code.contains("let b") && code.contains("&'static str"), "{code}");
        assert_eq!(code.lines().count(), 2);
    }
}
