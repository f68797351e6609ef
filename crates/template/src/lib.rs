//! The template is the schema: what a Markdown template asks for, and how a document answers it.
//!
//! [`infer`] reads a template and returns a [`Schema`]: sections, fields, enums, patterns, table columns,
//! required rows, check lists, placeholders and guidance, each with the line and the reason. [`align`]
//! lays a document along a schema and says which section answers which.

mod align;
mod alike;
mod builtin;
mod field;
mod fold;
mod infer;
mod kinds;
mod leaf;
mod learn;
mod pattern;
mod placeholder;
mod schema;
mod value;
mod versions;
mod yaml;

pub use align::{AlignOptions, Alignment, Match, MatchQuality, align, spec_regions};
pub use alike::may_be_alike;
pub use builtin::{BUILTIN_NAMES, builtin};
pub use field::{FieldForm, FieldText, RawField, fields_in, raw_fields_in, raw_line_fields, strip_inline};
pub use fold::{fold, fold_into};
pub use infer::infer;
pub use kinds::{kind_of_title, kind_titles};
pub use leaf::{Leaf, Place, for_each_leaf};
pub use learn::{Learned, apply_learned, learn};
pub use pattern::{Pattern, PatternPart};
pub use placeholder::{Token, TokenKind, generic_token, tokens_in};
pub use schema::{
    ChecklistSpec, ColumnSpec, FieldSpec, Inference, LeafClass, LeafSpec, Presence, RowSpec, Schema,
    SectionSpec, SpecIndex, TableSpec,
};
pub use value::{ValueSpec, matches_option, names_option, value_spec};
pub use versions::{Ask, AskKind, SchemaDifference, difference, held_to};
pub use yaml::{YamlError, YamlField, yaml_fields};

pub use builtin::text as builtin_text;
pub use infer::{
    CALLED_PLACEHOLDER, STAND_IN_SAMPLE, UNMADE_CHOICE, normal_key as infer_key, words_of as infer_words,
};
