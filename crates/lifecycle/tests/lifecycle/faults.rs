//! What must not happen, whatever somebody tries or forgets.

use crate::fixture::{bob, files, open, renamed, repository, spec, step, told};
use std::path::Path;
use trueup_engine::{CheckOptions, Workspace};
use trueup_evidence::{Checks, Ledger, NewEntry, Person, Statement, append, now, verify};
use trueup_lifecycle::{Action, Gate, Outcome, Voice, begin, gate, speak};
use trueup_testkit::Repository;

const WITH_BULLET: &str = "## Acceptance Criteria\n- [ ] AC-1: A return is listed within 2 s\n\n## Changelog";

fn done(root: &Path, action: Action, path: &str) -> Outcome {
    step(root, action, path, None, |_| {}, &mut |_| {}).unwrap_or_else(|failure| panic!("{}", told(failure)))
}

/// What `changed-since-accepted` says.
fn changed(root: &Path) -> Vec<String> {
    let options = CheckOptions { rules: vec!["changed-since-accepted".into()], ..CheckOptions::default() };
    let report = open(root).check(&trueup_rules::all(), &options);
    report.findings.iter().map(|f| f.message.clone()).collect()
}

fn in_git(repository: Repository) -> Repository {
    let repository = repository.with_git("main");
    repository.git(&["config", "user.name", "Bob"]);
    repository.git(&["config", "user.email", "bob@example.com"]);
    repository
}

/// A fixture whose SPEC-002 has a bullet and is accepted.
fn accepted() -> Repository {
    let repository = repository();
    let path = "specs/SPEC-002-returns.md";
    repository.write(path, &repository.read(path).replace("## Changelog", WITH_BULLET));
    done(repository.path(), Action::Accept, path);
    repository
}

fn laxer(repository: &Repository, path: &str) {
    repository.write(path, &repository.read(path).replace("within 2 s", "within 9 s"));
}

#[test]
fn specs_at_the_root_stay_in_the_repository() {
    let config =
        "[[specs]]\nfolders = [\"\"]\ntemplate = \"docs/template.md\"\n\n[lifecycle.approvals]\ncount = 0\n";
    let template = "# SPEC-XXX: [Title]\n\n**Status:** <Draft • Approved • Implemented>\n\n## Overview\n[What]\n\n## Changelog\n";
    let built = spec(5, "Carts", "Implemented", "Goods are collected.");
    let repository = Repository::new(&[
        ("trueup.toml", config),
        ("docs/template.md", template),
        ("SPEC-003-refunds.md", &spec(3, "Refunds", "Approved", "Money goes back.")),
        ("implemented/SPEC-005-carts.md", &built),
    ]);
    let outcome = done(repository.path(), Action::Implement, "SPEC-003-refunds.md");
    assert_eq!(outcome.path, "implemented/SPEC-003-refunds.md");
    assert!(repository.path().join("implemented/SPEC-003-refunds.md").exists());
}

#[test]
fn another_name_is_no_agreement() {
    let repository = accepted();
    laxer(&repository, "specs/SPEC-002-returns.md");
    renamed(repository.path(), "specs/SPEC-002-returns.md", "SPEC-022", None, &mut |_| {})
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    let found = changed(repository.path());
    assert!(found.len() == 1 && found[0].ends_with("acceptance bullet AC-1 (changed)"), "{found:?}");
}

#[test]
fn another_name_changes_nothing_that_was_agreed_on() {
    let repository = repository();
    let path = "specs/SPEC-002-returns.md";
    let bullet = WITH_BULLET.replace("A return", "A return of SPEC-002");
    repository.write(path, &repository.read(path).replace("## Changelog", &bullet));
    done(repository.path(), Action::Accept, path);
    renamed(repository.path(), path, "SPEC-022", None, &mut |_| {}).unwrap();
    assert!(repository.read("specs/SPEC-022-returns.md").contains("A return of SPEC-022"));
    assert_eq!(changed(repository.path()), Vec::<String>::new());
}

