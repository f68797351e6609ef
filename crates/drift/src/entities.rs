//! Entities and their fields ↔ tables and their columns.

use crate::names::{fold, is_name, same_word, same_words, stems, words};
use crate::{Difference, Drifted, Row, Subject, unread};
use trueup_codebase::{CodeKind, Column, Table, closest};
use trueup_model::{Entity, EntityKind, Field};

/// Holds the entities of a spec against the tables of the code. Types are not compared.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let data = &subject.spec.facts.data;
    let why = unread(subject, CodeKind::Tables);
    let tables = &subject.code.codebase().tables;
    let mut out = Vec::new();
    for entity in &data.entities {
        let row = Row::new(CodeKind::Tables, entity.name.clone(), entity.span);
        if let Some(why) = &why {
            out.push(row.not_checkable(Difference::Unread, why.clone()));
            continue;
        }
        if words(&entity.name).is_empty() || entity.name.contains(['<', '*', '…']) {
            out.push(row.not_checkable(Difference::Vague, "it is no name of a table"));
            continue;
        }
        let found = tables_of(entity, tables);
        let named = found.iter().find(|t| entity.table.as_deref().is_none_or(|name| name == t.name));
        match (found.first(), named) {
            (None, _) => out.push(not_found(row, entity, tables)),
            (Some(table), None) => {
                let reason = format!("the code's table is `{}`", table.name);
                out.push(row.contradicted(Difference::Spelling, &table.name, Some(&table.place), reason));
            }
            (_, Some(table)) => {
                let reason = format!("{} declares it", table.source);
                out.push(row.proven(&table.name, Some(&table.place), reason));
            }
        }
        if !found.is_empty() {
            let shared = data.shared.iter().filter(|_| entity.kind == EntityKind::New);
            let own = |field: &&Field| !entity.fields.iter().any(|f| fold(&f.name) == fold(&field.name));
            let columns = Columns::of(entity, &found);
            out.extend(entity.fields.iter().chain(shared.filter(own)).map(|field| columns.judge(field)));
        }
    }
    out
}

/// The tables of an entity: of the table's written name, of the same name or class, of the same words, with
/// the module's name in front.
fn tables_of<'a>(entity: &Entity, tables: &'a [Table]) -> Vec<&'a Table> {
    let pick = |test: &dyn Fn(&Table) -> bool| tables.iter().filter(|t| test(t)).collect::<Vec<&Table>>();
    let written = entity.table.as_deref();
    let found = pick(&|t| written == Some(t.name.as_str()));
    if !found.is_empty() {
        return found;
    }
    let found = pick(&|t| t.name == entity.name || t.class.as_deref() == Some(entity.name.as_str()));
    if !found.is_empty() {
        return with_same_name(found, tables);
    }
    let alike = |t: &Table| {
        same_words(&t.name, &entity.name)
            || t.class.as_ref().is_some_and(|class| same_words(class, &entity.name))
    };
    let found = pick(&alike);
    if !found.is_empty() {
        return with_same_name(found, tables);
    }
    // A name in snake case is a table's and stands as it is; a class may leave its module out.
    if written.is_some() || entity.name.contains('_') || !entity.name.starts_with(char::is_uppercase) {
        return Vec::new();
    }
    let prefixed = pick(&|t| is_prefixed(t, entity));
    let one = prefixed.first().map(|t| t.name.as_str());
    match prefixed.iter().all(|t| Some(t.name.as_str()) == one) {
        true => prefixed,
        false => Vec::new(),
    }
}

/// One table is often declared twice, in SQL and by a class; both count.
fn with_same_name<'a>(found: Vec<&'a Table>, tables: &'a [Table]) -> Vec<&'a Table> {
    let names: Vec<&str> = found.iter().map(|t| t.name.as_str()).collect();
    let first = names.first().copied();
    tables
        .iter()
        .filter(|t| Some(t.name.as_str()) == first)
        .chain(found.iter().copied().filter(|t| Some(t.name.as_str()) != first))
        .collect()
}

