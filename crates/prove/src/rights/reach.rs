//! Whose rights a role has.

use super::PUBLIC;
use std::collections::BTreeSet;
use trueup_catalog::{Catalog, Grant};

/// A role, and the names whose rights it has: its own, of roles that it is a member of, of everybody.
pub(super) struct Reach<'c> {
    pub role: &'c str,
    pub before: BTreeSet<&'c str>,
    pub behind: BTreeSet<&'c str>,
}

impl Reach<'_> {
    /// Somebody who has no rights but those of everybody.
    pub fn of_everybody() -> Reach<'static> {
        let only = BTreeSet::from([PUBLIC]);
        Reach { role: PUBLIC, before: only.clone(), behind: only }
    }
}

/// The names whose rights a role has. One that does not inherit has its own only, until it asks for more.
pub(super) fn inherited<'c>(catalog: &'c Catalog, role: &'c str) -> BTreeSet<&'c str> {
    let mut all = BTreeSet::from([PUBLIC, role]);
    let mut open = vec![role];
    while let Some(name) = open.pop() {
        let Some(found) = catalog.role(name).filter(|found| found.inherits) else { continue };
        open.extend(found.member_of.iter().map(String::as_str).filter(|next| all.insert(*next)));
    }
    if all.contains(catalog.owner.as_str()) {
        all.insert("pg_database_owner");
    }
    all
}

/// Whether somebody with these names has a right, on a column where one is named.
pub(super) fn holds(names: &BTreeSet<&str>, grants: &[Grant], right: &str, column: Option<&str>) -> bool {
    let everything = match right {
        "SELECT" => names.contains("pg_read_all_data"),
        "INSERT" | "UPDATE" | "DELETE" => names.contains("pg_write_all_data"),
        _ => false,
    };
    let given = |grant: &Grant| {
        let there = grant.column.is_none() || grant.column.as_deref() == column;
        there && grant.privilege == right && names.contains(grant.grantee.as_str())
    };
    everything || grants.iter().any(given)
}