#[test]
fn a_parked_spec_that_comes_back_was_agreed_on_as_it_was() {
    let repository = accepted();
    let path = "specs/SPEC-002-returns.md";
    done(repository.path(), Action::Park, path);
    laxer(&repository, path);
    assert_eq!(done(repository.path(), Action::Reopen, path).to, "Approved");
    assert_eq!(changed(repository.path()).len(), 1);
}

#[test]
fn a_parked_spec_with_another_name_goes_back_to_where_it_was() {
    let repository = accepted();
    done(repository.path(), Action::Park, "specs/SPEC-002-returns.md");
    renamed(repository.path(), "specs/SPEC-002-returns.md", "SPEC-022", None, &mut |_| {}).unwrap();
    assert_eq!(done(repository.path(), Action::Reopen, "specs/SPEC-022-returns.md").to, "Approved");
}

fn approve(root: &Path, path: &str, by: &Person) -> Result<(), String> {
    let session = begin(root, "approve").unwrap();
    speak(&session, &open(root), path, by, &Voice::Approve, None).map(|_| ()).map_err(told)
}

#[test]
fn whoever_fills_in_the_template_is_the_author() {
    let repository = in_git(repository());
    let path = "specs/SPEC-006-mails.md";
    let text = repository.read("template.md").replace("SPEC-XXX: [Title]", "SPEC-006: Mails");
    repository.write(path, &text.replace("**Owner:** <name>\n", ""));
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qm", "mails", "--author", "Cid <cid@example.com>"]);
    let cid = Person { name: "Cid".into(), email: "cid@example.com".into() };
    let refused = approve(repository.path(), path, &cid).unwrap_err();
    assert!(refused.contains("nobody approves their own spec"), "{refused}");
    approve(repository.path(), path, &bob()).unwrap();
}

#[test]
fn in_a_shallow_clone_nobody_knows_who_wrote_it() {
    let repository = in_git(repository());
    repository.write("notes.md", "# Notes\n");
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qm", "notes"]);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repository.path().display());
    let clone = folder.path().join("clone");
    repository.git(&["clone", "-q", "--depth", "1", &url, &clone.display().to_string()]);
    let path = "specs/SPEC-001-orders.md";
    let refused = approve(&clone, path, &bob()).unwrap_err();
    assert!(refused.contains("git fetch --unshallow"), "{refused}");
    // An approval that was recorded elsewhere does not count there either.
    let entry = |by: Person| NewEntry {
        by,
        time: now(),
        subjects: trueup_evidence::spec_subjects(
            "SPEC-001",
            &open(&clone).read_file(path).unwrap().specs[0].facts,
            None,
        ),
        statement: Statement::Approval,
    };
    append(&clone, "SPEC-001", &entry(bob()), None).unwrap();
    let config = std::fs::read_to_string(clone.join("trueup.toml")).unwrap();
    std::fs::write(clone.join("trueup.toml"), config.replace("count = 0", "count = 1")).unwrap();
    let reasons = asked(&open(&clone), path, Gate::Accept);
    assert!(reasons.iter().any(|r| r.contains("this clone is shallow")), "{reasons:?}");
}

fn asked(workspace: &Workspace, path: &str, which: Gate) -> Vec<String> {
    let report = gate(workspace, &trueup_rules::all(), path, which, false).unwrap();
    report.reasons.into_iter().map(|reason| reason.what).collect()
}

fn waiver(of: &str) -> NewEntry {
    let statement = Statement::Waiver {
        of: of.into(),
        owner: "Ann".into(),
        reason: "later".into(),
        expires: "2999-01-01".into(),
    };
    NewEntry { by: bob(), time: now(), subjects: Vec::new(), statement }
}

