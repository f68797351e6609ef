//! Fields of entities and types as properties.

use super::lex;
use super::plain_line;
use super::schema::Schema;
use super::shape::shape;
use trueup_model::Field;

/// A property of an object.
#[derive(Debug)]
pub(super) struct Property {
    pub name: String,
    pub schema: Schema,
    pub required: bool,
}

/// A field as a property; none where its name is no name.
pub(super) fn property(field: &Field) -> Option<Property> {
    let written = field.name.trim().trim_matches('`');
    let name = plain_line(written.trim_end_matches('?'));
    if name.is_empty() {
        return None;
    }
    let text = unwrapped(field.type_text.trim());
    let lower = text.to_ascii_lowercase();
    let (mut schema, rest) = read_type(text);
    if schema.choices.is_empty()
        && let Some(words) = checked_words(text, &lower).or_else(|| listed_words(text, &lower))
    {
        schema = Schema::choice(words);
    }
    let optional = written.ends_with('?') || std::mem::take(&mut schema.optional);
    if rest.starts_with('?') || says_null(&lower) {
        schema = schema.or_null();
    }
    let said_more = rest.trim_start_matches('?').chars().any(char::is_alphanumeric);
    if said_more && schema.description.is_none() {
        schema.description = Some(plain_line(text));
    }
    let required =
        !optional && ["not null", "required", "primary key"].iter().any(|word| lower.contains(word));
    Some(Property { name, schema, required: required && !lower.contains("not required") })
}

/// `(uuid)` and `` `uuid` `` without what is around them.
fn unwrapped(text: &str) -> &str {
    let text = text.trim_matches('`').trim();
    match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner.trim(),
        _ => text,
    }
}

/// The type in front of a text, and what stands behind it.
fn read_type(text: &str) -> (Schema, &str) {
    let Some(found) = shape(text) else { return (Schema::default(), text) };
    let rest = text.get(found.end..).unwrap_or("").trim_start();
    let mut schema = found.schema;
    // One literal or a word in small letters is a value or prose, but no type.
    let is_prose = schema.named.as_deref().is_some_and(|name| !name.starts_with(char::is_uppercase));
    // A property of one value only.
    if rest.is_empty() && text.starts_with(['\'', '"']) && schema.choices.is_empty() {
        let words = schema.examples.iter().filter_map(|value| value.as_str().map(str::to_owned));
        return (Schema::choice(words.collect::<Vec<_>>()), rest);
    }
    let is_value = !schema.examples.is_empty() && schema.format.is_none();
    let is_sentence =
        schema.named.is_some() && rest.starts_with(|c: char| c.is_lowercase() && lex::is_word(c));
    if is_prose || is_value || is_sentence {
        return (Schema::default(), text);
    }
    schema.examples.clear();
    (schema, rest)
}

/// The words of `string, one of open, done`.
fn listed_words(text: &str, lower: &str) -> Option<Vec<String>> {
    let at = lower.find("one of ").filter(|at| text.is_char_boundary(*at))?;
    let list = text.get(at + 7..)?.trim_start_matches(':').split([';', '.', '(']).next()?;
    let list = list.replace(" or ", ", ");
    let words = list.split(['|', '/', ',']).map(|word| word.trim().trim_matches(['`', '\'', '"']));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(plain_line).collect();
    let is_word = |word: &String| word.chars().all(|c| lex::is_word(c) || c == '-');
    (words.len() > 1 && words.iter().all(is_word)).then_some(words)
}

/// The words of `CHECK (status IN ('a', 'b'))`.
fn checked_words(text: &str, lower: &str) -> Option<Vec<String>> {
    let at = lower.find(" in (")?;
    let inside = text.get(at + 5..)?;
    let inside = &inside[..inside.find(')')?];
    let words: Vec<String> =
        inside.split(',').map(|word| plain_line(word.trim().trim_matches(['\'', '"']))).collect();
    let quoted = inside.trim_start().starts_with(['\'', '"']);
    (quoted && words.iter().all(|word| !word.is_empty())).then_some(words)
}

/// Whether the words say that the field may be null.
fn says_null(lower: &str) -> bool {
    let words: Vec<&str> = lower.split(|c: char| !lex::is_word(c)).filter(|word| !word.is_empty()).collect();
    let negated =
        |at: usize| at > 0 && matches!(words[at - 1], "not" | "non" | "is" | "set" | "if" | "when" | "or");
    words.iter().enumerate().any(|(at, word)| match *word {
        "nullable" => at == 0 || !matches!(words[at - 1], "not" | "non"),
        "null" => !negated(at),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use trueup_text::Span;

    #[track_caller]
    fn check(type_text: &str, expected: Value, required: bool) {
        let field = Field { name: "f".to_owned(), type_text: type_text.to_owned(), span: Span::at(0) };
        let found = property(&field).unwrap();
        assert_eq!(serde_json::to_value(&found.schema).unwrap(), expected, "{type_text}");
        assert_eq!(found.required, required, "{type_text}");
    }

    #[test]
    fn types_of_sql_typescript_and_words() {
        check("(uuid)", json!({"type": "string", "format": "uuid"}), false);
        check(
            "VARCHAR(50) NOT NULL",
            json!({"type": "string", "maxLength": 50, "description": "VARCHAR(50) NOT NULL"}),
            true,
        );
        check("string | null", json!({"type": ["string", "null"]}), false);
        check(
            "UUID nullable",
            json!({"type": ["string", "null"], "format": "uuid", "description": "UUID nullable"}),
            false,
        );
        check("UUID?", json!({"type": ["string", "null"], "format": "uuid"}), false);
        check("text[]", json!({"type": "array", "items": {"type": "string"}}), false);
        check("'open' | 'done'", json!({"type": "string", "enum": ["open", "done"]}), false);
        check("open | done", json!({"type": "string", "enum": ["open", "done"]}), false);
        check("Record<string", json!({"type": "object", "additionalProperties": {"type": "string"}}), false);
        check("jsonb", json!({}), false);
        check("'module'", json!({"type": "string", "enum": ["module"]}), false);
        check("", json!({}), false);
        check("the customer's name", json!({"description": "the customer's name"}), false);
    }

    #[test]
    fn checks_name_the_values() {
        let text = "TEXT NOT NULL CHECK (status IN ('open', 'done'))";
        check(text, json!({"type": "string", "enum": ["open", "done"], "description": text}), true);
        let text = "string, one of open, in_progress or done";
        check(
            text,
            json!({"type": "string", "enum": ["open", "in_progress", "done"], "description": text}),
            false,
        );
        check("one of the orders", json!({"description": "one of the orders"}), false);
        check("enum('a', 'b')", json!({"type": "string", "enum": ["a", "b"]}), false);
    }
}
