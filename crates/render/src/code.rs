//! The facts of the code as JSON, as policies and other programs get them.

use serde_json::{Value, json};
use trueup_codebase::{CodePlace, Codebase, NameUse, Readable, Use};

/// The facts that [`code_value`] gives, by name.
pub const CODE_FACTS: [&str; 9] =
    ["endpoints", "entities", "tests", "locales", "env", "flags", "events", "migrations", "readable"];

/// The facts of the code as a JSON value: `endpoints`, `entities`, `tests`, `locales`, `env`, `flags`,
/// `events`, `migrations`, and for each kind in `readable` whether it could be read. Lines count from 1.
pub fn code_value(code: &Codebase) -> Value {
    let endpoints = code.routes.iter().map(|route| {
        at(
            &route.place,
            json!({
                "method": route.method.name(),
                "path": route.path.to_string(),
                "whole": route.whole,
                "framework": route.framework,
            }),
        )
    });
    let entities = code.tables.iter().map(|table| {
        let columns = table.columns.iter().map(|c| at(&c.place, json!({ "name": c.name, "type": c.kind })));
        at(
            &table.place,
            json!({
                "name": table.name,
                "class": table.class,
                "complete": table.complete,
                "source": table.source,
                "columns": columns.collect::<Vec<_>>(),
            }),
        )
    });
    let tests = code.tests.iter().map(|test| {
        at(&test.place, json!({ "name": test.name, "suites": test.suites, "skipped": test.skipped }))
    });
    let locales = code.locales.iter().map(|file| {
        let keys: Vec<&str> = file.keys.iter().map(|key| key.key.as_str()).collect();
        json!({ "file": &*file.path, "locale": file.locale, "namespace": file.namespace, "keys": keys })
    });
    let migrations = code.migrations.iter().map(
        |migration| json!({ "file": &*migration.path, "number": migration.number, "slug": migration.slug }),
    );
    let readable = code.readable.iter().map(|(kind, readable)| {
        let value = match readable {
            Readable::Yes(sources) => json!({ "readable": true, "sources": sources }),
            Readable::No(why) => json!({ "readable": false, "why": why }),
        };
        (kind.name().to_owned(), value)
    });
    json!({
        "endpoints": endpoints.collect::<Vec<_>>(),
        "entities": entities.collect::<Vec<_>>(),
        "tests": tests.collect::<Vec<_>>(),
        "locales": locales.collect::<Vec<_>>(),
        "env": names(&code.env_vars),
        "flags": names(&code.flags),
        "events": names(&code.events),
        "migrations": migrations.collect::<Vec<_>>(),
        "readable": readable.collect::<serde_json::Map<_, _>>(),
    })
}

fn names(list: &[NameUse]) -> Vec<Value> {
    let how = |how: Use| match how {
        Use::Read => "read",
        Use::Declared => "declared",
        Use::Sent => "sent",
    };
    list.iter().map(|used| at(&used.place, json!({ "name": used.name, "use": how(used.how) }))).collect()
}

/// A value with its place.
fn at(place: &CodePlace, mut value: Value) -> Value {
    value["file"] = json!(&*place.path);
    value["line"] = json!(place.line);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_named() {
        let value = code_value(&Codebase::default());
        let mut given: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut named = CODE_FACTS.to_vec();
        given.sort_unstable();
        named.sort_unstable();
        assert_eq!(given, named);
    }
}
