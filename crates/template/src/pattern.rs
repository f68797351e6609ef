use std::fmt;

/// A part of a value's form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PatternPart {
    /// Exactly this text; letters in any case.
    Literal(String),
    /// `YYYY-MM-DD`
    Date,
    /// `1.2.3`
    Version,
    /// Digits.
    Number,
    /// Lower-case words with hyphens.
    Slug,
    /// A word of letters, digits and underscores.
    Word,
    /// Anything that is not empty.
    Text,
}

/// The form of a value, inferred from a placeholder that shows one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// The form as the template writes it.
    pub shown: String,
    /// Its parts in order.
    pub parts: Vec<PatternPart>,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Words that stand for "some word" inside a form.
const WORD_STAND_INS: &[&str] =
    &["module", "name", "slug", "short-slug", "title", "topic", "feature", "area", "component"];

impl Pattern {
    /// Reads a form such as `mvp-<X.Y.Z>`, `YYYY-MM-DD-short-slug` or `NN_Module_MVP_Spec`.
    /// None where nothing in it says more than "some text".
    pub fn of(shown: &str) -> Option<Pattern> {
        let bare: String =
            shown.chars().filter(|c| !matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '`')).collect();
        let bare = bare.replace(['\u{2010}', '\u{2011}'], "-");
        let bare = bare.trim();
        if bare.is_empty() || bare.split_whitespace().count() > 1 {
            return None;
        }
        let mut parts = Vec::new();
        let mut typed = false;
        let mut rest = bare;
        while !rest.is_empty() {
            let (part, length) = next_part(rest);
            typed |= matches!(part, PatternPart::Date | PatternPart::Version | PatternPart::Number);
            match (parts.last_mut(), part) {
                (Some(PatternPart::Literal(before)), PatternPart::Literal(more)) => before.push_str(&more),
                (_, part) => parts.push(part),
            }
            rest = &rest[length..];
        }
        typed.then(|| Pattern { shown: shown.trim_matches('`').to_owned(), parts })
    }

    /// Whether a value has this form from its start; what follows after a space or in parentheses is a remark.
    pub fn matches(&self, value: &str) -> bool {
        let value = value.replace(['\u{2010}', '\u{2011}'], "-");
        let value = value.trim().trim_matches('`').trim();
        match match_parts(&self.parts, value) {
            Some(rest) => {
                rest.is_empty()
                    || rest.starts_with(|c: char| !c.is_alphanumeric() && c != '-' && c != '_' && c != '.')
                    || rest.starts_with("-rc")
                    || rest.starts_with("-beta")
                    || rest.starts_with("-alpha")
            }
            None => false,
        }
    }
}

fn next_part(rest: &str) -> (PatternPart, usize) {
    for (form, part) in [
        ("YYYY-MM-DD", PatternPart::Date),
        ("yyyy-mm-dd", PatternPart::Date),
        ("X.Y.Z", PatternPart::Version),
        ("x.y.z", PatternPart::Version),
    ] {
        if rest.starts_with(form) {
            return (part, form.len());
        }
    }
    let lower = rest.to_lowercase();
    for stand_in in WORD_STAND_INS {
        let ends = |c: char| !c.is_alphanumeric();
        if lower.starts_with(stand_in) && rest[stand_in.len()..].chars().next().is_none_or(ends) {
            let slug = stand_in.contains("slug") || rest.starts_with(|c: char| c.is_lowercase());
            return (if slug { PatternPart::Slug } else { PatternPart::Word }, stand_in.len());
        }
    }
    if let Some(first) = rest.chars().next()
        && matches!(first, 'N' | 'X' | '0' | '#')
    {
        let run = rest.chars().take_while(|c| *c == first).count();
        let after = rest[run..].chars().next();
        if run >= 2 && after.is_none_or(|c| !c.is_alphanumeric()) {
            return (PatternPart::Number, run);
        }
    }
    let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let length = if word == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { word };
    (PatternPart::Literal(rest[..length].to_owned()), length)
}

/// What is left of a value after all parts have been read; none where it does not fit.
fn match_parts<'v>(parts: &[PatternPart], value: &'v str) -> Option<&'v str> {
    let Some((part, more)) = parts.split_first() else { return Some(value) };
    let take = |length: usize| match_parts(more, &value[length..]);
    match part {
        PatternPart::Literal(text) => {
            let head = value.get(..text.len())?;
            if !head.eq_ignore_ascii_case(text) {
                return None;
            }
            // `…_Spec` in a template and `…_Specs` in a file name are the same form.
            let plural = more.is_empty() && value[text.len()..].starts_with('s');
            take(text.len() + usize::from(plural))
        }
        PatternPart::Date => {
            let date = value.get(..10)?;
            let shaped = date
                .bytes()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
            if shaped { take(10) } else { None }
        }
        PatternPart::Version => {
            let length = value.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
            let version = value[..length].trim_end_matches('.');
            if version.split('.').count() != 3 || version.split('.').any(str::is_empty) {
                return None;
            }
            take(version.len())
        }
        PatternPart::Number => {
            let length = value.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                return None;
            }
            // A letter may follow a number in an ID: `SPEC-053a`.
            let letter = value[length..].bytes().take_while(u8::is_ascii_lowercase).take(1).count();
            take(length + letter).or_else(|| take(length))
        }
        PatternPart::Slug => {
            take_word(value, more, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        }
        PatternPart::Word => {
            take_word(value, more, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        }
        PatternPart::Text => (!value.is_empty()).then_some(""),
    }
}

/// The longest run of bytes after which the rest still fits.
fn take_word<'v>(value: &'v str, more: &[PatternPart], part_of: fn(u8) -> bool) -> Option<&'v str> {
    let longest = value.bytes().take_while(|b| part_of(*b)).take(200).count();
    (1..=longest).rev().find_map(|length| match_parts(more, &value[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_and_matched() {
        let version = Pattern::of("mvp-<X.Y.Z>").unwrap();
        assert!(version.matches("`mvp-0.3.0`"));
        assert!(version.matches("mvp-1.2.3 (tentative)"));
        assert!(!version.matches("0.3.0"));
        assert!(!version.matches("mvp-1.2"));
        let slug = Pattern::of("<YYYY-MM-DD-short-slug>").unwrap();
        assert!(slug.matches("2026-01-02-order-returns"));
        assert!(!slug.matches("order-returns"));
        let module = Pattern::of("NN_Module_MVP_Spec").unwrap();
        assert!(module.matches("04_Intake_MVP_Specs"));
        assert!(!module.matches("Intake_MVP_Spec"));
        let spec = Pattern::of("SPEC-XXX").unwrap();
        assert!(spec.matches("SPEC-053a"));
        assert!(!spec.matches("SPEC-abc"));
        assert!(Pattern::of("<what could bite us>").is_none());
        assert!(Pattern::of("<name>").is_none());
    }
}
