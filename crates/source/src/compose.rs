//! Puts routers together: a router's routes are served below the paths that it is mounted at, which
//! often stands in another file.

use crate::routes::{EVERY_ROUTER, RouteAdapter, adapters};
use crate::{FileFacts, Import, MountDecl, Options, RouteDecl, RouteFacts, Router, UNKNOWN_FRONT};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use trueup_codebase::{CodePlace, Method, Route, RoutePath, UnreadRoutes};

/// Names handed on more often than this go in a circle.
const MOST_HOPS: usize = 16;
/// What one name may ask for on its way through files; a tangle of names that are made longer at each
/// step would go on for ever.
const MOST_STEPS: usize = 10_000;
/// Routers in routers deeper than this go in a circle.
const MOST_LEVELS: usize = 32;
/// No repository serves more routes; a tangle of routers that take each other in twice would.
const MOST_ROUTES: usize = 100_000;

/// The last part of the name of a router that a class has from the class above it: whatever others call
/// it, it is the one.
pub(crate) const ANY_PART: &str = "*";

/// A router: the place of its file among all files, and its place in there.
type Node = (usize, usize);

/// All routes of all files with their whole paths, by path and method, and the paths below which more is
/// served that nobody could read.
pub(crate) fn routes(files: &[FileFacts], options: &Options) -> (Vec<Route>, Vec<UnreadRoutes>) {
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_ref()).collect();
    let (mut out, mut unread) = (Vec::new(), Vec::new());
    for (index, adapter) in adapters().iter().enumerate() {
        let mut facts: FxHashMap<usize, &RouteFacts> = FxHashMap::default();
        for (at, file) in files.iter().enumerate() {
            // One file has at most one entry of an adapter.
            facts.extend(file.routes.iter().find(|facts| facts.adapter == index).map(|facts| (at, facts)));
        }
        if !facts.is_empty() {
            let graph = Graph::new(*adapter, facts, &paths);
            let (mut found, mut open) = graph.routes(options);
            out.append(&mut found);
            unread.append(&mut open);
        }
    }
    out.sort_by(|a, b| {
        (&a.path, a.method, &a.place, a.framework).cmp(&(&b.path, b.method, &b.place, b.framework))
    });
    out.dedup();
    // Of a declaration whose whole path is known, a way to it that is not adds nothing.
    let known: FxHashSet<(CodePlace, Method)> =
        out.iter().filter(|route| route.whole).map(|route| (route.place.clone(), route.method)).collect();
    out.retain(|route| route.whole || !known.contains(&(route.place.clone(), route.method)));
    unread.sort_by(|a, b| (&a.below, a.whole, &a.place).cmp(&(&b.below, b.whole, &b.place)));
    unread.dedup();
    (out, unread)
}

/// The routers of one adapter.
struct Graph<'a> {
    adapter: &'a dyn RouteAdapter,
    facts: FxHashMap<usize, &'a RouteFacts>,
    paths: &'a [&'a str],
    /// What each router takes in, in order, with the mount that says so; none where a router of another
    /// file adds its routes.
    mounts: FxHashMap<Node, Vec<(Option<&'a MountDecl>, Node)>>,
    /// The mounts whose target is in no file.
    open: FxHashMap<Node, Vec<&'a MountDecl>>,
    mounted: FxHashSet<Node>,
    /// Whether anything is mounted in this framework, understood or not.
    any_mount: bool,
    /// What was asked for without success.
    asked: RefCell<Asked>,
}

/// The names that a search came by. A name that was asked for once is not asked for again: what had
/// been found would have ended the search. Without this, a bundle whose one-letter variables stand for
/// each other takes for ever.
#[derive(Default)]
struct Asked {
    /// Of the search that goes on: with how many hops at the least.
    now: FxHashMap<Question, usize>,
    /// Of searches that found nothing, so that all they came by leads to nothing.
    before: FxHashSet<Question>,
}

/// Whether a name is asked for from outside of its file, the file, and the name.
type Question = (bool, usize, String);

