//! Rights that a file takes from the version that still runs.

use super::{check, proof_with, server, shown};
use trueup_prove::CheckKind::OldVersion;
use trueup_prove::{Claims, Detail, Options, Report};

/// Each case has a table of its own, so that few files try them all.
const BASE: &str = "\
CREATE ROLE app; CREATE ROLE reader; CREATE ROLE team; CREATE ROLE member; CREATE ROLE clerk; CREATE ROLE keeper;
GRANT team TO member;
CREATE TABLE o (id int); CREATE TABLE a (id serial PRIMARY KEY, note text); GRANT SELECT, INSERT ON a TO app;
CREATE VIEW b AS SELECT id FROM o; GRANT SELECT ON b TO app;
CREATE TABLE d (id int PRIMARY KEY, note text); GRANT SELECT, UPDATE ON d TO app; GRANT SELECT ON d TO reader;
CREATE TABLE e (id int PRIMARY KEY, note text); GRANT SELECT ON e TO app, reader;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE SCHEMA g; CREATE TABLE g.g (id int); GRANT USAGE ON SCHEMA g TO app; GRANT SELECT ON g.g TO app;
CREATE TABLE h (id int); ALTER TABLE h OWNER TO keeper;
CREATE TABLE i (id int); GRANT SELECT ON i TO clerk;
CREATE TABLE j (id int, note text); GRANT SELECT ON j TO app;
CREATE TABLE k (id int); GRANT SELECT ON k TO team;
CREATE TABLE l (id int); GRANT SELECT ON l TO team;
CREATE SEQUENCE m; GRANT USAGE ON SEQUENCE m TO app;
CREATE TABLE n (id int); GRANT SELECT ON n TO app;
CREATE VIEW p AS SELECT id FROM o; GRANT SELECT ON p TO app;
CREATE TABLE q (id int, note text); GRANT SELECT ON q TO app;
CREATE TABLE r (id int); GRANT SELECT, DELETE ON r TO app; ALTER TABLE r ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON r FOR SELECT USING (true); CREATE POLICY gone ON r FOR DELETE USING (true);
CREATE TABLE s (id int); GRANT SELECT ON s TO app;
CREATE VIEW v AS SELECT id FROM o; GRANT SELECT ON v TO app;
CREATE TABLE u (id int); GRANT SELECT, UPDATE ON u TO app;
CREATE ROLE boss BYPASSRLS; CREATE TABLE w (id int); GRANT SELECT ON w TO boss; ALTER TABLE w ENABLE ROW LEVEL SECURITY;
CREATE ROLE chief BYPASSRLS; CREATE TABLE z (id int); GRANT SELECT ON z TO chief; ALTER TABLE z ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE y(a int) LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
";

/// What breaks: what is tried and as whom, the error code, the line, and whether a contracting file is there for it.
type Breaks = &'static [(&'static str, &'static str, u32, bool)];

/// It only takes away, and may.
const CONTRACTS: (&str, Breaks) = (
    "\
REVOKE SELECT ON a FROM app;
ALTER TABLE d ENABLE ROW LEVEL SECURITY;
REVOKE USAGE ON SCHEMA g FROM app;
REVOKE SELECT ON k FROM team;
REVOKE team FROM member;
REVOKE ALL ON SEQUENCE m FROM app;
DROP POLICY gone ON r;
ALTER TABLE q DROP COLUMN note;
",
    &[
        ("DELETE on r as app", "", 7, true),
        // What is gone breaks as such, and once.
        ("INSERT INTO q (id, note)", "42703", 8, true),
        ("SELECT id FROM g.g as app", "42501", 3, true),
        ("SELECT id FROM k as team", "42501", 4, true),
        ("SELECT id FROM l as member", "42501", 5, true),
        ("SELECT id, note FROM a as app", "42501", 1, true),
        ("SELECT id, note FROM q", "42703", 8, true),
        ("SELECT on d as reader", "", 2, true),
        ("SELECT, UPDATE on d as app", "", 2, true),
        ("UPDATE q SET id, note", "42703", 8, true),
        ("nextval('m') as app", "42501", 6, true),
    ],
);

