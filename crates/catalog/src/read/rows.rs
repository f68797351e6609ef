//! Questions to the system's tables, all of a reading in one message.

use super::text::{FromText, wrong};
use crate::data::Grant;
use postgres::SimpleQueryRow;
use std::collections::BTreeMap;
use trueup_postgres::SqlError;

/// Schemas of the system, as a condition on the schema's name `n.nspname`.
pub(super) const OURS: &str = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

/// Answers to questions. A reading is gone through twice: once to learn what it asks, and once with the answers, for each
/// message to a server takes as long as it takes to answer most of them.
#[derive(Default)]
pub(super) struct Rows {
    /// What was asked, in order.
    pub asked: Vec<String>,
    /// What the server said, by the question.
    pub answers: BTreeMap<String, Vec<SimpleQueryRow>>,
}

impl Rows {
    /// What was answered; nothing, as long as the questions are only learned.
    pub fn ask(&mut self, sql: &str) -> Vec<SimpleQueryRow> {
        self.asked.push(sql.to_owned());
        self.answers.remove(sql).unwrap_or_default()
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
pub(super) fn get<T: FromText>(row: &SimpleQueryRow, at: usize) -> Result<T, SqlError> {
    let text = row.try_get(at).map_err(SqlError::from)?;
    T::from_text(text).ok_or_else(|| wrong(at, text))
}
