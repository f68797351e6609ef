use std::borrow::Cow;

/// `%20` and the like resolved; as it is where that would give no text.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(plain) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| bytes.get(at) == Some(&b'%'));
        let code = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|c| u8::from_str_radix(c, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*plain);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A path as it has to stand as the target of a link in Markdown: what would end the target is written with
/// percent signs. `had` is the target that stood there, whose manner is kept; empty for a new link.
pub fn link_encoded(path: &str, had: &str, in_angles: bool) -> String {
    let was_encoded = had.contains('%');
    let balanced = {
        let mut depth = 0i32;
        let closed_late = path.bytes().all(|b| {
            depth += i32::from(b == b'(') - i32::from(b == b')');
            depth >= 0
        });
        closed_late && depth == 0
    };
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        let plain = match c {
            '%' | '#' | '?' | '<' | '>' | '\\' => false,
            '(' | ')' => in_angles || balanced,
            ' ' => in_angles && !was_encoded,
            c if c.is_control() || c.is_whitespace() => false,
            c if !c.is_ascii() => !was_encoded,
            _ => true,
        };
        if plain {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_target_is_encoded() {
        assert_eq!(link_encoded("a b.md", "x.md", false), "a%20b.md");
        assert_eq!(link_encoded("a b.md", "x.md", true), "a b.md");
        assert_eq!(link_encoded("a b.md", "x%20y.md", true), "a%20b.md");
        assert_eq!(link_encoded("(app)/ż.ts", "x", false), "(app)/ż.ts");
        assert_eq!(link_encoded("app)/50%.ts", "x", false), "app%29/50%25.ts");
    }

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for path in ["a b.md", "ż/50%.md", "a#b?c.md", "(x.md", "%", "%zz", "%ff"] {
            assert_eq!(percent_decoded(&link_encoded(path, "", false)), path);
        }
        assert_eq!(percent_decoded("caf%C3%A9"), "café");
        assert_eq!(percent_decoded("%ff%"), "%ff%");
    }
}
