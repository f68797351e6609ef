//! A Python file as a list of what stands in it: definitions, calls, assignments, imports.

use super::parse::{self, Field, Kind, Node, Tree};
use crate::{Import, UNKNOWN_FRONT};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// Expressions nested deeper than this say nothing here.
pub(super) const MOST_LEVELS: usize = 24;

/// A function or a class.
#[derive(Debug)]
pub(super) struct Definition<'t> {
    pub node: Node,
    pub name: &'t str,
    pub is_class: bool,
    /// The expressions behind `@`.
    pub decorators: Vec<Node>,
    /// The definition around it, by its place in the outline.
    pub parent: Option<usize>,
    /// The names of its parameters.
    pub parameters: Vec<&'t str>,
    /// What stands in its brackets: base classes.
    pub bases: Vec<Node>,
}

/// A call.
#[derive(Debug)]
pub(super) struct Call<'t> {
    pub node: Node,
    /// The function as a dotted name; empty where it is something else.
    pub function: &'t str,
    /// The definition around it.
    pub scope: Option<usize>,
}

/// An assignment, or an annotated name without a value.
#[derive(Debug)]
pub(super) struct Assignment<'t> {
    pub node: Node,
    /// The dotted name on the left.
    pub target: &'t str,
    pub annotation: Option<Node>,
    pub value: Option<Node>,
    /// The definition around it.
    pub scope: Option<usize>,
}

/// An argument of a call.
pub(super) struct Argument<'t> {
    pub name: Option<&'t str>,
    pub value: Node,
}

