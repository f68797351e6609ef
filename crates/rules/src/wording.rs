//! Words that carry what a sentence is about, in a form in which two sentences can be compared.

use rustc_hash::FxHashSet;

/// Words that say nothing about what a sentence is about.
const EMPTY: &[&str] = &[
    "about", "after", "again", "all", "already", "also", "always", "and", "another", "any", "are", "back",
    "been", "before", "being", "both", "but", "can", "cannot", "could", "does", "each", "every", "for",
    "from", "get", "gets", "goes", "golden", "had", "happy", "has", "have", "her", "him", "his", "how",
    "into", "its", "just", "later", "like", "load", "loads", "made", "make", "makes", "may", "more", "most",
    "must", "new", "not", "now", "off", "one", "only", "onto", "other", "our", "out", "over", "own", "path",
    "per", "see", "seeing", "seen", "sees", "shall", "she", "should", "show", "shown", "shows", "some",
    "still", "succeed", "succeeds", "such", "system", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "through", "under", "until", "use", "used", "user", "users",
    "uses", "using", "very", "via", "was", "were", "what", "when", "where", "whether", "which", "while",
    "who", "whose", "will", "with", "within", "without", "work", "works", "would", "you", "your", "error",
    "errors",
];

/// The words of a text that say what it is about, each by its stem.
pub(crate) fn content_words(text: &str) -> FxHashSet<String> {
    ordered_words(text).into_iter().collect()
}

/// The same in their order.
pub(crate) fn ordered_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let told = words.filter(|w| w.chars().count() >= 3 && !EMPTY.contains(w));
    told.filter(|w| !w.bytes().all(|b| b.is_ascii_digit())).map(stem).collect()
}

/// A word without its ending: "refunds", "refunded" and "refunding" are one.
pub(crate) fn stem(word: &str) -> String {
    let long = |end: &str, left: usize| word.strip_suffix(end).filter(|rest| rest.chars().count() >= left);
    if let Some(rest) = long("ies", 3) {
        return format!("{rest}y");
    }
    let bare = ["ing", "ed", "es", "s", "ly"].iter().find_map(|end| long(end, 3)).unwrap_or(word);
    bare.strip_suffix('e').filter(|rest| rest.chars().count() >= 3).unwrap_or(bare).to_owned()
}

/// What stands in quotation marks or in code: words that two sentences hardly share by chance.
pub(crate) fn quoted(source: &str) -> FxHashSet<String> {
    let mut out = FxHashSet::default();
    for (open, close) in [('"', '"'), ('“', '”'), ('`', '`')] {
        let mut rest = source;
        while let Some((_, behind)) = rest.split_once(open) {
            let Some((inside, after)) = behind.split_once(close) else { break };
            if !inside.trim().is_empty() && inside.len() <= 80 {
                out.insert(inside.trim().to_lowercase());
            }
            rest = after;
        }
    }
    out
}
