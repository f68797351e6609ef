//! Tables from migrations: steps played in their order.

use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::sync::Arc;
use trueup_codebase::{CodePlace, Column, Table};

/// What a migration does to one table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableStep {
    /// The table.
    pub table: String,
    /// What is done to it.
    pub change: TableChange,
    /// What it was read from: `SQL`, `Rails`, `Alembic` ….
    pub source: &'static str,
    /// Where.
    pub place: CodePlace,
}

/// A change of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableChange {
    /// The table is made. Made again (`IF NOT EXISTS`), its columns are added.
    Create {
        /// Its columns.
        columns: Vec<Column>,
        /// Whether these are all.
        complete: bool,
    },
    /// A column is added.
    AddColumn(Column),
    /// A column is dropped.
    DropColumn(String),
    /// A column gets another name.
    RenameColumn {
        /// Its name before.
        from: String,
        /// Its name after.
        to: String,
    },
    /// The table gets another name.
    Rename(String),
    /// The table is dropped.
    Drop,
}

/// A migration's place in a chain that its text tells, not its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revision {
    /// Its own name.
    pub id: String,
    /// Those that come before it.
    pub after: Vec<String>,
}

/// The steps of a file.
pub(crate) struct Steps {
    pub path: Arc<str>,
    pub revision: Option<Revision>,
    pub steps: Vec<TableStep>,
}

/// Plays the steps of files, given in any order. The files of one folder are one history, in the order
/// of their numbers or of the chain that they tell, so that two databases with a table of the same name
/// do not undo each other's steps; a table may so come out more than once.
pub(crate) fn play(mut files: Vec<Steps>) -> Vec<Table> {
    files.sort_by(|a, b| natural(history(&a.path), history(&b.path)).then_with(|| natural(&a.path, &b.path)));
    let mut out = Vec::new();
    for history in files.chunk_by(|a, b| history(&a.path) == history(&b.path)) {
        let mut state = State::default();
        for at in chained(history) {
            let steps = history.get(at).map_or(&[][..], |file| &file.steps);
            steps.iter().for_each(|step| state.take(step.clone()));
        }
        out.extend(state.tables.into_iter().flatten());
    }
    out
}

/// The order of files: as they are given, but one that names those before it comes after them.
fn chained(files: &[Steps]) -> Vec<usize> {
    let revisions = files.iter().enumerate().filter_map(|(at, file)| Some((file.revision.as_ref()?, at)));
    let by_id: FxHashMap<&str, usize> = revisions.map(|(revision, at)| (revision.id.as_str(), at)).collect();
    let mut out = Vec::with_capacity(files.len());
    // 0 for a file that was not looked at, 1 for one that waits for those before it, 2 for one that is out.
    let mut state = vec![0_u8; files.len()];
    for start in 0..files.len() {
        let mut open = vec![start];
        while let Some(&at) = open.last() {
            match state.get(at) {
                Some(0) => {
                    state.get_mut(at).into_iter().for_each(|state| *state = 1);
                    let after = files.get(at).and_then(|file| file.revision.as_ref());
                    let before = after.map_or(&[][..], |revision| &revision.after);
                    let before = before.iter().filter_map(|id| by_id.get(id.as_str()).copied());
                    // One that waits itself is in a circle with this one, which ends here.
                    open.extend(before.filter(|at| state.get(*at) == Some(&0)).collect::<Vec<_>>());
                }
                waits => {
                    open.pop();
                    if waits == Some(&1) {
                        state.get_mut(at).into_iter().for_each(|state| *state = 2);
                        out.push(at);
                    }
                }
            }
        }
    }
    out
}

/// The folder whose files are one history: that of the file, or the one above where each migration has
/// a folder of its own (`20260101_orders/migration.sql`).
fn history(path: &str) -> &str {
    let folder = |path: &'_ str| path.rfind('/').unwrap_or(0);
    let own = path.get(..folder(path)).unwrap_or("");
    let name = own.rsplit('/').next().unwrap_or(own);
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => own.get(..folder(own)).unwrap_or(""),
        false => own,
    }
}

/// The tables of one history. Names are the same in any case, as in most databases.
#[derive(Default)]
struct State {
    tables: Vec<Option<Table>>,
    by_name: FxHashMap<String, usize>,
}

impl State {
    fn take(&mut self, step: TableStep) {
        let TableStep { table: name, change, source, place } = step;
        match change {
            TableChange::Drop => drop(self.remove(&name)),
            TableChange::Rename(to) => {
                // A table that was in the way is no more: the new one took its name.
                let Some(table) = self.remove(&name) else { return };
                self.remove(&to);
                self.put(Table { name: to, ..table });
            }
            change => {
                let made = matches!(change, TableChange::Create { .. });
                let key = name.to_lowercase();
                if !self.by_name.contains_key(&key) {
                    // Changed before it was made: it was made somewhere that was not read.
                    let columns = Vec::new();
                    self.put(Table {
                        name,
                        class: None,
                        columns,
                        complete: made,
                        source,
                        place: place.clone(),
                    });
                }
                let at = self.by_name.get(&key).copied();
                if let Some(Some(table)) = at.and_then(|at| self.tables.get_mut(at)) {
                    change_columns(table, change, place);
                }
            }
        }
    }

    fn remove(&mut self, name: &str) -> Option<Table> {
        let at = self.by_name.remove(&name.to_lowercase())?;
        self.tables.get_mut(at)?.take()
    }

    fn put(&mut self, table: Table) {
        self.by_name.insert(table.name.to_lowercase(), self.tables.len());
        self.tables.push(Some(table));
    }
}

