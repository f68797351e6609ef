//! A process is killed at every write of every step: what is left is before or after, never between.

use crate::fixture::{files, open, renamed, repository, step};
use std::path::Path;
use std::process::{Command, Stdio};
use trueup_engine::CheckOptions;
use trueup_lifecycle::{Action, Settle, begin, settle};
use trueup_testkit::Repository;

const ROOT: &str = "TRUEUP_TEST_ROOT";
const STEP: &str = "TRUEUP_TEST_STEP";
const STOP: &str = "TRUEUP_TEST_STOP";

/// Makes one of the steps.
fn make(root: &Path, name: &str, before: &mut dyn FnMut(&str)) {
    let transition = |action, path, successor: Option<&str>, before: &mut dyn FnMut(&str)| {
        step(root, action, path, successor, |r| r.why = Some("later".to_owned()), before).map(|_| ())
    };
    let done = match name {
        "submit" => transition(Action::Submit, "specs/SPEC-001-orders.md", None, before),
        "accept" => transition(Action::Accept, "specs/SPEC-002-returns.md", None, before),
        "implement" => transition(Action::Implement, "specs/SPEC-003-refunds.md", None, before),
        "park" => transition(Action::Park, "specs/SPEC-002-returns.md", None, before),
        "supersede" => {
            let successor = Some("specs/SPEC-002-returns.md");
            transition(Action::Supersede, "specs/SPEC-003-refunds.md", successor, before)
        }
        "reopen" => transition(Action::Reopen, "specs/implemented/SPEC-005-carts.md", None, before),
        "rename" => {
            renamed(root, "specs/SPEC-003-refunds.md", "SPEC-033", Some("Money back"), before).map(|_| ())
        }
        other => panic!("no step {other}"),
    };
    done.unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
}

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let (Ok(root), Ok(name), Ok(stop)) = (std::env::var(ROOT), std::env::var(STEP), std::env::var(STOP))
    else {
        return;
    };
    let stop: usize = stop.parse().unwrap();
    let mut count = 0;
    make(Path::new(&root), &name, &mut |_| {
        if count == stop {
            // Nothing is unwound, nothing is flushed: as a kill.
            std::process::abort();
        }
        count += 1;
    });
}

/// Runs a step in a process that is killed at its n-th write; whether it was.
fn killed(root: &Path, name: &str, stop: usize) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["kills::child", "--exact"])
        .env(ROOT, root)
        .env(STEP, name)
        .env(STOP, stop.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    !status.success()
}

/// Whether a check says that something was interrupted.
fn reported(root: &Path) -> bool {
    let options =
        CheckOptions { rules: vec!["transition-interrupted".to_owned()], ..CheckOptions::default() };
    let report = open(root).check(&trueup_rules::all(), &options);
    report.findings.iter().any(|f| f.rule == "transition-interrupted")
}

fn prepared(name: &str) -> Repository {
    let repository = repository();
    if name == "rename" {
        // So that a ledger moves, too.
        step(repository.path(), Action::Park, "specs/SPEC-003-refunds.md", None, |_| {}, &mut |_| {})
            .unwrap();
    }
    repository
}

fn check(name: &str) {
    let whole = prepared(name);
    make(whole.path(), name, &mut |_| {});
    let after = files(whole.path(), false);
    let mut stops = 0;
    for stop in 0.. {
        let repository = prepared(name);
        let root = repository.path();
        let (before, exact) = (files(root, false), files(root, true));
        assert_ne!(before, after, "{name}");
        if !killed(root, name, stop) {
            break;
        }
        stops = stop;
        let begun = reported(root);
        let between = files(root, true);
        assert!(
            begun || between == exact || files(root, false) == after,
            "{name} {stop}: unreported\n{between:#?}"
        );
        // Any command settles it: every second time it is taken back.
        let undo = stop % 2 == 1;
        match undo {
            true => drop(settle(root, Settle::Undo).unwrap()),
            false => drop(begin(root, "status").unwrap()),
        }
        assert!(!reported(root), "{name} {stop}");
        let now = files(root, false);
        let is_before = files(root, true) == exact;
        assert!(is_before || now == after, "{name} {stop}: between two states\n{now:#?}");
        if begun && undo {
            assert!(is_before, "{name} {stop}: not taken back\n{now:#?}");
        }
    }
    assert!(stops > 8, "{name}: only {stops} writes");
}

#[test]
fn submit() {
    check("submit");
}

#[test]
fn accept() {
    check("accept");
}

#[test]
fn implement() {
    check("implement");
}

#[test]
fn park() {
    check("park");
}

#[test]
fn supersede() {
    check("supersede");
}

#[test]
fn reopen() {
    check("reopen");
}

#[test]
fn rename() {
    check("rename");
}
