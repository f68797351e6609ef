//! Environment variables.

use super::Script;
use crate::SourceFile;
use rustc_hash::FxHashSet;
use trueup_codebase::{NameUse, Use};

/// What Vite itself puts into `import.meta.env`.
const OF_VITE: [&str; 5] = ["MODE", "DEV", "PROD", "SSR", "BASE_URL"];

/// Adds the variables that a file reads or lists.
pub(crate) fn read(file: &SourceFile<'_>, out: &mut Vec<NameUse>) {
    if !file.has_any(&["env", "Env", "onfig"]) {
        return;
    }
    let script = &file.script();
    let mut aliases: FxHashSet<&str> = FxHashSet::default();
    for at in 0..script.len() {
        let name = script.name(at);
        if name.is_empty() {
            continue;
        }
        if let Some(end) = source(script, at) {
            used(file, at, end, out);
            aliases.extend(alias(script, at, end));
        } else if aliases.contains(name) && !script.is_before(at, b'.') {
            used(file, at, at + 1, out);
        } else if matches!(name, "get" | "getOrThrow") && script.is_before(at, b'.') {
            through_service(file, at, out);
        } else {
            listed(file, at, out);
        }
    }
}

/// Where `process.env`, `import.meta.env`, `Bun.env` or `Deno.env` ends.
fn source(script: &Script<'_>, at: usize) -> Option<usize> {
    let dot_env = |at: usize| script.is(at, b'.') && script.name(at + 1) == "env";
    if script.is_before(at, b'.') && script.name(at.saturating_sub(2)) != "globalThis" {
        return None;
    }
    match script.name(at) {
        "process" | "Bun" | "Deno" if dot_env(at + 1) => Some(at + 3),
        "import" if script.is(at + 1, b'.') && script.name(at + 2) == "meta" && dot_env(at + 3) => {
            Some(at + 5)
        }
        _ => None,
    }
}

/// Adds what is read from a source of variables that ends before a place.
fn used(file: &SourceFile<'_>, start: usize, end: usize, out: &mut Vec<NameUse>) {
    let script = &file.script();
    let mut add = |name: &str, at: usize| {
        let of_vite = script.name(start) == "import" && OF_VITE.contains(&name);
        if is_variable(name) && !of_vite {
            out.push(file.name_use(name, Use::Read, script.range(at)));
        }
    };
    if script.is(end, b'.') {
        let name = script.name(end + 1);
        if script.name(start) == "Deno" {
            let call = script.call(end + 2).filter(|_| matches!(name, "get" | "has"));
            if let Some((text, at)) = call.and_then(|open| Some((script.literal(open + 1)?, open + 1))) {
                add(&text, at);
            }
        } else if !is_written(script, start, end + 2) {
            add(name, end + 1);
        }
    } else if script.is(end, b'[') && script.close(end) == end + 2 {
        if let Some(text) = script.literal(end + 1).filter(|_| !is_written(script, start, end + 3)) {
            add(&text, end + 1);
        }
    } else if let Some(names) = destructured(script, start) {
        for entry in script.entries(names) {
            add(entry.key, entry.at);
        }
    }
}

/// Whether a variable is set or removed here, not read.
fn is_written(script: &Script<'_>, start: usize, end: usize) -> bool {
    let set = script.is(end, b'=') && !script.is(end + 1, b'=');
    set || script.name_before(start) == "delete"
}

/// The `{` of `const { A, B } = source`.
fn destructured(script: &Script<'_>, start: usize) -> Option<usize> {
    let sign = script.before(start).filter(|at| script.is(*at, b'='))?;
    let close = script.before(sign).filter(|at| script.is(*at, b'}'))?;
    script.opening(close)
}

/// The name of `const env = source` or of a parameter with it as its default.
fn alias<'a>(script: &Script<'a>, start: usize, end: usize) -> Option<&'a str> {
    if script.is(end, b'.') || script.is(end, b'[') || script.is(end, b'(') {
        return None;
    }
    let sign = script.before(start).filter(|at| script.is(*at, b'='))?;
    let direct = script.name_before(sign);
    // `env: NodeJS.ProcessEnv = process.env`
    let typed = (sign.saturating_sub(6)..sign).rev().find(|at| script.is(*at, b':'));
    let name = typed.map_or(direct, |at| script.name_before(at));
    (!name.is_empty()).then_some(name)
}

/// `config.get('DB_HOST')` of a configuration service.
fn through_service(file: &SourceFile<'_>, at: usize, out: &mut Vec<NameUse>) {
    let script = &file.script();
    let receiver = script.name(at.saturating_sub(2)).to_ascii_lowercase();
    if !receiver.ends_with("config") && !receiver.ends_with("configservice") {
        return;
    }
    let Some(open) = script.call(at + 1) else { return };
    if let Some(name) = script.literal(open + 1).filter(|name| is_variable(name) && name.contains('_')) {
        out.push(file.name_use(name, Use::Read, script.range(open + 1)));
    }
}

/// Schemas of the environment, which read all that they list: zod, envalid, t3-env, envsafe, Joi.
fn listed(file: &SourceFile<'_>, at: usize, out: &mut Vec<NameUse>) {
    let script = &file.script();
    let Some(open) = script.call(at + 1) else { return };
    match script.name(at) {
        "createEnv" => {
            for key in ["server", "client", "shared", "schema"] {
                let value = script.value_of(open + 1, key);
                value.into_iter().for_each(|value| keys(file, value.start, out));
            }
        }
        "cleanEnv" => {
            if let Some(schema) = script.items(open).get(1) {
                keys(file, schema.start, out);
            }
        }
        "envsafe" | "parseEnv" | "defineEnv" => keys(file, open + 1, out),
        // A schema of anything, unless the file speaks of the environment.
        "object" | "strictObject" | "looseObject" | "keys"
            if file.has_any(&["process.env", "meta.env", "ProcessEnv", "ConfigModule"]) =>
        {
            keys(file, open + 1, out);
        }
        _ => {}
    }
}

fn keys(file: &SourceFile<'_>, open: usize, out: &mut Vec<NameUse>) {
    let script = &file.script();
    if !script.is(open, b'{') {
        return;
    }
    for entry in script.entries(open).into_iter().filter(|entry| is_variable(entry.key)) {
        // The schema is held against the environment when the program starts.
        out.push(file.name_use(entry.key, Use::Read, script.range(entry.at)));
    }
}

/// Names of variables are written in capitals.
pub(crate) fn is_variable(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
