use crate::repository::{Repository, TEMPLATE, spec};

#[test]
fn what_init_writes_gives_the_same_findings() {
    let repository = Repository::with_specs();
    repository.write("docs/specs/SPEC-004-x.md", &spec(4, "More").replace("Low", "Huge"));
    let before = repository.run(&["check", "--format", "json"]);
    repository
        .run(&["init"])
        .exits(0)
        .says("Specs written from docs/spec-template.md")
        .says("docs/specs/  4 specs")
        .says("Wrote trueup.toml");
    let after = repository.run(&["check", "--format", "json"]);
    let findings =
        |out: &str| serde_json::from_str::<serde_json::Value>(out).expect("JSON")["findings"].clone();
    assert_eq!(findings(&before.out), findings(&after.out));
    assert_eq!(before.code, after.code);
    repository.run(&["check"]).says("(configured)");
}

#[test]
fn an_existing_configuration_is_left_alone_unless_forced() {
    let repository = Repository::with_specs();
    let own = "[rules]\nbad-anchor = \"off\" # for now\n\n[links]\nignore = [\"https://internal\"]\n";
    repository.write("trueup.toml", own);
    repository.run(&["init"]).exits(2).tells("already").tells("help: `trueup init --force`");
    assert_eq!(repository.read("trueup.toml"), own);
    repository.run(&["init", "--force"]).exits(0);
    let text = repository.read("trueup.toml");
    assert!(text.contains("[[specs]]") && text.contains("bad-anchor = \"off\" # for now"), "{text}");
    assert!(text.contains("ignore = [\"https://internal\"]"), "{text}");
    repository.run(&["check"]).exits(0).says("(configured)");
}

#[test]
fn a_dry_run_prints_the_file_and_writes_nothing() {
    let repository = Repository::with_specs();
    let before = repository.snapshot();
    let ran = repository.run(&["init", "--dry-run"]).exits(0).says("[[specs]]").tells("3 specs");
    assert_eq!(repository.snapshot(), before);
    repository.run(&["init"]).exits(0);
    assert_eq!(repository.read("trueup.toml"), ran.out);
}

#[test]
fn nothing_found_is_a_failure_that_says_what_to_do() {
    let repository = Repository::empty();
    repository.write("docs/spec-template.md", TEMPLATE);
    let ran = repository.run(&["init"]).exits(2).tells("docs/spec-template.md looks like a template");
    ran.tells("trueup new TITLE --template builtin:governance");
    assert!(!repository.path("trueup.toml").exists());
}
