//! Routers that are put together by calls in a row: `Router::new().route("/x", get(h)).nest("/y", other())`.

use super::items::{Function, Items, after_angles};
use crate::tokens::{Part, Sort, Tokens};
use crate::{MountDecl, RouteDecl, Router, SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashMap;
use trueup_codebase::Method;

/// Calls in calls deeper than this are not followed.
const MOST_DEPTH: usize = 40;

/// What a router takes in.
enum Target {
    /// A router of this function.
    Node(usize),
    /// One that is called by its name.
    Name(String),
}

/// A router that is being put together.
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
}

/// The routers of one function.
pub(super) struct Chains<'a> {
    file: &'a SourceFile<'a>,
    tokens: &'a Tokens<'a>,
    items: &'a Items,
    function: &'a Function,
    nodes: Vec<Node>,
    variables: FxHashMap<String, usize>,
    depth: usize,
    /// Whether the file speaks of the configurations of actix-web.
    configures: bool,
}

/// Reads the routers of a function.
pub(super) fn read(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    items: &Items,
    function: &Function,
    configures: bool,
) -> Vec<Router> {
    let variables = FxHashMap::default();
    let mut chains =
        Chains { file, tokens, items, function, nodes: Vec::new(), variables, depth: 0, configures };
    chains.scan(function.body.clone());
    chains.finish()
}

