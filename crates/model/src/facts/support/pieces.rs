//! What stands under a topic, wherever the author put it: under a heading, under a label
//! (`**Goals** (must happen):`), or behind a label in a bullet (`- **Open questions:** None`).

use crate::facts::item::{id_in_front, list_under_label};
use crate::facts::reader::Reader;
use crate::facts::support::Text;
use crate::facts::support::steps::{Place, Step, Steps};
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::{LeafClass, infer_key, raw_fields_in, strip_inline};
use trueup_text::Span;

/// What a heading does to the topic.
pub(crate) enum Turn<T> {
    /// It opens one.
    Opens(T),
    /// It holds something else.
    Leaves,
    /// It goes on with the topic of the heading above.
    Goes,
}

/// Something that stands under a topic.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// A heading that opens the topic.
    Opening(SectionId),
    /// A heading below the one that opened it.
    Title(SectionId),
    /// A label that opens the topic.
    Label(Span),
    /// What stands behind the label on its line.
    Value(Text),
    /// A paragraph; one with a label that is no topic is among them.
    Paragraph(NodeId),
    /// A list item with its first paragraph.
    Item(NodeId, NodeId),
    /// A table.
    Table(NodeId),
    /// A code block.
    Code(NodeId),
}

impl Piece {
    /// Whether the topic begins anew here.
    pub(crate) fn opens(&self) -> bool {
        matches!(self, Piece::Opening(_) | Piece::Label(_))
    }
}

/// A piece with its topic.
#[derive(Clone, Debug)]
pub(crate) struct Found<T> {
    /// The topic.
    pub topic: T,
    /// What stands there.
    pub piece: Piece,
}

/// A label and what stands behind it.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// The label in comparable form.
    pub key: String,
    /// Where it stands.
    pub span: Span,
    /// What follows it, to the next label or the end of the paragraph.
    pub value: Option<Text>,
    /// Whether it is set off in bold.
    pub bold: bool,
}

impl Label {
    /// Whether it is only a label, so that what it names comes below.
    pub(crate) fn is_bare(&self) -> bool {
        self.value.is_none()
    }
}

/// A heading's turn by what it says and holds: a kind that is known and not asked for leaves the topic.
pub(crate) fn turn<T>(
    reader: &Reader<'_>,
    section: SectionId,
    topic: impl Fn(&str, Option<&str>) -> Option<T>,
) -> Turn<T> {
    let kind = reader.kind_of(section);
    match topic(&reader.document.section(section).normal.core, kind) {
        Some(topic) => Turn::Opens(topic),
        None if kind.is_some() => Turn::Leaves,
        None => Turn::Goes,
    }
}

/// Everything that stands under a topic, in document order.
pub(crate) fn pieces<T: Copy>(
    reader: &Reader<'_>,
    of_title: impl Fn(SectionId) -> Turn<T>,
    of_label: impl Fn(&str) -> Option<T>,
) -> Vec<Found<T>> {
    let steps = reader.steps();
    let mut walk = Walk::new(reader, of_label);
    // The topic of each heading so far.
    let mut topics: Vec<Option<T>> = Vec::with_capacity(steps.headings());
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        match step.place {
            Place::Heading { section, above, quiet } => {
                let (topic, piece) = match of_title(section) {
                    Turn::Opens(topic) => (Some(topic), Piece::Opening(section)),
                    Turn::Leaves => (None, Piece::Title(section)),
                    Turn::Goes => {
                        let above = above.and_then(|above| topics.get(above).copied().flatten());
                        (above, Piece::Title(section))
                    }
                };
                topics.push(topic);
                walk.quiet = quiet;
                walk.enter(topic, piece);
            }
            _ => walk.step(step),
        }
        at = if walk.topic().is_some() { at + 1 } else { step.next };
    }
    walk.out
}

