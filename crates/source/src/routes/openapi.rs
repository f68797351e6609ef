//! OpenAPI 3 and Swagger 2 documents.

use super::{Resolved, RouteAdapter, RouteDecl, RouteFacts, Router};
use crate::document::Document;
use crate::{Language, SourceFile};
use trueup_codebase::Method;

/// The adapter.
pub(crate) struct OpenApi;

impl RouteAdapter for OpenApi {
    fn name(&self) -> &'static str {
        "OpenAPI"
    }

    fn reads(&self, language: Language) -> bool {
        matches!(language, Language::Json | Language::Yaml)
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        file.has_any(&["openapi", "swagger"]) && file.has_any(&["paths"])
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let document = Document::parse(file.text, file.language == Language::Json)?;
        let root = document.root();
        let is_version =
            |key| document.text_of(root, key).is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit()));
        if !is_version("openapi") && !is_version("swagger") {
            return None;
        }
        let mut router = Router { is_application: true, prefix: base(&document), ..Router::default() };
        let paths = document.get(root, "paths")?;
        for (path, _, item) in document.entries(paths).iter().filter(|(path, ..)| path.starts_with('/')) {
            for (name, place, _) in document.entries(*item) {
                let Some(method) =
                    Method::from_name(name).filter(|_| name.bytes().all(|b| b.is_ascii_lowercase()))
                else {
                    continue;
                };
                let place = file.place(place.clone());
                router.routes.push(RouteDecl { method, path: path.clone(), place });
            }
        }
        Some(RouteFacts {
            path: file.path.clone(),
            framework: "OpenAPI",
            routers: vec![router],
            ..RouteFacts::default()
        })
    }

    fn resolve(&self, _: &str, _: &str, _: &[&str]) -> Option<Resolved> {
        None
    }
}

/// The path that all others stand below: of the first server, or `basePath`.
fn base(document: &Document) -> String {
    let root = document.root();
    if let Some(base) = document.text_of(root, "basePath") {
        return base.to_owned();
    }
    let server = document.get(root, "servers").and_then(|servers| document.list(servers).first().copied());
    let Some(server) = server else { return String::new() };
    let url = document.text_of(server, "url").unwrap_or("");
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(""),
        // `{host}/v1`: a variable may hold the host.
        None if url.starts_with('{') => url.find('/').and_then(|at| url.get(at..)).unwrap_or(""),
        None => url,
    };
    let variables = document.get(server, "variables");
    path.split('/').map(|part| value_of(document, variables, part)).collect::<Vec<_>>().join("/")
}

/// A part of a server's path: a variable is its default.
fn value_of<'d>(document: &'d Document, variables: Option<usize>, part: &'d str) -> &'d str {
    let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
    let value = name.and_then(|name| document.text_of(document.get(variables?, name)?, "default"));
    value.unwrap_or(part).trim_matches('/')
}

#[cfg(test)]
mod tests {
    use crate::tests::routes;

    fn check(path: &str, text: &str, expected: &[&str]) {
        assert_eq!(routes(&[(path, text)]), expected, "{text}");
    }

    #[test]
    fn documents() {
        let json = r#"{ "openapi": "3.1.0", "servers": [{ "url": "https://shop.example/api/v1" }],
            "paths": { "/orders": { "summary": "x", "get": {}, "post": {}, "parameters": [] }, "/orders/{id}": { "delete": {} }, "x-a": {} } }"#;
        check(
            "docs/api.json",
            json,
            &["GET /api/v1/orders", "POST /api/v1/orders", "DELETE /api/v1/orders/{id}"],
        );
        check(
            "a.yaml",
            "swagger: '2.0'\nbasePath: /v2\npaths:\n  /orders:\n    get:\n      responses: {}\n",
            &["GET /v2/orders"],
        );
        let variable = "openapi: 3.0.0\nservers:\n  - url: '{host}/{base}'\n    variables:\n      base: { default: v3 }\npaths:\n  /a:\n    put: {}\n";
        check("b.yml", variable, &["PUT /v3/a"]);
        check("c.yaml", "openapi: 3.0.0\npaths:\n  /a: { get: {} }", &["GET /a"]);
        check("d.yaml", "info: openapi\npaths:\n  /a: { get: {} }", &[]);
        check("e.json", r#"{"openapi": "3.0.0", "paths": {"#, &[]);
    }

    #[test]
    fn methods_have_places() {
        let text = "openapi: 3.0.0\ninfo: { title: Ł }\npaths:\n  /a:\n    get: {}\n    post: {}\n";
        let code = crate::tests::code(&[("a.yaml", text)]);
        let places: Vec<_> = code.routes.iter().map(|r| (r.place.line, r.place.span.text(text))).collect();
        assert_eq!(places, [(5, "get"), (6, "post")]);
    }
}
