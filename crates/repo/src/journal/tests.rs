use super::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// All files of a folder but those of the journal.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != JOURNAL_FOLDER => open.push(path),
                true => {}
                false => drop(out.insert(name, fs::read_to_string(&path).unwrap())),
            }
        }
    }
    out
}

fn example() -> (tempfile::TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "one\n").unwrap();
    fs::write(folder.path().join("b.md"), "two\n").unwrap();
    let change = |path: &str, before: Option<&str>, after: Option<&str>| FileChange {
        path: path.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        like: None,
    };
    let changes = vec![
        change("a.md", Some("one\n"), Some("ONE\n")),
        FileChange { like: Some("b.md".into()), ..change("done/b.md", None, Some("TWO\n")) },
        change("b.md", Some("two\n"), None),
    ];
    (folder, Journal { command: "accept b.md".into(), about: "b.md".into(), changes })
}

/// Stops at the n-th thing that is done to the disk; whether it came that far.
fn stopped_at(n: usize, lock: &ChangeLock, journal: &Journal) -> bool {
    let mut count = 0;
    catch_unwind(AssertUnwindSafe(|| {
        let _ = lock.make(journal, &mut |what| {
            if count == n {
                std::panic::panic_any(what.to_owned());
            }
            count += 1;
        });
    }))
    .is_err()
}

#[test]
fn stopped_anywhere_it_is_completed_or_taken_back() {
    std::panic::set_hook(Box::new(|_| {}));
    for undo in [false, true] {
        let mut points = 0;
        for n in 0.. {
            let (folder, journal) = example();
            let root = folder.path();
            let before = files(root);
            let lock = ChangeLock::take(root, "accept b.md").unwrap();
            let stopped = stopped_at(n, &lock, &journal);
            drop(lock);
            let begun = interrupted(root);
            let lock = ChangeLock::take(root, "resume").unwrap();
            let open = lock.interrupted().unwrap();
            assert!(open.is_none() || begun.is_some());
            match &open {
                Some(open) if undo => lock.undo(open, &mut |_| {}).unwrap(),
                Some(open) => lock.complete(open, &mut |_| {}).unwrap(),
                None => {}
            }
            let now = files(root);
            let after =
                BTreeMap::from([("a.md".into(), "ONE\n".into()), ("done/b.md".into(), "TWO\n".into())]);
            match open {
                Some(_) => assert_eq!(now, if undo { before } else { after }, "stop {n}"),
                None => assert!(now == before || now == after, "stop {n}: {now:?}"),
            }
            assert_eq!(interrupted(root), None);
            assert!(lock.interrupted().unwrap().is_none());
            points = n;
            if !stopped {
                break;
            }
        }
        assert!(points > 10, "{points}");
    }
    let _ = std::panic::take_hook();
}

#[test]
fn what_somebody_changed_is_left_alone() {
    let (folder, journal) = example();
    let lock = ChangeLock::take(folder.path(), "accept b.md").unwrap();
    fs::write(folder.path().join("b.md"), "three\n").unwrap();
    let told = lock.make(&journal, &mut |_| {}).unwrap_err().to_string();
    assert_eq!(told, "b.md was changed by somebody else since `accept b.md` began");
    assert_eq!(files(folder.path())["a.md"], "one\n");
    assert_eq!(interrupted(folder.path()), None);
}

#[test]
fn one_at_a_time() {
    let (folder, _) = example();
    let lock = ChangeLock::take(folder.path(), "accept b.md").unwrap();
    let told = ChangeLock::take(folder.path(), "park a.md").unwrap_err().to_string();
    let expected = format!(": `trueup accept b.md`, process {}", std::process::id());
    assert!(told.ends_with(&expected), "{told}");
    drop(lock);
    ChangeLock::take(folder.path(), "park a.md").unwrap();
}

#[test]
fn a_journal_leads_nowhere_outside() {
    let (folder, _) = example();
    let lock = ChangeLock::take(folder.path(), "x").unwrap();
    for text in [
        "{",
        r#"{"command":"x","about":"a","changes":[{"path":"../a","before":null,"after":"x"}]}"#,
        r#"{"command":"x","about":"a","changes":[{"path":"/etc/a","before":null,"after":"x"}]}"#,
        r#"{"command":"x","about":"a","changes":[{"path":".git/config","before":null,"after":"x"}]}"#,
    ] {
        fs::write(folder.path().join(JOURNAL_FOLDER).join(JOURNAL), text).unwrap();
        assert!(matches!(lock.interrupted(), Err(JournalError::Damaged { .. })), "{text}");
        // Whoever holds the lock is at it.
        assert_eq!(interrupted(folder.path()), None);
    }
}

#[test]
fn nothing_is_made_that_could_not_be_completed() {
    for path in ["/a.md", "../a.md", "x/../../a.md", ".git/config", "x/.GIT/config", "C:a.md", ""] {
        let (folder, mut journal) = example();
        let before = files(folder.path());
        journal.changes[1].path = path.to_owned();
        let lock = ChangeLock::take(folder.path(), "x").unwrap();
        let told = lock.make(&journal, &mut |_| {}).unwrap_err();
        assert!(matches!(told, JournalError::Outside { .. }), "{path}: {told}");
        assert_eq!(files(folder.path()), before, "{path}");
    }
    let (folder, mut journal) = example();
    journal.changes[1].path = "done/SPEC-001: B.md".to_owned();
    let lock = ChangeLock::take(folder.path(), "x").unwrap();
    lock.write_journal(&journal, &mut |_| {}).unwrap();
    assert_eq!(lock.interrupted().unwrap(), Some(journal.clone()));
    lock.complete(&journal, &mut |_| {}).unwrap();
    assert!(folder.path().join("done/SPEC-001: B.md").exists());
}

#[test]
fn a_damaged_journal_is_told_apart_from_one_that_was_not_written() {
    let (folder, _) = example();
    let journal = folder.path().join(JOURNAL_FOLDER);
    fs::create_dir_all(&journal).unwrap();
    fs::write(journal.join(UNFINISHED), "{").unwrap();
    assert_eq!(interrupted(folder.path()).map(|i| i.damaged.is_some()), Some(false));
    fs::write(journal.join(JOURNAL), "{").unwrap();
    assert_eq!(interrupted(folder.path()).map(|i| i.damaged.is_some()), Some(true));
}

#[test]
fn the_folder_is_there_only_while_it_is_needed() {
    let (folder, journal) = example();
    let root = folder.path();
    let lock = ChangeLock::take(root, "x").unwrap();
    assert!(root.join(JOURNAL_FOLDER).join(LOCK).exists());
    lock.write_journal(&journal, &mut |_| {}).unwrap();
    drop(lock);
    assert!(root.join(JOURNAL_FOLDER).join(JOURNAL).exists());
    let lock = ChangeLock::take(root, "resume").unwrap();
    lock.complete(&journal, &mut |_| {}).unwrap();
    drop(lock);
    assert_eq!(root.join(".trueup").exists(), !cfg!(unix));
}

#[test]
fn many_at_once_come_one_after_the_other() {
    let (folder, _) = example();
    let inside = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let lock = ChangeLock::take(folder.path(), "x").unwrap();
                    assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                    std::thread::yield_now();
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    drop(lock);
                }
            });
        }
    });
}
