//! Entities with their fields, and types that are not persisted.

mod blocks;
mod collect;
mod fields;
pub(crate) mod lex;
mod lists;
mod merge;
mod naming;
mod paragraphs;
mod script;
mod sentences;
mod settle;
mod sql;
#[cfg(test)]
mod tests;

use super::reader::Reader;
use super::support::{Text, declared_otherwise};
use trueup_text::Span;

/// Whether a spec brings an entity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum EntityKind {
    /// The spec brings it.
    #[default]
    New,
    /// It is there and gets fields or changes.
    Extended,
    /// It is there and stays as it is.
    Existing,
}

/// What a spec says of its data.
#[derive(Clone, Debug, Default)]
pub struct DataModels {
    /// Persisted entities and tables.
    pub entities: Vec<Entity>,
    /// Types that are not persisted.
    pub types: Vec<TypeDecl>,
    /// Columns that a sentence above gives to all entities; not repeated in [`Entity::fields`].
    pub shared: Vec<Field>,
    /// What else a section on data describes that is no entity and no type: files, mappings, as written.
    pub notes: Vec<Text>,
    /// The sentence that says that there are none.
    pub none: Option<Text>,
    /// Titles of the sections that were read.
    pub sections: Vec<Span>,
}

/// A persisted entity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entity {
    /// Its name without marks and qualifiers.
    pub name: String,
    /// The table, where one is named beside the entity.
    pub table: Option<String>,
    /// Whether the spec brings it.
    pub kind: EntityKind,
    /// Its fields in document order.
    pub fields: Vec<Field>,
    /// Its heading, or the place that names it.
    pub span: Span,
}

/// A field of an entity or a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name as written.
    pub name: String,
    /// Its type and what else is said, as written; may be empty.
    pub type_text: String,
    /// Where it stands.
    pub span: Span,
}

/// A type that is not persisted (a TypeScript type, an interface, a DTO).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeDecl {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Where it stands.
    pub span: Span,
}

/// Reads the data models.
pub(crate) fn read(reader: &Reader<'_>) -> DataModels {
    let mut out = collect::read(reader);
    let places = out.entities.iter().map(|e| e.span).chain(out.types.iter().map(|t| t.span));
    let read: Vec<Span> = places.chain(out.shared.iter().map(|f| f.span)).collect();
    for section in reader.sections("data-models") {
        let span = reader.document.section(section).span;
        if !read.iter().any(|place| span.contains(*place)) {
            let notes = declared_otherwise(reader, section, out.none.as_ref());
            out.notes.extend(notes);
        }
    }
    out
}
