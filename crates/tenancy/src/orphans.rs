//! Rows that belong to no tenant: none may change them, take them away, or add one that others see.

use crate::attempt::{Check, attempt};
use crate::report::{Model, Outcome, Principal, ProbeKind, Tenant};
use crate::rows_sql::{identity, insert};
use crate::tables::{Field, Trial};
use trueup_catalog::{PolicyCommand, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::Made;

impl Trial<'_, '_> {
    /// What a tenant does to a row that belongs to none.
    pub(crate) fn orphan(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let Some((row, mut before)) = self.orphan_row(field)? else { return Ok(()) };
        let table = self.target.name();
        let room = before.clone();
        before.push(insert(self.target.table, &row, &[], None));
        if let Some((column, value)) = self.changed_column(&row, &self.target.b) {
            let attack = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
            let gone = Check::Afterwards(self.target.gone(&row, Some(&column)));
            self.try_orphan(field, attack, gone, &before, "a row without tenant is changed by a tenant")?;
        }
        let gone = Check::Afterwards(self.target.gone(&row, None));
        let mut loose = before.clone();
        loose.extend(self.loosened(field));
        let attack = format!("DELETE FROM {table}");
        self.try_orphan(field, attack, gone, &loose, "a row without tenant is deleted by a tenant")?;
        if !self.rights.allows(PolicyCommand::Insert) || !self.shown_to_other(field, &row, &before)? {
            return Ok(());
        }
        // Whoever reads such rows reads what any tenant writes there.
        let found = identity(self.target.table, &row, |_| true);
        let [scope] = self.target.scope.as_slice() else { return Ok(()) };
        let there =
            format!("SELECT EXISTS (SELECT FROM {table} WHERE {found} AND {} IS NULL)", quote_ident(scope));
        let attack = insert(self.target.table, &row, &[], Some(self.rights));
        let shows = "a row without tenant, which tenant B reads, is written by tenant A";
        self.try_orphan(field, attack, Check::Afterwards(there), &room, shows)
    }

    /// The row, and what makes room for it.
    fn orphan_row(&mut self, field: &mut Field<'_, '_, '_>) -> Result<Option<(Made, Vec<String>)>, SqlError> {
        let [column] = self.target.scope.as_slice() else { return Ok(None) };
        let table = self.target.table;
        let direct = matches!(
            field.world.of(table).map(|placed| &placed.model),
            Some(Model::Direct { .. } | Model::User { .. })
        );
        let needed = table.column(column).is_none_or(|column| column.not_null);
        if self.target.anchor || !direct || needed {
            return Ok(None);
        }
        let (mut row, before) = self.new_row(field, Tenant::A)?;
        for (_, value) in row.values.iter_mut().filter(|(name, _)| name == column) {
            *value = None;
        }
        Ok(Some((row, before)))
    }

    fn try_orphan(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        attack: String,
        check: Check,
        before: &[String],
        shows: &str,
    ) -> Result<(), SqlError> {
        let mut one = self.new_attempt(ProbeKind::Orphan, attack, check, shows.to_owned());
        one.before = before.to_vec();
        let tried = attempt(field.session, field.actors, &one)?;
        let outcome = match tried.leaked {
            true => Outcome::Leak { what: one.shows.clone() },
            false => Outcome::Held { by: tried.by() },
        };
        self.record(one, outcome);
        Ok(())
    }

    /// Whether tenant B reads a row that belongs to none.
    fn shown_to_other(
        &self,
        field: &mut Field<'_, '_, '_>,
        row: &Made,
        before: &[String],
    ) -> Result<bool, SqlError> {
        let found = identity(self.target.table, row, |column| self.readable(column));
        let sql = format!("SELECT count(*) FROM {} WHERE {found}", self.target.name());
        let mut one = self.new_attempt(ProbeKind::Orphan, sql, Check::Counts, String::new());
        one.who = Principal { role: self.who.role.clone(), tenant: Tenant::B };
        one.before = before.to_vec();
        Ok(attempt(field.session, field.actors, &one)?.leaked)
    }
}
