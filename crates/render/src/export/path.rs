//! Paths of endpoints in the one notation that OpenAPI has.

use super::lex;
use super::plain_line;
use super::scalar::scalar;
use super::schema::Schema;
use serde_json::Value;

/// `/{orders|quotes}` stands for several paths; more than this are meant as no list.
const MOST_ALTERNATIVES: usize = 12;

/// No API has more in one path.
const MOST_PARAMETERS: usize = 32;

/// A path as OpenAPI writes it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct ApiPath {
    /// With `{name}` for each parameter.
    pub template: String,
    /// The parameters in their order.
    pub parameters: Vec<PathParameter>,
    /// The template with empty names: paths that are equal here are one path for OpenAPI.
    pub shape: String,
    /// Its parts without parameters.
    pub words: Vec<String>,
    /// Whether it ends with a parameter.
    pub is_item: bool,
}

/// A parameter in a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PathParameter {
    pub name: String,
    /// Whether it may stand for several segments.
    pub rest: bool,
}

/// A parameter behind the question mark.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct QueryParameter {
    pub name: String,
    pub schema: Schema,
}

/// A part of a segment.
enum Piece {
    Literal(String),
    Parameter { name: String, rest: bool },
    OneOf(Vec<String>),
}

/// The paths that a path as written stands for, or why OpenAPI cannot hold it.
pub(super) fn api_paths(written: &str) -> Result<Vec<ApiPath>, &'static str> {
    let path = split_query(written.trim()).0;
    if !path.starts_with('/') {
        return Err("it does not begin with `/`");
    }
    let mut paths = vec![ApiPath::default()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let pieces = pieces(segment)?;
        paths = with_segment(paths, &pieces)?;
    }
    for path in &mut paths {
        if path.template.is_empty() {
            path.template.push('/');
            path.shape.push('/');
        }
    }
    Ok(paths)
}

/// The parameters behind the question mark of a path as written.
pub(super) fn query_of(written: &str) -> Vec<QueryParameter> {
    split_query(written.trim()).1.map(query).unwrap_or_default()
}

/// Path and query. A question mark inside brackets or behind an optional parameter begins no query.
fn split_query(written: &str) -> (&str, Option<&str>) {
    let mut open = 0;
    for (at, c) in written.char_indices() {
        match c {
            // `/orders[?page=1]`
            '[' if written[at..].starts_with("[?") => return (&written[..at], Some(&written[at + 2..])),
            '{' | '[' | '<' => open += 1,
            '}' | ']' | '>' => open -= 1,
            '?' if open <= 0 => {
                let rest = &written[at + 1..];
                if !rest.is_empty() && !rest.starts_with('/') {
                    return (&written[..at], Some(rest));
                }
            }
            _ => {}
        }
    }
    (written, None)
}

/// The parameters of `page=1&kind=order|quote`.
pub(super) fn query(text: &str) -> Vec<QueryParameter> {
    let text = text.trim().trim_start_matches('?');
    let text = text.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([';', ',', '`']);
    let mut out: Vec<QueryParameter> = Vec::new();
    for part in text.split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = bare_name(name);
        if !name.is_empty() && !out.iter().any(|known| known.name == name) {
            out.push(QueryParameter { name, schema: value_schema(value) });
        }
    }
    out
}

/// The name of a query parameter without the marks of what may be left out (`limit=1[&page=2]`).
fn bare_name(name: &str) -> String {
    let name = name.trim_start_matches('[').trim_end_matches('?');
    let name = if name.contains('[') { name } else { name.trim_end_matches(['[', ']']) };
    let allowed = |c: char| lex::is_word(c) || matches!(c, '-' | '.' | '[' | ']');
    match name.chars().all(allowed) && name.chars().any(char::is_alphanumeric) {
        true => plain_line(name),
        false => String::new(),
    }
}

