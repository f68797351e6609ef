//! What tables hold, in one number each.

use crate::data::{Catalog, RelationKind};
use postgres::Client;
use std::collections::BTreeMap;
use trueup_postgres::SqlError;

/// What a table or a sequence holds. Equal rows in another order give an equal digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataDigest {
    /// How many rows.
    pub rows: i64,
    /// The sum of half the MD5 of each row's text; of a sequence its last value. Not meant against forgery.
    pub digest: String,
}

/// Digests of all tables, materialized views and sequences, by schema and name. Partitions have their own, tables that are
/// divided have none.
pub fn data_digests(
    client: &mut Client,
    catalog: &Catalog,
) -> Result<BTreeMap<(String, String), DataDigest>, SqlError> {
    let mut questions = Vec::new();
    let mut names = Vec::new();
    for relation in &catalog.relations {
        let name = relation.sql_name();
        let question = match relation.kind {
            RelationKind::Table | RelationKind::MaterializedView => {
                format!("count(*), coalesce(sum({HALF}), 0)::text FROM ONLY {name} AS t")
            }
            RelationKind::Sequence => format!("0::bigint, last_value || ' ' || is_called FROM {name}"),
            _ => continue,
        };
        questions.push(format!("SELECT {}, {question}", names.len()));
        names.push((relation.schema.clone(), relation.name.clone()));
    }
    let mut digests = BTreeMap::new();
    // One question for many tables, but not for all: the planner takes its time over thousands of parts.
    for some in questions.chunks(200) {
        for row in client.query(&some.join(" UNION ALL "), &[])? {
            let at: i32 = row.try_get(0)?;
            let digest = DataDigest { rows: row.try_get(1)?, digest: row.try_get(2)? };
            if let Some(name) = usize::try_from(at).ok().and_then(|at| names.get(at)) {
                digests.insert(name.clone(), digest);
            }
        }
    }
    Ok(digests)
}

/// The first half of a row's MD5 as a number. Named in full: a migration may have changed the search path.
const HALF: &str = "('x' || pg_catalog.substr(pg_catalog.md5(t::text), 1, 16))::bit(64)::bigint::numeric";
