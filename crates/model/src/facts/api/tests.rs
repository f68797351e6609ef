use crate::facts::Endpoint;
use crate::facts::support::testing::facts_of;

fn endpoints(markdown: &str) -> Vec<Endpoint> {
    let endpoints = facts_of(markdown, "").api.endpoints;
    for endpoint in &endpoints {
        assert!(markdown.get(endpoint.span.range()).is_some(), "{endpoint:?}");
    }
    endpoints
}

fn check(body: &str, expected: &[&str]) {
    let markdown = format!("# T\n\n## API Contracts\n\n{body}\n\n## Risks\n\n- `GET /api/named-only`\n");
    let found: Vec<String> =
        endpoints(&markdown).iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn bullets_and_paragraphs() {
    for (body, expected) in [
        ("- `GET /api/a` includes `x`.\n- `POST /api/a` accepts x.", &["GET /api/a", "POST /api/a"][..]),
        ("- `METHOD POST /api/a/:id/send`", &["POST /api/a/:id/send"]),
        ("- `GET|POST /api/a`", &["GET /api/a", "POST /api/a"]),
        ("- `GET /api/a/{id?}`\n- `GET /api/a`", &["GET /api/a/{id?}", "GET /api/a"]),
        ("- `GET /api/a/{id?}/b`", &["GET /api/a/{id?}/b"]),
        ("- `GET/PATCH /api/a/{id}` includes x", &["GET /api/a/{id}", "PATCH /api/a/{id}"]),
        ("- GET, POST `/api/a`", &["GET /api/a", "POST /api/a"]),
        ("- `GET /.well-known/a`", &["GET /.well-known/a"]),
        ("- `POST` / `DELETE /api/a` — as before", &["POST /api/a", "DELETE /api/a"]),
        ("- CRUD `/api/a`", &["GET /api/a", "POST /api/a", "PUT /api/a", "DELETE /api/a"]),
        ("- **GET** `/api/a?x=1&y=a|b`", &["GET /api/a?x=1&y=a|b"]),
        ("- `PUT /api/a` and `PUT /api/b` take it at the top.", &["PUT /api/a", "PUT /api/b"]),
        ("- `GET /api/a/{id}` / `…/{id}/parts`", &["GET /api/a/{id}", "GET /api/a/{id}/parts"]),
        (
            "- Done: `POST /api/a/done`; short: `POST /api/a/short` and `.../lost`",
            &["POST /api/a/done", "POST /api/a/short", "POST /api/a/lost"],
        ),
        ("**New route added by this work:** `GET /api/health`", &["GET /api/health"]),
        ("`GET /api/a` — List\n`POST /api/a` — Create", &["GET /api/a", "POST /api/a"]),
        ("Extend `GET /api/nav` instead of a second one.", &["GET /api/nav"]),
        (
            "The following GET routes need a right:\n\n- `/api/a`\n- `/api/b/{id}`",
            &["GET /api/a", "GET /api/b/{id}"],
        ),
        (
            "Base path: `/api/shop`\n\n- `GET /items`\n- `GET /api/shop/carts`",
            &["GET /api/shop/items", "GET /api/shop/carts"],
        ),
    ] {
        check(body, expected);
    }
}

#[test]
fn mentions_declare_nothing() {
    for body in [
        "- Response: the same as `GET /api/a` gives.",
        "Widgets may pass an id to the existing `GET /api/a` route.",
        "Ask somebody to call `POST /api/a` then.",
        "Rules apply (for example `GET|POST /api/a`).",
        "Fetched from `https://host/api/a`; GET/POST exports stay.",
        "The file `src/modules/a/api/route.ts` exports GET.",
        "No API changes. `/api/a` GET/POST stays the same.",
        "| Case | Request | Expected |\n|-|-|-|\n| 1 | `GET /api/a` | 200 |",
    ] {
        check(body, &[]);
    }
}

#[test]
fn headings() {
    for (body, expected) in [
        ("### `GET /api/a` (existing)", &["GET /api/a"][..]),
        ("### 1. `PUT /api/a` — NEW", &["PUT /api/a"]),
        ("### GET /api/a/:id", &["GET /api/a/:id"]),
        ("### POST `/api/a`", &["POST /api/a"]),
        ("### New Route — `GET /api/a`", &["GET /api/a"]),
        ("### `/api/a` (GET, PUT)", &["GET /api/a", "PUT /api/a"]),
        ("### `POST /api/a` + `PUT /api/b` (changed)", &["POST /api/a", "PUT /api/b"]),
        ("### Orders (`/api/a`)\n\n#### GET\n\n#### POST — create", &["GET /api/a", "POST /api/a"]),
        (
            "### 9.1 Orders (`/api/a`)\n\n### GET\n\n### Request (PUT)\n\n### 9.2 Other\n\n### POST",
            &["GET /api/a", "PUT /api/a"],
        ),
        (
            "### Route: `/api/a/[id]`\n\n```ts\nexport async function GET(r) {}\nexport const { PUT, DELETE } = make()\n```",
            &["GET /api/a/[id]", "PUT /api/a/[id]", "DELETE /api/a/[id]"],
        ),
        (
            "### Shares (`/api/a`)\n\n**POST** and **PUT** schemas:\n\n- `GET` lists",
            &["POST /api/a", "PUT /api/a", "GET /api/a"],
        ),
        ("### `GET /api/a`\n\n```\nGET /api/a/17\n```", &["GET /api/a"]),
    ] {
        check(body, expected);
    }
}

#[test]
fn tables_and_code() {
    for (body, expected) in [
        (
            "| Method | Path | What |\n|-|-|-|\n| GET | `/api/a` | x |\n| `GET`, `POST` | /api/b | y |",
            &["GET /api/a", "GET /api/b", "POST /api/b"][..],
        ),
        (
            "| Endpoint | Method |\n|-|-|\n| `/api/a` | CRUD |",
            &["GET /api/a", "POST /api/a", "PUT /api/a", "DELETE /api/a"],
        ),
        ("| Endpoint | Change |\n|-|-|\n| `GET\\|PUT /api/a` | x |", &["GET /api/a", "PUT /api/a"]),
        (
            "| Step | Method | Route |\n|-|-|-|\n| s | `POST` + `PUT` | `/api/a` then `/api/b` |",
            &["POST /api/a", "PUT /api/b"],
        ),
        (
            "```\nGET    /api/a           # list\nPOST   /api/a  { name }\nDELETE /api/{b|c}/{id}\n```",
            &["GET /api/a", "POST /api/a", "DELETE /api/{b|c}/{id}"],
        ),
        ("```\n├── GET /api/a\n└── POST /api/a/:id/send\n```", &["GET /api/a", "POST /api/a/:id/send"]),
        ("```ts\n// POST /api/a\nconst schema = 1\n```", &["POST /api/a"]),
        ("```yaml\npaths:\n  /api/a:\n    get:\n    post:\n```", &["GET /api/a", "POST /api/a"]),
    ] {
        check(body, expected);
    }
}

#[test]
fn an_endpoint_is_counted_once_with_what_is_said_of_it() {
    let markdown = "# T\n\n## API\n\n| Method | Path | Purpose |\n|-|-|-|\n| PUT | `/api/a/:id` | change |\n\n\
                    ### `PUT /api/a/{id}`\n\n- Request: `{ name }`\n- Response:\n\n```json\n{ \"ok\": true }\n```\n";
    let found = endpoints(markdown);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path.as_str(), found[0].summary.as_str()), ("/api/a/:id", "change"));
    assert_eq!(found[0].request.as_ref().map(|t| t.text.as_str()), Some("{ name }"));
    assert_eq!(found[0].response.as_ref().map(|t| t.text.as_str()), Some("{ \"ok\": true }"));
}

