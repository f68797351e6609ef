use super::*;

fn read(layout: Layout, files: &[(&str, &str)]) -> Chain {
    let sources: Vec<Source<'_>> =
        files.iter().map(|(path, text)| Source { path, bytes: text.as_bytes() }).collect();
    Chain::read(layout, &sources)
}

/// Files as `path version slug transaction [repeatable] [undone by …]`, then problems.
fn told(chain: &Chain) -> Vec<String> {
    let file = |file: &ChainFile| {
        let undone = file.rollback.as_ref().map(|how| format!(" undone by {how}")).unwrap_or_default();
        let repeatable = if file.repeatable { " repeatable" } else { "" };
        format!("{} {} {} {:?}{repeatable}{undone}", file.path, file.version, file.slug, file.transaction)
    };
    let problem = |problem: &Problem| format!("{}: {}", problem.path, problem.code);
    chain.files.iter().map(file).chain(chain.problems.iter().map(problem)).collect()
}

#[track_caller]
fn check(layout: Layout, files: &[(&str, &str)], wanted: &[&str]) {
    assert_eq!(told(&read(layout, files)), wanted);
}

#[track_caller]
fn order(layout: Layout, paths: &[&str], wanted: &[&str]) {
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "SELECT 1;")).collect();
    let chain = read(layout, &files);
    let found: Vec<&str> = chain.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(found, wanted, "{:?}", chain.problems);
}

#[test]
fn governance_goes_by_number() {
    check(
        Layout::Governance,
        &[
            ("m/V010__b.sql", "-- Rollback: drop the table\nSELECT 1;"),
            ("m/V002__a.sql", ""),
            ("m/V002__a.down.sql", ""),
            ("m/README.md", "x"),
            ("m/V3_x.sql", ""),
            ("m/U099__x.sql", ""),
        ],
        &[
            "m/V002__a.sql 002 a PerStatement undone by m/V002__a.down.sql",
            "m/V010__b.sql 010 b PerStatement undone by Rollback: drop the table",
            "m/V3_x.sql: name-not-read",
            "m/U099__x.sql: down-without-up",
        ],
    );
    order(Layout::Governance, &["V1000__a.sql", "V999__b.sql"], &["V999__b.sql", "V1000__a.sql"]);
}

#[test]
fn numbers_dates_and_marks() {
    order(
        Layout::Numbered,
        &["10_a.sql", "9-b.sql", "0011.c.sql", "2.sql"],
        &["2.sql", "9-b.sql", "10_a.sql", "0011.c.sql"],
    );
    order(
        Layout::Numbered,
        &["00.10.00_01_b.sql", "00.09.01_50_c.sql", "00.09.01_01_a.sql"],
        &["00.09.01_01_a.sql", "00.09.01_50_c.sql", "00.10.00_01_b.sql"],
    );
    order(
        Layout::Numbered,
        &["2024_02_01_000001_b.sql", "2024_01_31_235959_a.sql", "20240301120000_c.sql"],
        &["2024_01_31_235959_a.sql", "2024_02_01_000001_b.sql", "20240301120000_c.sql"],
    );
    check(
        Layout::Numbered,
        &[
            ("2024-01-31-add-items.sql", ""),
            ("000002_x.up.sql", ""),
            ("000002_x.down.sql", ""),
            ("x.sql", ""),
        ],
        &[
            "000002_x.up.sql 000002 x OneQuery undone by 000002_x.down.sql",
            "2024-01-31-add-items.sql 2024-01-31 add-items PerStatement",
            "x.sql: name-not-read",
        ],
    );
    let goose = "-- +goose Up\nCREATE TABLE t ();\n-- +goose Down\nDROP TABLE t;\n";
    let chain = read(Layout::Numbered, &[("1_a.sql", goose)]);
    assert_eq!(told(&chain), ["1_a.sql 1 a PerFile undone by the part behind line 3"]);
    assert_eq!(chain.files[0].text, "-- +goose Up\nCREATE TABLE t ();\n\n\n");
    let dbmate = "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);\n\n-- migrate:down\nDROP INDEX i;";
    check(
        Layout::Numbered,
        &[("1_a.sql", dbmate)],
        &["1_a.sql 1 a OneQuery undone by the part behind line 4"],
    );
    let alone = "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n";
    check(Layout::Numbered, &[("1_a.sql", alone)], &["1_a.sql 1 a PerStatement"]);
    let first = "-- +migrate Down\nDROP TABLE t;\n-- +migrate Up\nCREATE TABLE t ();\n";
    assert_eq!(
        read(Layout::Numbered, &[("1.sql", first)]).files[0].text,
        "\n\n-- +migrate Up\nCREATE TABLE t ();\n"
    );
}

