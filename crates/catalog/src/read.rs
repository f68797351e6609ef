//! The catalog of a database, read from the system's tables.

mod parts;
mod relations;
mod rows;
mod text;

use crate::data::Catalog;
use crate::names::quote_literal;
use postgres::{Client, Row, SimpleQueryMessage, SimpleQueryRow, Statement};
use rows::{OURS, Rows, get, not_of_extension};
use std::collections::BTreeMap;
use trueup_postgres::SqlError;

impl Catalog {
    /// Reads the catalog once. A [`Reader`] does it often.
    pub fn read(client: &mut Client) -> Result<Catalog, SqlError> {
        // Behind a pooler a connection may be somebody else's later: nothing is prepared on it.
        let path = Reader::default().look(client)?;
        answered(client, &path, catalog, &mut |question| question.to_owned())
    }
}

/// A table with rows of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumns {
    /// The schema.
    pub schema: String,
    /// The name.
    pub name: String,
    /// The names of its columns, in order.
    pub columns: Vec<String>,
}

/// Asks one connection the same questions again and again: the server plans each but once, which takes longer than
/// to answer it.
#[derive(Default)]
pub struct Reader {
    /// What was prepared one by one, by its text.
    prepared: BTreeMap<String, Statement>,
    /// What was prepared by statements, in the order of their numbers.
    named: Vec<String>,
    /// How often all of them had to be prepared anew.
    round: u32,
    /// Whether nobody else has used the connection since it was looked at.
    sure: bool,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("prepared", &(self.prepared.len() + self.named.len())).finish()
    }
}

/// The search path, and what this connection has prepared, by the protocol and by [`Reader::read`].
const SETTING: &str = "SELECT pg_catalog.current_setting('search_path'), \
    pg_catalog.count(*) FILTER (WHERE NOT from_sql), pg_catalog.count(*) FILTER (WHERE from_sql AND name ~ \
    '^trueup_reader_') FROM pg_catalog.pg_prepared_statements";

/// How the statements are called that a reader prepares; a number follows.
pub const PREPARED: &str = "trueup_reader_";

impl Reader {
    /// Reads the catalog, also in the middle of a transaction. It is one state only where nobody else changes the
    /// database meanwhile.
    ///
    /// The server writes names without their schema where its search path finds them; so the path is emptied for the
    /// time of reading.
    pub fn read(&mut self, client: &mut Client) -> Result<Catalog, SqlError> {
        self.at_the_system(client, catalog)
    }

    /// The tables that hold rows of their own, partitioned ones and those of extensions left out.
    pub fn tables(&mut self, client: &mut Client) -> Result<Vec<TableColumns>, SqlError> {
        self.at_the_system(client, tables)
    }

    /// Says that statements of others are run over the connection: they may take away what was prepared.
    pub fn doubt(&mut self) {
        self.sure = false;
    }

    /// Asks a question that names everything with its schema.
    pub fn ask(&mut self, client: &mut Client, sql: &str) -> Result<Vec<Row>, SqlError> {
        if !self.sure {
            self.look(client)?;
        }
        if !self.prepared.contains_key(sql) {
            self.prepared.insert(sql.to_owned(), client.prepare(sql)?);
        }
        match self.prepared.get(sql) {
            Some(statement) => Ok(client.query(statement, &[])?),
            None => Ok(client.query(sql, &[])?),
        }
    }

    fn at_the_system<T>(
        &mut self,
        client: &mut Client,
        read: fn(&mut Rows) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let path = self.look(client)?;
        let mut execute = |question: &str| match self.named.iter().position(|named| named == question) {
            Some(number) => format!("EXECUTE {PREPARED}{}_{number}", self.round),
            None => {
                self.named.push(question.to_owned());
                let name = format!("{PREPARED}{}_{}", self.round, self.named.len() - 1);
                format!("PREPARE {name} AS {question}; EXECUTE {name}")
            }
        };
        answered(client, &path, read, &mut execute)
    }

    /// Asks for the search path, and forgets what was prepared where somebody has taken it away: `DEALLOCATE ALL` does.
    fn look(&mut self, client: &mut Client) -> Result<String, SqlError> {
        let answer = client.simple_query(SETTING)?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((row.get(0)?, row.get(1)?, row.get(2)?)),
            _ => None,
        });
        let (path, by_protocol, named) = row.unwrap_or(("", "0", "0"));
        if by_protocol.parse().unwrap_or(0) < self.prepared.len() {
            self.prepared.clear();
        }
        // Some of the names may still be taken; so there are others from now on.
        if named.parse().unwrap_or(0) < self.named.len() {
            self.named.clear();
            self.round += 1;
        }
        self.sure = true;
        Ok(path.to_owned())
    }
}

/// Asks all questions of a reading in one message, with the search path set to the system's for as long. `statement` makes
/// the statement of a question.
fn answered<T>(
    client: &mut Client,
    path: &str,
    read: fn(&mut Rows) -> Result<T, SqlError>,
    statement: &mut dyn FnMut(&str) -> String,
) -> Result<T, SqlError> {
    let mut rows = Rows::default();
    read(&mut rows)?;
    let asked = std::mem::take(&mut rows.asked);
    let set = |path: &str| {
        let path = quote_literal(path);
        format!("SELECT pg_catalog.set_config('search_path', {path}, false)")
    };
    let statements: Vec<String> = asked.iter().map(|question| statement(question)).collect();
    let message = format!("{}; {}; {}", set("pg_catalog"), statements.join("; "), set(path));
    let mut sets: Vec<Vec<SimpleQueryRow>> = Vec::new();
    for message in client.simple_query(&message)? {
        match message {
            SimpleQueryMessage::RowDescription(_) => sets.push(Vec::new()),
            SimpleQueryMessage::Row(row) => {
                if let Some(set) = sets.last_mut() {
                    set.push(row);
                }
            }
            _ => {}
        }
    }
    // The first answer is of the path.
    rows.answers = asked.into_iter().zip(sets.into_iter().skip(1)).collect();
    read(&mut rows)
}

fn catalog(rows: &mut Rows) -> Result<Catalog, SqlError> {
    Ok(Catalog {
        owner: parts::owner(rows)?,
        roles: parts::roles(rows)?,
        settings: parts::settings(rows)?,
        schemas: parts::schemas(rows)?,
        extensions: parts::extensions(rows)?,
        types: parts::types(rows)?,
        relations: relations::relations(rows)?,
        functions: parts::functions(rows)?,
        others: parts::others(rows)?,
    })
}

fn tables(rows: &mut Rows) -> Result<Vec<TableColumns>, SqlError> {
    let ours = not_of_extension("pg_class", "c.oid");
    let found = rows.ask(&format!(
        "SELECT n.nspname::text, c.relname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a \
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {OURS} AND {ours} AND c.relkind = 'r' ORDER BY c.oid"
    ));
    let one = |row: &SimpleQueryRow| {
        Ok(TableColumns { schema: get(row, 0)?, name: get(row, 1)?, columns: get(row, 2)? })
    };
    found.iter().map(one).collect()
}
