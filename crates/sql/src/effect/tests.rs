use super::*;

fn told(statement: &str) -> Vec<String> {
    let one = |effect: Effect| {
        let table = effect.table.map(|table| format!(" of {table}")).unwrap_or_default();
        format!("{}: {} {} {}{table}", effect.phase.name(), effect.what, effect.kind, effect.name)
    };
    effects(statement).into_iter().map(one).collect()
}

#[track_caller]
fn check(statement: &str, wanted: &[&str]) {
    assert_eq!(told(statement), wanted, "{statement}");
}

#[test]
fn what_is_made_expands() {
    check("CREATE TABLE IF NOT EXISTS shop.\"Item\" (id int)", &["expand: CREATE table shop.Item"]);
    check("create unlogged table t (id int)", &["expand: CREATE table t"]);
    check("CREATE OR REPLACE VIEW v AS SELECT 1", &["expand: CREATE view v"]);
    check("CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1", &["expand: CREATE materialized view v"]);
    check(
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY shop.item (a)",
        &["expand: CREATE index i of shop.item"],
    );
    check("CREATE INDEX ON item (a)", &["expand: CREATE index  of item"]);
    check("CREATE UNIQUE INDEX i ON item (a)", &["contract: CREATE UNIQUE INDEX index i of item"]);
    check("CREATE POLICY p ON item USING (true)", &["expand: CREATE policy p of item"]);
    check(
        "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON item EXECUTE FUNCTION f()",
        &["expand: CREATE trigger g of item"],
    );
    check(
        "CREATE FUNCTION shop.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        &["expand: CREATE function shop.f"],
    );
    check("CREATE TYPE mood AS ENUM ('a')", &["expand: CREATE type mood"]);
    check("GRANT SELECT ON item TO app", &["expand: GRANT privilege  of item"]);
}

#[test]
fn actions_of_a_table_are_told_one_by_one() {
    check(
        "ALTER TABLE item ADD COLUMN a int, DROP COLUMN IF EXISTS b, ALTER c SET NOT NULL",
        &[
            "expand: ADD COLUMN column a of item",
            "contract: DROP COLUMN column b of item",
            "contract: SET NOT NULL column c of item",
        ],
    );
    check(
        "ALTER TABLE ONLY item ADD a numeric(12, 2) DEFAULT 0 NOT NULL",
        &["expand: ADD COLUMN column a of item"],
    );
    check(
        "ALTER TABLE item ADD COLUMN IF NOT EXISTS a uuid NOT NULL",
        &["contract: ADD COLUMN … NOT NULL without a default column a of item"],
    );
    check("ALTER TABLE item ADD COLUMN n bigserial NOT NULL", &["expand: ADD COLUMN column n of item"]);
    check(
        "ALTER TABLE item ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES t (a, b)",
        &["contract: ADD CONSTRAINT constraint k of item"],
    );
    check(
        "ALTER TABLE item ADD CHECK (a > 0) NOT VALID",
        &["expand: ADD CONSTRAINT … NOT VALID constraint  of item"],
    );
    check("ALTER TABLE item VALIDATE CONSTRAINT k", &["migrate: VALIDATE CONSTRAINT constraint k of item"]);
    check("ALTER TABLE item RENAME COLUMN a TO b", &["contract: RENAME COLUMN column a of item"]);
    check("ALTER TABLE item RENAME TO goods", &["contract: RENAME TABLE table goods of item"]);
    check(
        "ALTER TABLE item ALTER COLUMN a TYPE text USING a::text",
        &["contract: ALTER COLUMN … TYPE column a of item"],
    );
    check(
        "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
        &["contract: ENABLE ROW LEVEL SECURITY row security  of item"],
    );
}

