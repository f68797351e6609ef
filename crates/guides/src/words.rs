use crate::Guide;
use trueup_text::Span;

/// Where the words of a rule stand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Found {
    /// How much of the rule's words stand there, from 0 to 1.
    pub likeness: f64,
    /// The statement.
    pub span: Span,
}

/// The words of a rule that is looked for in guides.
#[derive(Clone, Debug)]
pub struct Sought {
    words: Vec<String>,
}

impl Sought {
    /// Takes a rule apart.
    pub fn new(rule: &str) -> Sought {
        let lower = rule.to_lowercase();
        Sought { words: key_words(&lower).into_iter().map(str::to_owned).collect() }
    }

    /// The statement of a guide that holds most of the rule's words, if any holds half of them.
    pub fn find(&self, guide: &Guide) -> Option<Found> {
        let wanted = &self.words;
        if wanted.len() < 2 {
            return None;
        }
        // How many of the words each statement holds.
        let mut shared: Vec<u32> = vec![0; guide.statements.len()];
        for statement in wanted.iter().filter_map(|word| guide.by_word.get(word)).flatten() {
            if let Some(count) = shared.get_mut(*statement as usize) {
                *count += 1;
            }
        }
        // The first of those that hold most.
        let (at, count) =
            shared.into_iter().enumerate().max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at)))?;
        let likeness = f64::from(count) / wanted.len() as f64;
        let (_, span) = guide.statements.get(at)?;
        (likeness >= 0.5).then_some(Found { likeness, span: *span })
    }
}

/// The share of the words of a rule that stand in a text, from 0 to 1.
pub fn likeness(rule: &str, text: &str) -> f64 {
    let (rule, text) = (rule.to_lowercase(), text.to_lowercase());
    share(&key_words(&rule), &key_words(&text))
}

fn share(wanted: &[&str], there: &[&str]) -> f64 {
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

/// The longest of them, in bytes.
const LONGEST_COMMON: usize = 6;

/// The words that carry a rule, without their endings and each once. `lower` is in lower case.
fn key_words(lower: &str) -> Vec<&str> {
    let mut words: Vec<&str> = all_key_words(lower).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The same in their order, each as often as it is said.
pub(crate) fn all_key_words(lower: &str) -> impl Iterator<Item = &str> {
    let parts = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
    let common = |word: &str| word.len() <= LONGEST_COMMON && COMMON.contains(&word);
    parts.filter(move |word| word.len() > 1 && !common(word)).map(stem)
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
