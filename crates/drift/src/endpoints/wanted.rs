//! What an endpoint of a spec asks for, in a form that can be looked up.

use crate::names::fold;
use globset::{Glob, GlobSet, GlobSetBuilder};
use trueup_codebase::{Method, PathPart, RoutePath, Scope, route_key, without_query};
use trueup_model::Endpoint;

/// What an endpoint asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// A path with a method.
    Request {
        /// Its parts; parameters are [`trueup_codebase::PARAMETER`].
        path: Vec<String>,
        /// Its method.
        method: Method,
    },
    /// Another system's; why.
    Foreign(String),
    /// Nothing that could be looked up; why.
    Vague(String),
}

impl Wanted {
    /// The path and method, where there are.
    pub(super) fn request(&self) -> Option<(&[String], Method)> {
        match self {
            Wanted::Request { path, method } => Some((path, *method)),
            _ => None,
        }
    }
}

/// What an endpoint asks for, one entry for each of its [`alternatives`].
pub(super) fn wanted(endpoint: &Endpoint, scope: &Scope) -> Vec<Wanted> {
    let external = globs(&scope.external);
    let removed = is_said_to_be_gone(&endpoint.summary);
    alternatives(&endpoint.path)
        .iter()
        .map(|path| match (Method::from_name(&endpoint.method), removed) {
            (_, true) => Wanted::Vague("the spec says that it goes away".to_owned()),
            (None, _) => Wanted::Vague(format!("`{}` is no method of HTTP", endpoint.method)),
            (Some(method), _) => request(path, method, &external),
        })
        .collect()
}

fn is_said_to_be_gone(summary: &str) -> bool {
    let summary = summary.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    ["removed", "deleted", "dropped", "retired", "no longer"].iter().any(|word| summary.starts_with(word))
}

fn request(path: &str, method: Method, external: &GlobSet) -> Wanted {
    let path = path.trim().trim_end_matches(['.', ',', ';', '`']);
    let path = match without_host(path) {
        Ok(path) => path,
        Err(host) => return Wanted::Foreign(format!("it is an address of {host}")),
    };
    let bare = without_query(path);
    if external.is_match(bare) || external.is_match(bare.trim_start_matches('/')) {
        return Wanted::Foreign("the configuration says that it is another system's".to_owned());
    }
    if !bare.contains('/') || bare.contains(char::is_whitespace) {
        return Wanted::Vague("it is no path".to_owned());
    }
    if bare.contains("...") && !bare.contains("[...") || bare.contains('…') {
        return Wanted::Vague("the path is not written out".to_owned());
    }
    let parsed = RoutePath::parse(bare);
    if parsed.is_catch_all()
        || parsed.parts.iter().any(|part| matches!(part, PathPart::Text(t) if t.contains('*')))
    {
        return Wanted::Vague("it stands for many paths".to_owned());
    }
    Wanted::Request { path: route_key(&parsed), method }
}

/// The path of an address on a host of one's own; the host where it is another's.
fn without_host(path: &str) -> Result<&str, &str> {
    // `{{baseUrl}}/api/orders`, `${API}/orders`, `<host>/orders`: the front is left to the reader.
    if path.starts_with("{{") || path.starts_with("${") || path.starts_with('<') || path.starts_with('$') {
        return Ok(path.find('/').and_then(|at| path.get(at..)).unwrap_or(path));
    }
    let Some((_, rest)) = path.split_once("://") else { return Ok(path) };
    let at = rest.find('/').unwrap_or(rest.len());
    let (host, path) = (rest.get(..at).unwrap_or(""), rest.get(at..).unwrap_or(""));
    let name = host.split(':').next().unwrap_or("");
    let own = host.is_empty()
        || host.contains(['{', '<', '$', '['])
        || ["localhost", "127.0.0.1", "0.0.0.0"].contains(&name)
        || name.split('.').any(|part| part == "example")
        || fold(name).starts_with("your");
    if own { Ok(path) } else { Err(host) }
}

/// The paths that one stands for: `/orders/{open,closed}` is two. More than a few are no path.
pub(super) fn alternatives(path: &str) -> Vec<String> {
    let written = || vec![path.to_owned()];
    let Some(open) = path.find('{') else { return written() };
    let Some(close) = path.get(open..).and_then(|rest| rest.find('}')).map(|at| at + open) else {
        return written();
    };
    let (Some(before), Some(inner), Some(behind)) =
        (path.get(..open), path.get(open + 1..close), path.get(close + 1..))
    else {
        return written();
    };
    let tails = alternatives_of_rest(behind);
    let heads: Vec<String> = match inner.contains(',') && !inner.contains([':', '{', '(']) {
        true => inner.split(',').map(|one| format!("{before}{}", one.trim())).collect(),
        false => vec![format!("{before}{{{inner}}}")],
    };
    let out: Vec<String> =
        heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect();
    if out.len() > 16 { written() } else { out }
}

fn alternatives_of_rest(rest: &str) -> Vec<String> {
    // Each call takes one pair of braces off; a path with more than these is not spelt out.
    match rest.matches('{').count() {
        0 => vec![rest.to_owned()],
        1..=8 => alternatives(rest),
        _ => vec![rest.to_owned()],
    }
}

/// Globs that are well formed; the configuration was checked for the others.
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_with_commas_are_spelt_out() {
        assert_eq!(alternatives("/a/{b,c}/{id}"), ["/a/b/{id}", "/a/c/{id}"]);
        assert_eq!(alternatives("/a/{id}"), ["/a/{id}"]);
        assert_eq!(alternatives("/a/{id:[0-9]{1,3}}"), ["/a/{id:[0-9]{1,3}}"]);
        assert_eq!(alternatives("/a{"), ["/a{"]);
    }

    #[test]
    fn hosts_of_others_are_foreign() {
        assert_eq!(without_host("https://api.payments.test/v1/charges"), Err("api.payments.test"));
        assert_eq!(without_host("http://localhost:3000/api/orders"), Ok("/api/orders"));
        assert_eq!(without_host("{{baseUrl}}/api/orders"), Ok("/api/orders"));
        assert_eq!(without_host("https://shop.example.com/api"), Ok("/api"));
        assert_eq!(without_host("/api/orders"), Ok("/api/orders"));
    }
}
