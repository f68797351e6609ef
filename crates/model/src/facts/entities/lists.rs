//! Lists: of fields, of entities, or of bullets that no heading gives to an entity.

use super::EntityKind;
use super::collect::Collector;
use super::fields::{RawField, bullet_fields, labelled_fields};
use super::lex::{Token, lex};
use super::naming::{self, Label, MOST_NAMES, Standing, entity_name, is_pascal, is_snake};
use super::sentences::column_names;
use crate::facts::support::list_items;
use trueup_markdown::{Kind, NodeId};
use trueup_text::Span;

impl Collector<'_, '_> {
    pub(super) fn list(&mut self, list: NodeId) {
        let document = self.reader.document;
        let items: Vec<(NodeId, NodeId)> = list_items(document, list).collect();
        let label = std::mem::take(&mut self.label);
        match label {
            Label::Other => {}
            _ if self.current.naming.standing == Standing::Other => {
                for (_, first) in &items {
                    let span = document.content_span(*first);
                    self.brought(&lex(span.text(document.text()), span.start as usize), span);
                }
            }
            Label::Shared if self.flagged => {}
            Label::Shared => {
                for (_, first) in &items {
                    let span = document.content_span(*first);
                    let fields = column_names(&lex(span.text(document.text()), span.start as usize));
                    self.add_shared(fields);
                }
            }
            Label::AppliesTo => self.applies_to(&items),
            Label::Listing(kind) => self.listing(&items, kind),
            Label::Fields | Label::Open if self.named() => self.field_list(&items, label == Label::Fields),
            Label::Fields | Label::Open => self.flat_list(&items),
        }
        for node in document.descendants(list).filter(|n| matches!(document.kind(*n), Kind::Code { .. })) {
            self.code(node);
        }
    }

    pub(super) fn named(&self) -> bool {
        let naming = &self.current.naming;
        naming.standing != Standing::Other && (!naming.names.is_empty() || !naming.title.is_empty())
    }

