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
    let open = "## Open Questions\n- Who pays for the way back?\n\n## Acceptance Criteria\n- [ ] A return is listed within 2 s";
    repository.write(PATH, &spec("SPEC-001: Order returns", open));
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
    let subject = trueup_evidence::Subject {
        name: "SPEC-001#AC-1".into(),
        digest: trueup_evidence::item_digest("AC-1", "A return is listed within 2 s").0,
    };
    let tests = vec![("lists a return".into(), "SPEC-001#AC-1".into(), trueup_evidence::TestOutcome::Passed)];
    let entry = trueup_evidence::NewEntry {
        by: trueup_evidence::Person { name: "Bob".into(), email: "Bob@example.com".into() },
        time: trueup_evidence::now(),
        subjects: vec![subject],
        statement: trueup_evidence::Statement::TestResult { tests, source: "junit.xml".into() },
    };
    trueup_evidence::append(&repository.path(""), "SPEC-001", &entry, None).expect("evidence is recorded");
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
    let checks = trueup_evidence::Checks { anchors: &anchors, ..trueup_evidence::Checks::default() };
    assert!(trueup_evidence::verify(&ledger, &checks).is_empty());
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
