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
    check("GRANT SELECT ON item TO app", &["expand: GRANT privilege "]);
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
    check("DO $$ BEGIN UPDATE item SET a = 1; END $$", &["migrate: DO block "]);
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
    check("REVOKE ALL ON item FROM app", &["contract: REVOKE privilege "]);
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
