//! Looks at tokens: calls, arguments, object literals, constants.

use super::lexer::{Kind, Token};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// Type arguments longer than this are a comparison.
const MOST_TYPE_TOKENS: usize = 64;
/// Expressions with more parts than this are not looked at whole.
const MOST_TERMS: usize = 1000;
/// Object literals in object literals deeper than this are not followed for constants.
const MOST_LEVELS: usize = 4;

/// The tokens of a file, with ways to ask about them. Every question takes any place, and answers with
/// nothing where there is nothing.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    pub text: &'a str,
    pub list: Rc<Vec<Token>>,
}

/// An entry of an object literal.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// Its key; empty where it is computed or a spread.
    pub key: &'a str,
    /// The token of the key.
    pub at: usize,
    /// The tokens of its value; those of the key where they are the same (`{ a }`).
    pub value: Range<usize>,
}

impl<'a> Script<'a> {
    #[cfg(test)]
    pub(crate) fn new(text: &'a str) -> Script<'a> {
        Script { text, list: Rc::new(super::lexer::tokens(text)) }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn kind(&self, at: usize) -> Option<Kind> {
        self.list.get(at).map(|token| token.kind)
    }

    /// The place of a token in the text.
    pub(crate) fn range(&self, at: usize) -> Range<usize> {
        self.list.get(at).map_or(0..0, |token| token.range())
    }

    /// The place of several tokens in the text.
    pub(crate) fn ranges(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.range(tokens.start).start;
        start..self.range(tokens.end.saturating_sub(1)).end.max(start)
    }

    pub(crate) fn source(&self, at: usize) -> &'a str {
        self.text.get(self.range(at)).unwrap_or("")
    }

    /// A name or keyword; empty where the token is none.
    pub(crate) fn name(&self, at: usize) -> &'a str {
        if self.kind(at) == Some(Kind::Name) { self.source(at) } else { "" }
    }

    pub(crate) fn is(&self, at: usize, byte: u8) -> bool {
        self.kind(at) == Some(Kind::Mark(byte))
    }

