use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};
use trueup_text::Span;

/// A key of a YAML mapping with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YamlField {
    /// Keys from the top, joined by dots; a list's items carry their list's path.
    pub path: String,
    /// The scalar's text; empty for a mapping, a list or null.
    pub value: String,
    /// Where the key stands; for an item of a list, the item itself.
    pub key_span: Span,
    /// Where the value stands.
    pub value_span: Span,
    /// The comment behind the value on its line.
    pub comment: Option<String>,
    /// Whether it is an item of a list.
    pub item: bool,
    /// Whether the value is a mapping or a list.
    pub nested: bool,
}

/// Why a text is no YAML, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct YamlError {
    /// The parser's words.
    pub message: String,
    /// Where it stopped.
    pub offset: usize,
}

struct Frame {
    path: String,
    list: bool,
    /// Whether it is a placeholder in braces, which YAML takes for a mapping.
    braces: bool,
    /// The key that waits for its value.
    key: Option<(String, Span)>,
}

/// Reads the fields of a YAML mapping with their places. `base` is where `text` begins in its file.
/// Anchors, aliases and tags are read as what they stand beside.
pub fn yaml_fields(text: &str, base: usize) -> Result<Vec<YamlField>, YamlError> {
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |index: usize| offsets.get(index).copied().unwrap_or(text.len());
    let place = |span: &YamlSpan| Span::new(byte(span.start.index()), byte(span.end.index())).trimmed(text);
    let mut out: Vec<YamlField> = Vec::new();
    let mut stack: Vec<Frame> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError {
            message: error.info().to_owned(),
            offset: base + byte(error.marker().index()),
        })?;
        let at = place(&span);
        match event {
            Event::Scalar(value, style, ..) => {
                let null = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null");
                let value = if null { String::new() } else { value.into_owned() };
                let at = quoted(text, at, style);
                scalar(text, base, &mut stack, &mut out, value, at);
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let list = matches!(event, Event::SequenceStart(..));
                let words = braced_words(&text[at.start as usize..]).filter(|_| !list && !stack.is_empty());
                if let Some(words) = words {
                    let span = Span::new(at.start as usize, at.start as usize + words.len());
                    scalar(text, base, &mut stack, &mut out, words.to_owned(), span);
                    stack.push(Frame { path: String::new(), list: true, braces: true, key: None });
                    continue;
                }
                let braces = stack.last().is_some_and(|f| f.braces);
                let path = if braces { String::new() } else { open_path(&mut stack, &mut out, at, base) };
                stack.push(Frame { path, list, braces, key: None });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                stack.pop();
            }
            Event::Alias(_) => scalar(text, base, &mut stack, &mut out, String::new(), at),
            _ => {}
        }
        if stack.len() > 64 {
            return Err(YamlError {
                message: "nested more than 64 deep".to_owned(),
                offset: base + at.start as usize,
            });
        }
    }
    Ok(out)
}

/// A scalar in quotation marks ends with them; the parser goes on to the next word, over a comment.
fn quoted(text: &str, at: Span, style: ScalarStyle) -> Span {
    let mark = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        _ => return at,
    };
    let source = at.text(text);
    let mut rest = source.char_indices().skip(1).peekable();
    while let Some((index, c)) = rest.next() {
        if c == '\\' && mark == '"' {
            rest.next();
        } else if c == mark {
            // Two of them stand for one.
            if mark == '\'' && rest.peek().is_some_and(|(_, next)| *next == mark) {
                rest.next();
                continue;
            }
            return Span::new(at.start as usize, at.start as usize + index + 1);
        }
    }
    at
}

/// `{list everyone involved}`: words in braces without a colon.
fn braced_words(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let end = line.rfind('}')? + 1;
    let inner = line.strip_prefix('{')?.get(..end.checked_sub(2)?)?;
    (inner.starts_with(char::is_alphabetic) && !inner.contains(": ")).then(|| &line[..end])
}

fn join_path(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A mapping or a list begins: its path, and a field for the key that it belongs to.
fn open_path(stack: &mut [Frame], out: &mut Vec<YamlField>, at: Span, base: usize) -> String {
    let Some(frame) = stack.last_mut() else { return String::new() };
    match frame.key.take() {
        Some((key, key_span)) => {
            let path = join_path(&frame.path, &key);
            out.push(YamlField {
                path: path.clone(),
                value: String::new(),
                key_span,
                value_span: at.shifted(base),
                comment: None,
                item: false,
                nested: true,
            });
            path
        }
        None => frame.path.clone(),
    }
}

fn scalar(text: &str, base: usize, stack: &mut [Frame], out: &mut Vec<YamlField>, value: String, at: Span) {
    let Some(frame) = stack.last_mut() else { return };
    if frame.braces {
        return;
    }
    if !frame.list && frame.key.is_none() {
        frame.key = Some((value, at.shifted(base)));
        return;
    }
    let (path, key_span, item) = match frame.key.take() {
        Some((key, key_span)) => (join_path(&frame.path, &key), key_span, false),
        None => (frame.path.clone(), at.shifted(base), true),
    };
    let line_end = text[at.end as usize..].find('\n').map_or(text.len(), |n| at.end as usize + n);
    let behind = text[at.end as usize..line_end].trim();
    let comment = behind.strip_prefix('#').map(|c| c.trim().to_owned());
    out.push(YamlField { path, value, key_span, value_span: at.shifted(base), comment, item, nested: false });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_quotation_marks_ends_with_them() {
        let check = |line: &str, value: &str, comment: Option<&str>| {
            let fields = yaml_fields(line, 0).unwrap();
            assert_eq!(fields[0].value_span.text(line), value, "{line}");
            assert_eq!(fields[0].comment.as_deref(), comment, "{line}");
        };
        check("a: \"x, y\" # why\n", "\"x, y\"", Some("why"));
        check("a: 'it''s' # why\nb: 1\n", "'it''s'", Some("why"));
        check("a: \"\\\"x\\\"\"   \n", "\"\\\"x\\\"\"", None);
    }

    #[test]
    fn fields_carry_places_and_comments() {
        let text =
            "title: Ż <x>\nstatus: a|b # why\nauthors:\n  - \"@jane\"\nmilestone:\n  alpha: \"v1\"\nempty:\n";
        let fields = yaml_fields(text, 4).unwrap();
        let brief: Vec<(&str, &str)> = fields.iter().map(|f| (f.path.as_str(), f.value.as_str())).collect();
        assert_eq!(
            brief,
            [
                ("title", "Ż <x>"),
                ("status", "a|b"),
                ("authors", ""),
                ("authors", "@jane"),
                ("milestone", ""),
                ("milestone.alpha", "v1"),
                ("empty", ""),
            ]
        );
        assert_eq!(fields[1].comment.as_deref(), Some("why"));
        let place = fields[1].value_span;
        assert_eq!(&text[place.start as usize - 4..place.end as usize - 4], "a|b");
    }

    #[test]
    fn placeholders_in_braces_are_values() {
        let fields = yaml_fields("date: {YYYY-MM-DD when it was, last}\nmap: {a: 1}\n", 0).unwrap();
        let brief: Vec<(&str, &str)> = fields.iter().map(|f| (f.path.as_str(), f.value.as_str())).collect();
        assert_eq!(brief, [("date", "{YYYY-MM-DD when it was, last}"), ("map", ""), ("map.a", "1")]);
    }

    #[test]
    fn broken_yaml_says_where() {
        assert!(yaml_fields("a: [1, 2\nb: c", 0).is_err());
    }
}
