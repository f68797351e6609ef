//! Several processes at once, and processes that are killed. The test's own program is started again
//! with a variable that names the folder; the test `child` is then the process that writes.

use crate::{SPEC, entry, notes};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use trueup_evidence::{Checks, Ledger, append, verify};

const FOLDER: &str = "TRUEUP_TEST_EVIDENCE";
const NAME: &str = "TRUEUP_TEST_WRITER";
const COUNT: &str = "TRUEUP_TEST_COUNT";

fn start(root: &Path, name: &str, count: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::child", "--nocapture", "--include-ignored"])
        .env(FOLDER, root)
        .env(NAME, name)
        .env(COUNT, count.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The process that writes; it notes what was acknowledged in a file of its own.
#[test]
#[ignore = "started by the other tests"]
fn child() {
    let Some(root) = std::env::var_os(FOLDER) else { return };
    let (name, count) = (std::env::var(NAME).unwrap(), std::env::var(COUNT).unwrap());
    let root = Path::new(&root);
    let mut acknowledged = String::new();
    for number in 0..count.parse::<u32>().unwrap() {
        let note = format!("{name} {number}");
        append(root, SPEC, &entry(&note), None).unwrap();
        acknowledged += &format!("{note}\n");
        std::fs::write(root.join(format!("{name}.new")), &acknowledged).unwrap();
        std::fs::rename(root.join(format!("{name}.new")), root.join(format!("{name}.done"))).unwrap();
    }
}

fn acknowledged(root: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root.join(format!("{name}.done"))).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut children: Vec<Child> = (0..6).map(|n| start(folder.path(), &format!("w{n}"), 10)).collect();
    assert!(children.iter_mut().all(|c| c.wait().unwrap().success()));
    let ledger = Ledger::read(folder.path(), SPEC).unwrap();
    assert_eq!(verify(&ledger, &Checks::default()), []);
    assert_eq!(ledger.heads().len(), 1);
    let told: BTreeSet<String> = notes(folder.path()).into_iter().collect();
    let wanted: BTreeSet<String> = (0..6).flat_map(|w| (0..10).map(move |n| format!("w{w} {n}"))).collect();
    assert_eq!(told, wanted);
}

#[test]
fn many_threads_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for number in 0..5 {
                    append(root, SPEC, &entry(&format!("{thread} {number}")), None).unwrap();
                }
            });
        }
    });
    let ledger = Ledger::read(root, SPEC).unwrap();
    assert_eq!((verify(&ledger, &Checks::default()).len(), ledger.entries.len()), (0, 40));
}

#[cfg(unix)]
#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut all: Vec<String> = Vec::new();
    for round in 0..12_u32 {
        let name = format!("k{round}");
        let mut child = start(root, &name, 100_000);
        // Killed at another moment each round, once it has begun to write.
        while acknowledged(root, &name).is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(u64::from(round) * 1300));
        child.kill().unwrap();
        child.wait().unwrap();
        let own = acknowledged(root, &name);
        append(root, SPEC, &entry(&format!("after {round}")), None).unwrap();
        assert_eq!(verify(&Ledger::read(root, SPEC).unwrap(), &Checks::default()), [], "round {round}");
        let told = notes(root);
        all.extend(own.iter().cloned());
        assert!(all.iter().all(|note| told.contains(note)), "round {round}");
        // At most one line more than was acknowledged: the one that was being written.
        let of_child = told.iter().filter(|note| note.starts_with(&format!("{name} "))).count();
        assert!(of_child <= own.len() + 1, "round {round}: {of_child} of {}", own.len());
    }
}
