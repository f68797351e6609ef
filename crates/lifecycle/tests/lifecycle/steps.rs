//! What each step changes, and what it does not.

use crate::fixture::{bob, files, open, renamed, repository, spec, step, told};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Barrier;
use trueup_engine::CheckOptions;
use trueup_evidence::{Person, Statement, TestOutcome};
use trueup_finding::Level;
use trueup_lifecycle::{Action, Voice, begin, speak};
use trueup_testkit::Repository;

/// The lines that differ: `path: -old` and `path: +new`; a file that is new or gone by its name.
fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut out = Vec::new();
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths.into_iter().filter(|path| !path.starts_with(".trueup")) {
        match (before.get(path), after.get(path)) {
            (Some(_), None) => out.push(format!("{path}: gone")),
            (None, Some(_)) => out.push(format!("{path}: new")),
            (Some(old), Some(new)) if old != new => {
                let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
                out.extend(old.iter().filter(|l| !new.contains(l)).map(|l| format!("{path}: -{l}")));
                out.extend(new.iter().filter(|l| !old.contains(l)).map(|l| format!("{path}: +{l}")));
            }
            _ => {}
        }
    }
    out
}

fn check(action: Action, path: &str, successor: Option<&str>, expected: &[&str]) {
    let repository = repository();
    let before = files(repository.path(), false);
    let done =
        step(repository.path(), action, path, successor, |r| r.why = Some("later".into()), &mut |_| {});
    done.unwrap_or_else(|failure| panic!("{}", told(failure)));
    let after = files(repository.path(), false);
    assert_eq!(changes(&before, &after), expected, "{action:?}");
}

#[test]
fn each_step_changes_what_belongs_to_it() {
    let path = "specs/SPEC-001-orders.md";
    check(
        Action::Submit,
        path,
        None,
        &[
            "specs/README.md: -| [SPEC-001](SPEC-001-orders.md) | Draft |",
            "specs/README.md: +| [SPEC-001](SPEC-001-orders.md) | In review |",
            "specs/SPEC-001-orders.md: -**Status:** Draft",
            "specs/SPEC-001-orders.md: -- 2026-01-02: Draft",
            "specs/SPEC-001-orders.md: +**Status:** In review",
            "specs/SPEC-001-orders.md: +- 2026-06-15: In review: later (evidence DIGEST)",
        ]
        .iter()
        .filter(|line| !line.ends_with("-- 2026-01-02: Draft"))
        .copied()
        .collect::<Vec<_>>(),
    );
    check(
        Action::Accept,
        "specs/SPEC-002-returns.md",
        None,
        &[
            "specs/README.md: -| [SPEC-002](SPEC-002-returns.md) | In review |",
            "specs/README.md: +| [SPEC-002](SPEC-002-returns.md) | Approved |",
            "specs/SPEC-002-returns.md: -**Status:** In review",
            "specs/SPEC-002-returns.md: +**Status:** Approved",
            "specs/SPEC-002-returns.md: +- 2026-06-15: Approved: later (evidence DIGEST)",
        ],
    );
}

#[test]
fn a_built_spec_moves_and_links_follow() {
    let repository = repository();
    let done =
        step(repository.path(), Action::Implement, "specs/SPEC-003-refunds.md", None, |_| {}, &mut |_| {});
    let outcome = done.unwrap_or_else(|failure| panic!("{}", told(failure)));
    assert_eq!(outcome.path, "specs/implemented/SPEC-003-refunds.md");
    let text = repository.read("specs/implemented/SPEC-003-refunds.md");
    assert!(text.contains("[returns](../SPEC-002-returns.md)"), "{text}");
    let guide = repository.read("docs/guide.md");
    assert!(guide.contains("(../specs/implemented/SPEC-003-refunds.md#overview)"), "{guide}");
    let index = repository.read("specs/README.md");
    assert!(index.contains("| [SPEC-003](implemented/SPEC-003-refunds.md) | Implemented |"), "{index}");
    assert!(!repository.path().join("specs/SPEC-003-refunds.md").exists());
}

