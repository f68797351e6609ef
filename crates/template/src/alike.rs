//! A cheap look at two texts before their distance is counted out.

/// Whether the likeness of two texts (1 less the edits between them, by the longer one's length) can reach
/// `least`. Letters that only one of them has cost an edit each; whoever asks counts the rest out.
pub fn may_be_alike(a: &str, b: &str, least: f64) -> bool {
    if !a.is_ascii() || !b.is_ascii() {
        return true;
    }
    let mut more = [0i32; 128];
    for byte in a.bytes() {
        if let Some(count) = more.get_mut(byte as usize) {
            *count += 1;
        }
    }
    for byte in b.bytes() {
        if let Some(count) = more.get_mut(byte as usize) {
            *count -= 1;
        }
    }
    let only_a: i32 = more.iter().filter(|count| **count > 0).sum();
    let only_b: i32 = -more.iter().filter(|count| **count < 0).sum::<i32>();
    let longest = a.len().max(b.len()) as f64;
    f64::from(only_a.max(only_b)) <= (1.0 - least) * longest + 1e-6
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_of_other_letters_are_not_alike() {
        assert!(may_be_alike("migration", "migratoin", 0.8));
        assert!(!may_be_alike("migration", "telemetry", 0.8));
        assert!(may_be_alike("", "", 0.8));
        assert!(may_be_alike("ä", "o", 0.8));
    }

    proptest! {
        #[test]
        fn nothing_that_is_alike_is_lost(a in "[a-e ]{0,12}", b in "[a-e ]{0,12}", least in 0.0f64..1.0) {
            let alike = strsim::normalized_damerau_levenshtein(&a, &b) >= least;
            prop_assert!(!alike || may_be_alike(&a, &b, least));
        }
    }
}
