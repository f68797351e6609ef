//! Migrations that a database says it has had, held against the files of a chain.
//!
//! Each tool keeps a table of its own. The queries here read them as text, so that one shape serves all.

mod checksum;

pub use checksum::{checksum_matches, checksums};

use crate::chain::{Chain, ChainFile, Layout, Number, Order};

/// The table of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// The tool.
    pub tool: &'static str,
    /// The table; it lies in the schema of the search path.
    pub table: &'static str,
    /// Columns that tell it from tables of other tools with the same name.
    pub columns: &'static [&'static str],
    /// Reads it, in the order in which migrations ran. Six columns of text, all but the first may be null:
    /// `version`, `name`, `checksum`, `success` (`true` or `false`), `at` and `kind`.
    pub query: &'static str,
}

/// Flyway (documentation, "Flyway schema history table").
const FLYWAY: History = History {
    tool: "Flyway",
    table: "flyway_schema_history",
    columns: &["installed_rank", "script", "checksum", "success"],
    query: "SELECT coalesce(version, '')::text AS version, description::text AS name, checksum::text AS checksum, \
            success::text AS success, installed_on::text AS at, type::text AS kind \
            FROM flyway_schema_history ORDER BY installed_rank",
};

/// sqlx (`ensure_migrations_table` in its crate for PostgreSQL).
const SQLX: History = History {
    tool: "sqlx",
    table: "_sqlx_migrations",
    columns: &["version", "checksum", "success"],
    query: "SELECT version::text AS version, description::text AS name, encode(checksum, 'hex') AS checksum, \
            success::text AS success, installed_on::text AS at, NULL::text AS kind \
            FROM _sqlx_migrations ORDER BY version",
};

/// refinery (`ASSERT_MIGRATIONS_TABLE_QUERY` in its core).
const REFINERY: History = History {
    tool: "refinery",
    table: "refinery_schema_history",
    columns: &["version", "name", "applied_on", "checksum"],
    query: "SELECT version::text AS version, name::text AS name, checksum::text AS checksum, \
            'true' AS success, applied_on::text AS at, NULL::text AS kind \
            FROM refinery_schema_history ORDER BY version",
};

/// Prisma. A migration that was marked as rolled back is no longer counted, and one that never finished has failed.
const PRISMA: History = History {
    tool: "Prisma",
    table: "_prisma_migrations",
    columns: &["migration_name", "checksum", "finished_at", "rolled_back_at"],
    query: "SELECT migration_name::text AS version, migration_name::text AS name, checksum::text AS checksum, \
            (finished_at IS NOT NULL)::text AS success, coalesce(finished_at, started_at)::text AS at, \
            NULL::text AS kind FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at",
};

/// Diesel keeps versions without dashes (`setup_migration_table.sql`).
const DIESEL: History = History {
    tool: "Diesel",
    table: "__diesel_schema_migrations",
    columns: &["version", "run_on"],
    query: "SELECT version::text AS version, NULL::text AS name, NULL::text AS checksum, 'true' AS success, \
            run_on::text AS at, NULL::text AS kind FROM __diesel_schema_migrations ORDER BY version",
};

/// golang-migrate keeps one row: the version that the database is at.
const MIGRATE: History = History {
    tool: "golang-migrate",
    table: "schema_migrations",
    columns: &["version", "dirty"],
    query: "SELECT version::text AS version, NULL::text AS name, NULL::text AS checksum, (NOT dirty)::text AS success, \
            NULL::text AS at, 'up to' AS kind FROM schema_migrations",
};

/// Rails and dbmate keep versions and nothing else.
const VERSIONS: History = History {
    tool: "Rails or dbmate",
    table: "schema_migrations",
    columns: &["version"],
    query: "SELECT version::text AS version, NULL::text AS name, NULL::text AS checksum, 'true' AS success, \
            NULL::text AS at, NULL::text AS kind FROM schema_migrations ORDER BY version",
};

/// goose. The last row of a version counts; version 0 is its own.
const GOOSE: History = History {
    tool: "goose",
    table: "goose_db_version",
    columns: &["version_id", "is_applied"],
    query: "SELECT version_id::text AS version, NULL::text AS name, NULL::text AS checksum, 'true' AS success, \
            tstamp::text AS at, CASE WHEN is_applied THEN NULL ELSE 'undo' END AS kind \
            FROM goose_db_version WHERE version_id > 0 ORDER BY id",
};

