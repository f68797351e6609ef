//! Statements about rows that were made.

use crate::actors::{INSERT, Rights};
use trueup_catalog::{Column, ConstraintKind, Generated, Relation, quote_ident};
use trueup_rows::Made;

/// Types that have no `=`.
const INCOMPARABLE: [&str; 9] = ["json", "xml", "point", "box", "path", "polygon", "circle", "lseg", "line"];

/// Whether values of a column can be compared.
pub(crate) fn is_comparable(column: &Column) -> bool {
    let base = column.type_name.split('[').next().unwrap_or("");
    !INCOMPARABLE.contains(&base)
}

/// The condition that finds a row, by its key where there is one; only by columns that may be read.
pub(crate) fn identity(table: &Relation, row: &Made, readable: impl Fn(&str) -> bool) -> String {
    let key = table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::Primary);
    let by_key = key.map(|key| key.columns.clone()).filter(|key| key.iter().all(|column| readable(column)));
    let all = || {
        let columns = table.columns.iter().filter(|column| is_comparable(column) && readable(&column.name));
        columns.map(|column| column.name.clone()).collect()
    };
    equal(table, &by_key.unwrap_or_else(all), row)
}

/// The condition that columns have the values of a row.
pub(crate) fn equal(table: &Relation, columns: &[String], row: &Made) -> String {
    let one = |column: &String| match row.value(column) {
        None => format!("{} IS NULL", quote_ident(column)),
        Some(value) => {
            // The server pads `char(n)` and reads names in its own way: the type says how.
            let type_name = table.column(column).map_or("text", |column| column.type_name.as_str());
            format!("{} = {}::{type_name}", quote_ident(column), trueup_catalog::quote_literal(value))
        }
    };
    match columns.is_empty() {
        true => "false".to_owned(),
        false => columns.iter().map(one).collect::<Vec<_>>().join(" AND "),
    }
}

/// Writes a row with all of its values; `other` says otherwise for some columns.
pub(crate) fn insert(
    table: &Relation,
    row: &Made,
    other: &[(String, String)],
    rights: Option<&Rights>,
) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    let mut overriding = "";
    for column in table.columns.iter().filter(|column| column.generated != Generated::Expression) {
        if rights.is_some_and(|rights| !rights.column(&column.name, INSERT))
            && rights.is_some_and(may_insert_some)
        {
            continue;
        }
        if column.generated == Generated::IdentityAlways {
            overriding = " OVERRIDING SYSTEM VALUE";
        }
        let value = other.iter().find(|(name, _)| *name == column.name).map(|(_, value)| value.clone());
        names.push(quote_ident(&column.name));
        values.push(value.unwrap_or_else(|| row.literal(&column.name)));
    }
    match names.is_empty() {
        true => format!("INSERT INTO {} DEFAULT VALUES", table.sql_name()),
        false => format!(
            "INSERT INTO {} ({}){overriding} VALUES ({})",
            table.sql_name(),
            names.join(", "),
            values.join(", ")
        ),
    }
}

fn may_insert_some(rights: &Rights) -> bool {
    rights.columns.keys().any(|column| rights.column(column, INSERT))
}

/// Takes a row away as if it had never been: nothing that points to it is asked.
pub(crate) fn remove(table: &Relation, row: &Made) -> Vec<String> {
    vec![
        "SET LOCAL session_replication_role = replica".to_owned(),
        format!("DELETE FROM {} WHERE {}", table.sql_name(), identity(table, row, |_| true)),
        "SET LOCAL session_replication_role = origin".to_owned(),
    ]
}

/// Takes away what a row of a table has to point to.
pub(crate) fn unbound(table: &Relation) -> Vec<String> {
    let keys = table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Foreign);
    keys.map(|key| {
        format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", table.sql_name(), quote_ident(&key.name))
    })
    .collect()
}

/// Takes away what keeps a row only because another table points to it.
pub(crate) fn loosen(catalog: &trueup_catalog::Catalog, table: &Relation) -> Vec<String> {
    let mut out = Vec::new();
    for other in catalog.relations.iter().filter(|other| other.kind.is_table()) {
        for constraint in other
            .constraints
            .iter()
            .filter(|constraint| constraint.kind == ConstraintKind::Foreign && !constraint.inherited)
        {
            let to = constraint.references.as_ref().map(|(schema, name, _)| (schema, name));
            if to == Some((&table.schema, &table.name)) {
                out.push(format!(
                    "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}",
                    other.sql_name(),
                    quote_ident(&constraint.name)
                ));
            }
        }
    }
    out
}
