/// Brings a text into the form in which a document's words are held against the template's: letters and
/// digits in lower case, and the marks that placeholders are made of. White space, emphasis and
/// punctuation are gone, so re-wrapping and typographic quotes make no difference.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// [`fold`] into a buffer that is kept.
pub fn fold_into(text: &str, out: &mut String) {
    let mut dots = 0;
    for c in text.chars() {
        if c == '.' {
            dots += 1;
            if dots == 3 {
                out.push('…');
            }
            continue;
        }
        dots = 0;
        match folded(c) {
            Some(c) if c.is_ascii() || c == '…' => out.push(c),
            Some(c) => out.extend(c.to_lowercase()),
            None => {}
        }
    }
}

/// What a character other than a dot is in a fold; letters beyond ASCII keep their case here.
pub(crate) fn folded(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' | '<' | '>' | '[' | ']' | '{' | '}' | '…' | '/' | '%' | '|' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        c if c.is_ascii() => None,
        c => c.is_alphanumeric().then_some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_ignores_dress() {
        assert_eq!(fold("**Non‑goals** are _guardrails_."), "nongoalsareguardrails");
        assert_eq!(fold("As a <user/tenant>, I … and see ..."), "asa<user/tenant>i…andsee…");
        assert_eq!(fold("e.g. x"), "egx");
    }
}
