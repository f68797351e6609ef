//! Several values in one place: rows of VALUES, lists.

use super::graph::From;
use std::collections::BTreeSet;

/// What several values are as one: nothing where one of them is not known.
pub(super) fn alike(values: impl Iterator<Item = Option<From>>) -> Option<From> {
    let distinct: BTreeSet<From> = values.collect::<Option<_>>()?;
    let texts: Option<Vec<&str>> = distinct.iter().map(text).collect();
    match (distinct.len(), texts) {
        (0, _) => None,
        (1, _) => distinct.into_iter().next(),
        // Columns: which row has which is not known.
        (_, None) => None,
        (_, Some(texts)) => {
            let some = texts.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let literals: BTreeSet<&str> = texts.iter().filter_map(|text| literal(text)).collect();
            let differs =
                literals.len() > 1 || distinct.iter().any(|from| matches!(from, From::Differing(_)));
            Some(if differs { From::Differing(some) } else { From::Several(some) })
        }
    }
}

fn text(from: &From) -> Option<&str> {
    match from {
        From::Value(text) | From::Several(text) | From::Differing(text) => Some(text),
        From::Column(_) => None,
    }
}

/// What a literal stands for, quoted or not; nothing where it is no literal.
pub(super) fn literal(text: &str) -> Option<&str> {
    if text.parse::<f64>().is_ok() {
        return Some(text);
    }
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}
