//! Routes of Rails.

use super::syntax::{
    Field, Kind, Node, literals, option, pair, pairs, parameter, path_with, positional, statements,
};
use super::tree::all;
use crate::routes::{Resolved, RouteAdapter};
use crate::{Language, MountDecl, RouteDecl, RouteFacts, Router, SourceFile, UNKNOWN_FRONT};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use trueup_codebase::Method;

/// Blocks nested deeper than this say nothing here.
const MOST_LEVELS: usize = 32;
/// No file has more routes; concerns that take each other in would.
const MOST_ROUTES: usize = 20_000;
/// What a target of `draw(:admin)` begins with, so that it is told from an engine.
const DRAWN: &str = "draw ";

/// Rails.
pub(crate) struct Rails;

impl RouteAdapter for Rails {
    fn name(&self) -> &'static str {
        "Rails"
    }
    fn reads(&self, language: Language) -> bool {
        language == Language::Ruby
    }
    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        is_drawn(&file.path) || file.name() == "routes.rb" || file.has_any(&["outes.draw"])
    }
    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let mut reader = Reader {
            file,
            router: Router::default(),
            concerns: FxHashMap::default(),
            values: Vec::new(),
            rounds: 0,
            drawn: false,
        };
        let root = file.ruby();
        reader.find_draws(root);
        if !reader.drawn && is_drawn(&file.path) {
            reader.statements(&statements(root), &Scope::default(), 0);
        }
        let says = reader.drawn || is_drawn(&file.path);
        says.then(|| RouteFacts {
            path: Arc::clone(&file.path),
            framework: self.name(),
            routers: vec![reader.router],
            ..RouteFacts::default()
        })
    }
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        let found = match module.strip_prefix(DRAWN) {
            Some(name) => drawn_file(from, name, paths),
            None => engine_file(module, paths),
        };
        found.map(|at| Resolved { files: vec![at], name: None })
    }
}

/// Whether a file is one that `draw` takes in.
fn is_drawn(path: &str) -> bool {
    path.starts_with("config/routes/") || path.contains("/config/routes/")
}

/// The file of `draw(:admin)`: `config/routes/admin.rb`.
fn drawn_file(from: &str, name: &str, paths: &[&str]) -> Option<usize> {
    let root = match from.find("config/routes/") {
        Some(at) => from.get(..at)?,
        None => from.strip_suffix("config/routes.rb")?,
    };
    paths.binary_search(&format!("{root}config/routes/{name}.rb").as_str()).ok()
}

/// The routes of an engine, by the place of its class: `lib/billing/engine.rb` for `Billing::Engine`.
fn engine_file(class: &str, paths: &[&str]) -> Option<usize> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_');
    if !class.contains("::") || !class.chars().all(is_name) {
        return None;
    }
    let file: Vec<String> = class.split("::").filter(|part| !part.is_empty()).map(underscored).collect();
    let tail = format!("lib/{}.rb", file.join("/"));
    let root = paths.iter().find_map(|path| {
        let root = path.strip_suffix(tail.as_str())?;
        (root.is_empty() || root.ends_with('/')).then_some(root)
    })?;
    paths.binary_search(&format!("{root}config/routes.rb").as_str()).ok()
}

