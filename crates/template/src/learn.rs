//! What only the existing documents can tell: which of the template's sentences are meant to stay, which
//! literals are constants, which values have outgrown an enum.

use crate::align::Alignment;
use crate::field::fields_in;
use crate::leaf::{Place, for_each_leaf};
use crate::schema::{LeafClass, Schema};
use crate::value::{ValueSpec, matches_option};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_markdown::{Document, Kind};

/// What was measured on a team's documents. Written into `trueup.toml`, so that one keystroke in a
/// document cannot change what is asked of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Sentences of the template that most documents keep word for word.
    pub boilerplate: Vec<String>,
    /// Literals of the template that nearly all documents keep (`Type` = `Spec`), by key.
    pub constants: Vec<(String, String)>,
    /// Values that documents use beside the template's choices, by key.
    pub extra_values: Vec<(String, Vec<String>)>,
    /// Number of documents measured.
    pub documents: usize,
}

/// From this share of documents on, a sentence is kept on purpose.
const BOILERPLATE_SHARE: f64 = 0.4;
/// From this share of documents on, a literal is a constant.
const CONSTANT_SHARE: f64 = 0.9;
/// From this share of values on, and in at least two of the documents measured, a value belongs to the choices.
const VALUE_SHARE: f64 = 0.02;

/// Measures documents against their template.
pub fn learn<'d>(schema: &Schema, documents: impl Iterator<Item = (&'d Document, &'d Alignment)>) -> Learned {
    let mut measure = Measure::default();
    for (document, alignment) in documents {
        measure.documents += 1;
        measure.texts(schema, document);
        measure.values(schema, document, alignment);
    }
    measure.result(schema)
}

#[derive(Default)]
struct Measure {
    documents: usize,
    kept: FxHashMap<String, usize>,
    constants: FxHashMap<String, (usize, usize)>,
    values: FxHashMap<(String, String), usize>,
    places: FxHashMap<String, usize>,
}

impl Measure {
    fn texts(&mut self, schema: &Schema, document: &Document) {
        let mut seen: FxHashSet<String> = FxHashSet::default();
        let mut buffer = String::new();
        let mut note = |text: &str| {
            if schema.leaf(text, &mut buffer).is_some_and(|l| l.class == LeafClass::Guidance) {
                seen.insert(buffer.clone());
            }
        };
        for_each_leaf(document, |leaf| {
            if leaf.place != Place::Fence {
                note(leaf.span.text(document.text()));
            }
        });
        for comment in document.comments() {
            note(comment.inner.text(document.text()));
        }
        for key in seen {
            *self.kept.entry(key).or_default() += 1;
        }
    }

    fn values(&mut self, schema: &Schema, document: &Document, alignment: &Alignment) {
        let mut counted: FxHashSet<(String, String)> = FxHashSet::default();
        for found in &alignment.matches {
            let spec = &schema.sections[found.spec];
            let section = document.section(found.section);
            for block in section.blocks(document) {
                for node in std::iter::once(block).chain(document.descendants(block)) {
                    for field in fields_in(document, node, false) {
                        let key = crate::infer_key(&field.key);
                        if let Some(wanted) = spec.fields.iter().find(|f| f.normal == key) {
                            self.value(&spec.title, &wanted.key, &wanted.value, &field.value, &mut counted);
                        }
                    }
                }
                if document.kind(block) == Kind::Table {
                    self.table(spec, document, block, &mut counted);
                }
            }
        }
    }

    fn table(
        &mut self,
        spec: &crate::SectionSpec,
        document: &Document,
        table: trueup_markdown::NodeId,
        counted: &mut FxHashSet<(String, String)>,
    ) {
        let mut rows = document.children(table);
        let Some(header) = rows.next() else { return };
        let names: Vec<String> =
            document.children(header).map(|c| crate::infer_words(&document.plain(c))).collect();
        for row in rows {
            let cells: Vec<String> =
                document.children(row).map(|c| document.plain(c).trim().to_owned()).collect();
            if let [key, value] = cells.as_slice()
                && let Some(wanted) = spec.fields.iter().find(|f| f.normal == crate::infer_key(key))
            {
                self.value(&spec.title, &wanted.key, &wanted.value, value, counted);
            }
            for wanted in spec.tables.iter().flat_map(|t| &t.columns) {
                if let Some(at) = names.iter().position(|n| *n == wanted.normal)
                    && let Some(value) = cells.get(at)
                {
                    self.value(&spec.title, &wanted.name, &wanted.value, value, counted);
                }
            }
        }
    }

