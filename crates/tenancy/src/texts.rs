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

/// Paths that are read from JSON: `-> 'app_metadata' ->> 'tenant_id'`, `#>> '{app_metadata,tenant_id}'`.
pub(crate) fn json_paths(text: &str) -> Vec<Vec<String>> {
    let (mut out, mut path, mut rest) = (Vec::new(), Vec::new(), text);
    while let Some(at) = rest.find(['>']) {
        let before = rest.get(..at).unwrap_or("");
        let arrow = before.ends_with('-') || before.ends_with('#');
        let deep = before.ends_with('#');
        rest = rest.get(at + 1..).unwrap_or("");
        if !arrow {
            continue;
        }
        let last = rest.starts_with('>');
        let inner = rest.trim_start_matches('>').trim_start();
        let Some((key, after)) = inner.strip_prefix('\'').and_then(|inner| inner.split_once('\'')) else {
            continue;
        };
        match deep {
            true => path.extend(key.trim_matches(['{', '}']).split(',').map(|part| part.trim().to_owned())),
            false => path.push(key.to_owned()),
        }
        let closed = after.trim_start_matches("::text").trim_start_matches([')', ' ', '\n']);
        if last || !(closed.starts_with("->") || closed.starts_with("#>")) {
            out.push(std::mem::take(&mut path));
        }
        rest = after;
    }
    out
}

/// Columns that a condition compares with something: the column's name and what stands on the other side.
pub(crate) fn comparisons(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(" = ") {
        let before = text.get(..at).unwrap_or("");
        let after: String = text.get(at + 3..).unwrap_or("").chars().take(160).collect();
        if let Some(column) = last_name(before) {
            out.push((column, after.clone()));
        }
        // The other way round: `current_setting('app.tenant') = (tenant_id)::text`.
        let tail: String = before.chars().rev().take(160).collect::<Vec<_>>().into_iter().rev().collect();
        if let Some(column) = first_name(&after) {
            out.push((column, tail));
        }
    }
    out
}

/// `(tenant_id)::text` and `o."TenantId"` end with a column.
fn last_name(text: &str) -> Option<String> {
    let mut text = text.trim_end();
    for cast in ["::text", "::name", "::character varying", "::uuid", "::bigint", "::integer"] {
        text = text.strip_suffix(cast).unwrap_or(text);
    }
    let text = text.trim_end_matches(')');
    if let Some(inner) = text.strip_suffix('"') {
        return inner.rsplit('"').next().map(str::to_owned);
    }
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    text.get(start..).filter(|name| !name.is_empty()).map(str::to_owned)
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
        assert!(mentions("FROM public.orders o", "orders") && !mentions("FROM reorders", "orders"));
    }
}
