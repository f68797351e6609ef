//! The imports, functions, structs and constants of a file.

use crate::tokens::{Part, Sort, Tokens};
use rustc_hash::FxHashMap;

/// A function or a method.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// Its name, behind its type's and a dot for a method.
    pub name: String,
    /// The token of its own name.
    pub at: usize,
    /// The name of its receiver and the type.
    pub receiver: Option<(String, String)>,
    /// Its parameters: names and types.
    pub parameters: Vec<(String, Part)>,
    /// What it gives.
    pub returns: Part,
    /// What stands in its braces.
    pub body: Part,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name; the type's for one that is embedded.
    pub name: String,
    /// Whether it is embedded.
    pub embedded: bool,
    /// The token of its name.
    pub at: usize,
    /// Its type.
    pub kind: Part,
    /// Its tag.
    pub tag: Option<usize>,
}

/// A struct.
#[derive(Clone, Debug)]
pub(crate) struct Struct {
    /// Its name.
    pub name: String,
    /// The token of its name.
    pub at: usize,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// What a file declares.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// The names of packages and their paths.
    pub imports: Vec<(String, String)>,
    /// Functions and methods.
    pub functions: Vec<Function>,
    /// Structs.
    pub structs: Vec<Struct>,
    /// Constants that hold a text.
    pub constants: FxHashMap<String, String>,
}

impl Items {
    /// The path of the package that a name stands for.
    pub(super) fn package(&self, name: &str) -> Option<&str> {
        self.imports.iter().find(|(local, _)| local == name).map(|(_, path)| path.as_str())
    }
}

/// Reads what a file declares.
pub(crate) fn read(tokens: &Tokens<'_>) -> Items {
    let mut out = Items::default();
    let mut at = 0;
    while at < tokens.all().end {
        match tokens.word(at) {
            Some("import") => each(tokens, at + 1, |part| out.imports.extend(import(tokens, part))),
            Some("const" | "var") => each(tokens, at + 1, |part| {
                if let Some(name) = tokens.word(part.start)
                    && let Some(equals) = part.clone().take(4).find(|at| tokens.is(*at, "="))
                    && equals + 2 == part.end
                    && let Some(value) = tokens.literal(equals + 1)
                {
                    out.constants.insert(name.to_owned(), value);
                }
            }),
            Some("type") => each(tokens, at + 1, |part| out.structs.extend(structure(tokens, part))),
            Some("func") => {
                if let Some(function) = function(tokens, at) {
                    at = function.body.end.max(at);
                    out.functions.push(function);
                }
            }
            _ => {}
        }
        at = tokens.after(at);
    }
    out
}

/// Calls for the declaration behind a keyword, or for each line in its brackets.
fn each(tokens: &Tokens<'_>, at: usize, mut take: impl FnMut(Part)) {
    match tokens.is(at, "(") {
        true => lines(tokens, tokens.inside(at)).into_iter().for_each(take),
        false => take(at..line_end(tokens, at, tokens.all().end)),
    }
}

/// The end of the line that a declaration stands on; brackets may go over lines.
fn line_end(tokens: &Tokens<'_>, at: usize, end: usize) -> usize {
    let mut next = tokens.after(at);
    while next < end && !tokens.get(next).is_some_and(|t| t.first_on_line) && !tokens.is(next, ";") {
        next = tokens.after(next);
    }
    next.min(end)
}

/// The lines of a part.
pub(super) fn lines(tokens: &Tokens<'_>, part: Part) -> Vec<Part> {
    let (mut out, mut at) = (Vec::new(), part.start);
    while at < part.end {
        let end = line_end(tokens, at, part.end);
        out.push(at..end);
        at = end + usize::from(tokens.is(end, ";"));
    }
    out
}

fn import(tokens: &Tokens<'_>, part: Part) -> Option<(String, String)> {
    let named = tokens.word(part.start);
    let path = tokens.literal(part.start + usize::from(named.is_some()))?;
    // The package's name is the last part, without a version and the marks that people put around it.
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or("");
    if last.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        last = parts.next().unwrap_or(last);
    }
    let last = last.split(".v").next().unwrap_or(last);
    let last = last.strip_prefix("go-").unwrap_or(last);
    Some((named.unwrap_or(last).to_owned(), path))
}

