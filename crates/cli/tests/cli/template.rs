use crate::repository::{Repository, spec};

#[test]
fn templates_are_listed_and_shown() {
    let repository = Repository::with_specs();
    repository
        .run(&["template", "list"])
        .exits(0)
        .says("docs/spec-template.md")
        .says("3 specs in docs/specs/ (discovered)")
        .says("builtin:governance");
    let ran =
        repository.run(&["template", "show"]).exits(0).says("## Overview").says("one of Low, Medium, High");
    assert_eq!(repository.run(&["template", "show", "docs/spec-template.md"]).exits(0).out, ran.out);
    repository.run(&["template", "show", "builtin:architecture"]).exits(0).says("Compliance Matrix");
    repository
        .run(&["template", "show", "builtin:architectur"])
        .exits(2)
        .tells("did you mean `builtin:architecture`?");
    repository.run(&["template", "show", "nowhere.md"]).exits(2).tells("help:");
}

#[test]
fn learning_writes_its_table_and_nothing_else() {
    let repository = Repository::with_specs();
    for number in 4..9 {
        repository.write(
            &format!("docs/specs/SPEC-00{number}-2026-01-0{number}-x.md"),
            &spec(number, "X").replace("Low", "Huge"),
        );
    }
    repository.run(&["template", "learn", "--write"]).exits(2).tells("trueup init");
    repository.run(&["template", "learn"]).exits(0).says("[specs.learned]").says("documents = 8");
    let own = "# Ours.\n[[specs]]\nfolders = [\"docs/specs\"] # all\ntemplate = \"docs/spec-template.md\"\n\n[rules]\nbad-anchor = \"off\" # for now\n";
    repository.write("trueup.toml", own);
    repository.run(&["template", "learn", "--write"]).exits(0).tells("measured 8 specs; wrote trueup.toml");
    let text = repository.read("trueup.toml");
    assert!(text.contains("documents = 8"), "{text}");
    for line in own.lines() {
        assert!(text.lines().any(|other| other == line), "{line:?} is gone from\n{text}");
    }
    repository.run(&["template", "learn", "--write"]).exits(0).tells("nothing has changed");
    assert_eq!(repository.read("trueup.toml"), text);
}
