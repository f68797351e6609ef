//! Which values conditions of a statement ask of columns: a row that nobody has met tells nothing of what is done to it.

use crate::tokens::{Sort, Token, tokens};

/// A column, and values by which it meets conditions on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The name as the server keeps it.
    pub column: String,
    /// As SQL, in the order of the text.
    pub values: Vec<String>,
}

/// What the conditions of a statement, and of the body of a block, compare columns with: `=`, `IN`, `<`, `>`, `LIKE` and
/// `->>` with literals, `IS NULL`. What `SET` gives to a column is no condition, and what `EXISTS` asks for is mostly what had better
/// not be there. By the text alone: whose column it is, the catalog tells.
pub fn compared(statement: &str) -> Vec<Compared> {
    let all = tokens(statement);
    let mut out: Vec<Compared> = Vec::new();
    let mut sets: Option<u32> = None;
    let mut asks: Option<u32> = None;
    for (at, token) in all.iter().enumerate() {
        if asks.is_some_and(|depth| token.depth <= depth && token.is_sign(")")) {
            asks = None;
        }
        if token.is("EXISTS") && asks.is_none() {
            asks = Some(token.depth);
        }
        if asks.is_some() {
            continue;
        }
        if token.sort == Sort::Text && token.text.starts_with('$') {
            let body = token.text.trim_start_matches(|c| c != '$');
            let tag = body.get(1..).and_then(|rest| rest.find('$')).map_or(1, |end| end + 2);
            let inner = body.get(tag..body.len().saturating_sub(tag)).unwrap_or("");
            compared(inner).into_iter().for_each(|one| add(&mut out, one.column, one.values));
            continue;
        }
        if token.is("SET") {
            sets = Some(token.depth);
        } else if ["WHERE", "FROM", "RETURNING"].iter().any(|word| token.is(word)) || token.is_sign(";") {
            sets = None;
        }
        let is_type = at > 0 && all.get(at - 1).is_some_and(|before| before.text.ends_with(':'));
        if is_type || !matches!(token.sort, Sort::Word | Sort::Quoted) {
            continue;
        }
        let values = asked(all.get(at + 1..).unwrap_or(&[]));
        let assigned = sets == Some(token.depth) && is_assigned(&all, at);
        if !assigned && !values.is_empty() {
            add(&mut out, name(token), values);
        }
    }
    out
}

fn add(out: &mut Vec<Compared>, column: String, values: Vec<String>) {
    match out.iter_mut().find(|one| one.column == column) {
        Some(one) => values.into_iter().for_each(|value| {
            if !one.values.contains(&value) {
                one.values.push(value);
            }
        }),
        None => out.push(Compared { column, values }),
    }
}

