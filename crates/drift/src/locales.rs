//! Keys of translations ↔ files of translations.

use crate::names::fold;
use crate::{Difference, Drifted, Row, Subject, unread};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use trueup_codebase::{CodeKind, CodePlace, LocaleFile, LocaleIndex, LocaleKey, closest, language};
use trueup_model::I18nKey;

/// Holds the keys of a spec against the main language, then against the others.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let keys = &subject.spec.facts.i18n;
    let row = |key: &I18nKey| Row::new(CodeKind::Locales, key.key.clone(), key.span);
    if let Some(why) = unread(subject, CodeKind::Locales) {
        return keys.iter().map(|key| row(key).not_checkable(Difference::Unread, why.clone())).collect();
    }
    let code = subject.code.codebase();
    let promised = keys.iter().map(|key| key.key.as_str()).collect();
    let (files, index) = (&code.locales, &code.locale_index);
    let judging = Judging { files, index, promised, of_one_text: OnceCell::new() };
    keys.iter().map(|key| judging.one(row(key), key)).collect()
}

struct Judging<'a> {
    files: &'a [LocaleFile],
    index: &'a LocaleIndex,
    /// What the spec promises itself: no other key's misspelling.
    promised: FxHashSet<&'a str>,
    /// The files by their paths without the language: those of one text in all languages.
    of_one_text: OnceCell<FxHashMap<String, Vec<&'a LocaleFile>>>,
}

impl<'a> Judging<'a> {
    fn one(&self, row: Row, key: &I18nKey) -> Drifted {
        let wanted = key.key.trim().trim_end_matches('.');
        if let Some(stem) = wanted.strip_suffix('*') {
            return self.many(row, stem);
        }
        if wanted.is_empty() || wanted.contains(['*', '<', '{', '[', '…', '$']) || wanted.contains("...") {
            return row.not_checkable(Difference::Vague, "the key is not written out");
        }
        let wanted = wanted.replace(':', ".");
        match self.get(&wanted).or_else(|| self.by_end(&wanted)) {
            Some((file, found)) => self.in_other_languages(row, file, found),
            None => self.not_there(row, &wanted),
        }
    }

    fn get(&self, key: &str) -> Option<(&'a LocaleFile, &'a LocaleKey)> {
        self.index.get(self.files, key)
    }

    fn place_of(&self, key: &str) -> Option<CodePlace> {
        self.get(key).map(|(file, key)| place(file, key))
    }

    fn not_there(&self, row: Row, wanted: &str) -> Drifted {
        let other = self.index.folded(self.files, &fold(wanted));
        if let Some(other) = other.filter(|other| !self.promised.contains(other)) {
            let reason = format!("it is spelt `{other}`");
            return row.contradicted(Difference::Spelling, other, self.place_of(other).as_ref(), reason);
        }
        let main = self.index.main(self.files);
        if let Some((file, key)) = self.index.in_others(self.files, wanted) {
            let reason = format!("`{}` has it, the main language `{main}` does not", file.locale);
            let mut row = row.missing(None, reason);
            row.place = Some(place(file, key));
            return row;
        }
        let alike =
            self.index.with_parent(self.files, wanted).chain(self.index.with_last(self.files, wanted));
        let near = closest(wanted, alike.filter(|key| !self.promised.contains(key))).map(|c| c.name);
        let near_place = near.and_then(|near| self.place_of(near));
        let reason = format!("the main language `{main}` does not have it");
        row.missing(near.map(|near| (near, near_place.as_ref())), reason)
    }

    /// `orders.form.*`: any key below.
    fn many(&self, row: Row, stem: &str) -> Drifted {
        let mut below = self.index.below(self.files, stem);
        match below.next() {
            Some(key) => {
                let reason = format!("the main language has {} below it", below.count() + 1);
                row.proven(key, self.place_of(key).as_ref(), reason)
            }
            None => {
                let main = self.index.main(self.files);
                row.missing(None, format!("the main language `{main}` has none below it"))
            }
        }
    }