impl Layout {
    /// The tables in which a database may keep what it has had, the most likely first; a later one with the same
    /// table has fewer columns.
    pub fn histories(self) -> &'static [History] {
        match self {
            Layout::Flyway => &[FLYWAY],
            Layout::Sqlx => &[SQLX],
            Layout::Refinery => &[REFINERY],
            Layout::Prisma => &[PRISMA],
            Layout::Diesel => &[DIESEL],
            Layout::Rails => &[VERSIONS],
            Layout::Numbered => &[GOOSE, MIGRATE, VERSIONS, SQLX],
            Layout::Governance => &[FLYWAY, REFINERY, VERSIONS],
        }
    }
}

/// A row of such a table.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AppliedRow {
    /// The version; empty for what is repeatable.
    pub version: String,
    /// The name or description, where the tool keeps one.
    pub name: String,
    /// The checksum as the query gives it.
    pub checksum: Option<String>,
    /// Whether it ended well.
    pub success: bool,
    /// When it ran, as the database writes it.
    pub at: Option<String>,
    /// What kind of row, where the tool has kinds.
    pub kind: Option<String>,
}

/// How a migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It ran, and the file is what ran.
    Applied,
    /// It ran, and no checksum says what it was.
    Unchecked,
    /// It ran, and the file has changed since. The tool's checksum then and now.
    Changed {
        /// As the database has it.
        was: String,
        /// As the file has it.
        is: String,
    },
    /// It has not run.
    Pending,
    /// It has not run, though a later one has. The latest version that ran.
    OutOfOrder {
        /// That version.
        behind: String,
    },
    /// It ran, and there is no file.
    Missing,
    /// It was begun and did not end well.
    Failed,
}

impl State {
    /// Its name: `applied`, `out of order`.
    pub fn name(&self) -> &'static str {
        match self {
            State::Applied => "applied",
            State::Unchecked => "applied, unchecked",
            State::Changed { .. } => "changed after applied",
            State::Pending => "pending",
            State::OutOfOrder { .. } => "out of order",
            State::Missing => "missing",
            State::Failed => "failed",
        }
    }
}

/// A migration, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The file, where there is one.
    pub path: Option<String>,
    /// Its version, or its name where it is repeatable.
    pub version: String,
    /// How it stands.
    pub state: State,
    /// When it ran.
    pub at: Option<String>,
}

/// Holds what a database says it has had against the files: the files in their order, then what has no file.
pub fn standings(chain: &Chain, rows: &[AppliedRow]) -> Vec<Standing> {
    let layout = chain.layout;
    let rows = counted(layout, rows);
    let latest =
        rows.iter().filter(|row| !row.version.is_empty() && row.success).map(|row| place(layout, row)).max();
    let mut out: Vec<Standing> =
        chain.files.iter().map(|file| standing(chain.layout, file, &rows, latest.as_ref())).collect();
    let orphan = |row: &&&AppliedRow| {
        let of_none = is_mark(row) || (row.success && is_code(row));
        !of_none && !chain.files.iter().any(|file| is_of(layout, file, row))
    };
    // What an older file said is of no interest where the database begins with a baseline.
    let before = |row: &&&AppliedRow| {
        let first = chain.files.iter().find(|file| file.order.baseline);
        first
            .is_some_and(|first| !row.version.is_empty() && place(layout, row).version <= first.order.version)
    };
    out.extend(rows.iter().filter(|row| orphan(row) && !before(row)).map(|row| Standing {
        path: None,
        version: if row.version.is_empty() { row.name.clone() } else { row.version.clone() },
        state: if row.success { State::Missing } else { State::Failed },
        at: row.at.clone(),
    }));
    out
}

/// Rows that stand for something of their own and not for a file.
fn is_mark(row: &AppliedRow) -> bool {
    matches!(row.kind.as_deref(), Some("BASELINE" | "SCHEMA" | "up to"))
}

/// Rows of migrations that are programs (Flyway's types `JDBC` and `SPRING_JDBC`): no chain of SQL holds them.
fn is_code(row: &AppliedRow) -> bool {
    matches!(row.kind.as_deref(), Some("JDBC" | "SPRING_JDBC" | "SCRIPT" | "CUSTOM"))
}

