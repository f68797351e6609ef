use super::*;
use trueup_model::header_fields;

/// The field `supersedes` of a text, which is a document or the YAML of one.
fn with_field<T>(source: &str, asked: bool, then: impl FnOnce(&Field<'_>) -> T) -> T {
    let document = Document::parse(source);
    let region = Span::new(0, source.len());
    let title = document.sections().first().map(|_| trueup_markdown::SectionId(0));
    let fields = header_fields(&document, region, title, None);
    let field = fields.iter().find(|f| f.normal == "supersedes").expect("the field is read");
    then(&Field { source, field, shares_line: false, asked })
}

fn check(lines: &str, added: Option<&str>, taken: &str) {
    let yaml =
        |inner: &str| format!("---\nstatus: Accepted\n{inner}owner: Ann\n---\n\n# SPEC-001: A\n\nText.\n");
    let source = yaml(lines);
    let edit = with_field(&source, false, |field| field.with("", "SPEC-002"));
    let text = edit.map(|edit| apply_edits(&source, &[edit]).unwrap());
    assert_eq!(text, added.map(yaml), "{lines}");
    let out = with_field(&source, false, |field| field.without(&|value| value.contains("SPEC-003")));
    assert_eq!(apply_edits(&source, &out).unwrap(), yaml(taken), "{lines}");
}

#[test]
fn a_key_of_yaml_takes_one_more_and_gives_one_back() {
    check("supersedes: SPEC-003\n", Some("supersedes: SPEC-003, SPEC-002\n"), "");
    check(
        "supersedes: \"SPEC-003, SPEC-4\" # x\n",
        Some("supersedes: \"SPEC-003, SPEC-4, SPEC-002\" # x\n"),
        "supersedes: \"SPEC-4\" # x\n",
    );
    check("supersedes:\n", Some("supersedes: SPEC-002\n"), "supersedes:\n");
    check("supersedes: ~\n", Some("supersedes: SPEC-002\n"), "supersedes: ~\n");
    check("supersedes: []\n", Some("supersedes: [SPEC-002]\n"), "supersedes: []\n");
    check(
        "supersedes: [SPEC-004, \"SPEC-003\"]\n",
        Some("supersedes: [SPEC-004, \"SPEC-003\", SPEC-002]\n"),
        "supersedes: [SPEC-004]\n",
    );
    check(
        "supersedes:\n  - SPEC-003\n  - SPEC-004\n",
        Some("supersedes:\n  - SPEC-003\n  - SPEC-004\n  - SPEC-002\n"),
        "supersedes:\n  - SPEC-004\n",
    );
    check("supersedes:\n- SPEC-003\n", Some("supersedes:\n- SPEC-003\n- SPEC-002\n"), "");
    check("supersedes:\n  id: SPEC-003\n", None, "supersedes:\n  id: SPEC-003\n");
    check("supersedes: |\n  SPEC-003\n", Some("supersedes: |\n  SPEC-003, SPEC-002\n"), "");
}

#[test]
fn a_line_of_a_header_gives_one_back() {
    let check = |line: &str, asked: bool, expected: &str| {
        let text = |line: &str| format!("# SPEC-001: A\n\n**Status:** Accepted\n{line}\n## Overview\n");
        let source = text(line);
        let out = with_field(&source, asked, |field| field.without(&|value| value.contains("SPEC-003")));
        assert_eq!(apply_edits(&source, &out).unwrap(), text(expected), "{line}");
    };
    check("**Supersedes:** [SPEC-003](a,b.md)\n", false, "");
    check("**Supersedes:** [SPEC-003](a.md)\n", true, "**Supersedes:** None\n");
    check(
        "**Supersedes:** [SPEC-003](a.md), [SPEC-004](b.md)\n",
        false,
        "**Supersedes:** [SPEC-004](b.md)\n",
    );
    check("**Supersedes:** SPEC-004\n", false, "**Supersedes:** SPEC-004\n");
}
