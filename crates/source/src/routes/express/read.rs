//! Reads routers: where they are made, what is called on them, and what the file hands on.

use super::loops;
use super::scopes::{self, HELD, NAMES, Scope};
use crate::javascript::{Kind, Modules, Script};
use crate::{Import, MountDecl, RouteDecl, RouteFacts, Router, SourceFile, UNKNOWN_FRONT};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use trueup_codebase::Method;

/// What makes a router: a module, the name in it, the framework, and whether the router is the
/// application.
const FACTORIES: [(&str, &[&str], &str, bool); 13] = [
    ("express", &[""], "Express", true),
    ("express", &["Router"], "Express", false),
    ("express-promise-router", &["", "Router"], "Express", false),
    ("polka", &[""], "Polka", true),
    ("koa-router", &["", "Router"], "Koa", false),
    ("@koa/router", &["", "Router"], "Koa", false),
    ("koa", &[""], "Koa", true),
    ("fastify", &["", "fastify", "Fastify"], "Fastify", true),
    ("hono", &["Hono"], "Hono", false),
    ("hono/tiny", &["Hono"], "Hono", false),
    ("@hono/zod-openapi", &["OpenAPIHono"], "Hono", false),
    ("elysia", &["", "Elysia"], "Elysia", true),
    ("@hapi/hapi", &["server", "Server"], "Hapi", true),
];
/// Functions around a plugin that change nothing about its routes.
const WRAPPERS: [&str; 5] = ["fp", "fastifyPlugin", "fastifyRequestContext", "plugin", "wrap"];
/// Functions that take a router and serve it, or test it; they add no route.
const SERVERS: [&str; 8] = [
    "serve",
    "createServer",
    "request",
    "supertest",
    "handle",
    "listen",
    "serverless",
    "createServerAdapter",
];

/// Functions in functions deeper than this are not told apart.
const MOST_SCOPES: usize = 24;

/// What a file says; nothing where it has to do with no router.
pub(super) fn read(file: &SourceFile<'_>) -> Option<RouteFacts> {
    let script = &file.script();
    let scopes = scopes::read(script);
    let modules = Modules::read(script);
    let of_others =
        modules.imports.iter().filter(|i| NAMES.contains(&i.local.as_str()) && !is_package(&i.module));
    let imported = of_others.map(|import| import.local.clone()).collect();
    let mut reader = Reader {
        file,
        script,
        starts: scopes.iter().enumerate().map(|(at, scope)| (scope.start, at)).collect(),
        scopes,
        modules,
        open: Vec::new(),
        next_scope: 0,
        names: FxHashMap::default(),
        routers: Vec::new(),
        by_name: FxHashMap::default(),
        aliases: Vec::new(),
        inline: Vec::new(),
        imported,
        framework: "",
    };
    reader.declare();
    reader.walk();
    reader.facts()
}

struct Reader<'a, 'f> {
    file: &'f SourceFile<'a>,
    script: &'f Script<'a>,
    scopes: Vec<Scope<'a>>,
    /// Scopes by the token that they begin with.
    starts: FxHashMap<usize, usize>,
    modules: Modules,
    /// Scopes around the place that is looked at, the outermost first.
    open: Vec<usize>,
    /// The first scope that has not begun yet.
    next_scope: usize,
    /// The router of each variable, by scope (none for the file) and name.
    names: FxHashMap<(Option<usize>, &'a str), String>,
    routers: Vec<Router>,
    by_name: FxHashMap<String, usize>,
    aliases: Vec<Import>,
    /// Beginnings of functions that are handed to a router as plugins: their first parameter is one.
    inline: Vec<usize>,
    /// Names of routers that another file makes and this one adds routes to.
    imported: FxHashSet<String>,
    framework: &'static str,
}

/// A router that an expression makes.
struct Made {
    is_application: bool,
    prefix: String,
    next: usize,
}

impl<'a> Reader<'a, '_> {
    // Where routers are made.

