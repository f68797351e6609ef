//! `baseline`: what was found before fails no check, and what is mended is dropped.

use crate::repository::Repository;

const FILE: &str = ".trueup/baseline.jsonl";
const RETURNS: &str = "docs/specs/SPEC-001-2026-01-01-returns.md";
const SEARCH: &str = "docs/specs/SPEC-002-2026-01-02-search.md";

fn without_problem(repository: &Repository, path: &str) {
    let text = repository.read(path);
    repository.write(path, &text.replace("## Problem\nCustomers call us.\n\n", ""));
}

#[test]
fn old_findings_are_noted_and_dropped() {
    let repository = Repository::with_specs();
    repository.run(&["check"]).exits(0);
    repository.run(&["baseline", "list"]).exits(2).tells("there is no").tells("trueup baseline update");
    repository.run(&["baseline", "prune"]).exits(2).tells("there is no");
    let whole = repository.read(RETURNS);
    without_problem(&repository, RETURNS);
    repository.run(&["check"]).exits(1).says("missing-section");
    repository.run(&["baseline", "update", "--owner", "ada"]).exits(0).tells("1 finding: 1 added, 0 dropped");
    repository.run(&["check"]).exits(0);
    repository.run(&["baseline", "list"]).exits(0).says("missing-section").says("ada").says("1 finding in");
    // What is new fails all the same, and pruning notes nothing.
    without_problem(&repository, SEARCH);
    repository.run(&["check"]).exits(1).says("SPEC-002");
    repository.run(&["baseline", "prune"]).exits(0).tells("1 finding: 0 added, 0 dropped");
    repository.run(&["check"]).exits(1);
    repository.write(RETURNS, &whole);
    repository.run(&["baseline", "prune"]).exits(0).tells("0 findings: 0 added, 1 dropped");
    repository
        .run(&["baseline", "update", "--level", "error"])
        .exits(0)
        .tells("1 finding: 1 added, 0 dropped");
    repository.run(&["check"]).exits(0);
}

#[test]
fn a_baseline_is_never_emptied_by_accident() {
    let repository = Repository::with_specs();
    without_problem(&repository, RETURNS);
    repository.run(&["baseline", "update"]).exits(0);
    let noted = repository.read(FILE);
    for path in [RETURNS, SEARCH, "docs/specs/SPEC-003-2026-01-03-credit.md"] {
        std::fs::remove_file(repository.path(path)).expect("the spec is there");
    }
    repository.run(&["baseline", "update"]).exits(2).tells("nothing to check");
    assert_eq!(repository.read(FILE), noted);
    repository.write(FILE, "{ not a finding\n");
    repository.run(&["baseline", "list"]).exits(2).tells("baseline.jsonl");
}
