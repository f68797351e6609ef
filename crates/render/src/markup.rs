//! Text in pages and drawings.

/// Text as HTML and XML hold it, in an element or in a value in quotes. Line breaks stay; characters that turn the
/// direction of writing or cannot be seen are dropped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !c.is_whitespace() => {}
            // White space for Unicode, and no characters of XML 1.0.
            '\u{b}' | '\u{c}' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(escaped("<b a=\"1\" c='2'>&\n"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\n");
        assert_eq!(escaped("a\u{202e}\u{0}b\u{c}\u{ffff}"), "ab \u{fffd}");
    }
}