/// Everything that stands in some sections, in document order, where each of them has a topic of its own and
/// labels open none.
pub(crate) fn pieces_inside<T: Copy>(
    reader: &Reader<'_>,
    sections: &[SectionId],
    of_title: impl Fn(SectionId) -> T,
) -> Vec<Found<T>> {
    let mut walk = Walk::new(reader, |_: &str| None);
    for id in sections {
        walk.enter(Some(of_title(*id)), Piece::Opening(*id));
        for step in reader.steps().under(*id) {
            walk.step(step);
        }
    }
    walk.out
}

struct Walk<'d, T, L> {
    document: &'d Document,
    steps: &'d Steps,
    of_label: L,
    /// Whether labels are no topics here.
    quiet: bool,
    /// The heading's topic.
    section: Option<T>,
    /// The topic of the label above.
    label: Option<T>,
    /// Whether a list or a table has come since that label: a sentence behind it ends the label's reach.
    listed: bool,
    out: Vec<Found<T>>,
}

impl<'d, T: Copy, L: Fn(&str) -> Option<T>> Walk<'d, T, L> {
    fn new(reader: &'d Reader<'d>, of_label: L) -> Walk<'d, T, L> {
        Walk {
            document: reader.document,
            steps: reader.steps(),
            of_label,
            quiet: false,
            section: None,
            label: None,
            listed: false,
            out: Vec::new(),
        }
    }

    fn enter(&mut self, topic: Option<T>, piece: Piece) {
        self.section = topic;
        self.label = None;
        self.listed = false;
        self.push(topic, piece);
    }

    fn push(&mut self, topic: Option<T>, piece: Piece) {
        if let Some(topic) = topic {
            self.out.push(Found { topic, piece });
        }
    }

    fn topic_of(&self, label: &Lead) -> Option<T> {
        if self.quiet { None } else { (self.of_label)(&label.key) }
    }

    fn topic(&self) -> Option<T> {
        self.label.or(self.section)
    }

    fn step(&mut self, step: &Step) {
        match step.place {
            Place::Paragraph(paragraph) => self.paragraph(paragraph, self.steps.labels(step)),
            Place::Quoted => self.quoted(self.steps.labels(step)),
            Place::List => self.listed = true,
            Place::Item(item, paragraph) => self.item(item, paragraph, self.steps.labels(step)),
            Place::Table(table) => {
                self.listed = true;
                self.push(self.topic(), Piece::Table(table));
            }
            Place::Code(code) => self.push(self.topic(), Piece::Code(code)),
            Place::Heading { .. } => {}
        }
    }

    /// A label that opens a topic, with what stands behind it.
    fn opened(&mut self, topic: T, label: &Lead) {
        self.push(Some(topic), Piece::Label(label.span));
        if let Some(value) = label.value(self.document) {
            self.push(Some(topic), Piece::Value(value));
        }
    }

    /// A quote stands beside the text: its labels count, and end nothing.
    fn quoted(&mut self, labels: &[Lead]) {
        for label in labels.iter().filter(|label| label.value.is_some()) {
            if let Some(topic) = self.topic_of(label) {
                self.opened(topic, label);
            }
        }
    }

    fn paragraph(&mut self, paragraph: NodeId, labels: &[Lead]) {
        let mut known = false;
        for label in labels {
            match self.topic_of(label) {
                Some(topic) => {
                    known = true;
                    self.label = Some(topic);
                    // A paragraph behind a label that has its value stands for itself.
                    self.listed = label.value.is_some();
                    self.opened(topic, label);
                }
                None if label.bold || label.value.is_none() => self.label = None,
                None => {}
            }
        }
        if known {
            return;
        }
        if self.listed {
            self.label = None;
        }
        self.push(self.topic(), Piece::Paragraph(paragraph));
    }

    fn item(&mut self, item: NodeId, paragraph: NodeId, labels: &[Lead]) {
        if self.labelled_item(item, labels) {
            return;
        }
        let Some(topic) = self.topic() else { return };
        match list_under_label(self.document, item, paragraph) {
            Some(below) => self.items(below, topic),
            None => self.push(Some(topic), Piece::Item(item, paragraph)),
        }
    }

    /// A bullet that opens with the label of a topic: what stands behind it and below it.
    fn labelled_item(&mut self, item: NodeId, labels: &[Lead]) -> bool {
        let document = self.document;
        let mut known = false;
        for label in labels {
            let Some(topic) = self.topic_of(label) else { continue };
            known = true;
            self.opened(topic, label);
            for below in document.children(item).filter(|n| matches!(document.kind(*n), Kind::List { .. })) {
                self.items(below, topic);
            }
        }
        known
    }

    fn items(&mut self, list: NodeId, topic: T) {
        for (item, paragraph) in super::list_items(self.document, list) {
            self.push(Some(topic), Piece::Item(item, paragraph));
        }
    }
}

