//! Routes of net/http, chi, gin, echo, fiber and gorilla/mux.

use super::{chains, dispatch, items, resolve};
use crate::routes::{Resolved, RouteAdapter};
use crate::tokens::Tokens;
use crate::{Import, Language, RouteFacts, SourceFile};
use std::sync::Arc;

/// Routes of Go's web frameworks.
pub(crate) struct GoRoutes;

/// Packages of routers: a part of their path, and the framework's name. The plain library comes last,
/// since files of the others import it as well.
pub(super) const FRAMEWORKS: [(&str, &str); 7] = [
    ("go-chi/chi", "chi"),
    ("gin-gonic/gin", "gin"),
    ("labstack/echo", "echo"),
    ("gofiber/fiber", "fiber"),
    ("gorilla/mux", "gorilla/mux"),
    ("julienschmidt/httprouter", "httprouter"),
    ("net/http", "net/http"),
];

impl RouteAdapter for GoRoutes {
    fn name(&self) -> &'static str {
        "Go"
    }

    fn reads(&self, language: Language) -> bool {
        language == Language::Go
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        !file.name().ends_with("_test.go")
            && (file.name() == "main.go"
                || FRAMEWORKS.iter().any(|(path, _)| file.has_any(&[path]))
                || file.has_any(&["oute"]))
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let (tokens, items) = file.go();
        let mut routers = Vec::new();
        let mut exports = Vec::new();
        let known = |path: &str| FRAMEWORKS.iter().find(|(part, _)| path.contains(part));
        let used = |wanted: &str| {
            items.imports.iter().any(|(_, path)| known(path).is_some_and(|(_, name)| *name == wanted))
        };
        let framework = FRAMEWORKS.iter().map(|(_, name)| *name).find(|name| used(name)).unwrap_or("");
        for function in &items.functions {
            if framework == "net/http" {
                routers.extend(dispatch::read(file, &tokens, items, function));
            }
            routers.extend(chains::read(file, &tokens, items, function));
            // What a function gives, so that `NewOrders().Routes()` finds its method.
            if let Some(kind) = given(&tokens, function) {
                exports.push(Import {
                    local: format!("{}()", function.name),
                    name: kind,
                    module: ".".to_owned(),
                });
            }
        }
        if routers.is_empty() && exports.is_empty() {
            return None;
        }
        let imports = items.imports.iter().map(|(local, path)| Import {
            local: local.clone(),
            name: String::new(),
            module: format!("\"{path}\""),
        });
        let imports = imports.chain(exports.iter().cloned()).collect();
        // Handlers of every framework have the types of the plain library.
        let framework =
            match framework == "net/http" && !file.has_any(&["ServeMux", "http.Handle", ".URL.Path"]) {
                true => "",
                false => framework,
            };
        Some(RouteFacts {
            path: Arc::clone(&file.path),
            framework,
            routers,
            imports,
            exports,
            ..RouteFacts::default()
        })
    }

    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        resolve::resolve(from, module, paths)
    }
}

/// The type of its own package that a function gives first.
fn given(tokens: &Tokens<'_>, function: &items::Function) -> Option<String> {
    let mut start = function.returns.start;
    start += usize::from(tokens.is(start, "("));
    start += usize::from(tokens.is(start, "*"));
    let kind = tokens.word(start).filter(|_| start < function.returns.end && !tokens.is(start + 1, "."))?;
    kind.starts_with(|c: char| c.is_alphabetic()).then(|| kind.to_owned())
}