fn value_schema(value: &str) -> Schema {
    let value = if value.contains(['[', '{', '<']) && !value.ends_with("[") {
        value
    } else {
        value.trim_end_matches(['[', ']'])
    };
    let inner = value.trim_matches(['<', '>', '{', '}', '[', ']', ':']);
    let words: Vec<&str> = inner.split('|').map(str::trim).collect();
    if words.len() > 1
        && words.iter().all(|w| !w.is_empty() && w.chars().all(|c| lex::is_word(c) || c == '-'))
    {
        return Schema::choice(words.into_iter().map(plain_line));
    }
    let is_placeholder = inner.len() != value.len() || value.starts_with(':');
    if is_placeholder || inner.is_empty() || matches!(inner, "..." | "…") {
        return scalar(inner).filter(|s| !s.types.0.is_empty()).unwrap_or_else(|| Schema::of("string"));
    }
    let (kind, example) = match inner {
        "true" | "false" => ("boolean", Value::Bool(inner == "true")),
        _ => match inner.parse::<i64>() {
            Ok(number) => ("integer", number.into()),
            Err(_) if scalar(inner).is_some_and(|s| !s.types.0.is_empty()) => {
                return scalar(inner).unwrap_or_default();
            }
            Err(_) => ("string", plain_line(&inner.replace('+', " ")).into()),
        },
    };
    Schema { examples: vec![example], ..Schema::of(kind) }
}

fn pieces(segment: &str) -> Result<Vec<Piece>, &'static str> {
    if let Some(rest) = segment.strip_prefix(':').filter(|rest| rest.starts_with(lex::is_word)) {
        let end = rest.find(|c| !lex::is_word(c) && c != '-').unwrap_or(rest.len());
        let parameter = Piece::Parameter { name: rest[..end].to_owned(), rest: false };
        let mut out = vec![parameter];
        // `:id(\\d+)` and `:id?`
        let tail = rest[end..].trim_end_matches('?');
        let is_pattern = tail.starts_with('(') && tail.ends_with(')');
        if !tail.is_empty() && !is_pattern {
            out.extend(pieces(tail)?);
        }
        return Ok(out);
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = segment[at..].chars().next() {
        let rest = &segment[at..];
        at += match c {
            '{' | '[' | '<' => {
                let (piece, length) = bracketed(rest, c)?;
                out.push(piece);
                length
            }
            _ => {
                let length = rest.find(['{', '[', '<']).unwrap_or(rest.len());
                out.push(Piece::Literal(literal(rest[..length].trim_end_matches('?'))?));
                length
            }
        };
    }
    Ok(out)
}

/// `{id}`, `{id:int}`, `{a|b}`, `[id]`, `[...slug]`, `[[...slug]]`, `<int:id>`
fn bracketed(rest: &str, open: char) -> Result<(Piece, usize), &'static str> {
    let close = match open {
        '{' => '}',
        '[' => ']',
        _ => '>',
    };
    let end = rest.find(close).ok_or("a bracket is not closed")?;
    let length = rest.len() - rest[end..].trim_start_matches(close).len();
    let inside = rest[..end].trim_start_matches(open);
    let doubled = length - end;
    let inside_start = rest.len() - rest.trim_start_matches(open).len();
    if doubled != inside_start {
        return Err("its brackets are not in pairs");
    }
    if open == '{' && inside.contains('|') {
        let words: Result<Vec<String>, _> = inside.split('|').map(|word| literal(word.trim())).collect();
        return Ok((Piece::OneOf(words?), length));
    }
    let is_rest = inside.starts_with("...") || inside.contains(['*', '…', '+']);
    let inside = inside.trim_matches(['.', '*', '…', '+', '?']);
    let name = match (open, inside.split_once(':')) {
        ('<', Some((_, name))) => name,
        (_, Some((name, _))) => name,
        (_, None) => inside,
    };
    Ok((Piece::Parameter { name: name.trim().to_owned(), rest: is_rest }, length))
}

/// A part of a path as a URL may hold it.
fn literal(text: &str) -> Result<String, &'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()+,;=:@%".contains(c);
    if text.contains(['*', '…']) || text.contains("...") {
        return Err("it holds a wildcard");
    }
    match text.chars().all(allowed) {
        true => Ok(text.to_owned()),
        false => Err("it holds characters that no path may hold"),
    }
}

fn with_segment(paths: Vec<ApiPath>, pieces: &[Piece]) -> Result<Vec<ApiPath>, &'static str> {
    let mut out: Vec<ApiPath> = paths
        .into_iter()
        .map(|mut path| {
            path.template.push('/');
            path.shape.push('/');
            path.words.push(String::new());
            path.is_item = matches!(pieces, [Piece::Parameter { .. }]);
            path
        })
        .collect();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.iter_mut().for_each(|path| path.push(text)),
            Piece::Parameter { name, rest } => {
                for path in &mut out {
                    path.push_parameter(name, *rest)?;
                }
            }
            Piece::OneOf(words) => {
                if out.len() * words.len() > MOST_ALTERNATIVES {
                    return Err("it stands for too many paths");
                }
                let one = |path: &ApiPath, word: &String| {
                    let mut path = path.clone();
                    path.push(word);
                    path
                };
                out = out.iter().flat_map(|path| words.iter().map(|word| one(path, word))).collect();
            }
        }
    }
    for path in &mut out {
        path.words.retain(|word| !word.is_empty());
    }
    Ok(out)
}

