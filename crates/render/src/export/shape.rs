//! Shapes that people write for what goes over a wire: JSON examples, TypeScript types, zod, and words
//! between them. The parser takes what it understands and steps over the rest; it never goes back, so its
//! cost is linear, and its depth is limited.

use super::lex::{Kind, Token, tokens, unescaped};
use super::plain_line;
use super::scalar::{literal, scalar};
use super::schema::Schema;
use rustc_hash::FxHashSet;
use serde_json::Value;

/// Deeper shapes are left open.
const MOST_DEPTH: usize = 10;
/// A list of lists of lists is the most that anybody means.
const MOST_LISTS: usize = 3;
/// A list's later examples say nothing new.
const MOST_ITEMS: usize = 16;

/// A shape and where it ends in its text.
#[derive(Debug)]
pub(super) struct Shape {
    pub schema: Schema,
    pub end: usize,
}

/// The type or example that a text begins with.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let schema = parser.expression(0)?;
    let end = parser.at.checked_sub(1).and_then(|last| tokens.get(last)).map_or(0, |token| token.end);
    Some(Shape { schema, end })
}

struct Parser<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

/// What a property says beside its type.
#[derive(Default)]
struct Marks {
    optional: bool,
    typed: bool,
}

impl<'a> Parser<'_, 'a> {
    fn peek(&self) -> Option<Kind<'a>> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn after(&self) -> Option<Kind<'a>> {
        self.tokens.get(self.at + 1).map(|token| token.kind)
    }

    fn on_new_line(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.new_line)
    }

    fn takes(&mut self, sign: char) -> bool {
        let taken = self.peek() == Some(Kind::Sign(sign));
        self.at += usize::from(taken);
        taken
    }

    /// A type with its alternatives.
    fn expression(&mut self, depth: usize) -> Option<Schema> {
        self.takes('|');
        let first = self.intersection(depth)?;
        if self.peek() != Some(Kind::Sign('|')) {
            return Some(first);
        }
        let mut bare = vec![first.named.clone()];
        let mut members = vec![first];
        while self.takes('|') {
            let Some(member) = self.intersection(depth) else { break };
            bare.push(member.named.clone());
            members.push(member);
        }
        // `draft | sent`: words in small letters that name no type are values.
        let words: Option<Vec<String>> = bare.into_iter().collect();
        match words.filter(|words| words.iter().all(|w| w.starts_with(char::is_lowercase))) {
            Some(words) => Some(Schema::choice(words)),
            None => Some(Schema::any(members)),
        }
    }

    fn intersection(&mut self, depth: usize) -> Option<Schema> {
        let first = self.postfix(depth)?;
        if self.peek() != Some(Kind::Sign('&')) {
            return Some(first);
        }
        let mut members = vec![first];
        while self.takes('&') {
            let Some(member) = self.postfix(depth) else { break };
            members.push(member);
        }
        members.retain(|member| !member.is_open());
        match members.len() {
            0 => Some(Schema::default()),
            1 => members.pop(),
            _ => Some(Schema { all_of: members, ..Schema::default() }),
        }
    }

    fn postfix(&mut self, depth: usize) -> Option<Schema> {
        let mut schema = self.primary(depth)?;
        let mut lists = 0;
        while self.peek() == Some(Kind::Sign('[')) && !self.on_new_line() {
            let closed = self.after() == Some(Kind::Sign(']'));
            self.at += 1;
            match closed {
                true => self.at += 1,
                // `Order['id']`: a part of a type.
                false => {
                    self.step_over_group();
                    schema = Schema::default();
                    continue;
                }
            }
            lists += 1;
            if lists <= MOST_LISTS {
                schema = Schema::list(schema);
            }
        }
        Some(schema)
    }

    fn primary(&mut self, depth: usize) -> Option<Schema> {
        let kind = self.peek()?;
        if depth >= MOST_DEPTH && matches!(kind, Kind::Sign('{' | '[' | '(')) {
            self.at += 1;
            self.step_over_group();
            return Some(Schema::default());
        }
        match kind {
            Kind::Sign('{') => {
                self.at += 1;
                Some(self.object(depth + 1))
            }
            Kind::Sign('[') => {
                self.at += 1;
                Some(self.list(depth + 1))
            }
            Kind::Sign('(') => {
                self.at += 1;
                Some(self.grouped(depth + 1))
            }
            Kind::Sign('<') => Some(self.placeholder()),
            Kind::Quoted(text) => {
                self.at += 1;
                Some(literal(&unescaped(text)))
            }
            Kind::Number(number) => {
                self.at += 1;
                Some(number_schema(number))
            }
            Kind::Dots => {
                self.at += 1;
                Some(Schema::default())
            }
            Kind::Word(word) => {
                self.at += 1;
                Some(self.word(word, depth))
            }
            Kind::Sign(_) => None,
        }
    }

    /// What a word means, with the parts that belong to it.
    fn word(&mut self, word: &'a str, depth: usize) -> Schema {
        match word {
            "true" | "false" => return Schema::of("boolean"),
            "readonly" | "typeof" | "keyof" if matches!(self.peek(), Some(Kind::Word(_))) => {
                return match depth < MOST_DEPTH {
                    true => self.primary(depth + 1).unwrap_or_default(),
                    false => Schema::default(),
                };
            }
            "z" if self.peek() == Some(Kind::Sign('.')) => return self.zod(depth),
            "enum" | "ENUM" if self.takes('(') => return self.enumeration(),
            _ => {}
        }
        let mut last = word;
        while self.peek() == Some(Kind::Sign('.')) && !self.on_new_line() {
            let Some(Kind::Word(part)) = self.after() else { break };
            last = part;
            self.at += 2;
        }
        let known = scalar(last);
        match self.peek() {
            Some(Kind::Sign('<')) => self.generic(last, depth),
            Some(Kind::Sign('(')) if known.is_some() => {
                self.at += 1;
                self.sized(known.unwrap_or_default())
            }
            _ => known.unwrap_or_else(|| Schema::named(last)),
        }
    }

    /// `varchar(255)`, `decimal(10, 2)`
    fn sized(&mut self, mut schema: Schema) -> Schema {
        let size = match self.peek() {
            Some(Kind::Number(number)) => number.parse().ok(),
            _ => None,
        };
        self.step_over_group();
        if schema.is("string") && schema.format.is_none() {
            schema.max_length = size;
        }
        schema
    }

    /// `enum('a', 'b')`, `enum(a, b)`
    fn enumeration(&mut self) -> Schema {
        let mut words = Vec::new();
        while let Some(kind) = self.peek() {
            self.at += 1;
            match kind {
                Kind::Word(word) => words.push(plain_line(word)),
                Kind::Quoted(text) => words.push(plain_line(&unescaped(text))),
                Kind::Sign(')') => break,
                _ => {}
            }
        }
        if words.is_empty() { Schema::of("string") } else { Schema::choice(words) }
    }

    /// `Array<T>`, `Record<K, V>` and the like.
    fn generic(&mut self, name: &str, depth: usize) -> Schema {
        self.at += 1;
        if depth >= MOST_DEPTH {
            self.step_over_angles();
            return Schema::default();
        }
        let mut arguments = Vec::new();
        while let Some(argument) = self.expression(depth + 1) {
            arguments.push(argument);
            if !self.takes(',') {
                break;
            }
        }
        if !self.takes('>') {
            self.step_over_angles();
        }
        let first = arguments.first().cloned().unwrap_or_default();
        match name {
            "Array" | "ReadonlyArray" | "Set" | "List" | "array" => Schema::list(first),
            "Record" | "Map" => {
                let value = arguments.pop().unwrap_or_default();
                Schema { additional_properties: Some(Box::new(value)), ..Schema::of("object") }
            }
            "Promise" | "Readonly" | "Required" | "NonNullable" => first,
            "Nullable" => first.or_null(),
            _ => Schema { description: Some(name.to_owned()), ..Schema::of("object") },
        }
    }

    /// `z.string().nullable().optional()`
    fn zod(&mut self, depth: usize) -> Schema {
        let mut schema = Schema::default();
        let mut lists = 0;
        while self.takes('.') {
            let Some(Kind::Word(name)) = self.peek() else { break };
            self.at += 1;
            if name == "enum" && self.takes('(') {
                schema = self.enumeration();
                continue;
            }
            let argument = self.takes('(').then(|| self.zod_argument(name, depth));
            schema = match (name, argument) {
                ("nullable", _) => schema.or_null(),
                ("nullish", _) => Schema { optional: true, ..schema.or_null() },
                ("optional", _) => Schema { optional: true, ..schema },
                ("array", Some(Some(inner))) => Schema::list(inner),
                ("array", _) if lists < MOST_LISTS => {
                    lists += 1;
                    Schema::list(schema)
                }
                ("object" | "union" | "literal" | "lazy", Some(Some(inner))) => inner,
                ("record", _) => Schema::of("object"),
                ("int", _) => Schema::of("integer"),
                (format, _) if schema.is("string") && scalar(format).is_some_and(|s| s.format.is_some()) => {
                    scalar(format).unwrap_or_default()
                }
                (name, _) if schema.is_open() => scalar(name).unwrap_or_default(),
                _ => schema,
            };
        }
        schema
    }

    /// What stands in the brackets of `z.array(…)`; steps over them.
    fn zod_argument(&mut self, name: &str, depth: usize) -> Option<Schema> {
        let takes_type = matches!(name, "array" | "object" | "union" | "literal" | "record");
        let inner = match takes_type && depth < MOST_DEPTH {
            true => self.expression(depth + 1),
            false => None,
        };
        self.step_over_group();
        inner
    }

    /// `<uuid>`
    fn placeholder(&mut self) -> Schema {
        self.at += 1;
        let known = match self.peek() {
            Some(Kind::Word(word)) => scalar(word),
            _ => None,
        };
        while let Some(kind) = self.peek() {
            if self.on_new_line() {
                break;
            }
            self.at += 1;
            if kind == Kind::Sign('>') {
                break;
            }
        }
        known.unwrap_or_else(|| Schema::of("string"))
    }

    /// A type in round brackets, or the arguments of a function, which are no value.
    fn grouped(&mut self, depth: usize) -> Schema {
        let inner = self.expression(depth);
        let closed = self.takes(')');
        if !closed {
            self.step_over_group();
        }
        match inner {
            Some(inner) if closed && self.peek() != Some(Kind::Sign('=')) => inner,
            _ => Schema::default(),
        }
    }

    fn list(&mut self, depth: usize) -> Schema {
        let mut items: Vec<Schema> = Vec::new();
        loop {
            match self.peek() {
                None => break,
                Some(Kind::Sign(']')) => {
                    self.at += 1;
                    break;
                }
                Some(Kind::Dots) => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            match self.expression(depth) {
                Some(item) if items.len() < MOST_ITEMS => items.push(item),
                _ => {}
            }
            if !self.takes(',') && self.peek() != Some(Kind::Sign(']')) {
                self.step_to_separator(']');
                self.at += usize::from(self.at_separator());
            }
        }
        Schema::list(one_of_items(items))
    }

    fn object(&mut self, depth: usize) -> Schema {
        let mut out = Schema::of("object");
        let mut known: FxHashSet<String> = FxHashSet::default();
        while let Some(kind) = self.peek() {
            match kind {
                Kind::Sign('}') => {
                    self.at += 1;
                    break;
                }
                Kind::Sign('[') => {
                    self.at += 1;
                    self.step_over_group();
                    self.takes('?');
                    if self.takes(':') {
                        out.additional_properties = self.expression(depth).map(Box::new);
                    }
                }
                // Whatever is spread in here is not told.
                Kind::Dots => self.at += 1,
                Kind::Sign('{' | '(') => {
                    self.at += 1;
                    self.step_over_group();
                }
                Kind::Sign(_) => {
                    self.at += 1;
                    continue;
                }
                Kind::Word("readonly") if matches!(self.after(), Some(Kind::Word(_))) => {
                    self.at += 1;
                    continue;
                }
                Kind::Word(_) | Kind::Quoted(_) | Kind::Number(_) => {
                    let quoted = matches!(kind, Kind::Quoted(_));
                    let name = property_name(kind);
                    self.at += 1;
                    let (schema, marks) = self.property(depth);
                    if !name.is_empty() && !name.starts_with(['.', '…']) && known.insert(name.clone()) {
                        if marks.typed && !marks.optional && !quoted {
                            out.required.push(name.clone());
                        }
                        out.properties.push((name, schema));
                    }
                }
            }
            self.end_of_member();
        }
        out
    }

    /// What stands behind the name of a property.
    fn property(&mut self, depth: usize) -> (Schema, Marks) {
        let mut marks = Marks { optional: self.takes('?'), typed: false };
        // `lines[]: …`
        let list = self.peek() == Some(Kind::Sign('[')) && self.after() == Some(Kind::Sign(']'));
        self.at += 2 * usize::from(list);
        marks.optional |= self.takes('?');
        if self.takes('(') {
            self.step_over_group();
        }
        let mut schema = Schema::default();
        if self.takes(':')
            && let Some(found) = self.expression(depth)
        {
            marks.typed = true;
            schema = found;
        }
        marks.optional |= self.takes('?') | std::mem::take(&mut schema.optional);
        (if list && depth < MOST_DEPTH { Schema::list(schema) } else { schema }, marks)
    }

    /// Steps over what is left of a member: to a comma, a semicolon, a line's end or the closing brace.
    fn end_of_member(&mut self) {
        if self.on_new_line() && !self.at_separator() {
            return;
        }
        self.step_to_separator('}');
        self.at += usize::from(self.at_separator());
    }

    fn at_separator(&self) -> bool {
        matches!(self.peek(), Some(Kind::Sign(',' | ';')))
    }

    /// Steps over words to the next separator, the end of the line or the closing bracket.
    fn step_to_separator(&mut self, close: char) {
        let mut first = true;
        while let Some(kind) = self.peek() {
            match kind {
                Kind::Sign(',' | ';') => return,
                Kind::Sign(sign) if sign == close => return,
                _ if !first && self.on_new_line() => return,
                Kind::Sign('{' | '[' | '(') => {
                    self.at += 1;
                    self.step_over_group();
                }
                _ => self.at += 1,
            }
            first = false;
        }
    }

    /// Steps behind the bracket that closes the one just taken.
    fn step_over_group(&mut self) {
        let mut open = 1;
        while let Some(kind) = self.peek() {
            self.at += 1;
            match kind {
                Kind::Sign('{' | '[' | '(') => open += 1,
                Kind::Sign('}' | ']' | ')') => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// Steps behind the `>` that closes the `<` just taken; a closing bracket ends it, too.
    fn step_over_angles(&mut self) {
        let mut open = 1;
        while let Some(kind) = self.peek() {
            match kind {
                Kind::Sign('}' | ']' | ')') => return,
                Kind::Sign('<') => open += 1,
                Kind::Sign('>') => open -= 1,
                _ => {}
            }
            self.at += 1;
            match kind {
                Kind::Sign('{' | '[' | '(') => self.step_over_group(),
                _ if open == 0 => return,
                _ => {}
            }
        }
    }
}

fn property_name(kind: Kind<'_>) -> String {
    match kind {
        Kind::Word(text) | Kind::Number(text) => plain_line(text),
        Kind::Quoted(text) => plain_line(&unescaped(text)),
        Kind::Sign(_) | Kind::Dots => String::new(),
    }
}

/// What the examples of a list have in common: objects are laid over each other.
fn one_of_items(items: Vec<Schema>) -> Schema {
    let mut objects: Option<Schema> = None;
    let mut rest = Vec::new();
    for mut item in items {
        match &mut objects {
            _ if !item.is("object") || item.properties.is_empty() => {
                // Several examples of one type are no enumeration.
                if item.is("string") {
                    item.examples.clear();
                }
                rest.push(item);
            }
            Some(all) => all.absorb(item),
            None => objects = Some(item),
        }
    }
    rest.extend(objects);
    Schema::any(rest)
}

fn number_schema(number: &str) -> Schema {
    let plain = number.replace('_', "");
    match serde_json::from_str::<Value>(&plain) {
        Ok(value) if value.is_i64() || value.is_u64() => {
            Schema { examples: vec![value], ..Schema::of("integer") }
        }
        Ok(value) => Schema { examples: vec![value], ..Schema::of("number") },
        Err(_) => Schema::of("string"),
    }
}

#[cfg(test)]
mod tests;