    fn declare(&mut self) {
        for at in 0..self.script.len() {
            self.enter(at);
            // An arrow without a body returns what follows.
            let is_arrow = self.script.kind(at) == Some(Kind::Arrow) && !self.script.is(at + 1, b'{');
            if self.script.name(at) == "return" || is_arrow {
                self.returned(at);
            }
            if self.script.kind(at) != Some(Kind::Name) {
                continue;
            }
            let value = match self.script.name(at) {
                "const" | "let" | "var" | "readonly" => self.assigned(at + 1),
                _ if self.script.is(at + 1, b'=') && self.is_property(at) => Some(at + 2),
                _ => None,
            };
            let name_at = if value == Some(at + 2) { at } else { at + 1 };
            if let Some(value) = value {
                self.variable(name_at, value);
            }
        }
    }

    /// Keeps the scopes around a place; places are gone through one after the other, from the first.
    fn enter(&mut self, at: usize) {
        if at == 0 {
            self.open.clear();
            self.next_scope = 0;
        }
        while self
            .open
            .last()
            .and_then(|scope| self.scopes.get(*scope))
            .is_some_and(|scope| scope.range.end < at)
        {
            self.open.pop();
        }
        while let Some(scope) = self.scopes.get(self.next_scope).filter(|scope| scope.range.start <= at) {
            if scope.range.start == at {
                self.open.push(self.next_scope);
            }
            self.next_scope += 1;
        }
        self.open.truncate(MOST_SCOPES);
    }

    /// Where the value of a variable begins: behind the `=` and a type.
    fn assigned(&self, name: usize) -> Option<usize> {
        let end = name + 24;
        let mut at = name + 1;
        if self.script.is(at, b':') {
            while at < end && !self.script.is(at, b'=') && !self.script.is(at, b';') {
                at = self.script.after(at);
            }
        }
        self.script.is(at, b'=').then_some(at + 1)
    }

    /// `router = Router()` in a class, or `this.router = Router()`.
    fn is_property(&self, at: usize) -> bool {
        let in_class = self.open.last().and_then(|scope| self.scopes.get(*scope)).is_some_and(|s| s.is_class);
        in_class && !self.script.is_before(at, b'.')
            || self.script.is_before(at, b'.') && self.script.name(at.saturating_sub(2)) == "this"
            // A variable that gets its value later: `let app; app = express()`.
            || !self.script.is_before(at, b'.')
    }

    fn variable(&mut self, name_at: usize, value: usize) {
        let name = self.script.name(name_at);
        if name.is_empty() {
            return;
        }
        let is_this = self.script.is_before(name_at, b'.');
        let scope = match is_this || self.in_class_body() {
            true => {
                self.open.iter().rev().copied().find(|at| self.scopes.get(*at).is_some_and(|s| s.is_class))
            }
            false => self.open.last().copied(),
        };
        if let Some(made) = self.made(value) {
            let full = match scope.and_then(|at| self.scopes.get(at)) {
                None => name.to_owned(),
                Some(scope) if scope.is_class => format!("{}.{name}", scope.name),
                Some(scope) => format!("{}/{name}", scope.name),
            };
            self.names.insert((scope, name), full.clone());
            let router = Router {
                name: full,
                prefix: made.prefix,
                is_application: made.is_application,
                ..Router::default()
            };
            self.add(router);
        } else if let Some(target) = self.text_target(value) {
            // Another name: of a router that a function returns, of an instance, of an import.
            let from = self.router_of(value).unwrap_or(target);
            if from != name && scope.is_none() {
                self.aliases.push(Import { local: name.to_owned(), name: from, module: String::new() });
            } else if let Some(scope) = scope.filter(|_| from != name) {
                self.names.entry((Some(scope), name)).or_insert(from);
            }
        }
    }

