//! The routes of the code, to be looked up.

use super::wanted::{PARAMETER, key};
use crate::names::{fold, singular};
use rustc_hash::FxHashMap;
use trueup_codebase::{Route, RoutePath, Scope};

/// Routes by their paths. Catch-alls are left out: they would make every path exist.
pub(super) struct Served<'a> {
    routes: Vec<&'a Route>,
    keys: Vec<Vec<String>>,
    by_key: FxHashMap<String, Vec<usize>>,
    by_folded: FxHashMap<String, Vec<usize>>,
    /// Routes of which only the end is known.
    partial: Vec<usize>,
    /// Catch-alls below a path of their own, with the parts of that.
    catch_alls: Vec<(Vec<String>, &'a Route)>,
    /// By framework: how many whole routes there are, and how many stand below each base path.
    bases: FxHashMap<&'static str, Bases>,
    /// Configured beginnings of paths.
    prefixes: Vec<Vec<String>>,
}

#[derive(Default)]
struct Bases {
    routes: usize,
    below: FxHashMap<Vec<String>, usize>,
}

/// A route that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Its place in [`Served`].
    pub(super) route: usize,
    /// Whether the spec and the code write different beginnings.
    pub(super) base_changed: bool,
    /// Whether the spec leaves the base path out.
    pub(super) base_added: bool,
}

impl<'a> Served<'a> {
    pub(super) fn new(routes: &'a [Route], scope: &Scope) -> Served<'a> {
        let (catch_alls, routes): (Vec<&Route>, Vec<&Route>) =
            routes.iter().partition(|route| route.path.is_catch_all());
        let prefixes = scope.api_prefixes.iter().map(|p| key(&RoutePath::parse(p))).filter(|p| !p.is_empty());
        let mut served = Served {
            keys: routes.iter().map(|route| key(&route.path)).collect(),
            routes,
            by_key: FxHashMap::default(),
            by_folded: FxHashMap::default(),
            partial: Vec::new(),
            catch_alls: Vec::new(),
            bases: FxHashMap::default(),
            prefixes: prefixes.collect(),
        };
        for at in 0..served.routes.len() {
            served.add(at);
        }
        for route in catch_alls {
            let mut parts = key(&route.path);
            parts.pop();
            // One right below a base path would answer whatever is asked.
            let own = parts.get(served.base_length(&parts)..).unwrap_or(&[]);
            if own.iter().any(|part| part != PARAMETER) {
                served.catch_alls.push((parts, route));
            }
        }
        served
    }

    fn add(&mut self, at: usize) {
        let (Some(route), Some(parts)) = (self.routes.get(at), self.keys.get(at)) else { return };
        if !route.whole {
            self.partial.push(at);
            return;
        }
        let base = parts.get(..self.base_length(parts)).unwrap_or(&[]).to_vec();
        let bases = self.bases.entry(route.framework).or_default();
        bases.routes += 1;
        *bases.below.entry(base).or_default() += 1;
        self.by_folded.entry(folded(parts)).or_default().push(at);
        self.by_key.entry(parts.join("/")).or_default().push(at);
    }

    pub(super) fn len(&self) -> usize {
        self.routes.len()
    }

    pub(super) fn route(&self, at: usize) -> Option<&'a Route> {
        self.routes.get(at).copied()
    }

    /// How many parts in front belong to a base path (`api`, `api/v1`, a configured beginning).
    fn base_length(&self, parts: &[String]) -> usize {
        let configured = self.prefixes.iter().filter(|p| parts.starts_with(p)).map(Vec::len).max();
        let is_version = |part: &str| {
            part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        };
        let common = parts
            .iter()
            .take(3)
            .take_while(|part| part.as_str() == "api" || part.as_str() == "rest" || is_version(part))
            .count();
        configured.unwrap_or(0).max(common).min(parts.len())
    }

    /// The routes of a path: with these parts; else those that differ by a base path which a proxy puts in
    /// front, or which the spec leaves out throughout; else those of which only the end is known.
    pub(super) fn find(&self, path: &[String]) -> Vec<Hit> {
        let plain = |route: &usize| Hit { route: *route, base_changed: false, base_added: false };
        if let Some(found) = self.by_key.get(&path.join("/")) {
            return found.iter().map(plain).collect();
        }
        let base = self.base_length(path);
        let mut out = match base {
            0 => self.below_a_base(path),
            _ => self.behind_a_proxy(path, base),
        };
        if out.is_empty() {
            out = self.by_end(path).iter().map(plain).collect();
        }
        if out.is_empty() {
            out = self.with_format(path);
        }
        out
    }

