//! Statements that can run in no transaction.

use crate::tokens::{Cursor, tokens};

/// Why a statement can run in no transaction (`PreventInTransactionBlock` in PostgreSQL's sources), if that is so.
pub fn runs_alone(statement: &str) -> Option<&'static str> {
    let tokens = tokens(statement);
    let mut cursor = Cursor { rest: &tokens };
    let start = cursor;
    let said = match () {
        () if cursor.take("CREATE INDEX CONCURRENTLY") || cursor.take("CREATE UNIQUE INDEX CONCURRENTLY") => {
            "CREATE INDEX CONCURRENTLY"
        }
        () if cursor.take("DROP INDEX CONCURRENTLY") => "DROP INDEX CONCURRENTLY",
        () if cursor.take("REINDEX") => return reindex(cursor),
        () if cursor.take("VACUUM") => "VACUUM",
        () if cursor.take("CREATE DATABASE") => "CREATE DATABASE",
        () if cursor.take("DROP DATABASE") => "DROP DATABASE",
        () if cursor.take("CREATE TABLESPACE") => "CREATE TABLESPACE",
        () if cursor.take("DROP TABLESPACE") => "DROP TABLESPACE",
        () if cursor.take("ALTER SYSTEM") => "ALTER SYSTEM",
        () if cursor.take("DISCARD ALL") => "DISCARD ALL",
        () if cursor.take("COMMIT PREPARED") => "COMMIT PREPARED",
        () if cursor.take("ROLLBACK PREPARED") => "ROLLBACK PREPARED",
        () if cursor.take("DROP SUBSCRIPTION") => "DROP SUBSCRIPTION",
        () if cursor.take("CREATE SUBSCRIPTION") && makes_slot(start) => "CREATE SUBSCRIPTION",
        () if cursor.take("ALTER DATABASE") && start.has("SET TABLESPACE") => {
            "ALTER DATABASE … SET TABLESPACE"
        }
        () if cursor.take("ALTER TABLE") && start.has("DETACH PARTITION") && start.has("CONCURRENTLY") => {
            "DETACH PARTITION CONCURRENTLY"
        }
        () if cursor.take("CLUSTER") && clusters_all(cursor) => "CLUSTER",
        () => return None,
    };
    Some(said)
}

fn reindex(mut cursor: Cursor<'_, '_>) -> Option<&'static str> {
    if cursor.rest.iter().any(|token| token.is("CONCURRENTLY")) {
        return Some("REINDEX CONCURRENTLY");
    }
    // `REINDEX (VERBOSE) SCHEMA s`
    let options =
        cursor.rest.iter().position(|token| token.depth == 0 && !token.is_sign("(") && !token.is_sign(")"));
    cursor.rest = cursor.rest.get(options?..)?;
    cursor.take_any(&["SCHEMA", "DATABASE", "SYSTEM"]).then_some("REINDEX of more than a table")
}

/// A subscription makes a slot on the other server, unless it is told not to.
fn makes_slot(cursor: Cursor<'_, '_>) -> bool {
    let without = |name: &str| {
        cursor.rest.windows(3).any(|three| {
            matches!(three, [option, equals, value] if option.is(name) && equals.is_sign("=") && value.is("false"))
        })
    };
    !without("create_slot") && !without("connect")
}

/// `CLUSTER` without a table goes through all tables of the database.
fn clusters_all(cursor: Cursor<'_, '_>) -> bool {
    cursor
        .rest
        .iter()
        .all(|token| token.depth > 0 || token.is("VERBOSE") || token.is_sign("(") || token.is_sign(")"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, wanted: Option<&str>) {
        assert_eq!(runs_alone(statement), wanted, "{statement}");
    }

    #[test]
    fn statements_that_can_run_in_no_transaction() {
        check("create unique index concurrently if not exists i on t (a)", Some("CREATE INDEX CONCURRENTLY"));
        check("CREATE INDEX concurrently_i ON t (a)", None);
        check("DROP INDEX CONCURRENTLY i", Some("DROP INDEX CONCURRENTLY"));
        check("REINDEX (VERBOSE) TABLE CONCURRENTLY t", Some("REINDEX CONCURRENTLY"));
        check("REINDEX (CONCURRENTLY) TABLE t", Some("REINDEX CONCURRENTLY"));
        check("REINDEX (VERBOSE) SCHEMA s", Some("REINDEX of more than a table"));
        check("REINDEX TABLE t", None);
        check("VACUUM (ANALYZE) t", Some("VACUUM"));
        check("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", Some("CREATE SUBSCRIPTION"));
        check("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)", None);
        check("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", Some("DETACH PARTITION CONCURRENTLY"));
        check("ALTER TABLE p DETACH PARTITION q", None);
        check("CLUSTER", Some("CLUSTER"));
        check("CLUSTER VERBOSE t USING i", None);
        check("REFRESH MATERIALIZED VIEW CONCURRENTLY v", None);
        check("ALTER TYPE mood ADD VALUE 'x'", None);
        check("", None);
    }
}
