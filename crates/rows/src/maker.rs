//! Rows are made one by one, and what is refused is tried again.

use crate::bounds::bound_values;
use crate::links::{Link, links};
use crate::values::{Choice, choices};
use std::collections::BTreeMap;
use trueup_catalog::{Catalog, Column, ConstraintKind, Generated, Relation};
use trueup_postgres::{Client, SimpleQueryMessage, SqlError};

/// Attempts for one row: conditions that need several values at once are found by trying them.
const MOST_ATTEMPTS: u32 = 120;

/// Tables that are made for one another before that is given up.
const DEEPEST: usize = 40;

/// How often a table is tried for the sake of one row. Where it failed inside of a circle, it may work from another side;
/// but there may be as many ways to it as tables have links.
const MOST_SIDES: usize = 3;

/// A value that each column of a name gets, in each table or in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Only in this table: schema and name.
    pub table: Option<(String, String)>,
    /// The column.
    pub column: String,
    /// What it gets, as SQL.
    pub sql: String,
}

/// A row that the team wrote for a table; it is taken instead of what would be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The table: schema and name.
    pub table: (String, String),
    /// One `INSERT` without `RETURNING`. `{name}` is replaced by the family's word of that name, `{n}` by a number that
    /// no other row had.
    pub sql: String,
}

/// Rows that belong together.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// What texts begin with, so that they tell whose they are.
    pub tag: String,
    /// Values that are given.
    pub pins: Vec<Pin>,
    /// Words in samples and what they stand for, as SQL.
    pub words: Vec<(String, String)>,
    /// The rows that were made, in order.
    pub rows: Vec<Made>,
    /// Why there is no row in a table, by schema and name.
    pub failed: BTreeMap<(String, String), Box<NotMade>>,
    /// Keys of rows that are still to be made, because another row points to them already.
    promised: Vec<Pin>,
}

impl Family {
    /// A family without rows.
    pub fn new(tag: &str) -> Family {
        Family { tag: tag.to_owned(), ..Family::default() }
    }

    /// The first row of a table.
    pub fn row(&self, schema: &str, name: &str) -> Option<&Made> {
        self.rows.iter().find(|row| row.table.0 == schema && row.table.1 == name)
    }

    fn pin(&self, table: &Relation, column: &str) -> Option<&str> {
        let of_table = |pin: &&Pin| {
            pin.table.as_ref().is_some_and(|(schema, name)| *schema == table.schema && *name == table.name)
        };
        let all = || self.promised.iter().chain(&self.pins).filter(|pin| pin.column == column);
        all().find(of_table).or_else(|| all().find(|pin| pin.table.is_none())).map(|pin| pin.sql.as_str())
    }
}

/// A row that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The table: schema and name.
    pub table: (String, String),
    /// The statement that made it.
    pub sql: String,
    /// Its columns and their values as text, defaults included.
    pub values: Vec<(String, Option<String>)>,
    /// A trigger had made it together with another row.
    pub adopted: bool,
}

impl Made {
    /// The value of a column; nothing for NULL.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == column).and_then(|(_, value)| value.as_deref())
    }

    /// The value of a column as SQL.
    pub fn literal(&self, column: &str) -> String {
        self.value(column).map_or_else(|| "NULL".to_owned(), trueup_catalog::quote_literal)
    }
}

/// Why there is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade {
    /// The table: schema and name. It may be one that the wanted table points to.
    pub table: (String, String),
    /// The last statement that was tried; empty where none was.
    pub sql: String,
    /// What the server said.
    pub error: Option<SqlError>,
    /// In words.
    pub reason: String,
}

/// Makes rows. A transaction must be open: each attempt stands in a savepoint.
#[derive(Debug)]
pub struct Maker<'c> {
    catalog: &'c Catalog,
    samples: Vec<Sample>,
    /// Values that were given out, by object ID of the table and column.
    given: BTreeMap<(u32, String), Vec<String>>,
    /// The last number that was given out.
    pub(crate) number: u64,
    /// Whether what may stay empty is filled.
    filled: bool,
    /// Tables that could not be made for the row that is made now, by object ID: how often that was tried, and why not.
    missed: BTreeMap<u32, (usize, Box<NotMade>)>,
}

/// One row on its way.
struct Draft<'t> {
    table: &'t Relation,
    /// What each column may get, and which of them it gets now.
    columns: Vec<(&'t Column, Vec<Choice>, usize)>,
    /// How often each constraint refused.
    refused: BTreeMap<String, usize>,
}

