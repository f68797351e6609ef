//! Ledgers on a real disk: git merges them, several processes write them, processes are killed, and
//! OpenSSH makes and checks their signatures.

mod processes;
mod signatures;

use std::path::Path;
use std::process::Command;
use trueup_evidence::{Checks, Ledger, NewEntry, Person, Statement, Subject, append, now, verify};

const SPEC: &str = "SPEC-012";

fn entry(note: &str) -> NewEntry {
    NewEntry {
        by: Person { name: "Ada".to_owned(), email: "ada@example.org".to_owned() },
        time: now(),
        subjects: vec![Subject { name: "git:commit".to_owned(), digest: "1f".repeat(20) }],
        statement: Statement::Review { note: note.to_owned() },
    }
}

fn notes(root: &Path) -> Vec<String> {
    let read = Ledger::read(root, SPEC).unwrap();
    let note = |statement: &Statement| match statement {
        Statement::Review { note } => note.clone(),
        other => panic!("{other:?}"),
    };
    read.entries.iter().map(|e| note(&e.statement)).collect()
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn record(root: &Path, note: &str) {
    append(root, SPEC, &entry(note), None).unwrap();
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", note]);
}

#[test]
fn branches_merge_by_union_and_verify() {
    // The number of lines on the main branch before the branches part, then on each of them.
    for (before, on_main, on_branch) in [(0, 1, 1), (1, 1, 1), (2, 3, 2), (1, 0, 2), (3, 1, 4)] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        git(root, &["init", "-q", "-b", "main"]);
        std::fs::write(root.join("README.md"), "# Shop\n").unwrap();
        // Git asks the work tree for attributes: they are there before the branches part, or made by both.
        git(root, &["add", "-A"]);
        git(root, &["commit", "-qm", "begin"]);
        (0..before).for_each(|n| record(root, &format!("before {n}")));
        git(root, &["branch", "other"]);
        (0..on_main).for_each(|n| record(root, &format!("main {n}")));
        git(root, &["checkout", "-q", "other"]);
        (0..on_branch).for_each(|n| record(root, &format!("other {n}")));
        git(root, &["checkout", "-q", "main"]);
        git(root, &["merge", "-q", "--no-edit", "other"]);
        let ledger = Ledger::read(root, SPEC).unwrap();
        assert_eq!(verify(&ledger, &Checks::default()), [], "{before} {on_main} {on_branch}");
        assert_eq!(ledger.entries.len(), before + on_main + on_branch);
        assert_eq!(ledger.heads().len(), if on_main == 0 { 1 } else { 2 });
        // The next line sees both heads, and the branches can go on from there.
        record(root, "after");
        git(root, &["checkout", "-q", "other"]);
        record(root, "other again");
        git(root, &["merge", "-q", "--no-edit", "main"]);
        let ledger = Ledger::read(root, SPEC).unwrap();
        assert_eq!(verify(&ledger, &Checks::default()), [], "{before} {on_main} {on_branch}");
        assert_eq!(ledger.entries.len(), before + on_main + on_branch + 2);
    }
}

#[test]
fn a_rebased_branch_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    record(root, "before");
    git(root, &["checkout", "-q", "-b", "other"]);
    record(root, "other 0");
    record(root, "other 1");
    git(root, &["checkout", "-q", "main"]);
    record(root, "main 0");
    git(root, &["checkout", "-q", "other"]);
    git(root, &["rebase", "-q", "main"]);
    assert_eq!(verify(&Ledger::read(root, SPEC).unwrap(), &Checks::default()), []);
    assert_eq!(notes(root), ["before", "main 0", "other 0", "other 1"]);
}

#[test]
fn what_stands_in_the_attributes_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".trueup/evidence/.gitattributes");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "*.txt text").unwrap();
    append(folder.path(), SPEC, &entry("a"), None).unwrap();
    append(folder.path(), SPEC, &entry("b"), None).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("*.txt text\n*.jsonl -text merge=union\n"), "{text}");
    assert_eq!(text.matches("merge=union").count(), 3);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_or_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join(".trueup/evidence/SPEC-012.jsonl")).unwrap();
    let told = append(root, SPEC, &entry("a"), None).unwrap_err().to_string();
    assert!(told.contains("SPEC-012.jsonl") && told.contains("nothing was recorded"), "{told}");
    assert!(Ledger::read(root, SPEC).is_err());
    let root = root.join("file");
    std::fs::write(&root, "").unwrap();
    assert!(append(&root, SPEC, &entry("a"), None).unwrap_err().to_string().contains("make the folder"));
}
