//! Chains that hold.

use crate::{chain_in, check, claimed, only, proof, proof_with, server, shown};
use trueup_postgres::{Client, Database, Server, ServerOptions};
use trueup_prove::{CheckKind, Detail, Options, Outcome, Report, Verdict};
use trueup_sql::Layout;

/// A chain that goes Expand → Migrate → Contract, with row security, functions, triggers, seeds and backfills.
pub const GOOD: [(&str, &str); 12] = [
    ("V001__roles.sql", "
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN CREATE ROLE shop_app NOLOGIN; END IF;
        END $$;
        CREATE SCHEMA IF NOT EXISTS shop;
        GRANT USAGE ON SCHEMA shop TO shop_app;"),
    ("V002__tenants.sql", "
        CREATE TABLE IF NOT EXISTS shop.tenants (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE,
            created_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS shop.plans (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE, price numeric(10, 2) NOT NULL);"),
    ("V003__plans.sql", "
        INSERT INTO shop.plans (code, price) VALUES ('free', 0), ('pro', 20) ON CONFLICT (code) DO NOTHING;
        UPDATE shop.plans SET price = 25 WHERE code = 'pro' AND price < 25;"),
    ("V004__items.sql", "
        DO $$ BEGIN CREATE TYPE shop.mood AS ENUM ('new', 'old; not closed'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        CREATE TABLE IF NOT EXISTS shop.items (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tenant_id uuid NOT NULL REFERENCES shop.tenants (id) ON DELETE CASCADE,
            name text NOT NULL CHECK (length(name) > 0), mood shop.mood NOT NULL DEFAULT 'new',
            price numeric(10, 2) NOT NULL DEFAULT 0 CHECK (price >= 0), note text);
        CREATE INDEX IF NOT EXISTS items_tenant ON shop.items (tenant_id);"),
    ("V005__touch.sql", "
        ALTER TABLE shop.items ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();
        CREATE OR REPLACE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $fn$
        BEGIN
            NEW.updated_at := now(); -- a semicolon; in a comment
            RETURN NEW;
        END $fn$;
        DROP TRIGGER IF EXISTS items_touch ON shop.items;
        CREATE TRIGGER items_touch BEFORE UPDATE ON shop.items FOR EACH ROW EXECUTE FUNCTION shop.touch();"),
    ("V006__policies.sql", "
        ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY;
        ALTER TABLE shop.items FORCE ROW LEVEL SECURITY;"),
    ("V007__policies_of_items.sql", "
        DROP POLICY IF EXISTS own ON shop.items;
        CREATE POLICY own ON shop.items USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        GRANT SELECT, INSERT, UPDATE, DELETE ON shop.items TO shop_app;"),
    ("V008__view.sql", "
        CREATE OR REPLACE VIEW shop.cheap AS SELECT id, name, price FROM shop.items WHERE price < 10;
        GRANT SELECT ON shop.cheap TO shop_app;"),
    ("V009__currency_expand.sql", "
        BEGIN;
        ALTER TABLE shop.items ADD COLUMN IF NOT EXISTS currency text;
        COMMENT ON COLUMN shop.items.currency IS 'ISO 4217';
        COMMIT;"),
    ("V010__currency_migrate.sql", "
        SET search_path = shop;
        UPDATE items SET currency = 'EUR' WHERE currency IS NULL;"),
    ("V011__currency_contract.sql", "
        ALTER TABLE shop.items ALTER COLUMN currency SET NOT NULL;"),
    ("V012__index.sql", "
        DROP INDEX CONCURRENTLY IF EXISTS shop.items_name;
        CREATE INDEX CONCURRENTLY items_name ON shop.items (name);"),
];

#[test]
fn a_sound_chain_is_proven_in_all_modes() {
    let server = server();
    let report = proof(&server, &GOOD);
    println!("{}\n{} ms", shown(&report), report.millis);
    only(&report, usize::MAX, &[]);
    assert_eq!(report.verdict(), Verdict::Proven, "{}", shown(&report));
    assert_eq!((report.stopped.as_ref(), report.prerequisites.len()), (None, 0), "{}", shown(&report));
    assert_eq!(report.kill_points, report.statements, "{}", shown(&report));
    let Detail::KillPoints(kills) = &check(&report, 11, CheckKind::KillPoints).detail else { panic!() };
    assert!(kills.on_copies && kills.inside.len() == 1, "{kills:?}");
    let without = proof_with(&server, &GOOD, &Options { kill_points: false, ..claimed() });
    only(&without, usize::MAX, &[]);
    println!("{} ms without kill points", without.millis);
    let rows = proof_with(&server, &GOOD, &Options { kill_points: false, rows: Some(500), ..claimed() });
    println!("{}\n{} ms with rows", shown(&rows), rows.millis);
    only(&rows, usize::MAX, &[]);
}

#[test]
fn each_file_has_a_session_of_its_own() {
    let server = server();
    let report = proof(
        &server,
        &[
            ("V001__a.sql", "CREATE SCHEMA IF NOT EXISTS side;\nSET search_path = side;\n
                CREATE TABLE IF NOT EXISTS a (b int);\nLISTEN news;\nNOTIFY news, 'x';\nSET default_transaction_isolation = 'serializable';\nSET ROLE pg_monitor;"),
            ("V002__b.sql", "CREATE TABLE IF NOT EXISTS c (d int);\nPREPARE q AS SELECT 1;\nEXECUTE q;
                CREATE TEMPORARY TABLE t (e int);\nINSERT INTO t VALUES (1);\nSELECT pg_advisory_lock(42);"),
            ("V003__c.sql", "SELECT pg_advisory_lock(42);\nCREATE TABLE IF NOT EXISTS public.f (g int);
                COMMENT ON TABLE public.c IS 'in the schema public';"),
        ],
    );
    only(&report, usize::MAX, &[]);
}

#[test]
fn data_in_a_file_is_fed() {
    let server = server();
    let text = "CREATE TABLE IF NOT EXISTS a (b int PRIMARY KEY, c text);\nTRUNCATE a;\nCOPY a FROM stdin;\n1\tx;y\n2\t\\N\n\\.\nSELECT 1 / (SELECT count(*) - 1 FROM a);";
    let report = proof_with(&server, &[("V001__a.sql", text)], &Options::default());
    assert_eq!((report.verdict(), report.statements), (Verdict::Proven, 4), "{}", shown(&report));
}

/// How the server of a database is given by its address.
fn address(theirs: &Database<'_>, client: &mut Client) -> ServerOptions {
    let folder: String = client.query_one("SHOW unix_socket_directories", &[]).unwrap().get(0);
    let user: String = client.query_one("SELECT current_user::text", &[]).unwrap().get(0);
    let url = format!("postgresql://{user}@/{}?host={}", theirs.name(), folder.replace('/', "%2F"));
    ServerOptions { database_url: Some(url), version: None }
}

#[test]
fn a_given_server_is_left_as_it_was() {
    let private = server();
    let theirs = private.create().unwrap();
    let mut client = theirs.connect().unwrap();
    let options = address(&theirs, &mut client);
    let count = "SELECT (SELECT count(*) FROM pg_roles) + (SELECT count(*) FROM pg_database)";
    let mut counted = || client.query_one(count, &[]).unwrap().get::<_, i64>(0);
    let before = counted();
    {
        let given = Server::start(&options).unwrap();
        let mut files = GOOD[..3].to_vec();
        files.push(("V004__grant.sql", "GRANT SELECT ON shop.plans TO somebody;"));
        let report = proof_with(&given, &files, &Options { kill_points: false, ..claimed() });
        only(&report, 3, &[CheckKind::Prerequisites]);
        let report =
            proof(&given, &[("V001__a.sql", "GRANT CONNECT ON DATABASE no_such_database TO public;")]);
        assert_eq!(report.verdict(), Verdict::Contradicted, "{}", shown(&report));
        assert_eq!(report.prerequisites[0].stub, None, "{}", shown(&report));
    }
    assert_eq!(counted(), before);
}

#[test]
fn roles_of_a_given_server_are_not_changed() {
    let private = server();
    let theirs = private.create().unwrap();
    let mut client = theirs.connect().unwrap();
    client.batch_execute("CREATE ROLE app_rw NOLOGIN; CREATE ROLE app_ro NOLOGIN").unwrap();
    let given = Server::start(&address(&theirs, &mut client)).unwrap();
    let made = "DO $$ BEGIN CREATE ROLE app_rw NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        DO $$ BEGIN CREATE ROLE app_own NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;";
    let options = Options { kill_points: false, ..claimed() };
    let mut check = |text: &str, changes: bool| {
        let report = proof_with(&given, &[("V001__a.sql", made), ("V002__b.sql", text)], &options);
        let expected = if changes { Verdict::NotCheckable } else { Verdict::Proven };
        assert_eq!(report.files[1].verdict, expected, "{text}\n{}", shown(&report));
        let why = "line 1: it changes what the given server has beside the scratch database";
        assert_eq!(report.files[1].reason.as_deref(), changes.then_some(why), "{text}");
        let now = "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolconnlimit, rolconfig, \
             shobj_description(oid, 'pg_authid'), (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)), '; ' \
             ORDER BY rolname) FROM pg_roles r WHERE rolname LIKE 'app%'";
        let roles: String = client.query_one(now, &[]).unwrap().get(0);
        assert_eq!(roles, "app_ro f -1 0; app_rw f -1 0", "{text}");
    };
    check("GRANT app_ro TO app_rw;", true);
    check("REVOKE app_ro FROM app_rw;", true);
    check("COMMENT ON ROLE app_rw IS 'the app';", true);
    check("ALTER USER App_RW LOGIN;", true);
    check("ALTER GROUP app_own ADD USER app_rw;", true);
    check("DROP ROLE IF EXISTS app_none, app_ro;", true);
    check("DROP OWNED BY app_ro;", true);
    check(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_rw') THEN ALTER ROLE app_rw LOGIN CONNECTION LIMIT 3; END IF; END $$;",
        true,
    );
    check("DO $$ DECLARE r name := 'app_rw'; BEGIN EXECUTE format('ALTER ROLE %I LOGIN', r); END $$;", true);
    check("ALTER ROLE app_own LOGIN; GRANT app_ro TO app_own; COMMENT ON ROLE app_own IS 'ours';", false);
    check(
        "DO $$ BEGIN ALTER ROLE app_own CONNECTION LIMIT 3; END $$; GRANT USAGE ON SCHEMA public TO app_rw;",
        false,
    );
}

#[test]
fn a_role_of_a_given_server_that_a_function_changes_is_told() {
    let private = server();
    let theirs = private.create().unwrap();
    let mut client = theirs.connect().unwrap();
    client.batch_execute("CREATE ROLE app_rw NOLOGIN").unwrap();
    let given = Server::start(&address(&theirs, &mut client)).unwrap();
    let text = "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER ROLE app_rw LOGIN; END $$; SELECT f();";
    let stopped = |report: &Report| report.stopped.clone().map(|stopped| stopped.message);
    let report = proof(&given, &[("V001__a.sql", text)]);
    let told = stopped(&report).is_some_and(|message| message.contains("before: app_rw; the chain"));
    assert!(told, "{}", shown(&report));
    assert_eq!(stopped(&proof(&given, &[("V001__a.sql", text)])), None);
}

#[test]
fn a_schema_is_not_made_where_that_changes_roles_of_a_given_server() {
    let private = server();
    let theirs = private.create().unwrap();
    let mut client = theirs.connect().unwrap();
    client.batch_execute("CREATE ROLE app_rw NOLOGIN").unwrap();
    let given = Server::start(&address(&theirs, &mut client)).unwrap();
    let make = |text: &str| {
        let chain = chain_in(Layout::Governance, &[("V001__a.sql", text)]);
        trueup_prove::build(&given, &chain.files, "").map(|_| ()).map_err(|error| error.line)
    };
    assert_eq!(make("SELECT 1;\nALTER ROLE app_rw LOGIN;"), Err(Some(2)));
    assert_eq!(make("CREATE ROLE app_own; ALTER ROLE app_own LOGIN;"), Ok(()));
}

/// What a trial on a copy does to roles is no change of the files that are tried behind it.
#[test]
fn trials_leave_roles_as_they_were() {
    let server = server();
    let make = |name: &str| {
        format!("DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;")
    };
    let (app, both) = (make("app"), make("app") + &make("grp"));
    let options = Options { kill_points: false, ..claimed() };
    let case = |first: &str, one: &str, other: &str| {
        let table = "CREATE TABLE IF NOT EXISTS t (id int); COMMENT ON TABLE t IS 'things';";
        let files = [
            ("V001__a.sql", first),
            ("V002__b.sql", one),
            ("V003__c.sql", other),
            ("V004__d.sql", table),
            ("V005__e.sql", "SELECT 1;"),
        ];
        let report = proof_with(&server, &files, &options);
        only(&report, 1, &[CheckKind::AtHead]);
        let problem = &check(&report, 1, CheckKind::AtHead).problems[0];
        assert!(problem.message.contains("role app"), "{}", shown(&report));
    };
    case(
        &app,
        "ALTER ROLE app SET statement_timeout = '1s';",
        "ALTER ROLE app SET statement_timeout = '5s';",
    );
    case(&app, "ALTER ROLE app SET search_path = a, \"B c\";", "ALTER ROLE app RESET ALL;");
    case(
        &app,
        "ALTER ROLE app LOGIN VALID UNTIL '2040-01-01';",
        "ALTER ROLE app NOLOGIN VALID UNTIL 'infinity';",
    );
    case(&both, "GRANT grp TO app;", "REVOKE grp FROM app;");
    case(&both, "REVOKE grp FROM app;", "GRANT grp TO app WITH ADMIN OPTION;");
    // No transaction takes it, so that each trial of it is one on a copy.
    case(&app, "ALTER ROLE app CONNECTION LIMIT 1; VACUUM;", "ALTER ROLE app CONNECTION LIMIT 2; VACUUM;");
}

/// Rows that a trigger makes beside those that are tried must not end the proof.
#[test]
fn a_table_that_a_trigger_keeps_is_no_obstacle() {
    let chain = [
        (
            "V001__people.sql",
            "CREATE TABLE IF NOT EXISTS people (id serial PRIMARY KEY, name text NOT NULL);
             CREATE TABLE IF NOT EXISTS counts (id serial PRIMARY KEY, person int UNIQUE REFERENCES people (id), n int NOT NULL DEFAULT 0);
             CREATE OR REPLACE FUNCTION count_person() RETURNS trigger LANGUAGE plpgsql
             AS $$ BEGIN INSERT INTO counts (person) VALUES (NEW.id); RETURN NULL; END $$;
             DROP TRIGGER IF EXISTS counted ON people;
             CREATE TRIGGER counted AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION count_person();",
        ),
        ("V002__nick.sql", "ALTER TABLE people ADD COLUMN IF NOT EXISTS nick text;"),
        ("V003__age.sql", "ALTER TABLE counts ADD COLUMN IF NOT EXISTS seen date;"),
    ];
    let server = server();
    let report = proof(&server, &chain);
    assert_eq!(report.verdict(), Verdict::Proven, "{}", shown(&report));
}

#[test]
fn what_a_file_inserts_takes_the_next_numbers() {
    let server = server();
    let options = Options { kill_points: false, ..claimed() };
    let base = "CREATE TABLE IF NOT EXISTS item (id bigserial PRIMARY KEY, no int GENERATED BY DEFAULT AS IDENTITY UNIQUE, name text);";
    let case = |text: &str| {
        let report = proof_with(&server, &[("V001__base.sql", base), ("V002__case.sql", text)], &options);
        let outcome = check(&report, 1, CheckKind::WithRows).outcome;
        assert_eq!(outcome, Outcome::Proven, "{text}\n{}", shown(&report));
    };
    case("INSERT INTO item (name) VALUES ('b');");
    // It runs in no transaction, so it is tried on copies.
    case("CREATE INDEX CONCURRENTLY i ON item (name); INSERT INTO item (name) VALUES ('b');");
}
