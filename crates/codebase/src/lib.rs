//! What the code of a repository says, as plain data: routes, tables, locale keys, tests, environment
//! variables, flags, events, migrations. Read by `source` and `repo`, seen by rules, drift and traces.
//!
//! Every fact carries its place. What could not be read is said in [`Codebase::readable`], so that
//! "nothing there" and "not looked at" are never the same.

mod locale_index;
pub mod names;
mod proof;
mod query;
mod result;
mod route;
mod route_index;
mod test_index;
mod words;

pub use locale_index::{LocaleIndex, language};
pub use proof::{FileNow, ProofRecord, ProvenFile};
pub use query::{Candidate, closest};
pub use result::{Outcome, TestResult};
pub use route::{Method, PathPart, Route, RoutePath, UnreadRoutes, without_query};
pub use route_index::{PARAMETER, RouteIndex, Served, ServedAt, route_key};
pub use test_index::{FileIndex, TestIndex};
pub use words::Words;

use std::fmt;
use std::sync::Arc;
use trueup_text::Span;

/// A place in a file of the repository.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CodePlace {
    /// Path from the repository's root.
    pub path: Arc<str>,
    /// Where in the file, in bytes.
    pub span: Span,
    /// The line of its start, from 1.
    pub line: u32,
}

/// A column of a table, or a field of the class that stands for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in the database.
    pub name: String,
    /// Its type as written; empty where it is not told.
    pub kind: String,
    /// Where.
    pub place: CodePlace,
}

/// A table of the database, read from SQL, a schema file or the classes of an object mapper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// The table's name in the database.
    pub name: String,
    /// The class that stands for it.
    pub class: Option<String>,
    /// Its columns, over all migrations that were read.
    pub columns: Vec<Column>,
    /// Whether all columns are known: not where a base class or a computed list was not followed.
    pub complete: bool,
    /// What it was read from: `SQL`, `Prisma`, `Django` ….
    pub source: &'static str,
    /// Where it is declared.
    pub place: CodePlace,
}

/// A test of the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestCase {
    /// Its own name or title.
    pub name: String,
    /// The suites, classes or `describe` blocks around it, the outermost first.
    pub suites: Vec<String>,
    /// Whether it is switched off (`skip`, `#[ignore]`, `xit`).
    pub skipped: bool,
    /// Where.
    pub place: CodePlace,
}

/// A key of a file of translations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocaleKey {
    /// The whole key, parts joined with `.`.
    pub key: String,
    /// Where.
    pub span: Span,
    /// Line from 1.
    pub line: u32,
}

/// A file of translations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocaleFile {
    /// Path from the root.
    pub path: Arc<str>,
    /// The language, such as `en` or `pl-PL`.
    pub locale: String,
    /// What the keys of this file stand below where they are looked up (`orders` for
    /// `locales/en/orders.json`); empty for a file that holds whole keys.
    pub namespace: String,
    /// Its keys, in the order of the file.
    pub keys: Vec<LocaleKey>,
}

/// What a name is used for at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Use {
    /// The code reads it.
    Read,
    /// A file lists it (`.env.example`, a Compose file, a register of flags, a list of events).
    Declared,
    /// The code sends it (events).
    Sent,
}

/// A name that the code uses: an environment variable, a flag, an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameUse {
    /// The name as written.
    pub name: String,
    /// What for.
    pub how: Use,
    /// Where.
    pub place: CodePlace,
}

/// A migration file, known by its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MigrationFile {
    /// Path from the root.
    pub path: Arc<str>,
    /// Its number as written (`003`, `20260101120000`).
    pub number: String,
    /// What follows the number, without the ending.
    pub slug: String,
}

/// A kind of facts about the code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CodeKind {
    /// Routes.
    Routes,
    /// Tables and their columns.
    Tables,
    /// Events.
    Events,
    /// Keys of translations.
    Locales,
    /// Paths of files.
    Paths,
    /// Tests.
    Tests,
    /// Environment variables.
    EnvVars,
    /// Feature flags.
    Flags,
    /// Migrations.
    Migrations,
}

impl CodeKind {
    /// All kinds.
    pub const ALL: [CodeKind; 9] = [
        CodeKind::Routes,
        CodeKind::Tables,
        CodeKind::Events,
        CodeKind::Locales,
        CodeKind::Paths,
        CodeKind::Tests,
        CodeKind::EnvVars,
        CodeKind::Flags,
        CodeKind::Migrations,
    ];

    /// Its name in output and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            CodeKind::Routes => "endpoints",
            CodeKind::Tables => "entities",
            CodeKind::Events => "events",
            CodeKind::Locales => "i18n",
            CodeKind::Paths => "paths",
            CodeKind::Tests => "tests",
            CodeKind::EnvVars => "env",
            CodeKind::Flags => "flags",
            CodeKind::Migrations => "migrations",
        }
    }
}

