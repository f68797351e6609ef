//! Witnesses are run as a user runs them, and what is told is taken.

use crate::{fresh, sound};
use trueup_postgres::{Client, Server, ServerOptions, SimpleQueryMessage};
use trueup_tenancy::{Carrier, Claim, FindingKind, Model, Options, ProbeKind, Sample, Verdict, prove};

/// What pgTAP does, as far as witnesses use it.
const TAP: &str = "
CREATE FUNCTION plan(int) RETURNS text LANGUAGE sql AS $$ SELECT '1..' || $1 $$;
CREATE FUNCTION ok(boolean, text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN $1 THEN 'ok' ELSE 'not ok' END $$;
CREATE FUNCTION \"is\"(text, text, text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN $1 = $2 THEN 'ok' ELSE 'not ok' END $$;
CREATE FUNCTION finish() RETURNS SETOF text LANGUAGE sql AS $$ SELECT 'done' $$;";

/// All values that a script shows, and its error.
fn shown(client: &mut Client, script: &str) -> (Vec<String>, Option<String>) {
    match client.simple_query(script) {
        Ok(messages) => {
            let row = |message: &SimpleQueryMessage| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            };
            (messages.iter().filter_map(row).collect(), None)
        }
        Err(error) => {
            let state = error.code().map(|code| code.code().to_owned());
            client.batch_execute("ROLLBACK").unwrap();
            (Vec::new(), state)
        }
    }
}

#[test]
fn witnesses_show_their_leaks() {
    let sound = sound(include_str!("sound/column.sql"), &["countries"], &["backup"]);
    let server = Server::start(&ServerOptions::default()).unwrap();
    let base = server.create().unwrap();
    fresh(&base).batch_execute(&format!("{}{TAP}", sound.sql)).unwrap();
    let open = server.copy_of(&base).unwrap();
    let holes = "ALTER POLICY own ON orders USING (true);
        ALTER POLICY own_change ON invoices USING (true) WITH CHECK (true); ALTER POLICY own_delete ON invoices USING (true);
        CREATE VIEW totals AS SELECT count(*) AS n FROM orders; GRANT SELECT ON totals TO reporting;
        ALTER FUNCTION cancel_order(bigint) SECURITY DEFINER; ALTER FUNCTION paid_orders(uuid) SECURITY DEFINER;
        ALTER TABLE customers ADD UNIQUE (email); GRANT TRUNCATE ON invoices TO app; GRANT UPDATE (name) ON countries TO app;
        ALTER TABLE orders DROP CONSTRAINT orders_tenant_id_customer_id_fkey, ADD FOREIGN KEY (customer_id) REFERENCES customers (id)";
    fresh(&open).batch_execute(holes).unwrap();
    let report = prove(&mut fresh(&open), &sound.options).unwrap();
    let mut kinds = Vec::new();
    for probe in report.subjects.iter().flat_map(|subject| subject.leaks()) {
        let witness = probe.witness.as_ref().unwrap();
        let (values, state) = shown(&mut fresh(&open), &witness.sql);
        // What is seen, what a superuser sees afterwards, or the error that tells.
        let seen =
            values.last().is_some_and(|last| last == "t" || last.parse::<i64>().is_ok_and(|count| count > 0));
        let writes = probe.kind == ProbeKind::GlobalWrite;
        let told = probe.kind == ProbeKind::Oracle && state.as_deref() == Some("23505");
        assert!(seen || told || (writes && state.is_none()), "{values:?} {state:?}\n{}", witness.sql);
        let (values, state) = shown(&mut fresh(&open), &witness.pgtap);
        assert!(values.contains(&"not ok".to_owned()), "{values:?} {state:?}\n{}", witness.pgtap);
        kinds.push(probe.kind);
        // On the schema without holes the same test passes.
        let of_schema = probe.kind == ProbeKind::View || probe.sql.contains("totals");
        if !of_schema {
            let (values, state) = shown(&mut fresh(&base), &witness.pgtap);
            assert!(values.contains(&"ok".to_owned()), "{values:?} {state:?}\n{}", witness.pgtap);
        }
    }
    kinds.sort();
    kinds.dedup();
    let expected = [
        ProbeKind::Select,
        ProbeKind::Insert,
        ProbeKind::Update,
        ProbeKind::BlindUpdate,
        ProbeKind::Delete,
        ProbeKind::BlindDelete,
        ProbeKind::Move,
        ProbeKind::Reference,
        ProbeKind::Oracle,
        ProbeKind::Truncate,
        ProbeKind::View,
        ProbeKind::Function,
        ProbeKind::GlobalWrite,
    ];
    let missing: Vec<_> = expected.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(report.explain("orders").unwrap().model, Some(Model::Direct { column: "tenant_id".into() }));
}

fn told(sql: &str, options: &Options, check: impl FnOnce(trueup_tenancy::Report)) {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let database = server.create().unwrap();
    fresh(&database).batch_execute(sql).unwrap();
    check(prove(&mut fresh(&database), options).unwrap());
}

