use crate::names::{rough, same_words};
use crate::{PathPart, Route, RoutePath, UnreadRoutes};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

/// What stands for any parameter in the parts of a path.
pub const PARAMETER: &str = "{}";

/// The routes of the code, to be looked up. Built when the first is looked for: a repository may hold
/// thousands, and each spec asks for many.
#[derive(Clone, Debug, Default)]
pub struct RouteIndex {
    built: OnceLock<Built>,
}

impl RouteIndex {
    /// The routes as they are looked up. `prefixes` are configured beginnings of paths, the same each time.
    pub fn of<'a>(&'a self, routes: &'a [Route], prefixes: &[String]) -> Served<'a> {
        Served { routes, built: self.built.get_or_init(|| Built::new(routes, prefixes)) }
    }
}

/// Routes by their paths. Catch-alls are left out: they would make every path exist.
#[derive(Clone, Debug, Default)]
struct Built {
    /// By route: its parts, and how many of them belong to its base path.
    keys: Vec<Vec<String>>,
    base_lengths: Vec<usize>,
    by_key: FxHashMap<String, Vec<usize>>,
    by_rough: FxHashMap<String, Vec<usize>>,
    /// Routes of which only the end is known, by that.
    partial: FxHashMap<String, Vec<usize>>,
    /// Catch-alls below a path of their own, with the parts of that.
    catch_alls: Vec<(Vec<String>, usize)>,
    /// All routes by their parts behind the base path, and by these with one left out.
    by_bare: FxHashMap<String, Vec<usize>>,
    by_all_but_one: FxHashMap<String, Vec<usize>>,
    /// All routes by their number of parts and those up to the first behind the base path.
    by_front: FxHashMap<(usize, String), Vec<usize>>,
    /// The first parts behind base paths.
    modules: FxHashSet<String>,
    /// By framework: how many whole routes there are, and how many stand below each base path.
    bases: FxHashMap<&'static str, Bases>,
    /// Base paths that at least half of a framework's routes stand below.
    usual_bases: Vec<(&'static str, Vec<String>)>,
    /// Configured beginnings of paths.
    prefixes: Vec<Vec<String>>,
}

#[derive(Clone, Debug, Default)]
struct Bases {
    routes: usize,
    below: FxHashMap<Vec<String>, usize>,
}

/// The routes of the code as they are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    routes: &'a [Route],
    built: &'a Built,
}

/// A route that was found.
#[derive(Clone, Copy, Debug)]
pub struct ServedAt {
    /// Its place among the routes.
    pub route: usize,
    /// Whether the spec and the code write different beginnings.
    pub base_changed: bool,
    /// Whether the spec leaves the base path out.
    pub base_added: bool,
}

impl Built {
    fn new(routes: &[Route], prefixes: &[String]) -> Built {
        let prefixes = prefixes.iter().map(|p| route_key(&RoutePath::parse(p))).filter(|p| !p.is_empty());
        let mut built = Built { prefixes: prefixes.collect(), ..Built::default() };
        for (at, route) in routes.iter().enumerate() {
            let parts = route_key(&route.path);
            let base = built.base_length(&parts);
            match route.path.is_catch_all() {
                false => built.add(at, route, &parts, base),
                true => built.add_catch_all(at, &parts),
            }
            built.keys.push(parts);
            built.base_lengths.push(base);
        }
        let usual = built.bases.iter().flat_map(|(framework, bases)| {
            let usual = |count: usize| count * 2 >= bases.routes;
            let found = bases.below.iter().filter(move |(base, count)| !base.is_empty() && usual(**count));
            found.map(|(base, _)| (*framework, base.clone()))
        });
        let mut usual: Vec<(&'static str, Vec<String>)> = usual.collect();
        usual.sort();
        built.usual_bases = usual;
        built
    }

    fn add(&mut self, at: usize, route: &Route, parts: &[String], base: usize) {
        let bare = parts.get(base..).unwrap_or(&[]);
        self.by_bare.entry(bare.join("/")).or_default().push(at);
        for left_out in 0..bare.len() {
            self.by_all_but_one.entry(all_but_one(bare, left_out)).or_default().push(at);
        }
        let front = parts.get(..base + 1).unwrap_or(parts);
        self.by_front.entry((parts.len(), front.join("/"))).or_default().push(at);
        self.modules.extend(bare.first().cloned());
        if !route.whole {
            self.partial.entry(parts.join("/")).or_default().push(at);
            return;
        }
        let bases = self.bases.entry(route.framework).or_default();
        bases.routes += 1;
        *bases.below.entry(parts.get(..base).unwrap_or(&[]).to_vec()).or_default() += 1;
        self.by_rough.entry(rough_path(parts)).or_default().push(at);
        self.by_key.entry(parts.join("/")).or_default().push(at);
    }

    fn add_catch_all(&mut self, at: usize, parts: &[String]) {
        let front = parts.split_last().map_or(&[][..], |(_, front)| front);
        // One right below a base path would answer whatever is asked.
        let own = front.get(self.base_length(front)..).unwrap_or(&[]);
        if own.iter().any(|part| part != PARAMETER) {
            self.catch_alls.push((front.to_vec(), at));
        }
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
}

impl<'a> Served<'a> {
    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.routes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// A route by its place.
    pub fn route(&self, at: usize) -> Option<&'a Route> {
        self.routes.get(at)
    }

    fn with_key(&self, parts: &[String]) -> &'a [usize] {
        self.built.by_key.get(&parts.join("/")).map_or(&[], Vec::as_slice)
    }

