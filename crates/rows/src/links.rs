//! Which tables a table points to.

use trueup_catalog::{Catalog, ConstraintKind, Relation};

/// Columns that point to a row of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The columns, in order.
    pub columns: Vec<String>,
    /// The table: schema and name.
    pub parent: (String, String),
    /// The columns that they point to, in order.
    pub parent_columns: Vec<String>,
    /// The foreign key's name; nothing where only the column's name tells (`customer_id` → `customers.id`).
    pub constraint: Option<String>,
    /// It may be put off to the end of the transaction.
    pub deferrable: bool,
}

impl Link {
    /// Whether a row may do without: one of the columns takes NULL.
    pub fn is_optional(&self, table: &Relation) -> bool {
        self.columns.iter().any(|name| table.column(name).is_some_and(|column| !column.not_null))
    }
}

/// The foreign keys of a table, then what only the names of its columns tell.
pub fn links(catalog: &Catalog, table: &Relation) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    for constraint in table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Foreign)
    {
        let Some((schema, name, parent_columns)) = &constraint.references else { continue };
        out.push(Link {
            columns: constraint.columns.clone(),
            parent: (schema.clone(), name.clone()),
            parent_columns: parent_columns.clone(),
            constraint: Some(constraint.name.clone()),
            deferrable: constraint.deferrable,
        });
    }
    // What must be there comes first, and long keys before short ones: they say more.
    out.sort_by_key(|link| (link.is_optional(table), std::cmp::Reverse(link.columns.len())));
    for column in &table.columns {
        if !out.iter().any(|link| link.columns.contains(&column.name)) {
            out.extend(soft_link(catalog, table, &column.name));
        }
    }
    out
}

/// `customer_id` points to `customers.id` where both are of one type.
fn soft_link(catalog: &Catalog, table: &Relation, column: &str) -> Option<Link> {
    let type_name = &table.column(column)?.type_name;
    let lower = column.to_lowercase();
    let mut stem = lower.strip_suffix("_id").or_else(|| lower.strip_suffix("_uuid"))?;
    loop {
        for parent in catalog.tables().filter(|parent| is_plural(&parent.name.to_lowercase(), stem)) {
            let key = single_key(parent)
                .filter(|key| parent.column(key).is_some_and(|key| key.type_name == *type_name));
            if let Some(key) = key.filter(|_| parent.oid != table.oid) {
                return Some(Link {
                    columns: vec![column.to_owned()],
                    parent: (parent.schema.clone(), parent.name.clone()),
                    parent_columns: vec![key],
                    constraint: None,
                    deferrable: false,
                });
            }
        }
        // `billing_customer_id` may be a customer, too.
        stem = stem.split_once('_')?.1;
    }
}

fn is_plural(table: &str, stem: &str) -> bool {
    let ies = stem.strip_suffix('y').map(|stem| format!("{stem}ies"));
    table == stem
        || table == format!("{stem}s")
        || table == format!("{stem}es")
        || Some(table) == ies.as_deref()
}

/// The only column of the primary key.
fn single_key(table: &Relation) -> Option<String> {
    let primary = table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::Primary)?;
    match primary.columns.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}
