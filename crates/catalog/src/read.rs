//! The catalog of a database, read from the system's tables.

mod parts;
mod relations;
mod rows;

use crate::data::Catalog;
use postgres::{Client, Error, Row, SimpleQueryMessage, Statement};
use rows::{OURS, Rows, get, not_of_extension};
use std::collections::BTreeMap;
use trueup_postgres::SqlError;

impl Catalog {
    /// Reads the catalog once. A [`Reader`] does it often.
    pub fn read(client: &mut Client) -> Result<Catalog, SqlError> {
        Reader::default().read(client)
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
    /// What was prepared, by its text.
    prepared: BTreeMap<String, Statement>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("prepared", &self.prepared.len()).finish()
    }
}

/// The search path, and how many statements this connection has prepared by the protocol.
const SETTING: &str = "SELECT pg_catalog.current_setting('search_path'), \
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statements WHERE NOT from_sql)";

const SET_PATH: &str = "SELECT pg_catalog.set_config('search_path', $1, false)";

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

    /// Asks a question that names everything with its schema.
    pub fn ask(&mut self, client: &mut Client, sql: &str) -> Result<Vec<Row>, SqlError> {
        self.look(client, "")?;
        Ok(Rows { client, prepared: &mut self.prepared }.ask(sql)?)
    }

    fn at_the_system<T>(
        &mut self,
        client: &mut Client,
        read: fn(&mut Rows<'_>) -> Result<T, Error>,
    ) -> Result<T, SqlError> {
        let path = self.look(client, "; SELECT pg_catalog.set_config('search_path', 'pg_catalog', false)")?;
        let found = read(&mut Rows { client, prepared: &mut self.prepared });
        let found = found?;
        let back = Rows { client, prepared: &mut self.prepared }.statement(SET_PATH)?;
        client.execute(&back, &[&path])?;
        Ok(found)
    }

    /// Asks for the search path, and forgets what was prepared where somebody has taken it away: `DEALLOCATE ALL` does.
    fn look(&mut self, client: &mut Client, more: &str) -> Result<String, SqlError> {
        let answer = client.simple_query(&format!("{SETTING}{more}"))?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((row.get(0)?, row.get(1)?)),
            _ => None,
        });
        let (path, there) = row.unwrap_or(("", "0"));
        if there.parse().unwrap_or(0) < self.prepared.len() {
            self.prepared.clear();
        }
        Ok(path.to_owned())
    }
}

fn catalog(rows: &mut Rows<'_>) -> Result<Catalog, Error> {
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

fn tables(rows: &mut Rows<'_>) -> Result<Vec<TableColumns>, Error> {
    let ours = not_of_extension("pg_class", "c.oid");
    let found = rows.ask(&format!(
        "SELECT n.nspname::text, c.relname::text, ARRAY(SELECT a.attname::text FROM pg_attribute a \
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {OURS} AND {ours} AND c.relkind = 'r' ORDER BY c.oid"
    ))?;
    let one =
        |row: &Row| Ok(TableColumns { schema: get(row, 0)?, name: get(row, 1)?, columns: get(row, 2)? });
    found.iter().map(one).collect()
}
