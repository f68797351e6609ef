//! What is tried on a table.

use crate::actors::{Actors, Rights, SELECT, UPDATE, policy_allows};
use crate::attempt::{Attempt, Check, Tried, attempt};
use crate::model::{Key, World};
use crate::report::{Control, Model, Outcome, Principal, Probe, ProbeKind, Tenant};
use crate::rows_sql::{equal, identity, insert, is_comparable, loosen, remove};
use crate::session::Session;
use trueup_catalog::{Column, ConstraintKind, Generated, PolicyCommand, Relation, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::{Family, Made, Maker};

/// What is needed to try something.
pub(crate) struct Field<'f, 'c, 's> {
    pub session: &'f mut Session<'s>,
    pub maker: &'f mut Maker<'c>,
    pub world: &'f World<'c>,
    pub actors: &'f Actors,
    pub a: &'f mut Family,
    pub b: &'f mut Family,
    /// The rows of B are those of another user of A.
    pub colleague: bool,
}

/// A probe and how it was made, so that a witness can be written.
pub(crate) struct Done {
    pub probe: Probe,
    pub attempt: Attempt,
}

/// What came of all probes on a table.
#[derive(Default)]
pub(crate) struct Results {
    pub done: Vec<Done>,
    pub controls: Vec<Control>,
    pub notes: Vec<String>,
}

/// The table that is tried, with a row of each tenant.
pub(crate) struct Target<'t> {
    pub table: &'t Relation,
    /// B is another user of A.
    pub(crate) colleague: bool,
    pub a: Made,
    pub b: Made,
    pub scope: Vec<String>,
    /// Each row is a tenant or a user: nobody else's row can be written for it.
    pub(crate) anchor: bool,
}

impl Target<'_> {
    fn scope_is(&self, row: &Made) -> String {
        equal(self.table, &self.scope, row)
    }

    pub(crate) fn name(&self) -> String {
        self.table.sql_name()
    }

    /// True where the row of somebody is no longer there as it was.
    pub(crate) fn gone(&self, row: &Made, column: Option<&str>) -> String {
        let same = column
            .map(|column| format!(" AND {}", equal(self.table, &[column.to_owned()], row)))
            .unwrap_or_default();
        format!(
            "SELECT NOT EXISTS (SELECT FROM {} WHERE {}{same})",
            self.name(),
            identity(self.table, row, |_| true)
        )
    }
}

/// Tries all on a table, as everybody with these claims.
pub(crate) fn probe_table(
    field: &mut Field<'_, '_, '_>,
    table: &Relation,
    tenants: &[Tenant],
) -> Result<Option<Results>, SqlError> {
    let row = |family: &Family| family.row(&table.schema, &table.name).cloned();
    let (Some(a), Some(b)) = (row(field.a), row(field.b)) else { return Ok(None) };
    let anchor = match field.world.of(table).map(|placed| &placed.model) {
        Some(Model::Root { .. }) => true,
        Some(Model::User { .. }) => field.world.users.as_ref().is_some_and(|users| users.is(table)),
        _ => false,
    };
    let colleague = field.colleague;
    let target = Target { table, colleague, a, b, scope: field.world.scope(table), anchor };
    let mut results = Results::default();
    for role in &field.actors.roles {
        let rights = field.actors.rights(field.session, role, table)?;
        for tenant in tenants {
            let who = Principal { role: role.clone(), tenant: *tenant };
            let mut trial = Trial { target: &target, rights: &rights, who, results: &mut results };
            match tenant {
                Tenant::A => trial.as_tenant(field)?,
                _ => trial.as_nobody(field)?,
            }
        }
    }
    Ok(Some(results))
}

pub(crate) struct Trial<'t, 'r> {
    pub target: &'t Target<'t>,
    pub rights: &'t Rights,
    pub who: Principal,
    pub results: &'r mut Results,
}

impl Trial<'_, '_> {
    pub(crate) fn new_attempt(
        &self,
        kind: ProbeKind,
        attack: String,
        check: Check,
        shows: String,
    ) -> Attempt {
        let colleague = self.target.colleague;
        let shows = if colleague { shows.replace("tenant B", "another user of tenant A") } else { shows };
        Attempt { kind, who: self.who.clone(), before: Vec::new(), attack, check, shows, colleague }
    }

