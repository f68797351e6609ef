//! What cannot be tried is told with its reason, and what was tried and held is not complained about.

use crate::fresh;
use trueup_postgres::{Server, ServerOptions};
use trueup_tenancy::{Carrier, Claim, FindingKind, Options, Report, Verdict, prove_within};

const GUARD: &str = "ALTER TABLE docs ENABLE ROW LEVEL SECURITY; ALTER TABLE docs FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON docs USING (tenant_id = current_setting('app.tenant_id', true)); GRANT SELECT, INSERT ON docs TO app;";

/// Schemas in one database, each with what has to be told of it.
struct Cases {
    server: Server,
}

impl Cases {
    fn new() -> Cases {
        Cases { server: Server::start(&ServerOptions::default()).unwrap() }
    }

    fn check(&self, sql: &str, options: &Options, verdict: Verdict, tells: impl FnOnce(&Report)) {
        let database = self.server.create().unwrap();
        let mut client = fresh(&database);
        // Roles belong to the server: they go with the transaction.
        client.batch_execute(&format!("BEGIN; {sql}")).unwrap();
        let report = prove_within(&mut client, options).unwrap();
        assert_eq!(report.verdict(), verdict, "{sql}\n{report:#?}");
        tells(&report);
    }
}

fn why<'r>(report: &'r Report, name: &str) -> &'r str {
    report.explain(name).unwrap().why.as_deref().unwrap_or_default()
}

fn kinds(report: &Report) -> Vec<FindingKind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

#[test]
fn limits_are_told() {
    let cases = Cases::new();
    let none = Options::default();
    let one_part = format!(
        "CREATE ROLE app; CREATE TABLE docs (tenant_id text NOT NULL, body text) PARTITION BY LIST (tenant_id);
        CREATE TABLE docs_acme PARTITION OF docs FOR VALUES IN ('acme'); {GUARD}"
    );
    cases.check(&one_part, &none, Verdict::Vacuous, |report| {
        assert!(why(report, "docs").contains("the parts of docs take 'acme' alone"), "{report:#?}");
    });
    let own_part = "CREATE TABLE docs_globex PARTITION OF docs FOR VALUES IN ('globex');
        ALTER TABLE docs_globex ENABLE ROW LEVEL SECURITY; GRANT SELECT ON docs_globex TO app;";
    cases.check(&format!("{one_part} {own_part}"), &none, Verdict::Vacuous, |report| {
        assert_eq!(report.explain("docs").unwrap().verdict, Verdict::Proven, "{report:#?}");
        assert!(
            why(report, "docs_globex").contains("it takes those FOR VALUES IN ('globex')"),
            "{report:#?}"
        );
    });
    let foreign = format!(
        "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text); {GUARD}
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
        CREATE FOREIGN TABLE seen (id int, tenant_id text) SERVER far; CREATE FOREIGN TABLE hidden (id int) SERVER far;
        GRANT SELECT ON seen TO app;"
    );
    cases.check(&foreign, &none, Verdict::NotCheckable, |report| {
        assert!(why(report, "seen").contains("another server"), "{report:#?}");
        assert!(report.explain("hidden").is_none());
        assert_eq!(kinds(report), [FindingKind::ForeignTable]);
    });
    let told = Options { globals: vec!["seen".to_owned()], ..Options::default() };
    cases.check(&foreign, &told, Verdict::Proven, |report| assert!(report.explain("seen").is_none()));
}

#[test]
fn what_held_is_not_complained_about() {
    let cases = Cases::new();
    let none = Options::default();
    let view = |condition: &str| {
        format!(
            "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text);
            CREATE VIEW mine WITH (security_barrier) AS SELECT id, body FROM docs WHERE {condition}; GRANT SELECT ON mine TO app;"
        )
    };
    cases.check(
        &view("tenant_id = current_setting('app.tenant_id', true)"),
        &none,
        Verdict::Proven,
        |report| {
            assert_eq!(kinds(report), []);
        },
    );
    cases.check(
        &view("tenant_id <> current_setting('app.tenant_id', true)"),
        &none,
        Verdict::Contradicted,
        |report| {
            assert_eq!(kinds(report), [FindingKind::NoSecurityInvoker]);
            assert!(report.findings[0].message.contains("row security is not asked there"), "{report:#?}");
        },
    );
    let told = |claims: Claim, sql: &str| {
        let carriers =
            vec![Carrier::Json { name: "x.claims".to_owned(), keys: vec![(vec!["all".to_owned()], claims)] }];
        let sql = format!(
            "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text);
            ALTER TABLE docs ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON docs USING ({sql}); GRANT SELECT, INSERT ON docs TO app;"
        );
        cases.check(&sql, &Options { carriers, ..Options::default() }, Verdict::Proven, |_| ());
    };
    let claims = "nullif(current_setting('x.claims', true), '')::jsonb";
    told(
        Claim::Json("[{\"id\": \"{tenant}\"}]".to_owned()),
        &format!("{claims} -> 'all' -> 0 ->> 'id' = tenant_id"),
    );
    told(Claim::Text("of {tenant}".to_owned()), &format!("{claims} ->> 'all' = 'of ' || tenant_id"));
    let array = "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id uuid NOT NULL, body text);
        ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON docs USING (tenant_id = ANY (nullif(current_setting('app.tenants', true), '')::uuid[]));
        GRANT SELECT, INSERT, UPDATE, DELETE ON docs TO app";
    cases.check(array, &none, Verdict::Proven, |_| ());
}

#[test]
fn a_view_that_keeps_rows_is_refreshed_before_it_is_shown() {
    let cases = Cases::new();
    let sql = format!(
        "CREATE ROLE app; CREATE TABLE docs (id int PRIMARY KEY, tenant_id text NOT NULL, body text); {GUARD}
        CREATE MATERIALIZED VIEW kept AS SELECT tenant_id, count(*) AS n FROM docs GROUP BY 1;
        CREATE VIEW over AS SELECT tenant_id FROM kept; GRANT SELECT ON kept, over TO app;"
    );
    cases.check(&sql, &Options::default(), Verdict::Contradicted, |report| {
        let docs = report.explain("docs").unwrap();
        let b = docs.seeds.iter().find(|seed| seed.tenant == trueup_tenancy::Tenant::B).unwrap();
        for name in ["kept", "over"] {
            let leaks: Vec<_> = report.explain(name).unwrap().leaks().collect();
            assert!(!leaks.is_empty());
            for leak in leaks {
                let witness = leak.witness.as_ref().unwrap();
                assert!(
                    witness.confirmed && witness.sql.contains("REFRESH MATERIALIZED VIEW"),
                    "{witness:#?}"
                );
                // The row that is shown is that of B.
                let shown = witness.sql.lines().rev().nth(1).unwrap();
                let value =
                    shown.split("\"tenant_id\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                assert!(b.sql.contains(value), "{shown}\n{}", b.sql);
            }
        }
    });
}