impl Chains<'_> {
    /// Looks at all tokens of a part in order.
    fn scan(&mut self, part: Part) {
        self.depth += 1;
        let mut at = part.start;
        while at < part.end && self.depth <= MOST_DEPTH {
            at = self.step(at, part.end).max(at + 1);
        }
        self.depth -= 1;
    }

    /// Looks at what starts at a token; gives where to go on.
    fn step(&mut self, at: usize, end: usize) -> usize {
        let tokens = self.tokens;
        match tokens.word(at) {
            Some("fn") if tokens.word(at + 1).is_some() => {
                // A function in this one is read by itself.
                let open = tokens.find(at + 2..end, &["{", ";"]).unwrap_or(at);
                return tokens.after(open);
            }
            Some("let") => {
                let name = at + 1 + usize::from(tokens.is(at + 1, "mut"));
                let limit = tokens.find(name..end, &[";"]).unwrap_or(end);
                let typed = tokens.is(name + 1, ":");
                let equals = if typed { tokens.find(name..limit, &["="]) } else { Some(name + 1) };
                if let (Some(word), Some(equals)) = (tokens.word(name), equals)
                    && tokens.is(equals, "=")
                {
                    return self.bind(word, equals + 1..limit);
                }
            }
            Some("serve") if tokens.is(at + 1, "(") => {
                for argument in tokens.arguments(tokens.inside(at + 1)) {
                    if let Some(node) = self.value(argument, false)
                        && let Some(node) = self.nodes.get_mut(node)
                    {
                        (node.certain, node.is_application) = (true, true);
                    }
                }
                return tokens.after(at + 1);
            }
            Some(word) if tokens.is(at + 1, "=") && at.checked_sub(1).is_none_or(|b| !tokens.is(b, ".")) => {
                let limit = tokens.find(at + 2..end, &[";"]).unwrap_or(end);
                if self.variables.contains_key(word) {
                    return self.bind(word, at + 2..limit);
                }
            }
            Some(_) => {
                if let Some((_, after)) = self.chain(at, end, false) {
                    return after;
                }
            }
            None => {}
        }
        at + 1
    }

    /// A variable that gets a value; gives where to go on.
    fn bind(&mut self, name: &str, value: Part) -> usize {
        let start = value.start;
        if let Some(node) = self.value(value.clone(), true) {
            self.variables.insert(name.to_owned(), node);
            return value.end;
        }
        // A block or a condition may hold several, of which the variable gets any.
        let branches = matches!(self.tokens.word(start), Some("if" | "match")) || self.tokens.is(start, "{");
        if !branches {
            return start;
        }
        let before = self.nodes.len();
        self.scan(value.clone());
        let made: Vec<usize> = (before..self.nodes.len())
            .filter(|at| self.nodes.get(*at).is_some_and(|node| node.certain && !node.taken))
            .collect();
        if !made.is_empty() {
            let node = self.fresh(true);
            let known = self.variables.get(name).copied();
            made.into_iter().chain(known).for_each(|inner| self.take(node, String::new(), inner, &value));
            self.variables.insert(name.to_owned(), node);
        }
        value.end
    }

    fn fresh(&mut self, certain: bool) -> usize {
        self.nodes.push(Node { certain, ..Node::default() });
        self.nodes.len() - 1
    }

    fn take(&mut self, outer: usize, prefix: String, inner: usize, part: &Part) {
        if outer == inner {
            return;
        }
        if let Some(inner) = self.nodes.get_mut(inner) {
            (inner.taken, inner.certain) = (true, true);
        }
        if let Some(outer) = self.nodes.get_mut(outer) {
            outer.mounts.push((prefix, Target::Node(inner), part.clone()));
        }
    }

    /// The router that an expression is, where all of it is one chain of calls. Any call counts, as its
    /// use may show later that it is a router.
    fn value(&mut self, part: Part, whole: bool) -> Option<usize> {
        let mut start = part.start;
        while self.tokens.is(start, "&") || self.tokens.is(start, "mut") {
            start += 1;
        }
        if self.depth > MOST_DEPTH {
            return None;
        }
        self.depth += 1;
        let found = self.chain(start, part.end, true);
        self.depth -= 1;
        found.filter(|(_, end)| !whole || *end >= part.end).map(|(node, _)| node)
    }

    /// A chain of calls that starts at a token, and where it ends. Where `any` is set, any name or call
    /// may be a router.
    fn chain(&mut self, at: usize, end: usize, any: bool) -> Option<(usize, usize)> {
        let tokens = self.tokens;
        let inside_path = at.checked_sub(1).is_some_and(|b| tokens.is(b, ".") || tokens.is(b, "::"));
        if inside_path || self.depth > MOST_DEPTH {
            return None;
        }
        let (path, mut next) = self.path(at)?;
        let called = tokens.is(next, "(");
        let arguments = tokens.inside(next);
        let node = if called {
            let parts: Vec<&str> = path.split("::").collect();
            let after = tokens.after(next);
            let node = match self.constructed(&parts, arguments.clone()) {
                Some(node) => node,
                None => {
                    let certain = self.is_router_from(after, end, &path);
                    if !any && !certain {
                        return None;
                    }
                    // `Some(router)`, `Box::new(router)`.
                    if matches!(path.as_str(), "Some" | "Ok" | "Box::new" | "Arc::new") {
                        return self.value(arguments, true).map(|node| (node, after));
                    }
                    self.called(&path, arguments, certain, at..after)
                }
            };
            next = after;
            node
        } else if let Some(node) = self.variables.get(&path) {
            *node
        } else if self.is_router_from(next, end, "router") {
            let node = self.fresh(true);
            self.variables.insert(path, node);
            node
        } else if any && !tokens.is(next, "!") && !tokens.is(next, "{") {
            let node = self.fresh(false);
            let target = Target::Name(self.full_name(&path));
            self.nodes.get_mut(node)?.mounts.push((String::new(), target, at..next));
            node
        } else {
            return None;
        };
        Some((node, self.methods(node, next, end)))
    }

    /// A path at a token without its type arguments (`axum::Router::new`), or a field of `self`, and where
    /// it ends.
    fn path(&self, at: usize) -> Option<(String, usize)> {
        let tokens = self.tokens;
        let mut path = tokens.word(at)?.to_owned();
        let mut next = at + 1;
        while tokens.is(next, "::") {
            if tokens.is(next + 1, "<") {
                next = after_angles(tokens, next + 1);
            } else if let Some(word) = tokens.word(next + 1) {
                path.push_str("::");
                path.push_str(word);
                next += 2;
            } else {
                break;
            }
        }
        let owner = || self.function.owner.clone().unwrap_or_default();
        if let Some(rest) = path.strip_prefix("Self::") {
            return Some((format!("{}::{rest}", owner()), next));
        }
        if path == "self" && tokens.is(next, ".") {
            let word = tokens.word(next + 1)?;
            let front = if tokens.is(next + 2, "(") { format!("{}::", owner()) } else { "self.".to_owned() };
            return Some((front + word, next + 2));
        }
        Some((path, next))
    }

    /// A router that is made here.
    fn constructed(&mut self, parts: &[&str], arguments: Part) -> Option<usize> {
        let (last, front) = parts.split_last()?;
        let owner = front.last().copied().unwrap_or("");
        match *last {
            "new" | "default" | "with_openapi" if owner.ends_with("Router") => Some(self.fresh(true)),
            "new" if owner == "App" => Some(self.application()),
            "build" | "custom" | "ignite" if matches!(owner, "rocket" | "Rocket") => Some(self.application()),
            "scope" | "resource" if matches!(owner, "web" | "") => {
                let first = self.tokens.arguments(arguments).into_iter().next()?;
                let prefix = self.text(&first).unwrap_or_else(|| UNKNOWN_FRONT.to_owned());
                let node = self.fresh(true);
                self.nodes.get_mut(node)?.prefix = prefix;
                Some(node)
            }
            _ => None,
        }
    }

    fn application(&mut self) -> usize {
        let node = self.fresh(true);
        if let Some(node) = self.nodes.get_mut(node) {
            node.is_application = true;
        }
        node
    }

    /// The result of another function, which may have got a router of this one.
    fn called(&mut self, path: &str, arguments: Part, certain: bool, part: Part) -> usize {
        let node = self.fresh(certain);
        let target = Target::Name(self.full_name(path));
        if let Some(node) = self.nodes.get_mut(node) {
            node.mounts.push((String::new(), target, part));
        }
        for argument in self.tokens.arguments(arguments) {
            // `HttpServer::new(move || App::new()…)`: a router is made inside, not handed on.
            if ["move", "async", "|", "||"].iter().any(|word| self.tokens.is(argument.start, word)) {
                self.scan(argument);
                continue;
            }
            let name = self.tokens.word(argument.start).unwrap_or("");
            self.depth += 1;
            let found = self.chain(argument.start, argument.end, false);
            self.depth -= 1;
            let Some((inner, end)) = found else { continue };
            let certain = self.nodes.get(inner).is_some_and(|node| node.certain);
            if end >= argument.end && (certain || name.contains("app") || name.contains("rout")) {
                self.take(node, String::new(), inner, &argument);
            }
        }
        node
    }

    /// A function's name with the module of this file that it is called from, where it stands there.
    fn full_name(&self, path: &str) -> String {
        let path = path.strip_prefix("self::").unwrap_or(path);
        let mut modules = self.function.modules.as_slice();
        while !modules.is_empty() {
            let full = format!("{}::{path}", modules.join("::"));
            if self.items.functions.iter().any(|function| function.name == full) {
                return full;
            }
            modules = modules.get(..modules.len() - 1).unwrap_or(&[]);
        }
        path.to_owned()
    }

    /// Whether the calls that follow are those of a router.
    fn is_router_from(&self, at: usize, end: usize, name: &str) -> bool {
        let tokens = self.tokens;
        let mut next = at;
        while next < end {
            if tokens.is(next, "?") || tokens.is(next, ".") && tokens.is(next + 1, "await") {
                next += 1 + usize::from(tokens.is(next, "."));
                continue;
            }
            if !tokens.is(next, ".") || !tokens.is(next + 2, "(") {
                return false;
            }
            let arguments = tokens.arguments(tokens.inside(next + 2));
            let to_path = || arguments.len() == 2 && arguments.first().is_some_and(|a| self.is_path(a));
            let found = match tokens.word(next + 1) {
                Some("route" | "nest" | "nest_service" | "route_service" | "api_route") => to_path(),
                Some("into_make_service" | "into_make_service_with_connect_info") => true,
                Some("merge") => arguments.len() == 1 && (name.contains("rout") || name.contains("app")),
                Some("service" | "configure") => arguments.len() == 1 && self.configures,
                _ => false,
            };
            if found {
                return true;
            }
            next = tokens.after(next + 2);
        }
        false
    }

    fn is_path(&self, part: &Part) -> bool {
        self.text(part).is_some_and(|text| {
            text.is_empty()
                    || text.starts_with('/')
                    || text.starts_with(UNKNOWN_FRONT)
                    // actix-web puts the first slash itself.
                    || self.configures && text.contains('/') && !text.contains([' ', ':'])
        })
    }

    /// The calls behind a router; gives where they end.
    fn methods(&mut self, node: usize, from: usize, end: usize) -> usize {
        let tokens = self.tokens;
        let mut at = from;
        while at < end {
            if tokens.is(at, "?") {
                at += 1;
                continue;
            }
            let Some(name) = tokens.word(at + 1).filter(|_| tokens.is(at, ".")) else { break };
            let mut open = at + 2;
            if tokens.is(open, "::") {
                open = after_angles(tokens, open + 1);
            }
            if name != "await" && !tokens.is(open, "(") {
                break;
            }
            if name == "await" {
                at += 2;
                continue;
            }
            self.method(node, name, tokens.arguments(tokens.inside(open)));
            at = tokens.after(open);
        }
        at
    }

    fn method(&mut self, node: usize, name: &str, arguments: Vec<Part>) {
        match (name, arguments.as_slice()) {
            ("route" | "api_route", [path, handlers]) => {
                let methods = methods_of(self.tokens, handlers.clone());
                self.routes(node, path, methods, "");
            }
            // actix-web's resource.
            ("route", [handlers]) => {
                for method in methods_of(self.tokens, handlers.clone()) {
                    self.add(node, method, String::new(), handlers);
                }
            }
            ("to", [handler]) => self.add(node, Method::Any, String::new(), handler),
            ("route_service", [path, _]) => self.routes(node, path, vec![Method::Any], ""),
            ("nest_service", [path, inner]) if !self.is_known(inner) => {
                self.routes(node, path, vec![Method::Any], "/{*rest}");
            }
            ("nest" | "nest_service" | "nest_api_service", [path, inner]) => {
                let prefix = self.text(path).unwrap_or_else(|| UNKNOWN_FRONT.to_owned());
                self.mount(node, &prefix, inner);
            }
            ("merge", [inner]) => self.mount(node, "", inner),
            ("service", [inner]) => self.service(node, inner),
            ("configure", [inner]) if self.tokens.is(inner.start, "|") => {
                if let Some(name) = self.tokens.word(inner.start + 1) {
                    let before = self.variables.insert(name.to_owned(), node);
                    self.scan(inner.start + 2..inner.end);
                    match before {
                        Some(before) => self.variables.insert(name.to_owned(), before),
                        None => self.variables.remove(name),
                    };
                }
            }
            ("configure", [inner]) => self.mount(node, "", inner),
            ("mount", [path, list]) => {
                let prefix = self.text(path).unwrap_or_else(|| UNKNOWN_FRONT.to_owned());
                self.listed(node, &prefix, list);
            }
            ("routes", [list]) => self.listed(node, "", list),
            _ => {}
        }
    }

    /// Whether a part is a router and not a service of another kind.
    fn is_known(&self, part: &Part) -> bool {
        let Some((path, next)) = self.path(part.start) else { return false };
        self.variables.contains_key(&path)
            || path.contains("Router::")
            || self.tokens.is(next, "(") && (path.contains("rout") || path.ends_with("app"))
    }

    /// What `.service(…)` of actix-web takes: a scope, a resource, a handler, some of them, or files.
    fn service(&mut self, node: usize, inner: &Part) {
        if self.tokens.is(inner.start, "(") {
            for part in self.tokens.arguments(self.tokens.inside(inner.start)) {
                self.mount(node, "", &part);
            }
            return;
        }
        match self.path(inner.start) {
            Some((path, next)) if path.ends_with("Files::new") => {
                if let Some(first) = self.tokens.arguments(self.tokens.inside(next)).first() {
                    self.routes(node, first, vec![Method::Any], "/{*path}");
                }
            }
            _ => self.mount(node, "", inner),
        }
    }

    fn mount(&mut self, node: usize, prefix: &str, inner: &Part) {
        match self.value(inner.clone(), true) {
            Some(target) => self.take(node, prefix.to_owned(), target, inner),
            None => {
                // Not understood, and said so: whose routes these are is then not known.
                let target = Target::Name(format!("({})", self.tokens.text(inner.start)));
                if let Some(node) = self.nodes.get_mut(node) {
                    node.mounts.push((prefix.to_owned(), target, inner.clone()));
                }
            }
        }
    }

    /// `routes![list, orders::create]`.
    fn listed(&mut self, node: usize, prefix: &str, list: &Part) {
        let Some(open) = list.clone().find(|at| self.tokens.get(*at).is_some_and(|t| t.sort == Sort::Open))
        else {
            return;
        };
        for part in self.tokens.arguments(self.tokens.inside(open)) {
            if let Some((path, _)) = self.path(part.start) {
                let target = Target::Name(self.full_name(&path));
                if let Some(node) = self.nodes.get_mut(node) {
                    node.mounts.push((prefix.to_owned(), target, part));
                }
            }
        }
    }

    fn routes(&mut self, node: usize, path: &Part, methods: Vec<Method>, behind: &str) {
        if let Some(text) = self.text(path) {
            for method in methods {
                self.add(node, method, format!("{text}{behind}"), path);
            }
        }
    }

    fn add(&mut self, node: usize, method: Method, path: String, part: &Part) {
        let place = self.file.place(self.place_of(part));
        if let Some(node) = self.nodes.get_mut(node) {
            node.routes.push(RouteDecl { method, path, place });
        }
    }

    fn place_of(&self, part: &Part) -> std::ops::Range<usize> {
        match part.len() == 1 && self.tokens.get(part.start).is_some_and(|t| t.sort == Sort::Text) {
            true => self.tokens.literal_range(part.start),
            false => self.tokens.bytes(part),
        }
    }

    fn text(&self, part: &Part) -> Option<String> {
        text_value(self.tokens, &self.items.constants, part)
    }

    /// The routers with names by which others of the file and other files find them.
    fn finish(self) -> Vec<Router> {
        let returns = self.tokens.source(&self.function.returns);
        let gives_router = ["Router", "Scope", "Rocket"].iter().any(|name| returns.contains(name))
            || returns.contains("App<")
            || self.function.body.is_empty();
        // A function that adds to what it is given.
        let configures = self.configures && returns.is_empty();
        let free: Vec<usize> = (0..self.nodes.len())
            .filter(|at| self.nodes.get(*at).is_some_and(|n| !n.taken && (n.certain || gives_router)))
            .collect();
        let own_name = &self.function.name;
        let whole = if let [only] = free.as_slice() { Some(*only) } else { None };
        let name_of = |at: usize| match Some(at) == whole {
            true => own_name.clone(),
            false => format!("{own_name}'{at}"),
        };
        let place = |part: &Part| self.file.place(self.tokens.bytes(part));
        let mut out = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if !node.taken && !free.contains(&at) {
                continue;
            }
            let mounts = node.mounts.iter().map(|(prefix, target, part)| {
                MountDecl::new(
                    prefix.clone(),
                    match target {
                        Target::Node(inner) => name_of(*inner),
                        Target::Name(name) => name.clone(),
                    },
                    place(part),
                )
            });
            out.push(Router {
                name: name_of(at),
                prefix: node.prefix.clone(),
                routes: node.routes.clone(),
                mounts: mounts.collect(),
                // What is neither given away nor taken in is served.
                is_application: node.is_application || !node.taken && !gives_router && !configures,
                ..Router::default()
            });
        }
        if whole.is_none() && (gives_router || configures) && !free.is_empty() {
            let mounts = free.iter().map(|at| {
                MountDecl::new(
                    String::new(),
                    name_of(*at),
                    self.file.place(self.tokens.bytes(&(self.function.at..self.function.at + 1))),
                )
            });
            out.push(Router { name: own_name.clone(), mounts: mounts.collect(), ..Router::default() });
        }
        out
    }
}

