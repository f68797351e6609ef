//! Roles belong to the server, not to a database: what a run made or changed has to be taken back.

use crate::halt::Halt;
use crate::options::Options;
use std::collections::BTreeSet;
use trueup_catalog::quote_ident;
use trueup_postgres::{RoleFact, Server};
use trueup_sql::ChainFile;

/// The roles of a server at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles {
    pub names: BTreeSet<String>,
    /// Their attributes, settings, comments and memberships.
    facts: BTreeSet<RoleFact>,
}

impl Roles {
    pub(crate) fn read(server: &Server) -> Result<Roles, Halt> {
        let facts = server.role_facts()?;
        let there = facts.iter().filter(|fact| fact.is_there());
        Ok(Roles { names: there.map(|fact| fact.role.clone()).collect(), facts })
    }

    /// Those of them that are other than they were, or gone.
    pub(crate) fn changed<'r>(&'r self, now: &'r Roles) -> BTreeSet<&'r str> {
        let other = self.facts.symmetric_difference(&now.facts).map(|fact| fact.role.as_str());
        other.filter(|role| self.names.contains(*role)).collect()
    }
}

/// Drops the roles that are new and that `text` names: another one may have been made by somebody else meanwhile. On a
/// private server the others become what they were; on a given one nothing is tried that changes them.
/// What a role still owns in a database keeps it; the caller drops databases first.
pub(crate) fn put_back(server: &Server, old: &Roles, text: &dyn Fn(&str) -> bool) -> Result<(), Halt> {
    let now = Roles::read(server)?;
    for role in now.names.difference(&old.names).filter(|role| text(role)) {
        // One that owns something in the database at hand stays for as long as that does.
        let _ = server.run(&format!("DROP ROLE {}", quote_ident(role)));
    }
    if !server.is_private() {
        return Ok(());
    }
    let gained = now.facts.difference(&old.facts).filter(|fact| old.names.contains(&fact.role));
    let gained = gained.map(|fact| fact.unmake.as_str()).filter(|unmake| !unmake.is_empty());
    for sql in gained.chain(old.facts.difference(&now.facts).map(|fact| fact.make.as_str())) {
        // What went with a new role cannot be taken away once more.
        let _ = server.run(sql);
    }
    Ok(())
}

/// Takes away databases and roles that the chain or its stubs made on the server.
pub(crate) fn tidy(
    server: &Server,
    roles: &Roles,
    databases: &[String],
    chain: &[ChainFile],
    options: &Options,
) -> Result<(), Halt> {
    for database in databases {
        server.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote_ident(database)))?;
    }
    let named =
        |role: &str| chain.iter().any(|file| file.text.contains(role)) || options.stubs.contains(role);
    put_back(server, roles, &named)
}
