//! Changes of tables, and the tables that they lead to.

use rustc_hash::FxHashMap;
use trueup_codebase::{CodePlace, Column, MigrationFile, Table};

/// A step that a migration takes. Names are those in the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableChange {
    /// A table is created, or its columns are told.
    Create(Table),
    /// A table gets another name.
    Rename {
        /// Its name until then.
        table: String,
        /// Its name from then on.
        to: String,
    },
    /// A table is removed.
    Drop {
        /// Its name.
        table: String,
    },
    /// A table gets a column, or a column another type.
    AddColumn {
        /// The table's name.
        table: String,
        /// The column.
        column: Column,
    },
    /// A column gets another name.
    RenameColumn {
        /// The table's name.
        table: String,
        /// The column's name until then.
        column: String,
        /// Its name from then on.
        to: String,
        /// Where that is said.
        place: CodePlace,
    },
    /// A column is removed.
    DropColumn {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
    },
}

/// The changes of one file.
#[derive(Clone, Debug)]
pub struct ChangedTables<'a> {
    /// Path from the root.
    pub path: &'a str,
    /// The file's place among the migrations, if it is one.
    pub migration: Option<&'a MigrationFile>,
    /// Its changes, in the order of the file.
    pub changes: &'a [TableChange],
    /// What the file was read as, for a table that is known from its changes only.
    pub source: &'static str,
}

/// The tables that all changes lead to, by name.
///
/// The files of one folder are one history, in the order of their numbers; what is no migration (a
/// dump of the whole schema) comes before them. So two databases with a table of the same name do not
/// undo each other's steps; their columns are joined. A step on a table that its folder never creates
/// is taken after all others.
pub fn replay(files: &[ChangedTables<'_>]) -> Vec<Table> {
    let mut order: Vec<&ChangedTables<'_>> = files.iter().collect();
    order.sort_by_cached_key(|file| {
        let number = file.migration.map(|m| natural(&m.number));
        (group(file).to_owned(), number, file.path.to_owned())
    });
    let mut all = State::default();
    let mut late = Vec::new();
    for history in order.chunk_by(|a, b| group(a) == group(b)) {
        let mut state = State::default();
        for file in history {
            for change in file.changes {
                if !state.take(change) {
                    late.push((file.source, change));
                }
            }
        }
        state.into_tables().into_iter().for_each(|table| all.create(&table));
    }
    for (source, change) in late {
        if !all.take(change) {
            all.begin(source, change);
        }
    }
    let mut tables = all.into_tables();
    tables.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
    tables
}

/// The folder whose files are one history: that of the file, or the one above where each migration has
/// a folder of its own.
fn group<'a>(file: &ChangedTables<'a>) -> &'a str {
    let folder = |path: &'a str| path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = folder(file.path);
    let name = own.rsplit('/').next().unwrap_or(own);
    match file.migration {
        Some(migration) if name.starts_with(migration.number.as_str()) => folder(own),
        _ => own,
    }
}

