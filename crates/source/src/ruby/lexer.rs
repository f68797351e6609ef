//! Ruby as tokens.
//!
//! What a character means in Ruby depends on what stands in front of it: `/` divides or begins a regular
//! expression, `<<` shifts or begins a text, `{` is left to the parser. The token before and the spaces
//! around decide, as in Ruby itself; only what a name stands for (a variable or a method) is not known
//! here, and there the spaces decide alone.

use super::marks::{
    Word, begins_name, character_length, is_space, mark_length, name_length, operator_length, symbol_length,
};
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// The end of a line that may end a statement, or `;`.
    Newline,
    /// The end of a line that turned out to end nothing, since the next begins with a dot.
    Gap,
    /// A name that begins with a small letter, and any name where a method's name is expected.
    Name,
    /// A name that begins with a capital.
    Constant,
    /// `@a`, `@@a`, `$a`.
    Variable,
    /// `a:` in front of a value; its range is the name.
    Label,
    /// The `:` right behind a text that is a key (`"a": 1`).
    KeyColon,
    /// A keyword.
    Word(Word),
    /// A number, or a character (`?a`).
    Number,
    /// `:a`
    Symbol,
    /// What a text, a list of words or the like begins with.
    Open(Quoted),
    /// A piece of a text as written; a word of a list.
    Piece,
    /// `#{` in a text.
    Inside,
    /// The `}` that belongs to it.
    Outside,
    /// What a text ends with.
    Close,
    /// `<<~A`; the text follows behind the line, between `BodyOpen` and `BodyClose`.
    Here,
    BodyOpen,
    BodyClose,
    /// `.` and `&.`
    Dot,
    /// `::`
    Colons,
    /// `::` in front of a name that nothing stands before.
    TopColons,
    Comma,
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    /// `=`
    Assign,
    /// `|`
    Pipe,
    /// `!`, `-`, `*`, `**` in front of a value.
    Prefix,
    /// `&` in front of a value.
    And,
    /// Any other mark between two values.
    Operator,
}

/// A kind of text between marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoted {
    /// `"a"`, `'a'`, `%q(a)`.
    Text,
    /// `:"a"`, `%s(a)`.
    Symbol,
    /// `%w[a b]`, `%i[a b]`.
    Words,
    /// A regular expression, or a command.
    Other,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub sort: Sort,
    /// Whether a space or a line's end stands in front of it.
    pub spaced: bool,
    pub start: u32,
    pub end: u32,
}

impl Token {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The tokens of a text, without comments.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        at: 0,
        spaced: true,
        out: Vec::with_capacity(text.len() / 4),
        modes: Vec::new(),
        brackets: Vec::new(),
        braces: 0,
        bodies: Vec::new(),
        line_end: None,
    };
    while lexer.at < lexer.bytes.len() {
        match lexer.modes.last().copied() {
            None | Some(Mode::Code) => lexer.code(),
            Some(Mode::Quoted(quoted)) => lexer.quoted(quoted),
            Some(Mode::Body(body)) => lexer.body(body),
        }
    }
    lexer.out
}

/// What stands at a place: code, or the inside of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// Between `#{` and `}`.
    Code,
    Quoted(Inside),
    Body(Body),
}

/// The inside of a text between marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Inside {
    kind: Quoted,
    /// The mark that nests (`(` in `%q(a (b))`), or 0.
    open: u8,
    close: u8,
    /// Whether `#{` is code.
    takes_code: bool,
    /// How many of the nesting marks are open.
    depth: u32,
}

/// A text behind its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Body {
    /// Where the word stands that ends it.
    word: (usize, usize),
    indented: bool,
    takes_code: bool,
    /// Whether its first piece was read.
    begun: bool,
    /// The token in front of it, where that is the end of a line.
    line_end: Option<usize>,
}

/// A bracket that is open.
struct Bracket {
    /// `#` is `#{`.
    byte: u8,
    /// How many `?` of `a ? b : c` wait for their `:`.
    questions: u32,
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    spaced: bool,
    out: Vec<Token>,
    modes: Vec<Mode>,
    brackets: Vec<Bracket>,
    /// How many of the open brackets are braces.
    braces: usize,
    /// The texts that begin behind this line.
    bodies: Vec<Body>,
    /// The last token, texts behind their line aside, where it is the end of a line.
    line_end: Option<usize>,
}