impl<'c> Maker<'c> {
    /// A maker for the tables of a catalog.
    pub fn new(catalog: &'c Catalog, samples: Vec<Sample>) -> Maker<'c> {
        Maker {
            catalog,
            samples,
            given: BTreeMap::new(),
            number: 1_000,
            filled: false,
            missed: BTreeMap::new(),
        }
    }

    /// From now on rows get values in columns that may stay empty, and other numbers than those that are given by default.
    pub fn fill_optional(&mut self) {
        self.filled = true;
    }

    /// Values are made from numbers behind this one.
    pub fn begin_at(&mut self, number: u64) {
        self.number = self.number.max(number);
    }

    /// The catalog.
    pub fn catalog(&self) -> &'c Catalog {
        self.catalog
    }

    /// The row of a table in a family; it is made where there is none.
    pub fn row(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
    ) -> Result<Made, Box<NotMade>> {
        self.row_within(client, family, table, &mut Vec::new())
    }

    /// One more row of a table.
    pub fn another(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
    ) -> Result<Made, Box<NotMade>> {
        let made = self.make(client, family, table, &mut Vec::new(), false)?;
        family.rows.push(made.clone());
        Ok(made)
    }

    fn row_within(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        waiting: &mut Vec<u32>,
    ) -> Result<Made, Box<NotMade>> {
        if let Some(made) = family.row(&table.schema, &table.name) {
            return Ok(made.clone());
        }
        let key = (table.schema.clone(), table.name.clone());
        if let Some(failed) = family.failed.get(&key) {
            return Err(failed.clone());
        }
        let missed = self.missed.get(&table.oid).filter(|(times, _)| *times >= MOST_SIDES);
        if let Some((_, failed)) = missed.filter(|_| !waiting.is_empty()) {
            return Err(failed.clone());
        }
        match self.make(client, family, table, waiting, true) {
            Ok(made) => {
                family.rows.push(made.clone());
                Ok(made)
            }
            Err(failed) => {
                // Inside of a circle it may still be made from the other side.
                if waiting.is_empty() {
                    family.failed.insert(key, failed.clone());
                }
                let (times, why) = self.missed.entry(table.oid).or_insert_with(|| (0, failed.clone()));
                *times += 1;
                why.clone_from(&failed);
                Err(failed)
            }
        }
    }

    fn make(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        waiting: &mut Vec<u32>,
        adopts: bool,
    ) -> Result<Made, Box<NotMade>> {
        if waiting.is_empty() {
            self.missed.clear();
        }
        let sample = |sample: &&Sample| sample.table.0 == table.schema && sample.table.1 == table.name;
        if let Some(sample) = self.samples.iter().find(sample).map(|sample| sample.sql.clone()) {
            return self.by_sample(client, family, table, &sample);
        }
        if waiting.len() > DEEPEST {
            return Err(not_made(table, "", None, "too many tables point to one another"));
        }
        waiting.push(table.oid);
        let pointed = self.pointed(client, family, table, waiting);
        waiting.pop();
        let mut draft = self.draft(family, table, &pointed?);
        let made = attempt_all(client, &mut draft).or_else(|failed| match adopts {
            true => adopted(client, &draft, failed),
            false => Err(failed),
        })?;
        // Promised keys are used up by the row that has them.
        family.promised.retain(|pin| pin.table.as_ref() != Some(&made.table));
        Ok(made)
    }

    fn by_sample(
        &mut self,
        client: &mut Client,
        family: &Family,
        table: &Relation,
        sample: &str,
    ) -> Result<Made, Box<NotMade>> {
        self.number += 1;
        let mut sql = sample.trim().trim_end_matches(';').replace("{n}", &self.number.to_string());
        for (word, value) in &family.words {
            sql = sql.replace(&format!("{{{word}}}"), value);
        }
        attempt(client, table, &sql).map_err(|error| {
            let reason = format!("the sample row is refused: {error}");
            not_made(table, &sql, Some(error), &reason)
        })
    }

    /// What columns get because they point to another table.
    fn pointed(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        waiting: &mut Vec<u32>,
    ) -> Result<BTreeMap<String, String>, Box<NotMade>> {
        let mut out = BTreeMap::new();
        for link in links(self.catalog, table) {
            // What is pinned, or follows from a longer key already, stays.
            if link
                .columns
                .iter()
                .all(|column| out.contains_key(column) || family.pin(table, column).is_some())
            {
                self.pinned_parent(client, family, &link, waiting);
                continue;
            }
            match self.parent_values(client, family, table, &link, waiting) {
                Ok(values) => values.into_iter().for_each(|(column, value)| {
                    out.entry(column).or_insert(value);
                }),
                Err(_) if link.constraint.is_none() => {}
                Err(_) if link.is_optional(table) => {
                    let empty = link
                        .columns
                        .iter()
                        .filter(|name| table.column(name).is_some_and(|column| !column.not_null));
                    empty.for_each(|column| {
                        out.entry(column.clone()).or_insert_with(|| "NULL".to_owned());
                    });
                }
                Err(failed) => return Err(failed),
            }
        }
        Ok(out)
    }