/// What stands in a file, in its order.
#[derive(Debug)]
pub(crate) struct Outline<'t> {
    pub(super) text: &'t str,
    tree: Tree,
    pub(super) definitions: Vec<Definition<'t>>,
    pub(super) calls: Vec<Call<'t>>,
    pub(super) assignments: Vec<Assignment<'t>>,
    /// `x[…]` and `… in x`: what is looked up, and the key.
    pub(super) lookups: Vec<(&'t str, Node)>,
    /// `for x in list`: where it holds, the variable, the list.
    pub(super) loops: Vec<(Range<usize>, &'t str, Node)>,
    /// What functions return, with the function.
    pub(super) returns: Vec<(usize, Node)>,
    pub(super) imports: Vec<Import>,
    /// Modules of which all names are taken (`from .orders import *`).
    pub(super) wildcards: Vec<String>,
    /// Names of the file that stand for one text.
    constants: FxHashMap<&'t str, Option<String>>,
}

impl<'t> Outline<'t> {
    /// Reads a file of a path, which its imports are relative to.
    pub(crate) fn new(path: &str, text: &'t str) -> Outline<'t> {
        let mut out = Outline {
            text,
            tree: Tree::default(),
            definitions: Vec::new(),
            calls: Vec::new(),
            assignments: Vec::new(),
            lookups: Vec::new(),
            loops: Vec::new(),
            returns: Vec::new(),
            imports: Vec::new(),
            wildcards: Vec::new(),
            constants: FxHashMap::default(),
        };
        let tree = parse::parse(text);
        out.walk(&tree, path);
        out.tree = tree;
        out.find_constants();
        out
    }

    fn walk(&mut self, tree: &Tree, path: &str) {
        let mut scopes: Vec<(usize, usize)> = Vec::new();
        let mut decorators: Vec<Node> = Vec::new();
        // What is assigned to is not looked up.
        let mut written: Option<Range<usize>> = None;
        tree.visit(|node| {
            while scopes.last().is_some_and(|(end, _)| node.start_byte() >= *end) {
                scopes.pop();
            }
            let scope = scopes.last().map(|(_, at)| *at);
            match node.kind() {
                Kind::Decorated => {
                    let own = tree.children(node).filter(|child| child.kind() == Kind::Decorator);
                    decorators = own.filter_map(|decorator| tree.first(decorator)).collect();
                }
                Kind::Function | Kind::Class => {
                    scopes.push((node.end_byte(), self.definitions.len()));
                    self.define(tree, node, std::mem::take(&mut decorators), scope);
                }
                Kind::Subscript if written == Some(node.byte_range()) => {}
                Kind::Assignment => {
                    written = tree.child(node, Field::Left).map(|left| left.byte_range());
                    self.assign(tree, node, scope);
                }
                _ => self.look_at(tree, node, scope, path),
            }
        });
    }

    fn look_at(&mut self, tree: &Tree, node: Node, scope: Option<usize>, path: &str) {
        let name = |field: Field| tree.child(node, field).and_then(|node| dotted(node, self.text));
        match node.kind() {
            Kind::Call => {
                let function = name(Field::Function).unwrap_or("");
                self.calls.push(Call { node, function, scope });
            }
            Kind::AugmentedAssignment => self.assign(tree, node, scope),
            Kind::Subscript => {
                if let (Some(name), Some(key)) = (name(Field::Value), tree.child(node, Field::Subscript)) {
                    self.lookups.push((name, key));
                }
            }
            Kind::Membership => {
                let mut sides = tree.children(node);
                let key = sides.next();
                let of = sides.next().and_then(|side| dotted(side, self.text));
                self.lookups.extend(of.zip(key));
            }
            Kind::For => {
                if let (Some(variable), Some(list)) = (name(Field::Left), tree.child(node, Field::Right)) {
                    self.loops.push((node.byte_range(), variable, list));
                }
            }
            Kind::Return => self.returns.extend(scope.zip(tree.first(node))),
            Kind::ImportFrom => self.import_from(tree, node, path),
            Kind::Import => self.import(tree, node),
            _ => {}
        }
    }

    fn assign(&mut self, tree: &Tree, node: Node, scope: Option<usize>) {
        let target = tree.child(node, Field::Left).and_then(|left| dotted(left, self.text));
        if let Some(target) = target {
            let (annotation, value) = (tree.child(node, Field::Type), tree.child(node, Field::Right));
            self.assignments.push(Assignment { node, target, annotation, value, scope });
        }
    }

    fn define(&mut self, tree: &Tree, node: Node, decorators: Vec<Node>, parent: Option<usize>) {
        let text = self.text;
        let name = tree.child(node, Field::Name).map_or("", |name| text_of(name, text));
        let parameters = tree.children(node).filter(|child| child.field() == Field::Parameter);
        let named = parameters.filter_map(|child| match child.kind() {
            Kind::Parameter => tree.child(child, Field::Name),
            _ => Some(child),
        });
        let parameters = named.map(|name| text_of(name, text)).collect();
        let bases = tree.child(node, Field::Arguments);
        let bases = bases.map_or_else(Vec::new, |list| tree.children(list).collect());
        let is_class = node.kind() == Kind::Class;
        self.definitions.push(Definition { node, name, is_class, decorators, parent, parameters, bases });
    }

    fn import(&mut self, tree: &Tree, node: Node) {
        for child in tree.children(node) {
            let (name, local) = self.imported(tree, child);
            let (local, module) = (local.to_owned(), name.to_owned());
            self.imports.push(Import { local, name: String::new(), module });
        }
    }

    fn import_from(&mut self, tree: &Tree, node: Node, path: &str) {
        let Some(from) = tree.child(node, Field::Module) else { return };
        let module = absolute(text_of(from, self.text), path);
        for child in tree.children(node).filter(|child| child.field() == Field::Name) {
            if child.kind() == Kind::Wildcard {
                self.wildcards.push(module.clone());
                continue;
            }
            let (name, local) = self.imported(tree, child);
            let (local, name) = (local.to_owned(), name.to_owned());
            self.imports.push(Import { local, name, module: module.clone() });
        }
    }

    /// A name that is imported, and what it is called in the file.
    fn imported(&self, tree: &Tree, node: Node) -> (&'t str, &'t str) {
        let name = tree.child(node, Field::Name).unwrap_or(node);
        let local = tree.child(node, Field::Alias).unwrap_or(name);
        (text_of(name, self.text), text_of(local, self.text))
    }

    /// What stands in a node.
    pub(super) fn children(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        self.tree.children(node)
    }

    /// The first node in a node.
    pub(super) fn first(&self, node: Node) -> Option<Node> {
        self.tree.first(node)
    }

    /// The first node in a node that is this to it.
    pub(super) fn child(&self, node: Node, field: Field) -> Option<Node> {
        self.tree.child(node, field)
    }

    /// Names that the file gives one text and no other.
    fn find_constants(&mut self) {
        for assignment in &self.assignments {
            let value = assignment.value.filter(|_| assignment.node.kind() == Kind::Assignment);
            if assignment.scope.is_none() {
                let text = value.and_then(|value| self.plain(value));
                let known = self.constants.entry(assignment.target).or_insert_with(|| text.clone());
                if *known != text {
                    *known = None;
                }
            }
        }
    }

    /// The text of a node.
    pub(super) fn text_of(&self, node: Node) -> &'t str {
        text_of(node, self.text)
    }

    /// A name with dots between its parts, and nothing else.
    pub(super) fn dotted(&self, node: Node) -> Option<&'t str> {
        dotted(node, self.text)
    }

    /// The text that an expression stands for, if it is known: literals, constants of the file, both
    /// put together.
    pub(super) fn literal(&self, node: Node) -> Option<String> {
        self.front_and_text(node).filter(|text| !text.starts_with(UNKNOWN_FRONT))
    }

    /// A path; one whose front is not told begins with [`UNKNOWN_FRONT`].
    pub(super) fn path(&self, node: Node) -> Option<String> {
        self.front_and_text(node).filter(|text| text != UNKNOWN_FRONT)
    }

    fn front_and_text(&self, node: Node) -> Option<String> {
        let mut out = String::new();
        let mut known = true;
        // Pieces from the last to the first, so that what stands before an unknown one is not looked at.
        let mut open = vec![(node, 0)];
        while let Some((node, depth)) = open.pop() {
            if depth > MOST_LEVELS {
                return None;
            }
            let mut put = |text: &str| out.insert_str(0, text);
            match node.kind() {
                Kind::Template | Kind::Concatenated => {
                    open.extend(self.children(node).map(|child| (child, depth + 1)));
                }
                Kind::Text => put(content(node, self.text)),
                Kind::TemplateText => put(&unescaped(node, self.text)),
                Kind::Interpolation => {
                    let has_format = self.children(node).count() != 1;
                    let inner = self.child(node, Field::Value).filter(|_| !has_format);
                    match inner.and_then(|inner| self.constant(inner)) {
                        Some(text) => put(text),
                        None => {
                            known = false;
                            break;
                        }
                    }
                }
                Kind::Parenthesized => open.extend(self.first(node).map(|c| (c, depth + 1))),
                Kind::Sum => {
                    open.extend(self.child(node, Field::Left).map(|c| (c, depth + 1)));
                    open.extend(self.child(node, Field::Right).map(|c| (c, depth + 1)));
                }
                Kind::Binary => return None,
                _ => match self.constant(node) {
                    Some(text) => put(text),
                    None => {
                        known = false;
                        break;
                    }
                },
            }
        }
        match (known, out.is_empty()) {
            (true, _) => Some(out),
            (false, true) => None,
            (false, false) => Some(format!("{UNKNOWN_FRONT}{out}")),
        }
    }

    fn constant(&self, node: Node) -> Option<&str> {
        self.dotted(node).and_then(|name| self.constants.get(name)).and_then(|text| text.as_deref())
    }

    /// The texts of a list, a tuple or a set; none where one of them is not known.
    pub(super) fn literals_of(&self, node: Node) -> Option<Vec<String>> {
        match node.kind() {
            Kind::List | Kind::Tuple | Kind::Set => {
                self.children(node).map(|child| self.plain(child)).collect()
            }
            _ => self.plain(node).map(|text| vec![text]),
        }
    }

    /// A text literal without anything put in.
    fn plain(&self, node: Node) -> Option<String> {
        match node.kind() {
            Kind::Text => Some(content(node, self.text).to_owned()),
            Kind::Template => {
                let is_text = |child: &Node| child.kind() == Kind::TemplateText;
                let pieces = self.children(node).map(|child| is_text(&child).then_some(child));
                pieces.map(|piece| Some(unescaped(piece?, self.text))).collect()
            }
            _ => None,
        }
    }

    /// The functions that stand right in a class.
    pub(super) fn members(&self, class: usize) -> Vec<&Definition<'t>> {
        let after = self.definitions.get(class + 1..).unwrap_or(&[]);
        let end = self.definitions.get(class).map_or(0, |class| class.node.end_byte());
        let inside = after.iter().take_while(|definition| definition.node.start_byte() < end);
        inside.filter(|definition| definition.parent == Some(class) && !definition.is_class).collect()
    }

    /// The assignments that stand right in a class.
    pub(super) fn attributes(&self, class: usize) -> Vec<&Assignment<'t>> {
        let Some(range) = self.definitions.get(class).map(|class| class.node.byte_range()) else {
            return Vec::new();
        };
        let start = self.assignments.partition_point(|a| a.node.start_byte() < range.start);
        let after = self.assignments.get(start..).unwrap_or(&[]);
        let inside = after.iter().take_while(|a| a.node.start_byte() < range.end);
        inside.filter(|assignment| assignment.scope == Some(class)).collect()
    }

    /// The arguments of a call; unpacked ones are left out.
    pub(super) fn arguments(&self, call: Node) -> Vec<Argument<'t>> {
        let list = self.child(call, Field::Arguments).filter(|list| list.kind() == Kind::ArgumentList);
        let argument = |node: Node| match node.kind() {
            Kind::KeywordArgument => Some(Argument {
                name: self.child(node, Field::Name).map(|name| self.text_of(name)),
                value: self.child(node, Field::Value)?,
            }),
            Kind::DictionarySplat => None,
            _ => Some(Argument { name: None, value: node }),
        };
        list.map_or_else(Vec::new, |list| self.children(list).filter_map(argument).collect())
    }

    /// The last parts of the names of a class's bases, without those that are no names.
    pub(super) fn bases(&self, class: &Definition<'t>) -> Vec<&'t str> {
        let name = |node: &Node| match node.kind() {
            // `Generic[T]`.
            Kind::Subscript => self.child(*node, Field::Value).and_then(|value| self.dotted(value)),
            _ => self.dotted(*node),
        };
        class.bases.iter().filter_map(name).map(last).collect()
    }

    /// The classes of the file that come from one of some bases, over other classes of the file.
    pub(super) fn descendants(&self, is_root: impl Fn(&str) -> bool) -> Vec<usize> {
        let classes = self.definitions.iter().enumerate().filter(|(_, d)| d.is_class);
        let classes: Vec<(usize, &str, Vec<&str>)> =
            classes.map(|(at, class)| (at, class.name, self.bases(class))).collect();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        // A class mostly stands below its base; a longer chain of the other order is no code.
        for _ in 0..MOST_LEVELS {
            let before = known.len();
            for (_, name, bases) in &classes {
                if bases.iter().any(|base| is_root(base) || known.contains(base)) {
                    known.insert(name);
                }
            }
            if known.len() == before {
                break;
            }
        }
        let is_one = |bases: &[&str]| bases.iter().any(|base| is_root(base) || known.contains(base));
        classes.iter().filter(|(_, _, bases)| is_one(bases)).map(|(at, _, _)| *at).collect()
    }
}

