//! Chains that do not hold, each for one reason.

use crate::{check, claimed, only, proof, proof_with, server, shown};
use trueup_prove::CheckKind::{
    AtHead, FirstRun, KillPoints, Locks, OldVersion, Phases, Prerequisites, Rerun, WithRows,
};
use trueup_prove::{CheckKind, Detail, Options, Outcome, Report, Verdict};

const ITEMS: (&str, &str) = (
    "V001__items.sql",
    "CREATE TABLE IF NOT EXISTS owners (id bigint PRIMARY KEY, name text NOT NULL);
     CREATE TABLE IF NOT EXISTS items (id bigint PRIMARY KEY, owner_id bigint REFERENCES owners (id),
        name text NOT NULL, price numeric NOT NULL DEFAULT 1);
     CREATE TABLE IF NOT EXISTS offers (id bigserial PRIMARY KEY, cents int, on_sale boolean, at timestamptz,
        stock int NOT NULL DEFAULT 0, gone_at timestamptz);",
);

/// The second file after `ITEMS`, the checks that it contradicts, and words of the first problem of the first of these.
const CASES: [(&str, &[CheckKind], &str); 21] = [
    ("ALTER TABLE items ADD COLUMN IF NOT EXISTS a int;", &[], ""),
    (
        "ALTER TABLE items ADD CONSTRAINT cheap CHECK (price < 1000000) NOT VALID;",
        &[Rerun, AtHead, KillPoints],
        "42710",
    ),
    (
        "ALTER TABLE items ADD COLUMN a int;\nALTER TABLE items ADD COLUMN b int;",
        &[Rerun, AtHead, KillPoints],
        "42701",
    ),
    ("ALTER TABLE items ADD COLUMN IF NOT EXISTS tenant_id uuid NOT NULL;", &[OldVersion], "23502"),
    (
        "ALTER TABLE items ADD COLUMN IF NOT EXISTS a int;\nUPDATE items SET a = 1 WHERE a IS NULL;",
        &[Phases],
        "mixes",
    ),
    (
        "ALTER TABLE items DROP COLUMN IF EXISTS price, ADD COLUMN IF NOT EXISTS cents int;",
        &[Phases, OldVersion],
        "expand 1, migrate 0, contract 1",
    ),
    ("CREATE INDEX CONCURRENTLY IF NOT EXISTS items_name ON items (name);", &[KillPoints], "invalid"),
    (
        "INSERT INTO owners (id, name) SELECT coalesce(max(id), 0) + 1, 'x' FROM owners;",
        &[Rerun, AtHead, KillPoints],
        "rows",
    ),
    ("UPDATE items SET price = price * 100;", &[Rerun, KillPoints], "rows"),
    // What changes nothing where it finds NULL or nought.
    ("UPDATE offers SET cents = cents * 100;", &[Rerun, KillPoints], "rows"),
    ("UPDATE offers SET on_sale = NOT on_sale, stock = stock * 10;", &[Rerun, KillPoints], "rows"),
    (
        "UPDATE offers SET at = at + interval '1 hour' WHERE gone_at IS NOT NULL;",
        &[Rerun, KillPoints],
        "rows",
    ),
    ("UPDATE offers SET cents = 0 WHERE cents IS NULL;", &[], ""),
    ("ALTER TABLE items DROP COLUMN IF EXISTS price;", &[], ""),
    ("SELECT 1 / 0;", &[FirstRun], "22012"),
    ("BEGIN; CREATE INDEX CONCURRENTLY a ON items (name); COMMIT;", &[FirstRun], "25001"),
    ("SELECT pg_terminate_backend(pg_backend_pid());", &[FirstRun], "ends the connection"),
    ("GRANT SELECT ON items TO nobody_made_this;", &[Prerequisites], "42704"),
    (
        "CREATE TABLE IF NOT EXISTS later (id uuid PRIMARY KEY, by uuid NOT NULL DEFAULT auth.uid());",
        &[Prerequisites],
        "3F000",
    ),
    ("CREATE VIEW cheap AS SELECT * FROM nowhere;", &[Prerequisites, FirstRun], "42P01"),
    (
        "COMMENT ON TABLE items IS 'things; of owners';\nBEGIN;\nCREATE TABLE IF NOT EXISTS a (b int);\n\
         CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;\nCOMMIT;",
        &[],
        "",
    ),
];