#[test]
fn data_migrates() {
    check("INSERT INTO shop.item (a) VALUES (1)", &["migrate: INSERT row  of shop.item"]);
    check("UPDATE ONLY item SET a = 1", &["migrate: UPDATE row  of item"]);
    check("delete from item where a = 1", &["migrate: DELETE row  of item"]);
    check("WITH x AS (DELETE FROM item RETURNING a) SELECT * FROM x", &["migrate: WITH … data row "]);
    check("WITH x AS (SELECT 1) SELECT * FROM x", &[]);
    check("DO $$ BEGIN UPDATE item SET a = 1; END $$", &["migrate: UPDATE row  of item"]);
    check("COPY item FROM STDIN", &["migrate: COPY row  of item"]);
    check("COPY item TO STDOUT", &[]);
}

#[test]
fn what_is_taken_away_contracts() {
    check(
        "DROP TABLE IF EXISTS a, shop.b CASCADE",
        &["contract: DROP table a", "contract: DROP table shop.b"],
    );
    check("DROP INDEX CONCURRENTLY IF EXISTS i", &["contract: DROP index i"]);
    check("DROP POLICY IF EXISTS p ON item", &["contract: DROP policy p of item"]);
    check("DROP FUNCTION f(int, text)", &["contract: DROP function f"]);
    check("REVOKE ALL ON item FROM app", &["contract: REVOKE privilege  of item"]);
    check("TRUNCATE TABLE item", &["contract: TRUNCATE table item"]);
    check("ALTER TYPE mood RENAME VALUE 'a' TO 'b'", &["contract: RENAME type mood"]);
    check("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'c'", &["expand: ADD VALUE type mood"]);
    check("ALTER VIEW v SET (security_invoker = true)", &["expand: ALTER view v"]);
}

#[test]
fn the_rest_does_nothing() {
    for statement in
        ["BEGIN", "SET search_path TO shop", "SELECT 1", "COMMENT ON TABLE item IS 'x'", "ANALYZE", "", "¬"]
    {
        check(statement, &[]);
    }
}

