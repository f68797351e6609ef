//! Keys of translations ↔ files of translations.

use crate::names::fold;
use crate::{Difference, Drifted, Row, Subject, unread};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_codebase::{CodeKind, CodePlace, LocaleFile, LocaleKey, closest};
use trueup_model::I18nKey;

/// Holds the keys of a spec against the main language, then against the others.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let keys = &subject.spec.facts.i18n;
    let row = |key: &I18nKey| Row::new(CodeKind::Locales, key.key.clone(), key.span);
    if let Some(why) = unread(subject, CodeKind::Locales) {
        return keys.iter().map(|key| row(key).not_checkable(Difference::Unread, why.clone())).collect();
    }
    let files = &subject.code.codebase().locales;
    let index = Index::new(files, keys.iter().map(|k| k.key.as_str()).collect());
    keys.iter().map(|key| index.one(row(key), key)).collect()
}

/// The files of the main language by their keys.
struct Index<'a> {
    files: &'a [LocaleFile],
    main: &'a str,
    /// By whole key: file and key.
    by_key: FxHashMap<String, (&'a LocaleFile, &'a LocaleKey)>,
    by_folded: FxHashMap<String, String>,
    promised: FxHashSet<&'a str>,
}

impl<'a> Index<'a> {
    fn new(files: &'a [LocaleFile], promised: FxHashSet<&'a str>) -> Index<'a> {
        let main = main_locale(files);
        let mut index =
            Index { files, main, by_key: FxHashMap::default(), by_folded: FxHashMap::default(), promised };
        for file in files.iter().filter(|f| f.locale == main) {
            for key in &file.keys {
                for name in names_of(file, key) {
                    index.by_folded.entry(fold(&name)).or_insert_with(|| name.clone());
                    index.by_key.entry(name).or_insert((file, key));
                }
            }
        }
        index
    }

    fn one(&self, row: Row, key: &I18nKey) -> Drifted {
        let wanted = key.key.trim().trim_end_matches('.');
        if let Some(stem) = wanted.strip_suffix('*') {
            return self.many(row, stem);
        }
        if wanted.is_empty() || wanted.contains(['*', '<', '{', '[', '…', '$']) || wanted.contains("...") {
            return row.not_checkable(Difference::Vague, "the key is not written out");
        }
        let wanted = wanted.replace(':', ".");
        if let Some((file, found)) = self.by_key.get(&wanted).or_else(|| self.by_end(&wanted)) {
            return self.in_other_languages(row, file, found);
        }
        if let Some(other) =
            self.by_folded.get(&fold(&wanted)).filter(|o| !self.promised.contains(o.as_str()))
        {
            let place = self.by_key.get(other).map(|(file, key)| place(file, key));
            return row.contradicted(
                Difference::Spelling,
                other,
                place.as_ref(),
                format!("it is spelt `{other}`"),
            );
        }
        let elsewhere = self.files.iter().filter(|f| f.locale != self.main);
        let only = elsewhere
            .flat_map(|f| f.keys.iter().map(move |k| (f, k)))
            .find(|(f, k)| names_of(f, k).contains(&wanted));
        let main = self.main;
        if let Some((file, key)) = only {
            let mut row =
                row.missing(None, format!("`{}` has it, the main language `{main}` does not", file.locale));
            row.place = Some(place(file, key));
            return row;
        }
        let free = self
            .by_key
            .keys()
            .map(String::as_str)
            .filter(|k| !self.promised.contains(k) && same_parent(k, &wanted));
        let near = closest(&wanted, free).map(|c| c.name);
        let near_place = near.and_then(|near| self.by_key.get(near)).map(|(file, key)| place(file, key));
        row.missing(
            near.map(|near| (near, near_place.as_ref())),
            format!("the main language `{main}` does not have it"),
        )
    }

    /// `orders.form.*`: any key below.
    fn many(&self, row: Row, stem: &str) -> Drifted {
        let mut below: Vec<&String> = self.by_key.keys().filter(|key| key.starts_with(stem)).collect();
        below.sort_unstable();
        match below.first().and_then(|key| Some((key, self.by_key.get(key.as_str())?))) {
            Some((key, (file, found))) => {
                let reason = format!("the main language has {} below it", below.len());
                row.proven(key, Some(&place(file, found)), reason)
            }
            None => row.missing(None, format!("the main language `{}` has none below it", self.main)),
        }
    }

    /// A key whose front is left out in the spec, where one key only ends so.
    fn by_end(&self, wanted: &str) -> Option<&(&'a LocaleFile, &'a LocaleKey)> {
        if !wanted.contains('.') {
            return None;
        }
        let end = format!(".{wanted}");
        let mut found = self.by_key.iter().filter(|(key, _)| key.ends_with(&end));
        let (_, first) = found.next()?;
        found.all(|(_, other)| std::ptr::eq(other.1, first.1)).then_some(first)
    }

    fn in_other_languages(&self, row: Row, file: &LocaleFile, key: &LocaleKey) -> Drifted {
        let group = without_locale(file);
        let others = self.files.iter().filter(|f| f.locale != file.locale && without_locale(f) == group);
        let mut without: Vec<&str> = others
            .filter(|f| !f.keys.is_empty() && !f.keys.iter().any(|k| k.key == key.key))
            .map(|f| f.locale.as_str())
            .collect();
        without.sort_unstable();
        without.dedup();
        let mut row = match without.is_empty() {
            true => {
                return row.proven(&key.key, Some(&place(file, key)), format!("`{}` has it", file.locale));
            }
            false => {
                let names = without.iter().map(|l| format!("`{l}`")).collect::<Vec<String>>().join(", ");
                row.missing_as(Difference::OtherLanguages, format!("`{}` has it, {names} not", file.locale))
            }
        };
        row.place = Some(place(file, key));
        row.found = Some(key.key.clone());
        row
    }
}

