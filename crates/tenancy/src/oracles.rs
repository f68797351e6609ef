//! Keys that are unique among all tenants: their errors tell what another has.

use crate::actors::UPDATE;
use crate::attempt::Check;
use crate::changes::other_key;
use crate::model::World;
use crate::openings::{Values, candidates};
use crate::report::ProbeKind;
use crate::rows_sql::{identity, insert};
use crate::tables::{Field, Trial};
use crate::texts::mentions;
use trueup_catalog::{ConstraintKind, Generated, Index, PolicyCommand, Relation, quote_ident};
use trueup_postgres::SqlError;
use trueup_rows::Made;

/// What takes no value twice.
struct Key<'k> {
    name: &'k str,
    /// Columns that are compared, those in expressions as well.
    compared: Vec<String>,
    /// Which rows it holds.
    predicate: Option<&'k str>,
    /// The error by which it refuses.
    state: &'static str,
    /// It refuses what stands in another tenant's rows, and there alone.
    apart: bool,
}

/// The keys of a table: unique indexes, and constraints that exclude.
fn keys(table: &Relation) -> Vec<Key<'_>> {
    let excluding = |index: &Index| {
        table.constraints.iter().find(|one| one.kind == ConstraintKind::Exclusion && one.name == index.name)
    };
    let mut out = Vec::new();
    for index in &table.indexes {
        let exclusion = excluding(index);
        if !index.unique && exclusion.is_none() {
            continue;
        }
        out.push(Key {
            name: &index.name,
            compared: compared(table, index),
            predicate: index.predicate.as_deref(),
            state: if exclusion.is_some() { "23P01" } else { "23505" },
            apart: exclusion.is_some_and(|one| one.definition.contains("WITH <>")),
        });
    }
    out
}

fn compared(table: &Relation, index: &Index) -> Vec<String> {
    if index.columns.iter().all(|name| !name.is_empty()) {
        return index.columns.clone();
    }
    let text = index.definition.split_once(" USING ").map_or("", |(_, text)| text);
    let ends = [" INCLUDE (", " NULLS NOT DISTINCT", " WITH (", " TABLESPACE ", " WHERE "];
    let end = ends.iter().filter_map(|word| text.find(word)).min().unwrap_or(text.len());
    named(table, text.get(..end).unwrap_or(""))
}

/// Columns of a table that stand in a text.
fn named(table: &Relation, text: &str) -> Vec<String> {
    let columns = table.columns.iter().map(|column| &column.name);
    columns.filter(|name| mentions(text, name)).cloned().collect()
}

/// A row of tenant B that a key holds, and what makes it.
type Held = (Made, Vec<String>);

impl Trial<'_, '_> {
    /// A key that is unique among all tenants tells by its error what B has.
    pub(crate) fn oracle(&mut self, field: &mut Field<'_, '_, '_>) -> Result<(), SqlError> {
        let table = self.target.table;
        for key in keys(table) {
            let scope = &self.target.scope;
            let ours = |name: &String| scope.contains(name) || points_to_scoped(field.world, table, name);
            let held_apart = key.compared.iter().any(ours) && !key.apart;
            if key.compared.is_empty()
                || held_apart
                || key.compared.iter().any(|name| is_surrogate(table, name))
            {
                continue;
            }
            // What the condition names is copied as well, but nothing that another key could refuse.
            let asked = key.predicate.map(|text| named(table, text)).unwrap_or_default();
            let unkeyed = |name: &&String| {
                !table.indexes.iter().any(|index| index.unique && index.columns.contains(name))
            };
            let mut columns = key.compared.clone();
            columns.extend(asked.iter().filter(unkeyed).cloned());
            columns.retain(|name| !ours(name));
            columns.sort();
            columns.dedup();
            match self.held_row(field, &key)? {
                Some(held) => self.ask(field, &key, &columns, &held)?,
                // It holds rows that are nobody's.
                None if asked.iter().any(ours) => {}
                None => self.results.notes.push(format!(
                    "{}: no row of tenant B could be made that {} holds, so it is not known whether that key tells what B has",
                    table.display_name(),
                    key.name
                )),
            }
        }
        Ok(())
    }

