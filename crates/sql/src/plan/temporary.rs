//! Temporary tables, which end with the session: what makes one and what uses it has to stand in one file.

use super::Group;
use super::needs::speaks_of;
use super::pieces::Piece;
use crate::effect::Phase;
use crate::phases::{same, temporary};

/// A temporary table that a file makes: its name, and the piece that makes it.
struct Made {
    name: String,
    at: usize,
}

fn made(pieces: &[Piece]) -> Vec<Made> {
    let one = |(at, piece): (usize, &Piece)| Some(Made { name: temporary(&piece.text, &piece.effects)?, at });
    pieces.iter().enumerate().filter_map(one).collect()
}

/// Whether a piece does nothing but to one temporary table.
pub(super) fn is_own(piece: &Piece, name: &str) -> bool {
    let of_it = |named: &str| same(named.trim_start_matches("pg_temp."), name);
    let own = |effect: &crate::effect::Effect| match &effect.table {
        Some(table) => of_it(table),
        None => of_it(&effect.name),
    };
    match piece.effects.is_empty() {
        // `ANALYZE` changes nothing, and so do others that name it.
        true => speaks_of(piece, name),
        false => piece.effects.iter().all(own),
    }
}

/// Puts what makes a temporary table, fills it and drops it where it is used. Says why that does not go.
pub(super) fn settle(pieces: &mut [Piece]) -> Result<(), (u32, String)> {
    // One may be made from another one, so the last is placed first.
    for Made { name, at } in made(pieces).into_iter().rev() {
        let own: Vec<usize> = (0..pieces.len()).filter(|at| belongs(pieces, *at, &name)).collect();
        let mut used: Vec<(Phase, u32)> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if speaks_of(piece, &name)
                && !own.contains(&at)
                && used.iter().all(|(one, _)| *one != piece.phase)
            {
                used.push((piece.phase, piece.line));
            }
        }
        let line = pieces.get(at).map_or(1, |piece| piece.line);
        let last = own.iter().filter_map(|at| pieces.get(*at)).map(|piece| piece.phase).max();
        let phase = match (used.as_slice(), last) {
            ([(phase, _)], last) if last.is_none_or(|last| last <= *phase) => *phase,
            ([], Some(last)) => last,
            _ => return Err((line, uses(&name, &used))),
        };
        for at in own {
            if let Some(piece) = pieces.get_mut(at) {
                piece.phase = phase;
            }
        }
    }
    Ok(())
}

fn belongs(pieces: &[Piece], at: usize, name: &str) -> bool {
    pieces.get(at).is_some_and(|piece| is_own(piece, name))
}

fn uses(name: &str, used: &[(Phase, u32)]) -> String {
    let each: Vec<String> =
        used.iter().map(|(phase, line)| format!("line {line} to {}", phase.name())).collect();
    format!("the temporary table {name} is used in {}, and ends with its session", each.join(" and "))
}

/// A temporary table of which one file would make or fill what another one uses.
pub(super) fn torn(pieces: &[Piece], groups: &[Group<'_>]) -> Option<(u32, String)> {
    made(pieces).into_iter().find_map(|Made { name, at }| {
        let speaks = |group: &&Group<'_>| group.pieces.iter().any(|piece| speaks_of(piece, &name));
        let several = groups.iter().filter(speaks).count() > 1;
        let line = pieces.get(at).map_or(1, |piece| piece.line);
        several.then(|| {
            (
                line,
                format!(
                    "the temporary table {name} would be used by several files, and ends with its session"
                ),
            )
        })
    })
}