    pub(crate) fn record(&mut self, attempt: Attempt, outcome: Outcome) {
        let probe = Probe {
            kind: attempt.kind,
            principal: self.who.clone(),
            sql: attempt.attack.clone(),
            outcome,
            witness: None,
        };
        self.results.done.push(Done { probe, attempt });
    }

    pub(crate) fn readable(&self, column: &str) -> bool {
        self.rights.column(column, SELECT)
    }

    /// Nobody gets anything: no control is needed, the rows are there.
    fn as_nobody(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let (table, a, b) = (self.target.name(), &self.target.a, &self.target.b);
        let both = |trial: &Self| {
            let of = |row: &Made| identity(trial.target.table, row, |column| trial.readable(column));
            format!("SELECT count(*) FROM {table} WHERE ({}) OR ({})", of(a), of(b))
        };
        let who = if self.who.tenant == Tenant::Empty {
            "somebody with empty claims"
        } else {
            "somebody without claims"
        };
        let mut all = vec![self.new_attempt(
            ProbeKind::Select,
            both(self),
            Check::Counts,
            format!("{who} reads rows of tenants"),
        )];
        if let Some((column, value)) = self.changed_column(b, a) {
            let attack = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
            let check = Check::Afterwards(self.target.gone(b, Some(&column)));
            all.push(self.new_attempt(
                ProbeKind::BlindUpdate,
                attack,
                check,
                format!("{who} changes rows of tenants"),
            ));
        }
        let check = Check::Afterwards(self.target.gone(b, None));
        let mut delete = self.new_attempt(
            ProbeKind::BlindDelete,
            format!("DELETE FROM {table}"),
            check,
            format!("{who} deletes rows of tenants"),
        );
        delete.before = self.loosened(field);
        all.push(delete);
        if !self.target.anchor {
            let shows = format!("{who} writes a row of tenant B");
            let (attempt, _) = self.insert_attempt(field, Tenant::B, &shows)?;
            all.push(attempt);
        }
        for one in all {
            let tried = attempt(field.session, field.actors, &one)?;
            let outcome = if tried.leaked {
                Outcome::Leak { what: one.shows.clone() }
            } else {
                Outcome::Held { by: tried.by() }
            };
            self.record(one, outcome);
        }
        Ok(())
    }

    /// Foreign keys of other tables are dropped where the role may delete at all: they protect only rows that something
    /// points to.
    pub(crate) fn loosened(&self, field: &Field<'_, '_, '_>) -> Vec<String> {
        if self.rights.delete { loosen(field.world.catalog, self.target.table) } else { Vec::new() }
    }

    fn as_tenant(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        self.select(field)?;
        self.write_for_other(field)?;
        self.update(field)?;
        self.delete(field)?;
        self.move_over(field)?;
        if self.target.colleague {
            return self.openings(field);
        }
        self.refer(field)?;
        self.oracle(field)?;
        self.truncate(field)?;
        self.orphan(field)?;
        self.half_shared(field)?;
        self.openings(field)
    }

    /// Tries something, and the same on the own row where that must work for the attempt to say anything.
    pub(crate) fn against(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        command: PolicyCommand,
        attack: Attempt,
        control: Attempt,
        what: &str,
    ) -> Result<(), SqlError> {
        let tried = attempt(field.session, field.actors, &attack)?;
        let outcome = self.judged(field, command, &attack, &tried, Some((control, what)))?;
        self.record(attack, outcome);
        Ok(())
    }

    fn judged(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        command: PolicyCommand,
        attack: &Attempt,
        tried: &Tried,
        control: Option<(Attempt, &str)>,
    ) -> Result<Outcome, SqlError> {
        if tried.leaked {
            return Ok(Outcome::Leak { what: attack.shows.clone() });
        }
        if !self.rights.allows(command) {
            return Ok(Outcome::Held { by: tried.by() });
        }
        if !policy_allows(field.world.catalog, self.target.table, &self.who.role, command) {
            let by = format!("no policy lets {} {}", self.who.role, command.name());
            return Ok(Outcome::Held { by });
        }
        let Some((control, what)) = control else { return Ok(Outcome::Held { by: tried.by() }) };
        let own = attempt(field.session, field.actors, &control)?;
        let answer = (!own.leaked).then(|| own.by());
        let what = what.to_owned();
        let repeated =
            self.results.controls.iter().any(|control| control.what == what && control.principal == self.who);
        if !repeated {
            let control = Control {
                principal: self.who.clone(),
                what: what.clone(),
                sql: control.attack,
                holds: own.leaked,
                answer: answer.clone(),
            };
            self.results.controls.push(control);
        }
        Ok(match answer {
            Some(answer) => Outcome::Vacuous { why: format!("not so: {what} ({answer})") },
            None if tried.error.is_some() && !is_refusal(tried.state()) => {
                Outcome::Vacuous { why: tried.by() }
            }
            None => Outcome::Held { by: tried.by() },
        })
    }