/// It forgets rights, or mixes.
const FORGETS: (&str, Breaks) = (
    "\
DROP VIEW b;
CREATE VIEW b AS SELECT id FROM o;
CREATE POLICY p ON e TO app USING (true);
ALTER TABLE e ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON FUNCTION f FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f TO app, boss, chief, team, member, keeper, writer;
ALTER TABLE h OWNER TO reader;
REVOKE SELECT ON j FROM app;
GRANT SELECT (id) ON j TO app;
ALTER VIEW p SET (security_invoker = true);
ALTER TABLE s RENAME TO t;
CREATE VIEW s AS SELECT id FROM t;
ALTER ROLE boss NOBYPASSRLS;
REVOKE ALL ON FUNCTION x FROM PUBLIC;
REVOKE ALL ON PROCEDURE y FROM PUBLIC; GRANT EXECUTE ON PROCEDURE y TO app, boss, chief, team, member, keeper, writer;
",
    &[
        ("CALL y(IN a integer) as reader", "42501", 15, false),
        ("DELETE FROM h as keeper", "42501", 7, false),
        ("INSERT INTO h (id) as keeper", "42501", 7, false),
        ("SELECT FROM e as app", "", 4, true),
        ("SELECT f(a integer) as reader", "42501", 5, false),
        ("SELECT id FROM b as app", "42501", 2, false),
        ("SELECT id FROM h as keeper", "42501", 7, false),
        ("SELECT id FROM p as app", "42501", 10, false),
        ("SELECT id FROM s as app", "42501", 12, false),
        ("SELECT note FROM j as app", "42501", 8, false),
        ("SELECT on e as reader", "", 4, false),
        ("SELECT on w as boss", "", 13, false),
        ("SELECT x() as PUBLIC", "42501", 14, false),
        ("TRUNCATE h as keeper", "42501", 7, false),
        ("UPDATE h SET id as keeper", "42501", 7, false),
    ],
);

/// It gives back what it takes, and calls a role otherwise.
const KEEPS: (&str, Breaks) = (
    "\
DROP VIEW v;
CREATE VIEW v AS SELECT id FROM o;
GRANT SELECT ON v TO app;
REVOKE ALL ON u FROM app;
GRANT SELECT, UPDATE ON u TO app;
ALTER ROLE clerk RENAME TO writer;
",
    &[],
);

/// It does not run in a transaction, so it is tried on copies.
const ALONE: (&str, Breaks) = (
    "CREATE INDEX CONCURRENTLY ni ON n (id);\nREVOKE ALL ON n FROM app;\nALTER ROLE chief NOBYPASSRLS;",
    &[("SELECT id FROM n as app", "42501", 2, false), ("SELECT on z as chief", "", 3, false)],
);

fn broken(report: &Report, place: usize) -> Vec<(String, String, Option<u32>, bool)> {
    let Detail::OldVersion(old) = &check(report, place, OldVersion).detail else { panic!() };
    let one = |one: &trueup_prove::Break| {
        (one.shape.clone(), one.sqlstate.clone(), one.line, one.expected.is_some())
    };
    let mut all: Vec<_> = old.breaks.iter().map(one).collect();
    all.sort();
    all
}

fn options() -> Options {
    let claims = vec![Claims { idempotent: false, phases: true }];
    Options { kill_points: false, claims, ..Options::default() }
}

#[test]
fn rights_that_are_taken_away_break_the_old_version() {
    let server = server();
    let cases = [
        ("V002__a.sql", KEEPS),
        ("V003__b.sql", ALONE),
        ("V004__c.sql", CONTRACTS),
        ("V005__d.sql", FORGETS),
    ];
    let mut files = vec![("V001__base.sql", BASE)];
    files.extend(cases.iter().map(|(name, (text, _))| (*name, *text)));
    let report = proof_with(&server, &files, &options());
    for (at, (_, (text, expected))) in cases.iter().enumerate() {
        let one = |(shape, code, line, known): &(&str, &str, u32, bool)| {
            ((*shape).to_owned(), (*code).to_owned(), Some(*line), *known)
        };
        let expected: Vec<_> = expected.iter().map(one).collect();
        assert_eq!(broken(&report, at + 1), expected, "{text}\n{}", shown(&report));
    }
}

