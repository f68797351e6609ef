//! Routes that are declared on objects: FastAPI, Starlette, Flask and what is like them.

use super::parse::{Field, Kind, Node};
use super::syntax::{Definition, MOST_LEVELS, Outline, last, named, positional};
use super::{http_methods, own_handlers};
use crate::routes::{Resolved, RouteAdapter};
use crate::{Import, Language, MountDecl, RouteDecl, RouteFacts, Router, SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashSet;
use trueup_codebase::Method;

/// FastAPI and Starlette.
pub(crate) struct FastApi;
/// Flask, and what took over its form.
pub(crate) struct Flask;

/// How a framework calls things.
struct Dialect {
    framework: &'static str,
    /// The packages that it is imported from.
    packages: &'static [&'static str],
    applications: &'static [&'static str],
    /// The classes that other routers come from.
    routers: &'static [&'static str],
    /// What the name of a router's class ends with.
    suffix: &'static str,
    /// The argument of a router with the path in front of its routes.
    prefix: &'static str,
    /// Methods that take in a router: name, and the argument with the path.
    mounts: &'static [(&'static str, &'static str)],
    /// Whether the path of a mount replaces the router's own.
    replaces_prefix: bool,
}

const FAST_API: Dialect = Dialect {
    framework: "FastAPI",
    packages: &["fastapi", "starlette"],
    applications: &["FastAPI", "Starlette"],
    routers: &["APIRouter"],
    suffix: "Router",
    prefix: "prefix",
    mounts: &[("include_router", "prefix")],
    replaces_prefix: false,
};

const FLASK: Dialect = Dialect {
    framework: "Flask",
    packages: &["flask", "quart", "sanic", "apiflask", "flask_restful", "flask_smorest"],
    applications: &["Flask", "Quart", "APIFlask", "Sanic"],
    routers: &["Blueprint", "APIBlueprint"],
    suffix: "Blueprint",
    prefix: "url_prefix",
    mounts: &[("register_blueprint", "url_prefix"), ("blueprint", "url_prefix")],
    replaces_prefix: true,
};

impl RouteAdapter for FastApi {
    fn name(&self) -> &'static str {
        FAST_API.framework
    }
    fn reads(&self, language: Language) -> bool {
        language == Language::Python
    }
    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        let words = ["Router", "router", "FastAPI", "Starlette", "starlette", "add_api_route"];
        file.has_any(&words) || may_add(file)
    }
    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        read(file, &FAST_API)
    }
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        super::resolve(from, module, paths)
    }
}

impl RouteAdapter for Flask {
    fn name(&self) -> &'static str {
        FLASK.framework
    }
    fn reads(&self, language: Language) -> bool {
        language == Language::Python
    }
    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        let words =
            ["Flask", "flask", "Quart", "Sanic", "Blueprint", "blueprint", "add_url_rule", "MethodView"];
        file.has_any(&words) || may_add(file)
    }
    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        read(file, &FLASK)
    }
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        super::resolve(from, module, paths)
    }
}

/// Whether a file may add to a router of another file, or hands one on.
fn may_add(file: &SourceFile<'_>) -> bool {
    let adds = |line: &str| {
        let call = line.trim_start().strip_prefix('@').and_then(|rest| rest.split_once('('));
        let method = call.and_then(|(name, _)| name.rsplit_once('.')).map(|(_, method)| method);
        method.is_some_and(|method| {
            matches!(method, "route" | "api_route") || Method::from_name(method).is_some()
        })
    };
    file.name() == "__init__.py" && file.has_any(&["import"])
        || file.has_any(&[".get(", ".post(", ".put(", ".patch(", ".delete(", "route("])
            && file.text.lines().any(adds)
}

