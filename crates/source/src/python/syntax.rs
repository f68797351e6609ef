//! A Python file as a list of what stands in it: definitions, calls, assignments, imports.

use crate::language::text_of;
use crate::{Import, SourceFile, UNKNOWN_FRONT};
use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::{Node, Tree};

/// Expressions nested deeper than this say nothing here.
pub(super) const MOST_LEVELS: usize = 24;

/// A function or a class.
pub(super) struct Definition<'t> {
    pub node: Node<'t>,
    pub name: &'t str,
    pub is_class: bool,
    /// The expressions behind `@`.
    pub decorators: Vec<Node<'t>>,
    /// The definition around it, by its place in the outline.
    pub parent: Option<usize>,
    /// The names of its parameters.
    pub parameters: Vec<&'t str>,
    /// What stands in its brackets: base classes.
    pub bases: Vec<Node<'t>>,
}

/// A call.
pub(super) struct Call<'t> {
    pub node: Node<'t>,
    /// The function as a dotted name; empty where it is something else.
    pub function: &'t str,
    /// The definition around it.
    pub scope: Option<usize>,
}

/// An assignment, or an annotated name without a value.
pub(super) struct Assignment<'t> {
    pub node: Node<'t>,
    /// The dotted name on the left.
    pub target: &'t str,
    pub annotation: Option<Node<'t>>,
    pub value: Option<Node<'t>>,
    /// The definition around it.
    pub scope: Option<usize>,
}

/// An argument of a call.
pub(super) struct Argument<'t> {
    pub name: Option<&'t str>,
    pub value: Node<'t>,
}

/// What stands in a file, in its order.
pub(super) struct Outline<'t> {
    pub text: &'t str,
    pub definitions: Vec<Definition<'t>>,
    pub calls: Vec<Call<'t>>,
    pub assignments: Vec<Assignment<'t>>,
    /// `x[…]` and `… in x`: what is looked up, and the key.
    pub lookups: Vec<(&'t str, Node<'t>)>,
    /// `for x in list`: where it holds, the variable, the list.
    pub loops: Vec<(std::ops::Range<usize>, &'t str, Node<'t>)>,
    /// What functions return, with the function.
    pub returns: Vec<(usize, Node<'t>)>,
    pub imports: Vec<Import>,
    /// Modules of which all names are taken (`from .orders import *`).
    pub wildcards: Vec<String>,
    /// Names of the file that stand for one text.
    constants: FxHashMap<&'t str, Option<String>>,
}

impl<'t> Outline<'t> {
    pub(super) fn new(file: &SourceFile<'t>, tree: &'t Tree) -> Outline<'t> {
        let mut out = Outline {
            text: file.text,
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
        out.walk(tree, &file.path);
        out.find_constants();
        out
    }

