//! Django and Django REST framework: lists of paths, routers with view sets, the root of both.

use super::parse::{Field, Kind, Node};
use super::syntax::{Argument, MOST_LEVELS, Outline, last, named, positional};
use super::views;
use crate::routes::{Resolved, RouteAdapter};
use crate::{Language, MountDecl, RouteDecl, RouteFacts, Router, SourceFile, UNKNOWN_FRONT};
use trueup_codebase::Method;

/// Django.
pub(crate) struct Django;

impl RouteAdapter for Django {
    fn name(&self) -> &'static str {
        "Django"
    }
    fn reads(&self, language: Language) -> bool {
        language == Language::Python
    }
    fn may_hold(&self, file: &SourceFile<'_>) -> bool {
        let words = ["urlpatterns", "ROOT_URLCONF", "rest_framework", "django", "View", "path("];
        file.has_any(&words) || file.name() == "__init__.py" && file.has_any(&["import"])
    }
    fn read(&self, file: &SourceFile<'_>) -> Option<RouteFacts> {
        let outline = file.python()?;
        let mut reader = Reader { file, outline, routers: views::read(file, outline) };
        reader.read_root();
        reader.read_routers();
        reader.read_lists();
        let facts = super::facts(file, self.name(), reader.routers, outline);
        let says = !facts.routers.is_empty() || !facts.imports.is_empty() || !facts.exports.is_empty();
        says.then_some(facts)
    }
    fn resolve(&self, from: &str, module: &str, paths: &[&str]) -> Option<Resolved> {
        super::resolve(from, module, paths)
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
    routers: Vec<Router>,
}

