//! What a spec says of a request, a response or a payload: a shape where one is told, and the words.

use super::plain_lines;
use super::schema::Schema;
use super::shape::shape;
use serde_json::Value;

/// A request, a response or a payload.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Body {
    /// The status code that it begins with.
    pub status: Option<u16>,
    /// Its shape.
    pub schema: Option<Schema>,
    /// The whole of it, where it is JSON.
    pub example: Option<Value>,
    /// What is said, unless the shape says it all.
    pub words: Option<String>,
    /// Whether it is sent as a form with files.
    pub is_form: bool,
}

impl Body {
    /// Puts names of types right with `resolve`. A body that is nothing but a name that nothing is known of is words.
    pub fn resolved(mut self, resolve: impl Fn(&mut Schema)) -> Body {
        self.schema.iter_mut().for_each(resolve);
        if let Some(schema) = self.schema.take_if(|schema| schema.is_only_words()) {
            self.words = self.words.or(schema.description);
        }
        self
    }
}

/// Reads what is said of a request, a response or a payload.
pub(super) fn body(text: &str) -> Body {
    let text = text.trim();
    if let Some(body) = json(text) {
        return body;
    }
    let found = object_in(text).or_else(|| bullets(text)).or_else(|| names(text)).or_else(|| type_name(text));
    let (schema, said_all) = match found {
        Some((schema, said_all)) => (Some(schema), said_all),
        None => (None, false),
    };
    let words = Some(plain_lines(text)).filter(|words| !said_all && !words.is_empty());
    let is_form = text.to_ascii_lowercase().contains("multipart");
    Body { status: None, schema, example: None, words, is_form }
}

/// Reads what is said of responses: each part that begins with a status code is one (`201: { id }, or 409 when
/// it is there already`).
pub(super) fn bodies(text: &str) -> Vec<Body> {
    let text = text.trim();
    let told_by_status = split_status(text).0.is_some();
    let mut starts = vec![0];
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' | '(' => open += 1,
            '}' | ']' | ')' => open -= 1,
            '1'..='5' if open <= 0 && at > 0 && begins_response(text, at, told_by_status) => starts.push(at),
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().map(|end| without_joint(&text[..end]).len());
    let ends = ends.chain([text.len()]);
    let one = |part: &str| {
        let (status, rest) = split_status(part);
        Body { status, ..body(rest) }
    };
    starts.iter().zip(ends).map(|(start, end)| one(text.get(*start..end).unwrap_or(""))).collect()
}

/// A part of a sentence without what joins it to the next.
fn without_joint(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let shorter = text.trim_end_matches([',', ';', '/', '|', '-', '*', '•', '`']).trim_end();
        let shorter = [" or", " and"].iter().find_map(|word| shorter.strip_suffix(word)).unwrap_or(shorter);
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

/// Whether a status code stands here as the first word of a part.
fn begins_response(text: &str, at: usize, told_by_status: bool) -> bool {
    let (Some(code), _) = split_status(&text[at..]) else { return false };
    let before = text[..at].trim_end_matches(['`', '*', ' ']);
    let words = [" or", " and", "\nor"];
    let joined = before.ends_with([',', ';', '.', '\n', '\r', '/', '|', '-', '•'])
        || words.iter().any(|w| before.ends_with(w));
    let apart = !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '$' | '#'));
    joined && apart && (told_by_status || ERRORS.contains(&code))
}

/// Numbers that are status codes for sure, among words as well.
const ERRORS: [u16; 18] =
    [400, 401, 402, 403, 404, 405, 409, 410, 412, 413, 415, 422, 423, 428, 429, 500, 502, 503];

/// Status codes that may as well be numbers.
const OTHERS: [u16; 13] = [200, 201, 202, 203, 204, 205, 206, 207, 301, 302, 303, 304, 307];

/// `200 — { … }`, `201: …`, `202 with …`
fn split_status(text: &str) -> (Option<u16>, &str) {
    let start = text.trim_start_matches(['`', '*', '-', ' ']);
    let start = start.strip_prefix("HTTP ").unwrap_or(start);
    let Some((digits, rest)) = start.split_at_checked(3) else { return (None, text) };
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '%' | '_'));
    match digits.parse::<u16>() {
        Ok(code) if ends && (OTHERS.contains(&code) || ERRORS.contains(&code)) => {
            (Some(code), rest.trim_start_matches(['`', '*', ' ', '-', '—', '–', ':', '→', '=', '>']))
        }
        _ => (None, text),
    }
}

