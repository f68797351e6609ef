//! The properties of [`trueup_testkit::properties`] about SQL, on texts made of its pieces in any order.

use proptest::prelude::*;
use proptest::sample::select;
use trueup_testkit::properties::{chain_holds, lint_holds, queries_hold, script_holds};

/// Pieces of migrations; most are broken off somewhere on purpose.
const SQL: &[&str] = &[
    "CREATE TABLE ",
    "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, tenant_id uuid NOT NULL)",
    "CREATE TABLE copy AS SELECT * FROM orders",
    "CREATE UNIQUE INDEX CONCURRENTLY i ON orders (tenant_id)",
    "DROP INDEX i",
    "ALTER INDEX i2 RENAME TO i",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN PERFORM 1; RETURN 2; END $body$",
    "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; ",
    "CREATE POLICY p ON orders USING (tenant_id = current_setting('app.tenant')::uuid)",
    "ALTER TABLE orders ADD COLUMN note text DEFAULT ''",
    "ALTER TABLE orders ",
    "ALTER COLUMN note SET NOT NULL",
    "ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
    "VALIDATE CONSTRAINT c",
    "DROP TABLE ",
    "DROP VIEW IF EXISTS v CASCADE",
    "UPDATE orders SET note = 'x' WHERE tenant_id = $1",
    "INSERT INTO orders VALUES (1, 2)",
    "DELETE FROM shop.items",
    "SELECT * FROM orders o JOIN t ON t.a = o.tenant_id WHERE o.tenant_id = 7 OR true",
    "WITH x AS (SELECT * FROM orders) ",
    "MERGE INTO orders USING t ON orders.tenant_id = t.a WHEN NOT MATCHED THEN INSERT VALUES (1, 2)",
    "COPY orders FROM stdin;\n1\t2\n\\.\n",
    "COPY orders FROM stdin",
    "COPY (SELECT * FROM orders) TO stdout",
    "DO $$ BEGIN EXECUTE 'DROP TABLE a; DROP TABLE b'; END $$",
    "BEGIN",
    "COMMIT",
    "END",
    "SET app.tenant = '7'",
    "AUTO_INCREMENT ENGINE=InnoDB",
    "`orders`",
    "\\copy a from b\n",
    "\\i other.sql\n",
    "\\",
    "-- note\n",
    "-- +goose Up\n",
    "-- +goose StatementBegin\n",
    "-- migrate:down\n",
    "-- no-transaction\n",
    "/* a /* b */",
    "*/",
    "$$",
    "$a$",
    "$1",
    "'",
    "''",
    "E'\\'",
    "U&\"d\\0061\"",
    "\"",
    "(",
    ")",
    "CASE WHEN ",
    " END",
    " AND ",
    " OR ",
    " NOT ",
    ",",
    ";",
    ";\n",
    ";;",
    "\n",
    "\r\n",
    "\t",
    " ",
    "é",
    "\u{feff}",
    "\u{0}",
    "1e9",
    "::int",
    "::",
];

/// Names of files, and where one file ends and the next begins.
const FILES: &[&str] = &[
    "\n----\n",
    "\n----\nV001__a.sql\n",
    "\n----\nV002__b.sql\n",
    "\n----\nR__views.sql\n",
    "\n----\n20240101120000_a.up.sql\n",
    "\n----\n20240101120000_a.down.sql\n",
    "\n----\n2024-01-01-000000_a/up.sql\n",
    "\n----\n2024-01-01-000000_a/metadata.toml\nrun_in_transaction = false\n",
    "\n----\n20240101120000_a/migration.sql\n",
    "\n----\ndb/structure.sql\n",
    "\n----\n1.sql\n",
];

/// Pieces of a server's log.
const LOG: &[&str] = &[
    "2024-01-01 12:00:00.000 UTC [7] LOG:  statement: ",
    "2024-01-01 12:00:00.000 UTC [7] LOG:  execute <unnamed>: ",
    "2024-01-01 12:00:00.000 UTC [7] DETAIL:  parameters: $1 = '7', $2 = NULL\n",
    "2024-01-01 12:00:00 UTC,\"a\",\"b\",7,\"[local]\",5,1,\"SELECT\",",
    "LOG:  duration: 1.2 ms  plan:\n\tQuery Text: ",
    "{\"message\":\"statement: SELECT * FROM orders\",\"error_severity\":\"LOG\"}\n",
    "{\"message\":\"",
    "\"}\n",
    "userid,dbid,queryid,query,calls\n",
    "10,5,7,\"SELECT * FROM orders\",18446744073709551615\n",
    "\n\t",
];

fn pieces(of: &'static [&'static [&'static str]]) -> impl Strategy<Value = String> {
    let all: Vec<&'static str> = of.iter().flat_map(|some| some.iter().copied()).collect();
    let part = prop_oneof![
        6 => select(all.clone()).prop_map(str::to_owned),
        1 => (select(all), 0usize..40).prop_map(|(part, n)| part.chars().take(n).collect()),
    ];
    proptest::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_script(text in pieces(&[SQL])) {
        script_holds(&text);
    }

    #[test]
    fn any_texts_are_a_folder_of_migrations(pick in any::<u8>(), text in pieces(&[SQL, FILES])) {
        chain_holds(pick, &format!("V001__a.sql\n{text}"));
    }

    #[test]
    fn any_text_is_held_to_rules(text in pieces(&[SQL])) {
        lint_holds(&text);
    }

    #[test]
    fn any_text_is_a_log(text in pieces(&[SQL, LOG])) {
        queries_hold(&text);
    }
}
