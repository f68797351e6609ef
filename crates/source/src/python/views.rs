//! Django's views: classes and functions that know which methods they answer. A list of paths, mostly in
//! another file, tells where.

use super::django::regex_path;
use super::parse::{Field, Kind, Node};
use super::syntax::{Definition, Outline, last, named, positional};
use super::{http_methods, own_handlers};
use crate::{MountDecl, RouteDecl, Router, SourceFile};
use trueup_codebase::Method;

/// What a view set answers by a function of a name: the method, and whether it is for one thing.
const ACTIONS: [(&str, Method, bool); 6] = [
    ("list", Method::Get, false),
    ("create", Method::Post, false),
    ("retrieve", Method::Get, true),
    ("update", Method::Put, true),
    ("partial_update", Method::Patch, true),
    ("destroy", Method::Delete, true),
];

/// The functions that a base class of a view set brings along; none where the class is not known.
fn actions_of(base: &str) -> Option<&'static [&'static str]> {
    Some(match base {
        "ModelViewSet" => &["list", "create", "retrieve", "update", "partial_update", "destroy"],
        "ReadOnlyModelViewSet" => &["list", "retrieve"],
        "ListModelMixin" => &["list"],
        "CreateModelMixin" => &["create"],
        "RetrieveModelMixin" => &["retrieve"],
        "UpdateModelMixin" => &["update", "partial_update"],
        "DestroyModelMixin" => &["destroy"],
        "ViewSet" | "GenericViewSet" | "ViewSetMixin" => &[],
        _ => return None,
    })
}

/// The methods that a base class of a view answers; none where the class is not known.
fn methods_of(base: &str) -> Option<&'static [Method]> {
    use Method::{Any, Delete, Get, Patch, Post, Put};
    Some(match base {
        "View" | "APIView" | "GenericAPIView" => &[],
        "CreateAPIView" => &[Post],
        "ListAPIView" | "RetrieveAPIView" => &[Get],
        "DestroyAPIView" => &[Delete],
        "UpdateAPIView" => &[Put, Patch],
        "ListCreateAPIView" => &[Get, Post],
        "RetrieveUpdateAPIView" => &[Get, Put, Patch],
        "RetrieveDestroyAPIView" => &[Get, Delete],
        "RetrieveUpdateDestroyAPIView" => &[Get, Put, Patch, Delete],
        "TemplateView" | "ListView" | "DetailView" | "ArchiveIndexView" => &[Get],
        "CreateView" | "UpdateView" | "DeleteView" | "FormView" => &[Get, Post],
        "RedirectView" => &[Any],
        _ => return None,
    })
}

/// The views of a file.
pub(super) fn read(file: &SourceFile<'_>, outline: &Outline<'_>) -> Vec<Router> {
    let mut out = Vec::new();
    for (at, definition) in outline.definitions.iter().enumerate().filter(|(_, d)| d.parent.is_none()) {
        let view = match definition.is_class {
            true => Class { file, outline, at, definition }.read(),
            false => function(file, outline, definition),
        };
        out.extend(view);
    }
    out
}

fn view(name: &str, routes: Vec<RouteDecl>, mounts: Vec<MountDecl>) -> Router {
    Router { name: name.to_owned(), routes, mounts, is_view: true, ..Router::default() }
}

/// A function that is told which methods to answer.
fn function(file: &SourceFile<'_>, outline: &Outline<'_>, definition: &Definition<'_>) -> Option<Router> {
    let methods = definition.decorators.iter().find_map(|decorator| {
        if let Some(name) = outline.dotted(*decorator) {
            return match last(name) {
                "require_GET" | "require_safe" | "api_view" => Some(vec![Method::Get]),
                "require_POST" => Some(vec![Method::Post]),
                _ => None,
            };
        }
        let function = outline.dotted(outline.child(*decorator, Field::Function)?)?;
        let arguments = outline.arguments(*decorator);
        let list = positional(&arguments, 0);
        match last(function) {
            "api_view" => Some(http_methods(
                outline,
                list.or_else(|| named(&arguments, "http_method_names")),
                Method::Get,
            )),
            "require_http_methods" => {
                let list = list.or_else(|| named(&arguments, "request_method_list"));
                Some(http_methods(outline, list, Method::Any))
            }
            _ => None,
        }
    })?;
    let place = file.place(outline.child(definition.node, Field::Name)?.byte_range());
    let route = |method| RouteDecl { method, path: String::new(), place: place.clone() };
    Some(view(definition.name, methods.into_iter().map(route).collect(), Vec::new()))
}