#[test]
fn requests_and_responses() {
    for (body, expected) in [
        ("- `POST /api/a`\n- Body:\n  - `x`\n- Returns `{ id }`", "- `x` => { id }"),
        (
            "| Method | Path | Request | Response |\n|-|-|-|-|\n| POST | `/api/a` | `{ x }` | — |",
            "{ x } => -",
        ),
        ("```\nPOST /api/a   { x, y }\n```", "{ x, y } => -"),
        ("```\nPOST /api/a\n{ \"x\": 1 }\n```", "{ \"x\": 1 } => -"),
        ("#### `POST /api/a`\n\nRequest body: x\nResponse (200): y\nError response: z", "x => y"),
    ] {
        let found = endpoints(&format!("# T\n\n## API\n\n{body}\n"));
        let text = |t: &Option<crate::facts::Text>| t.as_ref().map_or("-".to_owned(), |t| t.text.clone());
        let said: Vec<String> =
            found.iter().map(|e| format!("{} => {}", text(&e.request), text(&e.response))).collect();
        assert_eq!(said, [expected], "{body}");
    }
}

#[test]
fn sections_that_say_none_and_looser_titles() {
    let none = |markdown: &str| facts_of(markdown, "").api.none.map(|t| t.text);
    assert_eq!(
        none("# T\n\n## API Contracts\n\nNo HTTP API changes.\n"),
        Some("No HTTP API changes.".to_owned())
    );
    assert_eq!(none("# T\n\n## API\n\nN/A — docs only\n"), Some("N/A — docs only".to_owned()));
    assert_eq!(none("# T\n\n## API\n\n- `GET /api/a`\n"), None);
    let loose = "# T\n\n## 7) API Requirements\n\n- `GET /api/a`\n\n## Implementation Plan\n\n### API routes\n\n- `GET /api/b`\n";
    assert_eq!(endpoints(loose).len(), 1);
    assert!(endpoints("# T\n\n## Overview\n\n- `GET /api/a`\n").is_empty());
}

#[test]
fn odd_texts_do_no_harm() {
    for body in [
        "- `GET",
        "- `GET /`",
        "`GET /api/ä…/`",
        "| GET |\n|-|\n| | /",
        "…/x",
        ".../",
        "GET|",
        "((((`GET /a",
        "```\nGET\n```",
    ] {
        let _ = endpoints(&format!("## API\n\n{body}"));
    }
}

#[test]
fn what_is_no_endpoint_is_a_contract() {
    let contracts = |body: &str| -> Vec<String> {
        let text = format!("# T\n\n## API Contracts\n\n{body}\n");
        let facts = crate::facts::support::testing::facts_of(&text, "");
        facts.api.contracts.into_iter().map(|c| c.text).collect()
    };
    assert_eq!(
        contracts("### `shop sync`\n\nInput: a name.\n\n### Exit codes\n\n0 and 1."),
        ["shop sync", "Exit codes"]
    );
    assert_eq!(
        contracts("- The export gets a flag.\n- A header is added."),
        ["The export gets a flag.", "A header is added."]
    );
    assert_eq!(contracts("- `GET /api/orders`"), Vec::<String>::new());
}
