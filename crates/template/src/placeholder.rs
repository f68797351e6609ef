use std::ops::Range;

/// What a placeholder looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// `<…>`
    Angle,
    /// `[…]`
    Square,
    /// `{…}`
    Curly,
    /// `…` or `...` standing alone
    Dots,
    /// `YYYY-MM-DD`
    Date,
    /// `X.Y.Z`
    Version,
    /// `XXX`, `NNNN`, `0000`
    Number,
    /// `$NAME`
    Variable,
    /// `TBD`, `TODO`, `(fill me in)`
    Word,
}

/// A placeholder in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Where it stands.
    pub range: Range<usize>,
    /// Its form.
    pub kind: TokenKind,
}

impl Token {
    /// The text between the brackets, or the whole token where it has none.
    pub fn inner<'t>(&self, text: &'t str) -> &'t str {
        let whole = &text[self.range.clone()];
        match self.kind {
            TokenKind::Angle | TokenKind::Square | TokenKind::Curly => {
                whole.trim_matches(['<', '>', '[', ']', '{', '}'])
            }
            _ => whole,
        }
    }
}

/// HTML elements that people write in Markdown on purpose.
const HTML_ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// All placeholders in a text, in order, without overlaps. `text` is plain: entities are resolved.
pub fn tokens_in(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut unclosed = Unclosed::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'<' if unclosed.may_close(bytes, at, b'>') => angle(text, at),
            b'[' if unclosed.may_close(bytes, at, b']') => square(text, at),
            b'{' if unclosed.may_close(bytes, at, b'}') => curly(text, at),
            b'.' => dots(text, at),
            b'$' => variable(text, at),
            b'(' => fill_in(text, at),
            b'Y' | b'y' | b'X' | b'N' | b'0' | b'#' => upper(text, at),
            b'T' => word(text, at),
            0xE2 if text[at..].starts_with('…') => lone(text, at, at + '…'.len_utf8(), TokenKind::Dots),
            _ => None,
        };
        match found {
            Some(token) => {
                at = token.range.end;
                out.push(token);
            }
            None => at += 1,
        }
    }
    out
}

/// Whether a text may hold a placeholder without brackets that says something, when marks are taken off it:
/// all dates, versions, numbers, variables and words hold one of these pairs in front.
pub(crate) fn may_hold_bare_token(source: &[u8]) -> bool {
    let mut before = b' ';
    for byte in source.iter().copied().filter(|byte| !matches!(byte, b'*' | b'`' | b'_' | b'\\')) {
        let begins = match byte {
            b'Y' | b'y' | b'X' | b'N' | b'0' | b'#' => before == byte,
            b'.' => before == b'X',
            b'B' | b'O' => before == b'T',
            b'f' | b'F' => before == b'(',
            b'$' => true,
            _ => false,
        };
        if begins {
            return true;
        }
        before = byte;
    }
    false
}

/// How far a text is known to hold no closing bracket, by bracket: a run of opening ones is read once.
#[derive(Default)]
struct Unclosed {
    until: [usize; 3],
}

impl Unclosed {
    fn may_close(&mut self, bytes: &[u8], at: usize, close: u8) -> bool {
        let until = match close {
            b'>' => &mut self.until[0],
            b']' => &mut self.until[1],
            _ => &mut self.until[2],
        };
        let end = bytes.len().min(at + MAX_TOKEN);
        let from = at.max(*until);
        if from < end && bytes[from..end].contains(&close) {
            return true;
        }
        *until = end.max(*until);
        false
    }
}

/// The longest placeholder, in bytes.
const MAX_TOKEN: usize = 400;

fn token(start: usize, end: usize, kind: TokenKind) -> Option<Token> {
    Some(Token { range: start..end, kind })
}

/// The matching end of a bracket on the same line, nested pairs counted. At most 400 bytes away.
fn closing(text: &str, at: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0;
    for (i, byte) in text.bytes().enumerate().skip(at).take(MAX_TOKEN) {
        if byte == b'\n' {
            return None;
        }
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(i + 1);
            }
        }
    }
    None
}