fn read(file: &SourceFile<'_>, dialect: &'static Dialect) -> Option<RouteFacts> {
    let outline = file.python()?;
    let functions = outline.definitions.iter().filter(|d| !d.is_class).map(|d| d.name);
    let mut reader = Reader {
        file,
        outline,
        dialect,
        routers: Vec::new(),
        variables: Vec::new(),
        speaks: outline.imports.iter().any(|import| {
            let package = import.module.split('.').next().unwrap_or("");
            dialect.packages.contains(&package)
        }),
        imported: outline.imports.iter().map(|import| import.local.as_str()).collect(),
        functions: functions.collect(),
        made: Vec::new(),
    };
    reader.find_variables();
    reader.find_made();
    reader.read_lists();
    reader.read_router_lists();
    reader.read_views();
    reader.read_decorators();
    reader.read_calls();
    reader.read_returns();
    let (routers, made) = (reader.routers, reader.made);
    let mut facts = super::facts(file, dialect.framework, routers, outline);
    facts.exports.extend(made.into_iter().map(|(variable, maker)| Import {
        local: variable.to_owned(),
        name: maker.to_owned(),
        module: String::new(),
    }));
    (!facts.routers.is_empty() || !facts.imports.is_empty() || !facts.exports.is_empty()).then_some(facts)
}

/// A variable that holds a router.
struct Variable<'t> {
    scope: Option<usize>,
    name: &'t str,
    router: usize,
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
    dialect: &'static Dialect,
    routers: Vec<Router>,
    variables: Vec<Variable<'t>>,
    /// Whether the file imports the framework.
    speaks: bool,
    imported: FxHashSet<&'r str>,
    functions: FxHashSet<&'t str>,
    /// Variables of the file that hold what a function of it makes.
    made: Vec<(&'t str, &'t str)>,
}

/// What answers at a mount whose router is in no file: something, at any path below.
fn everything(mount: &MountDecl) -> Vec<RouteDecl> {
    vec![RouteDecl { method: Method::Any, path: "/{rest:path}".to_owned(), place: mount.place.clone() }]
}

