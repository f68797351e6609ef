//! Schemas of environments beside the head of a chain.

use crate::good::GOOD;
use crate::{chain_in, claimed, server};
use trueup_postgres::{Server, find_programs};
use trueup_prove::{Drift, DriftOptions, Dump, Verdict, drift};
use trueup_sql::Layout;

/// What `pg_dump --schema-only` writes of a database that a script made; nothing where the server's programs come
/// without it.
fn dumped(server: &Server, script: &[&str]) -> Option<String> {
    let program = find_programs(None).unwrap().program("pg_dump");
    if !program.exists() {
        eprintln!("not tried: there is no {}", program.display());
        return None;
    }
    let database = server.create().unwrap();
    for part in script {
        let mut client = database.connect().unwrap();
        let chain = chain_in(Layout::Governance, &[("V001__a.sql", part)]);
        for statement in trueup_sql::Script::read(&chain.files[0].text).statements {
            client.batch_execute(statement.text(&chain.files[0].text)).unwrap();
        }
    }
    let folder: String =
        database.connect().unwrap().query_one("SHOW unix_socket_directories", &[]).unwrap().get(0);
    let user: String =
        database.connect().unwrap().query_one("SELECT current_user::text", &[]).unwrap().get(0);
    let out = std::process::Command::new(program)
        .args(["--schema-only", "-h", &folder, "-U", &user, database.name()])
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

fn compare(server: &Server, dumps: &[Dump<'_>]) -> Vec<Drift> {
    let chain = chain_in(Layout::Governance, &GOOD);
    drift(server, &chain.files, dumps, &claimed(), &DriftOptions::default(), &mut |_| true).unwrap()
}

#[test]
fn an_environment_is_the_chain_or_differs_from_it() {
    let server = server();
    let mut script: Vec<&str> = GOOD.iter().map(|(_, text)| *text).collect();
    script.push("CREATE TABLE flyway_schema_history (a int)");
    let Some(same) = dumped(&server, &script) else { return };
    script.push("DROP INDEX shop.items_tenant; ALTER TABLE shop.items ALTER COLUMN note SET NOT NULL");
    let Some(other) = dumped(&server, &script) else { return };
    let found = compare(
        &server,
        &[
            Dump { name: "staging", text: &same },
            Dump { name: "production", text: &other },
            Dump { name: "broken", text: "CREATE TABLE a (b nothing);" },
        ],
    );
    let verdicts: Vec<_> =
        found.iter().map(|one| (one.left.as_str(), one.right.as_str(), one.verdict())).collect();
    assert_eq!(
        verdicts,
        [
            ("the chain", "staging", Verdict::Proven),
            ("the chain", "production", Verdict::Contradicted),
            ("the chain", "broken", Verdict::NotCheckable),
            ("staging", "production", Verdict::Contradicted),
            ("staging", "broken", Verdict::NotCheckable),
            ("production", "broken", Verdict::NotCheckable),
        ],
        "{found:#?}"
    );
    let said: Vec<_> =
        found[3].changes.iter().map(|one| format!("{} {} {}", one.kind, one.name, one.field)).collect();
    assert_eq!(said, ["column shop.items.note not null", "index items_tenant on shop.items "]);
    assert!(found[2].not_checkable.as_deref().unwrap_or("").contains("line 1: 42704"), "{found:?}");
}

#[test]
fn what_a_dump_writes_otherwise_is_the_same() {
    let server = server();
    let text = "CREATE TABLE a (b varchar(9) CHECK (b IN ('x', 'y')), c text DEFAULT 'it''s' CHECK (c = ANY (ARRAY['p', 'q'])));
        CREATE VIEW v AS SELECT b FROM a WHERE b IN ('x', 'z');";
    let Some(dump) = dumped(&server, &[text]) else { return };
    let chain = chain_in(Layout::Governance, &[("V001__a.sql", text)]);
    let found = drift(
        &server,
        &chain.files,
        &[Dump { name: "staging", text: &dump }],
        &claimed(),
        &DriftOptions { privileges: true, without: Vec::new() },
        &mut |_| true,
    )
    .unwrap();
    assert_eq!(found[0].verdict(), Verdict::Proven, "{found:#?}\n{dump}");
}