#[test]
fn each_chain_is_contradicted_for_its_own_reason() {
    let server = server();
    for (text, kinds, words) in CASES {
        let report = proof(&server, &[ITEMS, ("V002__case.sql", text)]);
        if kinds.contains(&FirstRun) {
            assert_eq!(crate::contradicted(&report.files[1]), kinds, "{text}\n{}", shown(&report));
            assert_eq!(report.files[0].verdict, Verdict::NotCheckable, "{text}\n{}", shown(&report));
        } else {
            println!("{text}");
            only(&report, 1, kinds);
        }
        assert_eq!(report.stopped, None, "{text}");
        if let Some(first) = kinds.first() {
            let problem = &check(&report, 1, *first).problems[0];
            let said = format!("{:?} {}", problem.sqlstate, problem.message);
            assert!(said.contains(words), "{text}\n{}", shown(&report));
        }
    }
}

/// A later file makes something that an earlier one unmakes.
#[test]
fn a_file_that_undoes_a_later_one_is_named() {
    let server = server();
    let report = proof(
        &server,
        &[
            ITEMS,
            ("V002__view.sql", "SELECT 1;\nCREATE OR REPLACE VIEW cheap AS SELECT id FROM items;"),
            ("V003__safe.sql", "ALTER VIEW cheap SET (security_barrier = true);"),
        ],
    );
    only(&report, 1, &[AtHead]);
    let Detail::AtHead { undone, .. } = &check(&report, 1, AtHead).detail else { panic!() };
    assert_eq!(undone.len(), 1, "{}", shown(&report));
    assert_eq!(undone[0].made_by.as_deref(), Some("V003__safe.sql"));
    assert_eq!(
        (undone[0].kind.as_str(), undone[0].name.as_str(), undone[0].field.as_str()),
        ("view", "cheap", "options")
    );
    assert_eq!(undone[0].before.as_deref(), Some("security_barrier=true"));
    let problem = &check(&report, 1, AtHead).problems[0];
    assert_eq!(problem.line, 2, "{}", shown(&report));
}

/// The file that undoes a later one, and what of it; files behind the one that is tried.
#[test]
fn what_a_run_at_the_head_undoes_is_told() {
    let server = server();
    let counter = ("V001__counter.sql", "CREATE SEQUENCE IF NOT EXISTS counter;");
    let noted = (
        "V001__noted.sql",
        "CREATE TABLE IF NOT EXISTS noted (id int PRIMARY KEY, note text NOT NULL);\n\
         INSERT INTO noted VALUES (1, 'x') ON CONFLICT DO NOTHING;",
    );
    let check = |first: (&str, &str), second: &str, third: &str, kinds: &[CheckKind], by: &[Option<&str>]| {
        let report = proof(&server, &[first, ("V002__case.sql", second), ("V003__later.sql", third)]);
        assert_eq!(crate::contradicted(&report.files[1]), kinds, "{second}\n{}", shown(&report));
        let Detail::AtHead { undone, .. } = &check(&report, 1, AtHead).detail else { panic!() };
        let made: Vec<Option<&str>> = undone.iter().map(|one| one.made_by.as_deref()).collect();
        assert_eq!(made, by, "{second}\n{}", shown(&report));
    };
    // Where one stands of which nobody asked a number yet.
    let restart = "ALTER SEQUENCE counter RESTART WITH 1;";
    check(counter, restart, "ALTER SEQUENCE counter RESTART WITH 5000;", &[Rerun, AtHead], &[None]);
    check(
        counter,
        "ALTER SEQUENCE counter RESTART WITH 1000;",
        "SELECT setval('counter', 50);",
        &[Rerun],
        &[],
    );
    // A new column does not make the rows other ones.
    let more = "UPDATE noted SET note = note || '!';";
    let column = "ALTER TABLE noted ADD COLUMN IF NOT EXISTS n int NOT NULL DEFAULT 3;";
    check(noted, more, column, &[Rerun, AtHead, KillPoints], &[None]);
}

