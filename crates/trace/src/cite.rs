//! From the names of tests to the items that they cite.

use crate::items::{ItemRole, TracedSpec};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_codebase::TestCase;
use trueup_model::ids_in;

/// A citation that leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Lost {
    /// There is no such spec.
    Spec,
    /// The spec has no such item; its path.
    Item(String),
    /// The item's ID is its position and not written; path and line.
    Provisional(String, u32),
    /// Another spec has taken the place of this one; its path.
    Superseded(String),
    /// Several specs have this name and an item of this ID; their paths.
    Several(Vec<String>),
}

/// What a text cites.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Cited {
    /// Items: the place of the spec and of the item in it.
    pub(crate) items: Vec<(usize, usize)>,
    /// Citations that lead nowhere, as written.
    pub(crate) lost: Vec<(String, Lost)>,
    /// Items that are cited by a name that several specs have.
    pub(crate) ambiguous: Vec<(usize, usize)>,
}

/// All items by what they are called.
pub(crate) struct Names<'a> {
    specs: &'a [TracedSpec],
    /// Specs by the words of their names.
    by_spec: FxHashMap<String, Vec<usize>>,
    /// Items by the words of spec and ID, or of a planned test's ID alone.
    by_words: FxHashMap<String, Vec<(usize, usize)>>,
    /// The most words that a name has, and that the name of a spec has.
    longest: usize,
    longest_spec: usize,
}