fn angle(text: &str, at: usize) -> Option<Token> {
    let end = closing(text, at, b'<', b'>')?;
    let inner = &text[at + 1..end - 1];
    let first = inner.chars().next()?;
    let comparison = !first.is_alphanumeric() && !matches!(first, '%' | '…' | '$');
    let link =
        inner.contains("://") || inner.contains('@') && !inner.contains(' ') || inner.starts_with("mailto:");
    if comparison || link {
        return None;
    }
    let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
    let rest = &inner[name.len()..];
    let plain_tag = rest.trim_matches([' ', '/']).is_empty() || rest.contains('=');
    let known = HTML_ELEMENTS.contains(&name.to_ascii_lowercase().as_str());
    if known && plain_tag {
        return None;
    }
    // A closing tag further on makes it HTML, whatever its name.
    if plain_tag && text[end..].contains(&format!("</{name}>")) {
        return None;
    }
    // Generic types (`Map<String>`) stand directly behind a word.
    if at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric() && !inner.contains(' ') {
        return None;
    }
    token(at, end, TokenKind::Angle)
}

fn square(text: &str, at: usize) -> Option<Token> {
    let end = closing(text, at, b'[', b']')?;
    let inner = text[at + 1..end - 1].trim();
    let lower = inner.to_lowercase();
    let check_box = inner.is_empty() || lower == "x";
    let mark = matches!(lower.as_str(), "optional" | "required" | "mandatory");
    let footnote = inner.starts_with('^') || inner.bytes().all(|b| b.is_ascii_digit());
    let link = matches!(text.as_bytes().get(end), Some(b'(' | b'[' | b':'));
    let index =
        at > 0 && (text.as_bytes()[at - 1].is_ascii_alphanumeric() || text.as_bytes()[at - 1] == b']');
    let closing_mark = inner.starts_with('/');
    if check_box
        || mark
        || footnote
        || link
        || index
        || closing_mark
        || !inner.chars().any(char::is_alphabetic)
    {
        return None;
    }
    token(at, end, TokenKind::Square)
}

fn curly(text: &str, at: usize) -> Option<Token> {
    let end = closing(text, at, b'{', b'}')?;
    let inner = text[at..end].trim_matches(['{', '}']).trim();
    let words =
        inner.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '/' | '.' | '…' | '\''));
    let dots = matches!(inner, "..." | "…");
    // A sentence in braces; `{ id: string }` is code.
    let sentence = inner.split_whitespace().count() >= 3
        && inner.starts_with(char::is_alphabetic)
        && !inner.contains([':', '"', ';', '='])
        && !text[at..].starts_with("{{");
    if inner.is_empty() || !(words || sentence) || inner.bytes().all(|b| b.is_ascii_digit()) && !dots {
        return None;
    }
    token(at, end, TokenKind::Curly)
}

/// Dots count where nothing but white space or a mark stands beside them.
fn lone(text: &str, start: usize, end: usize, kind: TokenKind) -> Option<Token> {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let free =
        |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || matches!(c, '|' | ',' | ';' | ')' | '('));
    if free(before) && free(after) { token(start, end, kind) } else { None }
}

fn dots(text: &str, at: usize) -> Option<Token> {
    let run = text[at..].bytes().take_while(|b| *b == b'.').count();
    if run < 3 || at > 0 && text.as_bytes()[at - 1] == b'.' {
        return None;
    }
    lone(text, at, at + run, TokenKind::Dots)
}

fn variable(text: &str, at: usize) -> Option<Token> {
    let name = text[at + 1..].bytes().take_while(|b| b.is_ascii_uppercase() || *b == b'_').count();
    (name >= 3).then_some(())?;
    token(at, at + 1 + name, TokenKind::Variable)
}

fn fill_in(text: &str, at: usize) -> Option<Token> {
    let rest = text[at + 1..].get(..7)?.to_lowercase();
    if !(rest.starts_with("fill me") || rest.starts_with("fill in")) {
        return None;
    }
    token(at, closing(text, at, b'(', b')')?, TokenKind::Word)
}

