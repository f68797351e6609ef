//! A private cluster: a server of our own in a temporary folder.

use crate::error::{ServerError, SqlError};
use crate::folder::{Folder, sweep};
use crate::programs::Programs;
use crate::run_as::RunAs;
use std::cell::RefCell;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// The superuser of a private cluster.
pub(crate) const SUPERUSER: &str = "trueup";

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes the cluster, runs its server, and waits at a pipe that trueup holds. However trueup ends, the pipe ends with it:
/// then what runs is stopped at once and the folder removed. One shell does both, since between two of them trueup could
/// end unseen. Signals of the terminal reach trueup, not the server.
///
/// What has only just been started may still ignore the signal to stop, so it is sent until that is gone. `initdb` is asked
/// and not killed: it waits for the server that it runs, which else leaves its shared memory in the system. What writes for
/// a moment still hinders the folder's removal, so it is tried again.
const KEEPER: &str = r#"trap '' INT HUP QUIT TERM PIPE
folder=$1 user=$2 initdb=$3; shift 3
exec 3<&0 </dev/null
remove() { for again in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$folder" 2>/dev/null && return; sleep 0.2; done; }

"$initdb" --no-sync --auth=trust --encoding=UTF8 --locale=C --username="$user" -D "$folder/data" >/dev/null 3<&- &
making=$!
{ read -r _; while kill -TERM $making; do sleep 0.1; done; } <&3 >/dev/null 2>&1 3<&- &
watch=$!
wait $making
code=$?
kill -KILL $watch 2>/dev/null
[ $code = 0 ] || { remove; exit $code; }

exec 2>/dev/null
"$@" -D "$folder/data" >>"$folder/log" 2>&1 3<&- &
server=$!
read -r _ <&3
{ while kill -QUIT $server; do sleep 0.1; done; } &
again=$!
wait $server
kill -KILL $again
remove"#;

/// What makes a server fast that nobody needs after a crash, and quiet for everybody else.
const SETTINGS: [&str; 15] = [
    "listen_addresses=",
    "fsync=off",
    // In its folder, so that nothing of it is left elsewhere after a kill.
    "dynamic_shared_memory_type=mmap",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "max_connections=64",
    // One transaction may hold all locks of a chain: times some 85 sessions and workers, that is 43,000. The server
    // makes room for them when it starts, which takes its time.
    "max_locks_per_transaction=512",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "lc_messages=C",
    "timezone=UTC",
    "log_min_messages=warning",
];

/// A running server. It ends with the value.
pub struct Cluster {
    folder: Folder,
    /// The connection over which databases are made and dropped; each new one costs the server some milliseconds.
    client: RefCell<Option<postgres::Client>>,
    keeper: Child,
    /// While this is open the server runs.
    hold: Option<ChildStdin>,
    /// The programs that it runs.
    pub programs: Programs,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("folder", &self.folder).field("programs", &self.programs).finish()
    }
}

impl Cluster {
    /// Starts a server, after sweeping up what runs that were killed have left.
    pub fn start(programs: &Programs) -> Result<Cluster, ServerError> {
        let run_as = RunAs::find().ok_or(ServerError::OnlyRoot)?;
        sweep(programs, &run_as);
        let failed = |step| move |source| ServerError::Step { step, source };
        let folder = Folder::make(&run_as).map_err(failed("make a temporary folder"))?;
        let mut keeper = match keep(programs, &run_as, &folder.path) {
            Ok(keeper) => keeper,
            Err(error) => {
                folder.remove();
                return Err(error);
            }
        };
        let hold = keeper.stdin.take();
        let mut cluster =
            Cluster { folder, client: RefCell::default(), keeper, hold, programs: programs.clone() };
        cluster.wait()?;
        Ok(cluster)
    }

    /// How to reach a database of the server.
    pub(crate) fn config(&self, database: &str) -> postgres::Config {
        let mut config = postgres::Config::new();
        config.host_path(&self.folder.path).user(SUPERUSER).dbname(database).application_name("trueup");
        config
    }

