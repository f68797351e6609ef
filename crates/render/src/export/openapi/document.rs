//! The parts of an OpenAPI document that trueup writes.

use crate::export::schema::{Schema, as_map};
use crate::export::{Info, Origin};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub openapi: &'static str,
    pub info: Info<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    #[serde(serialize_with = "as_map")]
    pub paths: Vec<(String, PathItem)>,
    #[serde(skip_serializing_if = "Schemas::is_empty")]
    pub components: Schemas,
}

#[derive(Serialize)]
pub(super) struct Tag {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Schemas {
    pub schemas: BTreeMap<String, Schema>,
}

impl Schemas {
    fn is_empty(&self) -> bool {
        self.schemas.is_empty()
    }
}

#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct PathItem {
    #[serde(serialize_with = "as_map")]
    pub operations: Vec<(String, Operation)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Operation {
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub description: String,
    pub operation_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<RequestBody>,
    pub responses: BTreeMap<String, Response>,
    #[serde(rename = "x-entity", skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    #[serde(rename = "x-spec")]
    pub origins: Vec<Origin>,
}

#[derive(Serialize)]
pub(super) struct Parameter {
    pub name: String,
    #[serde(rename = "in")]
    pub place: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    pub schema: Schema,
}

fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Serialize)]
pub(super) struct RequestBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub content: BTreeMap<&'static str, MediaType>,
}

#[derive(Serialize)]
pub(super) struct Response {
    pub description: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub content: BTreeMap<&'static str, MediaType>,
}

#[derive(Serialize, Default)]
pub(super) struct MediaType {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}