impl<'t> Reader<'_, 't> {
    /// The router of a name, made where there is none.
    fn router(&mut self, name: &str) -> usize {
        let known = self.routers.iter().position(|router| router.name == name);
        known.unwrap_or_else(|| {
            self.routers.push(Router { name: name.to_owned(), ..Router::default() });
            self.routers.len() - 1
        })
    }

    fn add_route(&mut self, router: usize, method: Method, path: &str, node: Node) {
        let place = self.file.place(node.byte_range());
        if let Some(router) = self.routers.get_mut(router) {
            router.routes.push(RouteDecl { method, path: path.to_owned(), place });
        }
    }

    fn add_mount(&mut self, router: usize, mount: MountDecl) {
        if let Some(router) = self.routers.get_mut(router) {
            router.mounts.push(mount);
        }
    }

    fn mount(&self, prefix: &str, target: &str, node: Node) -> MountDecl {
        MountDecl::new(prefix, target, self.file.place(node.byte_range()))
    }

    /// Variables that hold an application or a router.
    fn find_variables(&mut self) {
        let own = |names: &'static [&'static str]| -> Vec<&'t str> {
            let found = self.outline.descendants(|base| names.contains(&base));
            found.into_iter().filter_map(|at| self.outline.definitions.get(at)).map(|d| d.name).collect()
        };
        let (applications, routers) = (own(self.dialect.applications), own(self.dialect.routers));
        for assignment in &self.outline.assignments {
            let Some(call) = assignment.value.filter(|value| value.kind() == Kind::Call) else { continue };
            let Some(class) = self.outline.child(call, Field::Function).and_then(|f| self.outline.dotted(f))
            else {
                continue;
            };
            let is_application =
                self.dialect.applications.contains(&last(class)) || applications.contains(&last(class));
            // A class of another file tells what it is by its name.
            let is_router = last(class).ends_with(self.dialect.suffix) || routers.contains(&last(class));
            let is_api = self.is_api(class, call);
            if !is_application && !is_router && !is_api {
                continue;
            }
            let name = self.qualified(assignment.scope, assignment.target);
            let router = self.router(&name);
            self.variables.push(Variable { scope: assignment.scope, name: assignment.target, router });
            self.construct(router, call, is_application, is_api);
        }
    }

    /// Flask-RESTful's `Api(app)`, which holds resources and stands for the application or blueprint.
    fn is_api(&self, class: &str, call: Node) -> bool {
        self.dialect.framework == "Flask"
            && last(class) == "Api"
            && self.outline.imports.iter().any(|i| i.module.starts_with("flask_rest"))
            && !self.outline.arguments(call).is_empty()
    }

    /// A name of a variable that no other function's variable has, in Python's own notation.
    fn qualified(&self, scope: Option<usize>, name: &str) -> String {
        let around = scope.and_then(|at| self.outline.definitions.get(at));
        around.map_or_else(|| name.to_owned(), |d| format!("{}.<locals>.{name}", d.name))
    }

    fn construct(&mut self, at: usize, call: Node, is_application: bool, is_api: bool) {
        let arguments = self.outline.arguments(call);
        let keyword = if is_api { "prefix" } else { self.dialect.prefix };
        let prefix = named(&arguments, keyword).map_or_else(String::new, |node| {
            self.outline.path(node).unwrap_or_else(|| UNKNOWN_FRONT.to_owned())
        });
        let name = self.routers.get(at).map_or_else(String::new, |router| router.name.clone());
        if let Some(router) = self.routers.get_mut(at) {
            router.is_application |= is_application;
            // An application's `prefix` is no path.
            if !is_application && prefix != "/" {
                router.prefix = prefix;
            }
        }
        if let Some(routes) = named(&arguments, "routes") {
            self.read_list(at, "", routes, 0);
        }
        if is_api
            && let Some(parent) = positional(&arguments, 0)
                .and_then(|node| self.outline.dotted(node))
                .and_then(|parent| self.find(None, parent, true))
        {
            let mount = self.mount("", &name, call);
            self.add_mount(parent, mount);
        }
    }

    /// The router that a name stands for where it is used. With `make`, a parameter or an imported name
    /// becomes one.
    fn find(&mut self, scope: Option<usize>, name: &str, make: bool) -> Option<usize> {
        let mut around = scope;
        // A definition stands inside those before it, so that this ends.
        while let Some(at) = around {
            let definition: &Definition<'t> = self.outline.definitions.get(at)?;
            let own = self.variables.iter().find(|v| v.scope == Some(at) && v.name == name);
            if let Some(own) = own {
                return Some(own.router);
            }
            if definition.parameters.contains(&name) {
                // Whoever calls the function gives the router.
                return make.then(|| {
                    let at = self.router(definition.name);
                    if let Some(router) = self.routers.get_mut(at) {
                        router.is_view |= !self.speaks;
                    }
                    at
                });
            }
            around = definition.parent;
        }
        if let Some(own) = self.variables.iter().find(|v| v.scope.is_none() && v.name == name) {
            return Some(own.router);
        }
        let head = name.split('.').next().unwrap_or(name);
        (make && self.imported.contains(head)).then(|| {
            let at = self.router(name);
            if let Some(router) = self.routers.get_mut(at) {
                router.extends = true;
            }
            at
        })
    }

    /// Variables that hold what a function of the file makes (`app = create_app()`).
    fn find_made(&mut self) {
        let mut makers: FxHashSet<&str> = FxHashSet::default();
        for (at, value) in &self.outline.returns {
            let name = self.outline.dotted(*value).unwrap_or("");
            if self.variables.iter().any(|variable| variable.scope == Some(*at) && variable.name == name) {
                makers.extend(self.outline.definitions.get(*at).map(|definition| definition.name));
            }
        }
        for assignment in &self.outline.assignments {
            let call = assignment.value.filter(|value| value.kind() == Kind::Call);
            let function = call.and_then(|call| self.outline.child(call, Field::Function));
            let maker = function.and_then(|f| self.outline.dotted(f)).filter(|f| makers.contains(f));
            if let Some(maker) = maker {
                let router = self.router(maker);
                if assignment.scope.is_none() {
                    self.made.push((assignment.target, maker));
                }
                self.variables.push(Variable { scope: assignment.scope, name: assignment.target, router });
            }
        }
    }

    /// The name of what a mount takes in, as it is looked for.
    fn target(&mut self, scope: Option<usize>, node: Node) -> Option<String> {
        let node = match node.kind() {
            Kind::Call => self.outline.child(node, Field::Function)?,
            _ => node,
        };
        let name = self.outline.dotted(node)?;
        let own = self.find(scope, name, false).and_then(|at| self.routers.get(at));
        Some(own.map_or_else(|| name.to_owned(), |router| router.name.clone()))
    }

    /// As [`target`](Reader::target), with the routers of a list that a loop goes over.
    fn targets(&mut self, scope: Option<usize>, node: Node) -> Vec<String> {
        let name = self.outline.dotted(node);
        let around = |range: &std::ops::Range<usize>| range.contains(&node.start_byte());
        let of = self
            .outline
            .loops
            .iter()
            .rev()
            .find(|(range, variable, _)| around(range) && Some(*variable) == name);
        let items = match of.map(|(_, _, list)| *list) {
            Some(list) if matches!(list.kind(), Kind::List | Kind::Tuple) => {
                self.outline.children(list).collect()
            }
            Some(list) => vec![list],
            None => vec![node],
        };
        items.into_iter().filter_map(|item| self.target(scope, item)).collect()
    }

    /// `ROUTERS = [orders.router, customers.router]`: a list stands for all in it.
    fn read_router_lists(&mut self) {
        for assignment in self.outline.assignments.iter().filter(|a| a.scope.is_none()) {
            let list = assignment.value.filter(|value| matches!(value.kind(), Kind::List | Kind::Tuple));
            let items = list.map_or_else(Vec::new, |list| self.outline.children(list).collect());
            let names: Option<Vec<&str>> = items.iter().map(|item| self.outline.dotted(*item)).collect();
            let is_router = |name: &&str| {
                let name = last(name).to_lowercase();
                name.ends_with("router") || name.ends_with("blueprint") || name == "bp"
            };
            let Some(names) = names.filter(|names| !names.is_empty() && names.iter().all(is_router)) else {
                continue;
            };
            let router = self.router(assignment.target);
            for (name, item) in names.into_iter().zip(items) {
                let mount = self.mount("", name, item);
                self.add_mount(router, mount);
            }
        }
    }

    /// Lists of `Route(…)` and `Mount(…)` that a variable holds.
    fn read_lists(&mut self) {
        if self.dialect.framework != "FastAPI" {
            return;
        }
        for assignment in &self.outline.assignments {
            let list = assignment.value.filter(|value| value.kind() == Kind::List);
            let Some(list) = list.filter(|list| {
                self.outline.children(*list).any(|item| matches!(self.callee(item), Some("Route" | "Mount")))
            }) else {
                continue;
            };
            let router = self.router(assignment.target);
            self.read_list(router, "", list, 0);
        }
    }

    fn callee(&self, node: Node) -> Option<&'t str> {
        let function =
            (node.kind() == Kind::Call).then(|| self.outline.child(node, Field::Function)).flatten()?;
        self.outline.dotted(function).map(last)
    }

    fn read_list(&mut self, router: usize, prefix: &str, list: Node, depth: usize) {
        if depth > MOST_LEVELS {
            return;
        }
        if let Some(name) = self.outline.dotted(list) {
            let mount = self.mount(prefix, name, list);
            return self.add_mount(router, mount);
        }
        for item in self.outline.children(list).filter(|_| list.kind() == Kind::List) {
            let Some(kind) = self.callee(item) else { continue };
            let arguments = self.outline.arguments(item);
            let Some(path) = positional(&arguments, 0)
                .or_else(|| named(&arguments, "path"))
                .and_then(|p| self.outline.path(p))
            else {
                continue;
            };
            let path = format!("{prefix}{path}");
            let endpoint = named(&arguments, "endpoint")
                .or_else(|| named(&arguments, "app"))
                .or_else(|| positional(&arguments, 1));
            match kind {
                "Route" => self.add_endpoint(router, &path, endpoint, named(&arguments, "methods"), item),
                "Mount" => match (named(&arguments, "routes"), endpoint) {
                    (Some(routes), _) => self.read_list(router, &path, routes, depth + 1),
                    (None, Some(app)) => self.add_application(router, None, &path, app, item),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// A path that a function or a class answers.
    fn add_endpoint(
        &mut self,
        router: usize,
        path: &str,
        endpoint: Option<Node>,
        methods: Option<Node>,
        node: Node,
    ) {
        let class = endpoint.and_then(|endpoint| match endpoint.kind() {
            // Flask's `OrderView.as_view("orders")`.
            Kind::Call => {
                let function = self.outline.dotted(self.outline.child(endpoint, Field::Function)?)?;
                function.strip_suffix(".as_view")
            }
            _ => self.outline.dotted(endpoint).filter(|name| last(name).starts_with(char::is_uppercase)),
        });
        match (class, methods) {
            (Some(class), None) => {
                let mut mount = self.mount(path, class, node);
                let place = mount.place.clone();
                mount.otherwise = vec![RouteDecl { method: Method::Any, path: String::new(), place }];
                self.add_mount(router, mount);
            }
            _ => {
                for method in http_methods(self.outline, methods, Method::Get) {
                    self.add_route(router, method, path, node);
                }
            }
        }
    }

    /// An application below a path; one that is not read answers everything there.
    fn add_application(&mut self, router: usize, scope: Option<usize>, path: &str, app: Node, node: Node) {
        let Some(target) = self.target(scope, app) else { return };
        // Files that are handed out answer no other call.
        if last(&target).ends_with("StaticFiles") {
            let path = format!("{}/{{rest:path}}", path.trim_end_matches('/'));
            return self.add_route(router, Method::Any, &path, node);
        }
        let mut mount = self.mount(path, &target, node);
        mount.otherwise = everything(&mount);
        self.add_mount(router, mount);
    }

    /// Classes that answer by methods of their own: Flask's `MethodView` and `Resource`, Starlette's
    /// `HTTPEndpoint`.
    fn read_views(&mut self) {
        const ROOTS: [&str; 4] = ["MethodView", "Resource", "HTTPEndpoint", "HTTPMethodView"];
        let is_root = |base: &str| ROOTS.contains(&base);
        // A base of another file tells what it is by its name: `AuthenticatedResource`.
        let is_like_root = |base: &str| ROOTS.iter().any(|root| base.ends_with(root));
        let known = self.outline.descendants(is_root);
        for at in self.outline.descendants(is_like_root) {
            let Some(class) = self.outline.definitions.get(at) else { continue };
            let handlers = own_handlers(self.outline, at);
            if handlers.is_empty() && !known.contains(&at) {
                continue;
            }
            let router = self.router(class.name);
            if let Some(router) = self.routers.get_mut(router) {
                router.is_view = true;
            }
            for (method, name) in handlers {
                self.add_route(router, method, "", name);
            }
            for base in self.outline.bases(class).into_iter().filter(|base| !is_root(base)) {
                let mount = self.mount("", base, class.node);
                self.add_mount(router, mount);
            }
        }
    }

    fn read_decorators(&mut self) {
        for (at, definition) in self.outline.definitions.iter().enumerate() {
            for decorator in &definition.decorators {
                self.read_decorator(at, definition, *decorator);
            }
        }
    }

    fn read_decorator(&mut self, at: usize, definition: &Definition<'t>, decorator: Node) -> Option<()> {
        let call = (decorator.kind() == Kind::Call).then_some(decorator)?;
        let (object, verb) =
            self.outline.dotted(self.outline.child(call, Field::Function)?)?.rsplit_once('.')?;
        let is_route = matches!(verb, "route" | "api_route");
        let method = Method::from_name(verb);
        if !is_route && method.is_none() {
            return None;
        }
        let arguments = self.outline.arguments(call);
        let path = positional(&arguments, 0)
            .or_else(|| named(&arguments, "path"))
            .or_else(|| named(&arguments, "rule"))
            .or_else(|| named(&arguments, "uri"))
            .and_then(|node| self.outline.path(node))?;
        if !(path.is_empty() || path.starts_with('/') || path.starts_with(UNKNOWN_FRONT)) {
            return None;
        }
        let router = self.find(definition.parent, object, true)?;
        let methods = match method {
            Some(method) => vec![method],
            None if definition.is_class => {
                own_handlers(self.outline, at).into_iter().map(|(m, _)| m).collect()
            }
            None => http_methods(self.outline, named(&arguments, "methods"), Method::Get),
        };
        methods.into_iter().for_each(|method| self.add_route(router, method, &path, call));
        Some(())
    }

    fn read_calls(&mut self) {
        for at in 0..self.outline.calls.len() {
            self.read_call(at);
        }
    }

    fn read_call(&mut self, at: usize) -> Option<()> {
        let call = self.outline.calls.get(at)?;
        let (object, verb) = call.function.rsplit_once('.').unwrap_or(("", call.function));
        let mount = self.dialect.mounts.iter().find(|(name, _)| *name == verb);
        let says = matches!(verb, "mount" | "add_api_route" | "add_route" | "add_url_rule" | "add_resource");
        if mount.is_none() && !says {
            return self.read_handing_over(at);
        }
        let arguments = self.outline.arguments(call.node);
        let first = || positional(&arguments, 0);
        if let Some((_, keyword)) = mount {
            let taken_in =
                first().or_else(|| named(&arguments, "router")).or_else(|| named(&arguments, "blueprint"))?;
            let router = self.find(call.scope, object, true)?;
            let targets = self.targets(call.scope, taken_in);
            let given = named(&arguments, keyword);
            let prefix =
                given.map(|node| self.outline.path(node).unwrap_or_else(|| UNKNOWN_FRONT.to_owned()));
            for target in targets {
                let mut mount = self.mount(prefix.as_deref().unwrap_or(""), &target, call.node);
                mount.replaces_prefix = self.dialect.replaces_prefix && prefix.is_some();
                if prefix.as_deref().is_some_and(|prefix| !prefix.is_empty()) {
                    mount.otherwise = everything(&mount);
                }
                self.add_mount(router, mount);
            }
            return Some(());
        }
        match verb {
            "mount" if self.dialect.framework == "FastAPI" => {
                let path = first().or_else(|| named(&arguments, "path"))?;
                let path = self.outline.path(path)?;
                let app = named(&arguments, "app").or_else(|| positional(&arguments, 1))?;
                let router = self.find(call.scope, object, true)?;
                self.add_application(router, call.scope, &path, app, call.node);
            }
            "add_api_route" | "add_route" | "add_url_rule" => {
                let path =
                    first().or_else(|| named(&arguments, "path")).or_else(|| named(&arguments, "rule"))?;
                let path = self.outline.path(path)?;
                let at = if verb == "add_url_rule" { 2 } else { 1 };
                let endpoint = named(&arguments, "endpoint")
                    .filter(|_| verb != "add_url_rule")
                    .or_else(|| named(&arguments, "view_func"))
                    .or_else(|| positional(&arguments, at));
                let router = self.find(call.scope, object, true)?;
                self.add_endpoint(router, &path, endpoint, named(&arguments, "methods"), call.node);
            }
            "add_resource" => {
                let router = self.find(call.scope, object, true)?;
                let class = first()?;
                let others = arguments.iter().filter(|a| a.name.is_none()).skip(1);
                let paths: Vec<String> = others.filter_map(|a| self.outline.path(a.value)).collect();
                for path in paths {
                    self.add_endpoint(router, &path, Some(class), None, call.node);
                }
            }
            _ => self.read_handing_over(at)?,
        }
        Some(())
    }

    /// A function that gets a router and adds to it (`register_orders(app)`).
    fn read_handing_over(&mut self, at: usize) -> Option<()> {
        let call = self.outline.calls.get(at)?;
        let head = call.function.split('.').next()?;
        // A class takes the application to serve or to test it.
        if !self.imported.contains(head) && !self.functions.contains(head)
            || last(call.function).starts_with(char::is_uppercase)
        {
            return None;
        }
        for argument in self.outline.arguments(call.node) {
            let Some(name) = self.outline.dotted(argument.value) else { continue };
            if let Some(router) = self.find(call.scope, name, false) {
                let mount = self.mount("", call.function, call.node);
                self.add_mount(router, mount);
            }
        }
        Some(())
    }

    /// Functions that return a router stand for it.
    fn read_returns(&mut self) {
        for (at, value) in &self.outline.returns {
            let Some(definition) = self.outline.definitions.get(*at) else { continue };
            let Some(name) = self.outline.dotted(*value) else { continue };
            let own = self.find(Some(*at), name, false).and_then(|at| self.routers.get(at));
            let own = own.map(|router| (router.name.clone(), router.is_application));
            let Some((target, is_application)) = own else { continue };
            if target != definition.name {
                let router = self.router(definition.name);
                let mount = self.mount("", &target, *value);
                self.add_mount(router, mount);
                if let Some(router) = self.routers.get_mut(router) {
                    router.is_application |= is_application;
                }
            }
        }
    }
}