    /// The token before.
    pub(crate) fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1)
    }

    pub(crate) fn is_before(&self, at: usize, byte: u8) -> bool {
        self.before(at).is_some_and(|at| self.is(at, byte))
    }

    pub(crate) fn name_before(&self, at: usize) -> &'a str {
        self.before(at).map_or("", |at| self.name(at))
    }

    /// The bracket that closes the one at a place; the end of the file where none does.
    pub(crate) fn close(&self, at: usize) -> usize {
        match self.list.get(at) {
            Some(token) if token.partner as usize > at => token.partner as usize,
            _ => self.len(),
        }
    }

    /// The bracket that opened what is closed at a place.
    pub(crate) fn opening(&self, at: usize) -> Option<usize> {
        self.list.get(at).map(|token| token.partner as usize).filter(|partner| *partner < at)
    }

    /// What follows a token, or the whole of its brackets.
    pub(crate) fn after(&self, at: usize) -> usize {
        match self.kind(at) {
            Some(Kind::Mark(b'(' | b'[' | b'{') | Kind::Head) => {
                self.close(at).saturating_add(1).min(self.len().max(at + 1))
            }
            _ => at + 1,
        }
    }

    /// The `(` of a call whose callee ends before a place, type arguments skipped.
    pub(crate) fn call(&self, at: usize) -> Option<usize> {
        if self.is(at, b'(') {
            return Some(at);
        }
        // `f?.(x)`
        if self.is(at, b'.') && self.is(at + 1, b'(') {
            return Some(at + 1);
        }
        self.is(at, b'<').then(|| self.after_types(at)).flatten().filter(|at| self.is(*at, b'('))
    }

    /// What follows type arguments.
    fn after_types(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = open;
        while at < open + MOST_TYPE_TOKENS {
            match self.kind(at)? {
                Kind::Mark(b'<') => depth += 1,
                Kind::Mark(b'>') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                Kind::Mark(b';' | b')' | b'}' | b'+') => return None,
                _ => {}
            }
            at = self.after(at);
        }
        None
    }

    /// What stands between a bracket and its end, parted at the commas.
    pub(crate) fn items(&self, open: usize) -> Vec<Range<usize>> {
        let end = self.close(open);
        let mut out = Vec::new();
        let (mut start, mut at) = (open + 1, open + 1);
        while at < end {
            if self.is(at, b',') {
                out.push(start..at);
                start = at + 1;
            }
            at = self.after(at);
        }
        if start < end {
            out.push(start..end);
        }
        out
    }

    /// The entries of the object literal that begins at a place; also the names of a destructuring, an
    /// import list or an enumeration.
    pub(crate) fn entries(&self, open: usize) -> Vec<Entry<'a>> {
        self.items(open).into_iter().filter(|item| !item.is_empty()).map(|item| self.entry(item)).collect()
    }

    fn entry(&self, item: Range<usize>) -> Entry<'a> {
        let at = item.start;
        let key = match self.kind(at) {
            Some(Kind::Name | Kind::Text | Kind::Number) => self.source(at),
            _ => "",
        };
        let value = match self.kind(at + 1) {
            Some(Kind::Mark(b':' | b'=')) if at + 1 < item.end => at + 2..item.end,
            _ => item,
        };
        Entry { key, at, value }
    }

    /// The value of a key of an object literal.
    pub(crate) fn value_of(&self, open: usize, key: &str) -> Option<Range<usize>> {
        if !self.is(open, b'{') {
            return None;
        }
        self.entries(open).into_iter().find(|entry| entry.key == key).map(|entry| entry.value)
    }

    /// A text without anything in it that is computed.
    pub(crate) fn literal(&self, at: usize) -> Option<Cow<'a, str>> {
        match self.kind(at)? {
            Kind::Text | Kind::Template => Some(unescaped(self.source(at))),
            _ => None,
        }
    }

    /// The text that an expression is, where it is one literal.
    pub(crate) fn literal_of(&self, range: &Range<usize>) -> Option<Cow<'a, str>> {
        let range = self.trimmed(range.clone());
        (range.len() == 1).then(|| self.literal(range.start)).flatten()
    }

    /// An expression without `as const`, `satisfies X`, `!` and brackets around it.
    pub(crate) fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        let mut at = range.start;
        while at < range.end {
            if at > range.start && matches!(self.name(at), "as" | "satisfies") && !self.is_before(at, b'.') {
                range.end = at;
            }
            at = self.after(at);
        }
        if range.len() > 1 && self.is(range.end - 1, b'!') {
            range.end -= 1;
        }
        while range.len() > 2 && self.is(range.start, b'(') && self.close(range.start) == range.end - 1 {
            range = range.start + 1..range.end - 1;
        }
        range
    }

    /// The parts of a dotted name that begins at a place, and what follows it.
    pub(crate) fn dotted(&self, mut at: usize) -> (String, usize) {
        let mut out = self.name(at).to_owned();
        while !out.is_empty() && self.is(at + 1, b'.') && !self.name(at + 2).is_empty() {
            at += 2;
            out.push('.');
            out.push_str(self.name(at));
        }
        (out, at + 1)
    }

    /// The end of an expression that begins at a place: before a comma or semicolon, a closing bracket,
    /// or the beginning of the next statement on a new line.
    pub(crate) fn expression_end(&self, start: usize) -> usize {
        let mut at = start;
        // A longer one is no constant and no route; looking on would make long files slow.
        for _ in 0..MOST_TERMS {
            match self.kind(at) {
                None => return self.len(),
                Some(Kind::Mark(b',' | b';' | b')' | b']' | b'}')) => return at,
                // A decorator of what follows.
                Some(Kind::Mark(b'@')) if at > start => return at,
                Some(Kind::Name)
                    if at > start
                        && !self.is_before(at, b'.')
                        && matches!(
                            self.name(at),
                            "const" | "let" | "var" | "export" | "import" | "return" | "if" | "for" | "class"
                        ) =>
                {
                    return at;
                }
                Some(Kind::Name | Kind::Text | Kind::Template) if at > start && self.begins_statement(at) => {
                    return at;
                }
                _ => at = self.after(at),
            }
        }
        at
    }

    /// Whether a token stands first on its line behind something that may end a statement.
    fn begins_statement(&self, at: usize) -> bool {
        let Some(last) = self.before(at) else { return true };
        let between = self.text.get(self.range(last).end..self.range(at).start).unwrap_or("");
        let ends = match self.kind(last) {
            Some(Kind::Name) => {
                !matches!(self.name(last), "await" | "new" | "typeof" | "async" | "as" | "in" | "of")
            }
            Some(Kind::Text | Kind::Template | Kind::Tail | Kind::Number | Kind::Regex) => true,
            Some(Kind::Mark(byte)) => matches!(byte, b')' | b']' | b'}'),
            _ => false,
        };
        ends && between.contains('\n')
            && !matches!(self.name(at), "as" | "satisfies" | "in" | "of" | "instanceof")
    }

    /// Every constant text of the file that has one value, by name; those of object literals and
    /// enumerations as dotted names.
    pub(crate) fn constants(&self) -> Constants {
        let mut found = Constants::default();
        for at in 0..self.len() {
            match self.name(at) {
                "const" | "readonly" | "static" | "let" if !self.is_before(at, b'.') => {
                    self.constant(at + 1, &mut found)
                }
                "enum" if self.is(at + 2, b'{') => {
                    self.constants_of(self.name(at + 1), at + 2, 0, &mut found)
                }
                _ => {}
            }
        }
        found
    }

    fn constant(&self, at: usize, found: &mut Constants) {
        let name = self.name(at);
        let mut value = at + 1;
        if self.is(value, b':') {
            // A type: up to the `=` that follows.
            let sign = (value..value + MOST_TYPE_TOKENS).find(|at| self.is(*at, b'=') || self.is(*at, b';'));
            value = sign.unwrap_or(value);
        }
        if name.is_empty() || !self.is(value, b'=') {
            return;
        }
        value += 1;
        // `Object.freeze({ … })`
        if self.name(value) == "Object" && self.name(value + 2) == "freeze" && self.is(value + 3, b'(') {
            value += 4;
        }
        match self.kind(value) {
            Some(Kind::Mark(b'{')) => self.constants_of(name, value, 0, found),
            Some(Kind::Text | Kind::Template | Kind::Head | Kind::Name) => {
                let end = self.expression_end(value);
                if let Some(text) = self.evaluate(&(value..end), found) {
                    found.put(name.to_owned(), text);
                }
            }
            _ => {}
        }
    }

    fn constants_of(&self, name: &str, open: usize, level: usize, found: &mut Constants) {
        for entry in self.entries(open).into_iter().filter(|entry| !entry.key.is_empty()) {
            let key = format!("{name}.{}", entry.key);
            if self.is(entry.value.start, b'{') && level < MOST_LEVELS {
                self.constants_of(&key, entry.value.start, level + 1, found);
            } else if entry.value.start != entry.at
                && let Some(text) = self.evaluate(&entry.value, found)
            {
                found.put(key, text);
            }
        }
    }

    /// The text that an expression comes to: literals, constants, templates and sums of these. A part
    /// at the front that is not known gives [`UNKNOWN`] there; one elsewhere gives nothing.
    pub(crate) fn evaluate(&self, range: &Range<usize>, constants: &Constants) -> Option<String> {
        let range = self.trimmed(range.clone());
        let mut out = String::new();
        let mut at = range.start;
        let mut wants = true;
        if range.is_empty() {
            return None;
        }
        while at < range.end {
            if !wants {
                if !self.is(at, b'+') {
                    return None;
                }
                at += 1;
                wants = true;
                continue;
            }
            at = self.term(at, range.end, constants, &mut out)?;
            wants = false;
        }
        (!wants && out != crate::UNKNOWN_FRONT).then_some(out)
    }

    /// One term of a sum; what follows it.
    fn term(&self, at: usize, end: usize, constants: &Constants, out: &mut String) -> Option<usize> {
        match self.kind(at)? {
            Kind::Text | Kind::Template => {
                out.push_str(&self.literal(at)?);
                Some(at + 1)
            }
            Kind::Name => {
                let (name, next) = self.dotted(at);
                match constants.get(&name).filter(|_| !self.continues(next)) {
                    Some(text) => out.push_str(text),
                    None => unknown(out)?,
                }
                // The rest of an unknown expression (`config.get('base')`).
                let mut next = next;
                while next < end && !self.is(next, b'+') {
                    if !self.continues(next) {
                        return None;
                    }
                    next = match self.is(next, b'.') {
                        true => next + 2,
                        false => self.after(next),
                    };
                }
                Some(next)
            }
            Kind::Head => self.template(at, constants, out),
            _ => None,
        }
    }

    fn continues(&self, at: usize) -> bool {
        self.is(at, b'(') || self.is(at, b'[') || self.is(at, b'.')
    }

    fn template(&self, at: usize, constants: &Constants, out: &mut String) -> Option<usize> {
        let end = self.close(at);
        let mut piece = at;
        loop {
            out.push_str(&unescaped(self.source(piece)));
            if piece >= end {
                return Some(end + 1);
            }
            let mut next = piece + 1;
            while next < end && self.kind(next) != Some(Kind::Middle) {
                next = self.after(next);
            }
            let (name, after) = self.dotted(piece + 1);
            match constants.get(&name).filter(|_| after == next) {
                Some(text) => out.push_str(text),
                None => unknown(out)?,
            }
            piece = next;
        }
    }
}

