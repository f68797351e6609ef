//! Routes: one adapter for each framework behind one trait, and one way to put routers together.

use crate::SourceFile;
use std::sync::Arc;
use tree_sitter::Tree;
use trueup_codebase::{CodePlace, Method};

/// A route as its file declares it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouteDecl {
    /// Its method.
    pub method: Method,
    /// Its path in the framework's own notation, from the router that it is declared on.
    pub path: String,
    /// Where.
    pub place: CodePlace,
}

/// A router that another one takes in below a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MountDecl {
    /// The path that it is served below, in the framework's own notation.
    pub prefix: String,
    /// What is taken in, as written: a variable, a function, `orders.urls`, `./orders`.
    pub target: String,
    /// Where.
    pub place: CodePlace,
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
    /// The framework.
    pub framework: &'static str,
    /// Its routers.
    pub routers: Vec<Router>,
    /// Names from other files.
    pub imports: Vec<Import>,
}

/// A framework.
pub(crate) trait RouteAdapter: Sync {
    /// Its name in output.
    fn name(&self) -> &'static str;

    /// Whether a file may hold a route or a mount, by its path and a look at its bytes; cheap, since
    /// every file is asked.
    fn may_hold(&self, file: &SourceFile<'_>) -> bool;

    /// Reads a file that may; the tree is there where its language has a grammar.
    fn read(&self, file: &SourceFile<'_>, tree: Option<&Tree>) -> Option<RouteFacts>;

    /// The file that a module named in a file stands for, as its place in `paths` (sorted), and the
    /// name of the router in it where the module's name holds that, too.
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<(usize, Option<String>)>;
}

/// Every framework that is known.
pub(crate) fn adapters() -> &'static [&'static dyn RouteAdapter] {
    &[]
}
