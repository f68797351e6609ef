//! SQL as tokens, in the dialects of PostgreSQL, MySQL, SQLite and SQL Server.

/// The kind of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// A word as it stands.
    Word,
    /// A name in quotes.
    Quoted,
    /// A text.
    Text,
    /// Anything else.
    Mark,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    /// Its kind.
    pub sort: Sort,
    /// What it says, without quotes.
    pub text: &'t str,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The tokens of a file up to where it says how to undo itself.
pub(super) fn read(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0, out: Vec::new() };
    lexer.run();
    lexer.out
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    out: Vec<Token<'t>>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let next = self.bytes.get(self.at + 1).copied().unwrap_or(0);
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'-' if next == b'-' => {
                    let line = self.line();
                    if undoes(line.get(2..).unwrap_or("")) {
                        return;
                    }
                    self.at += line.len();
                }
                b'#' if self.starts_line() => self.at += self.line().len(),
                b'/' if next == b'*' => self.at = self.past(self.at + 2, "*/"),
                b'\'' => {
                    let end = self.quoted(b'\'');
                    self.push(Sort::Text, self.at + 1, end);
                }
                b'"' | b'`' => {
                    let end = self.quoted(byte);
                    self.push(Sort::Quoted, self.at + 1, end);
                }
                b'[' if next.is_ascii_alphabetic() || next == b'_' => {
                    let end = memchr::memchr2(b']', b'\n', self.bytes.get(self.at..).unwrap_or(&[]));
                    let end = end.map_or(self.bytes.len(), |end| self.at + end + 1);
                    self.push(Sort::Quoted, self.at + 1, end);
                }
                b'$' => self.dollar(),
                _ if byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80 => self.word(),
                _ => self.push(Sort::Mark, self.at, self.at + 1),
            }
        }
    }

    /// A token from its first byte that counts to its end, closing quote included.
    fn push(&mut self, sort: Sort, from: usize, end: usize) {
        let quoted = matches!(sort, Sort::Text | Sort::Quoted);
        let close = if quoted && end > from { end - 1 } else { end };
        // One that stays open has no closing quote.
        let close = if self.text.is_char_boundary(close) { close } else { end };
        let text = self.text.get(from..close).unwrap_or("");
        self.out.push(Token { sort, text, start: self.at, end });
        self.at = end;
    }

    fn line(&self) -> &str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.get(..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())).unwrap_or(rest)
    }

    fn starts_line(&self) -> bool {
        self.at.checked_sub(1).is_none_or(|before| self.bytes.get(before) == Some(&b'\n'))
    }

    fn past(&self, from: usize, close: &str) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        memchr::memmem::find(rest, close.as_bytes()).map_or(self.bytes.len(), |at| from + at + close.len())
    }

    /// Behind a quoted text; a doubled quote stands for one.
    fn quoted(&self, quote: u8) -> usize {
        let mut at = self.at + 1;
        while let Some(found) = self.bytes.get(at..).and_then(|rest| memchr::memchr(quote, rest)) {
            at += found + 1;
            if self.bytes.get(at) != Some(&quote) {
                return at;
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// `$$ … $$` and `$body$ … $body$`.
    fn dollar(&mut self) {
        let rest = self.text.get(self.at + 1..).unwrap_or("");
        let tag = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if rest.as_bytes().get(tag) != Some(&b'$') {
            return self.push(Sort::Mark, self.at, self.at + 1);
        }
        let close = format!("${}$", rest.get(..tag).unwrap_or(""));
        let end = self.past(self.at + close.len(), &close);
        self.push(Sort::Text, self.at + 1, end);
    }

    fn word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
        let end = match end {
            0 => rest.chars().next().map_or(1, char::len_utf8),
            end => end,
        };
        self.push(Sort::Word, self.at, self.at + end);
        self.skip_data();
    }

    /// The lines that a dump puts behind `COPY … FROM stdin;` are no SQL.
    fn skip_data(&mut self) {
        if self.out.last().is_some_and(|token| token.text.eq_ignore_ascii_case("stdin"))
            && self.out.iter().rev().nth(1).is_some_and(|token| token.text.eq_ignore_ascii_case("from"))
        {
            self.at = self.past(self.at, "\n\\.");
        }
    }
}

/// What tools write above the way back: goose, sql-migrate, dbmate, MyBatis, Liquibase, Play.
fn undoes(comment: &str) -> bool {
    let comment = comment.trim();
    let plain: String =
        comment.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    ["+goosedown", "+migratedown", "migrate:down", "//@undo", "!downs"]
        .iter()
        .any(|sign| plain.starts_with(sign))
}