/// Statements as they stand in real migrations, each with what it does.
#[test]
fn real_statements() {
    let cases: &[(&str, &[&str])] = &[
        (
            "ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'held' AFTER 'paid'",
            &["expand: ADD VALUE type order_state"],
        ),
        ("ALTER TYPE pair ADD ATTRIBUTE c int", &["expand: ADD ATTRIBUTE type pair"]),
        ("ALTER TYPE pair DROP ATTRIBUTE c", &["contract: DROP type pair"]),
        ("ALTER TYPE pair ALTER ATTRIBUTE c TYPE bigint", &["contract: ALTER ATTRIBUTE type pair"]),
        (
            "CREATE POLICY p ON shop.item FOR SELECT TO app USING (tenant_id = 1)",
            &["expand: CREATE policy p of shop.item"],
        ),
        ("CREATE POLICY p ON item AS PERMISSIVE USING (true)", &["expand: CREATE policy p of item"]),
        (
            "CREATE POLICY p ON item AS RESTRICTIVE USING (true)",
            &["contract: CREATE POLICY … AS RESTRICTIVE policy p of item"],
        ),
        (
            "ALTER POLICY p ON item USING (tenant_id = current_setting('app.tenant')::int)",
            &["contract: ALTER POLICY policy p of item"],
        ),
        ("ALTER POLICY p ON item RENAME TO q", &["expand: RENAME policy p of item"]),
        (
            "ALTER TABLE item FORCE ROW LEVEL SECURITY",
            &["contract: FORCE ROW LEVEL SECURITY row security  of item"],
        ),
        (
            "ALTER TABLE item NO FORCE ROW LEVEL SECURITY",
            &["expand: DISABLE ROW LEVEL SECURITY row security  of item"],
        ),
        (
            "ALTER TABLE item DISABLE ROW LEVEL SECURITY",
            &["expand: DISABLE ROW LEVEL SECURITY row security  of item"],
        ),
        ("DROP VIEW IF EXISTS v", &["contract: DROP view v"]),
        ("DROP MATERIALIZED VIEW v", &["contract: DROP materialized view v"]),
        (
            "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$",
            &["expand: CREATE function f"],
        ),
        (
            "CREATE OR REPLACE TRIGGER g BEFORE UPDATE OF a, b ON shop.item FOR EACH ROW EXECUTE FUNCTION f()",
            &["expand: CREATE trigger g of shop.item"],
        ),
        ("CREATE RULE r AS ON INSERT TO item DO INSTEAD NOTHING", &["expand: CREATE rule r of item"]),
        ("DROP RULE r ON item", &["contract: DROP rule r of item"]),
        ("CREATE STATISTICS s (dependencies) ON a, b FROM item", &["expand: CREATE statistics s of item"]),
        (
            "ALTER TABLE item ADD CONSTRAINT k CHECK (a > 0) NOT VALID",
            &["expand: ADD CONSTRAINT … NOT VALID constraint k of item"],
        ),
        (
            "ALTER TABLE item ADD CONSTRAINT k UNIQUE USING INDEX i",
            &["contract: ADD CONSTRAINT constraint k of item"],
        ),
        ("ALTER TABLE item ADD PRIMARY KEY (id)", &["contract: ADD CONSTRAINT constraint  of item"]),
        (
            "ALTER TABLE item ADD EXCLUDE USING gist (during WITH &&)",
            &["contract: ADD CONSTRAINT constraint  of item"],
        ),
        ("ALTER TABLE item DROP CONSTRAINT IF EXISTS k", &["expand: DROP CONSTRAINT constraint k of item"]),
        ("ALTER TABLE item RENAME CONSTRAINT a TO b", &["expand: RENAME CONSTRAINT constraint a of item"]),
        ("ALTER TABLE item ALTER COLUMN a SET DEFAULT now()", &["expand: SET DEFAULT column a of item"]),
        ("ALTER TABLE item ALTER a DROP DEFAULT", &["contract: DROP DEFAULT column a of item"]),
        ("ALTER TABLE item ALTER a DROP NOT NULL", &["expand: DROP NOT NULL column a of item"]),
        (
            "ALTER TABLE item ALTER a SET DATA TYPE bigint",
            &["contract: ALTER COLUMN … TYPE column a of item"],
        ),
        ("ALTER TABLE item ALTER a SET STATISTICS 100", &["expand: ALTER COLUMN column a of item"]),
        (
            "ALTER TABLE item ALTER a ADD GENERATED ALWAYS AS IDENTITY",
            &["expand: ALTER COLUMN column a of item"],
        ),
        ("ALTER TABLE item ALTER a DROP IDENTITY IF EXISTS", &["contract: DROP IDENTITY column a of item"]),
        (
            "ALTER TABLE item ADD COLUMN a int GENERATED ALWAYS AS (b * 2) STORED NOT NULL",
            &["expand: ADD COLUMN column a of item"],
        ),
        (
            "ALTER TABLE item ADD COLUMN a int NULL REFERENCES other (id) ON DELETE SET NULL",
            &["expand: ADD COLUMN column a of item"],
        ),
        ("ALTER TABLE item ADD COLUMN a int CHECK (a IS NOT NULL)", &["expand: ADD COLUMN column a of item"]),
        (
            "ALTER TABLE IF EXISTS item ADD COLUMN a text COLLATE \"C\" NOT NULL DEFAULT ''",
            &["expand: ADD COLUMN column a of item"],
        ),
        (
            "ALTER TABLE item ADD COLUMN a int NOT NULL REFERENCES other (id) ON DELETE SET DEFAULT",
            &["contract: ADD COLUMN … NOT NULL without a default column a of item"],
        ),
        (
            "ALTER TABLE item ADD COLUMN a text NOT NULL DEFAULT '' UNIQUE",
            &["contract: ADD COLUMN … UNIQUE with one default for all column a of item"],
        ),
        (
            "ALTER TABLE item ADD COLUMN a uuid UNIQUE DEFAULT gen_random_uuid()",
            &["expand: ADD COLUMN column a of item"],
        ),
        ("ALTER TABLE item OWNER TO app", &["none: OWNER TO table  of item"]),
        ("ALTER TABLE item SET SCHEMA shop", &["contract: SET SCHEMA table shop of item"]),
        ("ALTER TABLE item SET (fillfactor = 70)", &["expand: ALTER TABLE table  of item"]),
        ("ALTER TABLE item DISABLE TRIGGER USER", &["contract: DISABLE TRIGGER trigger user of item"]),
        (
            "ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1)",
            &["expand: ATTACH PARTITION partition q of p"],
        ),
        ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", &["contract: DETACH PARTITION partition q of p"]),
        ("ALTER TABLE c NO INHERIT p", &["contract: NO INHERIT partition p of c"]),
        ("CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (2)", &["expand: CREATE table q"]),
        ("CREATE TABLE t AS SELECT * FROM u", &["expand: CREATE table t"]),
        ("SELECT a INTO TEMP t FROM u", &["expand: SELECT … INTO table t"]),
        ("ALTER INDEX i RENAME TO j", &["expand: RENAME index i"]),
        ("ALTER SEQUENCE s RESTART WITH 10", &["migrate: RESTART sequence s"]),
        ("ALTER SEQUENCE s OWNED BY item.id", &["expand: ALTER sequence s"]),
        (
            "SELECT setval('item_id_seq', (SELECT max(id) FROM item))",
            &["migrate: setval sequence item_id_seq"],
        ),
        ("SELECT pg_catalog.setval('s', 1, false)", &["migrate: setval sequence s"]),
        ("SELECT set_config('search_path', '', false)", &[]),
        ("INSERT INTO item (id) VALUES (1) ON CONFLICT DO NOTHING", &["migrate: INSERT row  of item"]),
        (
            "MERGE INTO item USING s ON item.id = s.id WHEN MATCHED THEN DELETE",
            &["migrate: MERGE row  of item"],
        ),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", &["migrate: REFRESH materialized view v"]),
        ("CALL fill(1)", &["migrate: CALL procedure fill"]),
        ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", &["expand: CREATE extension uuid-ossp"]),
        ("CREATE SCHEMA IF NOT EXISTS shop AUTHORIZATION app", &["expand: CREATE schema shop"]),
        ("CREATE DOMAIN price AS numeric CHECK (VALUE >= 0)", &["expand: CREATE domain price"]),
        (
            "ALTER DOMAIN price ADD CONSTRAINT k CHECK (VALUE < 9) NOT VALID",
            &["expand: ADD CONSTRAINT … NOT VALID domain price"],
        ),
        ("ALTER DOMAIN price VALIDATE CONSTRAINT k", &["migrate: VALIDATE CONSTRAINT domain price"]),
        ("ALTER DOMAIN price SET NOT NULL", &["contract: ADD CONSTRAINT domain price"]),
        ("ALTER DOMAIN price SET DEFAULT 0", &["expand: SET DEFAULT domain price"]),
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app",
            &["expand: ALTER default privileges "],
        ),
        (
            "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            &["contract: REVOKE default privileges "],
        ),
        ("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA shop TO app", &["expand: GRANT privilege  of shop"]),
        ("GRANT app TO deploy", &["expand: GRANT privilege "]),
        ("REVOKE GRANT OPTION FOR SELECT ON item FROM app", &["expand: REVOKE privilege  of item"]),
        ("REVOKE ALL ON FUNCTION f(int) FROM PUBLIC", &["contract: REVOKE privilege  of f"]),
        ("CREATE ROLE app NOLOGIN", &["expand: CREATE role app"]),
        ("ALTER FUNCTION f(int) SECURITY DEFINER SET search_path = ''", &["expand: ALTER function f"]),
        ("ALTER FUNCTION f(int) RENAME TO g", &["contract: RENAME function f"]),
        ("ALTER FUNCTION f(int) OWNER TO app", &["none: OWNER TO function f"]),
        (
            "DROP FUNCTION IF EXISTS f(int), g(text) CASCADE",
            &["contract: DROP function f", "contract: DROP function g"],
        ),
        ("DROP OWNED BY app", &["contract: DROP owned app"]),
        ("LOCK TABLE item IN ACCESS EXCLUSIVE MODE", &[]),
        ("REINDEX TABLE item", &[]),
        ("VACUUM item", &[]),
        ("SAVEPOINT a", &[]),
        ("EXPLAIN SELECT 1", &[]),
    ];
    for (statement, wanted) in cases {
        check(statement, wanted);
    }
}

