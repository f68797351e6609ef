use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// The paths of a repository: from its root, with `/`, without a leading `./`.
#[derive(Clone, Debug, Default)]
pub struct PathIndex {
    files: FxHashSet<Box<str>>,
    folders: FxHashSet<Box<str>>,
    /// Symbolic links: where they stand and where they lead, both from the root.
    links: FxHashMap<Box<str>, Box<str>>,
    by_name: FxHashMap<Box<str>, Vec<Box<str>>>,
    folder_names: FxHashSet<Box<str>>,
    /// The files in order, put so when somebody asks.
    sorted: OnceLock<Vec<Box<str>>>,
    /// The places in `sorted` by the hash of each file's stem, in order; made when somebody asks.
    by_stem: OnceLock<Vec<(u64, u32)>>,
}

impl PathIndex {
    /// An index over files; every folder above them is known, too.
    pub fn new<I: IntoIterator<Item = S>, S: Into<Box<str>>>(files: I) -> PathIndex {
        let mut index = PathIndex::default();
        for file in files {
            index.insert(file.into());
        }
        index
    }

    /// Adds a file.
    pub fn insert(&mut self, path: Box<str>) {
        self.insert_parents(&path);
        self.sorted.take();
        self.by_stem.take();
        let name: Box<str> = base_name(&path).into();
        if self.files.insert(path.clone()) {
            self.by_name.entry(name).or_default().push(path);
        }
    }

    /// Adds an (empty) folder.
    pub fn insert_folder(&mut self, path: &str) {
        self.insert_parents(path);
        self.folders.insert(path.into());
        self.folder_names.insert(base_name(path).into());
    }

    /// Adds a symbolic link; `target` is from the root.
    pub fn insert_link(&mut self, path: &str, target: &str) {
        self.links.insert(path.into(), target.into());
        self.insert(path.into());
    }

    fn insert_parents(&mut self, path: &str) {
        let mut rest = path;
        while let Some(slash) = rest.rfind('/') {
            rest = &rest[..slash];
            if !self.folders.insert(rest.into()) {
                break;
            }
            self.folder_names.insert(base_name(rest).into());
        }
    }

    /// Whether a file or a folder is there. The empty path is the root.
    pub fn contains(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty() || self.files.contains(path) || self.folders.contains(path) || self.through_link(path)
    }

    /// Whether a folder is there.
    pub fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path.trim_end_matches('/'))
    }

    /// Whether a folder of this name is there, wherever it stands.
    pub fn is_folder_name(&self, name: &str) -> bool {
        self.folder_names.contains(name)
    }

    fn through_link(&self, path: &str) -> bool {
        if self.links.is_empty() {
            return false;
        }
        let mut path = path.to_owned();
        // A chain of links longer than this is a loop.
        for _ in 0..8 {
            let Some((link, target)) = self.link_prefix(&path) else { return false };
            let rest = path[link.len()..].trim_start_matches('/');
            path = if target.is_empty() || rest.is_empty() {
                format!("{target}{rest}")
            } else {
                format!("{target}/{rest}")
            };
            if self.files.contains(path.as_str()) || self.folders.contains(path.as_str()) {
                return true;
            }
        }
        false
    }

    fn link_prefix<'p>(&self, path: &'p str) -> Option<(&'p str, &str)> {
        let cuts = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at);
        cuts.chain([path.len()]).find_map(|at| {
            let prefix = &path[..at];
            self.links.get(prefix).map(|target| (prefix, &**target))
        })
    }

    /// The files of a base name.
    pub fn with_name(&self, name: &str) -> &[Box<str>] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// All files, in no order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|f| &**f)
    }

    /// All files, in the order of their paths.
    pub fn sorted(&self) -> &[Box<str>] {
        self.sorted.get_or_init(|| {
            let mut all: Vec<Box<str>> = self.files.iter().cloned().collect();
            all.sort_unstable();
            all
        })
    }

    /// The files whose names are the same but for their last ending, in the order of their paths.
    pub fn with_stem<'a>(&'a self, stem: &str) -> impl Iterator<Item = &'a str> {
        let files = self.sorted();
        let by_stem = self.by_stem.get_or_init(|| by_stem(files));
        let wanted = hash_of(stem);
        let from = by_stem.partition_point(|(hash, _)| *hash < wanted);
        let same = by_stem.iter().skip(from).take_while(move |(hash, _)| *hash == wanted);
        let named = same.filter_map(|(_, at)| files.get(*at as usize)).map(|file| &**file);
        named.filter(move |file| stem_of(base_name(file)) == stem)
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

