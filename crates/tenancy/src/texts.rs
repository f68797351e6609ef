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
    if !name.is_ascii() {
        return mentions_any_case(&text.to_lowercase(), &name.to_lowercase());
    }
    let (bytes, name) = (text.as_bytes(), name.as_bytes());
    let Some(first) = name.first() else { return false };
    let (low, high) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == low || *b == high))
    {
        let start = at + found;
        let end = start + name.len();
        let same = bytes.get(start..end).is_some_and(|word| word.eq_ignore_ascii_case(name));
        if same && is_whole(text, start, end) {
            return true;
        }
        at = start + 1;
    }
    false
}

fn mentions_any_case(text: &str, name: &str) -> bool {
    !name.is_empty() && text.match_indices(name).any(|(at, _)| is_whole(text, at, at + name.len()))
}

/// Whether no word goes on before or behind a place.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    !before.is_some_and(part) && !after.is_some_and(part)
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

/// A text without what stands in its strings and remarks. Everything keeps its place.
pub(crate) fn code_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '\'' => rest.get(1..).and_then(|inner| inner.find('\'')).map(|at| at + 2),
            '-' if rest.starts_with("--") => rest.find('\n'),
            '/' if rest.starts_with("/*") => rest.find("*/").map(|at| at + 2),
            _ => Some(0),
        };
        let skipped = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        match skipped.is_empty() {
            true => out.push(c),
            false => out.extend(std::iter::repeat_n(' ', skipped.len())),
        }
        rest = rest.get(skipped.len().max(c.len_utf8())..).unwrap_or("");
    }
    out
}

/// Whether code in lower case reads a table: its name stands behind `FROM` or `JOIN`.
pub(crate) fn reads_table(code: &str, name: &str) -> bool {
    let ends = ["where", "on", "order", "group", "limit", "having", "loop", "then", "into", "select"];
    let name = name.to_lowercase();
    let mut within = false;
    for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        match word {
            "from" | "join" => within = true,
            _ if ends.contains(&word) => within = false,
            _ if within && word == name => return true,
            _ => {}
        }
    }
    false
}

/// Settings that a text reads: `current_setting('app.tenant_id', true)`. Those without a dot are the server's.
pub(crate) fn settings(text: &str) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let lower = text.to_ascii_lowercase();
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
    let (lower, call) = (text.to_ascii_lowercase(), call.to_ascii_lowercase());
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
    let Some(at) = text.to_ascii_lowercase().rfind(function) else { return false };
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

/// A column that a text compares with something.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Side {
    pub column: String,
    /// The name before its dot.
    pub of: Option<String>,
    /// The whole of what stands on the other side.
    pub other: String,
}

/// The name before the dot of a column in an expression.
fn qualifier(expr: &str, column: &str) -> Option<String> {
    let at = expr.rfind(column)?;
    let before = expr.get(..at)?.trim_end_matches('"').strip_suffix('.')?.trim_end_matches('"');
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    before.get(start..).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Columns that a text compares with something, and what that is.
pub(crate) fn sides(text: &str) -> Vec<Side> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices('=') {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
        if before.ends_with([':', '<', '>', '!', '=']) || after.starts_with(['>', '=']) {
            continue;
        }
        let (left, right) = (expression_before(before), expression(after));
        for (column, own, other) in [(last_name(left), left, right), (first_name(right), right, left)] {
            out.extend(column.map(|column| {
                let of = qualifier(own, &column);
                Side { column, of, other: other.to_owned() }
            }));
        }
    }
    out
}

/// Words that end an expression.
const ENDS: [&str; 14] = [
    "AND",
    "OR",
    "LIMIT",
    "ORDER",
    "GROUP",
    "FOR",
    "INTO",
    "UNION",
    "THEN",
    "LOOP",
    "RETURNING",
    "WHERE",
    "ON",
    "SELECT",
];

/// The expression with which a text begins.
fn expression(text: &str) -> &str {
    let (mut depth, mut quoted, mut word) = (0i32, false, 0);
    let ends = |word: &str| ENDS.contains(&word.to_ascii_uppercase().as_str());
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => continue,
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 || (depth == 0 && matches!(c, ';' | ',')) {
            return text.get(..at).unwrap_or(text).trim();
        }
        if c.is_alphanumeric() || c == '_' {
            continue;
        }
        if depth == 0 && text.get(word..at).is_some_and(ends) {
            return text.get(..word).unwrap_or(text).trim();
        }
        word = at + c.len_utf8();
    }
    let last = text.get(word..).filter(|last| ends(last)).map_or(0, str::len);
    text.get(..text.len() - last).unwrap_or(text).trim()
}

/// The expression with which a text ends.
fn expression_before(text: &str) -> &str {
    let even = evened(text);
    let starts = ENDS.iter().chain(&["WHEN", "IF", "RETURN"]).filter_map(|word| {
        let word = format!("{word} ");
        let alone = |at: usize| {
            let before = even.get(..at).unwrap_or("");
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        };
        let found = even.match_indices(&word).map(|(at, _)| at).filter(|at| alone(*at)).last();
        found.map(|at| at + word.len())
    });
    let start = starts.max().unwrap_or(0);
    let mut text = text.get(start..).unwrap_or(text).trim();
    // Brackets that are closed further on.
    while text.starts_with('(') && text.matches('(').count() > text.matches(')').count() {
        text = text.get(1..).unwrap_or("").trim_start();
    }
    text
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

/// Words that stand in quotes in a text, those in lists as well; names of settings and what reads them are none.
pub(crate) fn quoted_words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let plain = |word: &str| {
        !word.is_empty()
            && word.len() < 64
            && word.chars().all(|c| c.is_alphanumeric() || "_-. :".contains(c))
    };
    let parts: Vec<&str> = text.split('\'').collect();
    for pair in parts.chunks(2) {
        let [code, literal] = pair else { break };
        let code = code.trim_end();
        if ["current_setting(", "->", "->>"].iter().any(|end| code.ends_with(end)) {
            continue;
        }
        let inner = literal.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
        for word in inner.map_or(vec![*literal], |inner| inner.split(',').collect()) {
            let word = word.trim().trim_matches('"');
            if plain(word) && !out.iter().any(|known| known == word) {
                out.push(word.to_owned());
            }
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
        check("city <> 'İİzmir' AND tenant = current_setting('app.t')", &[("app.t", false)]);
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
        let side = |text: &str| {
            let found = sides(text);
            found
                .into_iter()
                .map(|side| (side.of.unwrap_or_default(), side.column, side.other))
                .collect::<Vec<_>>()
        };
        let own = |of: &str, column: &str, other: &str| (of.to_owned(), column.to_owned(), other.to_owned());
        assert_eq!(
            side("SELECT x FROM k WHERE k.t = md5(f('a, b')) AND y IS NULL"),
            [own("k", "t", "md5(f('a, b'))")]
        );
        assert_eq!(side("x := 1; IF sid = s.id THEN"), [own("", "sid", "s.id"), own("s", "id", "sid")]);
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
        let code = code_of("IF a <> 'from docs' THEN -- from docs\n x := 'İt''s'; /* from docs */ FROM y, z")
            .to_lowercase();
        assert!(!reads_table(&code, "docs") && reads_table(&code, "z"), "{code}");
        assert!(reads_table("select 1 from public.a, public.docs d where", "docs"), "the second of two");
        assert!(mentions("FROM public.orders o", "orders") && !mentions("FROM reorders", "orders"));
    }
}