#[test]
fn what_a_role_may_is_a_part_of_the_schema() {
    let server = server();
    let report = proof(
        &server,
        &[
            (
                "V001__role.sql",
                "DO $$ BEGIN CREATE ROLE trueup_clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
            ),
            ("V002__may.sql", "ALTER ROLE trueup_clerk LOGIN CONNECTION LIMIT 7;"),
            ("V003__may_not.sql", "ALTER ROLE trueup_clerk NOLOGIN;"),
        ],
    );
    only(&report, 1, &[AtHead]);
    let Detail::AtHead { undone, .. } = &check(&report, 1, AtHead).detail else { panic!() };
    let told: Vec<_> = undone.iter().map(|one| (one.name.as_str(), one.field.as_str())).collect();
    assert_eq!(told, [("trueup_clerk", "login")], "{}", shown(&report));
}

#[test]
fn a_file_with_settings_of_sessions_to_come_does_not_end_the_chain() {
    let server = server();
    let set = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database()); END $$;\n\
               ALTER ROLE ALL SET work_mem = '7MB';";
    let files = [
        ("V001__app.sql", "CREATE SCHEMA IF NOT EXISTS app;"),
        ("V002__path.sql", set),
        (
            "V003__items.sql",
            "CREATE TABLE IF NOT EXISTS items (id int); CREATE TABLE IF NOT EXISTS app.other (id int);",
        ),
        (
            "V004__index.sql",
            "DROP INDEX CONCURRENTLY IF EXISTS items_id; CREATE INDEX CONCURRENTLY items_id ON items (id);",
        ),
    ];
    let report = proof(&server, &files);
    let verdicts: Vec<Verdict> = report.files.iter().map(|file| file.verdict).collect();
    use Verdict::{NotCheckable, Proven};
    assert_eq!(verdicts, [Proven, NotCheckable, Proven, Proven], "{}", shown(&report));
    assert!(report.files[1].reason.as_deref().is_some_and(|why| why.contains("sessions to come")));
    assert_eq!(check(&report, 1, FirstRun).outcome, Outcome::Proven);
    // Nothing of it is left for whoever comes next.
    let rows = proof(
        &server,
        &[("V001__ask.sql", "DO $$ BEGIN ASSERT current_setting('work_mem') <> '7MB'; END $$;")],
    );
    assert_eq!(rows.files[0].verdict, Proven, "{}", shown(&rows));
}

#[test]
fn the_old_version_breaks_where_it_must() {
    let server = server();
    let breaks = |text: &str| {
        let report = proof(&server, &[ITEMS, ("V002__case.sql", text)]);
        let Detail::OldVersion(old) = &check(&report, 1, OldVersion).detail else { panic!() };
        let all = old.breaks.iter().map(|one| (one.sqlstate.clone(), one.line, one.expected.is_some()));
        let mut all: Vec<_> = all.collect();
        all.sort();
        all.dedup();
        (all, check(&report, 1, OldVersion).outcome)
    };
    let code = |code: &str, line: u32, expected: bool| (code.to_owned(), Some(line), expected);
    assert_eq!(
        breaks("ALTER TABLE items ADD COLUMN IF NOT EXISTS t int NOT NULL;"),
        (vec![code("23502", 1, false)], Outcome::Contradicted)
    );
    assert_eq!(
        breaks("SELECT 1;\nALTER TABLE items DROP COLUMN IF EXISTS name;"),
        (vec![code("42703", 2, true)], Outcome::Information)
    );
    assert_eq!(breaks("ALTER TABLE items RENAME COLUMN name TO title;").0, vec![code("42703", 1, false)]);
    assert_eq!(
        breaks("SELECT 1;\nALTER TABLE items ALTER COLUMN price DROP DEFAULT;"),
        (vec![code("23502", 2, false)], Outcome::Contradicted)
    );
    assert_eq!(breaks("ALTER TABLE items ALTER COLUMN name DROP NOT NULL;"), (vec![], Outcome::Proven));
}