/// A text that is JSON as it stands.
fn json(text: &str) -> Option<Body> {
    let text = text.trim().trim_end_matches(['.', ';']);
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let example: Value = serde_json::from_str(text).ok()?;
    let mut schema = shape(text)?.schema;
    let example = Some(cleaned(&example)).filter(says_values);
    if example.is_some() {
        schema.visit(&mut |part| part.examples.clear());
    }
    Some(Body { schema: Some(schema), example, ..Body::default() })
}

/// Whether texts in an example are values, not the names of types.
fn says_values(value: &Value) -> bool {
    match value {
        Value::String(text) => !matches!(text.as_str(), "number" | "integer" | "boolean" | "string" | "uuid"),
        Value::Array(items) => items.iter().all(says_values),
        Value::Object(entries) => entries.values().all(says_values),
        _ => true,
    }
}

/// A value whose texts may be shown.
fn cleaned(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(plain_lines(text)),
        Value::Array(items) => Value::Array(items.iter().map(cleaned).collect()),
        Value::Object(entries) => Value::Object(
            entries.iter().map(|(key, value)| (super::plain_line(key), cleaned(value))).collect(),
        ),
        other => other.clone(),
    }
}

/// The first object in a text, with `or { … }` behind it; and whether the text says nothing else.
fn object_in(text: &str) -> Option<(Schema, bool)> {
    let start = object_start(text)?;
    let first = shape(&text[start..])?;
    let mut end = start + first.end;
    let mut members = vec![first.schema];
    while let Some(next) = alternative(&text[end..]) {
        let Some(shape) = shape(&text[end + next..]).filter(|shape| shape.end > 0) else { break };
        end += next + shape.end;
        members.push(shape.schema);
        if members.len() >= MOST_ALTERNATIVES {
            break;
        }
    }
    let schema = Schema::any(members);
    let before = text[..start].trim_matches(|c: char| !c.is_alphanumeric());
    let after = text[end..].trim_matches(|c: char| !c.is_alphanumeric());
    let names_it = matches!(
        before.to_ascii_lowercase().as_str(),
        "" | "json" | "body" | "z.object" | "request" | "response" | "returns"
    );
    Some((schema, names_it && after.is_empty()))
}

/// More shapes for one body than this say nothing that a reader could use.
const MOST_ALTERNATIVES: usize = 8;

/// Where a shape begins: at the front, or behind words if it is one for sure.
fn object_start(text: &str) -> Option<usize> {
    let front = text.len() - text.trim_start_matches(['`', '*', '-', ' ', '•', '\n', '\r', ':']).len();
    if text[front..].starts_with(['{', '[']) && !text[front..].starts_with("[x]") {
        return Some(front);
    }
    let opens = text.match_indices('{').map(|(at, _)| at);
    for at in opens.take(MOST_ALTERNATIVES) {
        let glued = text[..at]
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '$' | '=' | '{' | '_' | '.'));
        let inside = &text[at + 1..];
        let spaced = inside.starts_with([' ', '\n', '\r', '\t']);
        let first_word = inside.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inside.len());
        let told = inside[first_word..].starts_with([':', ',', '?']);
        // `a cursor (made of { id })` speaks of a part.
        let before = &text[..at];
        let is_part = before.matches('(').count() > before.matches(')').count() && !before.ends_with('(');
        if !glued && !is_part && (spaced || told) {
            return Some(at);
        }
    }
    None
}

/// Where the next shape begins, if only `or` or a bar stands before it.
fn alternative(text: &str) -> Option<usize> {
    let at = text.find('{')?;
    let between = text[..at].trim_matches(['`', ' ', '\n', '\r', ',']);
    matches!(between, "or" | "|" | "OR" | "/").then_some(at)
}