    fn select(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let count = |trial: &Self, row: &Made| {
            let of = identity(trial.target.table, row, |column| trial.readable(column));
            format!("SELECT count(*) FROM {} WHERE {of}", trial.target.name())
        };
        let attack = count(self, &self.target.b);
        let control = count(self, &self.target.a);
        let attack = self.new_attempt(
            ProbeKind::Select,
            attack,
            Check::Counts,
            "a row of tenant B is read".to_owned(),
        );
        let control = self.new_attempt(ProbeKind::Select, control, Check::Counts, String::new());
        self.against(field, PolicyCommand::Select, attack, control, "tenant A reads its own row")
    }

    /// A new row for a tenant. Where its keys allow no second one, the one that is there makes room.
    pub(crate) fn insert_attempt(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        tenant: Tenant,
        shows: &str,
    ) -> Result<(Attempt, Made), SqlError> {
        let (row, before) = self.new_row(field, tenant)?;
        let table = self.target.table;
        let attack = insert(table, &row, &[], Some(self.rights));
        let count =
            format!("SELECT count(*) FROM {} WHERE {}", self.target.name(), self.target.scope_is(&row));
        let mut had =
            field.session.run(&count)?.first().and_then(|count| count.parse::<i64>().ok()).unwrap_or(0);
        if !before.is_empty() {
            had -= 1;
        }
        let check = Check::Afterwards(format!("SELECT ({count}) > {had}"));
        let mut attempt = self.new_attempt(ProbeKind::Insert, attack, check, shows.to_owned());
        attempt.before = before;
        Ok((attempt, row))
    }

    pub(crate) fn new_row(
        &self,
        field: &mut Field<'_, '_, '_>,
        tenant: Tenant,
    ) -> Result<(Made, Vec<String>), SqlError> {
        let (family, old) = match tenant {
            Tenant::A => (&mut *field.a, &self.target.a),
            _ => (&mut *field.b, &self.target.b),
        };
        let maker = &mut *field.maker;
        let table = self.target.table;
        let (rows, failed) = (family.rows.len(), family.failed.clone());
        let made = field.session.trial(|session| Ok(maker.another(session.client, family, table)))?;
        family.rows.truncate(rows);
        family.failed = failed;
        let same_scope =
            |row: &Made| self.target.scope.iter().all(|column| row.value(column) == old.value(column));
        Ok(match made {
            Ok(Ok(row)) if same_scope(&row) => (row, Vec::new()),
            _ => (old.clone(), remove(table, old)),
        })
    }

    fn write_for_other(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        if self.target.anchor {
            return Ok(());
        }
        let (attack, _) = self.insert_attempt(field, Tenant::B, "a row is written for tenant B")?;
        let (control, _) = self.insert_attempt(field, Tenant::A, "")?;
        self.against(field, PolicyCommand::Insert, attack, control, "tenant A writes a row of its own")?;
        self.write_mixed(field)
    }

    /// What asks for the user alone lets A's user write for B: A's row with B's scope, and B's row with A's users.
    fn write_mixed(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let (table, a, b) = (self.target.table, self.target.a.clone(), self.target.b.clone());
        let scope = self.target.scope.clone();
        let users = field.world.user_columns.iter();
        let users: Vec<&String> =
            users.filter(|name| !scope.contains(name) && table.column(name).is_some()).collect();
        let from = |columns: Vec<&String>, row: &Made| -> Vec<(String, String)> {
            let differs = columns.into_iter().filter(|name| a.value(name) != b.value(name));
            differs.map(|name| (name.clone(), row.literal(name))).collect()
        };
        let count = format!("SELECT count(*) FROM {} WHERE {}", self.target.name(), self.target.scope_is(&b));
        let had = field.session.run(&count)?.first().and_then(|count| count.parse::<i64>().ok()).unwrap_or(0);
        for (tenant, other) in [(Tenant::A, from(scope.iter().collect(), &b)), (Tenant::B, from(users, &a))] {
            if other.is_empty() {
                continue;
            }
            let (row, mut before) = self.new_row(field, tenant)?;
            // Its keys may allow tenant B no second row.
            before.extend(remove(table, &b));
            let attack = insert(table, &row, &other, Some(self.rights));
            let check = Check::Afterwards(format!("SELECT ({count}) > {}", had - 1));
            let shows = "a row is written for tenant B in the name of A's user".to_owned();
            let mut attack = self.new_attempt(ProbeKind::Insert, attack, check, shows);
            attack.before = before;
            let (control, _) = self.insert_attempt(field, Tenant::A, "")?;
            let what = "tenant A writes a row of its own";
            self.against(field, PolicyCommand::Insert, attack, control, what)?;
        }
        Ok(())
    }

