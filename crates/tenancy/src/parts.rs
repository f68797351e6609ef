//! Tenants that one column alone does not name: `(org_id, tenant_code)`.
//!
//! Two tenants may share a part of such a key. A condition that asks for that part alone lets one see the other.

use crate::attempt::{Check, attempt};
use crate::model::World;
use crate::openings::Opened;
use crate::report::{ProbeKind, Tenant};
use crate::rows_sql::{identity, insert, unbound};
use crate::spares::NewRow;
use crate::tables::{Field, Trial};
use trueup_catalog::{ConstraintKind, PolicyCommand, Relation};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// What tenants are called, the likeliest first: where two of them stand in one key, the first of these is the tenant.
const WORDS: [&str; 21] = [
    "tenant",
    "organization",
    "organisation",
    "org",
    "workspace",
    "company",
    "account",
    "team",
    "shop",
    "store",
    "site",
    "merchant",
    "school",
    "clinic",
    "club",
    "practice",
    "agency",
    "firm",
    "business",
    "instance",
    "project",
];

/// How likely a column names a tenant, or a part of its key; the smaller the likelier.
fn rank(column: &str) -> Option<usize> {
    let name = column.to_lowercase();
    WORDS
        .iter()
        .position(|word| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}

/// The same of the name of a table: `tenants`.
fn rank_of_table(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    WORDS.iter().position(|word| {
        let many = word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"));
        name == *word || name == many
    })
}

/// The columns that name a tenant together; none where one does.
pub(crate) fn parts(world: &World<'_>, table: &Relation) -> Vec<String> {
    if world.root.is_some() {
        return Vec::new();
    }
    by_root(world, table).or_else(|| by_key(table)).unwrap_or_default()
}

/// A foreign key of several columns points to the table of tenants, or the table is that one.
fn by_root(world: &World<'_>, table: &Relation) -> Option<Vec<String>> {
    if let Some(key) = key_of_tenants(table) {
        return Some(key.to_vec());
    }
    table.constraints.iter().find_map(|constraint| {
        let (schema, name, keys) = constraint.references.as_ref()?;
        let key = key_of_tenants(world.catalog.relation(schema, name)?)?;
        (key.len() == keys.len() && key.iter().all(|column| keys.contains(column)))
            .then(|| constraint.columns.clone())
    })
}

/// The key of a table each row of which is a tenant, where it has several columns.
fn key_of_tenants(table: &Relation) -> Option<&[String]> {
    let own = rank_of_table(&table.name)?;
    let key = table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::Primary)?;
    // `stores (tenant_id, id)` belong to tenants, and are none.
    let belongs = key.columns.iter().filter_map(|column| rank(column)).any(|rank| rank < own);
    (key.columns.len() > 1 && !belongs).then_some(key.columns.as_slice())
}

/// In a key, what stands before the tenant's code says of which organization it is the code.
fn by_key(table: &Relation) -> Option<Vec<String>> {
    let kinds = [ConstraintKind::Primary, ConstraintKind::Unique];
    table.constraints.iter().filter(|constraint| kinds.contains(&constraint.kind)).find_map(|key| {
        let ranked = || key.columns.iter().filter_map(|column| Some((rank(column)?, column)));
        let (_, tenant) = ranked().min()?;
        // An ID is one by itself; so is what points to one row of another table.
        let column = table.column(tenant)?;
        let points = table.constraints.iter().any(|constraint| {
            constraint.kind == ConstraintKind::Foreign && constraint.columns == [tenant.clone()]
        });
        if column.category != "S" || points {
            return None;
        }
        let at = key.columns.iter().position(|column| column == tenant)?;
        let parts: Vec<String> =
            key.columns.iter().take(at + 1).filter(|column| rank(column).is_some()).cloned().collect();
        (parts.len() > 1).then_some(parts)
    })
}

/// Parts of keys that nothing else gives a value to, with a table that has them.
pub(crate) fn free_parts<'c>(world: &World<'c>) -> Vec<(&'c Relation, String)> {
    let mut out: Vec<(&Relation, String)> = Vec::new();
    for table in world.catalog.tables() {
        let points = |column: &String| {
            table.constraints.iter().any(|constraint| {
                constraint.kind == ConstraintKind::Foreign && constraint.columns.contains(column)
            })
        };
        for column in parts(world, table) {
            let known =
                world.tenant_columns.contains(&column) || out.iter().any(|(_, other)| *other == column);
            if !known && !points(&column) {
                out.push((table, column));
            }
        }
    }
    out
}

impl Trial<'_, '_> {
    /// Rows of tenants that differ from A in one part of their key alone.
    pub(crate) fn half_shared(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let parts = parts(field.world, self.target.table);
        for own in &parts {
            let differs = self.target.a.value(own) != self.target.b.value(own);
            let Some((row, before)) = self.half_row(field, &parts, own)?.filter(|_| differs) else {
                continue;
            };
            let shared: Vec<&str> = parts.iter().filter(|part| *part != own).map(String::as_str).collect();
            let end = format!("{own} is another, and {} the same", shared.join(", "));
            let opened = Opened { whose: "a row of another tenant", end: &end, meant: "" };
            self.try_open(field, &row, &before, &opened)?;
            self.write_half(field, &row, &end)?;
        }
        Ok(())
    }

    /// The row, and the statements that make it: the tenant itself need not be there.
    fn half_row(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        parts: &[String],
        own: &str,
    ) -> Result<Option<(Made, Vec<String>)>, SqlError> {
        let table = self.target.table;
        let NewRow { mut row, mut before, .. } = self.new_row(field, Tenant::B)?;
        for (name, value) in row.values.iter_mut().filter(|(name, _)| name != own && parts.contains(name)) {
            *value = self.target.a.value(name).map(str::to_owned);
        }
        before.extend(unbound(table));
        before.extend([
            "SET LOCAL session_replication_role = replica".to_owned(),
            insert(table, &row, &[], None),
            "SET LOCAL session_replication_role = origin".to_owned(),
        ]);
        let made = field.session.trial(|session| session.execute(&before.join("; ")))?;
        if made.is_err() {
            self.results.notes.push(format!(
                "{}: no row that shares a part of the tenant's key could be made",
                table.display_name()
            ));
        }
        Ok(made.is_ok().then_some((row, before)))
    }

    fn write_half(&mut self, field: &mut Field<'_, '_, '_>, row: &Made, end: &str) -> Result<(), SqlError> {
        if !self.rights.allows(PolicyCommand::Insert) {
            return Ok(());
        }
        let table = self.target.table;
        let found = identity(table, row, |_| true);
        let check =
            Check::Afterwards(format!("SELECT EXISTS (SELECT FROM {} WHERE {found})", table.sql_name()));
        let attack = insert(table, row, &[], Some(self.rights));
        let shows = format!("a row is written for another tenant ({end})");
        let mut one = self.new_attempt(ProbeKind::Insert, attack, check, shows);
        one.before = unbound(table);
        let tried = attempt(field.session, field.actors, &one)?;
        self.settle(PolicyCommand::Insert, one, &tried);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_who_is_the_tenant() {
        assert!(rank("tenant_code") < rank("org_id") && rank("org_id") < rank("store"));
        assert_eq!(rank("organic"), None);
        assert_eq!(rank_of_table("companies"), rank("company_id"));
        assert_eq!(rank_of_table("orders"), None);
    }
}