    /// Asks in a database that nobody copies, over a connection that is kept; after a crash over a new one.
    pub(crate) fn ask<T>(
        &self,
        ask: impl Fn(&mut postgres::Client) -> Result<T, postgres::Error>,
    ) -> Result<T, SqlError> {
        let mut kept = self.client.borrow_mut();
        if let Some(client) = kept.as_mut() {
            match ask(client).map_err(SqlError::from) {
                Err(error) if error.is_lost() => {}
                answer => return answer,
            }
        }
        let client = kept.insert(self.config("postgres").connect(postgres::NoTls)?);
        Ok(ask(client)?)
    }

    /// The folder with its socket.
    pub fn folder(&self) -> &Path {
        &self.folder.path
    }

    /// The last lines of the server's log.
    pub fn log(&self) -> String {
        let text = std::fs::read(self.folder.path.join("log")).unwrap_or_default();
        last_lines(&String::from_utf8_lossy(&text))
    }

    fn wait(&mut self) -> Result<(), ServerError> {
        self.until_made()?;
        let begun = Instant::now();
        let pid = self.folder.path.join("data/postmaster.pid");
        loop {
            let error: SqlError = match self.config("postgres").connect(postgres::NoTls) {
                Ok(client) => {
                    self.client.replace(Some(client));
                    return Ok(());
                }
                Err(error) => error.into(),
            };
            // The server removes its file when it ends; before it has begun there is none.
            let ended = begun.elapsed() > Duration::from_secs(3) && !pid.exists();
            if ended || begun.elapsed() > PATIENCE {
                let log = self.log();
                let told = if log.is_empty() { error.to_string() } else { log };
                return Err(ServerError::Refused { step: "run the server", told });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for `initdb`: the log begins with the server.
    fn until_made(&mut self) -> Result<(), ServerError> {
        let failed = |source| ServerError::Step { step: "run initdb", source };
        let log = self.folder.path.join("log");
        // Read beside, so that nobody waits for room in the pipe.
        let errors = self.keeper.stderr.take();
        let errors = errors.map(|pipe| std::thread::spawn(move || std::io::read_to_string(pipe)));
        while !log.exists() {
            if let Some(status) = self.keeper.try_wait().map_err(failed)? {
                let told = errors.and_then(|reader| reader.join().ok()?.ok()).unwrap_or_default();
                let told = match last_lines(&told) {
                    none if none.is_empty() => status.to_string(),
                    told => told,
                };
                return Err(ServerError::Refused { step: "run initdb", told });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.client.take());
        // The keeper sees the end of the pipe, stops the server and removes the folder.
        self.hold = None;
        let _ = self.keeper.wait();
        self.folder.remove();
    }
}

fn keep(programs: &Programs, run_as: &RunAs, folder: &Path) -> Result<Child, ServerError> {
    let mut keeper = Command::new("/bin/sh");
    keeper.args(["-c", KEEPER, "trueup-postgres"]).arg(folder).arg(SUPERUSER);
    keeper.arg(programs.program("initdb")).arg(programs.program("postgres"));
    for setting in SETTINGS {
        keeper.args(["-c", setting]);
    }
    let socket = format!("unix_socket_directories={}", folder.display());
    keeper.args(["-c", &socket, "-c", "unix_socket_permissions=0700"]);
    // Where the locale's files are missing, the server would not begin. Without a time zone `initdb` looks through all of
    // them for that of the machine.
    keeper.env("LC_ALL", "C").env("TZ", "UTC").env_remove("PGDATA").env_remove("PGPORT");
    keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    run_as.apply(&mut keeper);
    keeper.spawn().map_err(|source| ServerError::Step { step: "run /bin/sh", source })
}

/// The last error that a program printed, or else the end of what it printed, as one line.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_error = |line: &&&str| ["FATAL:", "ERROR:", "PANIC:"].iter().any(|word| line.contains(word));
    if let Some(error) = lines.iter().rev().find(is_error) {
        return (*error).to_owned();
    }
    let from = lines.len().saturating_sub(3);
    lines.get(from..).unwrap_or(&[]).join("; ")
}
