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
    fold_up_to(text, usize::MAX, out);
}

/// [`fold_into`] until the fold is longer than `longest` bytes; whether it never was.
pub(crate) fn fold_up_to(text: &str, longest: usize, out: &mut String) -> bool {
    out.reserve(text.len().min(longest));
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
        match ASCII.get(c as usize) {
            Some(0) => {}
            Some(c) => out.push(*c as char),
            None => fold_other(c, &mut |c| out.push(c)),
        }
        if out.len() > longest {
            return false;
        }
    }
    out.len() <= longest
}

/// What a character beyond ASCII is in a fold.
fn fold_other(c: char, push: &mut impl FnMut(char)) {
    match folded(c) {
        Some('…') => push('…'),
        Some(c) => c.to_lowercase().for_each(push),
        None => {}
    }
}

/// The first bytes of a fold without the rest; none where the fold has fewer of them, or where a
/// link or an entity in front has to be taken apart first.
pub(crate) fn front_of_fold<const N: usize>(source: &str) -> Option<[u8; N]> {
    let mut front = [0; N];
    let mut at = 0;
    for byte in source.bytes() {
        match ASCII.get(usize::from(byte)) {
            // What these come to depends on what stands behind them.
            Some(_) if matches!(byte, b'.' | b'&' | b'[') => return front_by_characters(source),
            None => return front_by_characters(source),
            Some(0) => continue,
            Some(folded) => *front.get_mut(at)? = *folded,
        }
        at += 1;
        if at == N {
            return Some(front);
        }
    }
    None
}

/// The same for texts with more than plain letters in front.
fn front_by_characters<const N: usize>(source: &str) -> Option<[u8; N]> {
    let mut front = [0; N];
    let mut at = 0;
    let mut push = |c: char| {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            if let Some(slot) = front.get_mut(at) {
                *slot = byte;
            }
            at += 1;
        }
        at >= N
    };
    let mut dots = 0;
    for c in source.chars() {
        let full = match c {
            '.' => {
                dots += 1;
                dots == 3 && push('…')
            }
            '&' => return None,
            '[' if has_link(source) => return None,
            c => {
                dots = 0;
                let mut full = false;
                match ASCII.get(c as usize) {
                    Some(0) => {}
                    Some(c) => full = push(*c as char),
                    None => fold_other(c, &mut |c| full = push(c)),
                }
                full
            }
        };
        if full {
            return Some(front);
        }
    }
    None
}

/// Whether a text holds what [`crate::strip_inline`] takes apart and a fold alone does not: a link or an
/// entity. Other marks vanish in a fold anyway.
pub(crate) fn needs_stripping(source: &str) -> bool {
    memchr::memchr(b'&', source.as_bytes()).is_some() || has_link(source)
}

fn has_link(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr_iter(b']', bytes).any(|at| bytes.get(at + 1) == Some(&b'('))
}

/// What each character of ASCII other than a dot is in a fold; zero for those that are left out.
const ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b @ (b'a'..=b'z' | b'0'..=b'9') => b,
            b @ b'A'..=b'Z' => b.to_ascii_lowercase(),
            b @ (b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' | b'|') => b,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// What a character other than a dot is in a fold; letters beyond ASCII keep their case here.
fn folded(c: char) -> Option<char> {
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_front_is_that_of_the_whole_fold(text in "[a-zA-Z0-9 .,*`…—ÄİÉ<\\[\\]/-]{0,16}") {
            let whole = fold(&text);
            let front = front_of_fold::<6>(&text);
            prop_assert_eq!(front.as_ref().map(<[u8; 6]>::as_slice), whole.as_bytes().get(..6));
        }
    }

    #[test]
    fn links_and_entities_are_taken_apart_first() {
        assert_eq!(front_of_fold::<3>("[abc](d)"), None);
        assert_eq!(front_of_fold::<3>("&lt;abc"), None);
        assert_eq!(front_of_fold::<3>("[a] b"), Some(*b"[a]"));
        assert!(needs_stripping("see [a](b)") && needs_stripping("a &amp; b"));
        assert!(!needs_stripping("[ ] **a** `b`"));
    }

    #[test]
    fn folding_ignores_dress() {
        assert_eq!(fold("**Non‑goals** are _guardrails_."), "nongoalsareguardrails");
        assert_eq!(fold("As a <user/tenant>, I … and see ..."), "asa<user/tenant>i…andsee…");
        assert_eq!(fold("e.g. x"), "egx");
    }
}