impl<'a> Names<'a> {
    pub(crate) fn new(specs: &'a [TracedSpec]) -> Names<'a> {
        let mut out = Names {
            specs,
            by_spec: FxHashMap::default(),
            by_words: FxHashMap::default(),
            longest: 0,
            longest_spec: 0,
        };
        for (at, spec) in specs.iter().enumerate() {
            let name = words(&spec.name);
            out.longest_spec = out.longest_spec.max(name.len());
            out.by_spec.entry(name.join(" ")).or_default().push(at);
            for (place, item) in spec.items.iter().enumerate().filter(|(_, item)| !item.id.is_empty()) {
                let id = words(&item.id);
                out.add([name.clone(), id.clone()].concat(), (at, place));
                // One word alone (`T1`) stands in names that mean something else.
                let telling = id.len() > 1 && id.iter().any(|w| w.bytes().all(|b| b.is_ascii_digit()));
                if item.role == ItemRole::PlannedTest && telling {
                    out.add(id, (at, place));
                }
            }
        }
        out
    }

    fn add(&mut self, words: Vec<String>, item: (usize, usize)) {
        self.longest = self.longest.max(words.len());
        self.by_words.entry(words.join(" ")).or_default().push(item);
    }

    /// What a text cites, each item once.
    pub(crate) fn cited(&self, texts: &[&str]) -> Cited {
        let mut out = Cited::default();
        for text in texts {
            let explicit = explicit(text, |name| self.by_spec.contains_key(&words(name).join(" ")));
            let found = !explicit.is_empty();
            for (spec, item) in explicit {
                self.resolve(&spec, &item, &mut out);
            }
            self.by_words(text, found, &mut out);
        }
        out
    }

    fn resolve(&self, spec: &str, item: &str, out: &mut Cited) {
        let written = format!("{spec}#{item}");
        let Some(specs) = self.by_spec.get(&words(spec).join(" ")) else {
            return out.lose(written, Lost::Spec);
        };
        let wanted = words(item);
        let found: Vec<(usize, usize)> = specs
            .iter()
            .flat_map(|at| self.items_called(*at, &wanted).map(move |place| (*at, place)))
            .collect();
        match found.as_slice() {
            [] => {
                let path = specs.first().and_then(|at| self.specs.get(*at)).map(|s| s.path.to_string());
                out.lose(written, Lost::Item(path.unwrap_or_default()));
            }
            _ => self.take(written, &found, out),
        }
    }

    fn items_called(&self, spec: usize, wanted: &[String]) -> impl Iterator<Item = usize> {
        let items = self.specs.get(spec).map(|s| s.items.as_slice()).unwrap_or_default();
        items
            .iter()
            .enumerate()
            .filter(move |(_, i)| !i.id.is_empty() && words(&i.id) == wanted)
            .map(|(at, _)| at)
    }

    /// Takes what a citation leads to, or says why it cannot be taken.
    fn take(&self, written: String, found: &[(usize, usize)], out: &mut Cited) {
        let of = |(spec, item): &(usize, usize)| {
            let spec = self.specs.get(*spec)?;
            Some((spec, spec.items.get(*item)?))
        };
        let open: Vec<&(usize, usize)> =
            found.iter().filter(|f| of(f).is_some_and(|(s, _)| !s.superseded)).collect();
        let mut paths: Vec<String> =
            open.iter().filter_map(|f| of(f)).map(|(s, _)| s.path.to_string()).collect();
        paths.dedup();
        let planned = open.iter().all(|f| of(f).is_some_and(|(_, i)| i.role == ItemRole::PlannedTest));
        match open.first().and_then(|f| of(f)) {
            None => {
                let path = found.first().and_then(of).map(|(s, _)| s.path.to_string());
                out.lose(written, Lost::Superseded(path.unwrap_or_default()));
            }
            // A test may be planned by several specs.
            Some(_) if paths.len() > 1 && !planned => {
                out.ambiguous.extend(
                    open.into_iter()
                        .filter(|item| !out.ambiguous.contains(item))
                        .copied()
                        .collect::<Vec<_>>(),
                );
                out.lose(written, Lost::Several(paths));
            }
            Some((spec, item)) if !item.written => {
                out.lose(written, Lost::Provisional(spec.path.to_string(), item.line));
            }
            Some(_) => {
                for item in open {
                    if !out.items.contains(item) {
                        out.items.push(*item);
                    }
                }
            }
        }
    }

    /// Names without `#`, in any dress: `@SPEC-012-AC-3`, `spec_012_ac_3`, `TC-AUTH-012`. The longest
    /// name at a place counts. Where the text cites with `#`, only planned tests are looked for.
    fn by_words(&self, text: &str, only_planned: bool, out: &mut Cited) {
        let all = words(text);
        let mut at = 0;
        while at < all.len() {
            let found = (1..=self.longest.min(all.len() - at)).rev().find_map(|length| {
                let name = all.get(at..at + length)?.join(" ");
                let items: Vec<(usize, usize)> = self.by_words.get(&name)?.clone();
                let planned = |(spec, item): &(usize, usize)| {
                    let item = self.specs.get(*spec).and_then(|s| s.items.get(*item));
                    item.is_some_and(|i| i.role == ItemRole::PlannedTest)
                };
                (!only_planned || items.iter().all(planned)).then_some((length, name, items))
            });
            match found {
                Some((length, name, items)) => {
                    self.take(name.replace(' ', "-").to_uppercase(), &items, out);
                    at += length;
                }
                None if only_planned => at += 1,
                None => at += self.lost_at(&all, at, out).unwrap_or(1),
            }
        }
    }
}

impl Names<'_> {
    /// The name of a spec with an ID behind it that it does not have; how many words it takes.
    fn lost_at(&self, all: &[String], at: usize, out: &mut Cited) -> Option<usize> {
        let (length, spec) = (1..=self.longest_spec.min(all.len() - at)).rev().find_map(|length| {
            let specs = self.by_spec.get(&all.get(at..at + length)?.join(" "))?;
            Some((length, self.specs.get(*specs.first()?)?))
        })?;
        let [letters, number] = all.get(at + length..at + length + 2)? else { return None };
        if !ITEM_LETTERS.contains(&letters.as_str()) || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let written = format!("{}#{}-{number}", spec.name, letters.to_uppercase());
        out.lose(written, Lost::Item(spec.path.to_string()));
        Some(length + 2)
    }
}

impl Cited {
    fn lose(&mut self, written: String, why: Lost) {
        if !self.lost.iter().any(|(w, _)| *w == written) {
            self.lost.push((written, why));
        }
    }
}

/// The letters of IDs that are meant for tests; behind a spec's name they are no word of a sentence.
const ITEM_LETTERS: [&str; 3] = ["ac", "sc", "sm"];

/// Everything that the tests of a repository may cite, so that one item after the other can be asked
/// for without looking at all tests again.
#[derive(Debug, Default)]
pub struct Citations {
    /// The words of the names of tests and suites.
    texts: Vec<Vec<String>>,
    /// Which of them hold two words beside each other.
    by_pair: FxHashMap<(String, String), Vec<u32>>,
    /// Further items behind the first one, which name no spec of their own.
    further: FxHashSet<String>,
}

impl Citations {
    /// What these tests cite.
    pub fn of(tests: &[TestCase]) -> Citations {
        let mut out = Citations::default();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let texts = tests.iter().flat_map(|t| t.suites.iter().chain([&t.name]));
        for text in texts.filter(|text| seen.insert(text.as_str())) {
            for (spec, item) in explicit(text, |_| true) {
                out.further.insert(called(&spec, &item).join(" "));
            }
            let Ok(number) = u32::try_from(out.texts.len()) else { break };
            let all = words(text);
            for pair in all.windows(2) {
                // A name of an item ends with a number.
                let [first, second] = pair else { continue };
                if second.ends_with(|c: char| c.is_ascii_digit()) {
                    out.by_pair.entry((first.clone(), second.clone())).or_default().push(number);
                }
            }
            out.texts.push(all);
        }
        out
    }