    /// A key whose front is left out in the spec, where one key only ends so.
    fn by_end(&self, wanted: &str) -> Option<(&'a LocaleFile, &'a LocaleKey)> {
        if !wanted.contains('.') {
            return None;
        }
        let ends = |key: &&str| key.strip_suffix(wanted).is_some_and(|front| front.ends_with('.'));
        let mut found = self.index.with_last(self.files, wanted).filter(ends).filter_map(|key| self.get(key));
        let first = found.next()?;
        found.all(|other| std::ptr::eq(other.1, first.1)).then_some(first)
    }

    fn in_other_languages(&self, row: Row, file: &LocaleFile, key: &LocaleKey) -> Drifted {
        let own = language(&file.locale);
        let all_with: Vec<&LocaleFile> = self.index.others_with(self.files, &key.key).collect();
        let of_one_text = self.of_one_text.get_or_init(|| by_text(self.files));
        let translations = of_one_text.get(&without_locale(file)).map_or(&[][..], Vec::as_slice);
        let (with, others): (Vec<&LocaleFile>, Vec<&LocaleFile>) = translations
            .iter()
            .filter(|f| language(&f.locale) != own && !f.keys.is_empty())
            .partition(|f| all_with.iter().any(|with| std::ptr::eq(*with, **f)));
        // What `pt` has `pt-BR` need not say again.
        let falls_back = |f: &LocaleFile| with.iter().any(|w| language(&w.locale) == language(&f.locale));
        let mut without: Vec<&str> =
            others.into_iter().filter(|f| !falls_back(f)).map(|f| f.locale.as_str()).collect();
        without.sort_unstable();
        without.dedup();
        if without.is_empty() {
            return row.proven(&key.key, Some(&place(file, key)), format!("`{}` has it", file.locale));
        }
        let names = without.iter().map(|l| format!("`{l}`")).collect::<Vec<String>>().join(", ");
        let reason = format!("`{}` has it, {names} not", file.locale);
        let mut row = row.missing_as(Difference::OtherLanguages, reason);
        row.place = Some(place(file, key));
        row.found = Some(key.key.clone());
        row
    }
}

fn place(file: &LocaleFile, key: &LocaleKey) -> CodePlace {
    CodePlace { path: file.path.clone(), span: key.span, line: key.line }
}

fn by_text(files: &[LocaleFile]) -> FxHashMap<String, Vec<&LocaleFile>> {
    let mut out: FxHashMap<String, Vec<&LocaleFile>> = FxHashMap::default();
    for file in files {
        out.entry(without_locale(file)).or_default().push(file);
    }
    out
}

/// The path of a file of translations without its language, the same for all languages of one text.
fn without_locale(file: &LocaleFile) -> String {
    let part = |part: &str| match part == file.locale {
        true => "*".to_owned(),
        false => without_word(part, &file.locale),
    };
    file.path.split('/').map(part).collect::<Vec<String>>().join("/")
}

/// A name with a star for a word that stands between dots, hyphens or underscores.
fn without_word(name: &str, word: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(word).filter(|_| !word.is_empty()) {
        let (front, behind) = (rest.get(..at).unwrap_or(""), rest.get(at + word.len()..).unwrap_or(""));
        let before = front.chars().next_back().or_else(|| out.chars().next_back());
        let whole = !before.is_some_and(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric);
        out.push_str(front);
        out.push_str(if whole { "*" } else { word });
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_language_is_a_whole_word() {
        for (name, locale, expected) in [
            ("general.en.json", "en", "general.*.json"),
            ("messages_pt-BR.po", "pt-BR", "messages_*.po"),
            ("orders-de.json", "de", "orders-*.json"),
            ("en-general-en.json", "en", "*-general-*.json"),
            ("general.json", "en", "general.json"),
            ("a.json", "", "a.json"),
        ] {
            assert_eq!(super::without_word(name, locale), expected, "{name}");
        }
    }
}
