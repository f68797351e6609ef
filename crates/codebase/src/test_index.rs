use crate::TestCase;
use crate::names::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;
use trueup_model::{PathIndex, base_name};

/// The tests of the code by the IDs and titles that they carry. Built when the first is looked for: a
/// repository may hold tens of thousands, and each spec asks for many.
#[derive(Clone, Debug, Default)]
pub struct TestIndex {
    built: OnceLock<Built>,
}

#[derive(Clone, Debug, Default)]
struct Built {
    names: IdIndex,
    by_title: FxHashMap<String, usize>,
    by_name: FxHashMap<Box<str>, Vec<usize>>,
}

impl TestIndex {
    fn built(&self, tests: &[TestCase]) -> &Built {
        self.built.get_or_init(|| {
            let mut built = Built::default();
            for (at, test) in tests.iter().enumerate() {
                built.by_title.entry(fold(&test.name)).or_insert(at);
                for text in test.suites.iter().chain([&test.name]) {
                    built.names.add(text, at);
                    let named = built.by_name.entry(text.as_str().into()).or_default();
                    if named.last() != Some(&at) {
                        named.push(at);
                    }
                }
            }
            built
        })
    }

    /// The tests that carry an ID in their own name or in that of a suite, in the order of the tests.
    pub fn with_id<'a>(&self, tests: &'a [TestCase], id: &str) -> Vec<&'a TestCase> {
        let holds = |test: &&TestCase| test.suites.iter().chain([&test.name]).any(|text| holds_id(text, id));
        let found = self.built(tests).names.candidates(id);
        found.iter().filter_map(|at| tests.get(*at)).filter(holds).collect()
    }

    /// Whether any test carries an ID of the same form, such as `TC-ORD-007` for `TC-ORD-001`.
    pub fn uses_form(&self, tests: &[TestCase], id: &str) -> bool {
        self.built(tests).names.uses_form(id)
    }

    /// The tests that have this very name, or stand in a suite that has it.
    pub fn named<'a>(&self, tests: &'a [TestCase], name: &str) -> Vec<&'a TestCase> {
        let found = self.built(tests).by_name.get(name).into_iter().flatten();
        found.filter_map(|at| tests.get(*at)).collect()
    }

    /// The first test of a title, without regard to case and separators.
    pub fn titled<'a>(&self, tests: &'a [TestCase], title: &str) -> Option<&'a TestCase> {
        self.built(tests).by_title.get(&fold(title)).and_then(|at| tests.get(*at))
    }
}

/// The files of the repository that are no documents, by the IDs in their names.
#[derive(Clone, Debug, Default)]
pub struct FileIndex {
    built: OnceLock<(Vec<Box<str>>, IdIndex)>,
}

impl FileIndex {
    /// The first file that carries an ID in its name, in the order of the paths. `paths` are the same each time.
    pub fn with_id(&self, paths: &PathIndex, id: &str) -> Option<&str> {
        let (files, names) = self.built.get_or_init(|| {
            let mut files: Vec<Box<str>> =
                paths.files().filter(|path| !path.ends_with(".md")).map(Box::from).collect();
            files.sort_unstable();
            let mut names = IdIndex::default();
            for (number, path) in files.iter().enumerate() {
                names.add(base_name(path), number);
            }
            (files, names)
        });
        let mut found = names.candidates(id).iter().filter_map(|at| files.get(*at)).map(AsRef::as_ref);
        found.find(|path| holds_id(base_name(path), id))
    }
}

/// Texts by the IDs that they may carry.
#[derive(Clone, Debug, Default)]
struct IdIndex {
    /// By the last two words of an ID, or by its only one.
    by_end: FxHashMap<String, Vec<usize>>,
    /// The letters that stand in front of numbers.
    forms: FxHashSet<String>,
}

/// More words in front of a number are no part of an ID.
const MOST_WORDS: usize = 4;

