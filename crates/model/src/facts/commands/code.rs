//! IDs in code blocks: declarations of events, constants, definitions with commands, plain lists.

use super::ids::{is_dotted, is_plain};
use super::label::Sort;
use std::ops::Range;

/// An ID in a code block.
pub(super) struct CodeId {
    /// The ID.
    pub id: String,
    /// What it is.
    pub sort: Sort,
    /// Where it stands in the code.
    pub range: Range<usize>,
    /// The label beside it.
    pub label: String,
}

/// Reads a code block. `sort` is what the place holds; without one only what the code itself names counts.
/// Where the place does not `hold` them, only what the code declares outright.
pub(super) fn ids_of(code: &str, sort: Sort, holds: bool) -> Vec<CodeId> {
    let mut out: Vec<CodeId> = Vec::new();
    // The list that the line stands in, with the indent of the line that opened it.
    let mut list: Option<(Sort, usize)> = None;
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        if list.is_some_and(|(_, open)| indent <= open && bare.starts_with(']')) {
            list = None;
            continue;
        }
        if bare.is_empty() || bare.starts_with("//") || bare.starts_with("/*") || bare.starts_with('*') {
            continue;
        }
        if let Some(opened) = opens(bare) {
            list = Some((opened, indent));
        }
        let within = list.map_or(sort, |(sort, _)| sort);
        if let Some((range, sort)) = id_in(line, within, list.is_some(), holds) {
            let id = line[range.clone()].to_owned();
            let label = value_of(bare, "label").unwrap_or_default();
            out.push(CodeId { id, sort, range: start + range.start..start + range.end, label });
        }
    }
    out
}

/// `events = [`, `integrationEvents: [`, `commands: [`, `createModuleEvents('x', [`.
fn opens(line: &str) -> Option<Sort> {
    let bare = line.trim_end();
    if !bare.ends_with(['[', '(', '{']) {
        return None;
    }
    if bare.contains("createModuleEvents(") {
        return Some(Sort::Event);
    }
    if !bare.ends_with('[') {
        return None;
    }
    let name = bare.split(['=', ':']).next().unwrap_or("").trim();
    let name = name.rsplit(' ').next().unwrap_or("").trim_matches(['"', '\'']).to_lowercase();
    if name.ends_with("events") {
        return Some(Sort::Event);
    }
    name.ends_with("commands").then_some(Sort::Command)
}

/// The ID of a line of code.
fn id_in(line: &str, sort: Sort, in_list: bool, holds: bool) -> Option<(Range<usize>, Sort)> {
    if matches!(sort, Sort::Off) {
        return None;
    }
    let line = line.split(" // ").next().unwrap_or(line);
    let lead = line.len() - line.trim_start_matches([' ', '\t', '{', '-', '[', '(']).len();
    let bare = line[lead..].trim_end();
    let key = bare.split([':', '=']).next().unwrap_or("").trim();
    let as_key = key.trim_matches(['"', '\'', ',', ';', '`']);
    if is_dotted(as_key) && sort == Sort::Consumed {
        return None;
    }
    if is_dotted(as_key) && holds {
        let from = lead + bare.find(as_key)?;
        let quoted =
            key.starts_with(['"', '\'']) || bare == as_key || bare.trim_end_matches([',', ';']) == as_key;
        let followed = bare[as_key.len().min(bare.len())..].trim_start();
        let alone =
            quoted || followed.starts_with(['#', '—', '-', '→']) || bare.split_whitespace().count() == 1;
        return alone.then(|| (from..from + as_key.len(), sort));
    }
    let (at, value) = quoted(bare)?;
    if holds && key == "event" && is_dotted(value) {
        return Some((lead + at..lead + at + value.len(), Sort::Consumed));
    }
    if sort == Sort::Consumed {
        return None;
    }
    let named = key == "id" || bare.starts_with("id:");
    let constant =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let dotted = is_dotted(value);
    let fits = if named {
        dotted || in_list && sort == Sort::Command && is_plain(value)
    } else {
        dotted && holds && constant
    };
    fits.then(|| (lead + at..lead + at + value.len(), sort))
}

/// The first text in quotes and where it stands.
fn quoted(line: &str) -> Option<(usize, &str)> {
    let open = line.find(['\'', '"'])?;
    let mark = line[open..].chars().next()?;
    let from = open + 1;
    let length = line[from..].find(mark)?;
    Some((from, &line[from..from + length]))
}

fn value_of(line: &str, key: &str) -> Option<String> {
    let at = line.find(&format!("{key}:"))?;
    quoted(&line[at..]).map(|(_, value)| value.to_owned())
}
