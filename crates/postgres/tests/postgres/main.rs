//! A private server: what it is, and that nothing of it stays.

mod left;

use trueup_postgres::{Server, ServerOptions, SqlError};

fn server() -> Server {
    Server::start(&ServerOptions::default()).unwrap_or_else(|error| {
        panic!("{error}\nhelp: {}", error.help().unwrap_or_default());
    })
}

fn text(client: &mut trueup_postgres::Client, sql: &str) -> String {
    client.query_one(sql, &[]).unwrap().get(0)
}

#[test]
fn it_listens_on_no_port() {
    let server = server();
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    assert_eq!(text(&mut client, "SHOW listen_addresses"), "");
    assert_eq!(text(&mut client, "SELECT coalesce(inet_server_addr()::text, 'socket')"), "socket");
    assert_eq!(text(&mut client, "SHOW data_checksums").len().min(2), 2);
    assert!(server.major() >= 13 && server.is_private());
}

#[test]
fn databases_are_copied_and_dropped() {
    let server = server();
    let first = server.create().unwrap();
    first
        .connect()
        .unwrap()
        .batch_execute("CREATE TABLE item (name text); INSERT INTO item VALUES ('a')")
        .unwrap();
    let copy = server.copy_of(&first).unwrap();
    copy.connect().unwrap().batch_execute("UPDATE item SET name = 'b'").unwrap();
    assert_eq!(text(&mut copy.connect().unwrap(), "SELECT name FROM item"), "b");
    assert_eq!(text(&mut first.connect().unwrap(), "SELECT name FROM item"), "a");
    let count = "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'scratch%'";
    assert_eq!(text(&mut first.connect().unwrap(), count), "2");
    drop(copy);
    assert_eq!(text(&mut first.connect().unwrap(), count), "1");
}

#[test]
fn errors_are_plain_data() {
    let server = server();
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    let mut fails = |sql: &str| SqlError::from(client.batch_execute(sql).unwrap_err());
    let error = fails("SELECT 1 FROM missing");
    assert_eq!((error.sqlstate.as_str(), error.position), ("42P01", Some(15)));
    assert_eq!(error.to_string(), "42P01 relation \"missing\" does not exist");
    let error = fails("CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0)); INSERT INTO t VALUES (0)");
    assert_eq!((error.constraint.as_deref(), error.table.as_deref()), (Some("positive"), Some("t")));
    let error = fails("SELECT pg_terminate_backend(pg_backend_pid())");
    assert!(error.is_lost(), "{error:?}");
    assert!(fails("SELECT 1").is_lost());
}

#[test]
fn scratch_databases_of_a_given_server_are_dropped_and_nothing_else() {
    let private = server();
    let theirs = private.create().unwrap();
    let mut client = theirs.connect().unwrap();
    let folder = text(&mut client, "SHOW unix_socket_directories");
    let url = format!("postgresql://trueup@/{}?host={}", theirs.name(), folder.replace('/', "%2F"));
    let to = |url: &str| {
        let options = ServerOptions { database_url: Some(url.to_owned()), version: None };
        Server::start(&options).unwrap()
    };
    let given = || to(&url);
    // One that a killed run left, and one that only looks like it.
    client.batch_execute("CREATE DATABASE trueup_scratch_0000002a").unwrap();
    client.batch_execute("CREATE DATABASE trueup_scratch_mine").unwrap();
    // One that cannot be dropped as long as it is a template hinders nobody.
    client.batch_execute("CREATE DATABASE trueup_scratch_0000002b IS_TEMPLATE true").unwrap();
    let names =
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE 'trueup%'";
    let first = given();
    assert_eq!(text(&mut client, names), "trueup_scratch_0000002b trueup_scratch_mine");
    client.batch_execute("ALTER DATABASE trueup_scratch_0000002b IS_TEMPLATE false").unwrap();
    client.batch_execute("DROP DATABASE trueup_scratch_0000002b").unwrap();
    let used = first.create().unwrap();
    used.connect().unwrap().batch_execute("CREATE TABLE t ()").unwrap();
    // A second run leaves what the first one uses.
    let second = given();
    let also = second.copy_of(&second.create().unwrap()).unwrap();
    assert!(used.name() != also.name() && also.connect().is_ok() && used.connect().is_ok());
    // So does a third one, whose address names another database.
    drop(to(&url.replacen(theirs.name(), "postgres", 1)));
    assert!(also.connect().is_ok() && used.connect().is_ok());
    drop(also);
    drop(used);
    assert_eq!(text(&mut client, names), "trueup_scratch_mine");
    assert!(!given().is_private());
}

#[test]
fn an_address_that_leads_nowhere_is_told() {
    let start = |url: &str| {
        let options = ServerOptions { database_url: Some(url.to_owned()), version: None };
        Server::start(&options).unwrap_err()
    };
    let error = start("postgresql://ann:secret@127.0.0.1:1/shop");
    assert!(error.to_string().starts_with("no connection to ann@127.0.0.1:1/shop: "), "{error}");
    assert!(!error.to_string().contains("secret"));
    let error = start("not an address");
    assert!(error.to_string().starts_with("the address of the database cannot be read"), "{error}");
    assert!(error.help().is_some());
}