#[test]
fn flyway() {
    order(
        Layout::Flyway,
        &[
            "sql/R__b.sql",
            "sql/V1_10__d.sql",
            "sql/V1.2__c.sql",
            "sql/R__a.sql",
            "sql/V1__a.sql",
            "sql/V1.0.1__b.sql",
        ],
        &[
            "sql/V1__a.sql",
            "sql/V1.0.1__b.sql",
            "sql/V1.2__c.sql",
            "sql/V1_10__d.sql",
            "sql/R__a.sql",
            "sql/R__b.sql",
        ],
    );
    check(
        Layout::Flyway,
        &[
            ("V1__a.sql", "CREATE TABLE t ();"),
            ("U1__a.sql", "DROP TABLE t;"),
            ("V2__b.sql", "CREATE INDEX CONCURRENTLY i ON t (a);"),
            ("V3__c.sql", "SELECT 1;"),
            ("V3__c.sql.conf", "executeInTransaction = false\n"),
            ("R__v.sql", ""),
            ("beforeMigrate__x.sql", ""),
            ("Vx__c.sql", ""),
            ("v4__c.sql", ""),
            ("V5__d.sql", "SET lock_timeout = '1s';\nCREATE INDEX CONCURRENTLY i ON t (a);"),
            ("V6__e.sql", "DROP INDEX CONCURRENTLY i;\nVACUUM t;"),
            ("V7__f.sql", "CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1;"),
            ("V7__f.sql.conf", "executeInTransaction=false"),
        ],
        &[
            "V1__a.sql 1 a PerFile undone by U1__a.sql",
            "V2__b.sql 2 b PerStatement",
            "V3__c.sql 3 c PerStatement",
            "V5__d.sql 5 d PerStatement",
            "V6__e.sql 6 e PerStatement",
            "V7__f.sql 7 f PerStatement",
            "R__v.sql  v PerFile repeatable",
            "V5__d.sql: mixed-statements",
            "Vx__c.sql: name-not-read",
            "beforeMigrate__x.sql: callback-not-run",
            "v4__c.sql: name-not-read",
        ],
    );
    check(
        Layout::Flyway,
        &[("V1__a.sql", ""), ("B2__all.sql", ""), ("V2__b.sql", ""), ("V3__c.sql", ""), ("R__r.sql", "")],
        &[
            "B2__all.sql 2 all PerFile",
            "V3__c.sql 3 c PerFile",
            "R__r.sql  r PerFile repeatable",
            "V1__a.sql: before-baseline",
            "V2__b.sql: before-baseline",
        ],
    );
}

#[test]
fn tools_of_rust() {
    check(
        Layout::Sqlx,
        &[
            ("2_b.sql", "-- no-transaction\nSELECT 1"),
            ("10_c.up.sql", ""),
            ("10_c.down.sql", ""),
            ("1_a b.sql", ""),
            ("x_a.sql", ""),
        ],
        &[
            "1_a b.sql 1 a b PerFile",
            "2_b.sql 2 b OneQuery",
            "10_c.up.sql 10 c PerFile undone by 10_c.down.sql",
            "x_a.sql: name-not-read",
        ],
    );
    check(
        Layout::Refinery,
        &[
            ("V2__b.sql", "-- refinery:noTransaction\nSELECT 1"),
            ("U1__a.sql", "-- a refinery:noTransaction\n"),
            ("V3__c-d.sql", ""),
            ("V99999999999999999999__e.sql", ""),
        ],
        &[
            "U1__a.sql 1 a PerFile",
            "V2__b.sql 2 b OneQuery",
            "V3__c-d.sql: name-not-read",
            "V99999999999999999999__e.sql: name-not-read",
        ],
    );
}

