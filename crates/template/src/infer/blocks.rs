//! Blocks under a heading: fields, lists, tables, check lists, comments, quotes, nested templates.

use super::guidance::{describing_value, instruction, looks_generic_code, says_optional, says_pick_one};
use super::{Infer, infer_nested};
use crate::field::{FieldForm, FieldText, fields_in, strip_inline};
use crate::placeholder::{TokenKind, generic_token, tokens_in};
use crate::schema::{
    ChecklistSpec, ColumnSpec, FieldSpec, LeafClass, Presence, RowSpec, SpecIndex, TableSpec,
};
use crate::value::{ValueSpec, value_spec};
use trueup_markdown::{Kind, NodeId, ascii_words, normalise_title};
use trueup_text::Span;

/// A key in the form in which keys are compared: words in lower case, remarks left out.
pub fn normal_key(key: &str) -> String {
    normalise_title(key.trim_end_matches(':')).core
}

impl Infer<'_> {
    /// Reads the blocks of a section, or of the header for `None`.
    pub(crate) fn blocks(&mut self, section: Option<SpecIndex>, blocks: &[NodeId]) {
        let document = self.document;
        let pick_one =
            blocks.iter().any(|b| document.kind(*b) == Kind::Html && says_pick_one(document.source(*b)));
        let trailing = self.comment_about_next(blocks);
        let mut content = false;
        let mut called_placeholder = false;
        for (i, block) in blocks.iter().enumerate() {
            let next = blocks.get(i + 1).copied();
            let previous = i.checked_sub(1).map(|p| blocks[p]);
            match document.kind(*block) {
                Kind::Html if document.is_comment_only(*block) => {
                    called_placeholder =
                        document.source(*block).to_lowercase().contains("current placeholder");
                    if trailing == Some(*block) {
                        // Guidance like any other, but about the section below.
                        self.next_is_optional = true;
                        self.comment_block(None, *block);
                    } else {
                        self.comment_block(section, *block);
                    }
                }
                Kind::Paragraph if called_placeholder => {
                    content = true;
                    called_placeholder = false;
                    let text = document.plain(*block).into_owned();
                    let line = self.line(document.span(*block).start);
                    let reason = if generic_token(&text) {
                        "stands for \"not written yet\""
                    } else {
                        CALLED_PLACEHOLDER
                    };
                    self.leaf(&text, LeafClass::Placeholder, section, line, reason);
                }
                Kind::Html => {
                    let text = strip_inline(document.source(*block).trim());
                    self.line_leaf(section, &text, self.line(document.span(*block).start));
                    content = true;
                }
                Kind::Paragraph => {
                    content = true;
                    self.paragraph(section, *block, next);
                }
                Kind::List { .. } => {
                    content = true;
                    let before = self.field_count(section);
                    self.list(section, *block, pick_one);
                    if previous.is_some_and(|p| for_each_item(&document.plain(p))) {
                        self.make_optional(section, before);
                    }
                }
                Kind::Table => {
                    content = true;
                    self.table(section, *block);
                }
                Kind::Quote => {
                    content = true;
                    self.quote(section, *block);
                }
                Kind::Code { fenced: true } => {
                    content = true;
                    let asked = previous.is_some_and(|p| asks_for_format(&document.plain(p)))
                        || section.is_some_and(|s| asks_for_format(&self.schema.sections[s].title));
                    self.fence(section, *block, asked);
                }
                _ => {}
            }
        }
        if let Some(index) = section {
            self.schema.sections[index].has_content = content;
        }
    }

    /// A comment that stands below a section's text and above the next heading, and says "optional".
    fn comment_about_next(&self, blocks: &[NodeId]) -> Option<NodeId> {
        let document = self.document;
        let (last, before) = blocks.split_last()?;
        let text_before =
            before.iter().any(|b| document.kind(*b) != Kind::Html || !document.is_comment_only(*b));
        let says = document.is_comment_only(*last) && says_optional(document.source(*last));
        (text_before && says).then_some(*last)
    }

    fn field_count(&self, section: Option<SpecIndex>) -> usize {
        section.map_or(self.schema.fields.len(), |s| self.schema.sections[s].fields.len())
    }

    /// "For each item: …" asks for nothing where there is no item.
    fn make_optional(&mut self, section: Option<SpecIndex>, from: usize) {
        let fields = match section {
            Some(index) => &mut self.schema.sections[index].fields,
            None => &mut self.schema.fields,
        };
        for field in fields.iter_mut().skip(from) {
            field.presence = Presence::Optional;
            field.reason = "asked for each item, and there may be none".to_owned();
        }
    }

    /// A section that speaks about the template: nothing of it may stay.
    pub(crate) fn about_the_template(&mut self, section: SpecIndex, blocks: &[NodeId]) {
        for block in blocks {
            if self.document.kind(*block) != Kind::Paragraph {
                continue;
            }
            let text = self.document.plain(*block).into_owned();
            let line = self.line(self.document.span(*block).start);
            self.leaf(&text, LeafClass::Guidance, Some(section), line, "speaks about the template");
        }
    }

    fn comment_block(&mut self, section: Option<SpecIndex>, block: NodeId) {
        let span = self.document.span(block);
        let mut rest = span.text(self.document.text());
        let mut at = span.start;
        while let Some(start) = rest.find("<!--") {
            let Some(length) = rest[start + 4..].find("-->") else { break };
            let end = start + 4 + length;
            let inner = rest[start + 4..end].to_owned();
            self.comment(section, &inner, self.line(at + start as u32));
            at += end as u32 + 3;
            rest = &rest[end + 3..];
        }
    }

    /// A directive decides; any other comment is guidance about the section that it stands in.
    pub(crate) fn comment(&mut self, section: Option<SpecIndex>, inner: &str, line: u32) {
        let text = inner.trim();
        let Some(directive) = text.strip_prefix("trueup:") else {
            // `<!-- toc -->` and the like are marks for other tools.
            if text.split_whitespace().count() >= 3 {
                self.leaf(
                    &strip_inline(text),
                    LeafClass::Guidance,
                    section,
                    line,
                    "a comment in the template",
                );
            }
            if let Some(index) = section {
                self.comment_about_section(index, text);
            }
            return;
        };
        self.directive(section, directive.trim(), line);
    }

    fn directive(&mut self, section: Option<SpecIndex>, directive: &str, line: u32) {
        if let Some(values) = directive.strip_prefix("values=") {
            let values = values.trim().trim_matches('"').split(',').map(|v| v.trim().to_owned()).collect();
            self.pending_values = Some(values);
            return;
        }
        let Some(index) = section else { return };
        for word in directive.split_whitespace() {
            let spec = &mut self.schema.sections[index];
            match word {
                "optional" => spec.presence = Presence::Optional,
                "required" => spec.presence = Presence::Required,
                "ignore" => spec.presence = Presence::Optional,
                "repeat" => spec.repeats = true,
                word => {
                    if let Some(kind) = word.strip_prefix("kind=") {
                        spec.kind = Some(kind.trim_matches('"').to_owned());
                    }
                    continue;
                }
            }
            spec.reason = format!("the directive `{word}` on line {line}");
            self.decided.insert(index);
        }
    }

    fn paragraph(&mut self, section: Option<SpecIndex>, block: NodeId, next: Option<NodeId>) {
        let document = self.document;
        self.inline_comments(section, block);
        let in_header = section.is_none() && !self.nested;
        let fields = fields_in(document, block, in_header);
        let list_follows = next.is_some_and(|n| matches!(document.kind(n), Kind::List { .. }));
        let table_follows = next.is_some_and(|n| document.kind(n) == Kind::Table);
        let whole = document.plain(block).into_owned();
        let line = self.line(document.span(block).start);
        if fields.is_empty() {
            if document.source(block).contains('\n') {
                self.classify(section, &whole, line, None);
            }
        } else if list_follows && fields.len() == 1 && fields[0].value.is_empty() {
            self.field(section, &fields[0], true);
            return;
        } else if table_follows && fields.len() == 1 && fields[0].value.is_empty() {
            // A caption.
            return;
        }
        self.lines_of(section, block, &fields);
    }

    /// Every line of a paragraph is a leaf of its own; the fields on it say how to read it.
    fn lines_of(&mut self, section: Option<SpecIndex>, block: NodeId, fields: &[FieldText]) {
        let document = self.document;
        let span = document.content_span(block);
        let mut at = span.start as usize;
        for raw in span.text(document.text()).split_inclusive('\n') {
            let here = Span::new(at, at + raw.len());
            at += raw.len();
            let bare = raw.trim_end().trim_end_matches('\\').trim_start_matches([' ', '\t', '>']);
            let text = strip_inline(&remove_comments(bare));
            let line = self.line(here.start);
            let on_line: Vec<&FieldText> = fields.iter().filter(|f| here.contains(f.key_span)).collect();
            for field in &on_line {
                self.field(section, field, false);
            }
            match on_line.as_slice() {
                [] if fields.is_empty() && span.text(document.text()).contains('\n') => {
                    // A wrapped paragraph: only its placeholders count line by line.
                    if !tokens_in(&text).is_empty() {
                        self.classify(section, &text, line, Some(block));
                    }
                }
                [] => self.classify(section, &text, line, Some(block)),
                [field] => self.classify_field(section, &text, field, line),
                _ => self.tokens(&text, section, line),
            }
        }
    }

    fn classify_field(&mut self, section: Option<SpecIndex>, text: &str, field: &FieldText, line: u32) {
        if let Some(reason) = self.placeholder_reason(&field.value) {
            self.leaf(text, LeafClass::Placeholder, section, line, reason);
            self.tokens(text, section, line);
        } else if let Some(reason) = describing_value(&field.value) {
            self.leaf(text, LeafClass::Guidance, section, line, reason);
        } else if let Some(reason) = instruction(&field.value) {
            self.leaf(text, LeafClass::Guidance, section, line, reason);
        } else {
            self.leaf(text, LeafClass::Literal, section, line, "meant to stay");
        }
    }

    /// Why a value may not stay as it is.
    fn placeholder_reason(&self, value: &str) -> Option<&'static str> {
        let tokens = tokens_in(value);
        if tokens.iter().any(|t| t.kind != TokenKind::Word || value[t.range.clone()].starts_with('(')) {
            return Some("holds a placeholder");
        }
        if matches!(value_spec(value), ValueSpec::Enum(_)) {
            return Some(UNMADE_CHOICE);
        }
        if generic_token(value) {
            return Some("stands for \"not written yet\"");
        }
        let generic = looks_generic_code(value) && value.split_whitespace().count() <= 2;
        generic.then_some(STAND_IN_SAMPLE)
    }

    fn classify(&mut self, section: Option<SpecIndex>, text: &str, line: u32, block: Option<NodeId>) {
        let sample = block.is_some_and(|b| self.has_generic_code(b));
        let links_nowhere = block.is_some_and(|b| self.links_to_dots(b));
        let choice = matches!(value_spec(text), ValueSpec::Enum(_)) && tokens_in(text).is_empty();
        let reason = match self.placeholder_reason(text) {
            // Outside a field or a cell a slash is punctuation.
            Some(_) if choice => None,
            Some(reason) => Some(reason),
            None if sample => Some(STAND_IN_SAMPLE),
            None if links_nowhere => Some("a link with a placeholder in its target"),
            None => None,
        };
        if let Some(reason) = reason {
            self.leaf(text, LeafClass::Placeholder, section, line, reason);
            self.tokens(text, section, line);
            return;
        }
        let explained = text.split_once(": ").filter(|(label, _)| label.split_whitespace().count() <= 3);
        let describing = explained.and_then(|(_, words)| describing_value(words));
        match instruction(text).or(describing) {
            Some(reason) => self.leaf(text, LeafClass::Guidance, section, line, reason),
            None => self.leaf(text, LeafClass::Literal, section, line, "meant to stay"),
        }
    }

    fn has_generic_code(&self, block: NodeId) -> bool {
        let document = self.document;
        document
            .descendants(block)
            .any(|n| document.kind(n) == Kind::InlineCode && looks_generic_code(&document.own_text(n)))
    }

    fn links_to_dots(&self, block: NodeId) -> bool {
        let document = self.document;
        document.descendants(block).any(|n| match document.kind(n) {
            Kind::Link(number) => document.link(number).target.contains("..."),
            _ => false,
        })
    }

    fn line_leaf(&mut self, section: Option<SpecIndex>, text: &str, line: u32) {
        for (i, one) in text.lines().enumerate() {
            self.classify(section, one, line + i as u32, None);
        }
    }

    fn inline_comments(&mut self, section: Option<SpecIndex>, block: NodeId) {
        let document = self.document;
        let comments: Vec<(String, u32)> = document
            .descendants(block)
            .filter(|n| document.kind(*n) == Kind::InlineHtml)
            .filter_map(|n| {
                let inner = document.source(n).strip_prefix("<!--")?.strip_suffix("-->")?;
                Some((inner.to_owned(), self.line(document.span(n).start)))
            })
            .collect();
        for (inner, line) in comments {
            self.comment(section, &inner, line);
        }
    }

    /// All items of a list, those of the lists in it included. No recursion: lists may nest ten thousand deep.
    fn list(&mut self, section: Option<SpecIndex>, list: NodeId, pick_one: bool) {
        let document = self.document;
        for node in document.descendants(list) {
            let Some(Kind::Item(task)) = document.parent(node).map(|p| document.kind(p)) else { continue };
            match document.kind(node) {
                Kind::Paragraph if task.is_some() => self.task(section, node, pick_one),
                Kind::Paragraph if self.is_contents_entry(node) => {}
                Kind::Paragraph => self.item(section, node),
                Kind::Html => self.comment_block(section, node),
                _ => {}
            }
        }
    }

    fn item(&mut self, section: Option<SpecIndex>, paragraph: NodeId) {
        self.inline_comments(section, paragraph);
        let header = section.is_none() && !self.nested;
        let fields = fields_in(self.document, paragraph, header);
        if fields.is_empty() {
            let text = strip_inline(&remove_comments(
                self.document.content_span(paragraph).text(self.document.text()),
            ));
            let line = self.line(self.document.span(paragraph).start);
            if self.is_below_task(paragraph) && tokens_in(&text).is_empty() {
                self.leaf(&text, LeafClass::Literal, section, line, "a label of a task");
            } else {
                self.classify(section, &text, line, Some(paragraph));
            }
            return;
        }
        self.lines_of(section, paragraph, &fields);
    }

    /// An entry of a table of contents: a link into the same file and nothing else.
    fn is_contents_entry(&self, paragraph: NodeId) -> bool {
        let document = self.document;
        let mut children = document.children(paragraph);
        let only = children.next().filter(|_| children.next().is_none());
        only.is_some_and(|n| matches!(document.kind(n), Kind::Link(number) if document.link(number).target.starts_with('#')))
    }

    /// Whether a list item stands below a task: then it is a label of that task.
    fn is_below_task(&self, paragraph: NodeId) -> bool {
        self.document
            .ancestors(paragraph)
            .skip(1)
            .any(|a| matches!(self.document.kind(a), Kind::Item(Some(_))))
    }

    fn task(&mut self, section: Option<SpecIndex>, paragraph: NodeId, pick_one: bool) {
        let text = self.document.plain(paragraph).trim().to_owned();
        let line = self.line(self.document.span(paragraph).start);
        let open = !tokens_in(&text).is_empty() || self.placeholder_reason(&text).is_some();
        self.classify(section, &text, line, Some(paragraph));
        if open || pick_one || text.is_empty() || self.has_generic_code(paragraph) {
            return;
        }
        if let Some(index) = section {
            let normal = words_of(&text);
            self.schema.sections[index].checklist.push(ChecklistSpec { text: text.clone(), normal, line });
            self.note(
                line,
                format!("check-list item \"{}\" must stay", shorten(&text)),
                "a task with literal text",
            );
        }
    }

    fn quote(&mut self, section: Option<SpecIndex>, quote: NodeId) {
        let document = self.document;
        for child in document.children(quote) {
            if document.kind(child) != Kind::Paragraph {
                continue;
            }
            let line = self.line(document.span(child).start);
            let fields = fields_in(document, child, false);
            let text = document.plain(child).into_owned();
            if section.is_none()
                && !fields.is_empty()
                && fields[0].key_span.start <= document.content_span(child).start + 2
            {
                self.lines_of(section, child, &fields);
                continue;
            }
            let bracketed = tokens_in(&text).iter().any(|t| t.kind == TokenKind::Square);
            let reason = "a block quote that instructs";
            if bracketed {
                self.leaf(&text, LeafClass::Placeholder, section, line, "holds a placeholder");
                self.tokens(&text, section, line);
            } else {
                self.leaf(&text, LeafClass::Guidance, section, line, reason);
                // Lines as well: a quote may be kept in part.
                self.quote_lines(section, child);
            }
        }
    }

    fn quote_lines(&mut self, section: Option<SpecIndex>, paragraph: NodeId) {
        let span = self.document.span(paragraph);
        let source = span.text(self.document.text()).to_owned();
        if !source.contains('\n') {
            return;
        }
        let mut at = span.start;
        for raw in source.split_inclusive('\n') {
            let text = strip_inline(raw.trim().trim_start_matches(['>', ' ']));
            let line = self.line(at);
            at += raw.len() as u32;
            self.leaf(&text, LeafClass::Guidance, section, line, "a block quote that instructs");
        }
    }

    fn table(&mut self, section: Option<SpecIndex>, table: NodeId) {
        let document = self.document;
        let mut rows = document.children(table);
        let Some(header) = rows.next() else { return };
        let names: Vec<String> =
            document.children(header).map(|c| document.plain(c).trim().to_owned()).collect();
        let body: Vec<Vec<NodeId>> = rows.map(|row| document.children(row).collect()).collect();
        let line = self.line(document.span(table).start);
        if is_field_table(&names) {
            for row in &body {
                self.field_row(section, row);
            }
            return;
        }
        let cell = |row: &[NodeId], i: usize| {
            row.get(i).map(|c| document.plain(*c).trim().to_owned()).unwrap_or_default()
        };
        let is_open = |row: &Vec<NodeId>| {
            let texts: Vec<String> = (0..row.len()).map(|i| cell(row, i)).collect();
            let dots = texts.iter().filter(|t| matches!(t.as_str(), "..." | "…")).count();
            dots * 2 > texts.len()
                || !tokens_in(&texts[0]).is_empty()
                || texts[0].is_empty()
                || looks_generic_code(&texts[0])
        };
        let open = body.is_empty() || body.iter().any(is_open);
        for row in &body {
            self.table_row(section, row);
        }
        let Some(index) = section else { return };
        let columns: Vec<ColumnSpec> = names
            .iter()
            .enumerate()
            .map(|(i, name)| ColumnSpec {
                name: name.clone(),
                normal: words_of(name),
                value: column_value(body.iter().map(|row| cell(row, i)).collect()),
            })
            .collect();
        let rows: Vec<RowSpec> = if open || body.len() < 2 {
            Vec::new()
        } else {
            body.iter()
                .map(|row| RowSpec {
                    key: cell(row, 0),
                    normal: words_of(&cell(row, 0)),
                    line: self.line(document.span(row[0]).start),
                })
                .collect()
        };
        let reason = match rows.is_empty() {
            true => "a table; rows may be added".to_owned(),
            false => "a table whose first cells are all literal: every row must be there".to_owned(),
        };
        self.schema.sections[index].tables.push(TableSpec { columns, rows, line, reason });
    }

    fn table_row(&mut self, section: Option<SpecIndex>, row: &[NodeId]) {
        let document = self.document;
        for cell in row {
            let text = document.plain(*cell).trim().to_owned();
            let line = self.line(document.span(*cell).start);
            match self.placeholder_reason(&text) {
                Some(reason) => {
                    self.leaf(&text, LeafClass::Placeholder, section, line, reason);
                    self.tokens(&text, section, line);
                }
                None if self.has_generic_code(*cell) => {
                    self.leaf(&text, LeafClass::Placeholder, section, line, STAND_IN_SAMPLE);
                }
                None => {}
            }
        }
    }

    fn field_row(&mut self, section: Option<SpecIndex>, row: &[NodeId]) {
        let document = self.document;
        let [key, value, ..] = row else { return };
        let field = FieldText {
            key: document.plain(*key).trim().trim_end_matches(':').to_owned(),
            key_span: document.content_span(*key),
            value: document.plain(*value).trim().to_owned(),
            value_span: document.content_span(*value),
            form: FieldForm::Row,
            node: *key,
        };
        let line = self.line(field.key_span.start);
        self.field(section, &field, false);
        if let Some(reason) = self.placeholder_reason(&field.value) {
            self.leaf(&field.value, LeafClass::Placeholder, section, line, reason);
            self.tokens(&field.value, section, line);
        }
    }

    fn field(&mut self, section: Option<SpecIndex>, field: &FieldText, label: bool) {
        let line = self.line(field.key_span.start);
        let mut value = if label { ValueSpec::Free } else { value_spec(&field.value) };
        if let Some(values) = self.pending_values.take() {
            value = ValueSpec::Enum(values);
        }
        let explains = describing_value(&field.value).is_some() || instruction(&field.value).is_some();
        if let ValueSpec::Example(example) = &value {
            value = match () {
                () if field.form == FieldForm::Row && is_constant(&field.key, example) => {
                    ValueSpec::Constant(example.clone())
                }
                () if explains || !is_short(example) => ValueSpec::Free,
                () => value,
            };
        }
        let lower = field.key.to_lowercase();
        let optional = ["if any", "if applicable", "optional", "if needed"].iter().any(|m| lower.contains(m));
        let mut presence = if optional { Presence::Optional } else { self.default_presence() };
        let mut reason = if optional { "its key is marked as optional" } else { "a key with a value" };
        // One of several ways to write a verdict, not a field that everybody fills.
        let in_repeated = section.is_some_and(|s| self.schema.sections[s].repeats);
        if self.nested && !in_repeated && !explains && matches!(value, ValueSpec::Free) && !label {
            presence = Presence::Optional;
            reason = "a literal line of the prescribed structure";
        }
        let normal = normal_key(&field.key);
        // `**FR-001**:` and `**[Entity]**:` are items of the author's, as many as there are.
        if normal.is_empty() || is_item_id(&field.key) || !tokens_in(&field.key).is_empty() {
            return;
        }
        let spec = FieldSpec {
            key: field.key.clone(),
            normal,
            value,
            presence,
            label,
            template_value: field.value.clone(),
            line,
            reason: reason.to_owned(),
        };
        let fields = match section {
            Some(index) => &mut self.schema.sections[index].fields,
            None => &mut self.schema.fields,
        };
        if !fields.iter().any(|f| f.normal == spec.normal) {
            fields.push(spec);
        }
    }

    /// A fenced block of Markdown that the text above asks to copy is a template of its own.
    fn fence(&mut self, section: Option<SpecIndex>, block: NodeId, asked: bool) {
        let document = self.document;
        let markdown = matches!(document.code_language(block), "markdown" | "md");
        let span = document.code_span(block);
        let text = span.text(document.text());
        if !(markdown && asked) || text.is_empty() {
            return;
        }
        let offset = self.line(span.start) - 1;
        let inner = infer_nested(&self.schema.name, text, offset);
        self.note(
            offset,
            "a nested template: the section has this structure",
            "a fenced block that the text above asks to use",
        );
        self.absorb(inner, section);
    }
}

