use crate::repository::{Repository, TEMPLATE, TODAY, spec};
use std::process::Command;

/// The rules whose findings only a person can answer.
const FOR_A_PERSON: &[&str] = &["placeholder-left", "guidance-left", "empty-section", "enum-value"];

/// What a check of one file finds beside what a person has to fill in.
fn surprises(repository: &Repository, path: &str) -> Vec<String> {
    let ran = repository.run(&["check", path, "--format", "json"]);
    let value: serde_json::Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
    assert_eq!(value["summary"]["specs"], 1, "{}", ran.err);
    let findings = value["findings"].as_array().expect("a list").iter();
    let odd = findings.filter(|f| !FOR_A_PERSON.contains(&f["rule"].as_str().unwrap_or_default()));
    odd.map(|f| format!("{} {}", f["rule"], f["message"])).collect()
}

#[test]
fn numbers_go_on_and_everything_known_is_filled_in() {
    let repository = Repository::with_specs();
    let first = "docs/specs/SPEC-004-2026-03-01-order-returns.md";
    let ran = repository.run(&["new", "Order returns"]).exits(0);
    assert_eq!(ran.out, format!("{first}\n"));
    repository
        .run(&["new", "Order returns"])
        .exits(0)
        .says("docs/specs/SPEC-005-2026-03-01-order-returns.md");
    let wanted = TEMPLATE
        .replace("SPEC-XXX: [Title]", "SPEC-004: Order returns")
        .replace("**Created:** YYYY-MM-DD", &format!("**Created:** {TODAY}"))
        .replace("### [YYYY-MM-DD]", &format!("### {TODAY}"));
    assert_eq!(repository.read(first), wanted);
    assert_eq!(surprises(&repository, first), Vec::<String>::new());
}

#[test]
fn nothing_is_overwritten_and_ids_stay_unique() {
    let repository = Repository::with_specs();
    let before = repository.snapshot();
    repository.run(&["new", "Other", "--id", "SPEC-002"]).exits(2).tells("is taken by docs/specs/SPEC-002");
    repository.run(&["new", "x", "--id", "../x"]).exits(2).tells("help:");
    repository.run(&["new", "!?"]).exits(2).tells("help:");
    repository
        .run(&["new", "Dry", "--dry-run"])
        .exits(0)
        .says("# SPEC-004: Dry")
        .tells("would make docs/specs/SPEC-004");
    assert_eq!(repository.snapshot(), before);
    repository.run(&["new", "Given", "--id", "40"]).exits(0).says("SPEC-040-2026-03-01-given.md");
    repository.run(&["new", "Next"]).exits(0).says("SPEC-041-2026-03-01-next.md");
}

#[test]
fn names_follow_those_that_are_there() {
    let repository = Repository::empty();
    repository.write("docs/spec-template.md", &TEMPLATE.replace("SPEC-XXX: ", ""));
    for name in ["2026-01-01-returns", "2026-01-02-search", "2026-01-03-credit"] {
        repository.write(&format!("docs/specs/{name}.md"), &spec(1, "X").replace("SPEC-001: ", ""));
    }
    let path = "docs/specs/2026-03-01-zolw-and-co.md";
    repository.run_in("docs", &["new", "Żółw & Co"], None).exits(0).says("specs/2026-03-01-zolw-co.md");
    repository.run(&["new", "Żółw and Co"]).exits(0).says(path);
    assert!(repository.read(path).starts_with("# Żółw and Co\n"));
    repository.run(&["new", "Żółw and Co"]).exits(2).tells("help:");
}

#[test]
fn a_first_spec_from_a_built_in_template_can_be_checked_at_once() {
    for (template, name) in [
        ("builtin:governance", "docs/specs/2026-03-01-order-returns.md"),
        ("architecture", "docs/specs/SPEC-001-2026-03-01-order-returns.md"),
    ] {
        let repository = Repository::empty();
        repository
            .run(&["new", "Order returns", "--template", template, "--branch"])
            .exits(0)
            .says(name)
            .tells("wrote trueup.toml");
        let text = repository.read(name);
        assert!(text.contains("Order returns") && text.contains(TODAY), "{text}");
        for gone in ["Required Sections", "trueup:", "```", "](../policy"] {
            assert!(!text.contains(gone), "{gone} is still in\n{text}");
        }
        assert_eq!(
            text.matches("## Final Compliance Report").count(),
            usize::from(template == "architecture")
        );
        assert_eq!(surprises(&repository, name), Vec::<String>::new(), "{template}");
        let branch =
            Command::new("git").args(["branch", "--show-current"]).current_dir(repository.path("")).output();
        assert_eq!(String::from_utf8_lossy(&branch.expect("git runs").stdout), "spec/order-returns\n");
    }
}

