use crate::head::Head;
use crate::id::SpecId;
use crate::paths::{PathIndex, base_name};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// All Markdown files of the tree by their heads, and what can be looked up in them.
#[derive(Debug, Default)]
pub struct Corpus {
    heads: Vec<Head>,
    by_path: FxHashMap<String, usize>,
    /// Specs by the key of their ID, in path order.
    specs_by_id: FxHashMap<String, Vec<usize>>,
    /// Keys of every ID that any file name or title carries.
    known: FxHashSet<String>,
    /// Prefixes of the specs' IDs.
    prefixes: FxHashSet<String>,
    /// Files by the hashes of the first words of their headings, in order; made when it is first asked for.
    by_heading: OnceLock<Vec<(u64, u32)>>,
}

impl Corpus {
    /// An index over all heads; `is_spec` tells which of them are specs.
    pub fn new(heads: Vec<Head>, paths: &PathIndex, is_spec: impl Fn(&str) -> bool) -> Corpus {
        let mut corpus = Corpus::default();
        for (index, head) in heads.iter().enumerate() {
            corpus.by_path.insert(head.path.to_string(), index);
            // An analysis of a spec whose file has another name by now still tells that the ID is known.
            corpus.known.extend(head.file_id.iter().chain(&head.title_ids).map(|id| id.key.clone()));
            if !is_spec(&head.path) {
                continue;
            }
            if let Some(id) = &head.file_id {
                corpus.prefixes.insert(id.prefix.clone());
                corpus.specs_by_id.entry(id.key.clone()).or_default().push(index);
            }
        }
        for path in paths.files().filter(|p| p.ends_with(".md")) {
            if let Some(id) = SpecId::of_file_name(base_name(path)) {
                corpus.known.insert(id.key);
            }
        }
        corpus.heads = heads;
        corpus
    }

    /// A file by its path from the root.
    pub fn head(&self, path: &str) -> Option<&Head> {
        self.by_path.get(path).map(|i| &self.heads[*i])
    }

    /// A file's place in [`Corpus::heads`].
    pub fn position(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// All files.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The specs whose file name carries an ID.
    pub fn specs_with_id(&self, id: &SpecId) -> impl Iterator<Item = &Head> {
        self.specs_by_id.get(&id.key).into_iter().flatten().map(|i| &self.heads[*i])
    }

    /// Whether a file name or a title anywhere carries an ID, or one that it is a part of
    /// (`SPEC-045` is known through `SPEC-045a`).
    pub fn knows(&self, id: &SpecId) -> bool {
        if self.known.contains(&id.key) {
            return true;
        }
        let is_series = id.key.ends_with(|c: char| c.is_ascii_digit());
        is_series
            && self.known.iter().any(|k| {
                k.strip_prefix(&id.key).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
            })
    }

    /// Whether specs carry IDs of this prefix.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.prefixes.contains(prefix)
    }

    /// The ID that a spec has and that looks most like one that nobody has.
    pub fn nearest<'a>(&'a self, id: &SpecId) -> Option<&'a SpecId> {
        let digits = |key: &str| key.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
        let wanted = digits(&id.key);
        self.heads
            .iter()
            .filter_map(|h| h.file_id.as_ref())
            .find(|other| other.key != id.key && digits(&other.key) == wanted)
    }
}

impl Corpus {
    /// The files with a heading that begins with a name, whatever its case, hyphens and ending (`OrderReturn`,
    /// ``Entity: `order_returns` (new)``). Other headings are looked up in the same index.
    pub fn with_heading(&self, name: &str) -> impl Iterator<Item = &Head> {
        let index = self.by_heading.get_or_init(|| by_heading(&self.heads));
        let wanted = heading_key(name);
        let hash = hash_of(&wanted);
        let from = index.partition_point(|(other, _)| *other < hash);
        let same = index.iter().skip(from).take_while(move |(other, _)| *other == hash);
        let heads = same.filter_map(|(_, at)| self.heads.get(*at as usize));
        heads.filter(move |head| begins_a_heading(head, &wanted))
    }

    /// Gives the heads back, to build another index over them.
    pub fn into_heads(self) -> Vec<Head> {
        self.heads
    }
}

fn by_heading(heads: &[Head]) -> Vec<(u64, u32)> {
    let mut index = Vec::new();
    for (at, head) in (0..).zip(heads) {
        for title in head.titles().iter().filter(|title| title.level > 1) {
            for_each_heading_key(&title.normal.full, |key| index.push((hash_of(key), at)));
        }
    }
    index.sort_unstable();
    index.dedup();
    index
}

fn begins_a_heading(head: &Head, wanted: &str) -> bool {
    head.titles().iter().filter(|title| title.level > 1).any(|title| {
        let mut found = false;
        for_each_heading_key(&title.normal.full, |key| found |= key == wanted);
        found
    })
}

fn hash_of(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// What a heading can be looked up by: its first words, one to four of them, without what says what it is.
fn for_each_heading_key(title: &str, mut visit: impl FnMut(&str)) {
    const SAYS_WHAT: &[&str] = &["entity", "table", "model", "new", "core", "the"];
    let words = title.split(' ').filter(|word| !word.is_empty()).skip_while(|word| SAYS_WHAT.contains(word));
    let mut folded = String::new();
    for word in words.take(4) {
        fold_into(word, &mut folded);
        let key = without_plural(&folded);
        if key.len() >= 3 {
            visit(key);
        }
    }
}

/// A name without case, marks and the ending of its plural.
fn heading_key(name: &str) -> String {
    let mut folded = String::new();
    fold_into(name, &mut folded);
    without_plural(&folded).to_owned()
}

fn fold_into(name: &str, out: &mut String) {
    // The words of a title are nearly always so already.
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return out.push_str(name);
    }
    for c in name.chars().filter(|c| c.is_alphanumeric()) {
        match c.is_ascii() {
            true => out.push(c.to_ascii_lowercase()),
            false => out.extend(c.to_lowercase()),
        }
    }
}

fn without_plural(folded: &str) -> &str {
    match folded.strip_suffix('s') {
        Some(single) if !single.ends_with('s') => single,
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_by_the_names_in_front_of_them() {
        let head = |path: &str, text: &str| Head::scan(path.into(), text.into());
        let heads = vec![
            head("a.md", "# OrderReturn\n## Data\n### Entity: OrderReturn (NEW)\n### `order_lines`\n"),
            head("b.md", "# B\n### 4.1 Order Returns (`order_returns`)\n```\n### OrderLine\n```\n"),
        ];
        let corpus = Corpus::new(heads, &PathIndex::default(), |_| true);
        let found =
            |name: &str| corpus.with_heading(name).map(|h| h.path.to_string()).collect::<Vec<_>>().join(" ");
        for (name, files) in [
            ("OrderReturn", "a.md b.md"),
            ("order_return", "a.md b.md"),
            ("OrderLine", "a.md"),
            ("Order", "a.md b.md"),
            ("Line", ""),
        ] {
            assert_eq!(found(name), files, "{name}");
        }
    }
}
