//! Routers of a function: variables, groups, functions that get one, and calls in a row on them.

use super::items::{self, Function, Items};
use super::routes::FRAMEWORKS;
use super::verbs::{OWN_ROUTERS, ROUTERS, is_router_method, verb};
use crate::tokens::{Part, Sort, Tokens};
use crate::{MountDecl, RouteDecl, Router, SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashMap;
use trueup_codebase::{CodePlace, Method};

/// Calls in calls deeper than this are not followed.
const MOST_DEPTH: usize = 40;
enum Target {
    Node(usize),
    Name(String),
}

#[derive(Default)]
struct Node {
    prefix: String,
    routes: Vec<RouteDecl>,
    mounts: Vec<(String, Target, Part)>,
    /// Whether it is a router for sure, and not any function's result.
    certain: bool,
    /// Whether another one of this function takes it in.
    taken: bool,
    is_application: bool,
    /// Whether its patterns are those of net/http: a method in front, `/` at the end for all below.
    plain: bool,
    /// Whether its type is the repository's own: only what looks like a path is one.
    own: bool,
    /// gorilla/mux: methods that came before the handler.
    methods: Vec<Method>,
    /// Where the routes of the last call begin, whose methods may follow.
    last: usize,
}

pub(super) struct Chains<'a> {
    file: &'a SourceFile<'a>,
    tokens: &'a Tokens<'a>,
    items: &'a Items,
    function: &'a Function,
    nodes: Vec<Node>,
    variables: FxHashMap<String, usize>,
    /// Texts that variables of the function hold.
    texts: FxHashMap<String, String>,
    /// The types of variables as far as they are seen, in the form of names of other files.
    types: FxHashMap<String, String>,
    /// Variables that mean something else until a token.
    scopes: Vec<(usize, String, Option<usize>)>,
    /// The router that the function got, to add to it.
    given: Option<usize>,
    depth: usize,
}

/// Reads the routers of a function.
pub(super) fn read(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    items: &Items,
    function: &Function,
) -> Vec<Router> {
    let mut chains = Chains {
        file,
        tokens,
        items,
        function,
        nodes: Vec::new(),
        variables: FxHashMap::default(),
        texts: FxHashMap::default(),
        types: FxHashMap::default(),
        scopes: Vec::new(),
        given: None,
        depth: 0,
    };
    chains.parameters();
    chains.scan(function.body.clone());
    chains.finish()
}

