//! `migrations` and `tenancy`, on a PostgreSQL that each run starts and removes.

use crate::repository::Repository;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

fn json(repository: &Repository, arguments: &[&str], code: i32) -> Value {
    let mut words = arguments.to_vec();
    words.extend(["--format", "json"]);
    let ran = repository.run(&words).exits(code);
    serde_json::from_str(&ran.out).expect("the output is JSON")
}

fn git(repository: &Repository, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(repository.path(""))
        .args(["-c", "commit.gpgsign=false", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(arguments)
        .output()
        .expect("git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn committed(example: &str) -> Repository {
    let repository = Repository::of_example(example);
    git(&repository, &["config", "user.name", "Ada"]);
    git(&repository, &["config", "user.email", "ada@example.org"]);
    repository
}

/// Checks of files that contradict a claim, each with the lines of its problems.
fn contradicted(output: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for file in
        output["chains"].as_array().into_iter().flatten().flat_map(|chain| chain["files"].as_array().unwrap())
    {
        let path = file["path"].as_str().unwrap();
        let name = path.rsplit('/').next().unwrap().split("__").next().unwrap();
        for check in file["checks"].as_array().unwrap() {
            if check["outcome"] == "contradicted" {
                out.insert(format!("{name} {}", check["check"].as_str().unwrap()));
            }
        }
    }
    out
}

#[test]
fn the_sound_chain_is_proven_in_all_modes() {
    let repository = Repository::of_example("ledger");
    let output = json(&repository, &["migrations", "prove", "--rows", "1000"], 0);
    let chain = &output["chains"][0];
    assert_eq!(chain["verdict"], "proven", "{:?}", contradicted(&output));
    assert_eq!(chain["kill_points"], chain["statements"]);
    assert!(chain["statements"].as_u64().unwrap() >= 50);
    let files = chain["files"].as_array().unwrap();
    assert!(files.len() >= 12 && files.iter().all(|file| file["verdict"] == "proven"));
    repository.run(&["migrations", "prove"]).exits(0).says("kill points").says("15 files: 15 proven");
    let output = json(&repository, &["tenancy", "prove"], 0);
    assert_eq!(output["verdict"], "proven", "{output:#}");
    assert!(output["findings"].as_array().unwrap().is_empty());
}

#[test]
fn each_broken_chain_is_contradicted_for_its_own_reason() {
    let repository = Repository::of_example("broken");
    let check = |folder: &str, more: &[&str], expected: &[&str], said: &str| {
        let folder = format!("migrations/{folder}");
        let mut arguments = vec!["migrations", "prove", folder.as_str()];
        arguments.extend(more);
        let output = json(&repository, &arguments, 1);
        let expected: BTreeSet<String> = expected.iter().map(|&one| one.to_owned()).collect();
        assert_eq!(contradicted(&output), expected, "{folder}");
        repository.run(&arguments).exits(1).says(said);
    };
    // What cannot be run again cannot be run again at the head or after a kill either: one statement, one error.
    check(
        "constraint-not-repeatable",
        &[],
        &["V002 at head", "V002 kill points", "V002 rerun"],
        "42710 constraint \"items_tenant_fk\"",
    );
    check("rerun-undoes-later", &[], &["V001 at head"], "undoes");
    check("mixed-phases", &[], &["V002 phases"], "mixes phases: expand 2, migrate 1, contract 1");
    check(
        "not-null-without-default",
        &[],
        &["V002 old version"],
        "INSERT INTO sales (sold_on) → 23502 channel",
    );
    check("invalid-index", &[], &["V002 kill points"], "index people_email, invalid");
    check("long-lock", &["--rows", "100000"], &["V002 locks"], "readers of events wait");
    check(
        "missing-prerequisites",
        &[],
        &["V001 prerequisites", "V002 prerequisites"],
        "CREATE ROLE notes_reader NOLOGIN",
    );
    check("environments-differ", &[], &[], "index orders_by_day on orders: only in staging");
}

#[test]
fn each_hole_between_tenants_is_found_for_its_own_reason() {
    let repository = Repository::of_example("broken");
    let check = |folder: &str, leaks: &[&str], findings: &[&str]| {
        let folder = format!("isolation/{folder}");
        let output = json(&repository, &["tenancy", "prove", &folder, "--pgtap", "leaks.sql"], 1);
        let mut leaked = BTreeSet::new();
        let mut number = 0;
        for subject in output["subjects"].as_array().unwrap() {
            for probe in
                subject["probes"].as_array().unwrap().iter().filter(|probe| probe["outcome"] == "leak")
            {
                leaked.insert(format!(
                    "{} {}",
                    subject["name"].as_str().unwrap(),
                    probe["kind"].as_str().unwrap()
                ));
                assert!(
                    probe["witness"]["sql"].as_str().is_some_and(|sql| sql.contains("ROLLBACK")),
                    "{probe:#}"
                );
                number += 1;
            }
        }
        // A run of pgTAP has one plan, or `pg_prove` never passes it.
        let tests = repository.read("leaks.sql");
        let plans: Vec<&str> = tests.lines().filter(|line| line.starts_with("SELECT plan(")).collect();
        let plan = (number > 0).then(|| format!("SELECT plan({number});"));
        assert_eq!(plans, plan.iter().map(String::as_str).collect::<Vec<_>>(), "{folder}");
        let read: BTreeSet<&str> = output["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["kind"].as_str().unwrap())
            .collect();
        assert_eq!(leaked.iter().map(String::as_str).collect::<Vec<_>>(), leaks, "{folder}");
        assert_eq!(read.into_iter().collect::<Vec<_>>(), findings, "{folder}");
    };
    check("blind-delete", &["notes blind delete"], &["open-policy"]);
    check("blinded-guard", &[], &["blind-guard"]);
    check("partition-grant", &["visits_2026 select"], &["partition-grant"]);
    check("permissive-policies-ored", &["notes select"], &["permissive-policies"]);
    check("security-definer", &["find_notes(wanted text) function"], &["security-definer"]);
    check("session-claim", &["sign_in(tenant uuid) session-claim"], &["session-claim"]);
    check("truncate-grant", &["notes truncate"], &["truncate-grant"]);
    check("view-of-the-owner", &["titles view"], &["no-security-invoker"]);
}

#[test]
fn verdicts_become_evidence_and_go_stale_with_one_byte() {
    let repository = committed("ledger");
    let tenants = "2026-01-12-books-of-many-tenants";
    let currencies = "2026-02-09-currencies-of-entries";
    repository.run(&["report", tenants]).exits(0).says("| missing | no proof was recorded |");
    repository.run(&["check"]).exits(0).says("migration-unproven").says("isolation-unproven");
    repository.run(&["migrations", "prove", "--record"]).exits(0).tells("recorded 4 verdicts");
    repository.run(&["tenancy", "prove", "--record"]).exits(0).tells("recorded 1 verdict");
    for spec in [tenants, currencies] {
        let report = repository.run(&["report", spec]).exits(0).says("| proven |");
        assert!(!report.out.contains("missing") && !report.out.contains("stale"), "{}", report.out);
    }
    let all = repository.run(&["check", "--level", "info"]).exits(0);
    assert!(!all.out.contains("unproven"), "{}", all.out);
    repository.run(&["evidence", "verify"]).exits(0);

    let path = "migrations/sql/V008__fill_entry_currency.sql";
    repository.write(path, &repository.read(path).replace("'EUR'", "'PLN'"));
    repository
        .run(&["report", currencies])
        .exits(0)
        .says("| stale | migrations/sql/V008__fill_entry_currency.sql has changed");
    repository.run(&["check"]).exits(0).says("migration-unproven").says("was proven of other files");
}

#[test]
fn what_a_run_contradicts_is_an_error() {
    let repository = committed("ledger");
    let path = "migrations/sql/V008__fill_entry_currency.sql";
    repository.write(path, "-- Rollback: none.\nUPDATE entries SET currency = 'EUR' WHERE currency IS NULL;\nALTER TABLE entries ADD CONSTRAINT known CHECK (currency <> '');\n");
    git(&repository, &["commit", "-qam", "once more"]);
    repository.run(&["migrations", "prove", "--record"]).exits(1).says("42710");
    repository
        .run(&["check"])
        .exits(1)
        .says("migration-contradicted")
        .says("V008__fill_entry_currency.sql:3");
}

#[test]
fn without_postgresql_one_line_mends_it() {
    let repository = Repository::of_example("broken");
    let ran = repository.run_with(
        &["migrations", "prove", "migrations/long-lock"],
        &[("PATH", "/nowhere"), ("TRUEUP_POSTGRES_BIN", "/nowhere")],
    );
    ran.exits(2).tells("TRUEUP_POSTGRES_BIN");
}

#[test]
fn scripts_that_no_server_runs_have_a_clear_outcome() {
    let check = |text: &str, code: i32, said: &str| {
        let repository = Repository::empty();
        repository.write("db/V001__x.sql", text);
        let ran = repository.run(&["migrations", "prove", "db"]).exits(code);
        let all = format!("{}{}", ran.out, ran.err);
        assert!(all.contains(said), "{text}\n{all}");
    };
    check("CREATE TABLE t (a int);\n\\copy t FROM 't.csv'\n", 2, "\\copy");
    check("CREATE TABLE t (a int);\n\\i other.sql\n", 2, "\\i");
    check("\\set ON_ERROR_STOP on\n\\timing\nCREATE TABLE IF NOT EXISTS t (a int);\n", 0, "1 proven");
    check("COPY nothing FROM STDIN;\n1\n\\.\n", 1, "42P01");
    check("SELECT 'unclosed\n", 2, "never closed");
    check(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $x$ BEGIN RETURN 1; END; $x$;\n",
        0,
        "1 statement",
    );
    // Mostly 57P01, "terminating connection …"; a client that is slow only sees that the connection is closed.
    check("SELECT pg_terminate_backend(pg_backend_pid());\n", 1, "connection");
    check("VACUUM;\n", 0, "1 proven");
}

#[test]
fn a_log_of_statements_is_held_to_the_tenant() {
    let repository = Repository::of_example("broken");
    repository.write(
        "good.sql",
        "SELECT title FROM notes WHERE tenant_id = '00000000-0000-4000-8000-000000000001' AND id = 3;\n",
    );
    repository.write("bad.sql", "SELECT title FROM notes WHERE id = 3;\nSELECT 1;\n");
    let folder = "isolation/truncate-grant";
    repository.run(&["tenancy", "prove", folder, "--log", "good.sql"]).exits(0).says("1 proven");
    repository
        .run(&["tenancy", "prove", folder, "--log", "bad.sql"])
        .exits(1)
        .says("bad.sql:1")
        .says("contradicted");
}

#[test]
fn lint_and_plan_need_no_server() {
    let repository = committed("broken");
    let folder = "migrations/mixed-phases";
    repository.run(&["migrations", "lint", folder]).exits(0);
    repository
        .run(&["migrations", "plan", &format!("{folder}/V002__add_channel.sql")])
        .exits(0)
        .says("expand")
        .says("contract");
    git(&repository, &["tag", "mvp-0.1.0"]);
    let path = format!("{folder}/V001__create_sales.sql");
    repository.write(&path, &format!("{}-- later\n", repository.read(&path)));
    repository.write(&format!("{folder}/V002__again.sql"), "-- Rollback: none.\nSELECT 1;\n");
    repository
        .run(&["migrations", "lint", folder])
        .exits(1)
        .says("the file is not what tag mvp-0.1.0 has")
        .says("V002");
}

#[test]
fn a_plan_for_diesel_writes_what_stands_beside() {
    let repository = committed("broken");
    let file = "m/2024-01-31-000000_a/up.sql";
    repository.write(file, "ALTER TABLE t ADD a int;\nCREATE INDEX i ON t (b);\n");
    repository.write("m/2024-01-31-000000_a/down.sql", "DROP INDEX i;\nALTER TABLE t DROP a;\n");
    let beside = "m/2024-01-31-000002_a_expand_2/metadata.toml";
    let written = repository.run(&["migrations", "plan", file, "--write"]).exits(0).says(beside);
    assert!(written.err.contains("wrote 3 files"), "{}", written.err);
    assert_eq!(repository.read(beside), "run_in_transaction = false\n");
    assert!(repository.read("m/2024-01-31-000002_a_expand_2/up.sql").contains("CONCURRENTLY"));
}

#[test]
fn two_proofs_at_once() {
    let repository = Repository::of_example("broken");
    let folder = "migrations/constraint-not-repeatable";
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| repository.run(&["migrations", "prove", folder]).exits(1).says("42710").out)
            })
            .collect();
        for run in runs {
            assert!(run.join().expect("a run").contains("1 contradicted"));
        }
    });
}

#[test]
fn a_folder_that_the_configuration_names_is_read_whole_or_not_at_all() {
    let check = |configured: &str, bytes: &[u8], said: &str| {
        let repository = Repository::empty();
        repository.write("trueup.toml", &format!("[tenancy]\nmigrations = \"{configured}\"\n"));
        repository.write("db/V001__notes.sql", "CREATE TABLE notes (tenant_id int);\n");
        std::fs::write(repository.path("db/V002__more.sql"), bytes).expect("the file is written");
        repository.run(&["tenancy", "prove", "--record"]).exits(2).tells(said);
    };
    let utf16: Vec<u8> = "\u{feff}SELECT 1;\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("db", &utf16, "V002__more.sql:1");
    check("db/", b"SELECT '\xff';\n", "a chain with a file missing would be another chain");
    check("nothing", b"SELECT 1;\n", "nothing holds no migration in SQL");
}
