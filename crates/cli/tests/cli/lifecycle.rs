//! A spec's whole life, as its authors type it.

use crate::repository::{Ran, Repository};

const TEMPLATE: &str = "# SPEC-XXX: [Title]\n\n**Status:** <Draft • In review • Accepted • Implemented • Superseded>\n**Owner:** <name>\n\n> Only **Accepted** specs live on `main`; create this file in a branch named `spec/<short-slug>`.\n\n## Overview\n[What it is]\n\n## Open Questions (Optional)\n- [Question]\n\n## Acceptance Criteria\n- [ ] [Something that can be verified]\n\n## Version history\n- 2026-01-01: Draft created\n- <YYYY-MM-DD>: Accepted\n";

const PATH: &str = "specs/SPEC-001-order-returns.md";

fn spec(title: &str, rest: &str) -> String {
    format!(
        "# {title}\n\n**Status:** Draft\n**Owner:** Ann\n\n## Overview\nGoods come back.\n\n{rest}\n\n## Version history\n- 2026-01-01: Draft created\n- <YYYY-MM-DD>: Accepted\n"
    )
}

fn git(repository: &Repository, line: &str) {
    let done =
        std::process::Command::new("git").args(line.split(' ')).current_dir(repository.path("")).output();
    let done = done.expect("git runs");
    assert!(done.status.success(), "git {line}: {}", String::from_utf8_lossy(&done.stderr));
}

fn is(repository: &Repository, name: &str) {
    git(repository, &format!("config user.name {name}"));
    git(repository, &format!("config user.email {name}@example.com"));
}

fn expect(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    for word in words {
        assert!(ran.out.contains(word) || ran.err.contains(word), "no “{word}” in\n{}{}", ran.out, ran.err);
    }
}

#[test]
fn a_whole_life() {
    let repository = Repository::empty();
    let run = |line: &[&str]| repository.run(line);
    is(&repository, "Ann");
    repository.write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n");
    repository.write("template.md", TEMPLATE);
    git(&repository, "add -A");
    git(&repository, "commit -qm start");
    git(&repository, "checkout -q -b spec/order-returns");
    let made = run(&["new", "Order returns"]);
    expect(&made, 0, &["specs/SPEC-001-", "order-returns.md"]);
    let made = repository.path(made.out.lines().next().unwrap_or_default());
    std::fs::rename(made, repository.path(PATH)).expect("a name without the day");
    let written = repository
        .read(PATH)
        .replace("<name>", "Ann")
        .replace("[What it is]", "Goods come back.")
        .replace(
            "## Open Questions (Optional)\n- [Question]",
            "## Open Questions\n- Who pays for the way back?",
        )
        .replace("[Something that can be verified]", "A return is listed within 2 s");
    repository.write(PATH, &written);
    git(&repository, "add -A");
    git(&repository, "commit -qm draft");

    expect(&run(&["submit", "SPEC-001", "--commit"]), 0, &["Draft → In review", "committed as"]);
    let refused = run(&["accept", "SPEC-001"]);
    expect(
        &refused,
        1,
        &["3 reasons", "is open", "has no ID", "nobody has approved it", "SPEC-001-order-returns.md:"],
    );
    expect(&run(&["check", "--gate", "accept", PATH]), 1, &["gate", "nobody has approved it"]);

    let mended = repository
        .read(PATH)
        .replace("- Who pays for the way back?", "None")
        .replace("- [ ] A", "- [ ] AC-1: A");
    repository.write(PATH, &mended);
    expect(&run(&["accept", "SPEC-001"]), 1, &["1 reason"]);
    expect(&run(&["approve", "SPEC-001"]), 2, &["nobody approves their own spec"]);
    is(&repository, "Bob");
    expect(&run(&["approve", "SPEC-001"]), 0, &["Bob approves SPEC-001"]);
    expect(&run(&["accept", "SPEC-001"]), 2, &["has changes that are not committed"]);
    git(&repository, "add -A");
    git(&repository, "commit -qm mended");
    expect(&run(&["check", "--gate", "accept", PATH]), 0, &[]);
    expect(&run(&["accept", "SPEC-001", "--dry-run"]), 0, &["nothing was written", "+**Status:** Accepted"]);
    expect(&run(&["accept", "SPEC-001", "--commit"]), 0, &["In review → Accepted"]);
    let text = repository.read(PATH);
    assert!(text.contains(": Accepted (evidence "), "{text}");
    expect(&run(&["accept", "SPEC-001"]), 1, &["already"]);

    expect(&run(&["implement", "SPEC-001"]), 1, &["AC-1 is not proven", "[SPEC-001#AC-1]"]);
    repository.write("src/returns.test.js", "test('[SPEC-001#AC-1] lists a return', () => {});\n");
    git(&repository, "add -A");
    git(&repository, "commit -qm built");
    expect(&run(&["implement", "SPEC-001"]), 1, &["AC-1 is not proven", "there is no result of it"]);
    repository.write("report.xml", &junit("<failure message='2.4 s'/>"));
    expect(&run(&["trace", "--junit", "report.xml", "--record"]), 1, &["contradicted"]);
    expect(&run(&["implement", "SPEC-001"]), 1, &["AC-1 is contradicted"]);
    repository.write("report.xml", &junit(""));
    expect(&run(&["trace", "--junit", "report.xml", "--record"]), 0, &["proven"]);
    git(&repository, "add .trueup");
    git(&repository, "commit -qm recorded");
    expect(&run(&["check", "--gate", "implement", PATH]), 0, &[]);
    expect(&run(&["implement", "SPEC-001", "--commit"]), 0, &["Accepted → Implemented"]);

    repository.write(
        "specs/SPEC-002-refunds.md",
        &spec("SPEC-002: Refunds", "## Acceptance Criteria\n- [ ] AC-1: Money is back within 2 days"),
    );
    git(&repository, "add -A");
    git(&repository, "commit -qm second");
    expect(
        &run(&["supersede", "SPEC-001", "--by", "SPEC-002", "--commit"]),
        0,
        &["Implemented → Superseded"],
    );
    assert!(repository.read(PATH).contains("**Superseded by:** [SPEC-002](SPEC-002-refunds.md)"));
    assert!(repository.read("specs/SPEC-002-refunds.md").contains("**Supersedes:** [SPEC-001]"));
    expect(&run(&["status", "--all"]), 0, &["1 Draft   1 Superseded"]);

    // On the main branch a draft is a finding.
    git(&repository, "checkout -q main");
    git(&repository, "merge -q spec/order-returns");
    expect(&run(&["check"]), 1, &["draft-on-main"]);
    let ledger = trueup_evidence::Ledger::read(&repository.path(""), "SPEC-001").expect("a ledger");
    let anchors = trueup_evidence::anchors_in(&repository.read(PATH));
    assert_eq!(anchors.len(), 4);
    expect(&run(&["evidence", "verify"]), 0, &["all hold"]);
    let checks = trueup_evidence::Checks { anchors: &anchors, ..trueup_evidence::Checks::default() };
    assert!(trueup_evidence::verify(&ledger, &checks).is_empty());
}