    /// The parent of a column whose value is given has to be there as well.
    fn pinned_parent(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        link: &Link,
        waiting: &mut Vec<u32>,
    ) {
        let Some(parent) = self.catalog.relation(&link.parent.0, &link.parent.1) else { return };
        if !waiting.contains(&parent.oid) {
            // Where it cannot be made, the foreign key will say so.
            let _ = self.row_within(client, family, parent, waiting);
        }
    }

    fn parent_values(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        link: &Link,
        waiting: &mut Vec<u32>,
    ) -> Result<Vec<(String, String)>, Box<NotMade>> {
        let pairs = || link.columns.iter().zip(&link.parent_columns);
        let Some(parent) = self.catalog.relation(&link.parent.0, &link.parent.1) else {
            return Err(not_made(table, "", None, "it points to a table that is not there"));
        };
        if waiting.contains(&parent.oid) && family.row(&parent.schema, &parent.name).is_none() {
            // Until both rows are there, neither foreign key holds.
            if link.deferrable
                && let Err(error) = client.batch_execute("SET CONSTRAINTS ALL DEFERRED")
            {
                return Err(not_made(
                    table,
                    "SET CONSTRAINTS ALL DEFERRED",
                    Some(error.into()),
                    "constraints are not put off",
                ));
            }
            return self.promise(family, table, parent, link);
        }
        let row = self.row_within(client, family, parent, waiting)?;
        Ok(pairs().map(|(column, key)| (column.clone(), row.literal(key))).collect())
    }

    /// A row that waits for this one: its key is chosen now where that helps.
    fn promise(
        &mut self,
        family: &mut Family,
        table: &Relation,
        parent: &Relation,
        link: &Link,
    ) -> Result<Vec<(String, String)>, Box<NotMade>> {
        let own = parent.oid == table.oid;
        if link.constraint.is_none() || link.is_optional(table) || !(own || link.deferrable) {
            let reason =
                format!("{} and {} point to one another", table.display_name(), parent.display_name());
            return Err(not_made(table, "", None, &reason));
        }
        let mut out = Vec::new();
        for (column, key) in link.columns.iter().zip(&link.parent_columns) {
            let value = match family.pin(parent, key) {
                Some(sql) => sql.to_owned(),
                None => {
                    let sql = self.fresh(parent, key, &family.tag);
                    let table = Some((parent.schema.clone(), parent.name.clone()));
                    family.promised.push(Pin { table, column: key.clone(), sql: sql.clone() });
                    sql
                }
            };
            out.push((column.clone(), value));
        }
        Ok(out)
    }

    /// A value for a column, as SQL, that no other row got from here; `NULL` where its type is not known. Where there are
    /// few values, and all were given out, it is the first again.
    pub fn fresh(&mut self, table: &Relation, column: &str, tag: &str) -> String {
        self.number += 1;
        let conditions = conditions(table, column);
        let number = self.number;
        let values = table
            .column(column)
            .map(|column| choices(self.catalog, column, &conditions, number, tag, false))
            .unwrap_or_default();
        let values = values.into_iter().filter_map(|choice| match choice {
            Choice::Sql(sql) => Some(sql),
            _ => None,
        });
        let values: Vec<String> = values.collect();
        let given = self.given.entry((table.oid, column.to_owned())).or_default();
        let unused = values.iter().find(|sql| !given.contains(sql)).or(values.first()).cloned();
        given.extend(unused.clone());
        unused.unwrap_or_else(|| "NULL".to_owned())
    }

    fn draft<'t>(
        &mut self,
        family: &Family,
        table: &'t Relation,
        pointed: &BTreeMap<String, String>,
    ) -> Draft<'t> {
        let bounds = bound_values(self.catalog, table);
        let mut columns = Vec::new();
        for column in &table.columns {
            if column.generated == Generated::Expression {
                continue;
            }
            let given =
                family.pin(table, &column.name).or_else(|| pointed.get(&column.name).map(String::as_str));
            let choices = match given {
                Some(sql) => vec![Choice::Sql(sql.to_owned())],
                None => self.free(table, column, &bounds, &family.tag),
            };
            columns.push((column, choices, 0));
        }
        Draft { table, columns, refused: BTreeMap::new() }
    }

    /// What a column may get that is neither given nor points anywhere.
    fn free(
        &mut self,
        table: &Relation,
        column: &Column,
        bounds: &[(String, Vec<String>)],
        tag: &str,
    ) -> Vec<Choice> {
        if matches!(column.generated, Generated::IdentityAlways | Generated::IdentityByDefault) {
            return vec![Choice::LeftOut];
        }
        self.number += 1;
        let conditions = conditions(table, &column.name);
        let mut out = choices(self.catalog, column, &conditions, self.number, tag, self.filled);
        if let Some((_, values)) = bounds.iter().find(|(name, _)| *name == column.name) {
            out.splice(0..0, values.iter().cloned().map(Choice::Sql));
        }
        out
    }
}

