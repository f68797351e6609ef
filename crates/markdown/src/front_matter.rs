use trueup_text::Span;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The bytes of YAML front matter between a first line `---` and the next line `---` or `...`.
pub fn front_matter_span(text: &str) -> Option<Span> {
    split_front_matter(text).0
}

/// Front matter, and where the Markdown after it (and after a byte-order mark) begins.
pub(crate) fn split_front_matter(text: &str) -> (Option<Span>, usize) {
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let body = &text[mark..];
    let Some(first) = body.split_inclusive('\n').next() else { return (None, mark) };
    if first.trim_end() != "---" || !first.ends_with('\n') {
        return (None, mark);
    }
    let start = mark + first.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == "---" || bare == "..." {
            return (Some(Span::new(start, at)), at + line.len());
        }
        // A rule, a blank line and prose are a document that begins with a rule, not front matter.
        if at == start && bare.is_empty() {
            return (None, mark);
        }
        at += line.len();
    }
    (None, mark)
}