    pub(super) fn item_tokens(&self, paragraph: NodeId) -> Vec<Token<'_>> {
        let span = self.reader.document.content_span(paragraph);
        lex(span.text(self.text()), span.start as usize)
    }

    fn applies_to(&mut self, items: &[(NodeId, NodeId)]) {
        let names: Vec<String> = items
            .iter()
            .take(MOST_NAMES)
            .filter_map(|(_, first)| {
                self.item_tokens(*first).first().and_then(|t| entity_name(t.text)).map(str::to_owned)
            })
            .collect();
        if !names.is_empty() {
            self.current.naming.names = names;
            self.current.naming.kind.get_or_insert(EntityKind::Extended);
            self.current.persistent = true;
        }
    }

    fn field_list(&mut self, items: &[(NodeId, NodeId)], eager: bool) {
        let mut fields = Vec::new();
        let mut hits = 0;
        let mut added_any = false;
        for (item, first) in items {
            let (found, added) = self.item_fields(*item, *first, eager);
            hits += usize::from(!found.is_empty());
            added_any |= added && !found.is_empty();
            fields.extend(found);
        }
        // Among sentences a code in front is no field.
        if eager || hits * 2 >= items.len() {
            if added_any {
                self.current.naming.kind.get_or_insert(EntityKind::Extended);
            }
            self.take_fields(fields);
        }
    }

    fn item_fields(&self, item: NodeId, first: NodeId, eager: bool) -> (Vec<RawField>, bool) {
        let tokens = self.item_tokens(first);
        let (found, added) = bullet_fields(self.text(), &tokens, eager);
        if !found.is_empty() {
            return (found, added);
        }
        let label = naming::label_of(&tokens);
        let grouped = ["lifecycle", "audit", "scope", "scoping", "timestamps", "tenancy"];
        if label == Label::Other && !tokens.first().is_some_and(|t| t.is_one_of(&grouped)) {
            return (Vec::new(), false);
        }
        let labelled = labelled_fields(&tokens);
        if !labelled.is_empty() || label != Label::Fields {
            return (labelled, false);
        }
        (self.nested_fields(item), false)
    }

    /// The fields in the list below an item.
    fn nested_fields(&self, item: NodeId) -> Vec<RawField> {
        let document = self.reader.document;
        let mut out = Vec::new();
        for list in document.children(item).filter(|c| matches!(document.kind(*c), Kind::List { .. })) {
            for (_, first) in list_items(document, list) {
                out.extend(bullet_fields(self.text(), &self.item_tokens(first), true).0);
            }
        }
        out
    }

    /// Bullets of which each names an entity.
    fn listing(&mut self, items: &[(NodeId, NodeId)], kind: Option<EntityKind>) {
        for (item, first) in items {
            let Some(named) = self.listed(*first, true) else { continue };
            let nested = self.nested_fields(*item);
            let kind = named.kind.or(kind).or(self.flagged.then_some(EntityKind::Existing));
            let mut fields = named.fields;
            fields.extend(nested);
            self.entities.add(&named.name, named.table.as_deref(), kind, named.span, fields);
        }
    }

    /// The entity that a bullet names, with the fields behind it. `loose` takes a name alone.
    fn listed(&self, first: NodeId, loose: bool) -> Option<Listed> {
        let tokens = self.item_tokens(first);
        let at = tokens
            .iter()
            .position(|t| !t.is_one_of(&["new", "existing", "entity", "table"]) && !t.is(":"))?;
        let head = tokens.get(at)?;
        let (owner, field) = match head.text.split_once('.') {
            Some((owner, field)) if head.is_code() => (owner, Some(field)),
            _ => (head.text, None),
        };
        let name = entity_name(owner)?;
        let dressed = head.is_code() || head.bold || is_pascal(name) && naming::humps(name) > 1;
        let next = tokens.get(at + 1);
        let parted = next.is_none_or(|t| t.is(":") || t.is_dash() || t.is("(") || t.is(",") || t.is("→"));
        if !dressed || !(parted || head.is_code() && loose) || !head.is_code() && !is_pascal(name) {
            return None;
        }
        let span = head.span;
        let mut fields = labelled_fields(&tokens[at..]);
        fields.extend(bare_list(&tokens[at + 1..]));
        if let Some(field) = field.filter(|f| super::fields::is_field_name(f)) {
            fields.push(RawField { owner: None, name: field.to_owned(), type_text: String::new(), span });
        }
        let table =
            tokens[at + 1..].iter().take(4).filter(|t| t.is_code()).filter_map(|t| entity_name(t.text));
        let table =
            table.filter(|t| is_pascal(name) && is_snake(t) && t.contains('_')).map(str::to_owned).next();
        let table = table.filter(|t| !fields.iter().any(|f| f.name == *t));
        let said = tokens[at..]
            .iter()
            .take(7)
            .position(|t| t.is_dash() || t.is(":"))
            .map_or(tokens.len().min(at + 7), |p| at + p);
        let kind = naming::kind_of(&tokens[..said]);
        Some(Listed { name: name.to_owned(), table, kind, fields, span })
    }

    /// Bullets that no heading gives to an entity.
    fn flat_list(&mut self, items: &[(NodeId, NodeId)]) {
        for (item, first) in items {
            let span = self.reader.document.content_span(*first);
            let tokens = lex(span.text(self.reader.document.text()), span.start as usize);
            let (fields, added) = bullet_fields(self.reader.document.text(), &tokens, false);
            let typed = |f: &RawField| {
                f.type_text
                    .split(|c: char| !c.is_alphanumeric())
                    .find(|w| !w.is_empty())
                    .is_some_and(super::fields::is_type_word)
            };
            let owned: Vec<RawField> = fields
                .into_iter()
                .filter(|f| {
                    f.owner.is_some() && (added || typed(f) || f.type_text.is_empty() && !self.flagged)
                })
                .collect();
            if !owned.is_empty() {
                self.take_fields(owned);
            } else if !self.brought(&tokens, span) {
                self.flat_entity(*item, *first);
            }
        }
    }

    /// `- `orders`` with its fields in a list below, `- **Order**: id, status`.
    fn flat_entity(&mut self, item: NodeId, first: NodeId) {
        let Some(mut named) = self.listed(first, false) else { return };
        let mut nested = self.nested_fields(item);
        let document = self.reader.document;
        let adds = nested.iter().any(|f| f.type_text.to_lowercase().starts_with("add"));
        if adds && named.kind.is_none() {
            named.kind = Some(EntityKind::Extended);
        }
        let says_fields = named.fields.len() > 1 || !nested.is_empty();
        if says_fields && !document.plain(first).trim().is_empty() && !self.flagged {
            named.fields.append(&mut nested);
            self.entities.add(&named.name, named.table.as_deref(), named.kind, named.span, named.fields);
        }
    }
}

/// An entity that a bullet names.
struct Listed {
    name: String,
    table: Option<String>,
    kind: Option<EntityKind>,
    fields: Vec<RawField>,
    span: Span,
}

/// `: id, name, email` without ticks behind a name.
fn bare_list(tokens: &[Token<'_>]) -> Vec<RawField> {
    let Some(first) = tokens.first().filter(|t| t.is(":") || t.is_dash()) else { return Vec::new() };
    let end = tokens.len() - usize::from(tokens.last().is_some_and(|t| t.is(".")));
    let rest = tokens.get(1..end).unwrap_or(&[]);
    let words: Vec<&Token<'_>> = rest.iter().step_by(2).collect();
    let listed = rest.len() > 2 && rest.iter().skip(1).step_by(2).all(|t| t.is(","));
    let low = |t: &&Token<'_>| {
        super::fields::is_field_name(t.text) && t.text.starts_with(|c: char| c.is_ascii_lowercase())
    };
    if !listed || !first.is(":") && !words.iter().any(|t| t.text.contains('_')) || !words.iter().all(low) {
        return Vec::new();
    }
    let field = |t: &&Token<'_>| RawField {
        owner: None,
        name: t.text.to_owned(),
        type_text: String::new(),
        span: t.span,
    };
    words.iter().map(field).collect()
}
