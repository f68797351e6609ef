//! What is tried on a table.

use crate::actors::{Actors, Rights, SELECT, UPDATE, policy_allows};
use crate::attempt::{Attempt, Check, Tried, attempt};
use crate::model::{Key, World};
use crate::ranks::Rank;
use crate::report::{Control, Model, Outcome, Principal, Probe, ProbeKind, Tenant};
use crate::rows_sql::{equal, identity, insert, loosen, remove};
use crate::session::Session;
use crate::spares::NewRow;
use trueup_catalog::{PolicyCommand, Relation, quote_ident};
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
    /// Triggers that were shown to be blind.
    pub blind: Vec<String>,
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
    pub(crate) fn scope_is(&self, row: &Made) -> String {
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
            let mut trial = Trial {
                target: &target,
                rights: &rights,
                who,
                results: &mut results,
                ranks: None,
                other: None,
            };
            match tenant {
                Tenant::A => trial.as_tenant(field)?,
                _ => trial.as_nobody(field)?,
            }
        }
    }
    Ok(Some(results))
}

/// An attempt on an own row.
struct Own {
    control: Attempt,
    /// Rights of the user that it needs.
    rank: Option<Rank>,
    /// What the server says where it does not work.
    answer: Option<String>,
}

pub(crate) struct Trial<'t, 'r> {
    pub target: &'t Target<'t>,
    pub rights: &'t Rights,
    pub who: Principal,
    pub results: &'r mut Results,
    /// Rights that A's user may have besides those that it has; nothing as long as nobody asked.
    pub ranks: Option<Vec<Rank>>,
    /// Another row of A; nothing as long as nobody asked.
    pub other: Option<Option<(Made, Vec<String>)>>,
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
        let (table, a, b) = (self.target.name(), self.target.a.clone(), self.target.b.clone());
        let both = |trial: &Self| {
            let of = |row: &Made| identity(trial.target.table, row, |column| trial.readable(column));
            format!("SELECT count(*) FROM {table} WHERE ({}) OR ({})", of(&a), of(&b))
        };
        let who = if self.who.tenant == Tenant::Empty {
            "somebody with empty claims"
        } else {
            "somebody without claims"
        };
        let all = self.new_attempt(
            ProbeKind::Select,
            both(self),
            Check::Counts,
            format!("{who} reads rows of tenants"),
        );
        let mut all = vec![(PolicyCommand::Select, all)];
        match self.changed_column(field, &b, &a, &[])? {
            Some((column, value)) => {
                let attack = format!("UPDATE {table} SET {} = {value}", quote_ident(&column));
                let check = Check::Afterwards(self.target.gone(&b, Some(&column)));
                let shows = format!("{who} changes rows of tenants");
                let one = self.new_attempt(ProbeKind::BlindUpdate, attack, check, shows);
                all.push((PolicyCommand::Update, one));
            }
            None => self.not_changed(field),
        }
        let check = Check::Afterwards(self.target.gone(&b, None));
        let mut delete = self.new_attempt(
            ProbeKind::BlindDelete,
            format!("DELETE FROM {table}"),
            check,
            format!("{who} deletes rows of tenants"),
        );
        delete.before = self.loosened(field);
        all.push((PolicyCommand::Delete, delete));
        if !self.target.anchor {
            let shows = format!("{who} writes a row of tenant B");
            let inserts = self.insert_attempts(field, Tenant::B, &shows)?;
            all.extend(inserts.into_iter().map(|(one, _)| (PolicyCommand::Insert, one)));
        }
        for (command, one) in all {
            let tried = attempt(field.session, field.actors, &one)?;
            self.settle(command, one, &tried);
        }
        Ok(())
    }

    /// Records what came of an attempt beside which no control stands.
    pub(crate) fn settle(&mut self, command: PolicyCommand, one: Attempt, tried: &Tried) {
        let outcome = match &tried.error {
            _ if tried.leaked => Outcome::Leak { what: one.shows.clone() },
            Some(error) if self.rights.allows(command) && !tried.reached => {
                Outcome::Vacuous { why: format!("it could not be prepared: {error}") }
            }
            Some(error) if self.rights.allows(command) && is_mishap(&error.sqlstate) => {
                Outcome::Vacuous { why: error.to_string() }
            }
            _ => Outcome::Held { by: tried.by() },
        };
        self.record(one, outcome);
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
        self.guarded(field)?;
        self.orphan(field)?;
        self.half_shared(field)?;
        self.openings(field)?;
        self.with_other_ranks(field)
    }

    /// Tries something, and the same on an own row where that must work for the attempt to say anything. Of several
    /// ways to do that one is enough.
    pub(crate) fn against(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        command: PolicyCommand,
        attack: Attempt,
        controls: Vec<Attempt>,
        what: &str,
    ) -> Result<(), SqlError> {
        let tried = attempt(field.session, field.actors, &attack)?;
        if let Some(outcome) = self.without_control(field, command, &attack, &tried) {
            self.record(attack, outcome);
            return Ok(());
        }
        let Some(Own { control, rank, answer }) = self.control(field, &attack, &controls)? else {
            return Ok(());
        };
        let (attack, tried) = match &rank {
            Some(rank) => {
                let attack = rank.given_to(&attack);
                let tried = attempt(field.session, field.actors, &attack)?;
                (attack, tried)
            }
            None => (attack, tried),
        };
        self.keep_control(control, what, answer.clone());
        let outcome = match answer {
            _ if tried.leaked => Outcome::Leak { what: attack.shows.clone() },
            Some(answer) => Outcome::Vacuous { why: format!("not so: {what} ({answer})") },
            None if tried.error.is_some() && !(tried.reached && is_refusal(tried.state())) => {
                Outcome::Vacuous { why: tried.by() }
            }
            None => Outcome::Held { by: tried.by() },
        };
        self.record(attack, outcome);
        Ok(())
    }

    /// What can be said of an attempt without one on the own row.
    fn without_control(
        &self,
        field: &Field<'_, '_, '_>,
        command: PolicyCommand,
        attack: &Attempt,
        tried: &Tried,
    ) -> Option<Outcome> {
        if tried.leaked {
            return Some(Outcome::Leak { what: attack.shows.clone() });
        }
        if !self.rights.allows(command) {
            return Some(Outcome::Held { by: tried.by() });
        }
        let allowed = policy_allows(field.world.catalog, self.target.table, &self.who.role, command);
        let by = format!("no policy lets {} {}", self.who.role, command.name());
        (!allowed).then_some(Outcome::Held { by })
    }

    /// The first of the own ways that works, be it with other rights of the user; where none does, the first and what
    /// the server says of it.
    fn control(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        attack: &Attempt,
        controls: &[Attempt],
    ) -> Result<Option<Own>, SqlError> {
        let mut answer = None;
        for control in controls {
            let own = attempt(field.session, field.actors, control)?;
            if own.leaked {
                return Ok(Some(Own { control: control.clone(), rank: None, answer: None }));
            }
            answer.get_or_insert(own.by());
        }
        if attack.who.tenant == Tenant::A && !self.target.colleague {
            for control in controls {
                if let Some(rank) = self.rank_for(field, control)? {
                    let control = rank.given_to(control);
                    return Ok(Some(Own { control, rank: Some(rank), answer: None }));
                }
            }
        }
        Ok(controls.first().map(|control| Own { control: control.clone(), rank: None, answer }))
    }

    fn keep_control(&mut self, control: Attempt, what: &str, answer: Option<String>) {
        let same = |own: &Control| own.what == what && own.principal == self.who;
        if !self.results.controls.iter().any(same) {
            self.results.controls.push(Control {
                principal: self.who.clone(),
                what: what.to_owned(),
                sql: control.attack,
                holds: answer.is_none(),
                answer,
            });
        }
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
        self.against(field, PolicyCommand::Select, attack, vec![control], "tenant A reads its own row")
    }

    fn write_for_other(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        if self.target.anchor {
            return Ok(());
        }
        let (control, _) = self.own_insert(field)?;
        for (attack, _) in self.insert_attempts(field, Tenant::B, "a row is written for tenant B")? {
            let what = "tenant A writes a row of its own";
            self.against(field, PolicyCommand::Insert, attack, vec![control.clone()], what)?;
        }
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
            let NewRow { row, mut before, .. } = self.new_row(field, tenant)?;
            // Its keys may allow tenant B no second row.
            before.extend(remove(table, &b));
            let attack = insert(table, &row, &other, Some(self.rights));
            let check = Check::Afterwards(format!("SELECT ({count}) > {}", had - 1));
            let shows = "a row is written for tenant B in the name of A's user".to_owned();
            let mut attack = self.new_attempt(ProbeKind::Insert, attack, check, shows);
            attack.before = before;
            let (control, _) = self.own_insert(field)?;
            let what = "tenant A writes a row of its own";
            self.against(field, PolicyCommand::Insert, attack, vec![control], what)?;
        }
        Ok(())
    }

    fn update(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let (table, a, b) = (self.target.name(), self.target.a.clone(), self.target.b.clone());
        let Some((column, value)) = self.changed_column(field, &b, &a, &[])? else {
            self.not_changed(field);
            return Ok(());
        };
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
            let mut controls = vec![self.new_attempt(kind, control, Check::Affects, String::new())];
            if let Some((row, before)) = self.own_other(field)? {
                let end = if own_end.is_empty() { own_end } else { format!(" WHERE {}", find(self, &row)) };
                let control = format!("{}{end}", set(&column, &row.literal(&column)));
                let mut control = self.new_attempt(kind, control, Check::Affects, String::new());
                control.before = before;
                controls.push(control);
            }
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
            self.against(field, command, attack, controls, own)?;
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
            let mut controls = vec![control];
            if let Some((row, made)) = self.own_other(field)? {
                let end = if own_end.is_empty() { own_end } else { format!(" WHERE {}", find(self, &row)) };
                let gone = Check::Afterwards(self.target.gone(&row, None));
                let mut control =
                    self.new_attempt(kind, format!("DELETE FROM {table}{end}"), gone, String::new());
                control.before = made.into_iter().chain(before.iter().cloned()).collect();
                controls.push(control);
            }
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
            self.against(field, command, attack, controls, own)?;
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
        let columns: Vec<String> = moved.into_iter().map(|(column, _)| column).collect();
        let controls = self.own_updates(field, &columns)?;
        self.against(field, PolicyCommand::Update, attack, controls, "tenant A changes its rows blindly")
    }

    /// Tenant A writes what its rows have already, or what another row of its own has.
    pub(crate) fn own_updates(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        columns: &[String],
    ) -> Result<Vec<Attempt>, SqlError> {
        let one = |trial: &Self, row: &Made, before: Vec<String>| {
            let set: Vec<String> = columns
                .iter()
                .map(|column| format!("{} = {}", quote_ident(column), row.literal(column)))
                .collect();
            let sql = format!("UPDATE {} SET {}", trial.target.name(), set.join(", "));
            let mut control = trial.new_attempt(ProbeKind::BlindUpdate, sql, Check::Affects, String::new());
            control.before = before;
            control
        };
        let mut out = vec![one(self, &self.target.a, Vec::new())];
        out.extend(self.own_other(field)?.map(|(row, before)| one(self, &row, before)));
        Ok(out)
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
        let (control, row) = self.own_insert(field)?;
        let attack = insert(table, &row, other, Some(self.rights));
        let mut attack = self.new_attempt(ProbeKind::Reference, attack, check.clone(), shows.clone());
        attack.before.clone_from(&control.before);
        let what = "tenant A writes a row of its own";
        self.against(field, PolicyCommand::Insert, attack, vec![control], what)?;
        let may = other.iter().all(|(column, _)| self.rights.column(column, UPDATE));
        if !may {
            return Ok(());
        }
        let update = format!("UPDATE {} SET {}", self.target.name(), points.join(", "));
        let attack = self.new_attempt(ProbeKind::Reference, update, check, shows);
        let columns: Vec<String> = other.iter().map(|(column, _)| column.clone()).collect();
        let controls = self.own_updates(field, &columns)?;
        self.against(field, PolicyCommand::Update, attack, controls, "tenant A changes its rows blindly")
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

/// Errors by which an attempt ended for a reason of its own, so that they say nothing of who may do what. What a claim
/// is read as (22P02), and one that was never set (42704), refuse whoever has none.
fn is_mishap(state: &str) -> bool {
    let classes =
        ["08", "0A", "21", "23", "25", "2B", "2D", "3F", "40", "42", "53", "54", "55", "57", "58", "XX"];
    !is_refusal(state) && state != "42704" && classes.iter().any(|class| state.starts_with(class))
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
