//! An unfilled template fails its own check, on every placeholder and nothing else of the kind.

use trueup_rules::all;
use trueup_template::builtin_text;
use trueup_testkit::Repository;

/// Lines on which a rule finds something in a template that is checked as a spec of itself.
fn lines(template: &str, rule: &str) -> Vec<u32> {
    let config = "[[specs]]\nfolders = [\"specs\"]\ntemplate = \"template.md\"\n";
    let files = [("trueup.toml", config), ("template.md", template), ("specs/a.md", template)];
    let report = Repository::standard(&files).check(&all());
    let index = trueup_text::LineIndex::new(template);
    let mut lines: Vec<u32> =
        report.findings.iter().filter(|f| f.rule == rule).map(|f| index.line(f.span.start)).collect();
    lines.dedup();
    lines
}

/// Line numbers of lines that hold one of some texts, outside comments.
fn holding(template: &str, marks: &[&str]) -> Vec<u32> {
    (1..)
        .zip(template.lines())
        .filter(|(_, line)| marks.iter().any(|m| line.contains(m)))
        .map(|(n, _)| n)
        .collect()
}

#[test]
fn the_governance_template_fails_on_its_placeholders() {
    let text = builtin_text("governance").unwrap_or_default();
    let expected = holding(text, &["&lt;", "…", "OFF / ON", "`event_name`", "mvp-<", "<YYYY"]);
    // The tip about the branch is guidance; the code in it shows a form.
    let guidance = lines(text, "guidance-left");
    let expected: Vec<u32> = expected.into_iter().filter(|l| !guidance.contains(l)).collect();
    assert!(expected.len() >= 30, "{expected:?}");
    assert_eq!(lines(text, "placeholder-left"), expected);
    assert!(lines(text, "missing-section").is_empty());
    assert!(lines(text, "missing-field").is_empty());
}

#[test]
fn the_architecture_template_fails_on_its_placeholders() {
    let text = builtin_text("architecture").unwrap_or_default();
    let marks = [
        "[",
        "`METHOD",
        "`module.",
        "`{...}`",
        "| ... |",
        "- ...",
        "Pass / Fail",
        "Create / Modify",
        "Critical / High",
        "{YYYY",
        "<relevant>",
    ];
    let expected = holding(text, &marks);
    assert!(expected.len() >= 45, "{expected:?}");
    assert_eq!(lines(text, "placeholder-left"), expected);
    for rule in ["missing-section", "missing-field", "required-row", "table-columns", "enum-value"] {
        assert!(lines(text, rule).is_empty(), "{rule}");
    }
}

/// Templates in the manner of other teams: nothing in the code knows them.
const DECISION_RECORD: &str = "# NNNN. [Short title]\n\n* Status: [proposed | rejected | accepted | deprecated]\n* Date: YYYY-MM-DD\n\n## Context and Problem Statement\n\n[Describe the context in two to three sentences.]\n\n## Considered Options\n\n* [option 1]\n* …\n\n## Decision Outcome\n\nChosen option: \"[option 1]\", because [justification].\n\n### Consequences <!-- optional -->\n\n* Good, because [argument]\n";

#[test]
fn a_decision_record_template_fails_on_its_placeholders() {
    assert_eq!(lines(DECISION_RECORD, "placeholder-left"), [1, 3, 4, 8, 12, 13, 17, 21]);
}

const FEATURE: &str = "# Feature Specification: [FEATURE NAME]\n\n**Feature Branch**: `[###-feature-name]`\n**Created**: [DATE]\n**Status**: Draft\n\n## User Scenarios & Testing *(mandatory)*\n\n### User Story 1 - [Brief Title] (Priority: P1)\n\n[Describe this user journey in plain language]\n\n## Requirements *(mandatory)*\n\n- **FR-001**: System MUST [specific capability]\n- **FR-002**: System MUST authenticate users via [NEEDS CLARIFICATION: method not specified]\n\n### Key Entities *(include if feature involves data)*\n\n- **[Entity 1]**: [What it represents]\n";

#[test]
fn a_feature_template_fails_on_its_placeholders() {
    assert_eq!(lines(FEATURE, "placeholder-left"), [1, 3, 4, 9, 11, 15, 16, 20]);
}
