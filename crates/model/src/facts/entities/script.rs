//! Classes, interfaces and types in code of the TypeScript kind, read without a grammar: by brackets.

use super::fields::RawField;
use trueup_text::Span;

/// Something that code declares.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// Its name; empty for a bare object or fragment.
    pub name: String,
    /// The table that a decorator names.
    pub table: Option<String>,
    /// A class that a decorator makes an entity.
    pub entity: bool,
    /// Its members.
    pub fields: Vec<RawField>,
    /// Its name's place.
    pub span: Span,
}

/// What code declares.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    /// Classes, interfaces, types and enums.
    pub declared: Vec<Declared>,
    /// Properties with decorators outside any class.
    pub columns: Vec<RawField>,
    /// Properties without decorators outside any class.
    pub loose: Vec<RawField>,
    /// The members of an object without a name.
    pub object: Option<Declared>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Word,
    Text,
    Mark,
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    sort: Sort,
    text: &'t str,
    at: usize,
    end: usize,
    first_on_line: bool,
}

impl Token<'_> {
    fn is(&self, mark: &str) -> bool {
        self.sort == Sort::Mark && self.text == mark
    }

    fn is_word(&self, word: &str) -> bool {
        self.sort == Sort::Word && self.text == word
    }
}

/// Reads code; `base` is its place in the file.
pub(super) fn read(source: &str, base: usize) -> Script {
    let tokens = lex(source);
    let pairs = pairs(&tokens);
    let mut reading = Reading { source, base, tokens, pairs };
    reading.top()
}

fn lex(source: &str) -> Vec<Token<'_>> {
    let bytes = source.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    let mut fresh = true;
    while at < bytes.len() {
        let rest = &source[at..];
        let c = rest.chars().next().unwrap_or(' ');
        if c == '\n' {
            fresh = true;
            at += 1;
        } else if c.is_whitespace() || fresh && matches!(c, '+' | '>') {
            // A diff's or a quote's mark in front of a line.
            at += c.len_utf8();
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else {
            let (sort, len) = if matches!(c, '\'' | '"' | '`') {
                (Sort::Text, string_len(rest, c))
            } else if c.is_alphanumeric() || c == '_' || c == '$' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
                (Sort::Word, end.unwrap_or(rest.len()))
            } else if rest.starts_with("=>") {
                (Sort::Mark, 2)
            } else {
                (Sort::Mark, c.len_utf8())
            };
            out.push(Token { sort, text: &rest[..len], at, end: at + len, first_on_line: fresh });
            fresh = false;
            at += len;
        }
    }
    out
}

/// The length of a string with its quotes; one that stays open ends with its line.
fn string_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        } else if c == '\n' && quote != '`' {
            return at;
        }
    }
    rest.len().min(1)
}

/// For each opening bracket the place of its closing one; the end where it stays open.
fn pairs(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut out = vec![tokens.len(); tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.sort != Sort::Mark {
            continue;
        }
        match token.text {
            "{" | "(" | "[" => open.push(at),
            "}" | ")" | "]" => {
                if let Some(from) = open.pop() {
                    out[from] = at;
                }
            }
            _ => {}
        }
    }
    out
}

/// A decorator with the range of its arguments.
#[derive(Clone, Copy, Debug)]
struct Decorator<'t> {
    name: &'t str,
    from: usize,
    to: usize,
}

struct Reading<'t> {
    source: &'t str,
    base: usize,
    tokens: Vec<Token<'t>>,
    pairs: Vec<usize>,
}