#[test]
fn what_is_told_comes_before_what_is_guessed() {
    let sql = "CREATE ROLE app; CREATE ROLE other;
        CREATE TABLE things (mandant int NOT NULL, name text NOT NULL CHECK (name = reverse(name) AND length(name) = 5));
        ALTER TABLE things ENABLE ROW LEVEL SECURITY; ALTER TABLE things FORCE ROW LEVEL SECURITY;
        CREATE FUNCTION who() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN current_setting('x.' || 'who', true); END $$;
        CREATE POLICY own ON things USING (mandant::text = who());
        GRANT SELECT, INSERT ON things TO app; GRANT SELECT ON things TO other;";
    let mut options =
        Options { tenant_columns: vec!["mandant".into()], roles: vec!["app".into()], ..Options::default() };
    told(sql, &options, |report| {
        let things = report.explain("things").unwrap();
        assert_eq!(things.verdict, Verdict::Vacuous, "no guess makes a row: {things:#?}");
        assert!(
            things.seeds.iter().any(|seed| seed.failed.as_deref().is_some_and(|why| why.contains("23514")))
        );
    });
    let row = "INSERT INTO things VALUES ({tenant}, 'level')".to_owned();
    options.samples.push(Sample { table: ("public".into(), "things".into()), sql: row });
    told(sql, &options, |report| {
        assert_eq!(
            report.explain("things").unwrap().verdict,
            Verdict::Vacuous,
            "A sees nothing: the claim is not known"
        );
    });
    options.carriers.push(Carrier::Setting { name: "x.who".into(), claim: Claim::Tenant });
    told(sql, &options, |report| {
        let things = report.explain("things").unwrap();
        assert_eq!((things.verdict, things.why.as_deref()), (Verdict::Proven, None), "{things:#?}");
        assert!(report.principals.iter().all(|principal| principal.role == "app"));
    });
}

#[test]
fn only_a_superuser_can_try() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let database = server.create().unwrap();
    let mut client = fresh(&database);
    client.batch_execute("CREATE ROLE plain; SET ROLE plain").unwrap();
    let error = prove(&mut client, &Options::default()).unwrap_err();
    assert!(error.hint.is_some(), "{error:?}");
    client.batch_execute("RESET ROLE").unwrap();
    assert!(prove(&mut client, &Options::default()).is_ok(), "the transaction was ended");
}

#[test]
fn nothing_is_proven_of_what_nobody_reaches() {
    told("CREATE TABLE notes (tenant_id int NOT NULL)", &Options::default(), |report| {
        assert_eq!(report.explain("notes").unwrap().verdict, Verdict::NotCheckable);
        assert_ne!(report.verdict(), Verdict::Proven);
    });
    told("SELECT 1", &Options::default(), |report| assert_eq!(report.verdict(), Verdict::Vacuous));
    let scripts = vec![(
        "V1__x.sql".to_owned(),
        "SELECT 1;\nSET app.tenant_id = '1';\nSET LOCAL app.tenant_id = '2';".to_owned(),
    )];
    let sql = "CREATE ROLE app; CREATE TABLE notes (tenant_id int NOT NULL); GRANT SELECT ON notes TO app; ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON notes USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int)";
    told(sql, &Options { scripts, ..Options::default() }, |report| {
        let claims: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| finding.kind == FindingKind::SessionClaim)
            .map(|finding| finding.about.as_str())
            .collect();
        assert_eq!(claims, ["V1__x.sql:2"]);
        assert_eq!(report.explain("notes").unwrap().verdict, Verdict::Proven);
    });
}

#[test]
fn few_tenants_are_told_apart_or_nothing_is_said() {
    let sql = |check: &str| {
        format!(
            "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL CHECK ({check}), body text);
            CREATE VIEW mine WITH (security_invoker) AS SELECT * FROM docs; GRANT SELECT ON mine TO app;
            ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
            CREATE POLICY p ON docs USING (tenant_id = current_setting('app.tenant_id', true));
            GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app"
        )
    };
    told(&sql("tenant_id IN ('acme', 'globex')"), &Options::default(), |report| {
        assert_eq!(report.verdict(), Verdict::Proven, "{report:#?}");
    });
    let one = sql("true")
        .replace("tenant_id text", "tenant_id single")
        .replace("CREATE ROLE app;", "CREATE ROLE app; CREATE TYPE single AS ENUM ('acme');");
    told(&one.replace("(tenant_id =", "(tenant_id::text ="), &Options::default(), |report| {
        assert_eq!(report.verdict(), Verdict::Vacuous, "{report:#?}");
        for name in ["docs", "mine"] {
            let why = report.explain(name).unwrap().why.clone().unwrap();
            assert!(why.contains("no two tenants"), "{name}: {why}");
        }
    });
}

#[test]
fn what_does_not_ask_is_told() {
    let sql = "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text);
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON docs USING (tenant_id = current_setting('app.tenant_id', true)) WITH CHECK (body <> 'z');
        CREATE POLICY nothing ON docs FOR SELECT; GRANT SELECT, INSERT ON docs TO app";
    told(sql, &Options::default(), |report| {
        let open: Vec<&str> = report
            .findings
            .iter()
            .filter(|finding| {
                matches!(finding.kind, FindingKind::OpenPolicy | FindingKind::PermissivePolicies)
            })
            .map(|finding| finding.message.as_str())
            .collect();
        assert!(matches!(open.as_slice(), [one] if one.contains("own allows (body <> 'z'")), "{open:?}");
        let owner = report.findings.iter().find(|finding| finding.kind == FindingKind::NotForced).unwrap();
        assert_eq!(owner.message, "row security is not asked for the owner of docs");
    });
}
