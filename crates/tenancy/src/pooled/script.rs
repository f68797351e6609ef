//! What a script says about settings and transactions.

use super::plan::Held;
use crate::statics::call_of;
use trueup_catalog::{quote_ident, quote_literal};
use trueup_sql::Script;

/// Words with which statements about transactions and settings as a whole begin.
const KEPT: [&str; 10] =
    ["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "reset", "discard"];

/// The statements of a script that bear on claims, with A's values where they set some.
pub(super) fn settings_of(text: &str, claims: &[Held]) -> Vec<String> {
    let script = Script::read(text);
    let statements = script.statements.iter().map(|statement| statement.span.text(text));
    statements.filter_map(|statement| one(statement, claims)).collect()
}

fn one(statement: &str, claims: &[Held]) -> Option<String> {
    let mut words = statement.split(|c: char| c.is_whitespace() || c == '=');
    let first = words.next()?.to_lowercase();
    if KEPT.contains(&first.as_str()) {
        return Some(statement.to_owned());
    }
    match first.as_str() {
        "set" => set(statement, claims),
        "select" | "do" => called(statement, claims),
        _ => None,
    }
}

/// `SET [SESSION | LOCAL] name { = | TO } value`
fn set(statement: &str, claims: &[Held]) -> Option<String> {
    let mut rest = statement.get(3..)?.trim_start();
    let mut kept = "SET";
    for (word, whole) in [("session", "SET SESSION"), ("local", "SET LOCAL")] {
        let begins = rest.get(..word.len()).is_some_and(|front| front.eq_ignore_ascii_case(word));
        if begins && rest.get(word.len()..).is_some_and(|after| after.starts_with(char::is_whitespace)) {
            rest = rest.get(word.len()..)?.trim_start();
            kept = whole;
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '=')?;
    let name = rest.get(..end)?.replace('"', "");
    let claim = claims.iter().find(|claim| claim.name.eq_ignore_ascii_case(&name))?;
    let value = rest.get(end..)?.trim_start().trim_start_matches('=').trim();
    let value = value
        .get(..3)
        .filter(|to| to.eq_ignore_ascii_case("to "))
        .map_or(value, |_| value.get(3..).unwrap_or("").trim());
    match is_nothing(value) {
        true => Some(statement.to_owned()),
        false => Some(format!("{kept} {} = {}", setting_name(&claim.name), quote_literal(&claim.value))),
    }
}

/// Whether a value takes a claim back rather than setting it.
pub(crate) fn is_nothing(value: &str) -> bool {
    matches!(value.trim().to_lowercase().as_str(), "''" | "default" | "null")
}

/// `SELECT set_config('name', value, is_local)`, the value replaced by A's.
fn called(statement: &str, claims: &[Held]) -> Option<String> {
    let mut out = statement.to_owned();
    let mut from = 0;
    let mut any = false;
    while let Some(at) = out.to_ascii_lowercase().get(from..).and_then(|rest| rest.find("set_config")) {
        let at = from + at;
        from = at + "set_config".len();
        let Some(call) = out.get(at..).and_then(call_of).map(str::to_owned) else { break };
        let arguments = arguments_of(&call);
        let [name, value, local] = arguments.as_slice() else { continue };
        let bare = name.trim_matches('\'');
        let Some(claim) = claims.iter().find(|claim| claim.name.eq_ignore_ascii_case(bare)) else { continue };
        any = true;
        if !is_nothing(value) {
            let new = format!("set_config({name}, {}, {local})", quote_literal(&claim.value));
            out.replace_range(at..at + call.len(), &new);
        }
    }
    any.then_some(out)
}

/// The arguments of a call, as they are written.
fn arguments_of(call: &str) -> Vec<String> {
    let inner = call.split_once('(').map_or("", |(_, inner)| inner);
    let inner = inner.strip_suffix(')').unwrap_or(inner);
    let (mut out, mut depth, mut quoted) = (vec![String::new()], 0i32, false);
    for c in inner.chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.into_iter().map(|argument| argument.trim().to_owned()).collect()
}

/// The name of a setting in SQL: each part by itself.
pub(super) fn setting_name(name: &str) -> String {
    name.split('.').map(quote_ident).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bears_on_claims_is_kept_with_the_value_of_a() {
        let claims = [Held { name: "app.tenant_id".into(), value: "7".into(), marks: Vec::new() }];
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(settings_of(text, &claims), expected, "{text}");
        };
        check("SET app.tenant_id = '1'; SELECT 1;", &["SET app.tenant_id = '7'"]);
        check("set local app.tenant_id to 1; SET other.x = 2", &["SET LOCAL app.tenant_id = '7'"]);
        check(
            "BEGIN; SET SESSION app.tenant_id='x'; COMMIT; RESET ALL",
            &["BEGIN", "SET SESSION app.tenant_id = '7'", "COMMIT", "RESET ALL"],
        );
        check(
            "SET app.tenant_id TO DEFAULT; SET app.tenant_id = ''",
            &["SET app.tenant_id TO DEFAULT", "SET app.tenant_id = ''"],
        );
        check(
            "SELECT set_config('app.tenant_id', (SELECT id FROM t WHERE n = 'a,b'), false)",
            &["SELECT set_config('app.tenant_id', '7', false)"],
        );
        check(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; SELECT set_config('a.b', 'x', false)",
            &[],
        );
    }
}
