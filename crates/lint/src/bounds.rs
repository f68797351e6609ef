//! What is too deep for a parser that calls itself: it would take the whole process down, so it is not tried.

use squawk_lexer::{TokenKind, tokenize};

/// Brackets within brackets. Nobody has written more than a few dozen.
const BRACKETS: usize = 500;

/// Operators that follow one another without a comma: each may make the tree deeper by one, and the time that the
/// rules take grows with its square.
const OPERATORS: usize = 2_000;

/// Words that are operators or nest.
const WORDS: [&str; 14] = [
    "NOT",
    "CASE",
    "AND",
    "OR",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "JOIN",
    "IS",
    "LIKE",
    "ILIKE",
    "BETWEEN",
    "COLLATE",
    "BEGIN",
];

/// Why a text is too deep, if it is.
pub(crate) fn too_deep(text: &str) -> Option<&'static str> {
    // Operators so far, within each bracket that is open.
    let (mut open, mut start) = (vec![0usize], 0usize);
    for token in tokenize(text) {
        let end = start + token.len as usize;
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenCurly => open.push(0),
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseCurly => {
                open.pop();
            }
            TokenKind::Semi => open.clear(),
            TokenKind::Comma => count(&mut open, |_| 0),
            TokenKind::Ident => {
                let word = text.get(start..end).unwrap_or("");
                if WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                    count(&mut open, |operators| operators + 1);
                }
            }
            TokenKind::Whitespace
            | TokenKind::LineComment
            | TokenKind::BlockComment { .. }
            | TokenKind::Literal { .. }
            | TokenKind::QuotedIdent { .. } => {}
            _ => count(&mut open, |operators| operators + 1),
        }
        if open.len() > BRACKETS {
            return Some("its brackets are nested too deeply");
        }
        if open.last().is_some_and(|operators| *operators > OPERATORS) {
            return Some("an expression in it has too many operators");
        }
        start = end;
    }
    None
}

/// Counts within the innermost bracket.
fn count(open: &mut Vec<usize>, step: fn(usize) -> usize) {
    match open.last_mut() {
        Some(operators) => *operators = step(*operators),
        None => open.push(step(0)),
    }
}