impl ApiPath {
    fn push(&mut self, text: &str) {
        self.template.push_str(text);
        self.shape.push_str(text);
        if let Some(word) = self.words.last_mut() {
            word.push_str(text);
        }
    }

    fn push_parameter(&mut self, name: &str, rest: bool) -> Result<(), &'static str> {
        let name: String = name.chars().map(|c| if lex::is_word(c) || c == '-' { c } else { '_' }).collect();
        let name = plain_line(name.trim_matches('_'));
        if name.is_empty() {
            return Err("a parameter has no name");
        }
        if self.parameters.len() >= MOST_PARAMETERS {
            return Err("it has too many parameters");
        }
        let taken = |name: &str| self.parameters.iter().any(|known| known.name == name);
        let unique = if taken(&name) {
            let free = (2..).map(|n| format!("{name}{n}")).find(|name| !taken(name));
            free.unwrap_or_default()
        } else {
            name
        };
        self.template.push_str(&format!("{{{unique}}}"));
        self.shape.push_str("{}");
        self.parameters.push(PathParameter { name: unique, rest });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &[&str]) {
        let paths = api_paths(written).unwrap_or_default();
        let found: Vec<&str> = paths.iter().map(|path| path.template.as_str()).collect();
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn every_notation_becomes_one() {
        check("/orders/:id/lines/:lineId", &["/orders/{id}/lines/{lineId}"]);
        check("/orders/{id}", &["/orders/{id}"]);
        check("/orders/[id]/", &["/orders/{id}"]);
        check("/docs/[...slug]", &["/docs/{slug}"]);
        check("/docs/[[...slug]]", &["/docs/{slug}"]);
        check("/orders/<int:id>/<any-name>", &["/orders/{id}/{any-name}"]);
        check("/orders/{id:[0-9]+}", &["/orders/{id}"]);
        check("/a/{id}/b/{id}", &["/a/{id}/b/{id2}"]);
        check("/a/:id?/b?x=1", &["/a/{id}/b"]);
        check("/files/:name.json", &["/files/{name}.json"]);
        check("/v1/orders:batch", &["/v1/orders:batch"]);
        check("/{orders|quotes}/{id}", &["/orders/{id}", "/quotes/{id}"]);
        check("/", &["/"]);
        check("/orders[?page=1]", &["/orders"]);
    }

    #[test]
    fn what_openapi_cannot_hold_says_why() {
        for (written, why) in [
            ("/api/*", "wildcard"),
            ("/api/…", "wildcard"),
            ("orders", "begin with"),
            ("https://example.com/orders", "begin with"),
            ("/a b", "characters"),
            ("/a#b", "characters"),
            ("/a/{id", "not closed"),
            ("/a/{}", "no name"),
            ("/a/[[id]", "pairs"),
        ] {
            let error = api_paths(written).expect_err(written);
            assert!(error.contains(why), "{written}: {error}");
        }
    }

    #[test]
    fn queries_become_parameters() {
        let found =
            query_of("/a/{id}?from=<uuid>&limit=50[&kind=order|quote][&ids[]=x]&open=true&q&before=…");
        let names: Vec<&str> = found.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["from", "limit", "kind", "ids[]", "open", "q", "before"]);
        assert_eq!(found[0].schema.format, Some("uuid"));
        assert!(found[1].schema.is("integer") && found[1].schema.examples == [50]);
        assert_eq!(found[2].schema.choices, ["order", "quote"]);
        assert!(found[4].schema.is("boolean"));
        assert!(found[6].schema.is("string") && found[6].schema.examples.is_empty());
        assert!(query_of("/a?").is_empty());
    }

    #[test]
    fn same_shape_is_same_path() {
        let shape = |written: &str| api_paths(written).unwrap_or_default()[0].shape.clone();
        assert_eq!(shape("/a/:id/b"), shape("/a/{orderId}/b/"));
    }
}
