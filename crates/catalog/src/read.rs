//! The catalog of a database, read from the system's tables.

mod parts;
mod relations;
mod rows;

use crate::data::Catalog;
use postgres::{Client, Error};
use rows::Rows;
use trueup_postgres::SqlError;

impl Catalog {
    /// Reads the catalog, also in the middle of a transaction. It is one state only where nobody else changes the
    /// database meanwhile.
    ///
    /// The server writes names without their schema where its search path finds them; so the path is emptied for the
    /// time of reading.
    pub fn read(client: &mut Client) -> Result<Catalog, SqlError> {
        let path: String = client.query_one("SELECT current_setting('search_path')", &[])?.try_get(0)?;
        set_path(client, "pg_catalog")?;
        let catalog = read(client);
        set_path(client, &path)?;
        Ok(catalog?)
    }
}

fn set_path(client: &mut Client, path: &str) -> Result<(), Error> {
    client.execute("SELECT pg_catalog.set_config('search_path', $1, false)", &[&path]).map(|_| ())
}

fn read(client: &mut Client) -> Result<Catalog, Error> {
    let mut rows = Rows { client };
    Ok(Catalog {
        owner: parts::owner(&mut rows)?,
        roles: parts::roles(&mut rows)?,
        schemas: parts::schemas(&mut rows)?,
        extensions: parts::extensions(&mut rows)?,
        types: parts::types(&mut rows)?,
        relations: relations::relations(&mut rows)?,
        functions: parts::functions(&mut rows)?,
        others: parts::others(&mut rows)?,
    })
}