    /// Visits every node, without recursion: a text can nest as deep as it likes.
    fn walk(&mut self, tree: &'t Tree, path: &str) {
        let mut scopes: Vec<(usize, usize)> = Vec::new();
        let mut decorators: Vec<Node<'t>> = Vec::new();
        // Nodes that the one above has told about, since asking a node for the one above it is slow.
        let mut decorated: Option<usize> = None;
        let mut written: Option<usize> = None;
        let mut cursor = tree.root_node().walk();
        loop {
            let node = cursor.node();
            while scopes.last().is_some_and(|(end, _)| node.start_byte() >= *end) {
                scopes.pop();
            }
            let scope = scopes.last().map(|(_, at)| *at);
            match node.kind() {
                "decorated_definition" => {
                    decorators.clear();
                    decorated = node.child_by_field_name("definition").map(|node| node.id());
                }
                "subscript" if written == Some(node.id()) => {}
                "decorator" => decorators.extend(node.named_child(0)),
                "function_definition" | "class_definition" => {
                    scopes.push((node.end_byte(), self.definitions.len()));
                    let own = match decorated == Some(node.id()) {
                        true => std::mem::take(&mut decorators),
                        false => Vec::new(),
                    };
                    self.define(node, own, scope);
                }
                kind => {
                    if kind == "assignment" {
                        written = node.child_by_field_name("left").map(|node| node.id());
                    }
                    self.visit(node, kind, scope, path);
                }
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn visit(&mut self, node: Node<'t>, kind: &str, scope: Option<usize>, path: &str) {
        match kind {
            "call" => {
                let function = node.child_by_field_name("function").and_then(|f| self.dotted(f));
                self.calls.push(Call { node, function: function.unwrap_or(""), scope });
            }
            "assignment" | "augmented_assignment" => {
                let left = node.child_by_field_name("left").and_then(|left| self.dotted(left));
                if let Some(target) = left {
                    let annotation = node.child_by_field_name("type");
                    let value = node.child_by_field_name("right");
                    self.assignments.push(Assignment { node, target, annotation, value, scope });
                }
            }
            "subscript" => {
                let name = node.child_by_field_name("value").and_then(|value| self.dotted(value));
                if let (Some(name), Some(key)) = (name, node.child_by_field_name("subscript")) {
                    self.lookups.push((name, key));
                }
            }
            "comparison_operator" if node.child(1).is_some_and(|c| matches!(c.kind(), "in" | "not in")) => {
                if let (Some(key), Some(of)) = (node.child(0), node.child(2).and_then(|c| self.dotted(c))) {
                    self.lookups.push((of, key));
                }
            }
            "for_statement" => {
                let variable = node.child_by_field_name("left").and_then(|left| self.dotted(left));
                if let (Some(variable), Some(list)) = (variable, node.child_by_field_name("right")) {
                    self.loops.push((node.byte_range(), variable, list));
                }
            }
            "return_statement" => {
                if let (Some(scope), Some(value)) = (scope, node.named_child(0)) {
                    self.returns.push((scope, value));
                }
            }
            "import_from_statement" => self.import_from(node, path),
            "import_statement" => self.import(node),
            _ => {}
        }
    }

    fn define(&mut self, node: Node<'t>, decorators: Vec<Node<'t>>, parent: Option<usize>) {
        let name = node.child_by_field_name("name").map_or("", |name| text_of(name, self.text));
        let parameters = node.child_by_field_name("parameters").map_or_else(Vec::new, |list| {
            let named = |node: Node<'t>| match node.kind() {
                "identifier" => Some(node),
                "default_parameter" | "typed_default_parameter" => node.child_by_field_name("name"),
                "typed_parameter" => node.named_child(0),
                _ => None,
            };
            children(list).into_iter().filter_map(named).map(|node| text_of(node, self.text)).collect()
        });
        let bases = node.child_by_field_name("superclasses").map_or_else(Vec::new, children);
        let is_class = node.kind() == "class_definition";
        self.definitions.push(Definition { node, name, is_class, decorators, parent, parameters, bases });
    }

    fn import(&mut self, node: Node<'t>) {
        for child in children(node) {
            let aliased = child.kind() == "aliased_import";
            let name = if aliased { child.child_by_field_name("name") } else { Some(child) };
            let Some(module) = name.map(|name| text_of(name, self.text)) else { continue };
            let local = child.child_by_field_name("alias").map_or(module, |alias| text_of(alias, self.text));
            self.imports.push(Import {
                local: local.to_owned(),
                name: String::new(),
                module: module.to_owned(),
            });
        }
    }

    fn import_from(&mut self, node: Node<'t>, path: &str) {
        let Some(from) = node.child_by_field_name("module_name") else { return };
        let module = absolute(text_of(from, self.text), path);
        for child in children(node).into_iter().filter(|child| *child != from) {
            if child.kind() == "wildcard_import" {
                self.wildcards.push(module.clone());
                continue;
            }
            let aliased = child.kind() == "aliased_import";
            let name = if aliased { child.child_by_field_name("name") } else { Some(child) };
            let Some(name) = name.map(|name| text_of(name, self.text)) else { continue };
            let local = child.child_by_field_name("alias").map_or(name, |alias| text_of(alias, self.text));
            self.imports.push(Import {
                local: local.to_owned(),
                name: name.to_owned(),
                module: module.clone(),
            });
        }
    }

    /// Names that the file gives one text and no other.
    fn find_constants(&mut self) {
        for assignment in &self.assignments {
            let value = assignment.value.filter(|_| assignment.node.kind() == "assignment");
            if assignment.scope.is_none() {
                let text = value.and_then(|value| plain(value, self.text));
                let known = self.constants.entry(assignment.target).or_insert_with(|| text.clone());
                if *known != text {
                    *known = None;
                }
            }
        }
    }

    /// The text of a node.
    pub(super) fn text_of(&self, node: Node<'t>) -> &'t str {
        text_of(node, self.text)
    }

    /// A name with dots between its parts, and nothing else.
    pub(super) fn dotted(&self, node: Node<'t>) -> Option<&'t str> {
        let text = match node.kind() {
            "identifier" | "attribute" | "dotted_name" => text_of(node, self.text),
            _ => return None,
        };
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        (!text.is_empty() && text.chars().all(is_name)).then_some(text)
    }

    /// The text that an expression stands for, if it is known: literals, constants of the file, both
    /// put together.
    pub(super) fn literal(&self, node: Node<'t>) -> Option<String> {
        self.front_and_text(node).filter(|text| !text.starts_with(UNKNOWN_FRONT))
    }

    /// A path; one whose front is not told begins with [`UNKNOWN_FRONT`].
    pub(super) fn path(&self, node: Node<'t>) -> Option<String> {
        self.front_and_text(node).filter(|text| text != UNKNOWN_FRONT)
    }

    fn front_and_text(&self, node: Node<'t>) -> Option<String> {
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
                "string" | "concatenated_string" => {
                    open.extend(children(node).into_iter().map(|child| (child, depth + 1)));
                }
                "string_start" | "string_end" => {}
                "string_content" => put(&unescaped(node, self.text)),
                "interpolation" => {
                    let has_format = children(node).len() != 1;
                    let inner = node.child_by_field_name("expression").filter(|_| !has_format);
                    match inner.and_then(|inner| self.constant(inner)) {
                        Some(text) => put(text),
                        None => {
                            known = false;
                            break;
                        }
                    }
                }
                "parenthesized_expression" => open.extend(node.named_child(0).map(|c| (c, depth + 1))),
                "binary_operator" => {
                    let is_plus =
                        node.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "+");
                    if !is_plus {
                        return None;
                    }
                    open.extend(node.child_by_field_name("left").map(|c| (c, depth + 1)));
                    open.extend(node.child_by_field_name("right").map(|c| (c, depth + 1)));
                }
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

    fn constant(&self, node: Node<'t>) -> Option<&str> {
        self.dotted(node).and_then(|name| self.constants.get(name)).and_then(|text| text.as_deref())
    }

    /// The texts of a list, a tuple or a set; none where one of them is not known.
    pub(super) fn literals_of(&self, node: Node<'_>) -> Option<Vec<String>> {
        let text = |node: Node<'_>| plain(node, self.text);
        match node.kind() {
            "list" | "tuple" | "set" => children(node).into_iter().map(text).collect(),
            _ => text(node).map(|text| vec![text]),
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
    pub(super) fn arguments(&self, call: Node<'t>) -> Vec<Argument<'t>> {
        let list = call.child_by_field_name("arguments").filter(|list| list.kind() == "argument_list");
        let argument = |node: Node<'t>| match node.kind() {
            "keyword_argument" => Some(Argument {
                name: node.child_by_field_name("name").map(|name| text_of(name, self.text)),
                value: node.child_by_field_name("value")?,
            }),
            "dictionary_splat" | "comment" => None,
            _ => Some(Argument { name: None, value: node }),
        };
        list.map_or_else(Vec::new, |list| children(list).into_iter().filter_map(argument).collect())
    }

    /// The last parts of the names of a class's bases, without those that are no names.
    pub(super) fn bases(&self, class: &Definition<'t>) -> Vec<&'t str> {
        let name = |node: &Node<'t>| match node.kind() {
            // `Generic[T]`.
            "subscript" => node.child_by_field_name("value").and_then(|value| self.dotted(value)),
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
pub(super) fn named<'t>(arguments: &[Argument<'t>], name: &str) -> Option<Node<'t>> {
    arguments.iter().find(|argument| argument.name == Some(name)).map(|argument| argument.value)
}

/// An argument by its place among those without a name.
pub(super) fn positional<'t>(arguments: &[Argument<'t>], at: usize) -> Option<Node<'t>> {
    arguments.iter().filter(|argument| argument.name.is_none()).nth(at).map(|argument| argument.value)
}

/// The last part of a dotted name.
pub(super) fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

/// The named children of a node, without comments.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// A text literal without anything put in.
fn plain(node: Node<'_>, text: &str) -> Option<String> {
    if node.kind() != "string" {
        return None;
    }
    let mut out = String::new();
    for child in children(node) {
        match child.kind() {
            "string_content" => out.push_str(&unescaped(child, text)),
            "interpolation" => return None,
            _ => {}
        }
    }
    Some(out)
}

/// A piece of a literal; doubled braces of a template text become one, `\/` and the like stay.
fn unescaped(node: Node<'_>, text: &str) -> String {
    let piece = text_of(node, text);
    let is_template = children(node).iter().any(|child| child.kind() == "escape_interpolation");
    if is_template { piece.replace("{{", "{").replace("}}", "}") } else { piece.to_owned() }
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
