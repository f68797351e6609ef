//! One partition is tried for those that are alike, and for no other.

use crate::{found, fresh, wrongs};
use trueup_postgres::{Server, ServerOptions};
use trueup_tenancy::{Options, Report, prove_within};

const PARTS: [&str; 8] = ["2020", "2021", "2022", "2023", "2024", "2025", "2026", "2027"];

/// A table in parts by year, each with rights and a policy of its own; `{open}` stands in the conditions of the parts.
fn schema(open: &str, more: &str) -> String {
    let own = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid";
    let guard = |table: &str, condition: &str| {
        format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
             CREATE POLICY p ON {table} USING ({condition}); GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO app;"
        )
    };
    let parts = PARTS.map(|year| {
        format!(
            "CREATE TABLE e{year} PARTITION OF events FOR VALUES FROM ('{year}-01-01') TO ('{year}-12-31'); {}",
            guard(&format!("e{year}"), &format!("{own}{open}"))
        )
    });
    format!(
        "CREATE ROLE app; CREATE TABLE events (id uuid DEFAULT gen_random_uuid(), tenant_id uuid NOT NULL, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         {} {} {more}",
        parts.join(" "),
        guard("events", own)
    )
}

fn proven(server: &Server, sql: &str) -> Report {
    let database = server.create().unwrap();
    let mut client = fresh(&database);
    client.batch_execute(&format!("BEGIN; {sql}")).unwrap();
    prove_within(&mut client, &Options::default()).unwrap()
}

/// The parts that were tried themselves.
fn tried(report: &Report) -> Vec<&str> {
    let of_parts =
        report.subjects.iter().filter(|subject| subject.name != "events" && !subject.probes.is_empty());
    of_parts.map(|subject| subject.name.as_str()).collect()
}

#[test]
fn one_part_is_tried_for_those_that_are_alike() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let sound = proven(&server, &schema("", ""));
    assert_eq!(wrongs(&sound), []);
    assert_eq!((sound.subjects.len(), tried(&sound)), (9, vec!["e2020"]));
    let told = sound.explain("e2023").map(|subject| subject.reason.clone()).unwrap_or_default();
    assert!(told.ends_with("e2020, which is alike but for its bound, was tried for it"), "{told}");

    // Each of the others differs in one thing.
    let differ = "REVOKE UPDATE ON e2021 FROM app; CREATE POLICY h ON e2022 FOR SELECT USING (note = 'x');
        CREATE UNIQUE INDEX ON e2023 (note); CREATE VIEW v WITH (security_invoker) AS SELECT * FROM e2024;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER t BEFORE INSERT ON e2025 FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE e2026 NO FORCE ROW LEVEL SECURITY";
    let report = proven(&server, &schema("", differ));
    let parts: Vec<&str> = tried(&report).into_iter().filter(|part| part.starts_with('e')).collect();
    assert_eq!(parts, ["e2020", "e2021", "e2022", "e2023", "e2024", "e2025", "e2026"]);
    for (name, open) in
        [("a bound", " OR at < '2021-01-01'"), ("its own name", " OR tableoid = 'e2020'::regclass")]
    {
        let report = proven(&server, &schema(open, ""));
        assert_eq!(tried(&report).len(), PARTS.len(), "{name}");
        assert!(found(&report, "e2020").contains(&"select"), "{name}: {:#?}", wrongs(&report));
        assert!(!found(&report, "e2024").contains(&"select"), "{name}");
    }
    let report = proven(&server, &schema(" OR note IS NULL", ""));
    assert_eq!(tried(&report), ["e2020"]);
    let why = report.explain("e2024").and_then(|part| part.why.clone()).unwrap_or_default();
    assert!(why.starts_with("as e2020: "), "{why}");
}