/// A named argument.
pub(super) fn named(arguments: &[Argument<'_>], name: &str) -> Option<Node> {
    arguments.iter().find(|argument| argument.name == Some(name)).map(|argument| argument.value)
}

/// An argument by its place among those without a name.
pub(super) fn positional(arguments: &[Argument<'_>], at: usize) -> Option<Node> {
    arguments.iter().filter(|argument| argument.name.is_none()).nth(at).map(|argument| argument.value)
}

/// The last part of a dotted name.
pub(super) fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

/// The text of a node.
fn text_of(node: Node, text: &str) -> &str {
    text.get(node.byte_range()).unwrap_or("")
}

/// A name with dots between its parts, and nothing else.
fn dotted(node: Node, text: &str) -> Option<&str> {
    let text = match node.kind() {
        Kind::Identifier | Kind::Attribute | Kind::DottedName => text_of(node, text),
        _ => return None,
    };
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    (!text.is_empty() && text.chars().all(is_name)).then_some(text)
}

/// What stands between the quotes of a text literal.
fn content(node: Node, text: &str) -> &str {
    let quoted = text_of(node, text).trim_start_matches(|c: char| c.is_ascii_alphabetic());
    for quote in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(rest) = quoted.strip_prefix(quote) {
            return rest.strip_suffix(quote).unwrap_or(rest);
        }
    }
    quoted
}

/// A piece of a template; its doubled braces become one, `\/` and the like stay.
fn unescaped(node: Node, text: &str) -> String {
    text_of(node, text).replace("{{", "{").replace("}}", "}")
}

/// A module as it is looked for: `.orders` in `shop/api.py` is `/shop.orders`, other names stay.
fn absolute(module: &str, path: &str) -> String {
    let module: String = module.chars().filter(|c| !c.is_whitespace()).collect();
    let name = module.trim_start_matches('.');
    let dots = module.len() - name.len();
    if dots == 0 {
        return module;
    }
    let mut folder = path;
    for _ in 0..dots {
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => format!("/{name}"),
        (false, true) => format!("/{folder}"),
        (false, false) => format!("/{folder}.{name}"),
    }
}

/// The file of a module that is named in a file, and the name in it where the last part is none of a
/// module. `paths` are sorted.
pub(super) fn resolve(from: &str, module: &str, paths: &[&str]) -> Option<(usize, Option<String>)> {
    let is_module = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '-');
    if module.is_empty() || !module.chars().all(is_module) {
        return None;
    }
    if let Some(at) = file_of(from, module, paths) {
        return Some((at, None));
    }
    let (front, name) = module.rsplit_once('.')?;
    Some((file_of(from, front, paths)?, Some(name.to_owned())))
}

