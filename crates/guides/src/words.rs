use crate::Guide;
use rustc_hash::FxHashMap;
use trueup_text::Span;

/// Where the words of a rule stand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Found {
    /// How much of the rule's words stand there, from 0 to 1.
    pub likeness: f64,
    /// The statement.
    pub span: Span,
}

/// The statement of a guide that holds most of a rule's words, if any holds half of them.
pub fn find_rule(guide: &Guide, rule: &str) -> Option<Found> {
    let wanted = key_words(rule);
    if wanted.len() < 2 {
        return None;
    }
    let mut shared: FxHashMap<u32, usize> = FxHashMap::default();
    for statement in wanted.iter().filter_map(|word| guide.by_word.get(word)).flatten() {
        *shared.entry(*statement).or_default() += 1;
    }
    // The first of those that hold most.
    let (at, count) = shared.into_iter().max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at)))?;
    let likeness = count as f64 / wanted.len() as f64;
    let (_, span) = guide.statements.get(at as usize)?;
    (likeness >= 0.5).then_some(Found { likeness, span: *span })
}

/// The share of the words of a rule that stand in a text, from 0 to 1.
pub fn likeness(rule: &str, text: &str) -> f64 {
    share(&key_words(rule), &key_words(text))
}

fn share(wanted: &[String], there: &[String]) -> f64 {
    if wanted.is_empty() {
        return 0.0;
    }
    let found = wanted.iter().filter(|word| there.contains(word)).count();
    found as f64 / wanted.len() as f64
}

/// Words that every rule has.
const COMMON: [&str; 34] = [
    "the", "a", "an", "and", "or", "of", "in", "on", "to", "for", "with", "by", "is", "are", "be", "all",
    "any", "no", "not", "must", "never", "always", "should", "use", "used", "via", "from", "each", "every",
    "only", "that", "this", "when", "do",
];

/// The words that carry a rule, in lower case and without their endings.
pub(crate) fn key_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
    let mut words: Vec<String> =
        parts.filter(|w| w.len() > 1 && !COMMON.contains(w)).map(|w| stem(w).to_owned()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A word without the commonest endings: `relationships`, `scoped`, `filtering`.
fn stem(word: &str) -> &str {
    for ending in ["ings", "ing", "ies", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= 4
        {
            return stem;
        }
    }
    word
}
