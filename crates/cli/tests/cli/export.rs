use crate::repository::{Repository, spec};

/// A spec with an API, an entity and events.
fn with_api(number: u32, title: &str, rest: &str) -> String {
    spec(number, title).replace(
        "## Changelog",
        &format!(
            "## Data Models\n\n### Order\n\n| Field | Type |\n|---|---|\n| `id` | uuid |\n| `total` | numeric not null |\n\n\
             ## API Contracts\n\n- `GET /api/orders/:id` reads an order\n{rest}\n\
             ## Events\n\n| Event | When |\n|---|---|\n| `orders.order.placed` | it is placed |\n\n## Changelog"
        ),
    )
}

fn repository() -> Repository {
    let repository = Repository::with_specs();
    let path = "docs/specs/SPEC-001-2026-01-01-returns.md";
    repository.write(path, &with_api(1, "Returns", "- `GET /api/files/*` reads a file\n"));
    repository.write("docs/specs/SPEC-002-2026-01-02-search.md", &with_api(2, "Search", ""));
    repository
}

#[test]
fn endpoints_are_exported() {
    let repository = repository();
    let ran = repository
        .run(&["export", "openapi"])
        .exits(0)
        .says("openapi: \"3.1.0\"\n")
        .says("\"/api/orders/{id}\":")
        .says("operationId: getApiOrdersById")
        .says("x-entity: Order")
        .says("format: uuid")
        .tells("note: 1 endpoint is left out\n  GET /api/files/* (SPEC-001): it holds a wildcard\n")
        .tells("GET /api/orders/{id}: SPEC-001, SPEC-002\n");
    assert_eq!(repository.run(&["export", "openapi"]).out, ran.out);

    let one = repository.run(&["export", "openapi", "SPEC-002", "--format", "json"]).exits(0);
    let document: serde_json::Value = serde_json::from_str(&one.out).expect("JSON");
    assert_eq!(document["info"]["title"], "SPEC-002: Search");
    assert_eq!(document["paths"]["/api/orders/{id}"]["get"]["x-spec"][0]["spec"], "SPEC-002");
    assert_eq!(one.err, "");
}

#[test]
fn events_are_exported_into_a_file() {
    let repository = repository();
    repository
        .run(&["export", "asyncapi", "--output", "events.json", "--title", "Shop"])
        .exits(0)
        .tells("wrote 1 channel, 1 sent, 0 received to events.json");
    let document: serde_json::Value = serde_json::from_str(&repository.read("events.json")).expect("JSON");
    assert_eq!(document["asyncapi"], "3.0.0");
    assert_eq!(document["info"]["title"], "Shop");
    assert_eq!(document["operations"]["send.orders.order.placed"]["action"], "send");
}

#[test]
fn nothing_to_export_is_said() {
    let repository = repository();
    repository
        .run(&["export", "openapi", "SPEC-003"])
        .exits(2)
        .tells("there is nothing to export: the spec does not declare an endpoint or an entity")
        .tells("help: `trueup list endpoints`");
    repository.run(&["export", "asyncapi", "SPEC-009"]).exits(2).tells("there is no spec `SPEC-009`");
    Repository::empty().run(&["export", "openapi"]).exits(2).tells("there are no specs here");
}
