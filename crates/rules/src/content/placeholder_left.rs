use crate::support::{columns, shared_columns, shorten};
use memchr::{memchr, memchr3};
use rustc_hash::FxHashSet;
use trueup_finding::{FileCx, Level, Levels, Report, Sink, declare_rule};
use trueup_markdown::{Kind, NodeId, SectionId};
use trueup_model::{HeaderPlace, id_in_front};
use trueup_template::{
    CALLED_PLACEHOLDER, Leaf, LeafClass, Place, STAND_IN_SAMPLE, Schema, SpecIndex, TokenKind, UNMADE_CHOICE,
    ValueSpec, YamlField, fold, for_each_leaf, generic_token, raw_line_fields, strip_inline, tokens_in,
    value_spec, yaml_fields,
};
use trueup_text::Span;

declare_rule! {
    PLACEHOLDER_LEFT = "placeholder-left" in "content", page "placeholder_left.md",
    "a placeholder of the template was not filled in",
    Specs, Levels::RISING, check
}

fn check(cx: &FileCx<'_>, out: &mut Sink) {
    let Some(schema) = cx.schema else { return };
    let mut search = Search {
        cx,
        schema,
        reported: FxHashSet::default(),
        buffer: String::new(),
        section: None,
        found: Vec::new(),
        places: 0,
    };
    for_each_leaf(cx.document, |leaf| search.leaf(leaf));
    search.fields();
    search.yaml();
    out.looked_at(search.places);
    search.found.into_iter().for_each(|report| out.push(report));
}

struct Search<'a, 'c> {
    cx: &'c FileCx<'a>,
    schema: &'a Schema,
    /// Starts of lines that were reported: one finding a line.
    reported: FxHashSet<u32>,
    buffer: String,
    /// The section that the leaf at hand stands in.
    section: Option<SectionId>,
    found: Vec<Report>,
    places: usize,
}

impl Search<'_, '_> {
    fn report(&mut self, span: Span, shown: &str) {
        let text = self.cx.text();
        let line = text[..span.start as usize].rfind('\n').map_or(0, |at| at as u32 + 1);
        if !self.reported.insert(line) {
            return;
        }
        let shown = shorten(&strip_inline(shown), 70);
        let report = Report::new(span, message(&shown))
            .hint("write what belongs here; where nothing does, remove the line or say why");
        // A whole sentence may be the author's answer, too.
        let sentence = self.schema.leaves.get(&fold(&shown)).is_some_and(|l| l.reason == CALLED_PLACEHOLDER);
        self.found.push(if sentence { report.at_most(Level::Info) } else { report });
    }

    fn leaf(&mut self, mut leaf: Leaf) {
        // An ID in front of a bullet fills nothing in.
        if let Some((_, at)) = id_in_front(leaf.span.text(self.cx.text())) {
            leaf.span = Span::new(leaf.span.start as usize + at, leaf.span.end as usize);
        }
        let source = leaf.span.text(self.cx.text());
        if source.is_empty() {
            return;
        }
        self.places += 1;
        self.section = leaf.section;
        if leaf.place == Place::Fence {
            return self.fence(leaf);
        }
        if self.generic(leaf, source) {
            return;
        }
        if self.is_placeholder(source) {
            return self.report(self.first_token(leaf.span), source);
        }
        let marks = Marks::of(source);
        if marks.line_end || marks.bracket || source.starts_with("**") {
            self.lines(leaf, source, marks.line_end);
        }
    }

    /// A whole value that stands for "not written yet" in any template.
    fn generic(&mut self, leaf: Leaf, source: &str) -> bool {
        if leaf.place == Place::Heading || source.len() > 42 || !generic_token(source) {
            return false;
        }
        if leaf.place == Place::Cell && self.is_own_word(leaf.node, source) {
            return false;
        }
        self.report(leaf.span, source);
        true
    }

    /// In a table of the author's own, dots leave rows out and TODO in a status column is a status.
    fn is_own_word(&self, cell: NodeId, source: &str) -> bool {
        let document = self.cx.document;
        let Some(row) = document.parent(cell) else { return false };
        let Some(table) = document.parent(row) else { return false };
        let names = columns(document, table);
        if matches!(source.trim(), "..." | "…") {
            let of_template = self.schema.sections.iter().flat_map(|s| &s.tables);
            let alike = of_template.into_iter().any(|t| shared_columns(t, &names) * 2 > t.columns.len());
            return !alike && document.children(table).count() > 2;
        }
        let at = document.children(row).position(|c| c == cell);
        let header = at.and_then(|at| names.get(at)).map_or("", |(name, _)| name.as_str());
        let is_state = header.split(' ').any(|w| matches!(w, "status" | "state" | "progress" | "done"));
        is_state && !source.trim().trim_matches('*').eq_ignore_ascii_case("tbd")
    }