    fn in_class_body(&self) -> bool {
        self.open.last().and_then(|scope| self.scopes.get(*scope)).is_some_and(|scope| scope.is_class)
    }

    fn add(&mut self, router: Router) {
        if !self.by_name.contains_key(&router.name) {
            self.by_name.insert(router.name.clone(), self.routers.len());
            self.routers.push(router);
        }
    }

    /// A function that returns its router stands for it.
    fn returned(&mut self, at: usize) {
        let Some(scope) = self.open.iter().rev().find_map(|at| self.scopes.get(*at).filter(|s| !s.is_class))
        else {
            return;
        };
        let local = scope.name.clone();
        let name = match self.script.name(at + 1) {
            "this" => return,
            _ => match self.router_of(at + 1) {
                Some(name) => name,
                None if self.made(at + 1).is_some() => format!("@{}", at + 1),
                None => return,
            },
        };
        if name != local {
            self.aliases.push(Import { local, name, module: String::new() });
        }
    }

    /// The router that an expression makes.
    fn made(&mut self, at: usize) -> Option<Made> {
        let mut start = at;
        while matches!(self.script.name(start), "new" | "await") {
            start += 1;
        }
        let (module, name, end) = if self.script.name(start) == "require" {
            let module = self.script.literal(start + 2)?.into_owned();
            let (name, end) = match self.script.is(start + 4, b'.') {
                true => (self.script.name(start + 5).to_owned(), start + 6),
                false => (String::new(), start + 4),
            };
            (module, name, end)
        } else {
            // Nearly all names come from nowhere, and are not put together.
            self.modules.origin(self.script.name(start))?;
            let (dotted, end) = self.script.dotted(start);
            let (root, rest) = dotted.split_once('.').unwrap_or((&dotted, ""));
            let (module, inner) = self.modules.origin(root)?;
            let name = if inner.is_empty() { rest.to_owned() } else { inner.to_owned() };
            (module.to_owned(), name, end)
        };
        let open = self.script.call(end)?;
        // A file of one's own that is called like the package wraps it.
        let wraps = module.starts_with('.').then(|| module.rsplit('/').next()).flatten();
        let is_it = |m: &str| m == module || wraps == Some(m);
        let known = FACTORIES.iter().find(|(m, names, ..)| is_it(m) && names.contains(&name.as_str()));
        let (_, _, framework, is_application) = known?;
        self.framework = framework;
        // An instance of Hono is the application where the file serves it.
        let served = *framework == "Hono" && self.file.has_any(&["serve(", "export default", "handle("]);
        let mut prefix = self.option(open + 1, "prefix").unwrap_or_default();
        let mut next = self.script.after(open);
        while self.script.is(next, b'.') && self.script.name(next + 1) == "basePath" {
            let open = self.script.call(next + 2)?;
            prefix.push_str(&self.path_of(open + 1..self.script.close(open))?);
            next = self.script.after(open);
        }
        Some(Made { is_application: *is_application || served, prefix, next })
    }

    fn option(&self, open: usize, key: &str) -> Option<String> {
        let value = self.script.value_of(open, key)?;
        self.path_of(value)
    }

    // What is called on them.

    fn walk(&mut self) {
        for at in 0..self.script.len() {
            self.enter(at);
            if self.script.kind(at) != Some(Kind::Name) || self.script.is_before(at, b'.') {
                continue;
            }
            if let Some(name) = self.router_at(at) {
                let end = if self.script.name(at) == "this" { at + 3 } else { at + 1 };
                self.chain(&name, end);
            } else if let Some((name, end)) = self.inherited(at).or_else(|| self.held(at)) {
                self.chain(&name, end);
            } else if let Some(made) = self.made_here(at) {
                let name = self.name_of_made(at);
                self.add(Router {
                    name: name.clone(),
                    prefix: made.prefix,
                    is_application: made.is_application,
                    ..Router::default()
                });
                self.chain(&name, made.next);
            } else {
                self.handed(at);
            }
        }
    }

