use insta::assert_snapshot;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use trueup_model::{
    Api, DataModels, Declaration, Endpoint, Entity, EntityKind, Field, NamedId, Text, TypeDecl, Vocabulary,
};
use trueup_render::{ExportFormat, ExportSpec, Exported, asyncapi, openapi};
use trueup_text::{LineIndex, Span};

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

static OPENAPI: LazyLock<Validator> = LazyLock::new(|| {
    let parts = [
        include_str!("../data/openapi-3.1/schema.json"),
        include_str!("../data/openapi-3.1/dialect-base.json"),
        include_str!("../data/openapi-3.1/meta-base.json"),
    ];
    let parts: Vec<(String, Value)> = parts
        .map(json)
        .into_iter()
        .map(|part| (part["$id"].as_str().expect("an id").to_owned(), part))
        .collect();
    let registry =
        jsonschema::Registry::new().extend(parts).expect("resources").prepare().expect("a registry");
    let base = json(include_str!("../data/openapi-3.1/schema-base.json"));
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&base)
        .expect("a schema")
});

static ASYNCAPI: LazyLock<Validator> = LazyLock::new(|| {
    let schema = json(include_str!("../data/asyncapi-3.0.0.json"));
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
});

#[track_caller]
fn valid(validator: &Validator, exported: &Exported) -> Value {
    let document = json(exported.text.as_deref().expect("a document"));
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    references_resolve(&document, &document);
    document
}

