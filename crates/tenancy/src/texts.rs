//! What conditions and functions say about who speaks, read from their text.

use trueup_catalog::Catalog;

/// All texts in which a claim may be read: conditions, functions, views, defaults.
pub(crate) fn all_texts(catalog: &Catalog) -> Vec<&str> {
    let relations = catalog.relations.iter();
    let mut out = Vec::new();
    for relation in relations {
        out.extend(relation.definition.as_deref());
        out.extend(relation.columns.iter().filter_map(|column| column.default.as_deref()));
        for policy in &relation.policies {
            out.extend(policy.using.as_deref());
            out.extend(policy.check.as_deref());
        }
    }
    out.extend(catalog.functions.iter().map(text_of));
    out
}

/// The body of a function; one between `BEGIN ATOMIC` and `END` stands only in the definition.
pub(crate) fn text_of(function: &trueup_catalog::Function) -> &str {
    if function.body.trim().is_empty() { &function.definition } else { &function.body }
}

/// Whether a name stands in a text as a whole word.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let text = text.to_lowercase();
    let name = name.to_lowercase();
    let part = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty()
        && text.match_indices(&name).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(part) && !after.is_some_and(part)
        })
}

/// A text without the names of what is read from claims: the key in `claims -> 'teams'` is no table.
pub(crate) fn without_keys(text: &str) -> String {
    let names = ["->", "->>", "#>", "#>>", "current_setting("];
    let mut out: Vec<&str> = Vec::new();
    for (at, part) in text.split('\'').enumerate() {
        let before = out.last().copied().unwrap_or("").trim_end();
        let key = at % 2 == 1 && names.iter().any(|name| before.ends_with(name));
        out.push(if key { "" } else { part });
    }
    out.join("'")
}

/// Settings that a text reads: `current_setting('app.tenant_id', true)`. Those without a dot are the server's.
pub(crate) fn settings(text: &str) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let lower = text.to_lowercase();
    for (at, found) in lower.match_indices("current_setting") {
        let Some(rest) = text.get(at + found.len()..) else { continue };
        let Some(inner) = rest.trim_start().strip_prefix('(').map(str::trim_start) else { continue };
        let Some((name, after)) = inner.strip_prefix('\'').and_then(|inner| inner.split_once('\'')) else {
            continue;
        };
        if name.contains('.') {
            out.push((name.to_owned(), is_json(after)));
        }
    }
    out
}

/// Whether what follows the name of a setting makes JSON of it, before anything else begins.
fn is_json(after: &str) -> bool {
    let near: String = after.chars().take(60).collect::<String>().to_lowercase();
    let end = near.find("current_setting").unwrap_or(near.len());
    near.get(..end).is_some_and(|near| near.contains("::json") || near.contains(" as json"))
}

/// How a claim is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As one value.
    Plain,
    /// As a list in JSON: `jsonb_array_elements_text(…)`, `… ? tenant_id`.
    List,
    /// As an array of SQL: `…::uuid[]`.
    Array,
}

/// Paths that are read from JSON: `-> 'app_metadata' ->> 'tenant_id'`, `#>> '{app_metadata,tenant_id}'`.
pub(crate) fn json_paths(text: &str) -> Vec<Vec<String>> {
    json_reads(text).into_iter().map(|(path, _)| path).collect()
}

/// The same, and how what stands there is read.
pub(crate) fn json_reads(text: &str) -> Vec<(Vec<String>, Form)> {
    let (mut out, mut path, mut at) = (Vec::new(), Vec::new(), 0);
    let mut start = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('>')) {
        let before = text.get(..at + found).unwrap_or("");
        let deep = before.ends_with('#');
        let arrow = before.ends_with('-') || deep;
        at += found + 1;
        let rest = text.get(at..).unwrap_or("");
        if !arrow {
            continue;
        }
        let last = rest.starts_with('>');
        let inner = rest.trim_start_matches('>').trim_start();
        let Some((key, after)) = inner.strip_prefix('\'').and_then(|inner| inner.split_once('\'')) else {
            continue;
        };
        if path.is_empty() {
            start = before.len();
        }
        match deep {
            true => path.extend(key.trim_matches(['{', '}']).split(',').map(|part| part.trim().to_owned())),
            false => path.push(key.to_owned()),
        }
        let closed = after.trim_start_matches("::text").trim_start_matches([')', ' ', '\n']);
        if last || !(closed.starts_with("->") || closed.starts_with("#>")) {
            let form = form_of(text.get(..start).unwrap_or(""), after);
            out.push((std::mem::take(&mut path), form));
        }
        at = text.len() - after.len();
    }
    out
}

