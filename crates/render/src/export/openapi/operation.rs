//! One operation, put together from every spec that declares it.

use super::document::{MediaType, Operation, Parameter, RequestBody, Response};
use crate::export::body::{Body, bodies, body};
use crate::export::components::Components;
use crate::export::path::{PathParameter, QueryParameter, query};
use crate::export::schema::Schema;
use crate::export::{Origin, plain_line};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use trueup_model::Endpoint;

/// A longer text is no summary.
const LONGEST_SUMMARY: usize = 120;

/// An operation while it is put together.
#[derive(Default)]
pub(super) struct Draft {
    tags: Vec<String>,
    origins: Vec<Origin>,
    summary: Option<String>,
    query: Vec<Parameter>,
    request: Option<Body>,
    responses: BTreeMap<u16, Body>,
    entity: Option<String>,
    /// The resource itself is what comes back.
    gives_entity: bool,
    /// Whether requests carry their data in the URL.
    in_url: bool,
}

impl Draft {
    /// The specs that declare it.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().map(String::as_str)
    }

    /// Notes a spec that declares it.
    pub fn declare(&mut self, tag: String, origin: Origin) {
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
        if !self.origins.contains(&origin) {
            self.origins.push(origin);
        }
    }

    pub fn summarize(&mut self, text: &str) {
        let text = plain_line(text.trim().trim_end_matches([':', '—', '-']));
        if self.summary.is_none() && !text.is_empty() {
            self.summary = Some(text);
        }
    }

    pub fn query(&mut self, parameters: Vec<QueryParameter>) {
        for QueryParameter { name, schema } in parameters {
            self.parameter(Parameter { name, place: "query", description: None, required: false, schema });
        }
    }

    fn parameter(&mut self, mut parameter: Parameter) {
        if !self.query.iter().any(|known| known.name == parameter.name) {
            parameter.description = parameter.schema.description.take();
            self.query.push(parameter);
        }
    }

    /// Notes the entity that it is about.
    pub fn resource(&mut self, entity: &str, gives_it: bool) {
        if self.entity.is_none() {
            self.entity = Some(entity.to_owned());
            self.gives_entity = gives_it;
        }
    }

    /// Notes what is said of request and response. A shape is worth more than words; who comes first, more than
    /// who comes later.
    pub fn said(&mut self, endpoint: &Endpoint, method: &str, resolve: impl Fn(&mut Schema)) {
        self.in_url = matches!(method, "get" | "head");
        let read = |text: &str| body(text).resolved(&resolve);
        if let Some(text) = &endpoint.request {
            match self.in_url {
                true => self.url_request(&text.text, read),
                false => keep_better(self.request.get_or_insert_default(), read(&text.text)),
            }
        }
        if let Some(text) = &endpoint.response {
            for body in bodies(&text.text) {
                let body = body.resolved(&resolve);
                let status = body.status.unwrap_or(200);
                match self.responses.entry(status) {
                    Entry::Vacant(free) => _ = free.insert(body),
                    Entry::Occupied(kept) => keep_better(kept.into_mut(), body),
                }
            }
        }
    }

    /// A request that has no body: what it names are parameters of the query.
    fn url_request(&mut self, text: &str, read: impl Fn(&str) -> Body) {
        if text.trim_start().trim_start_matches('`').starts_with('?') {
            self.query(query(text.trim().trim_matches('`')));
            return;
        }
        let mut body = read(text);
        let Some(schema) = body.schema.take() else {
            keep_better(self.request.get_or_insert_default(), body);
            return;
        };
        for (name, property) in schema.properties {
            let required = schema.required.contains(&name);
            self.parameter(Parameter { name, place: "query", description: None, required, schema: property });
        }
        if body.words.is_some() {
            keep_better(self.request.get_or_insert_default(), body);
        }
    }

    /// The operation as it is written.
    pub fn finish(self, operation_id: String, path: &[PathParameter]) -> Operation {
        let mut paragraphs: Vec<String> = Vec::new();
        let (summary, long) = match self.summary {
            Some(text) if text.chars().count() > LONGEST_SUMMARY => (None, Some(text)),
            short => (short, None),
        };
        paragraphs.extend(long);
        let request = match self.request {
            Some(request) if self.in_url => {
                paragraphs.extend(request.words.map(|words| format!("Request: {words}")));
                None
            }
            request => request.map(request_body),
        };
        paragraphs.push(declared_by(&self.origins));
        let mut parameters: Vec<Parameter> = path.iter().map(path_parameter).collect();
        parameters.extend(self.query);
        let given = self.entity.as_deref().filter(|_| self.gives_entity);
        Operation {
            tags: self.tags,
            summary,
            description: paragraphs.join("\n\n"),
            operation_id,
            parameters,
            request_body: request,
            responses: responses(self.responses, given),
            entity: self.entity,
            origins: self.origins,
        }
    }
}

