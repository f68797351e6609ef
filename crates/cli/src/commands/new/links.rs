//! The links of a template, as they have to be in a document that stands elsewhere.

use trueup_markdown::{Document, LinkForm};
use trueup_model::{PathIndex, join, relative};
use trueup_template::tokens_in;
use trueup_text::{Edit, apply_edits};

/// A template's text with its links made right, and the targets that lead nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Relinked {
    pub(super) text: String,
    /// Targets of links that became plain text.
    pub(super) dropped: Vec<String>,
}

/// Points the relative links of a template that stood in `from` at the same files from the folder `to`.
/// What leads nowhere from either place becomes plain text; targets with placeholders stay.
pub(super) fn relinked(text: &str, from: Option<&str>, to: &str, paths: &PathIndex) -> Relinked {
    let document = Document::parse(text);
    let mut edits = Vec::new();
    let mut dropped = Vec::new();
    for link in document.links().iter().filter(|link| link.form == LinkForm::Inline) {
        let (file, fragment) =
            link.target.split_at(link.target.find(['#', '?']).unwrap_or(link.target.len()));
        let open = !tokens_in(file).is_empty() || file.contains("...") || file.contains('…');
        if file.is_empty() || open || file.contains(':') || file.starts_with(['/', '~']) {
            continue;
        }
        let reaches = |folder: &str| join(folder, file).filter(|path| paths.contains(path));
        if let Some(path) = from.and_then(reaches) {
            let target = format!("{}{fragment}", relative(to, &path));
            if let Some(span) = link.target_span.filter(|_| join(to, file).as_deref() != Some(&path)) {
                edits.push(Edit::replace(span, target));
            }
        } else if reaches(to).is_none() {
            let shown = document.content_span(link.node).text(text);
            edits.push(Edit::replace(document.span(link.node), shown));
            dropped.push(link.target.clone());
        }
    }
    dropped.dedup();
    match apply_edits(text, &edits) {
        Ok(text) => Relinked { text, dropped },
        // A link inside another one's text: both stay.
        Err(_) => Relinked { text: text.to_owned(), dropped: Vec::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_same_files_or_become_text() {
        let paths = PathIndex::new(["docs/policy/a.md", "docs/specs/b.md", "templates/c.md"]);
        let text = "[A](../docs/policy/a.md#x) [B](./b.md) [C](c.md) [D](../gone.md) [E](https://x.y) [F](<path>/x.md) [G](#h)";
        let out = relinked(text, Some("templates"), "docs/specs", &paths);
        assert_eq!(
            out.text,
            "[A](../policy/a.md#x) [B](./b.md) [C](../../templates/c.md) D [E](https://x.y) [F](<path>/x.md) [G](#h)"
        );
        assert_eq!(out.dropped, ["../gone.md"]);
        assert_eq!(relinked("[B](./b.md)", None, "docs/specs", &paths).text, "[B](./b.md)");
    }
}