/// Why a sample is a placeholder.
pub const STAND_IN_SAMPLE: &str = "a sample made of stand-in words";

/// Why a choice is a placeholder.
pub const UNMADE_CHOICE: &str = "a choice that has not been made";

/// Why a plain sentence is a placeholder: the comment above it says so.
pub const CALLED_PLACEHOLDER: &str = "the template's comment calls it a placeholder";

fn for_each_item(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    lower.starts_with("for each") || lower.starts_with("for every")
}

/// `FR-001`, `Q1`, `SC-2`.
fn is_item_id(key: &str) -> bool {
    let digits = key.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches('-');
    !digits.is_empty() && digits.len() < key.len() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn asks_for_format(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["format", "structure", "template", "skeleton", "layout", "copy"].iter().any(|w| lower.contains(w))
}

/// Two columns that hold keys and values.
fn is_field_table(names: &[String]) -> bool {
    let [key, value] = names else { return false };
    let key = words_of(key);
    let value = words_of(value);
    matches!(key.as_str(), "field" | "key" | "property" | "attribute" | "item" | "meta" | "metadata" | "")
        && matches!(value.as_str(), "value" | "content" | "details" | "")
}

/// A literal among placeholders is a constant, unless it is a date, a state, a number or a switch.
fn is_constant(key: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let key = key.to_lowercase();
    let state = ["status", "state", "stage", "phase"].iter().any(|k| key.contains(k));
    let dated = value.chars().any(|c| c.is_ascii_digit());
    !(state || dated || matches!(lower.as_str(), "true" | "false" | "yes" | "no" | "none" | "n/a" | "draft"))
        && is_short(value)
}

fn is_short(value: &str) -> bool {
    value.split_whitespace().count() <= 3
}

/// What a column may hold: a choice where a cell shows one.
fn column_value(cells: Vec<String>) -> ValueSpec {
    let choices: Vec<ValueSpec> =
        cells.iter().map(|c| value_spec(c)).filter(|v| matches!(v, ValueSpec::Enum(_))).collect();
    match choices.as_slice() {
        [first, rest @ ..] if rest.iter().all(|c| c == first) => first.clone(),
        _ => ValueSpec::Free,
    }
}

/// Words in lower case, one space apart, nothing taken off.
pub fn words_of(text: &str) -> String {
    // Nearly all texts are plain.
    if text.is_ascii() {
        return ascii_words(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // Most of a text are words of plain letters: they are taken over whole.
        let plain = rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(if plain > 0 { plain } else { c.len_utf8() });
        rest = behind;
        if plain == 0 && !c.is_alphanumeric() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        match plain {
            0 => out.extend(c.to_lowercase()),
            _ => out.push_str(word),
        }
    }
    out.make_ascii_lowercase();
    out
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn remove_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start]);
        match rest[start..].find("-->") {
            Some(end) => rest = &rest[start + end + 3..],
            None => return out,
        }
    }
    out.push_str(rest);
    out
}