/// Conditions that name a column.
fn conditions<'t>(table: &'t Relation, column: &str) -> Vec<&'t str> {
    let checks = table.constraints.iter().filter(|constraint| {
        constraint.kind == ConstraintKind::Check && constraint.columns.iter().any(|name| name == column)
    });
    checks.map(|constraint| constraint.definition.as_str()).collect()
}

pub(crate) fn not_made(table: &Relation, sql: &str, error: Option<SqlError>, reason: &str) -> Box<NotMade> {
    let table = (table.schema.clone(), table.name.clone());
    Box::new(NotMade { table, sql: sql.to_owned(), error, reason: reason.to_owned() })
}

/// Tries a draft until the server takes it, or its errors no longer tell what to change.
fn attempt_all(client: &mut Client, draft: &mut Draft<'_>) -> Result<Made, Box<NotMade>> {
    let mut last = (String::new(), SqlError::default());
    for _ in 0..MOST_ATTEMPTS {
        let sql = draft.statement();
        match attempt(client, draft.table, &sql) {
            Ok(made) => return Ok(made),
            Err(error) => {
                let changed = !error.is_lost() && draft.change(&error);
                last = (sql, error);
                if !changed {
                    break;
                }
            }
        }
    }
    let (sql, error) = last;
    let reason = error.to_string();
    Err(not_made(draft.table, &sql, Some(error), &reason))
}

/// The row that stands in the way, where a trigger made it together with its parent.
fn adopted(client: &mut Client, draft: &Draft<'_>, failed: Box<NotMade>) -> Result<Made, Box<NotMade>> {
    let Some(error) = failed.error.as_ref().filter(|error| error.sqlstate == "23505") else {
        return Err(failed);
    };
    let columns = draft.columns_of(error);
    let held: Option<Vec<String>> = columns.iter().map(|column| draft.condition(column)).collect();
    let Some(held) = held.filter(|held| !held.is_empty()) else { return Err(failed) };
    let sql = format!("SELECT * FROM {} WHERE {}", draft.table.sql_name(), held.join(" AND "));
    let found = client.simple_query(&sql).ok().and_then(|answer| first_row(&answer));
    let table = (draft.table.schema.clone(), draft.table.name.clone());
    found.map(|values| Made { table, sql: failed.sql.clone(), values, adopted: true }).ok_or(failed)
}

/// The columns and values of the first row of an answer.
fn first_row(answer: &[SimpleQueryMessage]) -> Option<Vec<(String, Option<String>)>> {
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    })?;
    let named = row.columns().iter().enumerate();
    Some(named.map(|(at, column)| (column.name().to_owned(), row.get(at).map(str::to_owned))).collect())
}

/// Runs an `INSERT` in a savepoint.
pub(crate) fn attempt(client: &mut Client, table: &Relation, sql: &str) -> Result<Made, SqlError> {
    client.batch_execute("SAVEPOINT trueup_row")?;
    // Without columns a star stands for nothing.
    let returned = if table.columns.is_empty() { "tableoid" } else { "*" };
    let answer = client
        .simple_query(&format!("{sql} RETURNING {returned}"))
        .map_err(SqlError::from)
        .and_then(|answer| {
            let values = first_row(&answer).ok_or_else(|| SqlError {
                sqlstate: "P0000".to_owned(),
                message: "a trigger or a rule took the row away".to_owned(),
                ..SqlError::default()
            })?;
            let table = (table.schema.clone(), table.name.clone());
            Ok(Made { table, sql: sql.to_owned(), values, adopted: false })
        });
    let end =
        if answer.is_ok() { "RELEASE trueup_row" } else { "ROLLBACK TO trueup_row; RELEASE trueup_row" };
    match client.batch_execute(end) {
        Ok(()) => answer,
        Err(error) => answer.and(Err(error.into())),
    }
}

