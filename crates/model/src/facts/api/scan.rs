//! Finds methods and paths in a line of text, and tells a declaration from a mention by its place.

use std::ops::Range;

const CRUD: &[&str] = &["GET", "POST", "PUT", "DELETE"];

/// Methods by the word that names them.
fn methods_of(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "GET" => &["GET"],
        "POST" => &["POST"],
        "PUT" => &["PUT"],
        "PATCH" => &["PATCH"],
        "DELETE" => &["DELETE"],
        "HEAD" => &["HEAD"],
        "OPTIONS" => &["OPTIONS"],
        "ALL" => &["ALL"],
        "ANY" => &["ANY"],
        "CRUD" => CRUD,
        _ => return None,
    })
}

/// A path in a text, with the methods that belong to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Hit {
    /// Methods in capitals; none for a path that stands alone.
    pub methods: Vec<&'static str>,
    /// The path as written; an ellipsis in front is filled from the path before.
    pub path: String,
    /// From the first method or the path to the end of the path.
    pub range: Range<usize>,
    /// Whether it stands where something is declared, not in the middle of a sentence.
    pub declared: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token<'a> {
    Methods(&'static [&'static str]),
    Path(&'a str),
    /// `…/cancel`: the end of a path whose front is that of the one before.
    Tail(&'a str),
    Separator,
    Open,
    Close,
    Colon,
    Dash,
    Sentence,
    Line,
    Word(&'a str),
}

/// Cuts a text into tokens; emphasis and code marks only tell where a path ends.
struct Tokens<'a> {
    source: &'a str,
    at: usize,
    in_code: bool,
}

impl<'a> Tokens<'a> {
    fn new(source: &'a str) -> Tokens<'a> {
        Tokens { source, at: 0, in_code: false }
    }

    fn previous(&self) -> Option<char> {
        self.source[..self.at].chars().next_back()
    }

    fn path_end(&self, from: usize) -> usize {
        let mut depth = 0usize;
        let mut query = false;
        for (offset, c) in self.source[from..].char_indices() {
            let ends = match c {
                '`' => true,
                _ if c.is_whitespace() => depth == 0 || !self.in_code,
                '{' | '<' => {
                    depth += 1;
                    false
                }
                '}' | '>' => {
                    depth = depth.saturating_sub(1);
                    false
                }
                '?' => {
                    query = true;
                    false
                }
                '|' => !self.in_code && depth == 0 && !query,
                '(' | ')' | ',' | ';' | '"' | '\'' => depth == 0 && !query || c == ')' || c == '"',
                '*' => !self.in_code && self.source[from + offset..].starts_with("**"),
                _ => false,
            };
            if ends {
                return from + offset;
            }
            if offset > 400 {
                return from + offset;
            }
        }
        self.source.len()
    }

    fn path(&mut self, from: usize) -> &'a str {
        let end = self.path_end(from);
        let raw = &self.source[self.at..end];
        let trimmed = raw.trim_end_matches(['.', ',', ';', ':', '*', '_', '\\']);
        // Stars that belong to the path stay where code marks hold it.
        let path = if self.in_code { raw.trim_end_matches(['.', ',', ';', ':', '\\']) } else { trimmed };
        self.at += path.len().max(1);
        path
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Range<usize>, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            let c = self.source[start..].chars().next()?;
            let after = &self.source[start + c.len_utf8()..];
            let one = |token| Some((start..start + c.len_utf8(), token));
            match c {
                '`' => {
                    self.in_code = !self.in_code;
                    self.at += 1;
                }
                '\n' => {
                    self.in_code = false;
                    self.at += 1;
                    return one(Token::Line);
                }
                '|' | '+' | '&' | ',' => {
                    self.at += 1;
                    return one(Token::Separator);
                }
                '/' => {
                    let free = self.previous().is_none_or(|p| {
                        !p.is_alphanumeric() && !matches!(p, '.' | '_' | ':' | '/' | '-' | ']' | '}' | '>')
                    });
                    let opens = after.starts_with(|n: char| {
                        n.is_alphanumeric() || matches!(n, '{' | '[' | ':' | '<' | '*' | '_')
                    }) || after.starts_with(".well-known/");
                    let method = after
                        .split(|n: char| !n.is_ascii_alphabetic())
                        .next()
                        .is_some_and(|w| methods_of(w).is_some());
                    if free && opens && !method {
                        let path = self.path(start);
                        return Some((start..self.at, Token::Path(path)));
                    }
                    self.at += 1;
                    return one(Token::Separator);
                }
                '…' | '.' if after.starts_with('/') || self.source[start..].starts_with(".../") => {
                    let lead = if c == '…' { c.len_utf8() } else { 3 };
                    if c == '.' && !self.source[start..].starts_with(".../") {
                        self.at += 1;
                        continue;
                    }
                    let path = self.path(start + lead);
                    let tail = path.get(lead..).unwrap_or("");
                    return Some((start..self.at, Token::Tail(tail)));
                }
                '(' | '[' => {
                    self.at += 1;
                    return one(Token::Open);
                }
                ')' | ']' => {
                    self.at += 1;
                    return one(Token::Close);
                }
                ':' => {
                    self.at += 1;
                    return one(Token::Colon);
                }
                '—' | '–' | '→' | '•' | '·' => {
                    self.at += c.len_utf8();
                    return one(Token::Dash);
                }
                '-' | '=' if !self.in_code && (after.starts_with([' ', '-', '>'])) => {
                    self.at += 1;
                    return one(Token::Dash);
                }
                ';' => {
                    self.at += 1;
                    return one(Token::Sentence);
                }
                '.' | '!' | '?' => {
                    self.at += 1;
                    let ends = !self.in_code
                        && after.trim_start_matches(['*', '_', ')', '`']).starts_with([' ', '\n']);
                    if ends {
                        return one(Token::Sentence);
                    }
                }
                _ if c.is_alphanumeric() => {
                    let length = self.source[start..]
                        .find(|n: char| !(n.is_alphanumeric() || matches!(n, '_' | '\'')))
                        .unwrap_or(self.source.len() - start);
                    let word = &self.source[start..start + length];
                    let joined = self.previous().is_some_and(|p| matches!(p, '.' | '_' | '-'))
                        || self.source[start + length..].starts_with(['-', '(', '_'])
                            && !self.source[start + length..].starts_with("- ");
                    self.at += length;
                    if word == "http" || word == "https" {
                        // An address of somebody else's server: what follows is no path of this one.
                        self.at = self.path_end(start);
                    }
                    let token = match methods_of(word) {
                        Some(methods) if !joined => Token::Methods(methods),
                        _ if matches!(word, "and" | "or" | "then" | "plus") => Token::Separator,
                        _ => Token::Word(word),
                    };
                    return Some((start..self.at, token));
                }
                _ => self.at += c.len_utf8(),
            }
        }
    }
}