/// Settings and functions that are read as lists: what stands right behind the call, and around it, tells.
pub(crate) fn call_form(text: &str, call: &str) -> Form {
    let (lower, call) = (text.to_lowercase(), call.to_lowercase());
    let mut forms = lower.match_indices(&call).map(|(at, _)| {
        let after = text.get(at + call.len()..).unwrap_or("");
        let after = after.split_once(')').map_or("", |(_, after)| after);
        form_of(text.get(..at).unwrap_or(""), after)
    });
    forms.find(|form| *form != Form::Plain).unwrap_or(Form::Plain)
}

/// How something is read, by what stands before and behind it.
fn form_of(before: &str, after: &str) -> Form {
    let mut rest = after;
    loop {
        rest = rest.trim_start_matches([')', ' ', '\n']);
        // `NULLIF(…, '')` changes nothing.
        if let Some(inner) = rest.strip_prefix(", ''") {
            rest = inner;
            continue;
        }
        let Some(cast) = rest.strip_prefix("::") else { break };
        let end = cast.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ' '))).unwrap_or(cast.len());
        rest = cast.get(end..).unwrap_or("");
        if rest.starts_with("[]") {
            return Form::Array;
        }
    }
    let asked = ["? ", "?| ", "?& ", "@> "].iter().any(|sign| rest.starts_with(sign));
    let own = before.rfind("<@").and_then(|at| before.get(at..));
    let asks = own.is_some_and(|own| {
        let own = evened(own);
        !own.contains(" AND ") && !own.contains(" OR ")
    });
    match asked || asks || is_open(before, "array_elements") {
        true => Form::List,
        false => Form::Plain,
    }
}

/// Whether the brackets behind the last call of a function are still open at the end of a text.
fn is_open(text: &str, function: &str) -> bool {
    let Some(at) = text.to_lowercase().rfind(function) else { return false };
    let (mut depth, mut quoted) = (0i32, false);
    for c in text.get(at..).unwrap_or("").chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

/// Columns that a condition compares with something: the column's name and what stands on the other side.
pub(crate) fn comparisons(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let even = evened(text);
    for sign in [" = ", " IN ", " ? "] {
        for (at, _) in even.match_indices(sign) {
            let before = text.get(..at).unwrap_or("");
            let after: String = text.get(at + sign.len()..).unwrap_or("").chars().take(160).collect();
            // A query on tables says more than what the column is compared with.
            if sign == " IN " && !reads_list(&after) {
                continue;
            }
            if let Some(column) = last_name(before) {
                out.push((column, until_next(&after).to_owned()));
            }
            // The other way round: `current_setting('app.tenant') = (tenant_id)::text`.
            let tail: String = before.chars().rev().take(160).collect::<Vec<_>>().into_iter().rev().collect();
            if let Some(column) = first_name(&after) {
                out.push((column, since_last(&tail).to_owned()));
            }
        }
    }
    out
}

/// A text in which words are looked for as the server writes them: conditions come from the server, but bodies of
/// functions are as somebody wrote them. Everything keeps its place.
fn evened(text: &str) -> String {
    text.to_ascii_uppercase().replace(['\n', '\r', '\t'], " ")
}

/// Lists of words that stand in a text: `'{owner,admin}'`, `ARRAY['owner'::r, 'admin'::r]`. What has to be none of
/// them (`<> ALL (…)`) is left out.
pub(crate) fn listed_words(text: &str) -> Vec<Vec<&str>> {
    let parts: Vec<&str> = text.split('\'').collect();
    let mut out: Vec<Vec<&str>> = Vec::new();
    let mut open = false;
    for pair in parts.chunks(2) {
        let [code, literal] = pair else { break };
        let code = evened(code);
        let before = code.trim_end_matches(['(', '[', ' ']);
        let before = before.strip_suffix("ARRAY").unwrap_or(before).trim_end_matches(['(', ' ']);
        let begins = code.trim_end().ends_with("ARRAY[");
        let none = before.ends_with(" ALL") || before.ends_with("<>");
        open = (begins && !none) || (open && !code.contains(']'));
        if let Some(inner) = literal.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            out.extend((!none).then(|| inner.split(',').map(|word| word.trim().trim_matches('"')).collect()));
        } else if begins && !none {
            out.push(vec![literal]);
        } else if open && let Some(list) = out.last_mut() {
            list.push(literal);
        }
    }
    out
}

