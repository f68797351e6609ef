//! The JSON of facts and of recomputed claims holds to its schemas, for every spec of the example.

use jsonschema::Validator;
use serde_json::Value;
use trueup_engine::{OpenOptions, Workspace};
use trueup_render::{compliance_json, compliance_json_schema, spec_json_schema, spec_values};

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::draft202012::new(&schema).expect("the schema is a schema")
}

#[track_caller]
fn check(schema: &str, values: &[Value]) {
    let validator = validator(schema);
    for value in values {
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", value["path"]);
    }
    for key in ["schema_version", "path"] {
        let mut wrong = values.first().cloned().expect("a spec");
        wrong[key] = Value::Null;
        assert!(!validator.is_valid(&wrong), "{key} may not be empty");
    }
}

fn shop() -> Workspace {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    Workspace::open(&folder, &OpenOptions::default()).expect("the example opens")
}

#[test]
fn facts_hold_to_their_schema() {
    let specs = shop().map_specs(|file| spec_values(file, "builtin:architecture")).concat();
    assert!(specs.len() > 10);
    check(&spec_json_schema(), &specs);
}

#[test]
fn claims_hold_to_their_schema() {
    let workspace = shop();
    let claims = workspace
        .map_specs(|file| {
            let schema = file.set.map(|set| &workspace.sets[set].schema).expect("a template");
            file.specs.iter().map(|spec| compliance_json(file, spec, schema, &[])).collect::<Vec<Value>>()
        })
        .concat();
    assert!(claims.iter().any(|report| report["verdict"]["verdict"] == "contradicted"));
    check(&compliance_json_schema(), &claims);
}