fn junit(inside: &str) -> String {
    format!(
        "<testsuite name='returns'><testcase name='[SPEC-001#AC-1] lists a return'>{inside}</testcase></testsuite>"
    )
}

/// A repository on a spec branch, with a spec in review that nobody has to approve; the branch it begins from has
/// the name given.
fn in_review(main: &str) -> Repository {
    let repository = Repository::empty();
    is(&repository, "Ann");
    git(&repository, &format!("checkout -q -B {main}"));
    let config =
        "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n\n[lifecycle.approvals]\ncount = 1\n";
    repository.write("trueup.toml", config);
    repository.write("template.md", TEMPLATE);
    git(&repository, "add -A");
    git(&repository, "commit -qm start");
    git(&repository, "checkout -q -b spec/order-returns");
    let bullet = "## Acceptance Criteria\n- [ ] AC-1: A return is listed within 2 s";
    repository.write(PATH, &spec("SPEC-001: Order returns", bullet));
    git(&repository, "add -A");
    git(&repository, "commit -qm draft");
    expect(&repository.run(&["submit", "SPEC-001", "--commit"]), 0, &["Draft → In review"]);
    is(&repository, "Bob");
    expect(&repository.run(&["approve", "SPEC-001"]), 0, &["Bob approves SPEC-001"]);
    git(&repository, "add -A");
    git(&repository, "commit -qm approved");
    repository
}

