//! Which statement has to stay behind which other one.

use super::pieces::Piece;
use crate::effect::{Action, Effect, Phase};
use crate::phases::same;

/// Moves what would come too early into the phase of what it needs. Says what was moved.
pub(super) fn settle(pieces: &mut [Piece]) -> Vec<String> {
    let mut notes = Vec::new();
    loop {
        let mut moved = false;
        for later in 0..pieces.len() {
            let (before, rest) = pieces.split_at_mut(later);
            let Some(piece) = rest.first_mut() else { continue };
            let reason = before.iter().filter(|one| one.phase > piece.phase && needs(piece, one));
            if let Some(first) = reason.max_by_key(|one| one.phase) {
                notes.push(format!(
                    "line {} stays in the {} file, behind line {}, which it needs",
                    piece.line,
                    first.phase.name(),
                    first.line
                ));
                piece.phase = first.phase;
                moved = true;
            }
        }
        moved |= pair(pieces);
        if !moved {
            return notes;
        }
    }
}

/// What is dropped to be made again goes with what takes its place.
fn pair(pieces: &mut [Piece]) -> bool {
    let mut moved = false;
    for at in 0..pieces.len() {
        let (before, later) = pieces.split_at_mut(at + 1);
        let Some(piece) = before.last_mut() else { continue };
        let phase = piece
            .effects
            .iter()
            .filter(|effect| effect.action == Action::Drop && effect.phase <= piece.phase)
            .flat_map(|dropped| {
                later.iter().filter(|one| {
                    one.effects.iter().any(|made| {
                        made.action == Action::Create
                            && made.kind == dropped.kind
                            && same(&made.name, &dropped.name)
                            && made.takes_calls_of(dropped)
                            && made.table == dropped.table
                    })
                })
            })
            .map(|one| one.phase)
            .next();
        // Something that comes back in a later file must not be gone in between.
        if let Some(phase) = phase.filter(|phase| *phase > piece.phase) {
            piece.phase = phase;
            moved = true;
        }
    }
    moved
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(super) fn speaks_of(piece: &Piece, name: &str) -> bool {
    let name = last(name).to_lowercase();
    !name.is_empty() && piece.words.binary_search(&name).is_ok()
}

fn on_table(piece: &Piece, table: &Option<String>) -> bool {
    table.as_deref().is_none_or(|table| speaks_of(piece, table))
}

/// Whether a statement needs what an earlier one does.
fn needs(later: &Piece, earlier: &Piece) -> bool {
    earlier.effects.iter().any(|effect| needs_effect(later, earlier, effect))
        || replaces_what_is_used(later, earlier)
}

fn needs_effect(later: &Piece, earlier: &Piece, effect: &Effect) -> bool {
    let named = || speaks_of(later, &effect.name) && on_table(later, &effect.table);
    match (effect.action, effect.kind.as_str()) {
        (_, "row") => needs_rows(later, effect),
        // Nobody knows what such a statement does, so whatever it speaks of stays behind it.
        (_, "block" | "procedure" | "call") => {
            let names = later.effects.iter().flat_map(|one| [Some(&one.name), one.table.as_ref()]).flatten();
            names.into_iter().any(|name| speaks_of(earlier, name))
        }
        (Action::Create, "privilege" | "row security") => false,
        (Action::Create, "constraint") => named() || needs_key(later, effect),
        (Action::Create, "index") => named() || needs_key(later, effect),
        (Action::Drop, kind) if hangs_on_others(kind) && drops_what_others_need(later) => true,
        (_, "column") if reads_whole(later, effect) => true,
        (Action::Create | Action::Drop, _) => named(),
        (Action::Change, _) if effect.what == "TRUNCATE" => later
            .effects
            .iter()
            .any(|one| one.kind == "row" && one.table.as_deref().is_some_and(|t| same(t, &effect.name))),
        (Action::Change, _) if effect.what.starts_with("RENAME") || effect.what == "SET SCHEMA" => {
            let table = effect.table.as_deref().is_some_and(|table| speaks_of(later, table));
            table
                || speaks_of(later, &effect.name)
                || new_name(earlier).is_some_and(|name| speaks_of(later, &name))
        }
        // What is forbidden from then on nobody needs.
        (Action::Change, "column") => effect.what != "SET NOT NULL" && named(),
        (Action::Change, "constraint" | "row security" | "table") => false,
        (Action::Change, _) => named(),
    }
}

/// Whether it makes a view of all columns of a table of which one gets another type or goes: none of that is possible
/// while the view is there.
fn reads_whole(later: &Piece, effect: &Effect) -> bool {
    let changes = matches!(effect.what, "ALTER COLUMN … TYPE" | "DROP COLUMN");
    let views = later.effects.iter().any(|made| {
        made.action == Action::Create && matches!(made.kind.as_str(), "view" | "materialized view")
    });
    changes && views && later.text.contains('*') && on_table(later, &effect.table)
}

/// Kinds that may hang on other things, which cannot be dropped before them. On which they hang, no text at hand tells.
fn hangs_on_others(kind: &str) -> bool {
    let kinds = [
        "view",
        "materialized view",
        "function",
        "procedure",
        "aggregate",
        "trigger",
        "policy",
        "rule",
        "table",
        "foreign table",
    ];
    kinds.contains(&kind)
}

fn drops_what_others_need(later: &Piece) -> bool {
    let kinds = [
        "view",
        "materialized view",
        "function",
        "procedure",
        "aggregate",
        "type",
        "domain",
        "table",
        "foreign table",
        "column",
        "sequence",
        "schema",
        "extension",
    ];
    let drops = |effect: &Effect| effect.action == Action::Drop && kinds.contains(&effect.kind.as_str());
    later.effects.iter().any(drops)
}

/// `ON CONFLICT` and foreign keys need what is unique.
fn needs_key(later: &Piece, effect: &Effect) -> bool {
    let asks = ["conflict", "references"].iter().any(|word| speaks_of(later, word));
    asks && effect.table.as_deref().is_some_and(|table| speaks_of(later, table))
}

/// Whether it would change what an earlier change of rows does, or takes its rows from them.
fn needs_rows(later: &Piece, rows: &Effect) -> bool {
    // `WITH … UPDATE` names no table here: whatever fills itself with rows stays behind it.
    let of_table = |table: Option<&str>| match (table, rows.table.as_deref()) {
        (Some(one), Some(other)) => same(one, other),
        _ => true,
    };
    later.effects.iter().any(|effect| {
        let acts = matches!(effect.kind.as_str(), "trigger" | "rule") || effect.what == "SET DEFAULT";
        let fills =
            effect.action == Action::Create && matches!(effect.kind.as_str(), "table" | "materialized view");
        (acts && of_table(effect.table.as_deref()))
            || (fills
                && speaks_of(later, "select")
                && rows.table.as_deref().is_none_or(|table| speaks_of(later, table)))
    })
}

/// Functions, views and types of which the earlier statement speaks, and which the later one makes anew or drops.
fn replaces_what_is_used(later: &Piece, earlier: &Piece) -> bool {
    later.effects.iter().any(|effect| {
        let used = matches!(
            effect.kind.as_str(),
            "function"
                | "procedure"
                | "view"
                | "materialized view"
                | "type"
                | "sequence"
                | "aggregate"
                | "domain"
        );
        used && earlier.phase > Phase::None && speaks_of(earlier, &effect.name)
    })
}

/// The name behind `TO`.
fn new_name(piece: &Piece) -> Option<String> {
    let tokens = crate::tokens::tokens(&piece.text);
    let at = tokens.iter().rposition(|token| token.is("TO"))?;
    crate::tokens::Cursor { rest: tokens.get(at + 1..)? }.name()
}
