//! Endpoints ↔ routes.

mod wanted;

use crate::{Difference, Drifted, Row, Subject, unread};
use trueup_codebase::{CodeKind, Method, PARAMETER, Route, Served, ServedAt, UnreadRoutes};
use wanted::{Wanted, wanted};

/// Holds the endpoints of a spec against the routes of the code.
pub(crate) fn judge(subject: &Subject<'_>) -> Vec<Drifted> {
    let endpoints = &subject.spec.facts.api.endpoints;
    let row = |index: usize| {
        let endpoint = endpoints.get(index);
        let name = endpoint.map_or_else(String::new, |e| format!("{} {}", e.method, e.path));
        Row::new(CodeKind::Routes, name, endpoint.map_or_else(Default::default, |e| e.span))
    };
    if let Some(why) = unread(subject, CodeKind::Routes) {
        return (0..endpoints.len())
            .map(|at| row(at).not_checkable(Difference::Unread, why.clone()))
            .collect();
    }
    let scope = subject.code.scope();
    let code = subject.code.codebase();
    let served = code.route_index.of(&code.routes, &scope.api_prefixes);
    let wanted: Vec<Wanted> = endpoints.iter().flat_map(|e| wanted(e, &scope)).collect();
    // One endpoint may stand for several paths (`/a/{b,c}`); each has a row of its own.
    let rows: Vec<Row> = endpoints
        .iter()
        .enumerate()
        .flat_map(|(at, e)| wanted::alternatives(&e.path).into_iter().map(move |path| (at, e, path)))
        .map(|(at, e, path)| match path == e.path {
            true => row(at),
            false => Row::new(CodeKind::Routes, format!("{} {path}", e.method), e.span),
        })
        .collect();
    let spoken_for = spoken_for(&served, &wanted);
    let judged = Judging { served: &served, spoken_for: &spoken_for, unread: &code.unread_routes };
    rows.into_iter().zip(&wanted).map(|(row, wanted)| judged.one(row, wanted)).collect()
}

/// What is known while the endpoints of a spec are judged.
struct Judging<'a> {
    served: &'a Served<'a>,
    /// By route: whether the spec promises it word for word.
    spoken_for: &'a Spoken,
    /// What the code serves and nobody could read.
    unread: &'a [UnreadRoutes],
}

/// Which routes the spec names itself: they are no other endpoint's misspelling.
struct Spoken {
    routes: Vec<bool>,
    /// Whether an endpoint was found below a base path that the spec leaves out.
    relative: bool,
}

fn spoken_for(served: &Served<'_>, wanted: &[Wanted]) -> Spoken {
    let mut out = Spoken { routes: vec![false; served.len()], relative: false };
    for (path, method) in wanted.iter().filter_map(Wanted::request) {
        for hit in served.find(path) {
            out.relative |= hit.base_added;
            let route = served.route(hit.route);
            if route.is_some_and(|route| takes(route.method, method))
                && let Some(spoken) = out.routes.get_mut(hit.route)
            {
                *spoken = true;
            }
        }
    }
    out
}

/// Whether a route of one method answers another. `GET` answers `HEAD`, as servers do.
fn takes(served: Method, asked: Method) -> bool {
    served == asked || served == Method::Any || asked == Method::Head && served == Method::Get
}

/// A route as people read it: `…` stands for a front that the code does not tell.
pub(crate) fn shown(route: &Route) -> String {
    format!("{} {}{}", route.method, if route.whole { "" } else { "…" }, route.path)
}