#[test]
fn a_function_may_refuse_what_is_made_up() {
    let server = server();
    let function = |body: &str| {
        format!(
            "CREATE OR REPLACE FUNCTION half(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN {body}; END $$;"
        )
    };
    let (before, options) = (function("RETURN a / 2"), Options { kill_points: false, ..claimed() });
    let outcome = |body: &str| {
        let files = [("V001__half.sql", before.as_str()), ("V002__half.sql", &function(body))];
        check(&proof_with(&server, &files, &options), 1, OldVersion).outcome
    };
    let refuses = "IF a IS NULL THEN RAISE 'half of what?'; END IF; RETURN a / 2";
    assert_eq!(outcome(refuses), Outcome::Information);
    assert_eq!(outcome("RETURN a / 0 / coalesce(a, 0)"), Outcome::Proven);
    assert_eq!(outcome("RETURN 1 / coalesce(a, 0)"), Outcome::Contradicted);
}

#[test]
fn locks_are_measured_against_a_budget() {
    let server = server();
    let files = [ITEMS, ("V002__case.sql", "ALTER TABLE items ALTER COLUMN price TYPE numeric(20, 4);")];
    // Nobody may wait at all.
    let options = Options { rows: Some(2_000), lock_budget: 0, kill_points: false, ..claimed() };
    let report = proof_with(&server, &files, &options);
    let locks = check(&report, 1, Locks);
    assert_eq!(locks.outcome, Outcome::Contradicted, "{}", shown(&report));
    let Detail::Locks { locks, rows, stalls, budget } = &locks.detail else { panic!() };
    assert_eq!((*rows, *budget, stalls[0].rows), (Some(2_000), 0, 2_000), "{stalls:?}");
    let items = locks.iter().find(|lock| lock.relation == "items").unwrap();
    assert_eq!((items.mode.as_str(), items.blocks_reads, items.line), ("ACCESS EXCLUSIVE", true, 1));
    let options = Options { lock_budget: 3_600_000, ..options };
    assert_ne!(check(&proof_with(&server, &files, &options), 1, Locks).outcome, Outcome::Contradicted);
}

