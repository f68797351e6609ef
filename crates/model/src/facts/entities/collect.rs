//! Walks the sections on data and gathers what each heading, label and paragraph has below it.

use super::fields::RawField;
use super::lex::{Token, TokenKind, lex};
use super::merge::Entities;
use super::naming::{self, Label, Naming, Standing};
use super::script::Declared;
use super::sentences::{says_no_entities, shared_columns};
use super::sql;
use super::{DataModels, EntityKind, Field};
use crate::facts::reader::Reader;
use crate::facts::support::{Text, list_items};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::{Kind, NodeId, SectionId};
use trueup_text::Span;

/// Titles that hold entities, too, but are not a section on data by themselves.
const LOOSE_TITLES: &[&str] = &[
    "entity definitions",
    "entity definition",
    "entity model",
    "data model and migrations",
    "data and migrations",
    "data models and migrations",
    "database changes",
    "database",
    "database design",
    "database tables",
    "tables",
    "new entities",
    "new tables",
    "entity changes",
    "schema changes",
    "data structures",
    "persistence",
    "persistence model",
    "data model summary",
    "data models summary",
    "entity summary",
    "new entity",
    "modified entities",
    "data entities",
    "domain entities",
    "core entities",
    "entities and fields",
];

/// Kinds below which entities are only spoken of.
const TALK: &[&str] = &[
    "problem",
    "risks",
    "compliance",
    "changelog",
    "migration",
    "plan",
    "api",
    "alternatives",
    "tests",
    "data-models",
];

/// What stands below one name.
#[derive(Debug, Default)]
pub(super) struct Candidate {
    pub(super) naming: Naming,
    pub(super) span: Span,
    pub(super) fields: Vec<RawField>,
    /// Fields of code that may as well be those of a type.
    pub(super) loose: Vec<RawField>,
    pub(super) object: Option<Declared>,
    pub(super) classes: Vec<Declared>,
    pub(super) types: Vec<Declared>,
    pub(super) tables: Vec<sql::Table>,
    /// Something says that it is stored.
    pub(super) persistent: bool,
    /// JSON stands below it.
    pub(super) shaped: bool,
    /// A section that was taken for its title's last word only.
    pub(super) strict: bool,
}

pub(super) struct Collector<'r, 'a> {
    pub(super) reader: &'r Reader<'a>,
    pub(super) out: DataModels,
    pub(super) entities: Entities,
    pub(super) type_names: FxHashSet<String>,
    pub(super) current: Candidate,
    pub(super) label: Label,
    /// What a heading gives to the headings below it.
    pub(super) given: FxHashMap<SectionId, (Option<EntityKind>, Standing, bool)>,
    /// Whether the section says that it brings no entities.
    pub(super) flagged: bool,
    /// Whether a label above the first heading says that what follows is not persisted.
    pub(super) ambient: bool,
}

/// Reads the sections on data.
pub(super) fn read(reader: &Reader<'_>) -> DataModels {
    let mut collector = Collector {
        reader,
        out: DataModels::default(),
        entities: Entities::default(),
        type_names: FxHashSet::default(),
        current: Candidate::default(),
        label: Label::Open,
        given: FxHashMap::default(),
        flagged: false,
        ambient: false,
    };
    let mut sections: Vec<(SectionId, bool)> =
        reader.sections("data-models").into_iter().map(|id| (id, false)).collect();
    sections.extend(loose_sections(reader).into_iter().map(|id| (id, true)));
    sections.sort_unstable_by_key(|(id, _)| *id);
    for (section, strict) in sections {
        collector.section(section, strict);
    }
    let Collector { mut out, entities, .. } = collector;
    if entities.any_change() {
        out.none = None;
    }
    out.entities = entities.finish();
    out
}

/// Sections of other titles that declare entities (`## 4. IntegrationState Entity`).
fn loose_sections(reader: &Reader<'_>) -> Vec<SectionId> {
    let document = reader.document;
    let mut out = Vec::new();
    let mut skip = 0u32;
    for id in reader.all_sections() {
        let section = document.section(id);
        if section.span.start < skip {
            continue;
        }
        let core = section.normal.core.as_str();
        let loose = LOOSE_TITLES.contains(&core)
            || core.ends_with(" entity")
            || core.ends_with(" entity definitions");
        match reader.kind_of(id) {
            // A governance template has its tables in the section on migrations.
            Some("migration") if loose => {}
            Some(kind) if TALK.contains(&kind) => {
                skip = section.span.end;
                continue;
            }
            _ => {}
        }
        if loose {
            out.push(id);
            skip = section.span.end;
        }
    }
    out
}

impl Collector<'_, '_> {
    pub(super) fn text(&self) -> &str {
        self.reader.document.text()
    }

    pub(super) fn section(&mut self, section: SectionId, strict: bool) {
        let title_span = self.reader.document.section(section).title_span;
        self.out.sections.push(title_span);
        self.flagged = self.find_none(section);
        self.ambient = false;
        for part in self.reader.territory(section) {
            self.open_part(part, section, strict);
            for block in self.reader.blocks(part) {
                self.block(block);
            }
        }
        self.close();
    }

