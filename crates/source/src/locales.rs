//! Files of translations: JSON, YAML, gettext, Java properties, ARB.

use crate::document::Document;
use crate::{Language, Options, SourceFile};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::Arc;
use trueup_codebase::{LocaleFile, LocaleKey};

/// Folders that hold translations.
const FOLDERS: [&str; 12] = [
    "locales",
    "locale",
    "_locales",
    "i18n",
    "l10n",
    "lang",
    "langs",
    "languages",
    "messages",
    "translations",
    "translation",
    "intl",
];
/// Names of files that hold all keys of their language: they stand for no part of a key.
const PLAIN: [&str; 9] =
    ["translation", "translations", "messages", "message", "django", "djangojs", "app", "intl", "strings"];
/// Codes of languages (ISO 639-1).
const CODES: &str = " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr \
    ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu fil ";
/// Forms of a plural, as ends of keys (`count_one`) or keys below one (`count: { one: … }`).
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The translations that a file is, by its place and name.
pub(crate) fn read(file: &SourceFile<'_>, options: &Options) -> Option<LocaleFile> {
    let place = place(&file.path, options.locales.is_match(file.path.as_ref()))?;
    let mut out = Keys { file, seen: FxHashSet::default(), keys: Vec::new() };
    let ending = file.path.rsplit('.').next().unwrap_or("");
    match (file.language, ending) {
        (_, "po") => out.gettext(),
        (_, "properties") => out.properties(),
        (Language::Json | Language::Yaml, _) => out.document(&place, ending == "arb")?,
        _ => return None,
    }
    if out.keys.is_empty() {
        return None;
    }
    let (locale, namespace) = (place.locale, place.namespace);
    Some(LocaleFile { path: Arc::clone(&file.path), locale, namespace, keys: out.keys })
}

/// Whether a file may be one.
pub(crate) fn may_be(file: &SourceFile<'_>, options: &Options) -> bool {
    place(&file.path, options.locales.is_match(file.path.as_ref())).is_some()
}

/// What the place of a file says.
#[derive(Debug, PartialEq)]
struct Place {
    locale: String,
    namespace: String,
}

fn place(path: &str, configured: bool) -> Option<Place> {
    let (stem, ending) = path.rsplit_once('.')?;
    if !matches!(ending, "json" | "yaml" | "yml" | "po" | "properties" | "arb") {
        return None;
    }
    let parts: Vec<&str> = stem.split('/').collect();
    let (name, folders) = parts.split_last()?;
    let home = folders.iter().rposition(|folder| FOLDERS.contains(folder));
    let below = home.and_then(|at| folders.get(at + 1..)).unwrap_or(&[]);
    let has_home = home.is_some() || configured;
    let of = |locale: &str, namespace: &[&str]| {
        let kept = namespace.iter().filter(|part| !PLAIN.contains(part) && !part.is_empty());
        Some(Place {
            locale: locale.replace('_', "-"),
            namespace: kept.copied().collect::<Vec<_>>().join("."),
        })
    };
    // `locales/en.json`, `locales/orders/en.json`, and `en.json` anywhere.
    if is_locale(name) && (has_home || matches!(ending, "json" | "po" | "arb")) {
        return of(name, below);
    }
    // `orders.en.yml`, `messages_pl.properties`, `app_en.arb`, `messages.pl.po`. Files of Rails name all
    // parts of a key inside.
    let marked = name.rsplit_once(['.', '-']).filter(|(_, end)| is_locale(end)).or_else(|| underscored(name));
    if let Some((front, locale)) = marked {
        let usual =
            has_home || matches!(ending, "po" | "arb") || PLAIN.contains(&front.to_lowercase().as_str());
        let namespace: &[&str] =
            if matches!(ending, "yml" | "yaml" | "properties" | "arb") { &[] } else { &[front] };
        return usual.then(|| of(locale, namespace)).flatten();
    }
    // `locales/en/orders.json`, `locale/pl/LC_MESSAGES/django.po`.
    let at = folders.iter().rposition(|folder| is_locale(folder))?;
    let has_messages = folders.get(at + 1) == Some(&"LC_MESSAGES");
    let is_home_above = has_home && home.is_none_or(|home| home < at);
    if !has_messages && !is_home_above {
        return None;
    }
    let mut namespace: Vec<&str> = folders.get(at + 1 + usize::from(has_messages)..)?.to_vec();
    namespace.push(name);
    of(folders.get(at)?, if ending == "yml" || ending == "properties" { &[] } else { &namespace })
}