/// Numbers compare as numbers: `2` comes before `010`.
fn natural(number: &str) -> Vec<u128> {
    number.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

#[derive(Default)]
struct State {
    tables: Vec<Option<Table>>,
    by_name: FxHashMap<String, usize>,
}

impl State {
    fn get(&mut self, name: &str) -> Option<&mut Table> {
        let at = *self.by_name.get(&name.to_lowercase())?;
        self.tables.get_mut(at)?.as_mut()
    }

    /// Takes a step; false where the table that it changes is not known here.
    fn take(&mut self, change: &TableChange) -> bool {
        match change {
            TableChange::Create(table) => self.create(table),
            TableChange::Rename { table, to } => return self.rename(table, to),
            TableChange::Drop { table } => return self.remove(table).is_some(),
            TableChange::AddColumn { table, column } => {
                let Some(table) = self.get(table) else { return false };
                add(&mut table.columns, column);
            }
            TableChange::RenameColumn { table, column, to, place } => {
                let Some(table) = self.get(table) else { return false };
                rename_column(&mut table.columns, column, to, place);
            }
            TableChange::DropColumn { table, column } => {
                let Some(table) = self.get(table) else { return false };
                table.columns.retain(|c| !c.name.eq_ignore_ascii_case(column));
            }
        }
        true
    }

    fn create(&mut self, table: &Table) {
        match self.get(&table.name) {
            Some(known) => {
                // What one tells in full, the other need not.
                known.complete |= table.complete;
                if known.class.is_none() {
                    known.class.clone_from(&table.class);
                }
                table.columns.iter().for_each(|column| join(&mut known.columns, column));
            }
            None => {
                self.by_name.insert(table.name.to_lowercase(), self.tables.len());
                self.tables.push(Some(table.clone()));
            }
        }
    }

    fn remove(&mut self, name: &str) -> Option<Table> {
        let at = self.by_name.remove(&name.to_lowercase())?;
        self.tables.get_mut(at)?.take()
    }

    fn rename(&mut self, name: &str, to: &str) -> bool {
        let Some(table) = self.remove(name) else { return false };
        self.create(&Table { name: to.to_owned(), ..table });
        true
    }

    /// A table of which only a change is known.
    fn begin(&mut self, source: &'static str, change: &TableChange) {
        let (table, column) = match change {
            TableChange::AddColumn { table, column } => (table, column.clone()),
            TableChange::RenameColumn { table, to, place, .. } => {
                (table, Column { name: to.clone(), kind: String::new(), place: place.clone() })
            }
            _ => return,
        };
        let place = column.place.clone();
        let name = table.clone();
        self.create(&Table { name, class: None, columns: vec![column], complete: false, source, place });
    }

    fn into_tables(self) -> Vec<Table> {
        self.tables.into_iter().flatten().collect()
    }
}

/// A column that is there already gets the new type.
fn add(columns: &mut Vec<Column>, column: &Column) {
    match columns.iter_mut().find(|c| c.name.eq_ignore_ascii_case(&column.name)) {
        Some(known) if !column.kind.is_empty() => known.kind.clone_from(&column.kind),
        Some(_) => {}
        None => columns.push(column.clone()),
    }
}

/// A column that is there already stays as it is.
fn join(columns: &mut Vec<Column>, column: &Column) {
    if !columns.iter().any(|c| c.name.eq_ignore_ascii_case(&column.name)) {
        columns.push(column.clone());
    }
}

fn rename_column(columns: &mut Vec<Column>, from: &str, to: &str, place: &CodePlace) {
    let there = columns.iter().any(|c| c.name.eq_ignore_ascii_case(to));
    match columns.iter_mut().find(|c| c.name.eq_ignore_ascii_case(from)) {
        Some(_) if there => columns.retain(|c| !c.name.eq_ignore_ascii_case(from)),
        Some(column) => {
            to.clone_into(&mut column.name);
            column.place = place.clone();
        }
        None if there => {}
        None => columns.push(Column { name: to.to_owned(), kind: String::new(), place: place.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> CodePlace {
        CodePlace { path: path.into(), span: (0..1).into(), line: 1 }
    }

    /// `+t a b` creates, `-t` drops, `t>u` renames, `t+a`, `t-a` and `t.a>b` change columns.
    fn change(path: &str, step: &str) -> TableChange {
        let column = |name: &str| Column { name: name.to_owned(), kind: String::new(), place: place(path) };
        if let Some(rest) = step.strip_prefix('+') {
            let mut words = rest.split_whitespace();
            return TableChange::Create(Table {
                name: words.next().unwrap_or("").to_owned(),
                class: None,
                columns: words.map(column).collect(),
                complete: true,
                source: "SQL",
                place: place(path),
            });
        }
        let own = str::to_owned;
        if let Some(table) = step.strip_prefix('-') {
            return TableChange::Drop { table: own(table) };
        }
        if let Some((table, name)) = step.split_once('+') {
            return TableChange::AddColumn { table: own(table), column: column(name) };
        }
        if let Some((table, name)) = step.split_once('-') {
            return TableChange::DropColumn { table: own(table), column: own(name) };
        }
        let (from, to) = step.split_once('>').expect(step);
        match from.split_once('.') {
            Some((table, name)) => TableChange::RenameColumn {
                table: own(table),
                column: own(name),
                to: own(to),
                place: place(path),
            },
            None => TableChange::Rename { table: own(from), to: own(to) },
        }
    }

    fn check(files: &[(&str, &[&str])], expected: &[&str]) {
        let options = crate::Options::default();
        let read: Vec<_> = files
            .iter()
            .map(|(path, steps)| {
                let steps: Vec<_> = steps.iter().map(|step| change(path, step)).collect();
                (*path, crate::migrations::migration_of(&(*path).into(), &options), steps)
            })
            .collect();
        let changed: Vec<_> = read
            .iter()
            .map(|(path, migration, changes)| ChangedTables {
                path,
                migration: migration.as_ref(),
                changes,
                source: "SQL",
            })
            .collect();
        let shown: Vec<String> = replay(&changed)
            .iter()
            .map(|t| {
                let columns: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
                format!("{}{}: {}", t.name, if t.complete { "" } else { "?" }, columns.join(" "))
            })
            .collect();
        assert_eq!(shown, expected, "{files:?}");
    }

    #[test]
    fn steps_are_taken_in_the_order_of_their_numbers() {
        check(
            &[
                ("migrations/10_c.sql", &["t.b>c"]),
                ("migrations/2_b.sql", &["t+b", "t-a"]),
                ("migrations/1_a.sql", &["+t id a", "+gone id"]),
                ("migrations/11_d.sql", &["-gone", "t>u"]),
            ],
            &["u: id c"],
        );
    }

    #[test]
    fn a_migration_may_have_a_folder_of_its_own() {
        check(
            &[
                ("prisma/migrations/2_b/migration.sql", &["t-a"]),
                ("prisma/migrations/1_a/migration.sql", &["+t id a"]),
            ],
            &["t: id"],
        );
    }

    #[test]
    fn two_databases_do_not_undo_each_other() {
        check(
            &[
                ("a/migrations/1_a.sql", &["+t id x"]),
                ("a/migrations/2_a.sql", &["-t"]),
                ("b/migrations/1_a.sql", &["+t id y"]),
            ],
            &["t: id y"],
        );
    }

    #[test]
    fn a_table_may_be_known_by_its_changes_only() {
        check(&[("migrations/1_a.sql", &["t+a", "t.b>c", "u-x", "-v"])], &["t?: a c"]);
        check(&[("a/migrations/1_a.sql", &["t+a"]), ("b/migrations/1_a.sql", &["+t id"])], &["t: id a"]);
    }

    #[test]
    fn a_dump_and_the_history_agree() {
        check(&[("db/1_a.sql", &["+t id a", "t.a>b"]), ("db/schema.sql", &["+t id b"])], &["t: id b"]);
        check(&[("db/migrations/1_a.sql", &["+T ID a", "t>T2", "+t2 x"])], &["T2: ID a x"]);
    }
}
