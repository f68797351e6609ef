//! Sequences that a file sets to a fixed number. Between two runs of it numbers are drawn, and a run that sets the sequence back
//! gives them out twice; one that goes by the rows of the table does not.

use crate::halt::Halt;
use crate::session::Session;
use crate::steps::File;
use trueup_catalog::{Catalog, Relation, RelationKind};
use trueup_sql::Words;

/// The sequences that a file sets to a fixed number, by schema and name.
pub(crate) fn fixed<'c>(file: &File<'_>, catalog: &'c Catalog) -> Vec<&'c Relation> {
    let sets: Vec<&str> = file.steps.iter().map(|step| step.text).filter(|text| may_set(text)).collect();
    let all = catalog.relations.iter().filter(|one| one.kind == RelationKind::Sequence);
    all.filter(|one| sets.iter().any(|text| is_set(text, one)) && !is_emptied(file, one)).collect()
}

/// Statements that draw a number from each.
pub(crate) fn draws(sequences: &[&Relation]) -> Vec<String> {
    let draw = |one: &&Relation| {
        let name = trueup_catalog::quote_literal(&one.sql_name());
        // One that has no more numbers gives none.
        format!(
            "DO $trueup$ BEGIN PERFORM pg_catalog.nextval({name}), pg_catalog.nextval({name}); EXCEPTION WHEN others THEN NULL; END $trueup$"
        )
    };
    sequences.iter().map(draw).collect()
}

/// Runs them, in a transaction or in none.
pub(crate) fn draw(session: &mut Session, draws: &[String]) -> Result<(), Halt> {
    for sql in draws {
        session.sql(sql)?;
    }
    Ok(())
}

fn may_set(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("restart") || text.contains("setval")
}

/// Whether a statement sets this sequence to a number that stands in it.
fn is_set(text: &str, sequence: &Relation) -> bool {
    let table = sequence.owned_by.as_ref().map(|(_, table, _)| table.as_str());
    restarts(text) && (names(text, &sequence.name) || table.is_some_and(|table| names(text, table)))
        || set_values(&text.to_ascii_lowercase()).any(|(which, value)| {
            let of_table = which.contains("pg_get_serial_sequence");
            is_number(value)
                && (quotes(which, &sequence.name)
                    || of_table && table.is_some_and(|table| quotes(which, table)))
        })
}

/// `RESTART` beside what empties a table goes with its rows.
fn restarts(text: &str) -> bool {
    let words: Vec<String> = Words::of(text).map(str::to_ascii_uppercase).collect();
    words.first().is_some_and(|first| first == "ALTER") && words.iter().any(|word| word == "RESTART")
}

/// What stands in each call of `setval`: the sequence, and the number.
fn set_values(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let calls = text.match_indices("setval").filter_map(|(at, _)| text.get(at + "setval".len()..));
    calls.filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix('(')?;
        let comma = split_at(rest, &[','])?;
        let (which, rest) = (rest.get(..comma)?, rest.get(comma + 1..)?);
        let end = split_at(rest, &[',', ')'])?;
        Some((which, rest.get(..end)?))
    })
}

/// Where one of these stands outside of parentheses.
fn split_at(text: &str, ends: &[char]) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, one) in text.char_indices() {
        match one {
            _ if depth == 0 && ends.contains(&one) => return Some(at),
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

fn is_number(value: &str) -> bool {
    let value = value.split("::").next().unwrap_or("").trim();
    !value.is_empty() && value.chars().all(|one| one.is_ascii_digit() || one == '-' || one == '_')
}

/// Whether a text in quotes is this name, with or without schema and quotes.
fn quotes(text: &str, name: &str) -> bool {
    text.split('\'').any(|part| {
        let last = part.rsplit('.').next().unwrap_or(part);
        last.trim_matches('"').eq_ignore_ascii_case(name)
    })
}

fn names(text: &str, name: &str) -> bool {
    Words::of(text).any(|word| word.trim_matches('"').eq_ignore_ascii_case(name))
}

/// Whether the file empties the table that the sequence belongs to: its numbers are free then.
fn is_emptied(file: &File<'_>, sequence: &Relation) -> bool {
    let Some((_, table, _)) = &sequence.owned_by else { return false };
    file.steps.iter().any(|step| {
        let first = Words::of(step.text).next().unwrap_or("").to_ascii_uppercase();
        matches!(first.as_str(), "TRUNCATE" | "DELETE" | "DROP") && names(step.text, table)
    })
}
