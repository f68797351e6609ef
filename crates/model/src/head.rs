use crate::id::{SpecId, ids_in};
use crate::paths::{base_name, folder_of};
use std::sync::{Arc, OnceLock};
use trueup_markdown::{AnchorSet, Document, NormalTitle, front_matter_span, normalise_title};
use trueup_text::Span;

/// What is known of a Markdown file without parsing it: enough for IDs, links and discovery.
#[derive(Debug)]
pub struct Head {
    /// Path from the root.
    pub path: Arc<str>,
    /// The text; empty where the file could not be read.
    pub text: Arc<str>,
    /// The ID in the file's name, or in its folder's where the file is the folder's README.
    pub file_id: Option<SpecId>,
    /// IDs in first-level headings.
    pub title_ids: Vec<SpecId>,
    headings: Vec<Heading>,
    titles: OnceLock<Vec<HeadTitle>>,
    anchors: OnceLock<AnchorSet>,
}

/// Where a heading stands.
#[derive(Clone, Copy, Debug)]
struct Heading {
    level: u8,
    /// Its title in the text.
    title: Span,
}

/// A heading as found by a scan of lines.
#[derive(Clone, Debug)]
pub struct HeadTitle {
    /// Level, 1 to 6.
    pub level: u8,
    /// The title as it is compared.
    pub normal: NormalTitle,
}

impl Head {
    /// Scans a file's lines for headings.
    pub fn scan(path: Arc<str>, text: Arc<str>) -> Head {
        let name = base_name(&path);
        let is_readme = name.eq_ignore_ascii_case("readme.md");
        let named = if is_readme { base_name(folder_of(&path)) } else { name };
        let file_id = SpecId::of_file_name(if is_readme { named } else { name });
        let headings = atx_headings(&text);
        let title_ids = headings
            .iter()
            .filter(|heading| heading.level == 1)
            .flat_map(|heading| ids_in(heading.title.text(&text)))
            .map(|(_, id)| id)
            .collect();
        let (titles, anchors) = (OnceLock::new(), OnceLock::new());
        Head { path, text, file_id, title_ids, headings, titles, anchors }
    }

    /// Headings of all levels outside code. Brought into their comparable form when this is first asked:
    /// only discovery needs them.
    pub fn titles(&self) -> &[HeadTitle] {
        self.titles.get_or_init(|| {
            let normal = |heading: &Heading| normalise_title(heading.title.text(&self.text));
            self.headings.iter().map(|h| HeadTitle { level: h.level, normal: normal(h) }).collect()
        })
    }

    /// The names that a link's fragment can lead to; the file is parsed when this is first asked.
    pub fn anchors(&self) -> &AnchorSet {
        self.anchors.get_or_init(|| AnchorSet::of(&Document::parse(Arc::clone(&self.text))))
    }
}

/// Headings of the form `## Title` outside front matter and fenced code.
fn atx_headings(text: &str) -> Vec<Heading> {
    let start = front_matter_span(text).map_or(0, |s| s.end as usize);
    let body = text[start..].trim_start_matches('\u{feff}');
    let body_start = text.len() - body.len();
    let mut out = Vec::new();
    let mut fence: Option<&str> = None;
    for (start, end) in lines_of(body) {
        let indent = body.as_bytes().iter().skip(start).take_while(|b| **b == b' ').take(4).count();
        // Few lines begin with a sign that counts: the others are not looked at further.
        let Some(first @ (b'#' | b'`' | b'~')) = body.as_bytes().get(start + indent).copied() else {
            continue;
        };
        if indent > 3 {
            continue;
        }
        let line = body.get(start..end).unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let bytes = line.as_bytes();
        if first == b'`' || first == b'~' {
            let mark = if first == b'`' { "```" } else { "~~~" };
            let bare = &line[indent..];
            match fence {
                None if bare.starts_with(mark) => fence = Some(mark),
                Some(open) if open == mark && bare.trim_end().trim_matches(first as char).is_empty() => {
                    fence = None
                }
                _ => {}
            }
            continue;
        }
        if first != b'#' || fence.is_some() {
            continue;
        }
        let level = bytes[indent..].iter().take_while(|b| **b == b'#').count();
        let rest = &line[indent + level..];
        if level <= 6 && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
            let title = rest.trim_start();
            let from = body_start + start + indent + level + (rest.len() - title.len());
            let title = title.trim_end().trim_end_matches('#').trim_end();
            out.push(Heading { level: level as u8, title: Span::new(from, from + title.len()) });
        }
    }
    out
}

/// Where the lines of a text begin and end: every file is read this way.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    ends.map(move |end| (std::mem::replace(&mut start, end + 1), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_outside_code() {
        let text =
            "\u{feff}# SPEC-1: T\n```md\n# no\n```\n## A ##\n    ## no\n~~~\n```\n## no\n~~~\n### B\n#no\n";
        let head = Head::scan("x/SPEC-2-a.md".into(), text.into());
        let titles: Vec<&str> = head.titles().iter().map(|t| t.normal.core.as_str()).collect();
        assert_eq!(titles, ["spec 1 t", "a", "b"]);
        assert_eq!(head.title_ids[0].key, "SPEC#1");
        assert_eq!(head.file_id.as_ref().unwrap().key, "SPEC#2");
    }
}
