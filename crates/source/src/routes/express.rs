//! Express and what is built like it: Fastify, Koa's router, Hono, Elysia, Hapi.

mod loops;
mod read;
mod scopes;

use super::{Resolved, RouteAdapter, RouteFacts};
use crate::javascript;
use crate::{Language, SourceFile};

/// The adapter.
pub(crate) struct Express;

impl RouteAdapter for Express {
    fn name(&self) -> &'static str {
        "Express"
    }

    fn reads(&self, language: Language) -> bool {
        javascript::is_script(language)
    }

    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        // The applications that tests put up serve nobody.
        !javascript::is_test_file(file)
            && file.has_any(&[
                ".get(",
                ".post(",
                ".put(",
                ".patch(",
                ".delete(",
                ".use(",
                ".route(",
                ".register(",
                ".all(",
                ".del(",
                "express",
                "astify",
                "outer",
                "Hono",
                "export *",
                "export {",
                "exports = require(",
                ".get<",
                ".post<",
                ".openapi(",
            ])
    }

    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        read::read(file)
    }

    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        javascript::resolve(from, module, paths)
    }
}

#[cfg(test)]
mod tests;