/// `sales_orders` for `Order`.
fn is_prefixed(table: &Table, entity: &Entity) -> bool {
    let (own, theirs) = (words(&entity.name), words(&table.name));
    theirs.len() > own.len() && own.iter().rev().zip(theirs.iter().rev()).all(|(a, b)| same_word(a, b))
}

fn not_found(row: Row, entity: &Entity, tables: &[Table]) -> Drifted {
    let names = tables.iter().flat_map(|t| [Some(t.name.as_str()), t.class.as_deref()]).flatten();
    let near = closest(entity.table.as_deref().unwrap_or(&entity.name), names).map(|c| c.name);
    let table =
        near.and_then(|name| tables.iter().find(|t| t.name == name || t.class.as_deref() == Some(name)));
    row.missing(table.map(|t| (t.name.as_str(), Some(&t.place))), "no table of the code has this name")
}

/// The columns of an entity's tables.
struct Columns<'a> {
    entity: &'a Entity,
    columns: Vec<&'a Column>,
    complete: bool,
    table: &'a str,
}

impl<'a> Columns<'a> {
    fn of(entity: &'a Entity, tables: &[&'a Table]) -> Columns<'a> {
        Columns {
            entity,
            columns: tables.iter().flat_map(|t| &t.columns).collect(),
            complete: tables.iter().any(|t| t.complete),
            table: tables.first().map_or("", |t| t.name.as_str()),
        }
    }

    fn judge(&self, field: &Field) -> Drifted {
        let name = field.name.split(['.', '[']).next().unwrap_or("").trim();
        let subject = format!("{}.{}", self.entity.name, field.name);
        let row = Row::new(CodeKind::Tables, subject, field.span);
        if !is_name(name) {
            return row.not_checkable(Difference::Vague, "it is no name of a column");
        }
        if let Some(column) = self.column(name) {
            return row.proven(
                &format!("{}.{}", self.table, column.name),
                Some(&column.place),
                "the table has it",
            );
        }
        if !self.complete || self.columns.is_empty() {
            let reason = format!("not all columns of `{}` could be read", self.table);
            return row.not_checkable(Difference::Unread, reason);
        }
        if is_relation(field) {
            return row.not_checkable(Difference::Vague, "it is a relation, which is no column");
        }
        let free = self.columns.iter().filter(|c| !self.is_promised(&c.name)).map(|c| c.name.as_str());
        let near = closest(name, free).map(|c| c.name);
        let column = near.and_then(|near| self.columns.iter().find(|c| c.name == near));
        let reason = format!("the table `{}` has no such column", self.table);
        row.missing(column.map(|c| (c.name.as_str(), Some(&c.place))), reason)
    }

    /// The column of a field: `orderId`, `order_id`, and for a relation `order` as well.
    fn column(&self, name: &str) -> Option<&&'a Column> {
        let exact = self.columns.iter().find(|c| c.name == name);
        exact.or_else(|| self.columns.iter().find(|c| fold(&c.name) == fold(name))).or_else(|| {
            let with_id = fold(&format!("{name}_id"));
            self.columns
                .iter()
                .find(|c| fold(&c.name) == with_id || format!("{}id", fold(&c.name)) == fold(name))
        })
    }

    fn is_promised(&self, column: &str) -> bool {
        self.entity.fields.iter().any(|f| fold(&f.name) == fold(column))
    }
}

/// Whether a field is the other side of a relation: a list, or said to be one.
fn is_relation(field: &Field) -> bool {
    let kind = field.type_text.to_lowercase();
    let plural = stems(&fold(&field.name)).len() > 1;
    ["relation", "onetomany", "one-to-many", "manytomany", "many-to-many", "collection<", "has many"]
        .iter()
        .any(|mark| kind.contains(mark))
        || plural && kind.contains("[]") && kind.chars().next().is_some_and(char::is_alphabetic) && {
            let element = field.type_text.split("[]").next().unwrap_or("");
            element.starts_with(char::is_uppercase)
        }
}
