//! JSON and YAML as one kind of tree with places, whatever the depth.

use saphyr_parser::{Event, Parser};
use std::ops::Range;

/// A document has no more values than this; what follows is left out.
const MOST_NODES: usize = 500_000;
/// Documents nested deeper than this are no configuration.
const MOST_LEVELS: usize = 128;

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// A mapping: keys with their places, and the places of the values in the document.
    Map(Vec<(String, Range<usize>, usize)>),
    /// A list of values.
    List(Vec<usize>),
    /// A text, a number or another single value, as text.
    Text(String),
}

/// A parsed document: its values, the first one is the whole.
#[derive(Debug, Default)]
pub(crate) struct Document {
    nodes: Vec<(Value, Range<usize>)>,
}

impl Document {
    /// Reads JSON (comments and trailing commas allowed) or YAML (the first document of a file).
    pub(crate) fn parse(text: &str, is_json: bool) -> Option<Document> {
        Document::parse_all(text, is_json).into_iter().next()
    }

    /// All documents of a file: YAML may hold several.
    pub(crate) fn parse_all(text: &str, is_json: bool) -> Vec<Document> {
        let documents = if is_json { json(text) } else { yaml(text) };
        documents.into_iter().filter(|document| !document.nodes.is_empty()).collect()
    }

    /// The whole.
    pub(crate) fn root(&self) -> usize {
        0
    }

    /// The entries of a mapping; none where a value is no mapping.
    pub(crate) fn entries(&self, at: usize) -> &[(String, Range<usize>, usize)] {
        match self.nodes.get(at) {
            Some((Value::Map(entries), _)) => entries,
            _ => &[],
        }
    }

    /// The values of a list; none where a value is no list.
    pub(crate) fn list(&self, at: usize) -> &[usize] {
        match self.nodes.get(at) {
            Some((Value::List(items), _)) => items,
            _ => &[],
        }
    }

    /// A single value.
    pub(crate) fn text(&self, at: usize) -> Option<&str> {
        match self.nodes.get(at) {
            Some((Value::Text(text), _)) => Some(text),
            _ => None,
        }
    }

    /// The place of a value.
    pub(crate) fn range(&self, at: usize) -> Range<usize> {
        self.nodes.get(at).map_or(0..0, |(_, range)| range.clone())
    }

    /// The value of a key.
    pub(crate) fn get(&self, at: usize, key: &str) -> Option<usize> {
        self.entries(at).iter().find(|(name, ..)| name == key).map(|(.., value)| *value)
    }

    /// The text of a key.
    pub(crate) fn text_of(&self, at: usize, key: &str) -> Option<&str> {
        self.text(self.get(at, key)?)
    }

    /// Every value, in the order of the file.
    pub(crate) fn all(&self) -> std::ops::Range<usize> {
        0..self.nodes.len()
    }
}

/// A key that waits for its value, with its place.
type Key = (String, Range<usize>);

/// Puts values into a document as they come.
#[derive(Default)]
struct Builder {
    document: Document,
    /// Containers that are open, with the key that waits for its value.
    open: Vec<(usize, Option<Key>)>,
    /// Containers below the deepest level, which are left out.
    too_deep: usize,
}

impl Builder {
    /// Whether a mapping is open that waits for a key.
    fn wants_key(&self) -> bool {
        let Some((at, key)) = self.open.last() else { return false };
        key.is_none() && matches!(self.document.nodes.get(*at), Some((Value::Map(_), _)))
    }

    fn put(&mut self, value: Value, range: Range<usize>) -> Option<usize> {
        let at = self.document.nodes.len();
        if at >= MOST_NODES || self.too_deep > 0 || self.open.is_empty() && at > 0 {
            return None;
        }
        self.document.nodes.push((value, range));
        if let Some((parent, key)) = self.open.last_mut() {
            match (self.document.nodes.get_mut(*parent), key.take()) {
                (Some((Value::Map(entries), _)), Some((name, place))) => entries.push((name, place, at)),
                (Some((Value::List(items), _)), _) => items.push(at),
                _ => {}
            }
        }
        Some(at)
    }

    fn begin(&mut self, value: Value, range: Range<usize>) {
        if self.too_deep > 0 || self.open.len() >= MOST_LEVELS || self.wants_key() {
            // A container as a key, or one that is too deep, is left out with all that it holds.
            self.too_deep += 1;
            return;
        }
        match self.put(value, range) {
            Some(at) => self.open.push((at, None)),
            None => self.too_deep += 1,
        }
    }

    fn end(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            let drops_key = self.too_deep == 0;
            if let Some((_, key)) = self.open.last_mut().filter(|_| drops_key) {
                *key = None;
            }
            return;
        }
        self.open.pop();
    }

    fn scalar(&mut self, text: String, range: Range<usize>) {
        if self.too_deep > 0 {
            return;
        }
        if self.wants_key() {
            if let Some((_, key)) = self.open.last_mut() {
                *key = Some((text, range));
            }
            return;
        }
        self.put(Value::Text(text), range);
    }
}