impl Draft<'_> {
    fn statement(&self) -> String {
        let mut names = Vec::new();
        let mut values = Vec::new();
        let mut overriding = "";
        for (column, choices, at) in &self.columns {
            let value = match choices.get(*at) {
                None | Some(Choice::LeftOut) => continue,
                Some(Choice::Null) => "NULL",
                Some(Choice::Sql(sql)) => sql,
            };
            if column.generated == Generated::IdentityAlways {
                overriding = " OVERRIDING SYSTEM VALUE";
            }
            names.push(trueup_catalog::quote_ident(&column.name));
            values.push(value.to_owned());
        }
        let table = self.table.sql_name();
        match names.is_empty() {
            true => format!("INSERT INTO {table} DEFAULT VALUES"),
            false => {
                format!(
                    "INSERT INTO {table} ({}){overriding} VALUES ({})",
                    names.join(", "),
                    values.join(", ")
                )
            }
        }
    }

    /// That a column has the value that it would get; nothing where it would get none.
    fn condition(&self, name: &str) -> Option<String> {
        let (column, choices, at) = self.columns.iter().find(|(column, _, _)| column.name == name)?;
        match choices.get(*at) {
            Some(Choice::Sql(sql)) => {
                Some(format!("{} = ({sql})", trueup_catalog::quote_ident(&column.name)))
            }
            _ => None,
        }
    }

    /// Takes other values for what the error is about; `false` where it does not tell, or all were tried.
    fn change(&mut self, error: &SqlError) -> bool {
        let about = self.columns_of(error);
        if about.is_empty() {
            return false;
        }
        let key = format!("{} {}", error.sqlstate, error.constraint.as_deref().unwrap_or(&about.join(",")));
        let times = self.refused.entry(key).or_insert(0);
        *times += 1;
        let mut rest = *times;
        for (column, choices, at) in &mut self.columns {
            if about.contains(&column.name) && !choices.is_empty() {
                *at = rest % choices.len();
                rest /= choices.len();
            }
        }
        // What is left over says that all combinations were tried.
        rest == 0
    }

    fn columns_of(&self, error: &SqlError) -> Vec<String> {
        let named = error.constraint.as_ref().and_then(|name| {
            let constraint = self.table.constraints.iter().find(|constraint| constraint.name == *name);
            let index = || {
                self.table.indexes.iter().find(|index| index.name == *name).map(|index| index.columns.clone())
            };
            constraint.map(|constraint| constraint.columns.clone()).or_else(index)
        });
        match (error.sqlstate.as_str(), named, &error.column) {
            ("23514" | "23505" | "23P01", Some(columns), _) => columns,
            // The name of a partition's constraint is its own; one that no partition takes has none.
            ("23514" | "23505" | "23P01", None, _) => self.by_type_or_bound(error),
            ("23502", _, Some(column)) => vec![column.clone()],
            // Values of a wrong form: which one is not told, so each that has others is changed in turn.
            (state, _, _) if state.starts_with("22") || state == "42804" || state == "23502" => {
                self.next_uncertain(error)
            }
            _ => Vec::new(),
        }
    }

    fn by_type_or_bound(&self, error: &SqlError) -> Vec<String> {
        let key = self.table.partition_key.as_deref().unwrap_or("");
        let of_key = |column: &Column| key.contains(&column.name);
        // The condition of a domain has a name, but not the column's; the server writes own types with their schema.
        let of_domain = |column: &Column| column.type_name.contains('.');
        let all =
            || self.columns.iter().filter(|(_, choices, _)| choices.len() > 1).map(|(column, _, _)| *column);
        match error.constraint {
            None => all().filter(|column| of_key(column)).map(|column| column.name.clone()).collect(),
            Some(_) => all().filter(|column| of_domain(column)).map(|column| column.name.clone()).collect(),
        }
    }

    fn next_uncertain(&self, error: &SqlError) -> Vec<String> {
        let free: Vec<&Column> = self
            .columns
            .iter()
            .filter(|(_, choices, _)| choices.len() > 1)
            .map(|(column, _, _)| *column)
            .collect();
        let quoted = error.message.split('"').nth(1);
        let current = |column: &&&Column| {
            self.columns.iter().any(|(other, choices, at)| {
                let value = choices.get(*at);
                other.name == column.name
                    && matches!(value, Some(Choice::Sql(sql)) if quoted.is_some_and(|quoted| !quoted.is_empty() && sql.contains(quoted)))
            })
        };
        let guilty: Vec<String> = free.iter().filter(current).map(|column| column.name.clone()).collect();
        if !guilty.is_empty() {
            return guilty;
        }
        free.iter().map(|column| column.name.clone()).collect()
    }
}