    fn value(
        &mut self,
        section: &str,
        key: &str,
        wanted: &ValueSpec,
        value: &str,
        counted: &mut FxHashSet<(String, String)>,
    ) {
        let place = format!("{section} / {key}");
        match wanted {
            ValueSpec::Constant(constant) => {
                let entry = self.constants.entry(place).or_default();
                entry.1 += 1;
                entry.0 += usize::from(value.trim_matches('`').eq_ignore_ascii_case(constant));
            }
            ValueSpec::Enum(options) => {
                *self.places.entry(place.clone()).or_default() += 1;
                let word = leading_words(value);
                if !word.is_empty()
                    && !matches_option(value, options)
                    && counted.insert((place.clone(), word.clone()))
                {
                    *self.values.entry((place, word)).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    fn result(self, schema: &Schema) -> Learned {
        let documents = self.documents.max(1);
        let share = |count: usize| count as f64 / documents as f64;
        let mut boilerplate: Vec<String> = self
            .kept
            .iter()
            .filter(|(_, count)| **count >= 3 && share(**count) >= BOILERPLATE_SHARE)
            .filter_map(|(key, _)| schema.leaves.get(key).map(|l| l.text.clone()))
            .collect();
        boilerplate.sort();
        let mut constants: Vec<(String, String)> = Vec::new();
        for section in &schema.sections {
            for field in &section.fields {
                let ValueSpec::Constant(value) = &field.value else { continue };
                let place = format!("{} / {}", section.title, field.key);
                let (kept, all) = self.constants.get(&place).copied().unwrap_or_default();
                if all == 0 || kept as f64 / all as f64 >= CONSTANT_SHARE {
                    constants.push((place, value.clone()));
                }
            }
        }
        let mut extra: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for ((place, word), count) in &self.values {
            let places = self.places.get(place).copied().unwrap_or(1);
            if *count >= 2 && *count as f64 >= VALUE_SHARE * places.min(documents) as f64 {
                extra.entry(place.clone()).or_default().push(word.clone());
            }
        }
        let mut extra_values: Vec<(String, Vec<String>)> = extra.into_iter().collect();
        for (_, words) in &mut extra_values {
            words.sort();
        }
        extra_values.sort();
        Learned { boilerplate, constants, extra_values, documents: self.documents }
    }
}

/// The word or two that a value begins with, without marks.
fn leading_words(value: &str) -> String {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = value
        .find(|c: char| !(c.is_alphanumeric() || c == ' ' || c == '-' || c == '/'))
        .unwrap_or(value.len());
    let head = value[..end].trim();
    if head.split_whitespace().count() > 2 || head.len() > 24 { String::new() } else { head.to_lowercase() }
}

/// Brings what was measured into a schema.
pub fn apply_learned(schema: &mut Schema, learned: &Learned) {
    for text in &learned.boilerplate {
        let key = crate::fold(text);
        if let Some(leaf) = schema.leaves.get_mut(&key) {
            leaf.class = LeafClass::Literal;
            leaf.reason = "most documents keep it";
        }
        // The lines of a kept quote or comment are kept, too.
        for line in text.lines() {
            if let Some(leaf) = schema.leaves.get_mut(&crate::fold(line)) {
                leaf.class = LeafClass::Literal;
                leaf.reason = "most documents keep it";
            }
        }
    }
    let keeps = |place: &str| learned.constants.iter().any(|(key, _)| key == place);
    let extra =
        |place: &str| learned.extra_values.iter().find(|(key, _)| key == place).map(|(_, words)| words);
    for section in &mut schema.sections {
        let title = section.title.clone();
        for field in &mut section.fields {
            let place = format!("{title} / {}", field.key);
            match &mut field.value {
                ValueSpec::Constant(value) if !keeps(&place) => {
                    field.value = ValueSpec::Example(value.clone())
                }
                ValueSpec::Enum(options) => options.extend(extra(&place).into_iter().flatten().cloned()),
                _ => {}
            }
        }
        for column in section.tables.iter_mut().flat_map(|t| &mut t.columns) {
            let place = format!("{title} / {}", column.name);
            if let ValueSpec::Enum(options) = &mut column.value {
                options.extend(extra(&place).into_iter().flatten().cloned());
            }
        }
    }
}
