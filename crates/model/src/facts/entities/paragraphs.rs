//! Paragraphs: they name, label, hint and share.

use super::EntityKind;
use super::collect::Collector;
use super::fields::{RawField, bullet_fields, labelled_fields};
use super::lex::{Token, lex};
use super::naming::{self, Label, Naming, Standing, entity_name, is_pascal, is_snake};
use super::sql;
use trueup_markdown::NodeId;
use trueup_text::Span;

impl Collector<'_, '_> {
    pub(super) fn paragraph(&mut self, block: NodeId) {
        let document = self.reader.document;
        let span = document.content_span(block);
        let source = span.text(document.text());
        for (at, chunk) in chunks(source) {
            let base = span.start as usize + at;
            let tokens = lex(chunk, base);
            self.chunk(&tokens, Span::new(base, base + chunk.trim_end().len()));
        }
    }

    pub(super) fn chunk(&mut self, tokens: &[Token<'_>], span: Span) {
        self.share(tokens);
        if self.table_name(tokens, span) {
            return;
        }
        if let Some(naming) = naming::of_paragraph(tokens) {
            self.named_paragraph(naming, tokens, span);
            return;
        }
        self.hints(tokens, span);
        let said = tokens.last().is_some_and(|t| t.is(":"));
        let all_bold = !tokens.is_empty() && tokens.iter().all(|t| t.bold || t.is(":"));
        let bracketed =
            tokens.first().is_some_and(|t| t.bold) && tokens.last().is_some_and(|t| t.is(")") || t.is(":"));
        if said || all_bold || bracketed && tokens.len() < 30 {
            self.take_label(tokens);
        } else {
            let listing = self.current.naming.listing && self.current.naming.names.is_empty();
            self.label = if listing { Label::Listing(self.current.naming.kind) } else { Label::Open };
        }
    }

    pub(super) fn take_label(&mut self, tokens: &[Token<'_>]) {
        self.label = naming::label_of(tokens);
        let kind = naming::kind_of(tokens);
        if self.label == Label::Fields
            && kind == Some(EntityKind::Extended)
            && !tokens.iter().any(|t| t.is_word("phase"))
        {
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
        }
        let unnamed = self.current.naming.names.is_empty();
        let shapes =
            tokens.iter().any(|t| t.is_one_of(&["generated", "runtime", "client", "artifact", "file"]));
        self.ambient |= unnamed && shapes && self.current.naming.title.is_empty();
    }

    /// `Table: `orders``
    pub(super) fn table_name(&mut self, tokens: &[Token<'_>], span: Span) -> bool {
        let Some(at) = tokens.iter().take(6).position(|t| t.is_one_of(&["table", "tablename"])) else {
            return false;
        };
        let lead = ["new", "existing", "database", "db", "the", "sql", "postgres", "entity", "backing"];
        if !tokens[..at].iter().all(|t| t.is_one_of(&lead)) {
            return false;
        }
        let colon = tokens[at + 1..].iter().take(2).position(|t| t.is(":")).map(|p| at + 1 + p);
        let Some(name) = colon.and_then(|c| tokens.get(c + 1)).and_then(|t| entity_name(t.text)) else {
            return false;
        };
        if !is_snake(name) {
            return false;
        }
        let kind = naming::kind_of(&tokens[..at]);
        let title = std::mem::take(&mut self.current.naming.title);
        if self.current.naming.names.is_empty() && is_pascal(&title) {
            // A heading of one word that may as well be a part ("Rule").
            self.current.naming.names.push(title);
        }
        if self.current.naming.names.is_empty() {
            let naming = Naming { names: vec![name.to_owned()], kind, ..Naming::default() };
            self.close();
            self.open(naming, span, false);
        } else {
            self.current.naming.table = Some(name.to_owned());
            self.current.naming.kind = self.current.naming.kind.or(kind);
        }
        self.current.naming.standing = Standing::Entity;
        self.current.persistent = true;
        true
    }

    pub(super) fn named_paragraph(&mut self, mut naming: Naming, tokens: &[Token<'_>], span: Span) {
        let current = &self.current;
        let first = naming.names.first();
        // A paragraph on one of the fields, or on a part of the entity.
        let of_field = first.is_some_and(|n| current.fields.iter().rev().take(200).any(|f| f.name == *n));
        let same = first.is_some_and(|n| current.naming.names.iter().any(|known| known == n));
        if naming.names.is_empty() || of_field || current.naming.standing == Standing::Other {
            self.label = Label::Other;
            return;
        }
        if same {
            self.current.naming.kind = self.current.naming.kind.or(naming.kind);
            self.current.naming.table = self.current.naming.table.take().or(naming.table);
            return;
        }
        if naming.standing == Standing::Open && current.naming.standing == Standing::Type {
            naming.standing = Standing::Type;
        }
        if current.naming.names.is_empty() {
            naming.kind = naming.kind.or(current.naming.kind);
        }
        let strict = current.strict;
        self.close();
        self.open(naming, span, strict);
        let add = tokens.iter().position(|t| t.is_one_of(&["add", "adds", "gains", "gets"]));
        if let Some(add) = add {
            let (fields, _) = bullet_fields(self.text(), &tokens[add + 1..], false);
            if !fields.is_empty() {
                self.current.naming.kind.get_or_insert(EntityKind::Extended);
            }
            self.take_fields(fields);
        }
    }

    /// What a sentence says of the entity above it, or of tables that it names.
    pub(super) fn hints(&mut self, tokens: &[Token<'_>], span: Span) {
        let not = tokens.iter().any(|t| t.is_one_of(&["not", "no", "never", "without"]));
        if !not && tokens.iter().any(|t| t.is_one_of(&["persistent", "persisted", "persists"])) {
            self.current.persistent = true;
        }
        for token in tokens.iter().filter(|t| t.is_code()) {
            let head = token.text.get(..6).unwrap_or("");
            if head.eq_ignore_ascii_case("alter ") || head.eq_ignore_ascii_case("create") {
                self.current.tables.extend(sql::read(token.text, token.span.start as usize));
            }
        }
        if self.inline_fields(tokens) || not {
            return;
        }
        if let Some(name) = columns_on(tokens) {
            let name = name.to_owned();
            if self.current.naming.names.is_empty() {
                self.current.naming.names.push(name);
                self.current.naming.standing = Standing::Entity;
            }
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
        } else if adds_columns(tokens) && !self.current.naming.names.is_empty() {
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
        }
        self.brought(tokens, span);
    }

    /// `Six columns are captured: `net` / `gross` (numeric), `reason` (text).`
    pub(super) fn inline_fields(&mut self, tokens: &[Token<'_>]) -> bool {
        let mut depth = 0usize;
        let colon = tokens.iter().position(|t| {
            depth = if t.is("(") {
                depth + 1
            } else if t.is(")") {
                depth.saturating_sub(1)
            } else {
                depth
            };
            depth == 0 && t.is(":")
        });
        let Some(colon) = colon.filter(|_| self.named()) else { return false };
        if naming::label_of(&tokens[..colon]) != Label::Fields {
            return false;
        }
        let (fields, _) = bullet_fields(self.text(), &tokens[colon + 1..], false);
        if fields.is_empty() {
            return false;
        }
        let counted = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
        let columns = tokens[..colon].iter().any(|t| t.is_word("columns"));
        let counts = tokens.first().is_some_and(|t| t.is_one_of(&counted)) && columns;
        if counts || adds_columns(tokens) || naming::kind_of(&tokens[..colon]) == Some(EntityKind::Extended) {
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
        }
        self.take_fields(fields);
        true
    }

    /// `Adds `orders` and `order_lines` tables`, `New entity `Order``.
    pub(super) fn brought(&mut self, tokens: &[Token<'_>], span: Span) -> bool {
        let lead = [
            "new",
            "add",
            "adds",
            "create",
            "creates",
            "introduce",
            "introduces",
            "a",
            "the",
            "entity",
            "table",
            "tables",
            "entities",
            "two",
            "one",
            "model",
        ];
        let from = tokens.iter().take_while(|t| t.is_one_of(&lead) || t.is(":")).count();
        let brings = tokens[..from]
            .iter()
            .any(|t| t.is_one_of(&["new", "add", "adds", "create", "creates", "introduce", "introduces"]));
        if !brings {
            return false;
        }
        let mut names = Vec::new();
        let mut at = from;
        while let Some(token) = tokens.get(at) {
            match entity_name(token.text).filter(|_| token.is_code()) {
                Some(name) => names.push(name.to_owned()),
                None if token.is(",") || token.is_word("and") => {}
                None => break,
            }
            at += 1;
        }
        let things = ["entity", "entities", "table", "tables"];
        let thing = tokens[..from].iter().chain(tokens.get(at)).any(|t| t.is_one_of(&things));
        if names.is_empty() || !thing {
            return false;
        }
        let single = names.len() == 1;
        for name in names {
            let fields = if single { labelled_fields(&tokens[from..]) } else { Vec::new() };
            self.entities.add(&name, None, Some(EntityKind::New), span, fields);
        }
        true
    }

    /// Gives fields to what they belong to: their owner, or what is named above them.
    pub(super) fn take_fields(&mut self, fields: Vec<RawField>) {
        for field in fields {
            match &field.owner {
                None => self.current.fields.push(field),
                Some(owner) => {
                    let names = &self.current.naming.names;
                    let known =
                        names.iter().any(|n| n == owner) || self.current.naming.table.as_ref() == Some(owner);
                    if names.len() == 1 && known {
                        self.current.fields.push(field);
                    } else if names.is_empty() || known {
                        let kind = self.current.naming.kind.unwrap_or(EntityKind::Extended);
                        let owner = owner.clone();
                        self.entities.add(&owner, None, Some(kind), field.span, vec![field]);
                    }
                }
            }
        }
    }
}

/// `New nullable columns on `orders``: the table.
fn columns_on<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    let columns = ["column", "columns", "field", "fields"];
    let at = tokens.iter().position(|t| t.is_one_of(&columns))?;
    if !tokens[..at].iter().any(|t| {
        t.is_one_of(&["new", "add", "adds", "additive", "nullable", "additional", "extend", "extends"])
    }) {
        return None;
    }
    let rest = &tokens[at + 1..];
    let on = rest.iter().take(3).position(|t| t.is_one_of(&["on", "to", "for", "in"]))?;
    let name = rest[on + 1..].iter().take(3).find(|t| t.is_code())?;
    entity_name(name.text)
}

/// `Add one new column:`, `New field added to the entity:`.
fn adds_columns(tokens: &[Token<'_>]) -> bool {
    let head = &tokens[..tokens.len().min(12)];
    let columns = ["column", "columns", "field", "fields", "property", "properties"];
    let adds = ["new", "add", "adds", "additive", "added"];
    head.first()
        .is_some_and(|t| t.is_one_of(&["new", "add", "adds", "additive", "one", "two", "extend", "extends"]))
        && head.iter().any(|t| t.is_one_of(&columns))
        && head.iter().any(|t| t.is_one_of(&adds))
}

/// The parts of a paragraph: a line that begins in bold begins another one.
fn chunks(source: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if at > 0 && line.trim_start().starts_with("**") {
            out.push((start, &source[start..at]));
            start = at;
        }
        at += line.len();
    }
    out.push((start, &source[start..]));
    out
}