#[test]
fn prerequisites_are_declared_once() {
    let server = server();
    let files = [
        ("V001__a.sql", "CREATE TABLE IF NOT EXISTS auth.things (id uuid PRIMARY KEY, by uuid REFERENCES auth.users (id));
            ALTER TABLE auth.things ENABLE ROW LEVEL SECURITY;
            DROP POLICY IF EXISTS own ON auth.things;
            CREATE POLICY own ON auth.things TO app USING (by = auth.uid());"),
        ("V002__b.sql", "GRANT CONNECT ON DATABASE shop TO app;\nDROP TRIGGER IF EXISTS t ON auth.things;
            CREATE TRIGGER t BEFORE UPDATE ON auth.things FOR EACH ROW EXECUTE FUNCTION auth.touch();"),
    ];
    let options =
        Options { claims: vec![trueup_prove::Claims { idempotent: true, phases: false }], ..claimed() };
    let report = proof_with(&server, &files, &options);
    let names: Vec<&str> = report.prerequisites.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        ["auth", "auth.users", "app", "auth.uid()", "shop", "auth.touch()"],
        "{}",
        shown(&report)
    );
    assert!(report.prerequisites.iter().all(|one| one.stub.is_some()), "{}", shown(&report));
    for file in &report.files {
        assert_eq!(crate::contradicted(file), [Prerequisites], "{}", shown(&report));
    }
    assert!(report.stub_sql().contains("RETURNS uuid"), "{}", report.stub_sql());
    let declared = Options { stubs: report.stub_sql(), ..options };
    let again = proof_with(&server, &files, &declared);
    assert_eq!(again.verdict(), Verdict::Proven, "{}", shown(&again));
    // Nothing of it stays on the server.
    let database = server.create().unwrap();
    let left = "SELECT count(*) FROM pg_roles WHERE rolname = 'app'";
    let count: i64 = database.connect().unwrap().query_one(left, &[]).unwrap().get(0);
    assert_eq!(count, 0);
}

#[test]
fn what_a_later_file_creates_is_an_order_that_is_wrong() {
    let server = server();
    let report = proof(
        &server,
        &[
            ITEMS,
            ("V002__a.sql", "CREATE TABLE a (b int REFERENCES later (id));"),
            ("V003__b.sql", "CREATE TABLE later (id int PRIMARY KEY);"),
        ],
    );
    assert_eq!(report.prerequisites[0].created_by.as_deref(), Some("V003__b.sql"), "{}", shown(&report));
    assert_eq!(report.files[1].verdict, Verdict::Contradicted);
    assert_eq!(report.files[2].verdict, Verdict::NotCheckable);
}

#[test]
fn what_is_not_claimed_is_information() {
    let server = server();
    let files = [
        ITEMS,
        ("V002__case.sql", "ALTER TABLE items ADD COLUMN a int NOT NULL DEFAULT 1;\nUPDATE items SET a = 2;"),
    ];
    let report = proof_with(&server, &files, &Options::default());
    assert_eq!(report.verdict(), Verdict::Proven, "{}", shown(&report));
    assert_eq!(check(&report, 1, Rerun).outcome, Outcome::Information);
    assert_eq!(check(&report, 1, Phases).outcome, Outcome::Information);
    let Detail::KillPoints(kills) = &check(&report, 1, KillPoints).detail else { panic!() };
    assert_eq!((kills.points, kills.tried, kills.failed.len(), kills.confirmed), (2, 2, 2, 2));
}

#[test]
fn kills_do_not_apply_where_the_runner_wraps_a_file() {
    let server = server();
    let files = [
        (
            "V1__items.sql",
            "CREATE TABLE items (id int PRIMARY KEY);\nCREATE TABLE more (id int PRIMARY KEY);",
        ),
        ("V2__index.sql", "CREATE INDEX CONCURRENTLY more_id ON more (id);"),
    ];
    let chain = crate::chain_in(trueup_sql::Layout::Flyway, &files);
    let report = trueup_prove::prove(&server, &chain.files, &claimed(), &mut |_| true).unwrap();
    let kills = check(&report, 0, KillPoints);
    assert_eq!(kills.outcome, Outcome::NotApplicable, "{}", shown(&report));
    assert!(kills.note.starts_with("2 of 2 not recoverable when the runner commits each"), "{}", kills.note);
    assert_eq!(check(&report, 0, FirstRun).outcome, Outcome::Proven, "{}", shown(&report));
}

#[test]
fn a_file_that_ends_the_transaction_of_the_runner_is_killed_between() {
    let server = server();
    let table = "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY);";
    let rest = "CREATE TABLE IF NOT EXISTS news (id int);\n\
                INSERT INTO news SELECT 1 WHERE NOT EXISTS (SELECT FROM users WHERE id = 77);\nCOMMIT;\n\
                INSERT INTO users VALUES (77) ON CONFLICT DO NOTHING;";
    let begun = format!("BEGIN;\n{rest}");
    let chains = [
        (trueup_sql::Layout::Sqlx, [("20240101_a.sql", table), ("20240102_b.sql", rest)], "1 of 4"),
        (
            trueup_sql::Layout::Prisma,
            [("20240101_a/migration.sql", table), ("20240102_b/migration.sql", begun.as_str())],
            "1 of 5",
        ),
    ];
    for (layout, files, words) in chains {
        let chain = crate::chain_in(layout, &files);
        let report = trueup_prove::prove(&server, &chain.files, &claimed(), &mut |_| true).unwrap();
        let kills = check(&report, 1, KillPoints);
        assert_eq!(kills.outcome, Outcome::Contradicted, "{}", shown(&report));
        assert!(kills.note.starts_with(words), "{}", shown(&report));
    }
}

#[test]
fn what_fails_only_in_a_transaction_is_tried_on_copies() {
    let server = server();
    let report = proof(
        &server,
        &[
            ("V001__a.sql", "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                CREATE TABLE IF NOT EXISTS items (id int PRIMARY KEY, mood mood NOT NULL);"),
            ("V002__b.sql", "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b';\nALTER TABLE items ALTER COLUMN mood SET DEFAULT 'b';"),
        ],
    );
    let Detail::KillPoints(kills) = &check(&report, 1, KillPoints).detail else { panic!() };
    assert!(kills.on_copies && kills.tried == 2 && kills.failed.is_empty(), "{}", shown(&report));
    assert_eq!(check(&report, 1, WithRows).outcome, Outcome::Proven, "{}", shown(&report));
    assert_eq!(report.files[1].verdict, Verdict::Proven, "{}", shown(&report));
}

fn not_checkable(report: &Report, at: usize, words: &str) {
    let file = &report.files[at];
    assert_eq!(file.verdict, Verdict::NotCheckable, "{}", shown(report));
    assert!(file.reason.as_deref().unwrap_or("").contains(words), "{}", shown(report));
}

#[test]
fn what_cannot_be_run_is_not_checkable() {
    let server = server();
    let report = proof(
        &server,
        &[ITEMS, ("V002__a.sql", "SELECT 1;\n\\copy items FROM 'x.csv'\n"), ("V003__b.sql", "SELECT 1;")],
    );
    not_checkable(&report, 1, "line 2: \\copy");
    not_checkable(&report, 2, "V002__a.sql");
    let report = proof(&server, &[ITEMS, ("V002__a.sql", "SELECT 'open;\n")]);
    not_checkable(&report, 1, "never closed");
    let short = Options { statement_timeout: 300, ..claimed() };
    for text in ["SELECT pg_sleep(1000);", "SET statement_timeout = 0;\nSELECT pg_sleep(1000);"] {
        let report = proof_with(&server, &[ITEMS, ("V002__a.sql", text)], &short);
        not_checkable(&report, 1, "did not end within 300 ms");
    }
    let report = proof(&server, &[("V001__a.sql", "-- nothing\n")]);
    not_checkable(&report, 0, "no statement");
    assert_eq!(proof(&server, &[]).verdict(), Verdict::NotCheckable);
    let report = proof(&server, &[ITEMS, ("V002__a.sql", "CREATE EXTENSION no_such_extension;")]);
    not_checkable(&report, 1, "no_such_extension");
}

/// What the checks of the last file of a chain came to.
#[track_caller]
fn last(server: &trueup_postgres::Server, table: &str, file: &str, wanted: Outcome) {
    let report = proof(server, &[("V001__a.sql", table), ("V002__b.sql", file)]);
    let found = [Rerun, KillPoints].map(|kind| check(&report, 1, kind).outcome);
    assert_eq!(found, [wanted; 2], "{file}\n{}", shown(&report));
}

#[test]
fn rows_meet_the_conditions_of_the_file() {
    let server = server();
    let users = "CREATE TABLE IF NOT EXISTS users (id bigserial PRIMARY KEY, role text NOT NULL DEFAULT 'member', kind int,
        active boolean NOT NULL DEFAULT false, meta jsonb, born date, n int NOT NULL DEFAULT 0);";
    let conditions = [
        "role = 'admin'",
        "role IN ('owner', 'admin') AND kind = 7",
        "kind < -5",
        "kind = 2 AND active",
        "born < '1900-01-01'",
        "born < now() - interval '1 year'",
        "(meta ->> 'unit') = 'eur'",
        "role LIKE '%@x.y'",
    ];
    for condition in conditions {
        let again = format!("UPDATE users u SET n = n + 1 WHERE {condition};");
        last(&server, users, &again, Outcome::Contradicted);
        let once = format!("UPDATE users u SET n = 1 WHERE {condition};");
        last(&server, users, &once, Outcome::Proven);
    }
    let sent =
        "CREATE TABLE IF NOT EXISTS users (id bigserial PRIMARY KEY, at date DEFAULT now(), role text);";
    last(
        &server,
        sent,
        "UPDATE users SET at = '2020-01-01' WHERE role = 'a' AND at IS NULL;",
        Outcome::Proven,
    );
    let block = "DO $$ BEGIN UPDATE users SET n = n + 1 WHERE role = 'admin'; END $$;";
    last(&server, users, block, Outcome::Contradicted);
}

