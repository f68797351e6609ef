//! Values as the server writes them in text (PostgreSQL's documentation, chapter "Data Types").

use trueup_postgres::SqlError;

/// A type that is read from text; `None` is the absent value.
pub(super) trait FromText: Sized {
    fn from_text(text: Option<&str>) -> Option<Self>;
}

impl FromText for String {
    fn from_text(text: Option<&str>) -> Option<Self> {
        text.map(str::to_owned)
    }
}

impl FromText for bool {
    fn from_text(text: Option<&str>) -> Option<Self> {
        match text? {
            "t" => Some(true),
            "f" => Some(false),
            _ => None,
        }
    }
}

impl FromText for u32 {
    fn from_text(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

impl FromText for i32 {
    fn from_text(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

impl FromText for i16 {
    fn from_text(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

impl FromText for Vec<String> {
    fn from_text(text: Option<&str>) -> Option<Self> {
        array(text?)
    }
}

impl<T: FromText> FromText for Option<T> {
    fn from_text(text: Option<&str>) -> Option<Self> {
        match text {
            None => Some(None),
            some => T::from_text(some).map(Some),
        }
    }
}

pub(super) fn wrong(at: usize, text: Option<&str>) -> SqlError {
    let message = format!("column {at} of an answer cannot be read: {}", text.unwrap_or("NULL"));
    // Not an empty code: the connection is there.
    SqlError { sqlstate: "XX000".to_owned(), message, ..SqlError::default() }
}

/// The elements of an array of one dimension: `{plain,"with, \"quotes\""}`. An element that is absent is none.
fn array(text: &str) -> Option<Vec<String>> {
    let inside = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut out = Vec::new();
    let mut rest = inside.chars().peekable();
    while rest.peek().is_some() {
        let mut element = String::new();
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next()? {
                    '"' => break,
                    '\\' => element.push(rest.next()?),
                    other => element.push(other),
                }
            }
        } else {
            while let Some(other) = rest.next_if(|other| *other != ',') {
                element.push(other);
            }
            if element.is_empty() || element.eq_ignore_ascii_case("null") {
                return None;
            }
        }
        out.push(element);
        match rest.next() {
            None => return Some(out),
            // Behind a comma there is one more.
            Some(',') if rest.peek().is_some() => {}
            Some(_) => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read() {
        let check = |text: &str, wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(array(text), Some(wanted), "{text}");
        };
        check("{}", &[]);
        check("{a}", &["a"]);
        check("{a,b c}", &["a", "b c"]);
        check(r#"{"",x}"#, &["", "x"]);
        check(
            r#"{"a, b","say \"no\"","back\\slash","NULL"}"#,
            &["a, b", "say \"no\"", "back\\slash", "NULL"],
        );
        check("{äöü,日本}", &["äöü", "日本"]);
        check("{PUBLIC\u{1f}EXECUTE\u{1f}false}", &["PUBLIC\u{1f}EXECUTE\u{1f}false"]);
        for odd in ["", "a", "{", "{a", "{NULL}", "{a,}", "{,a}", r#"{"a}"#, r#"{"a"b}"#] {
            assert_eq!(array(odd), None, "{odd}");
        }
    }

    #[test]
    fn values_are_read() {
        assert_eq!(bool::from_text(Some("t")), Some(true));
        assert_eq!(bool::from_text(Some("true")), None);
        assert_eq!(u32::from_text(Some("4294967295")), Some(u32::MAX));
        assert_eq!(i16::from_text(Some("-1")), Some(-1));
        assert_eq!(String::from_text(None), None);
        assert_eq!(Option::<String>::from_text(None), Some(None));
        assert_eq!(Option::<Vec<String>>::from_text(Some("{x}")), Some(Some(vec!["x".to_owned()])));
        assert_eq!(Option::<u32>::from_text(Some("x")), None);
    }
}
