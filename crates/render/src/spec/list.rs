//! Facts of many specs as a table for people or as CSV.

use super::kinds::{FactKind, fact_text};
use crate::plain::{cut, width as columns_of};
use crate::words::count;
use std::fmt::Write as _;

/// A fact with the spec that holds it.
#[derive(Clone, Debug)]
pub struct ListedFact {
    /// What to call the spec.
    pub spec: String,
    /// Its path from the root.
    pub path: String,
    /// Its state.
    pub state: String,
    /// The fact's line.
    pub line: Option<u64>,
    /// The fact as JSON.
    pub fact: serde_json::Value,
}

/// The widest a column of a table gets where the terminal does not say more, in characters.
const WIDEST: usize = 48;

/// Facts as a table for people. `width` is the terminal's; lines are cut to it.
pub fn fact_table(
    kind: &FactKind,
    facts: &[ListedFact],
    width: Option<usize>,
    bold: fn(&str) -> String,
) -> String {
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(facts.len() + 1);
    // A column that is empty in all rows says nothing.
    let used: Vec<&(&str, &str)> = kind
        .columns
        .iter()
        .filter(|(_, path)| facts.iter().any(|f| !fact_text(&f.fact, path).is_empty()))
        .collect();
    let mut header = vec!["spec".to_owned()];
    header.extend(used.iter().map(|(name, _)| (*name).to_owned()));
    header.push("place".to_owned());
    rows.push(header);
    for fact in facts {
        let mut row = vec![fact.spec.clone()];
        row.extend(used.iter().map(|(_, path)| one_line(&fact_text(&fact.fact, path))));
        row.push(place(fact));
        rows.push(row);
    }
    let columns = rows.first().map_or(0, Vec::len);
    let mut widths: Vec<usize> =
        (0..columns).map(|c| rows.iter().map(|row| columns_of(&row[c])).max().unwrap_or(0)).collect();
    fit(&mut widths, width.unwrap_or(usize::MAX));
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (c, cell) in row.iter().enumerate() {
            let cell = cut(cell, widths[c]);
            line.push_str(&cell);
            if c + 1 < columns {
                line.push_str(&" ".repeat(widths[c].saturating_sub(columns_of(&cell)) + 2));
            }
        }
        let line = line.trim_end();
        let _ = writeln!(out, "{}", if index == 0 { bold(line) } else { line.to_owned() });
    }
    let specs: std::collections::BTreeSet<&str> = facts.iter().map(|f| f.path.as_str()).collect();
    let [one, many] = kind.nouns;
    let _ = writeln!(out, "\n{} in {}", count(facts.len(), one, many), count(specs.len(), "spec", "specs"));
    out
}

fn place(fact: &ListedFact) -> String {
    fact.line.map_or_else(|| fact.path.clone(), |line| format!("{}:{line}", fact.path))
}

/// A text on one line, as a terminal may show it.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        crate::plain::push(&mut out, word);
    }
    out
}

/// Cuts the widest columns until the row fits; the last column, which says where, is kept whole.
fn fit(widths: &mut [usize], total: usize) {
    let Some((_, cells)) = widths.split_last_mut() else { return };
    for width in cells.iter_mut() {
        *width = (*width).min(WIDEST);
    }
    let gaps = widths.len().saturating_sub(1) * 2;
    while widths.iter().sum::<usize>() + gaps > total {
        let last = widths.len() - 1;
        let Some(widest) = widths[..last].iter_mut().max_by_key(|w| **w).filter(|w| **w > 8) else { return };
        *widest -= 1;
    }
}

/// Facts as CSV (RFC 4180) with a header: spec, path, line, state, then the kind's columns.
pub fn fact_csv(kind: &FactKind, facts: &[ListedFact]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header =
        ["spec", "path", "line", "state"].into_iter().chain(kind.columns.iter().map(|(name, _)| *name));
    // Writing into memory does not fail.
    let _ = writer.write_record(header);
    for fact in facts {
        let line = fact.line.map_or(String::new(), |line| line.to_string());
        let own = [fact.spec.clone(), fact.path.clone(), line, fact.state.clone()];
        let cells = kind.columns.iter().map(|(_, path)| fact_text(&fact.fact, path));
        let _ = writer.write_record(own.into_iter().chain(cells));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Facts as JSON: each with its spec beside it.
pub fn fact_json(kind: &FactKind, facts: &[ListedFact]) -> String {
    let facts: Vec<serde_json::Value> = facts
        .iter()
        .map(|f| {
            let mut fact = f.fact.clone();
            // A verdict is an object, too; nothing else is listed.
            if let Some(object) = fact.as_object_mut() {
                object.insert("spec".to_owned(), f.spec.clone().into());
                object.insert("path_of_spec".to_owned(), f.path.clone().into());
                object.insert("state_of_spec".to_owned(), f.state.clone().into());
            }
            fact
        })
        .collect();
    crate::json::to_text(&serde_json::json!({
        "schema_version": super::SPEC_SCHEMA_VERSION,
        "kind": kind.name,
        "facts": facts,
    }))
}
