//! How routers and their functions are called.

use trueup_codebase::Method;

/// Types of routers.
pub(super) const ROUTERS: [&str; 12] = [
    "App",
    "Echo",
    "Engine",
    "Group",
    "IRouter",
    "IRoutes",
    "Mux",
    "RouteGroup",
    "Router",
    "RouterGroup",
    "Routes",
    "ServeMux",
];

/// Names that a repository gives its own interface of a router.
pub(super) const OWN_ROUTERS: [&str; 7] =
    ["IRouter", "IRoutes", "Mux", "RouteGroup", "RouteRegistrar", "Router", "RouterGroup"];

/// The method that a function adds a route for: `Get` (chi, fiber) or `GET` (gin, echo).
pub(super) fn verb(name: &str) -> Option<Method> {
    let method = Method::from_name(name)?;
    let upper = name.chars().skip(1).all(|c| c.is_ascii_uppercase());
    let title = name.chars().skip(1).all(|c| c.is_ascii_lowercase());
    (name.starts_with(|c: char| c.is_ascii_uppercase()) && (upper || title)).then_some(method)
}

/// Whether a function of a router has this name.
pub(super) fn is_router_method(name: &str) -> bool {
    verb(name).is_some()
        || matches!(
            name,
            "Route"
                | "Group"
                | "Mount"
                | "Handle"
                | "HandleFunc"
                | "Method"
                | "MethodFunc"
                | "PathPrefix"
                | "Path"
                | "Use"
                | "With"
                | "Any"
                | "All"
                | "Add"
                | "Match"
                | "Static"
                | "StaticFS"
                | "Run"
                | "RunTLS"
                | "Start"
                | "StartTLS"
                | "Listen"
                | "ListenTLS"
                | "Subrouter"
                | "Methods"
        )
}