fn change_columns(table: &mut Table, change: TableChange, place: CodePlace) {
    let at = |table: &Table, name: &str| table.columns.iter().position(|c| c.name.eq_ignore_ascii_case(name));
    match change {
        TableChange::Create { columns, complete } => {
            table.complete &= complete;
            columns.into_iter().for_each(|column| add(table, column));
        }
        TableChange::AddColumn(column) => add(table, column),
        TableChange::DropColumn(name) => table.columns.retain(|c| !c.name.eq_ignore_ascii_case(&name)),
        TableChange::RenameColumn { from, to } => match (at(table, &from), at(table, &to)) {
            (Some(old), None) => {
                if let Some(column) = table.columns.get_mut(old) {
                    (column.name, column.place) = (to, place);
                }
            }
            (Some(old), Some(new)) if old != new => drop(table.columns.remove(old)),
            (None, None) => add(table, Column { name: to, kind: String::new(), place }),
            _ => {}
        },
        TableChange::Rename(_) | TableChange::Drop => {}
    }
}

/// A column that is there already stays, with the newer type.
fn add(table: &mut Table, column: Column) {
    match table.columns.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&column.name)) {
        Some(known) if !column.kind.is_empty() => known.kind = column.kind,
        Some(_) => {}
        None => table.columns.push(column),
    }
}

/// Compares texts with runs of digits compared by their values, so that `V10` follows `V9`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    loop {
        let (Some(x), Some(y)) = (left.first(), right.first()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        let (m, n) = (digits(left), digits(right));
        if m > 0 && n > 0 {
            let ((number_a, rest_a), (number_b, rest_b)) = (left.split_at(m), right.split_at(n));
            let bare =
                |number: &[u8]| number.iter().skip_while(|byte| **byte == b'0').copied().collect::<Vec<u8>>();
            let (value_a, value_b) = (bare(number_a), bare(number_b));
            match value_a.len().cmp(&value_b.len()).then_with(|| value_a.cmp(&value_b)) {
                Ordering::Equal => (left, right) = (rest_a, rest_b),
                other => return other,
            }
        } else {
            match x.cmp(y) {
                Ordering::Equal => {
                    (left, right) = (left.get(1..).unwrap_or(&[]), right.get(1..).unwrap_or(&[]));
                }
                other => return other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        for (a, b) in [
            ("db/V9__a.sql", "db/V10__b.sql"),
            ("db/001_a.sql", "db/2_b.sql"),
            ("m/20260101_a/migration.sql", "m/20260102_a/migration.sql"),
            ("m/1_a/up.sql", "m/10_a/up.sql"),
        ] {
            assert_eq!(natural(a, b), Ordering::Less, "{a} {b}");
            assert_eq!(natural(b, a), Ordering::Greater, "{b} {a}");
        }
        assert_eq!(natural("a01", "a1").reverse(), natural("a1", "a01"));
    }

    #[test]
    fn steps_are_played_in_order() {
        let place = |path: &str| CodePlace { path: path.into(), span: (0..0).into(), line: 1 };
        let column = |name: &str| Column { name: name.into(), kind: String::new(), place: place("x") };
        let step =
            |table: &str, change| TableStep { table: table.into(), change, source: "SQL", place: place("x") };
        let create = |names: &[&str]| TableChange::Create {
            columns: names.iter().map(|name| column(name)).collect(),
            complete: true,
        };
        let file = |(path, steps): (&str, Vec<TableStep>)| Steps { path: path.into(), revision: None, steps };
        let files = vec![
            (
                "db/V10__d.sql",
                vec![step("gone", TableChange::Drop), step("old", TableChange::Rename("new".into()))],
            ),
            (
                "db/V9__c.sql",
                vec![
                    step("old", TableChange::RenameColumn { from: "a".into(), to: "b".into() }),
                    step("old", TableChange::AddColumn(column("c"))),
                    step("old", TableChange::DropColumn("x".into())),
                    step("other", TableChange::AddColumn(column("q"))),
                ],
            ),
            ("db/V1__a.sql", vec![step("OLD", create(&["a", "x"])), step("gone", create(&["a"]))]),
            ("two/V1__a.sql", vec![step("new", create(&["z"]))]),
        ];
        let tables = play(files.into_iter().map(file).collect());
        let shown: Vec<_> = tables
            .iter()
            .map(|t| {
                (t.name.as_str(), t.complete, t.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            shown,
            [("other", false, vec!["q"]), ("new", true, vec!["b", "c"]), ("new", true, vec!["z"])]
        );
    }
    #[test]
    fn a_chain_tells_the_order() {
        let check = |files: &[(&str, &str, &str)], expected: &[usize]| {
            let file = |(path, id, after): &(&str, &str, &str)| {
                let after = after.split_whitespace().map(str::to_owned).collect();
                Steps {
                    path: (*path).into(),
                    revision: Some(Revision { id: (*id).into(), after }),
                    steps: Vec::new(),
                }
            };
            assert_eq!(chained(&files.iter().map(file).collect::<Vec<_>>()), expected);
        };
        check(&[("a", "c", "b"), ("b", "a", ""), ("c", "b", "a")], &[1, 2, 0]);
        check(&[("a", "m", "x y"), ("b", "y", "x"), ("c", "x", "")], &[2, 1, 0]);
        check(&[("a", "a", "b"), ("b", "b", "a")], &[1, 0]);
        check(&[("a", "a", "a gone"), ("b", "a", "")], &[1, 0]);
    }
}