/// Lines that each name a property: ``- `name?`: string``.
fn bullets(text: &str) -> Option<(Schema, bool)> {
    let mut out = Schema::of("object");
    let mut said_all = true;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let item = line.trim_start().strip_prefix(['-', '*', '•'])?.trim_start();
        let item = item.strip_prefix('`')?;
        let (name, rest) = item.split_once('`')?;
        let optional = name.ends_with('?');
        let (name, list) = match name.trim_end_matches('?').strip_suffix("[]") {
            Some(name) => (name, true),
            None => (name.trim_end_matches('?'), false),
        };
        if name.is_empty() || !name.chars().all(|c| super::lex::is_word(c) || c == '-') {
            return None;
        }
        let rest = rest.trim_start_matches([':', ' ', '—', '–', '-']).trim();
        let told = shape(rest).filter(|shape| shape.schema.named.is_none() || shape.end == rest.len());
        said_all &= rest.is_empty() || told.as_ref().is_some_and(|shape| shape.end == rest.len());
        let typed = told.is_some();
        let mut schema = told.map(|shape| shape.schema).unwrap_or_default();
        let optional = optional || std::mem::take(&mut schema.optional);
        if out.properties.iter().any(|(known, _)| known == name) || out.properties.len() >= MOST_BULLETS {
            return None;
        }
        if typed && !optional {
            out.required.push(super::plain_line(name));
        }
        out.properties.push((super::plain_line(name), if list { Schema::list(schema) } else { schema }));
    }
    (!out.properties.is_empty()).then_some((out, said_all))
}

/// Names with commas between them: `id, page (max 100), search?`.
fn names(text: &str) -> Option<(Schema, bool)> {
    let text = text.trim().trim_end_matches('.').trim_matches('`');
    if !text.contains([',', '?']) || text.contains('\n') {
        return None;
    }
    let mut out = Schema::of("object");
    let mut said_all = true;
    for part in outside_brackets(text) {
        let part = part.trim().trim_matches('`');
        let end = part.find(|c: char| !super::lex::is_word(c)).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let rest = rest.trim_start_matches(['`', '?']);
        let (list, rest) = match rest.strip_prefix("[]") {
            Some(rest) => (true, rest.trim_start_matches(['`', '?'])),
            None => (false, rest),
        };
        let rest = rest.trim();
        let is_name =
            name.starts_with(char::is_lowercase) && !out.properties.iter().any(|(known, _)| known == name);
        let typed = rest.strip_prefix(':').map(str::trim).map(|told| (told, shape(told)));
        let mut schema = match typed {
            Some((told, Some(shape))) if shape.end == told.len() => shape.schema,
            Some(_) => return None,
            None if rest.is_empty() => Schema::default(),
            None if rest.starts_with('(') && rest.ends_with(')') => {
                said_all = false;
                Schema { description: Some(super::plain_line(&rest[1..rest.len() - 1])), ..Schema::default() }
            }
            None => return None,
        };
        if !is_name || out.properties.len() >= MOST_BULLETS {
            return None;
        }
        schema.optional = false;
        out.properties.push((name.to_owned(), if list { Schema::list(schema) } else { schema }));
    }
    Some((out, said_all))
}

