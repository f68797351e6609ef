use crate::html::html_ids;
use crate::tree::Document;
use rustc_hash::{FxHashMap, FxHashSet};

/// The names that a link's `#fragment` can lead to in one file.
#[derive(Clone, Debug, Default)]
pub struct AnchorSet {
    names: FxHashSet<String>,
}

impl AnchorSet {
    /// The anchors of a file: its headings as GitHub names them, and `id`/`name` attributes in HTML.
    pub fn of(document: &Document) -> AnchorSet {
        let mut names = FxHashSet::default();
        let mut seen: FxHashMap<String, u32> = FxHashMap::default();
        for id in document.descendants(document.root()) {
            if matches!(document.kind(id), crate::Kind::Heading(_)) {
                let base = slug(&document.plain(id));
                let count = seen.entry(base.clone()).or_insert(0);
                names.insert(if *count == 0 { base } else { format!("{base}-{count}") });
                *count += 1;
            }
        }
        for name in html_ids(document) {
            names.insert(name);
        }
        AnchorSet { names }
    }

    /// Whether a fragment leads somewhere. GitHub compares without case.
    pub fn contains(&self, fragment: &str) -> bool {
        self.names.contains(fragment) || self.names.contains(&fragment.to_lowercase())
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// The anchor that GitHub gives a heading: lower case, punctuation dropped, spaces as hyphens.
pub fn slug(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.trim().chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' => out.push(c),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            // Marks that combine with the letter before them stay; GitHub keeps them.
            '\u{300}'..='\u{36f}' | '\u{fe0f}' => out.push(c),
            _ => {}
        }
    }
    out
}
