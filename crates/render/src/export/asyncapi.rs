//! Events as AsyncAPI 3.0.

use super::body::{Body, body};
use super::components::Components;
use super::schema::{Schema, as_map};
use super::{
    ExportFormat, ExportNote, ExportSpec, Exported, Info, Origin, UniqueNames, component_key, plain_line,
    written,
};
use crate::words::count;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use trueup_model::{Declaration, NamedId};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    asyncapi: &'static str,
    info: Info<'a>,
    default_content_type: &'static str,
    #[serde(serialize_with = "as_map")]
    channels: Vec<(String, Channel)>,
    #[serde(serialize_with = "as_map")]
    operations: Vec<(String, Operation)>,
    components: Shared,
}

#[derive(Serialize)]
struct Channel {
    address: String,
    messages: BTreeMap<String, Reference>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, Nothing>,
}

/// An object that says nothing.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Reference {
    #[serde(rename = "$ref")]
    reference: String,
}

#[derive(Serialize)]
struct Operation {
    action: &'static str,
    channel: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    description: String,
    tags: Vec<Tag>,
    messages: Vec<Reference>,
    #[serde(rename = "x-spec")]
    origins: Vec<Origin>,
}

#[derive(Serialize)]
struct Tag {
    name: String,
}

#[derive(Serialize)]
struct Shared {
    messages: BTreeMap<String, Message>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    schemas: BTreeMap<String, Schema>,
}

#[derive(Serialize)]
struct Message {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<Example>,
}

#[derive(Serialize)]
struct Example {
    payload: Value,
}

/// Everything that specs say of one event.
#[derive(Default)]
struct Event {
    payload: Option<Body>,
    sent: Side,
    received: Side,
}

/// What is said of one direction.
#[derive(Default)]
struct Side {
    origins: Vec<Origin>,
    tags: Vec<String>,
    summary: Option<String>,
}

/// The events of specs as one AsyncAPI 3.0 document: an event is sent where a spec emits it, and received where
/// one listens to it.
pub fn asyncapi(specs: &[ExportSpec], title: Option<&str>, format: ExportFormat) -> Exported {
    let components = Components::of(specs);
    let events = collect(specs, &components);
    let shared = |side: &Side| side.tags.len() > 1;
    let several = events.iter().filter(|(_, event)| shared(&event.sent));
    let items: Vec<String> =
        several.map(|(id, event)| format!("{id}: {}", event.sent.tags.join(", "))).collect();
    let title_of_note = count(items.len(), "event is", "events are");
    let note =
        ExportNote { title: format!("{title_of_note} emitted by several specs and put together"), items };
    let notes = if note.items.is_empty() { Vec::new() } else { vec![note] };
    let (channels, sent, received) = (
        events.len(),
        events.values().filter(|event| !event.sent.origins.is_empty()).count(),
        events.values().filter(|event| !event.received.origins.is_empty()).count(),
    );
    let summary = format!("{}, {sent} sent, {received} received", count(channels, "channel", "channels"));
    let text = (!events.is_empty()).then(|| written(&document(specs, title, events, components), format));
    Exported { text, summary, notes }
}

fn collect(specs: &[ExportSpec], components: &Components) -> BTreeMap<String, Event> {
    let mut events: BTreeMap<String, Event> = BTreeMap::new();
    for (at, spec) in specs.iter().enumerate() {
        let sides = [(&spec.vocabulary.events, true), (&spec.vocabulary.consumed, false)];
        for (ids, is_sent) in sides {
            for named in ids.iter().filter(|named| named.declaration != Declaration::Mentioned) {
                let id = plain_line(&named.id);
                if id.is_empty() {
                    continue;
                }
                let event = events.entry(id).or_default();
                let side = if is_sent { &mut event.sent } else { &mut event.received };
                side.note(spec, named);
                let payload = payload(named, |schema| components.resolve(schema, &[at]));
                let is_better = event.payload.as_ref().is_none_or(|kept| kept.schema.is_none());
                if is_better
                    && payload.as_ref().is_some_and(|p| p.schema.is_some() || event.payload.is_none())
                {
                    event.payload = payload;
                }
            }
        }
    }
    events
}