    /// Whether a text is one of the template's that holds a placeholder.
    fn is_placeholder(&mut self, source: &str) -> bool {
        let schema = self.schema;
        schema.leaf(source, &mut self.buffer).is_some_and(|l| {
            // A sample in code means something else in another section.
            let elsewhere = l.reason == STAND_IN_SAMPLE
                && l.section.is_some()
                && l.section != self.section.and_then(|s| self.spec_of(s));
            // A choice in the author's own spelling ("Create/modify") is an answer.
            !elsewhere
                && l.class == LeafClass::Placeholder
                && (l.reason != UNMADE_CHOICE || strip_inline(source).trim().contains(value_of(&l.text)))
        })
    }

    fn lines(&mut self, leaf: Leaf, source: &str, multi_line: bool) {
        let mut at = leaf.span.start as usize;
        for line in source.split_inclusive('\n') {
            let span = Span::new(at, at + line.len()).trimmed(self.cx.text());
            at += line.len();
            let bare = line.trim_end().trim_end_matches('\\').trim_start_matches([' ', '\t', '>']);
            if multi_line && self.is_placeholder(bare) {
                self.report(self.first_token(span), bare);
            } else if bare.starts_with("**") && self.unwritten_field(leaf, span, bare) {
                continue;
            } else if self.schema.may_hold_token(bare) {
                self.tokens(leaf, span, bare);
            }
        }
    }

    /// A key whose whole value stands for "not written yet".
    fn unwritten_field(&mut self, leaf: Leaf, line: Span, source: &str) -> bool {
        if !may_be_unwritten(source) {
            return false;
        }
        let start = line.end as usize - source.len();
        let mut fields = Vec::new();
        raw_line_fields(source, start, leaf.node, false, &mut fields);
        let values = fields.into_iter().map(|f| (f.value_span, strip_inline(f.value)));
        let found = values.into_iter().find(|(_, value)| generic_token(value) || begins_with_tbd(value));
        let Some((span, value)) = found else { return false };
        self.report(span, &value);
        true
    }

    /// The template's own placeholder inside a longer text of the author's.
    fn tokens(&mut self, leaf: Leaf, line: Span, source: &str) {
        let text = strip_inline(source);
        for token in tokens_in(&text) {
            let shown = text[token.range.clone()].to_owned();
            let Some(specs) = self.schema.tokens.get(&fold(&shown)) else { continue };
            let before = fold(&text[..token.range.start]);
            let section = leaf.section.and_then(|s| self.spec_of(s));
            let place = self.find(line, &shown).unwrap_or(line);
            let in_code = self.in_code(leaf.node, place);
            let same_place =
                specs.iter().any(|s| !s.before.is_empty() && s.before == before && s.section == section);
            // `<minutes>` in the section where the template has it is no coincidence.
            let bracketed = token.kind == TokenKind::Angle && specs.iter().any(|s| s.section == section);
            let distinctive = (bracketed || specs.iter().any(|s| s.distinctive)) && !in_code;
            if same_place || distinctive {
                return self.report(place, &shown);
            }
        }
    }

    fn spec_of(&self, section: SectionId) -> Option<SpecIndex> {
        let mut at = Some(section);
        while let Some(id) = at {
            let found = self.cx.specs.iter().find_map(|s| s.alignment.spec_of.get(&id));
            if let Some(index) = found {
                return Some(*index);
            }
            at = self.cx.document.section(id).parent;
        }
        None
    }

    fn find(&self, line: Span, shown: &str) -> Option<Span> {
        let source = line.text(self.cx.text());
        let escaped = shown.replace('<', "&lt;").replace('>', "&gt;");
        [shown, escaped.as_str()].into_iter().find_map(|needle| {
            let at = source.find(needle)?;
            Some(Span::new(line.start as usize + at, line.start as usize + at + needle.len()))
        })
    }

    fn in_code(&self, leaf: NodeId, place: Span) -> bool {
        let document = self.cx.document;
        document
            .descendants(leaf)
            .any(|n| document.kind(n) == Kind::InlineCode && document.span(n).contains(place))
    }

    /// The first placeholder in a span, or the whole of it.
    fn first_token(&self, span: Span) -> Span {
        let text = strip_inline(span.text(self.cx.text()));
        let first = tokens_in(&text).into_iter().next();
        first.and_then(|t| self.find(span, &text[t.range])).unwrap_or(span)
    }

    /// A nested template that was left as it is.
    fn fence(&mut self, leaf: Leaf) {
        let source = leaf.span.text(self.cx.text());
        let known =
            source.lines().filter(|l| l.trim().len() > 3).take(3).filter(|l| self.template_line(l)).count();
        if known == 0 {
            return;
        }
        let mut at = leaf.span.start as usize;
        for line in source.split_inclusive('\n') {
            let span = Span::new(at, at + line.len()).trimmed(self.cx.text());
            at += line.len();
            if self.line_is_placeholder(line) {
                self.report(self.first_token(span), line.trim());
            }
        }
    }

    fn template_line(&mut self, line: &str) -> bool {
        self.schema.leaf(bare_line(line), &mut self.buffer).is_some()
    }

