//! `docs/configuration.md`, from the JSON Schema of `trueup.toml`.

use super::{cell, origin};
use serde_json::Value;

pub(super) fn generate() -> Result<String, String> {
    let text = trueup_engine::Config::json_schema();
    let schema: Value =
        serde_json::from_str(&text).map_err(|error| format!("the schema of the configuration: {error}"))?;
    let mut out = origin("the schema of `trueup.toml`");
    out.push_str(&format!("# Configuration\n\n{}\n\n", description(&schema)));
    out.push_str(
        "Everything in it is optional; without the file specs and templates are looked for, and `trueup init` writes down what \
         was found. Editors can check it against [`config.schema.json`](schemas/config.schema.json).\n",
    );
    let pages = Pages { root: &schema };
    pages.object(&schema, "", 2, &mut out);
    Ok(out)
}

struct Pages<'s> {
    root: &'s Value,
}

impl<'s> Pages<'s> {
    /// What a `$ref` leads to, also inside `allOf` or beside `null`.
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = reference.and_then(|r| r.rsplit('/').next()) {
            return &self.root["$defs"][name];
        }
        for key in ["allOf", "anyOf"] {
            let Some(parts) = schema.get(key).and_then(Value::as_array) else { continue };
            let mut parts = parts.iter().filter(|p| p.get("type").and_then(Value::as_str) != Some("null"));
            if let (Some(only), None) = (parts.next(), parts.next()) {
                return self.resolve(only);
            }
        }
        schema
    }

    /// The keys of an object, then the tables in it.
    fn object(&self, schema: &'s Value, path: &str, level: usize, out: &mut String) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut keys: Vec<(&String, &Value)> = properties.iter().collect();
        // What must be there comes first, then what most files have.
        keys.sort_by_key(|(key, _)| {
            (!required.contains(&key.as_str()), key.as_str() != "specs", key.as_str() != "rules")
        });
        let is_table = |value: &'s Value| self.table_of(value).is_some();
        let plain: Vec<&(&String, &Value)> = keys.iter().filter(|(_, value)| !is_table(value)).collect();
        if !plain.is_empty() {
            out.push_str("\n| Key | Type | What it says |\n|---|---|---|\n");
            for (key, value) in plain {
                let must = if required.contains(&key.as_str()) { " Required." } else { "" };
                out.push_str(&format!(
                    "| `{key}` | {} | {}{must} |\n",
                    cell(&self.kind(value)),
                    cell(description(value))
                ));
            }
        }
        for (key, value) in keys.iter().filter(|(_, value)| is_table(value)) {
            let Some((table, form)) = self.table_of(value) else { continue };
            let path = if path.is_empty() { (*key).clone() } else { format!("{path}.{key}") };
            let heading = if form == Form::List { format!("[[{path}]]") } else { format!("[{path}]") };
            let about =
                [description(value), description(table)].into_iter().find(|d| !d.is_empty()).unwrap_or("");
            out.push_str(&format!("\n{} `{heading}`\n\n{about}\n", "#".repeat(level)));
            match form {
                Form::Map => out.push_str(&format!("\nEach value: {}.\n", self.kind(table))),
                _ => self.object(table, &path, (level + 1).min(6), out),
            }
        }
    }

    /// The table that a key opens in the file.
    fn table_of(&self, value: &'s Value) -> Option<(&'s Value, Form)> {
        let value = self.resolve(value);
        if value.get("properties").is_some() {
            return Some((value, Form::Table));
        }
        if let Some(items) = value.get("items").map(|items| self.resolve(items))
            && items.get("properties").is_some()
        {
            return Some((items, Form::List));
        }
        match value.get("additionalProperties").or(value.get("patternProperties")) {
            Some(inner) if inner.is_object() => Some((inner, Form::Map)),
            _ => None,
        }
    }

    /// A type in words.
    fn kind(&self, value: &'s Value) -> String {
        let value = self.resolve(value);
        if let Some(choice) = value.get("const") {
            return format!("`{choice}`");
        }
        for key in ["enum", "oneOf", "anyOf"] {
            let Some(choices) = value.get(key).and_then(Value::as_array) else { continue };
            let name = |choice: &'s Value| match choice {
                Value::String(text) => format!("`\"{text}\"`"),
                other => self.kind(other),
            };
            let names: Vec<String> = choices
                .iter()
                .filter(|c| c.get("type").and_then(Value::as_str) != Some("null"))
                .map(name)
                .collect();
            return names.join(" or ");
        }
        let of_type = match value.get("type") {
            Some(Value::Array(types)) => {
                types.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or("")
            }
            Some(Value::String(one)) => one.as_str(),
            _ => "",
        };
        match of_type {
            "string" => "text".to_owned(),
            "integer" => "whole number".to_owned(),
            "boolean" => "`true` or `false`".to_owned(),
            "array" => format!(
                "list of {}",
                value.get("items").map_or("anything".to_owned(), |items| self.kind(items))
            ),
            "object" => match value
                .get("additionalProperties")
                .or(value.get("patternProperties"))
                .filter(|v| v.is_object())
            {
                Some(inner) => format!("table of {}", self.kind(inner)),
                None => self.states(value),
            },
            _ => "anything".to_owned(),
        }
    }

    /// A table whose keys are known and alike.
    fn states(&self, value: &'s Value) -> String {
        let Some(properties) = value.get("properties").and_then(Value::as_object) else {
            return "table".to_owned();
        };
        let keys: Vec<String> = properties.keys().map(|key| format!("`{key}`")).collect();
        let inner =
            properties.values().next().map_or(String::new(), |inner| format!(", each {}", self.kind(inner)));
        format!("table with the keys {}{inner}", keys.join(", "))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    List,
    Map,
}

fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or("")
}
