//! Many rows by one statement.

use crate::links::{Link, links};
use crate::maker::{Family, Made, Maker, NotMade, not_made};
use std::collections::BTreeSet;
use trueup_catalog::{Column, ConstraintKind, Generated, Relation, quote_ident};
use trueup_postgres::{Client, SimpleQueryMessage, SqlError};

impl Maker<'_> {
    /// Puts rows in a table, `wanted` of them where its keys allow it, and tells how many there are now.
    ///
    /// One row is made first; the others are like it except for what keys forbid to repeat. Where only the parents
    /// differ, the parents are filled before.
    pub fn fill(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        wanted: u64,
    ) -> Result<u64, Box<NotMade>> {
        self.fill_within(client, family, table, wanted, &mut Vec::new())
    }

    fn fill_within(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        wanted: u64,
        filling: &mut Vec<u32>,
    ) -> Result<u64, Box<NotMade>> {
        let first = self.row(client, family, table)?;
        filling.push(table.oid);
        let mut varied = Varied::default();
        for key in unique_keys(table) {
            if !key.iter().any(|column| varied.holds(column)) {
                self.vary_key(client, family, table, &key, wanted, filling, &mut varied);
            }
        }
        filling.pop();
        let start = self.number + 1;
        self.number += wanted;
        let have = count(client, table)?;
        // Which parents have a row already is told by the key alone: each is tried.
        let rows = if varied.links.is_empty() { wanted.saturating_sub(have) } else { wanted };
        let sql = statement(table, &first, &varied, start, rows);
        run(client, table, &sql)?;
        count(client, table)
    }

    /// Chooses the column of a key that differs from row to row.
    #[expect(clippy::too_many_arguments, reason = "one step of a recursion, with its state")]
    fn vary_key(
        &mut self,
        client: &mut Client,
        family: &mut Family,
        table: &Relation,
        key: &[String],
        wanted: u64,
        filling: &mut Vec<u32>,
        varied: &mut Varied,
    ) {
        let all = links(self.catalog(), table);
        let pointing = |name: &str| {
            all.iter().find(|link| link.constraint.is_some() && link.columns.iter().any(|own| own == name))
        };
        let columns = || key.iter().filter_map(|name| table.column(name));
        // The server counts these by itself.
        if columns().any(is_counted) {
            return;
        }
        let free =
            columns().find(|column| pointing(&column.name).is_none() && expression(column, "1").is_some());
        if let Some(column) = free {
            varied.columns.insert(column.name.clone());
            return;
        }
        let Some(link) = key.iter().find_map(|name| pointing(name)) else { return };
        let Some(parent) = self.catalog().relation(&link.parent.0, &link.parent.1) else { return };
        if !filling.contains(&parent.oid) && self.fill_within(client, family, parent, wanted, filling).is_ok()
        {
            varied.links.push(link.clone());
        }
    }
}

/// What differs from row to row.
#[derive(Default)]
struct Varied {
    columns: BTreeSet<String>,
    links: Vec<Link>,
}

impl Varied {
    fn holds(&self, column: &String) -> bool {
        self.columns.contains(column) || self.links.iter().any(|link| link.columns.contains(column))
    }
}

/// The columns of each unique index; the primary key is one of them.
fn unique_keys(table: &Relation) -> Vec<Vec<String>> {
    let of_index = table.indexes.iter().filter(|index| index.unique).map(|index| index.columns.clone());
    let keys = [ConstraintKind::Primary, ConstraintKind::Unique];
    let of_constraint = table.constraints.iter().filter(|constraint| keys.contains(&constraint.kind));
    let mut out: Vec<Vec<String>> =
        of_constraint.map(|constraint| constraint.columns.clone()).chain(of_index).collect();
    out.sort();
    out.dedup();
    out
}

fn is_counted(column: &Column) -> bool {
    let default = column.default.as_deref().unwrap_or("");
    column.generated != Generated::No
        || ["nextval(", "gen_random_uuid(", "uuid_generate_v", "uuidv"].iter().any(|f| default.contains(f))
}