impl<'a> Graph<'a> {
    fn new(
        adapter: &'a dyn RouteAdapter,
        facts: FxHashMap<usize, &'a RouteFacts>,
        paths: &'a [&'a str],
    ) -> Self {
        let mut graph = Graph {
            adapter,
            facts,
            paths,
            mounts: FxHashMap::default(),
            open: FxHashMap::default(),
            mounted: FxHashSet::default(),
            any_mount: false,
            asked: RefCell::default(),
        };
        for node in graph.nodes() {
            let Some(router) = graph.router(node) else { continue };
            for mount in router.mounts.iter().filter(|mount| mount.target != EVERY_ROUTER) {
                let target = graph.search(|graph| graph.inside(node.0, &mount.target, 0));
                // What is taken in below no path and is not found leaves all paths as they are.
                graph.any_mount |= target.is_some() || !mount.prefix.is_empty();
                match target {
                    Some(target) => {
                        graph.mounts.entry(node).or_default().push((Some(mount), target));
                        graph.mounted.insert(target);
                    }
                    None => graph.open.entry(node).or_default().push(mount),
                }
            }
            if router.extends
                && let Some(target) = graph.search(|graph| graph.through_imports(node.0, &router.name, 0))
                && target != node
            {
                graph.mounts.entry(target).or_default().push((None, node));
                graph.mounted.insert(node);
            }
        }
        graph.mount_the_rest();
        graph
    }

    /// Gives the applications that serve every router of their folder those that nobody else serves.
    fn mount_the_rest(&mut self) {
        let nodes = self.nodes();
        let takers: Vec<(Node, &'a MountDecl)> = nodes
            .iter()
            .filter_map(|node| {
                Some((*node, self.router(*node)?.mounts.iter().find(|m| m.target == EVERY_ROUTER)?))
            })
            .collect();
        self.any_mount |= !takers.is_empty();
        let folder =
            |file: usize| self.paths.get(file).and_then(|path| path.rsplit_once('/')).map_or("", |(f, _)| f);
        let mut rest = Vec::new();
        for node in nodes {
            let is_free = self.router(node).is_some_and(|router| !router.is_application)
                && !self.mounted.contains(&node);
            let own = folder(node.0);
            let is_below = |(taker, _): &&(Node, &MountDecl)| {
                own.strip_prefix(folder(taker.0)).is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with('/') || folder(taker.0).is_empty()
                })
            };
            // Of two above it, the nearer one serves it.
            let taker = takers.iter().filter(is_below).max_by_key(|(taker, _)| folder(taker.0).len());
            rest.extend(taker.filter(|_| is_free).map(|(taker, mount)| (*taker, *mount, node)));
        }
        for (taker, mount, node) in rest {
            self.mounts.entry(taker).or_default().push((Some(mount), node));
            self.mounted.insert(node);
        }
    }

    /// All routers in the order of the files.
    fn nodes(&self) -> Vec<Node> {
        let mut out: Vec<Node> = self
            .facts
            .iter()
            .flat_map(|(file, facts)| (0..facts.routers.len()).map(move |router| (*file, router)))
            .collect();
        out.sort_unstable();
        out
    }

    fn router(&self, node: Node) -> Option<&'a Router> {
        self.facts.get(&node.0)?.routers.get(node.1)
    }

    /// Looks for one router.
    fn search(&self, find: impl FnOnce(&Self) -> Option<Node>) -> Option<Node> {
        let found = find(self);
        let mut asked = self.asked.borrow_mut();
        let now = std::mem::take(&mut asked.now);
        if found.is_none() {
            asked.before.extend(now.into_keys());
        }
        found
    }

    /// Whether a name is to be looked for: not if it was already, no farther on the way than now.
    fn is_new(&self, is_outside: bool, file: usize, name: &str, hops: usize) -> bool {
        let mut asked = self.asked.borrow_mut();
        let question = (is_outside, file, name.to_owned());
        if asked.before.contains(&question)
            || asked.now.len() >= MOST_STEPS
            || asked.now.get(&question).is_some_and(|earlier| *earlier <= hops)
        {
            return false;
        }
        asked.now.insert(question, hops);
        true
    }

    /// The router of a name that is used in a file.
    fn inside(&self, file: usize, target: &str, hops: usize) -> Option<Node> {
        if let Some(node) = self.own(file, target) {
            return Some(node);
        }
        if let Some(node) = self.through_imports(file, target, hops) {
            return Some(node);
        }
        let from = self.paths.get(file)?;
        let resolved = self.adapter.resolve(from, target, self.paths);
        resolved
            .and_then(|found| self.outside_any(&found.files, found.name.as_deref().unwrap_or(""), hops))
            .or_else(|| self.handed_on(file, target, hops))
    }

    /// The router of a name that a file takes in with all others of a module.
    fn handed_on(&self, file: usize, name: &str, hops: usize) -> Option<Node> {
        let from = self.paths.get(file)?;
        let mut all = self.facts.get(&file)?.exports.iter().filter(|export| export.local == "*");
        all.find_map(|export| {
            let resolved = self.adapter.resolve(from, &export.module, self.paths)?;
            self.outside_any(&resolved.files, name, hops)
        })
    }

    fn own(&self, file: usize, name: &str) -> Option<Node> {
        let routers = &self.facts.get(&file)?.routers;
        let find = |name: &str| routers.iter().position(|router| router.name == name);
        let any_part = || find(&format!("{}{ANY_PART}", name.strip_suffix(name.rsplit('.').next()?)?));
        find(name).or_else(any_part).map(|at| (file, at))
    }

    /// The router of a name that comes into a file from another one.
    fn through_imports(&self, file: usize, target: &str, hops: usize) -> Option<Node> {
        let facts = self.facts.get(&file)?;
        if !self.is_new(false, file, target, hops) {
            return None;
        }
        facts.imports.iter().find_map(|import| {
            let rest = self.rest(&import.local, target)?;
            self.follow(file, import, rest, hops)
        })
    }

    /// The router of a name as other files see it.
    fn outside(&self, file: usize, name: &str, hops: usize) -> Option<Node> {
        if hops > MOST_HOPS || !self.is_new(true, file, name, hops) {
            return None;
        }
        let facts = self.facts.get(&file)?;
        let exported = facts.exports.iter().find_map(|export| {
            let rest = self.rest(&export.local, name)?;
            self.follow(file, export, rest, hops)
        });
        // A part of what the file gives as its default: `new Orders().router`, `orders.router`.
        let of_default = || {
            let default = facts.exports.iter().find(|export| export.local.is_empty() && !name.is_empty())?;
            self.follow(file, default, name, hops)
        };
        exported
            .or_else(|| self.own(file, name))
            .or_else(|| self.through_imports(file, name, hops))
            .or_else(|| self.handed_on(file, name, hops))
            .or_else(of_default)
    }

    fn outside_any(&self, files: &[usize], name: &str, hops: usize) -> Option<Node> {
        files.iter().find_map(|file| self.outside(*file, name, hops + 1))
    }

    /// What an import stands for, with the rest of a dotted name behind it.
    fn follow(&self, file: usize, import: &Import, rest: &str, hops: usize) -> Option<Node> {
        if hops > MOST_HOPS {
            return None;
        }
        if import.module.is_empty() {
            let name = self.join(&import.name, rest);
            // A name for itself would go in a circle.
            return match name == import.local {
                true => self.own(file, &name),
                false => self.own(file, &name).or_else(|| self.through_imports(file, &name, hops + 1)),
            };
        }
        let from = self.paths.get(file)?;
        let whole = self.adapter.resolve(from, &import.module, self.paths).and_then(|resolved| {
            let name = self.join(resolved.name.as_deref().unwrap_or(""), &self.join(&import.name, rest));
            self.outside_any(&resolved.files, &name, hops)
        });
        let below = || (!import.name.is_empty()).then(|| self.join(&import.module, &import.name));
        whole
            .or_else(|| {
                // The name may be a module below the one that is named: `from app import orders`.
                let resolved = self.adapter.resolve(from, &below()?, self.paths)?;
                let name = self.join(resolved.name.as_deref().unwrap_or(""), rest);
                self.outside_any(&resolved.files, &name, hops)
            })
            .or_else(|| {
                // So may what follows it, where the modules between hold nothing themselves:
                // `use contexts::orders;`, then `orders::routes::router()`.
                let full = below().filter(|_| rest.contains(self.adapter.separator()))?;
                let resolved = self.adapter.resolve(from, &self.join(&full, rest), self.paths)?;
                self.outside_any(&resolved.files, resolved.name.as_deref().unwrap_or(""), hops)
            })
    }

    /// What follows a name in a dotted one; none where it is another name.
    fn rest<'t>(&self, local: &str, target: &'t str) -> Option<&'t str> {
        let rest = target.strip_prefix(local)?;
        match rest.is_empty() {
            true => Some(rest),
            false if local.is_empty() => None,
            false => rest.strip_prefix(self.adapter.separator()),
        }
    }

    fn join(&self, a: &str, b: &str) -> String {
        match (a.is_empty(), b.is_empty()) {
            (true, _) => b.to_owned(),
            (_, true) => a.to_owned(),
            _ => format!("{a}{}{b}", self.adapter.separator()),
        }
    }

    fn routes(&self, options: &Options) -> (Vec<Route>, Vec<UnreadRoutes>) {
        let nodes = self.nodes();
        let mut walk = Walk {
            graph: self,
            options,
            out: Vec::new(),
            unread: Vec::new(),
            seen: FxHashSet::default(),
            steps: 0,
        };
        for node in &nodes {
            let Some(router) = self.router(*node) else { continue };
            if !self.mounted.contains(node) && !is_part(router) {
                let whole = router.is_application || !self.any_mount;
                walk.from(*node, whole);
            }
        }
        // What is left stands in a circle of routers that nothing leads into, but for an application.
        let is_application = |node: &Node| self.router(*node).is_some_and(|router| router.is_application);
        let parts =
            nodes.into_iter().filter(|node| self.router(*node).is_some_and(|router| !is_part(router)));
        let (applications, others): (Vec<Node>, Vec<Node>) = parts.partition(is_application);
        for (node, whole) in applications.iter().map(|n| (n, true)).chain(others.iter().map(|n| (n, false))) {
            if !walk.seen.contains(node) {
                walk.from(*node, whole);
            }
        }
        (walk.out, walk.unread)
    }
}