/// What a clause begins with, and how many words stood before a colon or a dash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clause {
    Start,
    After(usize),
    Bracket,
}

#[derive(Clone, Copy)]
struct Place {
    clause: Clause,
    words: usize,
    only_leads: bool,
    /// Nothing but separators since the last path.
    chained: bool,
}

/// Words before a path that still declare it (`Extend GET /x`, `METHOD POST /x`).
fn is_lead(word: &str) -> bool {
    const LEADS: &[&str] = &[
        "extend",
        "extends",
        "extended",
        "add",
        "adds",
        "added",
        "new",
        "existing",
        "modified",
        "modify",
        "modifies",
        "changed",
        "change",
        "changes",
        "update",
        "updated",
        "updates",
        "reuse",
        "reuses",
        "reused",
        "current",
        "route",
        "endpoint",
        "method",
        "collection",
        "member",
        "replace",
        "replaces",
        "remove",
        "removes",
        "removed",
        "deprecated",
        "deprecate",
    ];
    LEADS.contains(&word.to_lowercase().as_str())
}

impl Place {
    const START: Place = Place { clause: Clause::Start, words: 0, only_leads: true, chained: false };

    fn after(self) -> Place {
        // A short label, however many marks it has: `Existing route remains: …`.
        let words = if matches!(self.clause, Clause::Bracket) { 99 } else { self.words };
        Place { clause: Clause::After(words), words: 0, only_leads: true, chained: false }
    }