fn file_of(from: &str, module: &str, paths: &[&str]) -> Option<usize> {
    let find = |path: &str| paths.binary_search(&path).ok();
    let in_folder = |folder: &str, tail: &str| {
        let base = match (folder.is_empty(), tail.is_empty()) {
            (true, _) => tail.to_owned(),
            (false, true) => folder.to_owned(),
            (false, false) => format!("{folder}/{tail}"),
        };
        find(&format!("{base}.py")).or_else(|| find(format!("{base}/__init__.py").trim_start_matches('/')))
    };
    if let Some(rooted) = module.strip_prefix('/') {
        let (folder, name) = rooted.rsplit_once('/').unwrap_or(("", rooted));
        return in_folder(folder, &name.replace('.', "/"));
    }
    let tail = module.trim_start_matches('.').replace('.', "/");
    if tail.is_empty() {
        return None;
    }
    // Any folder above the file may be a source root, the nearest first.
    let mut folder = from;
    while let Some((above, _)) = folder.rsplit_once('/') {
        folder = above;
        let found = in_folder(folder, &tail).or_else(|| in_folder(&format!("{folder}/src"), &tail));
        if found.is_some() {
            return found;
        }
    }
    in_folder("", &tail).or_else(|| in_folder("src", &tail)).or_else(|| anywhere(from, &tail, paths))
}

