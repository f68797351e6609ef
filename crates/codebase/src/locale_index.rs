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
}

/// A file and a key in it.
type Slot = (usize, usize);

/// Keys by what one may have in mind who writes another.
#[derive(Clone, Debug, Default)]
struct Near {
    folded: FxHashMap<String, Box<str>>,
    by_last: FxHashMap<Box<str>, Vec<Box<str>>>,
    by_parent: FxHashMap<Box<str>, Vec<Box<str>>>,
    sorted: Vec<Box<str>>,
}

impl LocaleIndex {
    fn built(&self, files: &[LocaleFile]) -> &Built {
        self.built.get_or_init(|| Built::new(files))
    }

    fn near(&self, files: &[LocaleFile]) -> &Near {
        let built = self.built(files);
        built.near.get_or_init(|| Near::new(&built.by_key))
    }

    /// The main language: English where there is some, else the one with the most keys; empty without files.
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
        self.near(files).folded.get(folded).map(AsRef::as_ref)
    }

    /// Keys with the same last part.
    pub fn with_last(&self, files: &[LocaleFile], key: &str) -> impl Iterator<Item = &str> {
        self.near(files).by_last.get(last(key)).into_iter().flatten().map(AsRef::as_ref)
    }

    /// Keys below the same parent.
    pub fn with_parent(&self, files: &[LocaleFile], key: &str) -> impl Iterator<Item = &str> {
        self.near(files).by_parent.get(parent(key)).into_iter().flatten().map(AsRef::as_ref)
    }

    /// Keys that begin so, in order.
    pub fn below(&self, files: &[LocaleFile], stem: &str) -> impl Iterator<Item = &str> {
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
        for (at, file) in files.iter().enumerate().filter(|(_, file)| file.locale == built.main) {
            for (number, key) in file.keys.iter().enumerate() {
                for name in file.names_of(key) {
                    built.by_key.entry(name.into_boxed_str()).or_insert((at, number));
                }
            }
        }
        built
    }
}

impl Near {
    fn new(by_key: &FxHashMap<Box<str>, Slot>) -> Near {
        let mut near = Near { sorted: by_key.keys().cloned().collect(), ..Near::default() };
        near.sorted.sort_unstable();
        for key in &near.sorted {
            let folded = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            near.folded.entry(folded).or_insert_with(|| key.clone());
            near.by_last.entry(last(key).into()).or_default().push(key.clone());
            near.by_parent.entry(parent(key).into()).or_default().push(key.clone());
        }
        near
    }
}

impl LocaleFile {
    /// What a key is called: as it stands in the file, and below the file's namespace.
    pub fn names_of(&self, key: &LocaleKey) -> Vec<String> {
        match self.namespace.is_empty() {
            true => vec![key.key.clone()],
            false => vec![format!("{}.{}", self.namespace, key.key), key.key.clone()],
        }
    }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn parent(key: &str) -> &str {
    key.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn main_locale(files: &[LocaleFile]) -> &str {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for file in files {
        *counts.entry(file.locale.as_str()).or_default() += file.keys.len();
    }
    let english = |locale: &str| {
        let language = locale.split(['-', '_']).next().unwrap_or(locale);
        language.eq_ignore_ascii_case("en")
    };
    let mut all: Vec<(&str, usize)> = counts.into_iter().filter(|(_, keys)| *keys > 0).collect();
    all.sort_by_key(|(locale, keys)| (!english(locale), std::cmp::Reverse(*keys), *locale));
    all.first().map_or("", |(locale, _)| locale)
}