#[test]
fn of_rows_that_are_not_reached_nothing_is_known() {
    let server = server();
    let users = "CREATE TABLE IF NOT EXISTS users (id bigserial PRIMARY KEY, mail text NOT NULL, n int NOT NULL DEFAULT 0);";
    last(&server, users, "UPDATE users SET n = n + 1 WHERE md5(mail) = md5('root');", Outcome::Vacuous);
    // Rows that the file itself put there count.
    let seed = "INSERT INTO users (id, mail) VALUES (1, 'root') ON CONFLICT DO NOTHING;\n\
                UPDATE users SET n = 1 WHERE md5(mail) = md5('root');";
    last(&server, users, seed, Outcome::Proven);
    let refused =
        "CREATE TABLE IF NOT EXISTS users (id bigserial PRIMARY KEY, n int NOT NULL DEFAULT 0, by uuid);
        CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.by := current_setting('app.user_id')::uuid; RETURN NEW; END $$;
        CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp();";
    last(&server, refused, "UPDATE users SET n = n + 1;", Outcome::Vacuous);
    let report = proof(&server, &[("V001__a.sql", refused), ("V002__b.sql", "UPDATE users SET n = n + 1;")]);
    let rows = check(&report, 1, CheckKind::WithRows);
    assert!(rows.note.contains("app.user_id"), "{}", shown(&report));
    assert!(check(&report, 1, Rerun).note.contains("line 1 reaches no row"), "{}", shown(&report));
}