    /// Whether a test cites the item of the spec.
    pub fn cite(&self, spec: &str, item: &str) -> bool {
        let wanted = called(spec, item);
        if self.further.contains(&wanted.join(" ")) {
            return true;
        }
        let [.., first, second] = wanted.as_slice() else { return false };
        let texts = self.by_pair.get(&(first.clone(), second.clone())).into_iter().flatten();
        let mut texts = texts.filter_map(|at| self.texts.get(*at as usize));
        texts.any(|text| text.windows(wanted.len()).any(|run| run == wanted.as_slice()))
    }
}

/// The words of an item's whole name.
fn called(spec: &str, item: &str) -> Vec<String> {
    [words(spec), words(item)].concat()
}

/// The words of a name: letters and digits in lower case, numbers without leading zeros.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|word| {
            let lower = word.to_lowercase();
            match lower.trim_start_matches('0') {
                rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
                _ if lower.bytes().all(|b| b == b'0') => "0".to_owned(),
                _ => lower,
            }
        })
        .collect()
}

/// Citations of the form `SPEC-012#AC-3`, as pairs of spec and item. In brackets further items of the
/// same spec may follow: `[SPEC-012#AC-3, AC-4]`.
fn explicit(text: &str, is_spec: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut out = Vec::new();
    for (at, _) in text.match_indices('#') {
        let (before, rest) = text.split_at(at);
        let rest = rest.trim_start_matches('#');
        let front = before.trim_end_matches(part);
        let name = before.get(front.len()..).unwrap_or_default();
        let item = front_run(rest, part);
        if name.is_empty() || item.is_empty() || !(is_spec(name) || is_id(name)) {
            continue;
        }
        out.push((name.to_owned(), item.to_owned()));
        if front.ends_with('[') {
            let rest = rest.get(item.len()..).unwrap_or_default();
            out.extend(further(rest, part).into_iter().map(|item| (name.to_owned(), item)));
        }
    }
    out
}

/// The items behind the first one, up to the bracket or the next `#`.
fn further(text: &str, part: impl Fn(char) -> bool + Copy) -> Vec<String> {
    let inside = text.split(']').next().unwrap_or_default();
    let mut out = Vec::new();
    for piece in inside.split(|c: char| matches!(c, ',' | ';' | '+' | '&') || c.is_whitespace()) {
        let item = front_run(piece, part);
        let is_item = item.len() == piece.len()
            && item.starts_with(char::is_alphabetic)
            && item.ends_with(|c: char| c.is_ascii_digit());
        match piece {
            "" | "and" => {}
            _ if is_item => out.push(item.to_owned()),
            _ => break,
        }
    }
    out
}

fn front_run(text: &str, part: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c: char| !part(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches(['-', '_', '.'])
}

/// Whether a name is an ID of a spec that might be, so that a wrong one is noticed.
fn is_id(name: &str) -> bool {
    ids_in(name).first().is_some_and(|(_, id)| id.text.len() == name.len() && !id.prefix.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &[&str]) {
        let found: Vec<String> =
            explicit(text, |n| n == "orders").iter().map(|(s, i)| format!("{s}#{i}")).collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn citations_are_found_in_names() {
        check("[SPEC-012#AC-3] pays once", &["SPEC-012#AC-3"]);
        check("pays once (SPEC-012#AC-3, SPEC-013#AC-1).", &["SPEC-012#AC-3", "SPEC-013#AC-1"]);
        check("[SPEC-012#AC-3, AC-4 and AC-5] x", &["SPEC-012#AC-3", "SPEC-012#AC-4", "SPEC-012#AC-5"]);
        check("[SPEC-012#AC-3,SPEC-013#AC-4]", &["SPEC-012#AC-3", "SPEC-013#AC-4"]);
        check("@SPEC-012#AC-3", &["SPEC-012#AC-3"]);
        check("[orders#AC-3.] x", &["orders#AC-3"]);
        check("[SPEC-012#AC-3] 4 orders, AC-9", &["SPEC-012#AC-3"]);
        check("fixes issue#12, C#3, #4, a##b, colour #fff", &[]);
        check("SPEC-012#", &[]);
    }

    #[test]
    fn words_of_names() {
        assert_eq!(words("SPEC-012_AC-003.000 żółć"), ["spec", "12", "ac", "3", "0", "żółć"]);
    }
}
