use crate::repository::{Repository, spec};

/// Returns depend on search and on what is not there; credit supersedes search.
fn related() -> Repository {
    let repository = Repository::with_specs();
    let with = |number, title: &str, line: &str| {
        spec(number, title).replacen("**Risk:** Low\n", &format!("**Risk:** Low\n{line}\n"), 1)
    };
    let returns = with(1, "Returns", "**Depends on:** SPEC-002, SPEC-007");
    repository.write("docs/specs/SPEC-001-2026-01-01-returns.md", &returns);
    let credit = with(3, "Credit", "**Supersedes:** SPEC-002");
    repository.write("docs/specs/SPEC-003-2026-01-03-credit.md", &credit);
    repository
}

#[test]
fn specs_are_shown_with_what_they_depend_on() {
    let repository = related();
    let ran = repository.run(&["graph"]).exits(0);
    let ran = ran
        .says("├─ depends on  SPEC-002")
        .says("supersedes  SPEC-002")
        .says("SPEC-001 waits for SPEC-002 (accepted)");
    ran.says("SPEC-007  docs/specs/SPEC-001-2026-01-01-returns.md:6");
    let ran = repository.run(&["graph", "SPEC-003"]).exits(0).says("supersedes  SPEC-002");
    assert!(!ran.out.contains("SPEC-001"), "{}", ran.out);
    let ran = repository.run(&["graph", "--relation", "supersedes"]).exits(0).says("2 specs, 1 relation");
    assert!(!ran.out.contains("depends on"), "{}", ran.out);
}

#[test]
fn the_name_of_the_output_says_the_format() {
    let repository = related();
    repository
        .run(&["graph", "--output", "docs/graph.svg"])
        .exits(0)
        .tells("wrote the graph to docs/graph.svg");
    let svg = repository.read("docs/graph.svg");
    assert!(
        svg.starts_with("<svg ") && svg.contains("href=\"specs/SPEC-002-2026-01-02-search.md\""),
        "{svg}"
    );
    repository.run(&["graph", "--format", "dot"]).exits(0).says("digraph specs {");
    repository.run(&["graph", "--format", "mermaid"]).exits(0).says("flowchart LR");
    let ran = repository.run(&["graph", "--format", "json"]).exits(0);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(value["summary"]["relations"], 3);
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let repository = Repository::with_specs();
    repository
        .run(&["graph"])
        .exits(0)
        .says("3 more specs without a relation")
        .tells("`--all` shows mentions");
    repository.run(&["graph", "SPEC-009"]).exits(2).tells("there is no spec `SPEC-009`");
    repository.run(&["graph", "--output", "graph.png"]).exits(2).tells("does not say the format");
    repository.run(&["graph", "--depth", "1"]).exits(2);
    Repository::empty().run(&["graph"]).exits(2).tells("there are no specs here");
}