impl fmt::Display for CodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a kind of facts could be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Readable {
    /// It was; from these sources (`axum`, `Next.js`, `OpenAPI`, `locale files` …).
    Yes(Vec<&'static str>),
    /// It was not; the text says why, to be read after "not checkable: ".
    No(String),
}

impl Readable {
    /// Whether it was read.
    pub fn is_yes(&self) -> bool {
        matches!(self, Readable::Yes(_))
    }
}

/// What the code of a repository says.
#[derive(Clone, Debug, Default)]
pub struct Codebase {
    /// Routes, by path and method.
    pub routes: Vec<Route>,
    /// The same, to be looked up.
    pub route_index: RouteIndex,
    /// Paths below which the code serves more than could be read, by path.
    pub unread_routes: Vec<UnreadRoutes>,
    /// Tables, by name.
    pub tables: Vec<Table>,
    /// Tests, by place.
    pub tests: Vec<TestCase>,
    /// The same, to be looked up.
    pub test_index: TestIndex,
    /// The files of the repository, to be looked up by the IDs in their names.
    pub file_index: FileIndex,
    /// Files of translations, by path.
    pub locales: Vec<LocaleFile>,
    /// The keys of the main language among them, to be looked up.
    pub locale_index: LocaleIndex,
    /// Environment variables, by name and place.
    pub env_vars: Vec<NameUse>,
    /// Names that a call of a flag library uses, by name and place.
    pub flags: Vec<NameUse>,
    /// Events that the code sends or declares, by name and place.
    pub events: Vec<NameUse>,
    /// Migration files, by path.
    pub migrations: Vec<MigrationFile>,
    /// Every text literal of the code that looks like a name (`orders.order.created`, `new-checkout`,
    /// `ORDER_LIMIT`), to find any name that a spec promises.
    pub words: Words,
    /// Files of code that were read.
    pub files: usize,
    /// Files of code that could not be read, with the reason.
    pub unreadable: Vec<(Arc<str>, String)>,
    /// What could be read of each kind, in the order of [`CodeKind::ALL`]; empty where nothing was.
    pub readable: Vec<(CodeKind, Readable)>,
}

impl Codebase {
    /// Whether a kind could be read; a kind that nobody speaks of could not.
    pub fn readable(&self, kind: CodeKind) -> Readable {
        let found = self.readable.iter().find(|(k, _)| *k == kind);
        found.map_or_else(|| Readable::No("the code was not read".to_owned()), |(_, r)| r.clone())
    }
}

/// What the configuration says about which promises the code is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Beginnings of paths that the code serves; found from the routes where this is empty.
    pub api_prefixes: Vec<String>,
    /// Globs of endpoints of other systems.
    pub external: Vec<String>,
    /// Globs of files that are no code of this repository.
    pub excluded: Vec<String>,
}

/// What became of a file or folder that is not there any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departed {
    /// What it was last called, if it was renamed.
    pub to: Option<String>,
    /// Whether it was deleted in the end.
    pub deleted: bool,
    /// The commit that did the last of it, shortened.
    pub commit: String,
}

/// Gives the code, read when it is first asked for.
pub trait Code: fmt::Debug + Sync {
    /// The code of the repository.
    fn codebase(&self) -> &Codebase;

    /// What the configuration says about it.
    fn scope(&self) -> Scope {
        Scope::default()
    }

    /// What the history knows of a file or folder that is not there any more; none where it was never
    /// there, or where there is no history.
    fn departed(&self, _path: &str) -> Option<Departed> {
        None
    }

    /// Whether there is a history that would know of it, back to its beginning.
    fn knows_history(&self) -> bool {
        false
    }

    /// Paths that the history knows, that are not there any more and that end so (`/api/list.ts`).
    fn departed_ending(&self, _end: &str) -> Vec<String> {
        Vec::new()
    }

    /// Whether git is told to leave a path out (`.gitignore`).
    fn is_ignored(&self, _path: &str) -> bool {
        false
    }

    /// Whether a test of the code names an item of a spec (`SPEC-012`, `AC-3`).
    fn is_cited(&self, _spec: &str, _item: &str) -> bool {
        false
    }

    /// The items of the specs in a file that their ledger names: results, whatever came of them, and
    /// waivers that count today.
    fn recorded_items(&self, _path: &str) -> Vec<String> {
        Vec::new()
    }

    /// Whether the team has declared what its migrations, or its tenants, are tried on, so that what nobody has tried is worth
    /// a word.
    fn declares_proofs(&self, _of_tenants: bool) -> bool {
        false
    }

    /// What provers recorded in the ledgers of the specs in a file.
    fn proof_records(&self, _path: &str) -> Vec<ProofRecord> {
        Vec::new()
    }
}

/// No code at all: every kind is not checkable.
#[derive(Debug, Default)]
pub struct NoCode(pub Codebase);

impl Code for NoCode {
    fn codebase(&self) -> &Codebase {
        &self.0
    }
}
