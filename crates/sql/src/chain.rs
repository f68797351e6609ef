//! A folder of migrations, read as the tool reads it that runs them: which files it takes, in which order, and how it
//! wraps them in transactions.

mod layout;
mod names;
mod order;
mod sections;

pub use layout::{Guess, Layout};
pub use order::{Number, Order};
pub(crate) use sections::has_marks;

use crate::problem::{Level, Problem};
use names::{Kind, Name};

/// A file of a folder of migrations.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its path with `/`, from wherever the caller likes.
    pub path: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// Migrations in the order in which their tool runs them on an empty database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// How the folder is laid out.
    pub layout: Layout,
    /// The migrations that run, in order.
    pub files: Vec<ChainFile>,
    /// What was found while the folder was read, in the order of the paths.
    pub problems: Vec<Problem>,
}

/// A migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFile {
    /// Its path, as it was given.
    pub path: String,
    /// Its version as written: `012`, `1_2`; empty for what is repeatable.
    pub version: String,
    /// Its place among the others.
    pub order: Order,
    /// What its name says that it does: `add_tenant_id`.
    pub slug: String,
    /// What runs. Where a file also holds the way down (goose, dbmate), that part is left out; line numbers hold.
    pub text: String,
    /// How the tool runs it.
    pub transaction: Transaction,
    /// How it is undone: the path of a file, or the note in its comments.
    pub rollback: Option<String>,
    /// Whether the tool runs it again whenever it changes.
    pub repeatable: bool,
}

/// How a tool runs a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transaction {
    /// In a transaction of the tool: all of it or nothing.
    PerFile,
    /// Statement by statement, each of which commits by itself, unless the file begins a transaction of its own.
    PerStatement,
    /// The whole text as one query. The server runs its statements in one transaction unless the text begins its own
    /// (documentation of PostgreSQL, "Multiple Statements in a Simple Query"); so a statement that can run in none
    /// has to be alone.
    OneQuery,
}

impl Chain {
    /// Reads the files of a folder. Files that no tool would run (documents, settings) are passed over.
    pub fn read(layout: Layout, sources: &[Source<'_>]) -> Chain {
        let mut chain = Chain { layout, files: Vec::new(), problems: Vec::new() };
        let mut down = Vec::new();
        let mut sorted: Vec<&Source<'_>> = sources.iter().collect();
        sorted.sort_by_key(|source| source.path);
        for source in sorted {
            chain.take(source, sources, &mut down);
        }
        chain.undone_by(&down);
        chain.files.sort_by(|one, other| one.order.cmp(&other.order).then_with(|| one.path.cmp(&other.path)));
        chain.begins_with_baseline();
        chain
    }

    fn take(&mut self, source: &Source<'_>, all: &[Source<'_>], down: &mut Vec<(Name, String)>) {
        let name = match names::read(self.layout, source.path) {
            names::Read::Passed => return,
            names::Read::Odd(why) => {
                self.problems.push(odd(self.layout, source.path, &why));
                return;
            }
            names::Read::Named(name) => name,
        };
        match name.kind {
            Kind::Down => return down.push((name, source.path.to_owned())),
            Kind::Callback => {
                let said = "the tool calls this file beside the migrations; it is not a part of the chain";
                self.problems.push(Problem::new(source.path, "callback-not-run", Level::Info, said));
                return;
            }
            Kind::Up | Kind::Repeatable | Kind::Baseline => {}
        }
        if source.bytes.contains(&0) && std::str::from_utf8(source.bytes).is_ok() {
            self.problems.push(holds_nul(source));
            return;
        }
        let text = match std::str::from_utf8(source.bytes) {
            Ok(text) => text,
            Err(error) => {
                self.problems.push(not_utf8(source, error.valid_up_to()));
                return;
            }
        };
        let beside = match (self.layout, source.path.strip_suffix("up.sql")) {
            (Layout::Diesel, Some(folder)) => format!("{folder}metadata.toml"),
            _ => format!("{}.conf", source.path),
        };
        let conf = all.iter().find(|other| other.path == beside);
        let conf = conf.map_or("", |conf| std::str::from_utf8(conf.bytes).unwrap_or(""));
        if self.layout == Layout::Flyway {
            self.problems.extend(sections::mixed(source.path, text, conf));
        }
        self.files.push(sections::file(self.layout, name, source.path, text, conf));
    }

    /// Says of each file which other one undoes it.
    fn undone_by(&mut self, down: &[(Name, String)]) {
        for (name, path) in down {
            let same = |file: &&mut ChainFile| {
                !file.repeatable
                    && file.order.version == name.order.version
                    && file.order.name == name.order.name
            };
            match self.files.iter_mut().find(same) {
                Some(file) => file.rollback = Some(path.clone()),
                None => self.problems.push(
                    Problem::new(
                        path,
                        "down-without-up",
                        Level::Warning,
                        "no migration has this file's version",
                    )
                    .mended("remove the file, or give it the version of the migration that it undoes"),
                ),
            }
        }
    }

    /// An empty database begins with the newest baseline, and what is older does not run (Flyway, "Baseline
    /// Migrations").
    fn begins_with_baseline(&mut self) {
        let newest = self.files.iter().rposition(|file| file.order.baseline);
        let Some(newest) = newest.and_then(|at| self.files.get(at)).cloned() else { return };
        let older = |file: &ChainFile| {
            !file.repeatable && file.path != newest.path && file.order.version <= newest.order.version
        };
        for file in self.files.iter().filter(|file| older(file)) {
            let said = format!("an empty database begins with {}, so this file does not run", newest.path);
            self.problems.push(Problem::new(&file.path, "before-baseline", Level::Info, said));
        }
        self.files.retain(|file| !older(file));
    }
}

/// The place of a file with this path, if a chain of that layout would run it.
pub(crate) fn order_of(layout: Layout, path: &str) -> Option<Order> {
    match names::read(layout, path) {
        names::Read::Named(name) if name.kind == Kind::Up || name.kind == Kind::Baseline => Some(name.order),
        names::Read::Named(_) | names::Read::Odd(_) | names::Read::Passed => None,
    }
}

/// What a migration is called for people: its file's name, or its folder's where a tool gives each a folder.
pub fn shown_name(path: &str) -> &str {
    let own = ["/migration.sql", "/up.sql"].iter().find_map(|end| path.strip_suffix(end));
    let named = own.unwrap_or(path);
    named.rsplit('/').next().unwrap_or(named)
}

fn odd(layout: Layout, path: &str, why: &str) -> Problem {
    let said =
        format!("the name is not of the form {}: {why}; the tool does not run the file", layout.form());
    Problem::new(path, "name-not-read", Level::Error, said)
        .mended(format!("rename it to the form {}, or move it out of the folder", layout.form()))
}

fn holds_nul(source: &Source<'_>) -> Problem {
    let said = "the file holds a NUL byte, which no server takes; it may be UTF-16 without a mark";
    Problem::new(source.path, "not-utf8", Level::Error, said).mended("save the file in UTF-8")
}

fn not_utf8(source: &Source<'_>, at: usize) -> Problem {
    let before = source.bytes.get(..at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    let wide = matches!(source.bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    let said = if wide { "the file is in UTF-16, not in UTF-8" } else { "this byte is not UTF-8" };
    Problem::new(source.path, "not-utf8", Level::Error, said)
        .at(before, before.len())
        .mended("save the file in UTF-8")
}

#[cfg(test)]
mod tests;
