//! A file that mixes phases, taken apart into files that expand, migrate and contract.
//!
//! It is a proposal: when each file may run depends on what is deployed, and how rows are filled only their owner
//! knows. What has to be written by hand fails when it is run unedited.

mod needs;
mod pieces;
mod place;
mod rewrite;
mod temporary;

use crate::chain::{Chain, ChainFile, Layout, Transaction, has_marks};
use crate::effect::Phase;
use crate::phases::{Earlier, phases_after};
use crate::script::Script;

use pieces::{Piece, Source};

/// What comes of planning a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// It is of one phase and needs no other form.
    Whole {
        /// That phase.
        phase: Phase,
    },
    /// It can be taken apart.
    Split(Plan),
    /// It cannot be taken apart safely.
    Not {
        /// The line that stands in the way, from 1.
        line: u32,
        /// Why.
        why: String,
    },
}

/// Files in the place of one, in the order in which they run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The files.
    pub files: Vec<Proposed>,
    /// What whoever takes them should know, one sentence each without a full stop.
    pub notes: Vec<String>,
}

/// A file that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its path, beside the file that it stands for, with a version that is free.
    pub path: String,
    /// Its phase.
    pub phase: Phase,
    /// Its text.
    pub text: String,
    /// The statements of the old file (from 0) that stand in it, whole or in part.
    pub statements: Vec<usize>,
    /// Whether something in it has to be written by hand before it runs.
    pub unfinished: bool,
    /// What has to stand beside it, so that the tool leaves the transaction out: path and text.
    pub beside: Option<(String, String)>,
}

/// More statements than this are data, and not a change that somebody wrote.
const MOST_STATEMENTS: usize = 2_000;

/// Plans a file of a chain.
pub fn plan(chain: &Chain, file: &ChainFile) -> Planned {
    let script = Script::read(&file.text);
    if let Some((line, why)) = stands_in_the_way(chain.layout, file, &script) {
        return Planned::Not { line, why };
    }
    let phased = phases_after(&earlier(chain, file), &file.text, &script);
    let source = match Source::read(&file.text, &script, phased) {
        Ok(source) => source,
        Err((line, why)) => return Planned::Not { line, why },
    };
    let mut pieces = rewrite::pieces(&source, &file.version);
    let moved = pieces.iter().any(|piece| !piece.verbatim);
    let mut notes = needs::settle(&mut pieces);
    if let Err((line, why)) = temporary::settle(&mut pieces) {
        return Planned::Not { line, why };
    }
    let mut phases: Vec<Phase> = pieces.iter().map(|piece| piece.phase).collect();
    phases.sort_unstable();
    phases.dedup();
    if phases.len() <= 1 && !moved {
        let mixed = !notes.is_empty();
        let phase = phases.first().copied().unwrap_or(Phase::None);
        let line = script.statements.first().map_or(1, |statement| statement.line);
        return match mixed {
            true => Planned::Not { line, why: format!("no part can go alone: {}", notes.join("; ")) },
            false => Planned::Whole { phase },
        };
    }
    if let Some((line, why)) = temporary::torn(&pieces, &groups(file, source.wrapped, &pieces)) {
        return Planned::Not { line, why };
    }
    notes.extend(pieces.iter().filter_map(|piece| piece.note.clone()));
    notes.dedup();
    Planned::Split(Plan { files: files(chain, file, &source, &pieces), notes })
}

/// What the files before one have made.
fn earlier(chain: &Chain, file: &ChainFile) -> Earlier {
    let mut earlier = Earlier::default();
    for before in chain.files.iter().take_while(|before| before.path != file.path) {
        earlier.learn(&before.text, &Script::read(&before.text));
    }
    earlier
}

