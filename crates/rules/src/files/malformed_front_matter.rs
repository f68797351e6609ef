use rustc_hash::FxHashMap;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_template::{YamlError, YamlField, yaml_fields};
use trueup_text::Span;

declare_rule! {
    MALFORMED_FRONT_MATTER = "malformed-front-matter" in "files", page "malformed_front_matter.md",
    "the front matter or the YAML file beside a spec cannot be read",
    Specs, Levels::ERROR, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let text = cx.text();
    match cx.document.front_matter() {
        Some(span) => {
            out.looked_at(1);
            match yaml_fields(span.text(text), span.start as usize) {
                Ok(fields) => twice(span.text(text), &fields).into_iter().for_each(|r| out.push(r)),
                Err(error) => out.push(no_yaml("the front matter", text, span, &error)),
            }
        }
        None => not_closed(text).into_iter().for_each(|r| out.push(r)),
    }
    if let Some(sidecar) = cx.sidecar {
        out.looked_at(1);
        let whole = Span::new(0, sidecar.text.len());
        match &sidecar.fields {
            Ok(fields) => twice(&sidecar.text, fields).into_iter().for_each(|r| out.push(r.in_sidecar())),
            Err(error) => out.push(no_yaml("the file", &sidecar.text, whole, error).in_sidecar()),
        }
    }
}

fn no_yaml(what: &str, text: &str, part: Span, error: &YamlError) -> Report {
    let span = line_at(text, part, error.offset);
    if matches!(span.text(text).trim_end_matches(','), "]" | "}") {
        // Many readers take it all the same.
        return Report::new(span, format!("{what} is no valid YAML: the bracket stands too far left"))
            .hint("indent it by at least one space: YAML asks for it inside a mapping")
            .at_most(Level::Warning);
    }
    Report::new(span, format!("{what} is no valid YAML: {}", error.message))
        .hint("a value that holds `: `, ` #` or begins with a mark such as `*`, `@`, `[` or `{` needs quotes")
}

/// The line that a byte lies in, or the last one that is not blank before it.
fn line_at(text: &str, part: Span, offset: usize) -> Span {
    let (start, end) = (part.start as usize, part.end as usize);
    let offset = offset.clamp(start, end);
    let body = text.get(start..end).unwrap_or("");
    let mut best = Span::at(start);
    let mut at = start;
    for line in body.split_inclusive('\n') {
        if at > offset {
            break;
        }
        let span = Span::new(at, at + line.len()).trimmed(text);
        if !span.is_empty() {
            best = span;
        }
        at += line.len();
    }
    best
}

/// Keys that stand twice at the top. YAML forbids it, and readers differ in which one they take.
fn twice(text: &str, fields: &[YamlField]) -> Vec<Report> {
    // A list or several documents have no one top.
    if text.trim_start().starts_with("- ") || text.contains("\n---") {
        return Vec::new();
    }
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    let mut out = Vec::new();
    for field in fields.iter().filter(|f| !f.item && !f.path.is_empty() && !f.path.contains('.')) {
        if first.contains_key(field.path.as_str()) {
            let message = format!("the key `{}` stands twice", field.path);
            out.push(
                Report::new(field.key_span, message)
                    .hint("keep one of the two: readers of YAML differ in which one counts"),
            );
        } else {
            first.insert(&field.path, field.key_span);
        }
    }
    out
}

/// Front matter whose closing `---` is missing.
fn not_closed(text: &str) -> Option<Report> {
    let bare = text.trim_start_matches('\u{feff}');
    let mark = text.len() - bare.len();
    let mut lines = bare.lines();
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let (key, value) = lines.next()?.split_once(':')?;
    let is_key =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if !is_key || !(value.is_empty() || value.starts_with(' ')) {
        return None;
    }
    let span = Span::new(mark, mark + first.trim_end().len());
    Some(
        Report::new(span, "the front matter is never closed")
            .hint("put `---` on a line of its own below its last field"),
    )
}