    /// The routes of a path: with these parts; else those that differ by a base path which a proxy puts in
    /// front, or which the spec leaves out throughout. Behind them those of which only the end is known.
    pub fn find(&self, path: &[String]) -> Vec<ServedAt> {
        let plain = |route: &usize| ServedAt { route: *route, base_changed: false, base_added: false };
        let exact = self.with_key(path);
        let mut out: Vec<ServedAt> = exact.iter().map(plain).collect();
        if out.is_empty() {
            out = match self.built.base_length(path) {
                0 => self.below_a_base(path),
                base => self.behind_a_proxy(path, base),
            };
        }
        out.extend(self.by_end(path).iter().map(plain));
        if out.is_empty() {
            out = self.with_format(path);
        }
        out
    }

    /// Rails answers `/orders.json` by the route of `/orders`.
    fn with_format(&self, path: &[String]) -> Vec<ServedAt> {
        const FORMATS: [&str; 10] = ["atom", "csv", "html", "ics", "js", "json", "pdf", "rss", "txt", "xml"];
        let Some((last, front)) = path.split_last() else { return Vec::new() };
        let Some((stem, _)) = last.rsplit_once('.').filter(|(_, format)| FORMATS.contains(format)) else {
            return Vec::new();
        };
        let bare: Vec<String> = front.iter().cloned().chain([stem.to_owned()]).collect();
        let found = self.with_key(&bare).iter();
        found
            .filter(|at| self.route(**at).is_some_and(|route| route.framework == "Rails"))
            .map(|at| ServedAt { route: *at, base_changed: false, base_added: false })
            .collect()
    }