/// What the token before leaves room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// A value.
    Value,
    /// An operator, or the first argument of a method.
    Argument,
    /// An operator.
    Operator,
    /// The name of a method.
    Method,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    fn push(&mut self, sort: Sort, length: usize) {
        let end = (self.at + length).min(self.bytes.len());
        let spaced = std::mem::replace(&mut self.spaced, false);
        self.line_end = (sort == Sort::Newline).then_some(self.out.len());
        self.out.push(Token { sort, spaced, start: self.at as u32, end: end as u32 });
        self.at = end;
    }

    /// A dot; at the front of a line it goes on with the line before.
    fn dot(&mut self, length: usize) {
        if let Some(token) = self.line_end.and_then(|at| self.out.get_mut(at)) {
            token.sort = Sort::Gap;
        }
        self.push(Sort::Dot, length);
    }

    fn room(&self) -> Room {
        let Some(last) = self.out.last() else { return Room::Value };
        if self.before(2) == Some(Sort::Word(Word::Alias)) {
            return Room::Method;
        }
        match last.sort {
            Sort::Name | Sort::Word(Word::Super | Word::Yield) => Room::Argument,
            Sort::Constant
            | Sort::Variable
            | Sort::Number
            | Sort::Symbol
            | Sort::Close
            | Sort::Here
            | Sort::RightParenthesis
            | Sort::RightBracket
            | Sort::RightBrace
            | Sort::Word(Word::End | Word::False | Word::Oneself | Word::True | Word::Value) => {
                Room::Operator
            }
            Sort::Dot | Sort::Word(Word::Def | Word::Alias) => Room::Method,
            _ => Room::Value,
        }
    }

    /// What stands so many tokens before.
    fn before(&self, count: usize) -> Option<Sort> {
        let at = self.out.len().checked_sub(count)?;
        self.out.get(at).map(|token| token.sort)
    }

    /// Whether a mark that is an operator or begins a value begins a value here.
    fn begins_value(&self, length: usize) -> bool {
        match self.room() {
            Room::Value => true,
            Room::Argument => self.spaced && !is_space(self.peek(length)),
            Room::Operator | Room::Method => false,
        }
    }

    fn code(&mut self) {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.space(1),
            b'\\' if matches!(self.peek(1), b'\n' | b'\r') => self.space(2),
            b'\n' => self.newline(),
            b'#' => self.comment(),
            b';' => self.push(Sort::Newline, 1),
            b'=' if self.begins_line() && self.rest().starts_with(b"=begin") => self.block_comment(),
            b'_' if self.begins_line() && self.is_end_of_code() => self.at = self.bytes.len(),
            b'0'..=b'9' => self.number(),
            b'@' | b'$' => self.variable(),
            b'"' | b'\'' => self.open(Quoted::Text, 1, byte, byte == b'"'),
            b'`' if self.room() == Room::Method => self.push(Sort::Name, 1),
            b'`' => self.open(Quoted::Other, 1, byte, true),
            b'(' => self.bracket(Sort::LeftParenthesis),
            b'{' => self.bracket(Sort::LeftBrace),
            b'[' if self.room() == Room::Method => self.operator(),
            b'[' => self.bracket(Sort::LeftBracket),
            b')' => self.close_bracket(Sort::RightParenthesis),
            b']' => self.close_bracket(Sort::RightBracket),
            b'}' => self.close_brace(),
            b',' => self.push(Sort::Comma, 1),
            b':' => self.colon(),
            b'?' => self.question(),
            _ if begins_name(byte) => self.name(),
            _ => self.operator(),
        }
    }

    fn space(&mut self, length: usize) {
        self.spaced = true;
        self.at += length;
    }

    fn begins_line(&self) -> bool {
        self.at.checked_sub(1).is_none_or(|before| self.bytes.get(before) == Some(&b'\n'))
    }

    /// Whether `__END__` stands here by itself: what follows is data.
    fn is_end_of_code(&self) -> bool {
        let rest = self.rest().strip_prefix(b"__END__");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n"))
    }

    fn comment(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    fn block_comment(&mut self) {
        let rest = self.rest();
        let end = memchr::memmem::find(rest, b"\n=end").map_or(rest.len(), |end| end + 5);
        self.at += end;
        self.comment();
    }

    fn newline(&mut self) {
        let continues = self.out.last().is_none_or(|last| {
            matches!(
                last.sort,
                Sort::Newline
                    | Sort::Dot
                    | Sort::Colons
                    | Sort::Comma
                    | Sort::LeftParenthesis
                    | Sort::LeftBracket
                    | Sort::LeftBrace
                    | Sort::FatArrow
                    | Sort::Assign
                    | Sort::And
                    | Sort::Pipe
                    | Sort::BodyClose
                    | Sort::Label
                    | Sort::KeyColon
            ) || last.sort == Sort::Operator && !self.is_range(*last)
        });
        match continues {
            true => self.space(1),
            false => self.push(Sort::Newline, 1),
        }
        self.spaced = true;
        if let Some(bracket) = self.brackets.last_mut().filter(|_| !continues) {
            bracket.questions = 0;
        }
        while let Some(body) = self.bodies.pop() {
            self.modes.push(Mode::Body(body));
        }
    }

    /// Whether a token is `..` or `...`, which may have no end.
    fn is_range(&self, token: Token) -> bool {
        self.bytes.get(token.range()).is_some_and(|mark| mark.starts_with(b".."))
    }

    fn number(&mut self) {
        let rest = self.rest();
        let of_number = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let mut length = rest.iter().take_while(|byte| of_number(byte)).count();
        if rest.get(length) == Some(&b'.') && rest.get(length + 1).is_some_and(u8::is_ascii_digit) {
            length += 1 + rest.iter().skip(length + 1).take_while(|byte| of_number(byte)).count();
        }
        self.push(Sort::Number, length);
    }

    fn variable(&mut self) {
        let rest = self.rest();
        let signs = rest.iter().take(2).take_while(|byte| **byte == b'@').count().max(1);
        let length = name_length(rest.get(signs..).unwrap_or(&[]));
        let special =
            rest.first() == Some(&b'$') && length == 0 && rest.get(1).is_some_and(|b| b.is_ascii_graphic());
        self.push(Sort::Variable, signs + length + usize::from(special));
    }

    /// The inside of a text with marks around; `length` is that of all in front of the text.
    fn open(&mut self, kind: Quoted, length: usize, mark: u8, takes_code: bool) {
        let (open, close) = match mark {
            b'(' => (mark, b')'),
            b'[' => (mark, b']'),
            b'{' => (mark, b'}'),
            b'<' => (mark, b'>'),
            _ => (0, mark),
        };
        self.push(Sort::Open(kind), length);
        self.modes.push(Mode::Quoted(Inside { kind, open, close, takes_code, depth: 0 }));
    }

    fn bracket(&mut self, sort: Sort) {
        let byte = self.peek(0);
        self.braces += usize::from(byte == b'{');
        self.brackets.push(Bracket { byte, questions: 0 });
        self.push(sort, 1);
    }

    fn close_bracket(&mut self, sort: Sort) {
        let opening = if sort == Sort::RightParenthesis { b'(' } else { b'[' };
        if self.brackets.last().is_some_and(|last| last.byte == opening) {
            self.brackets.pop();
        }
        self.push(sort, 1);
    }

    /// A `}` closes a brace or the code in a text; brackets in it that were never closed end, too.
    fn close_brace(&mut self) {
        let mut sort = Sort::RightBrace;
        while self.braces > 0
            && let Some(bracket) = self.brackets.pop()
        {
            if matches!(bracket.byte, b'{' | b'#') {
                self.braces -= 1;
                if bracket.byte == b'#' {
                    sort = Sort::Outside;
                    self.modes.pop();
                }
                break;
            }
        }
        self.push(sort, 1);
    }

    fn colon(&mut self) {
        let next = self.peek(1);
        let room = self.room();
        if next == b':' {
            let top = match room {
                Room::Value => true,
                _ => self.spaced && self.peek(2).is_ascii_uppercase(),
            };
            return self.push(if top { Sort::TopColons } else { Sort::Colons }, 2);
        }
        let is_key = self.before(1) == Some(Sort::Close) && !self.spaced;
        let waits = self.brackets.last_mut().filter(|bracket| bracket.questions > 0);
        if is_key && waits.is_none() {
            return self.push(Sort::KeyColon, 1);
        }
        match next {
            b'"' | b'\'' if room != Room::Operator || self.spaced => {
                self.open(Quoted::Symbol, 2, next, next == b'"')
            }
            _ => match symbol_length(self.bytes.get(self.at + 1..).unwrap_or(&[])) {
                Some(length) => self.push(Sort::Symbol, length + 1),
                None => {
                    if let Some(bracket) = waits {
                        bracket.questions -= 1;
                    }
                    self.push(Sort::Operator, 1);
                }
            },
        }
    }

    fn question(&mut self) {
        if self.room() == Room::Value
            && let Some(length) = character_length(self.bytes.get(self.at + 1..).unwrap_or(&[]))
        {
            return self.push(Sort::Number, length + 1);
        }
        match self.brackets.last_mut() {
            Some(bracket) => bracket.questions += 1,
            // Outside of all brackets there is one that never closes.
            None => self.brackets.push(Bracket { byte: 0, questions: 1 }),
        }
        self.push(Sort::Operator, 1);
    }

    fn name(&mut self) {
        let rest = self.rest();
        let mut length = name_length(rest);
        let room = self.room();
        let next = |at: usize| rest.get(at).copied().unwrap_or(0);
        if matches!(next(length), b'?' | b'!') {
            let equals = next(length + 1) == b'=';
            length += usize::from(!equals || matches!(next(length + 2), b'=' | b'~' | b'>'));
        }
        if room == Room::Method {
            let is_setter = (self.before(1) != Some(Sort::Dot)
                || self.before(3) == Some(Sort::Word(Word::Def)))
                && next(length) == b'='
                && !matches!(next(length + 1), b'=' | b'~' | b'>');
            return self.push(Sort::Name, length + usize::from(is_setter));
        }
        let waits = self.brackets.last().is_some_and(|bracket| bracket.questions > 0);
        if next(length) == b':' && next(length + 1) != b':' && !waits && (room == Room::Value || self.spaced)
        {
            self.push(Sort::Label, length);
            self.at += 1;
            return;
        }
        let after_colons = self.before(1) == Some(Sort::Colons);
        let first = rest.first().copied().unwrap_or(0);
        let keyword = rest.get(..length).and_then(Word::of).filter(|_| !after_colons);
        match keyword {
            Some(word) => self.push(Sort::Word(word), length),
            _ if first.is_ascii_uppercase() => self.push(Sort::Constant, length),
            _ => self.push(Sort::Name, length),
        }
    }

    fn operator(&mut self) {
        let byte = self.peek(0);
        if self.room() == Room::Method {
            if let Some(length) = operator_length(self.rest()) {
                return self.push(Sort::Name, length);
            }
        } else if self.literal(byte) {
            return;
        }
        let rest = self.rest();
        if rest.starts_with(b"&.") {
            return self.dot(2);
        }
        let length = mark_length(rest);
        match (byte, length) {
            (b'.', 1) => self.dot(1),
            (b'|', 1) => self.push(Sort::Pipe, 1),
            (b'=', 1) => self.push(Sort::Assign, 1),
            (b'=', 2) if rest.get(1) == Some(&b'>') => self.push(Sort::FatArrow, 2),
            (b'-', 2) if rest.get(1) == Some(&b'>') => self.push(Sort::Arrow, 2),
            (b'!' | b'~', 1) => self.push(Sort::Prefix, 1),
            (b'-' | b'+', 1) | (b'*', 1 | 2) if self.begins_value(length) => self.push(Sort::Prefix, length),
            (b'&', 1) if self.begins_value(1) => self.push(Sort::And, 1),
            _ => self.push(Sort::Operator, length),
        }
    }

    /// A regular expression, a text with `%` in front, or one behind its line.
    fn literal(&mut self, byte: u8) -> bool {
        match byte {
            b'/' => self.regular_expression(),
            b'%' => self.percent(),
            b'<' if self.peek(1) == b'<' => self.here(),
            _ => false,
        }
    }

    fn regular_expression(&mut self) -> bool {
        let sure = self.room() == Room::Value;
        if !sure {
            let inside = self.rest().get(1..).unwrap_or(&[]);
            let ends =
                || memchr::memchr2(b'/', b'\n', inside).is_some_and(|end| inside.get(end) == Some(&b'/'));
            if !self.begins_value(1) || inside.first() == Some(&b'=') || !ends() {
                return false;
            }
        }
        self.open(Quoted::Other, 1, b'/', true);
        true
    }

    fn percent(&mut self) -> bool {
        if !self.begins_value(1) {
            return false;
        }
        let letter = self.peek(1);
        let (kind, length, takes_code) = match letter {
            b'q' => (Quoted::Text, 3, false),
            b'Q' => (Quoted::Text, 3, true),
            b'w' | b'i' => (Quoted::Words, 3, false),
            b'W' | b'I' => (Quoted::Words, 3, true),
            b's' => (Quoted::Symbol, 3, false),
            b'r' | b'x' => (Quoted::Other, 3, true),
            _ => (Quoted::Text, 2, true),
        };
        let mark = self.peek(length - 1);
        let is_sure =
            self.room() == Room::Value || length == 3 || matches!(mark, b'(' | b'[' | b'{' | b'<' | b'|');
        if !mark.is_ascii_punctuation() || !is_sure {
            return false;
        }
        self.open(kind, length, mark, takes_code);
        true
    }

    /// `<<~WORD`, `<<-'WORD'`, `<<WORD`.
    fn here(&mut self) -> bool {
        if !self.begins_value(2) {
            return false;
        }
        let sign = usize::from(matches!(self.peek(2), b'~' | b'-'));
        let quote = self.peek(2 + sign);
        let is_quoted = matches!(quote, b'"' | b'\'' | b'`');
        let start = self.at + 2 + sign + usize::from(is_quoted);
        let from = self.bytes.get(start..).unwrap_or(&[]);
        let length = match is_quoted {
            true => memchr::memchr2(quote, b'\n', from).filter(|end| from.get(*end) == Some(&quote)),
            false => Some(name_length(from)),
        };
        let Some(length) = length.filter(|length| *length > 0) else { return false };
        let is_plain = sign == 0 && !is_quoted;
        if is_plain && !from.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'_') {
            return false;
        }
        self.bodies.push(Body {
            word: (start, start + length),
            indented: sign > 0,
            takes_code: quote != b'\'',
            begun: false,
            line_end: None,
        });
        self.push(Sort::Here, start + length + usize::from(is_quoted) - self.at);
        true
    }

    /// A piece of a text between marks, up to its end or to code in it.
    fn quoted(&mut self, inside: Inside) {
        let Inside { kind, open, close, takes_code, .. } = inside;
        let mut depth = inside.depth;
        let mut length = 0;
        let rest = self.rest();
        let is_words = kind == Quoted::Words;
        while let Some(byte) = rest.get(length).copied() {
            match byte {
                b'\\' => length += 1,
                b'#' if takes_code && rest.get(length + 1) == Some(&b'{') => break,
                _ if byte == close && depth == 0 => break,
                _ if byte == close => depth -= 1,
                _ if byte == open && open != 0 => depth += 1,
                _ if is_words && is_space(byte) => break,
                _ => {}
            }
            length += 1;
        }
        let length = length.min(rest.len());
        let next = rest.get(length).copied();
        if let Some(Mode::Quoted(inside)) = self.modes.last_mut() {
            inside.depth = depth;
        }
        if length > 0 {
            self.push(Sort::Piece, length);
        }
        match next {
            Some(byte) if byte == close => self.close_text(kind, close),
            Some(b'#') => self.inside(),
            Some(_) => self.space(1),
            None => self.at = self.bytes.len(),
        }
    }

    fn close_text(&mut self, kind: Quoted, close: u8) {
        self.modes.pop();
        let is_expression = kind == Quoted::Other && close != b'`';
        let flags = self.rest().iter().skip(1).take_while(|byte| byte.is_ascii_lowercase()).count();
        self.push(Sort::Close, 1 + if is_expression { flags } else { 0 });
    }

    /// `#{` in a text.
    fn inside(&mut self) {
        self.push(Sort::Inside, 2);
        self.brackets.push(Bracket { byte: b'#', questions: 0 });
        self.braces += 1;
        self.modes.push(Mode::Code);
    }

    /// A piece of a text behind its line, up to its end or to code in it.
    fn body(&mut self, body: Body) {
        if !body.begun {
            let line_end = self.line_end;
            self.push(Sort::BodyOpen, 0);
            if let Some(Mode::Body(body)) = self.modes.last_mut() {
                (body.begun, body.line_end) = (true, line_end);
            }
        }
        let word = self.bytes.get(body.word.0..body.word.1).unwrap_or(&[]);
        loop {
            if self.begins_line()
                && let Some(length) = last_line(self.rest(), word, body.indented)
            {
                self.push(Sort::BodyClose, length);
                if let Some(Mode::Body(body)) = self.modes.pop() {
                    self.line_end = body.line_end;
                }
                return;
            }
            let rest = self.rest();
            let Some(step) = memchr::memchr3(b'\n', b'\\', b'#', rest) else {
                self.at = self.bytes.len();
                return;
            };
            match rest.get(step..).unwrap_or(&[]) {
                [b'#', b'{', ..] if body.takes_code => {
                    self.at += step;
                    return self.inside();
                }
                [b'\\', next, ..] if body.takes_code && *next != b'\n' => self.at += step + 2,
                _ => self.at += step + 1,
            }
        }
    }
}

/// The length of the line that ends a text, where it stands here.
fn last_line(rest: &[u8], word: &[u8], indented: bool) -> Option<usize> {
    let is_indent = |byte: &&u8| indented && matches!(byte, b' ' | b'\t');
    let indent = rest.iter().take_while(is_indent).count();
    let after = rest.get(indent..)?.strip_prefix(word)?;
    let ends = after.is_empty() || after.starts_with(b"\n") || after.starts_with(b"\r");
    ends.then_some(indent + word.len())
}
