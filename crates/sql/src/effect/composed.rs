//! The text of a statement that PL/pgSQL puts together: `'…' || quote_ident(t)`, `format('… %I …', t)`.

use super::UNKNOWN;
use super::block::unquoted;
use crate::tokens::{Cursor, Sort, Token};

/// A text that is put together.
pub(super) struct Composed {
    /// The text; what is not known stands there as a name in quotes.
    pub text: String,
    /// Whether what is not known is no more than names and values.
    pub sure: bool,
}

impl Composed {
    fn unknown() -> Composed {
        Composed { text: format!("\"{UNKNOWN}\""), sure: false }
    }

    fn name() -> Composed {
        Composed { sure: true, ..Composed::unknown() }
    }
}

/// Brackets deeper than this nobody writes.
const DEEPEST: u32 = 60;

/// The text of the expression behind `EXECUTE`.
pub(super) fn composed(tokens: &[Token<'_>]) -> Composed {
    let level = tokens.first().map_or(0, |first| first.depth);
    if level > DEEPEST {
        return Composed::unknown();
    }
    let ends = |token: &Token<'_>| token.depth == level && (token.is("USING") || token.is("INTO"));
    let end = tokens.iter().position(ends).unwrap_or(tokens.len());
    let tokens = without_brackets(tokens.get(..end).unwrap_or(tokens));
    let level = tokens.first().map_or(0, |first| first.depth);
    let joins = |token: &Token<'_>| token.depth == level && (token.is_sign("|") || token.is_sign("||"));
    let mut whole = Composed { text: String::new(), sure: true };
    for part in tokens.split(joins).filter(|part| !part.is_empty()) {
        let part = part_of(part);
        whole.text.push_str(&part.text);
        whole.sure &= part.sure;
    }
    whole
}

fn part_of(tokens: &[Token<'_>]) -> Composed {
    match tokens {
        [text] if text.sort == Sort::Text => match unquoted(text.text) {
            Some(text) => Composed { text, sure: true },
            None => Composed::unknown(),
        },
        [open, ..] if open.is_sign("(") => match without_brackets(tokens) {
            inner if inner.len() < tokens.len() => composed(inner),
            _ => Composed::unknown(),
        },
        [name, open, .., close] if open.is_sign("(") && close.is_sign(")") => {
            let inner = tokens.get(2..tokens.len().saturating_sub(1)).unwrap_or(&[]);
            match () {
                () if name.is("format") => formatted(inner),
                () if name.is("quote_ident") => Composed::name(),
                () => Composed::unknown(),
            }
        }
        _ => Composed::unknown(),
    }
}

/// Without round brackets around all of it.
fn without_brackets<'a, 't>(mut tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    while let [open, inner @ .., close] = tokens
        && open.is_sign("(")
        && close.is_sign(")")
        && open.depth <= DEEPEST
        && inner.iter().all(|token| token.depth > open.depth)
    {
        tokens = inner;
    }
    tokens
}

/// What `format` makes of its arguments.
fn formatted(arguments: &[Token<'_>]) -> Composed {
    let arguments = Cursor { rest: arguments }.at_commas();
    let Some((pattern, values)) = arguments.split_first() else { return Composed::unknown() };
    let pattern = composed(pattern);
    if !pattern.sure {
        return pattern;
    }
    let mut out = Composed { text: String::new(), sure: true };
    let (mut rest, mut next) = (pattern.text.as_str(), 0);
    while let Some((before, after)) = rest.split_once('%') {
        out.text.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // `%2$I` names the argument; width and alignment put blanks around it.
        let (number, after) = match after.get(digits..).and_then(|rest| rest.strip_prefix('$')) {
            Some(behind) => (after.get(..digits).and_then(|digits| digits.parse().ok()), behind),
            None => (None, after),
        };
        let after = after.trim_start_matches(|c: char| c == '-' || c == '*' || c.is_ascii_digit());
        let mut characters = after.chars();
        let sort = characters.next().unwrap_or('%');
        rest = characters.as_str();
        if sort == '%' {
            out.text.push('%');
            continue;
        }
        let at = number.map_or(next, |number: usize| number.saturating_sub(1));
        next = at + 1;
        out.text.push_str(&value(sort, values.get(at).copied().unwrap_or(&[])));
    }
    out.text.push_str(rest);
    out
}

/// A value as `format` writes it: `%I` as a name, `%L` as a literal, `%s` as it is.
fn value(sort: char, tokens: &[Token<'_>]) -> String {
    let known = match tokens {
        [text] if text.sort == Sort::Text => unquoted(text.text),
        _ => None,
    };
    match (sort, known) {
        ('L', known) => format!("'{}'", known.unwrap_or_default().replace('\'', "''")),
        ('I', Some(name)) => format!("\"{}\"", name.replace('"', "\"\"")),
        (_, Some(text)) => text,
        (_, None) => format!("\"{UNKNOWN}\""),
    }
}
