use crate::pattern::Pattern;
use crate::placeholder::{TokenKind, tokens_in};

/// What a field or a column may hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ValueSpec {
    /// Anything.
    Free,
    /// One of these; more may follow after a space or a mark.
    Enum(Vec<String>),
    /// One of these forms.
    Pattern(Vec<Pattern>),
    /// A date.
    Date,
    /// Exactly this, as the template has it.
    Constant(String),
    /// The template's example; any value may stand here.
    Example(String),
}

/// Reads what a template's own value says about the values that may stand in its place.
pub fn value_spec(value: &str) -> ValueSpec {
    let bare = value.trim().trim_matches('`').trim();
    if bare.is_empty() {
        return ValueSpec::Free;
    }
    if let Some(options) = options_of(bare, false) {
        return ValueSpec::Enum(options);
    }
    let tokens = tokens_in(bare);
    let [token] = tokens.as_slice() else {
        if !tokens.is_empty() {
            return ValueSpec::Free;
        }
        return ValueSpec::Example(bare.to_owned());
    };
    let whole = token.range == (0..bare.len());
    let inner = token.inner(bare).trim();
    if whole && let Some(options) = options_of(inner, true) {
        let patterns: Vec<Pattern> = options.iter().filter_map(|o| Pattern::of(o)).collect();
        if !patterns.is_empty() && patterns.len() == options.len() {
            return ValueSpec::Pattern(patterns);
        }
        return ValueSpec::Enum(options);
    }
    if is_date_form(inner) || token.kind == TokenKind::Date && whole && inner.len() <= 12 {
        return ValueSpec::Date;
    }
    match Pattern::of(bare) {
        Some(pattern) => ValueSpec::Pattern(vec![pattern]),
        None => ValueSpec::Free,
    }
}

/// `YYYY-MM-DD`, also inside a sentence that asks for a date ("date created on, in … (yyyy-mm-dd) format").
fn is_date_form(inner: &str) -> bool {
    let lower = inner.to_lowercase().replace(['\u{2010}', '\u{2011}'], "-");
    lower == "yyyy-mm-dd" || lower.starts_with("date") && lower.contains("yyyy-mm-dd")
}

/// Options in one value. Outside a placeholder they have to look like a choice (`Pass / Fail`, `a|b|c`).
fn options_of(text: &str, in_placeholder: bool) -> Option<Vec<String>> {
    let split =
        |separator: &str| -> Vec<String> { text.split(separator).map(|o| o.trim().to_owned()).collect() };
    let short = |options: &[String], words: usize| {
        options.len() >= 2
            && options.iter().all(|o| {
                !o.is_empty()
                    && o.split_whitespace().count() <= words
                    && o.chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\u{2011}' | '.' | '+'))
            })
    };
    for separator in [" • ", " · ", " | ", " / "] {
        // Outside a placeholder dots separate things that stand beside each other.
        if !in_placeholder && matches!(separator, " • " | " · ") {
            continue;
        }
        let options = split(separator);
        if short(&options, 3) && (in_placeholder || same_case(&options)) {
            return Some(options);
        }
    }
    if text.contains('|') {
        let options = split("|");
        if short(&options, 2) {
            return Some(options);
        }
    }
    if !in_placeholder {
        return None;
    }
    if text.contains('/') && !text.contains(' ') {
        let options = split("/");
        // `user/tenant` says who; `Low/Medium/High` is a choice.
        if options.len() >= 3 && short(&options, 1) {
            return Some(options);
        }
    }
    list_with_or(text).filter(|options| short(options, 4))
}

fn same_case(options: &[String]) -> bool {
    let upper = |o: &String| o.chars().next().is_some_and(char::is_uppercase);
    options.iter().all(upper) || options.iter().all(|o| !upper(o) && !o.contains(' '))
}

/// "A or B", "A, B, or C".
fn list_with_or(text: &str) -> Option<Vec<String>> {
    let (head, last) = text.rsplit_once(" or ")?;
    let mut options: Vec<String> =
        head.split(',').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
    options.push(last.trim().to_owned());
    Some(options)
}

/// Whether a short value names one of the options among other words ("Review/Modify", "Optional Modify").
pub fn names_option(value: &str, options: &[String]) -> bool {
    let words: Vec<&str> = value.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.len() <= 4 && options.iter().any(|o| words.iter().any(|w| w.eq_ignore_ascii_case(o)))
}

/// Whether a value is one of the options. Marks in front (✅, bold) and remarks behind are ignored.
pub fn matches_option(value: &str, options: &[String]) -> bool {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
    let value = value.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    options.iter().any(|option| {
        let option = option.replace('\u{2011}', "-");
        let Some(head) = value.get(..option.len()) else { return false };
        let rest = &value[option.len()..];
        head.eq_ignore_ascii_case(&option) && rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(value: &str) -> Option<Vec<String>> {
        match value_spec(value) {
            ValueSpec::Enum(options) => Some(options),
            _ => None,
        }
    }

    #[test]
    fn choices_are_read_in_every_notation() {
        for (value, expected) in [
            ("<Low • Medium • High>", vec!["Low", "Medium", "High"]),
            ("Pass / Fail", vec!["Pass", "Fail"]),
            ("OFF / ON", vec!["OFF", "ON"]),
            ("provisional|implementable|implemented", vec!["provisional", "implementable", "implemented"]),
            ("<Standards Track, Meta, or Informational>", vec!["Standards Track", "Meta", "Informational"]),
            ("<Core, Networking, Interface, or ERC>", vec!["Core", "Networking", "Interface", "ERC"]),
            ("[accepted | rejected]", vec!["accepted", "rejected"]),
        ] {
            assert_eq!(options(value).unwrap_or_default(), expected, "{value}");
        }
        for value in
            ["<tenants • % of traffic>", "<user/tenant>", "<page/flow>", "README / docs of it", "<name>"]
        {
            assert_eq!(options(value), None, "{value}");
        }
    }

    #[test]
    fn forms_and_examples() {
        assert_eq!(value_spec("<YYYY-MM-DD>"), ValueSpec::Date);
        assert_eq!(value_spec("<date created on, in ISO 8601 (yyyy-mm-dd) format>"), ValueSpec::Date);
        assert_eq!(value_spec("Spec"), ValueSpec::Example("Spec".into()));
        assert!(matches!(value_spec("`mvp-<X.Y.Z>`"), ValueSpec::Pattern(p) if p.len() == 1));
        let two = value_spec("<YYYY-MM-DD-short-slug or NN_Module_MVP_Spec>");
        assert!(matches!(two, ValueSpec::Pattern(p) if p.len() == 2));
    }

    #[test]
    fn options_match_with_remarks() {
        let options = vec!["Low".to_owned(), "High".to_owned()];
        assert!(matches_option("**High** (for now)", &options));
        assert!(matches_option("✅ low.", &options));
        assert!(matches_option("Low–High", &options));
        assert!(!matches_option("Highest", &options));
        assert!(!matches_option("Severe", &options));
    }
}
