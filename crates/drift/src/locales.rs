//! Keys of translations ↔ files of translations.

use crate::names::fold;
use crate::{Difference, Drifted, Row, Subject, unread};
use rustc_hash::FxHashSet;
use trueup_codebase::{CodeKind, CodePlace, LocaleFile, LocaleIndex, LocaleKey, closest};
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
    let judging = Judging { files: &code.locales, index: &code.locale_index, promised };
    keys.iter().map(|key| judging.one(row(key), key)).collect()
}

struct Judging<'a> {
    files: &'a [LocaleFile],
    index: &'a LocaleIndex,
    /// What the spec promises itself: no other key's misspelling.
    promised: FxHashSet<&'a str>,
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
        let group = without_locale(file);
        // Up to the language all files of a group have the same path; most others are told by that.
        let front = file.path.split(file.locale.as_str()).next().unwrap_or("");
        let other = |f: &&LocaleFile| {
            f.locale != file.locale && f.path.starts_with(front) && without_locale(f) == group
        };
        let others = self.files.iter().filter(other);
        let mut without: Vec<&str> = others
            .filter(|f| !f.keys.is_empty() && !f.keys.iter().any(|k| k.key == key.key))
            .map(|f| f.locale.as_str())
            .collect();
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
