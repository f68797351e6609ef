//! Decides what the blocks below a name are: an entity, a type, or neither.

use super::collect::{Candidate, Collector};
use super::fields::RawField;
use super::naming::{self, Label, Standing, is_pascal, is_snake};
use super::script::Declared;
use super::sql;
use super::{EntityKind, Field, TypeDecl};

impl Collector<'_, '_> {
    /// Decides what the blocks since the last name are.
    pub(super) fn close(&mut self) {
        let mut current = std::mem::take(&mut self.current);
        self.label = Label::Open;
        let kind = current.naming.kind;
        let classes = std::mem::take(&mut current.classes);
        let tables = std::mem::take(&mut current.tables);
        let mut types = std::mem::take(&mut current.types);
        let alone = classes.len() == 1 && current.naming.names.len() <= 1;
        let by_class = !classes.is_empty();
        for class in classes {
            let mut fields = class.fields;
            let same = current.naming.names.first().is_some_and(|n| *n == class.name);
            let mut span = class.span;
            if alone || same {
                fields.extend(std::mem::take(&mut current.fields));
                fields.sort_by_key(|f| f.span.start);
                span = current.span;
            }
            let table = class.table.or_else(|| current.naming.table.clone().filter(|_| alone || same));
            self.entities.add(&class.name, table.as_deref(), kind, span, fields);
        }
        let lone_table = tables.len() == 1;
        let mut merged = by_class && alone;
        for table in tables {
            merged |= self.sql_table(table, &mut current, lone_table && !by_class);
        }
        if !merged {
            types = self.settle(current, types);
        }
        for declared in types {
            self.add_type(declared);
        }
    }

    /// A table of SQL belongs to the entity above it, or stands for itself.
    pub(super) fn sql_table(&mut self, table: sql::Table, current: &mut Candidate, lone: bool) -> bool {
        let kind = current.naming.kind.or((!table.created).then_some(EntityKind::Extended));
        let named = current.naming.names.len() == 1 && current.naming.standing != Standing::Other;
        let other = current.naming.table.as_ref().is_some_and(|t| *t != table.name);
        if self.entities.find(&table.name).is_some_and(|at| self.entities.has_fields(at)) {
            if !table.created {
                self.entities.add(&table.name, None, kind, table.span, table.fields);
            }
            return false;
        }
        if lone
            && named
            && !other
            && (is_pascal(&current.naming.names[0]) || current.naming.names[0] == table.name)
        {
            let mut fields = std::mem::take(&mut current.fields);
            fields.extend(table.fields);
            self.entities.add(&current.naming.names[0], Some(&table.name), kind, current.span, fields);
            return true;
        }
        self.entities.add(&table.name, None, kind, table.span, table.fields);
        false
    }

    /// Whether what was named is an entity; gives back the types that are left.
    pub(super) fn settle(&mut self, mut current: Candidate, mut types: Vec<Declared>) -> Vec<Declared> {
        let naming = std::mem::take(&mut current.naming);
        let said = current.persistent || naming.kind.is_some();
        let entity_like =
            naming.names.iter().all(|n| is_pascal(n) || is_snake(n)) && !naming.names.is_empty();
        let explicit = matches!(naming.standing, Standing::Type | Standing::Other);
        let barred = explicit && !(current.persistent && (naming.kind.is_some() || naming.lent));
        let own_type = types.iter().position(|t| naming.names.first() == Some(&t.name));
        let shaped =
            current.shaped || !types.is_empty() || current.object.is_some() || !current.loose.is_empty();
        if entity_like && !barred {
            // An interface under a heading that says "entity" is that entity.
            if current.fields.is_empty() && current.persistent {
                if let Some(at) = own_type {
                    current.fields = types.remove(at).fields;
                } else if let Some(object) = current.object.take() {
                    current.fields = object.fields;
                }
            }
            if current.fields.is_empty() && said {
                current.fields.append(&mut current.loose);
            }
            let holds = if current.fields.is_empty() {
                let told = said && (naming.kind.is_some() || own_type.is_none());
                let plain =
                    !self.flagged && !current.strict && naming.names.iter().all(|n| naming::humps(n) > 1);
                told && (current.persistent || !shaped) || plain && !shaped
            } else {
                (said || !self.flagged) && (!current.strict || looks_stored(&current.fields))
            };
            if holds {
                for name in &naming.names {
                    let table = naming.table.as_deref().filter(|_| naming.names.len() == 1);
                    self.entities.add(name, table, naming.kind, current.span, current.fields.clone());
                }
                return types;
            }
        } else if naming.names.is_empty() && !barred && !self.flagged && looks_stored(&current.fields) {
            let name = match (&naming.table, naming.title.as_str()) {
                (Some(table), _) => table.clone(),
                (None, title) => title.to_owned(),
            };
            if !name.is_empty() && name.split(' ').count() <= 4 && !current.strict {
                self.entities.add(&name, None, naming.kind, current.span, current.fields);
                return types;
            }
        }
        if let (Some(object), Some(name)) = (current.object, naming.names.first())
            && types.is_empty()
            && is_pascal(name)
        {
            types.push(Declared { name: name.clone(), span: current.span, ..object });
        }
        types
    }

    pub(super) fn add_type(&mut self, declared: Declared) {
        if declared.name.is_empty() || !self.type_names.insert(declared.name.clone()) {
            return;
        }
        let fields =
            declared.fields.into_iter().map(|f| Field { name: f.name, type_text: f.type_text, span: f.span });
        self.out.types.push(TypeDecl { name: declared.name, fields: fields.collect(), span: declared.span });
    }
}

/// Whether the fields are those of something that is stored.
fn looks_stored(fields: &[RawField]) -> bool {
    let has = |names: &[&str]| fields.iter().any(|f| names.contains(&f.name.as_str()));
    let id = has(&["id", "uuid"]) || fields.iter().any(|f| f.name.ends_with("_id"));
    let scoped = [
        "tenant_id",
        "organization_id",
        "created_at",
        "updated_at",
        "tenantId",
        "organizationId",
        "createdAt",
    ];
    let typed = fields.iter().any(|f| {
        let said = f.type_text.to_lowercase();
        ["uuid", "jsonb", "varchar", "timestamptz", "primary key", "not null"]
            .iter()
            .any(|w| said.contains(w))
    });
    id && (has(&scoped) || typed)
}
