//! What conditions tell about values, read from their text.

use crate::pattern::{sample_like, samples};

/// Values and measures that stand in conditions on a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// Texts: `status IN ('new', 'paid')`.
    pub texts: Vec<String>,
    /// Numbers: `quantity > 0`.
    pub numbers: Vec<String>,
    /// Lengths: `char_length(code) = 3`.
    pub lengths: Vec<usize>,
    /// Texts that a pattern matches.
    pub patterned: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Number(String),
    Sign(String),
}

/// Reads conditions as the server writes them.
pub(crate) fn hints(conditions: &[&str]) -> Hints {
    let mut hints = Hints::default();
    for condition in conditions {
        read(&tokens(condition), &mut hints);
    }
    hints
}

fn read(tokens: &[Token], hints: &mut Hints) {
    let measures = [
        "length",
        "char_length",
        "character_length",
        "octet_length",
        "array_length",
        "cardinality",
        "bit_length",
    ];
    let measured =
        tokens.iter().any(|token| matches!(token, Token::Word(word) if measures.contains(&word.as_str())));
    let mut operator = "";
    for (at, token) in tokens.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
        match token {
            Token::Sign(sign) if sign.starts_with(['~', '=', '<', '>', '!']) => operator = sign,
            Token::Text(text) if operator.starts_with("~~") => hints.patterned.push(sample_like(text)),
            Token::Text(text) if operator.starts_with('~') => hints.patterned.extend(samples(text)),
            // The second text of `x COLLATE "C"` and the like is no value; texts are.
            Token::Text(text) => hints.texts.push(text.clone()),
            Token::Number(number) => {
                let negative = before(1) == Some(&Token::Sign("-".to_owned()));
                if measured {
                    hints.lengths.extend(number.parse::<usize>().ok());
                }
                hints.numbers.push(if negative { format!("-{number}") } else { number.clone() });
            }
            _ => {}
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => text_token(rest),
            '"' => {
                let end = rest.get(1..).and_then(|inner| inner.find('"')).map_or(rest.len(), |end| end + 2);
                (Some(Token::Word(rest.get(..end).unwrap_or(rest).to_owned())), rest.get(end..).unwrap_or(""))
            }
            c if c.is_ascii_digit() => take_while(rest, |c| c.is_ascii_digit() || c == '.', Token::Number),
            c if c.is_alphabetic() || c == '_' => {
                take_while(rest, |c| c.is_alphanumeric() || c == '_', |word| Token::Word(word.to_lowercase()))
            }
            c if "~=<>!*".contains(c) => take_while(rest, |c| "~=<>!*".contains(c), Token::Sign),
            c => (
                (!c.is_whitespace()).then(|| Token::Sign(c.to_string())),
                rest.get(c.len_utf8()..).unwrap_or(""),
            ),
        };
        out.extend(token);
        rest = after;
    }
    out
}

fn take_while(
    text: &str,
    is: impl Fn(char) -> bool,
    make: impl Fn(String) -> Token,
) -> (Option<Token>, &str) {
    let end = text.find(|c| !is(c)).unwrap_or(text.len());
    (text.get(..end).map(|taken| make(taken.to_owned())), text.get(end..).unwrap_or(""))
}

fn text_token(text: &str) -> (Option<Token>, &str) {
    let mut value = String::new();
    let mut rest = text.get(1..).unwrap_or("");
    loop {
        let Some(end) = rest.find('\'') else { return (None, "") };
        value.push_str(rest.get(..end).unwrap_or(""));
        rest = rest.get(end + 1..).unwrap_or("");
        match rest.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return (Some(Token::Text(value)), rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let check =
            |condition: &str, texts: &[&str], numbers: &[&str], lengths: &[usize], patterned: &[&str]| {
                let found = hints(&[condition]);
                assert_eq!(found.texts, texts, "{condition}");
                assert_eq!(found.numbers, numbers, "{condition}");
                assert_eq!(found.lengths, lengths, "{condition}");
                assert_eq!(found.patterned, patterned, "{condition}");
            };
        check("CHECK ((status = ANY (ARRAY['new'::text, 'it''s'::text])))", &["new", "it's"], &[], &[], &[]);
        check("CHECK ((quantity > 0))", &[], &["0"], &[], &[]);
        check("CHECK ((degrees >= '-40'::integer) AND (degrees < -3.5))", &["-40"], &["-3.5"], &[], &[]);
        check("CHECK ((char_length(code) = 3))", &[], &["3"], &[3], &[]);
        check("CHECK ((code ~ '^[A-C]{2}$'::text))", &[], &[], &[], &["AA", "BB", "CC"]);
        check("CHECK ((mail ~~ '%@%'::text))", &[], &[], &[], &["x@x"]);
        check("CHECK (('open", &[], &[], &[], &[]);
    }
}
