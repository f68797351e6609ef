use crate::CodePlace;
use std::fmt;

/// A method of HTTP.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
    /// `OPTIONS`.
    Options,
    /// Whatever comes (`app.all`, `HandleFunc` without a method).
    Any,
}

impl Method {
    /// The method of a name in any case.
    pub fn from_name(name: &str) -> Option<Method> {
        let all = [
            Method::Get,
            Method::Head,
            Method::Post,
            Method::Put,
            Method::Patch,
            Method::Delete,
            Method::Options,
        ];
        all.into_iter().find(|m| m.name().eq_ignore_ascii_case(name))
    }

    /// In capitals; `*` for any.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Any => "*",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A part of a path between two slashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PathPart {
    /// Literal text.
    Text(String),
    /// One parameter (`{id}`, `:id`, `[id]`, `<int:id>`), with its name.
    Parameter(String),
    /// Everything that follows (`[...slug]`, `{*rest}`, `/*`), with its name.
    Rest(String),
}

/// A path of an endpoint in one notation for all frameworks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RoutePath {
    /// Its parts.
    pub parts: Vec<PathPart>,
}

impl RoutePath {
    /// Reads a path in any of the common notations: `{id}`, `:id`, `[id]`, `<int:id>`, `<id>`, `$id`,
    /// `{*rest}`, `[...rest]`, `[[...rest]]`, `*rest`, `*`. A query or fragment is left out, as are
    /// empty parts.
    pub fn parse(text: &str) -> RoutePath {
        let bare = without_query(text);
        RoutePath { parts: bare.split('/').filter(|p| !p.is_empty()).map(PathPart::parse).collect() }
    }

    /// This path with another one behind it.
    pub fn join(&self, other: &RoutePath) -> RoutePath {
        RoutePath { parts: self.parts.iter().chain(&other.parts).cloned().collect() }
    }

    /// Whether two paths name the same resource: literal parts equal, parameters whatever their names.
    pub fn same(&self, other: &RoutePath) -> bool {
        self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(a, b)| match (a, b) {
                (PathPart::Text(a), PathPart::Text(b)) => a == b,
                (PathPart::Text(_), _) | (_, PathPart::Text(_)) => false,
                _ => true,
            })
    }

    /// Whether it takes everything below it.
    pub fn is_catch_all(&self) -> bool {
        matches!(self.parts.last(), Some(PathPart::Rest(_)))
    }
}

/// A path without its query and fragment. `{id?}` is a parameter that may be left out.
pub fn without_query(path: &str) -> &str {
    let mut depth = 0_usize;
    let end = path.find(|c: char| {
        match c {
            '{' | '[' | '<' => depth += 1,
            '}' | ']' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '?' | '#')
    });
    // An opening brace that nothing closes hides no query.
    let end = end.or_else(|| if depth > 0 { path.find(['?', '#']) } else { None });
    path.get(..end.unwrap_or(path.len())).unwrap_or(path)
}

impl PathPart {
    fn parse(part: &str) -> PathPart {
        let inner = |open: &str, close: &str| part.strip_prefix(open).and_then(|p| p.strip_suffix(close));
        // The name stands before a pattern (`:id(\\d+)`, `{id:[0-9]+}`) and behind a type (`<int:id>`).
        let name = |text: &str| {
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            text[..end.unwrap_or(text.len())].to_owned()
        };
        if let Some(rest) = inner("[[...", "]]").or_else(|| inner("[...", "]")) {
            return PathPart::Rest(name(rest));
        }
        if let Some(rest) = inner("{*", "}").or_else(|| part.strip_prefix('*')) {
            return PathPart::Rest(name(rest));
        }
        if let Some(text) = inner("{", "}") {
            // Go's `{path...}`.
            return match text.strip_suffix("...") {
                Some(rest) => PathPart::Rest(name(rest)),
                None => match text.split_once(':') {
                    // Starlette's `{file:path}`.
                    Some((n, "path")) => PathPart::Rest(name(n)),
                    _ => PathPart::Parameter(name(text)),
                },
            };
        }
        if let Some(text) = inner("<", ">") {
            return match text.split_once(':') {
                Some(("path", n)) => PathPart::Rest(name(n)),
                Some((_, n)) => PathPart::Parameter(name(n)),
                None => PathPart::Parameter(name(text)),
            };
        }
        if let Some(text) =
            inner("[", "]").or_else(|| part.strip_prefix(':')).or_else(|| part.strip_prefix('$'))
        {
            return PathPart::Parameter(name(text));
        }
        PathPart::Text(part.to_owned())
    }
}

impl fmt::Display for RoutePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.is_empty() {
            return f.write_str("/");
        }
        self.parts.iter().try_for_each(|part| match part {
            PathPart::Text(text) => write!(f, "/{text}"),
            PathPart::Parameter(name) => write!(f, "/{{{name}}}"),
            PathPart::Rest(name) => write!(f, "/{{*{name}}}"),
        })
    }
}

/// A route of the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its whole path as callers use it.
    pub path: RoutePath,
    /// Whether the front of the path is known. Where a router is mounted in a way that was not
    /// understood, only the end of the path is.
    pub whole: bool,
    /// The framework or document that it was read from.
    pub framework: &'static str,
    /// Where it is declared.
    pub place: CodePlace,
}

/// A place of the code that serves more than could be read: the routes of a library, a list that is made
/// while the program runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadRoutes {
    /// The path that they are served below.
    pub below: RoutePath,
    /// Whether the front of that path is known; without it, they may be anywhere.
    pub whole: bool,
    /// Where they are taken in.
    pub place: CodePlace,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_of_parameters() {
        for (text, shown) in [
            ("/api/orders/{id}", "/api/orders/{id}"),
            ("api/orders/:id(\\d+)/", "/api/orders/{id}"),
            ("/orders/[id]/items", "/orders/{id}/items"),
            ("/orders/<int:order_id>/", "/orders/{order_id}"),
            ("/files/<path:rest>", "/files/{*rest}"),
            ("/files/{path...}", "/files/{*path}"),
            ("/files/{name:path}", "/files/{*name}"),
            ("/docs/[[...slug]]", "/docs/{*slug}"),
            ("/docs/{*rest}", "/docs/{*rest}"),
            ("/static/*", "/static/{*}"),
            ("/users/$id?x=1#y", "/users/{id}"),
            ("/users/{id?}", "/users/{id}"),
            ("/users/:id?", "/users/{id}"),
            ("/users/{id?x=1", "/users/{id"),
            ("", "/"),
        ] {
            assert_eq!(RoutePath::parse(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn names_of_parameters_do_not_count() {
        let path = RoutePath::parse;
        assert!(path("/a/{id}").same(&path("/a/:other")));
        assert!(!path("/a/{id}").same(&path("/a/b")));
        assert!(!path("/a").same(&path("/a/b")));
    }
}
