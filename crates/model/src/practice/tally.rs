//! Counting what specs write, by a comparable form.

use super::{Share, Usage};
use std::collections::BTreeMap;

/// Specs that are named as examples.
const EXAMPLES: usize = 3;

/// Counts by a comparable form.
#[derive(Default)]
pub(super) struct Tally {
    entries: BTreeMap<String, Entry>,
}

#[derive(Default)]
pub(super) struct Entry {
    /// Specs that have it.
    pub(super) specs: usize,
    /// How often it was noted.
    pub(super) times: usize,
    last: Option<usize>,
    shown: BTreeMap<String, usize>,
    examples: Vec<String>,
}

impl Entry {
    /// The way in which most write it; the first by its letters where several are as frequent. Where hardly
    /// two write the same, the comparable form stands for all.
    fn name(&self, key: &str) -> String {
        let most = self.shown.values().max().copied().unwrap_or_default();
        if self.times >= 4 && most * 4 <= self.times && !key.is_empty() {
            let mut letters = key.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            return format!("{} …", first.chain(letters).collect::<String>());
        }
        self.shown
            .iter()
            .find(|(_, count)| **count == most)
            .map_or_else(String::new, |(name, _)| name.clone())
    }

    fn usage(&self, key: &str, count: usize, of: usize) -> Usage {
        Usage { name: self.name(key), share: Share::new(count, of), examples: self.examples.clone() }
    }

    pub(super) fn examples(&self) -> Vec<String> {
        self.examples.clone()
    }
}

/// What is counted, and what for it is listed.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    /// What the counts are a part of.
    pub(super) of: usize,
    /// The fewest specs for an entry to be listed.
    pub(super) min_specs: usize,
    /// Whether occurrences are counted and not specs.
    pub(super) times: bool,
}

impl Tally {
    /// Notes that a spec (by its place among all) has something. Specs come in order.
    pub(super) fn note(&mut self, spec: usize, name: &str, key: &str, shown: &str) {
        if !self.entries.contains_key(key) {
            self.entries.insert(key.to_owned(), Entry::default());
        }
        let Some(entry) = self.entries.get_mut(key) else { return };
        entry.times += 1;
        *entry.shown.entry(shown.to_owned()).or_default() += 1;
        if entry.last != Some(spec) {
            entry.last = Some(spec);
            entry.specs += 1;
            if entry.examples.len() < EXAMPLES {
                entry.examples.push(name.to_owned());
            }
        }
    }

    /// The only entry of a tally without keys.
    pub(super) fn only(&self) -> Option<&Entry> {
        self.entries.values().next()
    }

    /// What enough specs have, most frequent first, and how much was not listed.
    pub(super) fn listed(&self, whole: Whole) -> (Vec<Usage>, usize) {
        let mut out = Vec::new();
        let mut rare = 0;
        for (key, entry) in &self.entries {
            let count = if whole.times { entry.times } else { entry.specs };
            match entry.specs >= whole.min_specs {
                true => out.push(entry.usage(key, count, whole.of)),
                false => rare += count,
            }
        }
        sort(&mut out);
        (out, rare)
    }
}

/// Most frequent first, then by name.
pub(super) fn sort(usages: &mut [Usage]) {
    usages.sort_by(|a, b| b.share.count.cmp(&a.share.count).then_with(|| a.name.cmp(&b.name)));
}