fn function(tokens: &Tokens<'_>, at: usize) -> Option<Function> {
    let mut next = at + 1;
    let mut receiver = None;
    if tokens.is(next, "(") {
        let inside = tokens.inside(next);
        let kind = inside.clone().filter_map(|at| tokens.word(at)).collect::<Vec<_>>();
        receiver = match kind.as_slice() {
            [kind] => Some((String::new(), (*kind).to_owned())),
            [name, kind, ..] => Some(((*name).to_owned(), (*kind).to_owned())),
            [] => None,
        };
        next = tokens.after(next);
    }
    let name = tokens.word(next)?;
    let mut open = next + 1;
    if tokens.is(open, "[") {
        open = tokens.after(open);
    }
    if !tokens.is(open, "(") {
        return None;
    }
    let parameters = parameters(tokens, tokens.inside(open));
    let returns = tokens.after(open);
    let mut brace = returns;
    while brace < tokens.all().end && !tokens.is(brace, "{") {
        // `interface{}` and `struct{}` are types; a function without a body ends with its line.
        let of_type = matches!(tokens.word(brace), Some("interface" | "struct")) && tokens.is(brace + 1, "{");
        if tokens.get(brace).is_some_and(|t| t.first_on_line) {
            return None;
        }
        brace = tokens.after(brace + usize::from(of_type));
    }
    let full = receiver.as_ref().map_or(name.to_owned(), |(_, kind)| format!("{kind}.{name}"));
    Some(Function {
        name: full,
        at: next,
        receiver,
        parameters,
        returns: returns..brace,
        body: tokens.inside(brace),
    })
}

/// `r chi.Router, a, b int`.
pub(super) fn parameters(tokens: &Tokens<'_>, part: Part) -> Vec<(String, Part)> {
    let mut out: Vec<(String, Part)> = Vec::new();
    let mut kind = part.end..part.end;
    for part in tokens.arguments(part).into_iter().rev() {
        let Some(name) = tokens.word(part.start) else { continue };
        if part.len() > 1 && !tokens.is(part.start + 1, ".") {
            kind = part.start + 1..part.end;
        }
        out.push((name.to_owned(), kind.clone()));
    }
    out.reverse();
    out
}

fn structure(tokens: &Tokens<'_>, part: Part) -> Option<Struct> {
    let name = tokens.word(part.start)?;
    let open = tokens.find(part.start..part.end.min(part.start + 8), &["{"])?;
    tokens.is(open - 1, "struct").then_some(())?;
    let mut fields = Vec::new();
    for line in lines(tokens, tokens.inside(open)) {
        fields.extend(field(tokens, line));
    }
    Some(Struct { name: name.to_owned(), at: part.start, fields })
}

fn field(tokens: &Tokens<'_>, line: Part) -> Vec<Field> {
    let last = line.end.saturating_sub(1);
    let tag = tokens.get(last).filter(|t| t.sort == Sort::Text && line.len() > 1).map(|_| last);
    let end = if tag.is_some() { last } else { line.end };
    let start = line.start + usize::from(tokens.is(line.start, "*"));
    let Some(first) = tokens.word(start) else { return Vec::new() };
    if start + 1 >= end || tokens.is(start + 1, ".") || start > line.start {
        let at = if tokens.is(start + 1, ".") { start + 2 } else { start };
        let name = tokens.word(at).unwrap_or(first).to_owned();
        return vec![Field { name, embedded: true, at: start, kind: start..end, tag }];
    }
    // `A, B int`
    let mut names = vec![start];
    while tokens.is(names.last().map_or(start, |at| at + 1), ",") {
        names.push(names.last().map_or(start, |at| at + 2));
    }
    let kind = names.last().map_or(start, |at| at + 1)..end;
    let field = |at: usize| {
        let name = tokens.word(at)?.to_owned();
        Some(Field { name, embedded: false, at, kind: kind.clone(), tag })
    };
    names.into_iter().filter_map(field).collect()
}

/// The value of a key in a tag (`` `json:"id" gorm:"column:x"` ``).
pub(super) fn tag_value(tag: &str, key: &str) -> Option<String> {
    let mut rest = tag;
    while let Some(at) = rest.find(key) {
        let before = rest.get(..at).unwrap_or("");
        let behind = rest.get(at + key.len()..).unwrap_or("");
        if let Some(value) = behind.strip_prefix(":\"")
            && (before.is_empty() || before.ends_with(' '))
        {
            return Some(value.split('"').next().unwrap_or("").to_owned());
        }
        rest = behind;
    }
    None
}