#[test]
fn a_spec_with_a_folder_of_its_own_gets_its_yaml_file() {
    let repository = Repository::empty();
    let yaml = "title: Sample\nnumber: NNNN\nstatus: provisional|accepted|withdrawn\ncreation-date: yyyy-mm-dd\nowner: \"@jane.doe\"\n";
    let document =
        "# RFC-NNNN: Your short title\n\n## Summary\n\n## Motivation\n\n## Proposal\n\n## Drawbacks\n";
    repository.write("rfcs/0000-template/README.md", document);
    repository.write("rfcs/0000-template/rfc.yaml", yaml);
    for name in ["0012-cache", "0030-queue", "0007-jobs"] {
        repository
            .write(&format!("rfcs/{name}/README.md"), &document.replace("NNNN: Your short title", "1: X"));
        repository.write(
            &format!("rfcs/{name}/rfc.yaml"),
            "title: X\nnumber: 1\nstatus: accepted\ncreation-date: 2026-01-01\nowner: \"@a\"\n",
        );
    }
    repository.run(&["new", "Blobs: a plan"]).exits(0).says("rfcs/0031-blobs-a-plan/README.md");
    assert!(repository.read("rfcs/0031-blobs-a-plan/README.md").starts_with("# RFC-0031: Blobs: a plan\n"));
    let wanted = "title: \"Blobs: a plan\"\nnumber: 31\nstatus: provisional\ncreation-date: 2026-03-01\nowner: \"@jane.doe\"\n";
    assert_eq!(repository.read("rfcs/0031-blobs-a-plan/rfc.yaml"), wanted);
}

#[test]
fn templates_are_found_by_name_or_with_a_suggestion() {
    let repository = Repository::with_specs();
    repository.run(&["new", "A", "--template", "docs/spec-template.md"]).exits(0);
    repository.run(&["new", "B", "--template", "spec-template"]).exits(0);
    repository
        .run(&["new", "C", "--template", "builtin:govrnance"])
        .exits(2)
        .tells("did you mean `builtin:governance`?");
    repository.run(&["new", "D", "--template", "nothing"]).exits(2).tells("help:");
    repository
        .run(&["new", "E", "--template", "governance"])
        .exits(2)
        .tells("held to docs/spec-template.md")
        .tells("--dir");
    let other = ["new", "E", "--template", "governance", "--dir", "docs/plans"];
    repository.run(&other).exits(0).tells("add to trueup.toml").tells("template = \"builtin:governance\"");
}

#[test]
fn bullets_of_a_new_spec_carry_ids_where_somebody_asks_for_them() {
    let path = "docs/specs/2026-03-01-order-returns.md";
    let make = |ids: &str| {
        let repository = Repository::empty();
        let set = "[[specs]]\nfolders = [\"docs/specs\"]\ntemplate = \"builtin:governance\"\n";
        repository.write("trueup.toml", &format!("{set}{ids}"));
        repository.run(&["new", "Order returns"]).exits(0).says(path);
        repository
    };
    let plain = make("").read(path);
    assert!(!plain.contains("AC-1"), "{plain}");
    let repository = make("\n[ids]\nitems = \"all\"\n");
    let text = repository.read(path);
    for id in ["- [ ] AC-1: ", "- [ ] AC-2: ", "- [ ] G-1: ", "1. SC-1: ", "2. SC-2: ", "- [ ] SM-1: "] {
        assert!(text.contains(id), "{id} is not in\n{text}");
    }
    // An ID in front of a placeholder fills nothing in, and asks for nothing twice.
    let left = |repository: &Repository| {
        let ran = repository.run(&[
            "check",
            path,
            "--level",
            "info",
            "--rule",
            "placeholder-left",
            "--format",
            "json",
        ]);
        let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        value["findings"].as_array().map(Vec::len)
    };
    assert_eq!(left(&repository), left(&make("")));
    assert_eq!(surprises(&repository, path), surprises(&make(""), path));
    let read = repository.run(&["check", "--fix", "--rule", "item-without-id"]);
    read.tells("nothing could be mended");
}

#[test]
fn ids_of_the_template_go_on() {
    let repository = Repository::with_specs();
    let bullets = "## Acceptance criteria\n- [ ] AC-01: [What must hold]\n- [ ] [What else]\n\n## Changelog";
    repository.write("docs/spec-template.md", &TEMPLATE.replace("## Changelog", bullets));
    repository.run(&["new", "Order returns"]).exits(0);
    let text = repository.read("docs/specs/SPEC-004-2026-03-01-order-returns.md");
    assert!(text.contains("- [ ] AC-01: [What must hold]\n- [ ] AC-02: [What else]\n"), "{text}");
}