    /// A router that is made at a place, looked at once: at its `new` where it has one.
    fn made_here(&mut self, at: usize) -> Option<Made> {
        if matches!(self.script.name_before(at), "new" | "await") {
            return None;
        }
        self.made(at)
    }

    /// A router that is made and put into a variable is called like it, any other one by its place.
    fn name_of_made(&self, at: usize) -> String {
        let sign = self.script.before(at).filter(|at| self.script.is(*at, b'='));
        let name = sign.and_then(|sign| {
            let near = self.script.before(sign)?;
            let typed = (sign.saturating_sub(8)..sign).rev().find(|at| self.script.is(*at, b':'));
            let at = if self.named(self.script.name(near)).is_some() {
                near
            } else {
                self.script.before(typed?)?
            };
            self.named(self.script.name(at))
        });
        name.unwrap_or_else(|| format!("@{at}"))
    }

    /// The router of a variable, seen from the place that is looked at.
    fn named(&self, name: &'a str) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        let scopes = self.open.iter().rev().copied().map(Some).chain([None]);
        for scope in scopes {
            if let Some(router) = self.names.get(&(scope, name)) {
                return Some(router.clone());
            }
            if let Some(router) = scope.and_then(|at| self.parameter(at, name)) {
                return router;
            }
        }
        self.imported.get(name).cloned()
    }

    /// The router that a parameter of a function is; none inside where the name hides one outside.
    fn parameter(&self, scope: usize, name: &str) -> Option<Option<String>> {
        let scope = self.scopes.get(scope)?;
        let at = scope.parameters.iter().position(|(parameter, _)| *parameter == name)?;
        let is_router = |at: usize, typed: bool| typed || at == 0 && self.inline.contains(&scope.start);
        let first = scope.parameters.iter().enumerate().position(|(at, (_, typed))| is_router(at, *typed));
        let typed = scope.parameters.get(at).is_some_and(|(_, typed)| *typed);
        let router = is_router(at, typed).then(|| match first == Some(at) {
            true => scope.name.clone(),
            false => format!("{}/{name}", scope.name),
        });
        Some(router)
    }

    /// The router that a place names: a variable, or `this.router`.
    fn router_at(&self, at: usize) -> Option<String> {
        if self.script.name(at) != "this" {
            return self.named(self.script.name(at)).filter(|_| !self.script.is(at + 1, b'='));
        }
        let name = self.script.name(at + 2);
        let class =
            self.open.iter().rev().copied().find(|at| self.scopes.get(*at).is_some_and(|s| s.is_class))?;
        self.names.get(&(Some(class), name)).cloned()
    }

    /// The router of a class that is made in the class above: `this.router.get(…)`, or `this.get(…)` where
    /// a constructor calls what that class gives it.
    fn inherited(&self, at: usize) -> Option<(String, usize)> {
        if self.script.name(at) != "this" || !self.script.is(at + 1, b'.') {
            return None;
        }
        let mut around = self.open.iter().rev().filter_map(|at| self.scopes.get(*at));
        let in_constructor = around.clone().any(|scope| scope.name == "constructor");
        let class = around.find(|scope| scope.is_class).filter(|class| class.extends)?;
        let name = format!("{}.{}", class.name, crate::compose::ANY_PART);
        let next = self.script.name(at + 2);
        if HELD.contains(&next) && self.script.is(at + 3, b'.') {
            return Some((name, at + 3));
        }
        let open = self.script.call(at + 3).filter(|_| in_constructor)?;
        let path = self.script.literal(open + 1).is_some_and(|text| text.starts_with('/'));
        (path && (next == "use" || method_of(next).is_some())).then_some((name, at + 1))
    }

