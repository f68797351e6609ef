//! Roles belong to the server, not to a database: what a run made has to be taken away again.

use crate::halt::Halt;
use crate::options::Options;
use crate::session::Session;
use std::collections::BTreeSet;
use trueup_catalog::quote_ident;
use trueup_postgres::{Database, Server};
use trueup_sql::ChainFile;

/// The roles of the server.
pub(crate) fn roles(session: &mut Session) -> Result<BTreeSet<String>, Halt> {
    let rows = session.client.query("SELECT rolname::text FROM pg_catalog.pg_roles", &[])?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Drops the roles that are new and that `text` names: another one may have been made by somebody else meanwhile.
/// What a role still owns in a database keeps it; the caller drops databases first.
pub(crate) fn drop_new(
    database: &Database<'_>,
    old: &BTreeSet<String>,
    text: &dyn Fn(&str) -> bool,
    timeout: u64,
) -> Result<(), Halt> {
    let mut session = Session::open(database, timeout)?;
    for role in roles(&mut session)?.difference(old).filter(|role| text(role)) {
        // One that owns something in the database at hand stays for as long as that does.
        let _ = session.sql(&format!("DROP ROLE {}", quote_ident(role)));
    }
    Ok(())
}

/// Takes away databases and roles that the chain or its stubs made on the server.
pub(crate) fn tidy(
    server: &Server,
    roles: &BTreeSet<String>,
    databases: &[String],
    chain: &[ChainFile],
    options: &Options,
) -> Result<(), Halt> {
    let scratch = server.create()?;
    let mut session = Session::open(&scratch, options.statement_timeout)?;
    for database in databases {
        session.sql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(database)))?;
    }
    drop(session);
    tidy_roles(&scratch, roles, chain, options)
}

/// Takes away roles that the chain or its stubs made.
pub(crate) fn tidy_roles(
    database: &Database<'_>,
    roles: &BTreeSet<String>,
    chain: &[ChainFile],
    options: &Options,
) -> Result<(), Halt> {
    let named =
        |role: &str| chain.iter().any(|file| file.text.contains(role)) || options.stubs.contains(role);
    drop_new(database, roles, &named, options.statement_timeout)
}
