//! Roles belong to the server, not to a database: what a run made has to be taken away again.

use crate::halt::Halt;
use crate::options::Options;
use std::collections::BTreeSet;
use trueup_catalog::quote_ident;
use trueup_postgres::Server;
use trueup_sql::ChainFile;

/// Drops the roles that are new and that `text` names: another one may have been made by somebody else meanwhile.
/// What a role still owns in a database keeps it; the caller drops databases first.
pub(crate) fn drop_new(
    server: &Server,
    old: &BTreeSet<String>,
    text: &dyn Fn(&str) -> bool,
) -> Result<(), Halt> {
    for role in server.roles()?.difference(old).filter(|role| text(role)) {
        // One that owns something in the database at hand stays for as long as that does.
        let _ = server.run(&format!("DROP ROLE {}", quote_ident(role)));
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
    for database in databases {
        server.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(database)))?;
    }
    let named =
        |role: &str| chain.iter().any(|file| file.text.contains(role)) || options.stubs.contains(role);
    drop_new(server, roles, &named)
}