    /// A catch-all that a path lies below: it may be answered there, which no path tells.
    pub fn catch_all(&self, path: &[String], wanted: impl Fn(&Route) -> bool) -> Option<&'a Route> {
        let above = self.built.catch_alls.iter().filter(|(front, at)| {
            path.len() > front.len() && path.starts_with(front) && self.route(*at).is_some_and(&wanted)
        });
        above.max_by_key(|(front, _)| front.len()).and_then(|(_, at)| self.route(*at))
    }

    /// The spec says `/api/orders`, and no route of the framework knows of `/api`.
    fn behind_a_proxy(&self, path: &[String], base: usize) -> Vec<ServedAt> {
        let (Some(front), Some(rest)) = (path.first(), path.get(base..)) else { return Vec::new() };
        let knows = |framework: &str| {
            let bases = self.built.bases.get(framework);
            bases.is_some_and(|b| b.below.keys().any(|base| base.first() == Some(front)))
        };
        let found = self.with_key(rest).iter();
        found
            .filter(|at| !rest.is_empty() && self.route(**at).is_some_and(|r| !knows(r.framework)))
            .map(|at| ServedAt { route: *at, base_changed: true, base_added: false })
            .collect()
    }

    /// The spec says `/orders`, and most routes of the framework stand below `/api`.
    fn below_a_base(&self, path: &[String]) -> Vec<ServedAt> {
        let mut out: Vec<usize> = Vec::new();
        for whole in self.below_usual_bases(path) {
            out.extend(self.with_key(&whole));
        }
        let usual = |at: &usize| {
            let framework = self.route(*at).map(|route| route.framework);
            self.built.usual_bases.iter().any(|(name, _)| Some(*name) == framework)
        };
        let found = out.into_iter().filter(usual);
        found.map(|route| ServedAt { route, base_changed: true, base_added: true }).collect()
    }

    /// A path below each of the usual base paths.
    fn below_usual_bases(&self, path: &[String]) -> impl Iterator<Item = Vec<String>> {
        let mut bases: Vec<&Vec<String>> = self.built.usual_bases.iter().map(|(_, base)| base).collect();
        bases.sort();
        bases.dedup();
        bases.into_iter().map(move |base| base.iter().chain(path).cloned().collect())
    }

    /// Routes of which only the end is known, where a path ends so; the longest end first.
    fn by_end(&self, path: &[String]) -> Vec<usize> {
        let ends = (0..path.len()).filter_map(|from| path.get(from..));
        let told = ends.filter(|end| end.len() == path.len() || end.iter().any(|part| part != PARAMETER));
        told.filter_map(|end| self.built.partial.get(&end.join("/"))).flatten().copied().collect()
    }

    /// A route of which only the end is known and which may answer a path, though nothing of its end names
    /// it: the router's own `/` or `/{id}`.
    pub fn may_answer(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let parameters = path.iter().rev().take_while(|part| *part == PARAMETER).count();
        if parameters == path.len() {
            return None;
        }
        let end = vec![PARAMETER; parameters].join("/");
        self.built.partial.get(&end)?.iter().copied().find(|at| wanted(*at))
    }

    /// A route whose parts are the same but for case, hyphens, underscores and number.
    pub fn spelt_otherwise(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let alike = |own: &[String], other: &[String]| {
            own.len() == other.len() && own.iter().zip(other).all(|(a, b)| a == b || same_part(a, b))
        };
        let pick = |own: &[String]| {
            let mut found = self.built.by_rough.get(&rough_path(own)).into_iter().flatten().copied();
            found.find(|at| wanted(*at) && self.built.keys.get(*at).is_some_and(|key| alike(own, key)))
        };
        pick(path).or_else(|| self.below_usual_bases(path).find_map(|whole| pick(&whole)))
    }

    /// A route with the same parts below another base path.
    pub fn other_base(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let own = path.get(self.built.base_length(path)..).unwrap_or(&[]);
        if !own.iter().any(|part| part != PARAMETER) {
            return None;
        }
        self.built.by_bare.get(&own.join("/"))?.iter().copied().find(|at| wanted(*at))
    }

    /// The route that is most like a path: one part of it differs.
    pub fn closest(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        const LEAST: f64 = 0.75;
        let own = path.get(self.built.base_length(path)..).unwrap_or(&[]);
        let mut best: Option<(f64, usize)> = None;
        for (place, part) in own.iter().enumerate().filter(|(_, part)| *part != PARAMETER) {
            let alike = self.built.by_all_but_one.get(&all_but_one(own, place)).into_iter().flatten();
            for at in alike.copied().filter(|at| wanted(*at)) {
                let base = self.built.base_lengths.get(at).copied().unwrap_or(0);
                let other = self.built.keys.get(at).and_then(|key| key.get(base + place));
                let Some(other) = other.filter(|other| *other != PARAMETER) else { continue };
                let likeness = likeness(part, other, place, own.len());
                let better =
                    best.is_none_or(|(most, first)| likeness > most || likeness >= most && at < first);
                if likeness >= LEAST && better {
                    best = Some((likeness, at));
                }
            }
        }
        best.map(|(_, at)| at)
    }

    /// A route that has a parameter where the path has a word (`/settings/{key}` for `/settings/theme`).
    pub fn by_parameter(&self, path: &[String], wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let takes = |at: usize| {
            let Some(parts) = self.built.keys.get(at) else { return false };
            parts.iter().zip(path).all(|(served, asked)| served == asked || served == PARAMETER)
        };
        // The first part behind the base names the module: a parameter there would take everything.
        let fronts = (1..=path.len()).filter_map(|end| path.get(..end));
        let found = fronts.filter_map(|front| self.built.by_front.get(&(path.len(), front.join("/"))));
        found.flatten().copied().filter(|at| wanted(*at) && takes(*at)).min()
    }

    /// What the code serves and nobody could read, and may answer a path.
    pub fn unread<'u>(&self, path: &[String], unread: &'u [UnreadRoutes]) -> Option<&'u UnreadRoutes> {
        let bare = |parts: &[String]| parts.get(self.built.base_length(parts)..).unwrap_or(&[]).to_vec();
        let own = bare(path);
        // What may be anywhere is hardly in a module that was read.
        let is_known = self.knows_module(path);
        unread.iter().find(|unread| {
            let below = route_key(&unread.below);
            if below.is_empty() && is_known {
                return false;
            }
            match unread.whole {
                true => {
                    path.starts_with(&below) || !bare(&below).is_empty() && own.starts_with(&bare(&below))
                }
                false => below.is_empty() || path.windows(below.len()).any(|part| part == below),
            }
        })
    }

    /// Why a path is not this code's, if it is not: all else that the code serves begins otherwise.
    /// `relative` says that the spec leaves the base path out elsewhere.
    pub fn outside(&self, path: &[String], relative: bool) -> Option<String> {
        let prefixes = &self.built.prefixes;
        if !prefixes.is_empty() {
            let inside = prefixes.iter().any(|prefix| path.starts_with(prefix)) || relative;
            let shown: Vec<String> = prefixes.iter().map(|p| format!("/{}", p.join("/"))).collect();
            return (!inside)
                .then(|| format!("it is outside of {}, which this code serves", shown.join(" and ")));
        }
        let all: usize = self.built.bases.values().map(|b| b.routes).sum();
        let mut fronts: FxHashMap<&str, usize> = FxHashMap::default();
        for (base, count) in self.built.bases.values().flat_map(|b| &b.below) {
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
        path.get(self.built.base_length(path)).is_some_and(|first| self.built.modules.contains(first))
    }
}