/// A value that differs with a number.
fn expression(column: &Column, number: &str) -> Option<String> {
    let (base, length) = match column.type_name.split_once('(') {
        Some((base, rest)) => {
            (base, rest.split([',', ')']).next().and_then(|length| length.parse::<u32>().ok()))
        }
        None => (column.type_name.as_str(), None),
    };
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => {
            Some(number.to_owned())
        }
        "uuid" => Some(format!("md5('row ' || {number})::uuid")),
        "text" | "character varying" | "character" | "citext" => match length {
            Some(length) => Some(format!("right('r' || {number}, {length})")),
            None => Some(format!("'r' || {number}")),
        },
        "date" => Some(format!("(date '1900-01-01' + ({number} % 70000)::integer)")),
        _ if base.starts_with("timestamp") => {
            Some(format!("(timestamptz '1990-01-01' + {number} * interval '1 second')"))
        }
        _ => None,
    }
}

fn statement(table: &Relation, first: &Made, varied: &Varied, start: u64, rows: u64) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in &table.columns {
        let link = varied.links.iter().enumerate().find(|(_, link)| link.columns.contains(&column.name));
        let value = match (link, varied.columns.contains(&column.name)) {
            (Some((at, link)), _) => {
                let parent = link
                    .columns
                    .iter()
                    .position(|name| *name == column.name)
                    .and_then(|at| link.parent_columns.get(at));
                parent.map(|key| format!("p{at}.{}", quote_ident(key)))
            }
            (None, true) => expression(column, "n"),
            (None, false) if is_counted(column) => None,
            (None, false) => Some(first.literal(&column.name)),
        };
        if let Some(value) = value {
            names.push(quote_ident(&column.name));
            values.push(value);
        }
    }
    let from: String = varied.links.iter().enumerate().map(|(at, link)| joined(at, link, start)).collect();
    let end = start + rows;
    let table = table.sql_name();
    match names.is_empty() {
        // A table of which the server makes each value takes no list of columns that is empty.
        true => format!(
            "INSERT INTO {table} SELECT FROM generate_series({start}, {end} - 1) n ON CONFLICT DO NOTHING"
        ),
        false => format!(
            "INSERT INTO {table} ({}) SELECT {} FROM generate_series({start}::bigint, {end} - 1) n{from} ON CONFLICT DO NOTHING",
            names.join(", "),
            values.join(", ")
        ),
    }
}

/// The parent whose turn it is.
fn joined(at: usize, link: &Link, start: u64) -> String {
    let keys: Vec<String> = link.parent_columns.iter().map(|key| quote_ident(key)).collect();
    let parent = trueup_catalog::qualified(&link.parent.0, &link.parent.1);
    let keys = keys.join(", ");
    format!(
        " JOIN (SELECT {keys}, row_number() OVER (ORDER BY {keys}) AS turn FROM {parent}) p{at} ON p{at}.turn = n - {start} + 1"
    )
}

fn run(client: &mut Client, table: &Relation, sql: &str) -> Result<(), Box<NotMade>> {
    let failed = |error: SqlError| {
        let reason = error.to_string();
        not_made(table, sql, Some(error), &reason)
    };
    client.batch_execute("SAVEPOINT trueup_fill").map_err(|error| failed(error.into()))?;
    let done = client.batch_execute(sql).map_err(SqlError::from);
    let end =
        if done.is_ok() { "RELEASE trueup_fill" } else { "ROLLBACK TO trueup_fill; RELEASE trueup_fill" };
    client.batch_execute(end).map_err(|error| failed(error.into()))?;
    done.map_err(failed)
}

fn count(client: &mut Client, table: &Relation) -> Result<u64, Box<NotMade>> {
    let sql = format!("SELECT count(*) FROM {}", table.sql_name());
    let answer = client.simple_query(&sql).map_err(|error| {
        let error = SqlError::from(error);
        let reason = error.to_string();
        not_made(table, &sql, Some(error), &reason)
    })?;
    let number = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).and_then(|number| number.parse().ok()),
        _ => None,
    });
    Ok(number.unwrap_or(0))
}