    /// Finds the sentence that says that there are no entities; whether one does.
    pub(super) fn find_none(&mut self, section: SectionId) -> bool {
        let document = self.reader.document;
        let mut flagged = false;
        for (at, part) in self.reader.territory(section).into_iter().enumerate() {
            let title = document.section(part);
            let named = at > 0 && {
                let tokens = lex(title.title_span.text(document.text()), 0);
                let worded =
                    |t: &&Token<'_>| t.kind == TokenKind::Word && t.text.starts_with(char::is_alphabetic);
                let first = tokens.iter().find(|t| worded(t) && t.text.len() > 1);
                first.is_some_and(|t| t.is_word("no"))
                    && says_no_entities(title.title_span.text(document.text()), &lex(&title.title, 0))
                    && !tokens.iter().any(|t| t.is_one_of(&["existing", "parent", "parents", "other"]))
            };
            if named {
                flagged = true;
                let text = Text { text: title.title.clone(), span: title.title_span };
                self.out.none.get_or_insert(text);
            }
            for block in self.reader.blocks(part) {
                flagged |= self.none_in(block, at == 0);
            }
        }
        flagged
    }

    pub(super) fn none_in(&mut self, block: NodeId, own: bool) -> bool {
        let document = self.reader.document;
        let paragraph = match document.kind(block) {
            Kind::Paragraph => block,
            Kind::List { .. } if own => match list_items(document, block).next() {
                Some((_, first)) => first,
                None => return false,
            },
            _ => return false,
        };
        let span = document.content_span(paragraph);
        let source = span.text(document.text());
        let sentence = sentence_of(source);
        let plain = document.plain(paragraph);
        let tokens = lex(sentence, span.start as usize);
        // Below a heading a sentence speaks of its own place only, but for "this spec introduces none".
        let wide = tokens.iter().any(|t| t.is_one_of(&["introduced", "introduces", "spec", "proposed"]));
        let says = (own || wide) && says_no_entities(&plain, &tokens);
        if says {
            let text = Text {
                text: trueup_template::strip_inline(sentence),
                span: Span::new(span.start as usize, span.start as usize + sentence.len()),
            };
            self.out.none.get_or_insert(text);
        }
        says
    }

    pub(super) fn open_part(&mut self, part: SectionId, section: SectionId, strict: bool) {
        let document = self.reader.document;
        let this = document.section(part);
        let tokens = lex(this.title_span.text(document.text()), this.title_span.start as usize);
        let own = part == section;
        if !own && self.continues(&this.normal.core) {
            self.label = Label::Fields;
            return;
        }
        self.close();
        let mut naming = naming::of_title(&tokens);
        if own && !strict && !tokens.iter().any(Token::is_code) {
            let listing = this.normal.core.contains("entities") && !this.normal.core.contains("data");
            naming = Naming { listing, ..Naming::default() };
        }
        if !own {
            self.inherit(this.parent.filter(|p| *p != section), &mut naming);
        }
        let group = naming.names.is_empty();
        let kind = naming.kind.filter(|_| group && !own);
        let standing = if group && !own { naming.standing } else { Standing::Open };
        self.given.insert(part, (kind, standing, group && naming.listing));
        self.open(naming, this.title_span, strict);
    }

    pub(super) fn inherit(&self, parent: Option<SectionId>, naming: &mut Naming) {
        let (kind, standing, listing) = parent.and_then(|p| self.given.get(&p).copied()).unwrap_or_default();
        naming.kind = naming.kind.or(kind);
        let ambient = self.ambient && naming.kind.is_none();
        if naming.standing == Standing::Open && (standing == Standing::Type || ambient) {
            naming.standing = Standing::Type;
            naming.lent = true;
        }
        naming.listing |= listing && naming.names.is_empty() && naming.standing == Standing::Open;
    }

    /// Whether a heading below an entity's holds that entity's fields (`#### Fields`).
    pub(super) fn continues(&self, core: &str) -> bool {
        let fields =
            ["fields", "columns", "attributes", "properties", "schema", "table", "definition", "key fields"];
        fields.contains(&core)
            && (!self.current.naming.names.is_empty() || !self.current.naming.title.is_empty())
    }

    pub(super) fn open(&mut self, naming: Naming, span: Span, strict: bool) {
        let persistent = naming.standing == Standing::Entity;
        self.label =
            if naming.listing && naming.names.is_empty() { Label::Listing(naming.kind) } else { Label::Open };
        let field = naming.field.clone();
        self.current = Candidate { naming, span, persistent, strict, ..Candidate::default() };
        if let Some((name, span)) = field {
            self.current.fields.push(RawField { owner: None, name, type_text: String::new(), span });
        }
    }

    pub(super) fn block(&mut self, block: NodeId) {
        let document = self.reader.document;
        match document.kind(block) {
            Kind::Paragraph => self.paragraph(block),
            Kind::List { .. } => self.list(block),
            Kind::Table => self.table(block),
            Kind::Code { .. } => self.code(block),
            Kind::Quote => {
                for child in document.children(block).filter(|c| document.kind(*c) == Kind::Paragraph) {
                    let span = document.content_span(child);
                    self.share(&lex(span.text(document.text()), span.start as usize));
                }
            }
            _ => {}
        }
    }

    pub(super) fn share(&mut self, tokens: &[Token<'_>]) -> bool {
        let fields = shared_columns(tokens);
        let found = !fields.is_empty();
        self.add_shared(fields);
        found
    }

    pub(super) fn add_shared(&mut self, fields: Vec<Field>) {
        for field in fields {
            if !self.out.shared.iter().take(40).any(|f| f.name == field.name) && self.out.shared.len() < 40 {
                self.out.shared.push(field);
            }
        }
    }
}

/// Up to the first full stop that ends a sentence.
fn sentence_of(source: &str) -> &str {
    let end = source.find(". ").or_else(|| source.find(".\n")).map_or(source.len(), |at| at + 1);
    &source[..end]
}