/// A label with the place of what stands behind it, before anybody has asked what that says.
#[derive(Clone, Debug)]
pub(crate) struct Lead {
    key: String,
    span: Span,
    value: Option<Span>,
    bold: bool,
}

impl Lead {
    fn value(&self, document: &Document) -> Option<Text> {
        let span = self.value?;
        Some(Text { text: said(span.text(document.text())), span })
    }
}

/// The labels of a paragraph, each with what follows it; none where it does not begin with one.
pub(crate) fn labels(document: &Document, paragraph: NodeId) -> Vec<Label> {
    let full = |lead: Lead| {
        let value = lead.value(document);
        Label { key: lead.key, span: lead.span, value, bold: lead.bold }
    };
    let mut found = Vec::new();
    leads(document, paragraph, &mut found);
    found.into_iter().map(full).collect()
}

/// Whether a bold key can stand at the front of a paragraph; most have none, and need not be taken apart.
fn may_open(document: &Document, paragraph: NodeId, first: NodeId) -> bool {
    let front = document.text().as_bytes();
    let end = document.span(first).start as usize + 4;
    let front = front.get(document.span(paragraph).start as usize..end);
    front.is_some_and(|front| front.windows(2).any(|pair| pair == b"**" || pair == b"__"))
}

/// The labels of a paragraph with the places of what follows them.
pub(crate) fn leads(document: &Document, paragraph: NodeId, out: &mut Vec<Lead>) {
    let Some(first) = document.children(paragraph).next() else { return };
    let start = document.span(first).start;
    let fields = match may_open(document, paragraph, first) {
        true => raw_fields_in(document, paragraph, false),
        false => Vec::new(),
    };
    let opens = fields.first().is_some_and(|f| f.key_span.start <= start + 4);
    if !opens {
        out.extend(match document.kind(first) {
            Kind::Strong => bold_lead(document, paragraph, first),
            Kind::Text => plain_lead(document, paragraph, first),
            _ => None,
        });
        return;
    }
    let content_end = document.content_span(paragraph).end;
    for (at, field) in fields.iter().enumerate() {
        let end = fields.get(at + 1).map_or(content_end, |next| next.key_span.start);
        let value = value_between(document, field.value_span.start, end);
        out.push(label(&strip_inline(field.key), field.key_span, value, true));
    }
}

fn label(key: &str, span: Span, value: Option<Span>, bold: bool) -> Lead {
    Lead { key: infer_key(key), span, value, bold }
}

/// What stands between a label and the next, without marks, separators and line breaks.
fn value_between(document: &Document, start: u32, end: u32) -> Option<Span> {
    let source = document.text().get(start as usize..end as usize)?;
    let kept = source.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | '•' | '·' | '|' | '>' | '\\')
    });
    // Marks that close what began inside the value belong to it.
    let tail = &source[kept.len()..];
    let marks = tail.len() - tail.trim_start_matches(['*', '_']).len();
    let source = if kept.contains(['*', '_']) { &source[..kept.len() + marks] } else { kept };
    let lead = source.len() - source.trim_start().len();
    let source = source.trim();
    if source.is_empty() {
        return None;
    }
    let at = start as usize + lead;
    Some(Span::new(at, at + source.len()))
}

