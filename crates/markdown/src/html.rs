use crate::tree::{Document, Kind, NodeId};
use trueup_text::Span;

/// An HTML comment.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// The node that holds it.
    pub node: NodeId,
    /// From `<!--` to `-->`, or to the end of the block where it is not closed.
    pub span: Span,
    /// Between the marks.
    pub inner: Span,
    /// Whether `-->` was there.
    pub closed: bool,
}

impl Document {
    /// All HTML comments in document order; not those in code.
    pub fn comments(&self) -> Vec<Comment> {
        let mut out = Vec::new();
        for id in self.descendants(self.root()) {
            if matches!(self.kind(id), Kind::Html | Kind::InlineHtml) {
                self.comments_of(id, &mut out);
            }
        }
        out
    }

    fn comments_of(&self, node: NodeId, out: &mut Vec<Comment>) {
        let span = self.span(node);
        let source = span.text(self.text());
        let mut from = 0;
        while let Some(found) = source[from..].find("<!--") {
            let start = from + found;
            let inner = start + 4;
            let base = span.start as usize;
            match source[inner..].find("-->") {
                Some(length) => {
                    let end = inner + length;
                    out.push(Comment {
                        node,
                        span: Span::new(base + start, base + end + 3),
                        inner: Span::new(base + inner, base + end),
                        closed: true,
                    });
                    from = end + 3;
                }
                None => {
                    out.push(Comment {
                        node,
                        span: Span::new(base + start, span.end as usize),
                        inner: Span::new(base + inner, span.end as usize),
                        closed: false,
                    });
                    return;
                }
            }
        }
    }

    /// Whether a node holds nothing but HTML comments and white space.
    pub fn is_comment_only(&self, node: NodeId) -> bool {
        if !matches!(self.kind(node), Kind::Html | Kind::InlineHtml) {
            return false;
        }
        let span = self.span(node);
        let mut comments = Vec::new();
        self.comments_of(node, &mut comments);
        let mut at = span.start as usize;
        for comment in &comments {
            if !self.text()[at..comment.span.start as usize].trim().is_empty() {
                return false;
            }
            at = comment.span.end as usize;
        }
        !comments.is_empty() && self.text()[at..span.end as usize].trim().is_empty()
    }
}

/// The longest ID that is read, in bytes.
const MAX_ID: usize = 256;

/// The values of `id` and `name` attributes in a file's HTML: they are anchors, too.
pub fn html_ids(document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    for id in document.descendants(document.root()) {
        if !matches!(document.kind(id), Kind::Html | Kind::InlineHtml) {
            continue;
        }
        let source = document.source(id);
        for key in ["id=", "name="] {
            let mut rest = source;
            while let Some(found) = rest.find(key) {
                let value = &rest[found + key.len()..];
                // An ID is short; a quote that never closes must not be looked for again and again.
                let closing =
                    |mark: &[u8]| value.bytes().take(MAX_ID).skip(1).position(|b| mark.contains(&b));
                let end = match value.bytes().next() {
                    Some(quote @ (b'"' | b'\'')) => closing(&[quote]).map(|end| (1, end + 1)),
                    Some(_) => Some((0, closing(b" >/").map_or(value.len().min(1), |end| end + 1))),
                    None => None,
                };
                if let Some((start, end)) = end {
                    out.extend(value.get(start..end).map(str::to_owned));
                }
                rest = value;
            }
        }
    }
    out
}
