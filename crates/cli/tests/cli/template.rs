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

#[test]
fn a_template_is_held_against_its_specs() {
    let repository = Repository::with_specs();
    for number in 4..9 {
        let text = spec(number, "X").replace("Low", "Huge").replace("## Problem", "## Motivation");
        repository.write(&format!("docs/specs/SPEC-00{number}-2026-01-0{number}-x.md"), &text);
    }
    let before = repository.snapshot();
    let ran = repository
        .run(&["template", "practice"])
        .exits(0)
        .says("8 specs held against it, of 8 files in docs/specs/")
        .says("other titles: `Motivation` 5 (63 %)")
        .says("outside the choices 5 (63 %): `Huge` 5 (63 %)")
        .says("call `Problem` `Motivation`: 5 of the 8 specs that have it call it so (63 %), 3 use the template's title")
        .says("add `Huge` to the choices of `Risk`: 5 of 8 values are that (63 %)");
    assert_eq!(repository.run(&["template", "practice", "docs/spec-template.md"]).exits(0).out, ran.out);
    assert_eq!(repository.run(&["template", "practice", "docs/specs"]).exits(0).out, ran.out);
    let json = repository.run(&["template", "practice", "--format", "json", "--min-specs", "6"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let problem = &json["templates"][0]["sections"][1];
    assert_eq!((&problem["section"], &problem["same_title"]), (&"Problem".into(), &3.into()));
    assert_eq!(problem["other_titles"], serde_json::json!([]));
    repository
        .run(&["template", "practice", "--format", "markdown"])
        .exits(0)
        .says("- [ ] call `Problem` `Motivation`");
    assert_eq!(repository.snapshot(), before, "nothing is written");
}

#[test]
fn practice_says_what_to_do_where_there_is_nothing_to_measure() {
    Repository::empty()
        .run(&["template", "practice"])
        .exits(2)
        .tells("no specs were found")
        .tells("--explain-discovery");
    let repository = Repository::with_specs();
    repository
        .run(&["template", "practice", "docs/spec-templat.md"])
        .exits(2)
        .tells("did you mean `docs/spec-template.md`?");
    repository
        .run(&["template", "practice", "builtin:governance"])
        .exits(2)
        .tells("the template in use is `docs/spec-template.md`");
    repository.run(&["template", "practice", "--min-specs", "0"]).exits(2);
}