    /// The row of B, or another one that has a value in each column and meets the condition.
    fn held_row(&mut self, field: &mut Field<'_, '_, '_>, key: &Key<'_>) -> Result<Option<Held>, SqlError> {
        let (table, b) = (self.target.table, self.target.b.clone());
        let empty = key.compared.iter().filter(|name| b.value(name).is_none());
        let filled = empty.map(|name| Some((name.clone(), other_key(table.column(name)?)?)));
        let Some(filled) = filled.collect::<Option<Values>>() else { return Ok(None) };
        let mut all = vec![filled.clone()];
        if let Some(text) = key.predicate {
            let more = candidates(field.world, table, &[text], &self.target.scope, &b);
            all.extend(more.into_iter().map(|values| filled.iter().cloned().chain(values).collect()));
        }
        for values in all {
            let made = match values.is_empty() {
                true => Some((b.clone(), Vec::new())),
                false => self.open_row(field, &values)?,
            };
            let Some((row, before)) = made else { continue };
            if self.meets(field, &row, &before, key.predicate.unwrap_or("true"))? {
                return Ok(Some((row, before)));
            }
        }
        Ok(None)
    }

    /// Whether a row meets a condition.
    pub(crate) fn meets(
        &self,
        field: &mut Field<'_, '_, '_>,
        row: &Made,
        before: &[String],
        condition: &str,
    ) -> Result<bool, SqlError> {
        let found = identity(self.target.table, row, |_| true);
        let sql = format!("SELECT count(*) FROM {} WHERE {found} AND ({condition})", self.target.name());
        let answer = field.session.trial_after(&before.join("; "), |session| session.run(&sql))?;
        Ok(answer.is_ok_and(|answer| answer.first().is_some_and(|count| count != "0")))
    }

    fn ask(
        &mut self,
        field: &mut Field<'_, '_, '_>,
        key: &Key<'_>,
        columns: &[String],
        (held, made): &Held,
    ) -> Result<(), SqlError> {
        let table = self.target.table;
        let shows = format!("the key {} tells which values tenant B has", key.name);
        let check = Check::Error(key.state.to_owned());
        let other: Vec<(String, String)> =
            columns.iter().map(|name| (name.clone(), held.literal(name))).collect();
        let asked = |trial: &Self, attack: String, before: &[String]| {
            let mut one = trial.new_attempt(ProbeKind::Oracle, attack, check.clone(), shows.clone());
            one.before = made.iter().chain(before).cloned().collect();
            one
        };
        if !self.target.anchor {
            let (control, row) = self.own_insert(field)?;
            let attack = asked(self, insert(table, &row, &other, Some(self.rights)), &control.before);
            let what = "tenant A writes a row of its own";
            self.against(field, PolicyCommand::Insert, attack, vec![control], what)?;
        }
        let may = |name: &String| self.rights.column(name, UPDATE);
        if !key.compared.iter().filter(|name| columns.contains(name)).all(may) {
            return Ok(());
        }
        let columns: Vec<String> = columns.iter().filter(|name| may(name)).cloned().collect();
        let own: Vec<&(String, String)> = other.iter().filter(|(name, _)| columns.contains(name)).collect();
        let set: Vec<String> =
            own.iter().map(|(name, value)| format!("{} = {value}", quote_ident(name))).collect();
        let controls = self.own_updates(field, &columns)?;
        let update = format!("UPDATE {} SET {}", self.target.name(), set.join(", "));
        let attack = asked(self, update, &[]);
        self.against(field, PolicyCommand::Update, attack, controls, "tenant A changes its rows blindly")
    }
}

fn points_to_scoped(world: &World<'_>, table: &Relation, column: &str) -> bool {
    let links = world.of(table).map(|placed| placed.links.as_slice()).unwrap_or_default();
    links.iter().any(|link| {
        link.columns.iter().any(|own| own == column) && world.is_scoped(&link.parent.0, &link.parent.1)
    })
}

/// A key that stands for nothing: nobody learns anything from it.
fn is_surrogate(table: &Relation, name: &str) -> bool {
    let Some(column) = table.column(name) else { return true };
    let counted = column.generated != Generated::No
        || column.default.as_deref().is_some_and(|default| default.contains('('));
    let primary =
        table.constraints.iter().any(|c| c.kind == ConstraintKind::Primary && c.columns == [name.to_owned()]);
    column.type_name == "uuid"
        || counted
        || (primary && matches!(column.type_name.as_str(), "integer" | "bigint" | "smallint"))
}
