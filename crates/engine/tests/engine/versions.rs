//! Versions of a template: which one a spec is held to, and how it is brought to another.

use trueup_engine::{CheckReport, TemplateVersion};
use trueup_testkit::Repository;
use trueup_text::apply_edits;

const FIRST: &str = "# [Title]\n\n## Overview\n[What it is]\n\n## Risks\n[What may go wrong]\n";
const TESTS: &str = "## Tests\n- [Which tests]\n";
const ROLLOUT: &str = "## Rollout\n[Who gets it first]\n";
const OLD: &str = "specs/2026-01-20-old.md";
const NEW: &str = "specs/2026-03-20-new.md";
const SPEC: &str = "# A title\n\n## Overview\nWhat it is.\n\n## Risks\nNone.\n";

fn newest() -> String {
    FIRST.replace("## Risks", &format!("{TESTS}\n## Risks")) + "\n" + ROLLOUT
}

/// A template of 1 January that gained two sections on 1 March, and a spec of each time.
fn repository() -> Repository {
    let repository = Repository::standard(&[("template.md", FIRST), (OLD, SPEC), (NEW, SPEC)]);
    repository.git(&["init", "--quiet", "--initial-branch", "main"]);
    repository.git(&["add", "--all"]);
    repository.git_on(&["commit", "--quiet", "--message", "First"], "2026-01-01T12:00:00Z");
    repository.write("template.md", &FIRST.replace("[What it is]", "[What it is, in short]"));
    repository.git_on(&["commit", "--quiet", "--all", "--message", "Words"], "2026-02-01T12:00:00Z");
    repository.write("template.md", &newest());
    repository.git_on(&["commit", "--quiet", "--all", "--message", "More"], "2026-03-01T12:00:00Z");
    repository
}

fn told(report: &CheckReport) -> Vec<String> {
    report.findings.iter().map(|f| format!("{} {}", f.path, f.rule)).collect()
}

fn checked(repository: &Repository) -> CheckReport {
    repository.check(&trueup_rules::all())
}

fn versions(repository: &Repository) -> Vec<TemplateVersion> {
    repository.open().template_versions("template.md", None).unwrap()
}

#[test]
fn a_spec_is_held_to_the_version_of_its_day() {
    let report = checked(&repository());
    let missing = format!("{NEW} missing-section");
    assert_eq!(told(&report), [format!("{OLD} template-outdated"), missing.clone(), missing]);
    let message = &report.findings[0].message;
    assert!(message.contains("`Tests`") && message.contains("one thing more"), "{message}");
}

#[test]
fn every_revision_is_a_version_and_only_what_is_asked_counts() {
    let repository = repository();
    let all = versions(&repository);
    let subjects: Vec<&str> = all.iter().map(|version| version.subject.as_str()).collect();
    assert_eq!(subjects, ["First", "Words", "More"]);
    repository.write("template.md", &(newest() + "\n## Later\n[More]\n"));
    assert_eq!(versions(&repository).len(), 4, "what is not committed counts from today on");
    let found = told(&checked(&repository));
    assert_eq!(found.iter().filter(|f| f.contains("template-outdated")).count(), 2, "{found:?}");
    assert_eq!(found.iter().filter(|f| f.contains("missing-section")).count(), 2, "{found:?}");
}

#[test]
fn a_template_keeps_its_versions_when_it_moves() {
    let repository = repository();
    repository.git(&["mv", "template.md", "spec-template.md"]);
    let config = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"spec-template.md\"\n";
    repository.write("trueup.toml", config);
    repository.commit("Move");
    let all = repository.open().template_versions("spec-template.md", None).unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].path, "template.md");
    assert_eq!(checked(&repository).findings[0].rule, "template-outdated");
    repository.write("trueup.toml", &(config.to_owned() + "template-versions = \"newest\"\n"));
    assert_eq!(told(&checked(&repository)).iter().filter(|f| f.contains("missing-section")).count(), 4);
}

#[test]
fn an_upgrade_inserts_the_sections_and_nothing_else_and_is_done_once() {
    for (spec, wanted) in [
        (SPEC.to_owned(), SPEC.replace("## Risks", &format!("{TESTS}\n## Risks")) + "\n" + ROLLOUT),
        (
            SPEC.replace('\n', "\r\n"),
            (SPEC.replace("## Risks", &format!("{TESTS}\n## Risks")) + "\n" + ROLLOUT).replace('\n', "\r\n"),
        ),
        (
            SPEC.trim_end().to_owned() + "  \n\n## Our own\ntext\n\n\n",
            SPEC.trim_end().replace("## Risks", &format!("{TESTS}\n## Risks"))
                + "  \n\n"
                + ROLLOUT
                + "\n## Our own\ntext\n\n\n",
        ),
        (
            SPEC.replace("\n## Risks\nNone.\n", ""),
            SPEC.replace("\n## Risks\nNone.\n", &format!("\n{TESTS}\n{ROLLOUT}")),
        ),
    ] {
        let repository = repository();
        repository.write(OLD, &spec);
        let workspace = repository.open();
        let newest = versions(&repository).pop().unwrap();
        let upgrade = workspace.upgrade(OLD, &newest).unwrap();
        let after = apply_edits(&spec, &upgrade.edits).unwrap();
        assert_eq!(after, wanted);
        repository.write(OLD, &after);
        assert_eq!(repository.open().upgrade(OLD, &newest).unwrap().edits, []);
        let left = told(&checked(&repository));
        assert!(left.contains(&format!("{OLD} placeholder-left")), "{left:?}");
        assert!(!left.contains(&format!("{OLD} template-outdated")), "{left:?}");
    }
}

#[test]
fn what_cannot_be_inserted_is_named() {
    let repository = repository();
    repository.write("template.md", &newest().replace("# [Title]\n", "# [Title]\n\n**Owner:** [Who]\n"));
    repository.commit("Owner");
    let newest = versions(&repository).pop().unwrap();
    let upgrade = repository.open().upgrade(NEW, &newest).unwrap();
    let by_hand: Vec<&str> = upgrade.by_hand.iter().map(|ask| ask.name.as_str()).collect();
    assert_eq!(by_hand, ["Owner"]);
    let report = checked(&repository);
    assert!(!report.findings.iter().any(|f| f.rule == "missing-field"), "{:?}", told(&report));
}

#[test]
fn a_lone_file_is_held_to_the_same_version() {
    let repository = repository();
    let workspace = repository.open();
    let options = trueup_engine::CheckOptions { paths: vec![OLD.to_owned()], ..repository.options() };
    let report = workspace.check(&trueup_rules::all(), &options);
    assert_eq!(told(&report), [format!("{OLD} template-outdated")]);
}

#[test]
fn a_shallow_clone_says_that_it_does_not_know_older_versions() {
    let origin = repository();
    let assumed = |repository: &Repository| checked(repository).summary.assumed.join("\n");
    assert!(!assumed(&origin).contains("shallow"));
    let clone = Repository::new(&[("x", "")]);
    clone.git(&["init", "--quiet"]);
    let url = format!("file://{}", origin.path().display());
    clone.git(&["fetch", "--quiet", "--depth=1", &url, "main"]);
    clone.git(&["checkout", "--quiet", "FETCH_HEAD"]);
    assert!(assumed(&clone).contains("the clone is shallow"), "{}", assumed(&clone));
    let report = checked(&clone);
    assert!(told(&report).contains(&format!("{OLD} missing-section")), "{:?}", told(&report));
}
