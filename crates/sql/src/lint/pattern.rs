//! Forms of names, as configurations write them: `V###__slug.sql`.

use std::fmt;

/// The form of a name: `###` stands for three digits or more, `slug` for small letters and digits with single
/// underscores between them, `*` for anything without a slash, and the rest for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    text: String,
    why: &'static str,
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} is no pattern for names: {}", self.text, self.why)
    }
}

impl std::error::Error for PatternError {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Digits(usize),
    Slug,
    Any,
    Same(char),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// If it is empty, or names a folder.
    pub fn read(text: &str) -> Result<Pattern, PatternError> {
        let wrong = |why| Err(PatternError { text: text.to_owned(), why });
        if text.is_empty() {
            return wrong("it is empty");
        }
        if text.contains('/') {
            return wrong("it names a folder; give the form of the last part of a path");
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let digits = rest.bytes().take_while(|byte| *byte == b'#').count();
            let (part, taken) = match first {
                '#' => (Part::Digits(digits), digits),
                '*' => (Part::Any, 1),
                's' if rest.starts_with("slug") => (Part::Slug, "slug".len()),
                other => (Part::Same(other), other.len_utf8()),
            };
            parts.push(part);
            rest = rest.get(taken..).unwrap_or("");
        }
        Ok(Pattern { text: text.to_owned(), parts })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a name is of this form.
    pub fn matches(&self, name: &str) -> bool {
        // The places in the name up to which the parts so far may reach.
        let mut places = vec![0];
        for part in &self.parts {
            let mut next: Vec<usize> =
                places.iter().flat_map(|at| ends(part, name.get(*at..).unwrap_or(""), *at)).collect();
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        places.contains(&name.len())
    }
}

/// Where a part may end that begins at `at`, with `rest` before it.
fn ends(part: &Part, rest: &str, at: usize) -> Vec<usize> {
    let run =
        |test: fn(char) -> bool| rest.chars().take_while(|c| test(*c)).map(char::len_utf8).sum::<usize>();
    match part {
        Part::Same(wanted) if rest.starts_with(*wanted) => vec![at + wanted.len_utf8()],
        Part::Same(_) => Vec::new(),
        Part::Digits(least) => {
            let run = run(|c| c.is_ascii_digit());
            (*least..=run).map(|length| at + length).collect()
        }
        Part::Any => rest.char_indices().map(|(index, _)| at + index).chain([at + rest.len()]).collect(),
        Part::Slug => {
            let run = run(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            let slug = |length: &usize| {
                let text = rest.get(..*length).unwrap_or("");
                !text.is_empty() && !text.starts_with('_') && !text.ends_with('_') && !text.contains("__")
            };
            (1..=run).filter(slug).map(|length| at + length).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, wanted: bool) {
        assert_eq!(Pattern::read(pattern).unwrap().matches(name), wanted, "{pattern} {name}");
    }

    #[test]
    fn names_are_held_to_patterns() {
        let house = "V###__slug.sql";
        check(house, "V001__add_tenant_id.sql", true);
        check(house, "V1000__x.sql", true);
        check(house, "V01__x.sql", false);
        check(house, "V001_x.sql", false);
        check(house, "V001__Add.sql", false);
        check(house, "V001__a__b.sql", false);
        check(house, "V001__a.sql.bak", false);
        check(house, "xV001__a.sql", false);
        check("####-*.sql", "0001-Some thing é.sql", true);
        check("####-*.sql", "0001-.sql", true);
        check("##############_slug", "20240131120000_add", true);
        check("m#slug", "m12", true);
        assert!(Pattern::read("").is_err());
        assert!(Pattern::read("a/b").unwrap_err().to_string().contains("folder"));
    }
}
