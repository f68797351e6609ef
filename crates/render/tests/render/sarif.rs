use crate::fixture::{Fixture, everything, registry};
use insta::assert_snapshot;
use serde_json::Value;
use trueup_engine::CheckReport;
use trueup_finding::{Level, Registry};
use trueup_render::sarif;
use trueup_text::Span;

/// The output as a value, after the standard's own schema found nothing wrong with it.
fn valid(report: &CheckReport, registry: &Registry) -> Value {
    let mut schema: Value =
        serde_json::from_str(include_str!("../data/sarif-schema-2.1.0.json")).expect("the schema is JSON");
    // The pattern for `language`, which trueup does not write, has a `]` too many and is no regular expression.
    for of in ["run", "toolComponent"] {
        let pattern = schema.pointer_mut(&format!("/definitions/{of}/properties/language/pattern"));
        *pattern.expect("it is there") = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    let validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is a schema");
    let output: Value = serde_json::from_str(&sarif(report, registry, "1.2.3")).expect("the output is JSON");
    let errors: Vec<String> =
        validator.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    output
}

#[test]
fn a_report_in_full() {
    valid(&everything(), &registry());
    assert_snapshot!(sarif(&everything(), &registry(), "1.2.3"));
}

#[test]
fn nothing_found_and_no_rules() {
    let output = valid(&CheckReport::default(), &Registry::default());
    assert_eq!(output["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn every_result_points_to_its_rule() {
    let output = valid(&everything(), &registry());
    let run = &output["runs"][0];
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn odd_texts_are_valid_too() {
    let fixture = Fixture::of_file("dir with space/a#b.md", "\u{feff}żółć\r\n漢字\rend")
        .error("one", "dir with space/a#b.md", "漢字\rend", "two lines")
        .at(Level::Error, "two", "dir with space/a#b.md", Span::at(400), "past the end")
        .file("empty.md", "")
        .at(Level::Info, "three", "empty.md", Span::at(0), "an empty file");
    let output = valid(&fixture.report, &registry());
    let location = &output["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "dir%20with%20space/a%23b.md");
    assert_eq!(
        location["region"].to_string(),
        r#"{"endColumn":4,"endLine":3,"startColumn":1,"startLine":2}"#
    );
    assert_eq!(output["runs"][0]["results"][2]["level"], "note");
}
