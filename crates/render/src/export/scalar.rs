//! Names of simple types in SQL, TypeScript and plain words.

use super::schema::Schema;
use serde_json::Value;

/// A simple type by one word.
pub(super) fn scalar(word: &str) -> Option<Schema> {
    let schema = match word.to_ascii_lowercase().as_str() {
        "string" | "text" | "str" | "varchar" | "char" | "character" | "citext" | "nvarchar" => {
            Schema::of("string")
        }
        "uuid" | "guid" | "uuidv4" | "uuidv7" => Schema::formatted("string", "uuid"),
        "email" => Schema::formatted("string", "email"),
        "url" | "uri" => Schema::formatted("string", "uri"),
        "int" | "integer" | "smallint" | "int2" | "int4" | "serial" | "tinyint" => Schema::of("integer"),
        "bigint" | "int8" | "bigserial" | "int64" | "long" => Schema::formatted("integer", "int64"),
        "int32" => Schema::formatted("integer", "int32"),
        "decimal" | "numeric" | "number" | "money" => Schema::of("number"),
        "float" | "real" | "float4" => Schema::formatted("number", "float"),
        "double" | "float8" => Schema::formatted("number", "double"),
        "boolean" | "bool" => Schema::of("boolean"),
        "timestamptz" | "timestamp" | "datetime" | "datetimetz" => Schema::formatted("string", "date-time"),
        "date" if word.starts_with('D') => Schema::formatted("string", "date-time"),
        "date" => Schema::formatted("string", "date"),
        "time" | "timetz" => Schema::formatted("string", "time"),
        "json" | "jsonb" | "any" | "unknown" | "mixed" => Schema::default(),
        "object" => Schema::of("object"),
        "array" => Schema::of("array"),
        "null" => Schema::of("null"),
        "undefined" | "void" => Schema::undefined(),
        "bytea" | "blob" | "binary" | "buffer" | "file" => Schema::formatted("string", "binary"),
        _ => return None,
    };
    Some(schema)
}

/// The type of a text that stands as an example or as a literal type.
pub(super) fn literal(text: &str) -> Schema {
    let text = super::plain_line(text);
    match text.to_ascii_lowercase().trim_matches(['<', '>']) {
        "uuid" => return Schema::formatted("string", "uuid"),
        "string" | "..." | "…" | "" => return Schema::of("string"),
        // People write the type's name in quotation marks.
        "number" => return Schema::of("number"),
        "integer" => return Schema::of("integer"),
        "boolean" => return Schema::of("boolean"),
        "iso" | "iso date" | "iso8601" | "iso-8601" | "datetime" | "date-time" | "iso datetime" => {
            return Schema::formatted("string", "date-time");
        }
        _ => {}
    }
    let form = if is_uuid(&text) { Some("uuid") } else { date_form(&text) };
    let schema = match form {
        Some(format) => Schema::formatted("string", format),
        None => Schema::of("string"),
    };
    Schema { examples: vec![Value::String(text)], ..schema }
}

/// `0b54c6de-41c2-4d0c-8a86-2f7e0a1b9d11`
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `2026-01-02` and `2026-01-02T…`
fn date_form(text: &str) -> Option<&'static str> {
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match text.as_bytes() {
        [y @ .., b'-', m1, m2, b'-', d1, d2]
            if y.len() == 4 && digits(y) && digits(&[*m1, *m2, *d1, *d2]) =>
        {
            Some("date")
        }
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', ..]
            if digits(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2]) =>
        {
            Some("date-time")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_sql_and_typescript_are_types() {
        for (word, kind, format) in [
            ("VARCHAR", "string", None),
            ("uuid", "string", Some("uuid")),
            ("Date", "string", Some("date-time")),
            ("date", "string", Some("date")),
            ("timestamptz", "string", Some("date-time")),
            ("numeric", "number", None),
            ("bigint", "integer", Some("int64")),
        ] {
            let schema = scalar(word).unwrap();
            assert!(schema.is(kind) && schema.format == format, "{word}: {schema:?}");
        }
        assert!(scalar("jsonb").unwrap().is_open());
        assert_eq!(scalar("Order"), None);
    }

    #[test]
    fn examples_show_their_type() {
        assert_eq!(literal("uuid").format, Some("uuid"));
        assert_eq!(literal("2026-03-04").format, Some("date"));
        assert_eq!(literal("2026-03-04T...").format, Some("date-time"));
        assert_eq!(literal("0b54c6de-41c2-4d0c-8a86-2f7e0a1b9d11").format, Some("uuid"));
        let open = literal("open");
        assert!(open.is("string") && open.examples == ["open"]);
    }
}
