//! What can be changed in a row, so that it is seen that somebody could.

use crate::actors::{UPDATE, policy_allows};
use crate::attempt::Check;
use crate::openings::values_of;
use crate::report::{Outcome, ProbeKind};
use crate::rows_sql::{identity, is_comparable};
use crate::tables::{Field, Trial};
use trueup_catalog::{Column, ConstraintKind, Generated, PolicyCommand, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::Made;

impl Trial<'_, '_> {
    /// A column that can be changed without touching keys, and a value that `victim` does not have there; `before` makes
    /// it where it is not there.
    pub(crate) fn changed_column(
        &self,
        field: &mut Field<'_, '_, '_>,
        victim: &Made,
        other: &Made,
        before: &[String],
    ) -> Result<Option<(String, String)>, SqlError> {
        let table = self.target.table;
        let in_key = |name: &String| {
            let keys = [
                ConstraintKind::Primary,
                ConstraintKind::Unique,
                ConstraintKind::Foreign,
                ConstraintKind::Exclusion,
            ];
            table
                .constraints
                .iter()
                .any(|constraint| keys.contains(&constraint.kind) && constraint.columns.contains(name))
                || table.indexes.iter().any(|index| index.unique && index.columns.contains(name))
                || self.target.scope.contains(name)
        };
        let may = |column: &&Column| {
            let plain = matches!(column.generated, Generated::No);
            plain
                && is_comparable(column)
                && (self.rights.column(&column.name, UPDATE) || !self.rights.allows(PolicyCommand::Update))
        };
        let plain: Vec<&Column> =
            table.columns.iter().filter(may).filter(|column| !in_key(&column.name)).collect();
        let differs = plain.iter().find(|column| victim.value(&column.name) != other.value(&column.name));
        if let Some(column) = differs {
            return Ok(Some((column.name.clone(), other.literal(&column.name))));
        }
        if let Some(column) = plain.iter().find(|column| column.type_name == "boolean") {
            return Ok(Some((column.name.clone(), format!("{} IS NOT TRUE", victim.literal(&column.name)))));
        }
        // Text without conditions takes anything; so does a time or a number that may be empty.
        let free = plain.iter().find(|column| {
            let checked = table
                .constraints
                .iter()
                .any(|c| c.kind == ConstraintKind::Check && c.columns.contains(&column.name));
            !checked && (column.category == "S" || !column.not_null) && !column.type_name.contains('.')
        });
        if let Some(column) = free {
            let value = match (victim.value(&column.name), column.category.as_str()) {
                (_, "S") => Some("'x'"),
                (Some(_), _) => Some("NULL"),
                (None, "D") => Some("now()"),
                (None, "N") => Some("1"),
                (None, _) => None,
            };
            if let Some(value) = value {
                return Ok(Some((column.name.clone(), value.to_owned())));
            }
        }
        for column in plain {
            if let Some(value) = self.other_value(field, victim, column, before)? {
                return Ok(Some((column.name.clone(), value)));
            }
        }
        let of_link = |name: &String| {
            table.constraints.iter().any(|c| c.kind == ConstraintKind::Foreign && c.columns.contains(name))
                || self.target.scope.contains(name)
        };
        let keys =
            table.columns.iter().filter(may).filter(|column| in_key(&column.name) && !of_link(&column.name));
        if let Some(found) = keys.filter_map(|column| Some((column.name.clone(), other_key(column)?))).next()
        {
            return Ok(Some(found));
        }
        // Only keys that point somewhere: the row is taken over.
        let differs = |name: &&String| {
            victim.value(name) != other.value(name) && table.column(name).is_some_and(|column| may(&column))
        };
        let column = self.target.scope.iter().find(differs).filter(|_| !self.target.anchor);
        Ok(column.map(|column| (column.clone(), other.literal(column))))
    }

    /// Another value that a row takes in a column: one that its type or its conditions name, or one beside it.
    fn other_value(
        &self,
        field: &mut Field<'_, '_, '_>,
        victim: &Made,
        column: &Column,
        before: &[String],
    ) -> Result<Option<String>, SqlError> {
        let find = identity(self.target.table, victim, |_| true);
        for value in values_of(field.world, self.target.table, column, victim) {
            let set = format!("UPDATE {} SET {} = {value}", self.target.name(), quote_ident(&column.name));
            let gone = self.target.gone(victim, Some(&column.name));
            let sql = format!("{set} WHERE {find}; {gone}");
            let takes = field.session.trial_after(&before.join("; "), |session| session.run(&sql))?;
            if takes.is_ok_and(|answer| answer.first() == Some("t")) {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Where no statement can be written that changes a row, it is not known whether one would.
    pub(crate) fn not_changed(&mut self, field: &Field<'_, '_, '_>) {
        let (table, role) = (self.target.table, &self.who.role);
        let command = PolicyCommand::Update;
        if !self.rights.allows(command) || !policy_allows(field.world.catalog, table, role, command) {
            return;
        }
        let columns = self.rights.columns.keys().filter(|name| self.rights.column(name, UPDATE));
        let why = format!(
            "no other value could be found for what may be changed: {}",
            columns.cloned().collect::<Vec<_>>().join(", ")
        );
        let sql = format!("UPDATE {}", self.target.name());
        let one = self.new_attempt(ProbeKind::BlindUpdate, sql, Check::Affects, String::new());
        self.record(one, Outcome::Vacuous { why });
    }
}

/// A value for a key that no row has.
pub(crate) fn other_key(column: &Column) -> Option<String> {
    let base = column.type_name.split('(').next().unwrap_or("");
    Some(match base {
        "text" | "citext" => "'trueup'".to_owned(),
        "character varying" | "character" => "'x'".to_owned(),
        "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision" => "31000".to_owned(),
        "uuid" => "'ffffffff-0000-4000-8000-000000000000'".to_owned(),
        _ => return None,
    })
}