#[test]
fn blocks_do_what_their_bodies_do() {
    check(
        "DO $$ BEGIN ALTER TABLE item ADD CONSTRAINT k CHECK (a > 0); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        &["contract: ADD CONSTRAINT constraint k of item"],
    );
    check(
        "DO $do$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') THEN CREATE TYPE m AS ENUM ('a'); \
         ELSE INSERT INTO t VALUES (1); END IF; END $do$",
        &["expand: CREATE type m", "migrate: INSERT row  of t"],
    );
    check(
        "DO LANGUAGE plpgsql $$ BEGIN EXECUTE 'DROP TABLE old'; EXECUTE format('CREATE INDEX i ON %I (a)', 't'); END $$",
        &["contract: DROP table old", "expand: CREATE index i of t"],
    );
    check("DO 'BEGIN UPDATE item SET a = ''x''; END'", &["migrate: UPDATE row  of item"]);
    check("DO $$ BEGIN PERFORM fill(); END $$", &["migrate: a call of a function call fill"]);
    check(
        "DO $$ BEGIN CREATE TABLE t (); PERFORM shop.fill(1), set_config('a', 'b', true); END $$",
        &["expand: CREATE table t", "migrate: a call of a function call shop.fill"],
    );
    check("DO $$ BEGIN PERFORM pg_notify('a', 'b'); END $$", &["migrate: DO block "]);
    check("DO $$ BEGIN RAISE NOTICE 'CREATE TABLE t ()'; END $$", &["migrate: DO block "]);
    check("DO $$ BEGIN -- DROP TABLE t;\n NULL; END $$", &["migrate: DO block "]);
    check("DO", &["migrate: DO block "]);
}

