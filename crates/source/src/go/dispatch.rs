//! Routes without a router: a handler that compares the path and the method of a request by itself.

use super::items::{Function, Items};
use crate::tokens::{Part, Sort, Tokens};
use crate::{RouteDecl, Router, SourceFile};
use rustc_hash::FxHashMap;
use trueup_codebase::Method;

/// The end of a condition is looked for this far.
const FAR: usize = 400;

/// The routes of a function that gets a request and looks at its path: `if r.Method == http.MethodGet &&
/// r.URL.Path == "/orders"`, `switch r.URL.Path { case "/orders": … }`.
pub(super) fn read(
    file: &SourceFile<'_>,
    tokens: &Tokens<'_>,
    items: &Items,
    function: &Function,
) -> Option<Router> {
    let gets_request = function.parameters.iter().any(|(_, kind)| tokens.source(kind) == "*http.Request");
    if !gets_request {
        return None;
    }
    let mut reading = Reading { file, tokens, items, patterns: FxHashMap::default(), routes: Vec::new() };
    for at in function.body.clone() {
        let start = at + 1;
        let far = function.body.end.min(start + FAR);
        match tokens.word(at) {
            Some("if") => {
                let open = tokens.find(start..far, &["{"]).unwrap_or(start);
                reading.condition(start..open);
            }
            Some("case") => {
                let colon = tokens.find(start..far, &[":"]).unwrap_or(start);
                reading.condition(start..colon);
            }
            Some("switch") if reading.path_at(start) == Some(start + 5) && tokens.is(start + 5, "{") => {
                reading.cases(tokens.inside(start + 5));
            }
            _ => {}
        }
    }
    // One comparison makes no table of routes: a middleware lets one path through.
    let routes = Some(reading.routes).filter(|routes| routes.len() > 1)?;
    let name = format!("{}'", function.name);
    Some(Router { name, routes, is_application: true, ..Router::default() })
}

struct Reading<'a> {
    file: &'a SourceFile<'a>,
    tokens: &'a Tokens<'a>,
    items: &'a Items,
    /// Fixed beginnings of the regular expressions that were looked up.
    patterns: FxHashMap<String, Option<String>>,
    routes: Vec<RouteDecl>,
}

impl Reading<'_> {
    /// Behind `r.URL.Path`, where that stands.
    fn path_at(&self, at: usize) -> Option<usize> {
        let is_path = self.tokens.word(at).is_some() && self.tokens.are(at + 1, &[".", "URL", ".", "Path"]);
        is_path.then_some(at + 5)
    }

    /// A text or a constant, by itself.
    fn text(&self, at: usize) -> Option<String> {
        let tokens = self.tokens;
        tokens.literal(at).or_else(|| self.items.constants.get(tokens.word(at)?).cloned())
    }

    /// A condition that names both a method and a path.
    fn condition(&mut self, part: Part) {
        let methods = self.methods(part.clone());
        if methods.is_empty() {
            return;
        }
        for at in part {
            let Some(behind) = self.path_at(at) else { continue };
            // `r.URL.Path == ordersPath`, `ordersPath == r.URL.Path`.
            let equal = match (self.tokens.is(behind, "=="), at.checked_sub(1)) {
                (true, _) => Some(behind + 1),
                (false, Some(before)) if self.tokens.is(before, "==") => before.checked_sub(1),
                _ => None,
            };
            if let Some(text) = equal.and_then(|at| self.text(at)) {
                self.add(&methods, text, at..behind);
            } else if let Some(front) = self.front(at, behind) {
                self.add(&methods, format!("{}/{{rest...}}", front.trim_end_matches('/')), at..behind);
            }
        }
    }

    /// What a path has to begin with: `strings.HasPrefix(r.URL.Path, "/files/")`,
    /// `fileRegex.MatchString(r.URL.Path)`.
    fn front(&mut self, at: usize, behind: usize) -> Option<String> {
        let tokens = self.tokens;
        let function = tokens.word(at.checked_sub(2)?)?;
        match function {
            "HasPrefix" if tokens.is(behind, ",") => self.text(behind + 1),
            "MatchString" => {
                let name = tokens.word(at.checked_sub(4)?)?.to_owned();
                if !self.patterns.contains_key(&name) {
                    let front = self.pattern(&name).as_deref().and_then(fixed_front);
                    self.patterns.insert(name.clone(), front);
                }
                self.patterns.get(&name).cloned().flatten()
            }
            _ => None,
        }
    }

    /// The regular expression of a variable of the file: `x = regexp.MustCompile("^/files/")`.
    fn pattern(&self, name: &str) -> Option<String> {
        let tokens = self.tokens;
        let made = ["=", "regexp", ".", "MustCompile", "("];
        let at = tokens.all().find(|at| tokens.is(*at, name) && tokens.are(*at + 1, &made))?;
        tokens.literal(at + 1 + made.len())
    }

    /// `r.Method == http.MethodGet` and `"GET" == r.Method`, anywhere in a part.
    fn methods(&self, part: Part) -> Vec<Method> {
        let tokens = self.tokens;
        let compared = |at: usize| tokens.are(at, &["Method", "=="]).then_some(at + 2);
        let mut out: Vec<Method> = part.filter_map(compared).filter_map(|at| self.method(at)).collect();
        out.dedup();
        out
    }

    fn method(&self, at: usize) -> Option<Method> {
        let tokens = self.tokens;
        let name = match tokens.are(at, &["http", "."]) {
            true => tokens.word(at + 2)?.strip_prefix("Method")?.to_owned(),
            false => tokens.literal(at)?,
        };
        Method::from_name(&name)
    }

    /// The cases of `switch r.URL.Path`: each with the methods that its own lines compare.
    fn cases(&mut self, body: Part) {
        let tokens = self.tokens;
        let mut next = tokens.find(body.clone(), &["case"]);
        while let Some(at) = next {
            let end = tokens.find(at + 1..body.end, &["case", "default"]).unwrap_or(body.end);
            let Some(colon) = tokens.find(at + 1..end, &[":"]) else { return };
            let mut methods = self.methods(colon..end);
            let switched =
                (colon..end).filter(|at| tokens.is(*at, "case")).filter_map(|at| self.method(at + 1));
            methods.extend(switched);
            if methods.is_empty() {
                methods.push(Method::Any);
            }
            for path in tokens.arguments(at + 1..colon) {
                if let Some(text) = self.text(path.start).filter(|_| path.len() == 1) {
                    self.add(&methods, text, path);
                }
            }
            next = Some(end).filter(|end| tokens.is(*end, "case"));
        }
    }

    fn add(&mut self, methods: &[Method], path: String, part: Part) {
        if !path.starts_with('/') {
            return;
        }
        let is_text = part.len() == 1 && self.tokens.get(part.start).is_some_and(|t| t.sort == Sort::Text);
        let range = if is_text { self.tokens.literal_range(part.start) } else { self.tokens.bytes(&part) };
        let place = self.file.place(range);
        let decl = |method: &Method| RouteDecl { method: *method, path: path.clone(), place: place.clone() };
        self.routes.extend(methods.iter().map(decl));
    }
}

/// The folders that a regular expression begins with, as far as they are plain text; none where there is
/// not even one.
fn fixed_front(pattern: &str) -> Option<String> {
    let plain = pattern.strip_prefix('^').unwrap_or(pattern);
    let end = plain.find(['[', '(', '{', '\\', '.', '*', '+', '?', '|', '$']).unwrap_or(plain.len());
    let front = plain.get(..end)?.rsplit_once('/')?.0;
    (front.len() > 1).then(|| front.to_owned())
}
