//! Brings what several places say of one entity together.

use super::fields::RawField;
use super::naming::is_pascal;
use super::{Entity, EntityKind, Field};
use rustc_hash::{FxHashMap, FxHashSet};
use trueup_text::Span;

/// Entities by their names and tables.
#[derive(Default)]
pub(super) struct Entities {
    list: Vec<Entity>,
    by_key: FxHashMap<String, usize>,
    names: Vec<FxHashSet<String>>,
}

/// A name without case, underscores and the plural.
fn key_of(name: &str) -> String {
    let squashed = squash(name);
    if let Some(stem) = squashed.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if squashed.ends_with(ending) {
            return squashed[..squashed.len() - 2].to_owned();
        }
    }
    match squashed.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 2 => stem.to_owned(),
        _ => squashed,
    }
}

fn squash(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Entities {
    /// The place of an entity that is known by this name or table.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_key.get(&key_of(name)).copied()
    }

    /// Whether an entity has fields.
    pub(super) fn has_fields(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|e| !e.fields.is_empty())
    }

    /// Adds an entity, or what is said of one that is known.
    pub(super) fn add(
        &mut self,
        name: &str,
        table: Option<&str>,
        kind: Option<EntityKind>,
        span: Span,
        fields: Vec<RawField>,
    ) -> usize {
        let known = self.find(name).or_else(|| table.and_then(|t| self.find(t)));
        let at = match known {
            Some(at) => {
                self.update(at, name, kind);
                at
            }
            None => {
                self.list.push(Entity {
                    name: name.to_owned(),
                    table: None,
                    kind: kind.unwrap_or_default(),
                    fields: Vec::new(),
                    span,
                });
                self.names.push(FxHashSet::default());
                self.list.len() - 1
            }
        };
        self.by_key.entry(key_of(name)).or_insert(at);
        if let Some(table) = table {
            self.by_key.entry(key_of(table)).or_insert(at);
            if table != self.list[at].name {
                self.list[at].table.get_or_insert_with(|| table.to_owned());
            }
        }
        self.add_fields(at, fields);
        at
    }

    fn update(&mut self, at: usize, name: &str, kind: Option<EntityKind>) {
        let entity = &mut self.list[at];
        // A class says more than its table.
        if is_pascal(name) && !is_pascal(&entity.name) {
            let table = std::mem::replace(&mut entity.name, name.to_owned());
            entity.table.get_or_insert(table);
        }
        entity.kind = match (entity.kind, kind) {
            (EntityKind::Existing, Some(kind)) => kind,
            (before, _) => before,
        };
    }

    fn add_fields(&mut self, at: usize, fields: Vec<RawField>) {
        for field in fields {
            if self.names[at].insert(squash(&field.name)) {
                let RawField { name, type_text, span, .. } = field;
                self.list[at].fields.push(Field { name, type_text, span });
            }
        }
    }

    /// Whether any entity is new or changed.
    pub(super) fn any_change(&self) -> bool {
        self.list.iter().any(|e| e.kind != EntityKind::Existing)
    }

    /// The entities in document order.
    pub(super) fn finish(self) -> Vec<Entity> {
        let mut list = self.list;
        list.sort_by_key(|e| e.span.start);
        list
    }
}
