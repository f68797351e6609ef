use super::*;
use crate::chain::Source as File;
use proptest::prelude::*;

fn planned(layout: Layout, path: &str, text: &str) -> Planned {
    let chain = Chain::read(layout, &[File { path, bytes: text.as_bytes() }]);
    plan(&chain, &chain.files[0])
}

fn split(layout: Layout, path: &str, text: &str) -> Plan {
    match planned(layout, path, text) {
        Planned::Split(plan) => plan,
        other => panic!("{other:?}\n{text}"),
    }
}

#[track_caller]
fn check(text: &str, wanted: &[(&str, &str)]) {
    let plan = split(Layout::Governance, "m/V007__x.sql", text);
    let found: Vec<(&str, &str)> =
        plan.files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    assert_eq!(found, wanted, "{:#?}", plan.notes);
}

const EXPAND: &str = "m/V008__x_expand.sql";

#[test]
fn phases_get_files_of_their_own() {
    check(
        "-- Adds b.\n-- Rollback: none\n\nSET lock_timeout = '1s';\n-- the column\nALTER TABLE t ADD COLUMN b int; -- small\nUPDATE t SET b = 1;\nALTER TABLE t DROP COLUMN a;\n",
        &[
            (
                EXPAND,
                "-- Adds b.\n-- Rollback: none\n\nSET lock_timeout = '1s';\n\n-- the column\nALTER TABLE t ADD COLUMN b int; -- small\n",
            ),
            (
                "m/V009__x_migrate.sql",
                "-- Adds b.\n-- Rollback: none\n\nSET lock_timeout = '1s';\n\nUPDATE t SET b = 1;\n",
            ),
            (
                "m/V010__x_contract.sql",
                "-- Adds b.\n-- Rollback: none\n\nSET lock_timeout = '1s';\n\nALTER TABLE t DROP COLUMN a;\n",
            ),
        ],
    );
}