impl Side {
    fn note(&mut self, spec: &ExportSpec, named: &NamedId) {
        let origin = spec.origin(named.span);
        if !self.origins.contains(&origin) {
            self.origins.push(origin);
        }
        let tag = plain_line(&spec.name);
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
        let text = plain_line(&named.text);
        if self.summary.is_none() && !text.is_empty() {
            self.summary = Some(text);
        }
    }
}

/// The declared payload; else an object in what is said of the event.
fn payload(named: &NamedId, resolve: impl Fn(&mut Schema)) -> Option<Body> {
    let mut found = match &named.payload {
        Some(text) => body(&text.text),
        None => body(&named.text),
    };
    let is_object = found.schema.as_ref().is_some_and(|schema| !schema.properties.is_empty());
    if named.payload.is_none() && !is_object {
        return None;
    }
    if named.payload.is_none() {
        found.words = None;
    }
    Some(found.resolved(resolve))
}

fn document<'a>(
    specs: &'a [ExportSpec],
    title: Option<&'a str>,
    events: BTreeMap<String, Event>,
    components: Components,
) -> Document<'a> {
    let mut keys = UniqueNames::default();
    let (mut channels, mut operations, mut messages) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut payloads: Vec<Schema> = Vec::new();
    for (id, event) in events {
        // `orders.*` listens to many.
        let key = component_key(&id.replace('*', "any"));
        let key = keys.take(if key.is_empty() { "event".to_owned() } else { key });
        let channel = format!("#/channels/{key}");
        let in_channel = format!("{channel}/messages/{key}");
        for (action, verb, side) in
            [("send", "Emitted", event.sent), ("receive", "Listened to", event.received)]
        {
            if !side.origins.is_empty() {
                let operation = operation(action, verb, side, &channel, &in_channel);
                operations.push((format!("{action}.{key}"), operation));
            }
        }
        let reference = Reference { reference: format!("#/components/messages/{key}") };
        let messages_of = BTreeMap::from([(key.clone(), reference)]);
        let parameters = parameters(&id);
        channels.push((key.clone(), Channel { address: id.clone(), messages: messages_of, parameters }));
        let body = event.payload.unwrap_or_default();
        payloads.extend(body.schema.clone());
        let examples = body.example.filter(Value::is_object).map(|payload| Example { payload });
        let examples = examples.into_iter().collect();
        messages.insert(key, Message { name: id, description: body.words, payload: body.schema, examples });
    }
    operations.sort_by(|a, b| a.0.cmp(&b.0));
    Document {
        asyncapi: "3.0.0",
        info: Info::new(specs, title, "Events of the specs"),
        default_content_type: "application/json",
        channels,
        operations,
        components: Shared { messages, schemas: components.into_used(&mut payloads) },
    }
}

fn operation(action: &'static str, verb: &str, side: Side, channel: &str, message: &str) -> Operation {
    let from: Vec<String> =
        side.origins.iter().map(|o| format!("{} ({}:{})", o.spec, o.path, o.line)).collect();
    Operation {
        action,
        channel: Reference { reference: channel.to_owned() },
        summary: side.summary,
        description: format!("{verb} by {}.", from.join(", ")),
        tags: side.tags.into_iter().map(|name| Tag { name }).collect(),
        messages: vec![Reference { reference: message.to_owned() }],
        origins: side.origins,
    }
}

/// The parameters of an address (`orders.{id}.changed`).
fn parameters(address: &str) -> BTreeMap<String, Nothing> {
    let parts = address.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(name, _)| (name.to_owned(), Nothing {})).filter(|(name, _)| !name.is_empty()).collect()
}