impl Chains<'_> {
    fn parameters(&mut self) {
        if let Some((name, kind)) = &self.function.receiver {
            self.types.insert(name.clone(), kind.clone());
        }
        for (name, kind) in &self.function.parameters {
            let text = self.tokens.source(kind).trim_start_matches('*');
            let own = self.is_own_router(text);
            if own || self.is_router_type(text) {
                let node = *self.given.get_or_insert(self.nodes.len());
                if node == self.nodes.len() {
                    let plain = text.ends_with("ServeMux");
                    self.nodes.push(Node { certain: true, plain, own, ..Node::default() });
                }
                self.variables.insert(name.clone(), node);
            } else {
                self.types.insert(name.clone(), text.to_owned());
            }
        }
    }

    fn is_router_type(&self, kind: &str) -> bool {
        let (package, name) = kind.split_once('.').unwrap_or(("", kind));
        let known =
            self.items.package(package).is_some_and(|path| FRAMEWORKS.iter().any(|(p, _)| path.contains(p)));
        ROUTERS.contains(&name) && known
    }

    /// Whether a type is a router of the repository's own: an interface in front of a framework's.
    fn is_own_router(&self, kind: &str) -> bool {
        let (package, name) = kind.split_once('.').unwrap_or(("", kind));
        let is_package = package.is_empty() || self.items.package(package).is_some();
        OWN_ROUTERS.contains(&name) && is_package && !self.is_router_type(kind)
    }

    fn scan(&mut self, part: Part) {
        self.depth += 1;
        let mut at = part.start;
        while at < part.end && self.depth <= MOST_DEPTH {
            self.leave(at);
            at = self.step(at, part.end).max(at + 1);
        }
        self.leave(part.end);
        self.depth -= 1;
    }

    /// Gives variables back what they were before the functions that have ended.
    fn leave(&mut self, at: usize) {
        while self.scopes.last().is_some_and(|(end, ..)| at >= *end) {
            let Some((_, name, before)) = self.scopes.pop() else { return };
            match before {
                Some(before) => self.variables.insert(name, before),
                None => self.variables.remove(&name),
            };
        }
    }

    fn step(&mut self, at: usize, end: usize) -> usize {
        let tokens = self.tokens;
        if tokens.word(at).is_none() {
            return at + 1;
        }
        // `a, err := …` gives `a` the value; `s.router = …` a field.
        let mut name_end = at + 1;
        while tokens.is(name_end, ".") && tokens.word(name_end + 1).is_some() {
            name_end += 2;
        }
        let name = tokens.source(&(at..name_end));
        let mut equals = name_end;
        while tokens.is(equals, ",") && tokens.word(equals + 1).is_some() {
            equals += 2;
        }
        let preceded = at.checked_sub(1).is_some_and(|b| tokens.is(b, ".") || tokens.is(b, ","));
        if !preceded && (tokens.is(equals, ":=") || tokens.is(equals, "=")) {
            return self.bind(name, equals + 1, end);
        }
        self.chain(at, end, false).map_or(at + 1, |(_, after)| after)
    }

    fn bind(&mut self, name: &str, at: usize, end: usize) -> usize {
        if let Some(text) = self.tokens.literal(at)
            && self.tokens.get(at + 1).is_none_or(|next| next.first_on_line)
        {
            self.texts.insert(name.to_owned(), text);
            return at + 1;
        }
        self.texts.remove(name);
        let before = self.nodes.len();
        let start = at + usize::from(self.tokens.is(at, "&"));
        if let Some(kind) = self.type_of(start) {
            self.types.insert(name.to_owned(), kind);
        }
        match self.chain(start, end, true) {
            Some((node, after)) => {
                self.variables.insert(name.to_owned(), node);
                after
            }
            None => {
                self.nodes.truncate(before.max(self.nodes.len()));
                at
            }
        }
    }

    /// The type of `orders.NewHandler(…)` or `orders.Handler{…}`, as names of other files have it.
    fn type_of(&self, at: usize) -> Option<String> {
        let tokens = self.tokens;
        let mut end = at + 1;
        while tokens.is(end, ".") && tokens.word(end + 1).is_some() {
            end += 2;
        }
        let text = tokens.source(&(at..end));
        let behind = tokens.after(end);
        if tokens.is(end, "(") && !tokens.is(behind, ".") {
            return Some(format!("{text}()"));
        }
        tokens.is(end, "{").then(|| text.to_owned())
    }

    fn fresh(&mut self, certain: bool) -> usize {
        self.nodes.push(Node { certain, ..Node::default() });
        self.nodes.len() - 1
    }

    fn node(&mut self, at: usize) -> Option<&mut Node> {
        self.nodes.get_mut(at)
    }

    fn take(&mut self, outer: usize, prefix: &str, inner: usize, part: &Part) {
        if outer == inner {
            return;
        }
        if let Some(inner) = self.node(inner) {
            (inner.taken, inner.certain) = (true, true);
        }
        if let Some(outer) = self.node(outer) {
            outer.mounts.push((prefix.to_owned(), Target::Node(inner), part.clone()));
        }
    }

    /// A group of a router.
    fn child(&mut self, outer: usize, prefix: &str, part: &Part) -> usize {
        let (plain, own) = self.nodes.get(outer).map_or((false, false), |node| (node.plain, node.own));
        let child = self.fresh(true);
        if let Some(node) = self.node(child) {
            (node.plain, node.own) = (plain, own);
        }
        self.take(outer, prefix, child, part);
        child
    }

    /// The router that a whole argument is.
    fn value(&mut self, part: &Part, any: bool) -> Option<usize> {
        if self.depth > MOST_DEPTH {
            return None;
        }
        self.depth += 1;
        let start = part.start + usize::from(self.tokens.is(part.start, "&"));
        let found = self.chain(start, part.end, any);
        self.depth -= 1;
        found.filter(|(_, end)| *end >= part.end).map(|(node, _)| node)
    }

    /// What starts at a token as a chain of calls on a router, and where it ends. Where `any` is set, any
    /// call may give one.
    fn chain(&mut self, at: usize, end: usize, any: bool) -> Option<(usize, usize)> {
        let tokens = self.tokens;
        if at.checked_sub(1).is_some_and(|before| tokens.is(before, ".")) || self.depth > MOST_DEPTH {
            return None;
        }
        tokens.word(at)?;
        let mut names = vec![at];
        let mut next = at + 1;
        while tokens.is(next, ".") && tokens.word(next + 1).is_some() && next < end {
            names.push(next + 1);
            next += 2;
        }
        // The longest front that is a router.
        for count in (1..=names.len()).rev() {
            let front_end = names.get(count - 1)? + 1;
            let front = tokens.source(&(at..front_end));
            let method = names.get(count).and_then(|at| tokens.word(*at));
            let known = self.variables.get(front).copied();
            // A value whose own function adds routes: `h := orders.NewHandler(db)`, `h.Register(r)`.
            let known = known.filter(|node| {
                let certain = self.nodes.get(*node).is_some_and(|node| node.certain);
                certain || method.is_none_or(is_router_method)
            });
            let node = known.or_else(|| self.field(front, count, names.get(count).copied(), next));
            if let Some(node) = node {
                return Some(self.methods(node, front_end, end));
            }
        }
        let path = tokens.source(&(at..next));
        if tokens.is(next, "{") {
            // `orders.Handler{…}.Routes()`
            let after = tokens.after(next);
            let method =
                tokens.word(after + 1).filter(|_| tokens.is(after, ".") && tokens.is(after + 2, "("))?;
            let target = format!("{path}.{method}");
            return any
                .then(|| self.named(target, at..after + 2))
                .map(|node| (node, tokens.after(after + 2)));
        }
        if !tokens.is(next, "(") {
            return None;
        }
        let arguments = tokens.inside(next);
        let after = tokens.after(next);
        if let Some(node) = self.constructed(path, arguments.clone()) {
            return Some(self.methods(node, after, end));
        }
        self.called(at, path, arguments, any, after, end)
    }

    /// A field or a variable of the package that is a router by its type or its name, where a route is
    /// added to it.
    fn field(&mut self, front: &str, count: usize, method: Option<usize>, open: usize) -> Option<usize> {
        let tokens = self.tokens;
        let method = method.filter(|at| at + 1 == open && tokens.is(open, "("))?;
        let adds = verb(tokens.word(method)?).is_some()
            || matches!(
                tokens.word(method)?,
                "Route"
                    | "Group"
                    | "Mount"
                    | "Handle"
                    | "HandleFunc"
                    | "Method"
                    | "MethodFunc"
                    | "PathPrefix"
            );
        let arguments = tokens.arguments(tokens.inside(open));
        let first = arguments.first()?;
        let to_path = arguments.len() > 1 || matches!(tokens.word(method)?, "Group" | "PathPrefix");
        if !adds || !to_path || self.items.package(front).is_some() {
            return None;
        }
        let path = self.text(first).unwrap_or_default();
        let is_path = path.is_empty() || path.contains('/') || path.starts_with(UNKNOWN_FRONT);
        let last = front.rsplit('.').next().unwrap_or(front).to_lowercase();
        let by_name =
            ["router", "mux", "engine", "echo", "group", "routes"].iter().any(|sign| last.contains(sign));
        let kind = (count == 2).then(|| self.field_type(front)).flatten();
        let by_type = kind.as_ref().is_some_and(|kind| self.is_router_type(kind));
        if !is_path || !by_name && !by_type {
            return None;
        }
        let node = self.fresh(true);
        self.node(node)?.plain = kind.is_some_and(|kind| kind.ends_with("ServeMux"));
        self.variables.insert(front.to_owned(), node);
        Some(node)
    }

    /// The type of `s.router`.
    fn field_type(&self, front: &str) -> Option<String> {
        let (variable, field) = front.split_once('.')?;
        let owner = self.types.get(variable)?;
        let structure = self.items.structs.iter().find(|structure| structure.name == *owner)?;
        let field = structure.fields.iter().find(|f| f.name == field)?;
        Some(self.tokens.source(&field.kind).trim_start_matches('*').to_owned())
    }

    /// A router that is made here.
    fn constructed(&mut self, path: &str, arguments: Part) -> Option<usize> {
        let (package, name) = path.split_once('.')?;
        let import = self.items.package(package)?;
        let (_, framework) = FRAMEWORKS.iter().find(|(part, _)| import.contains(part))?;
        match (*framework, name) {
            ("net/http", "NewServeMux") => {
                let node = self.fresh(true);
                self.node(node)?.plain = true;
                Some(node)
            }
            ("net/http", "HandleFunc" | "Handle") => {
                let key = "http.DefaultServeMux".to_owned();
                let node = match self.variables.get(&key) {
                    Some(node) => *node,
                    None => self.fresh(true),
                };
                self.variables.insert(key, node);
                let default = self.node(node)?;
                (default.plain, default.is_application) = (true, true);
                self.method(node, name, self.tokens.arguments(arguments));
                Some(node)
            }
            ("net/http", _) => None,
            (_, "NewRouter" | "NewMux" | "New" | "Default") => Some(self.fresh(true)),
            _ => None,
        }
    }

    /// The call of a function of the repository: it may add to a router that it gets, or give one.
    fn called(
        &mut self,
        at: usize,
        path: &str,
        arguments: Part,
        any: bool,
        after: usize,
        end: usize,
    ) -> Option<(usize, usize)> {
        let package = path.split_once('.').and_then(|(package, _)| self.items.package(package));
        let foreign = package.is_some_and(|path| {
            !path.contains('/') && self.is_standard(path)
                || FRAMEWORKS.iter().any(|(part, _)| path.contains(part))
                || self.is_standard(path)
        });
        let arguments = self.tokens.arguments(arguments);
        let serves = path.contains("Serve") || path.ends_with(".Run");
        if foreign {
            // `http.ListenAndServe(":80", NewRouter())`, `http.StripPrefix("/api", mux)`.
            let mut found = None;
            for argument in &arguments {
                let hands_on = serves || path.ends_with(".StripPrefix");
                let Some(node) = self.value(argument, hands_on) else { continue };
                if serves && let Some(node) = self.node(node) {
                    (node.certain, node.is_application) = (true, true);
                }
                found = Some(node);
            }
            let whole = found.filter(|_| any && !serves).map(|node| (node, after));
            return whole.or(found.map(|node| (node, after)).filter(|_| serves));
        }
        let target = self.target(path);
        let mut adds = false;
        for argument in &arguments {
            let Some(node) = self.value(argument, false) else { continue };
            adds = true;
            if let Some(outer) = self.node(node) {
                outer.mounts.push((String::new(), Target::Name(target.clone()), at..after));
            }
        }
        if adds && !any {
            return Some((self.nodes.len().saturating_sub(1), after));
        }
        if !any {
            return None;
        }
        let node = self.named(target, at..after);
        Some(self.methods(node, after, end))
    }

    /// Packages of the language itself have no dot in the first part of their path; those of the
    /// repository that have none are told from them by being few.
    fn is_standard(&self, path: &str) -> bool {
        const STANDARD: [&str; 14] = [
            "fmt",
            "log",
            "log/slog",
            "net",
            "net/http",
            "net/http/httptest",
            "net/http/pprof",
            "os",
            "context",
            "time",
            "strings",
            "errors",
            "sync",
            "testing",
        ];
        STANDARD.contains(&path)
    }

    /// The name of a function as other files know it: a method of a variable has its type in front.
    fn target(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let kind = match parts.as_slice() {
            [variable, _] => self.types.get(*variable).cloned(),
            [variable, field, _] => self.field_type(&format!("{variable}.{field}")),
            _ => None,
        };
        match (kind, parts.last()) {
            (Some(kind), Some(method)) => format!("{kind}.{method}"),
            _ => path.to_owned(),
        }
    }

    /// The result of another function.
    fn named(&mut self, target: String, part: Part) -> usize {
        let node = self.fresh(false);
        if let Some(node) = self.node(node) {
            node.mounts.push((String::new(), Target::Name(target), part));
        }
        node
    }

    /// The calls behind a router; gives the last group of them and where they end.
    fn methods(&mut self, node: usize, from: usize, end: usize) -> (usize, usize) {
        let tokens = self.tokens;
        let (mut node, mut at) = (node, from);
        while at < end && tokens.is(at, ".") && tokens.is(at + 2, "(") {
            let Some(name) = tokens.word(at + 1) else { break };
            node = self.method(node, name, tokens.arguments(tokens.inside(at + 2)));
            at = tokens.after(at + 2);
        }
        (node, at)
    }

    fn method(&mut self, node: usize, name: &str, arguments: Vec<Part>) -> usize {
        match (name, arguments.as_slice()) {
            ("Route", [path, code, ..]) => {
                let prefix = self.prefix(path);
                match self.tokens.is(code.start, "func") {
                    true => {
                        let child = self.child(node, &prefix, path);
                        self.inside(child, code);
                    }
                    false => self.mount(node, &prefix, code, path),
                }
            }
            ("Group", [code]) if self.tokens.is(code.start, "func") => {
                let child = self.child(node, "", code);
                self.inside(child, code);
                return child;
            }
            ("Group" | "PathPrefix" | "Path", [path, ..]) => {
                let prefix = self.prefix(path);
                return self.child(node, &prefix, path);
            }
            ("Mount", [path, inner]) => {
                let prefix = self.prefix(path);
                self.mount(node, &prefix, inner, path);
            }
            ("Use", [path, inner]) if self.text(path).is_some() => {
                if let Some(inner) = self.value(inner, false) {
                    let prefix = self.prefix(path);
                    self.take(node, &prefix, inner, path);
                }
            }
            (
                "Handle" | "Method" | "MethodFunc" | "Add" | "HandlerFunc" | "Handler",
                [method, path, _, ..],
            ) if self.http_method(method).is_some() => {
                let methods = self.http_method(method).into_iter().collect();
                self.add(node, methods, path, "");
            }
            ("Match", [methods, path, _, ..]) => {
                let methods = self.http_methods(methods);
                self.add(node, methods, path, "");
            }
            ("Handle" | "HandleFunc", [path, handler, ..]) => self.handle(node, path, handler),
            // gorilla/mux: a path whose handler stands by itself.
            ("Handler" | "HandlerFunc", [handler]) => self.handler(node, handler),
            ("Methods", methods) => self.limit(node, methods),
            ("Any" | "All", [path, _, ..]) => self.add(node, vec![Method::Any], path, ""),
            ("Static" | "StaticFS", [path, _, ..]) => self.add(node, vec![Method::Get], path, "/{*path}"),
            ("Run" | "RunTLS" | "Start" | "StartTLS" | "Listen" | "ListenTLS", _) => {
                if let Some(node) = self.node(node) {
                    (node.certain, node.is_application) = (true, true);
                }
            }
            (_, [path, _, ..]) => {
                if let Some(method) = verb(name) {
                    self.add(node, vec![method], path, "");
                }
            }
            _ => {}
        }
        node
    }

    /// Reads a function that gets a router.
    fn inside(&mut self, node: usize, code: &Part) {
        let tokens = self.tokens;
        let Some(open) = tokens.find(code.start + 1..code.end, &["{"]) else { return };
        let body = tokens.inside(open);
        let parameters = items::parameters(tokens, tokens.inside(code.start + 1));
        if let Some((name, _)) = parameters.into_iter().next() {
            let before = self.variables.insert(name.clone(), node);
            self.scopes.push((body.end, name, before));
        }
        self.scan(body);
    }

    fn mount(&mut self, node: usize, prefix: &str, inner: &Part, place: &Part) {
        if let Some(inner) = self.value(inner, true) {
            return self.take(node, prefix, inner, place);
        }
        // A function that gets a router, or something that is not understood.
        let target = Target::Name(self.target(self.tokens.source(inner)));
        if let Some(node) = self.node(node) {
            node.mounts.push((prefix.to_owned(), target, place.clone()));
        }
    }

    /// `Handle("/orders/", …)` and `HandleFunc("GET /orders/{id}", …)`.
    fn handle(&mut self, node: usize, path: &Part, handler: &Part) {
        let Some(text) = self.text(path) else { return };
        let plain = self.nodes.get(node).is_some_and(|node| node.plain);
        let source = self.tokens.source(handler);
        let stripped = source.starts_with("http.StripPrefix(");
        // A call may give a handler or a router: its name tells.
        let name = source.split('(').next().unwrap_or("").to_lowercase();
        let gives = stripped || text.ends_with('/') && (name.contains("rout") || name.contains("mux"));
        let inner = self.value(handler, gives);
        if let Some(inner) = inner.filter(|inner| *inner != node) {
            // Without `StripPrefix` the inner router sees the whole path and tells it itself.
            let prefix =
                if stripped || !plain { text.trim_end_matches('/').to_owned() } else { String::new() };
            return self.take(node, &prefix, inner, path);
        }
        let (method, pattern) = match text.split_once([' ', '\t']) {
            Some((method, rest)) => (Method::from_name(method), rest.trim_start()),
            None => (Some(Method::Any), text.as_str()),
        };
        let Some(method) = method else { return };
        if !plain {
            return self.add(node, vec![method], path, "");
        }
        // A pattern may begin with a host.
        let pattern = pattern.find('/').and_then(|at| pattern.get(at..)).unwrap_or(pattern);
        let whole = match pattern.strip_suffix("{$}") {
            Some(exact) => exact.to_owned(),
            None if pattern.ends_with('/') => format!("{pattern}{{rest...}}"),
            None => pattern.to_owned(),
        };
        self.push(node, vec![method], whole, path);
    }

    fn handler(&mut self, node: usize, handler: &Part) {
        if let Some(inner) = self.value(handler, false).filter(|inner| *inner != node) {
            return self.take(node, "", inner, handler);
        }
        let methods = self.nodes.get(node).map(|node| node.methods.clone()).unwrap_or_default();
        let methods = if methods.is_empty() { vec![Method::Any] } else { methods };
        self.push(node, methods, String::new(), handler);
    }

    /// gorilla/mux: `.Methods("GET", http.MethodPost)` behind a route, or before its handler.
    fn limit(&mut self, node: usize, arguments: &[Part]) {
        let methods: Vec<Method> = arguments.iter().filter_map(|part| self.http_method(part)).collect();
        let Some(node) = self.node(node) else { return };
        match node.routes.get(node.last).cloned() {
            Some(route)
                if node.routes.len() == node.last + 1
                    && route.method == Method::Any
                    && !methods.is_empty() =>
            {
                node.routes.truncate(node.last);
                node.routes.extend(methods.into_iter().map(|method| RouteDecl { method, ..route.clone() }));
            }
            _ => node.methods = methods,
        }
    }

    fn add(&mut self, node: usize, methods: Vec<Method>, path: &Part, behind: &str) {
        match self.text(path) {
            Some(text) => {
                let own = self.nodes.get(node).is_some_and(|node| node.own);
                if !own || text.is_empty() || text.starts_with(['/', '{']) || text.starts_with(UNKNOWN_FRONT)
                {
                    self.push(node, methods, format!("{text}{behind}"), path);
                }
            }
            // A call gives the path: what is served below the router is then not known one by one.
            None if self.is_call(path) => self.push(node, methods, "/{rest...}".to_owned(), path),
            None => {}
        }
    }

    /// Whether an expression is the call of one function: `pathOf(Orders, "{id}")`.
    fn is_call(&self, part: &Part) -> bool {
        let open = self.tokens.find(part.clone(), &["("]);
        open.is_some_and(|open| open > part.start && self.tokens.after(open) == part.end)
    }

    fn push(&mut self, node: usize, methods: Vec<Method>, path: String, part: &Part) {
        let is_text = part.len() == 1 && self.tokens.get(part.start).is_some_and(|t| t.sort == Sort::Text);
        let range = if is_text { self.tokens.literal_range(part.start) } else { self.tokens.bytes(part) };
        let place = self.file.place(range);
        if let Some(node) = self.node(node) {
            node.last = node.routes.len();
            let decl = |method| RouteDecl { method, path: path.clone(), place: place.clone() };
            node.routes.extend(methods.into_iter().map(decl));
        }
    }

    fn prefix(&self, part: &Part) -> String {
        self.text(part).unwrap_or_else(|| UNKNOWN_FRONT.to_owned())
    }

    fn http_method(&self, part: &Part) -> Option<Method> {
        let last = part.end.checked_sub(1)?;
        let named =
            self.tokens.word(last).and_then(|word| word.strip_prefix("Method")).and_then(Method::from_name);
        named.or_else(|| Method::from_name(&self.text(part)?))
    }

    /// `[]string{"GET", http.MethodPost}`.
    fn http_methods(&self, part: &Part) -> Vec<Method> {
        let open = self.tokens.find(part.clone(), &["{"]).unwrap_or(part.end);
        let parts = self.tokens.arguments(self.tokens.inside(open));
        parts.iter().filter_map(|part| self.http_method(part)).collect()
    }

    /// A literal, a constant of this file, or several of them with `+`; a front that is not known is said
    /// to be so.
    fn text(&self, part: &Part) -> Option<String> {
        let tokens = self.tokens;
        if tokens.are(part.start, &["fmt", ".", "Sprintf", "("]) && tokens.after(part.start + 3) == part.end {
            let first = tokens.arguments(tokens.inside(part.start + 3)).into_iter().next()?;
            let form = tokens.literal(first.start)?;
            let rest = form.strip_prefix("%s").or_else(|| form.strip_prefix("%v"))?;
            return (!rest.contains('%')).then(|| format!("{UNKNOWN_FRONT}{rest}"));
        }
        if let Some(behind) = self.wrapped(part) {
            return Some(behind);
        }
        let mut out = String::new();
        let mut at = part.start;
        while at < part.end {
            let stop = tokens.find(at..part.end, &["+"]).unwrap_or(part.end);
            let named = |name| self.texts.get(name).or_else(|| self.items.constants.get(name)).cloned();
            let one = || tokens.literal(at).or_else(|| named(tokens.word(at)?));
            match one().filter(|_| stop == at + 1) {
                Some(text) => out.push_str(&text),
                None if out.is_empty() && stop < part.end => out.push_str(UNKNOWN_FRONT),
                None => return None,
            }
            at = stop + 1;
        }
        (part.start < part.end).then_some(out)
    }

    /// `versioned("/orders")`: what a function makes of a path ends with it, as far as is known.
    fn wrapped(&self, part: &Part) -> Option<String> {
        let open = self.tokens.find(part.clone(), &["("]).filter(|_| self.is_call(part))?;
        let inside = self.tokens.inside(open);
        let text = self.tokens.literal(inside.start).filter(|_| inside.len() == 1)?;
        (text.len() > 1 && text.starts_with('/')).then(|| format!("{UNKNOWN_FRONT}{text}"))
    }

    /// The routers with names by which others of the file and other files find them.
    fn finish(self) -> Vec<Router> {
        let returns = self.tokens.source(&self.function.returns);
        let mut kinds = returns.split(|c: char| !c.is_alphanumeric());
        let gives = kinds.any(|word| ROUTERS.contains(&word) || matches!(word, "Handler" | "HandlerFunc"));
        let free: Vec<usize> = (0..self.nodes.len())
            .filter(|at| Some(*at) != self.given)
            .filter(|at| self.nodes.get(*at).is_some_and(|n| !n.taken && (n.certain || gives)))
            .collect();
        let own_name = &self.function.name;
        // The router that has the function's own name.
        let own = match (self.given, free.as_slice()) {
            (Some(given), _) => Some(given),
            (None, [only]) if gives => Some(*only),
            _ => None,
        };
        let name_of = |at: usize| if Some(at) == own { own_name.clone() } else { format!("{own_name}'{at}") };
        let place = |part: &Part| -> CodePlace { self.file.place(self.tokens.bytes(part)) };
        let mut out = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if !node.taken && !free.contains(&at) && Some(at) != own {
                continue;
            }
            let mounts = node.mounts.iter().map(|(prefix, target, part)| {
                let target = match target {
                    Target::Node(inner) => name_of(*inner),
                    Target::Name(name) => name.clone(),
                };
                MountDecl::new(prefix.clone(), target, place(part))
            });
            let own_mounts = (Some(at) == own && gives).then_some(&free).into_iter().flatten();
            let own_mounts = own_mounts.filter(|inner| Some(**inner) != own);
            let at_name = self.function.at..self.function.at + 1;
            let own_mounts = own_mounts.map(|inner| MountDecl::new("", name_of(*inner), place(&at_name)));
            out.push(Router {
                name: name_of(at),
                prefix: node.prefix.clone(),
                routes: node.routes.clone(),
                mounts: mounts.chain(own_mounts).collect(),
                // What is neither given away nor taken in is served.
                is_application: node.is_application || free.contains(&at) && !gives,
                ..Router::default()
            });
        }
        if own.is_none() && gives && free.len() > 1 {
            let at_name = self.function.at..self.function.at + 1;
            let mounts = free.iter().map(|at| MountDecl::new("", name_of(*at), place(&at_name)));
            out.push(Router { name: own_name.clone(), mounts: mounts.collect(), ..Router::default() });
        }
        out
    }
}