impl<'t> Reader<'_, 't> {
    /// Changes the router of a name, made where there is none.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Router)) {
        match self.routers.iter_mut().find(|router| router.name == name && !router.is_view) {
            Some(router) => change(router),
            None => {
                let mut router = Router { name: name.to_owned(), ..Router::default() };
                change(&mut router);
                self.routers.push(router);
            }
        }
    }

    fn add_mount(&mut self, router: &str, mount: MountDecl) {
        self.change(router, |router| router.mounts.push(mount));
    }

    fn mount(&self, prefix: &str, target: &str, node: Node) -> MountDecl {
        MountDecl::new(prefix, target, self.file.place(node.byte_range()))
    }

    /// A mount that answers by itself where its target is not found.
    fn mount_or(&self, prefix: &str, target: &str, node: Node, paths: &[&str]) -> MountDecl {
        let mut mount = self.mount(prefix, target, node);
        let route = |path: &&str| RouteDecl {
            method: Method::Any,
            path: (*path).to_owned(),
            place: mount.place.clone(),
        };
        mount.otherwise = paths.iter().map(route).collect();
        mount
    }

    /// The settings name the list of paths that is served.
    fn read_root(&mut self) {
        for assignment in self.outline.assignments.iter().filter(|a| a.target == "ROOT_URLCONF") {
            if let Some(module) = assignment.value.and_then(|value| self.outline.literal(value)) {
                let mount = self.mount("", &module, assignment.node);
                self.change("<settings>", |router| {
                    router.is_application = true;
                    router.mounts.push(mount);
                });
            }
        }
    }

    /// `router = DefaultRouter()` and what is registered with it.
    fn read_routers(&mut self) {
        for assignment in &self.outline.assignments {
            let Some(call) = assignment.value.filter(|value| value.kind() == Kind::Call) else { continue };
            let class = self.outline.child(call, Field::Function).and_then(|f| self.outline.dotted(f));
            if !class.is_some_and(|class| last(class).ends_with("Router") && last(class) != "APIRouter") {
                continue;
            }
            let prefix = self.nested(call).unwrap_or_default();
            self.change(assignment.target, |router| router.prefix = prefix);
        }
        for call in &self.outline.calls {
            let Some((object, verb)) = call.function.rsplit_once('.') else { continue };
            let name = object.strip_suffix(".registry").unwrap_or(object);
            let is_known = |router: &Router| router.name == name && !router.is_view;
            if matches!(verb, "register" | "extend") && self.routers.iter().any(is_known) {
                self.read_registered(object, verb, call.node);
            }
        }
    }

    /// `NestedSimpleRouter(router, "orders", lookup="order")`: the path in front.
    fn nested(&self, call: Node) -> Option<String> {
        let class = self.outline.dotted(self.outline.child(call, Field::Function)?)?;
        if !last(class).starts_with("Nested") {
            return None;
        }
        let arguments = self.outline.arguments(call);
        let prefix = self.outline.literal(positional(&arguments, 1)?)?;
        let lookup = named(&arguments, "lookup").and_then(|node| self.outline.literal(node));
        let lookup = lookup.unwrap_or_else(|| "nested".to_owned());
        Some(format!("{}/{{{lookup}_pk}}/", regex_path(&prefix)?))
    }

    fn read_registered(&mut self, object: &str, verb: &str, node: Node) -> Option<()> {
        let arguments = self.outline.arguments(node);
        match verb {
            "register" => {
                let prefix = positional(&arguments, 0).or_else(|| named(&arguments, "prefix"))?;
                let prefix = regex_path(&self.outline.literal(prefix)?)?;
                let view = positional(&arguments, 1).or_else(|| named(&arguments, "viewset"))?;
                let view = self.outline.dotted(view)?;
                let mount = self.mount_or(&prefix, view, node, &["", "{pk}"]);
                self.add_mount(object, mount);
            }
            "extend" => {
                let of = object.strip_suffix(".registry")?;
                let other = self.outline.dotted(positional(&arguments, 0)?)?.strip_suffix(".registry")?;
                let mount = self.mount("", other, node);
                self.add_mount(of, mount);
            }
            _ => {}
        }
        Some(())
    }

    /// Every list of paths: `urlpatterns` stands for the file, others for their names.
    fn read_lists(&mut self) {
        for assignment in &self.outline.assignments {
            let Some(value) = assignment.value else { continue };
            let is_main = assignment.target == "urlpatterns";
            if !is_main && !self.has_paths(value) {
                continue;
            }
            let name = if is_main { "" } else { assignment.target };
            self.change(name, |_| {});
            self.read_list(name, "", value, 0);
        }
        for call in &self.outline.calls {
            let added = call.function.strip_prefix("urlpatterns.");
            if matches!(added, Some("append" | "extend")) {
                self.change("", |_| {});
                for argument in self.outline.arguments(call.node) {
                    self.read_list("", "", argument.value, 0);
                }
            }
        }
    }

    /// Whether a value is a list with at least one path, or the list of a router.
    fn has_paths(&self, value: Node) -> bool {
        self.outline.dotted(value).is_some_and(|name| name.ends_with(".urls"))
            || value.kind() == Kind::List
                && self.outline.children(value).any(|item| {
                    matches!(self.callee(item), Some("path" | "re_path" | "url")) && {
                        let arguments = self.outline.arguments(item);
                        arguments.len() >= 2
                    }
                })
    }

    fn callee(&self, node: Node) -> Option<&'t str> {
        let function =
            (node.kind() == Kind::Call).then(|| self.outline.child(node, Field::Function)).flatten()?;
        self.outline.dotted(function).map(last)
    }

    fn read_list(&mut self, router: &str, prefix: &str, node: Node, depth: usize) {
        if depth > MOST_LEVELS {
            return;
        }
        match node.kind() {
            Kind::List | Kind::Tuple | Kind::Parenthesized | Kind::ListSplat => {
                for item in self.outline.children(node) {
                    self.read_list(router, prefix, item, depth + 1);
                }
            }
            // A long sum leans to the left, one level for each part.
            Kind::Sum | Kind::Binary => {
                let mut sum = Some(node);
                while let Some(part) = sum {
                    if !matches!(part.kind(), Kind::Sum | Kind::Binary) {
                        self.read_list(router, prefix, part, depth + 1);
                        break;
                    }
                    if let Some(right) = self.outline.child(part, Field::Right) {
                        self.read_list(router, prefix, right, depth + 1);
                    }
                    sum = self.outline.child(part, Field::Left);
                }
            }
            Kind::Identifier | Kind::Attribute => {
                if let Some(name) = self.outline.dotted(node).map(list_name) {
                    let mount = self.mount(prefix, name, node);
                    self.add_mount(router, mount);
                }
            }
            Kind::Call => {
                self.read_item(router, prefix, node, depth);
            }
            _ => {}
        }
    }

    fn read_item(&mut self, router: &str, prefix: &str, node: Node, depth: usize) -> Option<()> {
        let arguments = self.outline.arguments(node);
        let kind = self.callee(node)?;
        match kind {
            "path" | "re_path" | "url" => self.read_path(router, prefix, node, kind, &arguments, depth)?,
            // The language stands in front, unless it is the default one.
            "i18n_patterns" => {
                let prefix = format!("{prefix}{{language}}/");
                for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
                    self.read_list(router, &prefix, argument.value, depth + 1);
                }
            }
            "include" => self.read_include(router, prefix, node, depth)?,
            // Files that the server hands out while it is being developed.
            "static" | "staticfiles_urlpatterns" => {}
            _ => {
                for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
                    self.read_list(router, prefix, argument.value, depth + 1);
                }
            }
        }
        Some(())
    }

    fn read_path(
        &mut self,
        router: &str,
        prefix: &str,
        node: Node,
        kind: &str,
        arguments: &[Argument<'t>],
        depth: usize,
    ) -> Option<()> {
        let route = positional(arguments, 0)
            .or_else(|| named(arguments, "route"))
            .or_else(|| named(arguments, "regex"))?;
        let view = positional(arguments, 1).or_else(|| named(arguments, "view"))?;
        let takes_in = self.callee(view) == Some("include");
        let route = self.outline.path(route).or_else(|| takes_in.then(|| UNKNOWN_FRONT.to_owned()))?;
        let route = match (kind, route.strip_prefix(UNKNOWN_FRONT)) {
            ("path", _) => route,
            (_, Some(end)) => format!("{UNKNOWN_FRONT}{}", regex_path(end)?),
            (_, None) => regex_path(&route)?,
        };
        let path = match route.starts_with(UNKNOWN_FRONT) {
            true => route,
            false => format!("{prefix}{route}"),
        };
        self.read_view(router, &path, view, node, depth)
    }

    /// What answers at a path: a view, whatever is around it, or another list.
    fn read_view(&mut self, router: &str, path: &str, view: Node, node: Node, depth: usize) -> Option<()> {
        if depth > MOST_LEVELS {
            return None;
        }
        if view.kind() == Kind::Call {
            let arguments = self.outline.arguments(view);
            let function = self.outline.child(view, Field::Function)?;
            // `cache_page(60)(view)`, `login_required(view)`.
            let Some(name) = self.outline.dotted(function) else {
                let inner = positional(&arguments, 0)?;
                return self.read_view(router, path, inner, node, depth + 1);
            };
            if last(name) == "include" {
                return self.read_include(router, path, view, depth + 1);
            }
            let Some(class) = name.strip_suffix(".as_view") else {
                let inner = positional(&arguments, 0)?;
                return self.read_view(router, path, inner, node, depth + 1);
            };
            match positional(&arguments, 0).or_else(|| named(&arguments, "actions")) {
                Some(actions) if actions.kind() == Kind::Dictionary => {
                    let keys = self
                        .outline
                        .children(actions)
                        .filter_map(|pair| self.outline.child(pair, Field::Key));
                    let methods = keys.filter_map(|key| Method::from_name(&self.outline.literal(key)?));
                    let methods: Vec<Method> = methods.collect();
                    methods.into_iter().for_each(|method| self.add_route(router, method, path, node));
                }
                _ => {
                    let mount = self.mount_or(path, class, node, &[""]);
                    self.add_mount(router, mount);
                }
            }
            return Some(());
        }
        match self.outline.dotted(view) {
            // The sites of the administration and other lists of a library: everything below.
            Some(name) if name.ends_with(".urls") => {
                if name.starts_with("admin.") {
                    self.change(router, |own| own.is_application |= own.name.is_empty());
                }
                let mount = self.mount_or(path, list_name(name), node, &["<path:rest>"]);
                self.add_mount(router, mount);
            }
            Some(name) => {
                let mount = self.mount_or(path, name, node, &[""]);
                self.add_mount(router, mount);
            }
            // A text names a view in old versions, and a lambda answers everything.
            None => self.add_route(router, Method::Any, path, node),
        }
        Some(())
    }

    fn add_route(&mut self, router: &str, method: Method, path: &str, node: Node) {
        let place = self.file.place(node.byte_range());
        self.change(router, |router| {
            router.routes.push(RouteDecl { method, path: path.to_owned(), place });
        });
    }

    /// `include("orders.urls")`, with a name space in a tuple, a variable, a router, or a list.
    fn read_include(&mut self, router: &str, prefix: &str, node: Node, depth: usize) -> Option<()> {
        let arguments = self.outline.arguments(node);
        let mut what = positional(&arguments, 0).or_else(|| named(&arguments, "arg"))?;
        if what.kind() == Kind::Tuple {
            what = self.outline.first(what)?;
        }
        if what.kind() == Kind::List {
            self.read_list(router, prefix, what, depth + 1);
            return Some(());
        }
        let mount = match self.outline.dotted(what) {
            Some(name) if self.outline.literal(what).is_none() => {
                self.mount_or(prefix, list_name(name), node, &["<path:rest>"])
            }
            _ => self.mount_or(prefix, &self.outline.literal(what)?, node, &["<path:rest>"]),
        };
        self.add_mount(router, mount);
        Some(())
    }
}

