//! Names as people spell them: in camel, snake, kebab or constant case, in the singular or plural.

pub(crate) use trueup_codebase::names::{fold, is_test_path, rough, same_word, same_words, stems, words};

/// Whether a name folds to this, without making the fold: every name of the code may be asked.
pub(crate) fn folds_to(name: &str, folded: &str) -> bool {
    trueup_codebase::names::folded(name).eq(folded.chars())
}

/// The spellings that a name has in code: as written, snake, kebab, camel, Pascal, constant, dotted.
pub(crate) fn spellings(name: &str) -> Vec<String> {
    let words = words(name);
    let title = |word: &String| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let pascal: String = words.iter().map(title).collect();
    let camel: String = words.iter().take(1).cloned().chain(words.iter().skip(1).map(title)).collect();
    let snake = words.join("_");
    let mut out = vec![
        name.to_owned(),
        snake.clone(),
        words.join("-"),
        camel,
        pascal,
        snake.to_uppercase(),
        words.join("."),
    ];
    let mut seen: Vec<String> = Vec::new();
    out.retain(|spelling| {
        let new = !spelling.is_empty() && !seen.contains(spelling);
        seen.push(spelling.clone());
        new
    });
    out
}

/// Whether a text could be a name at all: no spaces, no placeholder, some letter.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    text.chars().any(char::is_alphabetic) && text.chars().all(allowed) && !text.contains("...")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_stand_once() {
        assert_eq!(
            spellings("new-checkout"),
            ["new-checkout", "new_checkout", "newCheckout", "NewCheckout", "NEW_CHECKOUT", "new.checkout"]
        );
        assert_eq!(spellings("beta"), ["beta", "Beta", "BETA"]);
    }
}
