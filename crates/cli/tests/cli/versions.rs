//! Versions of a template: listed, compared, and a spec brought to the newest.

use crate::repository::{Repository, TEMPLATE};

const OLD: &str = "docs/specs/SPEC-001-2026-01-01-returns.md";
const ROLLOUT: &str = "\n## Rollout\n[Who gets it first]\n";

/// A template that gained a section after its specs were written.
fn grown() -> Repository {
    let repository = Repository::with_specs();
    repository.commit("First", "2026-01-01");
    repository.write("docs/spec-template.md", &format!("{TEMPLATE}{ROLLOUT}"));
    repository.commit("Rollout", "2026-02-01");
    repository
}

#[test]
fn versions_are_listed_and_compared() {
    let repository = grown();
    repository
        .run(&["template", "versions"])
        .exits(0)
        .says("2026-02-01")
        .says("+ the section `Rollout`")
        .says("2026-01-01")
        .says("the first version");
    repository.run(&["template", "diff", "2026-01-15"]).exits(0).says("+ the section `Rollout`");
    repository.run(&["template", "diff", "HEAD", "HEAD~1"]).exits(0).says("- the section `Rollout`");
    repository.run(&["template", "diff", "HEAD"]).exits(0).tells("both ask the same");
    repository.run(&["template", "diff", "2025-01-01"]).exits(2).tells("is no version of").tells("help:");
    repository.run(&["template", "versions", "nowhere.md"]).exits(2).tells("nowhere.md");
}

#[test]
fn what_git_does_not_know_has_no_versions() {
    let repository = Repository::with_specs();
    repository.run(&["template", "versions"]).exits(2).tells("git knows no version").tells("help:");
}

#[test]
fn a_spec_is_brought_to_the_newest_version() {
    let repository = grown();
    let before = repository.read(OLD);
    repository.run(&["upgrade", "SPEC-001", "--dry-run"]).exits(0).says("+## Rollout");
    assert_eq!(repository.read(OLD), before, "nothing is written");
    repository.run(&["upgrade", "SPEC-001", "--to", "2026-01-15"]).exits(0).tells("no section is missing");
    repository.run(&["upgrade", "SPEC-001"]).exits(0).says("+## Rollout");
    let after = repository.read(OLD);
    assert!(after.contains("## Rollout") && before.lines().all(|line| after.contains(line)), "{after}");
    repository.run(&["upgrade", "SPEC-001"]).exits(0).tells("no section is missing");
    assert_eq!(repository.read(OLD), after);
    repository.run(&["upgrade", "SPEC-099"]).exits(2).tells("SPEC-099");
}
