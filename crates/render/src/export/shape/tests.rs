use super::*;
use serde_json::json;

#[track_caller]
fn check(text: &str, expected: Value) {
    let found = shape(text).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(serde_json::to_value(&found.schema).unwrap(), expected, "{text}");
}

#[test]
fn typescript_shapes() {
    check(
        "{ name: string, items?: Item[]; note: string | null }",
        json!({
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "items": {"type": "array", "items": {}},
                "note": {"type": ["string", "null"]},
            },
            "required": ["name", "note"],
        }),
    );
    check(
        "{\n  id: string; slug: string | undefined // told later\n  tags: Array<{ id: uuid }>\n  readonly by?: Record<string, number>\n}",
        json!({
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "slug": {"type": "string"},
                "tags": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"id": {"type": "string", "format": "uuid"}},
                        "required": ["id"],
                    },
                },
                "by": {"type": "object", "additionalProperties": {"type": "number"}},
            },
            "required": ["id", "tags"],
        }),
    );
    check("'open' | 'done' | null", json!({"type": ["string", "null"], "enum": ["open", "done", null]}));
    check(
        "(string | number)[]",
        json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "number"}]}}),
    );
    check(
        "{ [key: string]: boolean }",
        json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
    );
}

#[test]
fn names_without_types() {
    check(
        "{ id, total?, lines: [{ id, quantity }], ... }",
        json!({
            "type": "object",
            "properties": {
                "id": {},
                "total": {},
                "lines": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"id": {}, "quantity": {}}},
                },
            },
            "required": ["lines"],
        }),
    );
}

#[test]
fn words_between_are_stepped_over() {
    check(
        "{ jobId if async (or later), count: number of rows; ok: true }",
        json!({
            "type": "object",
            "properties": {"jobId": {}, "count": {"type": "number"}, "ok": {"type": "boolean"}},
            "required": ["count", "ok"],
        }),
    );
}

#[test]
fn json_examples() {
    check(
        r#"{ "id": "uuid", "n": 2, "rate": 0.5, "lines": [ { "a": 1 }, { "b": "x" } ], "...more": 1 }"#,
        json!({
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "n": {"type": "integer", "examples": [2]},
                "rate": {"type": "number", "examples": [0.5]},
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "a": {"type": "integer", "examples": [1]},
                            "b": {"type": "string", "examples": ["x"]},
                        },
                    },
                },
            },
        }),
    );
}

#[test]
fn zod_schemas() {
    check(
        "z.object({ id: z.string().uuid(), state: z.enum(['a', 'b']).optional(), n: z.number().int().nullable() })",
        json!({
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "state": {"type": "string", "enum": ["a", "b"]},
                "n": {"type": ["integer", "null"]},
            },
            "required": ["id", "n"],
        }),
    );
    check("z.array(z.string())", json!({"type": "array", "items": {"type": "string"}}));
}

#[test]
fn the_end_is_known() {
    let text = "{ id } and more";
    assert_eq!(&text[shape(text).unwrap().end..], " and more");
    assert!(shape("").is_none() && shape(") x").is_none());
}

#[test]
fn odd_texts_end() {
    for text in [
        "{",
        "{{{",
        "[",
        "[;",
        "[};]",
        "{,,;",
        "{a:",
        "{a:(",
        "{(x)}",
        "{\n)\n}",
        "z.",
        "z.array(",
        "enum(",
        "A<",
        "A<B,",
        "A[",
        "a|",
        "|",
        "&",
        "{a?:?b}",
        "<",
        "{[",
        "{[k]:",
        "...",
        "\"",
        "'",
        "{a:{b:}",
        "{a: b => c}",
        "[,,]",
    ] {
        let _ = shape(text);
    }
}

#[test]
fn depth_is_limited_and_cost_is_linear() {
    for unit in [
        "{a:",
        "[",
        "(",
        "A<",
        "z.array(",
        "readonly ",
        "x.",
        "a|",
        "a&",
        "[]",
        "{[a]:",
        "z.string().array()",
    ] {
        let text = unit.repeat(20_000);
        let found = shape(&text);
        let deepest = found.map_or(0, |found| depth(&serde_json::to_value(&found.schema).unwrap()));
        assert!(deepest < 110, "{unit}: {deepest}");
        let _ = shape(&format!("x{text}"));
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(entries) => 1 + entries.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