/// Whether a router is nothing where no other one takes it in.
fn is_part(router: &Router) -> bool {
    router.is_view || router.extends
}

/// A path that is being put together.
#[derive(Clone, Default)]
struct Front {
    path: RoutePath,
    whole: bool,
}

impl Front {
    /// This path with another one behind it.
    fn join(&self, text: &str) -> Front {
        match text.strip_prefix(UNKNOWN_FRONT) {
            // What stands before an unknown front is not known to stand there, either.
            Some(known) => Front { path: RoutePath::parse(known), whole: false },
            None => Front { path: self.path.join(&RoutePath::parse(text)), whole: self.whole },
        }
    }
}

struct Walk<'a> {
    graph: &'a Graph<'a>,
    options: &'a Options,
    out: Vec<Route>,
    unread: Vec<UnreadRoutes>,
    seen: FxHashSet<Node>,
    steps: usize,
}

impl Walk<'_> {
    /// Adds the routes of a router and of all that it takes in.
    fn from(&mut self, root: Node, whole: bool) {
        let framework = self.graph.facts.get(&root.0).map_or("", |facts| facts.framework);
        // A router on the way down, and how deep it is: what is deeper than the next one is done.
        let mut way: Vec<Node> = Vec::new();
        let mut todo = vec![(root, Front { path: RoutePath::default(), whole }, 0, true)];
        while let Some((node, front, depth, has_prefix)) = todo.pop() {
            way.truncate(depth);
            self.steps += 1;
            if way.contains(&node) || depth > MOST_LEVELS || self.steps > MOST_ROUTES {
                continue;
            }
            way.push(node);
            self.seen.insert(node);
            let Some(router) = self.graph.router(node) else { continue };
            let front = if has_prefix { front.join(&router.prefix) } else { front };
            self.add(node, &router.routes, &front, framework);
            for mount in self.graph.open.get(&node).map_or(&[][..], Vec::as_slice) {
                let below = front.join(&mount.prefix);
                if mount.otherwise.iter().any(|route| RoutePath::parse(&route.path).is_catch_all()) {
                    self.add_unread(&below, mount);
                }
                self.add(node, &mount.otherwise, &below, framework);
            }
            let mounts = self.graph.mounts.get(&node).map_or(&[][..], Vec::as_slice);
            for (mount, child) in mounts.iter().rev() {
                let below = mount.map_or_else(|| front.clone(), |mount| front.join(&mount.prefix));
                let has_prefix = !mount.is_some_and(|mount| mount.replaces_prefix);
                todo.push((*child, below, depth + 1, has_prefix));
            }
        }
    }

    fn add_unread(&mut self, below: &Front, mount: &MountDecl) {
        if self.unread.len() < MOST_ROUTES {
            let Front { path, whole } = below.clone();
            self.unread.push(UnreadRoutes { below: path, whole, place: mount.place.clone() });
        }
    }

    fn add(&mut self, node: Node, routes: &[RouteDecl], front: &Front, root: &'static str) {
        let own = self.graph.facts.get(&node.0).map_or("", |facts| facts.framework);
        for route in routes {
            if self.out.len() >= MOST_ROUTES {
                return;
            }
            let Front { path, whole } = front.join(&route.path);
            let path = match self.served_below(&route.place.path) {
                Some(mount) => RoutePath::parse(mount).join(&path),
                None => path,
            };
            let framework = if own.is_empty() { root } else { own };
            self.out.push(Route { method: route.method, path, whole, framework, place: route.place.clone() });
        }
    }

    /// The path that the configuration puts in front of a file's routes.
    fn served_below(&self, file: &str) -> Option<&str> {
        let below = |folder: &str| {
            let folder = folder.trim_end_matches('/');
            file.strip_prefix(folder)
                .is_some_and(|rest| folder.is_empty() || rest.starts_with('/') || rest.is_empty())
        };
        let mounts = self.options.mounts.iter().filter(|(folder, _)| below(folder));
        mounts.max_by_key(|(folder, _)| folder.len()).map(|(_, path)| path.as_str())
    }
}

#[cfg(test)]
mod tests;