    fn declares(self) -> bool {
        if self.chained {
            return true;
        }
        let near = self.words == 0 || self.words <= 3 && self.only_leads;
        match self.clause {
            Clause::Start => near,
            Clause::After(words) => near && words <= 4,
            Clause::Bracket => false,
        }
    }
}

/// Finds the paths of a text. Where the place itself declares (a title, a cell), `lax` lets every path with
/// a method count.
pub(super) fn hits(source: &str, lax: bool) -> Vec<Hit> {
    if !source.contains('/') {
        return Vec::new();
    }
    let tokens: Vec<(Range<usize>, Token<'_>)> = Tokens::new(source).collect();
    let mut out: Vec<Hit> = Vec::new();
    let mut place = Place::START;
    let mut outer: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (range, token) = &tokens[at];
        match token {
            Token::Methods(_) => {
                let (methods, next) = method_run(&tokens, at);
                match path_at(&tokens, next, &out) {
                    Some((path, end, taken)) => {
                        let declared = lax || place.declares();
                        out.push(Hit { methods, path, range: range.start..end, declared });
                        place = Place { chained: declared, ..place };
                        at = taken;
                    }
                    None => {
                        place.words += 1;
                        place.chained = false;
                        at = next;
                    }
                }
                continue;
            }
            Token::Path(_) | Token::Tail(_) => {
                if let Some((path, end, taken)) = path_at(&tokens, at, &out) {
                    let (mut methods, next) = methods_behind(&tokens, taken);
                    if methods.is_empty() && place.chained {
                        methods = out.last().map(|h| h.methods.clone()).unwrap_or_default();
                    }
                    let declared = lax && !methods.is_empty() || place.declares();
                    out.push(Hit { methods, path, range: range.start..end, declared });
                    place.chained = declared;
                    at = next;
                    continue;
                }
                place.words += 1;
            }
            Token::Separator => {}
            Token::Open => {
                outer.push(place);
                place = Place { clause: Clause::Bracket, words: 0, only_leads: true, chained: false };
            }
            Token::Close => place = outer.pop().unwrap_or(place),
            Token::Colon
                if source[..range.start].ends_with("**") || source[range.end..].starts_with("**") =>
            {
                // A label in bold may be as long as it likes.
                place = Place { words: place.words.min(1), ..place }.after();
            }
            Token::Colon | Token::Dash => place = place.after(),
            Token::Sentence => {
                let bracket = place.clause == Clause::Bracket;
                place = if bracket { place } else { Place::START };
            }
            Token::Line => {
                // Where a line begins with a method or a path, the lines are a list; else a sentence goes on.
                let lists = matches!(tokens.get(at + 1), Some((_, Token::Methods(_))));
                if lists && outer.is_empty() && !place.chained {
                    place = Place::START;
                }
            }
            Token::Word(word) => {
                if !word.bytes().all(|b| b.is_ascii_digit()) {
                    place.words += 1;
                    place.only_leads &= is_lead(word);
                    place.chained = false;
                }
            }
        }
        at += 1;
    }
    out
}