fn stands_in_the_way(layout: Layout, file: &ChainFile, script: &Script) -> Option<(u32, String)> {
    if let Some(unclosed) = script.unclosed {
        return Some((unclosed.line, format!("{} begins here and never ends", unclosed.what)));
    }
    if let Some(command) = script.commands.first() {
        let name = command.name(&file.text);
        return Some((
            command.line,
            format!("{name} is a command of psql, and what it does is not known here"),
        ));
    }
    if script.statements.len() > MOST_STATEMENTS {
        return Some((1, format!("it has more than {MOST_STATEMENTS} statements")));
    }
    match layout {
        Layout::Rails => Some((1, "it is a dump of a whole database, not a change".to_owned())),
        Layout::Numbered if has_marks(&file.text) => {
            Some((1, "its marks tell a tool which part is the way up and which the way down".to_owned()))
        }
        _ if file.repeatable => Some((1, "it is repeatable, and runs whenever it changes".to_owned())),
        _ => None,
    }
}

/// The pieces of one file that is proposed.
struct Group<'p> {
    phase: Phase,
    alone: bool,
    pieces: Vec<&'p Piece>,
}

/// Groups pieces by their phases. What can run in no transaction has files of its own, unless no transaction is made.
fn groups<'p>(file: &ChainFile, wrapped: bool, pieces: &'p [Piece]) -> Vec<Group<'p>> {
    let free = file.transaction == Transaction::PerStatement && !wrapped;
    // Where a file is sent whole, it can hold one such statement.
    let one_each = file.transaction != Transaction::PerStatement;
    let mut out: Vec<Group<'p>> = Vec::new();
    for phase in [Phase::Expand, Phase::Migrate, Phase::Contract] {
        let mut fresh = true;
        for piece in pieces.iter().filter(|piece| piece.phase == phase) {
            let alone = piece.alone && !free;
            match out.last_mut() {
                Some(last) if !fresh && last.alone == alone && !(alone && one_each) => {
                    last.pieces.push(piece)
                }
                _ => out.push(Group { phase, alone, pieces: vec![piece] }),
            }
            fresh = false;
        }
    }
    out
}

fn files(chain: &Chain, file: &ChainFile, source: &Source<'_>, pieces: &[Piece]) -> Vec<Proposed> {
    let groups = groups(file, source.wrapped, pieces);
    let mut out = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let again = groups.iter().filter(|other| other.phase == group.phase).count() > 1;
        let nth = groups.iter().take(at).filter(|other| other.phase == group.phase).count() + 1;
        let slug = match again {
            true => format!("{}_{}_{nth}", file.slug, group.phase.name()),
            false => format!("{}_{}", file.slug, group.phase.name()),
        };
        let mut statements: Vec<usize> = group.pieces.iter().map(|piece| piece.from).collect();
        statements.dedup();
        let path = place::path(chain, file, at as u64 + 1, &slug);
        out.push(Proposed {
            beside: beside(chain.layout, &path, group.alone),
            path,
            phase: group.phase,
            text: text(chain.layout, source, group),
            statements,
            unfinished: group.pieces.iter().any(|piece| piece.unfinished),
        });
    }
    out
}

/// Diesel reads from a file beside the migration whether to put a transaction around it.
fn beside(layout: Layout, path: &str, alone: bool) -> Option<(String, String)> {
    let folder = path.strip_suffix("up.sql").filter(|_| alone && layout == Layout::Diesel)?;
    Some((format!("{folder}metadata.toml"), "run_in_transaction = false\n".to_owned()))
}

/// The text of a file: a mark where the tool needs one to leave the transaction out, the old file's own first comment,
/// and its settings where they stood.
fn text(layout: Layout, source: &Source<'_>, group: &Group<'_>) -> String {
    let mut out = match (group.alone, layout) {
        (true, Layout::Sqlx) => "-- no-transaction\n".to_owned(),
        (true, Layout::Refinery) => "-- refinery:noTransaction\n".to_owned(),
        _ => String::new(),
    };
    out.push_str(source.header);
    let wrapped = source.wrapped && !group.alone;
    let mut settings = source.settings.iter().peekable();
    if wrapped {
        out.push_str("BEGIN;\n\n");
    }
    for piece in &group.pieces {
        // A file that is sent whole would get a second statement by a setting.
        while let Some((_, setting)) = settings.next_if(|(at, _)| *at < piece.from && !group.alone) {
            out.push_str(setting);
            out.push_str("\n\n");
        }
        out.push_str(&piece.text);
        out.push_str("\n\n");
    }
    if wrapped {
        out.push_str("COMMIT;\n\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests;
