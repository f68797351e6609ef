use super::*;
use crate::{Settings, read_specs};
use trueup_markdown::Document;
use trueup_template::infer;

const TEMPLATE: &str = "# [Title]\n\n**Status:** Draft\n**Owner:** [Name]\n\n## Goals\n- [Goal]\n\n## Data Models\n### [Entity]\n- `id`: string\n\n## API Contracts\n- `METHOD /api/path`\n\n## Risks\n- [Risk]\n\n## Acceptance Criteria\n- [ ] [Bullet]\n\n## Changelog\n- 2026-01-01: Draft\n";

const SPEC: &str = "# Refunds\n\n**Status:** Draft\n**Owner:** Ann\n\n## Goals\n- Money goes *back*\n\n## Data Models\n### Refund\n- `id`: string\n- `amount`: number\n\n## API Contracts\n- `POST /api/refunds`\n\n## Risks\nNothing is likely.\n\n## Acceptance Criteria\n- [ ] AC-1: A refund is listed within 2 s\n- [ ] Others see nothing\n\n## Changelog\n- 2026-01-01: Draft\n";

fn facts(text: &str) -> Vec<(String, String)> {
    let document = Document::parse(text);
    let schema = infer("t.md", TEMPLATE, None);
    let specs = read_specs("a.md", &document, &schema, &Settings::default(), None, None);
    material(&specs[0].facts).into_iter().map(|fact| (fact.to_string(), fact.said)).collect()
}

/// What is told of a change of the spec.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(SPEC.contains(from), "{from}");
    let changes = material_changes(&facts(SPEC), &facts(&SPEC.replace(from, to)));
    let told: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected, "{from} -> {to}");
}

#[test]
fn clarifications_are_no_change() {
    check("**Status:** Draft", "**Status:** Accepted", &[]);
    check("**Owner:** Ann", "**Owner:** Bob", &[]);
    check("Money goes *back*", "money goes\n  **back**.", &[]);
    check("- [ ] AC-1", "- [x] AC-1", &[]);
    check("Nothing is likely.", "Nothing at all is likely.", &[]);
    check("- 2026-01-01: Draft\n", "- 2026-01-01: Draft\n- 2026-02-01: Accepted\n", &[]);
}

#[test]
fn other_decisions_are_named() {
    check("within 2 s", "within 5 s", &["acceptance bullet AC-1 (changed)"]);
    check("- [ ] Others see nothing\n", "", &["acceptance bullet others see nothing (gone)"]);
    check("- `amount`: number", "- `amount`: string", &["field of data Refund.amount (changed)"]);
    check(
        "- `POST /api/refunds`",
        "- `POST /api/refunds`\n- `GET /api/refunds`",
        &["endpoint GET /api/refunds (new)"],
    );
    check("back*", "back* at once", &["goal money goes back (gone)", "goal money goes back at once (new)"]);
}