    /// The router in an object that a function is handed: `args.app.get(…)`.
    fn held(&self, at: usize) -> Option<(String, usize)> {
        let is_held = self.script.is(at + 1, b'.')
            && HELD.contains(&self.script.name(at + 2))
            && self.script.is(at + 3, b'.');
        let name = Some(self.script.name(at)).filter(|_| is_held)?;
        let around = self.open.iter().rev().filter_map(|at| self.scopes.get(*at));
        let of = around.into_iter().find(|scope| scope.parameters.iter().any(|(own, _)| *own == name))?;
        Some((of.name.clone(), at + 3))
    }

    fn router_of(&self, at: usize) -> Option<String> {
        let end = if self.script.name(at) == "this" { at + 3 } else { at + 1 };
        let goes_on = self.script.is(end, b'(') || self.script.is(end, b'.') && !self.is_koa_end(end);
        self.router_at(at).filter(|_| !goes_on)
    }

    /// `.routes()` and `.middleware()` of Koa's router.
    fn is_koa_end(&self, dot: usize) -> bool {
        matches!(self.script.name(dot + 1), "routes" | "middleware") && self.script.is(dot + 2, b'(')
    }

    /// The calls on a router: `.get('/x', h).post('/y', h).route('/z').get(h)`.
    fn chain(&mut self, router: &str, mut at: usize) {
        let mut path: Option<String> = None;
        while self.script.is(at, b'.') {
            let method = self.script.name(at + 1);
            let Some(open) = self.script.call(at + 2) else { return };
            let args = self.script.items(open);
            if method == "route"
                && args.len() == 1
                && !self.script.is(open + 1, b'{')
                && !self.script.is(open + 1, b'[')
            {
                // What follows is on this path; an unknown one gives nothing.
                path = Some(args.first().and_then(|arg| self.path_of(arg.clone())).unwrap_or_default());
                if path.as_deref() == Some("") {
                    return;
                }
            } else if let Some(path) = path.as_ref().filter(|_| method_of(method).is_some()) {
                self.route(router, method_of(method), path.clone(), self.script.range(at + 1));
            } else {
                self.call(router, method, &args);
            }
            at = self.script.after(open);
        }
    }

    fn call(&mut self, router: &str, method: &str, args: &[Range<usize>]) {
        match method {
            "use" | "lazyUse" | "register" | "mount" | "group" | "route"
                if self.takes_all_in(router, method, args) => {}
            "route" => self.described(router, args),
            "openapi" => self.described(router, args),
            "on" => {
                let (Some(methods), Some(paths)) = (args.first(), args.get(1)) else { return };
                for method in self.texts(methods) {
                    for (path, place) in self.paths(paths) {
                        self.route(router, Method::from_name(&method), path, place);
                    }
                }
            }
            _ => {
                let Some(method) = method_of(method).filter(|_| args.len() > 1) else { return };
                let Some(first) = args.first() else { return };
                let mut paths = self.paths(first);
                // Koa's router may name a route before its path.
                if paths.iter().any(|(path, _)| !is_path(path)) && args.len() > 2 {
                    paths = args.get(1).map(|arg| self.paths(arg)).unwrap_or_default();
                }
                for (path, place) in paths.into_iter().filter(|(path, _)| is_path(path)) {
                    self.route(router, Some(method), path, place);
                }
            }
        }
    }

    fn route(&mut self, router: &str, method: Option<Method>, path: String, place: Range<usize>) {
        let Some(method) = method else { return };
        for path in optional(&path) {
            let place = self.file.place(place.clone());
            let route = RouteDecl { method, path, place };
            if let Some(router) = self.router(router) {
                router.routes.push(route);
            }
        }
    }

    fn router(&mut self, name: &str) -> Option<&mut Router> {
        let at = match self.by_name.get(name) {
            Some(at) => *at,
            None => {
                let extends = self.imported.contains(name);
                self.by_name.insert(name.to_owned(), self.routers.len());
                self.routers.push(Router { name: name.to_owned(), extends, ..Router::default() });
                self.routers.len() - 1
            }
        };
        self.routers.get_mut(at)
    }

