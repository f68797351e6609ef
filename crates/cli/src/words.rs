//! Small things of language.

pub(crate) use trueup_render::count;

/// Words with commas and a last word before the last: `a, b or c`.
pub(crate) fn listed(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., end] => format!("{} {last} {end}", head.join(", ")),
    }
}

/// A text cut to a number of characters, with a mark where something was cut off.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(characters) {
        Some((at, _)) => format!("{}…", one_line[..at].trim_end()),
        None => one_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_well() {
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()], "or"), "a, b or c");
        assert_eq!(shortened("one  two\nthree", 7), "one two…");
    }
}
