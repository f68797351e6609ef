//! Values that a partition takes.

use trueup_catalog::{Catalog, Relation};

/// Values for the columns by which a table is divided, so that a partition takes the row: one list per column.
pub(crate) fn bound_values(catalog: &Catalog, table: &Relation) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    own_bound(catalog, table, &mut out);
    collect(catalog, table, 0, &mut out);
    out
}

/// The values that the partitions of a table take in a column, as SQL; nothing where they take others, too.
pub fn partition_values(catalog: &Catalog, table: &Relation, column: &str) -> Option<Vec<String>> {
    partition_values_within(catalog, table, column, 0)
}

fn partition_values_within(
    catalog: &Catalog,
    table: &Relation,
    column: &str,
    depth: u32,
) -> Option<Vec<String>> {
    let at = key_columns(table.partition_key.as_deref()?).iter().position(|name| name == column);
    let parts: Vec<&Relation> = parts_of(catalog, table).collect();
    if depth > 8 || parts.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    for part in parts {
        match at {
            Some(at) => out.extend(taken(part.bound.as_deref()?, at)?),
            None => out.extend(partition_values_within(catalog, part, column, depth + 1)?),
        }
    }
    out.dedup();
    Some(out)
}

fn parts_of<'c>(catalog: &'c Catalog, table: &'c Relation) -> impl Iterator<Item = &'c Relation> {
    catalog.relations.iter().filter(|part| {
        part.is_partition
            && part.parents.iter().any(|(schema, name)| *schema == table.schema && *name == table.name)
    })
}

/// Two values at most of a range: whoever wants more of them needs a second partition no longer.
fn taken(bound: &str, at: usize) -> Option<Vec<String>> {
    if bound.starts_with("FOR VALUES IN") {
        return Some(values_at(bound, at).into_iter().filter(|value| value != "NULL").collect());
    }
    if !bound.starts_with("FOR VALUES FROM") {
        return None;
    }
    let values = values_at(bound, at);
    let number = values.first()?.trim_matches('\'').parse::<i64>().ok()?;
    Some(vec![number.to_string(), number.saturating_add(1).to_string()])
}

/// What a partition itself takes, where it is written to by its own name.
fn own_bound(catalog: &Catalog, table: &Relation, out: &mut Vec<(String, Vec<String>)>) {
    let (Some(bound), true) = (&table.bound, table.is_partition) else { return };
    for (schema, name) in &table.parents {
        let key = catalog.relation(schema, name).and_then(|parent| parent.partition_key.as_deref());
        for (at, column) in key.map(key_columns).unwrap_or_default().iter().enumerate() {
            values_at(bound, at).into_iter().for_each(|value| add(out, column, value));
        }
    }
}

fn collect(catalog: &Catalog, table: &Relation, depth: u32, out: &mut Vec<(String, Vec<String>)>) {
    let Some(key) = &table.partition_key else { return };
    if depth > 8 {
        return;
    }
    let columns = key_columns(key);
    for part in parts_of(catalog, table) {
        for (at, column) in columns.iter().enumerate() {
            for value in part.bound.as_deref().map(|bound| values_at(bound, at)).unwrap_or_default() {
                add(out, column, value);
            }
        }
        collect(catalog, part, depth + 1, out);
    }
}

fn add(out: &mut Vec<(String, Vec<String>)>, column: &str, value: String) {
    match out.iter_mut().find(|(name, _)| name == column) {
        Some((_, values)) => values.push(value),
        None => out.push((column.to_owned(), vec![value])),
    }
}

/// The columns of `RANGE (a, "B")`; those of an expression are not told.
fn key_columns(key: &str) -> Vec<String> {
    let inner =
        key.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(inner, _)| inner);
    let name = |part: String| {
        let word = part.split_whitespace().next().unwrap_or("").to_owned();
        word.trim_matches('"').replace("\"\"", "\"")
    };
    at_commas(inner).into_iter().map(name).collect()
}

/// The values for a column in `FOR VALUES IN (…)` or `FOR VALUES FROM (…) TO (…)`.
fn values_at(bound: &str, at: usize) -> Vec<String> {
    let Some((_, rest)) = bound.split_once('(') else { return Vec::new() };
    if bound.starts_with("FOR VALUES IN") {
        let inner = rest.rsplit_once(')').map_or(rest, |(inner, _)| inner);
        return if at == 0 { at_commas(inner) } else { Vec::new() };
    }
    if !bound.starts_with("FOR VALUES FROM") {
        return Vec::new();
    }
    let (from, to) = rest.split_once(") TO (").unwrap_or((rest, ""));
    let from = at_commas(from).into_iter().nth(at).unwrap_or_default();
    let to = at_commas(to.trim_end_matches(')')).into_iter().nth(at).unwrap_or_default();
    match (from.as_str(), to.as_str()) {
        ("MINVALUE" | "", "MAXVALUE" | "") => Vec::new(),
        // The upper bound is not part of it. A day, or one, below is.
        ("MINVALUE", to) => vec![format!("{to}::date - 1"), format!("{to}::bigint - 1")],
        (from, _) => vec![from.to_owned()],
    }
}

fn at_commas(text: &str) -> Vec<String> {
    let (mut out, mut quoted, mut part) = (Vec::new(), false, String::new());
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            ',' if !quoted => {
                out.push(std::mem::take(&mut part).trim().to_owned());
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    if !part.trim().is_empty() {
        out.push(part.trim().to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read() {
        let check =
            |bound: &str, at: usize, expected: &[&str]| assert_eq!(values_at(bound, at), expected, "{bound}");
        check("FOR VALUES IN ('eu', 'it,s')", 0, &["'eu'", "'it,s'"]);
        check("FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')", 0, &["'2026-01-01'"]);
        check("FOR VALUES FROM ('a', 5) TO ('b', 6)", 1, &["5"]);
        check("FOR VALUES FROM (MINVALUE) TO (10)", 0, &["10::date - 1", "10::bigint - 1"]);
        check("FOR VALUES WITH (modulus 2, remainder 0)", 0, &[]);
        check("DEFAULT", 0, &[]);
        assert_eq!(taken("FOR VALUES IN ('eu', NULL)", 0), Some(vec!["'eu'".to_owned()]));
        assert_eq!(taken("FOR VALUES FROM ('7') TO ('20')", 0), Some(vec!["7".to_owned(), "8".to_owned()]));
        assert_eq!(taken("FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')", 0), None);
        assert_eq!(taken("DEFAULT", 0), None);
        assert_eq!(key_columns("RANGE (sold_on, \"Region\" text_ops)"), ["sold_on", "Region"]);
    }
}