#[test]
fn what_sets_and_changes_is_done_once() {
    let plan = split(
        Layout::Governance,
        "V001__x.sql",
        "SELECT set_config('a.b', 'c', false);\nSELECT set_config('a.d', 'e', false), fill();\nALTER TABLE t DROP COLUMN a;\n",
    );
    let texts: Vec<&str> = plan.files.iter().map(|file| file.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:#?}");
    assert!(texts.iter().all(|text| text.contains("'a.b'")), "{texts:#?}");
    assert_eq!(texts.iter().filter(|text| text.contains("fill()")).count(), 1, "{texts:#?}");
}

#[test]
fn a_needed_column_is_filled_between() {
    let plan = split(
        Layout::Governance,
        "V001__x.sql",
        "ALTER TABLE s.t ADD COLUMN IF NOT EXISTS c uuid NOT NULL REFERENCES u (id)",
    );
    let texts: Vec<&str> = plan.files.iter().map(|file| file.text.as_str()).collect();
    assert_eq!(texts[0], "ALTER TABLE s.t ADD COLUMN IF NOT EXISTS c uuid REFERENCES u (id);\n");
    assert!(texts[1].contains("RAISE EXCEPTION"), "{}", texts[1]);
    assert_eq!(
        texts[2],
        "ALTER TABLE s.t DROP CONSTRAINT IF EXISTS t_c_not_null;\n\n\
         ALTER TABLE s.t ADD CONSTRAINT t_c_not_null CHECK (c IS NOT NULL) NOT VALID;\n\n\
         ALTER TABLE s.t VALIDATE CONSTRAINT t_c_not_null;\n\n\
         ALTER TABLE s.t ALTER COLUMN c SET NOT NULL;\n\n\
         ALTER TABLE s.t DROP CONSTRAINT t_c_not_null;\n"
    );
    assert_eq!(plan.files.iter().map(|file| file.unfinished).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(plan.notes, ["line 1: write how c of s.t is filled"]);
    let filled =
        split(Layout::Governance, "V001__x.sql", "ALTER TABLE t ADD c int NOT NULL; UPDATE t SET c = 1;");
    assert!(filled.files.iter().all(|file| !file.unfinished));
    assert_eq!(filled.files[1].text, "UPDATE t SET c = 1;\n");
    // What is proposed is of one phase each.
    for file in plan.files.iter().chain(&filled.files) {
        let script = Script::read(&file.text);
        for one in crate::phases(&file.text, &script) {
            assert!(one.phase == file.phase, "{}", file.text);
        }
    }
}

/// A constraint that is added unless it is there.
fn unless(table: &str, name: &str, statement: &str) -> String {
    format!(
        "DO $unless$ BEGIN\n    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '{table}'::regclass AND conname = \
         '{name}') THEN\n        {statement};\n    END IF;\nEND $unless$;\n"
    )
}

#[test]
fn constraints_are_validated_later() {
    let key =
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES u (a, b) ON DELETE CASCADE NOT VALID";
    let bound = "ALTER TABLE t ADD CONSTRAINT t_007_check CHECK (a > 0) NOT VALID";
    check(
        "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a, b) REFERENCES u (a, b) ON DELETE CASCADE, ADD CHECK (a > 0);",
        &[
            (EXPAND, &format!("{}\n{}", unless("t", "k", key), unless("t", "t_007_check", bound))),
            (
                "m/V009__x_migrate.sql",
                "ALTER TABLE t VALIDATE CONSTRAINT k;\n\nALTER TABLE t VALIDATE CONSTRAINT t_007_check;\n",
            ),
        ],
    );
    let using = "ALTER TABLE \"T\" ADD CONSTRAINT \"T_a_B_key\" UNIQUE USING INDEX \"T_a_B_key\"";
    let index = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"T_a_B_key\" ON \"T\" (a, \"B\");\n\n";
    check(
        "ALTER TABLE \"T\" ADD UNIQUE (a, \"B\");",
        &[("m/V008__x_contract.sql", &format!("{index}{}", unless("\"T\"", "T_a_B_key", using)))],
    );
}

#[test]
fn indexes_are_built_beside_writers() {
    let text = "BEGIN;\nALTER TABLE t ADD COLUMN a int;\nCREATE INDEX i ON t (a);\nALTER TABLE t ADD COLUMN b int;\nCOMMIT;";
    check(
        text,
        &[
            ("m/V008__x_expand_1.sql", "BEGIN;\n\nALTER TABLE t ADD COLUMN a int;\n\nCOMMIT;\n"),
            ("m/V009__x_expand_2.sql", "CREATE INDEX CONCURRENTLY i ON t (a);\n"),
            ("m/V010__x_expand_3.sql", "BEGIN;\n\nALTER TABLE t ADD COLUMN b int;\n\nCOMMIT;\n"),
        ],
    );
    let sqlx = split(Layout::Sqlx, "0001_x.up.sql", "CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);");
    assert_eq!(sqlx.files[0].path, "0002_x_expand_1.up.sql");
    assert_eq!(sqlx.files[1].text, "-- no-transaction\nCREATE INDEX CONCURRENTLY j ON t (b);\n");
    let prisma =
        split(Layout::Prisma, "p/20240101000000_x/migration.sql", "ALTER TABLE t ADD a int, DROP b;");
    assert_eq!(prisma.files[1].path, "p/20240101000002_x_contract/migration.sql");
    // Nobody waits for a table that is new.
    let new = "CREATE TABLE t (a int);\nCREATE UNIQUE INDEX i ON t (a);\nCREATE INDEX j ON t (a);";
    assert_eq!(planned(Layout::Governance, "V001__x.sql", new), Planned::Whole { phase: Phase::Expand });
}

/// The phase in which each statement of the old file stands.
fn phases_of(text: &str) -> Vec<(usize, &'static str)> {
    let plan = split(Layout::Governance, "V001__x.sql", text);
    let mut out: Vec<(usize, &'static str)> = plan
        .files
        .iter()
        .flat_map(|file| file.statements.iter().map(|at| (*at, file.phase.name())))
        .collect();
    out.sort_unstable();
    out
}

#[test]
fn what_is_needed_stays_in_front() {
    let cases: &[(&str, &[&str])] = &[
        (
            "ALTER TABLE t ADD c int; ALTER TABLE t RENAME COLUMN a TO b; CREATE VIEW v AS SELECT b FROM t",
            &["expand", "contract", "contract"],
        ),
        ("DROP TABLE t; CREATE TABLE t (a int); CREATE TABLE u (a int)", &["contract", "contract", "expand"]),
        (
            "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text; ALTER TABLE t ADD COLUMN b text",
            &["contract", "contract", "expand"],
        ),
        (
            "CREATE TABLE n (a int); DROP VIEW v; ALTER TABLE t ALTER a TYPE bigint; CREATE VIEW v AS SELECT a FROM t",
            &["expand", "contract", "contract", "contract"],
        ),
        (
            "ALTER TABLE t ADD b int; UPDATE t SET b = f(a); CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql AS '1'",
            &["expand", "migrate", "migrate"],
        ),
        (
            "UPDATE t SET b = 1; CREATE TRIGGER g AFTER UPDATE ON t EXECUTE FUNCTION f(); ALTER TABLE u ADD c int",
            &["migrate", "migrate", "expand"],
        ),
        (
            "UPDATE t SET b = 1; CREATE TABLE u AS SELECT b FROM t; ALTER TABLE v ADD c int",
            &["migrate", "migrate", "expand"],
        ),
        (
            "ALTER TABLE u ADD c int; TRUNCATE t; INSERT INTO t VALUES (1)",
            &["expand", "contract", "contract"],
        ),
        (
            "ALTER TABLE u ADD c int; CREATE UNIQUE INDEX CONCURRENTLY i ON t (a); INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
            &["expand", "contract", "contract"],
        ),
        (
            "ALTER TABLE t ADD c int; DO $$ BEGIN PERFORM fill('t'); END $$; CREATE TABLE z (a int)",
            &["expand", "migrate", "expand"],
        ),
        (
            "ALTER TABLE t ADD c int; UPDATE t SET c = 1; COMMENT ON TABLE t IS 'x'; DROP TABLE o",
            &["expand", "migrate", "migrate", "contract"],
        ),
    ];
    for (text, wanted) in cases {
        let found: Vec<&str> = phases_of(text).into_iter().map(|(_, phase)| phase).collect();
        assert_eq!(found, *wanted, "{text}");
    }
}

#[track_caller]
fn refused(text: &str, line: u32, why: &str) {
    match planned(Layout::Governance, "V001__x.sql", text) {
        Planned::Not { line: found, why: said } => {
            assert!(found == line && said.contains(why), "{found} {said}")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_taken_apart_says_why() {
    refused("SELECT 1;\n\\copy t FROM 'x'", 2, "\\copy");
    refused("SELECT 'a", 1, "never ends");
    refused("ALTER TABLE t ADD a int;\nBEGIN;\nDROP TABLE u;\nCOMMIT;", 2, "in the middle");
    refused("BEGIN;\nDROP TABLE u;", 1, "not ended");
    refused("BEGIN; DROP TABLE u; COMMIT;\nSELECT 1;", 2, "behind the end");
    refused("ALTER TABLE t RENAME TO u; CREATE VIEW v AS SELECT * FROM u", 1, "no part can go alone");
    assert!(matches!(planned(Layout::Rails, "structure.sql", "SELECT 1;"), Planned::Not { .. }));
    assert_eq!(
        planned(Layout::Governance, "V001__x.sql", "DROP TABLE t;"),
        Planned::Whole { phase: Phase::Contract }
    );
    assert_eq!(planned(Layout::Governance, "V001__x.sql", ""), Planned::Whole { phase: Phase::None });
}

#[test]
fn data_goes_with_its_statement() {
    check(
        "ALTER TABLE t ADD a int;\nCOPY u FROM stdin;\n1\tx;y\n\\.\nALTER TABLE t DROP b;",
        &[
            (EXPAND, "ALTER TABLE t ADD a int;\n"),
            ("m/V009__x_migrate.sql", "COPY u FROM stdin;\n1\tx;y\n\\.\n"),
            ("m/V010__x_contract.sql", "ALTER TABLE t DROP b;\n"),
        ],
    );
}

/// Statements that a split leaves as they are.
const KEPT: [&str; 14] = [
    "CREATE TABLE t (a int)",
    "DROP TABLE t",
    "ALTER TABLE u ADD COLUMN b int",
    "ALTER TABLE u DROP COLUMN b",
    "UPDATE u SET b = 1",
    "INSERT INTO t SELECT * FROM u",
    "CREATE OR REPLACE VIEW v AS SELECT * FROM u",
    "DROP VIEW v",
    "DO $$ BEGIN PERFORM f('u'); END $$",
    "COMMENT ON TABLE t IS ';'",
    "ALTER TABLE u RENAME TO t",
    "GRANT SELECT ON t TO app",
    "TRUNCATE t",
    "CREATE INDEX CONCURRENTLY i ON u (b)",
];

proptest! {
    #[test]
    fn every_statement_is_kept_once(parts in prop::collection::vec(0..KEPT.len(), 1..10)) {
        // A mark in each makes them differ.
        let statements: Vec<String> =
            parts.iter().enumerate().map(|(at, kind)| format!("/* {at} */ {} ;", KEPT[*kind])).collect();
        let text = statements.join("\n");
        if let Planned::Split(plan) = planned(Layout::Governance, "V001__x.sql", &text) {
            let mut all: Vec<usize> = plan.files.iter().flat_map(|file| file.statements.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..parts.len()).collect::<Vec<_>>());
            for (at, statement) in statements.iter().enumerate() {
                let body = statement.trim_start_matches(|c| c != ' ');
                prop_assert!(!body.is_empty());
                let mark = format!("/* {at} */");
                let found: usize = plan.files.iter().map(|file| file.text.matches(&mark).count()).sum();
                prop_assert_eq!(found, 1, "{} in {:#?}", mark, &plan.files);
            }
            let count: usize = plan.files.iter().map(|file| Script::read(&file.text).statements.len()).sum();
            prop_assert_eq!(count, parts.len());
        }
    }

    #[test]
    fn any_text_is_planned(text in "[a-z;'\"$()/*\\\\\\n ,.-]{0,80}|\\PC{0,60}", at in 0usize..7) {
        let paths = ["V001__a.sql", "001_a.sql", "V1__a.sql", "1_a.sql", "V1__a.sql", "1_a/migration.sql", "structure.sql"];
        let chain = Chain::read(Layout::ALL[at], &[File { path: paths[at], bytes: text.as_bytes() }]);
        crate::lint(&chain, &crate::LintOptions { rollback: true, ..Default::default() });
        for file in &chain.files {
            plan(&chain, file);
            crate::checksums(chain.layout, file);
        }
        crate::phases(&text, &Script::read(&text));
        crate::mends(&text, "42P07");
        crate::runs_alone(&text);
        crate::versions_of_dump(&text);
    }

    #[test]
    fn any_words_are_planned(words in prop::collection::vec(prop::sample::select(vec![
        "ALTER", "TABLE", "t", "ADD", "COLUMN", "a", "int", "NOT", "NULL", "CREATE", "UNIQUE", "INDEX", "ON", "(", ")",
        ";", ",", "DROP", "CONSTRAINT", "CHECK", "UPDATE", "SET", "=", "SELECT", "FROM", "$$", "'x'", "BEGIN", "COMMIT",
        "\n", "-- c\n", "POLICY", "USING", "FOREIGN", "KEY", "REFERENCES", "é", "PRIMARY", ".", "\"", "DO", "EXECUTE",
    ]), 0..40)) {
        let text = words.join(" ");
        if let Planned::Split(plan) = planned(Layout::Governance, "V001__x.sql", &text) {
            prop_assert!(plan.files.iter().all(|file| !file.statements.is_empty()));
        }
    }
}

#[test]
fn a_comment_with_blank_lines_stays_whole() {
    let comment = "/*\n  Warnings:\n\n  - A key on `a` will be added.\n\n*/";
    let text = format!("-- ours\n\n{comment}\nALTER TABLE t ADD a int;\nUPDATE t SET a = 1;\n");
    check(
        &text,
        &[
            (EXPAND, &format!("-- ours\n\n{comment}\nALTER TABLE t ADD a int;\n")),
            ("m/V009__x_migrate.sql", "-- ours\n\nUPDATE t SET a = 1;\n"),
        ],
    );
}

#[test]
fn only_marks_say_which_part_is_the_way_up() {
    let text = "ALTER TABLE t ADD a int;\nUPDATE t SET a = 1;\n";
    assert!(matches!(planned(Layout::Numbered, "m/1_a.up.sql", text), Planned::Split(_)));
    let marked = format!("-- migrate:up\n{text}");
    assert!(matches!(planned(Layout::Numbered, "m/1_a.sql", &marked), Planned::Not { .. }));
}

#[test]
fn folders_keep_their_form() {
    let text = "ALTER TABLE t ADD a int;\nUPDATE t SET a = 1;\n";
    let plan = split(Layout::Diesel, "m/2024-01-31-000000_a/up.sql", text);
    let paths: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["m/2024-01-31-000001_a_expand/up.sql", "m/2024-01-31-000002_a_migrate/up.sql"]);
}

#[test]
fn diesel_is_told_to_leave_the_transaction_out() {
    let text = "ALTER TABLE t ADD a int;\nCREATE INDEX CONCURRENTLY i ON t (b);\nUPDATE t SET a = 1;\n";
    let beside = |layout: Layout, path: &str| {
        let plan = split(layout, path, text);
        let told = plan.files.iter().map(|file| (file.text.contains("CONCURRENTLY"), file.beside.clone()));
        told.filter(|(concurrently, beside)| *concurrently || beside.is_some()).collect::<Vec<_>>()
    };
    let metadata = "m/2024-01-31-000002_a_expand_2/metadata.toml".to_owned();
    let wanted = vec![(true, Some((metadata, "run_in_transaction = false\n".to_owned())))];
    assert_eq!(beside(Layout::Diesel, "m/2024-01-31-000000_a/up.sql"), wanted);
    assert_eq!(beside(Layout::Sqlx, "m/20240131_a.sql"), [(true, None)]);
}

#[test]
fn what_hangs_on_others_goes_first() {
    check(
        "ALTER TABLE u ADD a int;\nDROP VIEW w;\nDROP VIEW v;\nCREATE VIEW v AS SELECT a FROM t;\n",
        &[
            (EXPAND, "ALTER TABLE u ADD a int;\n"),
            ("m/V009__x_contract.sql", "DROP VIEW w;\n\nDROP VIEW v;\n\nCREATE VIEW v AS SELECT a FROM t;\n"),
        ],
    );
}

#[test]
fn a_temporary_table_stays_in_one_file() {
    check(
        "CREATE TEMP TABLE x AS SELECT id FROM c;\nALTER TABLE c ADD COLUMN q text;\nANALYZE x;\n\
         UPDATE c SET q = 'a' FROM x WHERE x.id = c.id;\nDROP TABLE x;\nALTER TABLE c DROP COLUMN p;\n",
        &[
            (EXPAND, "ALTER TABLE c ADD COLUMN q text;\n"),
            (
                "m/V009__x_migrate.sql",
                "CREATE TEMP TABLE x AS SELECT id FROM c;\n\nANALYZE x;\n\n\
                 UPDATE c SET q = 'a' FROM x WHERE x.id = c.id;\n\nDROP TABLE x;\n",
            ),
            ("m/V010__x_contract.sql", "ALTER TABLE c DROP COLUMN p;\n"),
        ],
    );
    assert_eq!(
        planned(
            Layout::Governance,
            "V001__x.sql",
            "CREATE TEMP TABLE x (a int); INSERT INTO c SELECT a FROM x; DROP TABLE x;"
        ),
        Planned::Whole { phase: Phase::Migrate }
    );
    refused(
        "CREATE TEMP TABLE x (a int);\nINSERT INTO x SELECT a FROM c;\nUPDATE c SET b = 1 FROM x;\n\
         ALTER TABLE c DROP COLUMN a;\nTRUNCATE x, c;",
        1,
        "ends with its session",
    );
}

#[test]
fn views_of_what_changes_its_type_stay_behind_it() {
    let text = "DROP VIEW v;\nALTER TABLE c ALTER COLUMN p TYPE text;\nCREATE VIEW v AS SELECT * FROM c;";
    refused(text, 1, "line 3 stays in the contract file, behind line 2");
    check(
        &format!("ALTER TABLE d ADD a int;\n{text}"),
        &[
            (EXPAND, "ALTER TABLE d ADD a int;\n"),
            (
                "m/V009__x_contract.sql",
                "DROP VIEW v;\n\nALTER TABLE c ALTER COLUMN p TYPE text;\n\nCREATE VIEW v AS SELECT * FROM c;\n",
            ),
        ],
    );
    let dropped = "ALTER TABLE d ADD a int;\nALTER TABLE c DROP COLUMN p;\nCREATE VIEW w AS SELECT * FROM c;";
    check(
        dropped,
        &[
            (EXPAND, "ALTER TABLE d ADD a int;\n"),
            ("m/V009__x_contract.sql", "ALTER TABLE c DROP COLUMN p;\n\nCREATE VIEW w AS SELECT * FROM c;\n"),
        ],
    );
}
