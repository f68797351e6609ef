//! The functions, constants and `use` lines of a file.

use crate::Import;
use crate::tokens::{Part, Tokens};
use rustc_hash::FxHashMap;

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// Its name with the type and the modules of its file in front (`api::Orders::router`).
    pub name: String,
    /// The token of its own name.
    pub at: usize,
    /// The modules of its file around it.
    pub modules: Vec<String>,
    /// The type whose `impl` it stands in, with its modules.
    pub owner: Option<String>,
    /// What stands in the brackets of its attributes.
    pub attributes: Vec<Part>,
    /// What it gives.
    pub returns: Part,
    /// What stands in its braces.
    pub body: Part,
    /// Whether it, or a module around it, is for tests only.
    pub for_tests: bool,
}

/// What a file declares.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Its functions, also those in functions.
    pub functions: Vec<Function>,
    /// Constants that hold a text.
    pub constants: FxHashMap<String, String>,
    /// Names from elsewhere.
    pub imports: Vec<Import>,
    /// Modules all of whose names are taken in.
    pub globs: Vec<String>,
}

/// A module or an `impl` block that is being read.
struct Around {
    end: usize,
    module: Option<String>,
    owner: Option<String>,
    for_tests: bool,
}

/// The signature of a function and the heads of blocks are looked for this far.
const FAR: usize = 400;

/// Reads what a file declares.
pub(crate) fn read(tokens: &Tokens<'_>) -> Items {
    let mut out = Items::default();
    let mut around: Vec<Around> = Vec::new();
    let mut attributes: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < tokens.all().end {
        while around.last().is_some_and(|a| at >= a.end) {
            around.pop();
        }
        let inner = usize::from(tokens.is(at + 1, "!"));
        if tokens.is(at, "#") && tokens.is(at + 1 + inner, "[") {
            if inner == 0 {
                attributes.push(tokens.inside(at + 1));
            }
            at = tokens.after(at + 1 + inner);
            continue;
        }
        match tokens.word(at) {
            Some("fn") if tokens.word(at + 1).is_some() => {
                at = function(tokens, at, &around, std::mem::take(&mut attributes), &mut out);
                continue;
            }
            Some("mod") if tokens.is(at + 2, "{") => {
                let for_tests = for_tests(tokens, &attributes) || around.last().is_some_and(|a| a.for_tests);
                let module = tokens.word(at + 1).map(str::to_owned);
                around.push(Around { end: tokens.after(at + 2), module, owner: None, for_tests });
                at += 2;
            }
            Some("impl") => at = implementation(tokens, at, &mut around),
            Some("use") => {
                let end = tokens.find(at..tokens.all().end, &[";"]).unwrap_or(tokens.all().end);
                uses(tokens, at + 1..end, &mut out);
                attributes.clear();
                at = end.max(at + 1);
                continue;
            }
            Some("const" | "static") => {
                constant(tokens, at, &mut out.constants);
                at += 1;
                continue;
            }
            // What may stand between an attribute and the function that it is for.
            Some("pub" | "async" | "unsafe" | "extern" | "crate" | "super" | "in") => {
                at += 1;
                continue;
            }
            _ if tokens.is(at, "(") || tokens.is(at, ")") => {
                at += 1;
                continue;
            }
            _ => {}
        }
        attributes.clear();
        at += 1;
    }
    out
}

fn function(
    tokens: &Tokens<'_>,
    at: usize,
    around: &[Around],
    attributes: Vec<Part>,
    out: &mut Items,
) -> usize {
    let all = tokens.all().end;
    let mut parameters = at + 2;
    // `<F: Fn(u8) -> u8>` holds brackets of its own.
    if tokens.is(parameters, "<") {
        parameters = after_angles(tokens, parameters);
    }
    if !tokens.is(parameters, "(") {
        return at + 1;
    }
    let returns = tokens.after(parameters);
    let stop = tokens.find(returns..all.min(returns + FAR), &["{", ";", "where"]).unwrap_or(returns);
    let open = tokens.find(stop..all.min(stop + FAR), &["{", ";"]).unwrap_or(stop);
    let modules: Vec<String> = around.iter().filter_map(|a| a.module.clone()).collect();
    let owner = around.iter().rev().find_map(|a| a.owner.clone());
    let own = tokens.word(at + 1).unwrap_or("");
    let name = match &owner {
        Some(owner) => format!("{owner}::{own}"),
        None => joined(&modules, own),
    };
    out.functions.push(Function {
        name,
        at: at + 1,
        for_tests: around.last().is_some_and(|a| a.for_tests) || for_tests(tokens, &attributes),
        modules,
        owner,
        attributes,
        returns: returns..stop,
        body: tokens.inside(open),
    });
    // Its body is looked at as well: functions stand in functions.
    open.max(at + 1)
}

fn joined(modules: &[String], name: &str) -> String {
    modules.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("::")
}