#[test]
fn both_ends_say_what_takes_whose_place() {
    let repository = repository();
    let (old, new) = ("specs/SPEC-003-refunds.md", "specs/SPEC-002-returns.md");
    step(repository.path(), Action::Supersede, old, Some(new), |_| {}, &mut |_| {})
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    let (old, new) = (repository.read(old), repository.read(new));
    assert!(
        old.contains(
            "**Status:** Superseded\n**Owner:** Ann\n**Superseded by:** [SPEC-002](SPEC-002-returns.md)\n"
        ),
        "{old}"
    );
    assert!(old.contains("- 2026-06-15: Superseded by SPEC-002 (evidence "), "{old}");
    assert!(new.contains("**Owner:** Ann\n**Supersedes:** [SPEC-003](SPEC-003-refunds.md)\n"), "{new}");
    let options = CheckOptions { rules: vec!["superseded-one-way".into()], ..CheckOptions::default() };
    assert!(open(repository.path()).check(&trueup_rules::all(), &options).findings.is_empty());
}

#[test]
fn a_parked_spec_goes_back_to_where_it_was() {
    let repository = repository();
    let path = "specs/SPEC-003-refunds.md";
    for (action, word) in [(Action::Park, "Parked"), (Action::Reopen, "Approved")] {
        step(repository.path(), action, path, None, |_| {}, &mut |_| {})
            .unwrap_or_else(|f| panic!("{}", told(f)));
        assert!(repository.read(path).contains(&format!("**Status:** {word}\n")), "{word}");
    }
}

#[test]
fn a_new_id_reaches_everything_that_speaks_of_it() {
    let repository = repository();
    let root = repository.path();
    step(root, Action::Park, "specs/SPEC-003-refunds.md", None, |_| {}, &mut |_| {}).unwrap();
    let done = renamed(root, "specs/SPEC-003-refunds.md", "SPEC-033", Some("Money back"), &mut |_| {})
        .unwrap_or_else(|failure| panic!("{}", told(failure)));
    assert_eq!((done.from.as_str(), done.to.as_str()), ("SPEC-003", "SPEC-033"));
    assert!(repository.read("specs/SPEC-033-refunds.md").starts_with("# SPEC-033: Money back\n"));
    assert_eq!(
        repository.read("docs/guide.md"),
        "# Guide\n\nSee [refunds](../specs/SPEC-033-refunds.md#overview) of SPEC-033.\n"
    );
    assert!(repository.read("specs/README.md").contains("| [SPEC-033](SPEC-033-refunds.md) |"));
    assert!(root.join(".trueup/evidence/SPEC-033.jsonl").exists());
    assert!(!root.join(".trueup/evidence/SPEC-003.jsonl").exists());
    let taken = renamed(root, "specs/SPEC-033-refunds.md", "SPEC-001", None, &mut |_| {}).unwrap_err();
    assert!(told(taken).contains("SPEC-001 is the ID of specs/SPEC-001-orders.md already"));
}

#[test]
fn what_is_agreed_on_and_changed_is_named() {
    let repository = repository();
    let path = "specs/SPEC-002-returns.md";
    let with_bullet = repository.read(path).replace(
        "## Changelog",
        "## Acceptance Criteria\n- [ ] AC-1: A return is listed within 2 s\n\n## Changelog",
    );
    repository.write(path, &with_bullet);
    step(repository.path(), Action::Accept, path, None, |_| {}, &mut |_| {})
        .unwrap_or_else(|f| panic!("{}", told(f)));
    let found = || {
        let options =
            CheckOptions { rules: vec!["changed-since-accepted".into()], ..CheckOptions::default() };
        let report = open(repository.path()).check(&trueup_rules::all(), &options);
        report.findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>()
    };
    let accepted = repository.read(path);
    repository
        .write(path, &accepted.replace("come back.", "come back to us.").replace("- [ ] AC-1", "- [x] AC-1"));
    assert_eq!(found(), Vec::<String>::new());
    repository.write(path, &accepted.replace("within 2 s", "within 5 s"));
    let told_now = found();
    assert_eq!(told_now.len(), 1, "{told_now:?}");
    assert!(told_now[0].ends_with(": acceptance bullet AC-1 (changed)"), "{told_now:?}");
    let again = |r: &mut trueup_lifecycle::Request<'_>| r.again = true;
    step(repository.path(), Action::Accept, path, None, again, &mut |_| {})
        .unwrap_or_else(|f| panic!("{}", told(f)));
    assert_eq!(found(), Vec::<String>::new());
}

