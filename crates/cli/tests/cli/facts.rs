//! `show`, `list` and `report` over a copy of the example.

use crate::repository::Repository;
use std::path::Path;

const REVIEWS: &str = "docs/design/SPEC-010-2026-03-09-product-reviews.md";

/// The example with everything that its specs need to be read.
fn shop() -> Repository {
    let repository = Repository::empty();
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    for folder in ["", "docs/specs", "docs/design", "docs/design/implemented"] {
        for entry in std::fs::read_dir(shop.join(folder)).expect("a folder").flatten() {
            if entry.path().is_file() {
                let name = entry.file_name().into_string().expect("a name");
                let text = std::fs::read_to_string(entry.path()).expect("a file");
                repository.write(&Path::new(folder).join(name).to_string_lossy(), &text);
            }
        }
    }
    repository
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn facts_are_shown_with_their_lines() {
    let repository = shop();
    repository
        .run(&["show", "SPEC-010"])
        .exits(0)
        .says("    55  Review")
        .says("    80  POST  /api/products/{id}/reviews\n")
        .says("   174  root AGENTS.md")
        .says("Nothing read of: goals");
    let ran = repository.run(&["show", "product-reviews", "--only", "commands"]).exits(0);
    assert!(ran.out.contains("reviews.review.hide") && !ran.out.contains("/api/"), "{}", ran.out);
    let shown = json(&repository.run(&["show", REVIEWS, "--format", "json"]).exits(0).out);
    assert_eq!(shown["schema_version"], "1.0");
    assert_eq!(shown["entities"][1]["name"], "ReviewPhoto");
    assert_eq!(shown["entities"][1]["line"], 65);
    assert_eq!(shown["compliance"]["verdict"]["class"], "fully_compliant");
}

#[test]
fn facts_of_all_specs_are_listed_and_filtered() {
    let repository = shop();
    let ran = repository.run(&["list", "risks", "--where", "severity=high"]).exits(0);
    let ran = ran.says("SPEC-010  R-3").says("9 risks in 6 specs");
    assert!(!ran.out.contains("Critical"), "{}", ran.out);
    let flags = repository.run(&["list", "flags", "--where", "removal<2026-06-01", "--format", "json"]);
    let flags = json(&flags.exits(0).out);
    assert_eq!(flags["facts"].as_array().map(Vec::len), Some(1), "{flags:#}");
    repository.run(&["list", "riskz"]).exits(2).tells("risks");
    repository.run(&["list", "flags", "--where", "removed=1"]).exits(2).tells("did you mean `removal`?");
}

#[test]
fn false_claims_are_contradicted_with_their_places() {
    let repository = shop();
    let ran = repository.run(&["report", "SPEC-010"]).exits(0);
    ran.says("| **contradicted**: `ReviewPhoto` has no `organization_id` (line 65) | Both tables |")
        .says(
            "`/api/products/{id}/rating`, which the API section does not declare (line 95) | List, form and",
        )
        .says("- trueup: **contradicted**: 2 claims do not hold")
        .says("Of 9 claims: 4 proven, 2 contradicted, 0 vacuous, 3 not checkable");
    let report = json(&repository.run(&["report", "SPEC-010", "--format", "json"]).exits(0).out);
    assert_eq!(report["checks"][1]["verdict"], "contradicted");
    assert_eq!(report["checks"][1]["places"][0]["line"], 95);
}

#[test]
fn good_reports_are_not_contradicted() {
    let repository = shop();
    for id in ["SPEC-001", "SPEC-002", "SPEC-003", "SPEC-004"] {
        let ran = repository.run(&["report", id]).exits(0).says("0 contradicted");
        assert!(!ran.out.contains("**contradicted**"), "{id}: {}", ran.out);
    }
}

#[test]
fn a_report_is_brought_up_to_date_once() {
    let repository = shop();
    repository
        .run(&["report", "SPEC-010", "--write"])
        .exits(0)
        .says("+| API contracts match UI/UX section | Fail | List, form and button — trueup: contradicted,");
    let written = repository.read(REVIEWS);
    assert!(written.contains("| Non-compliant | Both tables — trueup: contradicted, `ReviewPhoto`"));
    assert!(written.contains("- **Non-compliant**: Blocked"), "{written}");
    repository.run(&["report", "SPEC-010", "--write"]).exits(0).tells("the report is up to date");
    assert_eq!(repository.read(REVIEWS), written);
    let ran = repository.run(&["report", "SPEC-010"]).exits(0);
    assert!(!ran.out.contains("**contradicted**"), "{}", ran.out);
}
