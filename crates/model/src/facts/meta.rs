//! Header fields and meta tables.

use super::item::is_unfilled;
use super::reader::Reader;
use super::support::Text;
use crate::spec::HeaderPlace;
use rustc_hash::FxHashSet;
use trueup_markdown::{Document, Kind, NodeId, SectionId};
use trueup_template::infer_key;
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

/// Reads the header and the meta tables. What a template left to be filled in is no field.
pub(crate) fn read(reader: &Reader<'_>) -> Meta {
    let mut fields: Vec<MetaField> = Vec::new();
    for header in reader.header {
        let text = &header.field;
        fields.push(MetaField {
            key: text.key.clone(),
            normal: header.normal.clone(),
            value: Text { text: text.value.clone(), span: text.value_span },
            key_span: text.key_span,
            in_sidecar: header.place == HeaderPlace::Sidecar,
        });
    }
    for id in reader.all_sections() {
        let asked = keys_asked(reader, id);
        for block in reader.blocks(id).filter(|b| reader.document.kind(*b) == Kind::Table) {
            meta_table(reader.document, block, &asked, &mut fields);
        }
    }
    fields.retain(|field| !is_unfilled(&field.value.text));
    Meta { fields }
}

/// The keys that the template asks for in a section.
fn keys_asked<'a>(reader: &Reader<'a>, section: SectionId) -> FxHashSet<&'a str> {
    let spec = reader.alignment.spec_of.get(&section);
    let fields = spec.map(|index| reader.schema.sections[*index].fields.as_slice()).unwrap_or_default();
    fields.iter().map(|field| field.normal.as_str()).collect()
}

/// The rows of a table of keys and values in which the template's keys stand.
fn meta_table(document: &Document, table: NodeId, asked: &FxHashSet<&str>, out: &mut Vec<MetaField>) {
    if asked.is_empty() {
        return;
    }
    let rows: Vec<Vec<NodeId>> =
        document.children(table).map(|row| document.children(row).collect()).collect();
    if rows.iter().any(|row| row.len() > 2) {
        return;
    }
    let mut found = Vec::new();
    let mut known = false;
    for row in &rows {
        let [key, value] = row.as_slice() else { continue };
        let name = document.plain(*key).trim().trim_end_matches(':').to_owned();
        let normal = infer_key(&name);
        let heads = matches!(normal.as_str(), "" | "field" | "key" | "property" | "attribute" | "item");
        if heads {
            continue;
        }
        known |= asked.contains(normal.as_str());
        found.push(MetaField {
            key: name,
            normal,
            value: Text::of(document, *value),
            key_span: document.content_span(*key),
            in_sidecar: false,
        });
    }
    if known {
        out.append(&mut found);
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::support::testing::facts_of;

    fn check(text: &str, expected: &[&str]) {
        let meta = facts_of(text, "governance").meta;
        let found: Vec<String> =
            meta.fields.iter().map(|f| format!("{}={}", f.normal, f.value.text)).collect();
        assert_eq!(found, expected, "{text}");
        for field in meta.fields {
            assert_eq!(
                field.key_span.text(text).trim_matches('*').trim_end_matches(':'),
                field.key,
                "{text}"
            );
        }
    }

    #[test]
    fn header_and_meta_table() {
        check(
            "# T\n**Status:** Draft • **Created:** 2026-01-02  \n**Owner:** &lt;name&gt;\n\n## 1) Executive summary\n**Meta:**\n\n| Field | Value |\n|-|-|\n| Area | ci |\n| Priority | &lt;P0 • P1&gt; |\n| Target release | `mvp-0.1.0` |\n",
            &["status=Draft", "created=2026-01-02", "area=ci", "target release=mvp-0.1.0"],
        );
        check(
            "# T\n| Field | Value |\n|-|-|\n| Status | Draft |\n| Owner | Ann |\n",
            &["status=Draft", "owner=Ann"],
        );
        check("# T\n## Other\n| A | B |\n|-|-|\n| Area | x |\n", &[]);
        check("---\nstatus: Draft\n---\n# T\n", &["status=Draft"]);
    }
}