#[test]
fn statements_that_are_put_together_are_read_as_far_as_they_stand_there() {
    let executed = |expression: &str, wanted: &[&str]| {
        check(&format!("DO $$ DECLARE t text; BEGIN EXECUTE {expression}; END $$"), wanted);
    };
    executed("format('ALTER TABLE %I DROP COLUMN legacy', t)", &["contract: DROP COLUMN column legacy of ?"]);
    executed(
        "format('ALTER TABLE %1$I.%2$s ADD %3$I int', s, t, 'a')",
        &["expand: ADD COLUMN column a of ?.?"],
    );
    executed("format('ALTER TABLE %I %s', t, what)", &["contract: ALTER TABLE table  of ?"]);
    executed("format('UPDATE %I SET a = %L', 'Item', 'x%') USING 1", &["migrate: UPDATE row  of Item"]);
    executed("format('DROP %s %I', kind, t)", &["contract: EXECUTE block "]);
    executed("format('%s', anything)", &["migrate: EXECUTE block "]);
    executed("pg_catalog.format('%I')", &["migrate: EXECUTE block "]);
    executed("'ALTER TABLE ' || t || ' DROP COLUMN legacy'", &["contract: DROP COLUMN column legacy of ?"]);
    executed("'CREATE INDEX i ON ' || t || ' (a)'", &["migrate: CREATE index i of ?"]);
    executed("'CREATE INDEX i ON ' || quote_ident(t) || ' (a)'", &["expand: CREATE index i of ?"]);
    executed("('DROP TABLE ' || t) || ';'", &["contract: DROP table ?"]);
    executed("(t)::text", &["migrate: EXECUTE block "]);
    executed(
        "'CREATE TABLE a (); DROP TABLE b' INTO x",
        &["expand: CREATE table a", "contract: DROP table b"],
    );
    executed("t", &["migrate: EXECUTE block "]);
    executed("'DO ''BEGIN DROP TABLE t; END'''", &["migrate: EXECUTE block "]);
    let deep = format!("{}'DROP TABLE t'{}", "(".repeat(9000), ")".repeat(9000));
    executed(&deep, &["migrate: EXECUTE block "]);
    executed("", &["migrate: DO block "]);
    executed("'ANALYZE item'", &["migrate: DO block "]);
    check(
        "DO $$ BEGIN EXECUTE t; CREATE TABLE a (); END $$",
        &["migrate: EXECUTE block ", "expand: CREATE table a"],
    );
}

