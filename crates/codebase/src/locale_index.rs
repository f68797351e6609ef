use crate::names;
use crate::{LocaleFile, LocaleKey};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The keys of the main language, to be looked up. Built when the first key is looked for, and parts of it
/// only when the first is not found: a repository may hold tens of thousands.
#[derive(Clone, Debug, Default)]
pub struct LocaleIndex {
    built: OnceLock<Built>,
}

#[derive(Clone, Debug, Default)]
struct Built {
    main: String,
    by_key: FxHashMap<Box<str>, Slot>,
    near: OnceLock<Near>,
    /// The keys of the other languages by the hash of each of their names, in order.
    others: OnceLock<Vec<(u64, Slot)>>,
}

/// A file and a key in it.
type Slot = (usize, usize);

/// Keys by what one may have in mind who writes another. Keys are named by their place in `sorted`: there may
/// be tens of thousands, and each is kept once.
#[derive(Clone, Debug, Default)]
struct Near {
    sorted: Vec<Box<str>>,
    /// By the hash of what is left of a key without case and separators, those of one hash in order.
    folded: Vec<(u64, u32)>,
    /// By the hash of their last part, those of one hash in order.
    by_last: Vec<(u64, u32)>,
}

impl LocaleIndex {
    fn built(&self, files: &[LocaleFile]) -> &Built {
        self.built.get_or_init(|| Built::new(files))
    }

    fn near(&self, files: &[LocaleFile]) -> &Near {
        let built = self.built(files);
        built.near.get_or_init(|| Near::new(&built.by_key))
    }

    /// The main language as most of its keys are tagged: English where there is some, else the one with the
    /// most keys; empty without files.
    pub fn main(&self, files: &[LocaleFile]) -> &str {
        &self.built(files).main
    }

    /// A key of the main language, by its whole name or as it stands in its file.
    pub fn get<'a>(&self, files: &'a [LocaleFile], key: &str) -> Option<(&'a LocaleFile, &'a LocaleKey)> {
        let (file, at) = self.built(files).by_key.get(key)?;
        let file = files.get(*file)?;
        Some((file, file.keys.get(*at)?))
    }

    /// A key that is the same without case and separators.
    pub fn folded(&self, files: &[LocaleFile], folded: &str) -> Option<&str> {
        let near = self.near(files);
        let mut keys = of_hash(&near.folded, hash_of(&[folded])).filter_map(|at| near.key(*at));
        keys.find(|key| names::folded(key).eq(folded.chars()))
    }

    /// Keys with the same last part.
    pub fn with_last<'a>(&'a self, files: &[LocaleFile], key: &'a str) -> impl Iterator<Item = &'a str> {
        let near = self.near(files);
        let wanted = last(key);
        let keys = of_hash(&near.by_last, hash_of(&[wanted])).filter_map(|at| near.key(*at));
        keys.filter(move |key| last(key) == wanted)
    }

    /// Keys below the same parent.
    pub fn with_parent<'a>(&'a self, files: &[LocaleFile], key: &'a str) -> impl Iterator<Item = &'a str> {
        let parent_of_key = parent(key);
        // They stand together but for those that are deeper.
        let stem = key.get(..parent_of_key.len() + usize::from(!parent_of_key.is_empty())).unwrap_or("");
        self.below(files, stem).filter(move |other| parent(other) == parent_of_key)
    }

    /// A key of another language than the main one, by its whole name or as it stands in its file: the first
    /// in the order of the files.
    pub fn in_others<'a>(
        &self,
        files: &'a [LocaleFile],
        key: &str,
    ) -> Option<(&'a LocaleFile, &'a LocaleKey)> {
        let built = self.built(files);
        let others = built.others.get_or_init(|| others(files, &built.main));
        let same = of_hash(others, hash_of(&[key]));
        same.filter_map(|(file, at)| {
            let file = files.get(*file)?;
            let found = file.keys.get(*at)?;
            file.is_called(found, key).then_some((file, found))
        })
        .next()
    }

    /// The files of other languages than the main one that have a key as it stands there.
    pub fn others_with<'a>(
        &self,
        files: &'a [LocaleFile],
        key: &'a str,
    ) -> impl Iterator<Item = &'a LocaleFile> {
        let built = self.built(files);
        let others = built.others.get_or_init(|| others(files, &built.main));
        of_hash(others, hash_of(&[key])).filter_map(move |(file, at)| {
            let file = files.get(*file)?;
            (file.keys.get(*at)?.key == key).then_some(file)
        })
    }

    /// Keys that begin so, in order.
    pub fn below<'a>(&'a self, files: &[LocaleFile], stem: &'a str) -> impl Iterator<Item = &'a str> {
        let sorted = &self.near(files).sorted;
        let from = sorted.partition_point(|key| key.as_ref() < stem);
        let found = sorted.get(from..).unwrap_or(&[]).iter();
        found.map(AsRef::as_ref).take_while(move |key: &&str| key.starts_with(stem))
    }
}