/// What stands before the next `AND`.
pub(crate) fn until_and(text: &str) -> &str {
    evened(text).find(" AND ").and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What stands before the next condition.
fn until_next(text: &str) -> &str {
    let even = evened(text);
    let end = [" AND ", " OR "].iter().filter_map(|word| even.find(word)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What stands behind the last condition.
fn since_last(text: &str) -> &str {
    let even = evened(text);
    let start = [" AND ", " OR "].iter().filter_map(|word| Some(even.rfind(word)? + word.len())).max();
    start.and_then(|start| text.get(start..)).unwrap_or(text)
}

/// Whether a query in a condition reads nothing but the parts of one value.
fn reads_list(text: &str) -> bool {
    let lower = text.to_lowercase().replace('\n', " ");
    let parts = |from: &str| {
        ["json", "unnest", "string_to", "regexp_split"].iter().any(|name| from.trim_start().starts_with(name))
    };
    ["array_elements", "unnest", "string_to", "regexp_split"].iter().any(|name| lower.contains(name))
        && lower.split(" from ").skip(1).all(parts)
}

/// `(tenant_id)::text` and `o."TenantId"` end with a column.
fn last_name(text: &str) -> Option<String> {
    let mut text = text.trim_end();
    while let Some(inner) = without_cast(text).or_else(|| text.strip_suffix(')')) {
        text = inner.trim_end();
    }
    if let Some(inner) = text.strip_suffix('"') {
        return inner.rsplit('"').next().map(str::to_owned);
    }
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    text.get(start..).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// What is cast by the last `::type`, be it of a schema: `(slug)::shop.slug`.
fn without_cast(text: &str) -> Option<&str> {
    let at = text.rfind("::")?;
    let (inner, cast) = (text.get(..at)?, text.get(at + 2..)?);
    let long = ["character varying", "double precision", "timestamp with", "time with"];
    let long = long.iter().any(|name| cast.starts_with(name));
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"') || (long && c == ' ');
    (!cast.is_empty() && cast.chars().all(of_name)).then_some(inner)
}

fn first_name(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['(', ' ']);
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' || c == '"')).unwrap_or(text.len());
    let name = text.get(..end)?;
    let called = text.get(end..).is_some_and(|after| after.starts_with('('));
    let bare = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
    (!called && !bare.is_empty() && !bare.starts_with(|c: char| c.is_ascii_digit())).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_paths_are_read() {
        let check = |text: &str, names: &[(&str, bool)]| {
            let found: Vec<(String, bool)> = settings(text);
            let found: Vec<(&str, bool)> = found.iter().map(|(name, json)| (name.as_str(), *json)).collect();
            assert_eq!(found, names, "{text}");
        };
        check(
            "(tenant_id = (current_setting('app.tenant_id'::text, true))::uuid)",
            &[("app.tenant_id", false)],
        );
        check(
            "NULLIF(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'",
            &[("request.jwt.claims", true)],
        );
        check("current_setting('search_path')", &[]);
        let paths = |text: &str| json_paths(text).into_iter().map(|path| path.join(".")).collect::<Vec<_>>();
        assert_eq!(
            paths("((auth.jwt() -> 'app_metadata'::text) ->> 'tenant_id'::text)"),
            ["app_metadata.tenant_id"]
        );
        assert_eq!(paths("x ->> 'sub' OR x #>> '{a,b}' OR n > 5"), ["sub", "a.b"]);
        let form = |text: &str| json_reads(text).first().map(|(_, form)| *form);
        let setting = "(current_setting('c'::text, true))::jsonb";
        assert_eq!(
            form(&format!("jsonb_array_elements_text(({setting} -> 'tenants'::text))")),
            Some(Form::List)
        );
        assert_eq!(form(&format!("(({setting} -> 'tenants'::text) ? (tenant_id)::text)")), Some(Form::List));
        assert_eq!(
            form(&format!("(to_jsonb(tenant_id) <@ ({setting} -> 'tenants'::text))")),
            Some(Form::List)
        );
        assert_eq!(form(&format!("(({setting} ->> 'tenants'::text))::uuid[]")), Some(Form::Array));
        assert_eq!(form(&format!("(({setting} ->> 'sub'::text))::uuid = user_id")), Some(Form::Plain));
        let array = "(tenant_id = ANY ((NULLIF(current_setting('app.t'::text, true), ''::text))::uuid[]))";
        assert_eq!(call_form(array, "current_setting('app.t'"), Form::Array);
        assert_eq!(
            call_form(
                "(string_to_array(current_setting('app.t'::text), ','::text))::uuid[]",
                "current_setting('app.t'"
            ),
            Form::Plain
        );
    }

    #[test]
    fn comparisons_are_read() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                comparisons(text).first().map(|(column, _)| column.as_str()),
                Some(expected),
                "{text}"
            );
        };
        check("((tenant_id)::text = current_setting('app.tenant_id'::text, true))", "tenant_id");
        check("(o.\"TenantId\" = auth.uid())", "TenantId");
        check("(slug = (current_setting('app.slug'::text, true))::citext)", "slug");
        check("((slug)::citext = (current_setting('app.slug'::text, true))::citext)", "slug");
        check("(((o.slug)::shop.\"Slug\")::character varying = my_slug())", "slug");
        check("where (m.tenant_id)::text\n\tin (select unnest(my_tenants()))", "tenant_id");
        check("((tenant_id)::text IN ( SELECT jsonb_array_elements_text(x -> 'tenants')))", "tenant_id");
        let both = comparisons("((flag = 'x'::text) OR (auth.uid() = user_id))");
        let both: Vec<(&str, &str)> =
            both.iter().map(|(name, other)| (name.as_str(), other.trim())).collect();
        assert_eq!(both, [("flag", "'x'::text)"), ("user_id", "(auth.uid()")]);
        let lower = comparisons("m.org_id = org\n  and m.user_id = auth.uid()");
        let lower: Vec<(&str, &str)> =
            lower.iter().map(|(name, other)| (name.as_str(), other.trim())).collect();
        assert_eq!(
            lower,
            [("org_id", "org"), ("org", "m.org_id"), ("user_id", "auth.uid()")],
            "in lower case, over lines"
        );
        assert_eq!(
            listed_words(
                "f(id, '{owner,\"admin\"}'::r[]) AND r = ANY (ARRAY['a'::r, 'b'::r]) AND s <> 'c' AND t <> ALL (ARRAY['d', 'e']) \
                 AND u <> ALL ('{f}'::text[]) AND g(ARRAY['h'])"
            ),
            [vec!["owner", "admin"], vec!["a", "b"], vec!["h"]]
        );
        let keys =
            "SELECT x -> 'teams' ->> 'team', current_setting('app.teams') FROM cards WHERE kind = 'boards'";
        assert_eq!(
            without_keys(keys),
            "SELECT x -> '' ->> '', current_setting('') FROM cards WHERE kind = 'boards'"
        );
        assert_eq!(comparisons("(org_id IN ( SELECT m.org_id FROM members m WHERE f(1)))"), []);
        assert!(mentions("FROM public.orders o", "orders") && !mentions("FROM reorders", "orders"));
    }
}