#[test]
fn of_two_at_once_one_wins_and_the_other_says_why() {
    let repository = repository();
    let root = repository.path();
    let barrier = Barrier::new(2);
    let ends: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let one = || {
            barrier.wait();
            step(root, Action::Accept, "specs/SPEC-002-returns.md", None, |_| {}, &mut |_| {})
                .map(|_| ())
                .map_err(told)
        };
        let threads = [scope.spawn(one), scope.spawn(one)];
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let failures: Vec<&String> = ends.iter().filter_map(|end| end.as_ref().err()).collect();
    assert_eq!(failures.len(), 1, "{ends:?}");
    let why = failures[0];
    assert!(
        why.contains("another trueup is changing files")
            || why.contains("it is “Approved” (Accepted) already"),
        "{why}"
    );
}

fn in_git() -> Repository {
    let repository = repository().with_git("main");
    repository.git(&["config", "user.name", "Bob"]);
    repository.git(&["config", "user.email", "bob@example.com"]);
    repository
}

fn refusal(repository: &Repository, change: impl FnOnce(&mut trueup_lifecycle::Request<'_>)) -> String {
    let before = files(repository.path(), true);
    let path = "specs/SPEC-002-returns.md";
    let failure = step(repository.path(), Action::Accept, path, None, change, &mut |_| {}).unwrap_err();
    assert_eq!(files(repository.path(), true), before);
    told(failure)
}

#[test]
fn a_work_tree_that_is_not_fit_is_left_alone() {
    let repository = in_git();
    let path = "specs/SPEC-002-returns.md";
    let text = repository.read(path);
    repository.write(path, &text.replace("come back", "return"));
    assert!(
        refusal(&repository, |_| {})
            .starts_with("specs/SPEC-002-returns.md has changes that are not committed")
    );
    repository.write(path, &text);

    let config = repository.read("trueup.toml");
    repository.write(
        "trueup.toml",
        &format!("{config}\n[lifecycle]\nprotected = [\"specs/SPEC-002*\"]\n")
            .replace("[lifecycle.approvals]\ncount = 0\n", ""),
    );
    let told_now = refusal(&repository, |_| {});
    assert!(told_now.contains("nobody has approved it") || told_now.contains("is protected"), "{told_now}");
    repository.write("trueup.toml", &format!("{config}\n[lifecycle]\nprotected = [\"specs/README.md\"]\n"));
    assert!(refusal(&repository, |_| {}).starts_with("specs/README.md is protected"));
    repository.write("trueup.toml", &config);

    repository.git(&["checkout", "--quiet", "--detach"]);
    assert!(refusal(&repository, |r| r.commit = true).starts_with("no branch is checked out"));
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(".git/MERGE_HEAD", "0");
    assert!(refusal(&repository, |_| {}).starts_with("a merge is under way"));
}

#[test]
fn one_commit_holds_the_step_and_nothing_else() {
    let repository = in_git();
    repository.write("notes.txt", "mine\n");
    repository.git(&["add", "notes.txt"]);
    let done = step(
        repository.path(),
        Action::Implement,
        "specs/SPEC-003-refunds.md",
        None,
        |r| r.commit = true,
        &mut |_| {},
    );
    let outcome = done.unwrap_or_else(|f| panic!("{}", told(f)));
    assert!(outcome.commit.is_some());
    assert_eq!(repository.git(&["log", "-1", "--format=%s"]).trim(), "docs(spec): implement SPEC-003");
    assert_eq!(repository.git(&["status", "--short"]).trim(), "A  notes.txt");
}

#[test]
fn approvals_are_for_one_text_and_never_by_an_author() {
    let repository = repository();
    repository.write("trueup.toml", &repository.read("trueup.toml").replace("count = 0", "count = 1"));
    let root = repository.path();
    let path = "specs/SPEC-002-returns.md";
    let say = |by: Person, voice: Voice| {
        let session = begin(root, "approve").unwrap();
        speak(&session, &open(root), path, &by, &voice, None).map(|_| ()).map_err(told)
    };
    let person =
        |name: &str| Person { name: name.into(), email: format!("{}@example.com", name.to_lowercase()) };
    assert!(refused(root, path).contains("nobody has approved it"));
    assert!(say(person("Ann"), Voice::Approve).unwrap_err().contains("nobody approves their own spec"));
    say(person("Cid"), Voice::Reject("who pays?".into())).unwrap();
    say(bob(), Voice::Approve).unwrap();
    assert!(refused(root, path).contains("Cid rejected it on "));
    say(person("Cid"), Voice::Approve).unwrap();
    // Another fact: nobody has agreed to that.
    let text = repository.read(path);
    repository.write(
        path,
        &text.replace(
            "## Changelog",
            "## Acceptance Criteria\n- [ ] AC-1: A return is listed\n\n## Changelog",
        ),
    );
    assert!(refused(root, path).contains("was for another text: facts changed since"));
    repository.write(path, &text.replace("come back.", "come back to the shop."));
    step(root, Action::Accept, path, None, |_| {}, &mut |_| {}).unwrap_or_else(|f| panic!("{}", told(f)));
}

fn refused(root: &Path, path: &str) -> String {
    told(step(root, Action::Accept, path, None, |_| {}, &mut |_| {}).unwrap_err())
}

#[test]
fn what_is_built_is_proven_for_this_text_and_this_code() {
    let repository = in_git();
    let root = repository.path();
    let path = "specs/SPEC-006-mails.md";
    let text = spec(6, "Mails", "Approved", "Mails go out.")
        .replace("## Changelog", "## Acceptance Criteria\n- [ ] AC-1: A mail is sent within 2 s\n- [ ] AC-2: It names the order\n\n## Changelog");
    repository.write(path, &text);
    repository.write("src/mails.rs", "pub fn send() {}\n");
    repository.commit("Mails");
    let try_it =
        || step(root, Action::Implement, path, None, |r| r.dry_run = true, &mut |_| {}).map_err(told);
    let expect = |words: [&str; 2]| {
        let told_now = try_it().unwrap_err();
        assert_eq!(told_now.lines().count(), 2, "{told_now}");
        assert!(words.iter().all(|word| told_now.contains(word)), "{words:?} in {told_now}");
    };
    expect(["AC-1 is not proven", "AC-2 is not proven"]);
    let record = |id: &str, test: &str, said: &str, outcome| {
        let subject = |name: String, digest: String| trueup_evidence::Subject { name, digest };
        let subjects = vec![
            subject("git:commit".to_owned(), repository.git(&["rev-parse", "HEAD"]).trim().to_owned()),
            subject(format!("SPEC-006#{id}"), trueup_evidence::item_digest(id, said).0),
        ];
        let tests = vec![(test.to_owned(), format!("SPEC-006#{id}"), outcome)];
        let statement = Statement::TestResult { tests, source: "junit.xml".into() };
        let entry =
            trueup_evidence::NewEntry { by: bob(), time: trueup_evidence::now(), subjects, statement };
        trueup_evidence::append(root, "SPEC-006", &entry, None).unwrap();
        repository.commit("Recorded");
    };
    record("AC-1", "sends", "A mail is sent within 3 s", TestOutcome::Passed);
    record("AC-2", "names", "It names the order", TestOutcome::Failed);
    expect(["the proof of AC-1 is stale", "AC-2 is contradicted"]);
    record("AC-1", "sends", "A mail is sent within 2 s", TestOutcome::Passed);
    record("AC-2", "names", "It names the order", TestOutcome::Passed);
    // A test that failed is not outvoted by another one that passed.
    record("AC-2", "names twice", "It names the order", TestOutcome::Failed);
    record("AC-2", "names", "It names the order", TestOutcome::Passed);
    let told_now = try_it().unwrap_err();
    assert!(told_now.starts_with("AC-2 is contradicted") && told_now.contains("names twice"), "{told_now}");
    record("AC-2", "names twice", "It names the order", TestOutcome::Passed);
    try_it().unwrap();
    repository.write("src/mails.rs", "pub fn send() { todo!() }\n");
    repository.commit("Other code");
    expect(["the proof of AC-1 is stale", "src/mails.rs has changed since"]);
    record("AC-1", "sends", "A mail is sent within 2 s", TestOutcome::Passed);
    for test in ["names", "names twice"] {
        record("AC-2", test, "It names the order", TestOutcome::Passed);
    }
    let done = step(root, Action::Implement, path, None, |_| {}, &mut |_| {})
        .unwrap_or_else(|f| panic!("{}", told(f)));
    assert_eq!(done.path, "specs/implemented/SPEC-006-mails.md");
    let report = open(root).check(&trueup_rules::all(), &CheckOptions::default());
    let errors: Vec<_> =
        report.findings.iter().filter(|f| f.level == Level::Error && f.path.contains("SPEC-006")).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
