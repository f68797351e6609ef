//! The folder of a private cluster: locked while it is in use, swept away where nobody holds the lock any more.

use crate::programs::Programs;
use crate::run_as::RunAs;
use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How the folders begin.
const PREFIX: &str = "trueup-postgres-";

/// Whoever made a folder has locked it by then, and whoever ends a run has removed it.
const SETTLED: Duration = Duration::from_secs(60);

/// The socket of a server in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// The path of a socket has room for 107 bytes; the folder's name and the socket's take 45 of them.
const LONGEST_BASE: usize = 60;

/// Linux keeps files in memory there (`shm_overview(7)`).
const MEMORY: &str = "/dev/shm";
/// The type of such a file system (`statfs(2)`, `TMPFS_MAGIC`).
#[cfg(target_os = "linux")]
const TMPFS: u64 = 0x0102_1994;
/// Bytes that have to be free there: a server takes 50 million, and rows of a proof some hundred.
#[cfg(target_os = "linux")]
const PLENTY: u64 = 2 << 30;

/// A folder of our own. The lock ends with the value, also when the process is killed.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes a folder that belongs to the user of the server, and locks it.
    pub(crate) fn make(run_as: &RunAs) -> io::Result<Folder> {
        let made = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base(run_as))?;
        std::fs::set_permissions(made.path(), std::fs::Permissions::from_mode(0o700))?;
        // Locked before it has its name: a sweep never sees a lock that nobody holds yet.
        let unnamed = made.path().join("lock.new");
        let lock = File::create(&unnamed)?;
        lock.try_lock().map_err(io::Error::from)?;
        std::fs::rename(&unnamed, made.path().join("lock"))?;
        run_as.own(made.path())?;
        Ok(Folder { path: made.keep(), _lock: lock })
    }

    /// Takes it away, whatever is in it.
    pub(crate) fn remove(&self) {
        // What cannot be removed now is swept away at the next start.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Where such folders are made: in memory where there is plenty of it, since a proof makes and removes thousands of small
/// files, unless `TMPDIR` names a place.
fn base(run_as: &RunAs) -> PathBuf {
    match has_room(Path::new(MEMORY)) && std::env::var_os("TMPDIR").is_none() {
        true => PathBuf::from(MEMORY),
        false => on_disk(run_as),
    }
}

/// The place on the disk. As root, one that an unprivileged user can reach.
fn on_disk(run_as: &RunAs) -> PathBuf {
    let usual = std::env::temp_dir();
    let fits = usual.as_os_str().len() <= LONGEST_BASE;
    if fits && !run_as.is_other() { usual } else { PathBuf::from("/tmp") }
}

/// Whether a folder is a file system in memory with room for a server and the rows of a proof.
#[cfg(target_os = "linux")]
fn has_room(folder: &Path) -> bool {
    let (Ok(kind), Ok(room)) = (rustix::fs::statfs(folder), rustix::fs::statvfs(folder)) else {
        return false;
    };
    let in_memory = kind.f_type as u64 == TMPFS;
    let writable = rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok();
    in_memory && writable && room.f_bavail.saturating_mul(room.f_frsize) >= PLENTY
}

#[cfg(not(target_os = "linux"))]
fn has_room(_folder: &Path) -> bool {
    false
}

/// Stops the servers and removes the folders of runs that were killed together with all that watches over them.
pub(crate) fn sweep(programs: &Programs, run_as: &RunAs) {
    for base in [PathBuf::from(MEMORY), on_disk(run_as)] {
        for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                sweep_one(&entry.path(), programs, run_as);
            }
        }
    }
}

fn sweep_one(folder: &Path, programs: &Programs, run_as: &RunAs) -> Option<()> {
    let about = std::fs::symlink_metadata(folder).ok()?;
    // Somebody else's is not ours to remove, and a link could lead anywhere.
    let ours = about.uid() == run_as.number() || about.uid() == rustix::process::geteuid().as_raw();
    if !about.is_dir() || !ours {
        return None;
    }
    let settled = about.modified().ok()?.elapsed().unwrap_or_default() >= SETTLED;
    let _lock = match File::open(folder.join("lock")) {
        Ok(lock) => {
            lock.try_lock().ok()?;
            Some(lock)
        }
        // It is being made, or was left before it was locked.
        Err(_) if settled => None,
        Err(_) => return None,
    };
    let runs = UnixStream::connect(folder.join(SOCKET)).is_ok();
    // Where a run has ended just now, its keeper waits for `initdb`, which had better not lose its files meanwhile.
    if !runs && !settled {
        return None;
    }
    let data = folder.join("data");
    // Only where it answers: after a restart of the machine the number in its file may be another server's.
    if runs {
        let mut stop = Command::new(programs.program("pg_ctl"));
        stop.args(["stop", "-m", "immediate", "-w", "-t", "10", "-s", "-D"]).arg(&data);
        run_as.apply(&mut stop);
        let _ = stop.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    std::fs::remove_dir_all(folder).ok()
}