    /// What [`takes_in`](Reader::takes_in) does, for each round of a loop around it.
    fn takes_all_in(&mut self, router: &str, method: &str, args: &[Range<usize>]) -> bool {
        match loops::rounds(self.script, args) {
            Some(rounds) => {
                // Every round takes something in, whether or not one before it could.
                let taken = rounds.iter().filter(|args| self.takes_in(router, method, args)).count();
                taken == rounds.len()
            }
            None => self.takes_in(router, method, args),
        }
    }

    /// Whether an argument in front of others is a path by its name: `BASE_PATH`, `config.api.prefix`.
    fn is_unknown_path(&self, arg: &Range<usize>) -> bool {
        let (name, end) = self.script.dotted(arg.start);
        let last = name.rsplit('.').next().unwrap_or("");
        let is_constant = last.len() > 1 && last.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let lower = last.to_ascii_lowercase();
        let named = ["path", "prefix", "url", "root", "base", "mount"].iter().any(|end| lower.ends_with(end));
        end == arg.end && (is_constant || named)
    }

    /// `app.use('/orders', auth, router)` and its kin; false where nothing is taken in.
    fn takes_in(&mut self, router: &str, method: &str, args: &[Range<usize>]) -> bool {
        let described = |at: usize| self.script.is(at, b'{') || self.script.is(at, b'[');
        if method == "route" && (args.len() != 2 || args.first().is_some_and(|arg| described(arg.start))) {
            return false;
        }
        let mut first = args.first().map(|arg| self.paths(arg)).unwrap_or_default();
        if let Some(arg) =
            args.first().filter(|arg| first.is_empty() && args.len() > 1 && self.is_unknown_path(arg))
        {
            first.push((format!("{UNKNOWN_FRONT}/"), self.script.ranges(arg.clone())));
        }
        let has_path = first.iter().any(|(path, _)| is_path(path));
        let options = args.iter().skip(1).find(|arg| self.script.is(arg.start, b'{'));
        let prefix = options.and_then(|arg| self.option(arg.start, "prefix"));
        let prefixes = match (has_path, prefix) {
            (true, _) => first.into_iter().map(|(path, _)| path).collect(),
            (false, Some(prefix)) => vec![prefix],
            (false, None) => vec![String::new()],
        };
        for arg in args.iter().skip(usize::from(has_path)) {
            if self.script.is(arg.start, b'{') {
                continue;
            }
            let Some(target) = self.target(arg.clone()) else { continue };
            for prefix in &prefixes {
                let place = self.file.place(self.script.ranges(arg.clone()));
                let mount = MountDecl::new(prefix.clone(), target.clone(), place);
                if let Some(router) = self.router(router) {
                    router.mounts.push(mount);
                }
            }
        }
        true
    }

    /// A route that is described: `fastify.route({ method, url })`, `app.openapi(createRoute({ … }))`.
    fn described(&mut self, router: &str, args: &[Range<usize>]) {
        let Some(first) = args.first() else { return };
        let opens: Vec<usize> = match self.script.kind(first.start) {
            Some(Kind::Mark(b'{')) => vec![first.start],
            Some(Kind::Mark(b'[')) => {
                self.script.items(first.start).into_iter().map(|item| item.start).collect()
            }
            Some(Kind::Name) if self.script.name(first.start) == "createRoute" => vec![first.start + 2],
            Some(Kind::Name) => self.created(self.script.name(first.start)).into_iter().collect(),
            _ => return,
        };
        for open in opens {
            let path = ["url", "path"].iter().find_map(|key| self.script.value_of(open, key));
            let (Some(path), Some(methods)) = (path, self.script.value_of(open, "method")) else { continue };
            for method in self.texts(&methods) {
                let any = (method == "*").then_some(Method::Any);
                for (path, place) in self.paths(&path) {
                    self.route(router, Method::from_name(&method).or(any), path, place);
                }
            }
        }
    }

