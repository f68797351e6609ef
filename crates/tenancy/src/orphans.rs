//! Rows that belong to no tenant: none may change them, take them away, or add one that others see.

use crate::actors::policy_allows;
use crate::attempt::{Check, attempt};
use crate::openings::{Values, candidates};
use crate::report::{Model, Outcome, Principal, ProbeKind, Tenant};
use crate::rows_sql::{identity, insert};
use crate::spares::NewRow;
use crate::tables::{Field, Trial};
use trueup_catalog::{ConstraintKind, PolicyCommand, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// A row that belongs to none, and what makes room for it.
type Orphan = (Made, Vec<String>);

impl Trial<'_, '_> {
    /// What a tenant does to a row that belongs to none.
    pub(crate) fn orphan(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let Some((row, room)) = self.orphan_row(field)? else { return Ok(()) };
        let table = self.target.name();
        let mut before = room.clone();
        before.push(insert(self.target.table, &row, &[], None));
        let b = self.target.b.clone();
        if let Some((column, value)) = self.changed_column(field, &row, &b, &before)? {
            let attack = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
            let gone = Check::Afterwards(self.target.gone(&row, Some(&column)));
            let shows = "a row without tenant is changed by a tenant";
            self.try_orphan(field, PolicyCommand::Update, attack, gone, &before, shows)?;
        }
        let gone = Check::Afterwards(self.target.gone(&row, None));
        let mut loose = before.clone();
        loose.extend(self.loosened(field));
        let attack = format!("DELETE FROM {table}");
        let shows = "a row without tenant is deleted by a tenant";
        self.try_orphan(field, PolicyCommand::Delete, attack, gone, &loose, shows)?;
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
        self.try_orphan(field, PolicyCommand::Insert, attack, Check::Afterwards(there), &room, shows)
    }

    /// A row without tenant, where its conditions allow one.
    fn orphan_row(&mut self, field: &mut Field<'_, '_, '_>) -> Result<Option<Orphan>, SqlError> {
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
        let checks = table.constraints.iter().filter(|one| one.kind == ConstraintKind::Check);
        let checks: Vec<&str> = checks.map(|one| one.definition.as_str()).collect();
        let mut all = vec![Values::new()];
        all.extend(candidates(field.world, table, &checks, &self.target.scope, &self.target.a));
        let mut why: Option<SqlError> = None;
        for mut values in all {
            values.push((column.clone(), "NULL".to_owned()));
            match self.row_of_nobody(field, &values, column)? {
                Ok(found) => return Ok(found),
                Err(error) => why = why.or(Some(error)),
            }
        }
        if let Some(error) = why.filter(|error| !self.forbids(error, column)) {
            self.no_orphan(field, &error);
        }
        Ok(None)
    }

    /// A row with these values; nothing where a trigger gives it a tenant.
    fn row_of_nobody(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        values: &Values,
        scope: &str,
    ) -> Result<Result<Option<Orphan>, SqlError>, SqlError> {
        let table = self.target.table;
        let NewRow { mut row, before, .. } = self.new_row(field, Tenant::A)?;
        let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        let listed: Vec<String> = columns.iter().map(|name| quote_ident(name)).collect();
        let sql = format!("{} RETURNING {}", insert(table, &row, values, None), listed.join(", "));
        let answer = field.session.trial_after(&before.join("; "), |session| session.run(&sql))?;
        let found = match answer {
            Ok(answer) => answer.rows.into_iter().next(),
            Err(error) => return Ok(Err(error)),
        };
        row.values = columns.into_iter().zip(found.unwrap_or_default()).collect();
        Ok(Ok(row.value(scope).is_none().then_some((row, before))))
    }

    /// Whether no row at all may be without tenant: a condition on that column alone says so.
    fn forbids(&self, error: &SqlError, column: &str) -> bool {
        let mut checks = self.target.table.constraints.iter().filter(|one| one.kind == ConstraintKind::Check);
        error.sqlstate == "23502"
            || checks
                .any(|one| error.constraint.as_ref() == Some(&one.name) && one.columns == [column.to_owned()])
    }

    /// Without such a row nothing is known of what is done to them.
    fn no_orphan(&mut self, field: &Field<'_, '_, '_>, error: &SqlError) {
        let commands = [PolicyCommand::Update, PolicyCommand::Delete, PolicyCommand::Insert];
        let (catalog, role) = (field.world.catalog, &self.who.role);
        let may = |command: &PolicyCommand| {
            self.rights.allows(*command) && policy_allows(catalog, self.target.table, role, *command)
        };
        if commands.iter().any(may) {
            let sql = format!("DELETE FROM {}", self.target.name());
            let one = self.new_attempt(ProbeKind::Orphan, sql, Check::Affects, String::new());
            self.record(
                one,
                Outcome::Vacuous { why: format!("no row without tenant could be made: {error}") },
            );
        }
    }

    fn try_orphan(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        command: PolicyCommand,
        attack: String,
        check: Check,
        before: &[String],
        shows: &str,
    ) -> Result<(), SqlError> {
        let mut one = self.new_attempt(ProbeKind::Orphan, attack, check, shows.to_owned());
        one.before = before.to_vec();
        let tried = attempt(field.session, field.actors, &one)?;
        self.settle(command, one, &tried);
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
