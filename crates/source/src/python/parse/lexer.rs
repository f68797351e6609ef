//! Python text to tokens, in one pass and without recursion.

/// The kind of a token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub(super) enum Sort {
    /// The end of the text.
    End,
    /// The end of a line of code. It reaches to the end of the comment on that line.
    Newline,
    /// A comment with a line of its own, between lines of code.
    Comment,
    Name,
    Number,
    /// A text literal that nothing is put into, with its prefix and its quotes.
    Text,
    /// `f"`, with what follows it up to `TemplateEnd`.
    TemplateStart,
    TemplateText,
    TemplateEnd,
    /// `!r` in a template.
    Conversion,
    OpenRound,
    OpenSquare,
    OpenCurly,
    CloseRound,
    CloseSquare,
    CloseCurly,
    Comma,
    Colon,
    Semicolon,
    Dot,
    Ellipsis,
    Assign,
    Walrus,
    /// `+=` and the like.
    Augmented,
    Arrow,
    /// `@`.
    At,
    Plus,
    Minus,
    Star,
    DoubleStar,
    /// `/`.
    Slash,
    /// `//` and `%`.
    Divide,
    /// `<<` and `>>`.
    Shift,
    Ampersand,
    Caret,
    Bar,
    Tilde,
    /// `<`, `==` and the like.
    Compare,
    /// A character that has no place in Python.
    Odd,
    // Keywords, all behind this one.
    And,
    As,
    Assert,
    Async,
    Await,
    Break,
    Class,
    /// `None`, `True`, `False`.
    Constant,
    Continue,
    Def,
    Del,
    Elif,
    Else,
    Except,
    Finally,
    For,
    From,
    Global,
    If,
    Import,
    In,
    Is,
    Lambda,
    Nonlocal,
    Not,
    Or,
    Pass,
    Raise,
    Return,
    Try,
    While,
    With,
    Yield,
}

impl Sort {
    /// Whether it is written as a name.
    pub(super) fn is_word(self) -> bool {
        self == Sort::Name || self >= Sort::And
    }
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub sort: Sort,
    pub start: u32,
    pub end: u32,
}

/// The tokens of a text. The last one is `End`.
pub(super) struct Tokens {
    pub list: Vec<Token>,
    /// How far each line of code and each comment with a line of its own stands to the right, in their order.
    pub columns: Vec<u32>,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Tokens {
    let capacity = text.len() / 5 + 16;
    let mut lexer = Lexer {
        bytes: text.as_bytes(),
        at: 0,
        list: Vec::with_capacity(capacity),
        columns: Vec::with_capacity(text.len() / 32 + 4),
        open: Vec::new(),
        in_line: false,
    };
    // Places are kept in 32 bits.
    if u32::try_from(text.len()).is_ok() {
        lexer.run();
    }
    lexer.put(Sort::End, lexer.at);
    Tokens { list: lexer.list, columns: lexer.columns }
}

/// What is open where the lexer stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A bracket, by what closes it.
    Bracket(Sort),
    /// A template, in its text.
    Template(Quote),
    /// What is put into a template.
    Interpolation(Quote),
    /// How that is formatted.
    Format(Quote),
}

/// The quotes of a literal.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Quote {
    byte: u8,
    is_triple: bool,
    is_raw: bool,
}

/// A closing bracket looks for its partner among this many that are open, so that no text of wrong brackets
/// takes long.
const MOST_UNCLOSED: usize = 8;

struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    list: Vec<Token>,
    columns: Vec<u32>,
    open: Vec<Open>,
    /// Whether the line of code has begun.
    in_line: bool,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Adds a token that ends where the lexer stands.
    fn put(&mut self, sort: Sort, start: usize) {
        self.list.push(Token { sort, start: start as u32, end: self.at as u32 });
    }

    /// Adds a token of some bytes.
    fn mark(&mut self, sort: Sort, length: usize) {
        let start = self.at;
        self.at += length;
        self.put(sort, start);
    }

    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match self.open.last() {
                None if !self.in_line => self.begin_line(),
                Some(Open::Template(quote)) => self.template_text(*quote),
                Some(Open::Format(quote)) => self.format(*quote),
                _ => self.token(),
            }
        }
        self.at = self.bytes.len();
        if self.in_line {
            self.put(Sort::Newline, self.at);
        }
    }

    /// The white space in front of a line: a blank line is nothing, a comment is a token.
    fn begin_line(&mut self) {
        let mut column = 0_u32;
        loop {
            match self.byte(0) {
                b' ' => column = column.saturating_add(1),
                b'\t' => column = (column / 8 + 1).saturating_mul(8),
                b'\n' | b'\r' | b'\x0c' => column = 0,
                b'\\' if self.continuation() > 0 => self.at += self.continuation() - 1,
                0xE2 | 0xEF if self.odd_space() > 0 => self.at += self.odd_space() - 1,
                _ => break,
            }
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return;
        }
        self.columns.push(column);
        if self.byte(0) == b'#' {
            let start = self.at;
            self.skip_comment();
            self.put(Sort::Comment, start);
        } else {
            self.in_line = true;
        }
    }

    /// The length of a backslash and the end of line behind it.
    fn continuation(&self) -> usize {
        match (self.byte(1), self.byte(2)) {
            (b'\r', b'\n') => 3,
            (b'\n' | b'\r', _) => 2,
            _ => 0,
        }
    }

    /// The length of a space that is no letter though it is no ASCII: a byte order mark, spaces of no width.
    fn odd_space(&self) -> usize {
        match (self.byte(0), self.byte(1), self.byte(2)) {
            (0xEF, 0xBB, 0xBF) | (0xE2, 0x80, 0x8B) | (0xE2, 0x81, 0xA0) => 3,
            _ => 0,
        }
    }

    fn skip_comment(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    fn token(&mut self) {
        match self.byte(0) {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'\n' | b'\r' => self.newline(self.at),
            b'#' => self.comment(),
            b'\\' => match self.continuation() {
                0 => self.mark(Sort::Odd, 1),
                length => self.at += length,
            },
            b'"' | b'\'' | b'`' => self.literal(self.at),
            b'0'..=b'9' => self.number(),
            b'.' => self.dot(),
            0xE2 | 0xEF if self.odd_space() > 0 => self.at += 3,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            _ => self.punctuation(),
        }
    }

    /// A comment behind code.
    fn comment(&mut self) {
        let start = self.at;
        self.skip_comment();
        if self.open.is_empty() {
            self.newline(start);
        }
    }

    /// The end of a line, which ends a line of code only outside of brackets.
    fn newline(&mut self, start: usize) {
        let end = self.at;
        if self.open.is_empty() {
            self.put(Sort::Newline, start);
            self.in_line = false;
        }
        self.at += if self.byte(0) == b'\r' && self.byte(1) == b'\n' { 2 } else { 1 };
        if !self.open.is_empty() && self.begins_statement() {
            // Brackets that nobody has closed end before a line that can only be a statement.
            self.open.clear();
            self.list.push(Token { sort: Sort::Newline, start: start as u32, end: end as u32 });
            self.in_line = false;
        }
    }

    /// Whether a line begins with a word that no expression holds.
    fn begins_statement(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = rest.get(blank..).unwrap_or(&[]);
        let length = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).take(9).count();
        let (word, behind) = rest.split_at(length.min(rest.len()));
        let ends = !behind.first().is_some_and(|byte| is_of_name(*byte) || matches!(byte, b'=' | b'.'));
        ends && matches!(
            keyword(word),
            Sort::Assert
                | Sort::Break
                | Sort::Class
                | Sort::Continue
                | Sort::Def
                | Sort::Del
                | Sort::Elif
                | Sort::Except
                | Sort::Finally
                | Sort::Global
                | Sort::Import
                | Sort::Nonlocal
                | Sort::Pass
                | Sort::Raise
                | Sort::Return
                | Sort::Try
                | Sort::While
                | Sort::With
        )
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let length = rest.iter().position(|byte| !is_of_name(*byte)).unwrap_or(rest.len());
        self.at += length;
        if length <= 3 && matches!(self.byte(0), b'"' | b'\'') {
            let prefix = rest.get(..length).unwrap_or(&[]);
            if prefix.iter().all(|byte| b"fFtTrRbBuU".contains(byte)) {
                return self.literal(start);
            }
        }
        let sort = keyword(rest.get(..length).unwrap_or(&[]));
        self.put(sort, start);
    }

    /// A text literal whose prefix begins at `start`; the lexer stands at its quote.
    fn literal(&mut self, start: usize) {
        let prefix = self.bytes.get(start..self.at).unwrap_or(&[]);
        let has = |letter: u8| prefix.iter().any(|byte| byte.to_ascii_lowercase() == letter);
        let (is_template, is_raw) = (has(b'f') || has(b't'), has(b'r'));
        let byte = self.byte(0);
        let is_triple = byte != b'`' && self.byte(1) == byte && self.byte(2) == byte;
        self.at += if is_triple { 3 } else { 1 };
        if is_template {
            self.put(Sort::TemplateStart, start);
            return self.open.push(Open::Template(Quote { byte, is_triple, is_raw }));
        }
        match is_triple {
            true => self.skip_triple(byte),
            false => self.skip_single(byte),
        }
        self.put(Sort::Text, start);
    }

    /// To behind the quote, or to the end of the line where there is none.
    fn skip_single(&mut self, quote: u8) {
        loop {
            match self.byte(0) {
                b'\\' => self.at += self.continuation().max(2),
                b'\n' | b'\r' => return,
                byte => {
                    if self.at >= self.bytes.len() {
                        self.at = self.bytes.len();
                        return;
                    }
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    /// To behind three quotes, or to the end.
    fn skip_triple(&mut self, quote: u8) {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let Some(found) = memchr::memchr2(quote, b'\\', rest) else {
                self.at = self.bytes.len();
                return;
            };
            self.at += found;
            if self.byte(0) == b'\\' {
                self.at += 2;
            } else if self.byte(1) == quote && self.byte(2) == quote {
                self.at += 3;
                return;
            } else {
                self.at += 1;
            }
        }
    }

    fn is_closing(&self, quote: Quote) -> bool {
        self.byte(0) == quote.byte
            && (!quote.is_triple || self.byte(1) == quote.byte && self.byte(2) == quote.byte)
    }

    /// The text of a template up to what is put in, or to its end.
    fn template_text(&mut self, quote: Quote) {
        let start = self.at;
        loop {
            match self.byte(0) {
                byte if byte == quote.byte => {
                    if self.is_closing(quote) {
                        self.put_text(start);
                        self.open.pop();
                        return self.mark(Sort::TemplateEnd, if quote.is_triple { 3 } else { 1 });
                    }
                    self.at += 1;
                }
                byte @ (b'{' | b'}') if self.byte(1) == byte => self.at += 2,
                b'{' => {
                    self.put_text(start);
                    self.open.push(Open::Interpolation(quote));
                    return self.mark(Sort::OpenCurly, 1);
                }
                b'\\' => self.escape(quote),
                b'\n' | b'\r' if !quote.is_triple => return self.end_template(start),
                _ if self.at >= self.bytes.len() => {
                    self.at = self.bytes.len();
                    return self.end_template(start);
                }
                _ => self.at += 1,
            }
        }
    }

    fn put_text(&mut self, start: usize) {
        if start < self.at {
            self.put(Sort::TemplateText, start);
        }
    }

    /// The end of a template that has no quote at its end.
    fn end_template(&mut self, start: usize) {
        self.put_text(start);
        self.put(Sort::TemplateEnd, self.at);
        self.open.pop();
    }

    /// A backslash in a template, which hides a quote and no brace.
    fn escape(&mut self, quote: Quote) {
        let is_named = !quote.is_raw && self.byte(1) == b'N' && self.byte(2) == b'{';
        self.at += match self.byte(1) {
            _ if is_named => 3,
            b'{' | b'}' => 1,
            _ => self.continuation().max(2),
        };
        if is_named {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
            let length = rest.iter().take_while(|byte| of_name(byte)).count();
            self.at += length + usize::from(rest.get(length) == Some(&b'}'));
        }
    }

    /// How something is formatted: text to the brace at its end, with more put into it.
    fn format(&mut self, quote: Quote) {
        loop {
            match self.byte(0) {
                b'{' => {
                    self.open.push(Open::Interpolation(quote));
                    return self.mark(Sort::OpenCurly, 1);
                }
                b'}' => {
                    self.leave_format();
                    return self.mark(Sort::CloseCurly, 1);
                }
                b'\n' | b'\r' if !quote.is_triple => return self.leave_format(),
                _ if self.at >= self.bytes.len() || self.is_closing(quote) => return self.leave_format(),
                _ => self.at += 1,
            }
        }
    }

    /// Back to the template's text.
    fn leave_format(&mut self) {
        self.open.pop();
        self.open.pop();
    }

    fn number(&mut self) {
        let start = self.at;
        if self.byte(0) == b'0' && matches!(self.byte(1) | 0x20, b'x' | b'o' | b'b') {
            self.at += 2;
            self.skip(|byte| byte.is_ascii_hexdigit() || byte == b'_');
        } else {
            self.skip(is_digit);
            if self.byte(0) == b'.' {
                self.at += 1;
                self.skip(is_digit);
            }
            let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
            if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.skip(is_digit);
            }
        }
        if matches!(self.byte(0), b'j' | b'J' | b'l' | b'L') && !is_of_name(self.byte(1)) {
            self.at += 1;
        }
        self.put(Sort::Number, start);
    }

    fn skip(&mut self, belongs: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        self.at += rest.iter().take_while(|byte| belongs(**byte)).count();
    }

    fn dot(&mut self) {
        match (self.byte(1), self.byte(2)) {
            (b'.', b'.') => self.mark(Sort::Ellipsis, 3),
            (b'0'..=b'9', _) => self.number(),
            _ => self.mark(Sort::Dot, 1),
        }
    }

    fn punctuation(&mut self) {
        let top = self.open.last().copied();
        let (one, two, three) = (self.byte(0), self.byte(1), self.byte(2));
        let (sort, length) = match (one, two) {
            (b'(', _) => return self.open_bracket(Sort::OpenRound, Sort::CloseRound),
            (b'[', _) => return self.open_bracket(Sort::OpenSquare, Sort::CloseSquare),
            (b'{', _) => return self.open_bracket(Sort::OpenCurly, Sort::CloseCurly),
            (b')', _) => return self.close_bracket(Sort::CloseRound),
            (b']', _) => return self.close_bracket(Sort::CloseSquare),
            (b'}', _) => return self.close_bracket(Sort::CloseCurly),
            (b':', _) if matches!(top, Some(Open::Interpolation(_))) => return self.begin_format(),
            (b'!', b'a'..=b'z') if matches!(top, Some(Open::Interpolation(_))) => (Sort::Conversion, 2),
            (b'*' | b'/' | b'<' | b'>', _) if one == two && three == b'=' => (Sort::Augmented, 3),
            (b'=' | b'!' | b'<' | b'>', b'=') | (b'<', b'>') => (Sort::Compare, 2),
            (b':', b'=') => (Sort::Walrus, 2),
            (b'-', b'>') => (Sort::Arrow, 2),
            (b'*', b'*') => (Sort::DoubleStar, 2),
            (b'/', b'/') => (Sort::Divide, 2),
            (b'<', b'<') | (b'>', b'>') => (Sort::Shift, 2),
            (b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^', b'=') => (Sort::Augmented, 2),
            _ => (single(one), 1),
        };
        self.mark(sort, length);
    }

    fn begin_format(&mut self) {
        if let Some(Open::Interpolation(quote)) = self.open.last().copied() {
            self.open.push(Open::Format(quote));
        }
        self.mark(Sort::Colon, 1);
    }

    fn open_bracket(&mut self, sort: Sort, closing: Sort) {
        self.open.push(Open::Bracket(closing));
        self.mark(sort, 1);
    }

    fn close_bracket(&mut self, sort: Sort) {
        let is_partner = |open: &Open| match open {
            Open::Bracket(closing) => *closing == sort,
            Open::Interpolation(_) => sort == Sort::CloseCurly,
            Open::Template(_) | Open::Format(_) => false,
        };
        let is_bracket = |open: &&Open| matches!(open, Open::Bracket(_) | Open::Interpolation(_));
        let mut near = self.open.iter().rev().take(MOST_UNCLOSED).take_while(is_bracket);
        if let Some(above) = near.position(is_partner) {
            self.open.truncate(self.open.len().saturating_sub(above + 1));
        }
        self.mark(sort, 1);
    }
}

fn single(byte: u8) -> Sort {
    match byte {
        b',' => Sort::Comma,
        b':' => Sort::Colon,
        b';' => Sort::Semicolon,
        b'=' => Sort::Assign,
        b'@' => Sort::At,
        b'+' => Sort::Plus,
        b'-' => Sort::Minus,
        b'*' => Sort::Star,
        b'/' => Sort::Slash,
        b'%' => Sort::Divide,
        b'&' => Sort::Ampersand,
        b'^' => Sort::Caret,
        b'|' => Sort::Bar,
        b'~' => Sort::Tilde,
        b'<' | b'>' => Sort::Compare,
        _ => Sort::Odd,
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The keyword that a word is, or a name.
fn keyword(word: &[u8]) -> Sort {
    match word {
        b"and" => Sort::And,
        b"as" => Sort::As,
        b"assert" => Sort::Assert,
        b"async" => Sort::Async,
        b"await" => Sort::Await,
        b"break" => Sort::Break,
        b"class" => Sort::Class,
        b"None" | b"True" | b"False" => Sort::Constant,
        b"continue" => Sort::Continue,
        b"def" => Sort::Def,
        b"del" => Sort::Del,
        b"elif" => Sort::Elif,
        b"else" => Sort::Else,
        b"except" => Sort::Except,
        b"finally" => Sort::Finally,
        b"for" => Sort::For,
        b"from" => Sort::From,
        b"global" => Sort::Global,
        b"if" => Sort::If,
        b"import" => Sort::Import,
        b"in" => Sort::In,
        b"is" => Sort::Is,
        b"lambda" => Sort::Lambda,
        b"nonlocal" => Sort::Nonlocal,
        b"not" => Sort::Not,
        b"or" => Sort::Or,
        b"pass" => Sort::Pass,
        b"raise" => Sort::Raise,
        b"return" => Sort::Return,
        b"try" => Sort::Try,
        b"while" => Sort::While,
        b"with" => Sort::With,
        b"yield" => Sort::Yield,
        _ => Sort::Name,
    }
}