#[test]
fn where_nobody_is_named_everybody_counts() {
    let server = server();
    let of = |text: &str| {
        let base = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int);";
        let report = proof_with(&server, &[("V001__base.sql", base), ("V002__case.sql", text)], &options());
        broken(&report, 1)
    };
    let lost = ("SELECT f() as PUBLIC".to_owned(), "42501".to_owned(), Some(1), true);
    assert_eq!(of("REVOKE ALL ON FUNCTION f() FROM PUBLIC;"), [lost]);
    assert_eq!(of("ALTER TABLE t ENABLE ROW LEVEL SECURITY;"), []);
}

/// The rows of this chain are let through by settings that are not there.
const CLAIMED: &str = "\
CREATE ROLE api NOLOGIN; CREATE ROLE out NOLOGIN; CREATE SCHEMA s;
CREATE TABLE t (id int PRIMARY KEY, owner text NOT NULL); GRANT SELECT, INSERT, UPDATE, DELETE ON t TO api;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t TO api USING (owner = current_setting('app.user', true));
CREATE TABLE u (id int PRIMARY KEY, org uuid NOT NULL); GRANT SELECT ON u TO api; ALTER TABLE u ENABLE ROW LEVEL SECURITY;
CREATE POLICY org ON u TO api USING (org = current_setting('app.org')::uuid);
CREATE VIEW v WITH (security_invoker = true) AS SELECT id, org FROM u; GRANT SELECT ON v TO api;
CREATE TABLE w (id int PRIMARY KEY); GRANT SELECT, DELETE ON w TO api; ALTER TABLE w ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON w FOR SELECT USING (true); CREATE POLICY no ON w FOR DELETE USING (false);
CREATE TABLE s.x (id int); GRANT SELECT ON s.x TO out;
CREATE VIEW y AS SELECT count(*) AS n FROM w; GRANT ALL ON y TO api;
";

#[test]
fn what_asks_for_a_claim_is_told_from_the_catalogs() {
    let server = server();
    let of = |text: &str| {
        let report =
            proof_with(&server, &[("V001__base.sql", CLAIMED), ("V002__case.sql", text)], &options());
        let all = broken(&report, 1).into_iter();
        all.map(|(shape, _, _, known)| (shape, known)).collect::<Vec<_>>()
    };
    let policy = "DROP POLICY own ON t; CREATE POLICY own ON t FOR SELECT TO api \
                  USING (owner = current_setting('app.user', true)); CREATE TABLE z (id int);";
    assert_eq!(of(policy), [("INSERT, UPDATE, DELETE on t as api".to_owned(), false)]);
    let view =
        "DROP VIEW v; CREATE VIEW v WITH (security_invoker = true) AS SELECT id, org, 1 AS one FROM u;";
    assert_eq!(of(view), [("SELECT id, org FROM v as api".to_owned(), false)]);
    // Its right was given back; whether it reads anything cannot be seen.
    assert_eq!(
        of(&format!("{view} GRANT SELECT ON v TO api;")),
        [("SELECT id, org FROM v as api".to_owned(), true)]
    );
    // None of these worked before.
    let useless =
        "DROP POLICY no ON w; REVOKE SELECT ON s.x FROM out; REVOKE INSERT, UPDATE, DELETE ON y FROM api;";
    assert_eq!(of(useless), []);
}

#[test]
fn what_everybody_may_call_is_tried_as_who_may_use_its_schema() {
    let server = server();
    let base = "CREATE ROLE web NOLOGIN; CREATE ROLE cron NOLOGIN; CREATE ROLE out NOLOGIN; CREATE SCHEMA s; \
                GRANT USAGE ON SCHEMA s TO web, cron; CREATE TABLE t (id int); GRANT SELECT ON t TO out; \
                CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let case = "REVOKE EXECUTE ON FUNCTION s.f() FROM PUBLIC; CREATE TABLE z (id int);";
    let report = proof_with(&server, &[("V001__base.sql", base), ("V002__case.sql", case)], &options());
    let lost = |role: &str| (format!("SELECT s.f() as {role}"), "42501".to_owned(), Some(1), false);
    assert_eq!(broken(&report, 1), [lost("cron"), lost("web")], "{}", shown(&report));
}
