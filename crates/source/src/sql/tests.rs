use crate::tests::{code, facts, mutated};
use proptest::prelude::*;

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let shown: Vec<String> = code(files)
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|c| format!("{} {}", c.name, c.kind).trim().to_owned());
            let mark = if table.complete { "" } else { "?" };
            format!("{}{mark}: {}", table.name, columns.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(shown, expected, "{files:?}");
}

fn one(text: &str, expected: &[&str]) {
    check(&[("schema.sql", text)], expected);
}

const ORDERS: &str = r#"
-- CREATE TABLE commented (id int);
/* create table also (id int); */
CREATE TABLE IF NOT EXISTS "shop"."orders" (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- the key
    total numeric(12, 2) NOT NULL CHECK (total >= 0),
    "placedAt" timestamp with time zone DEFAULT now(),
    note text, -- may hold a ; or a (
    key text,
    CONSTRAINT positive CHECK (total > 0),
    UNIQUE (id, note),
    FOREIGN KEY (id) REFERENCES other (id)
) WITH (fillfactor = 70);
INSERT INTO orders VALUES ('create table no (id int)');
CREATE FUNCTION f() RETURNS void AS $$ BEGIN CREATE TABLE inside (id int); END $$ LANGUAGE plpgsql;
"#;

#[test]
fn tables_of_postgres() {
    let orders =
        "orders: id uuid, total numeric(12, 2), placedAt timestamp with time zone, note text, key text";
    one(ORDERS, &[orders]);
    one(
        "create unlogged table only.a(b int[] not null);create table c as select 1;",
        &["a: b int[]", "c?: "],
    );
    one("create table a (like b including all, x int);", &["a?: x int"]);
    one("create temp table t (x int); create table p partition of a for values in (1);", &[]);
    one("CREATE TABLE a (x int) INHERITS (base);", &["a?: x int"]);
    one("COPY a (x) FROM stdin;\n1\tcreate table no (x int);\n\\.\ncreate table b (y int);", &["b: y int"]);
}

#[test]
fn tables_of_other_databases() {
    one(
        "CREATE TABLE `orders` (\n `id` int(11) unsigned NOT NULL AUTO_INCREMENT,\n `state` enum('a','b'),\n PRIMARY KEY (`id`),\n KEY `by_state` (`state`),\n FULLTEXT KEY `x` (`state`)\n) ENGINE=InnoDB;",
        &["orders: id int(11) unsigned, state enum('a','b')"],
    );
    one(
        "CREATE TABLE [dbo].[Orders] ([Id] INT IDENTITY(1,1), [Name] nvarchar(max) NULL)\nGO\n",
        &["Orders: Id INT, Name nvarchar(max)"],
    );
    one(
        "CREATE TABLE ORDERS (ID NUMBER(10), STATE VARCHAR2(10))",
        &["orders: id NUMBER(10), state VARCHAR2(10)"],
    );
    one("create table t (a, b integer)", &["t: a, b integer"]);
}

#[test]
fn migrations_in_order() {
    check(
        &[
            (
                "db/migrations/010_late.sql",
                "ALTER TABLE orders RENAME COLUMN sum TO total; alter table c rename to customers;",
            ),
            (
                "db/migrations/001_start.sql",
                "CREATE TABLE orders (id int, sum int, old text); create table gone (id int); create table c (id int);",
            ),
            (
                "db/migrations/002_more.up.sql",
                "ALTER TABLE ONLY shop.orders ADD COLUMN IF NOT EXISTS note varchar(20) NOT NULL DEFAULT 'a, b', DROP COLUMN old CASCADE, ADD CONSTRAINT x CHECK (id > 0);\nDROP TABLE IF EXISTS gone, never;",
            ),
            ("db/migrations/002_more.down.sql", "DROP TABLE orders;"),
        ],
        &["customers: id int", "orders: id int, total int, note varchar(20)"],
    );
}

#[test]
fn the_way_back_is_left_out() {
    one("-- +goose Up\ncreate table a (x int);\n-- +goose Down\ndrop table a;", &["a: x int"]);
    one("-- migrate:up\ncreate table a (x int);\n-- migrate:down\ndrop table a;", &["a: x int"]);
}

#[test]
fn changes_in_other_notations() {
    let start = "create table a (x int, y int, z int);";
    one(
        &format!("{start} ALTER TABLE a CHANGE COLUMN x w bigint, MODIFY y text, DROP z;"),
        &["a: w int, y int"],
    );
    one(&format!("{start} ALTER TABLE a ADD (p int, q text);"), &["a: x int, y int, z int, p int, q text"]);
    one(
        &format!("{start} ALTER TABLE a ADD p int, q text\nALTER TABLE a DROP COLUMN x, y"),
        &["a: z int, p int, q text"],
    );
    one(&format!("{start} RENAME TABLE a TO b;"), &["b: x int, y int, z int"]);
    one(
        &format!("{start} EXEC sp_rename 'dbo.a.x', 'w', 'COLUMN'; EXEC sp_rename N'a', N'b';"),
        &["b: w int, y int, z int"],
    );
    one(
        &format!(
            "{start} ALTER TABLE a ALTER COLUMN x DROP NOT NULL, ALTER y TYPE text, DROP CONSTRAINT k, DROP PRIMARY KEY;"
        ),
        &["a: x int, y int, z int"],
    );
    one("create table n (x int); drop table o; alter table n rename to o;", &["o: x int"]);
    one("alter table elsewhere add column x int;", &["elsewhere?: x int"]);
}

#[test]
fn depth_does_not_matter() {
    for piece in ["(", "create table a (", "$$", "alter table a add (", "'", "[a", "drop table a, "] {
        crate::read(
            &"a.sql".into(),
            &format!("create table a (b {}", piece.repeat(20_000)),
            &crate::Options::default(),
        );
    }
}

proptest! {
    #[test]
    fn any_text(text in "(create table|alter table|[ -~é\\n]){0,60}") {
        facts("a.sql", &text);
    }

    #[test]
    fn mutated_sources(seeds in prop::collection::vec((0..4000usize, any::<u8>()), 1..6)) {
        facts("a.sql", &mutated(ORDERS, &seeds));
    }
}