#[test]
fn a_line_that_is_added_during_a_step_is_not_lost() {
    let repository = accepted();
    let root = repository.path();
    let mut adding = None;
    let mut before = |what: &str| {
        if what == "put the journal in place" {
            let root = root.to_path_buf();
            adding = Some(std::thread::spawn(move || {
                append(&root, "SPEC-002", &waiver("AC-1"), None).map(|_| ())
            }));
            // Time enough for whoever does not wait.
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    };
    step(root, Action::Park, "specs/SPEC-002-returns.md", None, |_| {}, &mut before)
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    adding.take().unwrap().join().unwrap().unwrap();
    let ledger = Ledger::read(root, "SPEC-002").unwrap();
    let kinds: Vec<&str> = ledger.entries.iter().map(|e| e.statement.name()).collect();
    assert_eq!(kinds, ["transition", "transition", "waiver"]);
    assert_eq!(verify(&ledger, &Checks::default()), []);
}

#[test]
fn a_second_file_takes_no_ledger_away() {
    for second in [
        "# SPEC-002: Returns\n\nThis spec has moved to [another file](../SPEC-002-returns.md).\n".to_owned(),
        spec(2, "Other returns", "Draft", "Something else."),
    ] {
        let repository = accepted();
        let path = "specs/SPEC-002-returns.md";
        laxer(&repository, path);
        repository.write("specs/old/SPEC-002-returns-old.md", &second);
        assert_eq!(changed(repository.path()).len(), 1, "{second}");
        let workspace = open(repository.path());
        let file = workspace.read_file(path).unwrap();
        let evidence = workspace.evidence_of(&file, &file.specs[0]).unwrap();
        assert_eq!(evidence.name, "SPEC-002");
        assert_eq!(workspace.verify_evidence(&evidence).unwrap(), []);
    }
}

#[test]
fn a_ledger_that_a_branch_cut_is_noticed() {
    let repository = in_git(repository());
    let path = "specs/SPEC-002-returns.md";
    let (ledger, sum) = (".trueup/evidence/SPEC-002.jsonl", ".trueup/evidence/SPEC-002.sum");
    let session = begin(repository.path(), "reject").unwrap();
    let cid = Person { name: "Cid".into(), email: "cid@example.com".into() };
    speak(&session, &open(repository.path()), path, &cid, &Voice::Reject("who pays?".into()), None).unwrap();
    drop(session);
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qm", "reject"]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    for file in [ledger, sum] {
        std::fs::remove_file(repository.path().join(file)).unwrap();
    }
    let reasons = asked(&open(repository.path()), path, Gate::Accept);
    assert!(reasons.iter().any(|r| r == "line 1 of the last commit is gone or was changed"), "{reasons:?}");
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-qm", "cut"]);
    let reasons = asked(&open(repository.path()), path, Gate::Accept);
    assert!(reasons.iter().any(|r| r == "line 1 of the branch main is gone or was changed"), "{reasons:?}");
}

#[test]
fn another_name_leaves_addresses_and_code_as_they_are() {
    let repository = repository();
    let kept = "```sh\ncat specs/SPEC-003-refunds.md # SPEC-003\n```\n\n<https://example.com/SPEC-003-refunds.html> [x](https://example.com/SPEC-003/SPEC-003-refunds)\n";
    repository.write("docs/more.md", &format!("# More\n\n{kept}\nSee `specs/SPEC-003-refunds.md`.\n"));
    renamed(repository.path(), "specs/SPEC-003-refunds.md", "SPEC-033", None, &mut |_| {})
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    assert_eq!(
        repository.read("docs/more.md"),
        format!("# More\n\n{kept}\nSee `specs/SPEC-033-refunds.md`.\n")
    );
}