#[test]
fn a_sequence_that_each_run_sets_to_the_same_number_is_set_back() {
    let base = "CREATE TABLE IF NOT EXISTS t (id bigserial PRIMARY KEY, note text); \
                CREATE SEQUENCE IF NOT EXISTS free START 1000;";
    let server = server();
    let of = |text: &str| {
        let report = proof(&server, &[("V001__base.sql", base), ("V002__case.sql", text)]);
        let again = |kind| check(&report, 1, kind).outcome == Outcome::Contradicted;
        assert_eq!(again(CheckKind::Rerun), again(CheckKind::AtHead), "{text}\n{}", shown(&report));
        again(CheckKind::Rerun)
    };
    assert!(of("ALTER SEQUENCE free RESTART WITH 5000;"));
    assert!(of("SELECT setval('t_id_seq', 1000);"));
    assert!(of("SELECT pg_catalog.setval(pg_get_serial_sequence('t', 'id'), 1000, false);"));
    assert!(of("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (note);\nSELECT SETVAL('t_id_seq', 1000);"));
    assert!(!of("SELECT setval('t_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM t), false);"));
    assert!(!of("SELECT setval('t_id_seq', 1000) WHERE (SELECT last_value < 1000 FROM t_id_seq);"));
    assert!(!of("TRUNCATE t RESTART IDENTITY;"));
}
