use crate::head::Head;
use crate::id::SpecId;
use crate::paths::{PathIndex, base_name};
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// Gives the heads back, to build another index over them.
    pub fn into_heads(self) -> Vec<Head> {
        self.heads
    }
}
