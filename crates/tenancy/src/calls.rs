//! What functions are called with: the literals that policies and other functions give them.

use crate::model::World;
use crate::texts::all_texts;
use trueup_catalog::{Function, Type, TypeKind, quote_literal};
use trueup_rows::Family;

/// The value of an argument that stands for a right or a list of rights, as SQL: one that the function is called with,
/// rather one that stands in a row of the tenant.
pub(crate) fn told(world: &World<'_>, function: &Function, at: usize, family: &Family) -> Option<String> {
    let given: Vec<String> = all_texts(world.catalog)
        .into_iter()
        .flat_map(|text| calls(text, &function.name))
        .filter_map(|arguments| literal(arguments.get(at)?))
        .collect();
    let held = |sql: &&String| {
        let rows = family.rows.iter().flat_map(|row| &row.values);
        rows.filter_map(|(_, value)| value.as_deref()).any(|value| quote_literal(value) == **sql)
    };
    let known = given.iter().find(held);
    known.or_else(|| given.iter().max_by_key(|sql| sql.len())).cloned()
}

/// A label of an enum that a row of the tenant has, or the first; of a list, all of them.
pub(crate) fn label(world: &World<'_>, type_name: &str, family: &Family) -> Option<String> {
    let (element, list) = match type_name.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (type_name, false),
    };
    let labels = labels_of(world, element)?;
    if list {
        let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
        return Some(format!("ARRAY[{}]", labels.join(", ")));
    }
    let held = family.rows.iter().find_map(|row| {
        let table = world.catalog.relation(&row.table.0, &row.table.1)?;
        let column = table.columns.iter().find(|column| column.type_name == type_name)?;
        row.value(&column.name)
    });
    held.or_else(|| labels.first().map(String::as_str)).map(quote_literal)
}

/// Whether a type is an enum, or a list of one.
pub(crate) fn is_enum(world: &World<'_>, type_name: &str) -> bool {
    labels_of(world, type_name.trim_end_matches("[]")).is_some()
}

/// The labels of an enum.
pub(crate) fn labels_of<'c>(world: &World<'c>, name: &str) -> Option<&'c Vec<String>> {
    let named = |own: &&Type| own.name == name || trueup_catalog::qualified(&own.schema, &own.name) == name;
    match &world.catalog.types.iter().find(named)?.kind {
        TypeKind::Enum(labels) => Some(labels),
        _ => None,
    }
}

/// The arguments of each call of a function in a text.
pub(crate) fn calls<'t>(text: &'t str, name: &str) -> Vec<Vec<&'t str>> {
    let lower = text.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let starts = lower.match_indices(&name).filter_map(|(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        let whole = !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let rest = text.get(at + name.len()..)?.trim_start_matches('"').trim_start();
        whole.then_some(())?;
        rest.strip_prefix('(')
    });
    starts.map(split).collect()
}

/// What stands between brackets, at its commas.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0i32, false, 0);
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' if depth == 0 => {
                out.extend(text.get(start..at));
                return out;
            }
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                out.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    Vec::new()
}

/// An argument that is one literal, or a list of literals, as SQL; named ones (`wanted => 'x'`) as well.
fn literal(argument: &str) -> Option<String> {
    let argument = argument.trim();
    let argument = argument.rsplit_once("=>").map_or(argument, |(_, value)| value.trim());
    if let Some(list) = argument.strip_prefix("ARRAY[").or_else(|| argument.strip_prefix("array[")) {
        let words: Option<Vec<String>> =
            split(&list.replacen(']', ")", 1)).into_iter().map(literal).collect();
        return words.filter(|words| !words.is_empty()).map(|words| format!("ARRAY[{}]", words.join(", ")));
    }
    let inner = argument.strip_prefix('\'')?;
    let (word, after) = inner.split_once('\'')?;
    let plain = after.is_empty() || after.starts_with("::");
    let whole = !after.contains(['\'', '|', '>']);
    (plain && whole).then(|| quote_literal(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_from_calls() {
        let check = |text: &str, at: usize, expected: Option<&str>| {
            let found = calls(text, "has_role");
            let found = found.first().and_then(|arguments| literal(arguments.get(at)?));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("(private.has_role(id, 'owner'::text) AND x)", 1, Some("'owner'"));
        check("has_role(id, wanted => 'owner')", 1, Some("'owner'"));
        check("has_role(id, '{owner,admin}'::r[])", 1, Some("'{owner,admin}'"));
        check("has_role(f(a, b), ARRAY['x'::text, 'y'::text])", 1, Some("ARRAY['x', 'y']"));
        check("has_role(id, 'a'::text || b)", 1, None);
        check("not_has_role(id, 'owner')", 1, None);
        check("has_role(id", 0, None);
        check("has_role(id, role)", 1, None);
    }
}
