//! More rows of a tenant than the one that it has, so that something can be written: a membership that is written takes
//! another user, since the own one says who speaks.

use crate::attempt::{Attempt, Check, attempt};
use crate::model::World;
use crate::report::{ProbeKind, Tenant};
use crate::rows_sql::{insert, remove};
use crate::seeds::Who;
use crate::tables::{Field, Trial};
use trueup_catalog::{Relation, quote_literal};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, Pin};

/// A new row, and what a superuser does before it can be written.
#[derive(Clone)]
pub(crate) struct NewRow {
    pub row: Made,
    pub before: Vec<String>,
    /// The row that was there made room for it.
    pub instead: bool,
}

impl Trial<'_, '_> {
    /// Attempts to write a new row for a tenant, each with its row.
    pub(crate) fn insert_attempts(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        tenant: Tenant,
        shows: &str,
    ) -> Result<Vec<(Attempt, Made)>, SqlError> {
        let mut out = Vec::new();
        for NewRow { row, before, instead } in self.new_rows(field, tenant)? {
            let table = self.target.table;
            let attack = insert(table, &row, &[], Some(self.rights));
            let count =
                format!("SELECT count(*) FROM {} WHERE {}", self.target.name(), self.target.scope_is(&row));
            let there =
                field.session.run(&count)?.first().and_then(|count| count.parse::<i64>().ok()).unwrap_or(0);
            let had = there - i64::from(instead);
            let check = Check::Afterwards(format!("SELECT ({count}) > {had}"));
            let mut attempt = self.new_attempt(ProbeKind::Insert, attack, check, shows.to_owned());
            attempt.before = before;
            out.push((attempt, row));
        }
        Ok(out)
    }

    /// The way in which tenant A writes a row of its own: the first that works.
    pub(crate) fn own_insert(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(Attempt, Made), SqlError> {
        let mut all = self.insert_attempts(field, Tenant::A, "")?;
        let mut works = 0;
        if all.len() > 1 {
            for (at, (one, _)) in all.iter().enumerate() {
                if attempt(field.session, field.actors, one)?.leaked {
                    works = at;
                    break;
                }
            }
        }
        Ok(all.swap_remove(works))
    }

    /// The first of the new rows.
    pub(crate) fn new_row(&self, field: &mut Field<'_, '_, '_>, tenant: Tenant) -> Result<NewRow, SqlError> {
        Ok(self.new_rows(field, tenant)?.swap_remove(0))
    }

    /// A new row of a tenant. Where its keys allow no second one, one of another user and one instead of that which is
    /// there; there is always one.
    fn new_rows(&self, field: &mut Field<'_, '_, '_>, tenant: Tenant) -> Result<Vec<NewRow>, SqlError> {
        let old = if tenant == Tenant::A { &self.target.a } else { &self.target.b };
        let table = self.target.table;
        let same_scope =
            |row: &Made| self.target.scope.iter().all(|column| row.value(column) == old.value(column));
        let family = if tenant == Tenant::A { &mut *field.a } else { &mut *field.b };
        let (rows, failed) = (family.rows.len(), family.failed.clone());
        let maker = &mut *field.maker;
        let made = field.session.trial(|session| Ok(maker.another(session.client, family, table)))?;
        family.rows.truncate(rows);
        family.failed = failed;
        if let Ok(Ok(row)) = made
            && same_scope(&row)
        {
            return Ok(vec![NewRow { row, before: Vec::new(), instead: false }]);
        }
        let mut out = Vec::new();
        out.extend(self.spare_row(field, tenant)?.filter(|spare| same_scope(&spare.row)));
        out.push(NewRow { row: old.clone(), before: remove(table, old), instead: true });
        Ok(out)
    }

    /// A row of another user of the tenant, or with another token, with what it points to.
    fn spare_row(&self, field: &mut Field<'_, '_, '_>, tenant: Tenant) -> Result<Option<NewRow>, SqlError> {
        let (table, world) = (self.target.table, field.world);
        let family = if tenant == Tenant::A { &*field.a } else { &*field.b };
        let Some(mut spare) = spare_family(world, family, table) else { return Ok(None) };
        let had = spare.rows.len();
        let maker = &mut *field.maker;
        let made = field.session.trial(|session| Ok(maker.another(session.client, &mut spare, table)))?;
        let Ok(Ok(row)) = made else { return Ok(None) };
        let mut before = vec!["SET LOCAL session_replication_role = replica".to_owned()];
        for parent in spare.rows.iter().skip(had).filter(|made| **made != row) {
            let table = world.catalog.relation(&parent.table.0, &parent.table.1);
            before.extend(table.map(|table| insert(table, parent, &[], None)));
        }
        before.push("SET LOCAL session_replication_role = origin".to_owned());
        let before = if before.len() > 2 { before } else { Vec::new() };
        Ok(Some(NewRow { row, before, instead: false }))
    }

    /// Another row of A than that which says who it is, and what makes it.
    pub(crate) fn own_other(
        &mut self,
        field: &mut Field<'_, '_, '_>,
    ) -> Result<Option<(Made, Vec<String>)>, SqlError> {
        if let Some(known) = &self.other {
            return Ok(known.clone());
        }
        let speaks = !field.world.users_of(self.target.table).is_empty() && !self.target.anchor;
        let new = if speaks { self.new_rows(field, Tenant::A)? } else { Vec::new() };
        let other = new.into_iter().next().filter(|new| !new.instead).map(|new| {
            let mut before = new.before;
            before.push("SET LOCAL session_replication_role = replica".to_owned());
            before.push(insert(self.target.table, &new.row, &[], None));
            before.push("SET LOCAL session_replication_role = origin".to_owned());
            (new.row, before)
        });
        self.other = Some(other.clone());
        Ok(other)
    }
}

/// The family in which a row of the table is another user's, or has another token.
fn spare_family(world: &World<'_>, family: &Family, table: &Relation) -> Option<Family> {
    let own = world.users_of(table);
    let tenants = &world.tenant_columns;
    let own: Vec<String> = own.into_iter().filter(|name| !tenants.contains(name)).collect();
    if own.is_empty() {
        return None;
    }
    let mut spare = family.clone();
    Who::Spare.tag().clone_into(&mut spare.tag);
    let here = (table.schema.clone(), table.name.clone());
    let users = world.users.as_ref().map(|users| (users.schema.clone(), users.table.clone()));
    let users = users.filter(|users| *users != here);
    let of_users = |pin: &Pin| users.is_some() && pin.table == users && !tenants.contains(&pin.column);
    let speaks = |pin: &Pin| pin.table.as_ref() == Some(&here) && own.contains(&pin.column);
    let formed: Vec<Pin> =
        spare.pins.iter().filter(|pin| speaks(pin)).filter_map(|pin| like(pin, table)).collect();
    spare.pins.retain(|pin| !speaks(pin) && !of_users(pin));
    spare.rows.retain(|row| Some(&row.table) != users.as_ref());
    if users.is_none() {
        spare.pins.extend(formed);
    }
    Some(spare)
}

/// A text that has to have the form of an ID gets another one of that form.
fn like(pin: &Pin, table: &Relation) -> Option<Pin> {
    let text = table.column(&pin.column).is_some_and(|column| column.category == "S");
    let value = pin.sql.trim_matches('\'');
    let is_uuid = value.len() == 36 && value.bytes().filter(|byte| *byte == b'-').count() == 4;
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let form = match () {
        () if is_uuid => "uuid",
        () if is_number => "bigint",
        () => return None,
    };
    text.then(|| Pin { sql: quote_literal(&Who::Spare.value(8_001, form)), ..pin.clone() })
}