fn underscored(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && out.ends_with(|before: char| before.is_lowercase() || before.is_ascii_digit())
        {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Where a line of routes stands.
#[derive(Clone, Default)]
struct Scope {
    /// The path in front of what is declared right here.
    prefix: String,
    /// The path without the resources around, for shallow ones.
    outside: String,
    /// The resources right around.
    resources: Option<Resources>,
    shallow: bool,
}

/// The resources around a line.
#[derive(Clone)]
struct Resources {
    /// `/orders`.
    collection: String,
    /// `/orders/:id`, or `/profile` where there is one only.
    member: String,
}

impl Scope {
    /// Below another part of the path.
    fn below(&self, part: &str) -> Scope {
        let shallow = self.shallow;
        Scope {
            prefix: joined(&self.prefix, part),
            outside: joined(&self.outside, part),
            resources: None,
            shallow,
        }
    }

    /// The same place with another path, no resources around.
    fn at(&self, prefix: &str) -> Scope {
        Scope {
            prefix: prefix.to_owned(),
            outside: self.outside.clone(),
            resources: None,
            shallow: self.shallow,
        }
    }
}

fn joined(front: &str, part: &str) -> String {
    if part.starts_with(UNKNOWN_FRONT) {
        return part.to_owned();
    }
    let part = part.trim_matches('/');
    match part.is_empty() {
        true => front.to_owned(),
        // An optional part brings its own slash.
        false if part.starts_with("(/") => format!("{front}{part}"),
        false => format!("{front}/{part}"),
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    router: Router,
    concerns: FxHashMap<String, Node<'r>>,
    /// The parameters of the loops around, with their values.
    values: Vec<(&'r str, String)>,
    /// How often the lines of loops were read.
    rounds: usize,
    /// Whether a list of routes was found.
    drawn: bool,
}

impl<'r> Reader<'r, '_> {
    /// Finds `Rails.application.routes.draw do`, wherever it stands.
    fn find_draws(&mut self, root: Node<'r>) {
        let mut end = 0;
        for node in all(root).filter(|node| node.is(Kind::Call)) {
            if node.range().start < end || method(node) != "draw" {
                continue;
            }
            let receiver = node.child(Field::Receiver).map_or("", Node::text);
            if let Some(block) = node.child(Field::Block).filter(|_| receiver.ends_with("outes")) {
                self.drawn = true;
                self.router.is_application |= !receiver.contains("Engine");
                self.statements(&statements(block), &Scope::default(), 0);
                end = node.range().end;
            }
        }
    }

    fn literal(&self, node: Node<'r>) -> Option<String> {
        self.path(node).filter(|found| !found.starts_with(UNKNOWN_FRONT))
    }

    /// A path, with the values of the loops around.
    fn path(&self, node: Node<'r>) -> Option<String> {
        let value = |name: &str| {
            let known = self.values.iter().rev().find(|(parameter, _)| *parameter == name);
            known.map(|(_, value)| value.clone())
        };
        path_with(node, &value)
    }

    /// The names among the arguments of a call.
    fn names(&self, call: Node<'r>) -> Vec<String> {
        positional(call).into_iter().filter_map(|node| self.literal(node)).collect()
    }

    fn text_option(&self, call: Node<'r>, name: &str) -> Option<String> {
        option(call, name).and_then(|node| self.literal(node))
    }

    fn statements(&mut self, nodes: &[Node<'r>], scope: &Scope, depth: usize) {
        if depth > MOST_LEVELS || self.router.routes.len() > MOST_ROUTES {
            return;
        }
        for node in nodes {
            match node.kind() {
                Kind::Call => {
                    self.call(*node, scope, depth);
                }
                Kind::ConditionBehind => {
                    let body: Vec<Node<'r>> = node.child(Field::Body).into_iter().collect();
                    self.statements(&body, scope, depth + 1);
                }
                Kind::Condition | Kind::Begin | Kind::Parentheses => {
                    self.statements(&statements(*node), scope, depth + 1);
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, call: Node<'r>, scope: &Scope, depth: usize) {
        if let Some(block) = call.child(Field::Block) {
            self.statements(&statements(block), scope, depth + 1);
        }
    }

    fn call(&mut self, call: Node<'r>, scope: &Scope, depth: usize) -> Option<()> {
        let method = method(call);
        match method {
            "resources" | "resource" => {
                for name in self.names(call) {
                    self.resources(call, &name, method == "resource", scope, depth);
                }
            }
            "namespace" => {
                let name = positional(call).first().and_then(|node| self.path(*node));
                let name = self.text_option(call, "path").or(name)?;
                self.block(call, &scope.below(&name), depth);
            }
            "scope" => {
                let inner = self.scope(call, scope);
                self.block(call, &inner, depth);
            }
            "shallow" => self.block(call, &Scope { shallow: true, ..scope.clone() }, depth),
            "member" | "collection" | "new" => {
                let around = scope.resources.as_ref()?;
                let inner = match method {
                    "member" => scope.at(&around.member),
                    "collection" => scope.at(&around.collection),
                    _ => scope.at(&format!("{}/new", around.collection)),
                };
                self.block(call, &inner, depth);
            }
            "concern" => {
                let name = positional(call).first().and_then(|node| self.literal(*node))?;
                self.concerns.insert(name, call);
            }
            "concerns" => {
                for node in positional(call) {
                    self.take_concerns(node, scope, depth);
                }
            }
            "root" => self.add(Method::Get, &scope.prefix, call),
            "match" => {
                let methods = self.via(call);
                self.verb(call, &methods, scope);
            }
            "mount" => self.mount(call, scope)?,
            "draw" => {
                let name = positional(call).first().and_then(|node| self.literal(*node))?;
                for prefix in variants(&scope.prefix) {
                    let place = self.file.place(call.range());
                    self.router.mounts.push(MountDecl::new(prefix, format!("{DRAWN}{name}"), place));
                }
            }
            // A library draws its own routes below the name.
            "devise_for" => {
                for name in self.names(call) {
                    let name = self.text_option(call, "path").unwrap_or(name);
                    self.add(Method::Any, &format!("{}/*rest", joined(&scope.prefix, &name)), call);
                }
            }
            "each" => self.each(call, scope, depth),
            // Helpers for addresses, and what belongs to other languages.
            "direct" | "resolve" => {}
            name => match Method::from_name(name) {
                Some(verb) => self.verb(call, &[verb], scope),
                // Whatever else has a block (`constraints`, `authenticate`, `each`) changes no path.
                None => self.block(call, scope, depth),
            },
        }
        Some(())
    }

    /// `%w[open closed].each do |state| … end`: its lines once for each of the values.
    fn each(&mut self, call: Node<'r>, scope: &Scope, depth: usize) {
        let list =
            call.child(Field::Receiver).filter(|list| matches!(list.kind(), Kind::Array | Kind::Words));
        let values = list.and_then(|list| literals(list));
        let name = call.child(Field::Block).and_then(parameter);
        let (Some(values), Some(name)) = (values, name) else { return self.block(call, scope, depth) };
        for value in values {
            self.rounds += 1;
            if self.rounds > MOST_ROUTES {
                return;
            }
            self.values.push((name, value));
            self.block(call, scope, depth);
            self.values.pop();
        }
    }

    fn scope(&self, call: Node<'r>, scope: &Scope) -> Scope {
        let mut parts: Vec<Option<String>> =
            positional(call).into_iter().map(|node| self.path(node)).collect();
        parts.extend(option(call, "path").map(|node| self.path(node)));
        let mut out = scope.clone();
        for part in parts {
            out = out.below(&part.unwrap_or_else(|| UNKNOWN_FRONT.to_owned()));
        }
        out.shallow |= self.is_true(call, "shallow");
        // Inside resources a scope without a path leaves them around.
        out
    }

    fn is_true(&self, call: Node<'r>, name: &str) -> bool {
        option(call, name).is_some_and(|node| node.is(Kind::True))
    }

    fn resources(&mut self, call: Node<'r>, name: &str, is_single: bool, scope: &Scope, depth: usize) {
        let part = option(call, "path").map_or_else(|| Some(name.to_owned()), |node| self.path(node));
        let Some(part) = part else { return };
        let shallow = scope.shallow || self.is_true(call, "shallow");
        let collection = joined(&scope.prefix, &part);
        // Whether resources are around: only then is a shallow one elsewhere.
        let front = match shallow && scope.prefix != scope.outside {
            true => joined(&scope.outside, &part),
            false => collection.clone(),
        };
        let parameter = self.text_option(call, "param").unwrap_or_else(|| "id".to_owned());
        let (member, nested) = match is_single {
            true => (collection.clone(), collection.clone()),
            false => (
                format!("{front}/:{parameter}"),
                format!("{front}/:{}_{parameter}", singular(name.rsplit('/').next().unwrap_or(name))),
            ),
        };
        for (method, path) in self.actions(call, is_single, &collection, &member) {
            self.add(method, &path, call);
        }
        let inner = Scope {
            prefix: nested,
            outside: scope.outside.clone(),
            resources: Some(Resources { collection, member }),
            shallow,
        };
        if let Some(concerns) = option(call, "concerns") {
            self.take_concerns(concerns, &inner, depth);
        }
        self.block(call, &inner, depth);
    }

    /// What resources answer, as their options allow; nothing where these are not known.
    fn actions(
        &self,
        call: Node<'r>,
        is_single: bool,
        collection: &str,
        member: &str,
    ) -> Vec<(Method, String)> {
        let list = |name: &str| option(call, name).map(|node| literals(node));
        let (only, except) = (list("only"), list("except"));
        if matches!(only, Some(None)) || matches!(except, Some(None)) {
            return Vec::new();
        }
        let (only, except) = (only.flatten(), except.flatten());
        let named = |action: &str| {
            let names = option(call, "path_names").into_iter().flat_map(Node::children).filter_map(pair);
            let mut own = names.filter_map(|(key, value)| {
                let is_it = self.literal(key).is_some_and(|key| key == action);
                is_it.then(|| self.literal(value)).flatten()
            });
            own.next().unwrap_or_else(|| action.to_owned())
        };
        let all = [
            ("index", Method::Get, collection.to_owned()),
            ("create", Method::Post, collection.to_owned()),
            ("new", Method::Get, format!("{collection}/{}", named("new"))),
            ("edit", Method::Get, format!("{member}/{}", named("edit"))),
            ("show", Method::Get, member.to_owned()),
            ("update", Method::Patch, member.to_owned()),
            ("update", Method::Put, member.to_owned()),
            ("destroy", Method::Delete, member.to_owned()),
        ];
        let has =
            |list: &Option<Vec<String>>, action: &str| list.as_ref().map(|l| l.iter().any(|a| a == action));
        let wanted = |action: &str| {
            !(is_single && action == "index")
                && has(&only, action).unwrap_or(true)
                && !has(&except, action).unwrap_or(false)
        };
        all.into_iter()
            .filter(|(action, ..)| wanted(action))
            .map(|(_, method, path)| (method, path))
            .collect()
    }

    fn take_concerns(&mut self, names: Node<'r>, scope: &Scope, depth: usize) {
        for name in literals(names).unwrap_or_default() {
            if let Some(concern) = self.concerns.get(&name).copied() {
                self.block(concern, scope, depth + 1);
            }
        }
    }

    /// The methods of `match`.
    fn via(&self, call: Node<'r>) -> Vec<Method> {
        let names = option(call, "via").and_then(|node| literals(node)).unwrap_or_default();
        let methods: Vec<Method> = names.iter().filter_map(|name| Method::from_name(name)).collect();
        if methods.is_empty() { vec![Method::Any] } else { methods }
    }

    /// `get "/orders", to: "orders#index"`, `get "orders" => "orders#index"`, `get :preview, on: :member`.
    fn verb(&mut self, call: Node<'r>, methods: &[Method], scope: &Scope) {
        // A request in a test or a call on something else is no route.
        if call.child(Field::Receiver).is_some() && !self.is_mapper(call) {
            return;
        }
        let on = self.text_option(call, "on");
        let front = match (&scope.resources, on.as_deref()) {
            (Some(around), Some("member")) => around.member.clone(),
            (Some(around), Some("collection")) => around.collection.clone(),
            (Some(around), Some("new")) => format!("{}/new", around.collection),
            _ => scope.prefix.clone(),
        };
        let mut paths: Vec<String> =
            positional(call).into_iter().filter_map(|node| self.path(node)).collect();
        let keys = pairs(call).into_iter().filter(|(key, _)| key.is(Kind::Text));
        paths.extend(keys.filter_map(|(key, _)| self.path(key)));
        if let Some(given) = option(call, "path").and_then(|node| self.path(node)) {
            paths = vec![given];
        }
        for path in paths {
            for method in methods {
                self.add(*method, &joined(&front, &path), call);
            }
        }
    }

    /// Whether a call is on the parameter of a block, as in `with_options … do |options|`.
    fn is_mapper(&self, call: Node<'r>) -> bool {
        call.child(Field::Receiver)
            .is_some_and(|receiver| matches!(receiver.kind(), Kind::Identifier | Kind::SelfWord))
    }

    /// `mount Billing::Engine => "/billing"`, `mount Billing::Engine, at: "/billing"`.
    fn mount(&mut self, call: Node<'r>, scope: &Scope) -> Option<()> {
        let is_engine = |node: &Node<'r>| !matches!(node.kind(), Kind::Label | Kind::Symbol);
        let keyed = pairs(call).into_iter().find(|(key, _)| is_engine(key));
        let (engine, path_node) = match keyed {
            Some(pair) => pair,
            None => (positional(call).first().copied()?, option(call, "at")?),
        };
        let part = self.path(path_node)?;
        for prefix in variants(&joined(&scope.prefix, &part)) {
            let place = self.file.place(call.range());
            let mut mount = MountDecl::new(prefix, engine.text(), place.clone());
            mount.otherwise = vec![RouteDecl { method: Method::Any, path: "/*rest".to_owned(), place }];
            self.router.mounts.push(mount);
        }
        Some(())
    }

    fn add(&mut self, method: Method, path: &str, node: Node<'r>) {
        if self.router.routes.len() > MOST_ROUTES {
            return;
        }
        let place = self.file.place(node.range());
        for path in variants(path) {
            self.router.routes.push(RouteDecl { method, path, place: place.clone() });
        }
    }
}

fn method(call: Node<'_>) -> &str {
    call.child(Field::Method).map_or("", Node::text)
}

/// A path with and without each of its optional parts; that of the format goes.
fn variants(path: &str) -> Vec<String> {
    const MOST: usize = 8;
    let mut out = Vec::new();
    let mut open = vec![path.replace("(.:format)", "")];
    while let Some(path) = open.pop() {
        // The innermost brackets are the last that open before the first that close.
        let close = path.find(')');
        let start = close.and_then(|close| path.get(..close)?.rfind('('));
        match (start, close) {
            (Some(start), Some(close)) if open.len() + out.len() < MOST => {
                let (front, inner, end) =
                    (path.get(..start), path.get(start + 1..close), path.get(close + 1..));
                if let (Some(front), Some(inner), Some(end)) = (front, inner, end) {
                    open.push(format!("{front}{inner}{end}"));
                    open.push(format!("{front}{end}"));
                }
            }
            _ => out.push(path),
        }
    }
    out
}

/// The name of one of several, for the name of a parameter.
fn singular(name: &str) -> String {
    for (end, one) in
        [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss")]
    {
        if let Some(stem) = name.strip_suffix(end) {
            return format!("{stem}{one}");
        }
    }
    name.strip_suffix('s').unwrap_or(name).to_owned()
}