/// What a piece of source says: marks, link targets and line breaks gone, code as it stands.
pub(crate) fn said(source: &str) -> String {
    // Stands for code while marks are taken off.
    const CODE: char = '\u{1}';
    let mut codes: Vec<&str> = Vec::new();
    let mut marked = String::with_capacity(source.len());
    for (at, part) in source.split('`').enumerate() {
        if at % 2 == 1 {
            codes.push(part);
            marked.push(CODE);
            continue;
        }
        for (line, text) in part.split('\n').enumerate() {
            if line > 0 {
                marked.push(' ');
            }
            let rest = if line == 0 { text } else { text.trim_start_matches([' ', '\t', '>']) };
            marked.push_str(rest.strip_suffix('\\').unwrap_or(rest));
        }
    }
    let mut out = String::with_capacity(source.len());
    let mut codes = codes.into_iter();
    for (at, part) in strip_inline(&marked).split(CODE).enumerate() {
        if at > 0 {
            out.push_str(codes.next().unwrap_or_default());
        }
        out.push_str(part);
    }
    if is_spaced_once(&out) {
        return out;
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

/// Whether a text has no white space but single spaces between its words.
fn is_spaced_once(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if matches!(byte, b'\t'..=b'\r') || byte == b' ' && before == b' ' {
            return false;
        }
        before = byte;
    }
    let plain = text.is_ascii() || !text.chars().any(|c| !c.is_ascii() && c.is_whitespace());
    plain && before != b' '
}

/// `**Goals**`, `**Non-goals.** We do not …`, `**Market reference** — …`.
fn bold_lead(document: &Document, paragraph: NodeId, first: NodeId) -> Option<Lead> {
    let key = document.plain(first);
    let end = document.content_span(paragraph).end;
    let after = document.span(first).end;
    let rest = document.text().get(after as usize..end as usize)?;
    let closed = key.trim_end().ends_with(['.', ':']);
    let bare = rest.trim_start();
    let opened = closed || bare.is_empty() || bare.starts_with(['—', '–', ':']) || bare.starts_with("- ");
    if !opened || key.split_whitespace().count() > 12 {
        return None;
    }
    let skipped = rest.len() - bare.trim_start_matches(['—', '–', ':', '-', ' ']).len();
    let value = value_between(document, after + skipped as u32, end);
    Some(label(key.trim().trim_end_matches(['.', ':']), document.content_span(first), value, true))
}

/// `Depends on: …`, `Schema deltas (DDL): …`, `Out of scope:`.
fn plain_lead(document: &Document, paragraph: NodeId, first: NodeId) -> Option<Lead> {
    let line = document.span(first).text(document.text());
    let colon = line.find(':')?;
    let key = &line[..colon];
    let behind = &line[colon + 1..];
    let short = || key.split_whitespace().count() <= 6 && key.starts_with(char::is_alphabetic);
    let worded = || key.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || "-‑/&()’',".contains(c));
    if key.len() > 60 || !short() || !worded() || !(behind.is_empty() || behind.starts_with([' ', '\t'])) {
        return None;
    }
    let at = document.span(first).start;
    let end = document.content_span(paragraph).end;
    let value = value_between(document, at + colon as u32 + 1, end);
    Some(label(key, Span::new(at as usize, at as usize + colon), value, false))
}

/// Whether a text, or the line that it stands on, is the template's own and not meant to stay: a
/// placeholder or a word to the author.
pub(crate) fn is_left(reader: &Reader<'_>, span: Span) -> bool {
    stands_in_template(reader, span, |class| class != LeafClass::Literal)
}

/// Whether a text, or the line that it stands on, is the template's own word for word.
pub(crate) fn is_templates(reader: &Reader<'_>, span: Span) -> bool {
    stands_in_template(reader, span, |_| true)
}

