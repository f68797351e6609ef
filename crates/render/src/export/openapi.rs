//! Endpoints and entities as OpenAPI 3.1.

mod document;
mod operation;

use super::components::Components;
use super::path::{ApiPath, PathParameter, api_paths, query_of};
use super::{ExportFormat, ExportNote, ExportSpec, Exported, Info, UniqueNames, plain_line, written};
use crate::words::count;
use document::{Document, PathItem, Schemas, Tag};
use operation::Draft;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use trueup_model::Endpoint;

/// The methods that a path can have, in the order in which people read them.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// Everything under one path while it is collected: the first spelling of its parameters is kept.
struct Path {
    template: String,
    parameters: Vec<PathParameter>,
    operations: BTreeMap<usize, Draft>,
}

/// What was left out, and what was put together.
#[derive(Default)]
struct Notes {
    left_out: Vec<String>,
    shared: Vec<String>,
}

/// The endpoints and entities of specs as one OpenAPI 3.1 document.
pub fn openapi(specs: &[ExportSpec], title: Option<&str>, format: ExportFormat) -> Exported {
    let components = Components::of(specs);
    let mut notes = Notes::default();
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    for (at, spec) in specs.iter().enumerate() {
        for endpoint in &spec.api.endpoints {
            match place(endpoint) {
                Ok((method, found)) => {
                    for path in found {
                        add(&mut paths, &components, (at, spec), endpoint, method, path);
                    }
                }
                Err(why) => {
                    let method = plain_line(&endpoint.method);
                    let path = plain_line(&endpoint.path);
                    notes.left_out.push(format!("{method} {path} ({}): {why}", plain_line(&spec.name)));
                }
            }
        }
    }
    let mut paths: Vec<Path> = paths.into_values().collect();
    paths.sort_by(|a, b| a.template.cmp(&b.template));
    let operations: usize = paths.iter().map(|path| path.operations.len()).sum();
    let tags = tags(specs, &paths);
    let paths = path_items(paths, &mut notes);
    let summary = [
        count(operations, "operation", "operations"),
        count(paths.len(), "path", "paths"),
        count(components.len(), "schema", "schemas"),
    ];
    let text = (operations > 0 || !components.is_empty()).then(|| {
        let document = Document {
            openapi: "3.1.0",
            info: Info::new(specs, title, "API of the specs"),
            tags,
            paths,
            components: Schemas { schemas: components.into_all() },
        };
        written(&document, format)
    });
    Exported { text, summary: summary.join(", "), notes: notes.into_list() }
}

impl Notes {
    fn into_list(self) -> Vec<ExportNote> {
        let left_out = count(self.left_out.len(), "endpoint is", "endpoints are");
        let shared = count(self.shared.len(), "operation is", "operations are");
        let all = [
            ExportNote { title: format!("{left_out} left out"), items: self.left_out },
            ExportNote {
                title: format!("{shared} declared by several specs and put together"),
                items: self.shared,
            },
        ];
        all.into_iter().filter(|note| !note.items.is_empty()).collect()
    }
}

/// Where an endpoint goes, or why OpenAPI cannot hold it.
fn place(endpoint: &Endpoint) -> Result<(usize, Vec<ApiPath>), &'static str> {
    let method = endpoint.method.to_ascii_lowercase();
    let method = METHODS.iter().position(|known| *known == method).ok_or("OpenAPI has no such method")?;
    Ok((method, api_paths(&endpoint.path)?))
}

fn add(
    paths: &mut BTreeMap<String, Path>,
    components: &Components,
    (at, spec): (usize, &ExportSpec),
    endpoint: &Endpoint,
    method: usize,
    path: ApiPath,
) {
    let place = paths.entry(path.shape.clone()).or_insert_with(|| Path {
        template: path.template.clone(),
        parameters: path.parameters.clone(),
        operations: BTreeMap::new(),
    });
    let draft = place.operations.entry(method).or_default();
    draft.declare(plain_line(&spec.name), spec.origin(endpoint.span));
    draft.summarize(&endpoint.summary);
    draft.query(query_of(&endpoint.path));
    draft.said(endpoint, METHODS[method], |schema| components.resolve(schema, &[at]));
    if let Some(entity) = components.resource(at, &path.words) {
        draft.resource(entity, METHODS[method] == "get" && path.is_item);
    }
}

/// A tag for each spec that declares an operation.
fn tags(specs: &[ExportSpec], paths: &[Path]) -> Vec<Tag> {
    let drafts = paths.iter().flat_map(|path| path.operations.values());
    let used: FxHashSet<&str> = drafts.flat_map(|draft| draft.tags()).collect();
    let mut known: FxHashSet<String> = FxHashSet::default();
    let mut out = Vec::new();
    for spec in specs {
        let name = plain_line(&spec.name);
        if used.contains(name.as_str()) && known.insert(name.clone()) {
            let description = Some(plain_line(&spec.title)).filter(|title| !title.is_empty());
            out.push(Tag { name, description });
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

fn path_items(paths: Vec<Path>, notes: &mut Notes) -> Vec<(String, PathItem)> {
    let mut names = UniqueNames::default();
    let mut out = Vec::new();
    for path in paths {
        let mut operations = Vec::new();
        for (method, draft) in path.operations {
            if draft.tags().nth(1).is_some() {
                let specs: Vec<&str> = draft.tags().collect();
                let method = METHODS[method].to_uppercase();
                notes.shared.push(format!("{method} {}: {}", path.template, specs.join(", ")));
            }
            let name = names.take(operation::name(METHODS[method], &path.template));
            operations.push((METHODS[method].to_owned(), draft.finish(name, &path.parameters)));
        }
        out.push((path.template, PathItem { operations }));
    }
    out
}