/// An unknown part may stand at the front only.
fn unknown(out: &mut String) -> Option<()> {
    if !out.is_empty() {
        return None;
    }
    out.push_str(crate::UNKNOWN_FRONT);
    Some(())
}

/// Constants by name; one that has two values has none.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    values: FxHashMap<String, Option<String>>,
}

impl Constants {
    fn put(&mut self, name: String, value: String) {
        let value = (!value.starts_with(crate::UNKNOWN_FRONT)).then_some(value);
        let known = self.values.entry(name).or_insert_with(|| value.clone());
        if *known != value {
            *known = None;
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let name = name.strip_prefix("this.").unwrap_or(name);
        self.values.get(name)?.as_deref()
    }
}

/// A literal's value, for the escapes that stand in names and titles.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('\n') | None => {}
                Some(other) => out.push(other),
            },
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let script = Script::new(text);
        let constants = script.constants();
        let open = (0..script.len()).rev().find(|at| script.name(*at) == "f").expect("a call") + 1;
        let found = script.items(open).first().and_then(|item| script.evaluate(item, &constants));
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn values_of_expressions() {
        check("f('/a')", Some("/a"));
        check("f('/a' as const, x)", Some("/a"));
        check("const base = '/api'\nf(`${base}/x`)", Some("/api/x"));
        check("const a: string = '/a', c = 1; const b = a + '/b'; f(b + `/c`)", Some("/a/b/c"));
        check("const P = { x: '/x', y: { z: '/z' } } as const; f(P.x + P.y.z)", Some("/x/z"));
        check("enum P { A = '/a' } f(P.A)", Some("/a"));
        check("const a = '/a'; { const a = '/b' } f(a)", None);
        check("f(`${base}/x`)", Some("\u{2026}/x"));
        check("f(config.get('base') + '/x')", Some("\u{2026}/x"));
        check("f(`/a/${id}`)", None);
        check("f(x)", None);
        check("f(a ? '/b' : '/c')", None);
        check("f(/re/)", None);
        check("f()", None);
        check(
            "class A { static readonly base = '/a'; m() { f(`${A}`); f(`${this.base}/x`) } }",
            Some("/a/x"),
        );
    }

    #[test]
    fn calls_with_type_arguments() {
        let script = Script::new("get<{ a: Array<string> }>('/x')");
        assert_eq!(script.call(1).map(|at| script.items(at).len()), Some(1));
        assert_eq!(Script::new("a < b; (c)").call(1), None);
    }
}
