//! The shape of a statement, and its tree.

use sqlparser::ast::Statement;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace, Word};
use std::collections::BTreeMap;
use trueup_sql::Words;

/// Operators in a row that are read: deeper trees would need more stack than there is.
const MOST_OPERATORS: usize = 5_000;

/// What became of a text.
pub(crate) enum Read {
    Statements(Vec<Statement>),
    /// It does nothing with rows.
    Nothing,
    /// It cannot be read.
    Not(String),
    /// What it does stands elsewhere.
    Hidden(String),
}

/// Statements that begin with these work on rows.
const ON_ROWS: [&str; 13] = [
    "select", "insert", "update", "delete", "with", "merge", "copy", "table", "truncate", "explain",
    "prepare", "declare", "values",
];

/// Reads a statement.
pub(crate) fn read(sql: &str) -> Read {
    let Some(first) = Words::of(sql).next().map(str::to_lowercase) else { return Read::Nothing };
    if first == "do" || first == "call" {
        return Read::Hidden(format!("what {} does does not stand in the statement", first.to_uppercase()));
    }
    if !ON_ROWS.contains(&first.as_str()) && !sql.trim_start().starts_with('(') && first != "create" {
        return Read::Nothing;
    }
    let tokens = match Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize() {
        Ok(tokens) => without_only(tokens),
        Err(error) => return Read::Not(format!("it cannot be read: {error}")),
    };
    if tokens.iter().filter(|token| is_operator(token)).count() > MOST_OPERATORS {
        return Read::Not("it is too deep to be read".to_owned());
    }
    let parsed =
        Parser::new(&PostgreSqlDialect {}).with_recursion_limit(200).with_tokens(tokens).parse_statements();
    match parsed {
        Ok(statements) => Read::Statements(statements),
        // What makes a schema has no rows of tenants; only what it copies has, and that was read.
        Err(_) if first == "create" => Read::Nothing,
        Err(error) => Read::Not(format!("it cannot be read: {error}")),
    }
}

/// Leaves ONLY out where a table follows: the parser would take it for the table. Its brackets go with it.
fn without_only(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut bracketed = Bracketed::No;
    for token in tokens {
        let blank = matches!(token, Token::Whitespace(_));
        bracketed = match (bracketed, &token) {
            (_, Token::Word(word))
                if is_only(word) && out.iter().rev().find(not_blank).is_some_and(leads) =>
            {
                bracketed = Bracketed::Asked;
                continue;
            }
            (before, _) if blank => before,
            (Bracketed::Asked, Token::LParen) => {
                bracketed = Bracketed::Open;
                continue;
            }
            (Bracketed::Open, Token::RParen) => {
                bracketed = Bracketed::No;
                // What follows the bracket may be a word.
                out.push(Token::Whitespace(Whitespace::Space));
                continue;
            }
            (Bracketed::Asked, _) => Bracketed::No,
            (before, _) => before,
        };
        out.push(token);
    }
    out
}

/// Whether the table behind ONLY stands in brackets.
#[derive(Clone, Copy)]
enum Bracketed {
    No,
    Asked,
    Open,
}

fn is_only(word: &Word) -> bool {
    word.quote_style.is_none() && word.value.eq_ignore_ascii_case("only")
}

fn not_blank(token: &&Token) -> bool {
    !matches!(token, Token::Whitespace(_))
}

/// Whether a table may follow.
fn leads(token: &Token) -> bool {
    match token {
        Token::Comma | Token::LParen => true,
        Token::Word(word) => {
            word.quote_style.is_none()
                && ["from", "update", "into", "join", "using", "table", "truncate", "copy"]
                    .contains(&word.value.to_lowercase().as_str())
        }
        _ => false,
    }
}

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(word) => matches!(
            word.value.to_lowercase().as_str(),
            "and" | "or" | "not" | "union" | "except" | "intersect" | "join"
        ),
        Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::StringConcat => true,
        _ => false,
    }
}

/// What statements have in common.
pub(crate) struct Shape {
    /// The statement with its values left out: a list of several is `?+`, and several rows of values end with `+`.
    pub text: String,
    /// The statement with each of its values replaced by where that stood first. A verdict depends on which values are
    /// the same, and on nothing else of them: statements with one key have one verdict.
    pub key: String,
}

/// The shape of a statement.
pub(crate) fn shape(sql: &str) -> Shape {
    let Ok(tokens) = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize() else {
        let text = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        return Shape { key: text.clone(), text };
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<String> = Vec::new();
    let mut key = String::new();
    for token in &tokens {
        let text = match token {
            Token::Whitespace(_) | Token::SemiColon => continue,
            value if is_value(value) => {
                let text = value.to_string();
                let next = seen.len();
                let at = *seen.entry(text.clone()).or_insert(next);
                // An array in quotes is read, too.
                let array = if text.contains('{') { text.as_str() } else { "" };
                key.push_str(&format!(" ?{at}{array}"));
                push_value(&mut out);
                continue;
            }
            Token::Word(word) if word.quote_style.is_none() => word.value.to_lowercase(),
            other => other.to_string(),
        };
        key.push(' ');
        key.push_str(&text);
        out.push(text);
    }
    Shape { text: without_rows(out.join(" ")), key }
}

fn is_value(token: &Token) -> bool {
    matches!(
        token,
        Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::EscapedStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::UnicodeStringLiteral(_)
            | Token::DollarQuotedString(_)
            | Token::Placeholder(_)
    )
}

/// `?, ?` is `?+`, however many there are; one alone is `?`, for it says more.
fn push_value(out: &mut Vec<String>) {
    let listed =
        matches!(out.as_slice(), [.., value, comma] if comma == "," && (value == "?" || value == "?+"));
    if listed {
        out.truncate(out.len().saturating_sub(2));
    }
    out.push(if listed { "?+" } else { "?" }.to_owned());
}

/// So are rows of values: `( ? ) , ( ? )` is `( ? ) +`.
fn without_rows(mut text: String) -> String {
    for row in ["( ? )", "( ?+ )"] {
        let several = format!("{row} , {row}");
        let more = [format!("{row} + , {row} +"), format!("{row} + , {row}")];
        while text.contains(&several) || more.iter().any(|more| text.contains(more)) {
            text = text.replace(&several, &format!("{row} +"));
            for more in &more {
                text = text.replace(more, &format!("{row} +"));
            }
        }
    }
    text
}