/// Keeps what says more.
fn keep_better(kept: &mut Body, found: Body) {
    let says_nothing = kept.schema.is_none() && kept.words.is_none();
    if says_nothing || kept.schema.is_none() && found.schema.is_some() {
        *kept = found;
    }
}

fn declared_by(origins: &[Origin]) -> String {
    let one = |origin: &Origin| format!("{} ({}:{})", origin.spec, origin.path, origin.line);
    format!("Declared by {}.", origins.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn path_parameter(parameter: &PathParameter) -> Parameter {
    let rest = parameter.rest.then(|| "All that follows, `/` included.".to_owned());
    Parameter {
        name: parameter.name.clone(),
        place: "path",
        description: rest,
        required: true,
        schema: Schema::of("string"),
    }
}

fn content(
    schema: Option<Schema>,
    example: Option<serde_json::Value>,
    form: bool,
) -> BTreeMap<&'static str, MediaType> {
    let kind = if form { "multipart/form-data" } else { "application/json" };
    BTreeMap::from([(kind, MediaType { schema, example })])
}

fn request_body(body: Body) -> RequestBody {
    RequestBody { description: body.words, content: content(body.schema, body.example, body.is_form) }
}

fn responses(bodies: BTreeMap<u16, Body>, entity: Option<&str>) -> BTreeMap<String, Response> {
    let mut entity = entity.map(Components::reference);
    let mut out: BTreeMap<String, Response> = BTreeMap::new();
    for (status, body) in bodies {
        let is_success = (200..300).contains(&status) && status != 204;
        let schema = body.schema.or_else(|| if is_success { entity.take() } else { None });
        let said = if schema.is_some() { "As the spec shows it." } else { "The spec says no more." };
        let description = body.words.unwrap_or_else(|| said.to_owned());
        out.insert(
            status.to_string(),
            Response { description, content: response_content(schema, body.example) },
        );
    }
    if !out.is_empty() {
        return out;
    }
    let (status, description) = match entity {
        None => ("default", "The spec does not say what comes back."),
        Some(_) => ("200", "The spec does not say what comes back; the path names this entity."),
    };
    let response = Response { description: description.to_owned(), content: response_content(entity, None) };
    BTreeMap::from([(status.to_owned(), response)])
}

fn response_content(
    schema: Option<Schema>,
    example: Option<serde_json::Value>,
) -> BTreeMap<&'static str, MediaType> {
    if schema.is_some() { content(schema, example, false) } else { BTreeMap::new() }
}

/// A name for the operation, from its method and path: `getOrdersByIdLines`.
pub(super) fn name(method: &str, template: &str) -> String {
    let mut out = method.to_owned();
    for segment in template.split('/') {
        let mut rest = segment;
        while let Some(c) = rest.chars().next() {
            let is_parameter = c == '{';
            let end = rest[c.len_utf8()..].find(['{', '}']).map_or(rest.len(), |end| end + c.len_utf8());
            if is_parameter {
                out.push_str("By");
            }
            for word in rest[..end].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
                let mut characters = word.chars();
                out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(characters.as_str());
            }
            rest = rest[end..].strip_prefix('}').unwrap_or(&rest[end..]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_method_and_path() {
        assert_eq!(name("get", "/"), "get");
        assert_eq!(name("get", "/orders/{id}/lines"), "getOrdersByIdLines");
        assert_eq!(name("post", "/api/pay-links/{a}.{b}"), "postApiPayLinksByAByB");
        assert_eq!(name("get", "/żó/}"), "getŻó");
    }
}