struct Class<'r, 't> {
    file: &'r SourceFile<'t>,
    outline: &'r Outline<'t>,
    at: usize,
    definition: &'r Definition<'t>,
}

impl<'t> Class<'_, 't> {
    fn read(&self) -> Option<Router> {
        let bases = self.outline.bases(self.definition);
        let is_set = bases
            .iter()
            .any(|base| base.ends_with("ViewSet") || actions_of(base).is_some_and(|a| !a.is_empty()))
            || self.outline.members(self.at).iter().any(|member| self.extra_action(member).is_some());

        match is_set {
            true => Some(self.view_set(&bases)),
            // Any class may be a view by a base in another file; where no list mounts it, it is nothing.
            false => (!bases.is_empty()).then(|| self.class_view(&bases)),
        }
    }

    fn route(&self, method: Method, path: impl Into<String>, node: Node) -> RouteDecl {
        RouteDecl { method, path: path.into(), place: self.file.place(node.byte_range()) }
    }

    fn name_node(&self) -> Node {
        self.outline.child(self.definition.node, Field::Name).unwrap_or(self.definition.node)
    }

    /// The text of an attribute of the class.
    fn attribute(&self, name: &str) -> Option<Node> {
        self.outline.attributes(self.at).into_iter().find(|a| a.target == name).and_then(|a| a.value)
    }

    /// Whether a method is among those that the class allows.
    fn allowed(&self) -> impl Fn(Method) -> bool + use<> {
        let names = self.attribute("http_method_names").and_then(|node| self.outline.literals_of(node));
        move |method| {
            names.as_ref().is_none_or(|names| {
                method == Method::Any || names.iter().any(|name| Method::from_name(name) == Some(method))
            })
        }
    }

    fn class_view(&self, bases: &[&str]) -> Router {
        let mut routes: Vec<RouteDecl> = Vec::new();
        for (method, node) in own_handlers(self.outline, self.at) {
            routes.push(self.route(method, "", node));
        }
        for method in bases.iter().filter_map(|base| methods_of(base)).flatten() {
            if !routes.iter().any(|route| route.method == *method) {
                routes.push(self.route(*method, "", self.name_node()));
            }
        }
        let allowed = self.allowed();
        routes.retain(|route| allowed(route.method));
        let known = !routes.is_empty() || bases.iter().all(|base| methods_of(base).is_some());
        let otherwise = if known { Vec::new() } else { vec![self.route(Method::Any, "", self.name_node())] };
        let mounts = self.inherited(bases, |base| methods_of(base).is_some(), &otherwise);
        view(self.definition.name, routes, mounts)
    }

    fn view_set(&self, bases: &[&str]) -> Router {
        let parameter = self.parameter();
        let mut routes: Vec<RouteDecl> = Vec::new();
        let members = self.outline.members(self.at);
        let inherited: Vec<&str> =
            bases.iter().filter_map(|base| actions_of(base)).flatten().copied().collect();
        for (name, method, is_detail) in ACTIONS {
            let own = members.iter().find(|member| member.name == name);
            let node = own.and_then(|own| self.outline.child(own.node, Field::Name));
            if node.is_some() || inherited.contains(&name) {
                let path = if is_detail { parameter.as_str() } else { "" };
                routes.push(self.route(method, path, node.unwrap_or_else(|| self.name_node())));
            }
        }
        let decides = !routes.is_empty();
        for member in &members {
            routes.extend(self.extra_action(member).unwrap_or_default());
        }
        routes.extend(self.mappings(&members));
        let allowed = self.allowed();
        routes.retain(|route| allowed(route.method));
        let unknown = !decides && bases.iter().any(|base| actions_of(base).is_none());
        let otherwise = match unknown {
            true => {
                let name = self.name_node();
                vec![self.route(Method::Any, "", name), self.route(Method::Any, parameter, name)]
            }
            false => Vec::new(),
        };
        let mounts = self.inherited(bases, |base| actions_of(base).is_some(), &otherwise);
        view(self.definition.name, routes, mounts)
    }

    /// The parameter in the path of one thing.
    fn parameter(&self) -> String {
        let given = self.attribute("lookup_url_kwarg").or_else(|| self.attribute("lookup_field"));
        let name = given.and_then(|node| self.outline.literal(node));
        format!("{{{}}}", name.as_deref().unwrap_or("pk"))
    }

    /// The base classes that are not known: what they answer, this class answers, too.
    fn inherited(
        &self,
        bases: &[&str],
        is_known: impl Fn(&str) -> bool,
        otherwise: &[RouteDecl],
    ) -> Vec<MountDecl> {
        let place = self.file.place(self.name_node().byte_range());
        let unknown = bases.iter().filter(|base| !is_known(base) && **base != self.definition.name);
        let mut mounts: Vec<MountDecl> =
            unknown.map(|base| MountDecl::new("", *base, place.clone())).collect();
        // Mixins stand first, so that the last one is what makes it a view.
        if let Some(mount) = mounts.last_mut() {
            mount.otherwise = otherwise.to_vec();
        }
        mounts
    }

    /// `@action(detail=True, methods=["post"], url_path="cancel")`.
    fn extra_action(&self, member: &Definition<'t>) -> Option<Vec<RouteDecl>> {
        member.decorators.iter().find_map(|decorator| {
            let function =
                self.outline.child(*decorator, Field::Function).filter(|_| decorator.kind() == Kind::Call)?;
            let name = last(self.outline.dotted(function)?);
            let arguments = self.outline.arguments(*decorator);
            let is_detail = match name {
                "action" => {
                    let detail = named(&arguments, "detail").or_else(|| positional(&arguments, 1))?;
                    self.outline.text_of(detail) == "True"
                }
                "detail_route" => true,
                "list_route" => false,
                _ => return None,
            };
            let methods = named(&arguments, "methods").or_else(|| positional(&arguments, 0));
            let path = self.action_path(member, is_detail, named(&arguments, "url_path"))?;
            let node = self.outline.child(member.node, Field::Name)?;
            let methods = http_methods(self.outline, methods, Method::Get);
            Some(methods.into_iter().map(|method| self.route(method, path.clone(), node)).collect())
        })
    }

    fn action_path(&self, member: &Definition<'t>, is_detail: bool, given: Option<Node>) -> Option<String> {
        let own = match given {
            Some(node) => regex_path(&self.outline.literal(node)?)?,
            None => member.name.to_owned(),
        };
        Some(if is_detail { format!("{}/{own}", self.parameter()) } else { own })
    }

    /// `@cancel.mapping.delete`: one more method for an action.
    fn mappings(&self, members: &[&Definition<'t>]) -> Vec<RouteDecl> {
        let mut out = Vec::new();
        for member in members {
            for name in member.decorators.iter().filter_map(|decorator| self.outline.dotted(*decorator)) {
                let Some((action, method)) = name.split_once(".mapping.") else { continue };
                let of = members.iter().find(|member| member.name == action);
                let path = of.and_then(|of| self.extra_action(of)?.first().map(|route| route.path.clone()));
                if let (Some(path), Some(method)) = (path, Method::from_name(method)) {
                    out.push(self.route(
                        method,
                        path,
                        self.outline.child(member.node, Field::Name).unwrap_or(member.node),
                    ));
                }
            }
        }
        out
    }
}