/// `messages_pt_BR` is `messages` and `pt_BR`.
fn underscored(name: &str) -> Option<(&str, &str)> {
    let mut found = None;
    for (at, _) in name.match_indices('_') {
        let (front, end) = (name.get(..at)?, name.get(at + 1..)?);
        if is_locale(end) && !front.is_empty() {
            found = found.or(Some((front, end)));
        }
    }
    found
}

/// `en`, `pt-BR`, `zh_Hant`, `zh-Hans-CN`, `es-419`.
fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or("");
    let known = language.bytes().all(|b| b.is_ascii_lowercase())
        && (2..=3).contains(&language.len())
        && CODES.contains(&format!(" {language} "));
    known
        && parts.clone().count() <= 2
        && parts.all(|part| {
            let letters =
                part.bytes().all(|b| b.is_ascii_alphabetic()) && (part.len() == 2 || part.len() == 4);
            letters || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())
        })
}

struct Keys<'a, 'f> {
    file: &'f SourceFile<'a>,
    seen: FxHashSet<String>,
    keys: Vec<LocaleKey>,
}

impl Keys<'_, '_> {
    fn add(&mut self, key: &str, range: Range<usize>) {
        if key.is_empty() || !self.seen.insert(key.to_owned()) {
            return;
        }
        let place = self.file.place(range);
        self.keys.push(LocaleKey { key: key.to_owned(), span: place.span, line: place.line });
    }

    /// Adds a key with a form of a plural, and what stands for all its forms.
    fn add_with_plural(&mut self, key: &str, range: Range<usize>) {
        self.add(key, range.clone());
        let base = key.rsplit_once(['_', '.']).filter(|(_, end)| PLURALS.contains(end));
        if let Some((base, _)) = base {
            self.add(base, range);
        }
    }

    fn document(&mut self, place: &Place, is_arb: bool) -> Option<()> {
        let document = Document::parse(self.file.text, self.file.language == Language::Json)?;
        let mut root = document.root();
        // `en: { … }` around all keys.
        if let [(name, _, value)] = document.entries(root)
            && (is_locale(name) || name.replace('_', "-") == place.locale)
            && !document.entries(*value).is_empty()
        {
            root = *value;
        }
        // `{ "title": { "message": "…" } }` of browser extensions.
        let of_extension = self.file.path.split('/').any(|part| part == "_locales");
        let mut open: Vec<(String, Range<usize>, usize)> = Vec::new();
        push_entries(&document, root, "", &mut open);
        while let Some((key, range, value)) = open.pop() {
            if is_arb && key.starts_with('@') {
                continue;
            }
            if of_extension || document.entries(value).is_empty() {
                self.add_with_plural(&key, range);
            } else {
                push_entries(&document, value, &key, &mut open);
            }
        }
        Some(())
    }

    /// `msgid "…"`, with the lines that continue it. The id is the key.
    fn gettext(&mut self) {
        let mut context = String::new();
        let mut id: Option<(String, Range<usize>)> = None;
        let mut in_id = false;
        let mut at = 0;
        for line in self.file.text.split_inclusive('\n') {
            let text = line.trim();
            let start = at + line.find('"').map_or(0, |quote| quote + 1);
            at += line.len();
            if let Some(rest) = text.strip_prefix("msgctxt ") {
                context = unquoted(rest);
                in_id = false;
            } else if let Some(rest) = text.strip_prefix("msgid ") {
                let value = unquoted(rest);
                id = Some((value, start..start + rest.trim().len().saturating_sub(2)));
                in_id = true;
            } else if text.starts_with("msgstr") || text.starts_with("msgid_plural") {
                in_id = false;
                if let Some((value, range)) = id.take() {
                    let range = range.start..range.end.min(self.file.text.len());
                    let is_place = self.file.text.get(range.clone()).is_some();
                    let key = if context.is_empty() { value } else { format!("{context}.{value}") };
                    if is_place {
                        self.add(&key, range);
                    }
                    context.clear();
                }
            } else if text.starts_with('"')
                && let Some((value, _)) = id.as_mut().filter(|_| in_id)
            {
                value.push_str(&unquoted(text));
            }
        }
    }

