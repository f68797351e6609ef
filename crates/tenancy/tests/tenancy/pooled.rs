//! Claims of a session: each way in which one stays is found, tried and shown, and nothing else is.

use crate::fresh;
use trueup_postgres::{Client, Database, Server, ServerOptions, SimpleQueryMessage};
use trueup_tenancy::{FindingKind, Options, Outcome, ProbeKind, Report, Verdict, prove_pooled};

/// Sound: the claim is set for the transaction.
const NOTES: &str =
    include_str!("../../../../examples/broken/isolation/session-claim/V001__create_notes.sql");

/// What is made in the schema or stands in scripts, and what has to be found of it.
struct Case {
    name: &'static str,
    sql: &'static str,
    /// Texts of `V1.sql`, `V2.sql` and so on.
    scripts: &'static [&'static str],
    /// The subjects that leak.
    leaks: &'static [&'static str],
    /// The subjects that were tried and hold.
    holds: &'static [&'static str],
    /// Those that are only read, since no guess reaches them.
    read: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        name: "functions",
        sql: "
            CREATE FUNCTION a_for_the_session(t uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant_id', t::text, false); END $$;
            CREATE FUNCTION a_by_set(t uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET app.tenant_id = %L', t); END $$;
            CREATE FUNCTION a_put(key text, val text, brief boolean) RETURNS text LANGUAGE sql AS $$ SELECT set_config(key, val, NOT brief) $$;
            CREATE FUNCTION a_by_another(tenant uuid) RETURNS text LANGUAGE sql AS $$ SELECT a_put('app.tenant_id', tenant::text, true) $$;
            CREATE FUNCTION a_who_is_there(t uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
                IF NOT EXISTS (SELECT FROM public.tenants WHERE id = t) THEN RAISE EXCEPTION 'nobody'; END IF;
                PERFORM set_config('app.tenant_id', t::text, false); END $$;
            CREATE PROCEDURE a_procedure(t uuid) LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', t::text, false) $$;
            CREATE PROCEDURE a_that_commits(t uuid) LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant_id', t::text, false); COMMIT; END $$;
            CREATE FUNCTION a_as_told(t uuid, is_local boolean) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', t::text, is_local) $$;
            CREATE FUNCTION a_as_told_else_local(t uuid, is_local boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', t::text, is_local) $$;
            CREATE FUNCTION a_each_of(payload jsonb) RETURNS void LANGUAGE plpgsql AS $$ DECLARE k text; v text; BEGIN
                FOR k, v IN SELECT * FROM jsonb_each_text(payload) LOOP PERFORM set_config('app.' || k, v, false); END LOOP; END $$;
            CREATE FUNCTION a_with_a_built_name(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET %I.%I = %L', 'app', 'tenant_id', t); END $$;
            CREATE FUNCTION h_that_writes(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('UPDATE %I SET %I = %L', 'none', 'b', t); END $$;
            CREATE FUNCTION h_for_the_transaction(t uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.tenant_id', t::text, true); END $$;
            CREATE FUNCTION h_by_set_local(t uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET LOCAL app.tenant_id = %L', t); END $$;
            CREATE FUNCTION h_for_nobody(t uuid) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', t::text, false) $$;
            REVOKE EXECUTE ON FUNCTION h_for_nobody(uuid) FROM PUBLIC;
            CREATE FUNCTION r_with_a_code(t uuid, code int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
                IF code <> 4711 THEN RAISE EXCEPTION 'wrong code'; END IF; PERFORM set_config('app.tenant_id', t::text, false); END $$",
        scripts: &[],
        leaks: &[
            "a_as_told(t uuid, is_local boolean)",
            "a_as_told_else_local(t uuid, is_local boolean)",
            "a_by_another(tenant uuid)",
            "a_by_set(t uuid)",
            "a_each_of(payload jsonb)",
            "a_for_the_session(t uuid)",
            "a_procedure(IN t uuid)",
            "a_put(key text, val text, brief boolean)",
            "a_that_commits(IN t uuid)",
            "a_who_is_there(t uuid)",
            "a_with_a_built_name(t text)",
        ],
        holds: &["h_by_set_local(t uuid)", "h_for_nobody(t uuid)", "h_for_the_transaction(t uuid)"],
        read: &["r_with_a_code(t uuid, code integer)"],
    },
    Case {
        name: "scripts",
        sql: "",
        scripts: &[
            "SELECT 1;\nSET app.tenant_id = '1';",
            "SELECT set_config('app.tenant_id', '1', false);\nSELECT 1;\nRESET app.tenant_id;",
            "BEGIN;\nSET LOCAL app.tenant_id = '1';\nCOMMIT;",
        ],
        leaks: &["V1.sql:2"],
        holds: &["V2.sql:1"],
        read: &[],
    },
    Case {
        name: "a role has it from its login on",
        sql: "ALTER ROLE notes_app SET app.tenant_id = '00000000-0000-4000-8000-000000000001'",
        scripts: &["ALTER ROLE notes_app SET app.tenant_id = '00000000-0000-4000-8000-000000000001';"],
        leaks: &["role notes_app"],
        holds: &[],
        read: &[],
    },
    Case {
        name: "what is nothing, or was taken back",
        sql: "ALTER ROLE notes_app SET app.tenant_id = '';
            CREATE FUNCTION leave() RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', '', false) $$",
        scripts: &[
            "ALTER ROLE notes_app SET app.tenant_id = '';",
            "ALTER ROLE notes_app SET app.tenant_id = 'x';\nALTER ROLE notes_app RESET app.tenant_id;",
        ],
        leaks: &[],
        holds: &[],
        read: &[],
    },
];

/// What pgTAP does, as far as witnesses use it.
const TAP: &str = "
CREATE FUNCTION plan(int) RETURNS text LANGUAGE sql AS $$ SELECT '1..' || $1 $$;
CREATE FUNCTION ok(boolean, text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN $1 THEN 'ok' ELSE 'not ok' END $$;
CREATE FUNCTION \"is\"(text, text, text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN $1 = $2 THEN 'ok' ELSE 'not ok' END $$;
CREATE FUNCTION finish() RETURNS SETOF text LANGUAGE sql AS $$ SELECT 'done' $$;";

/// The first values of all rows that a script shows.
pub fn values(client: &mut Client, script: &str) -> Vec<String> {
    let messages = client.simple_query(script).unwrap_or_else(|error| panic!("{error:?}\n{script}"));
    let row = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    messages.iter().filter_map(row).collect()
}

/// The same, each statement by itself as `psql` sends them: one message is one transaction, and nothing in it may commit.
fn one_by_one(database: &Database<'_>, script: &str) -> Vec<String> {
    let mut client = fresh(database);
    script.split(";\n").flat_map(|statement| values(&mut client, statement)).collect()
}

fn names(report: &Report, is: fn(&Outcome) -> bool) -> Vec<&str> {
    let tried = |subject: &&trueup_tenancy::Subject| {
        subject.probes.iter().any(|probe| probe.kind == ProbeKind::SessionClaim && is(&probe.outcome))
    };
    let mut names: Vec<&str> =
        report.subjects.iter().filter(tried).map(|subject| subject.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn witnesses_show(report: &Report, database: &Database<'_>, name: &str) {
    let leaks = report.subjects.iter().flat_map(|subject| subject.leaks());
    for probe in leaks {
        let witness = probe.witness.as_ref().unwrap();
        assert!(witness.confirmed, "{name}: {}", witness.sql);
        let seen = one_by_one(database, &witness.pgtap);
        assert!(seen.contains(&"not ok".to_owned()), "{name}: {seen:?}\n{}", witness.pgtap);
        // `psql` alone can log in anew.
        if !witness.sql.contains("\\connect") {
            let seen = one_by_one(database, &witness.sql);
            assert_eq!(seen.last().map(String::as_str), Some("1"), "{name}: {}", witness.sql);
        }
    }
}

#[test]
fn claims_that_stay_are_found_and_no_others() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let sound = server.create().unwrap();
    fresh(&sound).batch_execute(&format!("{NOTES};{TAP}")).unwrap();
    let report = prove_pooled(&sound, &Options::default()).unwrap();
    assert_eq!((report.verdict(), &report.notes), (Verdict::Proven, &Vec::new()), "{report:#?}");
    for case in CASES {
        let database = server.copy_of(&sound).unwrap();
        fresh(&database).batch_execute(case.sql).unwrap();
        let scripts =
            case.scripts.iter().zip(1..).map(|(text, at)| (format!("V{at}.sql"), (*text).to_owned()));
        let options = Options { scripts: scripts.collect(), ..Options::default() };
        let report = prove_pooled(&database, &options).unwrap();
        let leaks = names(&report, |outcome| matches!(outcome, Outcome::Leak { .. }));
        assert_eq!(leaks, case.leaks, "{}: {:#?}", case.name, report.findings);
        let holds = names(&report, |outcome| matches!(outcome, Outcome::Held { .. }));
        assert_eq!(holds, case.holds, "{}: {:?}", case.name, report.notes);
        let found = report.findings.iter().filter(|found| found.kind == FindingKind::SessionClaim);
        let mut read: Vec<&str> = found.map(|found| found.about.as_str()).collect();
        read.sort_unstable();
        assert_eq!(read, [case.leaks, case.read].concat(), "{}: {:#?}", case.name, report.findings);
        assert_eq!(report.verdict() == Verdict::Proven, read.is_empty(), "{}", case.name);
        witnesses_show(&report, &database, case.name);
        fresh(&database).batch_execute("ALTER ROLE notes_app RESET ALL").unwrap();
    }
}