impl<'t> Reading<'t> {
    fn token(&self, at: usize) -> Option<Token<'t>> {
        self.tokens.get(at).copied()
    }

    fn is(&self, at: usize, mark: &str) -> bool {
        self.token(at).is_some_and(|t| t.is(mark))
    }

    /// One past a bracket's end, or the next token.
    fn past(&self, at: usize) -> usize {
        let opens = self.is(at, "{") || self.is(at, "(") || self.is(at, "[");
        if opens { self.pairs[at].saturating_add(1).min(self.tokens.len()).max(at + 1) } else { at + 1 }
    }

    fn span(&self, token: Token<'_>) -> Span {
        Span::new(self.base + token.at, self.base + token.end)
    }

    fn decorator(&self, at: usize) -> Option<(Decorator<'t>, usize)> {
        let name = self.token(at + 1).filter(|t| self.is(at, "@") && t.sort == Sort::Word)?;
        let mut after = at + 2;
        // `@orm.Entity(…)`
        let mut last = name;
        while self.is(after, ".")
            && let Some(next) = self.token(after + 1).filter(|t| t.sort == Sort::Word)
        {
            last = next;
            after += 2;
        }
        let (from, to) = if self.is(after, "(") { (after + 1, self.pairs[after]) } else { (after, after) };
        let next = if self.is(after, "(") { self.past(after) } else { after };
        Some((Decorator { name: last.text, from, to }, next))
    }

    /// The text of an option (`name: 'x'`) in a decorator's arguments.
    fn option(&self, decorator: Decorator<'t>, names: &[&str]) -> Option<&'t str> {
        let to = decorator.to.min(self.tokens.len());
        let window = self.tokens.get(decorator.from..to)?;
        window.windows(3).find_map(|w| {
            let named = w[0].sort == Sort::Word && names.contains(&w[0].text) && w[1].is(":");
            (named && w[2].sort == Sort::Text).then(|| unquoted(w[2].text))
        })
    }

    fn top(&mut self) -> Script {
        let mut out = Script::default();
        let mut decorators: Vec<Decorator<'t>> = Vec::new();
        let mut at = 0;
        while let Some(token) = self.token(at) {
            if let Some((decorator, next)) = self.decorator(at) {
                decorators.push(decorator);
                at = next;
                continue;
            }
            let named = self.token(at + 1).filter(|t| t.sort == Sort::Word);
            let word = if token.sort == Sort::Word { token.text } else { "" };
            match (word, named) {
                (
                    "export" | "declare" | "default" | "abstract" | "async" | "readonly" | "public"
                    | "private",
                    Some(_),
                ) => {
                    at += 1;
                    continue;
                }
                ("class" | "interface" | "enum" | "model" | "type" | "struct", Some(name))
                    if self.declares(at) =>
                {
                    at = self.declaration(at, name, &decorators, &mut out);
                }
                (
                    "const" | "let" | "var" | "function" | "import" | "return" | "if" | "for" | "await"
                    | "throw",
                    _,
                ) => {
                    at = self.statement_end(at + 1);
                }
                _ if token.is("{") && out.object.is_none() && self.looks_like_members(at + 1) => {
                    let fields = self.members(at + 1, self.pairs[at], false);
                    let span = self.span(token);
                    out.object =
                        Some(Declared { name: String::new(), table: None, entity: false, fields, span });
                    at = self.past(at);
                }
                _ if token.sort == Sort::Word && (token.first_on_line || !decorators.is_empty()) => {
                    at = self.fragment(at, &decorators, &mut out);
                }
                _ => at = self.past(at),
            }
            decorators.clear();
        }
        out
    }

    /// `type X =`, `class X {`: a declaration, not a property that is called `type`.
    fn declares(&self, at: usize) -> bool {
        let upper = |t: Token<'_>| t.text.starts_with(|c: char| c.is_uppercase());
        self.token(at + 1).is_some_and(|t| upper(t) || self.is(at + 2, "=") || self.is(at + 2, "{"))
    }

    fn looks_like_members(&self, at: usize) -> bool {
        let named = self.token(at).is_some_and(|t| t.sort == Sort::Word);
        named && (self.is(at + 1, ":") || self.is(at + 1, "?"))
    }

    fn declaration(
        &self,
        at: usize,
        name: Token<'t>,
        decorators: &[Decorator<'t>],
        out: &mut Script,
    ) -> usize {
        let class = self.tokens[at].is_word("class");
        let alias = self.tokens[at].is_word("type");
        let end = if alias { self.statement_end(at + 2) } else { self.block_end(at + 2) };
        let open = (at + 2..end).find(|i| self.is(*i, "{"));
        let table_of = |d: &Decorator<'t>| self.option(*d, &["tableName", "name", "collection", "table"]);
        let entity = decorators.iter().find(|d| {
            matches!(d.name, "Entity" | "Table" | "Embeddable" | "Schema" | "Document" | "ObjectType")
        });
        let table = entity.and_then(|d| {
            table_of(d)
                .or_else(|| self.token(d.from).filter(|t| t.sort == Sort::Text).map(|t| unquoted(t.text)))
        });
        let enumeration = self.tokens[at].is_word("enum");
        let fields = match open {
            Some(open) if !enumeration => self.members(open + 1, self.pairs[open], class),
            _ => Vec::new(),
        };
        out.declared.push(Declared {
            name: name.text.to_owned(),
            table: table.map(str::to_owned),
            entity: entity.is_some(),
            fields,
            span: self.span(name),
        });
        end
    }

    /// One past the block that begins before the next declaration.
    fn block_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(token) = self.token(at) {
            if token.is("{") {
                return self.past(at);
            }
            if token.is(";") || at > from && token.first_on_line && is_opener(token) {
                return at;
            }
            at = self.past(at);
        }
        at
    }

    /// Where a statement ends: at a semicolon or before a line that begins another.
    fn statement_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(token) = self.token(at) {
            if token.is(";") {
                return at + 1;
            }
            if token.first_on_line && at > from && (is_opener(token) || self.begins_member(at)) {
                return at;
            }
            at = self.past(at);
        }
        at
    }

    /// Whether a line begins a member: it does not go on with the line before.
    fn begins_member(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else { return true };
        let goes_on = token.sort == Sort::Mark && !matches!(token.text, "@" | "[" | "}" | "\"");
        let before = at.checked_sub(1).and_then(|b| self.token(b));
        let hangs = before.is_some_and(|b| {
            b.sort == Sort::Mark && matches!(b.text, "=" | "|" | "&" | ":" | "=>" | "?" | "+" | "<" | ".")
        });
        !goes_on && !hangs
    }

    /// A property outside any class.
    fn fragment(&self, at: usize, decorators: &[Decorator<'t>], out: &mut Script) -> usize {
        let token = self.tokens[at];
        let end = self.statement_end(at + 1);
        let mut next = at + 1;
        while self.is(next, "?") || self.is(next, "!") {
            next += 1;
        }
        if decorators.is_empty() {
            if self.is(next, ":") {
                out.loose.push(self.field(token, token.text, next, end));
            }
        } else if let Some(name) = self.column_name(token.text, decorators) {
            out.columns.push(self.field(token, name, next, end));
        }
        end
    }

    fn field(&self, token: Token<'t>, name: &str, from: usize, to: usize) -> RawField {
        let start = self.token(from).map_or(token.end, |t| t.at);
        let end = to.checked_sub(1).and_then(|last| self.token(last)).map_or(start, |t| t.end);
        let said = self.source.get(start..end.max(start)).unwrap_or("");
        let said = said.split("//").next().unwrap_or("").trim_start_matches(':').trim();
        let type_text = said.trim_end_matches([';', ',']).trim().to_owned();
        RawField { owner: None, name: name.to_owned(), type_text, span: self.span(token) }
    }

    /// The column that a property stands for; none for the many side of a relation.
    fn column_name(&self, property: &'t str, decorators: &[Decorator<'t>]) -> Option<&'t str> {
        let mut name = property;
        let guards = ["Index", "Unique", "Check", "Filter"];
        if !decorators.is_empty() && decorators.iter().all(|d| guards.contains(&d.name)) {
            return None;
        }
        for decorator in decorators {
            match decorator.name {
                "OneToMany" | "ManyToMany" | "Formula" | "Embedded" => return None,
                guard if guards.contains(&guard) => {}
                _ => {
                    let named = self.option(*decorator, &["name", "fieldName", "joinColumn", "columnName"]);
                    name = named.unwrap_or(name);
                }
            }
        }
        Some(name)
    }

    /// The members between two brackets.
    fn members(&self, from: usize, to: usize, class: bool) -> Vec<RawField> {
        let to = to.min(self.tokens.len());
        let mut decorated: Vec<RawField> = Vec::new();
        let mut plain: Vec<RawField> = Vec::new();
        let mut pending: Vec<Decorator<'t>> = Vec::new();
        let mut at = from;
        while at < to {
            let Some(token) = self.token(at) else { break };
            if let Some((decorator, next)) = self.decorator(at) {
                pending.push(decorator);
                at = next;
                continue;
            }
            let modifier = matches!(
                token.text,
                "public"
                    | "private"
                    | "protected"
                    | "readonly"
                    | "static"
                    | "declare"
                    | "override"
                    | "get"
                    | "set"
                    | "async"
            );
            if modifier && self.token(at + 1).is_some_and(|t| t.sort == Sort::Word) {
                at += 1;
                continue;
            }
            let named = token.sort == Sort::Word
                || token.sort == Sort::Text && (self.is(at + 1, ":") || self.is(at + 1, "?"));
            if !named {
                at = if token.is("[") { self.member_end(self.past(at), to) } else { self.past(at) };
                pending.clear();
                continue;
            }
            let mut next = at + 1;
            while self.is(next, "?") || self.is(next, "!") {
                next += 1;
            }
            let end = self.member_end(at + 1, to);
            let property = self.is(next, ":")
                || self.is(next, "=")
                || next >= to
                || class && next == end
                || self.is(next, ";")
                || self.is(next, ",");
            let name = unquoted(token.text);
            if property && is_member_name(name) {
                match self.column_name(name, &pending) {
                    _ if pending.is_empty() => plain.push(self.field(token, name, next, end)),
                    Some(column) => decorated.push(self.field(token, column, next, end)),
                    None => {}
                }
            }
            pending.clear();
            at = end.max(at + 1);
        }
        if decorated.is_empty() { plain } else { decorated }
    }

    /// One past a member: its separator, or the line's end where the next one begins.
    fn member_end(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to {
            let Some(token) = self.token(at) else { break };
            if token.is(";") || token.is(",") {
                return at + 1;
            }
            if token.first_on_line && self.begins_member(at) {
                return at;
            }
            // A method's body ends it.
            let body = token.is("{") && at > from && self.token(at - 1).is_some_and(|t| t.is(")"));
            at = self.past(at);
            if body {
                return at;
            }
        }
        to
    }
}

fn is_opener(token: Token<'_>) -> bool {
    token.is("@")
        || token.sort == Sort::Word
            && matches!(
                token.text,
                "export"
                    | "type"
                    | "interface"
                    | "class"
                    | "enum"
                    | "const"
                    | "function"
                    | "import"
                    | "let"
                    | "abstract"
                    | "model"
            )
}

fn is_member_name(name: &str) -> bool {
    !name.is_empty()
        && name != "constructor"
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['\'', '"', '`'])
}
