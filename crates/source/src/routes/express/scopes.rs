//! Functions and classes of a file: what a router that is declared or handed in there is called.

use crate::javascript::{Kind, Script};
use std::ops::Range;

/// Types of a parameter that is a router.
const TYPES: [&str; 11] = [
    "Express",
    "Application",
    "Router",
    "IRouter",
    "FastifyInstance",
    "Hono",
    "OpenAPIHono",
    "Elysia",
    "Koa",
    "FastifyPluginAsync",
    "Server",
];
/// Names of a parameter that is taken as a router where no type tells.
pub(super) const NAMES: [&str; 9] =
    ["app", "router", "server", "fastify", "instance", "api", "routes", "hono", "application"];

/// Names that a router has in an object that is handed on, or in a class above.
pub(super) const HELD: [&str; 3] = ["app", "router", "fastify"];

/// A function or class.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// Its name; `@` and the place of its first token where it has none.
    pub name: String,
    /// Where it begins.
    pub start: usize,
    /// The tokens of its parameters and body.
    pub range: Range<usize>,
    /// Names of parameters, and whether each is a router by its type or name.
    pub parameters: Vec<(&'a str, bool)>,
    /// Whether it is a class.
    pub is_class: bool,
    /// Whether it is a class that stands below another one.
    pub extends: bool,
}

/// All of a file, in the order of their beginnings.
pub(super) fn read<'a>(script: &Script<'a>) -> Vec<Scope<'a>> {
    let mut out: Vec<Scope<'a>> = (0..script.len()).filter_map(|at| scope(script, at)).collect();
    out.sort_by_key(|scope| (scope.range.start, std::cmp::Reverse(scope.range.end)));
    out
}

fn scope<'a>(script: &Script<'a>, at: usize) -> Option<Scope<'a>> {
    match script.kind(at)? {
        Kind::Arrow => arrow(script, at),
        Kind::Name if script.is_before(at, b'.') => None,
        Kind::Name => match script.name(at) {
            "class" => class(script, at),
            "function" => function(script, at),
            "if" | "for" | "while" | "switch" | "catch" | "with" => None,
            name => method(script, at, name),
        },
        _ => None,
    }
}

fn class<'a>(script: &Script<'a>, at: usize) -> Option<Scope<'a>> {
    let own = script.name(at + 1);
    let own = if own == "extends" { "" } else { own };
    let body = (at + 1..at + 40).find(|at| script.is(*at, b'{'))?;
    let extends = (at + 1..body).any(|at| script.name(at) == "extends");
    let name = if own.is_empty() { assigned(script, at) } else { own.to_owned() };
    Some(Scope {
        name,
        start: at,
        range: at..script.close(body),
        parameters: Vec::new(),
        is_class: true,
        extends,
    })
}

fn function<'a>(script: &Script<'a>, at: usize) -> Option<Scope<'a>> {
    let next = if script.is(at + 1, b'*') { at + 2 } else { at + 1 };
    let own = script.name(next);
    let open = script.call(if own.is_empty() { next } else { next + 1 })?;
    let body = body(script, script.after(open))?;
    let first = if script.name_before(at) == "async" { at - 1 } else { at };
    let name = if own.is_empty() { assigned(script, first) } else { own.to_owned() };
    Some(Scope {
        name,
        start: first,
        range: open..script.close(body),
        parameters: parameters(script, open),
        is_class: false,
        extends: false,
    })
}

fn method<'a>(script: &Script<'a>, at: usize, name: &str) -> Option<Scope<'a>> {
    if !script.is(at + 1, b'(') || script.name_before(at) == "function" || script.name_before(at) == "new" {
        return None;
    }
    let body = body(script, script.after(at + 1))?;
    let range = at + 1..script.close(body);
    Some(Scope {
        name: name.to_owned(),
        start: at,
        range,
        parameters: parameters(script, at + 1),
        is_class: false,
        extends: false,
    })
}

fn arrow<'a>(script: &Script<'a>, at: usize) -> Option<Scope<'a>> {
    let mut last = script.before(at)?;
    // A type of the result: `(app: Express): void => …`.
    if !script.is(last, b')') {
        let closing =
            (last.saturating_sub(12)..last).rev().find(|at| script.is(*at, b')') && script.is(at + 1, b':'));
        last = closing.unwrap_or(last);
    }
    let (open, parameters) = match script.is(last, b')') {
        true => {
            let open = script.opening(last)?;
            (open, parameters(script, open))
        }
        false => (last, vec![(script.name(last), NAMES.contains(&script.name(last)))]),
    };
    let first = if script.name_before(open) == "async" { open - 1 } else { open };
    let end = match script.is(at + 1, b'{') {
        true => script.close(at + 1),
        false => script.expression_end(at + 1),
    };
    Some(Scope {
        name: assigned(script, first),
        start: first,
        range: open..end,
        parameters,
        is_class: false,
        extends: false,
    })
}

/// The `{` of a body behind the parameters, a type of the result skipped.
fn body(script: &Script<'_>, at: usize) -> Option<usize> {
    if script.is(at, b'{') {
        return Some(at);
    }
    if !script.is(at, b':') {
        return None;
    }
    let mut next = at + 1;
    while next < at + 24 {
        match script.kind(next)? {
            // A type that is an object is followed by the body.
            Kind::Mark(b'{') if !script.is_before(next, b':') && !script.is_before(next, b'<') => {
                return Some(next);
            }
            Kind::Mark(b';' | b')' | b'}' | b',') | Kind::Arrow => return None,
            _ => next = script.after(next),
        }
    }
    None
}

/// The name of the variable or key that a function or class is the value of.
fn assigned(script: &Script<'_>, first: usize) -> String {
    let unnamed = || format!("@{first}");
    let Some(sign) = script.before(first) else { return unnamed() };
    if !script.is(sign, b'=') && !script.is(sign, b':') {
        return unnamed();
    }
    // `const orders: FastifyPluginAsync<Options> = async (app) => …`
    let typed = (sign.saturating_sub(10)..sign).rev().find(|at| script.is(*at, b':'));
    let plain = script.before(sign).filter(|at| !script.name(*at).is_empty());
    let at = match plain {
        Some(at) if !script.is_before(at, b':') && !script.is_before(at, b'.') => Some(at),
        _ => typed.and_then(|at| script.before(at)),
    };
    at.map(|at| script.name(at)).filter(|name| !name.is_empty()).map_or_else(unnamed, str::to_owned)
}

fn parameters<'a>(script: &Script<'a>, open: usize) -> Vec<(&'a str, bool)> {
    let one = |item: Range<usize>| {
        let name = script.name(item.start);
        let typed = (item.start + 1..item.end.min(item.start + 3)).find(|at| script.is(*at, b':'));
        let is_router = match typed {
            Some(sign) => {
                let mut types = (sign + 1..item.end).map(|at| script.name(at));
                types.any(|name| TYPES.contains(&name))
                    || script.name(sign + 1) == "any" && NAMES.contains(&name)
            }
            None => NAMES.contains(&name),
        };
        (name, is_router)
    };
    // `({ app, logger }) => …`
    let given = |item: &Range<usize>| {
        let entries = match script.is(item.start, b'{') {
            true => script.entries(item.start),
            false => Vec::new(),
        };
        entries.into_iter().map(|entry| entry.key).filter(|key| HELD.contains(key)).map(|key| (key, true))
    };
    let items = script.items(open);
    items.iter().cloned().map(one).chain(items.iter().flat_map(given)).collect()
}
