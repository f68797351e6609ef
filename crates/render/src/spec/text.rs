//! The facts of a spec for people.

use super::kinds::{FACT_KINDS, FactKind, fact_text};
use super::list::one_line;
use crate::palette::Palette;
use crate::plain::{cut, width as columns_of};
use serde_json::Value;
use std::fmt::Write as _;

/// How to show a spec.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpecTextOptions<'a> {
    /// Whether to colour.
    pub color: bool,
    /// Columns of the terminal; lines are not cut where it is none.
    pub width: Option<usize>,
    /// Only these kinds; all where this is empty.
    pub kinds: &'a [&'a FactKind],
}

/// A spec, from its JSON, for people: what it says by kind, each fact with its line.
pub fn spec_text(spec: &Value, options: &SpecTextOptions<'_>) -> String {
    let palette = Palette::new(options.color);
    let mut out = String::new();
    head(spec, &palette, &mut out);
    let mut silent = Vec::new();
    for kind in FACT_KINDS {
        let wanted = options.kinds.is_empty() || options.kinds.iter().any(|k| k.name == kind.name);
        if !wanted || options.kinds.is_empty() && kind.name == "sections" {
            continue;
        }
        let facts = kind.facts(spec);
        if facts.is_empty() {
            silent.push(kind.title.to_lowercase());
            continue;
        }
        group(kind, &facts, options.width, &palette, &mut out);
    }
    if options.kinds.is_empty() {
        let missing: Vec<String> = missing_sections(spec);
        if !missing.is_empty() {
            let _ =
                writeln!(out, "{}Missing sections{}  {}\n", palette.bold, palette.reset, missing.join(", "));
        }
        let _ = writeln!(out, "Nothing read of: {}", silent.join(", "));
    }
    out
}

fn head(spec: &Value, palette: &Palette, out: &mut String) {
    let text = |path: &str| fact_text(spec, path);
    let id = text("id");
    let title = text("title");
    let whole = if id.is_empty() || title.contains(&id) { title } else { format!("{id}: {title}") };
    let _ = writeln!(out, "{}{whole}{}", palette.bold, palette.reset);
    let state = match text("status.text") {
        words if words.is_empty() => format!("{} ({})", text("status.state"), text("status.source")),
        words => format!("{} (\"{words}\")", text("status.state")),
    };
    let _ = writeln!(out, "{}:{}  {state}  template {}", text("path"), text("line"), text("template.name"));
    if let Some(meta) = spec["meta"].as_object() {
        let fields: Vec<String> = meta
            .iter()
            .map(|(key, field)| format!("{key}: {}", one_line(&fact_text(field, "value"))))
            .filter(|field| field.len() < 120)
            .collect();
        if !fields.is_empty() {
            let _ = writeln!(out, "{}", fields.join(" · "));
        }
    }
    out.push('\n');
}

fn group(kind: &FactKind, facts: &[&Value], width: Option<usize>, palette: &Palette, out: &mut String) {
    let _ = writeln!(out, "{}{} ({}){}", palette.bold, kind.title, facts.len(), palette.reset);
    let used: Vec<&str> = kind
        .columns
        .iter()
        .map(|(_, path)| *path)
        .filter(|path| facts.iter().any(|fact| !fact_text(fact, path).is_empty()))
        .collect();
    let rows: Vec<Vec<String>> =
        facts.iter().map(|f| used.iter().map(|path| cell(f, path)).collect()).collect();
    // The last column takes what is left of the line.
    let widths: Vec<usize> = (0..used.len().saturating_sub(1))
        .map(|c| rows.iter().map(|row| columns_of(&row[c])).max().unwrap_or(0).min(44))
        .collect();
    for (fact, row) in facts.iter().zip(&rows) {
        let line = fact_text(fact, "line");
        let mut text = format!("{line:>6}  ");
        for (c, cell) in row.iter().enumerate() {
            match widths.get(c) {
                Some(width) => {
                    let cell = cut(cell, *width);
                    text.push_str(&cell);
                    text.push_str(&" ".repeat(width.saturating_sub(columns_of(&cell)) + 2));
                }
                None => text.push_str(cell),
            }
        }
        let text = text.trim_end();
        let shown = width.map_or_else(|| text.to_owned(), |width| cut(text, width).into_owned());
        let number = shown.len().min(6);
        let _ = writeln!(out, "{}{}{}{}", palette.frame, &shown[..number], palette.reset, &shown[number..]);
    }
    out.push('\n');
}

fn cell(fact: &Value, path: &str) -> String {
    match (&fact[path], path) {
        (Value::Bool(done), "done") => (if *done { "[x]" } else { "[ ]" }).to_owned(),
        _ => {
            let text = one_line(&fact_text(fact, path));
            // A provisional ID is not written in the document.
            if path == "id" && fact["provisional"] == Value::Bool(true) { format!("({text})") } else { text }
        }
    }
}

fn missing_sections(spec: &Value) -> Vec<String> {
    let sections = spec["sections"].as_array().map(Vec::as_slice).unwrap_or_default();
    let missing = sections.iter().filter(|s| s["present"] == false && s["required"] == true);
    missing.map(|s| fact_text(s, "title")).collect()
}