fn by_stem(files: &[Box<str>]) -> Vec<(u64, u32)> {
    let mut out: Vec<(u64, u32)> =
        (0..).zip(files).map(|(at, file)| (hash_of(stem_of(base_name(file))), at)).collect();
    out.sort_unstable();
    out
}

fn hash_of(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

/// A name without its last ending, and without the dot in front of a hidden file.
pub fn stem_of(name: &str) -> &str {
    match last_byte(name, b'.') {
        Some(dot) if dot > 0 => &name[..dot],
        _ => name,
    }
}

/// Whether a name that a text writes of a file means the file of this path: as a whole, or by its last parts.
pub fn means_path(name: &str, path: &str) -> bool {
    path == name || path.strip_suffix(name).is_some_and(|front| front.ends_with('/'))
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    last_byte(path, b'/').map_or(path, |slash| &path[slash + 1..])
}

/// The folder of a path; empty at the root.
pub fn folder_of(path: &str) -> &str {
    last_byte(path, b'/').map_or("", |slash| &path[..slash])
}

/// Where an ASCII character stands last. Names are short: going back byte by byte finds it soonest.
fn last_byte(text: &str, wanted: u8) -> Option<usize> {
    text.bytes().rposition(|byte| byte == wanted)
}

/// Joins a folder and a relative path and resolves `.` and `..`; none where it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What to call a spec by its file: the stem of its name, or the folder's name where it is the folder's README.
pub fn name_of_file(path: &str) -> &str {
    let name = base_name(path);
    if name.eq_ignore_ascii_case("readme.md") && !folder_of(path).is_empty() {
        return base_name(folder_of(path));
    }
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The path that leads from a folder to a target, both from the root.
pub fn relative(folder: &str, target: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    let to: Vec<&str> = target.split('/').filter(|p| !p.is_empty()).collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - shared];
    parts.extend(&to[shared..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_and_relate() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("a", "../../c.md"), None);
        assert_eq!(relative("a/b", "a/c/d.md"), "../c/d.md");
        assert_eq!(relative("", "x.md"), "x.md");
    }

    #[test]
    fn names_and_stems() {
        for (path, name, stem) in [
            ("a/b.test.ts", "b.test.ts", "b.test"),
            ("b.ts", "b.ts", "b"),
            ("a/.env", ".env", ".env"),
            ("a/", "", ""),
            ("ü/ö.md", "ö.md", "ö"),
        ] {
            assert_eq!((base_name(path), stem_of(base_name(path))), (name, stem), "{path}");
        }
        let mut index = PathIndex::new(["b/x.ts", "a/x.tsx", "a/y.ts"]);
        assert_eq!(index.with_stem("x").collect::<Vec<_>>(), ["a/x.tsx", "b/x.ts"]);
        index.insert("a/x.md".into());
        assert_eq!(index.with_stem("x").collect::<Vec<_>>(), ["a/x.md", "a/x.tsx", "b/x.ts"]);
        assert_eq!(index.with_stem("z").count(), 0);
    }

    #[test]
    fn links_resolve_and_loops_end() {
        let mut index = PathIndex::new(["real/file.md"]);
        index.insert_link("alias", "real");
        index.insert_link("loop", "loop/again");
        index.insert_link("root", "");
        index.insert("a.md".into());
        let sorted: Vec<&str> = index.sorted().iter().map(|path| &**path).collect();
        assert_eq!(sorted, ["a.md", "alias", "loop", "real/file.md", "root"]);
        assert!(index.is_folder_name("real") && !index.is_folder_name("file.md"));
        assert!(index.contains("root/real/file.md"));
        assert!(index.contains("alias/file.md"));
        assert!(!index.contains("alias/none.md"));
        assert!(!index.contains("loop/x"));
        assert!(index.contains("real/"));
    }
}
