//! A witness is run behind a real pooler, by two clients.

use crate::fresh;
use crate::pooled::values;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use trueup_postgres::{Client, Database, Server, ServerOptions, connect_to};
use trueup_tenancy::{Options, prove_pooled};

const TABLES: &str =
    include_str!("../../../../examples/broken/isolation/session-claim/V001__create_notes.sql");
const SIGN_IN: &str = include_str!("../../../../examples/broken/isolation/session-claim/V002__sign_in.sql");

/// pgBouncer in front of a server: one connection, handed on at the end of each transaction.
struct Pooler {
    folder: PathBuf,
    running: Child,
}

impl Pooler {
    fn start(database: &Database<'_>) -> Pooler {
        let socket = values(&mut fresh(database), "SHOW unix_socket_directories").remove(0);
        let owner = std::fs::metadata(&socket).unwrap();
        let user = values(&mut fresh(database), "SELECT current_user").remove(0);
        // The path of a socket is short.
        let folder = Path::new("/tmp").join(format!("trueup-pooler-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let settings = folder.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={socket} user={user}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {}\n\
             auth_type = any\npool_mode = transaction\ndefault_pool_size = 1\nmax_client_conn = 10\n",
            folder.display()
        );
        std::fs::write(&settings, text).unwrap();
        let program = ["/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer"]
            .into_iter()
            .find(|path| Path::new(path).exists());
        let mut command = Command::new(program.unwrap_or("pgbouncer"));
        command
            .arg("-q")
            .arg(&settings)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // It refuses to run as root; whoever runs the server may reach its socket.
        if std::fs::metadata(&folder).unwrap().uid() == 0 {
            for path in [&folder, &settings] {
                chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
            }
            command.uid(owner.uid()).gid(owner.gid());
        }
        let running = command.spawn().expect(
            "the tests need pgbouncer: install it (Debian: apt-get install pgbouncer; macOS: brew install pgbouncer)",
        );
        Pooler { folder, running }
    }

    /// A client of its own; the pooler may still be starting.
    fn client(&mut self, database: &Database<'_>) -> Client {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        let address = format!("postgresql://anybody@{folder}:6432/{}", database.name());
        let begun = Instant::now();
        loop {
            match connect_to(&address) {
                Ok(client) => return client,
                Err(error) if begun.elapsed() > Duration::from_secs(20) => panic!("{error:?}"),
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
            assert!(self.running.try_wait().unwrap().is_none(), "pgbouncer has ended");
        }
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What the second client of a witness sees, and whether both had the same session of the server.
fn second_sees(witness: &str, database: &Database<'_>) -> (String, bool) {
    let (first, second) = witness.split_once("-- Client 2: has set nothing.\n").unwrap();
    let mut pooler = Pooler::start(database);
    let mut client = pooler.client(database);
    values(&mut client, first);
    let session = values(&mut client, "SELECT pg_backend_pid()");
    drop(client);
    let mut client = pooler.client(database);
    let seen = values(&mut client, second).pop().unwrap();
    (seen, values(&mut client, "SELECT pg_backend_pid()") == session)
}

#[test]
fn the_next_client_of_a_pooler_sees_what_the_witness_says() {
    let server = Server::start(&ServerOptions::default()).unwrap();
    let database = server.create().unwrap();
    fresh(&database).batch_execute(&format!("{TABLES};{SIGN_IN}")).unwrap();
    let report = prove_pooled(&database, &Options::default()).unwrap();
    let sign_in = report.explain("sign_in").unwrap();
    let witness = sign_in.leaks().next().unwrap().witness.as_ref().unwrap();
    assert_eq!(second_sees(&witness.sql, &database), ("1".to_owned(), true), "{}", witness.sql);

    let mended = server.create().unwrap();
    let for_the_transaction = SIGN_IN.replace("tenant::text, false", "tenant::text, true");
    assert_ne!(for_the_transaction, SIGN_IN);
    fresh(&mended).batch_execute(&format!("{TABLES};{for_the_transaction}")).unwrap();
    assert_eq!(second_sees(&witness.sql, &mended), ("0".to_owned(), true), "{}", witness.sql);
    assert_eq!(prove_pooled(&mended, &Options::default()).unwrap().findings, []);
}