    /// A column that can be changed without touching keys, and a value that `victim` does not have there.
    pub(crate) fn changed_column(&self, victim: &Made, other: &Made) -> Option<(String, String)> {
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
            return Some((column.name.clone(), other.literal(&column.name)));
        }
        if let Some(column) = plain.iter().find(|column| column.type_name == "boolean") {
            return Some((column.name.clone(), format!("{} IS NOT TRUE", victim.literal(&column.name))));
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
                (_, "S") => "'x'".to_owned(),
                (Some(_), _) => "NULL".to_owned(),
                (None, "D") => "now()".to_owned(),
                (None, "N") => "1".to_owned(),
                (None, _) => return None,
            };
            return Some((column.name.clone(), value));
        }
        let of_link = |name: &String| {
            table.constraints.iter().any(|c| c.kind == ConstraintKind::Foreign && c.columns.contains(name))
                || self.target.scope.contains(name)
        };
        let keys =
            table.columns.iter().filter(may).filter(|column| in_key(&column.name) && !of_link(&column.name));
        if let Some(found) = keys.filter_map(|column| Some((column.name.clone(), other_key(column)?))).next()
        {
            return Some(found);
        }
        // Only keys that point somewhere: the row is taken over.
        let differs = |name: &&String| {
            victim.value(name) != other.value(name) && table.column(name).is_some_and(|column| may(&column))
        };
        let column = self.target.scope.iter().find(differs).filter(|_| !self.target.anchor)?;
        Some((column.clone(), other.literal(column)))
    }

    fn update(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let (table, a, b) = (self.target.name(), self.target.a.clone(), self.target.b.clone());
        let Some((column, value)) = self.changed_column(&b, &a) else { return Ok(()) };
        let find =
            |trial: &Self, row: &Made| identity(trial.target.table, row, |column| trial.readable(column));
        let set = |column: &str, value: &str| format!("UPDATE {table} SET {} = {value}", quote_ident(column));
        let gone = Check::Afterwards(self.target.gone(&b, Some(&column)));
        let what = "a row of tenant B is changed";
        for (kind, end, own_end) in [
            (ProbeKind::BlindUpdate, String::new(), String::new()),
            (ProbeKind::Update, format!(" WHERE {}", find(self, &b)), format!(" WHERE {}", find(self, &a))),
        ] {
            let attack = self.new_attempt(
                kind,
                format!("{}{end}", set(&column, &value)),
                gone.clone(),
                what.to_owned(),
            );
            let control = format!("{}{own_end}", set(&column, &a.literal(&column)));
            let control = self.new_attempt(kind, control, Check::Affects, String::new());
            // To find a row is to read it: without that right only the blind one can work.
            let command = if kind == ProbeKind::Update {
                self.needs_read(PolicyCommand::Update)
            } else {
                PolicyCommand::Update
            };
            let own = if kind == ProbeKind::Update {
                "tenant A changes its own row"
            } else {
                "tenant A changes its rows blindly"
            };
            self.against(field, command, attack, control, own)?;
        }
        Ok(())
    }

    /// Where the role may not read, a statement with a condition fails for that reason, and not for row security.
    fn needs_read(&self, command: PolicyCommand) -> PolicyCommand {
        if self.rights.allows(PolicyCommand::Select) { command } else { PolicyCommand::Select }
    }

    fn delete(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let (table, a, b) = (self.target.name(), self.target.a.clone(), self.target.b.clone());
        let find =
            |trial: &Self, row: &Made| identity(trial.target.table, row, |column| trial.readable(column));
        let before = self.loosened(field);
        for (kind, end, own_end) in [
            (ProbeKind::BlindDelete, String::new(), String::new()),
            (ProbeKind::Delete, format!(" WHERE {}", find(self, &b)), format!(" WHERE {}", find(self, &a))),
        ] {
            let shows = "a row of tenant B is deleted".to_owned();
            let gone = Check::Afterwards(self.target.gone(&b, None));
            let mut attack = self.new_attempt(kind, format!("DELETE FROM {table}{end}"), gone, shows);
            let gone = Check::Afterwards(self.target.gone(&a, None));
            let mut control =
                self.new_attempt(kind, format!("DELETE FROM {table}{own_end}"), gone, String::new());
            attack.before.clone_from(&before);
            control.before.clone_from(&before);
            let command = if kind == ProbeKind::Delete {
                self.needs_read(PolicyCommand::Delete)
            } else {
                PolicyCommand::Delete
            };
            let own = if kind == ProbeKind::Delete {
                "tenant A deletes its own row"
            } else {
                "tenant A deletes its rows blindly"
            };
            self.against(field, command, attack, control, own)?;
        }
        Ok(())
    }

    /// Columns that point to what belongs to tenants, with the values of a row.
    fn moved(&self, field: &Field<'_, '_, '_>, row: &Made) -> Vec<(String, String)> {
        let mut columns = self.target.scope.clone();
        let links = field.world.of(self.target.table).map(|placed| placed.links.clone()).unwrap_or_default();
        for link in links
            .iter()
            .filter(|link| link.constraint.is_some() && field.world.is_scoped(&link.parent.0, &link.parent.1))
        {
            columns.extend(link.columns.iter().cloned());
        }
        columns.sort();
        columns.dedup();
        columns.retain(|column| {
            self.rights.column(column, UPDATE) || !self.rights.allows(PolicyCommand::Update)
        });
        columns.into_iter().map(|column| (column.clone(), row.literal(&column))).collect()
    }

    fn move_over(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let moved = self.moved(field, &self.target.b.clone());
        if self.target.anchor
            || !self.target.scope.iter().any(|column| moved.iter().any(|(name, _)| name == column))
        {
            return Ok(());
        }
        let set: Vec<String> =
            moved.iter().map(|(column, value)| format!("{} = {value}", quote_ident(column))).collect();
        let b = self.target.b.clone();
        let mut before = loosen(field.world.catalog, self.target.table);
        // Its keys may allow tenant B no second row.
        before.extend(remove(self.target.table, &b));
        let count = format!("SELECT count(*) FROM {} WHERE {}", self.target.name(), self.target.scope_is(&b));
        let had =
            field.session.run(&count)?.first().and_then(|count| count.parse::<i64>().ok()).unwrap_or(0) - 1;
        let check = Check::Afterwards(format!("SELECT ({count}) > {had}"));
        let attack = format!("UPDATE {} SET {}", self.target.name(), set.join(", "));
        let mut attack = self.new_attempt(
            ProbeKind::Move,
            attack,
            check,
            "a row of tenant A is given to tenant B".to_owned(),
        );
        attack.before = before;
        let tried = attempt(field.session, field.actors, &attack)?;
        let control = (
            self.own_update(&moved.iter().map(|(column, _)| column.clone()).collect::<Vec<_>>()),
            "tenant A changes its rows blindly",
        );
        let outcome = self.judged(field, PolicyCommand::Update, &attack, &tried, Some(control))?;
        self.record(attack, outcome);
        Ok(())
    }

    /// Tenant A writes what its rows have already.
    pub(crate) fn own_update(&self, columns: &[String]) -> Attempt {
        let set: Vec<String> = columns
            .iter()
            .map(|column| format!("{} = {}", quote_ident(column), self.target.a.literal(column)))
            .collect();
        let sql = format!("UPDATE {} SET {}", self.target.name(), set.join(", "));
        self.new_attempt(ProbeKind::BlindUpdate, sql, Check::Affects, String::new())
    }

    /// An own row points to a row of B, through each foreign key that does not say whose the row is.
    fn refer(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let links = field.world.of(self.target.table).map(|placed| placed.links.clone()).unwrap_or_default();
        for link in links.iter().filter(|link| link.constraint.is_some()) {
            let to_anchor = is_anchor(field.world, &link.parent);
            let columns: Vec<String> =
                link.columns.iter().filter(|column| !self.target.scope.contains(column)).cloned().collect();
            let own = link.parent == (self.target.table.schema.clone(), self.target.table.name.clone());
            if columns.is_empty()
                || (to_anchor && !own)
                || !(own || field.world.is_scoped(&link.parent.0, &link.parent.1))
            {
                continue;
            }
            let Some(parent) = field.b.row(&link.parent.0, &link.parent.1).cloned() else { continue };
            let pairs =
                link.columns.iter().zip(&link.parent_columns).filter(|(column, _)| columns.contains(column));
            let other: Vec<(String, String)> =
                pairs.map(|(column, key)| (column.clone(), parent.literal(key))).collect();
            self.refer_through(field, &other, &trueup_catalog::display_name(&link.parent.0, &link.parent.1))?;
        }
        Ok(())
    }

    fn refer_through(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        other: &[(String, String)],
        parent: &str,
    ) -> Result<(), SqlError> {
        let table = self.target.table;
        let points: Vec<String> =
            other.iter().map(|(column, value)| format!("{} = {value}", quote_ident(column))).collect();
        let scope = self.target.scope_is(&self.target.a.clone());
        let check = Check::Afterwards(format!(
            "SELECT EXISTS (SELECT FROM {} WHERE {scope} AND {})",
            self.target.name(),
            points.join(" AND ")
        ));
        let shows = format!("a row of tenant A points to a row of tenant B in {parent}");
        let (control, row) = self.insert_attempt(field, Tenant::A, "")?;
        let attack = insert(table, &row, other, Some(self.rights));
        let mut attack = self.new_attempt(ProbeKind::Reference, attack, check.clone(), shows.clone());
        attack.before.clone_from(&control.before);
        self.against(field, PolicyCommand::Insert, attack, control, "tenant A writes a row of its own")?;
        let may = other.iter().all(|(column, _)| self.rights.column(column, UPDATE));
        if !may {
            return Ok(());
        }
        let update = format!("UPDATE {} SET {}", self.target.name(), points.join(", "));
        let attack = self.new_attempt(ProbeKind::Reference, update, check, shows);
        let columns: Vec<String> = other.iter().map(|(column, _)| column.clone()).collect();
        let control = self.own_update(&columns);
        self.against(field, PolicyCommand::Update, attack, control, "tenant A changes its rows blindly")
    }

    fn truncate(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        if !self.rights.truncate {
            let sql = format!("TRUNCATE {}", self.target.name());
            let held = Outcome::Held { by: "the role has no right to TRUNCATE".to_owned() };
            let attempt = self.new_attempt(ProbeKind::Truncate, sql, Check::Counts, String::new());
            self.record(attempt, held);
            return Ok(());
        }
        let shows = "TRUNCATE empties the table, whatever row security says".to_owned();
        let gone = Check::Afterwards(self.target.gone(&self.target.b, None));
        let mut attack = self.new_attempt(
            ProbeKind::Truncate,
            format!("TRUNCATE {}", self.target.name()),
            gone,
            shows.clone(),
        );
        // A table that others point to can be emptied only together with them; the right on this one is what counts.
        attack.before = loosen(field.world.catalog, self.target.table);
        let tried = attempt(field.session, field.actors, &attack)?;
        let outcome = match tried.leaked {
            true => Outcome::Leak { what: shows },
            false => Outcome::Vacuous { why: tried.by() },
        };
        self.record(attack, outcome);
        Ok(())
    }
}

/// Errors by which a database refuses, rather than that the attempt was wrong: rights and row security, a trigger's own
/// error, a foreign key, a view's condition.
pub(crate) fn is_refusal(state: &str) -> bool {
    matches!(state, "42501" | "P0001" | "23503" | "44000" | "23514" | "23502")
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

/// A table of tenants, or of users who belong to no tenant: rows of all may name them.
fn is_anchor(world: &World<'_>, parent: &(String, String)) -> bool {
    let named = |key: &Option<Key>| key.as_ref().is_some_and(|key| key.is_named(parent));
    let of_tenant = || {
        let placed = world.catalog.relation(&parent.0, &parent.1).and_then(|table| world.of(table));
        placed.is_some_and(|placed| matches!(placed.model, Model::Direct { .. } | Model::Via { .. }))
    };
    named(&world.root) || (named(&world.users) && !of_tenant())
}
