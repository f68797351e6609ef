//! Names in the form in which they are compared: `dock-door-types`, `DockDoorType` and
//! `dock_door_types` are all `dock door type`.

use rustc_hash::FxHashSet;
use std::borrow::Cow;
use trueup_model::Endpoint;

/// The words of a name in lower case and singular.
pub fn words_of_name(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    let mut close = |word: &mut String| {
        if !word.is_empty() {
            words.push(singular(std::mem::take(word)));
        }
    };
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            close(&mut word);
        } else {
            let after_lower = before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit());
            let ends_acronym = before.is_some_and(char::is_uppercase)
                && chars.peek().is_some_and(|next| next.is_lowercase());
            if c.is_uppercase() && (after_lower || ends_acronym) {
                close(&mut word);
            }
            match c.is_ascii() {
                true => word.push(c.to_ascii_lowercase()),
                false => word.extend(c.to_lowercase()),
            }
        }
        before = Some(c);
    }
    close(&mut word);
    words
}

/// The singular of an English noun, as far as its ending tells.
fn singular(mut word: String) -> String {
    let (length, with) = stem_and_ending(&word);
    word.truncate(length);
    word.push_str(with);
    word
}

/// As much of a noun as its singular keeps, and what comes behind it there.
fn stem_and_ending(word: &str) -> (usize, &'static str) {
    const ENDINGS: &[(&str, &str)] = &[
        ("ies", "y"),
        ("sses", "ss"),
        ("uses", "us"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("s", ""),
    ];
    let plural = word.len() > 3 && word.ends_with('s');
    if !plural || ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return (word.len(), "");
    }
    let found = ENDINGS.iter().find(|(ending, _)| word.ends_with(ending));
    found.map_or((word.len(), ""), |(ending, with)| (word.len() - ending.len(), with))
}

/// What an endpoint is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resource {
    /// The words of the fixed parts of its path, without `api`, versions and query.
    pub parts: Vec<Vec<String>>,
    /// Whether the path ends in a parameter: it is about one member and not the collection.
    pub member: bool,
    /// Whether a fixed part follows a parameter (`/orders/:id/approve`).
    pub action: bool,
}

/// What an endpoint is about, by its path.
pub fn resource_of(endpoint: &Endpoint) -> Resource {
    let path = endpoint.path.split(['?', '#']).next().unwrap_or("");
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let parameter = |s: &str| s.starts_with([':', '{', '[', '<', '$']);
    let version = |s: &str| s.len() <= 3 && s.starts_with('v') && s[1..].bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<Vec<String>> = segments
        .iter()
        .filter(|s| !parameter(s) && **s != "api" && !(version(s) && s.len() > 1))
        .map(|s| words_of_name(s))
        .filter(|words| !words.is_empty())
        .collect();
    let member = segments.last().is_some_and(|s| parameter(s));
    let after_parameter = segments.windows(2).any(|pair| parameter(pair[0]) && !parameter(pair[1]));
    Resource { parts, member, action: after_parameter }
}

/// Whether an endpoint writes. A `POST` that only asks (search, preview, validate) does not.
pub fn is_write(endpoint: &Endpoint) -> bool {
    const ASKING: [&str; 14] = [
        "search",
        "query",
        "preview",
        "validate",
        "check",
        "count",
        "estimate",
        "calculate",
        "quote",
        "lookup",
        "resolve",
        "test",
        "verify",
        "dry",
    ];
    match endpoint.method.as_str() {
        "PUT" | "PATCH" | "DELETE" => true,
        "POST" => {
            let last = resource_of(endpoint).parts.pop().unwrap_or_default();
            !last.iter().any(|word| ASKING.contains(&word.as_str()))
        }
        _ => false,
    }
}

/// Whether one name's words end with the other's (`sales return` is a `return`), or two words of a path
/// stand in the longer name (`detention rule` in `detention fee rule`).
pub(crate) fn same_thing(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && (long.ends_with(short)
            || short.len() >= 2
                && short.last() == long.last()
                && short.iter().all(|word| long.contains(word)))
}

/// The words of a text, in lower case and singular.
pub(crate) type WordSet<'t> = FxHashSet<Cow<'t, str>>;

/// Whether a text holds all words of a name, in the singular or the plural.
pub(crate) fn mentions(text_words: &WordSet<'_>, words: &[String]) -> bool {
    !words.is_empty() && words.iter().all(|word| text_words.contains(word.as_str()))
}

/// The words of some texts, in lower case and singular; names in them come apart.
pub(crate) fn word_set<'t>(texts: impl IntoIterator<Item = &'t str>) -> WordSet<'t> {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut out = WordSet::default();
    let parts = texts.into_iter().flat_map(|text| text.split(|c: char| !inside(c)));
    for part in parts.filter(|part| !part.is_empty()) {
        // Most parts are words already, and are taken as they stand.
        if part.bytes().all(|byte| byte.is_ascii_lowercase()) {
            out.insert(as_singular(part));
        } else {
            out.extend(words_of_name(part).into_iter().map(Cow::Owned));
        }
    }
    out
}

fn as_singular(word: &str) -> Cow<'_, str> {
    let (length, with) = stem_and_ending(word);
    let stem = word.get(..length).unwrap_or(word);
    if with.is_empty() { Cow::Borrowed(stem) } else { Cow::Owned(format!("{stem}{with}")) }
}

/// A number with its noun.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trueup_text::Span;

    fn endpoint(method: &str, path: &str) -> Endpoint {
        Endpoint {
            method: method.to_owned(),
            path: path.to_owned(),
            summary: String::new(),
            request: None,
            response: None,
            span: Span::default(),
        }
    }

    #[test]
    fn names_come_apart() {
        for (name, words) in [
            ("dock-door-types", "dock door type"),
            ("DockDoorType", "dock door type"),
            ("sales_returns", "sale return"),
            ("HTTPSession", "http session"),
            ("statuses", "status"),
            ("addresses", "address"),
            ("categories", "category"),
            ("analysis", "analysis"),
            ("Überblicke", "überblicke"),
        ] {
            assert_eq!(words_of_name(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn endpoints_are_about_something() {
        let of = |path: &str| resource_of(&endpoint("GET", path));
        let resource = of("/api/v2/sales/returns/:id/approve?x=1");
        let parts: Vec<String> = resource.parts.iter().map(|p| p.join(" ")).collect();
        assert_eq!(parts, ["sale", "return", "approve"]);
        assert!(resource.action && !resource.member);
        assert!(of("/api/orders/{orderId}").member);
        assert!(
            is_write(&endpoint("POST", "/api/orders")) && !is_write(&endpoint("POST", "/api/orders/search"))
        );
        assert!(!is_write(&endpoint("GET", "/api/orders")));
    }
}
