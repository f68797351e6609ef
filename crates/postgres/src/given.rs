//! A server that somebody else runs: only databases that were made here are touched.

use crate::address;
use crate::error::{ServerError, SqlError};
use std::cell::RefCell;
use std::hash::{BuildHasher, Hasher};

/// How scratch databases are called; eight hexadecimal digits follow.
pub(crate) const PREFIX: &str = "trueup_scratch_";

/// The first half of the advisory locks that say that a scratch database is in use: the letters "true".
const LOCK_CLASS: i32 = 0x7472_7565;

/// The server, and the connection over which databases are made and dropped.
pub(crate) struct Given {
    config: postgres::Config,
    keeper: RefCell<postgres::Client>,
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("to", &shown(&self.config)).finish_non_exhaustive()
    }
}

/// A connection to the database of an address, to read it. Nothing is made there.
pub fn connect_to(url: &str) -> Result<postgres::Client, ServerError> {
    let mut config = address::read(url)?;
    config.application_name("trueup");
    config
        .connect(postgres::NoTls)
        .map_err(|error| ServerError::Connect { to: shown(&config), why: error.into() })
}

impl Given {
    /// Connects, and drops what runs that were killed have left there.
    pub(crate) fn connect(url: &str) -> Result<Given, ServerError> {
        let config = address::read(url)?;
        let client = config
            .connect(postgres::NoTls)
            .map_err(|error| ServerError::Connect { to: shown(&config), why: error.into() })?;
        let given = Given { config, keeper: RefCell::new(client) };
        given
            .sweep()
            .map_err(|why| ServerError::Sql { what: "look for old scratch databases".into(), why })?;
        Ok(given)
    }

    /// How to reach a database of the server.
    pub(crate) fn config(&self, database: &str) -> postgres::Config {
        let mut config = self.config.clone();
        config.dbname(database).application_name("trueup");
        config
    }

    /// Runs a statement over the connection that was given.
    pub(crate) fn run(&self, sql: &str) -> Result<(), SqlError> {
        Ok(self.keeper.borrow_mut().batch_execute(sql)?)
    }

    /// Asks over the connection that was given.
    pub(crate) fn ask(&self, sql: &str) -> Result<Vec<postgres::Row>, SqlError> {
        Ok(self.keeper.borrow_mut().query(sql, &[])?)
    }

    /// A name for a scratch database that nobody has, locked for as long as this process runs.
    pub(crate) fn new_name(&self) -> Result<String, SqlError> {
        loop {
            let number = std::collections::hash_map::RandomState::new().build_hasher().finish() as u32;
            if self.lock(number)? {
                return Ok(format!("{PREFIX}{number:08x}"));
            }
        }
    }

    fn lock(&self, number: u32) -> Result<bool, SqlError> {
        let second = number as i32;
        // A lock is one of its database, and another run may hold it in another one.
        let free = "SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' \
                    AND classid::bigint = $1::int AND objid::bigint = $2::int::bigint & 4294967295 \
                    AND pid <> pg_catalog.pg_backend_pid()) \
                    THEN pg_catalog.pg_try_advisory_lock($1, $2) ELSE false END";
        let row = self.keeper.borrow_mut().query_one(free, &[&LOCK_CLASS, &second])?;
        Ok(row.get(0))
    }

    fn sweep(&self) -> Result<(), SqlError> {
        let wanted = format!("{PREFIX}%").replace('_', "\\_");
        let mine = "SELECT datname FROM pg_database WHERE datname LIKE $1 \
                    AND pg_has_role(current_user, datdba, 'USAGE')";
        let rows = self.keeper.borrow_mut().query(mine, &[&wanted])?;
        for row in rows {
            let name: String = row.get(0);
            let Some(number) = number_of(&name) else { continue };
            if self.lock(number)? {
                // One that cannot be dropped, a transaction prepared in it for instance, is no obstacle to a proof.
                let _ = self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
        Ok(())
    }
}

/// The number in the name of a scratch database.
fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_prefix(PREFIX)?;
    let plain = digits.len() == 8 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    plain.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Where a configuration leads, without the password.
fn shown(config: &postgres::Config) -> String {
    let host = match config.get_hosts().first() {
        Some(postgres::config::Host::Tcp(name)) => name.clone(),
        Some(postgres::config::Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().map(|port| format!(":{port}")).unwrap_or_default();
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    format!("{user}{host}{port}/{}", config.get_dbname().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_are_ours() {
        assert_eq!(number_of("trueup_scratch_0000002a"), Some(42));
        for name in
            ["trueup_scratch_", "trueup_scratch_2a", "trueup_scratch_0000002A", "trueup_scratch_0000002a_x"]
        {
            assert_eq!(number_of(name), None, "{name}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let config: postgres::Config = "postgresql://ann:secret@localhost:5433/shop".parse().unwrap();
        assert_eq!(shown(&config), "ann@localhost:5433/shop");
    }
}