    /// `key = value`, `key: value`; a `\` continues a line.
    fn properties(&mut self) {
        let mut at = 0;
        let mut continued = false;
        for line in self.file.text.split_inclusive('\n') {
            let start = at + line.len() - line.trim_start().len();
            at += line.len();
            let text = line.trim();
            let is_comment = !continued && text.starts_with(['#', '!']);
            let is_key = !continued && !text.is_empty() && !is_comment;
            continued = text.ends_with('\\') && !is_comment;
            if is_key {
                let end = text.find(['=', ':']).unwrap_or(text.len());
                let key = text.get(..end).unwrap_or("").trim_end();
                self.add(key, start..start + key.len());
            }
        }
    }
}

fn push_entries(document: &Document, at: usize, front: &str, open: &mut Vec<(String, Range<usize>, usize)>) {
    for (name, range, value) in document.entries(at).iter().rev() {
        let key = if front.is_empty() { name.clone() } else { format!("{front}.{name}") };
        open.push((key, range.clone(), *value));
    }
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix('"').map_or(text, |rest| rest.strip_suffix('"').unwrap_or(rest));
    inner.replace("\\n", "\n").replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(path: &str, text: &str) -> String {
        let facts = crate::tests::facts(path, text);
        let Some(file) = facts.locale else { return "-".to_owned() };
        let keys: Vec<&str> = file.keys.iter().map(|key| key.key.as_str()).collect();
        for key in &file.keys {
            assert!(text.get(key.span.range()).is_some(), "{key:?}");
        }
        format!("{} {}: {}", file.locale, file.namespace, keys.join(" "))
    }

    #[test]
    fn places() {
        for (path, expected) in [
            ("src/locales/en.json", "en |"),
            ("locales/pt_BR/orders.json", "pt-BR |orders"),
            ("public/locales/en/translation.json", "en |"),
            ("i18n/orders/de.yaml", "de |orders"),
            ("config/locales/devise.en.yml", "en |"),
            ("config/locales/models/pl.yml", "pl |models"),
            ("locale/pl/LC_MESSAGES/django.po", "pl |"),
            ("messages.pl.po", "pl |"),
            ("src/main/resources/messages_pt_BR.properties", "pt-BR |"),
            ("lib/l10n/app_en.arb", "en |"),
            ("modules/orders/i18n/en.json", "en |"),
            ("web/en.json", "en |"),
            ("src/lang/index.json", "-"),
            ("locales/new.json", "-"),
            ("package.json", "-"),
            ("src/no/data.json", "-"),
            ("application.properties", "-"),
            ("en.yml", "-"),
        ] {
            let found =
                place(path, false).map_or("-".to_owned(), |p| format!("{} |{}", p.locale, p.namespace));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn keys_of_every_kind() {
        for (path, text, expected) in [
            (
                "locales/en.json",
                r#"{"orders": {"title": "Orders", "count_one": "1", "count_other": "n"}, "a.b": "x", "list": ["x"]}"#,
                "en : orders.title orders.count_one orders.count orders.count_other a.b list",
            ),
            (
                "config/locales/en.yml",
                "en:\n  orders:\n    title: Orders\n    count:\n      one: 1\n      other: n\n",
                "en : orders.title orders.count.one orders.count orders.count.other",
            ),
            (
                "pl.po",
                "msgid \"\"\nmsgstr \"x\"\n\n#: a.py:1\nmsgctxt \"menu\"\nmsgid \"orders.title\"\nmsgstr \"Z\"\nmsgid \"a\"\n\"b\"\nmsgid_plural \"c\"\nmsgstr[0] \"\"\n",
                "pl : menu.orders.title ab",
            ),
            (
                "i18n/messages_pl.properties",
                "# c\norders.title = A\\\n  b=c\norders.x: Y\n",
                "pl : orders.title orders.x",
            ),
            (
                "lib/l10n/app_en.arb",
                r#"{"@@locale": "en", "title": "x", "@title": {"d": "y"}}"#,
                "en : title",
            ),
            ("_locales/en/messages.json", r#"{"name": {"message": "x", "description": "y"}}"#, "en : name"),
            ("locales/en.json", "[1, 2]", "-"),
        ] {
            assert_eq!(keys(path, text), expected, "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "(msgid|msgstr| |\"|\n|\\\\|=|:|é|a|\\{|\\[|#){0,40}") {
            for path in ["pl.po", "i18n/messages_pl.properties", "locales/en.json", "locales/en.yml"] {
                keys(path, &text);
            }
        }
    }
}