#[test]
fn a_rebased_branch_keeps_what_was_agreed_and_proven() {
    let repository = in_review("main");
    let run = |line: &[&str]| repository.run(line);
    let rebase = |file: &str| {
        git(&repository, "checkout -q main");
        repository.write(file, "Others work as well.\n");
        git(&repository, "add -A");
        git(&repository, "commit -qm others");
        git(&repository, "checkout -q spec/order-returns");
        git(&repository, "rebase -q main");
    };
    rebase("notes.md");
    expect(&run(&["accept", "SPEC-001", "--commit"]), 0, &["In review → Accepted"]);
    repository.write("src/returns.test.js", "test('[SPEC-001#AC-1] lists a return', () => {});\n");
    git(&repository, "add -A");
    git(&repository, "commit -qm built");
    repository.write("report.xml", &junit(""));
    expect(&run(&["trace", "--junit", "report.xml", "--record"]), 0, &["proven"]);
    git(&repository, "add .trueup");
    git(&repository, "commit -qm recorded");
    // Documents of others change nothing that a test says; their code may.
    rebase("more-notes.md");
    expect(&run(&["check", "--gate", "implement", PATH]), 0, &[]);
    rebase("src/orders.js");
    expect(
        &run(&["implement", "SPEC-001"]),
        1,
        &["the proof of AC-1 is stale", "src/orders.js has changed since"],
    );
    expect(&run(&["trace", "--junit", "report.xml", "--record"]), 0, &["proven"]);
    git(&repository, "add .trueup");
    git(&repository, "commit -qm again");
    expect(&run(&["implement", "SPEC-001", "--commit"]), 0, &["Accepted → Implemented"]);
    expect(&run(&["evidence", "verify"]), 0, &["all hold"]);
}

#[test]
fn without_a_base_branch_a_step_is_made_all_the_same() {
    let repository = in_review("trunk");
    git(&repository, "branch -q -D trunk");
    let config = repository.read("trueup.toml");
    repository.write("trueup.toml", &format!("{config}\n[lifecycle]\nmain-branch = \"trunk\"\n"));
    git(&repository, "add -A");
    git(&repository, "commit -qm configured");
    expect(&repository.run(&["accept", "SPEC-001", "--commit"]), 0, &["In review → Accepted"]);
    expect(&repository.run(&["check", "--since", "trunk"]), 2, &["trunk"]);
}

#[test]
fn what_was_interrupted_is_told_and_settled() {
    let repository = Repository::empty();
    repository.write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n");
    repository.write("template.md", TEMPLATE);
    let text = spec("SPEC-001: Order returns", "## Acceptance Criteria\n- [ ] AC-1: A return is listed");
    repository.write(PATH, &text);
    let after = text.replace("Draft\n", "In review\n");
    let journal = serde_json::json!({ "command": "submit SPEC-001", "about": PATH, "changes": [
        { "path": PATH, "before": text, "after": after }
    ] });
    repository.write(".trueup/journal/transition.json", &journal.to_string());
    expect(
        &repository.run(&["check"]),
        1,
        &["transition-interrupted", "`trueup submit SPEC-001` was interrupted"],
    );
    repository.write(PATH, &text.replace("Goods", "Some goods"));
    expect(&repository.run(&["resume"]), 2, &["was changed by somebody else since", "--undo"]);
    repository.write(PATH, &text);
    expect(&repository.run(&["resume"]), 0, &["`trueup submit SPEC-001` is completed"]);
    assert_eq!(repository.read(PATH), after);
    expect(&repository.run(&["resume"]), 0, &["nothing was interrupted"]);
}

#[test]
fn every_command_that_writes_completes_what_was_interrupted() {
    let commands: [&[&str]; 8] = [
        &["waive", "SPEC-001", "AC-1", "--owner", "ada", "--reason", "later", "--until", "2999-01-01"],
        &["index", "--write"],
        &["upgrade", "SPEC-001"],
        &["report", "SPEC-001", "--write"],
        &["baseline", "update"],
        &["check", "--fix"],
        &["new", "Another spec"],
        &["trace", "--record"],
    ];
    for command in commands {
        let repository = Repository::empty();
        is(&repository, "Ann");
        repository.write("trueup.toml", "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n");
        repository.write("template.md", TEMPLATE);
        let text = spec("SPEC-001: Order returns", "## Acceptance Criteria\n- [ ] AC-1: A return is listed");
        repository.write(PATH, &text);
        let after = text.replace("Draft\n", "In review\n");
        let journal = serde_json::json!({ "command": "submit SPEC-001", "about": PATH, "changes": [
            { "path": PATH, "before": text, "after": after }
        ] });
        repository.write(".trueup/journal/transition.json", &journal.to_string());
        let ran = repository.run(command);
        assert!(
            ran.err.contains("`trueup submit SPEC-001` had been interrupted and was completed first"),
            "{command:?}: {}{}",
            ran.out,
            ran.err
        );
        assert!(repository.read(PATH).contains("In review\n"), "{command:?}");
        assert!(!repository.path(".trueup/journal").exists(), "{command:?}");
    }
}

#[test]
fn a_gate_takes_no_option_that_it_would_not_heed() {
    let repository = Repository::empty();
    for option in [&["--since", "main"][..], &["--fail-on", "never"], &["--no-baseline"]] {
        let line = [&["check", "--gate", "accept"][..], option].concat();
        expect(&repository.run(&line), 2, &["cannot be used with"]);
    }
}
