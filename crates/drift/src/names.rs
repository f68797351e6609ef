//! Names as people spell them: in camel, snake, kebab or constant case, in the singular or plural.

/// A name without case and separators: two names that fold to the same are spelt alike.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name in lower case: `OrderItem`, `order_item` and `order-item` have the same.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            out.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty()));
            continue;
        }
        let before = at.checked_sub(1).and_then(|b| chars.get(b));
        let behind = chars.get(at + 1);
        // `orderItem` and `HTTPServer` are two words each.
        let begins = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_ascii_digit()
                    || b.is_uppercase() && behind.is_some_and(|n| n.is_lowercase())
            });
        if begins {
            out.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty()));
        }
        word.extend(c.to_lowercase());
    }
    out.extend(Some(word).filter(|w| !w.is_empty()));
    out
}

/// A word in the singular, as far as its ending tells. The same for both numbers is what counts.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word.get(..word.len() - 2).unwrap_or(word).to_owned();
        }
    }
    let kept = word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") || word.len() < 3;
    match word.strip_suffix('s') {
        Some(stem) if !kept => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The words of a name in the singular.
pub(crate) fn stems(name: &str) -> Vec<String> {
    words(name).iter().map(|word| singular(word)).collect()
}

/// Whether two names are the same but for case, separators and number.
pub fn same_words(a: &str, b: &str) -> bool {
    stems(a).concat() == stems(b).concat()
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

/// Whether a path is that of a test, a fixture or an example: what it names, the product need not have.
pub(crate) fn is_test_path(path: &str) -> bool {
    let lower = path.to_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    const FOLDERS: &[&str] =
        &["test", "tests", "__tests__", "spec", "specs", "e2e", "__mocks__", "mocks", "fixtures", "testdata"];
    folders.split('/').any(|folder| FOLDERS.contains(&folder))
        || file.starts_with("test_")
        || ["_test.", ".test.", ".spec.", "_spec."].iter().any(|mark| file.contains(mark))
        || file == "conftest.py"
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
    fn words_of_all_spellings() {
        for name in [
            "orderItemIds",
            "OrderItemIds",
            "order_item_ids",
            "order-item-ids",
            "ORDER_ITEM_IDS",
            "order.item ids",
        ] {
            assert_eq!(words(name), ["order", "item", "ids"], "{name}");
        }
        assert_eq!(words("HTTPServer"), ["http", "server"]);
        assert_eq!(words(""), Vec::<String>::new());
    }

    #[test]
    fn number_does_not_count() {
        for (one, many) in [
            ("box", "boxes"),
            ("category", "categories"),
            ("address", "addresses"),
            ("order", "orders"),
            ("status", "status"),
        ] {
            assert_eq!(singular(one), singular(many), "{one}");
        }
        assert!(same_words("OrderItem", "order_items"));
        assert!(!same_words("Order", "OrderItem"));
    }

    #[test]
    fn spellings_stand_once() {
        assert_eq!(
            spellings("new-checkout"),
            ["new-checkout", "new_checkout", "newCheckout", "NewCheckout", "NEW_CHECKOUT", "new.checkout"]
        );
        assert_eq!(spellings("beta"), ["beta", "Beta", "BETA"]);
    }

    #[test]
    fn tests_are_told_by_their_paths() {
        for path in ["tests/a.py", "src/a.test.ts", "pkg/a_test.go", "a/__tests__/b.ts", "test_a.py"] {
            assert!(is_test_path(path), "{path}");
        }
        for path in ["src/latest.ts", "src/contest/a.ts", "app/spec.ts"] {
            assert!(!is_test_path(path), "{path}");
        }
    }
}
