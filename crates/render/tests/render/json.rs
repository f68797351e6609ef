use crate::fixture::{Fixture, everything};
use insta::assert_snapshot;
use serde_json::Value;
use trueup_engine::CheckReport;
use trueup_finding::Level;
use trueup_render::{SCHEMA_VERSION, json, json_schema};
use trueup_text::Span;

/// The output as a value, after its schema found nothing wrong with it.
fn valid(report: &CheckReport) -> Value {
    let schema: Value = serde_json::from_str(&json_schema()).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let output: Value = serde_json::from_str(&json(report)).expect("the output is JSON");
    let errors: Vec<String> =
        validator.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    output
}

#[test]
fn a_report_in_full() {
    valid(&everything());
    assert_snapshot!(json(&everything()));
}

#[test]
fn the_schema() {
    assert_snapshot!(json_schema());
}

#[test]
fn the_schema_refuses_what_is_not_a_report() {
    let schema: Value = serde_json::from_str(&json_schema()).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is a schema");
    let report = valid(&everything());
    for (path, wrong) in [
        ("/schema_version", "2.0".into()),
        ("/summary/specs", Value::Null),
        ("/findings/0/level", "fatal".into()),
        ("/findings/0/span/start/line", 0.into()),
        ("/findings/0/hint", 3.into()),
        ("/findings/0/fixes/0/safety", "maybe".into()),
    ] {
        let mut report = report.clone();
        *report.pointer_mut(path).expect("the report has it") = wrong;
        assert!(!validator.is_valid(&report), "{path}");
    }
}

#[test]
fn nothing_found_is_a_report_too() {
    let output = valid(&CheckReport::default());
    assert_eq!(output["schema_version"], SCHEMA_VERSION);
    assert_eq!(output["findings"], Value::Array(Vec::new()));
    assert_eq!(output["summary"]["files_seen"], 0);
}

#[test]
fn places_count_characters_from_one() {
    let text = "\u{feff}# A\r\nżółć 漢字\r\nend";
    let fixture = Fixture::of_file("a.md", text)
        .error("title", "a.md", "A", "after the byte-order mark")
        .error("wide", "a.md", "漢字", "wide characters")
        .error("lines", "a.md", "漢字\r\nend", "two lines")
        .at(Level::Error, "end", "a.md", Span::at(text.len()), "the end of the file")
        .at(Level::Error, "past", "a.md", Span::new(999, 1000), "past the end")
        .file("empty.md", "")
        .at(Level::Error, "empty", "empty.md", Span::at(0), "an empty file");
    let output = valid(&fixture.report);
    let spans: Vec<String> = output["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let place =
                |side: &str| format!("{}:{}", finding["span"][side]["line"], finding["span"][side]["column"]);
            format!("{} {}-{}", finding["rule"].as_str().unwrap_or_default(), place("start"), place("end"))
        })
        .collect();
    assert_eq!(
        spans,
        ["title 1:3-1:4", "wide 2:6-2:8", "lines 2:6-3:4", "end 3:4-3:4", "past 3:4-3:4", "empty 1:1-1:1"]
    );
}