/// A module of two parts or more in another source root, if there is one only that is nearest.
fn anywhere(from: &str, tail: &str, paths: &[&str]) -> Option<usize> {
    if !tail.contains('/') {
        return None;
    }
    let ends = [format!("/{tail}.py"), format!("/{tail}/__init__.py")];
    let shared = |path: &str| path.bytes().zip(from.bytes()).take_while(|(a, b)| a == b).count();
    let found = paths.iter().enumerate().filter(|(_, path)| ends.iter().any(|end| path.ends_with(end)));
    found.max_by_key(|(at, path)| (shared(path), usize::MAX - at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_files() {
        let paths = [
            "backend/app/__init__.py",
            "backend/app/api/__init__.py",
            "backend/app/api/orders.py",
            "backend/app/main.py",
            "services/billing/src/billing/urls.py",
        ];
        let check = |from: &str, module: &str, expected: Option<(&str, Option<&str>)>| {
            let found = resolve(from, &absolute(module, from), &paths);
            let found = found.as_ref().map(|(at, name)| (paths[*at], name.as_deref()));
            assert_eq!(found, expected, "{module} in {from}");
        };
        let orders = "backend/app/api/orders.py";
        check("backend/app/main.py", ".api.orders", Some((orders, None)));
        check("backend/app/main.py", "app.api.orders", Some((orders, None)));
        check("backend/app/main.py", "app.api.orders.router", Some((orders, Some("router"))));
        check("backend/app/api/__init__.py", ".orders", Some((orders, None)));
        check("backend/app/api/orders.py", "..main", Some(("backend/app/main.py", None)));
        check("backend/app/api/orders.py", ".", Some(("backend/app/api/__init__.py", None)));
        check("backend/app/main.py", "billing.urls", Some(("services/billing/src/billing/urls.py", None)));
        check("backend/app/main.py", "urls", None);
        check("backend/app/main.py", "rest_framework.urls", None);
        check("backend/app/main.py", "....", None);
    }
}
