//! `<!-- trueup-allow RULE: reason -->`

use trueup_markdown::{Document, Kind, NodeId};
use trueup_text::Span;

/// A suppression as it stands in a file.
#[derive(Clone, Debug)]
pub(crate) struct Suppression {
    /// The comment.
    pub span: Span,
    /// The rules that it names.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// What it covers: the block below it; the whole section where that is a heading.
    pub covers: Span,
}

/// All suppressions of a file.
pub(crate) fn suppressions(document: &Document) -> Vec<Suppression> {
    if !document.text().contains("trueup-allow") {
        return Vec::new();
    }
    let mut out = Vec::new();
    for comment in document.comments() {
        let inner = comment.inner.text(document.text()).trim();
        let Some(rest) = inner.strip_prefix("trueup-allow") else { continue };
        let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let rules =
            names.split([',', ' ']).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        let covers = covered(document, comment.node, comment.span);
        out.push(Suppression { span: comment.span, rules, reason: reason.trim().to_owned(), covers });
    }
    out
}

fn covered(document: &Document, node: NodeId, comment: Span) -> Span {
    if document.kind(node) == Kind::InlineHtml {
        return whole_leaf(document, node);
    }
    // A comment directly above text belongs to the same HTML block: it covers that text.
    let own = document.span(node);
    let rest = own.end.saturating_sub(comment.end);
    if rest > 0 && !own.text(document.text())[own.len() - rest as usize..].trim().is_empty() {
        return own;
    }
    let mut next = NodeId(document.node(node).end);
    // Comments may stand above each other.
    while (next.0 as usize) < document.len() && document.is_comment_only(next) {
        next = NodeId(document.node(next).end);
    }
    if next.0 as usize >= document.len() {
        return Span::at(own.end as usize);
    }
    match document.sections().iter().find(|s| s.heading == next) {
        Some(section) => section.span,
        None => document.span(next),
    }
}

fn whole_leaf(document: &Document, node: NodeId) -> Span {
    let leaf = document.ancestors(node).find(|a| !document.kind(*a).is_inline());
    match leaf {
        // A cell's comment covers its row.
        Some(leaf) if document.kind(leaf) == Kind::Cell => {
            document.parent(leaf).map_or(document.span(leaf), |row| document.span(row))
        }
        Some(leaf) => document.span(leaf),
        None => document.span(node),
    }
}