/// The methods that a handler is for: `get(a).post(b)`, `web::get().to(h)`, `on(MethodFilter::GET, h)`.
fn methods_of(tokens: &Tokens<'_>, part: Part) -> Vec<Method> {
    let mut out = Vec::new();
    let mut at = part.start;
    while at < part.end {
        if let Some(word) = tokens.word(at).filter(|_| tokens.is(at + 1, "(") || tokens.is(at + 2, "<")) {
            let plain = word.strip_suffix("_service").or_else(|| word.strip_suffix("_with")).unwrap_or(word);
            match plain {
                "any" => out.push(Method::Any),
                "on" | "method" => {
                    let first = tokens.arguments(tokens.inside(at + 1)).into_iter().next();
                    out.extend(first.into_iter().flatten().filter_map(|at| {
                        tokens.word(at).filter(|w| *w == w.to_uppercase()).and_then(Method::from_name)
                    }));
                }
                _ => out.extend(Method::from_name(plain).filter(|_| plain == plain.to_lowercase())),
            }
        }
        at = tokens.after(at);
    }
    if out.is_empty() {
        out.push(Method::Any);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The text that an expression is: a literal, a constant of this file, or a `format!` of them. A front
/// that is not known is said to be so.
pub(super) fn text_value(
    tokens: &Tokens<'_>,
    constants: &FxHashMap<String, String>,
    part: &Part,
) -> Option<String> {
    let mut start = part.start;
    while tokens.is(start, "&") {
        start += 1;
    }
    if tokens.is(start, "format") && tokens.is(start + 1, "!") {
        return format_value(tokens, constants, tokens.arguments(tokens.inside(start + 2)));
    }
    if start + 1 != part.end {
        return None;
    }
    tokens.literal(start).or_else(|| constants.get(tokens.word(start)?).cloned())
}

fn format_value(
    tokens: &Tokens<'_>,
    constants: &FxHashMap<String, String>,
    arguments: Vec<Part>,
) -> Option<String> {
    let (form, values) = arguments.split_first()?;
    let form = tokens.literal(form.start).filter(|_| form.len() == 1)?;
    let mut values = values.iter().map(|part| text_value(tokens, constants, part));
    let mut out = String::new();
    let mut rest = form.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(rest.get(..at)?);
        let (mark, behind) = (rest.get(at..at + 1)?, rest.get(at + 1..)?);
        if let Some(behind) = behind.strip_prefix(mark) {
            out.push_str(mark);
            rest = behind;
            continue;
        }
        let (name, behind) = behind.split_once('}')?;
        let value = if name.is_empty() { values.next().flatten() } else { constants.get(name).cloned() };
        match value {
            Some(value) => out.push_str(&value),
            None if out.is_empty() => out.push_str(UNKNOWN_FRONT),
            None => return None,
        }
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}