/// `GET|POST`, `GET/PATCH`, `GET, POST`, `GET and POST`: the methods, and the token after them.
fn method_run(tokens: &[(Range<usize>, Token<'_>)], from: usize) -> (Vec<&'static str>, usize) {
    let mut methods: Vec<&'static str> = Vec::new();
    let mut at = from;
    while let Some((_, Token::Methods(more))) = tokens.get(at) {
        for method in *more {
            if !methods.contains(method) {
                methods.push(method);
            }
        }
        at += 1;
        let separators = tokens[at..].iter().take_while(|(_, t)| *t == Token::Separator).count();
        if matches!(tokens.get(at + separators), Some((_, Token::Methods(_)))) {
            at += separators;
        }
    }
    (methods, at)
}

/// A path at a token, one colon or dash or line end aside: the path, where it ends and the token after it.
fn path_at(
    tokens: &[(Range<usize>, Token<'_>)],
    from: usize,
    before: &[Hit],
) -> Option<(String, usize, usize)> {
    let skips = usize::from(matches!(
        tokens.get(from),
        Some((_, Token::Colon | Token::Dash | Token::Line | Token::Separator))
    ));
    let (range, token) = tokens.get(from + skips)?;
    let path = match token {
        Token::Path(path) => path.replace('\\', ""),
        Token::Tail(tail) => fill(&before.last()?.path, tail)?,
        _ => return None,
    };
    Some((path, range.end, from + skips + 1))
}

/// Fills `…/companies/{id}` from `/api/people/{id}`: what is given goes on from the part that it begins
/// with, else as many parts as are given take the place of the last.
fn fill(before: &str, tail: &str) -> Option<String> {
    let given = tail.trim_start_matches('/');
    let before = before.split('?').next().unwrap_or(before).trim_end_matches('/');
    let parts: Vec<&str> = before.split('/').collect();
    let first = given.split('/').next().unwrap_or("");
    let same = parts.iter().rposition(|part| *part == first);
    let keep = same.or_else(|| parts.len().checked_sub(given.split('/').count()))?;
    (keep > 0).then(|| format!("{}/{given}", parts[..keep].join("/")))
}

/// `/api/x (GET, POST)`, `/api/x GET`: methods behind a path, and the token after them.
fn methods_behind(tokens: &[(Range<usize>, Token<'_>)], from: usize) -> (Vec<&'static str>, usize) {
    let open = usize::from(matches!(tokens.get(from), Some((_, Token::Open | Token::Dash | Token::Colon))));
    if !matches!(tokens.get(from + open), Some((_, Token::Methods(_)))) {
        return (Vec::new(), from);
    }
    let (methods, next) = method_run(tokens, from + open);
    // `… /a, GET /b`: the method belongs to the path behind it.
    let ahead = tokens[next..].iter().find(|(_, t)| !matches!(t, Token::Separator));
    if matches!(ahead, Some((_, Token::Path(_) | Token::Tail(_)))) {
        return (Vec::new(), from);
    }
    (methods, next)
}

/// The methods that a text begins with (`GET — read a scope`, `**POST** and **PUT** schemas`).
pub(super) fn leading_methods(source: &str) -> Vec<&'static str> {
    let head = source.get(..120).unwrap_or(source);
    let tokens: Vec<(Range<usize>, Token<'_>)> = Tokens::new(head).collect();
    let first = tokens.iter().position(|(_, t)| !matches!(t, Token::Dash | Token::Separator));
    match first {
        Some(at) if matches!(tokens[at].1, Token::Methods(_)) => method_run(&tokens, at).0,
        _ => Vec::new(),
    }
}

/// All methods that a text names.
pub(super) fn methods_in(source: &str) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = Vec::new();
    for (_, token) in Tokens::new(source) {
        if let Token::Methods(methods) = token {
            out.extend(methods);
        }
    }
    out
}

/// A path in the form in which paths are compared: without query, parameters as `:`.
pub(super) fn comparable(path: &str) -> String {
    // `{id?}` is a parameter that may be left out, and no query.
    let bare = path.replace("?}", "}").replace("?>", ">");
    let bare = bare.split(['?', '#']).next().unwrap_or(&bare).trim_end_matches('/');
    let parts = bare.split('/').map(|part| {
        let parameter = part.starts_with([':', '{', '[', '<']) && !part.contains('|');
        if parameter { ":" } else { part }
    });
    parts.collect::<Vec<&str>>().join("/")
}