fn stands_in_template(reader: &Reader<'_>, span: Span, counts: impl Fn(LeafClass) -> bool) -> bool {
    /// No line of a template that anybody fills in is longer.
    const LONGEST: usize = 2000;
    let text = reader.text();
    let mut buffer = String::new();
    let mut left =
        |source: &str| reader.schema.leaf(source, &mut buffer).is_some_and(|leaf| counts(leaf.class));
    let source = span.text(text).trim();
    // An ID in front makes the template's own words nobody's answer.
    let behind = id_in_front(source).and_then(|(_, at)| source.get(at..));
    if left(source) || behind.is_some_and(&mut left) {
        return true;
    }
    let start = span.start as usize;
    let window = start.saturating_sub(LONGEST);
    let before = text.as_bytes().get(window..start).unwrap_or_default();
    let from = match memchr::memrchr(b'\n', before) {
        Some(at) => window + at + 1,
        None if window == 0 => 0,
        None => return false,
    };
    let after = text.as_bytes().get(start..text.len().min(start + LONGEST)).unwrap_or_default();
    let Some(length) = memchr::memchr(b'\n', after).or((after.len() < LONGEST).then_some(after.len())) else {
        return false;
    };
    let line = text.get(from..start + length).unwrap_or_default();
    left(without_marks(line))
}

/// A line without the marks of quotes, lists and check boxes in front of it.
fn without_marks(line: &str) -> &str {
    let rest = line.trim().trim_start_matches(['>', ' ']);
    let bullet = ["- ", "* ", "+ "].into_iter().find_map(|mark| rest.strip_prefix(mark));
    let rest = bullet.unwrap_or_else(|| {
        let bare = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if bare.len() < rest.len() { bare.strip_prefix(['.', ')']).unwrap_or(rest) } else { rest }
    });
    let rest = rest.trim_start();
    ["[ ]", "[x]", "[X]"].into_iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest).trim()
}

/// The sentences of a text with their places in it: up to a point, a question or an exclamation mark
/// that a space follows, or a semicolon.
pub(crate) fn sentences(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let ends = matches!(byte, b'.' | b'!' | b'?' | b';' | b'\n')
            && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace)
            && !text[start..at].ends_with("e.g")
            && !text[start..at].ends_with("i.e");
        if ends || at + 1 == bytes.len() {
            let span = Span::new(start, at + 1).trimmed(text);
            if !span.is_empty() {
                out.push(span);
            }
            start = at + 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_labels(text: &str, expected: &[&str]) {
        let document = Document::parse(text);
        let first = document.descendants(document.root()).find(|n| document.kind(*n) == Kind::Paragraph);
        let found: Vec<String> = first
            .map(|p| labels(&document, p))
            .unwrap_or_default()
            .iter()
            .map(|l| format!("{}={}", l.key, l.value.as_ref().map_or("", |v| v.text.as_str())))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn labels_in_every_dress() {
        for (text, expected) in [
            ("**Goals** (must happen):", vec!["goals="]),
            ("**Goals**", vec!["goals="]),
            ("**Goals:**", vec!["goals="]),
            ("**Non-goals.** No `x`.", vec!["non goals=No x."]),
            ("**Purpose — one paragraph:** a\nb\n**Outcome:** c", vec!["purpose=a b", "outcome=c"]),
            ("**A:** x • **B:** y", vec!["a=x", "b=y"]),
            ("- **Risks:** a\n  b", vec!["risks=a b"]),
            ("- Schema deltas (DDL): x", vec!["schema deltas=x"]),
            ("Out of scope:", vec!["out of scope="]),
            ("**A:** x **y**", vec!["a=x y"]),
            ("Text with **Goals:** inside", vec![]),
            ("See https://a.b", vec![]),
            ("**Bold** text", vec![]),
            ("", vec![]),
        ] {
            check_labels(text, &expected);
        }
    }

    #[test]
    fn code_is_said_as_it_stands() {
        for (source, expected) in [
            ("**a** `V003__x.sql` b_c", "a V003__x.sql b_c"),
            ("see [`a_b`](x.md) and\n  > *more*  \nhere", "see a_b and more here"),
            ("`a`, `b`", "a, b"),
            ("", ""),
            ("`", ""),
        ] {
            assert_eq!(said(source), expected, "{source}");
        }
    }

    #[test]
    fn sentences_end_at_points() {
        let text = "One, e.g. this. Two at 0.5 %; three? Four é";
        let found: Vec<&str> = sentences(text).into_iter().map(|s| s.text(text)).collect();
        assert_eq!(found, ["One, e.g. this.", "Two at 0.5 %;", "three?", "Four é"]);
    }
}
