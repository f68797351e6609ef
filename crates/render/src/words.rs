/// A number with its noun: `1 spec`, `2 specs`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Names in one sentence: `a`, `a and b`, `a, b and c`. After `shown` names the rest is counted.
pub(crate) fn list(names: &[String], shown: usize, one: &str, many: &str) -> String {
    let mut parts: Vec<String> = names.iter().take(shown).cloned().collect();
    if names.len() > shown {
        parts.push(count(names.len() - shown, &format!("more {one}"), &format!("more {many}")));
    }
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(count(0, "spec", "specs"), "0 specs");
        assert_eq!(count(1, "spec", "specs"), "1 spec");
        assert_eq!(count(2, "spec", "specs"), "2 specs");
    }

    #[test]
    fn lists_end_with_and() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(String::from).to_vec();
        assert_eq!(list(&[], 3, "folder", "folders"), "");
        assert_eq!(list(&names[..1], 3, "folder", "folders"), "a");
        assert_eq!(list(&names[..2], 3, "folder", "folders"), "a and b");
        assert_eq!(list(&names, 4, "folder", "folders"), "a, b, c and d");
        assert_eq!(list(&names, 3, "folder", "folders"), "a, b, c and 1 more folder");
    }
}
