//! What a PostgreSQL database holds, as plain data, and how two of them differ.
//!
//! A [`Catalog`] is read in one go from the system catalogs ("System Catalogs" in PostgreSQL's documentation). What
//! belongs to the server or to an extension is left out. Definitions are those that the server writes itself, with all
//! names qualified, so two catalogs with equal text are equal schemas. What is only physical (object IDs, files) is kept
//! apart as an identity, to tell what was made anew from what was never touched.

mod compare;
mod data;
mod names;
mod read;

pub use compare::{Change, Difference, FieldChange, ObjectId, PRIVILEGES, differences};
pub use data::{
    Catalog, Column, Constraint, ConstraintKind, Extension, Function, FunctionKind, Generated, Grant, Index,
    Other, Policy, PolicyCommand, Relation, RelationKind, Role, Schema, Trigger, Type, TypeKind,
};
pub use names::{display_name, qualified, quote_ident, quote_literal};
pub use read::{PREPARED, Reader, TableColumns};
