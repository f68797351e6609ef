//! Questions to the system's tables.

use crate::data::Grant;
use postgres::types::FromSql;
use postgres::{Client, Error, Row};

/// Schemas of the system, as a condition on the schema's name `n.nspname`.
pub(super) const OURS: &str = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

/// A connection that is asked.
pub(super) struct Rows<'c> {
    pub client: &'c mut Client,
}

impl Rows<'_> {
    pub fn ask(&mut self, sql: &str) -> Result<Vec<Row>, Error> {
        self.client.query(sql, &[])
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
        "ARRAY(SELECT coalesce(r.rolname::text, 'PUBLIC') || E'\\x1f' || a.privilege_type || E'\\x1f' || a.is_grantable \
         FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) a LEFT JOIN pg_roles r ON r.oid = a.grantee \
         ORDER BY 1)"
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