impl Built {
    fn new(files: &[LocaleFile]) -> Built {
        let main = main_locale(files).to_owned();
        let mut built = Built { main, ..Built::default() };
        // `en-US` adds to `en`; of two places the one in the main files counts.
        let own = |file: &LocaleFile| language(&file.locale) == language(&built.main);
        let mut of_language: Vec<usize> =
            (0..files.len()).filter(|at| files.get(*at).is_some_and(own)).collect();
        let keys = of_language.iter().filter_map(|at| files.get(*at)).map(names_in).sum();
        built.by_key.reserve(keys);
        of_language.sort_by_key(|at| files.get(*at).is_some_and(|file| file.locale != built.main));
        for (at, file) in of_language.into_iter().filter_map(|at| Some((at, files.get(at)?))) {
            for (number, key) in file.keys.iter().enumerate() {
                for name in file.names_of(key) {
                    built.by_key.entry(name.into_boxed_str()).or_insert((at, number));
                }
            }
        }
        built
    }
}

/// Number of names that the keys of a file have.
fn names_in(file: &LocaleFile) -> usize {
    file.keys.len() * if file.namespace.is_empty() { 1 } else { 2 }
}

impl Near {
    fn new(by_key: &FxHashMap<Box<str>, Slot>) -> Near {
        let mut sorted: Vec<Box<str>> = by_key.keys().cloned().collect();
        sorted.sort_unstable();
        let count = sorted.len();
        let (folded, by_last) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut near = Near { sorted, folded, by_last };
        for (at, key) in (0..).zip(&near.sorted) {
            let folded = match key.is_ascii() {
                // As below, and several times as fast.
                true => hash_of_bytes(
                    key.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()),
                ),
                false => hash_of(&[&names::folded(key).collect::<String>()]),
            };
            near.folded.push((folded, at));
            near.by_last.push((hash_of(&[last(key)]), at));
        }
        near.folded.sort_unstable();
        near.by_last.sort_unstable();
        near
    }

    fn key(&self, at: u32) -> Option<&str> {
        self.sorted.get(at as usize).map(AsRef::as_ref)
    }
}

/// The keys of all languages but one by the hashes of their names, in order; those of one name in the order of
/// the files.
fn others(files: &[LocaleFile], main: &str) -> Vec<(u64, Slot)> {
    let mut out = Vec::new();
    for (at, file) in files.iter().enumerate().filter(|(_, file)| language(&file.locale) != language(main)) {
        for (number, key) in file.keys.iter().enumerate() {
            out.push((hash_of(&[&key.key]), (at, number)));
            if !file.namespace.is_empty() {
                out.push((hash_of(&[&file.namespace, ".", &key.key]), (at, number)));
            }
        }
    }
    out.sort_unstable();
    out
}

/// What stands at a hash in a list that is in the order of its hashes.
fn of_hash<T>(list: &[(u64, T)], wanted: u64) -> impl Iterator<Item = &T> {
    let from = list.partition_point(|(hash, _)| *hash < wanted);
    let same = list.iter().skip(from).take_while(move |(hash, _)| *hash == wanted);
    same.map(|(_, what)| what)
}

/// A hash of a text that is given in pieces.
fn hash_of(pieces: &[&str]) -> u64 {
    hash_of_bytes(pieces.iter().flat_map(|piece| piece.bytes()))
}

/// FNV-1a: it does not matter how the text is cut.
fn hash_of_bytes(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl LocaleFile {
    /// Whether a key of this file is called so: as it stands in the file, or below the file's namespace.
    pub fn is_called(&self, key: &LocaleKey, name: &str) -> bool {
        let front = name.strip_suffix(key.key.as_str());
        front
            .is_some_and(|front| front.is_empty() || front.strip_suffix('.') == Some(self.namespace.as_str()))
    }

    /// What a key is called: as it stands in the file, and below the file's namespace.
    pub fn names_of(&self, key: &LocaleKey) -> Vec<String> {
        match self.namespace.is_empty() {
            true => vec![key.key.clone()],
            false => vec![format!("{}.{}", self.namespace, key.key), key.key.clone()],
        }
    }
}

fn last(key: &str) -> &str {
    let dot = key.bytes().rposition(|byte| byte == b'.');
    dot.and_then(|dot| key.get(dot + 1..)).unwrap_or(key)
}

fn parent(key: &str) -> &str {
    key.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// The language of a tag, in lower case: `pt` of `pt-BR`.
pub fn language(locale: &str) -> String {
    locale.split(['-', '_']).next().unwrap_or(locale).to_lowercase()
}

/// The tag with the most keys of the main language: English where there is some, else the one with the most
/// keys over all of its tags.
fn main_locale(files: &[LocaleFile]) -> &str {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for file in files {
        *counts.entry(file.locale.as_str()).or_default() += file.keys.len();
    }
    let of_language = |locale: &str| -> usize {
        counts.iter().filter(|(other, _)| language(other) == language(locale)).map(|(_, keys)| keys).sum()
    };
    let mut all: Vec<(&str, usize)> =
        counts.iter().map(|(locale, keys)| (*locale, *keys)).filter(|(_, keys)| *keys > 0).collect();
    all.sort_by_key(|(locale, keys)| {
        let all = of_language(locale);
        (
            language(locale) != "en",
            std::cmp::Reverse(all),
            language(locale),
            std::cmp::Reverse(*keys),
            *locale,
        )
    });
    all.first().map_or("", |(locale, _)| locale)
}