/// Behind `<…>`.
pub(super) fn after_angles(tokens: &Tokens<'_>, open: usize) -> usize {
    let mut depth = 0usize;
    let mut at = open;
    while at < tokens.all().end.min(open + FAR) {
        if tokens.is(at, "<") {
            depth += 1;
        } else if tokens.is(at, ">") {
            depth = depth.saturating_sub(1);
        } else if tokens.is(at, ";") {
            break;
        }
        at = tokens.after(at);
        if depth == 0 {
            break;
        }
    }
    at
}

fn implementation(tokens: &Tokens<'_>, at: usize, around: &mut Vec<Around>) -> usize {
    let limit = tokens.all().end.min(at + FAR);
    let open = tokens.find(at + 1..limit, &["{", ";"]).filter(|open| tokens.is(*open, "{"));
    let Some(open) = open else { return at };
    let mut type_name: Option<&str> = None;
    let mut from = at + 1;
    while from < open {
        match tokens.word(from) {
            Some("where") => break,
            // The trait came first.
            Some("for") => type_name = None,
            Some("dyn" | "mut" | "const") => {}
            Some(word) => type_name = Some(word),
            None if tokens.is(from, "<") => {
                from = after_angles(tokens, from);
                continue;
            }
            None => {}
        }
        from = tokens.after(from);
    }
    let modules: Vec<String> = around.iter().filter_map(|a| a.module.clone()).collect();
    let owner = type_name.map(|name| joined(&modules, name));
    let for_tests = around.last().is_some_and(|a| a.for_tests);
    around.push(Around { end: tokens.after(open), module: None, owner, for_tests });
    open
}

/// `#[cfg(test)]`, `#[test]`, `#[tokio::test]`, `#[rstest]` ….
fn for_tests(tokens: &Tokens<'_>, attributes: &[Part]) -> bool {
    attributes.iter().any(|part| {
        let is_cfg = tokens.is(part.start, "cfg") && !part.clone().any(|at| tokens.is(at, "not"));
        is_test(tokens, part) || is_cfg && part.clone().any(|at| tokens.is(at, "test"))
    })
}

/// Whether an attribute makes a function a test.
pub(super) fn is_test(tokens: &Tokens<'_>, attribute: &Part) -> bool {
    let end = tokens.find(attribute.clone(), &["(", "="]).unwrap_or(attribute.end);
    let last = end.checked_sub(1).filter(|last| *last >= attribute.start).and_then(|last| tokens.word(last));
    last.is_some_and(|word| {
        matches!(word, "test" | "rstest" | "test_case" | "wasm_bindgen_test" | "quickcheck" | "test_log")
    })
}

fn constant(tokens: &Tokens<'_>, at: usize, out: &mut FxHashMap<String, String>) {
    let Some(name) = tokens.word(at + 1) else { return };
    let limit = tokens.all().end.min(at + 12);
    let Some(equals) = tokens.find(at + 2..limit, &["=", ";", "{"]) else { return };
    if tokens.is(equals, "=")
        && tokens.is(equals + 2, ";")
        && let Some(value) = tokens.literal(equals + 1)
    {
        out.insert(name.to_owned(), value);
    }
}

/// The names of a `use` line; groups in groups are gone through with a list, not by recursion.
fn uses(tokens: &Tokens<'_>, part: Part, out: &mut Items) {
    const MOST: usize = 2_000;
    let mut todo = vec![(String::new(), part)];
    let mut steps = 0;
    while let Some((front, part)) = todo.pop() {
        steps += 1;
        // Groups nested without end would be read again and again.
        if steps > MOST || front.len() > MOST {
            return;
        }
        let (mut module, mut last, mut alias) = (front, String::new(), None);
        let mut at = part.start;
        while at < part.end {
            if tokens.is(at, "{") {
                let front = path(&module, &last);
                todo.extend(
                    tokens.arguments(tokens.inside(at)).into_iter().map(|part| (front.clone(), part)),
                );
                last.clear();
                break;
            }
            if tokens.is(at, "as") {
                alias = tokens.word(at + 1).map(str::to_owned);
                break;
            }
            if let Some(word) = tokens.word(at) {
                module = path(&module, &last);
                last = word.to_owned();
            } else if tokens.is(at, "*") {
                out.globs.push(path(&module, &last));
                last.clear();
            }
            at = tokens.after(at);
        }
        if !last.is_empty() {
            out.imports.extend(import(module, last, alias));
        }
    }
}

/// One name of a `use` line; none where it says nothing (`use orders;`).
fn import(module: String, last: String, alias: Option<String>) -> Option<Import> {
    // `use orders::{self, x}` names the module itself.
    let (module, name) = match (last == "self" && !module.is_empty(), module.rsplit_once("::")) {
        (true, Some((front, name))) => (front.to_owned(), name.to_owned()),
        (true, None) => (String::new(), module),
        (false, _) => (module, last),
    };
    let local = alias.unwrap_or_else(|| name.clone());
    let module = if module.is_empty() { "self".to_owned() } else { module };
    (local != name || module != "self").then_some(Import { local, name, module })
}

fn path(front: &str, name: &str) -> String {
    match (front.is_empty(), name.is_empty()) {
        (_, true) => front.to_owned(),
        (true, _) => name.to_owned(),
        _ => format!("{front}::{name}"),
    }
}
