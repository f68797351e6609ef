//! Header fields and meta tables.

use super::reader::Reader;
use super::support::Text;
use trueup_text::Span;

/// Header fields and meta tables of a spec.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// All fields: key as written, key in comparable form, value.
    pub fields: Vec<MetaField>,
}

/// A field of the header or a meta table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetaField {
    /// The key as written.
    pub key: String,
    /// The key in comparable form.
    pub normal: String,
    /// The value.
    pub value: Text,
    /// Where the key stands.
    pub key_span: Span,
    /// Whether the spans are in the sidecar and not in the document.
    pub in_sidecar: bool,
}

impl Meta {
    /// A field by one of its comparable keys.
    pub fn field(&self, keys: &[&str]) -> Option<&MetaField> {
        self.fields.iter().find(|field| keys.contains(&field.normal.as_str()))
    }
}

/// Reads the header and the meta tables.
pub(crate) fn read(_reader: &Reader<'_>) -> Meta {
    Meta::default()
}