    /// A line of a fence: as a whole, or a cell of it.
    fn line_is_placeholder(&mut self, line: &str) -> bool {
        let bare = bare_line(line);
        if line.trim_start().starts_with('|') {
            return bare
                .split('|')
                .map(str::trim)
                .filter(|c| !c.is_empty())
                .any(|cell| generic_token(cell) || self.is_placeholder(cell));
        }
        self.is_placeholder(bare) || generic_token(bare) || self.is_placeholder(&strip_inline(bare))
    }

    /// Fields whose value is still the template's, however they are written.
    fn fields(&mut self) {
        for spec in self.cx.specs {
            for field in spec.header.iter().filter(|f| f.place == HeaderPlace::Header) {
                self.places += 1;
                let same = self.schema.fields.iter().any(|f| {
                    f.normal == field.normal
                        && is_unfilled(&f.template_value)
                        && fold(&f.template_value) == fold(&field.field.value)
                });
                if same || generic_token(&field.field.value) {
                    self.report(field.field.value_span, &field.field.value);
                }
            }
        }
    }

    fn yaml(&mut self) {
        let document = self.cx.document;
        if let Some(span) = document.front_matter()
            && let Ok(fields) = yaml_fields(span.text(document.text()), span.start as usize)
        {
            for field in &fields {
                self.places += 1;
                let known = self
                    .schema
                    .leaves
                    .get(&fold(&field.value))
                    .is_some_and(|l| l.class == LeafClass::Placeholder);
                if !field.nested
                    && (known && !self.schema.front_matter.is_empty() || generic_token(&field.value))
                {
                    self.report(field.value_span, &field.value);
                }
            }
        }
        if let Some(Ok(fields)) = self.cx.sidecar.map(|s| s.fields.as_ref()) {
            for field in fields {
                self.sidecar_field(field);
            }
        }
    }

    fn sidecar_field(&mut self, field: &YamlField) {
        self.places += 1;
        let known = self.schema.sidecar_leaves.contains_key(&fold(&field.value));
        if field.nested || field.value.is_empty() || !(known || generic_token(&field.value)) {
            return;
        }
        let report = Report::new(field.value_span, message(&field.value))
            .hint(format!("write the value of `{}`, or remove it", field.path))
            .subject(format!("{} {}", field.path, field.value))
            .in_sidecar();
        self.found.push(report);
    }
}

/// The value of a template's line, without its key.
fn value_of(text: &str) -> &str {
    text.rsplit(": ").next().unwrap_or(text).trim()
}

fn message(shown: &str) -> String {
    let unwritten = generic_token(shown)
        && tokens_in(shown).iter().all(|t| matches!(t.kind, TokenKind::Word | TokenKind::Dots));
    match unwritten || begins_with_tbd(shown) {
        true => format!("`{shown}` says that something is not written yet"),
        false => format!("`{shown}` is the template's placeholder"),
    }
}

/// A look at the bytes of a line, since nearly all lines say something: whether a value may stand for "not
/// written yet". All words that do so but those in angle brackets hold one of these, in capitals or not.
fn may_be_unwritten(line: &str) -> bool {
    let bytes = line.as_bytes();
    let begins = |at: usize| {
        let next = |by: usize| bytes.get(at + by).map(u8::to_ascii_lowercase);
        match next(0) {
            Some(b't') => matches!((next(1), next(2)), (Some(b'b'), _) | (Some(b'o'), Some(b'd' | b' '))),
            Some(b'x') => next(1) == Some(b'x'),
            Some(b'f') => next(1) == Some(b'i') && next(2) == Some(b'x'),
            Some(b'y') => next(1) == Some(b'y'),
            Some(b'?') => next(1) == Some(b'?'),
            Some(b'.') => next(1) == Some(b'.'),
            Some(b'<' | b'&') => true,
            // The three dots as one character.
            Some(0xe2) => next(1) == Some(0x80) && next(2) == Some(0xa6),
            _ => false,
        }
    };
    (0..bytes.len()).any(begins)
}

/// "TBD (after the pilot)": a remark does not make it a value.
fn begins_with_tbd(value: &str) -> bool {
    value.strip_prefix("TBD").is_some_and(|rest| {
        rest.starts_with(['.', ',', ';']) || rest.starts_with(" (") || rest.starts_with(" —")
    })
}

fn bare_line(line: &str) -> &str {
    line.trim().trim_start_matches(['#', '-', '*', ' ', '>'])
}

/// What a look at all bytes of a text tells.
struct Marks {
    /// It has several lines.
    line_end: bool,
    /// It may hold a placeholder in brackets.
    bracket: bool,
}

impl Marks {
    fn of(source: &str) -> Marks {
        let bytes = source.as_bytes();
        Marks {
            line_end: memchr(b'\n', bytes).is_some(),
            bracket: memchr3(b'<', b'[', b'{', bytes).is_some() || memchr(b'&', bytes).is_some(),
        }
    }
}

/// Whether the template's own value is something to fill in.
fn is_unfilled(value: &str) -> bool {
    !tokens_in(value).is_empty() || generic_token(value) || matches!(value_spec(value), ValueSpec::Enum(_))
}
