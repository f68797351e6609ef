//! What a file says of itself: which part of it runs, in which transaction, and how it is undone.

use squawk_lexer::{TokenKind, tokenize};

use super::names::Name;
use super::{ChainFile, Layout, Transaction};
use crate::problem::{Level, Problem};
use crate::script::Script;
use crate::tokens::{Cursor, tokens};

/// A file of a chain; `conf` is what the file says that tells its tool how to run it.
pub(super) fn file(layout: Layout, name: Name, path: &str, text: &str, conf: &str) -> ChainFile {
    let marks = if layout == Layout::Numbered { Marks::of(text) } else { Marks::default() };
    let rollback = marks.down.or_else(|| note(text));
    ChainFile {
        path: path.to_owned(),
        version: name.version,
        repeatable: name.order.repeatable,
        order: name.order,
        slug: name.slug,
        transaction: marks.transaction.unwrap_or_else(|| transaction(layout, path, text, conf)),
        text: marks.up.unwrap_or_else(|| text.to_owned()),
        rollback,
    }
}

/// How a tool runs a file, by what it looks for in the file.
fn transaction(layout: Layout, path: &str, text: &str, conf: &str) -> Transaction {
    match layout {
        // golang-migrate sends a file whole (`Run` of its driver for PostgreSQL).
        Layout::Numbered if path.ends_with(".up.sql") => Transaction::OneQuery,
        // Plain scripts and dumps are run by psql, where each statement commits.
        Layout::Governance | Layout::Numbered | Layout::Rails => Transaction::PerStatement,
        Layout::Flyway if switched_off(conf) || statements_alone(text) => Transaction::PerStatement,
        Layout::Sqlx if text.starts_with("-- no-transaction") => Transaction::OneQuery,
        Layout::Refinery if text.lines().any(refinery_mark) => Transaction::OneQuery,
        Layout::Diesel if !wrapped_by_diesel(conf) => Transaction::OneQuery,
        Layout::Flyway | Layout::Sqlx | Layout::Refinery | Layout::Diesel => Transaction::PerFile,
        Layout::Prisma => Transaction::OneQuery,
    }
}

/// `executeInTransaction=false` in the file that Flyway reads beside a migration.
fn switched_off(conf: &str) -> bool {
    let setting = |line: &str| {
        line.split_whitespace().collect::<String>().eq_ignore_ascii_case("executeInTransaction=false")
    };
    conf.lines().any(setting)
}

/// Diesel wraps a file unless the `metadata.toml` beside it says `run_in_transaction = false`, or says nothing of it
/// (`TomlMetadata` in its `migrations_internals`).
fn wrapped_by_diesel(conf: &str) -> bool {
    let setting = |line: &str| {
        let line = line.split('#').next().unwrap_or("");
        let value = line.trim().strip_prefix("run_in_transaction")?.trim_start().strip_prefix('=')?;
        Some(value.trim() == "true")
    };
    conf.is_empty() || conf.lines().find_map(setting).unwrap_or(false)
}

/// Whether Flyway leaves out the transaction by itself.
fn statements_alone(text: &str) -> bool {
    Script::read(text).statements.iter().any(|statement| is_alone(statement.text(text)))
}

/// Whether Flyway takes a statement for one that can run in no transaction (`detectCanExecuteInTransaction` in its
/// `PostgreSQLParser`).
fn is_alone(statement: &str) -> bool {
    let tokens = tokens(statement);
    let mut cursor = Cursor { rest: &tokens };
    if cursor.take("REINDEX") {
        cursor.take("VERBOSE");
        return cursor.take_any(&["SCHEMA", "DATABASE", "SYSTEM"]);
    }
    if cursor.take_any(&["VACUUM", "ALTER SYSTEM", "DISCARD ALL"]) {
        return true;
    }
    if !cursor.take_any(&["CREATE", "DROP"]) {
        return false;
    }
    cursor.take("UNIQUE");
    cursor.take_any(&["INDEX CONCURRENTLY", "DATABASE", "TABLESPACE", "SUBSCRIPTION"])
}

/// Statements of which some run in a transaction and some do not: Flyway refuses such a file unless it is told to `mix`
/// them, or whether to make a transaction (`parse` in its `ParserSqlScript`).
pub(super) fn mixed(path: &str, text: &str, conf: &str) -> Option<Problem> {
    let told =
        conf.lines().any(|line| line.trim_start().to_ascii_lowercase().starts_with("executeintransaction"));
    let script = Script::read(text);
    let alone: Vec<bool> = script.statements.iter().map(|one| is_alone(one.text(text))).collect();
    let first = *alone.first()?;
    let at = alone.iter().position(|alone| *alone != first).filter(|_| !told)?;
    let statement = script.statements.get(at)?;
    let how = if first {
        "runs in a transaction, and those before it run in none"
    } else {
        "runs in no transaction, and those before it run in one"
    };
    let said =
        format!("this statement {how}; Flyway refuses such a file, unless its setting `mixed` is true");
    let mend = "give what runs in no transaction a file of its own, or set `mixed`, and `transaction = \"statement\"` in \
                [[migrations]]";
    Some(
        Problem::new(path, "mixed-statements", Level::Warning, said)
            .at(text, statement.span.range().start)
            .mended(mend),
    )
}

