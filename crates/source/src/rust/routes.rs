//! Routes of axum, actix-web and Rocket.

use super::items::{Function, Items};
use super::{chains, resolve};
use crate::routes::{Resolved, RouteAdapter};
use crate::tokens::{Part, Sort, Tokens};
use crate::{Import, Language, RouteDecl, RouteFacts, Router, SourceFile};
use std::sync::Arc;
use trueup_codebase::Method;

/// Routes of Rust's web frameworks.
pub(crate) struct RustRoutes;

/// What stands in a file that has routes.
const SIGNS: [&str; 13] = [
    "utoipa::path",
    "Router",
    "web::scope",
    "web::resource",
    "ServiceConfig",
    "App::new",
    "routes!",
    "#[get(",
    "#[post(",
    "#[put(",
    "#[patch(",
    "#[delete(",
    "axum::serve",
];

impl RouteAdapter for RustRoutes {
    fn name(&self) -> &'static str {
        "Rust"
    }

    fn reads(&self, language: Language) -> bool {
        language == Language::Rust
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        if is_test_file(&file.path) {
            return false;
        }
        // A module may only hand on what others declare.
        let hands_on = matches!(file.name(), "mod.rs" | "lib.rs") && file.has_any(&["use "]);
        hands_on || file.name() == "main.rs" || file.has_any(&SIGNS)
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let (tokens, items) = file.rust();
        let configures = file.has_any(&["ServiceConfig"]);
        let mut routers = Vec::new();
        for function in items.functions.iter().filter(|function| !function.for_tests) {
            routers.extend(handler(file, &tokens, items, function));
            routers.extend(chains::read(file, &tokens, items, function, configures));
        }
        let exports = items.globs.iter().map(|module| Import {
            local: "*".to_owned(),
            name: String::new(),
            module: module.clone(),
        });
        let exports: Vec<Import> = exports.collect();
        if routers.is_empty() && items.imports.is_empty() && exports.is_empty() {
            return None;
        }
        let path = Arc::clone(&file.path);
        let framework = framework(file);
        Some(RouteFacts {
            path,
            framework,
            routers,
            imports: items.imports.clone(),
            exports,
            ..RouteFacts::default()
        })
    }

    fn separator(&self) -> &'static str {
        "::"
    }

    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        resolve::resolve(from, module, paths)
    }
}

/// Whether a file is for tests or measurements only.
pub(super) fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "tests.rs" | "test.rs"))
}

fn framework(file: &SourceFile<'_>) -> &'static str {
    let known = [("axum", "axum"), ("actix_web", "actix-web"), ("rocket", "Rocket")];
    known.iter().find(|(sign, _)| file.has_any(&[sign])).map_or("", |(_, name)| name)
}

/// A function whose attribute makes it a route: `#[get("/orders/{id}")]`, `#[utoipa::path(…)]`.
fn handler(file: &SourceFile<'_>, tokens: &Tokens<'_>, items: &Items, function: &Function) -> Option<Router> {
    let mut routes = Vec::new();
    let mut is_view = true;
    for attribute in &function.attributes {
        let Some(open) = tokens.find(attribute.clone(), &["("]) else { continue };
        let name = open.checked_sub(1).and_then(|at| tokens.word(at)).unwrap_or("");
        let arguments = tokens.arguments(tokens.inside(open));
        let documented = name == "path" && tokens.source(&(attribute.start..open)).starts_with("utoipa");
        let (path, methods) = if documented {
            (
                named(tokens, &arguments, "path").into_iter().next(),
                arguments.iter().filter_map(|a| word_method(tokens, a)).collect(),
            )
        } else if name == "route" {
            let methods = named(tokens, &arguments, "method");
            let methods = methods.iter().filter_map(|part| Method::from_name(&tokens.literal(part.start)?));
            (arguments.first().cloned(), methods.collect::<Vec<_>>())
        } else {
            let method = Method::from_name(name).filter(|_| name == name.to_lowercase());
            (arguments.first().cloned(), method.into_iter().collect())
        };
        let Some(path) = path else { continue };
        // What only documents a handler counts where a router takes it in.
        is_view &= documented;
        let is_literal = tokens.get(path.start).is_some_and(|t| t.sort == Sort::Text);
        let Some(text) = chains::text_value(tokens, &items.constants, &path).filter(|_| is_literal) else {
            continue;
        };
        let place = file.place(tokens.literal_range(path.start));
        routes.extend(methods.into_iter().map(|method| RouteDecl {
            method,
            path: text.clone(),
            place: place.clone(),
        }));
    }
    (!routes.is_empty()).then(|| Router { name: function.name.clone(), routes, is_view, ..Router::default() })
}

/// The values of `name = value`.
fn named(tokens: &Tokens<'_>, arguments: &[Part], name: &str) -> Vec<Part> {
    let of_name = arguments.iter().filter(|part| tokens.are(part.start, &[name, "="]));
    of_name.map(|part| part.start + 2..part.end).collect()
}

fn word_method(tokens: &Tokens<'_>, part: &Part) -> Option<Method> {
    tokens.word(part.start).filter(|_| part.len() == 1).and_then(Method::from_name)
}