/// Every `$ref` points to something.
fn references_resolve(part: &Value, document: &Value) {
    match part {
        Value::Object(entries) => {
            if let Some(Value::String(reference)) = entries.get("$ref") {
                let pointer = reference.strip_prefix('#').expect("a reference inside the document");
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            entries.values().for_each(|value| references_resolve(value, document));
        }
        Value::Array(items) => items.iter().for_each(|value| references_resolve(value, document)),
        _ => {}
    }
}

fn text(text: &str) -> Option<Text> {
    Some(Text { text: text.to_owned(), span: Span::at(0) })
}

fn endpoint(method: &str, path: &str) -> Endpoint {
    Endpoint {
        method: method.to_owned(),
        path: path.to_owned(),
        summary: String::new(),
        request: None,
        response: None,
        span: Span::at(0),
    }
}

fn fields(fields: &[(&str, &str)]) -> Vec<Field> {
    let one = |(name, told): &(&str, &str)| Field {
        name: (*name).to_owned(),
        type_text: (*told).to_owned(),
        span: Span::at(0),
    };
    fields.iter().map(one).collect()
}

fn event(id: &str, payload: Option<&str>) -> NamedId {
    NamedId {
        id: id.to_owned(),
        declaration: Declaration::New,
        text: String::new(),
        payload: payload.and_then(text),
        span: Span::at(0),
    }
}

fn spec(name: &str) -> ExportSpec {
    ExportSpec {
        name: name.to_owned(),
        title: format!("{name}: Orders"),
        path: format!("docs/{name}.md"),
        lines: LineIndex::new("one\ntwo"),
        ..ExportSpec::default()
    }
}

/// Two specs that speak of the same orders.
fn orders() -> Vec<ExportSpec> {
    let listed = Endpoint {
        summary: "List orders".to_owned(),
        request: text("{ status?: 'open' | 'done', page?: number }"),
        response: text("{ items: Order[], total, by: Somebody }"),
        ..endpoint("GET", "/api/orders?limit=50&from=<uuid>")
    };
    let made = Endpoint {
        request: text("{ \"currency\": \"EUR\", \"lines\": [{ \"sku\": \"LAMP\", \"quantity\": 2 }] }"),
        response: text("201 { id: uuid }, or 409 when it is there already"),
        ..endpoint("POST", "/api/orders")
    };
    let changed = Endpoint {
        request: text("what is to change"),
        response: text("OrderLine"),
        ..endpoint("PATCH", "/api/orders/:id/lines/[...rest]")
    };
    let mut first = spec("SPEC-1");
    first.api.endpoints = vec![listed, made, changed, endpoint("GET", "/api/orders/{id}")];
    first.api.endpoints.extend([endpoint("GET", "/api/*"), endpoint("ALL", "/x"), endpoint("GET", "orders")]);
    first.data.entities = vec![Entity {
        name: "Order".to_owned(),
        table: Some("orders".to_owned()),
        kind: EntityKind::New,
        fields: fields(&[
            ("id", "uuid primary key"),
            ("status", "'open' | 'done'"),
            ("total", "numeric(18,4) not null"),
            ("note", "text | null"),
            ("lines", "OrderLine[]"),
            ("meta", "jsonb"),
        ]),
        span: Span::at(4),
    }];
    first.data.types = vec![TypeDecl {
        name: "OrderLine".to_owned(),
        fields: fields(&[("sku?", "string")]),
        span: Span::at(0),
    }];
    first.vocabulary.events = vec![
        event("orders.order.placed", Some("{ order: Order, at: timestamptz }")),
        event("orders.{id}.seen", None),
    ];
    let mut second = spec("SPEC-2");
    second.api.endpoints = vec![endpoint("get", "/api/orders/:orderId/")];
    second.vocabulary.events = vec![event("orders.order.placed", None)];
    second.vocabulary.consumed = vec![event("payments.*", Some("the payment's id"))];
    vec![first, second]
}

#[test]
fn orders_as_openapi() {
    let exported = openapi(&orders(), None, ExportFormat::Yaml);
    let notes: Vec<String> = exported
        .notes
        .iter()
        .flat_map(|note| [&note.title].into_iter().chain(&note.items))
        .cloned()
        .collect();
    assert_eq!(
        notes,
        [
            "3 endpoints are left out",
            "GET /api/* (SPEC-1): it holds a wildcard",
            "ALL /x (SPEC-1): OpenAPI has no such method",
            "GET orders (SPEC-1): it does not begin with `/`",
            "1 operation is declared by several specs and put together",
            "GET /api/orders/{id}: SPEC-1, SPEC-2",
        ]
    );
    assert_eq!(exported.summary, "4 operations, 3 paths, 2 schemas");
    valid(&OPENAPI, &openapi(&orders(), None, ExportFormat::Json));
    assert_snapshot!(exported.text.expect("a document"));
}

#[test]
fn orders_as_asyncapi() {
    let exported = asyncapi(&orders(), Some("Shop events"), ExportFormat::Yaml);
    assert_eq!(exported.summary, "3 channels, 2 sent, 1 received");
    valid(&ASYNCAPI, &asyncapi(&orders(), None, ExportFormat::Json));
    assert_snapshot!(exported.text.expect("a document"));
}

#[test]
fn the_validators_can_fail() {
    assert!(!OPENAPI.is_valid(&json(r#"{"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}"#)));
    let typed = r#"{"openapi": "3.1.0", "info": {"title": "x", "version": "1"},
        "components": {"schemas": {"A": {"type": "uuid"}}}}"#;
    assert!(!OPENAPI.is_valid(&json(typed)), "schemas are looked into");
    assert!(!ASYNCAPI.is_valid(&json(r#"{"asyncapi": "3.0.0"}"#)));
    let typed = r#"{"asyncapi": "3.0.0", "info": {"title": "x", "version": "1"},
        "components": {"schemas": {"A": {"type": "uuid"}}}}"#;
    assert!(!ASYNCAPI.is_valid(&json(typed)));
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(openapi(&[spec("SPEC-1")], None, ExportFormat::Yaml).text, None);
    assert_eq!(asyncapi(&[spec("SPEC-1")], None, ExportFormat::Yaml).text, None);
}

/// Texts that people and adversaries write where a shape, a path, a type or a name is expected.
fn adverse() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "|",
            "&",
            ":",
            "?",
            ",",
            ";",
            "...",
            "…",
            "*",
            "/",
            "\"",
            "'",
            "`",
            "\n",
            " ",
            "$ref",
            "x-",
            "type",
            "string",
            "null",
            "uuid",
            "Order",
            "OrderLine",
            "Array",
            "Record",
            "z.",
            "enum(",
            "readonly ",
            "undefined",
            "200",
            "404 ",
            " or ",
            "- `a`",
            "=",
            "/api/",
            ":id",
            "{id}",
            "[id]",
            "[...a]",
            "\u{1b}[31m",
            "\u{202e}",
            "1",
            "-2.5e9999",
            "1e400",
            "\\",
            "\\u12",
            "//",
            "/*",
            "é",
            "\u{0}",
            "%",
            "~1",
            "#",
            "a",
            "b",
            "properties",
            "not null",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    proptest::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

fn adverse_spec() -> impl Strategy<Value = ExportSpec> {
    let maybe = || proptest::option::of(adverse());
    let path = prop_oneof![adverse(), adverse().prop_map(|rest| format!("/{rest}"))];
    let endpoint = (path, adverse(), maybe(), maybe(), 0..9_usize).prop_map(
        |(path, summary, request, response, method)| {
            let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ALL"];
            Endpoint {
                summary,
                request: request.as_deref().and_then(text),
                response: response.as_deref().and_then(text),
                ..endpoint(methods[method], &path)
            }
        },
    );
    let field =
        (adverse(), adverse()).prop_map(|(name, type_text)| Field { name, type_text, span: Span::at(0) });
    let data = (adverse(), maybe(), proptest::collection::vec(field, 0..4), any::<bool>()).prop_map(
        |(name, table, fields, is_new)| {
            let kind = if is_new { EntityKind::New } else { EntityKind::Extended };
            let types =
                vec![TypeDecl { name: "Order".to_owned(), fields: fields.clone(), span: Span::at(0) }];
            let entities = vec![Entity { name, table, kind, fields, span: Span::at(0) }];
            DataModels { entities, types, ..DataModels::default() }
        },
    );
    let events = proptest::collection::vec((adverse(), maybe()), 0..4);
    (adverse(), proptest::collection::vec(endpoint, 0..5), data, events).prop_map(
        |(name, endpoints, data, events)| {
            let events: Vec<NamedId> =
                events.iter().map(|(id, payload)| event(id, payload.as_deref())).collect();
            ExportSpec {
                name,
                api: Api { endpoints, ..Api::default() },
                data,
                vocabulary: Vocabulary { consumed: events.clone(), events, ..Vocabulary::default() },
                ..ExportSpec::default()
            }
        },
    )
}

/// No control characters but line ends, and none that turn the direction of writing.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn any_facts_give_valid_documents(specs in proptest::collection::vec(adverse_spec(), 1..3)) {
        let exported = openapi(&specs, None, ExportFormat::Json);
        if exported.text.is_some() {
            let document = valid(&OPENAPI, &exported);
            let paths = document["paths"].as_object().expect("paths");
            let operations: Vec<&Value> =
                paths.values().flat_map(|path| path.as_object().expect("a path").values()).collect();
            let names: BTreeSet<&str> =
                operations.iter().map(|operation| operation["operationId"].as_str().expect("a name")).collect();
            prop_assert_eq!(names.len(), operations.len());
            prop_assert!(exported.text.as_deref().is_some_and(is_plain));
            prop_assert!(openapi(&specs, None, ExportFormat::Yaml).text.as_deref().is_some_and(is_plain));
        }
        let exported = asyncapi(&specs, None, ExportFormat::Json);
        if exported.text.is_some() {
            valid(&ASYNCAPI, &exported);
            prop_assert!(asyncapi(&specs, None, ExportFormat::Yaml).text.as_deref().is_some_and(is_plain));
        }
        prop_assert!(exported.notes.iter().flat_map(|note| &note.items).all(|item| is_plain(item)));
    }
}

#[test]
fn the_example_is_valid() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let folder = folder.canonicalize().expect("the example is there");
    let workspace = trueup_engine::Workspace::open(&folder, &trueup_engine::OpenOptions::default());
    let specs: Vec<ExportSpec> =
        workspace.expect("it opens").map_specs(ExportSpec::of).into_iter().flatten().collect();
    let document = valid(&OPENAPI, &openapi(&specs, None, ExportFormat::Json));
    let get = &document["paths"]["/api/orders/{id}"]["get"];
    assert_eq!(get["x-spec"][0]["spec"], "SPEC-001");
    assert_eq!(get["responses"]["404"]["description"], "for an order of somebody else");
    let events = valid(&ASYNCAPI, &asyncapi(&specs, None, ExportFormat::Json));
    assert_eq!(events["operations"]["send.orders.order.placed"]["action"], "send");
}