/// The router that a name of a list stands for: `router.urls` is `router`.
fn list_name(name: &str) -> &str {
    name.strip_suffix(".urls").or_else(|| name.strip_suffix(".urlpatterns")).unwrap_or(name)
}

/// A path from a regular expression: groups become parameters. None where it has more to it than a
/// path.
pub(super) fn regex_path(regex: &str) -> Option<String> {
    let mut rest = regex.strip_prefix('^').unwrap_or(regex);
    for end in ["$", r"\Z", r"\z"] {
        rest = rest.strip_suffix(end).unwrap_or(rest);
    }
    let mut out = String::new();
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        match first {
            '(' => {
                let (group, behind) = group(rest)?;
                let (name, pattern) = match group.strip_prefix("?P<").or_else(|| group.strip_prefix("?<")) {
                    Some(named) => named.split_once('>')?,
                    None if group.starts_with('?') => return None,
                    None => ("", group),
                };
                match (behind.is_empty(), pattern.starts_with('.')) {
                    (true, true) => out.push_str(&format!("{{*{name}}}")),
                    _ => out.push_str(&format!("{{{name}}}")),
                }
                if behind.starts_with(['?', '*', '+', '{']) {
                    return None;
                }
                rest = behind;
            }
            '\\' => {
                let escaped = after.chars().next().filter(|c| !c.is_alphanumeric())?;
                out.push(escaped);
                rest = after.get(escaped.len_utf8()..).unwrap_or("");
            }
            // An optional slash at the end.
            '/' if after.starts_with('?') => {
                out.push('/');
                rest = after.get(1..).unwrap_or("");
            }
            '.' if matches!(after, "*" | "+") => {
                out.push_str("{*rest}");
                rest = "";
            }
            '.' | '[' | ']' | '|' | '?' | '*' | '+' | '^' | '$' | '{' | '}' | ')' => return None,
            other => {
                out.push(other);
                rest = after;
            }
        }
    }
    Some(out)
}

/// What stands in the brackets that a text begins with, and what follows them.
fn group(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if !in_class => in_class = true,
            ']' if in_class => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => {
                depth -= 1;
                if depth == 0 {
                    return Some((text.get(1..at)?, text.get(at + 1..)?));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_expressions_become_paths() {
        let check =
            |regex: &str, path: Option<&str>| assert_eq!(regex_path(regex).as_deref(), path, "{regex}");
        check(r"^orders/$", Some("orders/"));
        check(r"^orders/(?P<pk>\d+)/items/(?P<item>[^/)]+)/?$", Some("orders/{pk}/items/{item}/"));
        check(r"^orders/([0-9]{4})/$", Some("orders/{}/"));
        check(r"^files/(?P<path>.*)$", Some("files/{*path}"));
        check(r"^files/.*$", Some("files/{*rest}"));
        check(r"^a\.txt$", Some("a.txt"));
        check(r"^(?:v1/)?orders/$", None);
        check(r"^orders/[a-z]+/$", None);
        check(r"^orders/(?P<pk>\d+", None);
        check(r"^a|b$", None);
        check(r"", Some(""));
    }
}