/// The parts between commas that stand in no brackets.
fn outside_brackets(text: &str) -> Vec<&str> {
    let (mut open, mut start) = (0, 0);
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => open += 1,
            ')' | ']' | '}' | '>' => open -= 1,
            ',' if open <= 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

/// A longer list is no body.
const MOST_BULLETS: usize = 200;

/// A text that is nothing but a type: `Order`, `Order[]`, `Array of Order`, `void`.
fn type_name(text: &str) -> Option<(Schema, bool)> {
    let text = text.trim().trim_end_matches('.').trim_matches('`');
    if text.len() > 200 || text.contains('\n') {
        return None;
    }
    let of =
        ["Array of ", "array of ", "List of ", "list of "].iter().find_map(|list| text.strip_prefix(list));
    let name = of.unwrap_or(text).trim().trim_matches('`');
    let found = shape(name).filter(|shape| shape.end == name.len())?;
    let starts_type =
        name.starts_with(|c: char| c.is_ascii_uppercase() || c == 'z') || found.schema.named.is_none();
    let is_literal = name.starts_with(['"', '\'']) || name.starts_with(|c: char| c.is_ascii_digit());
    if !starts_type || is_literal || found.schema.is_open() {
        return None;
    }
    let schema = if of.is_some() { Schema::list(found.schema) } else { found.schema };
    Some((schema, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, schema: Value, words: bool) -> Body {
        let found = bodies(text).remove(0);
        let told = found.schema.as_ref().map_or(Value::Null, |schema| serde_json::to_value(schema).unwrap());
        assert_eq!(told, schema, "{text}");
        assert_eq!(found.words.is_some(), words, "{text}: {:?}", found.words);
        found
    }

    fn object(names: &[&str]) -> Value {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|n| ((*n).to_owned(), json!({}))).collect();
        json!({"type": "object", "properties": properties})
    }

    #[test]
    fn status_shape_and_words() {
        let found = check("202 with { jobId } if async.", object(&["jobId"]), true);
        assert_eq!(found.status, Some(202));
        assert_eq!(check("201: { id }", object(&["id"]), false).status, Some(201));
        assert_eq!(check("204", Value::Null, false).status, Some(204));
        assert_eq!(check("2000 rows", Value::Null, true).status, None);
        assert_eq!(check("100 rows", Value::Null, true).status, None);
        assert_eq!(body("200 rows at most").words.as_deref(), Some("200 rows at most"));
        check("- `{ id }`", object(&["id"]), false);
        check("{ a } or { b }", json!({"anyOf": [object(&["a"]), object(&["b"])]}), false);
        check("a cursor (made of { at, id })", Value::Null, true);
        check("the row ({ id, at })", object(&["id", "at"]), true);
        check("updated rows", Value::Null, true);
        check("see /orders/{id} for more", Value::Null, true);
        check("id, name", object(&["id", "name"]), false);
        check("page, search (email or name)?", Value::Null, true);
        let mut paged = object(&["page", "search"]);
        paged["properties"]["page"]["description"] = "max 100".into();
        check("page (max 100), search?", paged, true);
        check("Orders, lines and totals", Value::Null, true);
    }

    #[test]
    fn responses_are_told_apart() {
        let told = |text: &str| -> Vec<(Option<u16>, Option<String>, bool)> {
            bodies(text).into_iter().map(|b| (b.status, b.words, b.schema.is_some())).collect()
        };
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(
            told("200 { \"id\": \"a\" }, or 409 when it is paid already"),
            [(Some(200), None, true), (Some(409), words("when it is paid already"), false)]
        );
        assert_eq!(
            told("202 with { a, b } if async, or 200 with { c } if inline. 404 if gone."),
            [
                (Some(202), words("with { a, b } if async"), true),
                (Some(200), words("with { c } if inline."), true),
                (Some(404), words("if gone."), false),
            ]
        );
        assert_eq!(told("rows, 100 at most"), [(None, words("rows, 100 at most"), false)]);
        assert_eq!(told("the order, or 404"), [(None, words("the order"), false), (Some(404), None, false)]);
    }

    #[test]
    fn json_is_an_example() {
        let found = check(
            r#"{"id": "a", "n": [1]}"#,
            json!({"type": "object", "properties": {
            "id": {"type": "string"}, "n": {"type": "array", "items": {"type": "integer"}}}}),
            false,
        );
        assert_eq!(found.example, Some(json!({"id": "a", "n": [1]})));
        let typed = check(
            r#"{"n": "number"}"#,
            json!({"type": "object", "properties": {"n": {"type": "number"}}}),
            false,
        );
        assert_eq!(typed.example, None);
    }

    #[test]
    fn bullets_and_type_names() {
        let expected = json!({
            "type": "object",
            "properties": {"id": {"type": "string", "format": "uuid"}, "lines": {"type": "array", "items": {}}, "note": {}},
            "required": ["id"],
        });
        check("- `id`: uuid\n- `lines[]?`\n  - `note?`", expected, false);
        check("Array of string", json!({"type": "array", "items": {"type": "string"}}), false);
        assert_eq!(body("Order[]").schema.unwrap().items.unwrap().named.as_deref(), Some("Order"));
        check("Done.", json!({}), false);
    }

    #[test]
    fn control_characters_are_not_kept() {
        let found = body("{ \"a\": \"x\\u001b[31m\" }");
        assert_eq!(found.example, Some(json!({"a": "x␛[31m"})));
        assert_eq!(body("red \u{1b}[31m").words.unwrap(), "red ␛[31m");
    }
}
