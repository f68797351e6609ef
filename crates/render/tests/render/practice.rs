//! A small template and the specs written from it, in every form of the report.

use insta::assert_snapshot;
use serde_json::Value;
use trueup_markdown::Document;
use trueup_model::practice::{Practice, measure, observe};
use trueup_model::{Settings, read_specs};
use trueup_render::{
    PracticeReport, PracticeTextOptions, practice_json, practice_json_schema, practice_markdown,
    practice_text,
};
use trueup_template::{Schema, infer};

const TEMPLATE: &str = "\
# SPEC-XXX: [Title]

**Status:** Draft
**Risk:** Low / Medium / High
**Sponsor:** [Name]

## 1. Problem
[What hurts today]

## 2. Solution
[How that ends]

### Alternatives (optional)
| Alternative | Why rejected |
|---|---|
| [One] | [Reason] |

## 3. Steps
### Step 1: [Name]
[What is done]

## 4. Checks
- [ ] Tests are written
- [ ] The manual is updated

## 5. Legacy
[What old clients need]
";

/// A spec of the fictional shop. Every third writes about risks, too, and the last forgets its title.
fn spec(number: usize) -> String {
    let risk = ["Low", "Huge", "Huge (for now)", "High"][number % 4];
    let problem = if number.is_multiple_of(2) { "Motivation" } else { "Problem" };
    let extra = match number % 3 {
        0 => {
            "## Risks\n| Risk | Severity | Mitigation |\n|---|---|---|\n| Mail is lost | High | Send again |\n\n"
        }
        1 => "## Non-Goals\n- Gift cards\n\n",
        _ => "## Out of scope\n- Gift cards\n\n",
    };
    let legacy = if number == 1 { "## Legacy\nN/A\n" } else { "" };
    format!(
        "# SPEC-{number:03} \u{2014} Wish list {number}\n\n**Status:** Draft\n**Risk:** {risk}\n**Reviewer:** Ann\n\n\
         ## Solution\nA list for each customer.\n\n\
         ### Alternatives\n| Alternative | Why rejected | Cost |\n|---|---|---|\n| A mail | Nobody reads it | Low |\n\n\
         ## {problem}\nCustomers forget what they liked.\n\n{extra}\
         ## Steps\n### Step 1: Table\nx\n### Step 2: Page\ny\n\n## Checks\n- [x] Tests are written\n\n{legacy}"
    )
}

fn counted(texts: &[(String, String)]) -> (Schema, Practice) {
    let schema = infer("specs/template.md", TEMPLATE, None);
    let settings = Settings::default();
    let mut seen = Vec::new();
    for (path, text) in texts {
        let document = Document::parse(text.as_str());
        for spec in read_specs(path, &document, &schema, &settings, None, None) {
            seen.push(observe(path, &document, &spec, &schema, None));
        }
    }
    let practice = measure(&schema, &seen, 2);
    (schema, practice)
}

fn with_report<T>(write: impl Fn(&PracticeReport<'_>) -> T) -> T {
    let mut texts: Vec<(String, String)> =
        (0..8).map(|n| (format!("specs/SPEC-{n:03}-2026-01-0{}-list.md", n + 1), spec(n))).collect();
    texts.push(("specs/notes\u{1b}[2J.md".to_owned(), "# Notes\n## Anything\nx\n".to_owned()));
    let (schema, practice) = counted(&texts);
    let folders = ["specs".to_owned()];
    write(&PracticeReport {
        schema: &schema,
        practice: &practice,
        folders: &folders,
        files: 10,
        tombstones: 1,
    })
}

#[test]
fn for_people() {
    let text = with_report(|report| practice_text(report, &PracticeTextOptions::default()));
    assert!(!text.contains('\u{1b}'));
    assert_snapshot!(text);
}

#[test]
fn as_markdown() {
    let text = with_report(practice_markdown);
    assert!(!text.contains('\u{1b}'));
    assert_snapshot!(text);
}

#[test]
fn as_json_by_its_schema() {
    let schema: Value = serde_json::from_str(&practice_json_schema()).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let text = with_report(|report| practice_json(&[*report]));
    let output: Value = serde_json::from_str(&text).expect("the output is JSON");
    let errors: Vec<String> =
        validator.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let template = &output["templates"][0];
    assert_eq!(template["specs"], 8);
    assert_eq!(template["sections"][0]["there"], serde_json::json!({"count": 8, "of": 8, "percent": 100}));
    for (path, wrong) in [
        ("/schema_version", Value::from("2.0")),
        ("/templates/0/specs", Value::Null),
        ("/templates/0/proposals/0/kind", "x".into()),
    ] {
        let mut output = output.clone();
        *output.pointer_mut(path).expect("the report has it") = wrong;
        assert!(!validator.is_valid(&output), "{path}");
    }
}

#[test]
fn a_narrow_terminal_gets_no_longer_lines() {
    let options = PracticeTextOptions { color: false, width: Some(80) };
    let text = with_report(|report| practice_text(report, &options));
    let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "{long:#?}");
}