#[test]
fn what_a_statement_runs_counts() {
    let call = |name: &str| vec![format!("migrate: a call of a function call {name}")];
    let calls = |statement: &str, name: &str| assert_eq!(told(statement), call(name), "{statement}");
    calls("SELECT contract_it()", "contract_it");
    calls("SELECT a, (SELECT shop.\"Fill\"(b)) FROM item", "shop.Fill");
    calls("(SELECT contract_it())", "contract_it");
    calls("WITH x AS (SELECT contract_it()) SELECT * FROM x", "contract_it");
    calls("SELECT * FROM shop.fill(1) AS t (a, b)", "shop.fill");
    calls("VALUES (contract_it())", "contract_it");
    calls("SELECT count(*) FROM t WHERE NOT done(t.a)", "done");
    for statement in [
        "SELECT pg_notify('a', 'b')",
        "SELECT pg_catalog.lower(a)::varchar(3), count(*) FILTER (WHERE a IN (1)) OVER (ORDER BY a) FROM item AS t (a)",
        "SELECT coalesce(max(a), 0), a::numeric (3, 1), ARRAY (SELECT 1), x.y FROM item x (y) JOIN u USING (a)",
        "WITH t (a) AS (SELECT 1), u AS (VALUES (2)) SELECT EXISTS (SELECT 1) FROM t, LATERAL (SELECT 1) v",
        "SELECT CASE WHEN (a) THEN (b) ELSE (c) END, a AND (b), (a) = ANY (b), ROW (1) FROM t GROUP BY ROLLUP (a)",
        "SELECT a FROM t TABLESAMPLE bernoulli (1) LIMIT (SELECT 1)",
        "SELECT 'contract_it()' -- contract_it()",
        "EXPLAIN DELETE FROM item",
        "EXPLAIN (ANALYZE false, VERBOSE) DELETE FROM item",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN (SELECT 1)",
        "PREPARE p AS DELETE FROM item",
        &"EXPLAIN ANALYZE ".repeat(9000),
    ] {
        check(statement, &[]);
    }
    check("EXPLAIN ANALYZE DELETE FROM item", &["migrate: DELETE row  of item"]);
    check("EXPLAIN ANALYZE VERBOSE UPDATE item SET a = 1", &["migrate: UPDATE row  of item"]);
    check("EXPLAIN (BUFFERS, ANALYZE on) DELETE FROM item", &["migrate: DELETE row  of item"]);
    check("EXPLAIN (ANALYZE) EXECUTE p (1)", &["migrate: EXECUTE call p"]);
    check("EXECUTE p", &["migrate: EXECUTE call p"]);
    check(
        "SELECT contract_it() INTO t",
        &["expand: SELECT … INTO table t", "migrate: a call of a function call contract_it"],
    );
}

#[test]
fn actions_that_are_not_known_take_away() {
    check("ALTER TABLE item FORGET a", &["contract: ALTER TABLE table  of item"]);
    check("ALTER TABLE item ENABLE TRIGGER g, INHERIT p", &["expand: ALTER TABLE table  of item"; 2]);
    check("TRUNCATE a, ONLY b CASCADE", &["contract: TRUNCATE table a", "contract: TRUNCATE table b"]);
    check(
        "REVOKE ALL ON a, s.b FROM app",
        &["contract: REVOKE privilege  of a", "contract: REVOKE privilege  of s.b"],
    );
    check("REVOKE ALL ON FUNCTION f(int, text) FROM app", &["contract: REVOKE privilege  of f"]);
}