fn upper(text: &str, at: usize) -> Option<Token> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let rest = &text[at..];
    for (form, kind) in [
        ("YYYY-MM-DD", TokenKind::Date),
        ("yyyy-mm-dd", TokenKind::Date),
        ("YYYY‑MM‑DD", TokenKind::Date),
        ("YYYYMMDD", TokenKind::Date),
        ("X.Y.Z", TokenKind::Version),
        ("YYYY", TokenKind::Date),
    ] {
        if rest.starts_with(form) {
            let end = at + form.len();
            // `YYYY-MM-DD-slug` is all placeholder.
            let tail = text[end..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
            return token(at, end + tail, kind);
        }
    }
    let first = rest.chars().next()?;
    let run = rest.chars().take_while(|c| *c == first).count();
    let after = rest[run..].chars().next();
    let ended = after.is_none_or(|c| !c.is_alphanumeric());
    let enough = match first {
        'X' | '0' => run >= 3,
        'N' => run >= 2,
        '#' => run >= 3 && at > 0,
        _ => false,
    };
    // `1.000`, `5,000` and `$0000` are numbers; `10 000` too.
    let number = first == '0' && before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '-' | '#' | '('));
    if enough && ended && !number { token(at, at + run, TokenKind::Number) } else { None }
}

fn word(text: &str, at: usize) -> Option<Token> {
    if text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let rest = &text[at..];
    let found = ["TBD", "TODO", "TBA"].into_iter().find(|w| rest.starts_with(w))?;
    let after = rest[found.len()..].chars().next();
    if after.is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    token(at, at + found.len(), TokenKind::Word)
}

/// What people write in place of a value that is not written yet.
const SAID: &[&str] = &[
    "tbd",
    "tba",
    "todo",
    "???",
    "to be determined",
    "to be defined",
    "to be added",
    "to be written",
    "to be done",
    "to be filled in",
    "to be completed",
];

/// Whether a whole value is one of the words that stand for "not written yet" in any template.
pub fn generic_token(value: &str) -> bool {
    let bare = value.trim().trim_matches(['*', '_']).trim_end_matches(['.', ':', '!']).trim();
    if value.trim() == "..." || value.trim() == "…" {
        return true;
    }
    // Every text of a document is asked, and nearly none begins like one of these.
    if !bare.starts_with(['t', 'T', '?', 'X', 'F', 'Y', '<']) {
        return false;
    }
    let said = SAID.iter().any(|said| bare.eq_ignore_ascii_case(said));
    let upper = said || matches!(bare, "XXX" | "FIXME" | "YYYY-MM-DD");
    let angled = bare.len() <= 40
        && bare.starts_with('<')
        && bare.ends_with('>')
        && bare[1..bare.len() - 1].chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '/'))
        && tokens_in(bare).len() == 1;
    upper || angled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn placeholders_without_brackets_are_seen_by_their_bytes(text in "[YyXN0#$TBDOAfilmeZM. ()-]{0,12}") {
            let bare = |token: &Token| token.kind != TokenKind::Dots;
            prop_assert!(may_hold_bare_token(text.as_bytes()) || !tokens_in(&text).iter().any(bare));
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens_in(text).into_iter().map(|t| &text[t.range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn finds_every_form() {
        check("<what could bite us>", &["<what could bite us>"]);
        check("`mvp-<X.Y.Z>` with commit SHA", &["<X.Y.Z>"]);
        check("# SPEC-XXX: [Title]", &["XXX", "[Title]"]);
        check("KEP-NNNN: Your title", &["NNNN"]);
        check("As a <role>, I … and the system …", &["<role>", "…", "…"]);
        check("## Report — {YYYY-MM-DD}", &["{YYYY-MM-DD}"]);
        check("- Request: `{...}`", &["{...}"]);
        check("| ... | ... |", &["...", "..."]);
        check("ADR-0000 for $NAME (fill me in)", &["0000", "$NAME", "(fill me in)"]);
        check("<YYYY-MM-DD-short-slug or NN_Module>", &["<YYYY-MM-DD-short-slug or NN_Module>"]);
    }

    #[test]
    fn leaves_the_rest_alone() {
        for text in [
            "a <br> b <b>c</b> <https://x.y> <me@x.y> 3 < 4 > 2",
            "[text](url) [x] [ ] [^1] [1] string[] a[b] [Optional] Aggregation",
            "Missing on GET /api/... and so on... Wait…",
            "`{ id: string }` and {1}",
            "in 2000 or 1.000, 10000 XX",
            "Map<String> <details><summary>x</summary></details> <input type=\"x\">",
        ] {
            check(text, &[]);
        }
    }
}