impl IdIndex {
    /// Adds a text under a number.
    fn add(&mut self, text: &str, number: usize) {
        let words = split(text);
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|b| words.get(b));
            self.note(word.clone(), number);
            if let Some(before) = before {
                self.note(format!("{before}-{word}"), number);
            }
            let Some(letters) = word.find(|c: char| c.is_ascii_digit()).and_then(|end| word.get(..end))
            else {
                continue;
            };
            let own = Some(letters).filter(|l| !l.is_empty());
            for from in at.saturating_sub(MOST_WORDS)..=at {
                let front = words.get(from..at).unwrap_or_default().iter().map(String::as_str).chain(own);
                self.forms.insert(front.collect::<Vec<&str>>().join("-"));
            }
        }
    }

    fn note(&mut self, end: String, number: usize) {
        let numbers = self.by_end.entry(end).or_default();
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
    }

    /// The texts that may carry an ID; `holds_id` tells which do.
    fn candidates(&self, id: &str) -> &[usize] {
        let words = split(id);
        let from = words.len().saturating_sub(2);
        let end = words.get(from..).unwrap_or_default().join("-");
        self.by_end.get(&end).map_or(&[], Vec::as_slice)
    }

    /// Whether a text carries an ID with the same letters in front of its number.
    fn uses_form(&self, id: &str) -> bool {
        let end = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
        self.forms.contains(&split(id.get(..end).unwrap_or(id)).join("-"))
    }
}

fn split(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether a text carries an ID: whole, in any case, `_` for `-`. `TC-ORD-001` does not carry `ORD-001`.
fn holds_id(text: &str, id: &str) -> bool {
    let id = plain(id.trim());
    let lower = plain(text);
    !id.is_empty()
        && lower.match_indices(&id).any(|(start, _)| {
            let front = lower.get(..start).unwrap_or_default();
            let behind = lower.get(start + id.len()..).unwrap_or_default();
            let mut next = behind.chars();
            let ends = match (next.next(), next.next()) {
                (Some('.'), Some(c)) => !c.is_ascii_digit(),
                (Some(c), _) => !c.is_alphanumeric(),
                (None, _) => true,
            };
            // Lower case may be longer than what it is made of; then nobody can tell the case.
            let same_bytes = lower.len() == text.len();
            let upper = same_bytes && text.get(start..start + id.len()).is_some_and(is_upper);
            let word_before = |word: &str| {
                let written = text.get(start.saturating_sub(word.len() + 1)..start.saturating_sub(1));
                begins_a_word(word, upper, same_bytes && written.is_some_and(is_upper))
            };
            let begins = match front.chars().next_back() {
                Some('-') => {
                    let word = front
                        .trim_end_matches('-')
                        .rsplit(|c: char| !c.is_alphanumeric())
                        .next()
                        .unwrap_or("");
                    front.ends_with("--") || word.is_empty() || word_before(word)
                }
                Some(c) => !c.is_alphanumeric(),
                None => true,
            };
            begins && ends
        })
}

/// Whether a word in front of an ID, joined to it by `-` or `_`, is no part of the ID: `test_ord_001`.
fn begins_a_word(word: &str, id_is_upper: bool, word_is_upper: bool) -> bool {
    const OF_TESTS: &[&str] = &["test", "tests", "it", "should", "case", "spec", "e2e", "scenario", "check"];
    /// Parts of IDs are short.
    const LONGEST_PART: usize = 4;
    if word.chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    OF_TESTS.contains(&word) || !word_is_upper && (id_is_upper || word.len() > LONGEST_PART)
}

fn is_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_alone() {
        for text in [
            "TC-ORD-001 creates",
            "[tc-ord-001]",
            "test_TC_ORD_001_creates",
            "test_tc_ord_001_creates",
            "checkout_tc_ord_001",
            "checkoutFlow_TC_ORD_001",
            "a (TC-ORD-001)",
            "TC-ORD-001.spec.ts",
            "x -- TC-ORD-001",
        ] {
            assert!(holds_id(text, "TC-ORD-001"), "{text}");
            let mut index = IdIndex::default();
            index.add(text, 7);
            assert_eq!(index.candidates("TC-ORD-001"), [7], "{text}");
            assert!(index.uses_form("TC-ORD-9"), "{text}");
        }
        for text in ["TC-ORD-0012", "XTC-ORD-001", "TC-ORD-002", "TC-ORD-001.1", ""] {
            assert!(!holds_id(text, "TC-ORD-001"), "{text}");
        }
        for text in ["TC-ORD-001", "tc_ord_001", "test_tc_ord_001_pays", "2-ORD-001", "[TC-ORD-001] pays"] {
            assert!(!holds_id(text, "ORD-001"), "{text}");
        }
        assert!(holds_id("ord_001_pays", "ORD-001") && holds_id("test_ord_001_pays", "ORD-001"));
        assert!(!holds_id("anything", "") && !holds_id("İTC-ORD-001", "ORD-001"));
    }
}
