//! What is inferred from the built-in templates and from small ones in the manner of other teams, as
//! `trueup template show` prints it. Read a changed snapshot as a user would before accepting it.

use trueup_render::{SchemaTextOptions, schema_text};
use trueup_template::{builtin_text, infer};

fn shown(name: &str, text: &str, sidecar: Option<(&str, &str)>) -> String {
    schema_text(&infer(name, text, sidecar), text, &SchemaTextOptions::default())
}

#[test]
fn governance() {
    insta::assert_snapshot!(shown(
        "builtin:governance",
        builtin_text("governance").unwrap_or_default(),
        None
    ));
}

#[test]
fn architecture() {
    insta::assert_snapshot!(shown(
        "builtin:architecture",
        builtin_text("architecture").unwrap_or_default(),
        None
    ));
}

/// A decision record: list fields, options in brackets, an optional section marked by a comment.
#[test]
fn decision_record() {
    let text = "# NNNN. [Short title]\n\n* Status: [proposed | rejected | accepted]\n* Date: YYYY-MM-DD\n\n## Context\n\n[Describe the context.]\n\n## Considered Options\n\n* [option 1]\n* …\n\n## Decision\n\nChosen: \"[option 1]\", because [justification].\n\n### Consequences\n<!-- This section is optional. -->\n\n* Good, because [argument]\n";
    insta::assert_snapshot!(shown("adr-template.md", text, None));
}

/// Front matter with comments, sections as first-level headings, a sentence that stays.
#[test]
fn front_matter() {
    let text = "---\ntitle: <A few words>\nstatus: Draft\ntype: <Feature, Fix, or Chore>\ncategory: <Core or Web> # Only required for Feature. Otherwise, remove this field.\ncreated: <date created on (yyyy-mm-dd)>\n---\n\n# Summary\n\n<!-- One paragraph. -->\n\n# Motivation\n\nWhy are we doing this?\n\n# Licence\n\nThis text may be copied by anybody.\n";
    insta::assert_snapshot!(shown("0000-template.md", text, None));
}

/// A sidecar, check lists with literal and free items, repeated items, directives, a table of prescribed rows.
#[test]
fn every_other_device() {
    let text = "# RFC-NNNN: [Title]\n\n## Checklist\n\n- [ ] Security was asked\n- [ ] <one more>\n\n## Stories *(mandatory)*\n\n### Story 1 - [Title] (Priority: P1)\n\n**Who:** <role>\n**What:** <action>\n\n## Checks\n\n| Check | Status |\n|---|---|\n| Data is kept | Yes / No |\n| Load is known | Yes / No |\n\n## Extras\n<!-- trueup: optional kind=notes -->\n\n<!-- trueup: values=\"red, green\" -->\n**Colour:** red\n\n## Report\nUse this exact structure:\n\n```markdown\n## Report — {YYYY-MM-DD}\n\n### Findings\n- [Finding]\n```\n";
    let yaml = "title: RFC Template\nstage: alpha|beta # where it is\nowner: team-xyz\nlinks:\n  - TBD\n";
    insta::assert_snapshot!(shown("NNNN-template/README.md", text, Some(("rfc.yaml", yaml))));
}