#[test]
fn what_is_taken_up_again_is_superseded_by_nobody() {
    let repository = repository();
    let (old, new) = ("specs/SPEC-003-refunds.md", "specs/SPEC-002-returns.md");
    let before = (repository.read(old), repository.read(new));
    step(repository.path(), Action::Supersede, old, Some(new), |_| {}, &mut |_| {}).unwrap();
    done(repository.path(), Action::Reopen, old);
    assert_eq!(repository.read(new), before.1);
    assert!(!repository.read(old).contains("Superseded by:"), "{}", repository.read(old));
    let options = CheckOptions { rules: vec!["superseded-one-way".into()], ..CheckOptions::default() };
    let found = open(repository.path()).check(&trueup_rules::all(), &options).findings;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_key_of_yaml_is_written_once() {
    let repository = repository();
    let new = "specs/SPEC-002-returns.md";
    let yaml = |inner: &str| {
        format!(
            "---\nstatus: In review\n{inner}---\n\n# SPEC-002: Returns\n\n## Overview\nGoods.\n\n## Changelog\n"
        )
    };
    repository.write(new, &yaml("supersedes: SPEC-004\n"));
    step(repository.path(), Action::Supersede, "specs/SPEC-003-refunds.md", Some(new), |_| {}, &mut |_| {})
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    assert_eq!(repository.read(new), yaml("supersedes: SPEC-004, SPEC-003\n"));
    repository.write(new, &yaml("supersedes:\n  spec: SPEC-004\n"));
    let again = step(
        repository.path(),
        Action::Supersede,
        "specs/SPEC-001-orders.md",
        Some(new),
        |_| {},
        &mut |_| {},
    );
    let refused = told(again.unwrap_err());
    assert!(refused.contains("SPEC-001 cannot be added safely"), "{refused}");
}

#[test]
fn people_know_that_nothing_was_proven() {
    let repository = repository();
    let outcome = done(repository.path(), Action::Implement, "specs/SPEC-003-refunds.md");
    assert_eq!(outcome.notes, ["nothing was proven: the spec has no acceptance bullets"]);
}

#[test]
fn a_reason_is_no_evidence() {
    let repository = accepted();
    let path = "specs/SPEC-002-returns.md";
    let because = |why: &'static str| {
        let why = move |r: &mut trueup_lifecycle::Request<'_>| r.why = Some(why.to_owned());
        step(repository.path(), Action::Park, path, None, why, &mut |_| {}).map_err(told)
    };
    let refused = because("see (evidence deadbeef0012) of last year").unwrap_err();
    assert!(refused.contains("say it in other words"), "{refused}");
    because("the evidence deadbeef0012 (of last year) is weak").unwrap();
    let workspace = open(repository.path());
    let file = workspace.read_file(path).unwrap();
    let evidence = workspace.evidence_of(&file, &file.specs[0]).unwrap();
    assert_eq!(workspace.verify_evidence(&evidence).unwrap(), []);
}

#[test]
fn evidence_that_git_ignores_is_not_recorded() {
    let repository = in_git(repository());
    repository.write(".gitignore", ".trueup/\n");
    let path = "specs/SPEC-002-returns.md";
    let before = files(repository.path(), true);
    let refused = told(step(repository.path(), Action::Accept, path, None, |_| {}, &mut |_| {}).unwrap_err());
    assert!(refused.contains("`.trueup/` in .gitignore:1"), "{refused}");
    let refused = approve(repository.path(), path, &bob()).unwrap_err();
    assert!(refused.contains("nobody else would ever see the evidence"), "{refused}");
    assert_eq!(files(repository.path(), true), before);
    repository.write(".gitignore", ".trueup/*\n!.trueup/evidence/\n");
    done(repository.path(), Action::Accept, path);
}

#[test]
fn who_changes_nothing_leaves_nothing() {
    let repository = repository();
    let path = "specs/SPEC-005-carts.md";
    step(repository.path(), Action::Accept, path, None, |_| {}, &mut |_| {}).unwrap_err();
    assert!(!repository.path().join(".trueup").exists());
    done(repository.path(), Action::Submit, "specs/SPEC-001-orders.md");
    assert!(!repository.path().join(".trueup/journal").exists());
}