    /// The object of `const name = createRoute({ … })`.
    fn created(&self, name: &str) -> Option<usize> {
        (1..self.script.len()).find_map(|at| {
            let found = self.script.name(at) == "createRoute"
                && self.script.is(at + 1, b'(')
                && self.script.is_before(at, b'=')
                && self.script.name(at.saturating_sub(2)) == name;
            found.then_some(at + 2)
        })
    }

    /// A router that is handed to a function: `registerOrders(app, deps)`.
    fn handed(&mut self, at: usize) {
        let (name, end) = self.script.dotted(at);
        let last = name.rsplit('.').next().unwrap_or(&name);
        if !self.script.is(end, b'(')
            || matches!(last, "if" | "return" | "require" | "function")
            || SERVERS.contains(&last)
        {
            return;
        }
        if matches!(self.script.name_before(at), "function" | "new")
            || self.script.is(self.script.after(end), b'{')
        {
            return;
        }
        let args = self.script.items(end);
        let router = args.iter().find_map(|arg| {
            let plain = arg.len() == 1 || arg.len() == 3 && self.script.name(arg.start) == "this";
            plain.then(|| self.router_at(arg.start)).flatten()
        });
        let Some(router) = router.filter(|router| *router != name) else { return };
        let place = self.file.place(self.script.range(at));
        let mount = MountDecl::new("", name, place);
        if let Some(router) = self.router(&router) {
            router.mounts.push(mount);
        }
    }

    // What expressions stand for.

    /// The router that an argument or an exported value stands for, as a name for this file.
    fn target(&mut self, range: Range<usize>) -> Option<String> {
        let mut range = self.script.trimmed(range);
        for _ in 0..4 {
            let inline = self.starts.get(&range.start).and_then(|at| self.scopes.get(*at));
            let inline = inline.filter(|scope| range.contains(&scope.range.start));
            if let Some(scope) = inline {
                let (start, name) = (scope.start, scope.name.clone());
                self.inline.push(start);
                return Some(name);
            }
            if self.made(range.start).is_some() {
                return Some(self.name_of_made(range.start));
            }
            let wrapped =
                WRAPPERS.contains(&self.script.name(range.start)) && self.script.is(range.start + 1, b'(');
            match wrapped.then(|| self.script.items(range.start + 1).into_iter().next()).flatten() {
                Some(inner) => range = inner,
                None => break,
            }
        }
        if let Some(name) = self.router_of(range.start) {
            return Some(name);
        }
        let text = self.text_target(range.start)?;
        let root = text.split('.').next().unwrap_or(&text);
        // A package's middleware (`cors()`, `express.json()`) is no router of ours.
        if self.modules.origin(root).is_some_and(|(module, _)| is_package(module)) {
            return None;
        }
        Some(text)
    }

    /// A dotted name, calls and `new` left out: `new OrdersController(db).router` is
    /// `OrdersController.router`.
    fn text_target(&self, at: usize) -> Option<String> {
        let mut next = at;
        while matches!(self.script.name(next), "new" | "await") || self.script.is(next, b'(') && next == at {
            next += 1;
        }
        let mut out = match self.script.name(next) {
            "" | "this" | "function" | "async" | "class" => return None,
            "require" | "import" if self.script.is(next + 1, b'(') => {
                let module = self.script.literal(next + 2)?;
                let out = format!("require {module}");
                next = self.script.after(next + 1);
                out
            }
            name => {
                next += 1;
                name.to_owned()
            }
        };
        loop {
            if self.script.is(next, b'(') {
                next = self.script.after(next);
            } else if self.script.is(next, b')') {
                next += 1;
            } else if self.script.is(next, b'.') && !self.script.name(next + 1).is_empty() {
                let part = self.script.name(next + 1);
                if part != "default" && !self.is_koa_end(next) && !matches!(part, "bind" | "then") {
                    out.push('.');
                    out.push_str(part);
                }
                next += 2;
            } else {
                return Some(out);
            }
        }
    }

