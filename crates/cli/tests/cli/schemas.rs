//! What the program prints for other programs holds to the schemas that are published in `docs/schemas`.

use crate::repository::Repository;
use jsonschema::Validator;
use serde_json::Value;
use std::path::Path;

fn published(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

/// Runs a command, holds its output to a schema, and shows that the schema can refuse it: with another value at each
/// of the places.
#[track_caller]
fn check(repository: &Repository, schema: &str, command: &str, code: i32, places: &[&str]) -> Value {
    let mut words: Vec<&str> = command.split(' ').collect();
    words.extend(["--format", "json"]);
    let ran = repository.run(&words).exits(code);
    let output: Value = serde_json::from_str(&ran.out).expect("the output is JSON");
    let validator = published(schema);
    let errors: Vec<String> =
        validator.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{command}: {errors:#?}");
    for place in places {
        let mut wrong = output.clone();
        let value =
            wrong.pointer_mut(place).unwrap_or_else(|| panic!("{command} has no {place}:\n{output:#}"));
        *value = serde_json::json!({ "nothing": ["like", "this"] });
        assert!(!validator.is_valid(&wrong), "{command}: {place} may be anything");
    }
    output
}

#[test]
fn drift() {
    let repository = Repository::of_example("marketplace");
    let places = ["/schema_version", "/summary/failing", "/specs/0/promises/0/verdict", "/specs/0/state"];
    check(&repository, "drift.schema.json", "drift --all", 0, &places);
    let route = "apps/web/app/api/wishlist/share-links/route.ts";
    repository.write(route, "export const nothing = 1;\n");
    repository.write("apps/web/app/api/gifts/route.ts", "export async function GET() { return null; }\n");
    let output = check(&repository, "drift.schema.json", "drift", 1, &["/unpromised/0/name"]);
    assert_ne!(output["summary"]["failing"], 0);
}

#[test]
fn trace_and_evidence() {
    let repository = Repository::of_example("marketplace");
    let output = check(&repository, "trace.schema.json", "trace", 0, &["/schema_version", "/summary/items"]);
    let items = output["items"].as_array().map_or(0, Vec::len);
    assert!(items > 10, "{items} items");
    repository.write(
        "report.xml",
        "<testsuite><testcase name=\"AC-1 a link can be shared\"/><testcase name=\"nothing\"/></testsuite>",
    );
    check(
        &repository,
        "trace.schema.json",
        "trace --junit report.xml --fail-on never",
        0,
        &["/items/0/verdict"],
    );
    let waive = [
        "waive",
        "2026-03-10-seller-pages",
        "AC-1",
        "--owner",
        "ada",
        "--reason",
        "later",
        "--until",
        "2999-01-01",
    ];
    repository.run(&waive).exits(0);
    let places =
        ["/schema_version", "/summary/lines", "/ledgers/0/entries/0/statement", "/ledgers/0/entries/0/line"];
    check(&repository, "evidence.schema.json", "evidence list", 0, &places);
    check(&repository, "evidence.schema.json", "evidence verify", 0, &["/summary/problems"]);
    let ledger = ".trueup/evidence/2026-03-10-seller-pages.jsonl";
    repository.write(ledger, &repository.read(ledger).replace("later", "sooner"));
    let output =
        check(&repository, "evidence.schema.json", "evidence verify", 1, &["/ledgers/0/problems/0/kind"]);
    assert_ne!(output["summary"]["problems"], 0);
}

#[test]
fn the_board() {
    let repository = Repository::of_example("marketplace");
    let places = ["/schema_version", "/counts/draft", "/specs/0/state", "/specs/0/path"];
    let output = check(&repository, "board.schema.json", "status", 0, &places);
    let specs = output["specs"].as_array().map_or(0, Vec::len);
    assert!(specs > 2, "{specs} specs");
}

#[test]
fn versions_of_a_template() {
    let repository = Repository::with_specs();
    repository.commit("First", "2026-01-01");
    let template = "docs/spec-template.md";
    let asks = repository.read(template).replace("## Problem", "## Motivation").replace("Low / ", "");
    repository.write(template, &format!("{asks}\n## Rollout (Optional)\n[Who gets it first]\n"));
    repository.commit("More", "2026-02-01");
    let places = ["/schema_version", "/template", "/versions/0/changes", "/versions/0/subject"];
    let output = check(&repository, "template-versions.schema.json", "template versions", 0, &places);
    assert_eq!(output["versions"][0]["subject"], "More");
    assert_eq!(output["versions"][1]["changes"], Value::Null);
    let places = ["/schema_version", "/same", "/changes/added/0/kind", "/changes/added/0/line"];
    let output = check(&repository, "template-diff.schema.json", "template diff 2026-01-15", 0, &places);
    assert_eq!((&output["old"], &output["new"]), (&"2026-01-15".into(), &Value::Null));
    let added = output["changes"]["added"].as_array().cloned().unwrap_or_default();
    let rollout = added.iter().find(|ask| ask["name"] == "Rollout").expect("the new section");
    assert_eq!((&rollout["kind"], &rollout["required"]), (&"section".into(), &false.into()));
    let same = check(&repository, "template-diff.schema.json", "template diff HEAD", 0, &[]);
    assert_eq!(same["same"], true);
}
