//! Entities and types as `components.schemas`, and references to them.

use super::field::property;
use super::schema::Schema;
use super::{ExportSpec, component_key, plain_line};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use trueup_model::{Entity, EntityKind, Field};

/// Where a reference to a schema points.
const PREFIX: &str = "#/components/schemas/";

/// All schemas that specs declare.
#[derive(Debug, Default)]
pub(super) struct Components {
    schemas: BTreeMap<String, Component>,
    /// Entities by spec and by comparable name or table.
    entities: FxHashMap<(usize, String), String>,
}

#[derive(Debug, Default)]
struct Component {
    schema: Schema,
    /// The specs that declare it, by their place in the list.
    specs: Vec<usize>,
    is_entity: bool,
}

impl Components {
    /// Collects what specs declare. What several specs say of one name is put together.
    pub fn of(specs: &[ExportSpec]) -> Components {
        let mut out = Components::default();
        // Who brings an entity comes before those who change it.
        for is_first in [true, false] {
            for (at, spec) in specs.iter().enumerate() {
                let entities = spec.data.entities.iter();
                for entity in entities.filter(|entity| (entity.kind == EntityKind::New) == is_first) {
                    out.entity(at, spec, entity);
                }
            }
        }
        for (at, spec) in specs.iter().enumerate() {
            for declared in &spec.data.types {
                let key = component_key(&plain_line(&declared.name));
                let is_entity = out.schemas.get(&key).is_some_and(|known| known.is_entity);
                // An entity says more than the type in the code that carries it.
                if !key.is_empty() && !is_entity {
                    out.add(at, spec, &key, &declared.fields, declared.span);
                }
            }
        }
        out.resolve_all();
        out
    }

    fn entity(&mut self, at: usize, spec: &ExportSpec, entity: &Entity) {
        let key = component_key(&plain_line(&entity.name));
        if key.is_empty() {
            return;
        }
        for name in [Some(&entity.name), entity.table.as_ref()].into_iter().flatten() {
            self.entities.entry((at, fold(name))).or_insert_with(|| key.clone());
            self.entities.entry((at, singular(&fold(name)))).or_insert_with(|| key.clone());
        }
        // A name alone says nothing of what is there already.
        if entity.fields.is_empty() && entity.kind != EntityKind::New {
            return;
        }
        self.add(at, spec, &key, &entity.fields, entity.span);
        if entity.kind == EntityKind::New {
            self.add_fields(&key, &spec.data.shared);
        }
        let Some(component) = self.schemas.get_mut(&key) else { return };
        component.is_entity = true;
        if let (Some(table), None) = (&entity.table, &component.schema.description) {
            component.schema.description = Some(format!("Table `{}`", plain_line(table)));
        }
    }

    fn add(&mut self, at: usize, spec: &ExportSpec, key: &str, fields: &[Field], span: trueup_text::Span) {
        let component = self
            .schemas
            .entry(key.to_owned())
            .or_insert_with(|| Component { schema: Schema::of("object"), ..Component::default() });
        let origin = spec.origin(span);
        if !component.schema.origins.contains(&origin) {
            component.schema.origins.push(origin);
        }
        if !component.specs.contains(&at) {
            component.specs.push(at);
        }
        self.add_fields(key, fields);
    }

    /// Adds the fields that are not there yet: who comes first knows best.
    fn add_fields(&mut self, key: &str, fields: &[Field]) {
        let Some(component) = self.schemas.get_mut(key) else { return };
        let schema = &mut component.schema;
        let mut known: FxHashSet<String> = schema.properties.iter().map(|(name, _)| name.clone()).collect();
        for property in fields.iter().filter_map(property) {
            if known.insert(property.name.clone()) {
                if property.required {
                    schema.required.push(property.name.clone());
                }
                schema.properties.push((property.name, property.schema));
            }
        }
    }

    fn resolve_all(&mut self) {
        let keys: Vec<String> = self.schemas.keys().cloned().collect();
        for key in keys {
            let Some(component) = self.schemas.get_mut(&key) else { continue };
            let mut schema = std::mem::take(&mut component.schema);
            let specs = component.specs.clone();
            self.resolve(&mut schema, &specs);
            if let Some(component) = self.schemas.get_mut(&key) {
                component.schema = schema;
            }
        }
    }

    /// Turns names of types into references where it is certain which schema is meant: the spec declares it
    /// itself, or one spec only does. Other names stay as words.
    pub fn resolve(&self, schema: &mut Schema, specs: &[usize]) {
        schema.visit(&mut |part| {
            let Some(name) = part.named.take() else { return };
            let key = component_key(&name);
            let found = self.schemas.get(&key);
            let certain =
                found.is_some_and(|c| c.specs.len() == 1 || c.specs.iter().any(|s| specs.contains(s)));
            if certain {
                part.reference = Some(format!("{PREFIX}{key}"));
            } else if part.description.is_none() {
                part.description = Some(name);
            }
        });
    }

    /// The entity of a spec that the last words of a path name, in the plural or with the word before it
    /// (`/checkout/links` is a `CheckoutLink`).
    pub fn resource(&self, spec: usize, words: &[String]) -> Option<&str> {
        let (last, before) = words.split_last()?;
        let last = fold(last);
        let with_before = before.last().map(|word| fold(word) + &last);
        let names = [Some(last), with_before];
        let key = names.iter().flatten().find_map(|name| {
            let is_known = |name: String| self.entities.get(&(spec, name));
            is_known(name.clone()).or_else(|| is_known(singular(name)))
        })?;
        self.schemas.contains_key(key).then_some(key.as_str())
    }

    /// A reference to a schema.
    pub fn reference(key: &str) -> Schema {
        Schema { reference: Some(format!("{PREFIX}{key}")), ..Schema::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty()
    }

    pub fn len(&self) -> usize {
        self.schemas.len()
    }

    /// All schemas by their names.
    pub fn into_all(self) -> BTreeMap<String, Schema> {
        self.schemas.into_iter().map(|(key, component)| (key, component.schema)).collect()
    }

    /// The schemas that some schemas refer to, and those that these refer to.
    pub fn into_used(mut self, users: &mut [Schema]) -> BTreeMap<String, Schema> {
        let mut wanted: Vec<String> = Vec::new();
        let mut note = |part: &mut Schema| wanted.extend(part.reference.as_deref().and_then(key_of));
        users.iter_mut().for_each(|schema| schema.visit(&mut note));
        let mut out = BTreeMap::new();
        while let Some(key) = wanted.pop() {
            let Some(mut component) = self.schemas.remove(&key) else { continue };
            component.schema.visit(&mut |part| wanted.extend(part.reference.as_deref().and_then(key_of)));
            out.insert(key, component.schema);
        }
        out
    }
}

fn key_of(reference: &str) -> Option<String> {
    reference.strip_prefix(PREFIX).map(str::to_owned)
}

/// A name by its letters and digits.
fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A folded word in the singular, as English usually makes it.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_a_singular() {
        for (many, one) in [
            ("orders", "order"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status"),
            ("access", "access"),
            ("analysis", "analysis"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
