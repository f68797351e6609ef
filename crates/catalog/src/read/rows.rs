//! Questions to the system's tables.

use crate::data::Grant;
use postgres::types::FromSql;
use postgres::{Client, Error, Row, Statement};
use std::collections::BTreeMap;

/// Schemas of the system, as a condition on the schema's name `n.nspname`.
pub(super) const OURS: &str = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

/// A connection that is asked, and what it has been asked before.
pub(super) struct Rows<'c> {
    pub client: &'c mut Client,
    pub prepared: &'c mut BTreeMap<String, Statement>,
}

impl Rows<'_> {
    pub fn ask(&mut self, sql: &str) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        self.client.query(&statement, &[])
    }

    pub fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// A condition that leaves out what an extension brought.
pub(super) fn not_of_extension(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{class}'::regclass AND d.objid = {oid} AND d.deptype = 'e')"
    )
}

/// A column that lists rights as texts `grantee|privilege|grantable`; without an entry the system's defaults hold.
pub(super) fn grants_of(acl: &str, kind: &str, owner: &str) -> String {
    format!(
        "ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END \
           || E'\\x1f' || a.privilege_type || E'\\x1f' || a.is_grantable \
         FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) a ORDER BY 1)"
    )
}

/// Rights as [`grants_of`] lists them.
pub(super) fn grants(texts: Vec<String>, column: Option<&str>) -> Vec<Grant> {
    let one = |text: String| {
        let mut parts = text.split('\x1f').map(str::to_owned);
        Some(Grant {
            grantee: parts.next()?,
            privilege: parts.next()?,
            column: column.map(str::to_owned),
            grantable: parts.next()? == "true",
        })
    };
    texts.into_iter().filter_map(one).collect()
}

/// A column of a row.
pub(super) fn get<'r, T: FromSql<'r>>(row: &'r Row, at: usize) -> Result<T, Error> {
    row.try_get(at)
}
