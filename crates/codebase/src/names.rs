//! Names as people spell them: in camel, snake, kebab or constant case, in the singular or plural.

use rustc_hash::FxHashSet;

/// More readings of a name than this are not compared.
const MOST_READINGS: usize = 64;

/// A name without case and separators: two names that fold to the same are spelt alike.
pub fn fold(name: &str) -> String {
    folded(name).collect()
}

/// What a name folds to, letter by letter, for whoever only compares it.
pub fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The words of a name in lower case: `OrderItem`, `order_item` and `order-item` have the same.
pub fn words(name: &str) -> Vec<String> {
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

/// A word and what it may be the plural of: its ending does not tell whether `caches` are `cache` or
/// `cach`, and `movies` `movie` or `movy`.
pub fn stems(word: &str) -> Vec<String> {
    const HISSING: [&str; 6] = ["s", "x", "z", "ch", "sh", "o"];
    let mut out = vec![word.to_owned()];
    if word.len() < 3 || word.ends_with("ss") {
        return out;
    }
    out.extend(word.strip_suffix('s').map(str::to_owned));
    out.extend(
        word.strip_suffix("es")
            .filter(|stem| HISSING.iter().any(|end| stem.ends_with(end)))
            .map(str::to_owned),
    );
    out.extend(word.strip_suffix("ies").filter(|stem| stem.len() > 1).map(|stem| format!("{stem}y")));
    out
}

/// Whether two words in lower case are the same but for number.
pub fn same_word(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let other = stems(b);
    stems(a).iter().any(|stem| other.contains(stem))
}

/// What all readings of a name have in common, wherever its words end: two names that differ by more
/// than case, separators and number mostly differ here, too.
pub fn rough(name: &str) -> String {
    let folded = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    folded.filter(|c| !matches!(c, 'e' | 's')).map(|c| if c == 'y' { 'i' } else { c }).collect()
}

/// Whether two names are the same but for case, separators and number.
pub fn same_words(a: &str, b: &str) -> bool {
    if rough(a) != rough(b) {
        return false;
    }
    let other = readings(b);
    readings(a).iter().any(|reading| other.contains(reading))
}

/// A name with each of its words in all numbers.
fn readings(name: &str) -> FxHashSet<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in words(name) {
        let stems = stems(&word);
        if out.len() * stems.len() > MOST_READINGS {
            return FxHashSet::from_iter([fold(name)]);
        }
        out = out.iter().flat_map(|front| stems.iter().map(move |stem| format!("{front}{stem}"))).collect();
    }
    out.into_iter().collect()
}

/// Whether a path is that of a test, a fixture or an example: what it names, the product need not have.
pub fn is_test_path(path: &str) -> bool {
    // Most paths hold none of these; they are asked about again and again.
    if path.is_ascii() && !path.as_bytes().windows(3).any(begins_a_sign) {
        return false;
    }
    let lower = path.to_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    // RSpec's helpers. What else lies in a folder of specs need not be a test: a product may have specs.
    let helps = |folder: &str| {
        format!("/{folder}/").contains("/spec/support/")
            || format!("/{folder}/").contains("/spec/factories/")
            || folder.ends_with("spec")
                && ["spec_helper.", "rails_helper."].iter().any(|h| file.starts_with(h))
    };
    folders.split('/').any(|folder| TEST_FOLDERS.contains(&folder))
        || file.starts_with("test_")
        || TEST_MARKS.iter().any(|mark| file.contains(mark))
        || file == "conftest.py"
        || helps(folders)
}

/// Folders of tests.
const TEST_FOLDERS: [&str; 8] =
    ["test", "tests", "__tests__", "e2e", "__mocks__", "mocks", "fixtures", "testdata"];

/// What stands in the names of files of tests.
const TEST_MARKS: [&str; 4] = ["_test.", ".test.", ".spec.", "_spec."];

/// Whether three letters are the first of a word that makes a path one of a test; each of those words holds some.
fn begins_a_sign(letters: &[u8]) -> bool {
    const SIGNS: [&[u8]; 5] = [b"tes", b"spe", b"e2e", b"moc", b"fix"];
    SIGNS.iter().any(|sign| letters.eq_ignore_ascii_case(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_signs_of_a_test_are_seen_at_first_sight() {
        for word in TEST_FOLDERS.into_iter().chain(TEST_MARKS).chain(["test_", "conftest.py", "spec"]) {
            assert!(word.as_bytes().windows(3).any(begins_a_sign), "{word}");
        }
    }

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
            ("status", "statuses"),
            ("movie", "movies"),
            ("cookie", "cookies"),
            ("size", "sizes"),
            ("cache", "caches"),
            ("bus", "buses"),
            ("menu", "menus"),
            ("branch", "branches"),
            ("hero", "heroes"),
            ("OrderItem", "order_items"),
            ("orderitem", "OrdersItems"),
            ("MovieCache", "movies_caches"),
        ] {
            assert!(same_words(one, many), "{one} {many}");
            assert!(same_words(many, one), "{one} {many}");
        }
        for (one, other) in [
            ("Order", "OrderItem"),
            ("class", "clas"),
            ("code", "cod"),
            ("address", "addre"),
            ("seed", "sed"),
            ("movie", "move"),
            ("", "s"),
        ] {
            assert!(!same_words(one, other), "{one} {other}");
        }
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
