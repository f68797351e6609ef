/// A path from the repository's root as a relative URI reference: all but letters, digits, `-`,
/// `.`, `_`, `~` and `/` percent-encoded, as RFC 3986 allows anywhere in a path.
pub(super) fn relative_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_uri_may_not_hold_is_encoded() {
        assert_eq!(relative_uri("docs/specs/a-b_1.md"), "docs/specs/a-b_1.md");
        assert_eq!(relative_uri("docs/nowy plik#1 (ż).md"), "docs/nowy%20plik%231%20%28%C5%BC%29.md");
        // Without the encoding the part before the colon would be read as a scheme.
        assert_eq!(relative_uri("c:d?.md"), "c%3Ad%3F.md");
    }
}