/// The parts of a path as they are compared: parameters have no names.
pub fn route_key(path: &RoutePath) -> Vec<String> {
    path.parts
        .iter()
        .map(|part| match part {
            PathPart::Text(text) => without_inner(text),
            PathPart::Parameter(_) | PathPart::Rest(_) => PARAMETER.to_owned(),
        })
        .collect()
}

/// A part that holds a parameter beside text (`{id}.pdf`), without the parameter's name.
fn without_inner(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((_, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        out.push_str(PARAMETER);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn all_but_one(parts: &[String], left_out: usize) -> String {
    let shown = |(at, part): (usize, &String)| if at == left_out { "*".to_owned() } else { part.clone() };
    parts.iter().enumerate().map(shown).collect::<Vec<String>>().join("/")
}

/// The parts of a path without what may differ in them.
fn rough_path(parts: &[String]) -> String {
    let one = |part: &String| if part == PARAMETER { PARAMETER.to_owned() } else { rough(part) };
    parts.iter().map(one).collect::<Vec<String>>().join("/")
}

fn same_part(a: &str, b: &str) -> bool {
    a != PARAMETER && b != PARAMETER && same_words(a, b)
}

/// How alike two paths are, from 0 to 1, that differ in one part: much like the other's, or the last one of
/// several.
fn likeness(a: &str, b: &str, place: usize, parts: usize) -> f64 {
    if a == b {
        return 1.0;
    }
    let alike = strsim::jaro_winkler(&a.to_lowercase(), &b.to_lowercase());
    // `/orders/{id}/cancel` and `/orders/{id}/abort` stand in the same place of the same resource.
    let same_place = place + 1 == parts && parts >= 3;
    if same_place { alike.max(0.75) } else { alike }
}