impl Judging<'_> {
    fn one(&self, row: Row, wanted: &Wanted) -> Drifted {
        let (path, method) = match wanted {
            Wanted::Request { path, method } => (path.as_slice(), *method),
            Wanted::Foreign(why) => return row.not_checkable(Difference::Foreign, why.clone()),
            Wanted::Vague(why) => return row.not_checkable(Difference::Vague, why.clone()),
        };
        let hits = self.served.find(path);
        if let Some((hit, route)) = self.answering(&hits, method) {
            let base = if hit.base_changed { ", behind a base path" } else { "" };
            return row.proven(
                &shown(route),
                Some(&route.place),
                format!("{} serves it{base}", route.framework),
            );
        }
        if let Some(open) = self.left_open(row.clone(), path, method) {
            return open;
        }
        if let Some(route) = self.other_end(path, method) {
            let reason = format!("the code serves `{}`", shown(route));
            return row.contradicted(
                Difference::MemberOrCollection,
                &shown(route),
                Some(&route.place),
                reason,
            );
        }
        if let Some(route) = hits.first().and_then(|hit| self.served.route(hit.route)) {
            let methods = self.methods(&hits);
            let reason = format!("the code serves this path with {methods} only");
            return row.contradicted(Difference::Method, &shown(route), Some(&route.place), reason);
        }
        self.not_found(row, path, method)
    }

    fn answering(&self, hits: &[ServedAt], method: Method) -> Option<(ServedAt, &Route)> {
        hits.iter().find_map(|hit| {
            let route = self.served.route(hit.route).filter(|route| takes(route.method, method))?;
            Some((*hit, route))
        })
    }

    /// A router whose mount was not understood may be the one that answers. Another spelling of the whole path
    /// is more likely than that.
    fn left_open(&self, row: Row, path: &[String], method: Method) -> Option<Drifted> {
        let takes = |at: usize| self.served.route(at).is_some_and(|r| takes(r.method, method));
        let route = self.served.may_answer(path, takes).and_then(|at| self.served.route(at))?;
        if self.served.spelt_otherwise(path, |at| takes(at) && self.is_free(at)).is_some() {
            return None;
        }
        let reason = format!(
            "a router whose mount was not understood may serve it: `{}` in {}:{}",
            shown(route),
            route.place.path,
            route.place.line
        );
        Some(row.not_checkable(Difference::Unread, reason))
    }

    /// Whether the spec does not promise a route by itself.
    fn is_free(&self, at: usize) -> bool {
        self.spoken_for.routes.get(at) == Some(&false)
    }

    fn methods(&self, hits: &[ServedAt]) -> String {
        let mut names: Vec<&str> =
            hits.iter().filter_map(|hit| self.served.route(hit.route)).map(|r| r.method.name()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    /// `DELETE /orders/{id}` where the code has `DELETE /orders`, and the other way round. Only for methods
    /// that change one thing, and only where the spec does not promise the other one as well.
    fn other_end(&self, path: &[String], method: Method) -> Option<&Route> {
        if !matches!(method, Method::Put | Method::Patch | Method::Delete) {
            return None;
        }
        let member = path.last().is_some_and(|part| part == PARAMETER);
        let other: Vec<String> = match member {
            true => path.get(..path.len().saturating_sub(1)).unwrap_or(&[]).to_vec(),
            false => path.iter().cloned().chain([PARAMETER.to_owned()]).collect(),
        };
        if other.is_empty() {
            return None;
        }
        let hits = self.served.find(&other);
        hits.iter().find_map(|hit| {
            self.served.route(hit.route).filter(|route| self.is_free(hit.route) && route.method == method)
        })
    }

    fn not_found(&self, row: Row, path: &[String], method: Method) -> Drifted {
        let free = |at: usize| self.is_free(at);
        let answers = |at: usize| free(at) && self.served.route(at).is_some_and(|r| takes(r.method, method));
        if let Some(at) = self.served.spelt_otherwise(path, answers) {
            return self.spelling(row, at, Difference::Spelling, "the code spells it");
        }
        if let Some(at) = self.served.spelt_otherwise(path, free) {
            return self.spelling(
                row,
                at,
                Difference::Spelling,
                "the code spells the path otherwise and has no such method:",
            );
        }
        if let Some(at) = self.served.other_base(path, answers) {
            return self.spelling(row, at, Difference::Base, "the code serves it below another base path:");
        }
        if let Some(route) = self.served.closest(path, answers).and_then(|at| self.served.route(at)) {
            let reason = "no route of the code answers it";
            return row.missing(Some((&shown(route), Some(&route.place))), reason);
        }
        if let Some(route) = self.served.by_parameter(path, answers).and_then(|at| self.served.route(at)) {
            let reason = format!("`{}` may answer it", shown(route));
            return row.not_checkable(Difference::Vague, reason);
        }
        if let Some(unread) = self.served.unread(path, self.unread) {
            let (place, at) = (&unread.place, if unread.whole { "below" } else { "somewhere below" });
            let reason = format!(
                "the code serves more {at} `{}` than could be read ({}:{})",
                unread.below, place.path, place.line
            );
            return row.not_checkable(Difference::Unread, reason);
        }
        if let Some(route) = self.served.catch_all(path, |route| takes(route.method, method)) {
            let reason = format!("`{}` may answer it", shown(route));
            return row.not_checkable(Difference::Vague, reason);
        }
        if let Some(why) = self.served.outside(path, self.spoken_for.relative) {
            return row.not_checkable(Difference::Foreign, why);
        }
        row.missing(None, "no route of the code answers it")
    }

    fn spelling(&self, row: Row, at: usize, difference: Difference, lead: &str) -> Drifted {
        let Some(route) = self.served.route(at) else {
            return row.missing(None, "no route of the code answers it");
        };
        let name = shown(route);
        row.contradicted(difference, &name, Some(&route.place), format!("{lead} `{name}`"))
    }
}