/// Whether a column stands where `SET` gives it a value.
fn is_assigned(all: &[Token<'_>], at: usize) -> bool {
    let mut before = all.get(..at).unwrap_or(&[]);
    while let [rest @ .., _, dot] = before
        && dot.is_sign(".")
    {
        before = rest;
    }
    before.last().is_some_and(|token| token.is("SET") || token.is_sign(","))
}

fn name(token: &Token<'_>) -> String {
    match token.sort {
        Sort::Quoted => token.text.trim_matches('"').replace("\"\"", "\""),
        _ => token.text.to_lowercase(),
    }
}

/// The values that meet the condition which begins behind a column.
fn asked(behind: &[Token<'_>]) -> Vec<String> {
    let behind = after_cast(behind);
    let (sign, rest) = sign(behind);
    match sign.as_str() {
        "=" => literal(rest).into_iter().chain(elements(rest)).collect(),
        "<" | "<=" if is_now(rest) => vec!["(now() - interval '20 years')".to_owned()],
        ">" | ">=" if is_now(rest) => vec!["(now() + interval '20 years')".to_owned()],
        "<" | "<=" => literal(rest).and_then(|value| beside(&value, '-')).into_iter().collect(),
        ">" | ">=" => literal(rest).and_then(|value| beside(&value, '+')).into_iter().collect(),
        "->>" => of_key(rest).into_iter().collect(),
        _ => match behind {
            [is, null, ..] if is.is("IS") && null.is("NULL") => vec!["NULL".to_owned()],
            [first, rest @ ..] if first.is("IN") => elements(rest),
            [first, rest @ ..] if first.is("LIKE") || first.is("ILIKE") => {
                literal(rest).map(|pattern| pattern.replace(['%', '_'], "x")).into_iter().collect()
            }
            _ => Vec::new(),
        },
    }
}

/// Whether today or a day counted from it stands at the front.
fn is_now(tokens: &[Token<'_>]) -> bool {
    let words = ["NOW", "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP"];
    tokens.first().is_some_and(|first| words.iter().any(|word| first.is(word)))
}

/// What stands behind `::text`.
fn after_cast<'a, 't>(tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    match tokens {
        [one, two, _, rest @ ..] if one.is_sign(":") && two.is_sign(":") => rest,
        [one, _, rest @ ..] if one.is_sign("::") => rest,
        _ => tokens,
    }
}

/// The signs that stand together, and what is behind them.
fn sign<'a, 't>(tokens: &'a [Token<'t>]) -> (String, &'a [Token<'t>]) {
    let mut sign = String::new();
    let mut end = None;
    let mut at = 0;
    for token in tokens {
        let adjacent = end.is_none_or(|end| end == token.start);
        let is_part = token.sort == Sort::Sign && token.text.chars().all(|c| "=<>-!~@#|&".contains(c));
        if !is_part || !adjacent || (token.text == "-" && sign == "=") {
            break;
        }
        sign.push_str(token.text);
        end = Some(token.start + token.text.len());
        at += 1;
    }
    (sign, tokens.get(at..).unwrap_or(&[]))
}

/// A literal at the front: a string, a number, TRUE or FALSE, also behind the name of its type.
fn literal(tokens: &[Token<'_>]) -> Option<String> {
    match tokens {
        [minus, number, ..] if minus.is_sign("-") && is_number(number) => Some(format!("-{}", number.text)),
        [one, ..] if one.is("TRUE") || one.is("FALSE") => Some(one.text.to_owned()),
        [one, ..] if one.sort == Sort::Text && !one.text.starts_with('$') => Some(one.text.to_owned()),
        [kind, text, ..] if ["DATE", "TIMESTAMP", "TIMESTAMPTZ"].iter().any(|word| kind.is(word)) => {
            (text.sort == Sort::Text).then(|| text.text.to_owned())
        }
        _ => None,
    }
}

fn is_number(token: &Token<'_>) -> bool {
    token.sort == Sort::Text && token.text.starts_with(|c: char| c.is_ascii_digit())
}

/// The literals of `('a', 'b')`, and `ANY (ARRAY['a', 'b'])`.
fn elements(tokens: &[Token<'_>]) -> Vec<String> {
    let open = match tokens {
        [first, ..] if first.is_sign("(") => first,
        [any, first, array, ..] if any.is("ANY") && first.is_sign("(") && array.is("ARRAY") => first,
        _ => return Vec::new(),
    };
    let inside = tokens.iter().enumerate().take_while(|(_, token)| {
        token.start <= open.start || token.depth > open.depth || !token.is_sign(")")
    });
    let starts = inside.filter(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        before.is_some_and(|token| ["(", ",", "["].iter().any(|sign| token.is_sign(sign)))
    });
    starts.filter_map(|(at, _)| literal(tokens.get(at..)?)).collect()
}

/// A value on one side of a number or a day.
fn beside(value: &str, side: char) -> Option<String> {
    let text = value.trim_matches('\'');
    if text.parse::<f64>().is_ok() {
        return Some(format!("({text} {side} 1)"));
    }
    let day = text.get(..10).unwrap_or("").split('-').map(str::len).collect::<Vec<usize>>();
    (day == [4, 2, 2]).then(|| format!("({value}::timestamptz {side} interval '1 day')"))
}

/// An object with the key of `->> 'key' = 'value'`.
fn of_key(tokens: &[Token<'_>]) -> Option<String> {
    let [key, rest @ ..] = tokens else { return None };
    let rest = rest.split_first().filter(|(first, _)| first.is_sign(")")).map_or(rest, |(_, rest)| rest);
    let (sign, rest) = sign(rest);
    let value = (sign == "=").then(|| literal(rest))??;
    (key.sort == Sort::Text).then(|| format!("jsonb_build_object({}, {value})", key.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, wanted: &[(&str, &[&str])]) {
        let found = compared(statement);
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|one| (one.column.as_str(), one.values.iter().map(String::as_str).collect()))
            .collect();
        let wanted: Vec<(&str, Vec<&str>)> = wanted.iter().map(|(name, all)| (*name, all.to_vec())).collect();
        assert_eq!(found, wanted, "{statement}");
    }

    #[test]
    fn values_that_meet_conditions() {
        check("UPDATE u SET c = 1, d = 'x' WHERE u.role = 'admin'", &[("role", &["'admin'"])]);
        check("UPDATE u SET c=c+1 WHERE kind=-2 AND \"Ro le\" = 7", &[("kind", &["-2"]), ("Ro le", &["7"])]);
        check("DELETE FROM u WHERE role IN ('a', 'b') OR role = 'c'", &[("role", &["'a'", "'b'", "'c'"])]);
        check("DELETE FROM u WHERE role = ANY (ARRAY['a', 'b'])", &[("role", &["'a'", "'b'"])]);
        check(
            "DELETE FROM u WHERE role::text = 'a' AND is_new = false",
            &[("role", &["'a'"]), ("is_new", &["false"])],
        );
        check(
            "DELETE FROM u WHERE n <= 5 AND at > '2020-01-01'",
            &[("n", &["(5 - 1)"]), ("at", &["('2020-01-01'::timestamptz + interval '1 day')"])],
        );
        check(
            "UPDATE u SET n = 1 WHERE (meta ->> 'unit') = 'eur'",
            &[("meta", &["jsonb_build_object('unit', 'eur')"])],
        );
        check("UPDATE u SET n = 1 WHERE mail LIKE '%@x.y'", &[("mail", &["'x@x.y'"])]);
        check("DO $x$ BEGIN UPDATE u SET n = 2 WHERE role = 'a'; END $x$", &[("role", &["'a'"])]);
        check("UPDATE u SET n = 1 WHERE a = b AND c <> 'x' AND d = lower('x')", &[]);
        check("INSERT INTO a SELECT 1 WHERE NOT EXISTS (SELECT FROM a WHERE (b) = 1 AND c = 2)", &[]);
        check(
            "DELETE FROM u WHERE at < now() - interval '1 year'",
            &[("at", &["(now() - interval '20 years')"])],
        );
        check("INSERT INTO a SELECT * FROM b WHERE done = TRUE", &[("done", &["TRUE"])]);
    }
}
