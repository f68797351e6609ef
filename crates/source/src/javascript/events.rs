//! Events: calls that send one, and files that list them.

use super::{Kind, is_name};
use crate::SourceFile;
use std::ops::Range;
use trueup_codebase::{NameUse, Use};

/// Keys of a message that tell its event.
const KEYS: [&str; 7] = ["type", "event", "name", "eventName", "eventType", "topic", "subject"];

/// Adds the events that a file sends or lists.
pub(crate) fn read(file: &SourceFile<'_>, out: &mut Vec<NameUse>) {
    let lists = is_list(file);
    if !lists && !file.has_any(&["emit", "ublish", "dispatch", "send", "trigger", "raise"]) {
        return;
    }
    let script = &file.script();
    for at in 0..script.len() {
        match script.kind(at) {
            Some(Kind::Name) if sends(script.name(at)) && script.name_before(at) != "function" => {
                sent(file, at, out)
            }
            Some(Kind::Text | Kind::Template) if lists => out.extend(declared(file, at)),
            _ => {}
        }
    }
}

/// Whether a function of this name sends an event: `emit`, `emitOrderEvent`, `publish` ….
fn sends(name: &str) -> bool {
    let of = |word: &str| {
        name.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    ["emit", "publish", "dispatch", "send", "trigger", "raise", "enqueue"].iter().any(|word| of(word))
}

/// Adds the event of a call: a literal, or a message with one.
fn sent(file: &SourceFile<'_>, at: usize, out: &mut Vec<NameUse>) {
    let script = &file.script();
    let Some(first) = script.call(at + 1).and_then(|open| script.items(open).into_iter().next()) else {
        return;
    };
    let value = match script.is(first.start, b'{') {
        true => script
            .entries(first.start)
            .into_iter()
            .find(|entry| KEYS.contains(&entry.key))
            .map(|entry| entry.value),
        // The first part of `send('/topic', …)` is seldom an event.
        false => Some(first).filter(|_| !matches!(script.name(at), "send" | "sendMessage")),
    };
    out.extend(value.and_then(|value| named(file, &value, Use::Sent)));
}

fn named(file: &SourceFile<'_>, value: &Range<usize>, how: Use) -> Option<NameUse> {
    let script = &file.script();
    let name = script.evaluate(value, file.constants()).filter(|name| is_event(name))?;
    Some(file.name_use(name, how, script.ranges(script.trimmed(value.clone()))))
}

/// Whether a file is a list of events by its name: `events.ts`, `order.events.ts`, `events/orders.ts`.
fn is_list(file: &SourceFile<'_>) -> bool {
    let stem = file.name().split('.').rev().skip(1);
    let folder = file.path.rsplit('/').nth(1).unwrap_or("");
    stem.into_iter().any(|part| part == "events" || part.ends_with("-events") || part.ends_with("Events"))
        || folder == "events"
}

/// An event that a list declares: the value of a key that names it, or of a constant.
fn declared(file: &SourceFile<'_>, at: usize) -> Option<NameUse> {
    let script = &file.script();
    let sign = script.before(at).filter(|at| script.is(*at, b':') || script.is(*at, b'='))?;
    let key = script.before(sign).map_or("", |at| script.source(at));
    let constant = key.starts_with(|c: char| c.is_ascii_uppercase())
        || key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !constant && key != "id" && !KEYS.contains(&key) {
        return None;
    }
    let name = script.literal(at).filter(|name| is_event(name))?;
    Some(file.name_use(name, Use::Declared, script.range(at)))
}

/// An event's name has parts: `orders.order.created`, `order:created`, `order_created`, `orders/created`.
/// One word alone (`error`, `change`) is an event of a library, not of the application.
fn is_event(name: &str) -> bool {
    is_name(name)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.contains(['.', ':', '/', '_', '-'])
        && !name.contains("://")
        && name.chars().all(|c| c.is_ascii_alphanumeric() || ".:/_-".contains(c))
}