    fn path_of(&self, range: Range<usize>) -> Option<String> {
        self.script.evaluate(&range, self.file.constants())
    }

    /// The path or paths of an argument, with their places.
    fn paths(&self, arg: &Range<usize>) -> Vec<(String, Range<usize>)> {
        let items = match self.script.is(arg.start, b'[') {
            true => self.script.items(arg.start),
            false => vec![arg.clone()],
        };
        let one = |item: Range<usize>| {
            Some((self.path_of(item.clone())?, self.script.ranges(self.script.trimmed(item))))
        };
        items.into_iter().filter_map(one).collect()
    }

    fn texts(&self, arg: &Range<usize>) -> Vec<String> {
        self.paths(arg).into_iter().map(|(text, _)| text).collect()
    }

    // What the file hands on.

    fn facts(mut self) -> Option<RouteFacts> {
        self.open.clear();
        let mut exports = std::mem::take(&mut self.modules.exports);
        for (outer, range) in std::mem::take(&mut self.modules.values) {
            if let Some(name) = self.target(range)
                && name != outer
            {
                exports.push(Import { local: outer, name, module: String::new() });
            }
        }
        let is_of_others = |name: &str| self.modules.origin(name).is_some_and(|(from, _)| !is_package(from));
        let hands_on = exports.iter().any(|export| !export.module.is_empty() || is_of_others(&export.name));
        if self.routers.is_empty() && !hands_on {
            return None;
        }
        // What `import()` and `require()` name without a variable.
        for router in &self.routers {
            for mount in &router.mounts {
                let module = mount.target.strip_prefix("require ").map(|rest| rest.to_owned());
                if let Some(module) =
                    module.filter(|module| self.modules.origin(&format!("require {module}")).is_none())
                {
                    let local = format!("require {module}");
                    self.modules.imports.push(Import { local, name: String::new(), module });
                }
            }
        }
        let mut imports = self.modules.imports;
        imports.extend(self.aliases);
        let path = self.file.path.clone();
        Some(RouteFacts {
            path,
            framework: self.framework,
            routers: self.routers,
            imports,
            exports,
            adapter: 0,
        })
    }
}

/// Whether a module is a package, not a file of this repository.
fn is_package(module: &str) -> bool {
    !module.starts_with(['.', '/', '~', '#']) && !module.starts_with("@/") && !module.starts_with("src/")
}

fn is_path(text: &str) -> bool {
    let known = text.strip_prefix(UNKNOWN_FRONT);
    match known {
        Some(rest) => rest.starts_with('/'),
        None => (text.is_empty() || text.starts_with(['/', '*'])) && !text.contains(char::is_whitespace),
    }
}

fn method_of(name: &str) -> Option<Method> {
    match name {
        "all" | "any" => Some(Method::Any),
        "del" => Some(Method::Delete),
        "get" | "head" | "post" | "put" | "patch" | "delete" | "options" => Method::from_name(name),
        _ => None,
    }
}

/// A path whose last part may be left out (`/orders/:id?`, `/orders{/:id}`) is two.
fn optional(path: &str) -> Vec<String> {
    let cut = |path: &str| path.rsplit_once('/').map_or(String::new(), |(front, _)| front.to_owned());
    if let Some(bare) =
        path.strip_suffix('?').filter(|bare| bare.rsplit('/').next().is_some_and(|p| p.starts_with(':')))
    {
        return vec![cut(bare), bare.to_owned()];
    }
    match path.strip_suffix('}').and_then(|bare| bare.rsplit_once("{/")) {
        Some((front, last)) => vec![front.to_owned(), format!("{front}/{last}")],
        None => vec![path.to_owned()],
    }
}
