//! Proofs that end before their end.

use crate::{chain_in, claimed, proof, server, shown};
use trueup_prove::{Options, Progress, Report, StoppedWhy, Verdict, prove};
use trueup_sql::Layout;

const FILES: [(&str, &str); 2] = [
    ("V001__a.sql", "CREATE TABLE IF NOT EXISTS a (b int);"),
    ("V002__b.sql", "CREATE TABLE IF NOT EXISTS c (d int);"),
];

fn stopped(report: &Report, why: StoppedWhy) {
    assert_eq!(report.stopped.as_ref().map(|stopped| stopped.why), Some(why), "{}", shown(report));
    assert_eq!(report.files.len(), 2, "{}", shown(report));
    assert_eq!(report.verdict(), Verdict::NotCheckable);
    assert!(report.files.iter().all(|file| file.verdict == Verdict::NotCheckable), "{}", shown(report));
}

#[test]
fn a_caller_may_break_off() {
    let server = server();
    let chain = chain_in(Layout::Governance, &FILES);
    let mut steps = 0;
    let mut watcher = |progress: Progress<'_>| {
        assert_eq!(progress.files, 2);
        steps += 1;
        steps < 4
    };
    let report = prove(&server, &chain.files, &claimed(), &mut watcher).unwrap();
    stopped(&report, StoppedWhy::Asked);
}

#[test]
fn a_server_that_is_killed_is_told_from_a_migration_that_fails() {
    let server = server();
    let chain = chain_in(Layout::Governance, &FILES);
    let database = server.create().unwrap();
    let read = "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)";
    let process: String = database.connect().unwrap().query_one(read, &[]).unwrap().get(0);
    let mut watcher = |progress: Progress<'_>| {
        if progress.file == 1 {
            // The signal that nothing can be done about.
            let killed = std::process::Command::new("kill").args(["-9", &process]).status();
            assert!(killed.is_ok());
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        true
    };
    let report = prove(&server, &chain.files, &claimed(), &mut watcher).unwrap();
    stopped(&report, StoppedWhy::ServerLost);
    assert_eq!(report.stopped.as_ref().map(|stopped| stopped.path.as_str()), Some("V002__b.sql"));
}

#[test]
fn a_disk_that_rows_fill_ends_the_proof() {
    let server = server();
    let first = "CREATE TABLE IF NOT EXISTS a (b bigint PRIMARY KEY);
        CREATE OR REPLACE FUNCTION fills() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM a) > 100 THEN RAISE 'could not extend file' USING ERRCODE = '53100'; END IF;
        RETURN NULL; END $$;
        DROP TRIGGER IF EXISTS fills ON a;
        CREATE TRIGGER fills AFTER INSERT ON a EXECUTE FUNCTION fills();";
    let second = "ALTER TABLE a ADD COLUMN IF NOT EXISTS c int;";
    let chain = chain_in(Layout::Governance, &[("V001__a.sql", first), ("V002__b.sql", second)]);
    let options = Options { rows: Some(1_000), ..claimed() };
    let report = prove(&server, &chain.files, &options, &mut |_| true).unwrap();
    let stopped = report.stopped.as_ref().unwrap_or_else(|| panic!("{}", shown(&report)));
    assert_eq!((stopped.why, stopped.path.as_str()), (StoppedWhy::Exhausted, "V002__b.sql"));
    assert!(stopped.message.contains("1000 rows"), "{}", stopped.message);
}

#[test]
fn a_full_disk_contradicts_nothing() {
    let server = server();
    let full = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;";
    let report = proof(&server, &[FILES[0], ("V002__b.sql", full)]);
    stopped(&report, StoppedWhy::Exhausted);
    assert_eq!(report.stopped.as_ref().and_then(|stopped| stopped.line), Some(1));
}

#[test]
fn five_megabytes_are_a_file_like_any_other() {
    let server = server();
    let mut text = "CREATE TABLE IF NOT EXISTS big (id int PRIMARY KEY, what text);\n".to_owned();
    for part in 0..25 {
        let rows: Vec<String> =
            (0..2_000).map(|row| format!("({}, '{}')", part * 2_000 + row, "x;".repeat(45))).collect();
        text += &format!("INSERT INTO big VALUES {} ON CONFLICT DO NOTHING;\n", rows.join(", "));
    }
    assert!(text.len() > 5_000_000);
    let options = trueup_prove::Options { claims: Vec::new(), ..claimed() };
    let chain = chain_in(Layout::Governance, &[("V001__big.sql", &text)]);
    let report =
        prove(&server, &chain.files, &trueup_prove::Options { kill_points: false, ..options }, &mut |_| true)
            .unwrap();
    assert_eq!((report.verdict(), report.statements), (Verdict::Proven, 26), "{}", shown(&report));
}
