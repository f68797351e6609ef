//! Routes: one adapter for each framework behind one trait, and one way to put routers together.

mod express;
mod files;
mod nest;
mod openapi;

use crate::{Language, SourceFile};
use std::sync::Arc;
use trueup_codebase::{CodePlace, Method};

/// A path that begins with this has a front that the file does not tell (`` `${base}/orders` ``): only
/// what follows is known.
pub const UNKNOWN_FRONT: &str = "\u{2026}";

/// The target of a mount that takes in every router in the files of its folder that nobody else does: a
/// NestJS application serves all its controllers.
pub(crate) const EVERY_ROUTER: &str = "*";

/// A route as its file declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouteDecl {
    /// Its method.
    pub method: Method,
    /// Its path in the framework's own notation, from the router that it is declared on; may begin with
    /// [`UNKNOWN_FRONT`].
    pub path: String,
    /// Where.
    pub place: CodePlace,
}

/// A router that another one takes in below a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MountDecl {
    /// The path that it is served below, in the framework's own notation; may begin with
    /// [`UNKNOWN_FRONT`].
    pub prefix: String,
    /// What is taken in, as written: a variable, a function, `orders.urls`, `./orders`.
    pub target: String,
    /// Whether the prefix stands in place of the one that the target gives itself (Flask).
    pub replaces_prefix: bool,
    /// Routes to take where the target is in no file of the repository, with paths from the prefix: the
    /// view of a library answers at its own path whatever its methods are.
    pub otherwise: Vec<RouteDecl>,
    /// Where.
    pub place: CodePlace,
}

impl MountDecl {
    /// A mount as most frameworks have it.
    pub fn new(prefix: impl Into<String>, target: impl Into<String>, place: CodePlace) -> MountDecl {
        MountDecl {
            prefix: prefix.into(),
            target: target.into(),
            replaces_prefix: false,
            otherwise: Vec::new(),
            place,
        }
    }
}

/// Something that holds routes: a variable, a function that returns one, a class, or a whole file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Router {
    /// Its name in its file; empty for the file itself.
    pub name: String,
    /// The path that it puts in front of all its routes by itself (`APIRouter(prefix="/orders")`).
    pub prefix: String,
    /// Its routes.
    pub routes: Vec<RouteDecl>,
    /// What it takes in.
    pub mounts: Vec<MountDecl>,
    /// Whether it is served by itself, without being mounted anywhere (`express()`, `FastAPI()`).
    pub is_application: bool,
    /// Whether it is nothing by itself: a view with its methods, which a list of paths elsewhere mounts.
    /// Where nobody does, it gives no route.
    pub is_view: bool,
    /// Whether its name is imported and its routes are added to the router of that other file
    /// (`from shop import app`, then `@app.get(…)`). Where that one is not found, it gives no route.
    pub extends: bool,
}

/// A name that comes from another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// The name in this file.
    pub local: String,
    /// The name in the other file; empty for the whole module or its default.
    pub name: String,
    /// The module as written (`./orders.routes`, `orders.api`, `crate::orders`).
    pub module: String,
}

/// What one file says about routes, in one framework.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RouteFacts {
    /// Path from the root.
    pub path: Arc<str>,
    /// The framework; empty where only the application that takes the file in tells.
    pub framework: &'static str,
    /// Its routers.
    pub routers: Vec<Router>,
    /// Names from other files. An empty module is this file: another name for one of its own.
    pub imports: Vec<Import>,
    /// The names that other files see, where they differ from its own (`export default router`): the
    /// outer name as `local`, empty for the default; `*` hands on all names of the module.
    pub exports: Vec<Import>,
    /// The place of its adapter among all; [`read`](crate::read) sets it.
    pub adapter: usize,
}

/// A framework.
pub(crate) trait RouteAdapter: Sync {
    /// Its name in output.
    fn name(&self) -> &'static str;

    /// Whether it reads files of a language.
    fn reads(&self, language: Language) -> bool;

    /// Whether a file may hold a route or a mount, by its path and a look at its bytes; cheap, since
    /// every file of its languages is asked.
    fn may_hold(&self, file: &SourceFile<'_>) -> bool;

    /// Reads a file that may.
    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts>;

    /// What stands between the parts of a name (`orders.router`, `orders::router`).
    fn separator(&self) -> &'static str {
        "."
    }

    /// The files that a module named in a file stands for (several for a package of Go). It is also
    /// asked for a whole target that no import tells (`include('orders.urls')`, a function of the same
    /// package).
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved>;
}

/// What a module's name stands for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Resolved {
    /// Places in the list of all paths.
    pub files: Vec<usize>,
    /// The router in them, where the module's name holds that, too.
    pub name: Option<String>,
}

/// Every framework that is known.
pub(crate) fn adapters() -> &'static [&'static dyn RouteAdapter] {
    &[
        // JavaScript and TypeScript
        &express::Express,
        &files::Files,
        &nest::Nest,
        // Documents
        &openapi::OpenApi,
        // Python
        &crate::python::Django,
        &crate::python::FastApi,
        &crate::python::Flask,
        // Ruby
        &crate::ruby::Rails,
        // Go
        &crate::go::GoRoutes,
        // Rust
        &crate::rust::RustRoutes,
    ]
}