/// `-- refinery:noTransaction` (`query_no_transaction_re_sql` in refinery's `util.rs`).
fn refinery_mark(line: &str) -> bool {
    let Some(rest) = line.strip_suffix("refinery:noTransaction") else { return false };
    let dashes = rest.trim_end_matches(char::is_whitespace);
    dashes.len() >= 2 && dashes.bytes().all(|byte| byte == b'-') && rest.len() <= dashes.len() + 1
}

/// What the marks of goose, sql-migrate and dbmate say.
#[derive(Default)]
struct Marks {
    /// The text that runs, if there are marks.
    up: Option<String>,
    /// Where the way down is.
    down: Option<String>,
    transaction: Option<Transaction>,
}

/// A mark in a comment of its own line.
enum Mark {
    Up,
    Down,
    Other,
}

impl Marks {
    fn of(text: &str) -> Marks {
        let mut marks = Marks::default();
        let (mut up, mut runs) = (String::new(), true);
        for (at, line) in text.split_inclusive('\n').enumerate() {
            if let Some((mark, alone)) = mark(line) {
                marks.transaction = alone.or(marks.transaction).or(Some(Transaction::PerFile));
                match mark {
                    Mark::Up => runs = true,
                    Mark::Down => {
                        runs = false;
                        marks.down.get_or_insert_with(|| format!("the part behind line {}", at + 1));
                    }
                    Mark::Other => {}
                }
            }
            // Lines that do not run stay as empty lines, so that those behind them keep their numbers.
            up.push_str(if runs {
                line
            } else if line.ends_with('\n') {
                "\n"
            } else {
                ""
            });
        }
        if marks.down.is_some() {
            marks.up = Some(up);
        }
        marks
    }
}

/// A mark, and how the file runs where it asks for no transaction: goose and sql-migrate split it and send statement by
/// statement (`runSQLMigration` and `ParseMigration` in their sources), dbmate sends it whole (`Migrate` in its `db.go`).
fn mark(line: &str) -> Option<(Mark, Option<Transaction>)> {
    let body = line.trim().strip_prefix("--")?.trim();
    let lower = body.to_ascii_lowercase();
    let starts = ["+goose ", "+migrate ", "migrate:"];
    let said = starts.iter().find_map(|start| lower.strip_prefix(start))?;
    let bare = if lower.starts_with('+') { Transaction::PerStatement } else { Transaction::OneQuery };
    let mut words = said.split_whitespace();
    let mark = match words.next() {
        Some("up") => Mark::Up,
        Some("down") => Mark::Down,
        _ => Mark::Other,
    };
    let alone =
        said == "no transaction" || said.contains("notransaction") || said.contains("transaction:false");
    // What the way down asks for says nothing of the way up.
    let alone = alone && !matches!(mark, Mark::Down);
    Some((mark, alone.then_some(bare)))
}

/// Whether marks tell which part of a text runs.
pub(crate) fn has_marks(text: &str) -> bool {
    text.lines().any(|line| mark(line).is_some())
}

/// Words with which a note begins that tells how a migration is undone.
const NOTES: [&str; 7] = ["rollback", "roll back", "revert", "undo", "down", "to roll back", "to revert"];

/// The note in a file's comments that tells how it is undone: `-- Rollback: drop the column`.
fn note(text: &str) -> Option<String> {
    let lines = comment_lines(text);
    let at = lines.iter().position(|line| begins_note(line))?;
    let first = lines.get(at)?;
    // `-- Rollback:` alone is followed by its text.
    if first.ends_with(':') {
        let next = lines.get(at + 1).filter(|next| !next.is_empty())?;
        return Some(format!("{first} {next}"));
    }
    Some(first.clone())
}

fn begins_note(line: &str) -> bool {
    let lower = line.to_lowercase();
    NOTES.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| {
            // "down" and the like begin many sentences; what follows a colon is a note.
            let rest =
                rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == ' ' || c == '(' || c == ')');
            rest.starts_with([':', '—', '–']) || (*word == "rollback" && rest.starts_with('-'))
        })
    })
}

/// The lines of comments, without their signs.
fn comment_lines(text: &str) -> Vec<String> {
    let (mut out, mut start) = (Vec::new(), 0);
    for token in tokenize(text) {
        let end = start + token.len as usize;
        if matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment { .. }) {
            let lines = text.get(start..end).unwrap_or("").lines();
            let signs: &[char] = &['-', '/', '*', ' ', '\t', '#', '='];
            out.extend(lines.map(|line| line.trim().trim_matches(signs).to_owned()));
        }
        start = end;
    }
    out
}
