//! What a run leaves behind: nothing, however it ends. The test's own program is started again; the test `child` is
//! then the run that is ended.

use crate::server;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HOW: &str = "TRUEUP_TEST_END";

/// The run that is ended: it tells the folder and the number of its server, then ends as it is asked to.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    let Ok(how) = std::env::var(HOW) else { return };
    let server = server();
    let database = server.create().unwrap();
    let mut client = database.connect().unwrap();
    let folder: String = client.query_one("SHOW unix_socket_directories", &[]).unwrap().get(0);
    println!("folder {folder}");
    match how.as_str() {
        "panic" => panic!("asked for"),
        "exit" => std::process::exit(0),
        "wait" => std::thread::sleep(Duration::from_secs(60)),
        _ => {}
    }
}

/// Starts a run. Its folder and the number of its server.
fn start(how: &str) -> (Child, PathBuf, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "left::child", "--nocapture", "--include-ignored"])
        .env(HOW, how)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let folder = lines.find_map(|line| Some(PathBuf::from(line.ok()?.split_once("folder ")?.1))).unwrap();
    let number = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    std::thread::spawn(move || lines.for_each(drop));
    (child, folder, number.lines().next().unwrap_or_default().to_owned())
}

fn is_running(number: &str) -> bool {
    !number.is_empty()
        && Command::new("kill").args(["-0", number]).stderr(Stdio::null()).status().unwrap().success()
}

/// Waits until folder and server are gone.
fn gone(folder: &Path, number: &str) -> bool {
    let begun = Instant::now();
    while folder.exists() || is_running(number) {
        if begun.elapsed() > Duration::from_secs(20) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

#[track_caller]
fn check(how: &str, signal: Option<&str>) {
    let (mut child, folder, number) = start(how);
    if let Some(signal) = signal {
        assert!(is_running(&number) && folder.join("lock").exists());
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    }
    child.wait().unwrap();
    assert!(gone(&folder, &number), "{how} left {}", folder.display());
}

#[test]
fn nothing_after_success_a_panic_and_an_exit() {
    check("end", None);
    check("panic", None);
    check("exit", None);
}

#[test]
fn nothing_after_an_interrupt_and_a_kill() {
    check("wait", Some("-INT"));
    check("wait", Some("-KILL"));
}

/// Kills a run as soon as its folder has come so far.
#[track_caller]
fn check_making(has_come: impl Fn(&Path) -> bool) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "left::child", "--include-ignored"])
        .env(HOW, "wait")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The lock that the run holds open for writing tells its folder; those of others it only looks at.
    let descriptors = format!("/proc/{}/fd", child.id());
    let folder = || {
        let open = std::fs::read_dir(&descriptors).ok()?.flatten();
        let written = open.filter(|entry| entry.metadata().is_ok_and(|link| link.mode() & 0o200 != 0));
        let locks = written.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        locks.filter(|path| path.ends_with("lock")).find_map(|path| Some(path.parent()?.to_path_buf()))
    };
    let begun = Instant::now();
    let folder = loop {
        assert!(begun.elapsed() < Duration::from_secs(20), "no folder was made");
        match folder().filter(|it| has_come(it)) {
            Some(folder) => break folder,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    // Locked again, so that no start of another test sweeps it up. It may be gone by now.
    let lock = std::fs::File::open(folder.join("lock"));
    let _held = lock.inspect(|lock| drop(lock.try_lock()));
    assert!(gone(&folder, ""), "{} stayed", folder.display());
    // And it is not made once more by what was still running.
    std::thread::sleep(Duration::from_millis(500));
    assert!(!folder.exists());
}

#[test]
fn nothing_after_a_kill_while_the_server_is_made() {
    check_making(|folder| folder.join("data").exists());
    check_making(|folder| folder.join("data/base").exists());
    // The server has only just been started, and does not know yet how to stop.
    check_making(|folder| folder.join("log").exists());
    check_making(|folder| folder.join("data/postmaster.pid").exists());
}

#[test]
fn a_run_whose_keeper_was_killed_too_is_swept_at_the_next_start() {
    let (mut child, folder, number) = start("wait");
    // The shell that watches over the server is the server's parent.
    let keeper = Command::new("ps").args(["-o", "ppid=", "-p", &number]).output().unwrap();
    let keeper = String::from_utf8(keeper.stdout).unwrap().trim().to_owned();
    assert!(Command::new("kill").args(["-KILL", &keeper]).status().unwrap().success());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_running(&number) && folder.exists());
    let (mut beside, theirs, _) = start("wait");
    assert!(gone(&folder, &number), "{} stayed", folder.display());
    // A run that goes on is left alone.
    drop(server());
    assert!(theirs.exists());
    beside.kill().unwrap();
    beside.wait().unwrap();
}