    /// Rails answers `/orders.json` by the route of `/orders`.
    fn with_format(&self, path: &[String]) -> Vec<Hit> {
        const FORMATS: [&str; 10] = ["atom", "csv", "html", "ics", "js", "json", "pdf", "rss", "txt", "xml"];
        let Some((last, front)) = path.split_last() else { return Vec::new() };
        let Some((stem, _)) = last.rsplit_once('.').filter(|(_, format)| FORMATS.contains(format)) else {
            return Vec::new();
        };
        let bare: Vec<&str> = front.iter().map(String::as_str).chain([stem]).collect();
        let found = self.by_key.get(&bare.join("/")).into_iter().flatten();
        found
            .filter(|at| self.routes.get(**at).is_some_and(|route| route.framework == "Rails"))
            .map(|at| Hit { route: *at, base_changed: false, base_added: false })
            .collect()
    }

    /// A catch-all that a path lies below: it may be answered there, which no path tells.
    pub(super) fn catch_all(&self, path: &[String], wanted: impl Fn(&Route) -> bool) -> Option<&'a Route> {
        let above = self
            .catch_alls
            .iter()
            .filter(|(front, route)| path.len() > front.len() && path.starts_with(front) && wanted(route));
        above.max_by_key(|(front, _)| front.len()).map(|(_, route)| *route)
    }

    /// The spec says `/api/orders`, and no route of the framework knows of `/api`.
    fn behind_a_proxy(&self, path: &[String], base: usize) -> Vec<Hit> {
        let (Some(front), Some(rest)) = (path.first(), path.get(base..)) else { return Vec::new() };
        let knows = |framework: &str| {
            let bases = self.bases.get(framework);
            bases.is_some_and(|b| b.below.keys().any(|base| base.first() == Some(front)))
        };
        let found = self.by_key.get(&rest.join("/")).into_iter().flatten();
        found
            .filter(|at| !rest.is_empty() && self.routes.get(**at).is_some_and(|r| !knows(r.framework)))
            .map(|at| Hit { route: *at, base_changed: true, base_added: false })
            .collect()
    }

    /// The spec says `/orders`, and most routes of the framework stand below `/api`.
    fn below_a_base(&self, path: &[String]) -> Vec<Hit> {
        let mut bases: Vec<&Vec<String>> = self.usual_bases().map(|(_, base)| base).collect();
        bases.sort();
        bases.dedup();
        let found = bases.into_iter().flat_map(|base| {
            let whole: Vec<String> = base.iter().chain(path).cloned().collect();
            self.by_key.get(&whole.join("/")).into_iter().flatten()
        });
        found
            .filter(|at| {
                let framework = self.routes.get(**at).map(|route| route.framework);
                self.usual_bases().any(|(name, _)| Some(name) == framework)
            })
            .map(|at| Hit { route: *at, base_changed: true, base_added: true })
            .collect()
    }

    /// Base paths that at least half of a framework's routes stand below.
    fn usual_bases(&self) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
        self.bases.iter().flat_map(|(framework, bases)| {
            let usual = move |count: usize| count * 2 >= bases.routes;
            let found = bases.below.iter().filter(move |(base, count)| !base.is_empty() && usual(**count));
            found.map(|(base, _)| (*framework, base))
        })
    }

    fn by_end(&self, path: &[String]) -> Vec<usize> {
        let ends = |at: &&usize| {
            let parts = self.keys.get(**at).map(Vec::as_slice).unwrap_or_default();
            path == parts || parts.iter().any(|part| part != PARAMETER) && path.ends_with(parts)
        };
        self.partial.iter().filter(ends).copied().collect()
    }

    /// A route whose parts are the same but for case, hyphens, underscores and number.
    pub(super) fn spelt_otherwise(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let pick = |key: String| {
            self.by_folded.get(&key).and_then(|found| found.iter().copied().find(|at| wanted(*at)))
        };
        let mut bases: Vec<&Vec<String>> = self.usual_bases().map(|(_, base)| base).collect();
        bases.sort();
        pick(folded(path)).or_else(|| {
            bases.into_iter().find_map(|base| {
                let whole: Vec<String> = base.iter().chain(path).cloned().collect();
                pick(folded(&whole))
            })
        })
    }

    /// A route with the same parts below another base path.
    pub(super) fn other_base(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let bare = |parts: &[String]| parts.get(self.base_length(parts)..).unwrap_or(&[]).to_vec();
        let own = bare(path);
        if !own.iter().any(|part| part != PARAMETER) {
            return None;
        }
        (0..self.routes.len())
            .find(|at| wanted(*at) && self.keys.get(*at).is_some_and(|key| bare(key) == own))
    }

    /// The route that is most like a path: one part of it differs, or is left out.
    pub(super) fn closest(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        const LEAST: f64 = 0.75;
        let mut best: Option<(f64, usize)> = None;
        let bare = |parts: &'_ [String]| self.base_length(parts);
        let own = path.get(bare(path)..).unwrap_or(&[]);
        for (at, parts) in self.keys.iter().enumerate().filter(|(at, _)| wanted(*at)) {
            let other = parts.get(bare(parts)..).unwrap_or(&[]);
            let likeness = likeness(own, other);
            if likeness >= LEAST && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, at));
            }
        }
        best.map(|(_, at)| at)
    }

    /// A route that has a parameter where the path has a word (`/settings/{key}` for `/settings/theme`).
    pub(super) fn by_parameter(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let takes = |parts: &[String]| {
            // The first part behind the base names the module: a parameter there would take everything.
            let fixed = self.base_length(parts) + 1;
            parts.len() == path.len()
                && parts
                    .iter()
                    .zip(path)
                    .enumerate()
                    .all(|(at, (served, asked))| served == asked || at >= fixed && served == PARAMETER)
        };
        (0..self.routes.len()).find(|at| wanted(*at) && self.keys.get(*at).is_some_and(|key| takes(key)))
    }

    /// Why a path is not this code's, if it is not: all else that the code serves begins otherwise.
    /// `relative` says that the spec leaves the base path out elsewhere.
    pub(super) fn outside(&self, path: &[String], relative: bool) -> Option<String> {
        if !self.prefixes.is_empty() {
            let inside = self.prefixes.iter().any(|prefix| path.starts_with(prefix)) || relative;
            let shown: Vec<String> = self.prefixes.iter().map(|p| format!("/{}", p.join("/"))).collect();
            return (!inside)
                .then(|| format!("it is outside of {}, which this code serves", shown.join(" and ")));
        }
        let all: usize = self.bases.values().map(|b| b.routes).sum();
        let mut fronts: FxHashMap<&str, usize> = FxHashMap::default();
        for (base, count) in self.bases.values().flat_map(|b| &b.below) {
            if let Some(front) = base.first() {
                *fronts.entry(front).or_default() += count;
            }
        }
        let (front, _) = fronts.into_iter().find(|(_, count)| count * 10 >= all * 9)?;
        if relative || path.first().is_some_and(|first| first == front) || self.knows_module(path) {
            return None;
        }
        Some(format!("it is outside of /{front}, below which this code serves"))
    }

    /// Whether a route has the first part of a path right behind its base path.
    fn knows_module(&self, path: &[String]) -> bool {
        let Some(first) = path.get(self.base_length(path)) else { return false };
        self.keys.iter().any(|key| key.get(self.base_length(key)) == Some(first))
    }
}

/// The parts of a path without case, separators and number.
fn folded(parts: &[String]) -> String {
    let one = |part: &String| {
        if part == PARAMETER {
            return PARAMETER.to_owned();
        }
        let words: Vec<String> = crate::names::words(part).iter().map(|w| singular(w)).collect();
        match words.is_empty() {
            true => fold(part),
            false => words.concat(),
        }
    };
    parts.iter().map(one).collect::<Vec<String>>().join("/")
}

/// How alike two paths are, from 0 to 1: as many parts, parameters in the same places, and one word that
/// differs and is much like the other's or the last one of several.
fn likeness(a: &[String], b: &[String]) -> f64 {
    if a.len() != b.len() || a.is_empty() {
        return 0.0;
    }
    let mut differing = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b);
    let Some((at, (x, y))) = differing.next() else { return 1.0 };
    if differing.next().is_some() || x == PARAMETER || y == PARAMETER {
        return 0.0;
    }
    let alike = strsim::jaro_winkler(&x.to_lowercase(), &y.to_lowercase());
    // `/orders/{id}/cancel` and `/orders/{id}/abort` stand in the same place of the same resource.
    let same_place = at + 1 == a.len() && a.len() >= 3;
    if same_place { alike.max(0.75) } else { alike }
}