fn json(text: &str) -> Vec<Document> {
    let mut builder = Builder::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'{' => builder.begin(Value::Map(Vec::new()), at..at + 1),
            b'[' => builder.begin(Value::List(Vec::new()), at..at + 1),
            b'}' | b']' => builder.end(),
            b'"' => {
                let (value, end) = json_text(text, at + 1);
                builder.scalar(value, at + 1..end);
                at = end;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/')) => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'*')) => {
                let rest = bytes.get(at + 2..).unwrap_or(&[]);
                at += memchr::memmem::find(rest, b"*/").map_or(rest.len() + 2, |end| end + 3);
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'-' => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                let ends = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_');
                let length = rest.iter().take_while(|b| ends(b)).count();
                builder.scalar(text.get(at..at + length).unwrap_or("").to_owned(), at..at + length);
                at += length.saturating_sub(1);
            }
            _ => {}
        }
        at += 1;
    }
    vec![builder.document]
}

/// A text of JSON that begins at a place, and where its closing quote stands.
fn json_text(text: &str, start: usize) -> (String, usize) {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        match memchr::memchr2(b'"', b'\\', rest) {
            None => return (text.get(start..).unwrap_or("").to_owned(), bytes.len()),
            Some(step) if rest.get(step) == Some(&b'"') => {
                let raw = text.get(start..at + step).unwrap_or("");
                return (json_unescaped(raw), at + step);
            }
            Some(step) => at = (at + step + 2).min(bytes.len()),
        }
    }
}

fn json_unescaped(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let code = chars.as_str().get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                if let Some(code) = code {
                    out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    chars = chars.as_str().get(4..).unwrap_or("").chars();
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// What can be read up to the first mistake counts.
fn yaml(text: &str) -> Vec<Document> {
    let mut places = Places::new(text);
    let mut out = Vec::new();
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let start = places.offset(span.start.index());
        match event {
            Event::Scalar(value, ..) => {
                let end = places.offset(span.end.index()).max(start);
                builder.scalar(value.into_owned(), start..end);
            }
            Event::Alias(_) => builder.scalar(String::new(), start..start),
            Event::MappingStart(..) => builder.begin(Value::Map(Vec::new()), start..start),
            Event::SequenceStart(..) => builder.begin(Value::List(Vec::new()), start..start),
            Event::MappingEnd | Event::SequenceEnd => builder.end(),
            Event::DocumentEnd => out.push(std::mem::take(&mut builder).document),
            _ => {}
        }
    }
    out.push(builder.document);
    out
}

/// Places in bytes for places in characters, asked for in almost rising order.
struct Places<'a> {
    text: &'a str,
    is_ascii: bool,
    /// The last answer: characters and bytes.
    last: (usize, usize),
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Places<'a> {
        Places { text, is_ascii: text.is_ascii(), last: (0, 0) }
    }

    fn offset(&mut self, characters: usize) -> usize {
        if self.is_ascii {
            return characters.min(self.text.len());
        }
        let (known, bytes) = if characters >= self.last.0 { self.last } else { (0, 0) };
        let rest = self.text.get(bytes..).unwrap_or("");
        let step = rest.char_indices().nth(characters - known).map_or(rest.len(), |(at, _)| at);
        // A step back is rare and short, so that the farther place is kept.
        if characters >= self.last.0 {
            self.last = (characters, bytes + step);
        }
        bytes + step
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(document: &Document, at: usize) -> String {
        if let Some(text) = document.text(at) {
            return text.to_owned();
        }
        let entries =
            document.entries(at).iter().map(|(key, _, value)| format!("{key}:{}", shown(document, *value)));
        let items = document.list(at).iter().map(|value| shown(document, *value));
        format!("({})", entries.chain(items).collect::<Vec<_>>().join(" "))
    }

    fn check(text: &str, is_json: bool, expected: &str) {
        let document = Document::parse(text, is_json).expect("a document");
        assert_eq!(shown(&document, 0), expected, "{text}");
        for at in document.all() {
            for (key, place, _) in document.entries(at) {
                assert!(
                    text.get(place.clone()).is_some_and(|t| t.contains(key.as_str()) || t.contains('\\')),
                    "{key}"
                );
            }
        }
    }

    #[test]
    fn values() {
        check(
            r#"{ "a": { "b": [1, "x", null], }, /* c */ "d": true } // e"#,
            true,
            "(a:(b:(1 x null)) d:true)",
        );
        check(r#"{"a\"b": "\u0041\n"}"#, true, "(a\"b:A\n)");
        check("a:\n  b: [1, x]\n  ü: 'y'\nc: &x z\nd: *x\n? [k]\n: v\n", false, "(a:(b:(1 x) ü:y) c:z d:)");
        check("{\"a\": ", true, "()");
    }

    #[test]
    fn nothing_is_too_deep() {
        for open in ["[", "{\"a\":"] {
            let document = Document::parse(&open.repeat(100_000), true).expect("a document");
            assert!(document.all().len() <= MOST_LEVELS + 1);
        }
        let _ = Document::parse(&"[".repeat(100_000), false);
        let _ = Document::parse(&"- ".repeat(20_000), false);
    }

    proptest! {
        #[test]
        fn any_text(text in "[a:\\-{}\\[\\]\"',# \n\\\\é]{0,60}|\\PC{0,40}", is_json in any::<bool>()) {
            for document in Document::parse_all(&text, is_json) {
                for at in document.all() {
                    prop_assert!(text.get(document.range(at)).is_some());
                }
            }
        }
    }
}