fn place(file: &LocaleFile, key: &LocaleKey) -> CodePlace {
    CodePlace { path: file.path.clone(), span: key.span, line: key.line }
}

/// What a key is called: as it stands in the file, and below the file's namespace.
fn names_of(file: &LocaleFile, key: &LocaleKey) -> Vec<String> {
    match file.namespace.is_empty() {
        true => vec![key.key.clone()],
        false => vec![format!("{}.{}", file.namespace, key.key), key.key.clone()],
    }
}

/// English where there is some, else the language with the most keys.
fn main_locale(files: &[LocaleFile]) -> &str {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for file in files {
        *counts.entry(file.locale.as_str()).or_default() += file.keys.len();
    }
    let english = |locale: &str| {
        locale.get(..2).is_some_and(|l| l.eq_ignore_ascii_case("en"))
            && !locale.get(2..3).is_some_and(|c| c.starts_with(char::is_alphanumeric))
    };
    let mut all: Vec<(&str, usize)> = counts.into_iter().filter(|(_, keys)| *keys > 0).collect();
    all.sort_by_key(|(locale, keys)| (!english(locale), std::cmp::Reverse(*keys), *locale));
    all.first().map_or("", |(locale, _)| locale)
}

/// The path of a file of translations without its language, the same for all languages of one text.
fn without_locale(file: &LocaleFile) -> String {
    let part = |part: &str| {
        let words = part.split(['.', '_']).any(|word| word == file.locale || part == file.locale);
        match words {
            true => part.replace(file.locale.as_str(), "*"),
            false => part.to_owned(),
        }
    };
    file.path.split('/').map(part).collect::<Vec<String>>().join("/")
}

fn same_parent(a: &str, b: &str) -> bool {
    let parent = |key: &str| key.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_owned());
    parent(a) == parent(b) || a.rsplit('.').next() == b.rsplit('.').next()
}