#[test]
fn folders_and_dumps() {
    check(
        Layout::Prisma,
        &[
            ("p/20240201000000_b/migration.sql", ""),
            ("p/20240101000000_a/migration.sql", ""),
            ("p/20240101000000_a/down.sql", ""),
            ("p/migration_lock.toml", ""),
            ("p/20240201000000_b/notes.sql", ""),
        ],
        &[
            "p/20240101000000_a/migration.sql 20240101000000_a a OneQuery undone by p/20240101000000_a/down.sql",
            "p/20240201000000_b/migration.sql 20240201000000_b b OneQuery",
            "p/20240201000000_b/notes.sql: name-not-read",
        ],
    );
    check(
        Layout::Diesel,
        &[
            ("m/2024-02-01-000000_b/up.sql", ""),
            ("m/2024-02-01-000000_b/metadata.toml", "# why\nrun_in_transaction = false # so\n"),
            ("m/2024-01-31-000000-0000_a_b/up.sql", ""),
            ("m/2024-01-31-000000-0000_a_b/down.sql", ""),
            ("m/2024-03-01-000000_c/up.sql", ""),
            ("m/2024-03-01-000000_c/metadata.toml", "run_in_transaction=true"),
            ("up.sql", ""),
            ("m/2024-03-01-000000_c/more.sql", ""),
        ],
        &[
            "m/2024-01-31-000000-0000_a_b/up.sql 2024-01-31-000000-0000 a_b PerFile undone by m/2024-01-31-000000-0000_a_b/down.sql",
            "m/2024-02-01-000000_b/up.sql 2024-02-01-000000 b OneQuery",
            "m/2024-03-01-000000_c/up.sql 2024-03-01-000000 c PerFile",
            "m/2024-03-01-000000_c/more.sql: name-not-read",
            "up.sql: name-not-read",
        ],
    );
    check(
        Layout::Rails,
        &[("db/structure.sql", "SELECT 1;"), ("db/infrastructure.sql", "")],
        &["db/structure.sql  structure PerStatement", "db/infrastructure.sql: name-not-read"],
    );
}

#[test]
fn bytes_that_are_no_text_have_a_place() {
    let sources = [
        Source { path: "V001__a.sql", bytes: b"SELECT 1;\n-- caf\xe9\n" },
        Source { path: "V002__b.sql", bytes: b"\xff\xfeS\0" },
    ];
    let chain = Chain::read(Layout::Governance, &sources);
    assert!(chain.files.is_empty());
    let found: Vec<_> = chain.problems.iter().map(|p| (p.code.as_str(), p.line, p.column)).collect();
    assert_eq!(found, [("not-utf8", 2, 7), ("not-utf8", 1, 1)]);
    assert!(chain.problems[1].message.contains("UTF-16"), "{:?}", chain.problems[1]);
}

#[test]
fn notes_tell_how_to_go_back() {
    let rollback = |text: &str| read(Layout::Governance, &[("V001__a.sql", text)]).files.remove(0).rollback;
    assert_eq!(
        rollback("/*\n * Rollback:\n *   DROP TABLE t;\n */\nSELECT 1;").as_deref(),
        Some("Rollback: DROP TABLE t;")
    );
    assert_eq!(rollback("SELECT 1; -- To revert: drop it").as_deref(), Some("To revert: drop it"));
    assert_eq!(rollback("SELECT '-- Rollback: x';"), None);
    assert_eq!(rollback("-- rollback segments are large"), None);
    assert_eq!(rollback("-- Rollback:\n"), None);
}

#[test]
fn layouts_are_guessed() {
    let guess = |paths: &[&str]| Layout::guess(paths.iter().copied()).layout;
    assert_eq!(guess(&["V001__a.sql", "V002__b.sql"]), Layout::Governance);
    assert_eq!(guess(&["V1__a.sql", "V2__b.sql"]), Layout::Flyway);
    assert_eq!(guess(&["V001__a.sql", "R__b.sql"]), Layout::Flyway);
    assert_eq!(guess(&["V1__a.sql", "refinery.toml"]), Layout::Refinery);
    assert_eq!(guess(&["1_a.sql", "2_b.sql"]), Layout::Numbered);
    assert_eq!(guess(&["1_a.sql", ".sqlx/query-1.json"]), Layout::Sqlx);
    assert_eq!(guess(&["migrations/1_a/migration.sql"]), Layout::Prisma);
    assert_eq!(guess(&["migrations/1_a/up.sql", "migrations/1_a/down.sql"]), Layout::Diesel);
    assert_eq!(guess(&["db/structure.sql"]), Layout::Rails);
    assert_eq!(guess(&["1_infrastructure.sql"]), Layout::Numbered);
    assert_eq!(guess(&[]), Layout::Governance);
    for layout in Layout::ALL {
        assert_eq!(Layout::named(layout.name()), Some(layout));
    }
}