/// The rows that still count: the last of each migration, without those that were undone or deleted.
fn counted(layout: Layout, rows: &[AppliedRow]) -> Vec<&AppliedRow> {
    let mut out: Vec<&AppliedRow> = Vec::new();
    for row in rows {
        let same = |one: &&AppliedRow| {
            !is_mark(one)
                && !is_mark(row)
                && place(layout, one) == place(layout, row)
                && (!row.version.is_empty() || one.name == row.name)
        };
        out.retain(|one| !same(one));
        if !matches!(row.kind.as_deref(), Some("undo" | "UNDO_SQL" | "DELETE")) {
            out.push(row);
        }
    }
    out
}

/// The place of a row's version. Names of folders have no numbers of their own, of whatever they are made, and Diesel
/// compares versions as text.
fn place(layout: Layout, row: &AppliedRow) -> Order {
    let is_text = matches!(layout, Layout::Diesel | Layout::Prisma);
    if !is_text && row.version.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '_') {
        Order { baseline: false, ..Order::of_version(&row.version) }
    } else {
        Order { name: row.version.clone(), ..Order::default() }
    }
}

fn is_of(layout: Layout, file: &ChainFile, row: &AppliedRow) -> bool {
    if file.repeatable || row.version.is_empty() {
        return file.repeatable && row.version.is_empty() && row.name == file.slug.replace('_', " ");
    }
    place(layout, row) == place_of(file)
}

fn place_of(file: &ChainFile) -> Order {
    Order { baseline: false, repeatable: false, ..file.order.clone() }
}

fn standing(layout: Layout, file: &ChainFile, rows: &[&AppliedRow], latest: Option<&Order>) -> Standing {
    let row = rows.iter().find(|row| !is_mark(row) && is_of(layout, file, row));
    let (state, at) = match row {
        Some(row) if !row.success => (State::Failed, row.at.clone()),
        Some(row) => (held_against(layout, file, row), row.at.clone()),
        None => (not_run(layout, file, rows, latest), None),
    };
    let version = if file.version.is_empty() { file.slug.clone() } else { file.version.clone() };
    Standing { path: Some(file.path.clone()), version, state, at }
}

fn held_against(layout: Layout, file: &ChainFile, row: &AppliedRow) -> State {
    match &row.checksum {
        None => State::Unchecked,
        Some(was) => {
            match (checksum_matches(layout, file, was), checksums(layout, file).into_iter().next()) {
                (Some(true), _) => State::Applied,
                // What is repeatable runs again when it has changed.
                (Some(false), _) if file.repeatable => State::Pending,
                (Some(false), Some(is)) => State::Changed { was: was.clone(), is },
                _ => State::Unchecked,
            }
        }
    }
}

fn not_run(layout: Layout, file: &ChainFile, rows: &[&AppliedRow], latest: Option<&Order>) -> State {
    let place = place_of(file);
    // Up to a mark all is taken as done.
    let mark =
        rows.iter().find(|row| is_mark(row) && !row.version.is_empty() && place <= self::place(layout, row));
    match (mark, latest) {
        (Some(mark), _) if !mark.success && self::place(layout, mark) == place => State::Failed,
        (Some(_), _) => State::Unchecked,
        (None, Some(latest)) if !file.repeatable && place < *latest => {
            State::OutOfOrder { behind: shown(layout, rows, latest) }
        }
        (None, _) => State::Pending,
    }
}

fn shown(layout: Layout, rows: &[&AppliedRow], latest: &Order) -> String {
    rows.iter().find(|row| place(layout, row) == *latest).map_or(String::new(), |row| row.version.clone())
}

/// The versions that a dump of Rails lists at its end, in their order.
pub fn versions_of_dump(text: &str) -> Vec<String> {
    let script = crate::Script::read(text);
    let inserts = script.statements.iter().map(|statement| statement.text(text)).filter(|statement| {
        let words: Vec<&str> = crate::Words::of(statement).take(4).collect();
        let [insert, into, rest @ ..] = words.as_slice() else { return false };
        insert.eq_ignore_ascii_case("INSERT")
            && into.eq_ignore_ascii_case("INTO")
            && rest.iter().any(|word| word.trim_matches('"') == "schema_migrations")
    });
    let mut versions: Vec<String> = inserts.flat_map(digits_in_strings).collect();
    versions.sort_by_key(|version| Number::of(version));
    versions
}

fn digits_in_strings(statement: &str) -> Vec<String> {
    let tokens = crate::tokens::tokens(statement);
    let strings = tokens.iter().filter(|token| token.sort == crate::tokens::Sort::Text);
    let inner = strings.map(|token| token.text.trim_matches('\'').to_owned());
    inner.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests;
